"""What a rule is and what it finds: plain values, which every door of the site shows in its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import chain
from typing import Any, NamedTuple

from ..document import LANGUAGES, RICH_TEXT, Bilingual
from .examples import Example
from .reading import MACHINE, OWN, Link, Piece, Reading, Sentence, Side

# Blocks: a reader of one language would be misled or shut out, beyond doubt. Warns: the style guide says
# otherwise, or the two languages seem to differ; an editor decides. Hints: worth a second look.
BLOCKS, WARNS, HINTS = SEVERITIES = ("blocks", "warns", "hints")

SPACE = "[ \u00a0\u202f\u2009]"
NO_BREAK = "\u00a0"
AROUND = 30  # characters of an excerpt on each side of what was found


class Hit(NamedTuple):
    """One place where a rule is broken; `language` is "" where both are meant, `order` sorts within a field."""

    path: tuple[str, ...]
    language: str
    excerpt: str
    params: Mapping[str, Any]
    order: tuple[int, int] = (0, 0)


Check = Callable[[Reading], Iterable[Hit]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. `number` is that of the content style guide, None for rules of our own.

    `fix(text, language)` gives the whole field as it should be; it changes nothing that obeys the rule.
    """

    id: str
    severity: str
    message: Any  # lazy, with %(…)s for the params of a hit
    check: Check
    examples: tuple[Example, ...]
    number: int | None = None
    languages: tuple[str, ...] = LANGUAGES
    fix: Callable[[str, str], str] | None = None

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. `path` is that of `document.Text`; `language` is "" where both are meant."""

    rule: Rule
    path: tuple[str, ...]
    language: str
    excerpt: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """What to do, in the active language."""
        return str(self.rule.message) % self.params

    def fixed(self, text: Bilingual) -> Bilingual:
        """The text of the field with every fault of this kind repaired, in the language of the finding.

        The same text when the rule cannot repair it.
        """
        if self.rule.fix is None or not self.language:
            return text
        both = {language: text[language] for language in LANGUAGES}
        both[self.language] = self.rule.fix(both[self.language], self.language)
        return Bilingual(**both)


# Hits


def in_piece(piece: Piece, start: int = 0, end: int | None = None, **params: Any) -> Hit:
    """A stretch of a piece, or the whole of it; `text` is what was found unless the params say otherwise."""
    end = len(piece.text) if end is None else end
    found = piece.text[start:end].strip(" \n")
    excerpt = excerpt_of(piece.text, start, end)
    return Hit(piece.path, piece.language, excerpt, {"text": found, **params}, (piece.order, start))


def at_the_end(piece: Piece, **params: Any) -> Hit:
    """The last words of a piece."""
    return in_piece(piece, *widened(piece.text, len(piece.text), len(piece.text), 20), **params)


def in_sentence(sentence: Sentence, **params: Any) -> Hit:
    return in_piece(sentence.piece, sentence.start, sentence.end, **params)


def in_link(link: Link, **params: Any) -> Hit:
    return in_piece(link.piece, link.start, link.end, **{"text": link.text, **params})


def in_field(path: tuple[str, ...], language: str = "", excerpt: str = "", **params: Any) -> Hit:
    return Hit(path, language, shortened(excerpt), params)


def excerpt_of(text: str, start: int, end: int) -> str:
    """What was found with a few words around it."""
    left, right = widened(text, start, end, AROUND)
    cut = text[left:right].replace("\n", " ").strip(" ")
    return shortened(("… " if left > 0 else "") + cut + (" …" if right < len(text) else ""))


def widened(text: str, start: int, end: int, around: int) -> tuple[int, int]:
    """A stretch with the whole words that stand within so many characters of it."""
    left, right = max(0, start - around), min(len(text), end + around)
    while 0 < left < start and not text[left - 1].isspace():
        left += 1
    while end < right < len(text) and not text[right].isspace():
        right -= 1
    return left, right


def shortened(text: str, length: int = 160) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# Checks


def each_side(check: Callable[[Side], Iterable[Hit]], *languages: str) -> Check:
    """A check of each language by itself."""
    wanted = languages or LANGUAGES

    def checked(reading: Reading) -> Iterator[Hit]:
        return chain.from_iterable(check(side) for side in reading.sides if side.language in wanted)

    return checked


def spots(
    both: str = "",
    *,
    en: str = "",
    fr: str = "",
    within: frozenset[str] = OWN,
    flags: int = 0,
    having: str = "",
    around: int = 0,
    unless: Callable[[Piece, re.Match[str], int], bool] | None = None,
) -> Check:
    """A check that looks for a pattern, of one language or of both; its named groups are params of the hit.

    The `text` of a hit is what was found, with the words that stand within `around` characters of it. Only
    pieces in which the pattern `having` is found are searched, as the lines of one text: patterns use SPACE
    and never `\\s`.
    """
    wanted = {"en": en or both, "fr": fr or both}
    patterns = {language: re.compile(pattern, flags) for language, pattern in wanted.items() if pattern}

    def checked(side: Side) -> Iterator[Hit]:
        text = side.running(within, having)
        for found in patterns[side.language].finditer(text.text):
            piece, offset = text.place(found.start())
            start = found.start() - offset
            if unless and unless(piece, found, start):
                continue
            end = min(found.end() - offset, len(piece.text))
            shown = widened(piece.text, start, end, around) if around else (start, end)
            yield in_piece(piece, *shown, **found.groupdict())

    return each_side(checked, *patterns)


def any_of(phrases: str | Iterable[str]) -> str:
    """A pattern for one of several phrases, as whole words; a space in them may be any space.

    In a string the phrases are parted by “|”.
    """
    listed = phrases.split("|") if isinstance(phrases, str) else phrases
    longest_first = sorted(listed, key=len, reverse=True)
    joined = "|".join(
        re.escape(phrase).replace(r"\ ", SPACE).replace("’", "[’']") for phrase in longest_first
    )
    return rf"(?<![\w’'-])(?:{joined})(?![\w-])"


# Fixes

_TAG = re.compile(r"(<[^<>]*>)")


def on_words(fix: Callable[[str, str], str]) -> Callable[[str, str], str]:
    """A fix of plain words made one of rich text too, which leaves tags, quotations and other languages alone."""

    def fixed(text: str, language: str) -> str:
        if "<" not in text:
            return _around_machines(fix, text, language)
        parts, around = [], []
        for part in _TAG.split(text):
            if part.startswith(("<blockquote", "<span")):
                around.append(not part.startswith("<span dir"))
            elif part in ("</blockquote>", "</span>"):
                del around[-1:]
            elif not part.startswith("<") and not any(around):
                part = escape(_around_machines(fix, unescape(part), language), quote=False)
            parts.append(part)
        return "".join(parts)

    return fixed


def _around_machines(fix: Callable[[str, str], str], text: str, language: str) -> str:
    """The fix of what is not an address on the Web or of e-mail."""
    if not MACHINE.search(text):
        return fix(text, language)
    apart = zip(MACHINE.split(text), [*MACHINE.findall(text), ""], strict=True)
    return "".join(fix(words, language) + address for words, address in apart)


Pairs = Iterable[tuple[str, str | Callable[[re.Match[str]], str]]]


def replacing(both: Pairs = (), *, en: Pairs = (), fr: Pairs = ()) -> Callable[[str, str], str]:
    """A fix by patterns and what to write instead, of one language or of both."""
    compiled = {
        language: [(re.compile(pattern), instead) for pattern, instead in (*both, *pairs)]
        for language, pairs in (("en", en), ("fr", fr))
    }

    def fix(text: str, language: str) -> str:
        for pattern, instead in compiled[language]:
            text = pattern.sub(instead, text)
        return text

    return on_words(fix)


def is_rich(path: tuple[str, ...]) -> bool:
    return path[-1] in RICH_TEXT
