"""Letters without accents, ligatures and capitals: the same for addresses, for search and for alphabetical order."""

from __future__ import annotations

import re
import unicodedata

from .text_cleaning import COMBINING

# Letters that Unicode does not take apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ß": "ss", "þ": "th"}
)
_COMBINING = re.compile(f"[{COMBINING}]+")
_NO_LETTERS = re.compile(r"[^\w\s]+")


def fold(text: str) -> str:
    """Returns a text without accents, ligatures and capitals: `Œuvré` is `oeuvre`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _COMBINING.sub("", decomposed.lower().translate(_LETTERS))


def sort_key(text: str) -> tuple[str, str]:
    """Returns what to sort texts by in English and in French: letters first, then accents from the end (CLDR, fr-CA).

    Apostrophes, hyphens and quotation marks count for nothing: « État » stands among the E, « Œuvre » before « Zone ».
    """
    return " ".join(_NO_LETTERS.sub("", fold(text)).split()), text[::-1]
