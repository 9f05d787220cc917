"""How many reports came on which day: counted from the reports, and kept per finished day in `DailyCount`.

A day is counted once, when it is over. From then on its row answers for it, whether or not its reports still exist;
days that are not counted yet are answered by the reports themselves, added up by the database just as far as is asked.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from .models import DailyCount, ProblemReport, Reason

# A report that arrives at midnight may be written a moment later; a day is not over before this.
LAG = timedelta(hours=1)

# Days counted before the next one with reports is looked for.
DAYS_AT_A_TIME = 7


def last_counted_day() -> date | None:
    """The last day that has been counted."""
    return DailyCount.objects.aggregate(last=Max("day"))["last"]


def start_of_day(day: date) -> datetime:
    """When a day begins in the site’s time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def count_by_day(reports):
    """Counts by day, page and language of a queryset of reports, as unsaved `DailyCount`s."""
    not_spam = Q(spam_sign="")
    rows = (
        _with_day(reports.order_by())
        .values("day", "page_id", "language")
        .annotate(
            total=Count("pk", filter=not_spam),
            marked=Count("pk", filter=~not_spam),
            **{f"n_{reason}": Count("pk", filter=not_spam & Q(**{reason: True})) for reason in Reason.values},
        )
    )
    return [_daily_count(row) for row in rows]


def count_finished_days(today: date | None = None, tell: Callable[[], None] = lambda: None) -> int:
    """Counts the days that are over and were not counted yet; returns how many rows that made.

    A day has a transaction of its own, so that visitors who send a report wait for no backlog. `tell` is called
    after each, and may raise to break off: the next call goes on.
    """
    today = today or timezone.localdate(timezone.now() - LAG)
    created = 0
    while (first := _first_uncounted()) and first < today:
        for number in range(min(DAYS_AT_A_TIME, (today - first).days)):
            created += _count_day(first + timedelta(days=number))
            tell()
    return created


@transaction.atomic
def _count_day(day):
    if (until := last_counted_day()) and day <= until:  # somebody else was quicker
        return 0
    end = start_of_day(day + timedelta(days=1))
    reports = ProblemReport.objects.filter(received_at__gte=start_of_day(day), received_at__lt=end)
    return len(DailyCount.objects.bulk_create(count_by_day(reports), batch_size=500))


def by_day(first: date, last: date, page: int | None = None) -> dict[tuple[date, str], int]:
    """The reports of each day and language that had any, by those two."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last, **_page_filter(page)).order_by()
    found: dict[tuple[date, str], int] = defaultdict(int)
    for day, language, total in rows.values_list("day", "language").annotate(n=Sum("total")):
        found[day, language] += total
    recent = _with_day(uncounted(first, last, page)).values_list("day", "language")
    for day, language, total in recent.annotate(n=Count("pk")):
        found[day, language] += total
    return found


def by_reason(first: date, last: date, page: int | None = None) -> dict[Reason, int]:
    """How often each reason was given."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last, **_page_filter(page))
    sums = rows.aggregate(**{f"n_{reason}": Sum(reason, default=0) for reason in Reason.values})
    recent = uncounted(first, last, page).aggregate(
        **{f"n_{reason}": Count("pk", filter=Q(**{reason: True})) for reason in Reason.values}
    )
    return {reason: sums[f"n_{reason.value}"] + recent[f"n_{reason.value}"] for reason in Reason}


def by_page(first: date, last: date) -> dict[int, int]:
    """How many reports each page got that had any."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last).order_by()
    totals = defaultdict(int, rows.values_list("page_id").annotate(n=Sum("total")))
    for page, total in uncounted(first, last).values_list("page_id").annotate(n=Count("pk")):
        totals[page] += total
    return {page: total for page, total in totals.items() if total}


def by_page_and_day(first: date, last: date) -> list[tuple[int, date, int]]:
    """The totals of each page and day that had reports, in no order."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last, total__gt=0)
    totals = list(rows.values_list("page_id", "day", "total"))
    recent = _with_day(uncounted(first, last)).values_list("page_id", "day").annotate(n=Count("pk"))
    return totals + list(recent)


def uncounted(first: date, last: date, page: int | None = None):
    """The reports of days that are not in the table yet, without those that have a sign of spam, in no order."""
    until = last_counted_day()
    first = max(first, until + timedelta(days=1)) if until else first
    return (
        ProblemReport.objects.not_spam()
        .filter(
            received_at__gte=start_of_day(first),
            received_at__lt=start_of_day(last + timedelta(days=1)),
            **_page_filter(page),
        )
        .order_by()
    )


def _with_day(reports):
    return reports.annotate(day=TruncDate("received_at"))


def _page_filter(page):
    return {"page": page} if page else {}


def _daily_count(row):
    return DailyCount(**{name.removeprefix("n_"): value for name, value in row.items()})


def _first_uncounted():
    """The first day with reports after the last one that was counted."""
    until = last_counted_day()
    later = {"received_at__gte": start_of_day(until + timedelta(days=1))} if until else {}
    oldest = ProblemReport.objects.filter(**later).aggregate(oldest=Min("received_at"))["oldest"]
    return timezone.localdate(oldest) if oldest else None


def move_from_spam(reports):
    """Moves reports that turned out not to be spam to the other side of the days that were counted already."""
    until = last_counted_day()
    changes = defaultdict(lambda: defaultdict(int))
    for report in reports:
        day = timezone.localdate(report.received_at)
        if until and day <= until:
            numbers = changes[day, report.page_id, report.language]
            numbers["marked"] -= 1
            numbers["total"] += 1
            for reason in report.reasons:
                numbers[reason.value] += 1
    for (day, page, language), numbers in changes.items():
        row = DailyCount.objects.filter(day=day, page=page, language=language)
        row.update(**{name: F(name) + number for name, number in numbers.items()})
