"""Gives archives and withdrawals the text that is live when they fall due.

Until this release each kept the text of the moment at which it was scheduled, and a newer text was taken back.

- One that is still to come gets the text of the edition before it, or is cancelled when nothing is public by then.
- One that is due has been seen by the public and stays in the record as it is. Where it has brought an older text back,
  a new edition of the same kind takes its place, with the newest text that was approved before it.

What is kept of the editions of these pages is deleted where `prepare_site` completes it (search, claims, tallies); the
periods of their images are written here.
"""

from importlib import import_module

from django.db import connections, migrations
from django.db.models import Max
from django.utils import timezone

TEXT = (
    "document digest parent_id position address_en address_fr title_en title_fr description_en description_fr"
).split()
EMERGENCY = ("language", "reason", "due_on", "since", "agreed_id")
COMMAND_LINE = "manage.py"  # as `people` names it
NOTE = "Upgrade: keeps the newest approved text. / Mise à niveau : conserve le plus récent texte approuvé."


def keep_what_is_live(apps, schema_editor):
    now = timezone.now()
    approved = apps.get_model("pages", "Edition").objects.filter(status="approved")
    pages = approved.exclude(kind="current").order_by("page").values_list("page", flat=True).distinct()
    for page in list(pages):
        editions = approved.filter(page=page).order_by("publish_at", "number").defer("document")
        if _repair(apps, list(editions), now):
            _renew(apps, page)


def _repair(apps, editions, now):
    """Replays the acts on one page; returns whether anything had to change. `text` says what, `act` how it is public."""
    text, act, live, repaired = None, None, None, False
    for edition in editions:
        if live and edition.publish_at > now:
            repaired, live = repaired | _replace(apps, live, act, text, now), None
        if edition.kind == "current":
            text = act = edition
        elif act is None or act.kind == "withdrawn":
            if edition.publish_at > now:
                _cancel(apps, edition)
                repaired = True
        else:
            act = edition
            if edition.publish_at > now and edition.digest != text.digest:
                _copy(apps, text, edition)
                repaired = True
        if edition.publish_at <= now:
            live = edition
    return repaired | (live is not None and _replace(apps, live, act, text, now))


def _replace(apps, live, act, text, now):
    """Makes an edition that says what should be public, where the one that is live says something else."""
    if live.kind == "current" or text is None or (live.kind, live.digest) == (act.kind, text.digest):
        return False
    Edition = apps.get_model("pages", "Edition")
    edition = Edition(
        page_id=live.page_id,
        number=Edition.objects.filter(page=live.page_id).aggregate(last=Max("number"))["last"] + 1,
        kind=act.kind,
        status="approved",
        publish_at=now,
        significant=False,
        note=NOTE,
        explanation_en=act.explanation_en,
        explanation_fr=act.explanation_fr,
        author_name=COMMAND_LINE,
        approver_name=COMMAND_LINE,
    )
    for name in TEXT:
        setattr(edition, name, getattr(text, name))
    edition.save(force_insert=True)
    _carry_emergency(apps, text, edition)
    _record(apps, edition, act.kind)
    return True


def _cancel(apps, edition):
    apps.get_model("pages", "Edition").objects.filter(pk=edition.pk).update(status="cancelled")
    _record(apps, edition, "cancelled")


def _record(apps, edition, action):
    step = apps.get_model("pages", "ReviewStep")
    step.objects.create(edition_id=edition.pk, action=action, by_name=COMMAND_LINE)


def _copy(apps, text, edition):
    columns = {name: getattr(text, name) for name in TEXT}
    apps.get_model("pages", "Edition").objects.filter(pk=edition.pk).update(**columns)
    apps.get_model("pages", "Emergency").objects.filter(edition=edition.pk).delete()
    _carry_emergency(apps, text, edition)


def _carry_emergency(apps, text, edition):
    Emergency = apps.get_model("pages", "Emergency")
    for emergency in Emergency.objects.filter(edition=text.pk):
        Emergency.objects.create(
            edition_id=edition.pk, **{name: getattr(emergency, name) for name in EMERGENCY}
        )


def _renew(apps, page):
    _forget_entries(apps.get_model("pages", "SearchEntry"), apps.get_model("pages", "SearchText"), page)
    for model in ("EditionClaim", "WorkingCopyTally", "StaleTally", "PublicImage"):
        apps.get_model("pages", model).objects.filter(page=page).delete()
    approved = apps.get_model("pages", "Edition").objects.filter(status="approved", page=page)
    image = apps.get_model("pages", "PublicImage")
    image.objects.bulk_create(import_module("pages.migrations.0015_public_images")._periods(image, approved))


def _forget_entries(entry, text, page):
    """In SQL, as Django may have two classes of one model when it migrates backwards, and then deletes nothing of them."""
    entries, texts = (model._meta.db_table for model in (entry, text))
    with connections[entry.objects.db].cursor() as cursor:
        found = f"SELECT id FROM {entries} WHERE page_id = %s"
        cursor.execute(f"DELETE FROM {texts} WHERE entry_id IN ({found})", [page])
        cursor.execute(f"DELETE FROM {entries} WHERE page_id = %s", [page])


def take_back(apps, schema_editor):
    """Returns the editions that were made above: those that were live before them are so again."""
    made = apps.get_model("pages", "Edition").objects.filter(note=NOTE, author=None, status="approved")
    pages = list(made.order_by("page").values_list("page", flat=True).distinct())
    apps.get_model("pages", "ReviewStep").objects.filter(edition__in=made).delete()
    made.update(status="returned")
    for page in pages:
        _renew(apps, page)


class Migration(migrations.Migration):

    dependencies = [("pages", "0017_repair_the_record")]

    operations = [migrations.RunPython(keep_what_is_live, take_back)]
