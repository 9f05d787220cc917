"""Text cleaning: the one rule of which characters a text of this site may hold, wherever it comes from.

Every text that a person wrote passes through `clean_line` or `clean_lines` on its way into the database and on its way
out of it; rich text through `html.clean`, which takes its characters from here. The reasons are in
docs/decisions/0022-text-is-cleaned-in-one-place.md.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

# Line breaks in their many spellings: CR LF, CR, LF, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
# What Word and other programs write for a line break within a paragraph: VERTICAL TAB, and FORM FEED.
SOFT_BREAK = "\v\f"

# Characters that take no room and part no words: soft hyphen, zero-width space, joiners and non-joiners, marks of
# direction, variation selectors. A text keeps them; search, comparison and redaction look through them.
# Source: Default_Ignorable_Code_Point of https://www.unicode.org/reports/tr44/ (first plane, but for what is removed).
ZERO_WIDTH = "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
# The combining marks of Latin and Arabic script, which are part of words.
COMBINING = "\u0300-\u036f\u064b-\u065f\u0670"
# They are shown as nothing but a space: fillers of Korean, the Braille pattern without a dot, a note without a head.
BLANK = "\u115f\u1160\u2800\u3164\uffa0\U0001d159"

# What PostgreSQL, XML, JSON or YAML cannot hold, and no person can type: controls, halves of characters, and
# noncharacters (U+FDD0 to U+FDEF, and the last two code points of each plane).
UNSTORABLE = frozenset(
    map(
        chr,
        (
            *(
                *range(0x09),
                *range(0x0E, 0x20),
                *range(0x7F, 0x85),
                *range(0x86, 0xA0),
                *range(0xD800, 0xE000),
            ),
            *range(0xFDD0, 0xFDF0),
            *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
        ),
    )
)
# Characters that change what others mean without being seen: overrides, embeddings and isolates of direction (direction
# is said by `dir` and `lang`; the marks U+200E, U+200F and U+061C stay), deprecated format characters, annotations,
# the place of an embedded object, the byte order mark.
UNSEEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070), *range(0xFFF9, 0xFFFD), 0xFEFF)))
_REMOVED = UNSTORABLE | UNSEEN

# Tags are such characters too, but after a black flag in the emoji of three countries:
# https://unicode.org/reports/tr51/#flag-emoji-tag-sequences
_TAG = re.compile(
    "(\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    "\U000e007f)|[\U000e0000-\U000e007f]"
)
_BREAKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_BREAK = re.compile(f"[ {''.join(_BREAKS)}]+")
_LINE_BREAK = re.compile(LINE_BREAK)
_SOFT_BREAK = re.compile(f"[{SOFT_BREAK}]")
# Such characters in JSON, where those below a space are escaped; the planes beyond the first are left out for speed.
_DOUBTFUL_JSON = re.compile(
    r"\\(?:[bf]|u00)|[" + "".join(sorted(filter("\uffff".__ge__, _REMOVED - set(map(chr, range(32)))))) + "]"
)
_ZERO_WIDTH = re.compile(f"[{ZERO_WIDTH}]")
_NOTHING_TO_SEE = re.compile(f"[\\s{ZERO_WIDTH}{BLANK}]*")

# As many combining marks as one character may carry: Stream-Safe Text Format, https://www.unicode.org/reports/tr15/
MAX_MARKS = 30


def clean_line(text: str) -> str:
    """Cleans a text of one line: line breaks and tabs in it become spaces; "" when nothing of it can be seen."""
    if text.isascii() and text.isprintable():  # and so nothing is wrong with it, as with most that is read
        return text.strip()
    if not text.isprintable() and not _BREAKS.isdisjoint(text):
        text = _BREAK.sub(_one_space, text)
    return _visible(compose(remove_unwanted(text)))


def clean_lines(text: str) -> str:
    """Cleans a text of several lines, which end with LF; "" when nothing of it can be seen."""
    if not text.isprintable() and not _BREAKS.isdisjoint(text):
        text = _SOFT_BREAK.sub(" ", _LINE_BREAK.sub("\n", text))
    return _visible(compose(remove_unwanted(text)))


def _one_space(run: re.Match[str]) -> str:
    """Several spaces stay as they are: only what breaks a line, and the spaces around it, becomes one."""
    return " " if run[0].strip(" ") else run[0]


def _visible(text: str) -> str:
    text = text.strip()
    return "" if is_blank(text) else text


def remove_unwanted(text: str) -> str:
    """Removes the characters that no text may hold; white space stays as it is."""
    if text.isprintable():
        return text
    if not _REMOVED.isdisjoint(text):
        text = "".join(character for character in text if character not in _REMOVED)
    return _TAG.sub(lambda found: found[1] or "", text)


def compose(text: str) -> str:
    """Brings a text into Unicode's form NFC, in time linear in its length.

    Marks beyond `MAX_MARKS` on one character are left out: putting them in order would take the square of their number.
    """
    if text.isascii():
        return text
    if _combining_marks().isdisjoint(text):
        return unicodedata.normalize("NFC", text)
    return _limit_marks(unicodedata.normalize("NFC", _limit_marks(text)))


@cache
def _combining_marks() -> frozenset[str]:
    """Returns the characters that Unicode puts in order; worked out once per process."""
    return frozenset(filter(unicodedata.combining, map(chr, range(0x300, 0x20000))))


def _limit_marks(text: str) -> str:
    marks, characters = 0, []
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            characters.append(character)
    return "".join(characters)


def is_blank(text: str) -> bool:
    """Tells whether a text has nothing to be seen: white space, zero-width characters and fillers only."""
    return _NOTHING_TO_SEE.fullmatch(text) is not None


def without_zero_width(text: str) -> str:
    """Removes the zero-width characters, for comparing texts: what is shown keeps them."""
    return text if text.isprintable() and text.isascii() else _ZERO_WIDTH.sub("", text)


def unstorable_characters(text: str) -> list[str]:
    """Names the control characters and noncharacters in a text as Unicode does ("U+0000"), each once, in order."""
    if text.isprintable():
        return []
    return [f"U+{ord(character):04X}" for character in dict.fromkeys(text) if character in UNSTORABLE]


def without_nul(value: Any) -> Any:
    """Removes NUL, the one character that PostgreSQL cannot hold, from the value of a column, JSON or not."""
    return map_texts(value, lambda text: text.replace("\0", ""))


def clean_json(text: str) -> str:
    """Removes from the texts in a JSON document what no text may hold; a clean document comes back as it is."""
    if not _DOUBTFUL_JSON.search(text):
        return text
    return json.dumps(map_texts(json.loads(text), _readable), ensure_ascii=False)


def _readable(text: str) -> str:
    return remove_unwanted(_SOFT_BREAK.sub(" ", text))


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Changes every text in a value such as JSON or TOML has, at any depth; the names in it as well."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(name): map_texts(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [map_texts(part, change) for part in value]
    return value
