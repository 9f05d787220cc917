"""How each language is set: the spaces that may not break, dates and numbers.

`typeset` is applied when a text is shown, never when it is kept, so that editors need not see such spaces.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

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

_TAG = re.compile(r"(<[^<>]*>)")
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_LANGUAGE = re.compile(r'\slang="([^"]*)"')
# What is in these is as it must be typed.
_VERBATIM = frozenset({"code", "pre"})
# Tags within a sentence; at any other one a sentence ends.
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "data", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "time"}
)


def typeset(html: str, language: str) -> str:
    """The same text, HTML or plain, with ordinary spaces made no-break ones where the language wants them.

    Nothing else changes, and nothing in tags or in elements whose `lang` is another language, nor in code.
    Attributes must have their "<" and ">" escaped, as `html.clean` and Django's own escaping do. Returns a plain str.
    """
    if "<" not in html:
        return _SPACES[language].sub(NBSP, html)
    tokens = _TAG.split(str(html))
    read = _read(tokens, language)
    text = _SPACES[language].sub(NBSP, "".join(read))
    result, start = [], 0
    for token, seen in zip(tokens, read, strict=True):
        end = start + len(seen)
        result.append(text[start:end] if token == seen else token)
        start = end
    return "".join(result)


def _read(tokens: list[str], language: str) -> list[str]:
    """For each text or tag what a reader meets there: its words, the end of a line, or "" in mid-sentence."""
    foreign, depth, read = "", 0, []
    for index, token in enumerate(tokens):
        is_tag = index % 2
        if not is_tag:
            read.append("\ufffc" if foreign else token)
            continue
        name = (_TAG_NAME.match(token) or ("", ""))[1]
        if not foreign and (name in _VERBATIM or "lang=" in token and _is_foreign(token, language)):
            foreign = name
        if name and name == foreign:
            depth += -1 if token.startswith("</") else 1
            foreign = foreign if depth else ""
        read.append("" if name in _INLINE else "\n")
    return read


def _is_foreign(tag: str, language: str) -> bool:
    lang = _LANGUAGE.search(tag)
    return bool(lang) and lang[1].lower().partition("-")[0] != language


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
