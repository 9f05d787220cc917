"""Deletes reports when their time is over; what they add up to per day stays in `DailyCount`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import counts
from .models import ProblemReport

# Deleted in one transaction: more would make visitors wait who send a report in that moment.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many reports were deleted: all, of them those kept apart as spam, and those that were still open."""

    total: int
    marked: int
    still_open: int


def due(today: date | None = None):
    """The reports whose time is over, spam sooner than others; whole days of the site’s time zone."""
    today = today or timezone.localdate()
    kept = counts.start_of(today - timedelta(days=settings.REPORTS_KEPT_DAYS))
    spam_kept = counts.start_of(today - timedelta(days=settings.SPAM_KEPT_DAYS))
    return ProblemReport.objects.filter(
        Q(received_at__lt=kept) | ~Q(spam_sign="") & Q(received_at__lt=spam_kept)
    )


def tally(reports) -> Deleted:
    return Deleted(
        reports.order_by().count(),
        reports.order_by().marked().count(),
        reports.unmarked().open().order_by().count(),
    )


def delete_due(today: date | None = None, tell=lambda done: None) -> Deleted:
    """Counts the finished days first, then deletes in small transactions; `tell` is called with how many are gone."""
    counts.count_finished_days(today)
    reports = due(today)
    found = tally(reports)
    gone = 0
    while keys := list(reports.order_by("received_at", "pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            ProblemReport.objects.filter(pk__in=keys).delete()
        gone += len(keys)
        tell(gone)
    return found
