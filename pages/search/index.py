"""Keeps the index of search in step with editions: what is public now, and what will be at its own time."""

from functools import lru_cache
from itertools import chain, pairwise

from django.db import transaction
from django.utils import timezone

from ..document import LANGUAGES
from ..editions import Edition
from ..entries import SearchEntry, SearchText
from .passages import lines
from .words import ANYWHERE, HEADING, TITLE, fold, is_stop_word, pair, stems, term, written_words

# How many pages are read and written at a time.
BATCH = 200

# Stands before those lines of an entry's text that are headings.
HEADING_MARK = "\t"
# Stands between lines, so that no phrase runs on from one to the next.
END_OF_LINE = "|"


def renew(pages):
    """Indexes anew what is public of some pages, and what is scheduled. Belongs into the transaction that changes it.

    Withdrawn editions have no entry, so a page is not found from the moment at which it is withdrawn.
    """
    ids = sorted({page.pk for page in pages})
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        SearchEntry.objects.filter(page__in=some).delete()
        _add(some)


@transaction.atomic
def rebuild(progress=lambda done, of: None):
    """Indexes the whole site anew. Until it is done, visitors search the old index; returns the number of entries."""
    SearchEntry.objects.all().delete()
    pages = list(Edition.objects.approved().order_by("page").values_list("page", flat=True).distinct())
    for start in range(0, len(pages), BATCH):
        _add(pages[start : start + BATCH])
        progress(min(start + BATCH, len(pages)), len(pages))
    return SearchEntry.objects.count()


def _add(pages):
    now = timezone.now()
    wanted = Edition.objects.live(now) | Edition.objects.scheduled(now)
    made = [
        _entry(edition, language)
        for edition in wanted.readable().dated().filter(page__in=pages).order_by("pk")
        for language in LANGUAGES
    ]
    SearchEntry.objects.bulk_create(entry for entry, text in made)
    SearchText.objects.bulk_create(text for entry, text in made)


def _entry(edition, language):
    entry = SearchEntry(
        edition=edition, page_id=edition.page_id, language=language, modified_at=edition.modified_at
    )
    document = edition.read()
    content = list(lines(document, language))
    words, terms = found_by(document.title[language], content, language)
    text = "\n".join(HEADING_MARK * line.is_heading + line.text for line in content)
    return entry, SearchText(entry=entry, words=words, text=text, terms=terms)


def found_by(title, content, language):
    """What a page is found by in one language, for a database to look up as it stands: words, and terms.

    The words are folded and in their order, so that phrases can be compared. The terms are their stems, marked
    with the places in which they occur, and all pairs of neighbours. Both are separated by spaces.
    """
    sequence, terms = [END_OF_LINE], set()
    for text, places in _placed(title, content):
        known = [_known(word, language, places) for word in written_words(text)]
        folded = [word for word, _ in known]
        sequence += [*folded, END_OF_LINE]
        terms.update(chain.from_iterable(found for _, found in known))
        terms.update(pair(*both) for both in pairwise(folded))
    return f" {' '.join(sequence)} ", " ".join(sorted(terms))


def _placed(title, content):
    yield title, (TITLE, HEADING, ANYWHERE)
    for line in content:
        yield line.text, (HEADING, ANYWHERE) if line.is_heading else (ANYWHERE,)


@lru_cache(maxsize=50_000)
def _known(word, language, places):
    """A word folded, and its terms: worked out once, because most words of a site occur all over it."""
    folded = fold(word)
    if is_stop_word(folded, language):
        return folded, ()
    return folded, tuple(term(stem, language, place) for stem in stems(word, language) for place in places)
