"""Deletes reports when their time is over; what they add up to per day stays in `DailyCount`.

A report that is still open is never deleted, however old it is: staff are reminded of it until somebody closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import daily_counts
from .models import ProblemReport

# Deleted in one transaction: more would make visitors wait who send a report in that moment.
BATCH = 100
# Found in one query, which takes longer the more there are.
MAX_FOUND = 5000

# Days before reports held as spam are deleted in which the worklist says so.
SPAM_WARNING_DAYS = 7


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many reports were deleted, how many of them were held as spam, and how many older ones stay as open."""

    total: int
    marked: int
    still_open: int


def due(today: date | None = None) -> QuerySet:
    """Gives the reports whose time is over: the closed ones, and those held as spam, which go sooner."""
    limit = received_before(settings.REPORTS_KEPT_DAYS, today)
    spam_limit = max(limit, received_before(settings.SPAM_KEPT_DAYS, today))
    closed = ProblemReport.objects.not_spam().closed().filter(received_at__lt=limit)
    return closed | ProblemReport.objects.suspected_spam().filter(received_at__lt=spam_limit)


def open_beyond_limit(today: date | None = None) -> QuerySet:
    """Gives the open reports that would be deleted if they were closed."""
    limit = received_before(settings.REPORTS_KEPT_DAYS, today)
    return ProblemReport.objects.not_spam().open().filter(received_at__lt=limit)


def spam_due_soon(today: date | None = None) -> QuerySet:
    """Gives the reports held as spam that are deleted within SPAM_WARNING_DAYS."""
    days = max(0, min(settings.SPAM_KEPT_DAYS, settings.REPORTS_KEPT_DAYS) - SPAM_WARNING_DAYS)
    return ProblemReport.objects.suspected_spam().filter(received_at__lt=received_before(days, today))


def received_before(days: int, today: date | None = None) -> datetime:
    """Gives the moment before which a report came if it is older than so many days of the site’s time zone."""
    return daily_counts.start_of_day((today or timezone.localdate()) - timedelta(days=days))


def count_due(reports: QuerySet, today: date | None = None) -> Deleted:
    """Counts what is about to be deleted, and the open ones that are as old."""
    return Deleted(
        reports.order_by().count(),
        reports.order_by().suspected_spam().count(),
        open_beyond_limit(today).order_by().count(),
    )


def refuse_nonsense_periods() -> None:
    """Raises ImproperlyConfigured where the settings would delete reports on the day on which they came."""
    if min(settings.REPORTS_KEPT_DAYS, settings.SPAM_KEPT_DAYS) < 1:
        raise ImproperlyConfigured("REPORTS_KEPT_DAYS and SPAM_KEPT_DAYS must be at least 1.")


def delete_due(today: date | None = None, tell: Callable[[int], None] = lambda done: None) -> Deleted:
    """Counts the finished days first, then deletes in small transactions; `tell` is called with how many are gone.

    It is called between transactions, and may raise to break off: the next call goes on. Raises ImproperlyConfigured
    as `refuse_nonsense_periods` does.
    """
    refuse_nonsense_periods()
    daily_counts.count_finished_days(today, tell=lambda: tell(0))
    reports = due(today)
    found = count_due(reports, today)
    gone = 0
    while keys := list(reports.order_by("received_at", "pk").values_list("pk", flat=True)[:MAX_FOUND]):
        for start in range(0, len(keys), BATCH):
            with transaction.atomic():
                # Except those that were reopened in between.
                _number, deleted = reports.filter(pk__in=keys[start : start + BATCH]).delete()
            gone += deleted.get(ProblemReport._meta.label, 0)
            tell(gone)
    return found
