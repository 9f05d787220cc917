"""How a figure reads in each language: money, people, percentages, dates and plain numbers, by the rules of the site.

Pure functions. The texts have ordinary spaces, as all texts that are kept; `typography.typeset` makes those that may
not break no-break ones when a text is shown.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from .typography import NBSP, date_text, number


class Unit(StrEnum):
    """What a figure counts or says."""

    MONEY = "money"
    PEOPLE = "people"
    PERCENT = "percent"
    DATE = "date"
    PLAIN = "plain"


class Currency(StrEnum):
    """In which money is counted, by its ISO 4217 code; Canadian dollars need not be named."""

    CAD = "CAD"
    USD = "USD"
    EUR = "EUR"
    IQD = "IQD"


class UnreadableFigure(ValueError):
    """Raised for what is no figure of its unit."""


# No figure is as large as this one; French has no other word for it than « billiard ».
LIMIT = Decimal(10) ** 15
MAX_DECIMALS = 4
# Decimals of a number of millions; what has more is written out.
_SCALED_DECIMALS = 2

_SCALES = {
    "en": ((12, "trillion", "trillion"), (9, "billion", "billion"), (6, "million", "million")),
    "fr": ((12, "billion", "billions"), (9, "milliard", "milliards"), (6, "million", "millions")),
}
# What a currency is called: with a scale or an amount in words, and the sign before and after an amount in digits.
_MONEY = {
    ("CAD", "en"): ("", "$", ""),
    ("CAD", "fr"): ("dollars", "", "$"),
    ("USD", "en"): ("", "US$", ""),
    ("USD", "fr"): ("dollars américains", "", "$ US"),
    ("EUR", "en"): ("", "€", ""),
    ("EUR", "fr"): ("euros", "", "€"),
    ("IQD", "en"): ("Iraqi dinars", "", "Iraqi dinars"),
    ("IQD", "fr"): ("dinars irakiens", "", "dinars irakiens"),
}
_PEOPLE = {"en": ("person", "people"), "fr": ("personne", "personnes")}

# What people write, in either language, about a number.
_AROUND = re.compile(
    r"(?i)^(?:us|ca)?[$€]|(?:[$€]\s*(?:us|ca)?|%|(?:de |d[’'])?(?:dollars|euros|dinars|people|personnes?|person))$"
)
_WRITTEN = re.compile(
    r"(?i)(?P<number>[0-9., ]*[0-9])(?: ?(?P<scale>thousand|mille|million|billion|trillion|milliard)s?)?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([, ])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_PLACES = {"thousand": 3, "mille": 3, "million": 6, "milliard": 9}


def read_figure(text: str, unit: str) -> str:
    """Returns a figure as it is kept: a number in digits, such as `4000000000`, or a date, such as `2020-12-31`.

    Takes what people write in either language: “4 billion”, “4,000,000,000”, « 1,2 million », “12%”. Raises
    UnreadableFigure for what is no figure of the unit, or could be read in two ways.
    """
    text = " ".join(text.replace("\u202f", " ").replace(NBSP, " ").split())
    if unit == Unit.DATE:
        return _read_date(text)
    value = _read_number(_AROUND.sub("", _AROUND.sub("", text).strip()).strip())
    if value >= LIMIT or value != round(value, MAX_DECIMALS):
        raise UnreadableFigure(text)
    if unit == Unit.PEOPLE and value != value.to_integral_value():
        raise UnreadableFigure(text)
    return _digits(value)


def _read_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UnreadableFigure(text) from None


def _read_number(text: str) -> Decimal:
    written = _WRITTEN.fullmatch(text)
    if not written:
        raise UnreadableFigure(text)
    digits, scale = written["number"], (written["scale"] or "").lower()
    if scale not in ("", *_PLACES) or scale and re.fullmatch(r"\d{1,3}[,.]\d{3}", digits):
        # “billion” and “trillion” are a thousand times more in French: see `_read_large`.
        return _read_large(digits, scale)
    return _read_digits(digits).scaleb(_PLACES.get(scale, 0))


def _read_large(digits: str, scale: str) -> Decimal:
    """“4 billion” is English; the French « billion » is too large to be meant. “1,234 million” could be either."""
    if scale not in ("billion", "trillion") or re.fullmatch(r"\d{1,3}[,.]\d{3}", digits):
        raise UnreadableFigure(digits)
    return _read_digits(digits).scaleb({"billion": 9, "trillion": 12}[scale])


def _read_digits(digits: str) -> Decimal:
    if grouped := _GROUPED.fullmatch(digits):
        digits = digits.replace(grouped[1], "")
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise UnreadableFigure(digits) from None


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure_text(value: str, unit: str, language: str, currency: str = Currency.CAD) -> str:
    """Returns a figure that `read_figure` gave as it reads in a language.

    “$4 billion”, « 4 milliards de dollars », “12%”, « 12 % », “1.2 million people”, « 1er décembre 2018 ».
    """
    if unit == Unit.DATE:
        return date_text(date.fromisoformat(value), language).replace(NBSP, " ")
    amount = Decimal(value)
    if unit == Unit.MONEY:
        return _money(amount, language, currency)
    if unit == Unit.PEOPLE:
        return _people(amount, language)
    text = _number(amount, language)
    if unit == Unit.PERCENT:
        return text + {"en": "%", "fr": " %"}[language]
    return text


def _number(amount: Decimal, language: str) -> str:
    return _scaled(amount, language) or number(amount, language).replace(NBSP, " ")


def _scaled(amount: Decimal, language: str) -> str:
    """A number of millions or more, in the largest scale that needs few decimals; "" for what is written out."""
    for zeros, one, many in _SCALES[language]:
        scaled = amount.scaleb(-zeros)
        if scaled >= 1 and scaled == round(scaled, _SCALED_DECIMALS) and scaled < 1000:
            text = number(Decimal(_digits(scaled)), language)
            # French has a plural from two on: « 1,2 million ».
            return f"{text} {many if scaled >= 2 else one}"
    return ""


def _money(amount: Decimal, language: str, currency: str) -> str:
    name, before, after = _MONEY[currency, language]
    if scaled := _scaled(amount, language):
        return f"{before}{scaled} {_of(name, language)}".rstrip()
    decimals = 0 if amount == amount.to_integral_value() else 2
    text = number(amount if amount != round(amount, 2) else round(amount, decimals), language)
    return f"{before}{text} {after}".rstrip().replace(NBSP, " ")


def _people(amount: Decimal, language: str) -> str:
    one, many = _PEOPLE[language]
    if scaled := _scaled(amount, language):
        return f"{scaled} {_of(many, language)}"
    is_one = amount == 1 or language == "fr" and amount < 2
    return f"{_number(amount, language)} {one if is_one else many}"


def _of(name: str, language: str) -> str:
    """What is counted, after a scale: « de dollars », « d’euros »."""
    if language == "en" or not name:
        return name
    return f"d’{name}" if name[0] in "aeiou" else f"de {name}"
