"""What a visitor gets for what they typed: pages, best first, each with the passage that answers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from ..addresses import path_of
from ..editions import Edition, live_of
from ..entries import SearchText
from ..typography import typeset
from . import queries
from .extracts import Finder, marked, passage
from .index import HEADING_MARK
from .matching import matching

# Results on one page, and the last page there is: nobody reads further, and every reader costs the same.
PER_PAGE = 20
PAGES = 25


@dataclass(frozen=True, slots=True)
class Result:
    """A page that was found. Title and extract are safe HTML with the matches marked."""

    path: str
    title: SafeString
    extract: SafeString
    modified: date
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results. `count` says how many are shown on all pages, `are_cut` that there are more than these."""

    query: queries.Query
    count: int = 0
    are_cut: bool = False
    page: int = 1
    found: tuple[Result, ...] = ()

    @property
    def pages(self) -> int:
        return -(-self.count // PER_PAGE)

    @property
    def first(self) -> int:
        """The number of the first result on this page."""
        return (self.page - 1) * PER_PAGE + 1


def results(typed, language, *, page=1, at=None):
    """What is found for a line of text, in two queries at most; a page that there is not is the nearest one."""
    query = queries.read(typed, language)
    if not query:
        return Results(query)
    at = at or timezone.now()
    most = PAGES * PER_PAGE
    ranked = matching(query, at, most=most + 1)
    if not ranked:
        return Results(query)
    count = min(len(ranked), most)
    page = min(max(page, 1), -(-count // PER_PAGE))
    entries = ranked[:most][(page - 1) * PER_PAGE : page * PER_PAGE]
    return Results(query, count, len(ranked) > most, page, tuple(_shown(entries, query, at)))


def _shown(entries, query, at):
    """The results for some entries, in their order. Whatever the index holds, only what is live is ever shown."""
    live = SearchText.objects.filter(pk__in=entries, entry__edition=live_of(OuterRef("entry__page"), at))
    live = live.exclude(entry__edition__kind=Edition.Kind.WITHDRAWN)
    texts = (
        live.select_related("entry__edition").defer("words", "terms", "entry__edition__document").in_bulk()
    )
    finder = Finder(query)
    return [_result(texts[entry], query.language, finder) for entry in entries if entry in texts]


def _result(text, language, finder):
    edition = text.entry.edition
    title = edition.text("title", language)
    lines = (
        (line.removeprefix(HEADING_MARK), line.startswith(HEADING_MARK)) for line in text.text.split("\n")
    )
    description = edition.text("description", language)
    extract = passage(lines, finder) or marked(description, finder.matches(description))
    return Result(
        path=path_of(language, edition.text("address", language)),
        title=_set(marked(title, finder.matches(title)), language),
        extract=_set(extract, language),
        modified=timezone.localdate(text.entry.modified_at),
        is_archived=edition.kind == Edition.Kind.ARCHIVED,
    )


def _set(html, language):
    return mark_safe(typeset(html, language))
