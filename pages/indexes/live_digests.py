"""The digest of each live edition beside that of the working copy, so that most pages need no look at editions."""

from collections.abc import Iterator

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..integers import format_count
from ..models.draft_status import DraftStatus
from ..models.edition import Edition
from .index import Batch, Index, Source


class LiveDigestIndex(Index):
    """The column `live_digest` of the rows of `DraftStatusIndex`. It says nothing where it is empty."""

    name = "live"
    follows = Source.EDITIONS | Source.DRAFTS
    model = DraftStatus
    columns = ("live_digest",)

    def describe(self) -> str:
        return f"{format_count(DraftStatus.objects.exclude(live_digest='').count(), 'page')} with a live edition."

    def update(self, batch: Batch) -> None:
        DraftStatus.objects.filter(page__in=batch.ids).update(live_digest=_live_digest())

    def expected(self, batch: Batch) -> Iterator[tuple]:
        return iter(self._rows(batch).values_list("page_id", "right"))

    def stored(self, batch: Batch) -> Iterator[tuple]:
        """An empty digest is never wrong: what was scheduled at the last update may be live by now."""
        for page, digest, right in self._rows(batch).values_list("page_id", "live_digest", "right"):
            yield page, digest or right

    def _rows(self, batch: Batch) -> QuerySet:
        return DraftStatus.objects.filter(page__in=batch.ids).annotate(right=_live_digest())


def _live_digest() -> Case:
    """The digest of the live edition of `page`, as SQL; empty where there is none, or where another one is to come."""
    now = timezone.now()
    editions = Edition.objects.approved().filter(page=OuterRef("page"))
    newest = editions.filter(publish_at__lte=now).order_by("-publish_at", "-number")
    return Case(
        When(Exists(editions.filter(publish_at__gt=now)), then=Value("")),
        default=Coalesce(Subquery(newest.values("digest")[:1]), Value("")),
    )
