"""What numbers a text states: amounts of money, percentages, years, dates, times and plain numbers.

“$4 billion” and « 4 milliards de dollars » have the same kind and value, so that languages and pages can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from ..typography import MONTHS

# Stands for what is not in the language of a text, or is read already: not a word, a space or a mark.
MASK = "\ufffc"

S = "[ \u00a0\u202f\u2009]"

_MONTH = {
    # “may” and “march” are words too.
    "en": "|".join(rf"(?-i:{name})" if name in ("May", "March") else name for name in MONTHS["en"]),
    "fr": "|".join(MONTHS["fr"]),
}

NUMBER = {
    "en": r"(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+,\d\d?(?=[ \u00a0]?(?:[mb]illion|%))|\d+(?:\.\d+)?)",
    "fr": rf"(?:\d{{1,3}}(?:{S}\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)",
}
SCALE = {"en": "(?:thousand|(?:m|b|tr)illion)", "fr": "(?:mille|(?:million|milliard|billion)s?)"}
_ZEROS = {
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9, "k": 3, "m": 6, "b": 9},
    "fr": {"cent": 2, "mille": 3, "million": 6, "milliard": 9, "billion": 12, "k": 3, "m": 6, "g": 9},
}  # fmt: skip
_CURRENCIES = {"$": "$", "€": "€", "£": "£", "d": "$", "e": "€"}


class Amount(NamedTuple):
    """A number as a text states it; `value` is equal where two texts say the same.

    Of the optional ones nobody expects that the other language says the same: “both” may stand for « deux ».
    """

    kind: str  # money, percent, year, date, time, ordinal, code, phone or number
    value: object
    start: int
    end: int
    text: str
    optional: bool = False


def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """The numbers of a text, in reading order."""
    return _read(text, language, _READERS[language])


def amounts_in_words(text: str, language: str) -> tuple[Amount, ...]:
    """The numbers of a text that has no digits."""
    return _read(text, language, _READERS[language][-1:])


def _read(text: str, language: str, readers: tuple[Reader, ...]) -> tuple[Amount, ...]:
    found: list[Amount] = []
    for kind, pattern, read in readers:
        taken = partial(_taken, found=found, kind=kind, read=read, language=language)
        text = pattern.sub(taken, text)
    return tuple(sorted(found, key=lambda amount: amount.start))


def _taken(match: re.Match[str], *, found: list[Amount], kind: str, read: Callable, language: str) -> str:
    """Keeps what a pattern found, and hides it from the patterns that come after."""
    for value, optional in read(match, language):
        found.append(Amount(kind, value, match.start(), match.end(), match[0].strip(), optional))
    return MASK * len(match[0])


# Words for numbers. Up to two, languages say them in too many ways to be compared.

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen".split(),
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf".split(),
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety".split(),
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix".split(),
}
# What another language may say with another number, or without any.
_LOOSE = {
    "en": {"zero": 0, "a": 1, "one": 1, "two": 2, "both": 2, "biennial": 2, "triennial": 3, "ten": 10, "decade": 10,
           "dozen": 12, "fortnight": 14},
    "fr": {"zéro": 0, "un": 1, "une": 1, "deux": 2, "biennal": 2, "triennal": 3, "trimestre": 3,
           "quinquennal": 5, "semestre": 6, "huit": 8, "neuf": 9, "neuve": 9, "dix": 10, "décennie": 10,
           "dizaine": 10, "douzaine": 12, "quinze": 15, "quinzaine": 15, "vingtaine": 20, "centaine": 100,
           "cent": 100, "mille": 1000},
}  # fmt: skip


def _number_words(language: str) -> dict[str, int]:
    """The words for 0 to 99, with hyphens."""
    units, tens = _UNITS[language], _TENS[language]
    found = {word: value for value, word in enumerate(units)}
    for ten, word in enumerate(tens, start=2):
        found[word] = ten * 10
        found |= {f"{word}-{units[unit]}": ten * 10 + unit for unit in range(1, 10)}
    if language == "fr":
        found |= {f"{word}-et-un": ten * 10 + 1 for ten, word in enumerate(tens[:5], start=2)}
        found |= {f"soixante-{units[unit]}": 60 + unit for unit in range(10, 20)}
        found |= {f"quatre-vingt-{units[unit]}": 80 + unit for unit in range(10, 20)}
        found |= {"quatre-vingts": 80, "soixante-et-onze": 71}
    return found


NUMBER_WORDS = {language: _number_words(language) for language in ("en", "fr")}


def _words_pattern(language: str) -> str:
    atoms = {atom for word in NUMBER_WORDS[language] for atom in word.split("-")} | _LOOSE[language].keys()
    one_of = "|".join(sorted(atoms, key=len, reverse=True))
    joint = rf"(?:-|{S}et{S}(?=(?:une?|onze)\b))" if language == "fr" else "-"
    scale = rf"{S}(?P<scale>{SCALE[language]}|hundred|cents?)"
    first = "".join(sorted({atom[0] for atom in atoms}))
    return rf"\b(?<!-)(?=[{first}])(?P<words>(?:{one_of})(?:{joint}(?:{one_of}))*)(?:{scale})?s?\b"


# Readers: from what a pattern found to values.

Values = Iterator[tuple[object, bool]]


def _decimal(text: str, language: str, *, whole: bool) -> Decimal:
    """A number as written, also with the marks of the other language; `whole` when no “million” follows."""
    text = re.sub(S, "", text)
    french = language == "fr" and not (whole and re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", text))
    if french or re.fullmatch(r"\d+,\d\d?", text):
        return Decimal(text.replace(",", "."))
    return Decimal(text.replace(",", ""))


def _scaled(number: str, scale: str | None, language: str) -> Decimal:
    if not scale:
        return _decimal(number, language, whole=True).normalize()
    name = scale.lower()
    zeros = _ZEROS[language].get(name) or _ZEROS[language].get(name.rstrip("s"), 0)
    return _decimal(number, language, whole=False).scaleb(zeros).normalize()


def _money(match: re.Match[str], language: str) -> Values:
    currency = _CURRENCIES[match["sign"][0].lower()]
    yield (currency, _scaled(match["number"], match["scale"], language)), False


def _number(match: re.Match[str], language: str) -> Values:
    groups = match.groupdict()
    yield _scaled(match["number"], groups.get("scale"), language), False


def _year(match: re.Match[str], language: str) -> Values:
    first = int(match["year"])
    yield Decimal(first), False
    if match["next"] and int(match["next"]) == (first + 1) % 100:
        yield Decimal(first + 1), False


def _date(match: re.Match[str], language: str) -> Values:
    groups = match.groupdict()
    month = [name.lower() for name in MONTHS[language]].index(match["month"].lower()) + 1
    year, day = groups.get("year"), groups.get("day")
    yield (int(year) if year else None, month, int(day) if day else None), False


def _iso_date(match: re.Match[str], language: str) -> Values:
    yield tuple(map(int, match[0].split("-"))), False


def _time(match: re.Match[str], language: str) -> Values:
    groups = match.groupdict()
    hour, half = int(match["hour"]), (groups.get("half") or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    yield hour * 60 + int(match["minute"] or 0), False


def _digits(match: re.Match[str], language: str) -> Values:
    yield re.sub(r"\D", "", match[0]).removeprefix("1"), False


def _code(match: re.Match[str], language: str) -> Values:
    """Letters and digits alone; a quarter is Q1 in English and T1 in French."""
    code = re.sub(r"[\W_]", "", match[0].rstrip("s")).upper()
    yield re.sub(r"\AT(?=[1-4]\Z)", "Q", code), False


def _words(match: re.Match[str], language: str) -> Values:
    words = re.sub(S, "-", match["words"].lower())
    value = NUMBER_WORDS[language].get(words, _LOOSE[language].get(words))
    if value is None:
        return
    scale = (match["scale"] or "").lower()
    small = scale.rstrip("s") in ("", "hundred", "cent", "thousand", "mille")
    optional = small and (words in _LOOSE[language] or bool(scale)) or value == 1
    yield _scaled(str(value), scale, language), optional


# Patterns, in the order in which they take what they find.

Reader = tuple[str, re.Pattern[str], Callable[[re.Match[str], str], Values]]


def _readers(language: str) -> tuple[Reader, ...]:
    number, scale, month = NUMBER[language], SCALE[language], _MONTH[language]
    patterns = (_english if language == "en" else _french)(number, scale, month)
    common_first = (
        ("date", r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])", _iso_date),
        ("phone", r"(?<![\d-])(?:1[-. ])?\(?\d{3}\)?[-. \u00a0]\d{3}[-.]\d{4}(?!\d)", _digits),
    )
    common_last = (
        ("code", r"\b[A-Za-z]\d[A-Za-z][ \u00a0-]?\d[A-Za-z]\d\b", _code),
        ("code", r"\b[A-Z]{1,6}[-/]?\d[\w/-]*|(?<![\w.])\d+(?:\.\d+){2,}|\b\d+[A-Z]+\d*\b", _code),
        (
            "year",
            r"(?<![\w.,])(?P<year>(?:19|20)\d\d)(?:[-–/](?P<next>\d\d)(?!\d))?s?(?!\d|[.,]\d|%)",
            _year,
        ),
        ("number", rf"(?<![\w.,])(?P<number>{number})(?:{S}?(?P<scale>{scale})\b)?", _number),
        ("number", rf"(?i:{_words_pattern(language)})", _words),
    )
    return tuple(
        (kind, re.compile(pattern), read) for kind, pattern, read in (*common_first, *patterns, *common_last)
    )


def _english(number: str, scale: str, month: str) -> tuple[tuple[str, str, Callable], ...]:
    day, year = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
    half = r"(?P<half>[ap]m|[AP]M|[ap]\.m\.|[AP]\.M\.)(?!\w)"
    amount = rf"(?P<number>{number})(?:{S}?(?P<scale>{scale}))?"
    return (
        ("date", rf"(?i:\b(?P<month>{month})){S}{day}(?!\d)(?:,?{S}{year}(?!\d))?", _date),
        ("date", rf"(?<!\d){day}{S}(?:of{S})?(?i:(?P<month>{month}))\b(?:,?{S}{year}(?!\d))?", _date),
        ("date", rf"(?i:\b(?P<month>{month})),?{S}{year}(?!\d)", _date),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}})(?::(?P<minute>[0-5]\d))?{S}?{half}", _time),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])(?!{S}?min)", _time),
        (
            "money",
            rf"(?:\b(?:CAN|CA|US|C|A))?(?P<sign>[$€£]){S}?(?P<number>{number})"
            rf"(?:{S}?(?P<scale>{scale}|(?:bn|[MBKmbk])\b))?(?:{S}dollars)?",
            _money,
        ),
        (
            "money",
            rf"(?<![\w.,]){amount}{S}?(?:(?:Canadian|American|US|U\.S\.){S})?(?P<sign>[$€£]|dollars?\b|euros?\b)",
            _money,
        ),
        ("percent", rf"(?<![\w.,])(?P<number>{number}){S}?(?:%|per{S}?cent\b)", _number),
        ("ordinal", r"(?<![\w.,])(?P<number>\d+)(?:st|nd|rd|th)\b", _number),
    )


def _french(number: str, scale: str, month: str) -> tuple[tuple[str, str, Callable], ...]:
    day, year = r"(?P<day>\d{1,2})(?:er)?", r"(?P<year>\d{4})"
    amount = rf"(?P<number>{number})(?:{S}?(?P<scale>{scale}))?"
    return (
        ("date", rf"(?<!\d){day}{S}(?i:(?P<month>{month}))\b(?:,?{S}{year}(?!\d))?", _date),
        ("date", rf"(?i:\b(?P<month>{month})){S}{year}(?!\d)", _date),
        ("date", rf"(?i:\b(?P<month>{month})){S}{day}(?!\d)(?:,{S}{year}(?!\d))?", _date),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}){S}?h(?:{S}?(?P<minute>[0-5]\d))?(?!\w)", _time),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])(?!{S}?min)", _time),
        ("money", rf"(?<![\w.,])(?P<number>{number}){S}?(?P<scale>[MGk])?(?P<sign>[$€£])", _money),
        (
            "money",
            rf"(?<![\w.,]){amount}{S}(?:d[’']|de{S})?(?P<sign>[$€£]|dollars?\b|euros?\b)",
            _money,
        ),
        (
            "money",
            rf"(?P<sign>[$€£]){S}?(?P<number>{number})(?:{S}?(?P<scale>{scale}))?(?:{S}de{S}dollars)?",
            _money,
        ),
        ("percent", rf"(?<![\w.,])(?P<number>{number}){S}?(?:%|pour{S}cent\b|p\.{S}?100)", _number),
        ("ordinal", r"(?<![\w.,])(?P<number>\d+)(?:i?[èe]mes?|ers?|[èe]?res?|es?|ᵉ)(?!\w)", _number),
    )


_READERS = {language: _readers(language) for language in ("en", "fr")}
