"""The words of the site in both languages: terms, their abbreviations, other words for them, and words to avoid.

Plain values: `models.glossary_term` stores them, the content checks and search take them as data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .text_cleaning import clean_line


@dataclass(frozen=True, slots=True)
class Wording:
    """What one language calls a thing: its term, and what else it is called; `avoid` are words not to use for it."""

    term: str
    abbreviation: str = ""
    synonyms: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that the thing may be called, each once, the term first."""
        return tuple(dict.fromkeys(filter(None, (self.term, self.abbreviation, *self.synonyms))))


@dataclass(frozen=True, slots=True)
class Term:
    """One thing, as English and as French call it."""

    en: Wording
    fr: Wording

    def __getitem__(self, language: str) -> Wording:
        return {"en": self.en, "fr": self.fr}[language]


@dataclass(frozen=True, eq=False)
class Glossary:
    """The terms of a site. Two of the same content are two: what is worked out of one is remembered with it."""

    terms: tuple[Term, ...] = ()

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)


NO_GLOSSARY = Glossary()


def split_lines(text: str) -> tuple[str, ...]:
    """Returns the words or phrases of a text that has one on each line, each once."""
    return tuple(dict.fromkeys(filter(None, map(clean_line, text.splitlines()))))
