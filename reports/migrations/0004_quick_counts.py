from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_groups'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='problemreport',
            name='report_open',
        ),
        migrations.AddIndex(
            model_name='problemreport',
            index=models.Index(fields=['spam_sign', 'status', 'page', 'received_at'], name='report_open'),
        ),
    ]
