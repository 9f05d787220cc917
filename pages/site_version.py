"""The version of the public site: a few values that differ as soon as anything that readers see is different."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connections
from django.db.models import Count, Max, Q, QuerySet, Subquery
from django.utils import timezone

from . import cache_tags
from .compiled_query import CompiledQuery
from .document import LANGUAGES
from .models.edition import Edition, linked_addresses
from .models.site_alert import MAX_SHOWN, alert_state

# How far the clocks of two machines may differ, and how long a publication may take, for its change to be found by
# its time. Beyond it everything counts as changed, which is right too.
TOLERANCE = timedelta(minutes=10)

# Editions that come due between two looks and are taken one by one. After more, as of an import, everything changed.
MAX_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """Of the editions that came due since `counted_from`: the last one made, how many, and when the newest did.

    `next_publish_at` is when the next one will come due, or an alert will begin or end; `alerts` are the ids of the
    site-wide alerts that are shown.
    """

    last_edition_id: int | None
    recent_count: int | None
    last_published_at: datetime | None
    next_publish_at: datetime | None = field(default=None, compare=False)
    counted_from: datetime | None = field(default=None, compare=False)
    alerts: tuple[int, ...] = ()
    alerts_changed_at: datetime | None = field(default=None, compare=False)

    @property
    def changed_at(self) -> datetime | None:
        """When readers were last shown anything new: a text, or an alert that began or ended."""
        times = [time for time in (self.last_published_at, self.alerts_changed_at) if time]
        return max(times, default=None)


def site_version(at: datetime | None = None) -> SiteVersion:
    """Reads, in one query of a few looks at indexes, what every public page is made from.

    As long as it is equal, so are they. It can be so short because approved editions never change, and are never taken
    back once they are due.
    """
    at = at or timezone.now()
    # Whatever the clocks of several machines say, an edition is approved for a moment of these two days.
    yesterday = at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    using = Edition.objects.db
    compiled = _compiled_version_query(using, connections[using].vendor)
    found = compiled.rows(using, at=at, yesterday=yesterday)
    return _version(found[0], yesterday) if found else SiteVersion(None, None, None, counted_from=yesterday)


@cache
def _compiled_version_query(using: str, vendor: str) -> CompiledQuery:
    """Per vendor too, because a test or a move of the site may put another database behind the same name."""
    samples = {
        "at": datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC),
        "yesterday": datetime(1, 2, 2, 1, 1, 1, 1, tzinfo=UTC),
    }
    return CompiledQuery(_newest_due(**samples).using(using), **samples)


def _newest_due(at: datetime, yesterday: datetime) -> QuerySet[Edition]:
    """The edition that came due last, with what else tells one version from another."""
    due = Edition.objects.approved().filter(publish_at__lte=at).order_by("-publish_at")
    recent = due.filter(publish_at__gte=yesterday).order_by().values("status")
    coming = Edition.objects.scheduled(at).order_by("publish_at")
    # Of those that are due only: what is in review or scheduled changes nothing that anybody sees.
    found = due.annotate(
        last=Subquery(recent.annotate(last=Max("pk")).values("last")),
        recent=Subquery(recent.annotate(count=Count("pk")).values("count")),
        coming=Subquery(coming.values("publish_at")[:1]),
        **alert_state(at),
    )
    return found.only("publish_at")[:1]


def _version(newest: Any, counted_from: datetime) -> SiteVersion:
    """`newest` is a row of `_newest_due`."""
    coming = filter(None, (newest.coming, newest.alert_begins, newest.alert_ends))
    changes = filter(None, (newest.alert_began, newest.alert_ended))
    alerts = (getattr(newest, f"alert_{index}") for index in range(MAX_SHOWN))
    return SiteVersion(
        newest.last,
        newest.recent,
        newest.publish_at,
        min(coming, default=None),
        counted_from=counted_from,
        alerts=tuple(filter(None, alerts)),
        alerts_changed_at=max(changes, default=None),
    )


class VersionTracker:
    """Reads the version again and again, and says which cache tags changed since the time before."""

    def __init__(self) -> None:
        self._version: SiteVersion | None = None
        self._read_at: datetime | None = None
        self._seen: frozenset[int] = frozenset()

    def read(self) -> tuple[SiteVersion, frozenset[str] | None]:
        """Returns the version and the tags that changed since it was last read, none at first; None means all of them.

        One query while nothing changes, else three, however long the history of the site is.
        """
        at = timezone.now()
        before, version = self._version, site_version(at)
        if version == before:
            self._read_at = at
            return version, frozenset()
        # What came due at the very last moment may have been committed only after it.
        since = min(self._read_at or at, at) - TOLERANCE
        due = Edition.objects.approved().filter(publish_at__lte=at, publish_at__gte=since).order_by()
        rows = list(due.values_list("pk", "page", "parent")[: MAX_CHANGES + 1])
        new = [row[1:] for row in rows if row[0] not in self._seen]
        self._version, self._read_at = version, at
        self._seen = frozenset(row[0] for row in rows)
        if before is None:
            return version, frozenset()
        if version.alerts != before.alerts:  # which are on every page
            return version, None
        if not _is_all(before, version, len(new)) or _reach_every_page(new):
            return version, None
        return version, cache_tags.changed(new)


def _is_all(before: SiteVersion, version: SiteVersion, number: int) -> bool:
    """Whether so many new editions are the whole difference of two versions, which is not nothing."""
    if before.counted_from != version.counted_from or not 0 < number <= MAX_CHANGES:
        return False  # a new day is counted from another one
    return (version.recent_count or 0) - (before.recent_count or 0) == number


def _reach_every_page(new: list[tuple[int, int | None]]) -> bool:
    """Whether one of them is of a page that every page leads to, as that on contact."""
    named = Q()
    for language in LANGUAGES:
        addresses = [path for name, path in linked_addresses().items() if name.endswith(f"_{language}")]
        named |= Q(**{f"address_{language}__in": addresses})
    return Edition.objects.approved().filter(named, page__in={page for page, _parent in new}).exists()
