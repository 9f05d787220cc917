"""Do pages use the words of the glossary: its terms in both languages, and none of the words to avoid?

The glossary is data: it comes with the site that a document is compared with. Without one, nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual
from ..glossary import Glossary, Term, Wording
from ..letters import fold
from .examples import Example, page_with
from .parsed_document import WORDS, LanguageView, ParsedDocument, Site, TextRun, words
from .rules import INFO, SPACE, WARNING, Match, Rule, match_in_run
from .text_pairs import pairs


class Place(NamedTuple):
    """Where a phrase stands."""

    phrase: str
    run: TextRun
    start: int
    end: int

    def is_within(self, other: Place) -> bool:
        """Whether it is a part of another one, as “health” of “World Health Organization”."""
        is_shorter = self.end - self.start < other.end - other.start
        return self.run is other.run and other.start <= self.start and self.end <= other.end and is_shorter


def _places(view: LanguageView, phrases: Iterable[str]) -> Iterator[Place]:
    """Where phrases stand in headings, paragraphs, items and cells, in singular or plural."""
    text = view.joined(WORDS)
    lowered = text.lowered
    for phrase in phrases:
        if _beginning(phrase) not in lowered:  # nearly always, and much faster than the pattern
            continue
        for found in _pattern(phrase).finditer(text.text):
            run, offset = text.locate(found.start())
            yield Place(phrase, run, found.start() - offset, found.end() - offset)


@lru_cache(maxsize=20_000)
def _beginning(phrase: str) -> str:
    """The letters that its first word has in singular and in plural."""
    first = re.split(r"[\s’']", phrase.lower(), maxsplit=1)[0]
    return first[:-1] if first.endswith("y") else first


@lru_cache(maxsize=5_000)
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase in singular and in plural; one with a capital is a name, which is written so and not otherwise."""
    written = (re.escape(word).replace("’", "[’']").replace("'", "[’']") for word in phrase.split())
    plural = (f"(?:{word}|{word[:-1]}ies)" if word.endswith("y") else f"{word}(?:e?s|x)?" for word in written)
    pattern = rf"(?<![\w-])(?:{f'{SPACE}'.join(plural)})(?![\w-])"
    return re.compile(pattern, 0 if phrase != phrase.lower() else re.IGNORECASE)


def other_terms(parsed: ParsedDocument) -> Iterator[Match]:
    """The first English passage with a term of the glossary whose French one has no word of the French term."""
    glossary = parsed.site.glossary
    by_english = {term.en.term: term.fr for term in glossary}
    if not by_english:
        return
    french = {both.english.order: both.french for both in pairs(parsed)}
    places = list(_places(parsed.views[0], by_english))
    for place in _outermost(places):
        run, wording = french.get(place.run.order), by_english[place.phrase]
        if run and not _says(run, wording):
            yield match_in_run(run, english=place.phrase, french=wording.term)


def _outermost(places: list[Place]) -> Iterator[Place]:
    """Of each phrase the first place in every passage, but for those that are a part of a longer one."""
    seen = set()
    for place in places:
        key = place.phrase, place.run.order
        if key not in seen and not any(place.is_within(other) for other in places):
            seen.add(key)
            yield place


def _says(run: TextRun, wording: Wording) -> bool:
    """Whether a passage calls the thing by one of its names, in whatever form and with words in between.

    Half of the words of a name are enough: what was named in full before is taken up in short.
    """
    passage = [fold(word) for word in words(run.prose)]
    return any(_is_named(passage, name) for name in wording.names)


def _is_named(passage: list[str], name: str) -> bool:
    sought = _significant(name)
    found = sum(any(_are_forms(word, other) for other in passage) for word in sought)
    return found * 2 >= len(sought)


@lru_cache(maxsize=20_000)
def _significant(name: str) -> tuple[str, ...]:
    """The words of a name that say something; all of them where none is long."""
    folded = [fold(part) for word in words(name) for part in re.split("[’'-]", word)]
    return tuple(word for word in folded if len(word) > 3) or tuple(folded)


def _are_forms(word: str, other: str) -> bool:
    """Whether two words begin alike, as those of one family do; « l’aide » begins with its noun."""
    other = re.split("[’']", other)[-1]
    length = max(4, len(word) - 3)
    return word == other or len(word) > 3 and word[:length] == other[:length]


def words_to_avoid(parsed: ParsedDocument) -> Iterator[Match]:
    """What the glossary says to avoid, but for a part of a term that it has."""
    glossary = parsed.site.glossary
    for view in parsed.views:
        wordings = [term[view.language] for term in glossary]
        better = {phrase: wording.term for wording in wordings for phrase in wording.avoid}
        places = list(_places(view, better))
        found = {place.phrase.lower() for place in places}
        names = {name for wording in wordings for name in wording.names}
        longer = [name for name in names if any(phrase in name.lower() for phrase in found)]
        terms = list(_places(view, longer)) if found else []
        for place in places:
            if not any(place.is_within(term) for term in terms):
                yield match_in_run(place.run, place.start, place.end, better=better[place.phrase])


_HEALTH = Site(
    glossary=Glossary(
        (
            Term(
                Wording("health care", avoid=("medicare",)),
                Wording("soins de santé", avoid=("soins médicaux",)),
            ),
            Term(Wording("capacity building"), Wording("renforcement des capacités")),
        )
    )
)


def _example(language: str, bad: tuple[str, str], good: tuple[str, str]) -> Example:
    documents = (page_with("body", Bilingual(*texts)) for texts in (bad, good))
    return Example(
        language, *documents, _HEALTH, " / ".join(filter(None, bad)), " / ".join(filter(None, good))
    )


RULES = (
    Rule(
        "glossary-avoid",
        WARNING,
        _("The glossary says to avoid “%(text)s”. Use “%(better)s”."),
        words_to_avoid,
        (
            _example("en", ("Canada pays for medicare.", ""), ("Canada pays for health care.", "")),
            _example(
                "fr", ("", "Le Canada paie des soins médicaux."), ("", "Le Canada paie des soins de santé.")
            ),
        ),
    ),
    Rule(
        "glossary-term",
        INFO,
        _(
            "The English says “%(english)s”, which the glossary calls « %(french)s » in French. Check that the French "
            "uses this term."
        ),
        other_terms,
        (
            _example(
                "fr",
                ("Canada supports capacity building.", "Le Canada appuie la formation."),
                ("Canada supports capacity building.", "Le Canada appuie le renforcement des capacités."),
            ),
        ),
        languages=("fr",),
    ),
)
