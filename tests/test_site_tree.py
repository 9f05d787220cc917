"""No page is below itself on the site, whichever editions are public at a moment and whoever publishes them."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from pages import publishing, reviews, site_tree, tree
from pages.models import Edition, Page
from tests.admin_forms import fields
from tests.factories import a_home_page, a_live_page, a_page


def moved(page, parent):
    """The page in its working copy below another one, without regard to whom the other one is below."""
    Page.objects.filter(pk=page.pk).update(parent=parent)
    page.refresh_from_db()
    return page


def days(number):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def site():
    """A live page below the home page, and a live page below that one; what is written puts them the other way."""
    publishing.publish(a_home_page(), by=None)
    first = a_live_page(key="first", title_en="First")
    second = a_live_page(key="second", title_en="Second", parent=first)
    moved(second, a_home_page())
    moved(first, second)
    return first, second


def parents_at(moment):
    return dict(Edition.objects.live(moment).readable().values_list("page", "parent"))


@pytest.mark.medium
@pytest.mark.django_db
def test_a_page_is_not_published_below_a_page_that_is_public_below_it(site):
    first, second = site
    with pytest.raises(ValidationError, match=r"under itself \(First → Second → First\)"):
        publishing.publish(first, by=None)
    assert first.editions.count() == 1
    publishing.publish(second, by=None)
    publishing.publish(first, by=None)
    assert tree.find_cycles(parents_at(timezone.now())) == []


@pytest.mark.medium
@pytest.mark.django_db
def test_pages_that_are_published_together_change_places(site):
    assert len(publishing.publish_all(site, by=None)) == 2


@pytest.mark.medium
@pytest.mark.django_db
def test_pages_that_are_published_together_are_refused_together(site):
    first, _second = site
    with pytest.raises(ValidationError, match="under itself"):
        publishing.publish_all([first, a_page()], by=None)
    assert Edition.objects.count() == 3


@pytest.mark.medium
@pytest.mark.django_db
def test_an_edition_is_not_scheduled_for_a_moment_when_it_is_below_itself(site):
    first, second = site
    publishing.publish(second, by=None, at=days(2))
    with pytest.raises(ValidationError, match="From .*, a page would be under itself"):
        publishing.publish(first, by=None, at=days(1))
    publishing.publish(first, by=None, at=days(3))


@pytest.mark.medium
@pytest.mark.django_db
def test_an_edition_that_moves_a_page_away_in_time_is_not_cancelled(site):
    first, second = site
    away = publishing.publish(second, by=None, at=days(1))
    publishing.publish(first, by=None, at=days(2))
    with pytest.raises(ValidationError, match="From .*, a page would be under itself"):
        publishing.cancel(away, by=None)
    away.refresh_from_db()
    assert away.status == Edition.Status.APPROVED


@pytest.mark.medium
@pytest.mark.django_db
def test_an_edition_in_review_is_not_approved_below_itself(site, editor):
    first, second = site
    edition = reviews.submit(first, by=editor)
    with pytest.raises(ValidationError, match="under itself"):
        reviews.approve(edition, by=None)
    publishing.publish(second, by=None)
    reviews.approve(edition, by=None)


@pytest.mark.medium
@pytest.mark.django_db
def test_a_withdrawn_page_is_below_nothing_until_it_is_published_again(site):
    first, second = site
    publishing.withdraw(second, by=None)
    publishing.publish(first, by=None)
    moved(second, first)
    with pytest.raises(ValidationError, match="under itself"):
        publishing.publish(second, by=None)


@pytest.mark.medium
@pytest.mark.django_db
def test_the_screen_says_what_to_publish_first_and_keeps_what_was_sent(site, staff_client):
    first, _second = site
    path = f"/admin/pages/page/{first.pk}/publish/"
    answer = staff_client.post(path, fields(staff_client.get(path)) | {"note": "Moved"})
    assert "under itself (First → Second → First)" in str(answer.context["form"].non_field_errors())
    assert answer.context["form"]["note"].value() == "Moved"
    assert first.editions.count() == 1


@pytest.mark.medium
@pytest.mark.django_db
def test_a_page_that_stays_where_it_is_takes_one_query_and_may_be_below_itself(django_assert_num_queries):
    publishing.publish(a_home_page(), by=None)
    first = a_live_page()
    second = a_live_page(parent=first)
    Edition.objects.filter(page=first).update(parent=second)  # as an older release let it
    edition = publishing.publish(moved(first, second), by=None)
    with django_assert_num_queries(1):
        site_tree.refuse_cycles([edition])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_people_who_publish_two_pages_below_each_other_at_once_make_no_cycle():
    publishing.publish(a_home_page(), by=None)
    for _round in range(5):
        pages = [a_live_page(), a_live_page()]
        for page, other in itertools.permutations(pages):
            moved(page, other)
        together = threading.Barrier(2, timeout=20)

        def publish(page, together=together):
            together.wait()
            try:
                publishing.publish(page, by=None)
            except ValidationError:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(publish, pages)) == [False, True]
        assert tree.find_cycles(parents_at(timezone.now())) == []
