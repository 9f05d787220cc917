"""Submit the text or the withdrawal of a page for somebody else to approve; comment on it, return it, approve it."""

from typing import NamedTuple

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import approval, notifications, people, readiness, second_person, working_copy
from .comparison import normalised
from .document import NOTHING, RICH_TEXT, digest, dumps, texts
from .html import plain_text
from .link_targets import links_of
from .models.edition import Correction, Edition
from .models.page import Page
from .models.review import CommentedPassage, ReviewRequest, ReviewStep

NOT_SAID = gettext_lazy(
    "These words are not in this part of the page, in that language. Select them in the text, or leave the field empty."
)

DECIDED = gettext_lazy("This edition is no longer in review. Someone has already made a decision.")

# Why an edition cannot be approved: who wrote it did not know what is urgent, and would take it back without a word.
OVERTAKEN = gettext_lazy(
    "This edition was submitted before the emergency update and would undo it. Submit the page again."
)


def submit(
    page, *, by, note="", correction=NOTHING, thanks=False, reviewer=None, group=None, submitted_too=()
):
    """Freezes the working copy into an edition for somebody else to approve, and returns it.

    `correction` and `thanks` are as in `publish`: the approval of the edition makes them public. An edition of the
    text that was in review before is replaced. `reviewer` or `group` is who is asked to review it, of those that
    `possible_reviewers` and `possible_groups` find; others who may can still do it. `submitted_too` has the keys of
    pages that it may link to because the caller submits them in the same transaction. Raises NotReady with the
    reasons, or ValidationError when there is nothing new in it, or the correction is in one language only.
    """
    approval.refuse_half_a_correction(correction)
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        document = working_copy.read(page)
        reasons = reasons_not_to_submit(document, submitted_too)
        if reasons:
            raise approval.NotReady(reasons)
        _refuse_unchanged(page, digest(dumps(document)), correction, thanks=thanks)
        edition = _submit(page, document, by=by, note=note, asked=(reviewer, group))
        approval.add_correction(edition, correction, thanks=thanks)
        return edition


def reasons_not_to_submit(document, submitted_too=()):
    """Returns what keeps a document from being submitted: what will still keep it from being published later.

    It may link to pages that are in review, or that are submitted with it: they can be approved together.
    """
    linked = {located.link.page for located in links_of(document)}
    return readiness.reasons_at_any_time(document, {*submitted_too, *keys_in_review(linked)})


def keys_in_review(keys):
    """Returns those keys whose pages have a text in review: one query, none without keys."""
    return (
        set(texts_in_review().filter(page__key__in=keys).values_list("page__key", flat=True))
        if keys
        else set()
    )


def texts_in_review():
    """Finds the editions in review that are texts of pages, and not withdrawals."""
    return Edition.objects.filter(status=Edition.Status.IN_REVIEW, kind=Edition.Kind.CURRENT)


def withdrawals_in_review():
    """Finds the editions in review that withdraw a page, or explain its withdrawal."""
    return Edition.objects.filter(status=Edition.Status.IN_REVIEW, kind=Edition.Kind.WITHDRAWN)


def submit_withdrawal(page, *, by, explanation=NOTHING, note="", reviewer=None, group=None):
    """Proposes to withdraw a page, or to explain the withdrawal of one that is withdrawn, for somebody else to approve.

    Returns the edition in review; another withdrawal of the page that was in review is replaced, its text is not.
    `reviewer` and `group` are as in `submit`.
    Raises ValidationError when the page is not public, or as `explain_withdrawal` does.
    """
    approval.refuse_half_an_explanation(explanation)
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        live = approval.live_to_withdraw(page, None, explanation)
        columns = {
            "kind": Edition.Kind.WITHDRAWN,
            "explanation_en": explanation.en,
            "explanation_fr": explanation.fr,
        }
        return _submit(page, live.read(), by=by, note=note, asked=(reviewer, group), **columns)


def _submit(page, document, *, by, note, asked, kind=Edition.Kind.CURRENT, **columns):
    for edition in page.editions.filter(status=Edition.Status.IN_REVIEW, kind=kind):
        approval.set_status(edition, Edition.Status.REPLACED)
        approval.record_step(edition, ReviewStep.Action.REPLACED, by=by)
    workflow = {"status": Edition.Status.IN_REVIEW, **people.columns(author=by)}
    edition = approval.create_edition(page, document, kind=kind, **workflow, **columns)
    _request_review(edition, *asked)
    approval.record_step(edition, ReviewStep.Action.SUBMITTED, by=by, comment=note)
    return edition


def _request_review(edition, reviewer, group):
    if group is not None:
        ReviewRequest.objects.create(edition=edition, group=group, group_name=group.name)
    elif reviewer is not None:
        ReviewRequest.objects.create(edition=edition, **people.columns(reviewer=reviewer))


def possible_reviewers(author):
    """Finds the accounts that somebody can ask to review what they submit."""
    return notifications.reviewers().exclude(pk=author.pk).order_by("last_name", "first_name", "username")


def possible_groups(author):
    """Finds the groups with the permission to review in which there is somebody else that may."""
    may_publish = {"content_type__app_label": "pages", "codename": "publish_page"}
    groups = Group.objects.filter(permissions__in=Permission.objects.filter(**may_publish))
    return groups.filter(user__in=possible_reviewers(author).order_by()).distinct().order_by("name")


def requested_from(person):
    """Returns the condition under which an edition in review was submitted to a person, or to a group of theirs."""
    groups = person.groups.values("pk")
    return Q(review_request__reviewer=person) | Q(review_request__group__in=groups)


def last_proposal(page, kind):
    """Finds the newest edition of a kind that was submitted, returned or cancelled and that the public has not seen.

    Returns None where the newest one was approved. What was written beside it can be submitted again.
    """
    found = page.editions.filter(kind=kind).exclude(status=Edition.Status.REPLACED)
    newest = found.filter(status=Edition.Status.IN_REVIEW).first() or found.first()
    return newest if newest and newest.status != Edition.Status.APPROVED else None


class Passage(NamedTuple):
    """What a comment is about: the columns of `CommentedPassage` for it."""

    block: str = ""
    language: str = ""
    quote: str = ""


def comment(edition, *, by, comment, passage=None):
    """Adds what somebody has to say about an edition in review, or about a passage of it.

    Raises ValidationError when it is not in review, or does not say what is quoted.
    """
    with transaction.atomic():
        step = approval.record_step(
            _locked_in_review(edition), ReviewStep.Action.COMMENTED, by=by, comment=comment
        )
        _add_passage(step, passage)


def reject(edition, *, by, comment, passage=None):
    """Returns an edition in review to who wrote it. Raises ValidationError as `comment` does."""
    with transaction.atomic():
        edition = _locked_in_review(edition)
        approval.set_status(edition, Edition.Status.RETURNED)
        step = approval.record_step(edition, ReviewStep.Action.RETURNED, by=by, comment=comment)
        _add_passage(step, passage)


def _add_passage(step, passage):
    if passage is None or not (passage.block or passage.quote):
        return
    if not says(step.edition.read(), passage):
        raise ValidationError(NOT_SAID)
    CommentedPassage.objects.create(step=step, **passage._asdict())


def says(document, passage):
    """Whether a document has a block, and in it (or in the page in general) the words of a passage."""
    own = [text for text in texts(document) if passage.block == (text.path[1] if len(text.path) > 1 else "")]
    if not passage.quote:
        return bool(own)
    words = " ".join(
        plain_text(text.value[passage.language])
        if text.path[-1] in RICH_TEXT
        else text.value[passage.language]
        for text in own
    )
    return normalised(passage.quote) in normalised(words)


def set_resolved(step, is_resolved, *, by):
    """Marks a comment as resolved, or as open again."""
    with transaction.atomic():
        row, _is_new = CommentedPassage.objects.select_for_update().get_or_create(step=step)
        if is_resolved == (row.resolved_at is not None):
            return
        row.resolved_at = timezone.now() if is_resolved else None
        row.resolved_by = by if is_resolved else None
        row.resolved_by_name = people.name_of(by) if is_resolved else ""
        row.save(update_fields=["resolved_at", "resolved_by", "resolved_by_name"])


def comments_beside(edition, since=0):
    """Finds the comments on an edition, and those on earlier ones after number `since` that nobody has resolved."""
    comments = ReviewStep.objects.filter(
        Q(action=ReviewStep.Action.COMMENTED) | Q(action=ReviewStep.Action.RETURNED, passage__isnull=False),
        Q(edition=edition)
        | Q(edition__number__gt=since, edition__number__lt=edition.number, passage__resolved_at=None),
        edition__page=edition.page_id,
    )
    return comments.select_related("by", "edition", "passage__resolved_by").defer("edition__document")


def approve(
    edition,
    *,
    by,
    at=None,
    archive_at=None,
    significant=True,
    note="",
    correction=None,
    thanks=False,
    published_too=(),
):
    """Makes an edition in review public, now or at a later date and time, and returns it.

    The page is archived at `archive_at`, if that is given. The correction of the edition is published as it was
    submitted, unless `correction` (and `thanks`) replace it. `published_too` is as in `publish`. Raises NotReady when
    it can no longer be published as it is, or ValidationError as `publish` or `withdraw` do, when somebody approves
    their own or changes the correction where the site asks for a second person, and when it is older than an emergency.
    """
    approval.refuse_half_a_correction(correction or NOTHING)
    with transaction.atomic():
        edition = _locked_in_review(edition)
        second_person.refuse_own(edition, by)
        if edition.changes_state:
            live = approval.live_to_withdraw(edition.page, at, edition.explanation)
            significant = live.kind != Edition.Kind.WITHDRAWN
        else:
            _refuse_unready(edition, at, published_too)
            _replace_correction(edition, correction, thanks=thanks, by=by)
            significant = significant or approval.is_first(edition.page)
        columns = {"publish_at": approval.publish_time(at), "significant": significant, "note": note}
        approval.set_status(edition, Edition.Status.APPROVED, **columns, **people.columns(approver=by))
        approval.record_step(edition, ReviewStep.Action.APPROVED, by=by)
        approval.log_change("Approved", edition, by)
        approval.index_and_check([edition], by=by)
        approval.archive_later(edition, archive_at, by=by)
        return edition


def _refuse_unready(edition, at, published_too):
    _refuse_overtaken(edition)
    reasons = readiness.reasons_not_to_publish(edition.read(), at, published_too)
    if reasons:
        raise approval.NotReady(reasons)


def _replace_correction(edition, correction, *, thanks, by):
    proposed = _correction_of(edition)
    if correction is None or _is_same_correction(proposed, correction, thanks=thanks):
        return
    second_person.refuse_alone(by)
    if proposed:
        proposed.delete()
    approval.add_correction(edition, correction, thanks=thanks)


def _correction_of(edition):
    return Correction.objects.filter(edition=edition).first()


def _is_same_correction(proposed, correction, *, thanks):
    if proposed is None:
        return not correction
    return proposed.words == correction and proposed.thanks == thanks


def _refuse_unchanged(page, digest, correction, *, thanks):
    live = Edition.objects.live().filter(page=page, kind=Edition.Kind.CURRENT, digest=digest)
    if live.filter(emergency_record=None).exists():
        raise ValidationError(_("The working copy is already live. There is nothing to review."))
    texts = page.editions.filter(kind=Edition.Kind.CURRENT, status=Edition.Status.IN_REVIEW, digest=digest)
    if any(_is_same_correction(_correction_of(edition), correction, thanks=thanks) for edition in texts):
        raise ValidationError(_("The working copy is already in review as is."))


def _refuse_overtaken(edition):
    newer = Edition.objects.live().filter(page=edition.page_id, number__gt=edition.number)
    if newer.filter(emergency_record__isnull=False).exists():
        raise ValidationError(OVERTAKEN)


def _locked_in_review(edition):
    """The edition under lock, with its page, so that no two people decide on it at once."""
    Page.objects.for_update_in_order().get(pk=edition.page_id)
    edition = Edition.objects.select_related("page").get(pk=edition.pk)
    if edition.status != Edition.Status.IN_REVIEW:
        raise ValidationError(DECIDED)
    return edition
