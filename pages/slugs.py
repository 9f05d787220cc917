"""How a text is written in an address, a key or an anchor."""

from __future__ import annotations

import re

from .letters import fold

_OTHERS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Lower-case ASCII letters and digits joined by single hyphens: “Sécurité de l’Irak” is `securite-de-l-irak`.

    Empty when the text has no such letter, as an Arabic one.
    """
    return _OTHERS.sub("-", fold(text)).strip("-")
