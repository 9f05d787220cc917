"""Do the dates that a text names exist, and do they fall on the day of the week that it says?

Reckoned by the Gregorian calendar, and only from 1900 on: older dates may be those of another calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ..typography import MONTHS
from .examples import en, fr
from .parsed_document import BESIDE, CELLS, HEADINGS, PROSE, ParsedDocument, TextRun
from .rules import SPACE, WARNING, Match, Rule, match_in_run

_CHECKED_KINDS = HEADINGS | PROSE | CELLS | BESIDE | {"description"}

WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
}

_DIGIT = re.compile(r"\d")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<![\d/–-])(?P<day>\d{1,2})"
_WEEKDAY = {
    language: rf"(?:\b(?P<weekday>{'|'.join(names)}),?{SPACE})?" for language, names in WEEKDAYS.items()
}
_MONTH = {language: rf"\b(?P<month>{'|'.join(names)})" for language, names in MONTHS.items()}
_ENGLISH_DAY = rf"{_DAY}(?:st|nd|rd|th)?"
_DATES = {
    "en": (
        # “Friday, July 31, 2026”
        re.compile(rf"{_WEEKDAY['en']}{_MONTH['en']}{SPACE}{_ENGLISH_DAY},?{SPACE}{_YEAR}"),
        # “Friday the 31st of July 2026”
        re.compile(
            rf"{_WEEKDAY['en']}(?:the{SPACE})?{_ENGLISH_DAY}{SPACE}(?:of{SPACE})?{_MONTH['en']},?{SPACE}{_YEAR}"
        ),
    ),
    "fr": (
        # « vendredi 31 juillet 2026 », « 1er mai 2026 »
        re.compile(rf"{_WEEKDAY['fr']}(?:le{SPACE})?{_DAY}(?:er)?{SPACE}{_MONTH['fr']}{SPACE}{_YEAR}", re.I),
    ),
}


class _Named(NamedTuple):
    """A date as a text names it; `weekday` is "" where it names none."""

    run: TextRun
    start: int
    end: int
    year: int
    month: int
    day: int
    weekday: str

    @property
    def exists(self) -> bool:
        return 1 <= self.day <= monthrange(self.year, self.month)[1]


def _dates(parsed: ParsedDocument) -> list[_Named]:
    return [
        _named(run, found)
        for view in parsed.views
        for run in view.runs_of(_CHECKED_KINDS)
        if _DIGIT.search(run.prose)
        for pattern in _DATES[run.language]
        for found in pattern.finditer(run.prose)
    ]


def _named(run: TextRun, found: re.Match[str]) -> _Named:
    month = [name.lower() for name in MONTHS[run.language]].index(found["month"].lower()) + 1
    weekday = (found["weekday"] or "").lower()
    return _Named(run, *found.span(), int(found["year"]), month, int(found["day"]), weekday)


def impossible(parsed: ParsedDocument) -> Iterator[Match]:
    """Days that no month has, such as February 30."""
    return (
        match_in_run(named.run, named.start, named.end)
        for named in parsed.memoised(_dates)
        if not named.exists
    )


def on_another_weekday(parsed: ParsedDocument) -> Iterator[Match]:
    """Dates that fall on another day of the week than the one that is written before them."""
    for named in parsed.memoised(_dates):
        if not named.weekday or not named.exists:
            continue
        day = date(named.year, named.month, named.day)
        right = WEEKDAYS[named.run.language][day.weekday()]
        if named.weekday != right.lower():
            yield match_in_run(named.run, named.start, named.end, right=right)


RULES = (
    Rule(
        "date-impossible",
        WARNING,
        _("There is no such day: “%(text)s”. Check the date."),
        impossible,
        (
            en("Apply by February 30, 2026.", "Apply by February 28, 2026."),
            fr(
                "Présentez votre demande avant le 31 juin 2026.",
                "Présentez votre demande avant le 30 juin 2026.",
            ),
        ),
    ),
    Rule(
        "weekday-wrong",
        WARNING,
        _("“%(text)s”: that date is a %(right)s. Check which of the two is wrong."),
        on_another_weekday,
        (
            en("It opens on Thursday, July 31, 2026.", "It opens on Friday, July 31, 2026."),
            fr("Le bureau ouvre le jeudi 31 juillet 2026.", "Le bureau ouvre le vendredi 31 juillet 2026."),
        ),
    ),
)
