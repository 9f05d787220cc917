from django.db import migrations, models

from pages.migration_operations import AddIndexConcurrently


class Migration(migrations.Migration):
    """Finds the figures that show an image."""

    atomic = False

    dependencies = [
        ('pages', '0049_library_image'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='figure',
            index=models.Index(fields=['image'], name='figure_library_image'),
        ),
    ]
