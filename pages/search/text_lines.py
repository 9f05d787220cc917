"""What of a page can be found in one language: its lines of text, in reading order, headings marked as such."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..document import Document, Partner
from ..field_kinds import Declaration, Kind, declarations
from ..html import HEADINGS, leaves, parse, spoken_text
from ..text_cleaning import clean_line


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, an item, a cell or a heading, in plain text."""

    text: str
    is_heading: bool = False


def lines(document: Document, language: str) -> Iterator[Line]:
    """Everything that a reader of the page sees or hears, but for its title and what belongs to other pages."""
    yield from _rich(document.introduction[language])
    for block in document.blocks:
        for name, declared in declarations(type(block)).items():
            if not (declared.unless and getattr(block, declared.unless)):
                yield from _lines_of_field(getattr(block, name), declared, language)


def _lines_of_field(value, declared: Declaration, language: str) -> Iterator[Line]:
    if declared.kind is Kind.PLAIN_TEXT:
        yield from _plain(value[language], is_heading=declared.is_heading)
    elif declared.kind is Kind.RICH_TEXT:
        yield from _rich(value[language])
    elif declared.kind is Kind.PARTNERS:
        for partner in value:
            yield from _plain(_partner_label(partner, language))
            if declared.with_descriptions:
                yield from _plain(partner.description[language])
    elif declared.kind is Kind.DOWNLOADS:
        for download in value:
            yield from _plain(download.title[language])


def _partner_label(partner: Partner, language: str) -> str:
    name, acronym = partner.name[language], partner.acronym[language]
    return f"{name} ({acronym})" if acronym else name


def _rich(markup: str) -> Iterator[Line]:
    """Lines of rich text, its footnotes last."""
    found = leaves(parse(markup))
    if any(leaf.notes for leaf in found):
        found.sort(key=lambda leaf: leaf.tag == "note")
    for leaf in found:
        for line in "".join(map(spoken_text, leaf.runs)).split("\n"):
            yield from _plain(line, is_heading=leaf.tag in HEADINGS)


def _plain(text: str, *, is_heading: bool = False) -> Iterator[Line]:
    tidy = " ".join(clean_line(text).split())
    if tidy:
        yield Line(tidy, is_heading)
