"""Where pages stand: what the public sees of each, what is to come, and whether the working copy has moved on."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import document as shape
from . import working_copy
from .editions import Edition, live_of
from .tallies import StaleTally


class State(models.TextChoices):
    NEVER_PUBLISHED = "never_published", _("Never published")
    SCHEDULED = "scheduled", _("Scheduled")
    LIVE = "live", _("Live")
    CHANGED = "changed", _("Changed since")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class Standing:
    """One page at one moment. `scheduled` are the editions to come, the next one first."""

    state: State
    live: Edition | None = None
    scheduled: tuple[Edition, ...] = ()
    is_changed: bool = False

    @property
    def is_readable(self):
        return self.live is not None and self.live.kind != Edition.Kind.WITHDRAWN

    @property
    def emergency(self):
        """That readers of one language wait for what the other one says already; None when they do not."""
        return self.live.emergency if self.is_readable else None


def standings(pages, at=None):
    """The `Standing` of each page by primary key: two queries for any number of pages fetched `with_content()`."""
    at = at or timezone.now()
    editions = Edition.objects.filter(page__in=pages).defer("document")
    live = {edition.page_id: edition for edition in editions.live(at).select_related("emergency_record")}
    scheduled = defaultdict(list)
    for edition in editions.scheduled(at).order_by("publish_at", "number"):
        scheduled[edition.page_id].append(edition)
    return {page.pk: _standing(page, live.get(page.pk), tuple(scheduled[page.pk])) for page in pages}


def standing(page, at=None):
    """The `Standing` of one page."""
    return standings([page], at)[page.pk]


def _standing(page, live, scheduled):
    written = shape.digest(shape.dumps(working_copy.read(page)))
    is_new = live is None or live.digest != written
    is_scheduled = any(edition.digest == written for edition in scheduled)
    state = _state(live, scheduled, is_new=is_new, is_scheduled=is_scheduled)
    return Standing(state, live, scheduled, is_changed=is_new and not is_scheduled)


def _state(live, scheduled, *, is_new, is_scheduled):
    if live is None:
        return State.SCHEDULED if scheduled else State.NEVER_PUBLISHED
    if live.kind != Edition.Kind.CURRENT:
        return State(live.kind)
    if not is_new:
        return State.LIVE
    return State.SCHEDULED if is_scheduled else State.CHANGED


def narrowed(pages, state, at=None):
    """Those of a queryset of pages in a state; by their tallies, none of their texts is read.

    LIVE holds the changed ones too, and SCHEDULED every page with an edition to come.
    """
    if state == State.NEVER_PUBLISHED:
        return pages.exclude(pk__in=Edition.objects.approved().values("page"))
    if state == State.SCHEDULED:
        return pages.filter(pk__in=Edition.objects.scheduled(at).values("page"))
    live = Edition.objects.live(at).filter(page=OuterRef("pk"))
    if state == State.CHANGED:
        here = OuterRef("tally__digest")
        coming = Edition.objects.scheduled(at).filter(page=OuterRef("pk"), digest=here)
        changed = live.filter(kind=Edition.Kind.CURRENT).exclude(digest=here)
        return pages.filter(Exists(changed), ~Exists(coming), tally__isnull=False)
    kind = {State.LIVE: Edition.Kind.CURRENT}.get(state, state.value)
    return pages.filter(Exists(live.filter(kind=kind)))


class Lack(models.TextChoices):
    """What a page lacks to be as it should."""

    LANGUAGE = "language", _("Published in one language only")
    READY = "ready", _("Cannot be published as it stands")
    TRANSLATION = "translation", _("Translation to look at")


def lacking(pages, lack, at=None):
    """Those of a queryset of pages that lack something; by their tallies, none of their texts is read."""
    if lack == Lack.LANGUAGE:
        return pages.filter(pk__in=Edition.objects.behind(at).values("page"))
    if lack == Lack.READY:
        return pages.filter(tally__reasons__gt=0)
    return pages.filter(pk__in=stale_tallies(at).values("page"))


def stale_tallies(at=None):
    """The tallies of stale texts that count at a moment: those beside the editions that are live then."""
    return StaleTally.objects.filter(edition=live_of(OuterRef("page"), at))
