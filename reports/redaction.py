"""A visitor's text with whatever says who somebody is masked.

What is stored, logged or shown to staff has been through `redact` first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.personal_information import RULES, TOKEN_START, Kind
from reports.plain_reading import read

# One mark for both languages, since staff of either read the same report. A text that is shorter than its mark becomes
# as many number signs, so that masking never takes a text past the limit that the visitor kept to.
MARKS = {
    Kind.EMAIL: "[mail]",
    Kind.PHONE: "[tel]",
    Kind.SIN: "[SIN/NAS]",
    Kind.CARD: "[card/carte]",
    Kind.POSTAL_CODE: "[code]",
    Kind.PASSPORT: "[pass.]",
    Kind.BUSINESS_NUMBER: "[BN/NE]",
    Kind.HEALTH_CARD: "[medical]",
    Kind.UCI: "[UCI]",
    Kind.ADDRESS: "[addr.]",
    Kind.BIRTH_DATE: "[date]",
}


@dataclass(frozen=True)
class Redacted:
    text: str
    found: tuple[Kind, ...]


def redact(text: str) -> Redacted:
    """`text` with each piece of personal information replaced by the mark of its kind; never longer than `text`.

    What takes no room in a text may stand within a number or between two: it is read both ways.
    """
    once = _mask(text, filler="")
    if read(once.text) == read(once.text, " "):
        return once
    twice = _mask(once.text, filler=" ")
    return Redacted(twice.text, tuple(dict.fromkeys(once.found + twice.found)))


def _mask(text: str, *, filler: str) -> Redacted:
    reading = read(text, filler)
    parts, found, end = [], [], 0
    for kind, first, last in _secrets(reading.text):
        start, stop = reading.span(first, last)
        mark = MARKS[kind]
        parts += text[end:start], mark if len(mark) <= stop - start else "#" * (stop - start)
        found.append(kind)
        end = stop
    return Redacted("".join(parts) + text[end:], tuple(dict.fromkeys(found)))


def kinds_masked_in(text: str) -> tuple[Kind, ...]:
    """The kinds whose mark stands in a text that a visitor sends after seeing it masked."""
    return tuple(kind for kind, mark in MARKS.items() if mark in text)


def _secrets(text: str) -> Iterator[tuple[Kind, int, int]]:
    """The first rule that accepts a place has it, and what it read is not read again."""
    position = 0
    while token := TOKEN_START.search(text, position):
        position = token.start() + 1
        for rule in RULES:
            span = rule.span(text, token.start())
            if span is None:
                continue
            if rule.kind:
                yield rule.kind, *span
            position = span[1]
            break
