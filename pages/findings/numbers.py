"""Do the two languages state the same amounts, percentages, years, dates and numbers, field by field?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .amounts import Amount
from .examples import pair
from .reading import Piece, Reading, Side
from .rules import BLOCKS, WARNS, Check, Hit, Rule, excerpt_of

NONE = pgettext_lazy("in one of two languages", "none")
# One language may name the kind of number once for several: “$4 to $5 million”, « 4 à 5 millions de dollars ».
_BARE = frozenset({"number", "year", "ordinal"})

Found = list[tuple[Amount, Piece]]


def differing(*kinds: str) -> Check:
    """A check that finds the amounts of these kinds that only one language states."""

    def checked(reading: Reading) -> Iterator[Hit]:
        for only_english, only_french in reading.kept(_all_unmatched):
            for kind in kinds:
                yield from _paired(
                    [one for one in only_english if one[0].kind == kind],
                    [one for one in only_french if one[0].kind == kind],
                )

    return checked


def _all_unmatched(reading: Reading) -> list[tuple[Found, Found]]:
    english, french = reading.sides
    paths = english.fields.keys() & french.fields.keys()
    return [_unmatched(_stated(english, path), _stated(french, path)) for path in paths]


def _stated(side: Side, path: tuple[str, ...]) -> Found:
    return [(amount, piece) for piece in side.fields[path] for amount in side.amounts.get(piece.order, ())]


def _unmatched(english: Found, french: Found) -> tuple[Found, Found]:
    """What one language states and the other does not, however often either says it."""
    only_english, only_french = _once(_lacking(english, french)), _once(_lacking(french, english))
    texts = {amount.text for amount, _piece in only_english}
    for one in only_french[:]:
        # « EN 301 549 » looks like 301,549.
        parts = set(one[0].text.split(" "))
        if len(parts) > 1 and parts <= texts:
            only_french.remove(one)
            only_english = [other for other in only_english if other[0].text not in parts]
    return only_english, only_french


def _lacking(found: Found, others: Found) -> Found:
    said = {meaning for amount, _piece in others for meaning in _meanings(amount)}
    return [one for one in found if not one[0].optional and said.isdisjoint(_answers(one[0]))]


def _meanings(amount: Amount) -> Iterator[tuple[str, Any]]:
    """What an amount may stand for where the other language says it in another way."""
    yield amount.kind, amount.value
    if amount.kind in _BARE:
        yield "bare", amount.value
        if amount.text[:1].isdigit():
            yield "digits", amount.value
    elif amount.kind == "date":
        yield from (("part of a date", part) for part in _parts(amount))
    else:
        yield "of something", _bare(amount)


def _answers(amount: Amount) -> Iterator[tuple[str, Any]]:
    """Which meanings in the other language say the same as an amount."""
    yield amount.kind, amount.value
    if amount.kind in _BARE:
        yield "bare", amount.value
        yield "of something", amount.value
        if amount.text[:1].isdigit():
            yield "part of a date", amount.value
    elif amount.kind == "date":
        yield from (("digits", part) for part in _parts(amount))
    else:
        yield "bare", _bare(amount)


def _bare(amount: Amount) -> Any:
    """Its number alone: 4 of $4, 9 of 9 am."""
    if amount.kind == "money":
        return amount.value[1]  # type: ignore[index]
    return amount.value / 60 if amount.kind == "time" else amount.value  # type: ignore[operator]


def _parts(amount: Amount) -> list[int]:
    """The year and the day of a date."""
    year, _month, day = amount.value  # type: ignore[misc]
    return [part for part in (year, day) if part]


def _once(found: Found) -> Found:
    """Without the second year of “2014-15”, and what is said again."""
    first = {(amount.text, amount.kind): (amount, piece) for amount, piece in reversed(found)}
    return [one for one in found if first[one[0].text, one[0].kind] == one]


def _paired(english: Found, french: Found) -> Iterator[Hit]:
    """One hit for both where each language has as many of its own, otherwise one for each that stands alone."""
    if len(english) == len(french):
        for one, other in zip(english, french, strict=True):
            yield _hit("", one, one[0].text, other[0].text)
        return
    for one in english:
        yield _hit("fr", one, one[0].text, NONE)
    for one in french:
        yield _hit("en", one, NONE, one[0].text)


def _hit(lacking: str, shown: tuple[Amount, Piece], english: Any, french: Any) -> Hit:
    amount, piece = shown
    excerpt = excerpt_of(piece.text, amount.start, amount.end)
    params = {"english": english, "french": french}
    return Hit(piece.path, lacking, excerpt, params, (piece.order, amount.start))


_MESSAGES = {
    "money": _(
        "Amount of money in English: %(english)s; in French: %(french)s. State the same amount in both languages."
    ),
    "percent": _(
        "Percentage in English: %(english)s; in French: %(french)s. State the same percentage in both languages."
    ),
    "year": _("Year in English: %(english)s; in French: %(french)s. Name the same year in both languages."),
    "date": _(
        "Date or time in English: %(english)s; in French: %(french)s. State the same one in both languages."
    ),
    "number": _(
        "Number in English: %(english)s; in French: %(french)s. State the same number in both languages."
    ),
    "code": _(
        "Telephone number or code in English: %(english)s; in French: %(french)s. Write the same one in both languages."
    ),
}

RULES = (
    Rule(
        "money-differs",
        BLOCKS,
        _MESSAGES["money"],
        differing("money"),
        (
            pair(
                "en",
                ("Canada committed $4 billion.", "Le Canada a engagé 5 milliards de dollars."),
                ("Canada committed $4 billion.", "Le Canada a engagé 4 milliards de dollars."),
            ),
            pair(
                "fr",
                ("The $1,500 grant is paid once.", "La subvention est versée une fois."),
                ("The $1,500 grant is paid once.", "La subvention de 1 500 $ est versée une fois."),
            ),
        ),
    ),
    Rule(
        "percentage-differs",
        BLOCKS,
        _MESSAGES["percent"],
        differing("percent"),
        (
            pair(
                "en",
                ("It rose from 19%.", "Elle est passée de 19 % à 24 %."),
                ("It rose from 19% to 24%.", "Elle est passée de 19 % à 24 %."),
            ),
            pair(
                "fr",
                ("It fell by 2.5%.", "Elle a baissé de 25 %."),
                ("It fell by 2.5%.", "Elle a baissé de 2,5 %."),
            ),
        ),
    ),
    Rule(
        "year-differs",
        WARNS,
        _MESSAGES["year"],
        differing("year"),
        (
            pair(
                "en",
                ("From 2016 to 2021, Canada helped.", "De 2016 à 2022, le Canada a aidé."),
                ("From 2016 to 2022, Canada helped.", "De 2016 à 2022, le Canada a aidé."),
            ),
            pair(
                "fr",
                ("The embassy opened in 2005.", "L’ambassade a ouvert."),
                ("The embassy opened in 2005.", "L’ambassade a ouvert en 2005."),
            ),
        ),
    ),
    Rule(
        "date-differs",
        WARNS,
        _MESSAGES["date"],
        differing("date", "time"),
        (
            pair(
                "en",
                ("Apply by July 13, 2026.", "Présentez votre demande avant le 31 juillet 2026."),
                ("Apply by July 31, 2026.", "Présentez votre demande avant le 31 juillet 2026."),
            ),
            pair(
                "fr",
                ("We open at 9:30 am.", "Nous ouvrons à 8 h 30."),
                ("We open at 9:30 am.", "Nous ouvrons à 9 h 30."),
            ),
        ),
    ),
    Rule(
        "number-differs",
        WARNS,
        _MESSAGES["number"],
        differing("number", "ordinal"),
        (
            pair(
                "en",
                ("About 1.2 people fled.", "Environ 1,2 million de personnes ont fui."),
                ("About 1.2 million people fled.", "Environ 1,2 million de personnes ont fui."),
            ),
            pair(
                "fr",
                ("The plan has five objectives.", "Le plan a six objectifs."),
                ("The plan has five objectives.", "Le plan a cinq objectifs."),
            ),
        ),
    ),
    Rule(
        "code-differs",
        WARNS,
        _MESSAGES["code"],
        differing("code", "phone"),
        (
            pair(
                "en",
                ("Call 1-800-622-6323.", "Composez le 1-800-622-6232."),
                ("Call 1-800-622-6232.", "Composez le 1-800-622-6232."),
            ),
            pair(
                "fr",
                ("See Bill C-23.", "Consultez le projet de loi C-32."),
                ("See Bill C-23.", "Consultez le projet de loi C-23."),
            ),
        ),
    ),
)
