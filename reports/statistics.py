"""The figures about reports that staff are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language

from pages.editions import Edition

from .models import ProblemReport


@dataclass(frozen=True, slots=True)
class Open:
    """How many open reports a page has, and how many of them are so many days old: up to 7, 30, 90, or more."""

    page_id: int
    total: int
    ages: tuple[int, int, int, int]


def open_by_page(at=None) -> list[Open]:
    """The pages with open reports, those with most first: one query."""
    at = at or timezone.now()
    week, month, quarter = (at - timedelta(days=days) for days in (7, 30, 90))
    rows = (
        ProblemReport.objects.unmarked()
        .open(at)
        .order_by()
        .values("page_id")
        .annotate(
            total=Count("pk"),
            week=Count("pk", filter=Q(received_at__gt=week)),
            month=Count("pk", filter=Q(received_at__gt=month)),
            quarter=Count("pk", filter=Q(received_at__gt=quarter)),
        )
    )
    found = [
        Open(
            row["page_id"],
            row["total"],
            (
                row["week"],
                row["month"] - row["week"],
                row["quarter"] - row["month"],
                row["total"] - row["quarter"],
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda count: (-count.total, count.page_id))


def titles(pages) -> dict[int, str]:
    """The title of each page in the active language, as it is public now or was last: one query."""
    language = "fr" if get_language() == "fr" else "en"
    editions = Edition.objects.live().filter(page__in=list(pages)).values_list("page_id", f"title_{language}")
    return dict(editions)
