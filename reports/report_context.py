"""What did the visitor see, and what does the same part of the page say today?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pages.comparison import FieldChange, Line, compare, normalised
from pages.document import Block, Document, heading, texts
from pages.field_kinds import IMAGES, names_of
from pages.models.edition import Edition


class SectionChange(StrEnum):
    """What became of the part of a page that a report is about, in the language of the report."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    PAGE_GONE = "page_gone"


# Those that need somebody's eyes first, when an edition is about to be published.
NEEDS_ATTENTION = (SectionChange.CHANGED, SectionChange.GONE, SectionChange.PAGE_GONE)


@dataclass(frozen=True, slots=True)
class Passage:
    """One field, as the visitor saw it (`seen`) and as it is today (`today`): the same lines, other words marked."""

    is_heading: bool
    seen: tuple[Line, ...]
    today: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ReportContext:
    """`section` is the heading of the part the visitor chose; empty for the whole page."""

    change: SectionChange
    section: str
    passages: tuple[Passage, ...]
    live: Edition | None


def report_context(report) -> ReportContext:
    """The text that a report is about beside today’s; one query, for the live edition."""
    seen = report.edition.read()
    live = Edition.objects.live().readable().filter(page=report.page_id).first()
    today = live.read() if live else None
    part = find_block(seen, report.section)
    changes = _changes(seen, today or seen, report.section)
    return ReportContext(
        change=section_change(seen, today, report.section, report.language),
        section=block_heading(part, report.language) if part else "",
        passages=tuple(_passage(change, report.language) for change in changes),
        live=live,
    )


def section_change(seen: Document, today: Document | None, section: str, language: str) -> SectionChange:
    """Quick: texts are compared as wholes, without regard to spaces and quotation marks."""
    if today is None:
        return SectionChange.PAGE_GONE
    before, after = (find_block(document, section) if section else document for document in (seen, today))
    if section and before and not after:
        return SectionChange.GONE
    return (
        SectionChange.SAME
        if _comparable(before, language) == _comparable(after, language)
        else SectionChange.CHANGED
    )


def find_block(document: Document, key: str) -> Block | None:
    return next((block for block in document.blocks if block.key == key), None)


def block_heading(part: Block, language: str) -> str:
    """What a block is called on the page."""
    return heading(part)[language]


def _comparable(part, language):
    if part is None:
        return []
    words = [(text.path, normalised(text.value[language])) for text in texts(part)]
    return [*words, *(getattr(part, name) for name in names_of(type(part), *IMAGES))]


def _changes(seen: Document, today: Document, section: str) -> list[FieldChange]:
    if section:
        seen, today = (_section_only(document, section) for document in (seen, today))
    comparison = compare(seen, today)
    own = [] if section else list(comparison.fields)
    return [field for field in own if field.name != "address"] + [
        field for change in comparison.blocks for field in change.fields
    ]


def _section_only(document: Document, section: str) -> Document:
    part = find_block(document, section)
    return replace(document, blocks=(part,) if part else ())


def _passage(change: FieldChange, language: str) -> Passage:
    return Passage(
        is_heading=change.name in ("title", "heading"),
        seen=_drop_changes("inserted", change[language]),
        today=_drop_changes("deleted", change[language]),
    )


def _drop_changes(change: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    is_today = change == "deleted"
    lines_left = (
        Line(
            line.element,
            tuple(span for span in line.spans if span.change != change),
            is_today and line.is_reformatted,
            line.images if is_today else (),
        )
        for line in lines
    )
    return tuple(line for line in lines_left if line.spans)
