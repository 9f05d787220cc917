"""Finds a text in all that pages say, in working copies and live editions; replaces it in what is not published yet.

The database narrows the pages down by parts of the text, and the texts of these pages are then read. What has marks
within a word, as a letter in bold, is not found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_, or_

from django.core.exceptions import ValidationError
from django.db.models import CharField, ExpressionWrapper, F, Field, Model, Q, TextField
from django.db.models.lookups import Contains, IContains

from . import text_matching, working_copy
from .document import LANGUAGES, RICH_TEXT, Document, is_shared, texts, with_text
from .field_kinds import TEXTS, names_of
from .fields import RichTextField
from .models.blocks import BLOCK_MODELS
from .models.edition import Edition
from .models.fact import Fact
from .models.page import Page
from .models.shared_block import SharedBlock
from .models.shared_parts import SHARED_DECLARATIONS
from .text_matching import Match

# How many pages are read for one screen, and how many places it shows, of all pages and of one.
MAX_PAGES, MAX_PLACES, MAX_PLACES_OF_A_PAGE = 100, 500, 200
# What is found but never replaced: addresses have rules of their own.
KEPT = frozenset({"address", "website"})

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for."""

    text: str
    match_case: bool = False
    languages: tuple[str, ...] = LANGUAGES

    @property
    def pattern(self) -> re.Pattern[str]:
        return text_matching.pattern_of(self.text, match_case=self.match_case)


@dataclass(frozen=True, slots=True)
class Place:
    """One place at which a page says the text. `is_link` is one in the address of a link."""

    path: Path
    language: str
    match: Match
    is_link: bool
    is_draft: bool
    is_live: bool


@dataclass(frozen=True, slots=True)
class PageMatches:
    """What was found in one page: its working copy, its live edition (None if it has none), and the places in both."""

    page: Page
    document: Document
    live: Edition | None
    live_document: Document | None
    places: tuple[Place, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Pages in tree order, and where to go on from; None where that was all."""

    pages: tuple[PageMatches, ...]
    next_start: int | None


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """One place in a text that pages share: the row that has it, the name of its column, and the language."""

    row: Model
    column: str
    language: str
    match: Match


class TextRefused(Exception):
    """Raised where a replacement gives a text that its field does not take; `messages` say why."""

    def __init__(self, path: Path, language: str, messages: list[str]):
        self.path, self.language, self.messages = path, language, messages
        super().__init__(" ".join(messages))


def find(query: Query, *, start: int = 0, drafts_only: bool = False) -> Found:
    """Looks for a text in the next pages that may have it. As many queries for many of them as for few."""
    ids = _candidates(query, drafts_only=drafts_only)
    batch = ids[start : start + MAX_PAGES]
    pages = Page.objects.with_content().in_bulk(batch)
    live = {}
    if not drafts_only:
        live = {
            edition.page_id: edition for edition in Edition.objects.live().readable().filter(page__in=batch)
        }
    found, count = [], 0
    for number, key in enumerate(batch, start=start + 1):
        matches = _page_matches(query, pages[key], live.get(key)) if key in pages else None
        if matches and matches.places:
            found.append(matches)
            count += len(matches.places)
        if count >= MAX_PLACES:
            return Found(tuple(found), number if number < len(ids) else None)
    end = start + len(batch)
    return Found(tuple(found), end if end < len(ids) else None)


def find_shared(query: Query, model: type[Model]) -> list[SharedPlace]:
    """Looks for a text in all rows of a table that pages share, such as that of images: one query."""
    columns = [column for column in _text_columns(model) if column[-2:] in query.languages]
    rows = model._default_manager.filter(_has_parts(columns, query.text)).order_by("pk")
    places = (
        SharedPlace(row, column, column[-2:], match)
        for row in rows[:MAX_PAGES]
        for column in columns
        for match in text_matching.matches(
            getattr(row, column) or "",
            query.pattern,
            rich=isinstance(model._meta.get_field(column), RichTextField),
        )
    )
    return list(islice(places, MAX_PLACES_OF_A_PAGE))


def _text_columns(model: type[Model]) -> list[str]:
    """The columns that hold words in one of the languages, and not what stands for a file or for a part of an image."""
    names = {f"name_{language}" for language in LANGUAGES}  # staff call a shared block so
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and field.name.endswith(tuple(f"_{language}" for language in LANGUAGES))
        and (hasattr(field, "translated_field") or field.name in names)
    ]


def find_in_facts(query: Query) -> list[SharedPlace]:
    """Looks for a text in the names of facts, and in the words that texts say of them: one query."""
    places = (
        SharedPlace(fact, name, language, match)
        for fact in Fact.objects.order_by("key")
        for name in ("name", "words")
        for language in query.languages
        for match in text_matching.matches(getattr(fact, name)[language], query.pattern, rich=False)
    )
    return list(islice(places, MAX_PLACES_OF_A_PAGE))


def _candidates(query: Query, *, drafts_only: bool) -> list[int]:
    """The ids of pages that have the parts of the text in one of their texts, in tree order."""
    found: set[int] = set()
    for model in (Page, *BLOCK_MODELS):
        part, key = (Document, "pk") if model is Page else (model.declaration, "parent")
        columns = [f"{name}_{language}" for name in names_of(part, *TEXTS) for language in query.languages]
        if columns:
            found |= set(
                model.objects.filter(_has_parts(columns, query.text)).order_by().values_list(key, flat=True)
            )
    if not drafts_only:
        editions = Edition.objects.live().readable().filter(_has_parts(["document"], query.text))
        found |= set(editions.order_by().values_list("page", flat=True))
    return [page for page in Page.objects.in_tree_order().values_list("pk", flat=True) if page in found]


def _has_parts(columns: Iterable[str], text: str) -> Q:
    """That one of some columns has every part of a text by which databases can look for it."""
    parts, some = text_matching.searchable_parts(text), Q(pk__in=[])
    for column in columns:
        # Not the column's own type, which would clean what is looked for as if it were a text of its own.
        value = ExpressionWrapper(F(column), output_field=TextField())
        if parts:
            some |= reduce(and_, (Q(IContains(value, part)) for part in parts))
            some |= _has_one(value, text_matching.USUAL_ZERO_WIDTH)
        else:
            some |= _has_one(value, text_matching.possible_starts(text))
    return some


def _has_one(value: ExpressionWrapper, characters: Iterable[str]) -> Q:
    """That a column has one of some characters."""
    return reduce(or_, (Q(Contains(value, character)) for character in characters))


def _page_matches(query: Query, page: Page, live: Edition | None) -> PageMatches:
    document, live_document = working_copy.read(page), live.read() if live else None
    drafted = dict(_matches(query, document))
    public = dict(_matches(query, live_document)) if live_document else {}
    places = [
        Place(
            path,
            language,
            match,
            is_link,
            is_draft=True,
            is_live=(path, language, is_link, *around) in public,
        )
        for (path, language, is_link, *around), match in drafted.items()
    ]
    places += [
        Place(path, language, match, is_link, is_draft=False, is_live=True)
        for (path, language, is_link, *around), match in public.items()
        if (path, language, is_link, *around) not in drafted
    ]
    is_cut = len(places) > MAX_PLACES_OF_A_PAGE
    return PageMatches(page, document, live, live_document, tuple(places[:MAX_PLACES_OF_A_PAGE]), is_cut)


def _matches(query: Query, document: Document) -> Iterator[tuple[tuple, Match]]:
    """Each match of a document by what makes it the same one in another document: the field and the words around it."""
    pattern, seen = query.pattern, {}
    for text in texts(document):
        if "partners" in text.path[:-1] or is_shared(document, text.path):
            continue  # they belong to all pages
        is_rich = text.path[-1] in RICH_TEXT
        for language in query.languages:
            value = text.value[language]
            found = [(False, match) for match in text_matching.matches(value, pattern, rich=is_rich)]
            if is_rich:
                found += [(True, match) for match in text_matching.link_matches(value, pattern)]
            for is_link, match in found:
                key = (text.path, language, is_link, match.attribute, match.before, match.found, match.after)
                seen[key] = seen.get(key, 0) + 1
                yield (*key, seen[key]), match


def replace_in(
    document: Document, query: Query, replacement: str, chosen: Mapping[tuple[Path, str], Collection[int]]
) -> tuple[Document, int]:
    """Returns the document with a replacement at some places, and how many these were.

    `chosen` has the indexes of matches by path and language. Addresses, partner organizations and shared blocks stay.
    Raises TextRefused when a text would become too long or break the rule of its field.
    """
    pattern, count = query.pattern, 0
    for (path, language), indexes in chosen.items():
        text = next((text.value for text in texts(document) if text.path == path), None)
        if text is None or path[-1] in KEPT or "partners" in path[:-1] or is_shared(document, path):
            continue
        rich = path[-1] in RICH_TEXT
        known = _replaceable(text[language], pattern, rich=rich)
        wanted = known & set(indexes)
        value = text_matching.replaced(text[language], pattern, replacement, rich=rich, chosen=wanted)
        document = with_text(document, path, language, _checked(document, path, language, value))
        count += len(wanted)
    return document, count


def _replaceable(text: str, pattern: re.Pattern[str], *, rich: bool) -> set[int]:
    """The indexes of the matches of a text that may be replaced: those with words of a fact may not."""
    return {match.index for match in text_matching.matches(text, pattern, rich=rich) if not match.is_fact}


def replaceable_columns(row: Model) -> list[str]:
    """Returns the columns of a row that pages share in which a text is replaced: its texts, but for addresses."""
    declaration = row.declaration if isinstance(row, SharedBlock) else SHARED_DECLARATIONS[type(row)]
    names = [name for name in names_of(declaration, *TEXTS) if name not in KEPT]
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


def replace_in_row(row: Model, query: Query, replacement: str, chosen: Mapping[str, Collection[int]]) -> int:
    """Replaces a text at some places of a row that pages share, does not save it, and returns how many these were.

    `chosen` has the indexes of matches by column. Raises TextRefused as `replace_in` does, with the column as the path.
    """
    pattern, count = query.pattern, 0
    for column in replaceable_columns(row):
        before, rich = getattr(row, column) or "", isinstance(row._meta.get_field(column), RichTextField)
        known = _replaceable(before, pattern, rich=rich)
        wanted = known & set(chosen.get(column, ())) if column[-2:] in query.languages else set()
        if wanted:
            value = text_matching.replaced(before, pattern, replacement, rich=rich, chosen=wanted)
            setattr(row, column, _accepted(_column(row, column), (column,), column[-2:], value))
            count += len(wanted)
    return count


def _column(row: Model, column: str):
    """The column of the model that says what a text may hold: for a shared block, that of its kind."""
    model = row.model if isinstance(row, SharedBlock) else type(row)
    return model._meta.get_field(column)


def _checked(document: Document, path: Path, language: str, value: str) -> str:
    """The text, if the field of the form would take it. Raises TextRefused."""
    return _accepted(working_copy.text_field(document, path, language), path, language, value)


def _accepted(field: Field, path: Path, language: str, value: str) -> str:
    if value:
        try:
            field.run_validators(value)
        except ValidationError as error:
            raise TextRefused(path, language, error.messages) from None
    return value
