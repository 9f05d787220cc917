"""Local times where clocks change: skipped, repeated, and by how much, in zones of every kind."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from pages import local_time

CHANGES = [
    # zone, local time, how many moments, what clocks show before and after the change
    ("America/Toronto", "2027-03-14T02:30", 0, ("02:00", "03:00")),
    ("America/Toronto", "2027-03-14T02:00", 0, ("02:00", "03:00")),
    ("America/Toronto", "2027-03-14T03:00", 1, None),
    ("America/Toronto", "2026-11-01T01:30", 2, ("02:00", "01:00")),
    ("America/Toronto", "2026-11-01T01:00", 2, ("02:00", "01:00")),
    ("America/Toronto", "2026-11-01T02:00", 1, None),
    ("America/St_Johns", "2027-03-14T02:15", 0, ("02:00", "03:00")),
    ("America/Regina", "2027-03-14T02:30", 1, None),
    ("Europe/Paris", "2027-03-28T02:30", 0, ("02:00", "03:00")),
    ("Europe/London", "2026-10-25T01:30", 2, ("02:00", "01:00")),
    ("Australia/Lord_Howe", "2026-10-04T02:15", 0, ("02:00", "02:30")),
    ("Australia/Lord_Howe", "2027-04-04T01:45", 2, ("02:00", "01:30")),
    ("Pacific/Apia", "2011-12-30T12:00", 0, ("00:00", "00:00")),  # a whole day was skipped
    ("Asia/Baghdad", "2027-03-28T02:30", 1, None),
    ("UTC", "2027-03-28T02:30", 1, None),
]


@pytest.mark.parametrize(("zone", "local", "number", "change"), CHANGES)
def test_a_local_time_means_no_moment_one_or_two(zone, local, number, change):
    zone, local = ZoneInfo(zone), datetime.fromisoformat(local)
    found = local_time.moments(local, zone)
    assert len(found) == number
    assert sorted(found) == list(found)
    assert {moment.astimezone(zone).replace(tzinfo=None) for moment in found} <= {local}
    if change:
        before, after = local_time.change_of_clocks(local, zone)
        assert (f"{before:%H:%M}", f"{after:%H:%M}") == change


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31)),
    st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone)),
)
def test_every_moment_is_among_those_that_its_local_time_means(moment, zone):
    zone, moment = ZoneInfo(zone), moment.replace(tzinfo=UTC)
    assert moment in local_time.moments(moment.astimezone(zone).replace(tzinfo=None), zone)


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("en", date(2026, 12, 1), "December\u00a01, 2026"),
        ("fr", date(2026, 12, 1), "1er\u00a0décembre 2026"),
        ("fr", date(2026, 12, 11), "11\u00a0décembre 2026"),
        ("fr", datetime(2026, 12, 2, 3, tzinfo=UTC), "1er\u00a0décembre 2026"),  # in Toronto
    ],
)
def test_a_date_in_a_sentence_is_written_as_its_language_writes_it(language, value, text):
    with override(language):
        assert local_time.format_date(value) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "December\u00a01, 2026, 2:06\u00a0p.m."), ("fr", "1er\u00a0décembre 2026, 14\u00a0h\u00a006")],
)
def test_a_moment_in_a_sentence_is_a_local_date_and_time(language, text):
    with override(language):
        assert local_time.format_date_time(datetime(2026, 12, 1, 19, 6, tzinfo=UTC)) == text
        assert local_time.format_date_time(datetime(2026, 12, 1, 14, 6)) == text  # without a zone: as it is
