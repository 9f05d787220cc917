"""A visitor's text with whatever says who somebody is masked.

What is stored, logged or shown to staff has been through `redact` first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.personal_information import BEGINNING, RULES, Kind

# One mark for both languages, since staff of either read the same report. None is longer than the shortest
# text of its kind, so that masking never takes a text past the limit that the visitor kept to.
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

# Digits of Arabic, Persian and Japanese keyboards read as the others, one character for one so that places agree.
KEYBOARDS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９＠", "0123456789" * 3 + "@")


@dataclass(frozen=True)
class Redacted:
    text: str
    found: tuple[Kind, ...]


def redact(text: str) -> Redacted:
    """`text` with each piece of personal information replaced by the mark of its kind; never longer than `text`."""
    parts, found, end = [], [], 0
    for kind, start, stop in _secrets(text.translate(KEYBOARDS)):
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
    while beginning := BEGINNING.search(text, position):
        position = beginning.start() + 1
        for rule in RULES:
            span = rule.span(text, beginning.start())
            if span is None:
                continue
            if rule.kind:
                yield rule.kind, *span
            position = span[1]
            break
