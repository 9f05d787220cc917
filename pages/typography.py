"""How each language is set: the spaces that may not break, dates and numbers.

`typeset` is applied when a text is shown, never when it is kept, so that editors need not see such spaces.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from .html import NOTE, Attributes, Mark, Run

NBSP = "\u00a0"

MONTHS = {
    "en": "January February March April May June July August September October November December".split(" "),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" "),
}

# What may follow a number without belonging to it: "in 19 of them", « en 2 ou 3 ans ».
_UNBOUND = {
    "en": (
        "about across after also among an and are as at be because been before between both but by can did do "
        "during each for from had has have he if in into is it its may more must nor not of on or our over she "
        "since so than that the their then these they this those through to under until was we were when where "
        "which while who will with within without would"
    ),
    "fr": (
        "afin ainsi alors après au aux avait avant avec car ce ces cette chez comme contre dans de depuis des dont "
        "du elle elles en entre est et eu fut il ils jusqu la le les leur lors mais ne ni nous on ont ou où par "
        "pas pendant plus pour puis qu que qui sa sans se selon sera ses si soit son sont sous sur tandis un une "
        "vers vous était étaient"
    ),
}

# Each stands after a space and says when it may not break. A year alone is a date, not an amount of something.
_AMOUNT = r"(?<=\d )(?<!\b19\d\d )(?<!\b20\d\d )(?=(?!(?:{unbound})\b)[^\W\d_]{{2}}|[hgmstLWVJ]\b(?!['’])|°)"
_RULES = {
    "en": [
        _AMOUNT.format(unbound=_UNBOUND["en"].replace(" ", "|")),
        "(?:{})(?=[0-9]{{1,2}}(?![0-9]))".format("|".join(rf"(?<=\b{month} )" for month in MONTHS["en"])),
        r"(?<=\bext\. )(?=\d)",
    ],
    "fr": [
        _AMOUNT.format(unbound=_UNBOUND["fr"].replace(" ", "|")),
        r"(?=[:»%$€])",
        r"(?<=« )",
        r"(?<=\d )(?<!\d\d\d\d )(?=\d\d\d(?!\d))",
        rf"(?<=\d[ {NBSP}]h )(?=\d)",
        r"(?<=\b1er )(?=(?:{})\b)".format("|".join(MONTHS["fr"])),
        r"(?<=\$ )(?=(?:US|CA|CAN)\b)",
        r"(?<=\bn[o°] )(?=\d)",
        r"(?<=\bposte )(?=\d)",
    ],
}
_SPACES = {language: re.compile(" (?:{})".format("|".join(rules))) for language, rules in _RULES.items()}

# What is in these is as it must be typed.
_VERBATIM = Mark("code")


def typeset(text: str, language: str) -> str:
    """The same text, plain or escaped, with ordinary spaces made no-break ones where the language wants them.

    Nothing else changes. Returns a plain str.
    """
    return _SPACES[language].sub(NBSP, text)


def typeset_runs(runs: tuple[Run, ...], language: str) -> tuple[Run, ...]:
    """The runs of a block with such spaces, except in passages that are in another language, and in code."""
    if len(runs) == 1 and not runs[0].marks:
        return (Run(_SPACES[language].sub(NBSP, runs[0].text), ()),)
    is_left = [bool(marks) and _is_left(marks, language) for _text, marks in runs]
    read = "".join(
        [NOTE * len(run.text) if left else run.text for run, left in zip(runs, is_left, strict=True)]
    )
    text = _SPACES[language].sub(NBSP, read)
    if text == read:
        return runs
    result, start = [], 0
    for run, left in zip(runs, is_left, strict=True):
        end = start + len(run.text)
        result.append(run if left else Run(text[start:end], run.marks))
        start = end
    return tuple(result)


def _is_left(marks: tuple[Mark, ...], language: str) -> bool:
    return any(mark == _VERBATIM or is_foreign(mark.attributes, language) for mark in marks)


def is_foreign(attributes: Attributes, language: str) -> bool:
    """Whether an element with these attributes is in another language."""
    return bool(attributes) and any(
        name == "lang" and value.lower().partition("-")[0] != language for name, value in attributes
    )


def date_text(value: date, language: str) -> str:
    """A date in prose: "July 31, 2016", « 31 juillet 2016 », « 1er décembre 2018 »."""
    month = MONTHS[language][value.month - 1]
    if language == "en":
        return f"{month}{NBSP}{value.day}, {value.year}"
    return f"{value.day}{'er' if value.day == 1 else ''}{NBSP}{month} {value.year}"


def date_html(value: date, language: str) -> SafeString:
    """The same as HTML: « 1<sup>er</sup> décembre 2018 »."""
    return mark_safe(date_text(value, language).replace("1er", "1<sup>er</sup>"))


def number(value: int | float | Decimal, language: str) -> str:
    """A number with its thousands apart: "1,200.5" in English, « 1 200,5 » in French."""
    english = f"{Decimal(str(value)):,f}"
    return english if language == "en" else english.replace(",", NBSP).replace(".", ",")


def file_size(size: int, language: str) -> str:
    """A size in bytes as readers know it: "340 KB" or "1.2 MB", « 340 Ko » or « 1,2 Mo »."""
    kilo, mega = {"en": ("KB", "MB"), "fr": ("Ko", "Mo")}[language]
    if size < 999_500:
        return f"{number(max(1, round(size / 1000)), language)}{NBSP}{kilo}"
    return f"{number(round(size / 1_000_000, 1), language)}{NBSP}{mega}"
