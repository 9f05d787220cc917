"""From when until when each edition is what readers see: now, and from each scheduled edition on.

Kept in tables by what an edition shows, so that one image or file is answered for by a look at an index, and nothing
has to run when a scheduled edition falls due.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from ..models.edition import Edition


class Period(NamedTuple):
    """An edition that readers see from one moment until another; without end if that is None."""

    edition: Edition
    public_from: datetime
    public_until: datetime | None


def readable_periods(ids: list[int]) -> Iterator[Period]:
    """From now on, one period for each edition of some pages that is live and readable, or will be."""
    now = timezone.now()
    changes = _changes(ids, now)
    for moment, affected in [(now, ids), *_by_moment(changes)]:
        for edition in Edition.objects.live(moment).readable().filter(page__in=affected):
            later = [change for change in changes[edition.page_id] if change > moment]
            yield Period(edition, edition.publish_at if moment is now else moment, min(later, default=None))


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
