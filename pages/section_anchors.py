"""The anchors of the sections of a page in each language, by which links and readers come to them."""

from __future__ import annotations

from . import html
from .document import Document, heading
from .slugs import slug

# The ids of what surrounds the text; no heading may take one. Tests find what is missing here.
RESERVED_IDS = frozenset({"main", "wb-cont", "wb-info", "wb-dtmd", "contents", "page-details"})


def block_anchors(document: Document, language: str) -> dict[str, str]:
    """The anchor of every block with a heading, by the block's key: its heading in this language, made a slug."""
    used: set[str] = set(RESERVED_IDS)
    found = {}
    for block in document.blocks:
        words = heading(block)[language]
        if words:
            found[block.key] = html.free_anchor(slug(words) or block.key, used)
    return found
