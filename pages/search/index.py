"""Keeps the index of search in step with editions: what is public now, and what will be at its own time."""

from collections import defaultdict
from functools import lru_cache
from itertools import chain, groupby, pairwise
from operator import itemgetter

from django.db import transaction
from django.utils import timezone

from .. import one_language
from ..document import LANGUAGES
from ..editions import Edition
from ..entries import SearchEntry, SearchText
from .lookup import settle
from .passages import lines
from .words import ANYWHERE, HEADING, TITLE, fold, stems, term, words

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
    settle()


@transaction.atomic
def rebuild(progress=lambda done, of: None):
    """Indexes the whole site anew. Until it is done, visitors search the old index; returns the number of entries."""
    SearchEntry.objects.all().delete()
    pages = list(Edition.objects.approved().order_by("page").values_list("page", flat=True).distinct())
    for start in range(0, len(pages), BATCH):
        _add(pages[start : start + BATCH])
        progress(min(start + BATCH, len(pages)), len(pages))
    settle()
    return SearchEntry.objects.count()


def complete():
    """Indexes the site if none of it is, which is how a migration of the index leaves it; returns whether it did."""
    missing = not SearchEntry.objects.exists() and Edition.objects.approved().exists()
    if missing:
        rebuild()
    return missing


def _add(pages):
    times = _times(pages)
    editions = Edition.objects.filter(pk__in=times).readable().dated().order_by("pk")
    documents = [(edition, edition.read()) for edition in editions]
    # One language after the other: rows that are searched together then lie together on the disk.
    made = [
        _entry(edition, document, language, *times[edition.pk])
        for language in LANGUAGES
        for edition, document in documents
    ]
    SearchEntry.objects.bulk_create(entry for entry, text in made)
    SearchText.objects.bulk_create(text for entry, text in made)


def _times(pages):
    """By id, from when until when each edition is live that is so now or will be.

    It follows from the rule of `Edition.objects.live`: each gives way to the one that comes next.
    """
    approved = Edition.objects.approved().filter(page__in=pages).order_by("page", "publish_at", "number")
    by_page = groupby(approved.values_list("page", "pk", "publish_at"), key=itemgetter(0))
    now, times = timezone.now(), {}
    for _page, editions in by_page:
        for (_, edition, start), (_, _, end) in pairwise([*editions, (None, None, None)]):
            if end is None or end > max(start, now):
                times[edition] = start, end
    return times


def _entry(edition, document, language, start, end):
    entry = SearchEntry(
        edition=edition,
        page_id=edition.page_id,
        language=language,
        public_from=start,
        public_until=end,
        modified_at=edition.modified_at,
    )
    content = list(lines(one_language.shown(document, language), language))
    in_order, terms = found_by(document.title[language], content, language)
    text = "\n".join(HEADING_MARK * line.is_heading + line.text for line in content)
    return entry, SearchText(entry=entry, words=in_order, text=text, terms=terms)


def found_by(title, content, language):
    """What a page is found by in one language: its words, and the terms that a database looks up as they stand.

    The words are folded and in their order, so that phrases can be compared. The terms are their stems, marked
    with the language and the places in which they occur. Both are separated by spaces.
    """
    in_order, placed = [END_OF_LINE], defaultdict(dict)
    for text, places in _placed(title, content):
        here = words(text)
        in_order += [*map(fold, here), END_OF_LINE]
        placed[places].update(dict.fromkeys(here))  # a set has no order, and sorting takes long
    terms = (_terms(word, language, places) for places, found in placed.items() for word in found)
    return f" {' '.join(in_order)} ", " ".join(dict.fromkeys(chain.from_iterable(terms)))


def _placed(title, content):
    yield title, (TITLE, HEADING, ANYWHERE)
    for line in content:
        yield line.text, (HEADING, ANYWHERE) if line.is_heading else (ANYWHERE,)


@lru_cache(maxsize=50_000)
def _terms(word, language, places):
    """The terms of a word: worked out once, because most words of a site occur all over it."""
    return tuple(term(stem, language, place) for stem in sorted(stems(word, language)) for place in places)
