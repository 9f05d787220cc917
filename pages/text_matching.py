"""Finds a text within others as editors look for one, and replaces it, in plain and in rich texts; pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import chain

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

# What clean HTML says in an attribute: the alternative text of an image, and the full name of an abbreviation.
_TEXT_ATTRIBUTE = re.compile(r'(<(?:img|abbr) (?:[^<>]* )?(alt|title)=)"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Match:
    """One place at which a text was found, with the words around it; `index` counts the matches of one text.

    `is_fact` tells that words of a fact are part of it: they are those of the fact again as soon as the text is saved.
    `attribute` is "alt" in the alternative text of an image, and "title" in the full name of an abbreviation.
    """

    index: int
    before: str
    found: str
    after: str
    is_fact: bool = False
    attribute: str = ""


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
    """Returns each place in a text, in reading order. Of rich text the words are searched, not the tags.

    After the words come the alternative texts of images that were written there, and the full names of abbreviations.
    """
    if not rich:
        return list(_numbered([(text, [], "")], pattern))
    words = ((leaf.text, _facts(leaf), "") for leaf in html.leaves(html.parse(text)))
    attributes = (
        (unescape(value), [], attribute) for _tag, attribute, value in _TEXT_ATTRIBUTE.findall(text)
    )
    return list(_numbered(chain(words, attributes), pattern))


def link_matches(text: str, pattern: re.Pattern[str]) -> list[Match]:
    """Returns each place in the addresses of the links of a rich text."""
    return list(_numbered([(link.href, [], "") for link in html.links(text)], pattern))


def _facts(leaf: html.Block) -> list[tuple[int, int]]:
    """From where to where the words of a block are those of facts."""
    spans, start = [], 0
    for run in leaf.runs:
        if any(mark.tag == "data" for mark in run.marks):
            spans.append((start, start + len(run.text)))
        start += len(run.text)
    return spans


def _numbered(
    texts: Iterable[tuple[str, list[tuple[int, int]], str]], pattern: re.Pattern[str]
) -> Iterator[Match]:
    """The matches of texts, each given with the places of facts in it and the attribute that says it."""
    index = 0
    for text, facts, attribute in texts:
        for found in pattern.finditer(text):
            is_fact = any(found.start() < end and start < found.end() for start, end in facts)
            around = _before(text, found.start()), found[0], _after(text, found.end())
            yield Match(index, *around, is_fact, attribute)
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
    """Returns the text with a replacement at the places chosen, by their index. Marks and links around them stay.

    An image of which nothing is left to say has the alternative text of the library again.
    """
    count = iter(range(len(text)))

    def edits(part: str) -> list[html.Edit]:
        found = [(next(count), match) for match in pattern.finditer(part)]
        return [(*_span(part, match, replacement), replacement) for index, match in found if index in chosen]

    if not rich:
        return html.with_edits(text, edits(text))
    words = sum(not match.attribute for match in matches(text, pattern, rich=True))
    count = iter(range(words, words + len(text)))
    text = html.clean(
        _TEXT_ATTRIBUTE.sub(lambda found: _edited_attribute(found, edits(unescape(found[3]))), text)
    )
    count = iter(range(len(text)))
    return html.edited(text, edits)


def _edited_attribute(found: re.Match[str], edits: list[html.Edit]) -> str:
    """The tag up to the end of the attribute that says something, with edits of that."""
    if not edits:
        return found[0]
    value = html.with_edits(unescape(found[3]), edits).strip()
    return f'{found[1]}"{escape(value)}"' if value else found[1].removesuffix(f"{found[2]}=")


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
