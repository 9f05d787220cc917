"""Facts in rich text: the words of a figure name the fact that they were made of, by its key.

In HTML that `html.clean` wrote this is `<data value="fact:trade-2020">$88 million</data>`. The words are those of the
fact whenever a working copy is saved (`fact_words`), and stay as they are in an edition. Readers are sent words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

PREFIX = "fact:"

_KEY = r"[A-Za-z0-9_-]{1,100}"
_VALUE = re.compile(rf"{PREFIX}({_KEY})")
_ELEMENT = re.compile(rf'<data value="{PREFIX}({_KEY})">(.*?)</data>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def parse_value(value: str) -> str:
    """Returns the key of the fact that an attribute names; "" for anything else."""
    found = _VALUE.fullmatch(value)
    return found[1] if found else ""


def keys_in(html: str) -> Iterator[str]:
    """Gives the keys of the facts in clean HTML, in reading order."""
    return (element[1] for element in _ELEMENT.finditer(html)) if PREFIX in html else iter(())


def with_words(html: str, words_of: Callable[[str], str | None]) -> str:
    """Returns clean HTML in which the words of each fact are what `words_of` gives for its key, as plain text.

    None leaves the words that are there, and takes from them that they are those of a fact.
    """
    if PREFIX not in html:
        return html

    def with_current(element: re.Match[str]) -> str:
        words = words_of(element[1])
        if words is None:
            return element[2]
        return f'<data value="{PREFIX}{element[1]}">{escape(words, quote=False)}</data>'

    return _ELEMENT.sub(with_current, html)


def without_marks(html: str) -> str:
    """Returns clean HTML in which the words of facts are words like all others, as readers see them."""
    return with_words(html, lambda _key: None)


def as_written(html: str) -> str:
    """Returns clean HTML as people write it: of each fact its key, and no words, which are those of the fact."""
    return with_words(html, lambda _key: "")


def words_in(html: str) -> dict[str, str]:
    """Returns the words of each fact in clean HTML as plain text, by its key."""
    return {element[1]: _plain(element[2]) for element in _ELEMENT.finditer(html)} if PREFIX in html else {}


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html))
