"""Do the entries of a timeline stand in the order of their dates?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise, takewhile

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual, Document, TimelineEntry
from ..typography import MONTHS
from .examples import Example
from .parsed_document import ParsedDocument
from .rules import SPACE, WARNING, Match, Rule, match_in_field

# The first date that is written, from its year on: what comes after it is the end of a period.
_NUMERIC = re.compile(r"(?<!\d)(\d{4})-(\d\d)(?:-(\d\d))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_MONTH = {
    "en": re.compile(rf"\b(?P<month>{'|'.join(MONTHS['en'])})\b(?:{SPACE}(?P<day>\d{{1,2}})(?!\d))?"),
    "fr": re.compile(rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?:er)?{SPACE})?\b(?P<month>{'|'.join(MONTHS['fr'])})\b"),
}

Moment = tuple[int, ...]  # the year, and the month and the day as far as they are told


def moment(text: str, language: str) -> Moment:
    """Returns when a date that is written for people begins, as far as it says; () where it names no year."""
    if numeric := _NUMERIC.search(text):
        return tuple(int(part) for part in numeric.groups() if part)
    year = _YEAR.search(text)
    if not year:
        return ()
    found = _MONTH[language].search(text, 0, year.start())
    if not found:
        return (int(year[0]),)
    month = MONTHS[language].index(found["month"]) + 1
    return (int(year[0]), month, int(found["day"])) if found["day"] else (int(year[0]), month)


def out_of_order(parsed: ParsedDocument) -> Iterator[Match]:
    """Entries against the direction that most of their timeline takes: the first date first, or the last one."""
    for is_entry, blocks in groupby(parsed.document.blocks, lambda block: isinstance(block, TimelineEntry)):
        if is_entry:
            yield from _against_the_others(list(blocks))


def _against_the_others(entries: list[TimelineEntry]) -> Iterator[Match]:
    dated = [(entry, told) for entry in entries if (told := _moment_of(entry))]
    steps = [_direction(before, after) for (_, before), (_, after) in pairwise(dated)]
    direction = 1 if sum(steps) >= 0 else -1
    for (entry, _moment), step in zip(dated[1:], steps, strict=True):
        if step == -direction:
            text = entry.date.en or entry.date.fr
            yield match_in_field(("blocks", entry.key, "date"), excerpt=text, text=text)


def _moment_of(entry: TimelineEntry) -> Moment:
    return moment(entry.date.en, "en") or moment(entry.date.fr, "fr")


def _direction(before: Moment, after: Moment) -> int:
    """1 for a later date, -1 for an earlier one, and 0 where what is told of both is the same."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    if same == min(len(before), len(after)):
        return 0
    return 1 if before[same] < after[same] else -1


def _timeline(language: str, *dates: str) -> Document:
    entries = (
        TimelineEntry(f"entry-{i}", date=Bilingual(**{language: date})) for i, date in enumerate(dates)
    )
    return Document("example", parent="home", blocks=tuple(entries))


def _example(language: str, *dates: str) -> Example:
    """One in which the last two dates changed places, and the one in order."""
    *first, second_last, last = dates
    wrong = (*first, last, second_last)
    return Example(
        language,
        _timeline(language, *wrong),
        _timeline(language, *dates),
        (),
        " / ".join(wrong),
        " / ".join(dates),
    )


RULES = (
    Rule(
        "timeline-order",
        WARNING,
        _("“%(text)s” is out of order in its timeline. Put the entries in the order of their dates."),
        out_of_order,
        (
            _example("en", "2014", "March 2016", "May 2, 2018"),
            _example("fr", "2014", "mars 2016", "2 mai 2018"),
        ),
    ),
)
