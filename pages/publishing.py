"""The only code that changes what the public sees: it makes approved editions, and calls scheduled ones off.

Both languages go live in the same instant, because an edition holds both.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import crosschecking, findings, one_language, search, staleness, working_copy
from . import document as shape
from .addresses import path_of
from .decisions import ReviewStep
from .document import NOTHING, Document, Figure, texts
from .editions import Correction, Edition, Emergency
from .rows import Page, PartnerOrganization, valid_address

logger = logging.getLogger(__name__)

# For so many days at most the public may be told that a translation is to follow.
LONGEST_EMERGENCY = timedelta(days=30)


@dataclass(frozen=True)
class Reason:
    """Why a document cannot be published: a sentence for people, and the field that it is about.

    `page` is the key of its page, `path` that of `document.Text`; `language` is "" where both are meant.
    """

    message: str
    page: str
    path: tuple[str, ...] = ()
    language: str = ""


class NotReady(Exception):
    """Raised instead of publishing; `reasons` says why not."""

    def __init__(self, reasons):
        self.reasons = reasons
        super().__init__("\n".join(reason.message for reason in reasons))


# Is it ready?


def reasons_not_to_publish(document: Document) -> list[Reason]:
    """What keeps a document from being published, in reading order; empty when it may be."""
    return [*_reasons_of_emergency(document), *faults(document)]


def faults(document: Document) -> list[Reason]:
    """The same without what is still to be translated of an emergency: what is wrong with the document itself."""
    reasons = _reasons_of_form(document)
    return [*reasons, *_reasons_of_findings(document, {reason.path for reason in reasons})]


def reasons_not_to_publish_alone(document: Document, language: str) -> list[Reason]:
    """What keeps one of its languages from being published, as if nothing were known of the other one."""
    reasons = _reasons_of_form(document)
    alone = one_language.only(document, language)
    reasons += _reasons_of_findings(alone, {reason.path for reason in reasons})
    return [reason for reason in reasons if reason.language in ("", language)]


def _reasons_of_form(document):
    return [
        *_reasons_of_address(document),
        *_reasons_of_title(document),
        *_reasons_of_parity(document),
        *_reasons_of_pictures(document),
    ]


def _reasons_of_emergency(document):
    """What became public in one language only has to be said in the other one before both are public again."""
    for stale in staleness.owed(document):
        message = _(
            "%(field)s was published in %(changed)s only: put it into %(language)s, or say that it needs no change."
        ) % {
            "field": capfirst(label(document, stale.path)),
            "changed": _spoken(stale.changed),
            "language": _spoken(stale.untouched),
        }
        yield Reason(message, document.key, stale.path, stale.untouched)


def _reasons_of_findings(document, told):
    """What the rules find beyond doubt, but for texts of which a reason is told already."""
    for finding in findings.blocking(document):
        if finding.path not in told:
            yield Reason(_in_place(document, finding), document.key, finding.path, finding.language)


def _in_place(document, finding):
    if not finding.path or finding.path[-1] in ("image", "partners"):
        return finding.message
    values = {"field": capfirst(label(document, finding.path)), "problem": finding.message}
    return _("%(field)s: %(problem)s") % values


def _reasons_of_address(document):
    if document.parent is None and not document.address:
        return
    for language in shape.LANGUAGES:
        address = document.address[language]
        problem = _problem_with_address(document, language, address)
        if problem:
            yield Reason(problem, document.key, ("address",), language)


def _problem_with_address(document, language, address):
    spoken = _spoken(language)
    if document.parent is None:
        return _("The home page has no address of its own: leave it empty.")
    if not address:
        return _("The address in %(language)s is missing.") % {"language": spoken}
    try:
        valid_address(address)
    except ValidationError as error:
        return error.messages[0]
    holder = _holder(document, language, address)
    if holder:
        return _(
            "The address “%(address)s” belongs to the page “%(page)s”: choose another one in %(language)s."
        ) % {
            "address": address,
            "page": holder.text("title", language),
            "language": spoken,
        }
    if not _leads_to_pages(path_of(language, address)):
        return _(
            "The address “%(address)s” is used by the site itself: choose another one in %(language)s."
        ) % {
            "address": address,
            "language": spoken,
        }
    return None


def _holder(document, language, address):
    """An approved edition of another page that has or had the address: whoever kept its link is led there."""
    editions = Edition.objects.approved().filter(**{f"address_{language}": address})
    return editions.exclude(page__key=document.key).first()


def _leads_to_pages(path):
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return False


def _reasons_of_title(document):
    if not document.title:
        yield Reason(_("The page has no title."), document.key, ("title",))
    for block in document.blocks:
        if isinstance(block, shape.Objective) and not block.title:
            yield Reason(_("An objective has no title."), document.key, ("blocks", block.key, "title"))


def _reasons_of_parity(document):
    for text in texts(document):
        missing = text.value.missing()
        if text.path != ("address",) and not text.optional and len(missing) == 1:
            message = _("%(field)s is missing in %(language)s.") % {
                "field": capfirst(label(document, text.path)),
                "language": _spoken(missing[0]),
            }
            yield Reason(message, document.key, text.path, missing[0])


def _reasons_of_pictures(document):
    for block in document.blocks:
        if not isinstance(block, Figure):
            continue
        here = ("blocks", block.key)
        if block.image is None:
            yield Reason(
                _("A figure has no image: choose one or remove the figure."), document.key, (*here, "image")
            )
        elif not block.decorative and not block.alternative_text:
            message = _(
                "A figure has no alternative text: write it in both languages or mark the figure as decorative."
            )
            yield Reason(message, document.key, (*here, "alternative_text"))


def _spoken(language):
    return {"en": pgettext("in prose", "English"), "fr": pgettext("in prose", "French")}[language]


def label(document: Document, path: tuple[str, ...]) -> str:
    """How editors know a field, in the active language: `text “Trade relations”: heading`."""
    *above, name = path
    if "partners" in above:
        partner = PartnerOrganization._meta
        return f"{partner.verbose_name} “{above[-1]}”: {partner.get_field(name).verbose_name}"
    if not above:
        return str(Page._meta.get_field(name).verbose_name)
    block = next(block for block in document.blocks if block.key == above[1])
    model = working_copy.MODELS[type(block)]._meta
    heading = getattr(block, "heading", None) or getattr(block, "title", None) or NOTHING
    named = f" “{heading.en or heading.fr}”" if heading else ""
    return f"{model.verbose_name}{named}: {model.get_field(name).verbose_name}"


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
        _keep_in_step([page])
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
    editions, reasons = [], []
    with transaction.atomic():
        live = {edition.page_id: edition for edition in Edition.objects.live().filter(page__in=pages)}
        for page in pages:
            if page.pk in live and live[page.pk].read() == working_copy.read(page):
                continue
            try:
                editions.append(_publish(page, by=by))
            except NotReady as refusal:
                reasons += refusal.reasons
        if reasons:
            raise NotReady(reasons)
        _keep_in_step([edition.page for edition in editions])
    return editions


def archive(page, *, by, at=None, note=""):
    """Marks what is public as no longer kept up to date; its text stays readable under a banner.

    Raises ValidationError when there is nothing public at that moment, or the moment has passed.
    """
    return _change_kind(page, Edition.Kind.ARCHIVED, by=by, at=at, note=note)


def withdraw(page, *, by, at=None, note="", explanation=NOTHING):
    """Takes a page away from the public: its addresses answer 410 with the explanation, in both languages.

    Raises ValidationError when there is nothing public at that moment, when the moment has passed, or when
    the explanation is there in one language only.
    """
    if len(explanation.missing()) == 1:
        raise ValidationError(_("Write the explanation in both languages, or in neither."))
    return _change_kind(page, Edition.Kind.WITHDRAWN, by=by, at=at, note=note, explanation=explanation)


def cancel(edition, *, by):
    """Calls a scheduled edition off. Raises ValidationError when it is live already."""
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=edition.pk)
        if edition.status != Edition.Status.APPROVED or edition.publish_at <= timezone.now():
            raise ValidationError(_("Only an edition that is scheduled for later can be cancelled."))
        edition.status = Edition.Status.RETURNED
        edition.approver = by
        edition.save(update_fields=["status", "approver"])
        _keep_in_step([edition.page])
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
        page = Page.objects.select_for_update().get(pk=page.pk)
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
        reasons = reasons_not_to_publish_alone(written, language)
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
        page = Page.objects.select_for_update().get(pk=page.pk)
        document = working_copy.read(page)
        reasons = reasons_not_to_publish(document)
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

    Raises NotReady when it can no longer be published as it is, or ValidationError as `publish` does, and when
    somebody approves their own where the site asks for a second person.
    """
    _refuse_half_a_correction(correction)
    with transaction.atomic():
        edition = _in_review(edition)
        if not may_approve(edition, by):
            raise ValidationError(_("Somebody else has to approve what you submitted yourself."))
        reasons = reasons_not_to_publish(edition.read())
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


def _in_review(edition):
    """The edition under lock, with its page, so that no two people decide on it at once."""
    Page.objects.select_for_update().get(pk=edition.page_id)
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
    page = Page.objects.select_for_update().get(pk=page.pk)
    document = working_copy.read(page)
    reasons = reasons_not_to_publish(document)
    if reasons:
        raise NotReady(reasons)
    return _approve(page, document, by=by, at=at, significant=significant, note=note)


def _change_kind(page, kind, *, by, at, note, explanation=NOTHING):
    with transaction.atomic():
        page = Page.objects.select_for_update().get(pk=page.pk)
        live = (
            Edition.objects.live(at).readable().filter(page=page).select_related("emergency_record").first()
        )
        if live is None:
            raise ValidationError(
                _("The page is not public then, so there is nothing to archive or withdraw.")
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


def _approve(
    page, document, *, by, at, note, kind=Edition.Kind.CURRENT, significant=True, explanation=NOTHING
):
    edition = _freeze(
        page,
        document,
        status=Edition.Status.APPROVED,
        kind=kind,
        publish_at=_moment(at),
        significant=significant or _is_first(page),
        note=note,
        explanation_en=explanation.en,
        explanation_fr=explanation.fr,
        author=by,
        approver=by,
    )
    _log("Approved", edition, by)
    return edition


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
    text = shape.dumps(document)
    highest = page.editions.aggregate(highest=Max("number"))["highest"] or 0
    columns = {
        f"{name}_{language}": getattr(document, name)[language]
        for name in ("address", "title", "description")
        for language in shape.LANGUAGES
    }
    return Edition.objects.create(
        page=page,
        number=highest + 1,
        document=text,
        digest=shape.digest(text),
        parent=Page.objects.get(key=document.parent) if document.parent else None,
        position=document.position,
        **columns,
        **workflow,
    )


def _keep_in_step(pages):
    """What is kept of the editions of some pages, which have just changed: search, staleness, claims."""
    search.renew(pages)
    staleness.renew(pages)
    crosschecking.renew(pages)


def _log(event, edition, by):
    """Once it is certain, and only what a person did: commands tell it themselves."""
    what = (event, edition.number, edition.page.key, edition.kind, edition.publish_at.isoformat())
    if by:
        transaction.on_commit(
            lambda: logger.info("%s: edition %s of %s (%s), public from %s, by account %s", *what, by.pk)
        )
