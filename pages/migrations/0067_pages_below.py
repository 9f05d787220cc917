from django.db import migrations, models

from pages.migration_operations import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    """Finds the pages below another one without reading their history."""

    atomic = False

    dependencies = [
        ('pages', '0066_image_crops'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='edition',
            index=models.Index(fields=['parent', 'page'], name='edition_below'),
        ),
        RemoveIndexConcurrently(model_name='edition', name='edition_parent'),
    ]
