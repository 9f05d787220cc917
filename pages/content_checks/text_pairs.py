"""What each paragraph, item, heading and cell of one language has beside it in the other."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from operator import attrgetter
from typing import NamedTuple

from .echoes import Echo, echoes, keys, log_odds
from .parsed_document import ParsedDocument, TextRun

_REACH = 8  # passages by which one language may run ahead of the other
# Keys that passages must share before they are compared closely, and how much likelier than not, as a logarithm,
# it must be that they say the same.
_LEAST_SHARED, _LIKELY = 2, 2.0
# How many times as many words a passage may have as its translation. Beside a longer one, each of many short passages
# would be compared with all of its words.
_LONGEST = 4

# What may hold the same text in each language: a whole field, or what stands below one of its headings.
Part = tuple[list[TextRun], list[TextRun]]


class Pair(NamedTuple):
    """Two passages in the same place."""

    english: TextRun
    french: TextRun


def pairs(parsed: ParsedDocument) -> list[Pair]:
    """The passages of both languages in the same place, of each field that has the same parts in both.

    Where fields do not but have the same headings, the parts below each heading are compared.
    """
    return parsed.memoised(_pairs)


def likely_pairs(parsed: ParsedDocument) -> list[Pair]:
    """Returns those of `pairs`, and where the parts differ, passages whose words show that they say the same."""
    return parsed.memoised(_likely_pairs)


def near_the_diagonal(rows: int, columns: int, reach: int) -> Iterator[tuple[int, int]]:
    """Yields pairs of numbers of things that may end at the same place of two texts, in order.

    Those far from one another are left out, so that a text of thousands costs in proportion to its length.
    """
    slope = columns / rows if rows else 0
    reach += ceil(slope)
    for row in range(rows + 1):
        middle = round(row * slope)
        first, last = (max(0, middle - reach), min(columns, middle + reach)) if rows else (0, columns)
        yield from ((row, column) for column in range(first, last + 1))


def _pairs(parsed: ParsedDocument) -> list[Pair]:
    same = (part for part in parsed.memoised(_parts) if _have_same_shape(part))
    return _in_order(Pair(*both) for part in same for both in zip(*part, strict=True))


def _likely_pairs(parsed: ParsedDocument) -> list[Pair]:
    other = (part for part in parsed.memoised(_parts) if not _have_same_shape(part))
    return _in_order([*pairs(parsed), *(both for part in other for both in _echoing(*part))])


def _in_order(found: Iterator[Pair] | list[Pair]) -> list[Pair]:
    return sorted(found, key=lambda both: both.english.order)


def _parts(parsed: ParsedDocument) -> list[Part]:
    english, french = parsed.views
    paths = english.fields.keys() & french.fields.keys()
    return [part for path in paths for part in _parts_of(english.fields[path], french.fields[path])]


def _parts_of(english: list[TextRun], french: list[TextRun]) -> list[Part]:
    """A field as one, or below its headings where these are the same and what stands below one differs."""
    parts = [_below_headings(english), _below_headings(french)]
    if _have_same_shape((english, french)) or len(parts[0]) < 2 or _headings(parts[0]) != _headings(parts[1]):
        return [(english, french)]
    return list(zip(*parts, strict=True))


def _below_headings(runs: list[TextRun]) -> list[list[TextRun]]:
    """The passages of a field in parts, each of which but the first begins with a heading."""
    parts: list[list[TextRun]] = [[]]
    for run in runs:
        if run.kind == "heading":
            parts.append([])
        parts[-1].append(run)
    return parts


def _headings(parts: list[list[TextRun]]) -> list[int]:
    return [part[0].level for part in parts[1:]]


def _have_same_shape(part: Part) -> bool:
    english, french = part
    return [*map(_shape, english)] == [*map(_shape, french)]


def _shape(run: TextRun) -> tuple[str, int]:
    return run.kind, run.level


# Passages whose words show that they say the same


class _Way(NamedTuple):
    """How well the first passages of two texts fit, the last pair, and the way to what stands before that."""

    log_odds: float = 0.0
    pair: Pair | None = None
    before: _Way | None = None


class _Heard(NamedTuple):
    run: TextRun
    said: list[Echo]
    keys: frozenset[str]


def _echoing(english: list[TextRun], french: list[TextRun]) -> list[Pair]:
    """The pairs of passages, in the order of both texts, that fit best in all."""
    heard = [[_heard(run) for run in runs] for runs in (english, french)]
    ways: dict[tuple[int, int], _Way] = {}
    nothing = best = _Way()
    for row, column in near_the_diagonal(len(english), len(french), _REACH):
        above, left = ways.get((row - 1, column), nothing), ways.get((row, column - 1), nothing)
        best = max(above, left, key=attrgetter("log_odds"))
        if row and column:
            similarity = _similarity(heard[0][row - 1], heard[1][column - 1])
            before = ways.get((row - 1, column - 1), nothing)
            if similarity > _LIKELY and before.log_odds + similarity > best.log_odds:
                best = _Way(before.log_odds + similarity, Pair(english[row - 1], french[column - 1]), before)
        ways[row, column] = best
    return [*_pairs_on(best)]


def _pairs_on(way: _Way) -> Iterator[Pair]:
    while way.pair and way.before:
        yield way.pair
        way = way.before


def _heard(run: TextRun) -> _Heard:
    said = echoes(run.prose, run.language)
    return _Heard(run, said, keys(said))


def _similarity(english: _Heard, french: _Heard) -> float:
    """How much likelier than not the longer passage says what the shorter one does, which may lack a sentence.

    Nothing where they are of different kinds.
    """
    shorter, longer = sorted((english, french), key=lambda heard: len(heard.said))
    if _shape(english.run) != _shape(french.run) or len(longer.said) > _LONGEST * len(shorter.said):
        return 0.0
    if len(english.keys & french.keys) < _LEAST_SHARED:
        return 0.0
    return log_odds(shorter.said, longer.keys)
