"""Which images may everybody see? Those that a live edition shows to readers, and no others.

Kept as periods in a table, so that one image is answered for by a look at an index, and nothing has to run when a
scheduled edition falls due.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..document import pictures
from ..integers import format_count
from ..models.edition import Edition
from ..models.indexes import PublicImage
from .index import Batch, Index, Source


def period(digest: str, at: datetime | None = None) -> PublicImage | None:
    """Finds a period in which the image is public that includes a moment (default: now); None if it is not public."""
    at = at or timezone.now()
    lasts = Q(public_until=None) | Q(public_until__gt=at)
    return PublicImage.objects.filter(lasts, digest=digest, public_from__lte=at).first()


class PublicImageIndex(Index):
    """From when until when pages show images: now, and from each scheduled edition on."""

    name = "images"
    follows = Source.EDITIONS
    model = PublicImage
    columns = ("digest", "public_from", "public_until")

    def describe(self) -> str:
        digests = PublicImage.objects.order_by().values("digest").distinct().count()
        return f"{format_count(digests, 'image')}, public now or later."

    def build(self, batch: Batch) -> Iterator[PublicImage]:
        return _periods(batch.ids)

    def ended_rows(self) -> QuerySet:
        return PublicImage.objects.filter(public_until__lte=timezone.now())

    def current_rows(self) -> QuerySet:
        return PublicImage.objects.filter(Q(public_until=None) | Q(public_until__gt=timezone.now()))


def _periods(ids: list[int]) -> Iterator[PublicImage]:
    """From now on, one row for each image of each edition that is live or will be."""
    now = timezone.now()
    changes = _changes(ids, now)
    for moment, affected in [(now, ids), *_by_moment(changes)]:
        for edition in Edition.objects.live(moment).readable().filter(page__in=affected):
            later = [change for change in changes[edition.page_id] if change > moment]
            for digest in {image.digest for image in pictures(edition.read())}:
                yield PublicImage(
                    page_id=edition.page_id,
                    digest=digest,
                    public_from=edition.publish_at if moment is now else moment,
                    public_until=min(later, default=None),
                )


def _changes(ids, now) -> dict[int, list[datetime]]:
    """The moments at which something scheduled becomes live, by page."""
    changes = defaultdict(list)
    scheduled = Edition.objects.scheduled(now).filter(page__in=ids).order_by()
    for page, moment in scheduled.values_list("page", "publish_at").distinct():
        changes[page].append(moment)
    return changes


def _by_moment(changes) -> list[tuple[datetime, list[int]]]:
    pages = defaultdict(list)
    for page, moments in changes.items():
        for moment in moments:
            pages[moment].append(page)
    return sorted(pages.items())
