"""What numbers a text states: amounts of money, percentages, years, dates, times and plain numbers.

“$4 billion” and « 4 milliards de dollars » have the same kind and value, so that languages and pages can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

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
    "en": (
        r"(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d.,-]| \d)"
        r"|\d+,\d\d?(?=[ \u00a0]?(?:[mb]illion|%))|\d+(?:\.\d+)?)"
    ),
    "fr": rf"(?:\d{{1,3}}(?:{S}{{1,2}}\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)",
}
SCALE = {"en": "(?i:thousand|(?:m|b|tr)illion)", "fr": "(?i:mille|(?:million|milliard|billion)s?)"}
_ZEROS = {
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9, "k": 3, "m": 6, "b": 9},
    "fr": {"cent": 2, "mille": 3, "million": 6, "milliard": 9, "billion": 12, "k": 3, "m": 6, "g": 9},
}  # fmt: skip
_CURRENCIES = {"$": "$", "€": "€", "£": "£", "d": "$", "e": "€"}


class Amount(NamedTuple):
    """A number as a text states it; `value` is equal where two texts say the same.

    Of the optional ones nobody expects that the other language says the same: “both” may stand for « deux ».
    `readings` are what it may mean besides: the 2 of “2 to 3 million dollars” is $2 million.
    """

    kind: str  # money, percent, year, date, time, ordinal, code, phone or number
    value: object
    start: int
    end: int
    text: str
    optional: bool = False
    readings: tuple[tuple[str, object], ...] = ()
    currency: str = ""  # US or CA where a text says which dollars it means


def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """The numbers of a text, in reading order."""
    return _read_amounts(text, language, _READERS[language])


def amounts_in_words(text: str, language: str) -> tuple[Amount, ...]:
    """The numbers of a text that has no digits."""
    return _read_amounts(text, language, _WORD_READERS[language])


# Hyphens and dashes that a word processor sets in place of the ordinary one.
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})


def _read_amounts(text: str, language: str, readers: tuple[Reader, ...]) -> tuple[Amount, ...]:
    found: list[Amount] = []
    text = rest = text.translate(_HYPHENS)
    for kind, pattern, read in readers:
        replace = partial(_collect, found=found, kind=kind, read=read, language=language)
        rest = pattern.sub(replace, rest)
    found.sort(key=lambda amount: amount.start)
    return tuple(_with_shared_units(text, found, language))


_JOINTS = {
    "en": re.compile(rf"{S}?(?:,|[-–]|,?{S}(?:to|and|or|through))(?:{S}(?:about|some|over))?{S}?"),
    "fr": re.compile(rf"{S}?(?:,|[-–]|,?{S}(?:à|et|ou|et{S}de|à{S}environ)){S}?"),
}
_SHARING = frozenset({"number", "year", "ordinal", "money", "time"})


def _with_shared_units(text: str, found: list[Amount], language: str) -> list[Amount]:
    """The same amounts, each with what it means if it shares the unit of the one after it.

    “$2 to $3 million”, « de 2 à 3 millions de dollars », “8 to 10 am”, « 5 et 10 % ».
    """
    shared = list(found)
    for index in range(len(found) - 2, -1, -1):
        one, following = shared[index], shared[index + 1]
        if one.kind in _SHARING and _JOINTS[language].fullmatch(text, one.end, following.start):
            readings = tuple(_readings_beside(one, following))
            shared[index] = one._replace(readings=(*one.readings, *readings))
    return shared


def _readings_beside(one: Amount, following: Amount) -> Iterator[tuple[str, object]]:
    number = _plain_number(one)
    if number is None:
        return
    for kind, value in ((following.kind, following.value), *following.readings):
        if kind == "time" and one.kind != "time" and number <= 24:
            yield "time", int(number * 60)
            yield "time", int(number * 60 + 720) % 1440
        elif kind == "percent":
            yield "percent", number
        elif kind in ("money", "number"):
            currency, total = value if kind == "money" else ("", value)  # type: ignore[misc]
            for zeros in _scales_of(following.text):
                scaled = number.scaleb(zeros).normalize()
                yield (kind, (currency, scaled)) if currency else (kind, scaled)


def _plain_number(amount: Amount) -> Decimal | None:
    if amount.kind == "money":
        return amount.value[1]  # type: ignore[index]
    return amount.value if isinstance(amount.value, Decimal) else None


def _scales_of(text: str) -> Iterator[int]:
    """How many zeros an amount has in words, and none: the one before it may share them."""
    yield 0
    for word, zeros in _SHARED_ZEROS:
        if word.search(text):
            yield zeros
            return


_SHARED_ZEROS = [
    (re.compile(pattern), zeros)
    for pattern, zeros in (
        (r"(?i:thousand|mille\b)|\d\s?k\b", 3),
        (r"(?i:million)|\d\s?M(?:\b|\$)", 6),
        (r"(?i:milliard)|\d\s?G\$", 9),
        (r"(?i:\bbillion\b)|\d\s?(?:B|bn)\b", 9),
        (r"(?i:trillion|billions?)", 12),
    )
]


def _collect(match: re.Match[str], *, found: list[Amount], kind: str, read: Callable, language: str) -> str:
    """Keeps what a pattern found, and hides it from the patterns that come after."""
    currency = _currency(match[0]) if kind == "money" else ""
    for value, optional, *readings in read(match, language):
        start = match.end() - len(match[0].lstrip())
        amount = Amount(
            kind, value, start, match.end(), match[0].strip(), optional, tuple(readings), currency
        )
        found.append(amount)
    return MASK * len(match[0])


_US = re.compile(r"(?i:américain|american|u\.s\.)|US")
_CANADIAN = re.compile(r"(?i:canadi[ae]n)|CAN?\b|CAN?\$|CAD|\bC\$")


def _currency(text: str) -> str:
    """Which dollars an amount says that it means; empty when it does not say."""
    if _US.search(text):
        return "US"
    return "CA" if _CANADIAN.search(text) else ""


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
           "dizaine": 10, "douzaine": 12, "quinze": 15, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
           "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "cent": 100, "mille": 1000},
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


# Ordinals in words and shares in words: what another language may say in digits, or not at all.
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first".split(),
    "fr": "premi[eè]re? (?:deuxième|seconde?) troisième quatrième cinquième sixième septième huitième neuvième "
    "dixième onzième douzième treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième "
    "vingtième vingt.et.unième".split(" "),
}
_PERCENTS = {
    "en": {"half": 50, "halves": 50, "third": 33, "quarter": 25, "three-quarters": 75, "all": 100, "fully": 100,
           "entire": 100, "entirely": 100, "completely": 100, "whole": 100, "double": 100, "doubled": 100,
           "none": 0, "no": 0, "nil": 0},
    "fr": {"moitié": 50, "demi": 50, "demie": 50, "tiers": 33, "quart": 25, "trois-quarts": 75, "tout": 100,
           "toute": 100, "tous": 100, "toutes": 100, "totalité": 100, "intégralement": 100, "intégralité": 100,
           "entier": 100, "entière": 100, "entièrement": 100, "complètement": 100, "ensemble": 100, "double": 100,
           "doublé": 100, "aucun": 0, "aucune": 0, "nul": 0, "nulle": 0},
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10}


# Readers: from what a pattern found to values.

Values = Iterator[tuple[Any, ...]]  # the value, whether it is optional, and other readings


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


def _cents(match: re.Match[str], language: str) -> Values:
    yield ("$", _scaled(match["number"], None, language).scaleb(-2).normalize()), False


def _number(match: re.Match[str], language: str) -> Values:
    groups = match.groupdict()
    decimals = ()
    if language == "fr" and re.fullmatch(r"[1-9]\d{0,2},\d{3}", match["number"]):
        decimals = (("number", Decimal(match["number"].replace(",", ".")).normalize()),)
    yield _scaled(match["number"], groups.get("scale"), language), False, *decimals


def _file_size(match: re.Match[str], language: str) -> Values:
    """The size or the pages of a file to download, which is another file in the other language."""
    yield _decimal(match["number"], language, whole=True).normalize(), True


def _half_of(match: re.Match[str], language: str) -> Values:
    yield _scaled("0.5" if language == "en" else "0,5", match["scale"], language), False


def _label(match: re.Match[str], language: str) -> Values:
    """The number of a question or a paragraph, which the other language may show as a list."""
    yield Decimal(match["number"]), True


def _fraction(match: re.Match[str], language: str) -> Values:
    """“1/3” may be a third in the other language."""
    share = (Decimal(match["part"]) / Decimal(match["whole"])).quantize(Decimal("0.01"))
    yield share.normalize(), True


def _nothing(match: re.Match[str], language: str) -> Values:
    """“2SLGBTQ+” has a digit that is no number, and its own letters in each language."""
    return iter(())


def _ordinal_word(match: re.Match[str], language: str) -> Values:
    yield Decimal(_position(_ORDINALS[language], match[0].lower())), True


def _position(patterns: list[str], word: str) -> int:
    return next(index for index, pattern in enumerate(patterns, 1) if re.fullmatch(pattern, word))


def _share(match: re.Match[str], language: str) -> Values:
    percent = Decimal(_PERCENTS[language][match[0].lower()])
    readings = [("percent", percent)]
    if percent == 0:
        readings += [("number", percent), ("money", ("$", percent))]
    yield percent / 100, True, *readings


def _roman(match: re.Match[str], language: str) -> Values:
    values = [_ROMAN[letter] for letter in match["number"]]
    total = sum(
        -one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True)
    )
    yield Decimal(total), False


def _named_time(match: re.Match[str], language: str) -> Values:
    if match[0].lower() in ("midnight", "minuit"):
        yield 0, True, ("time", 1440)
    else:
        yield 720, True


def _year(match: re.Match[str], language: str) -> Values:
    first = int(match["year"])
    yield Decimal(first), False
    if match["next"] and int(match["next"]) == (first + 1) % 100:
        yield Decimal(first + 1), False


def _short_years(match: re.Match[str], language: str) -> Values:
    """“23-24” may be a fiscal year, which the other language writes in full."""
    first, following = int(match["year"]), int(match["next"])
    for number in (first, following):
        readings = [("year", Decimal(2000 + number))] if following == first + 1 else []
        yield Decimal(number), False, *readings


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
    yield hour * 60 + int(groups.get("minute") or 0), False


def _digits(match: re.Match[str], language: str) -> Values:
    yield re.sub(r"\D", "", match[0]).removeprefix("1"), False


def _code(match: re.Match[str], language: str) -> Values:
    """Letters and digits alone; a quarter is Q1 in English and T1 in French, and « A2F » is 2FA.

    An abbreviation with a number may have other letters in the other language: GDPS-7 is « SGPD-7 ». Version v1.2.0 may
    be « 1.2.0 ».
    """
    code = re.sub(r"[\W_]|\A[vV](?=[\d.]+\Z)", "", match[0].rstrip("s")).upper()
    numbered = re.fullmatch(r"[A-Z]{3,6}[-/.]?(\d[\d.]*)", match[0])
    readings: list[tuple[str, Any]] = [("number of an abbreviation", numbered[1])] if numbered else []
    if quarter := re.fullmatch(r"[QT]([1-4])", match[0]):
        readings.append(("ordinal", Decimal(quarter[1])))
    yield re.sub(r"\AT(?=[1-4]\Z)", "Q", _SAME_CODES.get(code, code)), False, *readings


_SAME_CODES = {"A2F": "2FA", "A2E": "2SV"}


def _words(match: re.Match[str], language: str) -> Values:
    if match[0][0].isupper() and re.match(rf"(?:{S}|-)[A-ZÀ-Ý]", match.string[match.end() :]):
        return  # a name, such as “Eleven Labs” or « Trois-Rivières »
    if len(match[0]) > 1 and match[0].isupper() and not match.string.isupper():
        return  # an abbreviation, such as SIX
    words = re.sub(S, "-", match["words"].lower())
    value = NUMBER_WORDS[language].get(words, _LOOSE[language].get(words))
    if value is None:
        return
    scale = (match["scale"] or "").lower()
    small = scale.rstrip("s") in ("", "hundred", "cent", "thousand", "mille")
    optional = small and (words in _LOOSE[language] or bool(scale)) or value == 1
    yield _scaled(str(value), scale, language), optional


# What stands before the size of a file: “PDF, 1.2 MB”, « Word, 215 Ko ».
_FILE = (
    r"\b(?:pdf|word|docx?|excel|xlsx?|powerpoint|pptx?|zip|csv|epub|rtf|html|xml|json)\b\)?,?(?:[ \u00a0]\()?"
)

# Patterns, in the order in which they take what they find.

Reader = tuple[str, re.Pattern[str], Callable[[re.Match[str], str], Values]]


def _readers(language: str) -> tuple[Reader, ...]:
    number, scale, month = NUMBER[language], SCALE[language], _MONTH[language]
    patterns = (_english if language == "en" else _french)(number, scale, month)
    common_first = (
        ("code", r"\b2[SE]LGBT\w*\+?", _nothing),
        ("number", r"(?m)^(?P<number>\d{1,2})(?=[.)][ \u00a0]+\S)", _label),
        (
            "number",
            r"(?<![\w/.,])(?P<part>[1-9])/(?P<whole>[2-9]|1\d)(?:rds?|ths?|[eè]s?)?(?![\w/])",
            _fraction,
        ),
        (
            "number",
            rf"(?i:{_FILE}){S}(?P<number>{NUMBER[language]}){S}?(?:[KMG][Bb]|[KkMG]o|pages)\b",
            _file_size,
        ),
        ("date", r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])", _iso_date),
        (
            "phone",
            r"(?<![\d-])(?:(?:1[-. ])?(?:\(\d{3}\)[-. \u00a0]?|\d{3}[-. \u00a0])\d{3}[-.]\d{4}|"
            r"1[ \u00a0]\d{3}[ \u00a0]\d{3}[ \u00a0]\d{4})(?!\d)",
            _digits,
        ),
    )
    ordinals = "|".join(sorted(_ORDINALS[language], key=len, reverse=True))
    shares = "|".join(sorted(_PERCENTS[language], key=len, reverse=True))
    half = rf"\b(?i:half{S}an?{S}|demi[ \u00a0-])(?P<scale>{scale})\b"
    unit = rf"(?<![\w.,])(?P<number>{number})(?:{S}?(?=[kK])|(?=M))(?P<scale>[kKM](?![\w/-]))"
    common_last = (
        ("number", half, _half_of),
        ("number", unit, _number),
        ("number", rf"(?<![\w.,])(?P<number>{number}){S}?(?:[KMGT]B|[KMGTk]o)\b", _number),
        ("number", r"(?<![\w.,:])(?P<number>\d{1,4})(?=(?:[ \u00a0]?(?:UTC|TUC?)|Z|z)\b)", _number),
        ("code", r"\b[A-Za-z]\d[A-Za-z][ \u00a0-]?\d[A-Za-z]\d\b", _code),
        (
            "code",
            r"\b[A-Z]{1,6}[-/.]?\d(?:[\w/]|\.(?=\d)|-(?![a-z]{3}))*|(?:\b[vV]|(?<![\w.]))\d+(?:\.\d+){2,}|\b[vV]\d+\.\d+|\b\d+[A-Z]+\d*\b",
            _code,
        ),
        (
            "year",
            r"(?<![\w.,])(?P<year>(?:19|20)\d\d)(?:[-–/](?P<next>\d\d)(?!\d))?s?(?!\d|[.,]\d|%)",
            _year,
        ),
        ("number", r"(?<![\w.,/–-])(?P<year>[0-4]\d)[-–/](?P<next>[0-4]\d)(?![\w/–-]|[.,]\d)", _short_years),
        ("number", rf"(?<![\w.,])(?P<number>{number})(?:{S}?(?P<scale>{scale})\b)?", _number),
        ("time", r"\b(?i:noon|midnight|midi|minuit)\b", _named_time),
        ("ordinal", rf"\b(?i:{ordinals})(?=s?\b)", _ordinal_word),
        ("number", rf"\b(?<!-)(?i:{shares})\b", _share),
        ("number", rf"(?i:{_words_pattern(language)})", _words),
    )
    return tuple(
        (kind, re.compile(pattern), read) for kind, pattern, read in (*common_first, *patterns, *common_last)
    )


def _english(number: str, scale: str, month: str) -> tuple[tuple[str, str, Callable], ...]:
    day, year = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
    half = r"(?P<half>[ap]m|[AP]M|[ap]\.m\.|[AP]\.M\.)(?!\w)"
    amount = rf"(?P<number>{number})(?:[{S[1:-1]}-]?(?P<scale>{scale}))?"
    return (
        ("date", rf"(?i:\b(?P<month>{month})){S}{day}(?!\d)(?:(?:,?{S}|,){year}(?!\d))?", _date),
        ("date", rf"(?<!\d){day}{S}(?:of{S})?(?i:(?P<month>{month}))\b(?:,?{S}{year}(?!\d))?", _date),
        ("date", rf"(?i:\b(?P<month>{month})),?{S}{year}(?!\d)", _date),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?{S}?{half}", _time),
        ("time", r"(?<![\w:.])(?P<hour>\d{1,2})h(?P<minute>[0-5]\d)(?!\w)", _time),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])(?!{S}?min)", _time),
        (
            "money",
            rf"(?:\b(?:CAN|CA|US|C|A))?(?P<sign>[$€£]){S}?(?P<number>{number})"
            rf"(?:[{S[1:-1]}-]?(?P<scale>{scale}|(?:bn|[MBKmbk])\b))?"
            rf"(?:{S}(?:(?:Canadian|American|US|U\.S\.){S})?dollars|{S}(?:USD?|CAD?|CAN)\b)?",
            _money,
        ),
        (
            "money",
            rf"(?<![\w.,]){amount}{S}?(?:(?:Canadian|American|US|U\.S\.){S})?(?P<sign>[$€£]|dollars?\b|euros?\b)"
            rf"(?:{S}?(?:USD?|CAD?|CAN)\b)?",
            _money,
        ),
        ("money", rf"(?<![\w.,])(?P<number>{number}){S}?(?:¢|cents?\b)", _cents),
        ("percent", rf"(?<![\w.,])(?P<number>{number}){S}?(?:%|per{S}?cent\b)", _number),
        ("ordinal", r"(?<![\w.,])(?P<number>\d+)(?:st|nd|rd|th)\b", _number),
    )


def _french(number: str, scale: str, month: str) -> tuple[tuple[str, str, Callable], ...]:
    day, year = r"(?P<day>\d{1,2})(?:er)?", r"(?P<year>\d{4})"
    dollars = rf"(?:{S}(?:canadiens?|américains?|US\b|CAN?\b))?"
    amount = rf"(?P<number>{number})(?:{S}?(?P<scale>{scale}))?"
    return (
        ("date", rf"(?<!\d){day}{S}(?i:(?P<month>{month}))\b(?:,?{S}{year}(?!\d))?", _date),
        ("date", rf"(?i:\b(?P<month>{month})){S}{year}(?!\d)", _date),
        ("date", rf"(?i:\b(?P<month>{month})){S}{day}(?!\d)(?:,{S}{year}(?!\d))?", _date),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}){S}?[hH](?::?{S}?(?P<minute>[0-5]?\d))?(?!\w)", _time),
        ("time", rf"(?<![\d:])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])(?!{S}?min)", _time),
        (
            "money",
            rf"(?:(?<![\w.,])|(?<=\bCAD)|(?<=\bUSD))(?P<number>{number}){S}?(?P<scale>[MGk])?{S}?(?P<sign>[$€£]){dollars}",
            _money,
        ),
        ("money", rf"(?<![\w.,])(?P<number>{number}){S}?(?:¢|cents?\b)", _cents),
        (
            "money",
            rf"(?<![\w.,]){amount}{S}(?:d[’']|de{S})?(?P<sign>[$€£]|dollars?\b|euros?\b){dollars}",
            _money,
        ),
        (
            "money",
            rf"(?:\b(?:CAN|CA|US|C|A))?(?P<sign>[$€£]){S}?(?P<number>{number})"
            rf"(?:{S}?(?P<scale>{scale}))?(?:{S}de{S}dollars)?{dollars}",
            _money,
        ),
        ("percent", rf"(?<![\w.,])(?P<number>{number}){S}?(?:%|pour{S}cent\b|p\.{S}?100)", _number),
        ("ordinal", r"(?<![\w.,])(?P<number>\d+)(?:i?[èe]mes?|ers?|[èe]?res?|es?|ᵉ)(?!\w)", _number),
        ("ordinal", r"\b(?P<number>X{0,2}(?:IX|IV|V?I{1,3}|V|X))(?:es?|er|ᵉ)(?!\w)", _roman),
    )


_READERS = {language: _readers(language) for language in ("en", "fr")}
_READ_WITHOUT_DIGITS = frozenset({_half_of, _named_time, _ordinal_word, _roman, _share, _words})
_WORD_READERS = {
    language: tuple(reader for reader in readers if reader[2] in _READ_WITHOUT_DIGITS)
    for language, readers in _READERS.items()
}
