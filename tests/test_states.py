"""Where a page stands: live, changed since, scheduled, archived, withdrawn or never published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import publishing
from pages.rows import Page
from pages.states import State, narrowed, standing, standings
from tests.factories import a_live_page, a_page, a_partner, a_partner_list, a_text, an_objective

pytestmark = pytest.mark.django_db


def later():
    return timezone.now() + timedelta(days=1)


def state(page):
    return standing(Page.objects.get(pk=page.pk)).state


def changed(page):
    page.title_en = "Another title"
    page.save()
    return page


def test_a_page_without_editions_was_never_published():
    assert state(a_page()) == State.NEVER_PUBLISHED


def test_a_page_whose_editions_were_all_cancelled_was_never_published():
    page = a_page()
    publishing.cancel(publishing.publish(page, by=None, at=later()), by=None)
    assert state(page) == State.NEVER_PUBLISHED


def test_a_published_page_is_live_until_its_working_copy_changes():
    page = a_live_page()
    assert state(page) == State.LIVE
    assert state(changed(page)) == State.CHANGED


def test_a_changed_block_or_partner_counts_as_a_change():
    page = a_page()
    text, partner = a_text(page), a_partner()
    a_partner_list(page, partners=[partner])
    publishing.publish(page, by=None)
    text.body_fr = "<p>Autrement.</p>"
    text.save()
    assert state(page) == State.CHANGED
    publishing.publish(page, by=None)
    partner.name_en = "Renamed"
    partner.save()
    assert state(page) == State.CHANGED


def test_a_first_publication_to_come_is_scheduled():
    page = a_page()
    edition = publishing.publish(page, by=None, at=later())
    assert standing(page).state == State.SCHEDULED
    assert standing(page).scheduled == (edition,)


def test_a_changed_page_whose_change_is_scheduled_needs_nothing_more():
    page = changed(a_live_page())
    publishing.publish(page, by=None, at=later())
    assert standing(page).state == State.SCHEDULED
    assert not standing(page).is_changed


def test_a_page_changed_again_after_scheduling_is_changed():
    page = changed(a_live_page())
    publishing.publish(page, by=None, at=later())
    page.title_fr = "Encore autre chose"
    page.save()
    assert standing(page).state == State.CHANGED


def test_a_live_page_that_will_be_archived_is_still_live():
    page = a_live_page()
    publishing.archive(page, by=None, at=later())
    assert state(page) == State.LIVE
    assert standing(page, later() + timedelta(minutes=1)).state == State.ARCHIVED


@pytest.mark.parametrize(("act", "expected"), [("archive", State.ARCHIVED), ("withdraw", State.WITHDRAWN)])
def test_archived_and_withdrawn_pages_say_so_even_when_changed(act, expected):
    page = a_live_page()
    getattr(publishing, act)(page, by=None)
    assert state(page) == expected
    assert standing(changed(page)).state == expected
    assert standing(page).is_changed


def test_narrowing_finds_the_pages_of_a_state():
    never, live, archived, withdrawn = a_page(), a_live_page(), a_live_page(), a_live_page()
    publishing.archive(archived, by=None)
    publishing.withdraw(withdrawn, by=None)
    scheduled = a_page()
    publishing.publish(scheduled, by=None, at=later())
    pages = Page.objects.exclude(key="home")
    found = {each: set(narrowed(pages, each)) for each in State if each != State.CHANGED}
    assert found == {
        State.NEVER_PUBLISHED: {never},
        State.LIVE: {live},
        State.ARCHIVED: {archived},
        State.WITHDRAWN: {withdrawn},
        State.SCHEDULED: {scheduled},
    }


@pytest.mark.parametrize("number", [2, 12])
def test_the_standings_of_any_number_of_pages_take_two_queries(django_assert_num_queries, number):
    for _each in range(number):
        an_objective(a_live_page(), partners=[a_partner()])
    pages = list(Page.objects.with_content())
    with django_assert_num_queries(2):
        standings(pages)
