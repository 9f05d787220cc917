from django.conf import settings
from django.db import migrations, models


def keep(apps, schema_editor):
    """Writes names beside the accounts that are still there."""
    entries = apps.get_model("reports", "TimelineEntry").objects
    for person in apps.get_model(settings.AUTH_USER_MODEL).objects.all():
        name = f"{person.first_name} {person.last_name}".strip() or person.username
        entries.filter(by=person.pk).update(by_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0006_administrators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="timelineentry",
            name="by_name",
            field=models.CharField(blank=True, editable=False, max_length=301, verbose_name="name"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
