"""What a page is parted into: its fields, the segments of each in both languages, and the inline codes in these."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from .. import html, image_marks, working_copy, xliff
from ..document import LANGUAGES, RICH_TEXT, SHARED_PARTS, Block, Document, Text, is_shared, texts
from ..field_kinds import declarations
from ..html import IMAGE_TAG, NOTE, Mark, Run
from ..xliff import Code, Content

Path = tuple[str, ...]

# What people decide themselves: addresses have rules of their own.
LEFT_OUT = frozenset({"address"})

_KINDS = {"strong": "bold", "em": "italic", "a": "link", "data": "x-fact", IMAGE_TAG: "image"}
# That of links, facts, images and of words whose language or meaning is said: each has to come back once.
_PROTECTED = frozenset({"a", "data", "abbr", "span", IMAGE_TAG})
# The texts that an element carries, by its tag and the name of the attribute.
ATTRIBUTE_TEXTS = {"abbr": "title", IMAGE_TAG: "alt"}
# By what a code of one language is that of the other, beside its kind.
_KEYS = {"data": "value", IMAGE_TAG: "src"}


@dataclass(frozen=True, slots=True)
class Inline:
    """An inline code of a text: what it is, and the mark that stands for it; None for a break or a footnote.

    `note` is the number of a footnote among those of its block.
    """

    code: Code
    mark: Mark | None
    note: int | None = None

    @property
    def kind(self) -> str:
        return self.code.kind

    @property
    def identity(self) -> tuple[str, str]:
        """By what a code of one language is that of the other: a fact and an image by their keys too."""
        name = _KEYS.get(self.mark.tag, "") if self.mark else ""
        return self.kind, self.mark.get(name) if self.mark and name else ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The words of one block of a text as content of a segment, with its codes by their ids."""

    block: html.Block
    content: Content
    inlines: Mapping[str, Inline]


class _Reader:
    """Reads the runs of a block as content, and numbers its codes from 1."""

    def __init__(self) -> None:
        self.inlines: dict[str, Inline] = {}
        self.notes = 0

    def leaf(self, block: html.Block) -> Leaf:
        return Leaf(block, self._content(list(block.runs), 0), self.inlines)

    def _content(self, runs: Sequence[Run], depth: int) -> Content:
        parts: list[xliff.Part] = []
        for mark, group in groupby(
            runs, key=lambda run: run.marks[depth] if len(run.marks) > depth else None
        ):
            if mark is None:
                parts += [part for run in group for part in self._words(run.text)]
            else:
                parts += self._marked(mark, list(group), depth)
        return tuple(parts)

    def _words(self, text: str) -> Iterator[xliff.Part]:
        for part in re.split(f"([\n{NOTE}])", text):
            if part == "\n":
                yield self._add("lb", None)
            elif part == NOTE:
                self.notes += 1
                yield self._add("x-footnote", None, note=self.notes - 1)
            elif part:
                yield part

    def _marked(self, mark: Mark, runs: Sequence[Run], depth: int) -> Iterator[xliff.Part]:
        if mark.tag == IMAGE_TAG:
            shown = image_marks.read(mark.attributes).text
            for _place in range(sum(len(run.text) for run in runs)):
                yield self._add("image", mark, text=shown)
        elif mark.tag == "data":
            yield self._add("x-fact", mark, text="".join(run.text for run in runs))
        else:
            number = self._next()
            content = self._content(runs, depth + 1)
            yield self._add(_KINDS.get(mark.tag, f"x-html-{mark.tag}"), mark, content=content, number=number)

    def _next(self) -> str:
        """The next number, which is taken from now on: a code has a lower one than those within it."""
        number = str(len(self.inlines) + 1)
        self.inlines[number] = Inline(Code(number), None)
        return number

    def _add(
        self,
        kind: str,
        mark: Mark | None,
        *,
        text: str = "",
        content: Content | None = None,
        note: int | None = None,
        number: str = "",
    ) -> Code:
        number = number or self._next()
        is_protected = note is not None or mark is not None and mark.tag in _PROTECTED
        code = Code(number, content, kind, text, is_protected)
        self.inlines[number] = Inline(code, mark, note)
        return code


def leaves_of(text: str) -> list[Leaf]:
    return [_Reader().leaf(block) for block in html.leaves(html.parse(text))]


def has_words(content: Content) -> bool:
    """Whether there is anything to translate: a letter or a digit, but for what codes stand for."""
    return any(
        any(map(str.isalnum, part)) if isinstance(part, str) else has_words(part.content or ())
        for part in content
    )


def _shape(blocks: Iterable[html.Block]) -> list[tuple]:
    """What two texts have in common that have the same blocks with words in the same places."""
    return [(block.tag, bool(block.runs), _shape(block.children), _shape(block.notes)) for block in blocks]


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a field. `attribute` is the code whose text it is, within the leaf of that number."""

    id: str
    source: Content
    target: Content | None
    leaf: int
    attribute: str = ""


@dataclass(frozen=True)
class Field:
    """A field of a page with its text in both languages, and what it is parted into.

    `translation` are the leaves of the translation where it has the structure of the source; None otherwise.
    """

    path: Path
    source_language: str
    source: str
    target: str
    is_rich: bool
    max_length: int | None = None

    @property
    def target_language(self) -> str:
        return other_language(self.source_language)

    @property
    def id(self) -> str:
        return ".".join(self.path)

    @cached_property
    def leaves(self) -> list[Leaf]:
        return leaves_of(self.source)

    @cached_property
    def translation(self) -> list[Leaf] | None:
        source, target = html.parse(self.source), html.parse(self.target)
        return leaves_of(self.target) if self.target and _shape(source) == _shape(target) else None

    def counterparts(self, number: int) -> dict[str, Inline] | None:
        """The codes of the translation of a leaf, by the ids of those of the source; None where they do not match.

        Emphasis and the like that only the translation has, such as the « e » of « XIXe », has ids of its own.
        """
        if self.translation is None:
            return None
        own = defaultdict(list)
        for inline in self.translation[number].inlines.values():
            own[inline.identity].append(inline)
        found = {}
        for id_, inline in self.leaves[number].inlines.items():
            if same := own[inline.identity]:
                found[id_] = same.pop(0)
            elif inline.code.is_protected:
                return None
        others = [inline for inlines in own.values() for inline in inlines]
        if any(inline.code.is_protected for inline in others):
            return None
        return found | {f"t{number}": inline for number, inline in enumerate(others, 1)}

    def inlines_of(self, number: int) -> dict[str, Inline]:
        """The codes that a translation of a leaf may have, by their ids: its own where there is one."""
        return {**self.leaves[number].inlines, **(self.counterparts(number) or {})}

    @cached_property
    def pieces(self) -> list[Piece]:
        """Its segments, in reading order."""
        if not self.is_rich:
            return [Piece(self.id, (self.source,), (self.target,) if self.target else None, 0)]
        return [piece for number in range(len(self.leaves)) for piece in self._pieces_of(number)]

    @cached_property
    def pieces_of_leaves(self) -> dict[int, list[Piece]]:
        """The same by the number of their leaf."""
        return {leaf: list(group) for leaf, group in groupby(self.pieces, key=lambda piece: piece.leaf)}

    def _pieces_of(self, number: int) -> Iterator[Piece]:
        leaf, known = self.leaves[number], self.counterparts(number)
        own = f"{self.id}.{number + 1}"
        if has_words(leaf.content):
            target = None
            if known is not None and self.translation is not None:
                ids = {inline.code.id: id_ for id_, inline in known.items()}
                target = _renumbered(self.translation[number].content, ids)
            yield Piece(own, leaf.content, target, number)
        for id_, inline in leaf.inlines.items():
            if words := _attribute_text(inline):
                target_words = _attribute_text(known[id_]) if known and id_ in known else ""
                target = (target_words,) if target_words else None
                yield Piece(f"{own}.{id_}", (words,), target, number, id_)


def known_sources(each: Field, before: str | None) -> set[str] | None:
    """The fingerprints of the segments of a text as it was when it was translated; None where it is not stale."""
    if before is None:
        return None
    return {xliff.fingerprint(piece.source) for piece in replace(each, source=before).pieces}


def _attribute_text(inline: Inline) -> str:
    name = ATTRIBUTE_TEXTS.get(inline.mark.tag, "") if inline.mark else ""
    return inline.mark.get(name) if inline.mark and name else ""


def _renumbered(content: Content, ids: Mapping[str, str]) -> Content:
    """The content of a translation, its codes numbered as those of its source."""
    return tuple(
        part
        if isinstance(part, str)
        else part._replace(
            id=ids[part.id], content=None if part.content is None else _renumbered(part.content, ids)
        )
        for part in content
    )


def other_language(language: str) -> str:
    return LANGUAGES[1 - LANGUAGES.index(language)]


def fields_of(document: Document, source_language: str) -> list[Field]:
    """Returns the fields of a page that have something to translate, in reading order.

    Left out are addresses, and what stands in shared blocks, partner organizations and files to download: these belong
    to all pages.
    """
    blocks = {block.key: block for block in document.blocks}
    target_language = other_language(source_language)
    return [
        Field(
            text.path,
            source_language,
            text.value[source_language],
            text.value[target_language],
            text.path[-1] in RICH_TEXT,
            working_copy.text_field(document, text.path, target_language).max_length,
        )
        for text in texts(document)
        if text.value[source_language] and not _is_left_out(document, text, blocks)
    ]


def _is_left_out(document: Document, text: Text, blocks: Mapping[str, Block]) -> bool:
    *above, name = text.path
    if name in LEFT_OUT or not SHARED_PARTS.keys().isdisjoint(above) or is_shared(document, text.path):
        return True
    block = blocks.get(above[1]) if above else None
    flag = block and declarations(type(block))[name].unless
    return bool(flag and getattr(block, flag))


def needed(fields: Iterable[Field], stale: Mapping[Path, str]) -> list[Field]:
    """Returns the fields without a translation, and those whose source changed since it was translated (`stale`)."""
    return [each for each in fields if not each.target or each.path in stale]


def inline_name(inline: Inline) -> str:
    """What a code is, for people."""
    mark = inline.mark
    if inline.note is not None:
        return _("a footnote")
    if mark is None:
        return _("a line break")
    if mark.tag == "data":
        return _("the fact “%(words)s”") % {"words": inline.code.text}
    if mark.tag == IMAGE_TAG:
        return _("an image")
    names = {"a": _("the link “%(words)s”"), "abbr": _("the abbreviation “%(words)s”")}
    words = xliff.plain_text(inline.code.content or ())
    return names.get(mark.tag, _("the marked words “%(words)s”")) % {"words": words}
