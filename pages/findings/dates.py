"""How each language writes dates, times, periods and telephone numbers, and which dashes it uses."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from ..typography import MONTHS
from .examples import en, fr
from .reading import CELLS, WORDS, Piece
from .rules import NO_BREAK, SPACE, WARNS, Rule, replacing, spots

S = SPACE
_TEXTS = WORDS
_MONTH = {language: "|".join(names) for language, names in MONTHS.items()}
# “may” and “march” are words too.
_SMALL_MONTH = "|".join(name.lower() for name in MONTHS["en"] if name not in ("May", "March"))
_LARGE_MONTH = "|".join(name.capitalize() for name in MONTHS["fr"])
_YEAR = r"(?:19|20)\d\d"
_ORDINAL = r"(?:st|nd|rd|th)"

_PERIOD = rf"(?<![\w/.-])(?P<first>{_YEAR})(?P<dash>{S}?[-–]{S}?)(?P<last>{_YEAR}|\d\d)(?![\w/]|-\d)"
_UNITS = r"years?|months?|days?|hours?|weeks?|minutes?|people|persons?|million|billion"
_UNITES = r"ans?|mois|jours?|heures?|semaines?|minutes?|personnes?|millions?|milliards?"
_RANGE = r"(?<![\w/.,–$-])(?P<first>\d{{1,3}})[-–](?P<last>\d{{1,3}})(?={S}?%|{S}(?:{units})\b)"
_RANGE_EN, _RANGE_FR = (_RANGE.format(S=S, units=units) for units in (_UNITS, _UNITES))

_PHONE = (
    rf"(?<![\d-])(?:1[-.{S[1:-1]}])?\(?\d{{3}}\)?[-.{S[1:-1]}]{{1,2}}\d{{3}}[-.{S[1:-1]}]\d{{4}}(?![\d-])"
)
_POSTAL = r"\b[ABCEGHJ-NPRSTVXY]\d[A-CEGHJ-NPRSTV-Z][ \u00a0-]?\d[A-CEGHJ-NPRSTV-Z]\d\b"

_TIME = r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?![\d:])"
_NO_LENGTH = rf"(?!{S}?min)"


def _is_fine_period(piece: Piece, found: re.Match[str], start: int) -> bool:
    """In English an en dash without spaces may stand between the years of a fiscal year."""
    last = found["last"]
    if len(last) == 2 and int(last) != (int(found["first"]) + 1) % 100:
        return True  # not a period
    return piece.language == "en" and found["dash"] == "–"


def _has_hyphens(piece: Piece, found: re.Match[str], start: int) -> bool:
    return re.fullmatch(r"(?:1-)?\d{3}-\d{3}-\d{4}", found[0]) is not None


def _is_capital(piece: Piece, found: re.Match[str], start: int) -> bool:
    return re.fullmatch(r"[A-Z]\d[A-Z][ \u00a0]\d[A-Z]\d", found[0]) is not None


def _with_hyphens(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return "-".join(part for part in (digits[:-10], digits[-10:-7], digits[-7:-4], digits[-4:]) if part)


def _in_capitals(found: re.Match[str]) -> str:
    letters = re.sub(r"[^A-Z\d]", "", found[0].upper())
    return f"{letters[:3]} {letters[3:]}"


RULES = (
    Rule(
        "date-form",
        WARNS,
        _("Write dates as in “July 31, 2026” (in French « 31 juillet 2026 », « 1er mai »): “%(text)s”."),
        spots(
            en=rf"(?<!\d)\d{{1,2}}{_ORDINAL}?{S}(?:of{S})?(?:{_MONTH['en']})\b(?:,?{S}\d{{4}})?"
            rf"|\b(?:{_MONTH['en']}){S}\d{{1,2}}{_ORDINAL}\b|\b(?:{_SMALL_MONTH}){S}\d{{1,4}}\b"
            rf"|\b(?:{_MONTH['en']}){S}\d{{1,2}}{S}{_YEAR}\b|\b(?:{_MONTH['en']}),{S}{_YEAR}\b",
            fr=rf"(?<!\d)\d{{1,2}}(?:er)?{S}(?:{_LARGE_MONTH})\b(?:,?{S}\d{{4}})?|(?<![\d.,])1{S}(?:{_MONTH['fr']})\b"
            rf"|\b(?:{_MONTH['fr']}){S}\d{{1,2}}(?:,{S}{_YEAR})?(?!\d|{S}(?:h|heures)\b)"
            rf"|(?<!\d)\d{{1,2}}{S}(?:{_MONTH['fr']}),{S}{_YEAR}",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("It opened on July 31st, 2026.", "It opened on July 31, 2026."),
            fr("Ouvert le 1 Juillet 2026.", "Ouvert le 1er juillet 2026."),
        ),
        number=30,
        fix=replacing(
            en=[
                (
                    rf"(?<!\d)(\d{{1,2}}){_ORDINAL}?{S}(?:of{S})?({_MONTH['en']})\b,?{S}({_YEAR})\b",
                    r"\2 \1, \3",
                ),
                (rf"(?<!\d)(\d{{1,2}}){_ORDINAL}?{S}(?:of{S})?({_MONTH['en']})\b", r"\2 \1"),
                (rf"\b((?:{_MONTH['en']}){S}\d{{1,2}}){_ORDINAL}\b", r"\1"),
                (rf"\b((?:{_MONTH['en']}){S}\d{{1,2}}){S}({_YEAR})\b", r"\1, \2"),
                (rf"\b({_MONTH['en']}),{S}({_YEAR})\b", r"\1 \2"),
            ],
            fr=[
                *(
                    (rf"(?<=\d{S}){name.capitalize()}\b|(?<=\der{S}){name.capitalize()}\b", name)
                    for name in MONTHS["fr"]
                ),
                (rf"(?<![\d.,])1(?={S}(?:{_MONTH['fr']})\b)", "1er"),
                (rf"((?<!\d)\d{{1,2}}{S}(?:{_MONTH['fr']})),(?={S}{_YEAR})", r"\1"),
            ],
        ),
    ),
    Rule(
        "date-numeric",
        WARNS,
        _("Readers may take “%(text)s” for another date: write the month as a word, or use 2026-07-31."),
        spots(
            r"(?<![\d/.])\d{1,2}([/.])\d{1,2}\1(?:\d{4}|\d\d)(?!\d|[/.]\d)",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("Apply by 07/08/2026.", "Apply by July 8, 2026."),
            fr("Avant le 07/08/2026.", "Avant le 7 août 2026."),
        ),
        number=30,
    ),
    Rule(
        "period-dash",
        WARNS,
        _("Write a period in words, “2016 to 2022” (in French « 2016 à 2022 »): “%(text)s”."),
        spots(_PERIOD, within=_TEXTS, having=r"\d", unless=_is_fine_period),
        (
            en("Its strategy (2016-2022)", "Its strategy (2016 to 2022)"),
            fr("Sa stratégie (2016–2022)", "Sa stratégie (2016 à 2022)"),
        ),
        number=31,
        fix=replacing(
            en=[(rf"(?<![\w/.-])({_YEAR})(?:{S}?-{S}?|{S}[-–]{S})({_YEAR})(?![\w/]|-\d)", r"\1 to \2")],
            fr=[(rf"(?<![\w/.-])({_YEAR}){S}?[-–]{S}?({_YEAR})(?![\w/]|-\d)", r"\1 à \2")],
        ),
    ),
    Rule(
        "range-dash",
        WARNS,
        _("Write “to” (in French « à ») instead of the dash between two numbers: “%(text)s”."),
        spots(en=_RANGE_EN, fr=_RANGE_FR, within=_TEXTS - CELLS, having=r"\d"),
        (
            en("It takes 10-15 days.", "It takes 10 to 15 days."),
            fr("Il faut 10-15 jours.", "Il faut 10 à 15 jours."),
        ),
        number=31,
        fix=replacing(en=[(_RANGE_EN, r"\g<first> to \g<last>")], fr=[(_RANGE_FR, r"\g<first> à \g<last>")]),
    ),
    Rule(
        "dash",
        WARNS,
        _("Instead of a dash, use a comma, a colon or a new sentence: “%(text)s”."),
        spots(
            rf"—|(?<=[^\W\d_]|[,)]){S}[-–]{S}(?=[^\W\d_])",
            within=WORDS - CELLS,
            having="[-–—]",
            around=15,
        ),
        (
            en("Canada — with partners — helps.", "Canada, with partners, helps."),
            fr("Le Canada - avec ses partenaires - aide.", "Le Canada, avec ses partenaires, aide."),
        ),
        number=32,
    ),
    Rule(
        "quarter",
        WARNS,
        _("Name the months instead of the quarter “%(text)s”: “January to March 2026”."),
        spots(
            en=rf"\b(?:Q[1-4]{S}(?:of{S})?{_YEAR}|{_YEAR}{S}?-?Q[1-4])\b",
            fr=rf"\b(?:[TQ][1-4]{S}(?:de{S})?{_YEAR}|{_YEAR}{S}?-?[TQ][1-4])\b",
            within=_TEXTS - CELLS,
            having=r"\d",
        ),
        (
            en("Trade fell in Q1 2026.", "Trade fell from January to March 2026."),
            fr("Les échanges ont baissé au T1 2026.", "Les échanges ont baissé de janvier à mars 2026."),
        ),
        number=33,
    ),
    Rule(
        "time-form",
        WARNS,
        _("Write times as in “4:30 pm” (in French « 16 h 30 »): “%(text)s”."),
        spots(
            en=rf"(?<![\d:])\d{{1,2}}(?::[0-5]\d)?(?:{S}?(?:AM|PM|[ap]\.m\.|[AP]\.M\.)|[ap]m\b)"
            rf"|(?<![\d:])(?:1[3-9]|2[0-3]):[0-5]\d(?![\d:]){_NO_LENGTH}",
            fr=rf"(?<![\w:])\d{{1,2}}h(?:[0-5]\d)?\b|{_TIME}{_NO_LENGTH}",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("Open at 4:30 PM", f"Open at 4:30{NO_BREAK}pm"),
            fr("Ouvert à 16h30", f"Ouvert à 16{NO_BREAK}h{NO_BREAK}30"),
        ),
        number=34,
        fix=replacing(
            en=[
                (rf"(?<=\d){S}?(?:AM\b|[aA]\.[mM]\.)|(?<=\d)am\b", f"{NO_BREAK}am"),
                (rf"(?<=\d){S}?(?:PM\b|[pP]\.[mM]\.)|(?<=\d)pm\b", f"{NO_BREAK}pm"),
            ],
            fr=[
                (r"(?<![\w:])(\d{1,2})h([0-5]\d)\b", rf"\1{NO_BREAK}h{NO_BREAK}\2"),
                (r"(?<![\w:])(\d{1,2})h\b", rf"\1{NO_BREAK}h"),
                (rf"{_TIME}{_NO_LENGTH}", rf"\g<hour>{NO_BREAK}h{NO_BREAK}\g<minute>"),
            ],
        ),
    ),
    Rule(
        "phone-form",
        WARNS,
        _("Write telephone numbers with hyphens, as in 1-800-622-6232: “%(text)s”."),
        spots(_PHONE, within=_TEXTS, having=r"\d", unless=_has_hyphens),
        (
            en("Call (613) 555-0199.", "Call 613-555-0199."),
            fr("Composez le 613 555-0199.", "Composez le 613-555-0199."),
        ),
        number=35,
        fix=replacing([(_PHONE, _with_hyphens)]),
    ),
    Rule(
        "postal-code-form",
        WARNS,
        _("Write postal codes in capitals with a space, as in K1A 0G2: “%(text)s”."),
        spots(_POSTAL, within=_TEXTS, having=r"\d", unless=_is_capital, flags=re.IGNORECASE),
        (en("Ottawa k1a0g2", "Ottawa K1A 0G2"), fr("Ottawa K1A-0G2", "Ottawa K1A 0G2")),
        number=36,
        fix=replacing([(rf"(?i){_POSTAL}", _in_capitals)]),
    ),
)
