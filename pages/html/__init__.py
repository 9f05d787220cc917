"""Editors' rich text: what of it the site keeps, in one canonical spelling, and what can be read out of it.

`clean` is the only way in. The other functions take what it returned: `parse` gives its blocks and their words, and
`serialize` writes them again.
"""

from .attributes import NOTE_IDS, SCHEMES
from .blocks import (
    CELLS,
    HEADINGS,
    IMAGE,
    IMAGE_TAG,
    LISTS,
    NOTE,
    NOTE_ROLE,
    Attributes,
    Block,
    Blocks,
    Mark,
    Run,
    common_prefix,
    leaves,
    lines_of,
)
from .editing import Edit, anchored, captioned, edited, free_anchor, with_anchors, with_edits
from .parsing import parse
from .reading import (
    Heading,
    Link,
    headings,
    headings_of,
    is_blank,
    is_one_link,
    is_one_table,
    leaf_texts,
    link_mark,
    links,
    plain_text,
    spoken_text,
)
from .sanitizing import clean
from .serializing import Serializer, marked_up, opening, serialize, written

__all__ = [
    "CELLS",
    "HEADINGS",
    "IMAGE",
    "IMAGE_TAG",
    "LISTS",
    "NOTE",
    "NOTE_IDS",
    "NOTE_ROLE",
    "SCHEMES",
    "Attributes",
    "Block",
    "Blocks",
    "Edit",
    "Heading",
    "Link",
    "Mark",
    "Run",
    "Serializer",
    "anchored",
    "captioned",
    "clean",
    "common_prefix",
    "edited",
    "free_anchor",
    "headings",
    "headings_of",
    "is_blank",
    "is_one_link",
    "is_one_table",
    "leaf_texts",
    "leaves",
    "lines_of",
    "link_mark",
    "links",
    "marked_up",
    "opening",
    "parse",
    "plain_text",
    "spoken_text",
    "serialize",
    "with_anchors",
    "with_edits",
    "written",
]
