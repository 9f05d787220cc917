"""The only code that changes what the public sees: it makes approved editions, and calls scheduled ones off.

Both languages go live in the same instant, because an edition holds both.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from . import crosschecking, findings, one_language, readiness, search, staleness, working_copy
from . import document as shape
from .decisions import ReviewStep
from .document import NOTHING
from .editions import Correction, Edition, Emergency
from .rows import Page

logger = logging.getLogger(__name__)

# For so many days at most the public may be told that a translation is to follow.
LONGEST_EMERGENCY = timedelta(days=30)

# Pages published at a time.
BATCH = 200


class NotReady(Exception):
    """Raised instead of publishing; `reasons` says why not."""

    def __init__(self, reasons):
        self.reasons = reasons
        super().__init__("\n".join(reason.message for reason in reasons))


# Changes


def publish(page, *, by, at=None, significant=True, note="", correction=NOTHING, thanks=False):
    """Makes the working copy public, now or at a later moment, and returns the edition.

    `correction` tells the public what it puts right; `thanks` adds that a visitor pointed it out. Raises NotReady
    with the reasons, or ValidationError when the moment has passed, the correction is in one language only, or
    somebody who has to submit the page for review publishes it alone.
    """
    _refuse_half_a_correction(correction)
    if settings.REVIEW_BY_SECOND_PERSON and by is not None:
        raise ValidationError(_("A second person has to approve this page: submit it for review."))
    with transaction.atomic():
        edition = _publish(page, by=by, at=at, significant=significant, note=note)
        _correct(edition, correction, thanks=thanks)
        _keep_in_step([edition.page], {edition.page: edition.read()})
        return edition


def _refuse_half_a_correction(correction):
    if len(correction.missing()) == 1:
        raise ValidationError(_("Write the correction in both languages, or in neither."))


def _correct(edition, correction, *, thanks):
    if correction:
        Correction.objects.create(
            edition=edition, text_en=correction.en, text_fr=correction.fr, thanks=thanks
        )


def publish_all(pages, *, by):
    """Publishes those pages whose working copy is not what is live already: all of them, or none.

    Returns the new editions. Raises NotReady with the reasons of every page.
    """
    ids, editions, reasons = sorted(page.pk for page in pages), [], []
    with transaction.atomic():
        for start in range(0, len(ids), BATCH):
            _publish_some(ids[start : start + BATCH], editions, reasons, by=by)
        if reasons:
            raise NotReady(reasons)
    return editions


def _publish_some(ids, editions, reasons, *, by):
    """Adds to `editions` and to `reasons`, in as many queries for many pages as for few."""
    pages = Page.objects.with_content().locked().in_bulk(ids)
    live = {
        edition.page_id: edition
        for edition in Edition.objects.live().filter(page__in=ids).select_related("emergency_record")
    }
    written = {page: working_copy.read(page) for page in map(pages.get, ids)}
    changed = {
        page: document
        for page, document in written.items()
        if page.pk not in live or live[page.pk].read() != document
    }
    holders = readiness.Holders(changed.values())
    readings = {page: findings.read(document) for page, document in changed.items()}
    numbers = dict(
        Edition.objects.filter(page__in=ids).order_by().values_list("page").annotate(Max("number"))
    )
    ready = []
    for page, document in changed.items():
        is_urgent = page.pk in live and live[page.pk].emergency
        asked = readiness.reasons_not_to_publish if is_urgent else readiness.faults
        obstacles = asked(document, holders, readings[page])
        reasons += obstacles
        if not obstacles:
            number = numbers.get(page.pk, 0) + 1
            ready.append(
                Edition.of(document, page=page, number=number, parent=page.parent, **_approval(by=by))
            )
    Edition.objects.bulk_create(ready)
    for edition in ready:
        _log("Approved", edition, by)
    _keep_in_step(
        [edition.page for edition in ready],
        {edition.page: changed[edition.page] for edition in ready},
        {edition.pk: readings[edition.page] for edition in ready},
    )
    editions += ready


def archive(page, *, by, at=None, note=""):
    """Marks what is public as no longer kept up to date; its text stays readable under a banner.

    Raises ValidationError when there is nothing public at that moment, or the moment has passed, or what is public
    then is so in one language only and the moment is not now.
    """
    return _change_kind(page, Edition.Kind.ARCHIVED, by=by, at=at, note=note)


def withdraw(page, *, by, at=None, note="", explanation=NOTHING):
    """Takes a page away from the public: its addresses answer 410 with the explanation, in both languages.

    Raises ValidationError as `archive` does, or when the explanation is there in one language only.
    """
    if len(explanation.missing()) == 1:
        raise ValidationError(_("Write the explanation in both languages, or in neither."))
    return _change_kind(page, Edition.Kind.WITHDRAWN, by=by, at=at, note=note, explanation=explanation)


def cancel(edition, *, by):
    """Calls a scheduled edition off. Raises ValidationError when it is live already."""
    with transaction.atomic():
        page = Page.objects.locked().get(pk=edition.page_id)
        edition = Edition.objects.get(pk=edition.pk)
        if edition.status != Edition.Status.APPROVED or edition.publish_at <= timezone.now():
            raise ValidationError(_("Only an edition that is scheduled for later can be cancelled."))
        edition.status = Edition.Status.RETURNED
        edition.approver = by
        edition.save(update_fields=["status", "approver"])
        _keep_in_step([page])
        _log("Cancelled", edition, by)
        return edition


# Emergencies


def publish_in_emergency(page, *, language, reason, due_on, by):
    """Makes one language of the working copy public at once, and returns the edition.

    The other language stays as it is, under a notice that its translation follows by `due_on`. Nobody else has to
    approve it. Raises NotReady with the reasons, or ValidationError, with the names of the arguments where one is
    at fault, when the page is not live, another emergency stands in the way or nothing has changed.
    """
    _refuse_without_explanation(reason, due_on)
    with transaction.atomic():
        page = Page.objects.locked().get(pk=page.pk)
        live = Edition.objects.live().filter(page=page).select_related("emergency_record__agreed").first()
        obstacle = obstacle_to_emergency(live, page.editions.scheduled(), language)
        if obstacle:
            raise ValidationError(obstacle)
        written, before = working_copy.read(page), live.read()
        document = one_language.beside(written, before, language)
        if document == before:
            raise ValidationError(
                {"language": _("Nothing has changed in this language: there is nothing to publish.")}
            )
        reasons = readiness.reasons_not_to_publish_alone(written, language)
        if reasons:
            raise NotReady(reasons)
        edition = _approve(page, document, by=by, at=None, note="")
        Emergency.objects.create(
            edition=edition,
            language=language,
            reason=reason,
            due_on=due_on,
            since=edition.publish_at,
            agreed=live.emergency.agreed if live.emergency else live,
        )
        _keep_in_step([page])
        return edition


def obstacle_to_emergency(live, scheduled, language=""):
    """Why a page cannot be published in one language only (in this one, if given), in a sentence; "" when it can.

    `live` is its edition that is live, or None; `scheduled` are those to come.
    """
    if live is None or live.kind != Edition.Kind.CURRENT:
        return _(
            "A page that is not live has to be published in both languages: the other one has no text yet."
        )
    if scheduled:
        return _("An edition is scheduled, and would replace what is published now: cancel it first.")
    if language and live.emergency and live.emergency.language != language:
        return _("The translation of an earlier emergency is still due: publish both languages.")
    return ""


def _refuse_without_explanation(reason, due_on):
    today = timezone.localdate()
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it cannot wait: the reason is kept.")})
    if not today <= due_on <= today + LONGEST_EMERGENCY:
        raise ValidationError(
            {
                "due_on": _("Choose a date from today on, at most %(days)s days from now.")
                % {"days": LONGEST_EMERGENCY.days}
            }
        )


# Review


def submit(page, *, by, note=""):
    """Freezes the working copy into an edition for somebody else to approve, and returns it.

    One that was in review before is replaced. Raises NotReady with the reasons, or ValidationError when there is
    nothing new in it.
    """
    with transaction.atomic():
        page = Page.objects.locked().get(pk=page.pk)
        document = working_copy.read(page)
        reasons = readiness.reasons_not_to_publish(document)
        if reasons:
            raise NotReady(reasons)
        _refuse_what_is_known(page, shape.digest(shape.dumps(document)))
        for edition in page.editions.filter(status=Edition.Status.IN_REVIEW):
            _move(edition, Edition.Status.RETURNED)
            _step(edition, ReviewStep.Action.REPLACED, by=by)
        edition = _freeze(page, document, status=Edition.Status.IN_REVIEW, author=by)
        _step(edition, ReviewStep.Action.SUBMITTED, by=by, comment=note)
        return edition


def comment(edition, *, by, comment):
    """Adds what somebody has to say about an edition in review. Raises ValidationError when it is not."""
    with transaction.atomic():
        _step(_in_review(edition), ReviewStep.Action.COMMENTED, by=by, comment=comment)


def send_back(edition, *, by, comment):
    """Returns an edition in review to who wrote it. Raises ValidationError when it is no longer in review."""
    with transaction.atomic():
        edition = _in_review(edition)
        _move(edition, Edition.Status.RETURNED, approver=by)
        _step(edition, ReviewStep.Action.RETURNED, by=by, comment=comment)


def approve(edition, *, by, at=None, significant=True, note="", correction=NOTHING, thanks=False):
    """Makes an edition in review public, now or at a later moment, and returns it.

    Raises NotReady when it can no longer be published as it is, or ValidationError as `publish` does, when
    somebody approves their own where the site asks for a second person, and when it is older than an emergency.
    """
    _refuse_half_a_correction(correction)
    with transaction.atomic():
        edition = _in_review(edition)
        if not may_approve(edition, by):
            raise ValidationError(_("Somebody else has to approve what you submitted yourself."))
        _refuse_what_an_emergency_overtook(edition)
        reasons = readiness.reasons_not_to_publish(edition.read())
        if reasons:
            raise NotReady(reasons)
        significant = significant or _is_first(edition.page)
        moment = _moment(at)
        _move(
            edition,
            Edition.Status.APPROVED,
            publish_at=moment,
            significant=significant,
            note=note,
            approver=by,
        )
        _correct(edition, correction, thanks=thanks)
        _step(edition, ReviewStep.Action.APPROVED, by=by)
        _log("Approved", edition, by)
        _keep_in_step([edition.page])
        return edition


def may_approve(edition, person):
    """Whether the site lets this person approve this edition; their rights are asked for elsewhere."""
    return not settings.REVIEW_BY_SECOND_PERSON or edition.author_id != getattr(person, "pk", None)


def _refuse_what_is_known(page, digest):
    live = Edition.objects.live().filter(page=page, kind=Edition.Kind.CURRENT, digest=digest)
    if live.filter(emergency_record=None).exists():
        raise ValidationError(_("The working copy is live already: there is nothing to review."))
    if page.editions.filter(status=Edition.Status.IN_REVIEW, digest=digest).exists():
        raise ValidationError(_("The working copy is in review already, as it stands."))


def _refuse_what_an_emergency_overtook(edition):
    """Who wrote it did not know what is urgent, and would take it back without a word."""
    newer = Edition.objects.live().filter(page=edition.page_id, number__gt=edition.number)
    if newer.filter(emergency_record__isnull=False).exists():
        raise ValidationError(
            _(
                "This edition was submitted before the emergency and would take back what was published then: "
                "submit the page again."
            )
        )


def _in_review(edition):
    """The edition under lock, with its page, so that no two people decide on it at once."""
    Page.objects.locked().get(pk=edition.page_id)
    edition = Edition.objects.select_related("page").get(pk=edition.pk)
    if edition.status != Edition.Status.IN_REVIEW:
        raise ValidationError(_("This edition is no longer in review: somebody has decided on it meanwhile."))
    return edition


def _move(edition, status, **columns):
    for name, value in {"status": status, **columns}.items():
        setattr(edition, name, value)
    edition.save(update_fields=["status", *columns])


def _step(edition, action, *, by, comment=""):
    ReviewStep.objects.create(edition=edition, action=action, comment=comment, by=by)


# Editions


def _publish(page, *, by, at=None, significant=True, note=""):
    page = Page.objects.locked().get(pk=page.pk)
    document = working_copy.read(page)
    reasons = readiness.reasons_not_to_publish(document)
    if reasons:
        raise NotReady(reasons)
    return _approve(page, document, by=by, at=at, significant=significant, note=note)


def _change_kind(page, kind, *, by, at, note, explanation=NOTHING):
    with transaction.atomic():
        page = Page.objects.locked().get(pk=page.pk)
        live = (
            Edition.objects.live(at).readable().filter(page=page).select_related("emergency_record").first()
        )
        if live is None:
            raise ValidationError(
                _("The page is not public then, so there is nothing to archive or withdraw.")
            )
        if at is not None and live.emergency:
            # By then both languages may be public again, and this would take the other one back to what it says now.
            raise ValidationError(
                _("The page is public in one language only: publish both languages first, or do this now.")
            )
        edition = _approve(page, live.read(), by=by, at=at, note=note, kind=kind, explanation=explanation)
        if live.emergency:
            _carry_over(live.emergency, edition)
        _keep_in_step([page])
        return edition


def _carry_over(emergency, edition):
    """What is archived or withdrawn says what it said, in one language only."""
    Emergency.objects.create(
        edition=edition,
        **{name: getattr(emergency, name) for name in ("language", "reason", "due_on", "since", "agreed_id")},
    )


def _approve(page, document, *, by, significant=True, **approval):
    edition = _freeze(
        page, document, **_approval(by=by, significant=significant or _is_first(page), **approval)
    )
    _log("Approved", edition, by)
    return edition


def _approval(*, by, at=None, note="", kind=Edition.Kind.CURRENT, significant=True, explanation=NOTHING):
    """The columns of an edition that the public sees from a moment on."""
    return {
        "status": Edition.Status.APPROVED,
        "kind": kind,
        "publish_at": _moment(at),
        "significant": significant,
        "note": note,
        "explanation_en": explanation.en,
        "explanation_fr": explanation.fr,
        "author": by,
        "approver": by,
    }


def _moment(at):
    now = timezone.now()
    if at is not None and at < now:
        raise ValidationError(_("Choose a moment that is still to come, or publish now."))
    return at or now


def _is_first(page):
    """What is new to the public is significant."""
    return not page.editions.approved().exists()


def _freeze(page, document, **workflow):
    """A new edition that says what the document says."""
    highest = page.editions.aggregate(highest=Max("number"))["highest"] or 0
    parent = Page.objects.get(key=document.parent) if document.parent else None
    edition = Edition.of(document, page=page, number=highest + 1, parent=parent, **workflow)
    edition.save(force_insert=True)
    return edition


def _keep_in_step(pages, written=None, readings=None):
    """What is kept of the editions of some pages, which have just changed: search, staleness, claims.

    `written` are their working copies by page, and `readings` those of editions by id, where these are known.
    """
    search.renew(pages)
    if written:
        staleness.tally(written)
    else:
        staleness.renew(pages)
    crosschecking.renew(pages, readings)


def _log(event, edition, by):
    """Once it is certain, and only what a person did: commands tell it themselves."""
    what = (event, edition.number, edition.page.key, edition.kind, edition.publish_at.isoformat())
    if by:
        transaction.on_commit(
            lambda: logger.info("%s: edition %s of %s (%s), public from %s, by account %s", *what, by.pk)
        )
