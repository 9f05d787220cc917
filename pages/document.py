"""What one page says, in both languages at once: an immutable value, and its canonical JSON.

Everything that is public, compared, checked or exported is a function of a `Document`. This module knows
no database; `working_copy` turns editors' rows into documents and back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from .images import Image

LANGUAGES = ("en", "fr")

# Fields that hold HTML; all other texts are plain.
RICH_TEXT = frozenset({"body", "introduction"})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in English and in French; either may still be empty in a working copy."""

    en: str = ""
    fr: str = ""

    def __getitem__(self, language: str) -> str:
        return {"en": self.en, "fr": self.fr}[language]

    def __bool__(self) -> bool:
        return bool(self.en or self.fr)

    def missing(self) -> tuple[str, ...]:
        """The languages in which nothing is written, as codes; both when the text is empty altogether."""
        return tuple(language for language in LANGUAGES if not self[language])


NOTHING = Bilingual()


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner organization as it stood when the document was read."""

    key: str
    kind: str
    name: Bilingual = NOTHING
    acronym: Bilingual = NOTHING
    website: Bilingual = NOTHING
    description: Bilingual = NOTHING
    logo: Image | None = None


@dataclass(frozen=True, slots=True)
class TextSection:
    kind: ClassVar[str] = "text"
    key: str
    heading: Bilingual = NOTHING
    body: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class Objective:
    kind: ClassVar[str] = "objective"
    key: str
    title: Bilingual = NOTHING
    body: Bilingual = NOTHING
    partners: tuple[Partner, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerList:
    kind: ClassVar[str] = "partners"
    key: str
    heading: Bilingual = NOTHING
    introduction: Bilingual = NOTHING
    partners: tuple[Partner, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    kind: ClassVar[str] = "figure"
    key: str
    image: Image | None = None
    decorative: bool = False
    alternative_text: Bilingual = NOTHING
    caption: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class PageList:
    """A list of the pages below this one; which they are is known only when it is shown."""

    kind: ClassVar[str] = "pages"
    key: str
    heading: Bilingual = NOTHING


Block = TextSection | Objective | PartnerList | Figure | PageList
BLOCKS: dict[str, type[Block]] = {
    block.kind: block for block in (TextSection, Objective, PartnerList, Figure, PageList)
}


@dataclass(frozen=True, slots=True)
class Document:
    """A whole page. `key` and `parent` are page keys; `parent` is None for the home page alone."""

    key: str
    parent: str | None = None
    position: int = 0
    takes_reports: bool = True
    address: Bilingual = NOTHING
    title: Bilingual = NOTHING
    description: Bilingual = NOTHING
    introduction: Bilingual = NOTHING
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A bilingual text and where it stands: `path` names it from the page down.

    `optional` texts may exist in one language only, such as the address of a website.
    """

    path: tuple[str, ...]
    value: Bilingual
    optional: bool = False


def texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[Text]:
    """Every bilingual text of a document (or part of one), in reading order, the empty ones included."""
    for field in fields(value):
        inner = getattr(value, field.name)
        here = (*path, field.name)
        if isinstance(inner, Bilingual):
            yield Text(here, inner, optional=field.name == "website")
        elif isinstance(inner, tuple) and inner and hasattr(inner[0], "key"):
            for part in inner:
                yield from texts(part, (*here, part.key))


def pictures(document: Document) -> Iterator[Image]:
    """Every image that the document shows, each as often as it is shown."""
    for block in document.blocks:
        if isinstance(block, Figure) and block.image:
            yield block.image
        for partner in getattr(block, "partners", ()):
            if partner.logo:
                yield partner.logo


# JSON: the same document always gives the same text, whatever the database or the active language.


def dumps(document: Document) -> str:
    """Canonical JSON: sorted keys, no optional white space, characters as themselves."""
    data = asdict(document)
    for block, plain in zip(document.blocks, data["blocks"], strict=True):
        plain["kind"] = block.kind
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def loads(text: str) -> Document:
    """The document that `dumps` wrote; fields that an older edition does not have take their defaults."""
    return from_plain(json.loads(text))


def digest(text: str) -> str:
    """SHA-256 of canonical JSON, in hexadecimal: two documents are equal when their digests are."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_plain(data: dict[str, Any]) -> Document:
    """A document from dictionaries and lists as `dumps` writes them.

    Raises KeyError for an unknown kind of block and TypeError for an unknown field.
    """
    return Document(**_values(data))


def _values(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _VALUE.get(name, _same)(value) for name, value in data.items()}


def _same(value: Any) -> Any:
    return value


def _bilingual(value: dict[str, str]) -> Bilingual:
    return Bilingual(**value)


def _image(value: dict[str, Any] | None) -> Image | None:
    return value and Image(**{**value, "widths": tuple(value["widths"])})


def _partners(values: list[dict[str, Any]]) -> tuple[Partner, ...]:
    return tuple(Partner(**_values(value)) for value in values)


def _blocks(values: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(
        BLOCKS[value["kind"]](**_values({name: part for name, part in value.items() if name != "kind"}))
        for value in values
    )


_BILINGUAL = (
    "address title description introduction heading body name acronym website alternative_text caption"
)
_VALUE: dict[str, Any] = {
    **dict.fromkeys(_BILINGUAL.split(), _bilingual),
    "image": _image,
    "logo": _image,
    "partners": _partners,
    "blocks": _blocks,
}
