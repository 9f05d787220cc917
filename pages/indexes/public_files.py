"""Which files may everybody download? Those that a live edition offers to readers, and no others.

Kept as periods in a table: see `periods`.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..document import files_offered
from ..integers import format_count
from ..models.indexes import PublicFile
from ..stored_files import download_name
from .index import Batch, Index, Source
from .periods import readable_periods


def period(digest: str, name: str, at: datetime | None = None) -> PublicFile | None:
    """Finds a period in which the file is public that includes a moment (default: now); None if it is not public.

    It is one in which the file has that name, if there is one: pages may name the same file in several ways.
    """
    at = at or timezone.now()
    lasts = Q(public_until=None) | Q(public_until__gt=at)
    public = PublicFile.objects.filter(lasts, digest=digest, public_from__lte=at)
    return public.filter(name=name).first() or public.first()


class PublicFileIndex(Index):
    """From when until when pages offer files: now, and from each scheduled edition on."""

    name = "files"
    follows = Source.EDITIONS
    model = PublicFile
    columns = ("digest", "name", "public_from", "public_until")

    def describe(self) -> str:
        digests = PublicFile.objects.order_by().values("digest").distinct().count()
        return f"{format_count(digests, 'file')} to download, public now or later."

    def build(self, batch: Batch) -> Iterator[PublicFile]:
        for edition, public_from, public_until in readable_periods(batch.ids):
            offered = files_offered(edition.read())
            names = {(file.digest, download_name(title, file.format)) for file, title in offered}
            for digest, name in sorted(names):
                yield PublicFile(
                    page_id=edition.page_id,
                    digest=digest,
                    name=name,
                    public_from=public_from,
                    public_until=public_until,
                )

    def ended_rows(self) -> QuerySet:
        return PublicFile.objects.filter(public_until__lte=timezone.now())

    def current_rows(self) -> QuerySet:
        return PublicFile.objects.filter(Q(public_until=None) | Q(public_until__gt=timezone.now()))
