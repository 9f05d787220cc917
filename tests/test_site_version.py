"""Which cache tags changed between two looks at the site, or all of them where that is not certain."""

import cProfile
import pstats
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from pages import cache_tags, publishing, reviews, site_version
from pages.models import Edition
from pages.site_version import VersionTracker
from tests.factories import a_home_page, a_live_page, a_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2031-03-03T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def tracker(clock):
    tracker = VersionTracker()
    a_live_page()
    tracker.read()
    clock.shift(timedelta(seconds=1))
    return tracker


def tags_of(page):
    return {cache_tags.SITE, f"page:{page.pk}", f"children:{page.parent_id}"}


def test_the_first_look_changes_nothing(clock):
    a_live_page()
    assert VersionTracker().read()[1] == frozenset()


@pytest.mark.medium
def test_a_publication_changes_its_page_the_list_of_its_parent_and_the_site(tracker):
    page = a_live_page()
    assert tracker.read()[1] == tags_of(page)
    assert tracker.read()[1] == frozenset()


@pytest.mark.medium
def test_the_home_page_is_in_no_list(tracker):
    home = a_home_page()
    publishing.publish(home, by=None)
    assert tracker.read()[1] == {cache_tags.SITE, f"page:{home.pk}"}


@pytest.mark.medium
def test_all_that_came_due_since_the_last_look_counts_also_after_hours(tracker, clock):
    first, second = a_live_page(), a_page()
    publishing.publish(second, by=None, at=timezone.now() + timedelta(hours=2))
    clock.shift(timedelta(hours=5))
    assert tracker.read()[1] == tags_of(first) | tags_of(second)


@pytest.mark.medium
def test_what_was_submitted_long_ago_counts_when_it_is_approved(tracker, clock):
    page = a_page()
    edition = reviews.submit(page, by=None)
    clock.shift(timedelta(hours=3))
    assert tracker.read()[1] == frozenset()
    reviews.approve(edition, by=None)
    assert tracker.read()[1] == tags_of(page)


@pytest.mark.medium
def test_what_is_committed_late_counts(tracker, clock):
    late = timezone.now() - timedelta(minutes=8)
    clock.shift(timedelta(minutes=1))
    tracker.read()
    page = a_live_page()
    Edition.objects.filter(page=page).update(publish_at=late)
    assert tracker.read()[1] == tags_of(page)


@pytest.mark.medium
def test_everything_changes_where_a_change_is_too_late_to_be_found(tracker, clock):
    long_ago = timezone.now() - timedelta(minutes=30)
    page = a_live_page()
    Edition.objects.filter(page=page).update(publish_at=long_ago)
    assert tracker.read()[1] is None


@pytest.mark.medium
def test_everything_changes_with_the_day(tracker, clock):
    clock.shift(timedelta(hours=13))
    a_live_page()
    assert tracker.read()[1] is None


def test_everything_changes_where_editions_are_gone(tracker):
    Edition.objects.update(publish_at=timezone.now() + timedelta(days=1))  # as in a backup of before
    assert tracker.read()[1] is None


@pytest.mark.medium
def test_everything_changes_when_very_many_came_due(tracker, monkeypatch):
    monkeypatch.setattr(site_version, "MAX_CHANGES", 2)
    for _ in range(3):
        a_live_page()
    assert tracker.read()[1] is None


@pytest.mark.medium
@pytest.mark.parametrize("address", ["contact", "privacy"])
def test_everything_changes_with_a_page_that_all_pages_lead_to(tracker, clock, address):
    page = a_live_page(address_en=address)
    assert tracker.read()[1] is None
    page.address_en = "elsewhere"
    page.save()
    clock.shift(timedelta(seconds=1))
    publishing.publish(page, by=None)
    assert tracker.read()[1] is None


@pytest.mark.medium
def test_a_look_takes_one_query_and_three_when_something_changed(tracker, django_assert_num_queries):
    with django_assert_num_queries(1):
        tracker.read()
    a_live_page()
    with django_assert_num_queries(3):
        tracker.read()


def test_reading_the_version_writes_no_sql_anew(clock, django_assert_num_queries):
    a_live_page()
    site_version.site_version()  # which compiles its query
    profile = cProfile.Profile()
    with django_assert_num_queries(1):
        profile.runcall(site_version.site_version)
    assert pstats.Stats(profile).total_calls < 1000, "it took 6,500 when the ORM wrote the query each time"
