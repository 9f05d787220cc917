"""Do passages that stand in the same place say the same: the same links, months, currencies and limits?

The words that tell are in `definitions/alignment.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.utils.translation import gettext_lazy as _

from .defined_rules import FOLDER
from .examples import pair
from .parsed_document import LanguageView, Link, ParsedDocument, Sentence, TextRun
from .rules import INFO, OFF, WARNING, Match, Rule, match_in_field, match_in_run, match_in_sentence
from .sentence_beads import Bead, beads_of_passages
from .text_pairs import likely_pairs


@cache
def data() -> dict[str, Any]:
    """Returns the words of `definitions/alignment.yaml`, by topic."""
    return yaml.safe_load((FOLDER / "alignment.yaml").read_text(encoding="utf-8"))


@cache
def _pattern(topic: str, name: str, language: str) -> re.Pattern[str]:
    return re.compile(data()[topic][name][language], re.IGNORECASE)


def of_both(match: Match) -> Match:
    """A match of a difference for which neither language is to blame."""
    return match._replace(language="")


# Negation


def negation_missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Sentences that deny more often in one language than there are words in the other one that could."""
    for bead in _beads(parsed):
        for one, other in ((bead.english, bead.french), (bead.french, bead.english)):
            denials = [found for sentence in one for found in _found("negation", "strong", sentence)]
            if len(denials) > sum(map(_answers, other)):
                yield match_in_sentence(other[0], text=denials[0])


def _answers(sentence: Sentence) -> int:
    """How many words of a sentence may answer a denial; « ne … pas » is one."""
    strong, weak = (_pattern("negation", name, sentence.run.language) for name in ("strong", "weak"))
    without, count = strong.subn(" ", sentence.text)
    return count + len(weak.findall(without))


def _found(topic: str, name: str, sentence: Sentence) -> list[str]:
    pattern = _pattern(topic, name, sentence.run.language)
    return [found[0] for found in pattern.finditer(sentence.text)]


def _beads(parsed: ParsedDocument) -> Iterator[Bead]:
    """The sentences that stand beside one another."""
    beads = chain.from_iterable(beads_of_passages(parsed))
    return (bead for bead in beads if bead.english and bead.french)


# Limits


def limits_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Sentences of which one gives the most and the other the least."""
    for bead in _beads(parsed):
        above, below = ([_first(name, found) for found in bead[:2]] for name in ("above", "below"))
        for one, other in ((0, 1), (1, 0)):
            if above[one] and below[other] and not below[one] and not above[other]:
                english, french = (above[side] or below[side] for side in (0, 1))
                yield of_both(match_in_sentence(bead.french[0], english=english, french=french))


def _first(name: str, found: list[Sentence]) -> str:
    """What sets a limit first in some sentences; empty when nothing does."""
    return next((limit for sentence in found for limit in _found("limits", name, sentence)), "")


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
    aligned = {both.english.path for both in likely_pairs(parsed)}
    yield from (([both.english], [both.french]) for both in likely_pairs(parsed))
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
    for both in likely_pairs(parsed):
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
    """The links to other websites of each field in both languages, where there are as many; elsewhere of passages."""
    by_field = _as_many(parsed, lambda run: run.path)
    alike = {links[0].run.path for links, _others in by_field}
    passages = {
        (run.language, run.order): number
        for number, both in enumerate(likely_pairs(parsed), 1)
        for run in both
    }
    by_passage = _as_many(parsed, lambda run: passages.get((run.language, run.order)))
    return [*by_field, *(found for found in by_passage if found[0][0].run.path not in alike)]


def _as_many(
    parsed: ParsedDocument, place: Callable[[TextRun], Hashable]
) -> list[tuple[list[Link], list[Link]]]:
    """The links to other websites in both languages, by where they stand, where there are as many."""
    by_place: list[dict[Hashable, list[Link]]] = [{}, {}]
    for found, view in zip(by_place, parsed.views, strict=True):
        for link in view.links:
            if _site(link.href) and place(link.run):
                found.setdefault(place(link.run), []).append(link)
    english, french = by_place
    return [
        (english[where], french[where])
        for where in english.keys() & french.keys()
        if len(english[where]) == len(french[where])
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


RULES = (
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
            "One language sets a maximum, the other a minimum (English: %(english)s; French: %(french)s). Say the "
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
