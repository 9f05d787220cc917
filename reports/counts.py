"""How many reports came on which day: counted from the reports, and kept per finished day in `DailyCount`.

A day is counted once, when it is over. From then on its row answers for it, whether or not its reports still exist;
days that are not counted yet are answered by the reports themselves, added up by the database just as far as is asked.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from .models import DailyCount, ProblemReport, Reason

# A report that arrives at midnight may be written a moment later; a day is not over before this.
LAG = timedelta(hours=1)


def counted_until() -> date | None:
    """The last day that has been counted."""
    return DailyCount.objects.aggregate(last=Max("day"))["last"]


def start_of(day: date) -> datetime:
    """When a day begins in the site’s time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def of_reports(reports):
    """Counts by day, page and language of a queryset of reports, as unsaved `DailyCount`s."""
    honest = Q(spam_sign="")
    rows = (
        _by_their_day(reports.order_by())
        .values("day", "page_id", "language")
        .annotate(
            total=Count("pk", filter=honest),
            marked=Count("pk", filter=~honest),
            **{f"n_{reason}": Count("pk", filter=honest & Q(**{reason: True})) for reason in Reason.values},
        )
    )
    return [_count(row) for row in rows]


def count_finished_days(today: date | None = None) -> int:
    """Counts the days that are over and were not counted yet; returns how many rows that made."""
    today = today or timezone.localdate(timezone.now() - LAG)
    with transaction.atomic():
        first = _first_uncounted()
        if first is None:
            return 0
        made = 0
        while first < today:  # a week at a time, whatever the backlog
            end = min(first + timedelta(days=7), today)
            week = ProblemReport.objects.filter(
                received_at__gte=start_of(first), received_at__lt=start_of(end)
            )
            made += len(DailyCount.objects.bulk_create(of_reports(week), batch_size=500))
            first = end
        return made


def by_day(first: date, last: date, page: int | None = None) -> dict[tuple[date, str], int]:
    """The reports of each day and language that had any, by those two."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last, **_of(page)).order_by()
    found: dict[tuple[date, str], int] = defaultdict(int)
    for day, language, total in rows.values_list("day", "language").annotate(n=Sum("total")):
        found[day, language] += total
    recent = _by_their_day(uncounted(first, last, page)).values_list("day", "language")
    for day, language, total in recent.annotate(n=Count("pk")):
        found[day, language] += total
    return found


def by_reason(first: date, last: date, page: int | None = None) -> dict[Reason, int]:
    """How often each reason was given."""
    rows = DailyCount.objects.filter(day__gte=first, day__lte=last, **_of(page))
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
    counted = list(rows.values_list("page_id", "day", "total"))
    recent = _by_their_day(uncounted(first, last)).values_list("page_id", "day").annotate(n=Count("pk"))
    return counted + list(recent)


def uncounted(first: date, last: date, page: int | None = None):
    """The reports of days that are not in the table yet, without those that have a sign of spam, in no order."""
    until = counted_until()
    first = max(first, until + timedelta(days=1)) if until else first
    return (
        ProblemReport.objects.unmarked()
        .filter(
            received_at__gte=start_of(first), received_at__lt=start_of(last + timedelta(days=1)), **_of(page)
        )
        .order_by()
    )


def _by_their_day(reports):
    return reports.annotate(day=TruncDate("received_at"))


def _of(page):
    return {"page": page} if page else {}


def _count(row):
    return DailyCount(**{name.removeprefix("n_"): value for name, value in row.items()})


def _first_uncounted():
    counted = counted_until()
    if counted:
        return counted + timedelta(days=1)
    oldest = ProblemReport.objects.aggregate(oldest=Min("received_at"))["oldest"]
    return timezone.localdate(oldest) if oldest else None


def unmark(reports):
    """Moves reports that turned out not to be spam to the other side of the days that were counted already."""
    until = counted_until()
    moved = defaultdict(lambda: defaultdict(int))
    for report in reports:
        day = timezone.localdate(report.received_at)
        if until and day <= until:
            numbers = moved[day, report.page_id, report.language]
            numbers["marked"] -= 1
            numbers["total"] += 1
            for reason in report.reasons:
                numbers[reason.value] += 1
    for (day, page, language), numbers in moved.items():
        row = DailyCount.objects.filter(day=day, page=page, language=language)
        row.update(**{name: F(name) + number for name, number in numbers.items()})
