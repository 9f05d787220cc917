"""Settles what becomes of editions that fall due after one that has just been approved, and would undo it.

Such an edition was frozen before: when it falls due, it takes back what was published since. A person decides for each
of them; nothing is undone without a decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import publishing
from .document import Document
from .local_time import format_date_time
from .merging import Merged, merge
from .models.edition import Edition


class Choice(models.TextChoices):
    CARRY = "carry", gettext_lazy("Add the new changes to it")
    KEEP = "keep", gettext_lazy("Keep it as is (the new changes will be lost when it is published)")
    CANCEL = "cancel", gettext_lazy("Cancel it")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about one scheduled edition; `sides` says for keys of conflicts which text to take."""

    choice: Choice
    sides: Mapping[str, str] = field(default_factory=dict)


def due_after(page, moment, number=None):
    """Finds the editions of a page that fall due after a moment, the first one first.

    `number` is that of an edition of that moment: others of the same moment come after it if theirs are higher.
    """
    later = Q(publish_at__gt=moment)
    if number is not None:
        later |= Q(publish_at=moment, number__gt=number)
    return Edition.objects.approved().filter(later, page=page).order_by("publish_at", "number")


def carried(scheduled: Edition, document: Document, sides: Mapping[str, str] | None = None) -> Merged:
    """Merges what a document changes into a scheduled edition, since the text that was live when it was frozen.

    Where nothing was live by then, both come from the same working copy, so the document has the newest text.
    """
    base = Edition.objects.live(scheduled.created_at).filter(page=scheduled.page_id).first()
    frozen = scheduled.read()
    return merge(base.read() if base else frozen, frozen, document, sides)


def settle(edition: Edition, decisions: Mapping[int, Decision], *, by) -> list[tuple[Edition, Edition]]:
    """Does what was decided, by number, about each edition that falls due after one that was just approved.

    Archives and withdrawals take no text back, so one that nothing is decided about stays. Belongs in the transaction
    that approved the edition. Returns the pairs of a scheduled edition and the one that took its
    place. Raises ValidationError, naming the edition, when nothing is decided about a text, or it cannot be carried.
    """
    pairs = []
    for scheduled in due_after(edition.page_id, edition.publish_at, edition.number):
        decision = decisions.get(scheduled.number)
        if decision is None and scheduled.changes_state:
            continue
        if decision is None:
            raise ValidationError(_undecided(scheduled))
        if decision.choice == Choice.CANCEL:
            publishing.cancel(scheduled, by=by)
        elif decision.choice == Choice.CARRY and not scheduled.changes_state:
            pairs.append((scheduled, _carry(edition, scheduled, decision, by=by)))
    return pairs


def settle_all(editions: Iterable[Edition], choice: Choice | None, *, by) -> None:
    """Does the same about all texts that fall due after some editions: one query where none does.

    Archives and withdrawals stay. Raises ValidationError with one message for each text when `choice` is None, or when
    one cannot be carried.
    """
    coming = set(Edition.objects.scheduled().filter(kind=Edition.Kind.CURRENT).values_list("page", flat=True))
    problems = []
    for edition in editions:
        if edition.page_id not in coming:
            continue
        later = due_after(edition.page_id, edition.publish_at, edition.number)
        texts = later.filter(kind=Edition.Kind.CURRENT)
        if choice is None:
            problems += [f"{edition.page.key}: {_undecided(later_edition)}" for later_edition in texts]
            continue
        try:
            settle(edition, {later_edition.number: Decision(choice) for later_edition in texts}, by=by)
        except ValidationError as error:
            problems += [f"{edition.page.key}: {message}" for message in error.messages]
    if problems:
        raise ValidationError(problems)


def _carry(edition, scheduled, decision, *, by):
    merged = carried(scheduled, edition.read(), decision.sides)
    if any(conflict.key not in decision.sides for conflict in merged.conflicts):
        text = _(
            "Edition %(number)s and the new text changed the same passages. Choose which ones to keep, or "
            "cancel the edition and schedule it again."
        )
        raise ValidationError(text % {"number": scheduled.number})
    try:
        return publishing.replace_scheduled(scheduled, merged.document, source=edition, by=by)
    except publishing.NotReady as refusal:
        text = _("Edition %(number)s cannot be published with the new changes: %(reasons)s")
        reasons = " ".join(reason.message for reason in refusal.reasons)
        raise ValidationError(text % {"number": scheduled.number, "reasons": reasons}) from None


def _undecided(scheduled):
    text = _("Edition %(number)s is scheduled for %(moment)s: decide what happens to it.")
    moment = format_date_time(scheduled.publish_at)
    return text % {"number": scheduled.number, "moment": moment}
