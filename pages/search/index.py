"""Makes what search finds of editions: of what is public now, and of what will be at its own time."""

from collections import defaultdict
from functools import lru_cache
from itertools import chain, groupby, pairwise
from operator import itemgetter

from django.utils import timezone

from .. import placeholders, single_language
from ..document import LANGUAGES
from ..models.edition import Edition
from ..models.indexes import SearchEntry, SearchText
from .text_lines import Line, lines
from .words import ANYWHERE, HEADING, TITLE, fold, stems, term, words

# Stands before those lines of an entry's text that are headings.
HEADING_PREFIX = "\t"
# Stands between lines, so that no phrase runs on from one to the next.
END_OF_LINE = "|"


def entries(pages):
    """Makes the rows of some pages, by their ids, not yet saved: pairs of a SearchEntry and its SearchText.

    There is one in each language for each edition that is public now or scheduled, but none for withdrawn ones.
    """
    times = _live_periods(pages)
    editions = Edition.objects.filter(pk__in=times).readable().with_dates().order_by("pk")
    documents = [(edition, edition.read()) for edition in editions]
    # One language after the other: rows that are searched together then lie together on the disk.
    return [
        _entry(edition, document, language, *times[edition.pk])
        for language in LANGUAGES
        for edition, document in documents
    ]


def _live_periods(pages):
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
    content = list(lines(single_language.visible_in(document, language), language))
    text = "\n".join(HEADING_PREFIX * line.is_heading + line.text for line in content)
    in_order, terms = index_text(document.title[language], _fill_placeholders(content, language), language)
    return entry, SearchText(entry=entry, words=in_order, text=text, terms=terms)


def _fill_placeholders(content, language):
    """Gives lines as they are read; the text that extracts are taken from keeps its placeholders."""
    return [
        Line(placeholders.fill(line.text, language), line.is_heading) if "{" in line.text else line
        for line in content
    ]


def index_text(title, content, language):
    """What a page is found by in one language: its words, and the terms that a database looks up as they stand.

    The words are folded and in their order, so that phrases can be compared. The terms are their stems, marked
    with the language and the places in which they occur. Both are separated by spaces.
    """
    in_order, words_by_places = [END_OF_LINE], defaultdict(dict)
    for text, places in _texts_with_places(title, content):
        found = words(text)
        in_order += [*map(fold, found), END_OF_LINE]
        words_by_places[places].update(dict.fromkeys(found))  # a set has no order, and sorting takes long
    terms = (_terms(word, language, places) for places, found in words_by_places.items() for word in found)
    return f" {' '.join(in_order)} ", " ".join(dict.fromkeys(chain.from_iterable(terms)))


def _texts_with_places(title, content):
    yield title, (TITLE, HEADING, ANYWHERE)
    for line in content:
        yield line.text, (HEADING, ANYWHERE) if line.is_heading else (ANYWHERE,)


@lru_cache(maxsize=50_000)
def _terms(word, language, places):
    """The terms of a word: worked out once, because most words of a site occur all over it."""
    return tuple(term(stem, language, place) for stem in sorted(stems(word, language)) for place in places)
