"""Publish, archive and withdraw pages, now or later, and call scheduled editions off.

Both languages go live in the same instant, because an edition holds both.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import approval, notifications, page_links, readiness, second_person, site_tree, working_copy
from .address_checks import AddressOwners
from .approval import NotReady
from .document import NOTHING
from .link_targets import LinkTargets
from .local_time import format_date_time
from .models.edition import Correction, Edition
from .models.page import Page
from .models.review import ReviewStep

# Why an edition cannot be cancelled.
NOT_SCHEDULED = gettext_lazy("You can cancel only an edition that is scheduled for later.")

# Pages published at a time.
BATCH_SIZE = 200


def publish(
    page,
    *,
    by,
    at=None,
    archive_at=None,
    significant=True,
    note="",
    correction=NOTHING,
    thanks=False,
    published_too=(),
):
    """Makes the working copy public, now or at a later moment, and returns the edition.

    The page is archived at `archive_at`, if that is given. `correction` tells the public what it puts right; `thanks`
    adds that a visitor pointed it out. `published_too` has the keys of pages that it may link to because the caller
    publishes them in the same transaction. Raises NotReady with the reasons, or ValidationError when a moment has
    passed, the archive is not after the publication, the correction is in one language only, somebody who has to
    submit the page for review publishes it alone, or a page would be below itself on the site.
    """
    approval.refuse_half_a_correction(correction)
    second_person.refuse_alone(by)
    with transaction.atomic():
        columns = {"at": at, "significant": significant, "note": note}
        edition = _publish(page, by=by, published_too=published_too, **columns)
        approval.add_correction(edition, correction, thanks=thanks)
        approval.index_and_check([edition], by=by, written={edition.page: edition.read()})
        approval.archive_later(edition, archive_at, by=by)
        return edition


def publish_all(pages, *, by):
    """Publishes those pages whose working copy is not what is live already: all of them, or none.

    Returns the new editions. Raises NotReady with the reasons of every page, or ValidationError when somebody who has
    to submit pages for review publishes them alone, or a page would be below itself on the site.
    """
    with transaction.atomic():
        editions, reasons = publish_ready(pages, by=by)
        if reasons:
            raise NotReady(reasons)
    return editions


def publish_ready(pages, *, by):
    """Publishes those pages that are ready and whose working copy is not what is live already.

    Returns the new editions, and the reasons why other pages are not published. Raises ValidationError as
    `publish_all` does; then none is published.
    """
    second_person.refuse_alone(by)
    ids, reasons = sorted(page.pk for page in pages), []
    with transaction.atomic():
        while True:
            try:
                editions, others = _publish_together(ids, by=by)
            except _LinksNowhere as error:  # to pages that were not ready: all over again without these
                reasons += error.reasons
                ids = [page for page in ids if page not in error.pages]
            else:
                return editions, reasons + others


class _LinksNowhere(Exception):
    """Raised to undo a publication of pages whose links lead to pages that turned out not to be ready."""

    def __init__(self, pages, reasons):
        super().__init__(pages)
        self.pages, self.reasons = pages, reasons


@transaction.atomic
def _publish_together(ids, *, by):
    editions, reasons = [], []
    keys = set(Page.objects.filter(pk__in=ids).order_by().values_list("key", flat=True))
    for start in range(0, len(ids), BATCH_SIZE):
        _publish_batch(ids[start : start + BATCH_SIZE], editions, reasons, by=by, published_too=keys)
    site_tree.refuse_cycles(editions)
    _refuse_links_nowhere(editions)
    return editions, reasons


def _refuse_links_nowhere(editions):
    """Looks at the links once all pages are published: pages that are new may link to one another."""
    documents = [edition.read() for edition in editions if page_links.PREFIX in edition.document]
    targets = LinkTargets.of_documents(documents)
    broken = {document.key: readiness.broken_links(document, targets) for document in documents}
    pages = {edition.page_id for edition in editions if broken.get(edition.page.key)}
    if pages:
        raise _LinksNowhere(pages, [reason for reasons in broken.values() for reason in reasons])


def _publish_batch(ids, editions, reasons, *, by, published_too):
    """Adds to `editions` and to `reasons`, in as many queries for many pages as for few."""
    pages = Page.objects.with_content().for_update_in_order().in_bulk(ids)
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
    owners = AddressOwners(document.address for document in changed.values())
    targets = LinkTargets.of_documents(changed.values())
    parsed_documents = {page: readiness.parse(document) for page, document in changed.items()}
    numbers, last = _latest_by_page(ids)
    ready, columns = [], approval.approved_columns(by=by)  # of one moment
    for page, document in changed.items():
        is_emergency = page.pk in live and live[page.pk].emergency
        problems = [
            *(readiness.emergency_reasons(document) if is_emergency else ()),
            *readiness.blocking_problems(document, owners, parsed_documents[page]),
            *readiness.broken_links(document, targets, published_too),
        ]
        reasons += problems
        if not problems:
            number = numbers.get(page.pk, 0) + 1
            ready.append(Edition.of(document, page=page, number=number, parent=page.parent, **columns))
    Edition.objects.bulk_create(ready)
    steps = [approval.build_step(edition, approval.step_action(edition), by=by) for edition in ready]
    notifications.notify_about_steps(ReviewStep.objects.bulk_create(steps))
    for edition in ready:
        approval.log_change("Approved", edition, by)
    approval.update_indexes(
        ready,
        by=by,
        last=last,
        written={edition.page: changed[edition.page] for edition in ready},
        parsed_documents={edition.pk: parsed_documents[edition.page] for edition in ready},
    )
    editions += ready


def _latest_by_page(pages):
    """By page, the highest number of its editions, and the latest time for which one is approved."""
    latest = Max("publish_at", filter=Q(status=Edition.Status.APPROVED))
    rows = Edition.objects.filter(page__in=pages).order_by().values_list("page")
    rows = list(rows.annotate(number=Max("number"), latest=latest))
    return {page: number for page, number, _at in rows}, {page: at for page, _number, at in rows}


def archive(page, *, by, at=None, note=""):
    """Marks what is public as no longer kept up to date; its text stays readable under a banner.

    Where the page is to be archived at that very moment already, this takes the place of that. Raises ValidationError
    when there is nothing public at that moment, the page is archived by then, the moment has passed, or what is public
    then is so in one language only and the moment is not now.
    """
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        _refuse_archived(page, at)
        return approval.archive(page, by=by, at=at, note=note)


def _refuse_archived(page, at):
    """Once is enough: whoever archives a page again has not seen that it is, or has sent the form twice."""
    live = Edition.objects.live(at).filter(page=page).first()
    if live is None or live.kind != Edition.Kind.ARCHIVED or live.publish_at == at:
        return
    if live.publish_at <= timezone.now():
        raise ValidationError(_("The page is already archived."))
    text = _("Edition %(number)s archives the page on %(moment)s, so it will already be archived by then.")
    raise ValidationError(text % {"number": live.number, "moment": format_date_time(live.publish_at)})


def withdraw(page, *, by, at=None, note="", explanation=NOTHING):
    """Takes a page away from the public: its addresses answer 410 with the explanation, in both languages.

    Raises ValidationError as `archive` does, when the explanation is there in one language only, or when somebody
    who has to submit it for review explains the withdrawal alone.
    """
    approval.refuse_half_an_explanation(explanation)
    if explanation:
        second_person.refuse_alone(by)
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        live = approval.live_to_change(page, at)
        kind = Edition.Kind.WITHDRAWN
        return approval.change_kind(page, live, kind, by=by, at=at, note=note, explanation=explanation)


def explain_withdrawal(page, *, by, explanation, note=""):
    """Changes what the addresses of a withdrawn page say at once, and returns the edition that does.

    The date of the withdrawal stays. Raises ValidationError when the page is not withdrawn, the explanation is not
    there in both languages or says nothing new, or somebody who has to submit it for review does it alone.
    """
    approval.refuse_half_an_explanation(explanation)
    second_person.refuse_alone(by)
    with transaction.atomic():
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        live = Edition.objects.live().filter(page=page).select_related("emergency_record").first()
        if live is None or live.kind != Edition.Kind.WITHDRAWN:
            raise ValidationError(_("The page is not withdrawn, so there is no withdrawal to explain."))
        approval.refuse_known_explanation(live, explanation)
        explained = {"explanation": explanation, "significant": False}
        return approval.change_kind(
            page, live, Edition.Kind.WITHDRAWN, by=by, at=None, note=note, **explained
        )


def cancel(edition, *, by):
    """Calls a scheduled edition off. Raises ValidationError when it is live already or keeps a page from a cycle."""
    with transaction.atomic():
        edition = _locked_scheduled(edition)
        approval.cancel_edition(edition, by=by)
        approval.index_and_check([edition], by=by)
        return edition


def _locked_scheduled(edition):
    """The edition under lock, with its page. Raises ValidationError when it is not scheduled for later."""
    Page.objects.for_update_in_order().get(pk=edition.page_id)
    edition = Edition.objects.select_related("page").get(pk=edition.pk)
    if edition.status != Edition.Status.APPROVED or edition.publish_at <= timezone.now():
        raise ValidationError(NOT_SCHEDULED)
    return edition


def replace_scheduled(edition, document, *, source, by):
    """Cancels a scheduled edition, makes another one of a document for the same date and time, and returns that one.

    `source` is the edition that was just approved, whose text is added: its author is the author of the new one. The
    note, the importance and the correction of the scheduled one stay. Raises NotReady with the reasons, or
    ValidationError when the edition is live already, or the author of the text approves it where that takes a second
    person.
    """
    second_person.refuse_own(source, by)
    with transaction.atomic():
        edition = _locked_scheduled(edition)
        reasons = readiness.reasons_not_to_publish(document, edition.publish_at)
        if reasons:
            raise NotReady(reasons)
        columns = {"at": edition.publish_at, "significant": edition.significant, "note": edition.note}
        author = {"author_id": source.author_id, "author_name": source.author_name}
        new = approval.approve_document(edition.page, document, by=by, author=author, **columns)
        approval.record_step(new, approval.step_action(new), by=by)
        for correction in Correction.objects.filter(edition=edition):
            approval.add_correction(new, correction.words, thanks=correction.thanks)
        approval.cancel_edition(edition, by=by, carried_into=new.number)
        approval.update_indexes([new], by=by)
        site_tree.refuse_cycles([new, edition])
        return new


def _publish(page, *, by, at, published_too, **columns):
    page = Page.objects.for_update_in_order().get(pk=page.pk)
    document = working_copy.read(page)
    reasons = readiness.reasons_not_to_publish(document, at, published_too)
    if reasons:
        raise NotReady(reasons)
    edition = approval.approve_document(page, document, by=by, at=at, **columns)
    approval.record_step(edition, approval.step_action(edition), by=by)
    return edition
