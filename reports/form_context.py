"""What a report is about: an edition of a page in one language, with no more of it than the form needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString

from pages import rendering
from pages.document import Document, heading
from pages.models.edition import Edition
from pages.public_urls import page_path


class Section(NamedTuple):
    anchor: str
    heading: SafeString
    key: str


@dataclass(frozen=True, slots=True)
class ReportedPage:
    """Has the names of `rendering.PageView`, which takes its place where the form is part of the page itself."""

    key: str
    language: str
    title: SafeString
    path: str
    edition: int
    sections: tuple[Section, ...]
    contact: str = ""
    privacy: str = ""

    def section_key(self, anchor: str) -> str:
        """The key of the block with this anchor; empty for no anchor."""
        return next((section.key for section in self.sections if section.anchor == anchor), "")


def reported_page(edition: Edition, document: Document, language: str, links: dict[str, str]) -> ReportedPage:
    """Returns what a form is about.

    `document` is what the edition holds, which the caller has read; `links` are those of `rendering.linked_paths`.
    """
    return ReportedPage(
        key=document.key,
        language=language,
        title=rendering.plain(document.title[language], language),
        path=page_path(language, document.address[language]),
        edition=edition.number,
        sections=tuple(_sections(document, language)),
        **links,
    )


def _sections(document, language):
    anchors = rendering.block_anchors(document, language)
    for block in document.blocks:
        if block.key in anchors:
            words = heading(block)[language]
            yield Section(anchors[block.key], rendering.plain(words, language), block.key)
