"""No page comes below itself on the site, now or when an edition falls due.

The parents of working copies are a tree (`models.page`), but each page is published on its own: what is public may
mix older and newer parents, so the tree of what is public is looked at when that changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .local_time import format_date_time
from .models.edition import Edition
from .models.page import Page
from .tree import find_cycle_over_time

# Pages looked up at a time.
BATCH = 1000


class TreePosition(NamedTuple):
    """The page that another one is below from a moment on; None for the home page and while it is withdrawn."""

    since: datetime
    number: int
    parent: int | None


Timelines = Mapping[int, Sequence[TreePosition]]


def refuse_cycles(editions: Collection[Edition]) -> None:
    """Raises ValidationError if editions that were just approved or cancelled put a page below itself.

    Belongs into the transaction that changed them, under the lock of their pages. A page that is below itself already
    may be published there: only what makes a cycle is refused. One query where no page has moved; one more and
    another one for each level of the site where some have, for up to BATCH pages.
    """
    if not editions:
        return
    first = min(edition.publish_at for edition in editions)
    timelines = _timelines({edition.page_id for edition in editions}, first - timedelta(microseconds=1))
    moved = [edition for edition in editions if _moves(edition, timelines[edition.page_id])]
    if moved:
        _lock()
        # Those approved together are public together, whatever the microseconds between them.
        since = max(edition.publish_at for edition in moved)
        cycle = find_cycle_over_time(_upwards(timelines, since), {edition.page_id for edition in moved})
        if cycle:
            raise ValidationError(_sentence(*cycle))


def _moves(edition: Edition, timeline: Sequence[TreePosition]) -> bool:
    """Whether the page is elsewhere after the edition than just before it."""
    current = _tree_position(edition)
    before = [position for position in timeline if position[:2] < current[:2]]
    return not before or before[-1].parent != current.parent


def _tree_position(edition: Edition) -> TreePosition:
    parent = None if edition.kind == Edition.Kind.WITHDRAWN else edition.parent_id
    return TreePosition(edition.publish_at, edition.number, parent)


def _timelines(pages: Iterable[int], since: datetime) -> Timelines:
    """The places that some pages have from a moment on, in the order of time."""
    found: dict[int, list[TreePosition]] = defaultdict(list)
    keys = sorted(pages)
    for start in range(0, len(keys), BATCH):
        batch = Q(page__in=keys[start : start + BATCH])
        live = Edition.objects.live(since).filter(batch).order_by()
        public = Edition.objects.approved().filter(
            batch, Q(publish_at__gt=since) | Q(pk__in=live.values("pk"))
        )
        columns = "page_id", "publish_at", "number", "kind", "parent_id"
        for edition in public.only(*columns).order_by("publish_at", "number"):
            found[edition.page_id].append(_tree_position(edition))
    return found


def _lock() -> None:
    """Lets moves on the site follow one another, or two people could publish two pages below each other at once.

    It is the last lock that a transaction takes. Nothing else locks the first edition of the home page.
    """
    home = Edition.objects.filter(page__in=Page.objects.filter(parent=None)).order_by("number")
    home.select_for_update(no_key=True, of=("self",)).only("pk").first()


def _upwards(timelines: Timelines, since: datetime) -> dict[int, list[tuple[datetime, int | None]]]:
    """The parents of some pages from a moment on, theirs, and so on up to the home page: for `find_cycle_over_time`."""
    known = {page: _parents(timeline, since) for page, timeline in timelines.items()}
    while beyond := {parent for timeline in known.values() for _at, parent in timeline} - {None, *known}:
        found = _timelines(beyond, since)
        known |= {page: _parents(found[page], since) for page in beyond}
    return known


def _parents(timeline: Sequence[TreePosition], since: datetime) -> list[tuple[datetime, int | None]]:
    by_moment = {
        max(position.since, since): position.parent for position in timeline
    }  # the last one of each moment counts
    return list(by_moment.items())


def _sentence(moment: datetime, cycle: Sequence[int]) -> str:
    titles = {page.pk: str(page) for page in Page.objects.filter(pk__in=cycle)}
    circle = " → ".join(titles[page] for page in [*cycle, cycle[0]])
    if moment <= timezone.now():
        text = _(
            "On the site, this page would be under itself (%(pages)s). First publish the page above it in "
            "its new location, or choose another parent page."
        )
        return text % {"pages": circle}
    text = _(
        "From %(moment)s, a page would be under itself on the site (%(pages)s). First publish or "
        "schedule another of these pages in a new location, or choose another parent page."
    )
    return text % {"pages": circle, "moment": format_date_time(moment)}
