"""How each language writes numbers: percentages, money, decimals, thousands, ordinals, units, figures or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from .amounts import NUMBER, NUMBER_WORDS, SCALE
from .examples import en, fr
from .reading import BESIDE, CELLS, HEADINGS, PROSE, WORDS, Piece, Sentence, Side
from .rules import (
    HINTS,
    NO_BREAK,
    SPACE,
    WARNS,
    Hit,
    Rule,
    any_of,
    each_side,
    in_piece,
    replacing,
    spots,
    widened,
)

# Names of things that have numbers: “step 3”, « étape 3 ».
_NUMBERED = re.compile(
    rf"(?i:\b(?:step|page|level|article|section|chapter|figure|table|part|phase|version|annex|appendix|type|"
    rf"class|grade|option|question|rule|objective|item|number|no\.?|category|volume|paragraph|day|aged?|stage|"
    rf"group|series|form|schedule|tier|zone|priority|goal|target|window|room|gate|floor|line|route|flight|"
    rf"building|étape|niveau|chapitre|tableau|partie|annexe|catégorie|classe|règle|objectif|point|numéro|n[o°]|"
    rf"paragraphe|jour|âge|groupe|série|formulaire|axe|priorité|cible|volet|guichet|salle|porte|étage|ligne|vol|"
    rf"bâtiment|alinéa|pilier)s?{SPACE}(?:\d+{SPACE}?(?:,|to|and|or|à|et|ou){SPACE})*)\Z"
)
_AGES = re.compile(
    r"(?i)\bage[sd]?\b|\byears? old\b|\bchild|\bâg[ée]|\benfant|\bbébé|\bbab(?:y|ies)\b|\bunder \d"
)
_AGED = re.compile(
    rf"(?i)\b(?:élève|jeune|fille|garçon|femme|homme|personne|adulte)s?{SPACE}de{SPACE}(?:\d+{SPACE}à{SPACE})?\Z"
)
# What a small number before it is not an amount of things in prose.
_NOT_THINGS = {
    "en": "million|billion|trillion|thousand|percent|per|to|and|or|of|in|on|at|by|is|are|was|were|am|pm|when|if|"
    "that|which|for|from|with|but|because|metres?|kilometres?|centimetres?|grams?|kilograms?|litres?|hectares?|"
    "tonnes?|times|degrees|pixels?",
    "fr": "millions?|milliards?|mille|pour|à|et|ou|de|du|en|sur|est|sont|quand|si|qui|que|avec|mais|car|dans|au|"
    "aux|le|la|les|mètres?|kilomètres?|centimètres?|grammes?|kilogrammes?|litres?|hectares?|tonnes?|fois|degrés|"
    "pixels?",
}
_UNITS = {
    "en": r"metres?|kilometres?|centimetres?|kilograms?|grams?|litres?|hectares?",
    "fr": r"mètres?|kilomètres?|centimètres?|kilogrammes?|grammes?|litres?|hectares?",
}
_SMALL = {
    language: re.compile(
        rf"(?<![\w.,$€£:/–-])(?<!\d{SPACE})(?P<digit>[1-9])(?=(?:{SPACE}|-)(?!(?:{words})\b)[a-zà-ÿ]{{3,}})"
    )
    for language, words in _NOT_THINGS.items()
}
# « neuf » is new, and these are said in words in many phrases.
_IDIOMS = {"en": set(), "fr": {"quinze", "cent", "dix"}}
_LARGE = {
    language: re.compile(any_of(word for word, value in NUMBER_WORDS[language].items() if value >= 10))
    for language in ("en", "fr")
}


def small_in_digits(side: Side) -> Iterator[Hit]:
    """Numbers below ten in digits, but for ages, names of things and comparisons with a number of 10 or more."""
    for sentence in side.sentences:
        numbers = _numbers(side, sentence)
        if not numbers or max(numbers.values()) >= 10 or _AGES.search(sentence.text):
            continue
        for found in _SMALL[side.language].finditer(sentence.text):
            start = sentence.start + found.start()
            before = sentence.text[max(0, found.start() - 40) : found.start()]
            if start in numbers and not (_NUMBERED.search(before) or _AGED.search(before)):
                yield in_piece(sentence.piece, start, widened(sentence.piece.text, start, start + 2, 15)[1])


def _numbers(side: Side, sentence: Sentence) -> dict[int, Any]:
    """The numbers in digits of a sentence, no dates and other amounts, by where they begin."""
    return {
        amount.start: amount.value
        for amount in side.amounts_of(sentence)
        if amount.kind == "number" and amount.text[:1].isdigit()
    }


def large_in_words(side: Side) -> Iterator[Hit]:
    """Numbers from ten on in words, but for those that begin a sentence."""
    for sentence in side.sentences:
        for found in _LARGE[side.language].finditer(sentence.text):
            if sentence.text[: found.start()].strip(" «“(") and found[0] not in _IDIOMS[side.language]:
                start = sentence.start + found.start()
                yield in_piece(sentence.piece, start, start + len(found[0]))


def begins_with_digit(side: Side) -> Iterator[Hit]:
    for sentence in side.sentences:
        if sentence.piece.kind != "paragraph":
            continue
        found = re.match(r"[ «“(\u00a0]*(\d[\d.,]*)(?![.)\d])", sentence.text)
        if found and sentence.text.rstrip()[-1:] in ".!?…":
            start, end = sentence.start + found.start(1), sentence.start + found.end(1)
            yield in_piece(sentence.piece, start, widened(sentence.piece.text, start, end, 15)[1])


_CODE = re.compile(rf"(?:\b[A-Z]{{2,}}|(?i:\bno\.?|number|numéro|n°)){SPACE}\Z|\d{SPACE}?\Z")


def _after_code(piece: Piece, found: re.Match[str], start: int) -> bool:
    """“EN 301 549” is the name of a standard."""
    return bool(_CODE.search(piece.text[max(0, start - 12) : start]))


def _begins_with_name(piece: Piece, found: re.Match[str], start: int) -> bool:
    """“3rd Battalion” is a name."""
    return bool(re.match(rf"{SPACE}[A-Z]", piece.text[start + len(found[0]) :]))


_TEXTS = HEADINGS | PROSE | BESIDE | CELLS
# Between words of which one has a small letter: “Trade & investment”, but not “Marks & Spencer”.
_AND = rf"(\b[a-zà-ÿ][\w’]*{SPACE})&(?={SPACE}[^\W_])|(\b[^\W_][\w’]*{SPACE})&(?={SPACE}[a-zà-ÿ])"
_N = {language: rf"(?<![\w.,$])(?P<n>{NUMBER[language]})" for language in ("en", "fr")}
# A dollar sign that stands before its amount, not after the one before it: “$100”, but not “100 $ 2020”. Of several
# signs nobody knows which is meant.
_BEFORE = rf"(?<![\d$])(?<![\d$]{SPACE})\$"
_AMOUNT_WORDS = {
    "en": rf"(?={SPACE}?(?:%|million|billion|times|km\b|kg\b|GB\b|MB\b))",
    "fr": rf"(?={SPACE}?(?:%|\$|million|milliard|fois|km\b|kg\b|Go\b|Mo\b))",
}

RULES = (
    Rule(
        "percent-form",
        WARNS,
        _("Write percentages as in “24%%” (in French « 24 %% », with a space): “%(text)s”."),
        spots(
            en=rf"{_N['en']}(?:{SPACE}+%|{SPACE}?per{SPACE}?cent\b)",
            fr=rf"{_N['fr']}(?:%|{SPACE}?(?:pour{SPACE}cent\b|p\.{SPACE}?100))",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("It rose to 24 per cent.", "It rose to 24%."),
            fr("Elle est passée à 24%.", f"Elle est passée à 24{NO_BREAK}%."),
        ),
        number=22,
        fix=replacing(
            en=[(rf"{_N['en']}(?:{SPACE}+%|{SPACE}?per{SPACE}?cent\b)", r"\g<n>%")],
            fr=[(rf"{_N['fr']}(?:%|{SPACE}?(?:pour{SPACE}cent\b|p\.{SPACE}?100))", rf"\g<n>{NO_BREAK}%")],
        ),
    ),
    Rule(
        "money-form",
        WARNS,
        _(
            "Write amounts as in “$100” or “$4 billion” (in French « 100 $ » or « 4 milliards de dollars »): "
            "“%(text)s”."
        ),
        spots(
            en=rf"{_N['en']}(?:{SPACE}?\$(?!\d)|{SPACE}(?:{SCALE['en']}{SPACE})?dollars\b)"
            rf"|\${SPACE}+\d[\d,.]*|\$\d[\d,.]*{SPACE}{SCALE['en']}{SPACE}dollars\b",
            fr=rf"{_BEFORE}{SPACE}?\d[\d,.]*(?:{SPACE}{SCALE['fr']})?|{_N['fr']}\$",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("It cost 100$.", "It cost $100."),
            fr("Cela a coûté $100.", f"Cela a coûté 100{NO_BREAK}$."),
        ),
        number=23,
        fix=replacing(
            en=[
                (rf"{_N['en']}{SPACE}?\$(?!\d)", r"$\g<n>"),
                (rf"\${SPACE}+(?=\d)", "$"),
                (
                    rf"{_N['en']}{SPACE}(?P<scale>{SCALE['en']}){SPACE}dollars\b",
                    rf"$\g<n>{NO_BREAK}\g<scale>",
                ),
                (rf"{_N['en']}{SPACE}dollars\b", r"$\g<n>"),
                (rf"(?P<sum>\$\d[\d,.]*{SPACE}{SCALE['en']}){SPACE}dollars\b", r"\g<sum>"),
            ],
            fr=[
                (
                    rf"{_BEFORE}{SPACE}?(?P<n>{NUMBER['fr']}){SPACE}(?P<scale>mille)\b",
                    rf"\g<n>{NO_BREAK}\g<scale> dollars",
                ),
                (
                    rf"{_BEFORE}{SPACE}?(?P<n>{NUMBER['fr']}){SPACE}(?P<scale>{SCALE['fr']})\b",
                    rf"\g<n>{NO_BREAK}\g<scale> de dollars",
                ),
                (rf"{_BEFORE}{SPACE}?(?P<n>{NUMBER['fr']})(?![\d,.]*\d)", rf"\g<n>{NO_BREAK}$"),
                (rf"{_N['fr']}\$", rf"\g<n>{NO_BREAK}$"),
            ],
        ),
    ),
    Rule(
        "fraction-sign",
        WARNS,
        _("Write the fraction “%(text)s” in words, such as “half” or “a quarter”."),
        spots("[¼½¾⅓⅔⅛⅜⅝⅞]", within=_TEXTS),
        (
            en("About ½ of them", "About half of them"),
            fr("Environ ½ d’entre eux", "Environ la moitié d’entre eux"),
        ),
        number=24,
    ),
    Rule(
        "decimal-mark",
        WARNS,
        _("English has a decimal point and French a decimal comma: “%(text)s”."),
        spots(
            en=rf"(?<![\w.,])(?P<whole>\d+),(?P<part>\d{{1,2}}){_AMOUNT_WORDS['en']}",
            fr=rf"(?<![\w.,])(?P<whole>\d+)\.(?P<part>\d{{1,3}}){_AMOUNT_WORDS['fr']}",
            within=_TEXTS,
            having=r"\d",
        ),
        (
            en("About 1,2 million people", "About 1.2 million people"),
            fr("Environ 1.2 million de personnes", "Environ 1,2 million de personnes"),
        ),
        number=61,
        fix=replacing(
            en=[(rf"(?<![\w.,])(\d+),(\d{{1,2}}){_AMOUNT_WORDS['en']}", r"\1.\2")],
            fr=[(rf"(?<![\w.,])(\d+)\.(\d{{1,3}}){_AMOUNT_WORDS['fr']}", r"\1,\2")],
        ),
    ),
    Rule(
        "thousands-mark",
        WARNS,
        _("English groups thousands with commas (1,200) and French with spaces (1 200): “%(text)s”."),
        spots(
            en=rf"(?<![\w.,])(?!1{SPACE}8[0-9][0-9]\b)[1-9]\d{{0,2}}(?:{SPACE}\d{{3}})+(?![\d.-]|{SPACE}\d)|(?<![\w.,-])[1-9]\d{{4,8}}(?={SPACE}[a-z]{{4,}})",
            fr=rf"(?<![\w.,])[1-9]\d{{0,2}}(?:,\d{{3}})+(?![\d,])|(?<![\w.,-])[1-9]\d{{4,8}}(?={SPACE}(?:[a-zà-ÿ]{{4,}}|\$))",
            within=_TEXTS,
            having=r"\d",
            unless=_after_code,
        ),
        (
            en("Up to 1 200 people", "Up to 1,200 people"),
            fr("Jusqu’à 1,200 personnes", f"Jusqu’à 1{NO_BREAK}200 personnes"),
        ),
        number=61,
    ),
    Rule(
        "number-in-digits",
        WARNS,
        _("Write numbers below 10 in words: “%(text)s”."),
        each_side(small_in_digits),
        (
            en("Canada commanded it for 2 years.", "Canada commanded it for two years."),
            fr("Le Canada l’a commandée pendant 2 ans.", "Le Canada l’a commandée pendant deux ans."),
        ),
        number=26,
    ),
    Rule(
        "number-in-words",
        HINTS,
        _("Write numbers from 10 on in digits: “%(text)s”."),
        each_side(large_in_words),
        (
            en("It has twelve members.", "It has 12 members."),
            fr("Il compte douze membres.", "Il compte 12 membres."),
        ),
        number=26,
    ),
    Rule(
        "sentence-begins-with-digit",
        WARNS,
        _(
            "A sentence does not begin with digits: spell the number out, or begin with another word (“%(text)s”)."
        ),
        each_side(begins_with_digit),
        (
            en("25 people came.", "Twenty-five people came."),
            fr("25 personnes sont venues.", "Vingt-cinq personnes sont venues."),
        ),
        number=27,
    ),
    Rule(
        "unit-form",
        WARNS,
        _("Write the unit and the number in one way, both in words or both as signs: “%(text)s”."),
        spots(
            en=rf"(?<![\w.,])[1-9]{SPACE}(?:{_UNITS['en']})\b",
            fr=rf"(?<![\w.,])[1-9]{SPACE}(?:{_UNITS['fr']})\b",
            within=PROSE,
            having=r"\d",
        ),
        (
            en("It is 2 metres wide.", "It is two metres wide."),
            fr("Il fait 2 mètres.", f"Il fait 2{NO_BREAK}m."),
        ),
        number=28,
    ),
    Rule(
        "ordinal-form",
        WARNS,
        _("Write ordinals as in “first” to “ninth” and “10th” (in French « 1re », « 2e »): “%(text)s”."),
        spots(
            en=r"(?<![\w.,])[1-9](?:st|nd|rd|th)\b",
            fr=r"(?<![\w.,])\d+(?:i?[èe]mes?|[èe]res?|nde?s?)\b",
            within=PROSE | HEADINGS,
            having=r"\d",
            unless=_begins_with_name,
        ),
        (en("The 2nd meeting", "The second meeting"), fr("La 2ème réunion", "La 2e réunion")),
        number=29,
    ),
    Rule(
        "ampersand",
        WARNS,
        _("Write “and” (in French « et ») instead of & in “%(text)s”."),
        spots(
            _AND,
            within=WORDS,
            having="&",
            around=20,
        ),
        (en("Trade & investment", "Trade and investment"), fr("Commerce & aide", "Commerce et aide")),
        number=21,
        fix=replacing(
            en=[(_AND, r"\1\2and")],
            fr=[(_AND, r"\1\2et")],
        ),
    ),
)
