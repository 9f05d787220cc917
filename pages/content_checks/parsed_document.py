"""A document as rules read it: in each language the pieces of text in reading order, with links, lists and tables.

Takes any text without raising; the rich text that `html.clean` wrote is read exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self, TypeVar

from .. import html, image_marks
from ..document import LANGUAGES, RICH_TEXT, Bilingual, Document, texts
from ..field_kinds import declarations
from ..glossary import NO_GLOSSARY, Glossary
from ..html import LISTS
from .amounts import MASK, Amount, amounts, amounts_in_words

T = TypeVar("T")

# Kinds of pieces.
HEADINGS = frozenset({"title", "heading"})
SENTENCES = frozenset({"paragraph"})
PROSE = frozenset({"paragraph", "item", "definition", "note"})
CELLS = frozenset({"cell", "header"})
BESIDE = frozenset({"description", "caption", "alternative_text"})
# What is in our own words; a quotation and code are not, and the name of an organization is what it is.
WORDS = HEADINGS | PROSE | CELLS | BESIDE | {"term"}
OWN = WORDS | {"name", "acronym"}
ALL = OWN | {"quotation"}

_PLAIN = {
    "name": "name",
    "acronym": "acronym",
    "title": "heading",
    "description": "paragraph",
    "date": "caption",
    "attribution": "caption",
}
_CELL = {"td": "cell", "th": "header"}
_LEVELS = {"h3": 3, "h4": 4, "h5": 5}
_KINDS = {
    **_CELL,
    "caption": "caption",
    "blockquote": "quotation",
    "dt": "term",
    "dd": "definition",
    "note": "note",
    "pre": "code",
}
_TELLING = frozenset({*_LEVELS, *_KINDS, "li"})

URL_OR_EMAIL = re.compile(
    r"(?:https?://|www\.)[^\s<>()«»“”\"]*[^\s<>()«»“”\".,;:!?]|[\w.+-]+@[\w-]+\.[\w.-]*\w"
)
# Words that only one of the languages has and that hardly a sentence does without.
_FUNCTION_WORDS = {
    "en": frozenset("the of and to in is for with by that are this from at which it be has have will its".split()),
    "fr": frozenset("le la les des et à du est pour dans un une que qui au aux par sur avec ce cette sont il".split()),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_ABBREVIATED = frozenset(
    "mr mrs ms dr st ste no nos vs fig inc ltd gen col mm art vol ex cf hon prof rt ch al par sec ss pp approx dept "
    "ave blvd mt sr jr jan feb aug sept oct nov dec janv févr juill tél tel c.-à-d".split()
)
# What a sentence may begin with after “Washington, D.C.”, where nothing else shows whether it is over.
_OPENERS = frozenset(
    "The A An In On At It Its He She They We This That These During From For With After Before There Its Their "
    "Le La Les L Un Une Des En Il Elle Ils Elles Ce Cet Cette Ces Au Aux De Du Dans Pour Par Sa Son Ses Leur".split()
)
_END = re.compile(r"[.!?…]+(?:[ \u00a0\u202f]?[”’»)\]])*(?=[ \u00a0\u202f\n](?![”’»)\]]))")


class Mark(NamedTuple):
    """A stretch of a piece within an element such as a link."""

    tag: str
    start: int
    end: int
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class TextRun:
    """One paragraph, item, cell, heading or plain text.

    `level` is that of a heading, or how deep an item is. `prose` is the text with addresses, code and passages in
    other languages masked, of the same length.
    """

    path: tuple[str, ...]
    language: str
    kind: str
    text: str
    order: int
    level: int = 0
    marks: tuple[Mark, ...] = ()
    prose: str = ""

    def within(self, start: int, end: int, tag: str) -> bool:
        """Whether all of a stretch stands in one element."""
        return any(mark.tag == tag and mark.start <= start and end <= mark.end for mark in self.marks)


class Link(NamedTuple):
    run: TextRun
    start: int
    end: int
    href: str
    hreflang: str

    @property
    def text(self) -> str:
        return self.run.text[self.start : self.end]


class Sentence(NamedTuple):
    run: TextRun
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.run.prose[self.start : self.end]

    @property
    def words(self) -> list[str]:
        return words(self.text)


@dataclass(slots=True)
class Item:
    run: TextRun | None = None
    leads_on: bool = False  # to a list within it


@dataclass(slots=True)
class Listing:
    """A list. `lead_in` is the paragraph just before it, if any; `numbering` what its first number looks like."""

    path: tuple[str, ...]
    ordered: bool
    depth: int
    lead_in: TextRun | None
    numbering: str = "1"
    items: list[Item] = field(default_factory=list)


class Cell(NamedTuple):
    tag: str
    scope: str
    text: str


@dataclass(slots=True)
class Table:
    path: tuple[str, ...]
    caption: str = ""
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class JoinedText:
    """Many pieces as one text, each on a line of its own, so that a pattern is looked for only once."""

    text: str
    starts: list[int]
    runs: list[TextRun]

    @property
    def lowered(self) -> str:
        """The text in small letters, of the same length, in which phrases are found faster."""
        lowered = self.text.lower()
        return lowered if len(lowered) == len(self.text) else self.text

    def locate(self, position: int) -> tuple[TextRun, int]:
        index = bisect_right(self.starts, position) - 1
        return self.runs[index], self.starts[index]


def join_runs(runs: list[TextRun]) -> JoinedText:
    starts, offset = [], 0
    for run in runs:
        starts.append(offset)
        offset += len(run.prose) + 1
    return JoinedText("\n".join(run.prose for run in runs), starts, runs)


class LanguageView:
    """A document in one language."""

    def __init__(self, document: Document, language: str):
        self.document = document
        self.language = language
        self.runs: list[TextRun] = []
        self.lists: list[Listing] = []
        self.tables: list[Table] = []
        self.anchors: set[str] = set()  # those that headings have of their own
        self._joined: dict[tuple[frozenset[str], str], JoinedText] = {}
        self._words: dict[int, list[str]] = {}
        self._sentences: dict[int, list[Sentence]] = {}
        captions, quoted = _captions(document, language), _quoted(document)
        for text in texts(document):
            name = text.path[-1]
            if name in RICH_TEXT:
                around = "blockquote" if text.path in quoted else ""
                _RichTextReader(self, text.path, captions.get(text.path, "")).read(
                    text.value[language], around
                )
            elif text.path != ("address",) and name != "website" and text.value[language].strip():
                self.add(text.path, *_kind_of(text.path), text.value[language])

    def add(
        self, path: tuple[str, ...], kind: str, level: int, text: str, marks: tuple[Mark, ...] = ()
    ) -> TextRun:
        run = TextRun(path, self.language, kind, text, len(self.runs), level, marks, _mask(text, marks))
        self.runs.append(run)
        return run

    def runs_of(self, kinds: frozenset[str]) -> Iterator[TextRun]:
        return (run for run in self.runs if run.kind in kinds)

    def joined(self, kinds: frozenset[str], having: str = "") -> JoinedText:
        """The pieces of these kinds as one text; only those in which the pattern `having` is found, if given."""
        if (kinds, having) not in self._joined:
            has = re.compile(having).search
            runs = [run for run in self.runs_of(kinds) if has(run.prose)]
            self._joined[kinds, having] = join_runs(runs)
        return self._joined[kinds, having]

    @cached_property
    def fields(self) -> dict[tuple[str, ...], list[TextRun]]:
        """The pieces of each field, in reading order."""
        found: dict[tuple[str, ...], list[TextRun]] = {}
        for run in self.runs:
            found.setdefault(run.path, []).append(run)
        return found

    @cached_property
    def links(self) -> list[Link]:
        """Links, each once even where part of its text is in another element."""
        return [
            Link(run, mark.start, mark.end, mark.attributes["href"], mark.attributes.get("hreflang", ""))
            for run in self.runs
            for mark in run.marks
            if mark.tag == "a" and "href" in mark.attributes
        ]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of paragraphs, and each item as one."""
        return [sentence for run in self.runs_of(PROSE) for sentence in self.sentences_of(run)]

    @cached_property
    def amounts(self) -> dict[int, list[Amount]]:
        """The numbers of each piece, by the order of the piece."""
        found: dict[int, list[Amount]] = {}
        for having, read in ((r"\d", amounts), (r"\A[^\d]*\Z", amounts_in_words)):
            text = self.joined(ALL, having)
            for amount in read(text.text, self.language):
                run, offset = text.locate(amount.start)
                moved = amount._replace(start=amount.start - offset, end=amount.end - offset)
                found.setdefault(run.order, []).append(moved)
        return found

    def amounts_of(self, sentence: Sentence) -> list[Amount]:
        """The numbers of a sentence, at their places in its piece."""
        in_run = self.amounts.get(sentence.run.order, [])
        first, last = (bisect_left(in_run, offset, key=_start) for offset in (sentence.start, sentence.end))
        return in_run[first:last]

    def sentences_of(self, run: TextRun) -> list[Sentence]:
        """The sentences of a piece, found once."""
        if run.order not in self._sentences:
            self._sentences[run.order] = list(sentences(run))
        return self._sentences[run.order]

    def words(self, run: TextRun) -> list[str]:
        """The words of a piece, found once."""
        if run.order not in self._words:
            self._words[run.order] = words(run.prose)
        return self._words[run.order]

    @cached_property
    def blocks(self) -> dict[str, list[TextRun]]:
        """The pieces of each block, by its key."""
        found: dict[str, list[TextRun]] = {}
        for run in self.runs:
            if run.path[0] == "blocks":
                found.setdefault(run.path[1], []).append(run)
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of running text as they are written, but for those that begin a sentence."""
        return frozenset(word for sentence in self.sentences for word in sentence.words[1:])


class Memo:
    """Remembers what is worked out from it, so that several rules can ask for the same."""

    def __init__(self) -> None:
        self._memo: dict[Callable, Any] = {}

    def memoised(self, work_out: Callable[[Self], T]) -> T:
        if work_out not in self._memo:
            self._memo[work_out] = work_out(self)
        return self._memo[work_out]


class Claim(NamedTuple):
    """Something that a page says and that other pages may say too: what it is about, as a text that is the same on
    all of them, and what is said of it. `value` and `words` are what rules compare, `said` is what people read.
    """

    about: str
    said: str = ""
    value: str = ""
    words: frozenset[str] = frozenset()


class ClaimByPage(NamedTuple):
    """A claim and the page that makes it."""

    claim: Claim
    key: str
    title: Bilingual


class Site:
    """The documents that pages are compared with, the glossary whose words they should use, and the names of the
    vocabularies from which their metadata should be chosen.

    To check many pages, make one and pass it for all of them.
    """

    def __init__(
        self,
        documents: Iterable[Document] = (),
        glossary: Glossary = NO_GLOSSARY,
        vocabularies: Collection[str] = (),
    ):
        self.documents = tuple(documents)
        self.glossary = glossary
        self.vocabularies = vocabularies
        self._claims: dict[Callable, dict[str, list[ClaimByPage]]] = {}

    @cached_property
    def is_whole(self) -> bool:
        """Whether the home page is there, so that a page that is not there does not exist."""
        return any(document.parent is None for document in self.documents)

    def claims_about(
        self, claims: Callable[[ParsedDocument], Iterable[Claim]], about: str
    ) -> list[ClaimByPage]:
        """What the pages of the site claim about something; `claims` finds the claims of one page."""
        if claims not in self._claims:
            found: dict[str, list[ClaimByPage]] = {}
            for parsed in (ParsedDocument(document, self) for document in self.documents):
                for claim in claims(parsed):
                    by_page = ClaimByPage(claim, parsed.document.key, parsed.document.title)
                    found.setdefault(claim.about, []).append(by_page)
            self._claims[claims] = found
        return self._claims[claims].get(about, [])


class IndexedSite(Site):
    """A site whose claims are known without reading its documents: only those that one document asks for."""

    def __init__(
        self,
        by_page: Mapping[str, list[ClaimByPage]],
        *,
        is_whole: bool,
        glossary: Glossary = NO_GLOSSARY,
        vocabularies: Collection[str] = (),
    ):
        super().__init__(glossary=glossary, vocabularies=vocabularies)
        self.is_whole = is_whole
        self._known = by_page

    def claims_about(
        self, claims: Callable[[ParsedDocument], Iterable[Claim]], about: str
    ) -> list[ClaimByPage]:
        return self._known.get(about, [])


class ParsedDocument(Memo):
    """A document in both languages, and the site that it belongs to, which may hold the document itself."""

    def __init__(self, document: Document, site: Site):
        super().__init__()
        self.document = document
        self.site = site

    @cached_property
    def views(self) -> tuple[LanguageView, LanguageView]:
        """English and French."""
        return parse_languages(self.document)


def parse_languages(document: Document) -> tuple[LanguageView, LanguageView]:
    """A document in English and in French."""
    english, french = (LanguageView(document, language) for language in LANGUAGES)
    return english, french


def words(text: str) -> list[str]:
    """Words without numbers; « l’Irak » and “two-way” are one word each."""
    return _WORD.findall(text)


def function_words(text_words: Iterable[str], language: str) -> tuple[int, int]:
    """Returns how many words, in small letters, show a language, and how many show the other one."""
    listed = list(text_words)
    own = sum(word in _FUNCTION_WORDS[language] for word in listed)
    foreign = sum(word in _FUNCTION_WORDS[LANGUAGES[language == "en"]] for word in listed)
    return own, foreign


def sentences(run: TextRun) -> Iterator[Sentence]:
    start = 0
    for end in _END.finditer(run.prose):
        if _ends_a_sentence(run.prose, end):
            yield Sentence(run, start, end.end())
            start = end.end() + 1
    if run.prose[start:].strip():
        yield Sentence(run, start, len(run.prose))


def _start(amount: Amount) -> int:
    return amount.start


def _ends_a_sentence(text: str, end: re.Match[str]) -> bool:
    """Not after “St.” or an initial, and not before a small letter."""
    following = text[end.end() + 1 : end.end() + 12].lstrip("«“‘( \u00a0\u202f")
    if following[:1].islower() or following[:1] in (":", ";", ","):
        return False
    before = re.search(r"([^\W\d_]+)\Z", text[max(0, end.start() - 12) : end.start()])
    if end[0][0] != "." or not before:
        return True
    if len(before[1]) == 1:
        opener = _WORD.match(following)
        return opener is not None and opener[0].partition("’")[0] in _OPENERS
    return before[1].lower() not in _ABBREVIATED


def _kind_of(path: tuple[str, ...]) -> tuple[str, int]:
    """The kind and level of a plain text, by its place."""
    name = path[-1]
    if len(path) == 1:
        return (name, int(name == "title"))
    if name in ("title", "heading"):
        return ("heading", 2)
    return (_PLAIN.get(name, name), 0)


def _captions(document: Document, language: str) -> dict[tuple[str, ...], str]:
    """The captions of tables that a field of its own holds, by the paths of the tables."""
    return {
        ("blocks", block.key, name): getattr(block, declared.captioned_by)[language]
        for block in document.blocks
        for name, declared in declarations(type(block)).items()
        if declared.captioned_by
    }


def _quoted(document: Document) -> set[tuple[str, ...]]:
    """The paths of the texts that are the words of somebody else."""
    return {
        ("blocks", block.key, name)
        for block in document.blocks
        for name, declared in declarations(type(block)).items()
        if declared.is_quotation
    }


def _mask(text: str, marks: tuple[Mark, ...]) -> str:
    for mark in marks:
        if mark.tag == "code" or mark.tag == "span" and "lang" in mark.attributes:
            text = text[: mark.start] + MASK * (mark.end - mark.start) + text[mark.end :]
    if "@" not in text and "//" not in text and "www." not in text:
        return text
    return URL_OR_EMAIL.sub(lambda found: MASK * len(found[0]), text)


class _RichTextReader:
    """Reads one rich text into the pieces, lists and tables of a view."""

    def __init__(self, view: LanguageView, path: tuple[str, ...], caption: str = ""):
        self.view, self.path = view, path
        self.caption = caption  # of a table, where it is in a field of its own
        self.lists: list[Listing] = []  # the lists now open
        self.table: Table | None = None
        self.cell: list[str] | None = None  # the texts of the cell that is being read
        self.last: TextRun | None = None  # the paragraph just read
        self.notes: list[html.Block] = []

    def read(self, text: str, around: str) -> None:
        """Reads the text, of which each block is within `around`, and then its footnotes."""
        for block in html.parse(text):
            self.read_block(block, around, "")
        for note in self.notes:
            self.last = None
            self.read_block(note, "", "")

    def read_block(self, block: html.Block, around: str, language: str) -> None:
        """`around` is the innermost block around it that tells the kind of a piece, `language` the one it is in."""
        tag = block.tag
        language = block.get("lang") or language
        if tag in _TELLING:
            around = tag
        self.start_block(block)
        if block.runs:
            self.add(block, around, language)
            self.notes += block.notes
        for child in block.children:
            self.read_block(child, around, language)
        self.end_block(block)

    def start_block(self, block: html.Block) -> None:
        match block.tag:
            case "p":
                return
            case "ul" | "ol":
                self.start_list(block)
            case "li" if self.lists:
                self.lists[-1].items.append(Item())
                return
            case "table":
                self.table = Table(self.path, self.caption)
                self.view.tables.append(self.table)
            case "tr" if self.table:
                self.table.rows.append([])
            case "td" | "th":
                self.cell = []
            case "h3" | "h4" | "h5" if anchor := block.get("id"):
                self.view.anchors.add(anchor)
        self.last = None

    def start_list(self, block: html.Block) -> None:
        if self.lists and self.lists[-1].items:
            self.lists[-1].items[-1].leads_on = True
        depth = len(self.lists) + 1
        self.lists.append(Listing(self.path, block.tag == "ol", depth, self.last, _numbering(block)))
        self.view.lists.append(self.lists[-1])

    def end_block(self, block: html.Block) -> None:
        if block.tag in LISTS:
            self.lists.pop()
            self.last = None
        elif block.tag in _CELL and self.table and self.table.rows and self.cell is not None:
            self.table.rows[-1].append(Cell(block.tag, block.get("scope"), " ".join(self.cell)))
            self.cell = None

    def add(self, block: html.Block, around: str, language: str) -> None:
        """Adds the words of a block, if there are any, as a piece, and the alternative texts of its images."""
        for image in block.images:
            self.add_image(image_marks.read(image.attributes).text)
        words = block.words
        text = words.strip(" \n")
        if not text:
            return
        skipped = 0 if text[0] == words[0] else len(words) - len(words.lstrip(" \n"))
        is_plain = len(block.runs) == 1 and not block.runs[0].marks
        marks = [] if is_plain else [*_marks(block.runs, skipped, len(text))]
        if language:
            marks.append(Mark("span", 0, len(text), {"lang": language}))
        item = self.lists[-1].items[-1] if around == "li" and self.lists and self.lists[-1].items else None
        kind, level = _kind_of_block(around, item, len(self.lists))
        run = self.view.add(self.path, kind, level, text, tuple(marks))
        if kind == "item" and item:
            item.run = run
        if self.cell is not None:
            self.cell.append(text)
        if around == "caption" and self.table:
            self.table.caption = text
        self.last = run if kind in PROSE else None

    def add_image(self, text: str) -> None:
        if text:
            self.view.add(self.path, "alternative_text", 0, text)
        if text and self.cell is not None:
            self.cell.append(text)


def _kind_of_block(around: str, item: Item | None, depth: int) -> tuple[str, int]:
    """The kind and level of a piece: only the first one of an item is the item."""
    if around in _LEVELS:
        return "heading", _LEVELS[around]
    if item:
        return ("paragraph", 0) if item.run else ("item", depth)
    return _KINDS.get(around, "paragraph"), 0


def _marks(runs: Iterable[html.Run], skipped: int, length: int) -> Iterator[Mark]:
    """The marks of a text of some length, from which characters were `skipped` at the beginning, as they end.

    An image among the words is a mark without any.
    """
    position = -skipped
    opened: list[tuple[html.Mark, int]] = []
    for text, marks in (*runs, html.Run("")):
        if html.NOTE in text or html.IMAGE in text:
            if html.IMAGE in text and 0 < position < length:
                yield Mark(html.IMAGE_TAG, position, position, {})
            text = text.replace(html.NOTE, "").replace(html.IMAGE, "")
        marks = tuple(mark for mark in marks if mark.tag != html.IMAGE_TAG)
        shared = len(html.common_prefix(tuple(mark for mark, _start in opened), marks))
        while len(opened) > shared:
            mark, start = opened.pop()
            if start < length and start < position:
                yield Mark(mark.tag, start, min(position, length), dict(mark.attributes))
        opened += [(mark, max(position, 0)) for mark in marks[shared:]]
        position += len(text)


def _numbering(listing: html.Block) -> str:
    """“1” for numbers from 1, “3 a” for letters from the third one."""
    return " ".join(filter(None, map(listing.get, ("start", "type", "reversed")))) or "1"
