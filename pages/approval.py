"""Make editions public, with all that follows: the record of acts, the schedule, and the indexes.

The only code that gives an edition its status. `publishing`, `reviews` and `emergencies` say when it may.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from . import indexes, notifications, people, scheduling, site_tree
from .document import NOTHING
from .models.edition import Correction, Edition
from .models.page import Page
from .models.review import ReviewStep

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """Raised instead of publishing; `reasons` says why not."""

    def __init__(self, reasons):
        self.reasons = reasons
        super().__init__("\n".join(reason.message for reason in reasons))


def refuse_half_a_correction(correction):
    """Raises ValidationError when a correction is in one language only."""
    if len(correction.missing()) == 1:
        raise ValidationError(_("Write the correction in both languages or leave both empty."))


def add_correction(edition, correction, *, thanks):
    """Keeps beside an edition what it puts right, in both languages; nothing where `correction` is empty."""
    if correction:
        Correction.objects.create(
            edition=edition, text_en=correction.en, text_fr=correction.fr, thanks=thanks
        )


def refuse_half_an_explanation(explanation):
    """Raises ValidationError when the explanation of a withdrawal is in one language only."""
    if len(explanation.missing()) == 1:
        raise ValidationError(_("Write the explanation in both languages or leave both empty."))


def refuse_known_explanation(live, explanation):
    """Raises ValidationError when an explanation says nothing that the live edition does not."""
    if not explanation or explanation == live.explanation:
        raise ValidationError(
            _("The page is already withdrawn. Write an explanation that says something new.")
        )


def live_to_change(page, at):
    """Finds the edition that readers see at a date and time, to archive or withdraw. Raises ValidationError."""
    _refuse_home_page(page)
    live = Edition.objects.live(at).readable().filter(page=page).select_related("emergency_record").first()
    if live is None:
        raise ValidationError(
            _("The page will not be public at that time, so there is nothing to archive or withdraw.")
        )
    if at is not None and live.emergency:
        # By then both languages may be public again, and this would take the other one back to what it says now.
        raise ValidationError(
            _("The page is public in one language only. Publish both languages first, or choose “Now”.")
        )
    return live


def live_to_withdraw(page, at, explanation):
    """Finds the same, also when the page is withdrawn already and this explanation is to be shown at once."""
    live = Edition.objects.live().filter(page=page).select_related("emergency_record").first()
    if live is None or live.kind != Edition.Kind.WITHDRAWN:
        return live_to_change(page, at)
    refuse_known_explanation(live, explanation)
    if at is not None:
        raise ValidationError(_("The page is already withdrawn, so the explanation can only be shown now."))
    return live


def _refuse_home_page(page):
    if page.parent_id is None:
        raise ValidationError(_("A site always keeps its home page. It cannot be archived or withdrawn."))


def approve_document(page, document, *, by, significant=True, author=None, **approval):
    """Makes an edition public; `author` are the columns of its author where that is not the one who approves."""
    columns = approved_columns(by=by, significant=significant or is_first(page), **approval)
    if author:
        del columns["author"]
        columns |= author
    edition = create_edition(page, document, **columns)
    log_change("Approved", edition, by)
    return edition


def approved_columns(
    *, by, at=None, note="", kind=Edition.Kind.CURRENT, significant=True, explanation=NOTHING
):
    """The columns of an edition that the public sees from a moment on."""
    return {
        "status": Edition.Status.APPROVED,
        "kind": kind,
        "publish_at": publish_time(at),
        "significant": significant,
        "note": note,
        "explanation_en": explanation.en,
        "explanation_fr": explanation.fr,
        **people.columns(author=by, approver=by),
    }


def change_kind(page, live, kind, *, by, **columns):
    """Makes an edition of a kind that keeps the text of the live one, with all that follows, and returns it."""
    edition = approve_document(page, live.read(), by=by, kind=kind, **columns)
    record_step(edition, step_action(edition), by=by)
    index_and_check([edition], by=by)
    return edition


def archive(page, *, by, at=None, note=""):
    """Archives what readers see at a date and time, now where that is None, and returns the edition that does.

    An archive that is scheduled for that very moment gives its place to the new one: a page has one. Raises
    ValidationError as `live_to_change` does.
    """
    if at is not None:
        same = Edition.objects.scheduled().filter(page=page, publish_at=at, kind=Edition.Kind.ARCHIVED)
        for edition in same:
            cancel_edition(edition, by=by)
    return change_kind(page, live_to_change(page, at), Edition.Kind.ARCHIVED, by=by, at=at, note=note)


class ArchiveRefused(ValidationError):
    """Why a page that is published cannot be archived at the date and time that was chosen with it."""


def archive_later(edition, at, *, by):
    """Schedules the archive of a page with the edition that was just approved; nothing where `at` is None.

    The page need not be public yet. Raises ArchiveRefused as `refuse_archive_before` does and where `live_to_change`
    finds nothing to archive.
    """
    if at is None:
        return
    refuse_archive_before(edition.publish_at, at)
    try:
        live_to_change(edition.page, at)
    except ValidationError as error:
        raise ArchiveRefused(error) from error
    archive(edition.page, by=by, at=at)


def refuse_archive_before(publish_at, archive_at):
    """Raises ArchiveRefused when a page would be archived before the text that is published with it is public."""
    if archive_at <= publish_at:
        raise ArchiveRefused(_("Choose a date and time after the publication for the archive."))


def publish_time(at):
    """Returns `at`, or now where it is None. Raises ValidationError when it has passed."""
    now = timezone.now()
    if at is not None and at < now:
        raise ValidationError(_("Choose a future date and time, or publish now."))
    return at or now


def is_first(page):
    """What is new to the public is significant."""
    return not page.editions.approved().exists()


def create_edition(page, document, **workflow):
    """A new edition that says what the document says."""
    highest = page.editions.aggregate(highest=Max("number"))["highest"] or 0
    parent = Page.objects.get(key=document.parent) if document.parent else None
    edition = Edition.of(document, page=page, number=highest + 1, parent=parent, **workflow)
    edition.save(force_insert=True)
    return edition


def cancel_edition(edition, *, by, carried_into=None):
    set_status(edition, Edition.Status.CANCELLED)
    record_step(edition, ReviewStep.Action.CANCELLED, by=by, carried_into=carried_into)
    log_change("Cancelled", edition, by)


def set_status(edition, status, **columns):
    """Gives an edition another status, and other values in these columns, and saves it."""
    for name, value in {"status": status, **columns}.items():
        setattr(edition, name, value)
    edition.save(update_fields=["status", *columns])


def record_step(edition, action, *, by, **columns):
    """Adds an act to the record, tells whom it concerns, and returns the step.

    Every function here that changes an edition calls it once.
    """
    step = build_step(edition, action, by=by, **columns)
    step.save(force_insert=True)
    notifications.notify_about_steps([step])
    return step


def build_step(edition, action, *, by, **columns):
    """Returns the step of the record that says who did what; it is not saved."""
    return ReviewStep(edition=edition, action=action, **columns, **people.columns(by=by))


def step_action(edition):
    """What publishing an edition without a review is called in the record."""
    if edition.publish_at > timezone.now():
        return ReviewStep.Action.SCHEDULED
    return {
        Edition.Kind.CURRENT: ReviewStep.Action.PUBLISHED,
        Edition.Kind.ARCHIVED: ReviewStep.Action.ARCHIVED,
        Edition.Kind.WITHDRAWN: ReviewStep.Action.WITHDRAWN,
    }[edition.kind]


def index_and_check(editions, *, by, written=None):
    """What every change of editions that are approved ends with. Raises ValidationError if it may not be made."""
    update_indexes(editions, by=by, written=written)
    site_tree.refuse_cycles(editions)


def update_indexes(editions, *, by, last=None, written=None, parsed_documents=None):
    """Brings up to date what follows from some editions that have just changed: archives, withdrawals and indexes.

    `last` is the latest time for which an edition of each page was approved before, by page id; `written` are the
    working copies by page, and `parsed_documents` those of editions by id, where these are known.
    """
    pages = [edition.page for edition in editions]
    _follow_schedule(editions, last, by=by)
    indexes.update_published(pages, written, parsed_documents)


def _follow_schedule(editions, last, *, by):
    """Lets archives and withdrawals that come later keep what is live by then; cancels those with nothing to keep."""
    if last is not None:
        editions = [
            edition
            for edition in editions
            if (last.get(edition.page_id) or edition.publish_at) > edition.publish_at
        ]
    if editions:
        since = min(edition.publish_at for edition in editions)
        for void in scheduling.follow([edition.page_id for edition in editions], since):
            cancel_edition(void, by=by)


def log_change(event, edition, by):
    """Once it is certain, and only what a person did: commands tell it themselves."""
    what = (event, edition.number, edition.page.key, edition.kind, edition.publish_at.isoformat())
    if by:
        transaction.on_commit(
            lambda: logger.info("%s: edition %s of %s (%s), public from %s, by account %s", *what, by.pk)
        )
