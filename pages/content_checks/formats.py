"""How each language writes numbers: percentages, money, decimals, thousands, ordinals, units, figures or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from .amounts import NUMBER_WORDS
from .examples import en, fr
from .parsed_document import LanguageView, Sentence
from .rules import (
    INFO,
    SPACE,
    WARNING,
    Match,
    Rule,
    any_of,
    match_in_run,
    per_language,
    widen,
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


def small_in_digits(view: LanguageView) -> Iterator[Match]:
    """Numbers below ten in digits, but for ages, names of things and comparisons with a number of 10 or more."""
    for sentence in view.sentences:
        numbers = _numbers(view, sentence)
        if not numbers or max(numbers.values()) >= 10 or _AGES.search(sentence.text):
            continue
        for found in _SMALL[view.language].finditer(sentence.text):
            start = sentence.start + found.start()
            before = sentence.text[max(0, found.start() - 40) : found.start()]
            if start in numbers and not (_NUMBERED.search(before) or _AGED.search(before)):
                yield match_in_run(sentence.run, start, widen(sentence.run.text, start, start + 2, 15)[1])


def _numbers(view: LanguageView, sentence: Sentence) -> dict[int, Any]:
    """The numbers in digits of a sentence, and cents, but no dates and other amounts, by where they begin."""
    counted = [amount for amount in view.amounts_of(sentence) if amount.text[:1].isdigit()]
    numbers = {amount.start: amount.value for amount in counted if amount.kind == "number"}
    cents = {
        amount.start: amount.value[1] * 100  # type: ignore[index]
        for amount in counted
        if amount.kind == "money" and amount.text.endswith("cents")
    }
    return numbers | cents


def large_in_words(view: LanguageView) -> Iterator[Match]:
    """Numbers from ten on in words, but for those that begin a sentence."""
    for sentence in view.sentences:
        for found in _LARGE[view.language].finditer(sentence.text):
            if sentence.text[: found.start()].strip(" «“(") and found[0] not in _IDIOMS[view.language]:
                start = sentence.start + found.start()
                yield match_in_run(sentence.run, start, start + len(found[0]))


# The number that a sentence begins with, but for labels: “3 and 4: the wind”, “6.4b) Then…”, “4.2.7 Use”, 613-944-4000;
# nor for the day of a note, “2026-04: moved”, or what stands in brackets.
_FIRST_NUMBER = re.compile(
    r"[ «“\u00a0]*(?!\d+\.\d+\.\d|\d{4}-\d)(\d+(?:[.,]\d+)*)"
    r"(?![.,]?\d|[.)]|[a-z]\)|-\d{3}|[ \u00a0]?[:%$]|(?:[ \u00a0]?(?:,|&|and|et|to|à)[ \u00a0]?\d+)*[ \u00a0]?[:)])"
)


def begins_with_digit(view: LanguageView) -> Iterator[Match]:
    for sentence in view.sentences:
        if sentence.run.kind != "paragraph":
            continue
        found = _FIRST_NUMBER.match(sentence.text)
        if found and sentence.text.rstrip()[-1:] in ".!?…":
            start, end = sentence.start + found.start(1), sentence.start + found.end(1)
            yield match_in_run(sentence.run, start, widen(sentence.run.text, start, end, 15)[1])


RULES = (
    Rule(
        "number-in-digits",
        WARNING,
        _("Spell out numbers from zero to nine: “%(text)s”."),
        per_language(small_in_digits),
        (
            en("Canada commanded it for 2 years.", "Canada commanded it for two years."),
            fr("Le Canada l’a commandée pendant 2 ans.", "Le Canada l’a commandée pendant deux ans."),
        ),
        number=26,
    ),
    Rule(
        "number-in-words",
        INFO,
        _("Use digits for 10 and over: “%(text)s”."),
        per_language(large_in_words),
        (
            en("It has twelve members.", "It has 12 members."),
            fr("Il compte douze membres.", "Il compte 12 membres."),
        ),
        number=26,
    ),
    Rule(
        "sentence-begins-with-digit",
        INFO,
        _(
            "Do not start a sentence with a number in digits. Spell out the number or start with another "
            "word (“%(text)s”)."
        ),
        per_language(begins_with_digit),
        (
            en("25 people came.", "Twenty-five people came."),
            fr("25 personnes sont venues.", "Vingt-cinq personnes sont venues."),
        ),
        number=27,
    ),
)
