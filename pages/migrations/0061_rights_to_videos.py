from django.db import migrations

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Whoever may write texts may write the kind of block “video”."""

    dependencies = [
        ('pages', '0060_video'),
    ]

    operations = [
        GrantLike("textsection", "video"),
    ]
