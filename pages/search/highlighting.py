"""Where in a text is what was sought? Marks it, and chooses the passage to show of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from ..typography import typeset
from .queries import Query
from .words import find_matches, find_words, fold, query_stems, stems, tidy

# Characters of a passage, and of those before its first match.
EXTRACT_LENGTH = 220
CONTEXT_BEFORE = 60

# Characters of a text in which a passage is looked for; nobody needs a better one from further down.
MAX_SEARCHED_LENGTH = 50_000

# So many of the things sought in one passage are enough to look no further.
ENOUGH_TERMS = 3

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Match:
    """A word or phrase of a text, `text[start:end]`, that is the n-th thing sought."""

    start: int
    end: int
    term_index: int


class Finder:
    """Finds in texts of one language what one query seeks."""

    def __init__(self, query: Query):
        self.language = query.language
        self.stems = [*dict.fromkeys(query_stems(word, query.language) for word in query.loose)]
        self.phrases = [phrase.words for phrase in query.phrases]
        # Another name of what was typed is marked in its place, as the first of the words that were typed.
        self.names = [
            (name, self.stems.index(query_stems(concept.typed[0], query.language)))
            for concept in query.concepts
            for name in concept.others
        ]
        # Most words of a site occur many times.
        self.number = cache(self._number)
        self.folded = cache(self._folded)
        self.stems_of = cache(self._stems_of)

    @property
    def term_count(self) -> int:
        return len(self.stems) + len(self.phrases)

    def matches(self, text: str, *, min_terms: int = 1) -> list[Match]:
        """In their order; a phrase is one match, whichever of its words are sought besides.

        None in a text with fewer than so many of the things sought: to see that takes less time than to find them.
        """
        written = find_words(text)
        numbers = [*map(self.number, written)]
        phrases = [*self._phrases(written), *self._names(written)]
        if len({*numbers, *(number for *_, number in phrases)} - {None}) < min_terms:
            return []
        in_text, found, in_phrases = [*find_matches(text)], [], set()
        for first, length, number in phrases:
            found.append(Match(in_text[first].start(), in_text[first + length - 1].end(), number))
            in_phrases.update(range(first, first + length))
        for place, number in enumerate(numbers):
            if number is not None and place not in in_phrases:
                found.append(Match(*in_text[place].span(), number))
        return sorted(found, key=lambda match: match.start) if in_phrases else found

    def _number(self, word: str) -> int | None:
        word_stems = self.stems_of(word)
        for number, stem in enumerate(self.stems):
            if not stem.isdisjoint(word_stems):
                return number
        return None

    def _stems_of(self, word: str) -> frozenset[str]:
        return stems(tidy(word), self.language)

    def _folded(self, word: str) -> str:
        return fold(tidy(word))

    def _phrases(self, written: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        if not self.phrases:
            return
        folded = (*map(self.folded, written),)
        for number, phrase in enumerate(self.phrases, start=len(self.stems)):
            place = -1
            for _time in range(folded.count(phrase[0])):
                place = folded.index(phrase[0], place + 1)
                if folded[place : place + len(phrase)] == phrase:
                    yield place, len(phrase), number

    def _names(self, written: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        if not self.names:
            return
        found = [*map(self.stems_of, written)]
        for name, number in self.names:
            for place in range(len(found) - len(name) + 1):
                if all(not one.isdisjoint(found[place + index]) for index, one in enumerate(name)):
                    yield place, len(name), number


def highlight(text: str, matches: Iterable[Match], language: str) -> str:
    """A text as HTML, typeset, its matches within `mark`."""
    text = typeset(text, language)  # of the same length
    pieces, at = [], 0
    for match in matches:
        if match.start >= at:
            pieces += [
                escape(text[at : match.start]),
                f"<mark>{escape(text[match.start : match.end])}</mark>",
            ]
            at = match.end
    return "".join([*pieces, escape(text[at:])])


def passage(lines: Iterable[tuple[str, bool]], finder: Finder) -> str:
    """As HTML, the passage in which most of what is sought occurs; empty if nothing does.

    Lines come with whether they are headings, which are shown only for want of a better one.
    """
    best, passed = _Candidate(), 0
    for text, is_heading in lines:
        text = text[: MAX_SEARCHED_LENGTH - passed]
        min_terms = best.worth[0] + (is_heading or not best.is_heading)
        candidate = _Candidate(text, finder.matches(text, min_terms=min_terms), is_heading)
        if candidate.worth > best.worth:
            best = max(
                best,
                _Candidate(text, _densest_matches(candidate.matches), is_heading),
                key=lambda found: found.worth,
            )
        passed += len(text)
        if best.worth >= (min(finder.term_count, ENOUGH_TERMS), True) or passed >= MAX_SEARCHED_LENGTH:
            break
    return _extract(best.text, best.matches, finder.language)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line and matches in it."""

    text: str = ""
    matches: Sequence[Match] = ()
    is_heading: bool = False

    @property
    def worth(self) -> tuple[int, bool]:
        return len({match.term_index for match in self.matches}), not self.is_heading


def _densest_matches(matches: list[Match]) -> list[Match]:
    """Of the matches that fit into one passage, those with the most different things; the first such."""
    best: list[Match] = []
    end = 0
    for start, first in enumerate(matches):
        while end < len(matches) and matches[end].end <= first.start + EXTRACT_LENGTH - CONTEXT_BEFORE:
            end += 1
        inside = matches[start : max(end, start + 1)]
        if len({match.term_index for match in inside}) > len({match.term_index for match in best}):
            best = inside
    return best


def _extract(text: str, matches: Sequence[Match], language: str) -> str:
    """The passage around some matches, cut between words."""
    if not matches:
        return ""
    first = matches[0]
    start = _start(text, first)
    end = len(text) if len(text) <= start + EXTRACT_LENGTH else text.rfind(" ", start, start + EXTRACT_LENGTH)
    end = max(end, first.end)
    inside = [
        Match(match.start - start, match.end - start, match.term_index)
        for match in matches
        if match.end <= end
    ]
    before, after = f"{ELLIPSIS} " * (start > 0), f" {ELLIPSIS}" * (end < len(text))
    return before + highlight(text[start:end], inside, language) + after


def _start(text: str, first: Match) -> int:
    """Somewhat before the first match, or further where the text ends soon after it."""
    start = min(first.start - CONTEXT_BEFORE, len(text) - EXTRACT_LENGTH)
    if start <= 0:
        return 0
    space = text.find(" ", start, first.start)
    return space + 1 if space >= 0 else first.start
