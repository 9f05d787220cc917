"""The figures about reports that staff are shown: how many, about what, how old, how soon fixed."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import add
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language

from pages import html
from pages.document import LANGUAGES, RICH_TEXT, Document, texts
from pages.models.edition import Edition

from . import daily_counts
from .models import ProblemReport, Reason

# What may be looked at, in days up to today; the longest is drawn by week.
PERIODS = (28, 90, 364)
BY_WEEK_FROM = 180

# A day is unusual when it brought more reports than the mean of so many days before it plus so many standard
# deviations, and at least so many reports.
BASELINE = 28
DEVIATIONS = 3
MIN_UNUSUAL = 5

# For the time to fix, so many reports are looked at: those whose fixes became public last.
SAMPLE = 2000


class OpenCount(NamedTuple):  # of which there may be ten thousand at once
    """How many open reports a page has, and how many of them are so many days old: up to 7, 30, 90, or more."""

    page_id: int
    total: int
    ages: tuple[int, int, int, int]


def open_by_page(at=None, pages: Collection[int] | None = None) -> list[OpenCount]:
    """The pages with open reports, those with most first: two queries, each on an index of its own.

    Of all pages, or of those whose ids are given.
    """
    at = at or timezone.now()
    reports = ProblemReport.objects.not_spam().order_by()
    if pages is not None:
        reports = reports.filter(page__in=pages)
    # By status as well where it stands in the index before the page: so nothing has to be sorted.
    unsettled, pending = (
        reports.unsettled().values("status", "page_id"),
        reports.pending(at).values("page_id"),
    )
    found: dict[int, Sequence[int]] = {}
    for rows in (unsettled, pending):
        for page, *sums in _with_ages(rows, at):
            before = found.get(page)
            found[page] = tuple(map(add, before, sums)) if before else sums
    counts = [OpenCount(page, sums[0], _by_age(*sums)) for page, sums in found.items()]
    return sorted(counts, key=lambda count: (-count.total, count.page_id))


def most_open_pages(number: int, at=None) -> list[OpenCount]:
    """The first ones of `open_by_page`, where the others are not wanted: four queries, none of all pages."""
    at = at or timezone.now()
    reports = ProblemReport.objects.not_spam().order_by()
    pending = set(reports.pending(at).values_list("page_id", flat=True).distinct())
    totals = reports.unsettled().values("page_id").annotate(total=Count("pk")).order_by("-total", "page_id")
    # What is pending may bring any page forward; of the others, those with most unsettled reports come first.
    busiest = [row["page_id"] for row in totals[: number + len(pending)]]
    return open_by_page(at, {*busiest, *pending})[:number]


def open_ages(at=None) -> tuple[int, int, int, int]:
    """How many open reports are up to 7, 30, 90 days old, or more: two queries."""
    at = at or timezone.now()
    reports = ProblemReport.objects.not_spam().order_by()
    rows = [each.aggregate(**_counts_by_age(at)) for each in (reports.unsettled(), reports.pending(at))]
    return _by_age(*(sum(row[name] for row in rows) for name in ("total", "week", "month", "quarter")))


def _with_ages(grouped, at):
    return grouped.annotate(**_counts_by_age(at)).values_list("page_id", "total", "week", "month", "quarter")


def _counts_by_age(at):
    week, month, quarter = (Q(received_at__gt=at - timedelta(days=days)) for days in (7, 30, 90))
    return {
        "total": Count("pk"),
        "week": Count("pk", filter=week),
        "month": Count("pk", filter=month),
        "quarter": Count("pk", filter=quarter),
    }


def _by_age(total, week, month, quarter):
    return week, month - week, quarter - month, total - quarter


def titles(pages) -> dict[int, str]:
    """The title of each page in the active language, as it is public now: one query."""
    editions = Edition.objects.live().filter(page__in=list(pages))
    return dict(editions.values_list("page_id", f"title_{_language()}"))


def _language():
    return "fr" if get_language() == "fr" else "en"


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day, or in the week that begins on it. `limit` is 0 where none is drawn."""

    day: date
    en: int
    fr: int
    limit: float
    is_unusual: bool
    publications: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.en + self.fr


@dataclass(frozen=True, slots=True)
class Series:
    """The days or weeks of a period, and how often each reason was given in it."""

    days: tuple[Day, ...]
    reasons: tuple[tuple[Reason, int], ...]
    is_by_week: bool

    @property
    def total(self) -> int:
        return sum(day.total for day in self.days)


def series(days: int, page: int | None = None, today: date | None = None) -> Series:
    """What came in the last `days` days, of one page or of all: a constant number of queries."""
    today = today or timezone.localdate()
    first = today - timedelta(days=days - 1)
    found = daily_counts.by_day(first - timedelta(days=BASELINE), today, page)
    per_day = {
        language: defaultdict(
            int, {day: n for (day, reported_in), n in found.items() if reported_in == language}
        )
        for language in LANGUAGES
    }
    reasons = daily_counts.by_reason(first, today, page)
    published = publications(first, today, page)
    dates = [first + timedelta(days=number) for number in range(-BASELINE, days)]
    totals = [per_day["en"][day] + per_day["fr"][day] for day in dates]
    drawn = tuple(
        Day(day, per_day["en"][day], per_day["fr"][day], limit, total > limit, tuple(published[day]))
        for day, total, limit in zip(dates[BASELINE:], totals[BASELINE:], usual_maximum(totals), strict=True)
    )
    ordered = tuple(sorted(reasons.items(), key=lambda pair: -pair[1]))
    is_by_week = days >= BY_WEEK_FROM
    return Series(weeks(drawn) if is_by_week else drawn, ordered, is_by_week)


def usual_maximum(totals: Sequence[int]) -> list[float]:
    """The most reports that are usual, for each number but the first `BASELINE`, from those before it.

    Counts of rare events vary by the square root of their mean at least; where they have varied more, that counts.
    """
    found = []
    for index in range(BASELINE, len(totals)):
        before = totals[index - BASELINE : index]
        mean = sum(before) / BASELINE
        deviation = max(math.sqrt(mean), statistics.pstdev(before, mean))
        found.append(max(mean + DEVIATIONS * deviation, MIN_UNUSUAL - 1))
    return found


def weeks(days: Sequence[Day]) -> tuple[Day, ...]:
    """Seven days each, the last one ending with the last day; unusual when one of its days was."""
    start = len(days) % 7
    groups = [days[:start]] if start else []
    groups += [days[index : index + 7] for index in range(start, len(days), 7)]
    return tuple(
        Day(
            group[0].day,
            sum(day.en for day in group),
            sum(day.fr for day in group),
            0,
            any(day.is_unusual for day in group),
            tuple(title for day in group for title in day.publications),
        )
        for group in groups
    )


def publications(first: date, last: date, page: int | None = None) -> dict[date, list[str]]:
    """The titles of what became public on each day, in the active language; at most a thousand."""
    editions = Edition.objects.approved().filter(
        publish_at__gte=daily_counts.start_of_day(first),
        publish_at__lt=daily_counts.start_of_day(last + timedelta(days=1)),
    )
    editions = editions.filter(page=page) if page else editions
    found = defaultdict(list)
    rows = editions.order_by("publish_at").values_list("publish_at", f"title_{_language()}")
    for at, title in rows[:1000]:
        found[timezone.localdate(at)].append(title)
    return found


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many reports a page got in a period, and per 1,000 characters of its text in the two languages."""

    page_id: int
    title: str
    total: int
    per_thousand: float


def busiest_pages(days: int, number: int = 10, today: date | None = None) -> list[PageCount]:
    """The pages with most reports in the last `days` days."""
    today = today or timezone.localdate()
    totals = daily_counts.by_page(today - timedelta(days=days - 1), today)
    busiest = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:number]
    live = {edition.page_id: edition for edition in Edition.objects.live().filter(page__in=dict(busiest))}
    return [_page_count(page, total, live.get(page)) for page, total in busiest]


def _page_count(page, total, edition):
    if edition is None:
        return PageCount(page, "–", total, 0)
    characters = text_length(edition.read())
    return PageCount(
        page, edition.text("title", _language()), total, 1000 * total / characters if characters else 0
    )


# Texts that stand in no paragraph of the page.
NOT_SHOWN = frozenset({"address", "website"})


def text_length(document: Document) -> int:
    """The characters that readers see, both languages together."""
    total = 0
    for text in texts(document):
        if text.path[-1] in NOT_SHOWN:
            continue
        is_rich = text.path[-1] in RICH_TEXT
        total += sum(
            len(html.plain_text(value) if is_rich else value) for value in (text.value.en, text.value.fr)
        )
    return total


def ages(pages: Iterable[OpenCount]) -> tuple[int, int, int, int]:
    """How many open reports are up to 7, 30, 90 days old, or more."""
    columns = zip(*(count.ages for count in pages), strict=True)
    sums = tuple(sum(column) for column in columns)
    return sums or (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Fixes:
    """In how many days reports were fixed: their median, and how many within 1, 7, 30 days, or later."""

    number: int
    median: float
    within: tuple[int, int, int, int]
    is_sample: bool


def fixes(days: int, page: int | None = None, at: datetime | None = None) -> Fixes:
    """Of the reports whose fixes became public in the last `days` days: two queries."""
    at = at or timezone.now()
    fixed = ProblemReport.objects.filter(fixed_by=OuterRef("pk")).order_by()
    editions = Edition.objects.approved().filter(
        Exists(fixed), publish_at__gt=at - timedelta(days=days), publish_at__lte=at
    )
    editions = editions.filter(page=page) if page else editions
    published = dict(editions.order_by("-publish_at").values_list("pk", "publish_at")[:SAMPLE])
    rows = ProblemReport.objects.not_spam().filter(fixed_by__in=published).order_by()
    found = sorted(
        (published[edition] - received).total_seconds() / 86400
        for edition, received in rows.values_list("fixed_by", "received_at")[:SAMPLE]
    )
    within = [sum(time <= days_at_most for time in found) for days_at_most in (1, 7, 30)]
    return Fixes(
        number=len(found),
        median=statistics.median(found) if found else 0,
        within=(within[0], within[1] - within[0], within[2] - within[1], len(found) - within[2]),
        is_sample=len(found) == SAMPLE,
    )


@dataclass(frozen=True, slots=True)
class PageActivity:
    """What came to a page: in all, and on the last day, as (number, the most that is usual, whether it is more)."""

    came: int
    unusual: tuple[int, float, bool]


def busy_days(first: date, last: date) -> dict[int, PageActivity]:
    """The pages to which reports came from `first` to `last`: three queries for any number of pages."""
    start = min(first, last - timedelta(days=BASELINE))
    per_page: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for page, day, total in daily_counts.by_page_and_day(start, last):
        per_page[page][day] += total
    found = {}
    for page, days in per_page.items():
        came = sum(total for day, total in days.items() if day >= first)
        if came:
            baseline = [days[last - timedelta(days=back)] for back in range(BASELINE, -1, -1)]
            limit = usual_maximum(baseline)[0]
            found[page] = PageActivity(came, (days[last], limit, days[last] > limit))
    return found
