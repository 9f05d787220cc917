"""What each paragraph, item, heading and cell of one language has beside it in the other."""

from __future__ import annotations

from typing import NamedTuple

from .parsed_document import ParsedDocument, TextRun


class Pair(NamedTuple):
    """Two passages in the same place."""

    english: TextRun
    french: TextRun


def pairs(parsed: ParsedDocument) -> list[Pair]:
    """The passages of both languages in the same place, of each field that has the same parts in both.

    Where fields do not but have the same headings, the parts below each heading are compared.
    """
    return parsed.memoised(_pairs)


def _pairs(parsed: ParsedDocument) -> list[Pair]:
    english, french = parsed.views
    found: list[Pair] = []
    for path in english.fields.keys() & french.fields.keys():
        found += _pairs_of(english.fields[path], french.fields[path])
    return sorted(found, key=lambda both: both.english.order)


def _pairs_of(english: list[TextRun], french: list[TextRun]) -> list[Pair]:
    if _shapes(english) == _shapes(french):
        return [Pair(*both) for both in zip(english, french, strict=True)]
    parts = [_below_headings(english), _below_headings(french)]
    if len(parts[0]) < 2 or _headings(parts[0]) != _headings(parts[1]):
        return []
    return [both for part in zip(*parts, strict=True) for both in _pairs_of_part(*part)]


def _pairs_of_part(english: list[TextRun], french: list[TextRun]) -> list[Pair]:
    same = _shapes(english) == _shapes(french)
    return [Pair(*both) for both in zip(english, french, strict=True)] if same else []


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


def _shapes(runs: list[TextRun]) -> list[tuple[str, int]]:
    return [_shape(run) for run in runs]


def _shape(run: TextRun) -> tuple[str, int]:
    return run.kind, run.level
