"""The entries of search, as an index among the others: `search.index` makes them."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..integers import format_count
from ..models.edition import Edition
from ..models.indexes import SearchEntry, SearchText, SearchWord
from ..models.page import Page
from ..search import index as search_index
from ..search import spelling
from ..search.backend import flush_pending_index
from .index import Batch, Index, Source

TEXT_COLUMNS = ("words", "text", "terms")


class SearchIndex(Index):
    """What search finds: the words of each edition that is live or scheduled, in each language.

    A withdrawn edition has no entry, so a page is not found from the moment at which it is withdrawn.
    """

    name = "search"
    follows = Source.EDITIONS
    model = SearchEntry
    columns = ("edition_id", "language", "public_from", "public_until", "modified_at")

    def describe(self) -> str:
        count = format_count(SearchEntry.objects.count(), "entry", "entries")
        return f"{count}: every page that is public or scheduled, in each language."

    def update(self, batch: Batch) -> None:
        SearchEntry.objects.filter(page__in=batch.ids).delete()
        rows = search_index.entries(batch.ids)
        SearchEntry.objects.bulk_create(entry for entry, _text in rows)
        SearchText.objects.bulk_create(text for _entry, text in rows)
        spelling.add_words(rows)

    def finish(self) -> None:
        flush_pending_index()

    def unindexed_pages(self) -> QuerySet:
        unindexed = Edition.objects.readable().filter(search_entries=None)
        if not SearchWord.objects.exists():  # a site from before there were any
            unindexed = Edition.objects.readable()
        return Page.objects.filter(
            Q(pk__in=unindexed.live().values("page")) | Q(pk__in=unindexed.scheduled().values("page"))
        )

    def ended_rows(self) -> QuerySet:
        return SearchEntry.objects.filter(public_until__lte=timezone.now())

    def current_rows(self) -> QuerySet:
        return SearchEntry.objects.filter(Q(public_until=None) | Q(public_until__gt=timezone.now()))

    def expected(self, batch: Batch) -> Iterator[tuple]:
        for entry, text in search_index.entries(batch.ids):
            yield (
                entry.page_id,
                *(getattr(entry, column) for column in self.columns),
                *(getattr(text, column) for column in TEXT_COLUMNS),
            )

    def stored(self, batch: Batch) -> Iterable[tuple]:
        rows = self.current_rows().filter(page__in=batch.ids).order_by()
        return rows.values_list("page_id", *self.columns, *(f"found_in__{column}" for column in TEXT_COLUMNS))
