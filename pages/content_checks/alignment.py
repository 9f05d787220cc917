"""Do passages that stand in the same place say the same: as many sentences, the same links, months and limits?

Reads what each paragraph, item and heading of one language has beside it in the other, where both have the same parts.
The words that tell are in `definitions/alignment.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import ceil, sqrt
from operator import attrgetter
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from django.utils.translation import gettext_lazy as _

from .defined_rules import FOLDER
from .examples import pair
from .parsed_document import PROSE, LanguageView, Link, ParsedDocument, Sentence, TextRun, sentences
from .rules import INFO, OFF, WARNING, Match, Rule, match_in_field, match_in_run, match_in_sentence

_USUAL_RATIO = 1.17  # of the lengths of a French text and the English one
_VARIANCE = 6.8  # of the length of a translation, by character


class Pair(NamedTuple):
    """Two passages in the same place."""

    english: TextRun
    french: TextRun


@cache
def data() -> dict[str, Any]:
    """Returns the words of `definitions/alignment.yaml`, by topic."""
    return yaml.safe_load((FOLDER / "alignment.yaml").read_text(encoding="utf-8"))


@cache
def _pattern(topic: str, name: str, language: str) -> re.Pattern[str]:
    return re.compile(data()[topic][name][language], re.IGNORECASE)


def pairs(parsed: ParsedDocument) -> list[Pair]:
    """The passages of both languages in the same place, of each field that has the same parts in both.

    Where fields do not but have the same headings, the parts below each heading are compared.
    """
    return parsed.memoised(_pairs)


def _pairs(parsed: ParsedDocument) -> list[Pair]:
    english, french = parsed.views
    found: list[Pair] = []
    for path in english.fields.keys() & french.fields.keys():
        found += _pairs_of(english.fields[path], french.fields[path])
    return sorted(found, key=lambda both: both.english.order)


def _pairs_of(english: list[TextRun], french: list[TextRun]) -> list[Pair]:
    if _shapes(english) == _shapes(french):
        return [Pair(*both) for both in zip(english, french, strict=True)]
    parts = [_below_headings(english), _below_headings(french)]
    if len(parts[0]) < 2 or _headings(parts[0]) != _headings(parts[1]):
        return []
    return [both for part in zip(*parts, strict=True) for both in _pairs_of_part(*part)]


def _pairs_of_part(english: list[TextRun], french: list[TextRun]) -> list[Pair]:
    same = _shapes(english) == _shapes(french)
    return [Pair(*both) for both in zip(english, french, strict=True)] if same else []


def _below_headings(runs: list[TextRun]) -> list[list[TextRun]]:
    """The passages of a field in parts, each of which but the first begins with a heading."""
    parts: list[list[TextRun]] = [[]]
    for run in runs:
        if run.kind == "heading":
            parts.append([])
        parts[-1].append(run)
    return parts


def _headings(parts: list[list[TextRun]]) -> list[int]:
    return [part[0].level for part in parts[1:]]


def _shapes(runs: list[TextRun]) -> list[tuple[str, int]]:
    return [_shape(run) for run in runs]


def _shape(run: TextRun) -> tuple[str, int]:
    return run.kind, run.level


def of_both(match: Match) -> Match:
    """A match of a difference for which neither language is to blame."""
    return match._replace(language="")


def _sentences(run: TextRun) -> list[Sentence]:
    return list(sentences(run))


# Sentences, aligned by their lengths after Gale and Church (1993): of one, of two beside one, or of one beside none.

_BEADS = {(1, 1): 0.1, (1, 2): 2.4, (2, 1): 2.4, (1, 0): 4.6, (0, 1): 4.6}  # with what each costs
# Standard deviations by which one sentence is too short beside two. French puts into two what English says in one.
_TOO_SHORT = {"en": 2.5, "fr": 1.9}
_REACH = 12  # sentences by which one passage may run ahead of the other
_MIN_LENGTH = 25  # characters of a sentence that is missed
# The same where as many sentences stand on each side, one of which is short.
_MUCH_TOO_SHORT = {"en": 3.0, "fr": 2.4}
_MIN_LENGTH_OF_TWO = 80
_MIN_RATIO = 1.9


class Bead(NamedTuple):
    """Sentences that say the same, of each language none to two; `excess` is by how much French is too long."""

    english: list[Sentence]
    french: list[Sentence]
    excess: float


def sentence_missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Passages in which one sentence stands where the other language has more to say."""
    ratio = parsed.memoised(_length_ratio)
    for both in pairs(parsed):
        if both.english.kind not in PROSE:
            continue
        english, french = (_sentences(run) for run in both)
        lacking = next(
            (run for bead in _aligned(english, french, ratio) if (run := _missing(bead, both))), None
        )
        if lacking is not None:
            yield match_in_run(lacking, english=len(english), french=len(french))


def _missing(bead: Bead, both: Pair) -> TextRun | None:
    """The passage that lacks what the sentences of a bead say; None where neither does."""
    fewer = len(bead.french) - len(bead.english)
    if not fewer:
        return _much_shorter(bead, both)
    run, more = (both.french, bead.english) if fewer < 0 else (both.english, bead.french)
    missed = min(map(_length, more))
    return run if missed >= _MIN_LENGTH and bead.excess * fewer > _TOO_SHORT[run.language] else None


def _much_shorter(bead: Bead, both: Pair) -> TextRun | None:
    """The passage with a sentence for which the other language takes nearly twice as many characters."""
    run = both.french if bead.excess < 0 else both.english
    if run.kind == "item" or abs(bead.excess) < _MUCH_TOO_SHORT[run.language]:
        return None  # items may have another order
    shorter, longer = sorted(sum(map(_length, found)) for found in (bead.english, bead.french))
    if longer < _MIN_LENGTH_OF_TWO or longer < _MIN_RATIO * shorter:
        return None
    return run


def _length(sentence: Sentence) -> int:
    return sentence.end - sentence.start


def _length_ratio(parsed: ParsedDocument) -> float:
    """How much longer the French text of a page is than the English one."""
    ratios = [
        len(both.french.prose) / len(both.english.prose)
        for both in pairs(parsed)
        if len(both.english.prose) > 60
    ]
    return min(1.4, max(1.0, median(ratios))) if len(ratios) > 4 else _USUAL_RATIO


class _Way(NamedTuple):
    """The cheapest way to align the first sentences of two passages: its last bead, and the way to the one before."""

    cost: float
    bead: Bead | None = None
    before: _Way | None = None

    def beads(self) -> list[Bead]:
        found, way = [], self
        while way.bead and way.before:
            found.append(way.bead)
            way = way.before
        return found[::-1]


def _aligned(english: list[Sentence], french: list[Sentence], ratio: float) -> list[Bead]:
    """The cheapest way to set the sentences of two passages beside one another.

    Sentences far from one another are not compared, so that a passage of thousands costs in proportion to its length.
    """
    ways = {(0, 0): _Way(0.0)}
    for row, column in _near_the_diagonal(len(english), len(french)):
        found = [
            _extended(way, english[row - one : row], french[column - other : column], ratio)
            for one, other in _BEADS
            if one <= row and other <= column and (way := ways.get((row - one, column - other)))
        ]
        if found:
            ways[row, column] = min(found, key=attrgetter("cost"))
    return ways[len(english), len(french)].beads()


def _near_the_diagonal(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Pairs of numbers of sentences that may end at the same place of two passages."""
    slope = columns / rows if rows else 0
    reach = _REACH + ceil(slope)
    for row in range(rows + 1):
        middle = round(row * slope)
        first, last = (max(0, middle - reach), min(columns, middle + reach)) if rows else (0, columns)
        yield from ((row, column) for column in range(first, last + 1))


def _extended(way: _Way, english: list[Sentence], french: list[Sentence], ratio: float) -> _Way:
    lengths = [sum(map(_length, found)) for found in (english, french)]
    expected = max(1.0, lengths[0] * ratio)
    excess = (lengths[1] - expected) / sqrt(max(expected, lengths[1]) * _VARIANCE)
    cost = way.cost + _BEADS[len(english), len(french)] + excess * excess / 2
    return _Way(cost, Bead(english, french, excess), way)


# Negation


def negation_missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Sentences that deny something in one language while the sentence in the other has no word that could."""
    for english, french in _sentence_pairs(parsed):
        for one, other in ((english, french), (french, english)):
            strong = _pattern("negation", "strong", one.run.language)
            weak = _pattern("negation", "weak", other.run.language)
            found = strong.search(one.text)
            if found and not weak.search(other.text):
                yield match_in_sentence(other, text=found[0])


def _sentence_pairs(parsed: ParsedDocument) -> Iterator[tuple[Sentence, Sentence]]:
    for both in pairs(parsed):
        if both.english.kind in PROSE:
            english, french = (_sentences(run) for run in both)
            if len(english) == len(french):
                yield from zip(english, french, strict=True)


# Limits


def limits_differ(parsed: ParsedDocument) -> Iterator[Match]:
    for english, french in _sentence_pairs(parsed):
        above, below = (
            [
                _pattern("limits", name, sentence.run.language).search(sentence.text)
                for sentence in (english, french)
            ]
            for name in ("above", "below")
        )
        for one, other in ((0, 1), (1, 0)):
            if above[one] and below[other] and not below[one] and not above[other]:
                said = (above[0] or below[0], above[1] or below[1])
                yield of_both(match_in_sentence(french, english=said[0][0], french=said[1][0]))  # type: ignore[index]


# Months and days


def months_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Months or days of the week of which each language names one that the other does not."""
    for english, french in _passages(parsed):
        for names in ("months", "days"):
            named = [_named(names, runs) for runs in (english, french)]
            only_english, only_french = named[0].keys() - named[1].keys(), named[1].keys() - named[0].keys()
            if only_english and only_french:
                said = {"english": named[0][min(only_english)], "french": named[1][min(only_french)]}
                yield of_both(match_in_run(french[0], **said))


def _passages(parsed: ParsedDocument) -> Iterator[tuple[list[TextRun], list[TextRun]]]:
    """The passages of both languages in the same place, and whole fields that have other parts in each language."""
    aligned = {both.english.path for both in pairs(parsed)}
    yield from (([both.english], [both.french]) for both in pairs(parsed))
    english, french = parsed.views
    for path in english.fields.keys() & french.fields.keys() - aligned:
        yield english.fields[path], french.fields[path]


def _named(names: str, runs: list[TextRun]) -> dict[int, str]:
    """What of a list some passages name, by its place in the list."""
    language = runs[0].language
    listed = data()[names][language]
    found = (one[0] for run in runs for one in _name_pattern(names, language).finditer(run.prose))
    return {listed.index(name.lower()): name for name in found}


@cache
def _name_pattern(names: str, language: str) -> re.Pattern[str]:
    """English names have capitals, which tell “May” from “may”."""
    listed = data()[names][language]
    if language == "en":
        return re.compile(rf"\b(?:{'|'.join(name.capitalize() for name in listed)})\b")
    return re.compile(rf"\b(?:{'|'.join(listed)})\b", re.IGNORECASE)


# Currencies


def currencies_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """The same amount of Canadian dollars in one language and of American dollars in the other."""
    for both in pairs(parsed):
        english, french = (_currencies(view, run) for view, run in zip(parsed.views, both, strict=True))
        for value in english.keys() & french.keys():
            if english[value].isdisjoint(french[value]) and "" not in english[value] | french[value]:
                yield of_both(
                    match_in_run(both.french, english=min(english[value]), french=min(french[value]))
                )


def _currencies(view: LanguageView, run: TextRun) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = {}
    for amount in view.amounts.get(run.order, ()):
        if amount.kind == "money":
            found.setdefault(amount.value, set()).add(amount.currency)
    return found


# Links


def hosts_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Links to websites to which only one language goes, while the other one goes to some other."""
    fields = parsed.memoised(_linked)
    usual = Counter(
        (_site(one.href), _site(other.href)) for found in fields for one, other in zip(*found, strict=True)
    )
    for found in fields:
        sites = [[_site(link.href) for link in links] for links in found]
        only_english, only_french = _surplus(*sites), _surplus(*reversed(sites))
        for one, other in zip(only_english, only_french, strict=False):
            link, there = found[1][other], found[0][one]
            if usual[_site(there.href), _site(link.href)] < 2:
                said = {"english": _host(there.href), "french": _host(link.href)}
                yield match_in_field(link.run.path, "", link.text, text=link.text, **said)


def _surplus(sites: list[str], others: list[str]) -> list[int]:
    """The links to sites to which the other language goes less often, by their places."""
    left = Counter(others)
    surplus = []
    for index, site in enumerate(sites):
        left[site] -= 1
        if left[site] < 0:
            surplus.append(index)
    return surplus


def _linked(parsed: ParsedDocument) -> list[tuple[list[Link], list[Link]]]:
    """The links to other websites of each field in both languages, where there are as many."""
    by_field: list[dict[tuple[str, ...], list[Link]]] = [{}, {}]
    for found, view in zip(by_field, parsed.views, strict=True):
        for link in view.links:
            if _site(link.href):
                found.setdefault(link.run.path, []).append(link)
    english, french = by_field
    return [
        (english[path], french[path])
        for path in english.keys() & french.keys()
        if len(english[path]) == len(french[path])
    ]


def _host(href: str) -> str:
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@cache
def _site(href: str) -> str:
    """The website that an address belongs to, the same for both languages of it: “canada.ca”."""
    host = _host(href)
    host = _sites_in_english().get(host, host)
    labels = host.split(".")
    if host.endswith(".gc.ca"):
        return "canada.ca"
    site = ".".join(labels[-2:])
    return _sites_in_english().get(site, site)


@cache
def _sites_in_english() -> dict[str, str]:
    return {french: english for english, french in data()["hosts"]}


_ENGLISH = "Canada trains the police in Iraq. It also provides equipment, vehicles, radios and shelters in all areas."
_FRENCH = (
    "Le Canada forme la police en Irak. Il lui fournit aussi du matériel, des véhicules, des radios et des abris dans "
    "toutes les provinces."
)

RULES = (
    Rule(
        "sentence-missing",
        INFO,
        _(
            "This passage is short in one language (sentences in English: %(english)s; in French: %(french)s). Check "
            "that nothing is missing."
        ),
        sentence_missing,
        (
            pair(
                "en",
                (
                    "Canada trains the police in Iraq.",
                    _FRENCH,
                ),
                (
                    _ENGLISH,
                    _FRENCH,
                ),
            ),
            pair(
                "fr",
                (
                    _ENGLISH,
                    "Le Canada forme la police en Irak.",
                ),
                (
                    _ENGLISH,
                    _FRENCH,
                ),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "negation-differs",
        OFF,
        _("The other language says “%(text)s”, and nothing here does. Check that both say the same."),
        negation_missing,
        (
            pair(
                "en",
                ("You need a visa.", "Vous n’avez pas besoin de visa."),
                ("You do not need a visa.", "Vous n’avez pas besoin de visa."),
            ),
            pair(
                "fr",
                ("You do not need a visa.", "Vous avez besoin de visa."),
                ("You do not need a visa.", "Vous n’avez pas besoin de visa."),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "limit-differs",
        WARNING,
        _(
            "One language gives the most, the other the least (English: %(english)s; French: %(french)s). Say the "
            "same in both languages."
        ),
        limits_differ,
        (
            pair(
                "en",
                ("At least 850 members are deployed.", "Jusqu’à 850 membres sont déployés."),
                ("Up to 850 members are deployed.", "Jusqu’à 850 membres sont déployés."),
            ),
            pair(
                "fr",
                ("Up to 850 members are deployed.", "Au moins 850 membres sont déployés."),
                ("Up to 850 members are deployed.", "Jusqu’à 850 membres sont déployés."),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "month-or-day-differs",
        INFO,
        _(
            "The months or days differ (English: %(english)s; French: %(french)s). Use the same one in both languages."
        ),
        months_differ,
        (
            pair(
                "en",
                ("The session is in May.", "La séance a lieu en juin."),
                ("The session is in June.", "La séance a lieu en juin."),
            ),
            pair(
                "fr",
                ("Open on Monday", "Ouvert le mardi"),
                ("Open on Monday", "Ouvert le lundi"),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "currency-differs",
        WARNING,
        _(
            "The currencies differ (English: %(english)s; French: %(french)s). Use the same one in both languages."
        ),
        currencies_differ,
        (
            pair(
                "en",
                ("It cost US$25 million.", "Cela a coûté 25 millions de dollars canadiens."),
                ("It cost CAN$25 million.", "Cela a coûté 25 millions de dollars canadiens."),
            ),
            pair(
                "fr",
                ("It cost 5 Canadian dollars.", "Cela a coûté 5 dollars américains."),
                ("It cost 5 Canadian dollars.", "Cela a coûté 5 dollars canadiens."),
            ),
        ),
        topic="languages",
    ),
    Rule(
        "link-host-differs",
        WARNING,
        _(
            "“%(text)s” goes to another website in each language (English: %(english)s; French: %(french)s). Check "
            "both links."
        ),
        hosts_differ,
        (
            pair(
                "en",
                (
                    '<a href="https://example.com/a">rules</a>',
                    '<a href="https://fr.example.org/b">règles</a>',
                ),
                (
                    '<a href="https://example.org/a">rules</a>',
                    '<a href="https://fr.example.org/b">règles</a>',
                ),
            ),
            pair(
                "fr",
                ('<a href="https://example.org/a">rules</a>', '<a href="https://example.net/b">règles</a>'),
                ('<a href="https://example.org/a">rules</a>', '<a href="https://example.org/b">règles</a>'),
            ),
        ),
        topic="languages",
    ),
)
