"""What one page says, in both languages at once: an immutable value, and its canonical JSON.

Everything that is public, compared, checked or exported is a function of a `Document`. This module knows
no database; `working_copy` turns editors' rows into documents and back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from functools import cache, partial
from itertools import pairwise
from typing import Any, ClassVar

from . import image_crops
from .field_kinds import SHARED, Kind, declarations, declare, heading_name, names_of
from .file_formats import VIDEOS
from .image_marks import InlineImage, images_in
from .images import Image
from .stored_files import StoredFile

LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in English and in French; either may still be empty in a working copy."""

    en: str = ""
    fr: str = ""

    def __getitem__(self, language: str) -> str:
        return {"en": self.en, "fr": self.fr}[language]

    def __bool__(self) -> bool:
        return bool(self.en or self.fr)

    def either(self, language: str | None) -> str:
        """The text in a language; in the other one where nothing is written in it, or the language is neither."""
        return (self[language] if language in LANGUAGES else "") or self.en or self.fr

    def missing(self) -> tuple[str, ...]:
        """The languages in which nothing is written, as codes; both when the text is empty altogether."""
        return tuple(language for language in LANGUAGES if not self[language])


NOTHING = Bilingual()

# How the fields below are declared; `field_kinds.Declaration` says what else each may be given.
plain_text = partial(declare, Kind.PLAIN_TEXT, NOTHING)
rich_text = partial(declare, Kind.RICH_TEXT, NOTHING)
an_image = partial(declare, Kind.IMAGE, None)
a_library_image = partial(declare, Kind.LIBRARY_IMAGE, None)
a_file = partial(declare, Kind.FILE, None)
flag = partial(declare, Kind.FLAG)
choice = partial(declare, Kind.CHOICE)
some_terms = partial(declare, Kind.TERMS, ())
some_partners = partial(declare, Kind.PARTNERS, ())
some_downloads = partial(declare, Kind.DOWNLOADS, ())
a_shared_block = partial(declare, Kind.SHARED_BLOCK, "")


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner organization as it stood when the document was read."""

    key: str
    kind: str
    name: Bilingual = plain_text()
    acronym: Bilingual = plain_text()
    website: Bilingual = plain_text(in_one_language=True)
    description: Bilingual = plain_text()
    logo: Image | None = an_image()

    @property
    def label(self) -> Bilingual:
        """What it is known by."""
        return self.name


@dataclass(frozen=True, slots=True)
class Download:
    """A document that readers download, with a file for each language, as it stood when the page was read.

    A document may have a file in one language only; its title is there in both, and says what it is.
    """

    key: str
    title: Bilingual = plain_text()
    file_en: StoredFile | None = a_file()
    file_fr: StoredFile | None = a_file()
    # Of a video: its captions, and what is seen before it plays.
    captions_en: StoredFile | None = a_file()
    captions_fr: StoredFile | None = a_file()
    poster: Image | None = an_image()

    @property
    def label(self) -> Bilingual:
        """What it is known by."""
        return self.title

    def file(self, language: str) -> StoredFile | None:
        """The file of one language; None where there is none."""
        return {"en": self.file_en, "fr": self.file_fr}[language]

    def captions(self, language: str) -> StoredFile | None:
        """The captions in one language; None where there are none."""
        return {"en": self.captions_en, "fr": self.captions_fr}[language]

    @property
    def is_video(self) -> bool:
        """Whether a page can show it: every file that it has is a video."""
        files = [file for file in (self.file_en, self.file_fr) if file]
        return bool(files) and all(file.format in VIDEOS for file in files)

    def file_title(self, language: str) -> str:
        """The title that the file of a language is named after: that of its language, if there is one."""
        return self.title.either(language)


@dataclass(frozen=True, slots=True)
class LibraryImage:
    """An image of the library with all that is known of it. Figures hold a `FigureImage` and the texts they show."""

    key: str
    title: Bilingual = plain_text()
    alternative_text: Bilingual = plain_text()
    credit: Bilingual = plain_text()
    has_words: bool = flag(False)
    image: Image | None = an_image()
    image_fr: Image | None = an_image()
    # What of either is shown, as `image_crops` writes it.
    crop: str = ""
    crop_fr: str = ""
    # The point that must stay where the image is cut, in percent of its width and of its height.
    focus_x: int | None = None
    focus_y: int | None = None

    @property
    def label(self) -> Bilingual:
        """What it is known by."""
        return self.title

    @property
    def lacks_french(self) -> bool:
        """Whether there are words in the image and no file for those who read French."""
        return self.has_words and self.image_fr is None

    @property
    def shown(self) -> FigureImage | None:
        """What a figure that shows it holds; None while it has no file."""
        if self.image is None:
            return None
        file = image_crops.part(self.image, self.crop)
        focus_x, focus_y = self._focus_of_part()
        return FigureImage(
            **{each.name: getattr(file, each.name) for each in fields(Image)},
            key="" if self.key == file.digest else self.key,
            lacks_french=self.lacks_french,
            french=image_crops.part(self.image_fr, self.crop_fr),
            focus_x=focus_x,
            focus_y=focus_y,
        )

    def _focus_of_part(self) -> tuple[int | None, int | None]:
        """The focal point in percent of what is shown of the image."""
        crop = image_crops.parse(self.crop)
        if crop is None or self.image is None or image_crops.part(self.image, self.crop) == self.image:
            return self.focus_x, self.focus_y
        return (
            _within(self.focus_x, self.image.width, crop.left, crop.width),
            _within(self.focus_y, self.image.height, crop.top, crop.height),
        )


def _within(percent: int | None, size: int, start: int, length: int) -> int | None:
    """A place in percent of a size as percent of a stretch of it: its nearer end where it stands outside."""
    if percent is None:
        return None
    return round(100 * min(1, max(0, (percent / 100 * size - start) / length)))


@dataclass(frozen=True, slots=True)
class FigureImage(Image):
    """An image of the library as it stood when the document was read: the file, and one of its own for French.

    `key` names it in the library. It is empty while that is the digest of the file, as it is of images that are older
    than the library, so that documents that were stored before it are equal to those of today. `lacks_french` says that
    there are words in the image and no file for those who read French.
    """

    key: str = ""
    lacks_french: bool = False
    french: Image | None = None
    focus_x: int | None = None
    focus_y: int | None = None

    @property
    def focus(self) -> tuple[int, int] | None:
        """The point that must stay where the image is cut, in percent across and down; None where none was chosen."""
        if self.focus_x is None and self.focus_y is None:
            return None
        across, down = (50 if number is None else number for number in (self.focus_x, self.focus_y))
        return across, down

    @property
    def library_key(self) -> str:
        """The key under which the library has it."""
        return self.key or self.digest

    @property
    def neutral(self) -> Image:
        """The file that stands for both languages, or for English alone, as the storage knows it."""
        return Image(**{each.name: getattr(self, each.name) for each in fields(Image)})

    def file(self, language: str) -> Image:
        """The file that readers of a language see."""
        return self.french if language == "fr" and self.french else self.neutral


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a controlled vocabulary as it stood when the document was read; `code` names it in files."""

    code: str
    label: Bilingual = plain_text()


# For whom a page is was chosen from this list once, and stored by its code alone. A term of this list that still has
# these labels is stored so, which keeps the digests of what was published. Change nothing here.
_LISTED_TERMS = {
    code: Term(code, Bilingual(english, french))
    for code, english, french in (
        ("general-public", "general public", "grand public"),
        ("business", "business", "entreprises"),
        ("educators", "educators", "enseignants"),
        ("funding-applicants", "funding applicants", "demandeurs de financement"),
        ("government", "government", "gouvernement"),
        ("immigrants", "immigrants", "immigrants"),
        ("media", "media", "médias"),
        (
            "non-governmental-organizations",
            "non-governmental organizations",
            "organisations non gouvernementales",
        ),
        ("scientists", "scientists", "scientifiques"),
        ("students", "students", "étudiants"),
        ("travellers", "travellers", "voyageurs"),
    )
}


# The parts that pages share, by the name of the fields of blocks that choose them; images are chosen one by one.
SHARED_PARTS: dict[str, type[Partner] | type[Download] | type[LibraryImage]] = {
    "partners": Partner,
    "downloads": Download,
    "images": LibraryImage,
}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page. Its key stays the same in every edition; `kind` is what JSON and content files call it.

    The blocks of a kind that `is_numbered` are numbered in their order on the page; where it `numbers_each_row`,
    from 1 again after a block of another kind. Those of one that `lists_each_row` are the items of one ordered list
    while they follow one another. Where the kind `can_be_shared`, `shared` is the key of the shared block that this one
    shows, word for word; "" for a block of the page alone.
    """

    kind: ClassVar[str]
    is_numbered: ClassVar[bool] = False
    numbers_each_row: ClassVar[bool] = False
    lists_each_row: ClassVar[bool] = False
    can_be_shared: ClassVar[bool] = False
    key: str
    shared: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class TextSection(Block):
    kind: ClassVar[str] = "text"
    can_be_shared: ClassVar[bool] = True
    heading: Bilingual = plain_text(is_heading=True)
    body: Bilingual = rich_text()


@dataclass(frozen=True, slots=True)
class Objective(Block):
    kind: ClassVar[str] = "objective"
    is_numbered: ClassVar[bool] = True
    title: Bilingual = plain_text(is_heading=True, is_required=True)
    body: Bilingual = rich_text()
    partners: tuple[Partner, ...] = some_partners()


@dataclass(frozen=True, slots=True)
class PartnerList(Block):
    kind: ClassVar[str] = "partners"
    heading: Bilingual = plain_text(is_heading=True)
    introduction: Bilingual = rich_text()
    partners: tuple[Partner, ...] = some_partners(with_descriptions=True)


@dataclass(frozen=True, slots=True)
class Figure(Block):
    kind: ClassVar[str] = "figure"
    image: FigureImage | None = a_library_image(is_required=True)
    decorative: bool = flag(False)
    alternative_text: Bilingual = plain_text(
        describes="image", default_of="image", unless="decorative", is_required=True
    )
    caption: Bilingual = plain_text()
    credit: Bilingual = plain_text(default_of="image")


@dataclass(frozen=True, slots=True)
class PageList(Block):
    """A list of the pages below this one; which they are is known only when it is shown."""

    kind: ClassVar[str] = "pages"
    heading: Bilingual = plain_text(is_heading=True)


@dataclass(frozen=True, slots=True)
class Alert(Block):
    """A message that readers should not miss. Its level says how serious it is."""

    kind: ClassVar[str] = "alert"
    can_be_shared: ClassVar[bool] = True
    level: str = choice("information")
    heading: Bilingual = plain_text(is_heading=True)
    body: Bilingual = rich_text(is_required=True)


@dataclass(frozen=True, slots=True)
class ExpandableSection(Block):
    """A heading under which a text is folded away until a reader opens it."""

    kind: ClassVar[str] = "expandable"
    can_be_shared: ClassVar[bool] = True
    heading: Bilingual = plain_text(is_heading=True, is_required=True)
    body: Bilingual = rich_text(is_required=True)


@dataclass(frozen=True, slots=True)
class Step(Block):
    """One step of a procedure; steps that follow one another are numbered."""

    kind: ClassVar[str] = "step"
    is_numbered: ClassVar[bool] = True
    numbers_each_row: ClassVar[bool] = True
    heading: Bilingual = plain_text(is_heading=True, is_required=True)
    body: Bilingual = rich_text()


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """The words of somebody, and whose they are."""

    kind: ClassVar[str] = "quote"
    can_be_shared: ClassVar[bool] = True
    body: Bilingual = rich_text(is_required=True, is_quotation=True)
    attribution: Bilingual = plain_text(is_required=True)


@dataclass(frozen=True, slots=True)
class Action(Block):
    """The one thing that a page asks its readers to do: a link that stands out."""

    kind: ClassVar[str] = "action"
    can_be_shared: ClassVar[bool] = True
    link: Bilingual = rich_text(is_required=True, is_link=True)


@dataclass(frozen=True, slots=True)
class DescribedLink(Block):
    """A link with what readers find there; some in a row lead on from a page."""

    kind: ClassVar[str] = "link"
    can_be_shared: ClassVar[bool] = True
    link: Bilingual = rich_text(is_required=True, is_link=True)
    description: Bilingual = plain_text(is_required=True)


@dataclass(frozen=True, slots=True)
class Contact(Block):
    """How to reach somebody: each way that there is."""

    kind: ClassVar[str] = "contact"
    can_be_shared: ClassVar[bool] = True
    heading: Bilingual = plain_text(is_heading=True, is_required=True)
    telephone: Bilingual = plain_text()
    teletypewriter: Bilingual = plain_text()
    email: Bilingual = plain_text()
    link: Bilingual = rich_text(is_link=True)
    hours: Bilingual = plain_text()
    postal_address: Bilingual = plain_text()


@dataclass(frozen=True, slots=True)
class DownloadList(Block):
    """A list of documents that readers download; each language shows them in its own alphabetical order."""

    kind: ClassVar[str] = "downloads"
    heading: Bilingual = plain_text(is_heading=True)
    introduction: Bilingual = rich_text()
    downloads: tuple[Download, ...] = some_downloads(is_required=True)


@dataclass(frozen=True, slots=True)
class KeyFigures(Block):
    """Figures that stand out: each item of the text is a fact, shown large, and the words that say what it is."""

    kind: ClassVar[str] = "key-figures"
    can_be_shared: ClassVar[bool] = True
    heading: Bilingual = plain_text(is_heading=True)
    figures: Bilingual = rich_text(is_required=True)


@dataclass(frozen=True, slots=True)
class TimelineEntry(Block):
    """What happened on a date, as the date is written; entries that follow one another are one timeline."""

    kind: ClassVar[str] = "timeline"
    lists_each_row: ClassVar[bool] = True
    date: Bilingual = plain_text(is_required=True)
    heading: Bilingual = plain_text(is_heading=True)
    body: Bilingual = rich_text(is_required=True)


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table with its caption, and the notes that belong to it."""

    kind: ClassVar[str] = "table"
    caption: Bilingual = plain_text(is_required=True)
    table: Bilingual = rich_text(is_required=True, captioned_by="caption")
    notes: Bilingual = rich_text()


@dataclass(frozen=True, slots=True)
class Video(Block):
    """A video of the site, with its captions and with what is said and shown in it as a text."""

    kind: ClassVar[str] = "video"
    heading: Bilingual = plain_text(is_heading=True)
    downloads: tuple[Download, ...] = some_downloads(is_required=True)
    transcript: Bilingual = rich_text(is_required=True)


@dataclass(frozen=True, slots=True)
class SharedPlace(Block):
    """A place for a shared block while none is chosen. A place with one is that block itself, with its `shared`."""

    kind: ClassVar[str] = "shared"
    shared_block: str = a_shared_block(is_required=True)


# Every kind of block, in the order in which editors are offered them.
BLOCKS: dict[str, type[Block]] = {
    block.kind: block
    for block in (
        TextSection,
        Objective,
        PartnerList,
        Figure,
        PageList,
        Alert,
        ExpandableSection,
        Step,
        Quote,
        Action,
        DescribedLink,
        Contact,
        DownloadList,
        KeyFigures,
        TimelineEntry,
        Table,
        Video,
        SharedPlace,
    )
}

# Those that pages can share: all that they say stands in texts and in values that the block itself has.
SHAREABLE: dict[str, type[Block]] = {kind: block for kind, block in BLOCKS.items() if block.can_be_shared}


@dataclass(frozen=True, slots=True)
class Document:
    """A whole page. `key` and `parent` are page keys; `parent` is None for the home page alone."""

    key: str
    parent: str | None = None
    position: int = 0
    takes_reports: bool = flag(True)
    creator: tuple[Term, ...] = some_terms()
    subject: tuple[Term, ...] = some_terms()
    audience: tuple[Term, ...] = some_terms()
    type: tuple[Term, ...] = some_terms()
    coverage: tuple[Term, ...] = some_terms()
    address: Bilingual = plain_text()
    title: Bilingual = plain_text()
    description: Bilingual = plain_text()
    introduction: Bilingual = rich_text()
    blocks: tuple[Block, ...] = declare(Kind.BLOCKS, ())


# The names of the fields that hold HTML, in whatever part of a document; all other texts are plain.
RICH_TEXT = frozenset(
    name
    for part in (Document, *SHARED_PARTS.values(), *BLOCKS.values())
    for name in names_of(part, Kind.RICH_TEXT)
)


# What is said of a page in terms of controlled vocabularies: the names of the fields and of the vocabularies.
VOCABULARIES = names_of(Document, Kind.TERMS)


def terms(document: Document) -> Iterator[tuple[tuple[str, str], Term]]:
    """Gives the terms that a document has, each with its vocabulary and its code."""
    for name in VOCABULARIES:
        for term in getattr(document, name):
            yield (name, term.code), term


def heading(block: Block) -> Bilingual:
    """Returns the heading of a block: nothing where its kind has none or none was written."""
    name = heading_name(type(block))
    return getattr(block, name) if name else NOTHING


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
    for name, declared in declarations(type(value)).items():
        inner, inner_path = getattr(value, name), (*path, name)
        if declared.kind in (Kind.PLAIN_TEXT, Kind.RICH_TEXT):
            yield Text(inner_path, inner, optional=declared.in_one_language)
        elif declared.kind in SHARED or declared.kind is Kind.BLOCKS:
            for part in inner:
                yield from texts(part, (*inner_path, part.key))


def with_rich_text(part: Any, change: Callable[[str, str], str]) -> Any:
    """Returns a document, or a block of one, in which `change` has made each rich text of what it was.

    `change` is given the text and its language.
    """
    changed = {
        name: Bilingual(*(change(getattr(part, name)[language], language) for language in LANGUAGES))
        for name in names_of(type(part), Kind.RICH_TEXT)
    }
    if isinstance(part, Document):
        changed["blocks"] = tuple(with_rich_text(block, change) for block in part.blocks)
    return replace(part, **changed) if changed else part


def text_at(document: Document, path: tuple[str, ...]) -> Bilingual:
    """Returns the text of a document, or of one of its blocks, that stands at a path."""
    part = document if len(path) == 1 else next(block for block in document.blocks if block.key == path[1])
    return getattr(part, path[-1])


def with_text(document: Document, path: tuple[str, ...], language: str, value: str) -> Document:
    """Returns a document in which one text of it, or of one of its blocks, says something else in a language."""
    if len(path) == 1:
        return replace(document, **{path[0]: replace(getattr(document, path[0]), **{language: value})})
    _blocks, key, name = path
    blocks = tuple(
        replace(block, **{name: replace(getattr(block, name), **{language: value})})
        if block.key == key
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def with_shared_blocks(document: Document, current: Mapping[str, Block]) -> Document:
    """Returns a document in which places of shared blocks say what these say in `current`, by their keys."""
    if not any(block.shared in current for block in document.blocks if block.shared):
        return document
    blocks = (
        replace(current[block.shared], key=block.key) if block.shared in current else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def is_shared(document: Document, path: tuple[str, ...] | list[str]) -> bool:
    """Whether a text stands in a shared block, by its path, and so is changed there and not in the page."""
    return path[:1] in (("blocks",), ["blocks"]) and any(
        block.key == path[1] and block.shared for block in document.blocks
    )


def shared_parts(block: Block) -> Iterator[Partner | Download]:
    """Every partner organization and every file to download that a block names."""
    for name in names_of(type(block), *SHARED):
        yield from getattr(block, name)


def shared_part(path: tuple[str, ...] | list[str]) -> tuple[str, str] | None:
    """Returns the shared part in which a text stands, by its path: the name of the field that chooses it, and its key.

    None for a text of the page itself.
    """
    return next(((name, key) for name, key in pairwise(path[:-1]) if name in SHARED_PARTS), None)


def files_offered(document: Document) -> Iterator[tuple[StoredFile, str]]:
    """Every file that a document offers, with the title that it is named after."""
    for block in document.blocks:
        for part in shared_parts(block):
            for language in LANGUAGES if isinstance(part, Download) else ():
                for file in (part.file(language), part.captions(language)):
                    if file:
                        yield file, part.file_title(language)


def images_of_texts(part: Any) -> Iterator[InlineImage]:
    """Every image that stands in a rich text of a document (or of a part of one), in either language."""
    return (image for _language, image in images_by_language(part))


def images_by_language(part: Any) -> Iterator[tuple[str, InlineImage]]:
    """The same, each with the language of its text."""
    for text in texts(part):
        for language in LANGUAGES if text.path[-1] in RICH_TEXT else ():
            for image in images_in(text.value[language]):
                yield language, image


def pictures(document: Document) -> Iterator[Image]:
    """Every image that a document shows, each as often as it is shown."""
    yield from _pictures(document)
    yield from (image.description.file for image in images_of_texts(document) if image.description)


def _pictures(part: Any) -> Iterator[Image]:
    for name, declared in declarations(type(part)).items():
        inner = getattr(part, name)
        if declared.kind is Kind.IMAGE and inner:
            yield inner
        elif declared.kind is Kind.LIBRARY_IMAGE and inner:
            yield from dict.fromkeys(inner.file(language) for language in LANGUAGES)
        elif declared.kind in SHARED or declared.kind is Kind.BLOCKS:
            for inner_part in inner:
                yield from _pictures(inner_part)


# JSON: the same document always gives the same text, whatever the database, the active language or the release.

# The fields of the first release, which canonical JSON always has. A field that is not here was added later, and is
# left out as long as it has its default: so what was stored before keeps its text and its digest. Add nothing to this
# table, and never change the default of a field.
_ORIGINAL: dict[type, frozenset[str]] = {
    Bilingual: frozenset({"en", "fr"}),
    Image: frozenset({"digest", "format", "width", "height", "widths"}),
    FigureImage: frozenset({"digest", "format", "width", "height", "widths"}),
    Partner: frozenset({"key", "kind", "name", "acronym", "website", "description", "logo"}),
    TextSection: frozenset({"key", "heading", "body"}),
    Objective: frozenset({"key", "title", "body", "partners"}),
    PartnerList: frozenset({"key", "heading", "introduction", "partners"}),
    Figure: frozenset({"key", "image", "decorative", "alternative_text", "caption"}),
    PageList: frozenset({"key", "heading"}),
    Document: frozenset(
        "key parent position takes_reports address title description introduction blocks".split()
    ),
}


class UnknownContent(ValueError):
    """Raised for a stored document with a part that this release does not know; the message names the part."""


def dumps(document: Document) -> str:
    """Returns canonical JSON: sorted keys, no optional white space, characters as themselves."""
    return json.dumps(_to_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _to_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        plain = [_to_plain(part) for part in value]
        return plain[0] if len(value) == 1 and isinstance(value[0], Term) else plain
    if not is_dataclass(value):
        return value
    if isinstance(value, Term) and value == _LISTED_TERMS.get(value.code):
        return value.code
    plain = {
        declared.name: _to_plain(getattr(value, declared.name))
        for declared in fields(value)
        if _is_stored(value, declared)
    }
    return {**plain, "kind": value.kind} if isinstance(value, Block) else plain


def _is_stored(value: Any, declared: Field[Any]) -> bool:
    return (
        declared.name in _ORIGINAL.get(type(value), ()) or getattr(value, declared.name) != declared.default
    )


def loads(text: str) -> Document:
    """Returns the document that `dumps` wrote; fields that an older edition does not have take their defaults.

    Raises UnknownContent for one that a newer release wrote with something that this one does not know.
    """
    return from_plain(json.loads(text))


def digest(text: str) -> str:
    """Returns the SHA-256 of canonical JSON, in hexadecimal: two documents are equal when their digests are."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_plain(data: dict[str, Any]) -> Document:
    """Returns a document made of dictionaries and lists as `dumps` writes them.

    Raises UnknownContent for an unknown kind of block and for an unknown field.
    """
    return _build(Document, data)


def _build(dataclass: Any, data: dict[str, Any]) -> Any:
    """The dataclass `dataclass` with the values of a dictionary."""
    readers = _readers(dataclass)
    try:
        return dataclass(
            **{name: readers[name](value) if name in readers else value for name, value in data.items()}
        )
    except TypeError:  # looked at only then, because every public page is read this way
        unknown = data.keys() - {declared.name for declared in fields(dataclass)}
        if not unknown:
            raise
        what = f"the field “{min(unknown)}” of {dataclass.__name__} “{data.get('key', '')}”"
        raise _unknown(what) from None


@cache
def _readers(dataclass: Any) -> dict[str, Callable[[Any], Any]]:
    """What makes the values of a dataclass of those of JSON, by the names of its fields."""
    if issubclass(dataclass, Image):
        return {"widths": tuple, "french": _image}
    kinds = {name: declared.kind for name, declared in declarations(dataclass).items()}
    return {name: _READERS[kind] for name, kind in kinds.items() if kind in _READERS}


def _unknown(what: str) -> UnknownContent:
    return UnknownContent(
        f"This release does not know {what}. A newer release wrote the document: run that one, or a newer one."
    )


def _bilingual(value: dict[str, str]) -> Bilingual:
    if len(value) == 2 and "en" in value and "fr" in value:  # at once, because a page has a hundred of them
        return Bilingual(value["en"], value["fr"])
    return _build(Bilingual, value)


def _image(value: dict[str, Any] | None) -> Image | None:
    return _build(Image, value) if value else None


def _figure_image(value: dict[str, Any] | None) -> FigureImage | None:
    return _build(FigureImage, value) if value else None


def _terms(value: list[Any] | dict[str, Any] | str) -> tuple[Term, ...]:
    """Those of a list, or the one that stands without a list, as one alone is stored."""
    return tuple(map(_term, value if isinstance(value, list) else [value] if value else ()))


def _term(value: dict[str, Any] | str) -> Term:
    if isinstance(value, dict):
        return _build(Term, value)
    return _LISTED_TERMS.get(value, Term(value, Bilingual(value, value)))


def _file(value: dict[str, Any] | None) -> StoredFile | None:
    return _build(StoredFile, value) if value else None


def _partners(values: list[dict[str, Any]]) -> tuple[Partner, ...]:
    return tuple([_build(Partner, value) for value in values])


def _downloads(values: list[dict[str, Any]]) -> tuple[Download, ...]:
    return tuple([_build(Download, value) for value in values])


def _blocks(values: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple([_block(value) for value in values])


def _block(value: dict[str, Any]) -> Block:
    if value["kind"] not in BLOCKS:
        raise _unknown(f"the kind of block “{value['kind']}”")
    return _build(BLOCKS[value["kind"]], {name: part for name, part in value.items() if name != "kind"})


_READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.PLAIN_TEXT: _bilingual,
    Kind.RICH_TEXT: _bilingual,
    Kind.IMAGE: _image,
    Kind.LIBRARY_IMAGE: _figure_image,
    Kind.FILE: _file,
    Kind.TERMS: _terms,
    Kind.PARTNERS: _partners,
    Kind.DOWNLOADS: _downloads,
    Kind.BLOCKS: _blocks,
}
