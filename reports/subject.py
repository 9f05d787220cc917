"""What a report is about: an edition of a page in one language, with no more of it than the form needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString

from pages import rendering
from pages.addresses import path_of
from pages.document import Document
from pages.editions import Edition


class Section(NamedTuple):
    anchor: str
    heading: SafeString
    key: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Has the names of `rendering.PageView`, which takes its place where the form is part of the page itself."""

    key: str
    language: str
    title: SafeString
    path: str
    edition: int
    sections: tuple[Section, ...]

    def key_of(self, anchor: str) -> str:
        """The key of the block with this anchor; empty for no anchor."""
        return next((section.key for section in self.sections if section.anchor == anchor), "")


def subject_of(edition: Edition, document: Document, language: str) -> Subject:
    """`document` is what the edition holds: the caller has read it already."""
    return Subject(
        key=document.key,
        language=language,
        title=rendering.plain(document.title[language], language),
        path=path_of(language, document.address[language]),
        edition=edition.number,
        sections=tuple(_sections(document, language)),
    )


def _sections(document, language):
    anchors = rendering.anchors(document, language)
    for block in document.blocks:
        if block.key in anchors:
            heading = getattr(block, "title", None) or block.heading
            yield Section(anchors[block.key], rendering.plain(heading[language], language), block.key)
