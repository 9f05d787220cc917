"""The kinds of fields that a page and its blocks are made of, declared beside the name of each field in `document`.

Whatever is done with documents (stored, edited, compared, merged, searched, written to files) is done for a kind of
field and not for a name, so that a new kind of block, or a new field, is a declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, auto
from functools import cache
from types import MappingProxyType
from typing import Any


class Kind(Enum):
    """What a field holds, and so how it is treated everywhere."""

    VALUE = auto()  # a key, a number or whatever else is stored as it is; code that needs it names it
    PLAIN_TEXT = auto()  # bilingual, one line
    RICH_TEXT = auto()  # bilingual, clean HTML
    IMAGE = auto()  # without a language, like all that follow
    LIBRARY_IMAGE = auto()  # chosen from those that pages share, with its files for both languages
    FILE = auto()  # that readers download, of one language
    FLAG = auto()  # yes or no
    CHOICE = auto()  # one of the values that the field of the model lists
    TERMS = auto()  # of the vocabulary that has the name of the field, in the order of their codes
    PARTNERS = auto()  # partner organizations, in the order of their keys
    DOWNLOADS = auto()  # files to download, in the order of their keys
    SHARED_BLOCK = auto()  # a block that pages share; a document has the block itself instead
    BLOCKS = auto()  # the parts of a page


TEXTS = frozenset({Kind.PLAIN_TEXT, Kind.RICH_TEXT})
# What is edited as one value without a language, beside the texts.
VALUES = frozenset(
    {Kind.IMAGE, Kind.LIBRARY_IMAGE, Kind.FILE, Kind.FLAG, Kind.CHOICE, Kind.TERMS, Kind.SHARED_BLOCK}
)
# What is seen as a picture.
IMAGES = frozenset({Kind.IMAGE, Kind.LIBRARY_IMAGE})
# Parts that are written once and shared by pages, which choose them.
SHARED = frozenset({Kind.PARTNERS, Kind.DOWNLOADS})


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of a field beside its name and its type."""

    kind: Kind = Kind.VALUE
    is_heading: bool = False  # names its block, and stands above it as a heading of level 2
    is_required: bool = False  # keeps a page from being published while it is empty
    is_link: bool = False  # of rich text: one link and nothing else
    is_quotation: bool = False  # of rich text: the words of somebody else
    captioned_by: str = ""  # of rich text: one table and nothing else, whose caption this field holds
    in_one_language: bool = False  # may exist in one language only
    describes: str = ""  # the image that this text stands for where it is not seen
    default_of: str = ""  # the image of the library whose own text is taken where this one is empty
    unless: str = ""  # the flag that makes this field mean nothing
    with_descriptions: bool = False  # of partners: their descriptions are shown, not only their names


PLAIN_VALUE = Declaration()


def declare(kind: Kind, default: Any, **more: Any) -> Any:
    """Returns a field of a dataclass with a kind, a default and whatever else a `Declaration` says."""
    return field(default=default, metadata={"declaration": Declaration(kind, **more)})


@cache
def declarations(part: type) -> Mapping[str, Declaration]:
    """Returns what is declared of each field of a document or block, by name, in the order of the fields."""
    return MappingProxyType({
        part_field.name: part_field.metadata.get("declaration", PLAIN_VALUE) for part_field in fields(part)
    })  # fmt: skip


@cache
def names_of(part: type, *kinds: Kind) -> tuple[str, ...]:
    """Returns the names of the fields of these kinds, in the order of the fields."""
    return tuple(name for name, declared in declarations(part).items() if declared.kind in kinds)


@cache
def heading_name(part: type) -> str:
    """Returns the name of the field that is the heading of a block; "" where it has none."""
    return next((name for name, declared in declarations(part).items() if declared.is_heading), "")
