"""Do passages and pages agree on the same facts: how long a period is, and amounts said of the same thing?

Languages are compared field by field elsewhere; here each language is compared with itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from .amounts import Amount
from .examples import en, fr
from .parsed_document import PROSE, Claim, LanguageView, ParsedDocument, TextRun, sentences
from .rules import SPACE, WARNING, Check, Match, Rule, match_in_run

_CHECKED_KINDS = PROSE | {"cell", "caption", "description", "alternative_text", "quotation"}

# Items and cells stand beside others of the same words: a price for each size is no contradiction.
_OF_LISTS = frozenset({"item", "cell"})

# What joins the two years of a period, and what joins a period to the word for its length.
_JOINT = {
    "en": re.compile(rf"(?i){SPACE}?(?:to|and|until|through|[-–—]){SPACE}?"),
    "fr": re.compile(rf"(?i){SPACE}?(?:à|et|au|jusqu’en|[-–—]){SPACE}?"),
}
_YEARS = {"en": re.compile(rf"[{SPACE[1:-1]}-]years?\b(?!{SPACE}(?:old|ago|later|after|before))"),
          "fr": re.compile(rf"{SPACE}(?:ans|années)\b(?!{SPACE}(?:plus|après|avant|auparavant))")}  # fmt: skip
_BEFORE_PERIOD = {
    "en": re.compile(
        r"(?i)[ ,;:()\u00a0–-]*(?:(?:from|between|in the period|over the period|that is)[ \u00a0])?\Z"
    ),
    "fr": re.compile(
        r"(?i)[ ,;:()\u00a0–-]*(?:(?:(?:soit |allant |(?:sur|durant) la période )?de|entre|soit)[ \u00a0])?\Z"
    ),
}
_AFTER_PERIOD = {
    "en": re.compile(r"(?i)(?:[ \u00a0]\(|,[ \u00a0](?:over|or|that is,?)[ \u00a0])\Z"),
    "fr": re.compile(r"(?i)(?:[ \u00a0]\(|,[ \u00a0](?:soit|sur|ou)[ \u00a0])\Z"),
}
# Words that tell nothing about what a sentence is about.
_STOP_WORDS = {
    "en": frozenset(
        "the and that for with from than more about over under into their its this these those were was has have had "
        "been are which who also canada canadian iraq iraqi between since until some all".split()
    ),
    "fr": frozenset(
        "les des une que qui dans pour avec plus sur aux par est ont été sont ses son leur leurs cette ces canada "
        "canadien canadienne irak irakien irakienne entre depuis environ tout tous".split()
    ),
}
# What stands behind these words was named before: it tells nothing more of what a sentence is about.
_POINTING = {
    "en": frozenset({"this", "these"}),
    "fr": frozenset({"ce", "cet", "cette", "ces", "y"}),
}
_SCALES = frozenset("thousand million billion dollar euro mille millier milliard".split())
_MAX_RATIO = Decimal("1.5")  # an amount that is so many times smaller is taken for a part of the other one
_MIN_SHARED = 0.7  # share of the words of the shorter sentence that both have
_MIN_SHARED_WORDS = 4


class Fact(NamedTuple):
    """What a passage says in a number of something; facts with the same topic can be compared."""

    topic: tuple[Any, ...]
    value: Any
    words: frozenset[str]
    run: TextRun
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.run.text[self.start : self.end]


# Periods and their lengths


def _lengths(view: LanguageView) -> Iterator[Fact]:
    """“6 years, from 2016 to 2022” or “2016 to 2022 (six years)”."""
    for run in view.runs_of(_CHECKED_KINDS):
        found = view.amounts.get(run.order, [])
        spans = list(_periods(run, found))
        for length in found if spans else ():
            years = _YEARS[view.language].match(run.prose, length.end) if length.kind == "number" else None
            near = (span for span in spans if abs(span[0].start - length.start) < 80)
            for first, last in near if years else ():
                if _is_adjacent(run, length, years.end(), first, last):
                    start, end = min(length.start, first.start), max(years.end(), last.end)
                    yield Fact(
                        ("length", first.value, last.value), length.value, frozenset(), run, start, end
                    )


def _periods(run: TextRun, found: list[Amount]) -> Iterator[tuple[Amount, Amount]]:
    years = [amount for amount in found if amount.kind == "year"]
    for first, last in pairwise(years):
        if _JOINT[run.language].fullmatch(run.prose, first.end, last.start):
            yield first, last


def _is_adjacent(run: TextRun, length: Amount, end: int, first: Amount, last: Amount) -> bool:
    if end <= first.start:
        return first.start - end < 40 and bool(
            _BEFORE_PERIOD[run.language].match(run.prose[end : first.start])
        )
    return last.end < length.start and bool(
        _AFTER_PERIOD[run.language].match(run.prose[last.end : length.start])
    )


# Amounts


def _amounts(view: LanguageView) -> Iterator[Fact]:
    """Sentences with one amount of a kind, and the words that tell what it is of."""
    for run in view.runs_of(_CHECKED_KINDS - _OF_LISTS):
        for sentence in sentences(run) if run.order in view.amounts else ():
            found = view.amounts_of(sentence)
            years = tuple(sorted({amount.value for amount in found if amount.kind == "year"}))
            years += tuple(amount.value for amount in found if amount.kind == "date")
            for kind in ("money", "number"):  # each test and each question of a survey has its own percentage
                own = [
                    a
                    for a in found
                    if a.kind == kind
                    and not a.optional
                    and a.text[:1] not in "0"
                    and not _is_number_of_a_thing(a, run)
                ]
                if len(own) == 1 and _is_comparable(own[0]):
                    content = frozenset(_content(sentence.words, view.language))
                    start = own[0].start
                    unit = own[0].value[0] if kind == "money" else ""
                    yield Fact(
                        (kind, unit, years), own[0].value, content, run, start, start + len(own[0].text)
                    )


# What a number names and does not count: “table 10.4”, “version 23”, « 20e centile », a step of a scale, an age or a
# length of time, of which a page has several.
_NAMED_BY_NUMBER = re.compile(
    r"(?i)\b(?:table(?:au)?|figure|version|clause|section|article|annexe?|appendix|criteri(?:on|a)|critère|level|niveau|"
    r"column|colonne|step|étape|chapter|chapitre|part|partie|box|postale|(?-i:[A-Z]{3,}))[ \u00a0]\Z"
)
_STEP = re.compile(
    r"(?i)[ \u00a0]?(?:e|th)?[ \u00a0]?(?:per)?centiles?\b|[ \u00a0]?°|[ \u00a0](?:secondes )?UTC\b|"
    r"[ \u00a0](?:months?|mois|years?|ans|days?|jours?|hours?|heures?)\b"
)


def _is_number_of_a_thing(amount: Amount, run: TextRun) -> bool:
    before, after = (
        run.prose[max(0, amount.start - 24) : amount.start],
        run.prose[amount.end : amount.end + 14],
    )
    return bool(_NAMED_BY_NUMBER.search(before) or _STEP.match(after) or re.fullmatch(r"\d{6,}", amount.text))


def _is_comparable(amount: Amount) -> bool:
    return amount.kind != "number" or amount.value >= 10


def _content(sentence_words: list[str], language: str) -> Iterator[str]:
    for before, word in pairwise(["", *sentence_words]):
        if before.lower() in _POINTING[language]:
            continue
        word = word.lower().replace("'", "’").rpartition("’")[2] if language == "fr" else word.lower()
        if len(word) > 2 and word not in _STOP_WORDS[language]:
            yield word.rstrip("s")


Words = frozenset[str]


def _are_similar(one: Words, other: Words) -> bool:
    """Whether two sentences say nearly the same, apart from the amount."""
    shared = len(one & other)
    return shared >= _MIN_SHARED_WORDS and shared >= _MIN_SHARED * max(len(one), len(other))


class Statement(NamedTuple):
    """What a fact says: its value as a text, and the words that tell what it is of."""

    value: str
    words: Words


def _is_same_statement(topic: tuple[Any, ...], one: Statement, other: Statement) -> bool:
    """Whether two amounts of the same years are said in nearly the same words, or one of them in no words of its own.

    “From 2016 to 2022, Canada committed over $4 billion to this response” says of what other pages say with more words.
    """
    if _are_similar(one.words, other.words):
        return True
    kind, _unit, years = topic
    shorter, longer = sorted((one.words - _SCALES, other.words - _SCALES), key=len)
    if kind != "money" or not years or not shorter or not shorter <= longer:
        return False
    smaller, larger = sorted(
        Decimal(statement.value.strip("()").rpartition(" ")[2]) for statement in (one, other)
    )
    return larger <= smaller * _MAX_RATIO


def _facts(view: LanguageView) -> list[Fact]:
    return [*_lengths(view), *_amounts(view)]


def claims(parsed: ParsedDocument) -> Iterator[Claim]:
    """The facts of a page."""
    for language, facts in parsed.memoised(_own_facts).items():
        for fact in facts:
            yield Claim(_about(language, fact), said=fact.text, value=as_text(fact.value), words=fact.words)


def _about(language: str, fact: Fact) -> str:
    return f"{language} fact {as_text(fact.topic)}"


def as_text(value: Any) -> str:
    """A value as a text, which is equal where the values are."""
    if isinstance(value, tuple):
        return f"({' '.join(map(as_text, value))})"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def disagreeing(
    kinds: frozenset[str], are_same: Callable[[tuple[Any, ...], Statement, Statement], bool]
) -> Check:
    """Returns a check that finds facts of these kinds with another value elsewhere, on other pages first."""

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        for language, own in parsed.memoised(_own_facts).items():
            for index, fact in enumerate(own):
                if fact.topic[0] not in kinds:
                    continue
                others = [
                    (
                        Statement(by_page.claim.value, by_page.claim.words),
                        by_page.claim.said,
                        by_page.title[language] or by_page.key,
                    )
                    for by_page in parsed.site.claims_about(claims, _about(language, fact))
                    if by_page.key != parsed.document.key
                ]
                others += [
                    (Statement(as_text(other.value), other.words), other.text, _("this page"))
                    for other in own[max(0, index - 200) : index]
                    if other.topic == fact.topic
                ]
                own_statement = Statement(as_text(fact.value), fact.words)
                for statement, text, page in others:
                    if statement.value != own_statement.value and are_same(
                        fact.topic, own_statement, statement
                    ):
                        yield match_in_run(fact.run, fact.start, fact.end, other=text, page=page)
                        break

    return checked


def _own_facts(parsed: ParsedDocument) -> dict[str, list[Fact]]:
    return {view.language: _facts(view) for view in parsed.views}


def _always(topic: tuple[Any, ...], one: Statement, other: Statement) -> bool:
    """Two lengths given for the same years cannot both be right, whatever they are said of."""
    return True


RULES = (
    Rule(
        "fact-length",
        WARNING,
        _(
            "The length given for the same years differs: “%(text)s” here, “%(other)s” elsewhere (%(page)s). "
            "Use the same length, or give only the years."
        ),
        disagreeing(frozenset({"length"}), _always),
        (
            en(
                "The strategy runs for 6 years, from 2016 to 2022.",
                "The strategy runs from 2016 to 2022.",
                elsewhere="It is a strategy of five years (2016-2022).",
            ),
            fr(
                "La stratégie dure 6 ans, de 2016 à 2022.",
                "La stratégie dure cinq ans, de 2016 à 2022.",
                elsewhere="C’est une stratégie de cinq ans (2016-2022).",
            ),
        ),
    ),
    Rule(
        "fact-amount",
        WARNING,
        _(
            "“%(text)s” here and “%(other)s” elsewhere (%(page)s), in almost the same words. Use the same "
            "amount, or explain the difference."
        ),
        disagreeing(frozenset({"money", "percent", "number"}), _is_same_statement),
        (
            en(
                "Two-way trade was worth about $88 million in 2020.",
                "Two-way trade was worth about $86 million in 2020.",
                elsewhere="In 2020, two-way trade was worth about $86 million.",
            ),
            fr(
                "Les échanges ont atteint environ 88 millions de dollars en valeur totale en 2020.",
                "Les échanges ont atteint environ 86 millions de dollars en valeur totale en 2020.",
                elsewhere="En 2020, les échanges ont atteint environ 86 millions de dollars en valeur totale.",
            ),
        ),
    ),
)
