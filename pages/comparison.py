"""What changed between two documents, in words, in both languages side by side; and which texts are out of date.

Texts are compared without regard to kinds of spaces, quotation marks and line ends, and never by time.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from html import unescape
from itertools import groupby
from typing import Literal

from .document import LANGUAGES, NOTHING, RICH_TEXT, Bilingual, Block, Document, Partner, texts

Fate = Literal["same", "inserted", "deleted"]
State = Literal["same", "changed", "inserted", "deleted"]


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that share one fate; plain text, to be escaped."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading, list item or cell: `element` is its HTML element, "" for plain text."""

    element: str
    runs: tuple[Run, ...]

    @property
    def state(self) -> State:
        fates = {run.fate for run in self.runs}
        return next(iter(fates)) if len(fates) == 1 else "changed"


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

    `facts` are changes that are not texts (a picture, who the partners are), as (name, before, after).
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
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    return Comparison(
        fields=_fields(before, after),
        facts=_facts(before, after),
        blocks=tuple(
            _block(old.get(key), new.get(key), moved=key in moved) for key in _in_order(list(old), list(new))
        ),
    )


# Blocks.


def _in_order(old: list[str], new: list[str]) -> list[str]:
    """The later order, with each deleted key after the one that it used to follow."""
    order = list(new)
    for place, key in enumerate(old):
        if key not in new:
            follows = old[place - 1] if place else None
            order.insert(order.index(follows) + 1 if follows in order else 0, key)
    return order


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest keys that must be taken out so that the others are in the same order in both."""
    places = [old.index(key) for key in new]
    tails: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for index, place in enumerate(places):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        last[length : length + 1] = [index]
        before[index] = last[length - 1] if length else None
    kept, index = set(), last[-1] if last else None
    while index is not None:
        kept.add(new[index])
        index = before[index]
    return set(new) - kept


def _block(before: Block | None, after: Block | None, *, moved: bool) -> BlockChange:
    shown = after or before
    changes = _fields(before, after)
    facts = _facts(before, after)
    state: State = "same"
    if before is None:
        state = "inserted"
    elif after is None:
        state = "deleted"
    elif facts or any(field.changed for field in changes):
        state = "changed"
    return BlockChange(shown.key, shown.kind, state, moved, changes, facts)


def _fields(before, after) -> tuple[FieldChange, ...]:
    names = [field.name for field in fields(after or before) if _is_text(after or before, field.name)]
    return tuple(
        _field(name, getattr(before, name, NOTHING), getattr(after, name, NOTHING)) for name in names
    )


def _is_text(part, name: str) -> bool:
    return isinstance(getattr(part, name), Bilingual)


def _field(name: str, before: Bilingual, after: Bilingual) -> FieldChange:
    return FieldChange(
        name, *(compare_texts(before[language], after[language], name in RICH_TEXT) for language in LANGUAGES)
    )


def _facts(before, after) -> tuple[tuple[str, str, str], ...]:
    """Changes of what is neither text nor block; those of a block that is new or gone are told by its state."""
    if before is None or after is None or type(before) is not type(after):
        return ()
    names = [field.name for field in fields(after) if not _is_text(after, field.name)]
    return tuple(
        (name, _said(getattr(before, name)), _said(getattr(after, name)))
        for name in names
        if name not in ("key", "blocks") and getattr(before, name) != getattr(after, name)
    )


def _said(value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_partner(partner) for partner in value)
    return "" if value is None else getattr(value, "digest", str(value))


def _partner(partner: Partner) -> str:
    name = partner.name.en or partner.name.fr or partner.key
    texts_of = (text.value for text in texts(partner) if text.path != ("name",))
    return " · ".join([name, *(f"{value.en} | {value.fr}" for value in texts_of if value)])


# Texts.


def compare_texts(before: str, after: str, rich: bool = False) -> tuple[Line, ...]:
    """Line by line, then word by word within lines that became other lines. `rich` texts are clean HTML."""
    return compare_lines(
        *(_lines(text) if rich else [("", text)] if text else [] for text in (before, after))
    )


def compare_lines(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> tuple[Line, ...]:
    """The same for lines that have been told apart already: pairs of an element ("" for none) and its text."""
    matcher = SequenceMatcher(
        None, [_alike(line) for line in old], [_alike(line) for line in new], autojunk=False
    )
    lines: list[Line] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += [Line(element, _run("same", text)) for element, text in new[new_start:new_end]]
        else:
            lines += _replaced(old[start:end], new[new_start:new_end])
    return tuple(lines)


_LINE = re.compile(r"</?(p|h3|h4|li|blockquote|caption|th|td|tr|ul|ol|table|thead|tbody)\b[^>]*>|<br>")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def _lines(html: str) -> list[tuple[str, str]]:
    """The texts of clean HTML with the element that each stands in; links are followed by where they lead."""
    lines, element, start = [], "p", 0
    for tag in [*_LINE.finditer(html), None]:
        text = _plain(html[start : tag.start() if tag else len(html)])
        if text:
            lines.append((element, text))
        if tag:
            element, start = tag[1] if tag[1] and not tag[0].startswith("</") else element, tag.end()
    return lines


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", html))).strip()


def _alike(line: tuple[str, str]) -> tuple[str, str]:
    return line[0], normalised(line[1])


def _replaced(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """Pairs each new line with the old one that it shares most words with, in order; the rest came or went."""
    start = 0
    for element, text in new:
        match = _closest(text, old, start)
        if match is None:
            yield Line(element, _run("inserted", text))
            continue
        yield from (Line(gone, _run("deleted", words)) for gone, words in old[start:match])
        yield Line(element, _words(old[match][1], text))
        start = match + 1
    yield from (Line(gone, _run("deleted", words)) for gone, words in old[start:])


def _closest(text: str, old: Sequence[tuple[str, str]], start: int) -> int | None:
    words = set(normalised(text).split())
    best, share = None, 0.3  # two lines with less in common than this read better as one gone and one new
    for index in range(start, min(len(old), start + 20)):
        others = set(normalised(old[index][1]).split())
        common = 2 * len(words & others) / (len(words) + len(others) or 1)
        if common > share:
            best, share = index, common
    return best


# A paragraph of more characters than this is compared sentence by sentence, or it would take seconds.
LONG = 5000


def _words(before: str, after: str) -> tuple[Run, ...]:
    whole = max(len(before), len(after)) > LONG
    old, new = (
        re.findall(r"[^.;!?]*[.;!?]?\s*" if whole else r"\s+|\w+|[^\w\s]", text) for text in (before, after)
    )
    # Spaces are matched only beside words that are: there are too many of them to start from each.
    matcher = SequenceMatcher(
        str.isspace, [normalised(word) for word in old], [normalised(word) for word in new], autojunk=False
    )
    runs: list[tuple[Fate, str]] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            runs.append(("same", "".join(new[new_start:new_end])))
            continue
        runs.append(("deleted", "".join(old[start:end])))
        runs.append(("inserted", "".join(new[new_start:new_end])))
    return _joined(run for run in runs if run[1])


def _run(fate: Fate, text: str) -> tuple[Run, ...]:
    return (Run(fate, text),)


def _joined(runs: Iterable[tuple[Fate, str]]) -> tuple[Run, ...]:
    return tuple(
        Run(fate, "".join(text for _fate, text in same))
        for fate, same in groupby(runs, key=lambda run: run[0])
    )


_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "\u2011": "-"}
)


def normalised(text: str) -> str:
    """A text without the differences that no reader sees: kinds of spaces, quotation marks, line ends."""
    plain = re.sub(r"\s+", " ", text.translate(_ALIKE))
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
class Decided:
    """What people said about texts, by path and `fingerprint`.

    `settled` need no change; `later` became public before they were translated: the language that is behind, and
    what the other one said until then.
    """

    settled: frozenset[Key] = frozenset()
    later: Mapping[Key, tuple[str, str]] = field(default_factory=dict)


def fingerprint(value: Bilingual) -> str:
    """SHA-256, in hexadecimal, of both languages of a text as readers see them."""
    return hashlib.sha256("\0".join(normalised(value[each]) for each in LANGUAGES).encode()).hexdigest()


def stale(document: Document, live: Document, decided: Decided | None = None) -> tuple[Stale, ...]:
    """The texts of a working copy whose translation needs a look, in reading order.

    A text that is new, or missing in one language, is a matter of parity instead.
    """
    decided = decided or Decided()
    if document == live and not decided.later:
        return ()
    before = {text.path: text.value for text in texts(live)}
    found = []
    for text in texts(document):
        old = before.get(text.path, NOTHING)
        if text.value == old and not decided.later:
            continue  # as most are
        if text.path[-1] in NOT_TRANSLATED or text.value.missing() or old.missing():
            continue
        behind = _behind(text.path, text.value, old, decided)
        if behind:
            language, said = behind
            found.append(Stale(text.path, {"en": "fr", "fr": "en"}[language], language, said))
    return tuple(found)


def _behind(
    path: tuple[str, ...], now: Bilingual, old: Bilingual, decided: Decided
) -> tuple[str, str] | None:
    """The language that is behind, and what the other one said when they agreed; None when neither is."""
    changed = {each for each in LANGUAGES if normalised(now[each]) != normalised(old[each])}
    later = decided.later.get((path, fingerprint(old))) if decided.later else None
    if later is None and len(changed) != 1:
        return None
    if later and later[0] in changed or decided.settled and (path, fingerprint(now)) in decided.settled:
        return None
    if later:
        return later
    language = next(iter(set(LANGUAGES) - changed))
    return language, old[{"en": "fr", "fr": "en"}[language]]
