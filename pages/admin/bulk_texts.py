"""Publish the working copies of several pages, or submit them for review: pages that link to one another together."""

from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import (
    page_status,
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
from ..link_targets import LinkTargets, links_of
from ..models.edition import Correction, Edition
from ..models.review import TranslationDecision
from .bulk import BulkView, Line, NoteForm, undecided, with_field_urls
from .page_views import lock_if_unchanged
from .publishing import PublishForm, is_live


class BulkPublishForm(NoteForm):
    significant = PublishForm.base_fields["significant"]
    field_order = ["significant", "note"]


class _TextView(BulkView):
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
        self.check_links(lines)
        return list(lines.values())

    def check_links(self, lines):
        """Adds to the lines, which are given by document, what keeps a page from it because of its links."""

    def _line(self, request, page, document, owners, status, facts):
        seen = digest(dumps(document))
        refusal = self.refusal(request, page, seen, status, facts)
        if refusal:
            return Line(page, reasons=[refusal])
        is_emergency = status.live and status.live.emergency
        check = readiness.reasons_not_to_publish if is_emergency else readiness.blocking_problems
        reasons = with_field_urls(page, check(document, owners))
        return Line(page, self.outcome(page, status, facts), reasons, seen)


class BulkPublishView(_TextView):
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
        return undecided(page, status, "publish")

    def outcome(self, page, status, facts):
        text = _("A new edition goes live now, in both languages.")
        if status.live is None:
            text = _("It goes live for the first time, in both languages.")
        elif status.live.changes_state:
            text = _("It is public again, with the text of the working copy, in both languages.")
        number = len(facts[page.pk])
        more = _("Translations to review: %(number)s.") % {"number": number}
        return f"{text} {more}" if number else text

    def check_links(self, lines):
        targets, refused = LinkTargets.of_documents(lines), True
        while refused:  # what is refused may keep those that link to it from it
            keys = {line.page.key for line in lines.values() if not line.reasons}
            refused = False
            for document, line in lines.items():
                if not line.reasons and (reasons := readiness.broken_links(document, targets, keys)):
                    line.reasons, refused = with_field_urls(line.page, reasons), True
        for document, line in lines.items():
            linked_pages = {located.link.page for located in links_of(document)}
            line.needed = frozenset(key for key in linked_pages & keys if not targets.is_readable(key))

    def do_all(self, request, lines, values):
        done = (self._do_together(request, group, values) for group in _groups(lines))
        return list(chain.from_iterable(done))

    def _do_together(self, request, lines, values):
        """Publishes pages that link to one another: all of them, but for those that refuse it."""
        if not lines:
            return []
        together = {**values, "published_too": {line.page.key for line in lines}}
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

    def act_on(self, request, page, seen, *, significant, note, published_too):
        page, document = lock_if_unchanged(page, seen)
        live = Edition.objects.live().filter(page=page).select_related("emergency_record").first()
        stale = stale_translations.stale_texts(page, document, live)
        is_significant = significant == "yes"
        edition = publishing.publish(
            page, by=request.user, significant=is_significant, note=note, published_too=published_too
        )
        rescheduling.settle(edition, {}, by=request.user)
        later = TranslationDecision.Kind.LATER
        stale_translations.decide(page, document, stale, by=request.user, kind=later)
        return _("Edition %(number)s is live, in both languages.") % {"number": edition.number}


def _groups(lines):
    """Parts lines so that pages which need one another are in the same group."""
    groups = []
    for line in lines:
        keys = {line.page.key, *line.needed}
        joined = [group for group in groups if any(keys & {other.page.key, *other.needed} for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*chain.from_iterable(joined), line])
    return groups


class BulkSubmitView(_TextView):
    act = "submit"
    title, button = gettext_lazy("Submit pages for review"), gettext_lazy("Submit these pages")
    details_form = NoteForm

    def facts(self, pages, statuses):
        texts = Edition.objects.filter(status=Edition.Status.IN_REVIEW, kind=Edition.Kind.CURRENT)
        editions = {edition.page_id: edition for edition in texts.filter(page__in=pages).defer("document")}
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

    def act_on(self, request, page, seen, *, note):
        page, _document = lock_if_unchanged(page, seen)
        edition = reviews.submit(page, by=request.user, note=note)
        return _("Edition %(number)s is in review.") % {"number": edition.number}
