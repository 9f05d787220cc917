"""Whole numbers: reads those that come from outside, in an address, a form or a header, and writes counts of things."""

from __future__ import annotations

from collections.abc import Iterable

# The largest id that SQLite and PostgreSQL hold, and the largest number of an ordinary column of integers.
MAX_ID = 2**63 - 1
MAX_INTEGER = 2**31 - 1


def parse_integer(text: str, *, maximum: int = MAX_ID) -> int | None:
    """Returns the number that up to as many ASCII digits say as `maximum` has; None for anything else or a larger one.

    No sign, no space, no digit of another script, which `str.isdigit` and `int` take.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(maximum))):
        return None
    number = int(text)
    return number if number <= maximum else None


def parse_integers(texts: Iterable[str]) -> list[int]:
    """Returns the numbers among some texts, in their order; what is no number is left out."""
    return [number for text in texts if (number := parse_integer(text)) is not None]


def format_count(number: int, singular: str, plural: str = "") -> str:
    """Returns a number of things for the output of a command, which is in English: "1 page", "2 pages", "0 entries"."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"
