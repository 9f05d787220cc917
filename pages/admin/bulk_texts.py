"""The texts of several pages: submit, approve or publish them; pages that link to one another only together."""

from contextlib import contextmanager
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import (
    page_status,
    people,
    publishing,
    readiness,
    rescheduling,
    reviews,
    second_person,
    stale_translations,
    working_copy,
)
from ..address_checks import AddressOwners
from ..document import digest, dumps
from ..integers import parse_integer
from ..link_targets import LinkTargets, keys_scheduled, links_of
from ..models.edition import Correction, Edition
from ..models.review import TranslationDecision
from .bulk import BulkView, Line, NoteForm, undecided, with_field_urls
from .page_views import lock_if_unchanged
from .publishing import PublishForm, is_live


class BulkPublishForm(NoteForm):
    significant = PublishForm.base_fields["significant"]
    field_order = ["significant", "note"]


class _TogetherView(BulkView):
    """An act by which texts become public, now or later: pages that link to one another only together."""

    def with_links_checked(self, lines):
        """Returns the lines, given by document; adds to them what keeps a page from it because of its links."""
        targets, refused = LinkTargets.of_documents(lines), True
        others = self.linkable(lines)
        while refused:  # what is refused may keep those that link to it from it
            keys = others | {line.page.key for line in lines.values() if not line.reasons}
            refused = False
            for document, line in lines.items():
                if not line.reasons and (reasons := readiness.broken_links(document, targets, keys)):
                    line.reasons, refused = with_field_urls(line.page, reasons), True
        for document, line in lines.items():
            line.needed = frozenset(
                key for key in _linked_keys(document) & keys if not targets.is_readable(key)
            )
        return list(lines.values())

    def linkable(self, documents):
        """Returns the keys of pages, beside those that are public, that the documents may link to."""
        return set()

    def do_all(self, request, lines, values):
        done = (self._do_together(request, group, values) for group in _groups(lines))
        return list(chain.from_iterable(done))

    def _do_together(self, request, lines, values):
        """Does it to pages that link to one another: to all of them, but for those that refuse it."""
        if not lines:
            return []
        together = {**values, "together": {line.page.key for line in lines}}
        if len(lines) == 1:
            return [self._do(request, lines[0], together)]
        with transaction.atomic():
            done = [self._do(request, line, together) for line in lines]
            refused = [line for line in done if line.reasons]
            transaction.set_rollback(bool(refused))
        if not refused:
            return done
        pages = {line.page for line in refused}
        others = [line for line in lines if line.page not in pages]
        return [*self._do_together(request, others, values), *refused]


def _linked_keys(document):
    return {located.link.page for located in links_of(document)}


def _groups(lines):
    """Parts lines so that pages which need one another are in the same group."""
    groups = []
    for line in lines:
        keys = {line.page.key, *line.needed}
        joined = [group for group in groups if any(keys & {other.page.key, *other.needed} for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*chain.from_iterable(joined), line])
    return groups


class _WorkingCopyView(_TogetherView):
    """An act that shows the text of working copies to somebody else: the text must be ready."""

    def lines(self, request, pages):
        documents = {page: working_copy.read(page) for page in pages}
        owners = AddressOwners(document.address for document in documents.values())
        statuses = page_status.page_statuses(pages)
        facts = self.facts(pages, statuses)
        lines = {
            document: self._line(request, page, document, owners, statuses[page.pk], facts)
            for page, document in documents.items()
        }
        return self.with_links_checked(lines)

    def _line(self, request, page, document, owners, status, facts):
        seen = digest(dumps(document))
        refusal = self.refusal(request, page, seen, status, facts)
        if refusal:
            return Line(page, reasons=[refusal])
        reasons = with_field_urls(page, _problems(document, owners, status))
        return Line(page, self.outcome(page, status, facts), reasons, seen)


def _problems(document, owners, status):
    """What is wrong with a document itself, or not yet said in both languages after an emergency."""
    is_emergency = status.live and status.live.emergency
    check = readiness.reasons_not_to_publish if is_emergency else readiness.blocking_problems
    return check(document, owners)


class BulkPublishView(_WorkingCopyView):
    act, permission = "publish", "publish"
    title, button = gettext_lazy("Publish pages"), gettext_lazy("Publish these pages")
    details_form = BulkPublishForm

    def facts(self, pages, statuses):
        return stale_translations.stale_texts_by_page(pages, statuses)

    def refusal(self, request, page, seen, status, facts):
        if second_person.is_required(request.user):
            text = _("Someone else must approve what the public reads. Submit it for review.")
            return text, BulkSubmitView.url([page.pk])
        if is_live(status, seen):
            return _("The working copy is already live. There is nothing to publish."), None
        return undecided(status, reverse("admin:pages_page_publish", args=[page.pk]))

    def outcome(self, page, status, facts):
        return f"{_goes_live(status)} {_stale_texts_named(facts[page.pk])}".strip()

    def act_on(self, request, page, seen, *, significant, note, together):
        page, document = lock_if_unchanged(page, seen)
        with _translations_left_for_later(page, document, by=request.user):
            edition = publishing.publish(
                page, by=request.user, significant=significant == "yes", note=note, published_too=together
            )
        rescheduling.settle(edition, {}, by=request.user)
        return _live_now(edition)


def _goes_live(status):
    if status.live is None:
        return _("It goes live for the first time, in both languages.")
    if status.live.changes_state:
        return _("It is public again, with this text, in both languages.")
    return _("A new edition goes live now, in both languages.")


def _stale_texts_named(stale):
    return _("Translations to review: %(number)s.") % {"number": len(stale)} if stale else ""


def _live_now(edition):
    return _("Edition %(number)s is live, in both languages.") % {"number": edition.number}


@contextmanager
def _translations_left_for_later(page, document, *, by):
    """Keeps the texts whose other language was not changed marked as to be reviewed when a document is published."""
    live = Edition.objects.live().filter(page=page).select_related("emergency_record").first()
    stale = stale_translations.stale_texts(page, document, live)
    yield
    stale_translations.decide(page, document, stale, by=by, kind=TranslationDecision.Kind.LATER)


class BulkSubmitView(_WorkingCopyView):
    act = "submit"
    title, button = gettext_lazy("Submit pages for review"), gettext_lazy("Submit these pages")
    details_form = NoteForm

    def facts(self, pages, statuses):
        texts = reviews.texts_in_review().filter(page__in=pages).defer("document")
        editions = {edition.page_id: edition for edition in texts}
        corrected = Correction.objects.filter(edition__in=editions.values()).values_list("edition", flat=True)
        return editions, set(corrected)

    def refusal(self, request, page, seen, status, facts):
        editions, corrected = facts
        if is_live(status, seen):
            return _("The working copy is already live. There is nothing to review."), None
        edition = editions.get(page.pk)
        if edition and edition.digest == seen and edition.pk not in corrected:
            return _("The working copy is already in review as is."), None
        return None

    def outcome(self, page, status, facts):
        edition = facts[0].get(page.pk)
        if edition is None:
            return _("It is submitted for review.")
        text = _("It is submitted for review, in place of edition %(number)s.")
        return text % {"number": edition.number}

    def linkable(self, documents):
        keys = {key for document in documents for key in _linked_keys(document)}
        return reviews.keys_in_review(keys) | keys_scheduled(keys)

    def act_on(self, request, page, seen, *, note, together):
        page, _document = lock_if_unchanged(page, seen)
        edition = reviews.submit(page, by=request.user, note=note, submitted_too=together)
        return _("Edition %(number)s is in review.") % {"number": edition.number}


class BulkApproveView(_TogetherView):
    """Makes the texts of pages public that are in review, as each was submitted, with its correction."""

    act, permission = "approve", "publish"
    title, button = gettext_lazy("Approve pages"), gettext_lazy("Approve these pages")
    details_form = BulkPublishForm

    def lines(self, request, pages):
        texts = reviews.texts_in_review().filter(page__in=pages).select_related("author")
        editions = {edition.page_id: edition for edition in texts}
        documents = {page: editions[page.pk].read() for page in pages if page.pk in editions}
        owners = AddressOwners(document.address for document in documents.values())
        statuses = page_status.page_statuses(pages)
        withdrawals = reviews.withdrawals_in_review().filter(page__in=pages)
        withdrawals = {edition.page_id: edition for edition in withdrawals.only("page", "number")}
        lines = {
            document: self._line(
                request,
                page,
                editions[page.pk],
                document,
                owners,
                statuses[page.pk],
                withdrawals.get(page.pk),
            )
            for page, document in documents.items()
        }
        others = [page for page in pages if page not in documents]
        return [
            *self.with_links_checked(lines),
            *(Line(page, reasons=[_nothing_to_approve(page, withdrawals.get(page.pk))]) for page in others),
        ]

    def _line(self, request, page, edition, document, owners, status, withdrawal):
        url = reverse("admin:pages_page_review", args=[page.pk, edition.number])
        refusal = self._refusal(request, page, edition, status, url)
        if refusal:
            return Line(page, reasons=[refusal])
        values = {"number": edition.number, "person": people.recorded(edition, "author")}
        said = _("Edition %(number)s, submitted by %(person)s.") % values
        text, reasons = f"{said} {_goes_live(status)}", _problems(document, owners, status)
        if withdrawal:
            more = _("Its withdrawal (edition %(number)s) stays in review: it is approved by itself.")
            text = f"{text} {more % {'number': withdrawal.number}}"
        return Line(page, text, with_field_urls(page, reasons), str(edition.pk), url=url)

    def _refusal(self, request, page, edition, status, url):
        if not second_person.may_approve(edition, request.user):
            return second_person.OWN, url
        live = status.live
        if live and live.emergency and live.number > edition.number:
            return reviews.OVERTAKEN, url
        return undecided(status, url)

    def act_on(self, request, page, seen, *, significant, note, together):
        edition = reviews.texts_in_review().filter(page=page, pk=parse_integer(seen)).first()
        if edition is None:
            raise ValidationError(reviews.DECIDED)
        with _translations_left_for_later(page, edition.read(), by=request.user):
            edition = reviews.approve(
                edition, by=request.user, significant=significant == "yes", note=note, published_too=together
            )
        rescheduling.settle(edition, {}, by=request.user)
        return _live_now(edition)


def _nothing_to_approve(page, withdrawal):
    """Why a page without a text in review is left out, and where its withdrawal is approved, if that is in review."""
    if withdrawal is None:
        return _("No text of this page is in review."), None
    text = _("A withdrawal is in review (edition %(number)s). It is approved by itself, not with others.")
    url = reverse("admin:pages_page_review", args=[page.pk, withdrawal.number])
    return text % {"number": withdrawal.number}, url
