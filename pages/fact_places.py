"""Where rich text has the words of facts: with the words around them, and line by line as key figures show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import html
from .fact_marks import PREFIX, parse_value
from .html import NOTE, Block, Mark, Run

# How much of a text is shown around the words of a fact, in characters.
CONTEXT_LENGTH = 80

# Marks that can begin among the words before a fact and go on after it without a change of meaning.
_DIVISIBLE = frozenset({"a", "strong", "em"})
_SPACES = re.compile(r"[ \t\n\f\r]+")  # but for those that do not break a line


class Place(NamedTuple):
    """The words of a fact in a text, and what stands before and after them in the same line; all plain text."""

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


def places(text: str, key: str) -> Iterator[Place]:
    """Gives each place at which clean HTML has the words of a fact, with some of the text around it."""
    for leaf in html.leaves(html.parse(text)) if PREFIX in text else ():
        for runs in html.lines_of(leaf.runs):
            for start, end in _facts(runs):
                if _key(runs[start]) == key:
                    before, words, after = map(_words, (runs[:start], runs[start:end], runs[end:]))
                    yield Place(_shortened_left(before), words, _shortened(after))


def lines(text: str) -> Iterator[Line]:
    """Gives each paragraph or item of clean HTML, with the words of its first fact apart."""
    for leaf in html.leaves(html.parse(text)):
        if leaf.tag == "note":
            continue  # it stays in its line
        before, words, after = _parted(leaf)
        words = _SPACES.sub(" ", words).strip()
        if words or leaf.words.strip() or any(leaf.images):
            yield Line(_SPACES.sub(" ", before).lstrip(), words, _SPACES.sub(" ", after).rstrip())


def _parted(leaf: Block) -> tuple[str, str, str]:
    fact = next(_facts(leaf.runs), None)
    if fact is None:
        return "", "", _inline(leaf, leaf.runs)
    before, words, after = leaf.runs[: fact[0]], leaf.runs[slice(*fact)], leaf.runs[fact[1] :]
    if all(_goes_on(run, words[0].marks) for run in before):
        return _words(before), _words(words), _inline(leaf, after)
    return "", _words(words), _inline(leaf, before + after)  # both parts of what is marked stay together


def _facts(runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Gives where the words of each fact begin among runs, and where they end."""
    start = 0
    while start < len(runs):
        end, mark = start + 1, _fact(runs[start])
        while mark and end < len(runs) and _fact(runs[end]) == mark:
            end += 1
        if mark:
            yield start, end
        start = end


def _fact(run: Run) -> Mark | None:
    for mark in run.marks:
        if mark.tag == "data":
            return mark
    return None


def _key(run: Run) -> str:
    mark = _fact(run)
    return parse_value(mark.get("value")) if mark else ""


def _goes_on(run: Run, marks: Sequence[Mark]) -> bool:
    """Whether the marks of some words before a fact are also around the fact, and nothing stands there but words."""
    is_around = run.marks == tuple(marks[: len(run.marks)])
    return is_around and NOTE not in run.text and all(mark.tag in _DIVISIBLE for mark in run.marks)


def _words(runs: Sequence[Run]) -> str:
    return "".join(map(html.spoken_text, runs))


def _inline(leaf: Block, runs: Sequence[Run]) -> str:
    """What some runs of a block say, as HTML, with its footnotes."""
    if not leaf.notes:
        return html.marked_up(runs)
    paragraph = Block("p", runs=tuple(runs), notes=leaf.notes)
    return html.serialize([paragraph]).removeprefix("<p>").removesuffix("</p>")


def _shortened(text: str) -> str:
    """At most so much of the beginning of a text, up to the end of a word."""
    return text if len(text) <= CONTEXT_LENGTH else f"{text[:CONTEXT_LENGTH].rpartition(' ')[0]}…"


def _shortened_left(text: str) -> str:
    return text if len(text) <= CONTEXT_LENGTH else f"…{text[-CONTEXT_LENGTH:].partition(' ')[2]}"
