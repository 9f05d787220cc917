"""What did somebody mean who mistyped? A word of the site that is one letter away from what no page has."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from ..models.indexes import SearchEntry, SearchText, SearchWord
from .matching import count_live
from .queries import Query, Stem
from .words import MAX_WORD_LENGTH, fold, query_stems, words

# Shorter words are one letter away from too many others for their spelling to be judged.
MIN_LENGTH = 4

# Words of a search whose spelling is judged, and words of the site that are compared for each.
MAX_WORDS = 3
MAX_CANDIDATES = 6


def corrected(query: Query, at: datetime | None = None) -> str:
    """Returns what was typed with each word that no live page has replaced by one that some have; "" if none is.

    The word that is on the most pages is taken. Takes one query for each word, and for each word that is not found
    one more and one for each candidate.
    """
    at = at or timezone.now()
    replaced = {}
    known = query.by_concept  # what the glossary has is spelled as it should be
    for word, stem in query.stems_by_word.items():
        if (
            word not in known
            and _is_spelled(fold(word))
            and len(replaced) < MAX_WORDS
            and not count_live(stem, query.language, at)
        ):
            replaced[word] = _best(word, query.language, at)
    text = query.typed
    for word, better in replaced.items():
        if better:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", better, text)
    return text if text != query.typed else ""


def add_words(entries: Iterable[tuple[SearchEntry, SearchText]]) -> None:
    """Makes the words of some entries known; those that are known stay as they are."""
    known: dict[tuple[str, str], tuple[str, datetime]] = {}
    for entry, text in entries:
        title = entry.edition.text("title", entry.language)
        for word in dict.fromkeys(words(f"{title}\n{text.text}")):
            if _is_spelled(folded := fold(word)):
                key, since = (entry.language, folded), entry.public_from
                known[key] = word.lower(), min(known[key][1], since) if key in known else since
    SearchWord.objects.bulk_create(
        # In one order, so that two publications wait for one another instead of both failing.
        [
            SearchWord(language=language, word=folded, written=written[:MAX_WORD_LENGTH], public_from=since)
            for (language, folded), (written, since) in sorted(known.items())
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _is_spelled(folded: str) -> bool:
    return MIN_LENGTH <= len(folded) <= MAX_WORD_LENGTH and folded.isalpha()


def _best(word: str, language: str, at: datetime) -> str:
    """The word as it is written on the site; "" where none is near."""
    known = SearchWord.objects.filter(language=language, word__in=set(near(fold(word))), public_from__lte=at)
    # Letters that were exchanged, doubled or forgotten at the end are more likely than others at the start.
    candidates = sorted(known, key=lambda found: (found.word[:1] != fold(word)[:1], found.word))[
        :MAX_CANDIDATES
    ]
    counted = [
        (count_live(Stem(query_stems(found.word, language)), language, at), found.written)
        for found in candidates
    ]
    count, written = max(counted, key=lambda found: found[0], default=(0, ""))
    return written if count else ""


def near(word: str) -> Iterator[str]:
    """All that is one letter away: one more, one less, another, or two exchanged."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
