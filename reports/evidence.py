"""What did the visitor see, and what does the same part of the page say today?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pages.comparison import FieldChange, Line, compare, normalised
from pages.document import Block, Document, texts
from pages.editions import Edition


class Fate(StrEnum):
    """What became of the part of a page that a report is about, in the language of the report."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    PAGE_GONE = "page_gone"


# Those that need somebody's eyes first, when an edition is about to be published.
FIRST = (Fate.CHANGED, Fate.GONE, Fate.PAGE_GONE)


@dataclass(frozen=True, slots=True)
class Passage:
    """One field, as the visitor saw it (`seen`) and as it is today (`today`): the same lines, other words marked."""

    is_heading: bool
    seen: tuple[Line, ...]
    today: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`section` is the heading of the part the visitor chose; empty for the whole page."""

    fate: Fate
    section: str
    passages: tuple[Passage, ...]
    live: Edition | None


def evidence(report) -> Evidence:
    """The text that a report is about beside today’s; one query, for the live edition."""
    seen = report.edition.read()
    live = Edition.objects.live().readable().filter(page=report.page_id).first()
    today = live.read() if live else None
    part = block(seen, report.section)
    changes = _changes(seen, today or seen, report.section)
    return Evidence(
        fate=fate(seen, today, report.section, report.language),
        section=heading(part, report.language) if part else "",
        passages=tuple(_passage(change, report.language) for change in changes),
        live=live,
    )


def fate(seen: Document, today: Document | None, section: str, language: str) -> Fate:
    """Quick: texts are compared as wholes, without regard to spaces and quotation marks."""
    if today is None:
        return Fate.PAGE_GONE
    before, after = (block(document, section) if section else document for document in (seen, today))
    if section and before and not after:
        return Fate.GONE
    return Fate.SAME if _words(before, language) == _words(after, language) else Fate.CHANGED


def block(document: Document, key: str) -> Block | None:
    return next((block for block in document.blocks if block.key == key), None)


def heading(part: Block, language: str) -> str:
    """What a block is called on the page."""
    named = getattr(part, "title", None) or getattr(part, "heading", None)
    return named[language] if named else ""


def _words(part, language):
    if part is None:
        return []
    said = [(text.path, normalised(text.value[language])) for text in texts(part)]
    return [*said, getattr(part, "image", None)]


def _changes(seen: Document, today: Document, section: str) -> list[FieldChange]:
    if section:
        seen, today = (_only(document, section) for document in (seen, today))
    comparison = compare(seen, today)
    own = [] if section else list(comparison.fields)
    return [field for field in own if field.name != "address"] + [
        field for change in comparison.blocks for field in change.fields
    ]


def _only(document: Document, section: str) -> Document:
    part = block(document, section)
    return replace(document, blocks=(part,) if part else ())


def _passage(change: FieldChange, language: str) -> Passage:
    return Passage(
        is_heading=change.name in ("title", "heading"),
        seen=_without("inserted", change[language]),
        today=_without("deleted", change[language]),
    )


def _without(fate: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    kept = (Line(line.element, tuple(run for run in line.runs if run.fate != fate)) for line in lines)
    return tuple(line for line in kept if line.runs)
