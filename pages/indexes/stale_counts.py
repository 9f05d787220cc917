"""Counts the stale texts of each page beside the editions that are live or scheduled: see `stale_translations`."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from .. import stale_translations
from ..integers import format_count
from ..models.draft_status import StaleTextCount
from ..models.edition import Edition
from ..models.page import Page
from .index import Batch, Index, Source


class StaleCountIndex(Index):
    """How many texts of a working copy are stale beside its live edition, and beside each scheduled one."""

    name = "stale"
    follows = Source.EDITIONS | Source.DRAFTS
    model = StaleTextCount
    columns = ("edition_id", "texts")

    def describe(self) -> str:
        return f"{format_count(StaleTextCount.objects.count(), 'edition')} with stale translations."

    def build(self, batch: Batch) -> Iterable[StaleTextCount]:
        return stale_translations.counts(batch.documents)

    def unindexed_pages(self) -> QuerySet:
        """Most pages have no stale text, and so no row: those that were never counted have no status either."""
        return Page.objects.filter(draft_status=None)

    def current_rows(self) -> QuerySet:
        editions = Edition.objects.all()
        return StaleTextCount.objects.filter(
            Q(edition__in=editions.live().values("pk")) | Q(edition__in=editions.scheduled().values("pk"))
        )
