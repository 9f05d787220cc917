"""Facts in rich text: the words of a figure name the fact that they were made of, by its key.

In HTML that `html.clean` wrote this is `<data value="fact:trade-2020">$88 million</data>`. The words are those of the
fact whenever a working copy is saved (`fact_words`), and stay as they are in an edition. Readers are sent words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

PREFIX = "fact:"
# How much of a text is shown around the words of a fact, in characters.
CONTEXT_LENGTH = 80

_KEY = r"[A-Za-z0-9_-]{1,100}"
_VALUE = re.compile(rf"{PREFIX}({_KEY})")
_ELEMENT = re.compile(rf'<data value="{PREFIX}({_KEY})">(.*?)</data>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(
    r"</?(?:p|ul|ol|li|blockquote|table|caption|thead|tbody|tr|th|td|h3|h4|h5|dl|dt|dd|pre)\b[^<>]*>"
)
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4|h5|td|th|caption|dt|dd|pre)>|\n")
_LINE_END = re.compile(rf"<br>|{_BLOCK_END.pattern}")
# Words, and links or marks that begin among them and end later.
_OPENED = re.compile(r"(?:[^<]|<(?:a|strong|em)\b[^<>]*>)*")
_SPACES = re.compile(r"[ \t\n\f\r]+")  # but for those that do not break a line
# What is left of a link or a mark that held nothing but a fact.
_EMPTY = re.compile(r"<(a|strong|em|span|abbr)\b[^<>]*></\1>")


class Place(NamedTuple):
    """The words of a fact in a text, and what stands before and after them in the same paragraph; all plain text."""

    before: str
    words: str
    after: str


class Line(NamedTuple):
    """A line of key figures: the words of its fact and those before it, both plain text, and what follows, as HTML.

    A space beside the fact is kept. A link or a mark in which the fact stands goes on after it. One without a fact has
    what follows alone, and so has one with a link or a mark before its fact.
    """

    before: str
    words: str
    after: str


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


def words_in(html: str) -> dict[str, str]:
    """Returns the words of each fact in clean HTML as plain text, by its key."""
    return {element[1]: _plain(element[2]) for element in _ELEMENT.finditer(html)} if PREFIX in html else {}


def places(html: str, key: str) -> Iterator[Place]:
    """Gives each place at which clean HTML has the words of a fact, with some of the text around it."""
    for element in _ELEMENT.finditer(html) if PREFIX in html else ():
        if element[1] == key:
            before = _plain(_LINE_END.split(html[: element.start()])[-1])
            after = _plain(_LINE_END.split(html[element.end() :], maxsplit=1)[0])
            yield Place(_shortened_left(before), _plain(element[2]), _shortened(after))


def lines(html: str) -> Iterator[Line]:
    """Gives each paragraph or item of clean HTML, with the words of its first fact apart."""
    for line in _BLOCK_END.split(html):
        fact = _ELEMENT.search(line)
        if fact is None:
            found = Line("", "", _BLOCK_TAG.sub("", line))
        else:
            before, after = _BLOCK_TAG.sub("", line[: fact.start()]), line[fact.end() :]
            if _OPENED.fullmatch(before):
                after = "".join(_TAG.findall(before)) + after
            else:  # both parts of what is marked stay together
                before, after = "", before + after
            found = Line(_plain(before), _plain(fact[2]), _EMPTY.sub("", _BLOCK_TAG.sub("", after)))
        found = Line(*(_SPACES.sub(" ", part) for part in found))
        found = Line(found.before.lstrip(), found.words.strip(), found.after.rstrip())
        if found.words or _plain(found.after):
            yield found


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _shortened(text: str) -> str:
    """At most so much of the beginning of a text, up to the end of a word."""
    return text if len(text) <= CONTEXT_LENGTH else f"{text[:CONTEXT_LENGTH].rpartition(' ')[0]}…"


def _shortened_left(text: str) -> str:
    return text if len(text) <= CONTEXT_LENGTH else f"…{text[-CONTEXT_LENGTH:].partition(' ')[2]}"
