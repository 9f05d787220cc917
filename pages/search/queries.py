"""What is somebody looking for? A line of text, as typed, becomes the words and phrases that a page must have."""

from __future__ import annotations

from dataclasses import dataclass

from ..text_cleaning import clean_line
from .words import fold, is_stop_word, query_stems, stems, term, words

# As many characters as the search box takes.
MAX_QUERY_LENGTH = 170

# More words than this find no better pages.
MAX_WORDS = 20

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


@dataclass(frozen=True, slots=True)
class Stem:
    """One word to be found in any of its forms."""

    any_of: frozenset[str]

    def terms(self, language: str, place: str) -> list[str]:
        return sorted(term(stem, language, place) for stem in self.any_of)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to be found next to one another just as they are, but for accents and capitals."""

    words: tuple[str, ...]

    def stems(self, language: str) -> tuple[Stem, ...]:
        """What a page has that has the phrase; it is the first of these, not their order, that an index tells."""
        return tuple(dict.fromkeys(Stem(stems(word, language)) for word in self.words))


@dataclass(frozen=True, slots=True)
class Concept:
    """Typed words that are a name in the glossary: a page that has any name of the thing has a word of each clause.

    `others` are the other names, each as the stems of all its words in their order.
    """

    typed: tuple[str, ...]
    clauses: tuple[Stem, ...]
    others: tuple[tuple[frozenset[str], ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: pages that have all `stems` and all `phrases`.

    `typed` is what to show again. `words` are those that say something, as typed, also those inside phrases;
    where these occur decides the order of what is found. `loose` are those outside phrases, and `concepts` what the
    glossary knows of these (`synonyms`); the stems of their clauses are among `stems`.
    """

    typed: str
    language: str
    stems: tuple[Stem, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    words: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    concepts: tuple[Concept, ...] = ()
    is_shortened: bool = False
    has_only_stop_words: bool = False

    def __bool__(self) -> bool:
        return bool(self.stems or self.phrases)

    @property
    def decisive(self) -> tuple[Stem, ...]:
        known = self.by_concept
        others = _stems(tuple(word for word in self.words if word not in known), self.language)
        clauses = (clause for concept in self.concepts for clause in concept.clauses)
        return tuple(dict.fromkeys([*clauses, *others]))

    @property
    def by_concept(self) -> dict[str, Concept]:
        """The concept that each of its words belongs to."""
        return {word: concept for concept in self.concepts for word in concept.typed}

    @property
    def stems_by_word(self) -> dict[str, Stem]:
        """What each word is found by."""
        return {word: Stem(query_stems(word, self.language)) for word in self.words}


def parse_query(typed: str, language: str) -> Query:
    """Reads what was typed. Whatever it is, it is a query: one without words is false.

    Quotation marks of either language hold a phrase; nothing else has a meaning of its own.
    """
    tidy = _collapse(typed)
    loose, quoted = _parts(tidy[:MAX_QUERY_LENGTH])
    phrases = [words(part) for part in quoted]
    loose_words = [word for part in loose for word in words(part)]
    significant = _significant_words(loose_words, language)
    shown_words = _significant_words(
        [*loose_words, *(word for phrase in phrases for word in phrase)], language
    )
    return Query(
        typed=tidy[:MAX_QUERY_LENGTH],
        language=language,
        stems=_stems(significant[:MAX_WORDS], language),
        phrases=tuple(dict.fromkeys(Phrase(tuple(map(fold, phrase))) for phrase in phrases if phrase)),
        words=shown_words[:MAX_WORDS],
        loose=significant[:MAX_WORDS],
        is_shortened=len(tidy) > MAX_QUERY_LENGTH or len(significant) > MAX_WORDS,
        has_only_stop_words=bool(loose_words) and not significant,
    )


def _collapse(typed: str) -> str:
    """One line of clean text, in which runs of white space are one space."""
    return " ".join(clean_line(typed).split())


def _parts(line: str) -> tuple[list[str], list[str]]:
    """What stands outside quotation marks, and what stands between two of them."""
    parts = line.translate(_QUOTES).split('"')
    closed = len(parts) - (len(parts) % 2 == 0)
    return [*parts[:closed:2], *parts[closed:]], parts[1:closed:2]


def _significant_words(candidates: list[str], language: str) -> tuple[str, ...]:
    """The words that say something, each once, as typed."""
    return tuple({fold(word): word for word in candidates if not is_stop_word(fold(word), language)}.values())


def _stems(written: tuple[str, ...], language: str) -> tuple[Stem, ...]:
    return tuple(dict.fromkeys(Stem(query_stems(word, language)) for word in written))
