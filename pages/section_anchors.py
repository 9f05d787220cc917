"""The anchors of the sections of a page in each language, and of the headings within these.

By them links and readers come to a part of a page. A section has the one that its heading makes, and so has a heading
within a text unless it has one of its own, which stays when its words change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

from . import html
from .document import Document, heading
from .field_kinds import Kind, names_of
from .html import Heading
from .slugs import slug

# The ids of what surrounds the text; no heading may take one. Tests find what is missing here.
RESERVED_IDS = frozenset({"main", "wb-cont", "wb-info", "wb-dtmd", "contents", "page-details"})


class SectionHeading(NamedTuple):
    """A heading within the text of a block, with the key of the block."""

    block: str
    heading: Heading


def block_anchors(document: Document, language: str) -> dict[str, str]:
    """The anchor of every block with a heading, by the block's key: its heading in this language, made a slug."""
    used: set[str] = set(RESERVED_IDS)
    found = {}
    for block in document.blocks:
        words = heading(block)[language]
        if words:
            found[block.key] = html.free_anchor(slug(words) or block.key, used)
    return found


def pinned_anchors(document: Document, language: str) -> frozenset[str]:
    """The anchors that headings within the texts of a page have of their own."""
    found = (html.headings(markup) for _key, markup in _texts(document, language) if ' id="' in markup)
    return frozenset(each.anchor for each in chain.from_iterable(found) if each.anchor)


def heading_anchors(document: Document, language: str) -> Iterator[SectionHeading]:
    """Gives the headings within the texts of a page in reading order, with the anchors that readers find."""
    used = {*RESERVED_IDS, *block_anchors(document, language).values()}
    pinned = pinned_anchors(document, language)
    for key, markup in _texts(document, language):
        for each in html.headings_of(html.anchored(html.parse(markup), used, pinned)):
            yield SectionHeading(key, each)


def link_anchors(document: Document, language: str) -> dict[str, str]:
    """Where links to parts of a page lead: by the key of a block or the anchor of a heading, the anchor on the page."""
    within = {each.heading.anchor: each.heading.anchor for each in heading_anchors(document, language)}
    return {**within, **block_anchors(document, language)}


def _texts(document: Document, language: str) -> Iterator[tuple[str, str]]:
    """The rich texts of blocks that have headings, with the key of the block, in the order in which they are shown."""
    for block in document.blocks:
        for name in names_of(type(block), Kind.RICH_TEXT):
            markup = getattr(block, name)[language]
            if "<h" in markup:
                yield block.key, markup


def keep_anchors(text: str, before: str, live: Sequence[Heading]) -> str:
    """Returns a text whose headings keep the anchors that they had in the text before, or on the page that is live.

    A heading is the same one when its words are, or when it stands alone in the place of another.
    """
    public = {each.text: each.anchor for each in live}
    old = [(each.text, each.anchor or public.get(each.text, "")) for each in html.headings(before)]
    new = html.headings(text)
    anchors = [""] * len(new)
    matcher = SequenceMatcher(None, [words for words, _ in old], [each.text for each in new], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            kept = [each.anchor for each in html.headings(before)[start:end]]
        else:
            kept = [anchor for _words, anchor in old[start:end]]
        if end - start == new_end - new_start:
            anchors[new_start:new_end] = kept
    own = {each.anchor for each in new}
    return html.with_anchors(
        text,
        ("" if each.anchor or anchor in own else anchor for each, anchor in zip(new, anchors, strict=True)),
    )
