"""Do two reports tell of the same problem? Judged by their words, in either language, and by what they point at.

Words are compared by the groups of three characters in them, accents kept: a few wrong letters change little. Across
the languages words say little, so figures and the chosen part of the page count instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# Shares of common groups of characters from which two texts are alike: by themselves, and where the reports agree
# on a part of the page and a reason as well.
ALIKE = 0.6
ALIKE_IN_ONE_PLACE = 0.35
# The share of common figures above which reports in different languages may be alike.
HALF = 0.5


@dataclass(frozen=True)
class Remark:
    """What of a report its likeness to others depends on. `number` names it."""

    number: int
    language: str
    section: str = ""
    reasons: frozenset[str] = frozenset()
    details: str = ""
    grams: frozenset[str] = field(init=False, repr=False, compare=False)
    figures: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "grams", grams(self.details))
        object.__setattr__(self, "figures", figures(self.details))


def grams(text: str) -> frozenset[str]:
    """The groups of three characters of a text, without regard to capitals, signs and spaces."""
    words = re.findall(r"\w+", text.casefold())
    padded = f"  {' '.join(words)} " if words else ""
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def figures(text: str) -> frozenset[str]:
    """The numbers in a text, however the language groups their digits: `4,500` and `4 500` are one."""
    grouped = re.sub(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3}(?!\d))", "", text)
    return frozenset(number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", grouped))


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two sets have in common, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def are_alike(one: Remark, other: Remark) -> bool:
    """Of two reports on the same page."""
    in_one_place = bool(one.section) and one.section == other.section and bool(one.reasons & other.reasons)
    if not one.grams and not other.grams:
        return in_one_place and one.reasons == other.reasons
    if one.language != other.language and share(one.figures, other.figures) > HALF:
        return in_one_place or one.figures == other.figures and len(one.figures) > 1
    return share(one.grams, other.grams) >= (ALIKE_IN_ONE_PLACE if in_one_place else ALIKE)


def like(remark: Remark, others: Iterable[Remark]) -> list[Remark]:
    """Those of the others that tell of the same problem, in their order."""
    return [other for other in others if other.number != remark.number and are_alike(remark, other)]


def groups(remarks: Sequence[Remark]) -> list[list[Remark]]:
    """Those that are alike, directly or through others; the largest groups first, single reports left out."""
    parent = list(range(len(remarks)))

    def root(index):
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for index, remark in enumerate(remarks):
        for earlier in range(index):
            if root(earlier) != root(index) and are_alike(remarks[earlier], remark):
                parent[root(index)] = root(earlier)
    found: dict[int, list[Remark]] = {}
    for index, remark in enumerate(remarks):
        found.setdefault(root(index), []).append(remark)
    return sorted((group for group in found.values() if len(group) > 1), key=len, reverse=True)
