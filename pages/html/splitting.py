"""Clean HTML and its footnotes apart, as text."""

from __future__ import annotations

import re
from collections.abc import Callable

from .blocks import NOTE, NOTE_ROLE

NOTE_OPENING = f'<span role="{NOTE_ROLE}"'
_SPAN = re.compile(r"<span\b[^>]*>|</span>")


def replace_notes(html: str, replacement: Callable[[str, str], str]) -> str:
    """The same text with something else for each footnote: what is given for its attributes and for what is in it.

    The attributes, `lang` and `dir`, are as they are written, after a space.
    """
    if NOTE_OPENING not in html:
        return html
    pieces, copied, opening, depth = [], 0, None, 0
    for tag in _SPAN.finditer(html):
        if opening is None and tag[0].startswith(NOTE_OPENING):
            pieces.append(html[copied : tag.start()])
            opening, depth = tag, 0
        elif opening and tag[0] == "</span>" and not depth:
            attributes = opening[0].removeprefix(NOTE_OPENING).removesuffix(">")
            pieces.append(replacement(attributes, html[opening.end() : tag.start()]))
            opening, copied = None, tag.end()
        elif opening:
            depth += 1 if tag[0] != "</span>" else -1
    return "".join([*pieces, html[copied:]])


def without_notes(html: str) -> tuple[str, list[str]]:
    """A text with `NOTE` in the place of each footnote, and what is in the footnotes."""
    notes: list[str] = []
    return replace_notes(html, lambda _attributes, inner: notes.append(inner) or NOTE), notes
