"""Finds a text within others as editors look for one, and replaces it, in plain and in rich texts; pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from . import html
from .text_cleaning import ZERO_WIDTH, without_zero_width

# Words shown on either side of a match, in characters.
CONTEXT = 70

# What editors type for one of these stands for all of them.
_ALIKE = ("'’", '"“”', "-\u2011")
_CLASSES = {character: f"[{re.escape(alike)}]" for alike in _ALIKE for character in alike}
# What parts no words: a soft hyphen that came along from another program must not hide a name.
_GAP = f"[{ZERO_WIDTH}]*"
_SPACE = rf"{_GAP}\s[\s{ZERO_WIDTH}]*"
# Those of them that texts have: soft hyphen, zero-width space, non-joiner, joiner, marks of direction, word joiner.
USUAL_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060"


@dataclass(frozen=True, slots=True)
class Match:
    """One place at which a text was found, with the words around it; `index` counts the matches of one text.

    `is_fact` tells that words of a fact are part of it: they are those of the fact again as soon as the text is saved.
    """

    index: int
    before: str
    found: str
    after: str
    is_fact: bool = False


def pattern_of(text: str, *, match_case: bool = False) -> re.Pattern[str]:
    """Returns what finds a text: any white space for white space, and any apostrophe, quotation mark or hyphen.

    Characters that take no room, such as soft hyphens, count in neither text.
    """
    words = (
        _GAP.join(_CLASSES.get(character, re.escape(character)) for character in word)
        for word in without_zero_width(text).split()
    )
    return re.compile(_SPACE.join(words), 0 if match_case else re.IGNORECASE)


def matches(text: str, pattern: re.Pattern[str], *, rich: bool) -> list[Match]:
    """Returns each place in a text, in reading order. Of rich text the words are searched, not the tags."""
    if not rich:
        return list(_numbered([(text, [])], pattern))
    return list(_numbered([(leaf.text, _facts(leaf)) for leaf in html.leaves(html.parse(text))], pattern))


def link_matches(text: str, pattern: re.Pattern[str]) -> list[Match]:
    """Returns each place in the addresses of the links of a rich text."""
    return list(_numbered([(link.href, []) for link in html.links(text)], pattern))


def _facts(leaf: html.Block) -> list[tuple[int, int]]:
    """From where to where the words of a block are those of facts."""
    spans, start = [], 0
    for run in leaf.runs:
        if any(mark.tag == "data" for mark in run.marks):
            spans.append((start, start + len(run.text)))
        start += len(run.text)
    return spans


def _numbered(texts: list[tuple[str, list[tuple[int, int]]]], pattern: re.Pattern[str]) -> Iterator[Match]:
    """The matches of texts, each given with the places of facts in it."""
    index = 0
    for text, facts in texts:
        for found in pattern.finditer(text):
            is_fact = any(found.start() < end and start < found.end() for start, end in facts)
            yield Match(index, _before(text, found.start()), found[0], _after(text, found.end()), is_fact)
            index += 1


def _before(text: str, end: int) -> str:
    if end <= CONTEXT:
        return text[:end]
    words = text[end - CONTEXT : end]
    return f"…{words.partition(' ')[2] or words}"


def _after(text: str, start: int) -> str:
    if len(text) - start <= CONTEXT:
        return text[start:]
    words = text[start : start + CONTEXT]
    return f"{words.rpartition(' ')[0] or words}…"


def replaced(
    text: str, pattern: re.Pattern[str], replacement: str, *, rich: bool, chosen: Collection[int]
) -> str:
    """Returns the text with a replacement at the places chosen, by their index. Marks and links around them stay."""
    count = iter(range(len(text)))

    def edits(part: str) -> list[html.Edit]:
        found = [(next(count), match) for match in pattern.finditer(part)]
        return [(*_span(part, match, replacement), replacement) for index, match in found if index in chosen]

    return html.edited(text, edits) if rich else html.with_edits(text, edits(text))


def _span(text: str, match: re.Match[str], replacement: str) -> tuple[int, int]:
    """From where to where a text is replaced: with one of the two spaces that words leave behind when they go."""
    start, end = match.span()
    has_gap = text[end : end + 1] == " " and (start == 0 or text[start - 1] == " ")
    return start, end + (not replacement and has_gap)


def searchable_parts(text: str) -> list[str]:
    """Returns parts of a text that every database finds wherever the text is found, whatever its case there.

    SQLite folds the case of ASCII letters only. Empty where the text has no such part. A text with one of
    `USUAL_ZERO_WIDTH` may have it within a part.
    """
    return re.findall(r"[A-Za-z0-9]+", without_zero_width(text))


def possible_starts(text: str) -> list[str]:
    """Returns the characters with one of which every match of a text begins, in either case."""
    first = without_zero_width(text).split()[0][0]
    alike = next((alike for alike in _ALIKE if first in alike), first)
    return sorted({*alike.lower(), *alike.upper()})
