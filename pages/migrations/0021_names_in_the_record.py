from django.conf import settings
from django.db import migrations

# Log entries copied at a time.
BATCH = 1000

COPIED = ["action_time", "user_id", "content_type_id", "object_id", "object_repr", "action_flag", "change_message"]


def keep(apps, schema_editor):
    """Writes names beside the accounts that are still there, and copies the log of the admin to where it lasts."""
    names = _names(apps)
    for model, column in (("TranslationDecision", "by"), ("PreviewLink", "created_by")):
        for pk, name in names.items():
            rows = apps.get_model("pages", model).objects.filter(**{column: pk})
            rows.update(**{f"{column}_name": name})
    _copy_log(apps, names)


def _names(apps):
    people = apps.get_model(settings.AUTH_USER_MODEL).objects.all()
    return {
        person.pk: f"{person.first_name} {person.last_name}".strip() or person.username for person in people
    }


def _copy_log(apps, names):
    AuditEntry = apps.get_model("pages", "AuditEntry")
    entries = apps.get_model("admin", "LogEntry").objects.exclude(content_type=None).order_by("pk")
    last = 0
    while batch := list(entries.filter(pk__gt=last)[:BATCH]):
        AuditEntry.objects.bulk_create(
            AuditEntry(user_name=names[entry.user_id], **_columns(entry)) for entry in batch
        )
        last = batch[-1].pk


def _columns(entry):
    values = {name: getattr(entry, name) for name in COPIED}
    return {**values, "object_id": entry.object_id or ""}


def forget(apps, schema_editor):
    """Empties the copy. The log of Django itself was left as it was."""
    apps.get_model("pages", "AuditEntry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0020_audit_log"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(keep, forget)]
