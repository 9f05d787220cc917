"""Sentences of two passages set beside one another by their lengths, after Gale and Church (1993)."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, sqrt
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from .parsed_document import ParsedDocument, Sentence
from .passages import pairs

_USUAL_RATIO = 1.17  # of the lengths of a French text and the English one
_VARIANCE = 6.8  # of the length of a translation, by character
# Of one beside one, of two beside one, or of one beside none, with what each costs.
_BEADS = {(1, 1): 0.1, (1, 2): 2.4, (2, 1): 2.4, (1, 0): 4.6, (0, 1): 4.6}
_REACH = 12  # sentences by which one passage may run ahead of the other


class Bead(NamedTuple):
    """Sentences that say the same, of each language none to two; `excess` is by how much French is too long."""

    english: list[Sentence]
    french: list[Sentence]
    excess: float


def length(sentence: Sentence) -> int:
    return sentence.end - sentence.start


def length_ratio(parsed: ParsedDocument) -> float:
    """How much longer the French text of a page is than the English one."""
    ratios = [
        len(both.french.prose) / len(both.english.prose)
        for both in pairs(parsed)
        if len(both.english.prose) > 60
    ]
    return min(1.4, max(1.0, median(ratios))) if len(ratios) > 4 else _USUAL_RATIO


class _Way(NamedTuple):
    """The cheapest way to align the first sentences of two passages: its last bead, and the way to the one before."""

    cost: float
    bead: Bead | None = None
    before: _Way | None = None

    def beads(self) -> list[Bead]:
        found, way = [], self
        while way.bead and way.before:
            found.append(way.bead)
            way = way.before
        return found[::-1]


def aligned(english: list[Sentence], french: list[Sentence], ratio: float) -> list[Bead]:
    """The cheapest way to set the sentences of two passages beside one another.

    Sentences far from one another are not compared, so that a passage of thousands costs in proportion to its length.
    """
    ways = {(0, 0): _Way(0.0)}
    for row, column in _near_the_diagonal(len(english), len(french)):
        found = [
            _extended(way, english[row - one : row], french[column - other : column], ratio)
            for one, other in _BEADS
            if one <= row and other <= column and (way := ways.get((row - one, column - other)))
        ]
        if found:
            ways[row, column] = min(found, key=attrgetter("cost"))
    return ways[len(english), len(french)].beads()


def _near_the_diagonal(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Pairs of numbers of sentences that may end at the same place of two passages."""
    slope = columns / rows if rows else 0
    reach = _REACH + ceil(slope)
    for row in range(rows + 1):
        middle = round(row * slope)
        first, last = (max(0, middle - reach), min(columns, middle + reach)) if rows else (0, columns)
        yield from ((row, column) for column in range(first, last + 1))


def _extended(way: _Way, english: list[Sentence], french: list[Sentence], ratio: float) -> _Way:
    lengths = [sum(map(length, found)) for found in (english, french)]
    expected = max(1.0, lengths[0] * ratio)
    excess = (lengths[1] - expected) / sqrt(max(expected, lengths[1]) * _VARIANCE)
    cost = way.cost + _BEADS[len(english), len(french)] + excess * excess / 2
    return _Way(cost, Bead(english, french, excess), way)
