"""What of a page can be found in one language: its lines of text, in reading order, headings marked as such."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ..document import Document, Figure, Objective, Partner, PartnerList, TextSection

_BREAK = re.compile(r"<br>|\n|(?=<h[34][ >])|</(?:p|h3|h4|li|td|th|caption|blockquote|table)>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, an item, a cell or a heading, in plain text."""

    text: str
    is_heading: bool = False


def lines(document: Document, language: str) -> Iterator[Line]:
    """Everything that a reader of the page sees or hears, but for its title and what belongs to other pages."""
    yield from _rich(document.introduction[language])
    for block in document.blocks:
        heading = block.title if isinstance(block, Objective) else getattr(block, "heading", None)
        if heading:
            yield from _plain(heading[language], is_heading=True)
        yield from _content(block, language)


def _content(block, language: str) -> Iterator[Line]:
    if isinstance(block, TextSection | Objective):
        yield from _rich(block.body[language])
    if isinstance(block, PartnerList):
        yield from _rich(block.introduction[language])
    for partner in getattr(block, "partners", ()):
        yield from _plain(_named(partner, language))
        if isinstance(block, PartnerList):
            yield from _plain(partner.description[language])
    if isinstance(block, Figure):
        if not block.decorative:
            yield from _plain(block.alternative_text[language])
        yield from _plain(block.caption[language])


def _named(partner: Partner, language: str) -> str:
    name, acronym = partner.name[language], partner.acronym[language]
    return f"{name} ({acronym})" if acronym else name


def _rich(markup: str) -> Iterator[Line]:
    """Lines of rich text. It is in the canonical form of `html.sanitise`, so its tags need no parser."""
    for part in _BREAK.split(markup):
        is_heading = part.startswith(("<h3", "<h4"))
        yield from _plain(html.unescape(_TAG.sub("", part)), is_heading=is_heading)


def _plain(text: str, *, is_heading: bool = False) -> Iterator[Line]:
    tidy = unicodedata.normalize("NFC", " ".join(text.split()))
    if tidy:
        yield Line(tidy, is_heading)
