"""Which images may everybody see? Those that a live edition shows to readers, and no others.

Kept as periods in a table: see `periods`.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..document import pictures
from ..integers import format_count
from ..models.indexes import PublicImage
from .index import Batch, Index, Source
from .periods import readable_periods


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
        for edition, public_from, public_until in readable_periods(batch.ids):
            for digest in {image.digest for image in pictures(edition.read())}:
                yield PublicImage(
                    page_id=edition.page_id,
                    digest=digest,
                    public_from=public_from,
                    public_until=public_until,
                )

    def ended_rows(self) -> QuerySet:
        return PublicImage.objects.filter(public_until__lte=timezone.now())

    def current_rows(self) -> QuerySet:
        return PublicImage.objects.filter(Q(public_until=None) | Q(public_until__gt=timezone.now()))
