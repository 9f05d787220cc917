"""Do passages that stand in the same place name the same people, organizations and places (`text_pairs`)?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .alignment import data, of_both
from .examples import pair
from .parsed_document import CELLS, PROSE, ParsedDocument, TextRun
from .rules import OFF, WARNING, Match, Rule, match_in_run
from .text_pairs import Pair, likely_pairs

_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)*(?![\w-])")
_FULL_NAME = re.compile(rf"({_NAME.pattern})(?=[ \u00a0]({_NAME.pattern}))")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BEGINS_SENTENCE = frozenset(".!?:…")
# Names of a passage that are compared with one another, and their letters: a longer list is no prose.
_MAX_NAMES, _MAX_LETTERS = 30, 40


class _Passage(NamedTuple):
    """What a passage names: words with a capital within its sentences and anywhere, and pairs side by side."""

    within: list[str]
    anywhere: list[str]
    full: list[tuple[str, str]]
    words: Counter[str]


def names_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Names of the English text in whose place the French one has another, which is nowhere else."""
    shared, strange = parsed.memoised(_shared_names), parsed.memoised(_names_of_french_alone)
    for both, (english, french) in parsed.memoised(_passages):
        if both.english.kind not in PROSE | CELLS:
            continue
        unknown = [
            name
            for name in [name for name in french.within if name in strange][:_MAX_NAMES]
            if not any(_are_similar(name, other) for other in english.within[:_MAX_NAMES])
        ]
        missing = next((name for name in _missing(english, french) if name in shared), None)
        other = missing or (_beside_the_same(english, french, unknown) if unknown else "")
        if unknown and other:
            yield of_both(match_in_run(both.french, english=other, french=unknown[0]))


def _passages(parsed: ParsedDocument) -> list[tuple[Pair, tuple[_Passage, _Passage]]]:
    return [(both, (_passage(both.english), _passage(both.french))) for both in likely_pairs(parsed)]


def _passage(run: TextRun) -> _Passage:
    found = [*_NAME.finditer(run.prose)]
    return _Passage(
        [*dict.fromkeys(name[0] for name in found if not _begins_sentence(run.prose, name.start()))],
        [name[0] for name in found],
        [(name[1], name[2]) for name in _FULL_NAME.finditer(run.prose)],
        Counter(_WORD.findall(run.prose)),
    )


def _begins_sentence(text: str, start: int) -> bool:
    """Whether what stands before a place, without opening marks, ends a sentence or is nothing."""
    before = text[max(0, start - 4) : start].rstrip(" \u00a0«“(\n")[-1:]
    return not before or before in _BEGINS_SENTENCE


def _missing(english: _Passage, french: _Passage) -> Iterator[str]:
    """Words with a capital, also those that begin a sentence, which the French text has less often."""
    counts = Counter(english.anywhere)
    return (name for name, count in counts.items() if french.words[name] < count)


def _shared_names(parsed: ParsedDocument) -> frozenset[str]:
    """Names that both languages write alike somewhere on the page."""
    alike = (
        name
        for _both, (english, french) in parsed.memoised(_passages)
        for name in english.within
        if name in french.words
    )
    return frozenset(alike) | _same_places()


def _names_of_french_alone(parsed: ParsedDocument) -> frozenset[str]:
    """Names that only the French text has, in one passage, and never as a word with a small letter."""
    english, french = (
        frozenset(word for run in view.runs for word in _WORD.findall(run.prose)) for view in parsed.views
    )
    counts = Counter(name for _both, passages in parsed.memoised(_passages) for name in passages[1].within)
    return frozenset(
        name
        for name, count in counts.items()
        if count == 1 and name not in english and name.lower() not in french
    )


@cache
def _same_places() -> frozenset[str]:
    """Places that have the same name in both languages."""
    return frozenset(english for english, french in data()["places"] if english == french)


def _beside_the_same(english: _Passage, french: _Passage, unknown: list[str]) -> str:
    """The first name or surname in English where the French text has an unknown one; empty if there is none."""
    after, before = dict(english.full), {last: first for first, last in english.full}
    for first, last in french.full:
        other = after.get(first) if last in unknown else before.get(last) if first in unknown else None
        if other and other not in french.words:
            return other
    return ""


def _are_similar(one: str, other: str) -> bool:
    """Whether names begin alike or have most of their letters in common."""
    if one[:3].casefold() == other[:3].casefold():
        return True
    return SequenceMatcher(None, one[:_MAX_LETTERS], other[:_MAX_LETTERS]).ratio() > 0.6


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
