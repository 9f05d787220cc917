from django.db import migrations, models
from django.db.models import Q

from pages.migration_operations import AddIndexConcurrently


class Migration(migrations.Migration):
    """Finds the few pages that the worklist names without reading all."""

    atomic = False

    dependencies = [
        ('pages', '0064_focal_point'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='page',
            index=models.Index(condition=Q(review_by__isnull=False), fields=['review_by'], name='page_review'),
        ),
        AddIndexConcurrently(
            model_name='page',
            index=models.Index(condition=~Q(sources_needed=''), fields=['id'], name='page_sources'),
        ),
    ]
