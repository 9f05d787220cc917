"""Where reports have come before, the e-mails up to yesterday count as sent: timers or cron may have done it today."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def begin(apps, schema_editor):
    using = schema_editor.connection.alias
    today = timezone.localdate()
    reports = apps.get_model("reports", "ProblemReport").objects.using(using)
    digests = apps.get_model("reports", "ReportDigest").objects.using(using)
    if reports.exists() and not digests.exists():
        digests.create(day=today - timedelta(days=1), completed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_wording")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
