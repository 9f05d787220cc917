"""Where a fact is used, what readers see there and what they will see, and publishing all of these pages together."""

from dataclasses import dataclass
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import fact_marks, fact_words, page_status, publishing, rescheduling, reviews, working_copy
from .document import LANGUAGES, RICH_TEXT, Document, digest, dumps, texts
from .fact_marks import Place
from .indexes.references import pages_using
from .models.edition import Edition, ReferenceKind
from .models.fact import Fact
from .models.page import Page
from .page_status import PageStatus, State
from .rescheduling import Choice


@dataclass(frozen=True, slots=True)
class Use:
    """One place at which a page has the words of a fact: what its readers see, and what the working copy says.

    Either is None where it is not there. `path` is that of the text (`document.Text`).
    """

    path: tuple[str, ...]
    language: str
    live: Place | None
    draft: Place | None

    @property
    def is_changed(self):
        """Whether readers see something else than the working copy says."""
        return (self.live and self.live.words) != (self.draft and self.draft.words)


@dataclass(frozen=True, slots=True)
class PageUses:
    """A page that uses a fact. `has_other_changes` tells that its working copy has more to publish than facts."""

    page: Page
    document: Document
    status: PageStatus
    uses: tuple[Use, ...]
    has_other_changes: bool

    @property
    def is_waiting(self):
        """Whether readers of a live page see other words than the working copy has for the fact."""
        is_current = self.status.live is not None and self.status.live.kind == Edition.Kind.CURRENT
        return is_current and any(use.live and use.draft and use.is_changed for use in self.uses)

    @property
    def is_up_to_date(self):
        """Whether readers see the words that the fact has now."""
        return self.status.state in (State.LIVE, State.CHANGED) and not any(
            use.is_changed for use in self.uses
        )

    @property
    def has_scheduled_text(self):
        """Whether a text that was frozen earlier is to come."""
        return any(edition.kind == Edition.Kind.CURRENT for edition in self.status.scheduled)


def find_uses(fact: Fact) -> list[PageUses]:
    """Finds the pages that use a fact, in the order of the tree, with each place.

    As many queries for many pages as for few.
    """
    pages = list(
        Page.objects.with_content()
        .filter(pk__in=pages_using(ReferenceKind.FACT, fact.key).order_by().values("pk"))
        .select_related("tree_path", "draft_status")
        .in_tree_order()
    )
    statuses = page_status.page_statuses(pages)
    live = Edition.objects.filter(pk__in=[status.live.pk for status in statuses.values() if status.live])
    shown = {edition.page_id: edition.read() for edition in live}
    current = dict(zip(shown, fact_words.with_current_words(shown.values()), strict=True))
    found = []
    for page in pages:
        document = working_copy.read(page)
        uses = tuple(_uses(fact.key, shown.get(page.pk), document))
        others = page.pk in current and current[page.pk] != document
        found.append(PageUses(page, document, statuses[page.pk], uses, others))
    return found


def _uses(key, live, draft):
    """Each place with its counterpart: that of the same number in the same text."""
    before, after = (_places(key, document) if document else {} for document in (live, draft))
    for path, language in {**after, **before}:
        both = zip_longest(before.get((path, language), ()), after.get((path, language), ()))
        for live_place, draft_place in both:
            yield Use(path, language, live_place, draft_place)


def _places(key, document):
    found = {}
    for text in texts(document):
        for language in LANGUAGES if text.path[-1] in RICH_TEXT else ():
            if places := list(fact_marks.places(text.value[language], key)):
                found[text.path, language] = places
    return found


def seen(found) -> str:
    """Returns a digest of what pages would be published with: what somebody has seen who publishes them."""
    return digest(
        "\n".join(f"{uses.page.key} {digest(dumps(uses.document))}" for uses in found if uses.is_waiting)
    )


@transaction.atomic
def publish_everywhere(fact: Fact, was_seen: str, *, by) -> list[Edition]:
    """Publishes all live pages that still show other words than the fact has now, or none; returns their editions.

    A text that is scheduled takes the change over. Raises NotReady with the reasons of every page, or ValidationError
    when a page is not as it was seen, somebody may not publish alone, or a scheduled text cannot take the change.
    """
    pages = _locked(fact, was_seen)
    editions = publishing.publish_all(pages, by=by)
    rescheduling.settle_all(editions, Choice.CARRY, by=by)
    return editions


@transaction.atomic
def submit_everywhere(fact: Fact, was_seen: str, *, by) -> list[Edition]:
    """Submits these pages for review, or none; returns the editions in review. Raises as `publish_everywhere`."""
    note = _("Fact: %(name)s") % {"name": fact}
    return [reviews.submit(page, by=by, note=note) for page in _locked(fact, was_seen)]


def _locked(fact, was_seen):
    """The pages that wait, under lock. Raises ValidationError when they are not those that were seen, or none waits."""
    list(pages_using(ReferenceKind.FACT, fact.key).only("pk").for_update_in_order())
    found = find_uses(fact)
    if seen(found) != was_seen:
        raise ValidationError(_("A page was saved after you opened this screen. Check the pages again."))
    pages = [uses.page for uses in found if uses.is_waiting]
    if not pages:
        raise ValidationError(_("Every live page already shows this figure. There is nothing to publish."))
    return pages
