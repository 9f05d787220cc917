"""What a visitor gets for what they typed: pages, best first, each with the passage that answers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from .. import placeholders
from ..models.edition import Edition, live_edition_id
from ..models.glossary_term import current_glossary
from ..models.indexes import SearchText
from ..public_urls import page_path
from . import queries
from .highlighting import Finder, highlight, passage
from .index import HEADING_PREFIX
from .matching import entries_with_most, ranked_entries
from .spelling import corrected
from .synonyms import with_synonyms
from .words import ANYWHERE

# Results on one page, and the last page there is: nobody reads further, and every reader costs the same.
PER_PAGE = 20
MAX_PAGES = 25


@dataclass(frozen=True, slots=True)
class Result:
    """A page that was found. Title and extract are safe HTML with the matches marked.

    `missing` are the words, as typed, that it does not have.
    """

    path: str
    title: SafeString
    extract: SafeString
    modified: date
    is_archived: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results. `count` says how many are shown on all pages, `are_cut` that there are more than these.

    `are_partial` says that no page has all that is sought: these have most of it. `suggestion` is what may have been
    meant, as text to search for, where a word is on no page.
    """

    query: queries.Query
    count: int = 0
    are_cut: bool = False
    page: int = 1
    found: tuple[Result, ...] = ()
    are_partial: bool = False
    suggestion: str = ""

    @property
    def pages(self) -> int:
        return -(-self.count // PER_PAGE)

    @property
    def first(self) -> int:
        """The number of the first result on this page."""
        return (self.page - 1) * PER_PAGE + 1


def results(typed, language, *, page=1, at=None):
    """What is found for a line of text, in three queries; a page of results that there is not is the nearest one.

    Names of the glossary are taken for one another (`synonyms`).

    Where no page has all that is sought, those that have most of it, and what may have been meant, in some more.
    """
    query = queries.parse_query(typed, language)
    if not query:
        return Results(query)
    query = with_synonyms(query, current_glossary())
    at = at or timezone.now()
    limit = MAX_PAGES * PER_PAGE
    ranked = ranked_entries(query, at, limit=limit + 1)
    are_partial, suggestion = not ranked, ""
    if are_partial:
        suggestion = corrected(query, at)
        ranked = entries_with_most(query, at, limit=limit + 1)
    if not ranked:
        return Results(query, suggestion=suggestion)
    count = min(len(ranked), limit)
    page = min(max(page, 1), -(-count // PER_PAGE))
    entries = ranked[:limit][(page - 1) * PER_PAGE : page * PER_PAGE]
    found = tuple(_results(entries, query, at, are_partial=are_partial))
    return Results(query, count, len(ranked) > limit, page, found, are_partial, suggestion)


def _results(entries, query, at, *, are_partial):
    """The results for some entries, in their order. Whatever the index holds, only what is live is ever shown."""
    live = SearchText.objects.filter(
        pk__in=entries, entry__edition=live_edition_id(OuterRef("entry__page"), at)
    )
    live = live.exclude(entry__edition__kind=Edition.Kind.WITHDRAWN)
    unread = ["words", "entry__edition__document", *([] if are_partial else ["terms"])]
    texts = live.select_related("entry__edition").defer(*unread).in_bulk()
    finder = Finder(query)
    return [
        _result(texts[entry], query.language, finder, _missing(texts[entry], query) if are_partial else ())
        for entry in entries
        if entry in texts
    ]


def _missing(text, query):
    """The words of a query that a text does not have."""
    terms, known = set(text.terms.split()), query.by_concept

    def has(stem):
        return not terms.isdisjoint(stem.terms(query.language, ANYWHERE))

    return tuple(
        word
        for word, stem in query.stems_by_word.items()
        if not has(stem) and not (word in known and all(map(has, known[word].clauses)))
    )


def _result(text, language, finder, missing):
    edition = text.entry.edition
    title = edition.text("title", language)
    lines = (
        (line.removeprefix(HEADING_PREFIX), line.startswith(HEADING_PREFIX))
        for line in placeholders.fill(text.text, language).split("\n")
    )
    description = edition.text("description", language)
    extract = passage(lines, finder) or highlight(description, finder.matches(description), language)
    return Result(
        path=page_path(language, edition.text("address", language)),
        title=mark_safe(highlight(title, finder.matches(title), language)),
        extract=mark_safe(extract),
        modified=timezone.localdate(text.entry.modified_at),
        is_archived=edition.kind == Edition.Kind.ARCHIVED,
        missing=missing,
    )
