"""Do two reports tell of the same problem? Judged by their words, in either language, and by what they point at.

Words are compared by the groups of three characters in them, accents kept: a few wrong letters change little. Across
the languages words say little, so figures and the chosen part of the page count instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pages.text_cleaning import without_zero_width

# Shares of common groups of characters from which two texts are alike: by themselves, and where the reports agree
# on a part of the page and a reason as well.
MIN_SIMILARITY = 0.6
MIN_SIMILARITY_IN_SECTION = 0.35
# The share of common figures above which reports in different languages may be alike.
MIN_SHARED_NUMBERS = 0.5


@dataclass(frozen=True)
class ReportText:
    """The parts of a report that its similarity to others depends on. `number` names it."""

    number: int
    language: str
    section: str = ""
    reasons: frozenset[str] = frozenset()
    details: str = ""
    trigrams: frozenset[str] = field(init=False, repr=False, compare=False)
    numbers: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "trigrams", trigrams(self.details))
        object.__setattr__(self, "numbers", numbers_in(self.details))


def trigrams(text: str) -> frozenset[str]:
    """The groups of three characters of a text, without regard to capitals, signs and spaces."""
    words = re.findall(r"\w+", without_zero_width(text).casefold())
    padded = f"  {' '.join(words)} " if words else ""
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def numbers_in(text: str) -> frozenset[str]:
    """The numbers in a text, however the language groups their digits: `4,500` and `4 500` are one."""
    grouped = re.sub(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3}(?!\d))", "", text)
    return frozenset(number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", grouped))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets have in common, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def is_duplicate(one: ReportText, other: ReportText) -> bool:
    """Of two reports on the same page."""
    is_same_section = bool(one.section) and one.section == other.section and bool(one.reasons & other.reasons)
    if not one.trigrams and not other.trigrams:
        return is_same_section and one.reasons == other.reasons
    if one.language != other.language and similarity(one.numbers, other.numbers) > MIN_SHARED_NUMBERS:
        return is_same_section or one.numbers == other.numbers and len(one.numbers) > 1
    return similarity(one.trigrams, other.trigrams) >= (
        MIN_SIMILARITY_IN_SECTION if is_same_section else MIN_SIMILARITY
    )


def find_duplicates(report: ReportText, others: Iterable[ReportText]) -> list[ReportText]:
    """Those of the others that tell of the same problem, in their order."""
    return [other for other in others if other.number != report.number and is_duplicate(report, other)]


def duplicate_groups(reports: Sequence[ReportText]) -> list[list[ReportText]]:
    """Those that are alike, directly or through others; the largest groups first, single reports left out."""
    parent = list(range(len(reports)))

    def root(index):
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for index, report in enumerate(reports):
        for earlier in range(index):
            if root(earlier) != root(index) and is_duplicate(reports[earlier], report):
                parent[root(index)] = root(earlier)
    found: dict[int, list[ReportText]] = {}
    for index, report in enumerate(reports):
        found.setdefault(root(index), []).append(report)
    return sorted((group for group in found.values() if len(group) > 1), key=len, reverse=True)
