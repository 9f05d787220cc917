"""What else is called so? Words of a query that the glossary knows are found by all names of the thing, per language.

A page has it that has every word of one of its names. That is the same for every database: “IDP, or displaced and
person” asks for “IDP or displaced” and for “IDP or person”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from ..glossary import Glossary
from .queries import Concept, Query, Stem
from .words import fold, is_stop_word, query_stems, words

# What one thing and what all of a query may ask a database for; names that would ask for more are left out.
MAX_CLAUSES = 16
MAX_ALL_CLAUSES = 40

Stems = frozenset[str]


class Name(NamedTuple):
    """What somebody may type: its words as stems, and all names of what is called so."""

    stems: tuple[Stems, ...]
    names: tuple[str, ...]


def with_synonyms(query: Query, glossary: Glossary) -> Query:
    """Returns the query with what the glossary knows of its words; those in quotation marks stay as they are."""
    known = _names(glossary, query.language) if glossary.terms else {}
    if not known:
        return query
    clauses: list[Stem] = []
    concepts: list[Concept] = []
    position = 0
    while position < len(query.loose):
        left = query.loose[position:]
        length, names = _longest(left, query.language, known)
        concept = (
            _concept(left[:length], names, query.language, MAX_ALL_CLAUSES - len(clauses)) if length else None
        )
        if concept:
            concepts.append(concept)
            clauses += concept.clauses
        else:
            length = 1
            clauses.append(Stem(query_stems(left[0], query.language)))
        position += length
    return (
        replace(query, stems=tuple(dict.fromkeys(clauses)), concepts=tuple(concepts)) if concepts else query
    )


@lru_cache(maxsize=8)
def _names(glossary: Glossary, language: str) -> dict[str, list[Name]]:
    """What may be typed, by each stem of its first word. Words to avoid are typed all the same."""
    found: dict[str, list[Name]] = defaultdict(list)
    for wording in (term[language] for term in glossary):
        for typed in (*wording.names, *wording.avoid):
            stems = tuple(query_stems(word, language) for word in _significant(typed, language))
            if stems and len(wording.names) + (typed in wording.avoid) > 1:
                for stem in stems[0]:
                    found[stem].append(Name(stems, wording.names))
    return dict(found)


def _significant(name: str, language: str) -> list[str]:
    return [word for word in words(name) if not is_stop_word(fold(word), language)]


def _longest(
    typed: tuple[str, ...], language: str, known: dict[str, list[Name]]
) -> tuple[int, tuple[str, ...]]:
    """How many of the words are the longest name that they begin with, 0 for none, and what else is called so."""
    stems = [query_stems(word, language) for word in typed]
    first = [name for stem in sorted(stems[0]) for name in known.get(stem, ())]
    fitting = [name for name in first if _begins_with(stems, name.stems)]
    length = max((len(name.stems) for name in fitting), default=0)
    names = (other for name in fitting if len(name.stems) == length for other in name.names)
    return length, tuple(dict.fromkeys(names))


def _begins_with(stems: list[Stems], name: tuple[Stems, ...]) -> bool:
    return len(name) <= len(stems) and all(
        not one.isdisjoint(other) for one, other in zip(stems, name, strict=False)
    )


def _concept(typed: tuple[str, ...], names: Iterable[str], language: str, limit: int) -> Concept | None:
    """What is typed with its other names, the short ones first; None where there is no other."""
    own = tuple(query_stems(word, language) for word in typed)
    ways, others = [own], []
    for name in sorted(names, key=lambda name: len(_significant(name, language))):
        stems = tuple(query_stems(word, language) for word in _significant(name, language))
        count = len(stems)
        for way in ways:
            count *= len(way)
        if stems and count <= min(MAX_CLAUSES, limit) and not _is_among(stems, ways):
            ways.append(stems)
            others.append(tuple(query_stems(word, language) for word in words(name)))
    if not others:
        return None
    return Concept(typed, _clauses(ways), tuple(others))


def _is_among(stems: tuple[Stems, ...], ways: list[tuple[Stems, ...]]) -> bool:
    """Whether a name is another one in other forms, as a plural."""
    return any(len(way) == len(stems) and _begins_with(list(stems), way) for way in ways)


def _clauses(ways: list[tuple[Stems, ...]]) -> tuple[Stem, ...]:
    """“All of one of the ways” as “one of each of these”, without those that follow from others."""
    every = dict.fromkeys(frozenset().union(*one_of_each) for one_of_each in product(*ways))
    least = [clause for clause in every if not any(other < clause for other in every)]
    return tuple(map(Stem, least))
