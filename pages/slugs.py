"""How a text is written in an address, a key or an anchor."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ß": "ss", "þ": "th"}
)
_COMBINING = re.compile(r"[\u0300-\u036f]+")
_OTHERS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Lower-case ASCII letters and digits joined by single hyphens: “Sécurité de l’Irak” is `securite-de-l-irak`.

    Empty when the text has no such letter, as an Arabic one.
    """
    letters = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    return _OTHERS.sub("-", _COMBINING.sub("", letters)).strip("-")
