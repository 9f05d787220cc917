"""Do passages and pages agree on the same facts: how long a period is, and amounts said of the same thing?

Languages are compared field by field elsewhere; here each language is compared with itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from .amounts import Amount
from .examples import en, fr
from .reading import PROSE, Claim, Piece, Reading, Side, sentences
from .rules import SPACE, WARNS, Check, Hit, Rule, in_piece

_TOLD = PROSE | {"cell", "caption", "description", "alternative_text", "quotation"}

# What joins the two years of a period, and what joins a period to the word for its length.
_JOINT = {
    "en": re.compile(rf"(?i){SPACE}?(?:to|and|until|through|[-–—]){SPACE}?"),
    "fr": re.compile(rf"(?i){SPACE}?(?:à|et|au|jusqu’en|[-–—]){SPACE}?"),
}
_YEARS = {"en": re.compile(rf"[{SPACE[1:-1]}-]years?\b(?!{SPACE}(?:old|ago|later|after|before))"),
          "fr": re.compile(rf"{SPACE}(?:ans|années)\b(?!{SPACE}(?:plus|après|avant|auparavant))")}  # fmt: skip
_BESIDE = {
    "en": re.compile(
        r"(?i)[ ,;:()\u00a0–-]*(?:(?:from|between|in the period|over the period|that is)[ \u00a0])?\Z"
    ),
    "fr": re.compile(
        r"(?i)[ ,;:()\u00a0–-]*(?:(?:(?:soit |allant |(?:sur|durant) la période )?de|entre|soit)[ \u00a0])?\Z"
    ),
}
_AFTER = {
    "en": re.compile(r"(?i)(?:[ \u00a0]\(|,[ \u00a0](?:over|or|that is,?)[ \u00a0])\Z"),
    "fr": re.compile(r"(?i)(?:[ \u00a0]\(|,[ \u00a0](?:soit|sur|ou)[ \u00a0])\Z"),
}
# Words that tell nothing about what a sentence is about.
_IDLE = {
    "en": frozenset(
        "the and that for with from than more about over under into their its this these those were was has have had "
        "been are which who also canada canadian iraq iraqi between since until some all".split()
    ),
    "fr": frozenset(
        "les des une que qui dans pour avec plus sur aux par est ont été sont ses son leur leurs cette ces canada "
        "canadien canadienne irak irakien irakienne entre depuis environ tout tous".split()
    ),
}
_ALIKE = 0.7  # share of the words of the shorter sentence that both have
_FEWEST = 4


class Fact(NamedTuple):
    """What a passage says in a number of something; facts with the same topic can be compared."""

    topic: tuple[Any, ...]
    value: Any
    words: frozenset[str]
    piece: Piece
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.piece.text[self.start : self.end]


# Periods and their lengths


def _lengths(side: Side) -> Iterator[Fact]:
    """“6 years, from 2016 to 2022” or “2016 to 2022 (six years)”."""
    for piece in side.of(_TOLD):
        found = side.amounts.get(piece.order, [])
        spans = list(_periods(piece, found))
        for length in found if spans else ():
            years = _YEARS[side.language].match(piece.prose, length.end) if length.kind == "number" else None
            near = (span for span in spans if abs(span[0].start - length.start) < 80)
            for first, last in near if years else ():
                if _is_beside(piece, length, years.end(), first, last):
                    start, end = min(length.start, first.start), max(years.end(), last.end)
                    yield Fact(
                        ("length", first.value, last.value), length.value, frozenset(), piece, start, end
                    )


def _periods(piece: Piece, found: list[Amount]) -> Iterator[tuple[Amount, Amount]]:
    years = [amount for amount in found if amount.kind == "year"]
    for first, last in pairwise(years):
        if _JOINT[piece.language].fullmatch(piece.prose, first.end, last.start):
            yield first, last


def _is_beside(piece: Piece, length: Amount, end: int, first: Amount, last: Amount) -> bool:
    if end <= first.start:
        return first.start - end < 40 and bool(_BESIDE[piece.language].match(piece.prose[end : first.start]))
    return last.end < length.start and bool(
        _AFTER[piece.language].match(piece.prose[last.end : length.start])
    )


# Amounts


def _amounts(side: Side) -> Iterator[Fact]:
    """Sentences with one amount of a kind, and the words that tell what it is of."""
    for piece in side.of(_TOLD):
        for sentence in sentences(piece) if piece.order in side.amounts else ():
            found = side.amounts_of(sentence)
            years = tuple(sorted({amount.value for amount in found if amount.kind == "year"}))
            years += tuple(amount.value for amount in found if amount.kind == "date")
            for kind in ("money", "percent", "number"):
                own = [a for a in found if a.kind == kind and not a.optional and a.text[:1] not in "0"]
                if len(own) == 1 and _is_telling(own[0]):
                    content = frozenset(_content(sentence.words, side.language))
                    start = own[0].start
                    unit = own[0].value[0] if kind == "money" else ""
                    yield Fact(
                        (kind, unit, years), own[0].value, content, piece, start, start + len(own[0].text)
                    )


def _is_telling(amount: Amount) -> bool:
    return amount.kind != "number" or amount.value >= 10


def _content(said: list[str], language: str) -> Iterator[str]:
    for word in said:
        word = word.lower().replace("'", "’").rpartition("’")[2] if language == "fr" else word.lower()
        if len(word) > 2 and word not in _IDLE[language]:
            yield word.rstrip("s")


Words = frozenset[str]


def _are_alike(one: Words, other: Words) -> bool:
    """Whether two sentences say nearly the same, apart from the amount."""
    shared = len(one & other)
    return shared >= _FEWEST and shared >= _ALIKE * max(len(one), len(other))


def _facts(side: Side) -> list[Fact]:
    return [*_lengths(side), *_amounts(side)]


def claims(reading: Reading) -> Iterator[Claim]:
    """The facts of a page."""
    for language, facts in reading.kept(_own_facts).items():
        for fact in facts:
            yield Claim(_about(language, fact), said=fact.text, value=_plain(fact.value), words=fact.words)


def _about(language: str, fact: Fact) -> str:
    return f"{language} fact {_plain(fact.topic)}"


def _plain(value: Any) -> str:
    """A value as a text, which is equal where the values are."""
    if isinstance(value, tuple):
        return f"({' '.join(map(_plain, value))})"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def disagreeing(kinds: frozenset[str], are_same: Callable[[Words, Words], bool]) -> Check:
    """A check that finds facts of these kinds with another value elsewhere, on other pages first."""

    def checked(reading: Reading) -> Iterator[Hit]:
        for language, own in reading.kept(_own_facts).items():
            for index, fact in enumerate(own):
                if fact.topic[0] not in kinds:
                    continue
                others = [
                    (told.claim.value, told.claim.words, told.claim.said, told.title[language] or told.key)
                    for told in reading.site.told(claims, _about(language, fact))
                    if told.key != reading.document.key
                ]
                others += [
                    (_plain(other.value), other.words, other.text, _("this page"))
                    for other in own[max(0, index - 200) : index]
                    if other.topic == fact.topic
                ]
                for value, words, said, page in others:
                    if value != _plain(fact.value) and are_same(fact.words, words):
                        yield in_piece(fact.piece, fact.start, fact.end, other=said, page=page)
                        break

    return checked


def _own_facts(reading: Reading) -> dict[str, list[Fact]]:
    return {side.language: _facts(side) for side in reading.sides}


def _always(one: Words, other: Words) -> bool:
    """Two lengths given for the same years cannot both be right, whatever they are said of."""
    return True


RULES = (
    Rule(
        "fact-length",
        WARNS,
        _(
            "The same years have two lengths: “%(text)s” here, “%(other)s” elsewhere (%(page)s). "
            "State one length, or the years alone."
        ),
        disagreeing(frozenset({"length"}), _always),
        (
            en(
                "The strategy runs for 6 years, from 2016 to 2022.",
                "The strategy runs from 2016 to 2022.",
                elsewhere="It is a strategy of five years (2016-2022).",
            ),
            fr(
                "La stratégie dure 6 ans, de 2016 à 2022.",
                "La stratégie dure cinq ans, de 2016 à 2022.",
                elsewhere="C’est une stratégie de cinq ans (2016-2022).",
            ),
        ),
    ),
    Rule(
        "fact-amount",
        WARNS,
        _(
            "“%(text)s” here, “%(other)s” elsewhere (%(page)s), in nearly the same words: "
            "state the same amount, or say what differs."
        ),
        disagreeing(frozenset({"money", "percent", "number"}), _are_alike),
        (
            en(
                "Two-way trade was worth about $88 million in 2020.",
                "Two-way trade was worth about $86 million in 2020.",
                elsewhere="In 2020, two-way trade was worth about $86 million.",
            ),
            fr(
                "Les échanges ont atteint environ 88 millions de dollars en valeur totale en 2020.",
                "Les échanges ont atteint environ 86 millions de dollars en valeur totale en 2020.",
                elsewhere="En 2020, les échanges ont atteint environ 86 millions de dollars en valeur totale.",
            ),
        ),
    ),
)
