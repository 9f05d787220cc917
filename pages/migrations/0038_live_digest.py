from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0037_dismissed_findings'),
    ]

    operations = [
        migrations.AddField(
            model_name='draftstatus',
            name='live_digest',
            field=models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='checksum of the live edition'),
        ),
    ]
