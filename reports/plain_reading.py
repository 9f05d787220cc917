"""A text as the rules of `personal_information` read it, however it was typed, and where each character of it stands.

People type digits of other keyboards and paste spaces, hyphens and accents of every kind. The rules know one of each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pages.text_cleaning import BLANK, compose

# Forms for the width of Chinese signs, for formulas, and ligatures: NFKC gives the ordinary ones.
_COMPATIBLE = re.compile("[\ufb00-\ufb06\ufe50-\ufe6f\uff00-\uffef\U0001d400-\U0001d7ff]")
_SIGNS = {
    **dict.fromkeys("\t\n\r"),  # as they are
    **dict.fromkeys(f"\v\f{BLANK}", " "),
    **dict.fromkeys("\u2018\u201b\u02bc\u2032", "’"),
    **dict.fromkeys("\u2043\u2212\u207b\u208b", "-"),
}
_CATEGORIES = {"Pd": "-", "Zs": " ", "Zl": "\n", "Zp": "\n", "Cc": "", "Cf": "", "Cs": "", "Mn": "", "Me": ""}

# A raised or lowered digit after a word is the mark of a footnote; elsewhere it is a digit.
_RAISED = "⁰¹²³⁴-⁹₀-₉"
_FOOTNOTE = re.compile(rf"(?<!\w)[^\W{_RAISED}]++([{_RAISED}]++)(?!\w)")
# What people put between the parts of a number where the rules know one hyphen or one space.
_LOOSE_HYPHEN = re.compile(r"(?<=[\d)])( {0,2}+[-_·•‧∙⋅・] {0,2}+)(?=\d)")
_LOOSE_SPACE = re.compile(r"(?<=\d)( {2,3}+)(?=\d)")
# A number whose digits stand apart, one by one.
_APART = re.compile(r"(?<![\w.-])\d([ .-])\d(?:\1\d){7,17}+(?![\w-])")
_BETWEEN = re.compile(r"(?<=\d)[ .-](?=\d)")


@dataclass(frozen=True)
class Reading:
    """`starts[i]` and `ends[i]` say where in the text as typed the i-th character of `text` stands."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Gives the place in the text as typed of the characters from `first` to before `last`, at least one."""
        return self.starts[first], self.ends[last - 1]


def read(text: str, filler: str = "") -> Reading:
    """Reads a text with `filler` where a character takes no room, such as a soft hyphen."""
    return _with_plain_numbers(_characters(text, filler))


def _characters(text: str, filler: str) -> Reading:
    if text.isascii() and text.isprintable():
        return Reading(text, range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        plain = _plain(text[start:end])
        plain = filler if plain == "" else plain
        letters += plain
        starts += [start] * len(plain)
        ends += [end] * len(plain)
    return Reading("".join(letters), starts, ends)


def _with_plain_numbers(reading: Reading) -> Reading:
    """Gives numbers the one form that the rules know: ordinary digits, and one sign at most between two of them."""
    replacements = [(*match.span(1), "") for match in _FOOTNOTE.finditer(reading.text)]
    reading = _replace(reading, replacements)
    if not reading.text.isascii():
        reading = Reading("".join(map(_digit, reading.text)), reading.starts, reading.ends)
    replacements = [(*match.span(1), "-") for match in _LOOSE_HYPHEN.finditer(reading.text)]
    replacements += [(*match.span(1), " ") for match in _LOOSE_SPACE.finditer(reading.text)]
    reading = _replace(reading, sorted(replacements))
    apart = [_BETWEEN.finditer(reading.text, *match.span()) for match in _APART.finditer(reading.text)]
    return _replace(reading, [(*match.span(), "") for matches in apart for match in matches])


def _digit(character: str) -> str:
    """Gives the digit that a sign such as "²" or "①" stands for; any other character as it is."""
    value = None if character.isascii() else unicodedata.digit(character, None)
    return character if value is None else str(value)


def _replace(reading: Reading, replacements: Sequence[tuple[int, int, str]]) -> Reading:
    """Reads one sign, or none, in some places: from, to before, and what is read; in their order."""
    if not replacements:
        return reading
    text, starts, ends, done = [], [], [], 0
    for first, last, sign in replacements:
        text += reading.text[done:first], sign
        starts += [*reading.starts[done:first], *(reading.starts[first] for _each in sign)]
        ends += [*reading.ends[done:first], *(reading.ends[last - 1] for _each in sign)]
        done = last
    text.append(reading.text[done:])
    return Reading("".join(text), [*starts, *reading.starts[done:]], [*ends, *reading.ends[done:]])


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Gives the places of the characters, each with the marks combined with it."""
    start = 0
    for index, character in enumerate(text):
        if index and not _is_mark(character):
            yield start, index
            start = index
    if text:
        yield start, len(text)


@lru_cache(maxsize=10_000)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


@lru_cache(maxsize=10_000)
def _plain(cluster: str) -> str:
    """Gives what the rules read in place of a character: "" where nothing of it is to be seen."""
    # More marks than that are on no character that anybody reads.
    letters = compose(cluster[:32])
    if _COMPATIBLE.search(letters):
        letters = unicodedata.normalize("NFKC", letters)
    return "".join(map(_plain_character, letters))


def _plain_character(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character] or character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return _CATEGORIES.get(category, character)
