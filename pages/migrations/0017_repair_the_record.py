import json

from django.conf import settings
from django.db import migrations

# Editions read at a time.
BATCH = 500

# Until now these acts were not recorded, so undoing this migration takes them away.
NEW_ACTIONS = ["published", "emergency", "scheduled", "archived", "withdrawn", "cancelled"]

COLUMNS = ["status", "approver", "author_name", "approver_name"]


def repair(apps, schema_editor):
    """Gives each edition the acts that can be known, and as approver only the person who approved it.

    Earlier releases overwrote the approver with the person who cancelled or returned an edition. Who approved one that
    was published without a review is its author. Where an account has been deleted since, nobody is named.
    """
    for editions in _batches(apps):
        names = _names(apps, editions)
        cancelled_at = _cancellations(apps, editions)
        steps, made = _steps(apps, editions), []
        for edition in editions:
            made += _repaired(apps, edition, steps.get(edition.pk, []), cancelled_at)
        known = [step for several in steps.values() for step in several]
        names |= _names_of(apps, {step.by_id for step in [*known, *made]} - names.keys())
        _name(apps, editions, known, made, names)


def _repaired(apps, edition, steps, cancelled_at):
    """Corrects the columns of one edition, and returns the acts that were not recorded."""
    Step, made = apps.get_model("pages", "ReviewStep"), []
    approvals = [step.by_id for step in steps if step.action == "approved"]
    is_cancelled = edition.status == "returned" and edition.publish_at is not None
    if not steps and edition.publish_at is not None:
        action = _first_act(edition)
        made.append(Step(edition=edition, action=action, by_id=edition.author_id, made_at=edition.created_at))
    if is_cancelled:
        at = cancelled_at.get((edition.page_id, edition.number))
        made.append(Step(edition=edition, action="cancelled", by_id=edition.approver_id, made_at=at))
        edition.status = "cancelled"
        edition.approver_id = approvals[-1] if approvals else edition.author_id
    elif edition.status == "returned":
        edition.approver_id = None
        if any(step.action == "replaced" for step in steps):
            edition.status = "replaced"
    return made


def _first_act(edition):
    if edition.publish_at > edition.created_at:
        return "scheduled"
    if edition.kind != "current":
        return edition.kind
    return "emergency" if getattr(edition, "emergency_record", None) else "published"


def _cancellations(apps, editions):
    """When editions were cancelled, by page and number: the log of the admin has the time."""
    pages = {str(edition.page_id) for edition in editions}
    LogEntry = apps.get_model("admin", "LogEntry")
    entries = LogEntry.objects.filter(
        content_type__app_label="pages",
        content_type__model="page",
        object_id__in=pages,
        change_message__contains='"scheduled edition"',
    )
    found = {}
    for page, message, at in entries.values_list("object_id", "change_message", "action_time"):
        for number in _numbers(message):
            found[int(page), number] = at
    return found


def _numbers(message):
    try:
        return [int(each["deleted"]["object"]) for each in json.loads(message)]
    except (ValueError, LookupError, TypeError):
        return []


def _name(apps, editions, known, made, names):
    """Writes everything that was corrected, with the names of those whose accounts are still there."""
    Edition, Step = apps.get_model("pages", "Edition"), apps.get_model("pages", "ReviewStep")
    for edition in editions:
        edition.author_name = names.get(edition.author_id, "")
        edition.approver_name = names.get(edition.approver_id, "")
    for step in [*known, *made]:
        step.by_name = names.get(step.by_id, "")
    Edition.objects.bulk_update(editions, COLUMNS)
    Step.objects.bulk_update(known, ["by_name"])
    Step.objects.bulk_create(made)


def _names(apps, editions):
    return _names_of(apps, {each for edition in editions for each in (edition.author_id, edition.approver_id)})


def _names_of(apps, ids):
    people = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(pk__in=ids - {None})
    return {
        person.pk: f"{person.first_name} {person.last_name}".strip() or person.username for person in people
    }


def _batches(apps):
    """All editions without their documents, so many at a time."""
    rows = apps.get_model("pages", "Edition").objects.select_related("emergency_record").order_by("pk")
    rows, last = rows.defer("document", "emergency_record__reason"), 0
    while editions := list(rows.filter(pk__gt=last)[:BATCH]):
        yield editions
        last = editions[-1].pk


def _steps(apps, editions):
    found = {}
    for step in apps.get_model("pages", "ReviewStep").objects.filter(edition__in=editions).order_by("pk"):
        found.setdefault(step.edition_id, []).append(step)
    return found


def undo(apps, schema_editor):
    """Puts into `approver` again who cancelled or returned an edition, as earlier releases did."""
    Edition, Step = apps.get_model("pages", "Edition"), apps.get_model("pages", "ReviewStep")
    for editions in _batches(apps):
        steps = _steps(apps, editions)
        for edition in editions:
            last = {step.action: step.by_id for step in steps.get(edition.pk, [])}
            if edition.status in ("cancelled", "returned"):
                edition.approver_id = last.get(edition.status)
            if edition.status in ("cancelled", "replaced"):
                edition.status = "returned"
        Edition.objects.bulk_update(editions, ["status", "approver"])
    Step.objects.filter(action__in=NEW_ACTIONS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0016_acts_on_editions"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(repair, undo)]
