"""Do passages that stand in the same place name the same people, organizations and places (`text_pairs`)?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from django.utils.translation import gettext_lazy as _

from .alignment import data, of_both
from .examples import pair
from .parsed_document import CELLS, PROSE, ParsedDocument, TextRun
from .rules import OFF, WARNING, Match, Rule, match_in_run
from .text_pairs import Pair, likely_pairs

_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)*(?![\w-])")
_FULL_NAME = re.compile(rf"({_NAME.pattern})(?=[ \u00a0]({_NAME.pattern}))")


def names_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Names of the English text in whose place the French one has another, which is nowhere else."""
    shared, strange = parsed.memoised(_shared_names), parsed.memoised(_names_of_french_alone)
    for both in (both for both in likely_pairs(parsed) if both.english.kind in PROSE | CELLS):
        english, french = (Counter(_names(run)) for run in both)
        unknown = [
            name
            for name in french
            if name in strange and not any(_are_similar(name, other) for other in english)
        ]
        missing = [name for name in _missing(both) if name in shared]
        if unknown and missing:
            yield of_both(match_in_run(both.french, english=missing[0], french=unknown[0]))
        elif unknown and (other := _beside_the_same(both, unknown)):
            yield of_both(match_in_run(both.french, english=other, french=unknown[0]))


def _missing(both: Pair) -> list[str]:
    """Words with a capital, also those that begin a sentence, which the French text has less often."""
    counts = Counter(found[0] for found in _NAME.finditer(both.english.prose))
    return [name for name, count in counts.items() if _count(name, both.french) < count]


def _shared_names(parsed: ParsedDocument) -> frozenset[str]:
    """Names that both languages write alike somewhere on the page."""
    return (
        frozenset(
            name
            for both in likely_pairs(parsed)
            for name in _names(both.english)
            if _count(name, both.french)
        )
        | _same_places()
    )


def _names_of_french_alone(parsed: ParsedDocument) -> frozenset[str]:
    """Names that only the French text has, once, and never as a word with a small letter."""
    english, french = ("\n".join(run.prose for run in view.runs) for view in parsed.views)
    counts = Counter(name for both in likely_pairs(parsed) for name in _names(both.french))
    return frozenset(
        name
        for name, count in counts.items()
        if count == 1 and name not in english and name.lower() not in french
    )


@cache
def _same_places() -> frozenset[str]:
    """Places that have the same name in both languages."""
    return frozenset(english for english, french in data()["places"] if english == french)


def _beside_the_same(both: Pair, unknown: list[str]) -> str:
    """The first name or surname in English where the French text has an unknown one; empty if there is none."""
    english, french = map(_full_names, both)
    after, before = dict(english), {last: first for first, last in english}
    for first, last in french:
        other = after.get(first) if last in unknown else before.get(last) if first in unknown else None
        if other and not _count(other, both.french):
            return other
    return ""


def _full_names(run: TextRun) -> list[tuple[str, str]]:
    """Words with a capital that stand side by side."""
    return [(found[1], found[2]) for found in _FULL_NAME.finditer(run.prose)]


def _names(run: TextRun) -> list[str]:
    """Words with a capital within a sentence."""
    return [
        found[0]
        for found in _NAME.finditer(run.prose)
        if found.start()
        and run.prose[: found.start()].rstrip(" \u00a0«“(\n")[-1:] not in ("", ".", "!", "?", ":", "…")
    ]


def _count(name: str, run: TextRun) -> int:
    return len(re.findall(rf"\b{re.escape(name)}", run.prose))


def _are_similar(one: str, other: str) -> bool:
    return one[:3].casefold() == other[:3].casefold() or SequenceMatcher(None, one, other).ratio() > 0.6


def places_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """A known place in English, and another one in the same place in French."""
    places = data()["places"]
    for both in likely_pairs(parsed):
        english, french = (_places(run, side) for side, run in enumerate(both))
        only_english, only_french = english - french, french - english
        if len(only_english) == 1 and len(only_french) == 1:
            names = {"english": places[only_english.pop()][0], "french": places[only_french.pop()][1]}
            yield of_both(match_in_run(both.french, **names))


def _places(run: TextRun, side: int) -> set[int]:
    """The places that a passage names, by their numbers in the list."""
    numbers, pattern = _place_names(side)
    return {numbers[found[0]] for found in pattern.finditer(run.prose)}


@cache
def _place_names(side: int) -> tuple[dict[str, int], re.Pattern[str]]:
    numbers = {names[side]: index for index, names in enumerate(data()["places"])}
    listed = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    return numbers, re.compile(rf"\b(?:{listed})(?!\w|-)")


RULES = (
    Rule(
        "place-differs",
        WARNING,
        _(
            "The places differ (English: %(english)s; French: %(french)s). Name the same one in both languages."
        ),
        places_differ,
        (
            pair(
                "en",
                ("Canada helps in Basra.", "Le Canada aide à Mossoul."),
                ("Canada helps in Mosul.", "Le Canada aide à Mossoul."),
            ),
            pair(
                "fr",
                ("Canada helps in Mosul.", "Le Canada aide à Bassora."),
                ("Canada helps in Mosul.", "Le Canada aide à Mossoul."),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "name-differs",
        OFF,
        _("The names differ (English: %(english)s; French: %(french)s). Use the same one in both languages."),
        names_differ,
        (
            pair(
                "en",
                ("We met Anna Keller there.", "Nous y avons rencontré Anna Lindqvist."),
                ("We met Anna Lindqvist there.", "Nous y avons rencontré Anna Lindqvist."),
            ),
            pair(
                "fr",
                ("We met Anna Lindqvist there.", "Nous y avons rencontré Anna Keller."),
                ("We met Anna Lindqvist there.", "Nous y avons rencontré Anna Lindqvist."),
            ),
        ),
        topic="languages",
    ),
)
