"""What changed between two documents, in words, in both languages side by side; and which texts are out of date.

Texts are compared without regard to kinds of spaces, quotation marks, line ends and characters of no width, and
never by time.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, islice
from typing import Literal, NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from . import html, image_marks
from .document import (
    LANGUAGES,
    NOTHING,
    RICH_TEXT,
    Bilingual,
    Block,
    Document,
    Download,
    FigureImage,
    Partner,
    texts,
)
from .field_kinds import TEXTS, Kind, names_of
from .html import NOTE, Run, lines_of, link_mark, marked_up, opening, parse
from .image_marks import ImageChange
from .text_cleaning import COMBINING, ZERO_WIDTH, compose, without_zero_width

SpanChange = Literal["same", "inserted", "deleted"]
State = Literal["same", "changed", "inserted", "deleted"]

# Characters of the text of an image by which a note names it.
MAX_IMAGE_NAME = 60


@dataclass(frozen=True, slots=True)
class DiffSpan:
    """Some words that share one fate; plain text, to be escaped."""

    change: SpanChange
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading, list item or cell: `element` is its HTML element, "" for plain text.

    `is_reformatted` when the words stayed and what is bold, an abbreviation or a numbered list did not. `images` are
    those of its images that another file or another text has come for.
    """

    element: str
    spans: tuple[DiffSpan, ...]
    is_reformatted: bool = False
    images: tuple[ImageChange, ...] = ()

    @property
    def state(self) -> State:
        changes = {span.change for span in self.spans}
        is_more = self.is_reformatted or self.images
        return next(iter(changes)) if len(changes) == 1 and not is_more else "changed"

    @property
    def notes(self) -> list[str]:
        """Says in the active language what the words do not show: that the form changed, or an image."""
        notes = [_("Formatting changed")] if self.is_reformatted else []
        for image in self.images:
            name = {"image": Truncator(image.name).chars(MAX_IMAGE_NAME)}
            if image.is_replaced:
                notes.append(_("Image “%(image)s” replaced") % name)
            if image.has_other_text:
                notes.append(_("Alternative text of the image “%(image)s” changed") % name)
        return notes


class Written(NamedTuple):
    """A line as it is written: `markup` is all of its HTML, with the elements that it stands in; "" for plain text."""

    element: str
    text: str
    markup: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a page or block in both languages."""

    name: str
    en: tuple[Line, ...]
    fr: tuple[Line, ...]

    def __getitem__(self, language: str) -> tuple[Line, ...]:
        return {"en": self.en, "fr": self.fr}[language]

    def has_changed(self, language: str) -> bool:
        return any(line.state != "same" for line in self[language])

    @property
    def changed(self) -> bool:
        return any(self.has_changed(language) for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block; `moved` when it now stands elsewhere among the blocks that both documents have.

    `consistency` are changes that are not texts (a picture, who the partners are), as (name, before, after).
    """

    key: str
    kind: str
    state: State
    moved: bool
    fields: tuple[FieldChange, ...]
    facts: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of two documents: the page's own fields, then its blocks in the order of the later document."""

    fields: tuple[FieldChange, ...]
    facts: tuple[tuple[str, str, str], ...]
    blocks: tuple[BlockChange, ...]

    @property
    def changed(self) -> bool:
        return (
            bool(self.facts)
            or any(field.changed for field in self.fields)
            or any(block.state != "same" or block.moved for block in self.blocks)
        )

    def block(self, key: str) -> BlockChange | None:
        """The change of one block; None when neither document has it."""
        return next((block for block in self.blocks if block.key == key), None)


def compare(before: Document, after: Document) -> Comparison:
    """What has to be done to `before` to get `after`."""
    old = {block.key: block for block in before.blocks}
    new = {block.key: block for block in after.blocks}
    moved = _moved_keys([key for key in old if key in new], [key for key in new if key in old])
    return Comparison(
        fields=_fields(before, after),
        facts=_facts(before, after),
        blocks=tuple(
            _block(old.get(key), new.get(key), moved=key in moved)
            for key in _merged_order(list(old), list(new))
        ),
    )


# Blocks.


def _merged_order(old: list[str], new: list[str]) -> list[str]:
    """The later order, with each deleted key after the one that it used to follow."""
    order = list(new)
    for index, key in enumerate(old):
        if key not in new:
            follows = old[index - 1] if index else None
            order.insert(order.index(follows) + 1 if follows in order else 0, key)
    return order


def _moved_keys(old: list[str], new: list[str]) -> set[str]:
    """The fewest keys that must be taken out so that the others are in the same order in both."""
    positions = [old.index(key) for key in new]
    tails: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for index, position in enumerate(positions):
        length = bisect_left(tails, position)
        tails[length : length + 1] = [position]
        last[length : length + 1] = [index]
        before[index] = last[length - 1] if length else None
    stable, index = set(), last[-1] if last else None
    while index is not None:
        stable.add(new[index])
        index = before[index]
    return set(new) - stable


def _block(before: Block | None, after: Block | None, *, moved: bool) -> BlockChange:
    block = after or before
    changes = _fields(before, after)
    facts = _facts(before, after)
    state: State = "same"
    if before is None:
        state = "inserted"
    elif after is None:
        state = "deleted"
    elif facts or any(field.changed for field in changes):
        state = "changed"
    return BlockChange(block.key, block.kind, state, moved, changes, facts)


def _fields(before, after) -> tuple[FieldChange, ...]:
    return tuple(
        _field(name, getattr(before, name, NOTHING), getattr(after, name, NOTHING))
        for name in names_of(type(after or before), *TEXTS)
    )


def _field(name: str, before: Bilingual, after: Bilingual) -> FieldChange:
    return FieldChange(
        name, *(compare_texts(before[language], after[language], name in RICH_TEXT) for language in LANGUAGES)
    )


def _facts(before, after) -> tuple[tuple[str, str, str], ...]:
    """Changes of what is neither text nor block; those of a block that is new or gone are told by its state."""
    if type(before) is not type(after):
        return ()
    return tuple(
        (name, _display(getattr(before, name)), _display(getattr(after, name)))
        for name in names_of(type(after), *Kind)
        if name not in names_of(type(after), *TEXTS, Kind.BLOCKS)
        and getattr(before, name) != getattr(after, name)
    )


def _display(value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shared(part) for part in value)
    if isinstance(value, FigureImage):
        return " | ".join(dict.fromkeys(value.file(language).digest for language in LANGUAGES))
    return "" if value is None else str(value)


def _shared(part: Partner | Download) -> str:
    label = part.label.en or part.label.fr or part.key
    words = (text.value for text in texts(part) if text.value is not part.label)
    files = (getattr(part, name) for name in names_of(type(part), Kind.FILE))
    return " · ".join([
        label,
        *(f"{value.en} | {value.fr}" for value in words if value),
        *(file.digest for file in files if file),
    ])  # fmt: skip


# Texts.


def compare_texts(before: str, after: str, rich: bool = False) -> tuple[Line, ...]:
    """Line by line, then word by word within lines that became other lines. `rich` texts are clean HTML."""
    return compare_lines(
        *(_lines(text) if rich else [Written("", text)] if text else [] for text in (before, after))
    )


def compare_lines(old: Sequence[Written], new: Sequence[Written]) -> tuple[Line, ...]:
    """The same for lines that have been told apart already."""
    matcher = SequenceMatcher(
        None, [_comparison_key(line) for line in old], [_comparison_key(line) for line in new], autojunk=False
    )
    lines: list[Line] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += map(_same_words, old[start:end], new[new_start:new_end])
        else:
            lines += _pair_lines(old[start:end], new[new_start:new_end])
    return tuple(lines)


def _lines(text: str) -> list[Written]:
    """The texts of clean HTML with the element that each stands in; links are followed by where they lead.

    Footnotes come after the line that they belong to.
    """
    return [line for block in parse(text) for line in _written(block, "")]


def _written(block: html.Block, around: str) -> Iterator[Written]:
    """`around` are the tags of the elements that the block stands in."""
    around += opening(block.tag, block.attributes)
    following = iter(block.notes)
    for runs in lines_of(block.runs):
        if text := _with_addresses(runs):
            yield Written(block.tag, text, around + marked_up(runs))
        for note in islice(following, sum(run.text == NOTE for run in runs)):
            yield Written("note", _with_addresses(note.runs).replace("\n", " "), marked_up(note.runs))
    for child in block.children:
        yield from _written(child, around)


def _with_addresses(runs: Sequence[Run]) -> str:
    """The words of runs, each link followed by where it leads."""
    text = ""
    for link, linked in groupby(runs, key=link_mark):
        words = "".join(map(_words, linked))
        text += f"{words} ({link.get('href')})" if link and words.strip(" ") else words
    return text.strip()


def _words(run: Run) -> str:
    """The words of a run, without the places of footnotes; of an image its alternative text, or its key."""
    if run.image:
        image = image_marks.read(run.image.attributes)
        return f"[{image.text or image.key}]" * len(run.text)
    return run.text if run.text != NOTE else ""


def _same_words(old: Written, new: Written) -> Line:
    if old.markup == new.markup:
        return Line(new.element, _span("same", new.text))
    images = tuple(image_marks.changes(old.markup, new.markup))
    markups = (image_marks.without_images(line.markup) if images else line.markup for line in (old, new))
    before, after = map(normalised, markups)
    return Line(new.element, _span("same", new.text), before != after, images)


def _comparison_key(line: Written) -> tuple[str, str]:
    return line.element, normalised(line.text)


def _pair_lines(old: Sequence[Written], new: Sequence[Written]) -> Iterator[Line]:
    """Pairs each new line with the old one that it shares most words with, in order; the rest came or went."""
    start = 0
    for line in new:
        match = _best_match(line.text, old, start)
        if match is None:
            yield Line(line.element, _span("inserted", line.text))
            continue
        yield from (Line(gone.element, _span("deleted", gone.text)) for gone in old[start:match])
        yield from _diff_line(old[match], line)
        start = match + 1
    yield from (Line(gone.element, _span("deleted", gone.text)) for gone in old[start:])


def _diff_line(old: Written, new: Written) -> tuple[Line, ...]:
    """One line with its words marked; where only the element is another, the old line and the new one."""
    images = tuple(image_marks.changes(old.markup, new.markup))
    line = Line(new.element, _diff_words(old.text, new.text), images=images)
    if line.state == "same" and old.element != new.element:
        return Line(old.element, _span("deleted", old.text)), Line(new.element, _span("inserted", new.text))
    return (line,)


def _best_match(text: str, old: Sequence[Written], start: int) -> int | None:
    words = set(normalised(text).split())
    best, share = None, 0.3  # two lines with less in common than this read better as one gone and one new
    for index in range(start, min(len(old), start + 20)):
        others = set(normalised(old[index].text).split())
        common = 2 * len(words & others) / (len(words) + len(others) or 1)
        if common > share:
            best, share = index, common
    return best


_WORD = rf"\s+|[\w{COMBINING}{ZERO_WIDTH}]+|[^\w\s]"

# A paragraph of more characters than this is compared sentence by sentence, or it would take seconds.
SENTENCE_DIFF_LENGTH = 5000


def _diff_words(before: str, after: str) -> tuple[DiffSpan, ...]:
    whole = max(len(before), len(after)) > SENTENCE_DIFF_LENGTH
    old, new = (re.findall(r"[^.;!?]*[.;!?]?\s*" if whole else _WORD, text) for text in (before, after))
    # Spaces are matched only beside words that are: there are too many of them to start from each.
    matcher = SequenceMatcher(
        str.isspace, [normalised(word) for word in old], [normalised(word) for word in new], autojunk=False
    )
    spans: list[tuple[SpanChange, str]] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            spans.append(("same", "".join(new[new_start:new_end])))
            continue
        spans.append(("deleted", "".join(old[start:end])))
        spans.append(("inserted", "".join(new[new_start:new_end])))
    return tuple(DiffSpan(change, text) for change, text in spans if text)


def _span(change: SpanChange, text: str) -> tuple[DiffSpan, ...]:
    return (DiffSpan(change, text),)


_EQUIVALENT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "\u2011": "-"}
)


_HEADING_ID = re.compile(r'(<h[345][^>]*) id="[^"]*"')


def normalised(text: str) -> str:
    """A text without the differences that no reader sees.

    These are kinds of spaces, quotation marks, line ends, soft hyphens, the anchors of headings, and which file of the
    library an image is.
    """
    text = image_marks.as_heard(text)
    text = _HEADING_ID.sub(r"\1", text) if " id=" in text else text
    plain = re.sub(r"\s+", " ", compose(without_zero_width(text)).translate(_EQUIVALENT))
    return plain if plain == " " else re.sub(r'(?<=") | (?=")', "", plain).strip()


# Out of date.

# Addresses differ between the languages anyway: that one of them changed says nothing about the other.
NOT_TRANSLATED = frozenset({"address", "website"})

Key = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Stale:
    """A text that changed in one language and not in the other; `before` is what the changed one used to say."""

    path: tuple[str, ...]
    changed: str
    untouched: str
    before: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TranslationDecisions:
    """What people said about texts, by path and `fingerprint`.

    `settled` need no change; `later` became public before they were translated: the language that is behind, and
    what the other one said until then.
    """

    settled: frozenset[Key] = frozenset()
    later: Mapping[Key, tuple[str, str]] = field(default_factory=dict)


def fingerprint(value: Bilingual) -> str:
    """SHA-256, in hexadecimal, of both languages of a text as readers see them."""
    return hashlib.sha256(
        "\0".join(normalised(value[language]) for language in LANGUAGES).encode()
    ).hexdigest()


def stale(
    document: Document, live: Document, decisions: TranslationDecisions | None = None
) -> tuple[Stale, ...]:
    """The texts of a working copy whose translation needs a look, in reading order.

    A text that is new, or missing in one language, is a matter of parity instead.
    """
    decisions = decisions or TranslationDecisions()
    if document == live and not decisions.later:
        return ()
    before = {text.path: text.value for text in texts(live)}
    found = []
    for text in texts(document):
        old = before.get(text.path, NOTHING)
        if text.value == old and not decisions.later:
            continue  # as most are
        if text.path[-1] in NOT_TRANSLATED or text.value.missing() or old.missing():
            continue
        outdated = _outdated_side(text.path, text.value, old, decisions)
        if outdated:
            language, before_text = outdated
            found.append(Stale(text.path, {"en": "fr", "fr": "en"}[language], language, before_text))
    return tuple(found)


def _outdated_side(
    path: tuple[str, ...], now: Bilingual, old: Bilingual, decisions: TranslationDecisions
) -> tuple[str, str] | None:
    """The language that is behind, and what the other one said when they agreed; None when neither is."""
    changed = {language for language in LANGUAGES if normalised(now[language]) != normalised(old[language])}
    later = decisions.later.get((path, fingerprint(old)))
    if later is None and len(changed) != 1:
        return None
    if later and later[0] in changed or (path, fingerprint(now)) in decisions.settled:
        return None
    if later:
        return later
    language = next(iter(set(LANGUAGES) - changed))
    return language, old[{"en": "fr", "fr": "en"}[language]]
