"""Local dates and times as people read and write them, and the moments that they mean where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from .typography import date_text

# Years of dates that are taken from outside. Beyond them there is nothing to publish, and close to the years 1 and 9999
# a date in another zone is none that Python, SQLite or PostgreSQL know.
MIN_YEAR, MAX_YEAR = 1900, 2999


def format_date(value: date | datetime) -> str:
    """Returns a date for a sentence in the active language: “December 1, 2026”, « 1er décembre 2026 ».

    Django's formats cannot say « 1er ».
    """
    return date_text(_to_local(value), get_language() or "en")


def format_date_time(value: datetime) -> str:
    """Returns a date and a time in the current time zone for a sentence in the active language."""
    local = _to_local(value)
    return f"{format_date(local)}, {date_format(local, 'TIME_FORMAT')}"


def format_short(value: datetime) -> str:
    """Returns a date and a time in the current time zone for a table or a label: 2026-12-01 09:30."""
    return date_format(_to_local(value), "SHORT_DATETIME_FORMAT")


def _to_local(value):
    is_aware = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if is_aware else value


def moments(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Returns the moments, in UTC, at which clocks of a zone show a local time without zone, the earliest first.

    There are two in the hour that is repeated when clocks go back, and none in the hour that is skipped when they go
    forward (PEP 495).
    """
    both = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(dict.fromkeys(one for one in both if one.astimezone(zone).replace(tzinfo=None) == local))


def change_of_clocks(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Returns what clocks show just before and just after the change that skips or repeats a local time.

    Both are local times without zone: 02:00 and 03:00 where an hour is skipped, 02:00 and 01:00 where one is repeated.
    """
    earlier, later = sorted(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = _offset(earlier, zone)
    if _offset(later, zone) == before:  # the later one may be the moment of the change itself
        later += timedelta(seconds=1)
    while later - earlier > timedelta(seconds=1):
        middle = earlier + timedelta(seconds=(later - earlier).total_seconds() // 2)
        if _offset(middle, zone) == before:
            earlier = middle
        else:
            later = middle
    later = later.replace(microsecond=0)
    return tuple((later + offset).replace(tzinfo=None) for offset in (before, _offset(later, zone)))


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset()
