from django.db import migrations, models

from pages.migration_operations import AddIndexConcurrently


class Migration(migrations.Migration):
    """Finds the editions that archive or withdraw a page."""

    atomic = False

    dependencies = [
        ('pages', '0062_further_terms'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='edition',
            index=models.Index(fields=['kind', 'status', 'page'], name='edition_state'),
        ),
    ]
