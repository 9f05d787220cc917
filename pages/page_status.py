"""Where pages stand: what the public sees of each, what is to come, and whether the working copy has moved on."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import working_copy
from .document import digest, dumps
from .models.draft_status import DraftStatus, StaleTextCount
from .models.edition import Edition, live_edition_id


class State(models.TextChoices):
    NEVER_PUBLISHED = "never_published", _("Never published")
    SCHEDULED = "scheduled", _("Scheduled")
    LIVE = "live", _("Live")
    CHANGED = "changed", _("Changed since published")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class PageStatus:
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


def page_statuses(pages, at=None):
    """The `PageStatus` of each page by primary key: two queries for any number of pages fetched `with_content()`."""
    return _statuses(pages, {page.pk: digest(dumps(working_copy.read(page))) for page in pages}, at)


def page_statuses_in_list(pages, at=None):
    """The same for lists, in three queries: by what was counted when pages were saved, none of their texts is read."""
    counted = DraftStatus.objects.filter(page__in=pages)
    return _statuses(pages, dict(counted.values_list("page", "digest")), at)


def _statuses(pages, digests, at):
    at = at or timezone.now()
    editions = Edition.objects.filter(page__in=pages).defer("document")
    live = {edition.page_id: edition for edition in editions.live(at).select_related("emergency_record")}
    scheduled = defaultdict(list)
    for edition in editions.scheduled(at).order_by("publish_at", "number"):
        scheduled[edition.page_id].append(edition)
    return {
        page.pk: _status(digests.get(page.pk, ""), live.get(page.pk), tuple(scheduled[page.pk]))
        for page in pages
    }


def page_status(page, at=None):
    """The `PageStatus` of one page."""
    return page_statuses([page], at)[page.pk]


def _status(written, live, scheduled):
    is_new = live is None or live.digest != written
    is_scheduled = any(edition.digest == written for edition in scheduled)
    state = _state(live, scheduled, is_new=is_new, is_scheduled=is_scheduled)
    return PageStatus(state, live, scheduled, is_changed=is_new and not is_scheduled)


def _state(live, scheduled, *, is_new, is_scheduled):
    if live is None:
        return State.SCHEDULED if scheduled else State.NEVER_PUBLISHED
    if live.kind != Edition.Kind.CURRENT:
        return State(live.kind)
    if not is_new:
        return State.LIVE
    return State.SCHEDULED if is_scheduled else State.CHANGED


def filter_by_state(pages, state, at=None):
    """Those of a queryset of pages in a state; by their draft status, none of their texts is read.

    LIVE holds the changed ones too, and SCHEDULED every page with an edition to come.
    """
    if state == State.NEVER_PUBLISHED:
        return pages.exclude(pk__in=Edition.objects.approved().values("page"))
    if state == State.SCHEDULED:
        return pages.filter(pk__in=Edition.objects.scheduled(at).values("page"))
    # One look at an index for each page, however many editions it has had.
    pages = pages.alias(live_edition=live_edition_id(OuterRef("pk"), at))
    live = Edition.objects.filter(pk=OuterRef("live_edition"))
    if state == State.CHANGED:
        # All others are as their live edition, which takes no look at it.
        # In the words of the index `draft_differs`, or PostgreSQL would not take it.
        live_digest = F("draft_status__live_digest")
        pages = pages.filter(
            Q(draft_status__digest__lt=live_digest) | Q(draft_status__digest__gt=live_digest)
        )
        draft_digest = OuterRef("draft_status__digest")
        upcoming = Edition.objects.scheduled(at).filter(page=OuterRef("pk"), digest=draft_digest)
        changed = live.filter(kind=Edition.Kind.CURRENT).exclude(digest=draft_digest)
        return pages.filter(Exists(changed), ~Exists(upcoming))
    if state == State.LIVE:
        return pages.filter(_known_to_be_live(at) | Exists(live.filter(kind=Edition.Kind.CURRENT)))
    return pages.filter(Exists(live.filter(kind=state.value)))


def _known_to_be_live(at):
    """True of nearly every live page, and takes no look at its editions: one is live, and none changed its state."""
    if at is not None:
        return Q(pk__in=[])  # the digests that are kept are those of now
    changed_state = Edition.objects.approved().changes_of_state().values("page")
    return Q(draft_status__live_digest__gt="") & ~Q(pk__in=changed_state)


class Problem(models.TextChoices):
    """What has to be done about a page."""

    LANGUAGE = "language", _("Published in one language only")
    READY = "ready", _("Cannot be published as is")
    TRANSLATION = "translation", _("Translation to review")
    SOURCES = "sources", _("Sources to find")


def filter_by_problem(pages, problem, at=None):
    """Those of a queryset of pages that lack something; by their draft status, none of their texts is read."""
    if problem == Problem.LANGUAGE:
        return pages.filter(pk__in=Edition.objects.awaiting_translation(at).values("page"))
    if problem == Problem.READY:
        return pages.filter(draft_status__reasons__gt=0)
    if problem == Problem.SOURCES:
        return pages.exclude(sources_needed="")
    return pages.filter(pk__in=current_stale_counts(at).values("page"))


def stale_counts_in_list(pages, statuses):
    """How many texts of each page are stale, by primary key, as they were counted: one query.

    `statuses` are the `PageStatus` of the pages.
    """
    live = [status.live.pk for status in statuses.values() if status.live]
    counted = dict(StaleTextCount.objects.filter(edition__in=live).values_list("page", "texts"))
    return {page.pk: counted.get(page.pk, 0) for page in pages}


def current_stale_counts(at=None):
    """Return the counts of stale texts that hold at a date and time: those beside the editions that are live then."""
    return StaleTextCount.objects.filter(edition=live_edition_id(OuterRef("page"), at))
