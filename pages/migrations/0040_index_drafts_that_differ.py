from django.db import migrations, models

from pages.migration_operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('pages', '0039_write_live_digests'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='draftstatus',
            index=models.Index(condition=models.Q(('digest__lt', models.F('live_digest')), ('digest__gt', models.F('live_digest')), _connector='OR'), fields=['page'], name='draft_differs'),
        ),
    ]
