from django.db import migrations

from pages.migration_operations import GrantBy


class Migration(migrations.Migration):
    """Lets editors see page templates, and those who may delete pages keep them."""

    dependencies = [
        ('pages', '0053_page_template'),
    ]

    operations = [
        GrantBy('pagetemplate', {'view': 'view_page', 'add': 'delete_page', 'change': 'delete_page', 'delete': 'delete_page'}),
    ]
