"""Sentences of two passages set beside one another by their lengths, after Gale and Church (1993).

Where these leave a doubt the words tell too that sentences say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, chain, islice
from math import sqrt
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from .echoes import echoes, keys, log_odds
from .parsed_document import PROSE, ParsedDocument, Sentence
from .text_pairs import likely_pairs, near_the_diagonal, pairs

_USUAL_RATIO = 1.17  # of the lengths of a French text and the English one
_VARIANCE = 6.8  # of the length of a translation, by character
# Of one beside one, of two beside one, or of one beside none, with what each costs.
_BEADS = {(1, 1): 0.1, (1, 2): 2.4, (2, 1): 2.4, (1, 0): 4.6, (0, 1): 4.6}
_COMPARED = PROSE | {"cell"}
_REACH = 12  # sentences by which one passage may run ahead of the other
_FITTING = 1.0  # standard deviations from the usual length that leave no doubt
_WEIGHT_OF_WORDS = 0.3  # beside that of lengths


class Bead(NamedTuple):
    """Sentences that say the same, of each language none to two; `excess` is by how much French is too long."""

    english: list[Sentence]
    french: list[Sentence]
    excess: float


def beads_of_passages(parsed: ParsedDocument) -> list[list[Bead]]:
    """Returns the sentences of each of `likely_pairs` set beside one another; nothing for headings and the like."""
    return parsed.memoised(_beads)


def _beads(parsed: ParsedDocument) -> list[list[Bead]]:
    english, french = parsed.views
    ratio = parsed.memoised(length_ratio)
    return [
        _aligned(english.sentences_of(both.english), french.sentences_of(both.french), ratio)
        if both.english.kind in _COMPARED
        else []
        for both in likely_pairs(parsed)
    ]


def length(sentence: Sentence) -> int:
    """Returns how many characters a sentence has."""
    return sentence.end - sentence.start


def length_ratio(parsed: ParsedDocument) -> float:
    """Returns how much longer the French text of a page is than the English one."""
    ratios = [
        len(both.french.prose) / len(both.english.prose)
        for both in pairs(parsed)
        if len(both.english.prose) > 60
    ]
    return min(1.4, max(1.0, median(ratios))) if len(ratios) > 4 else _USUAL_RATIO


# How much likelier than not sentences say the same, by where they end and how many there are of each language.
Similarity = Callable[[int, int, tuple[int, int]], float]


class _Way(NamedTuple):
    """The cheapest way to align the first sentences of two passages: what its last bead has, and the way to it."""

    cost: float
    bead: tuple[int, int] = (0, 0)
    before: _Way | None = None

    def beads(self) -> list[tuple[int, int]]:
        found, way = [], self
        while way.before:
            found.append(way.bead)
            way = way.before
        return found[::-1]


def _aligned(english: list[Sentence], french: list[Sentence], ratio: float) -> list[Bead]:
    """The cheapest way to set the sentences of two passages beside one another.

    Their words are read only where lengths leave a doubt.
    """
    if len(english) == len(french) == 1:
        return [_bead(english, french, ratio)]
    found = _cheapest(english, french, ratio, _unread)
    if all(len(bead.english) == len(bead.french) and abs(bead.excess) < _FITTING for bead in found):
        return found
    return _cheapest(english, french, ratio, _reader(english, french))


def _unread(row: int, column: int, bead: tuple[int, int]) -> float:
    """A similarity for which no words are read."""
    return 0.0


def _reader(english: list[Sentence], french: list[Sentence]) -> Similarity:
    """The similarity of sentences by their words; nothing of those that have none beside them."""
    said = [[echoes(one.text, one.run.language) for one in found] for found in (english, french)]

    def similarity(row: int, column: int, bead: tuple[int, int]) -> float:
        if not all(bead):
            return 0.0
        ends = zip(said, (row, column), bead, strict=True)
        one, other = ([*chain.from_iterable(side[end - count : end])] for side, end, count in ends)
        return log_odds(one, keys(other)) + log_odds(other, keys(one))

    return similarity


def _cheapest(
    english: list[Sentence], french: list[Sentence], ratio: float, similarity: Similarity
) -> list[Bead]:
    """The beads that cost least in all; sentences far from one another are not compared."""
    lengths = [[0, *accumulate(map(length, found))] for found in (english, french)]
    ways = {(0, 0): _Way(0.0)}
    for row, column in near_the_diagonal(len(english), len(french), _REACH):
        found = []
        for (one, other), cost in _BEADS.items():
            way = ways.get((row - one, column - other))
            if way:
                alike = _WEIGHT_OF_WORDS * similarity(row, column, (one, other))
                here = (
                    lengths[0][row] - lengths[0][row - one],
                    lengths[1][column] - lengths[1][column - other],
                )
                found.append(_Way(way.cost + cost + misfit(*here, ratio) - alike, (one, other), way))
        if found:
            ways[row, column] = min(found, key=attrgetter("cost"))
    rest = iter(english), iter(french)
    return [
        _bead(*(list(islice(left, count)) for left, count in zip(rest, counts, strict=True)), ratio)
        for counts in ways[len(english), len(french)].beads()
    ]


def _bead(english: list[Sentence], french: list[Sentence], ratio: float) -> Bead:
    return Bead(english, french, _excess(sum(map(length, english)), sum(map(length, french)), ratio))


def misfit(english: int, french: int, ratio: float) -> float:
    """Returns how unlikely it is that passages of these lengths say the same, as a logarithm."""
    return _excess(english, french, ratio) ** 2 / 2


def _excess(english: int, french: int, ratio: float) -> float:
    """By how many standard deviations a French passage is too long."""
    expected = max(1.0, english * ratio)
    return (french - expected) / sqrt(max(expected, french) * _VARIANCE)
