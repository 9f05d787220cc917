"""Where a page stands: live, changed since, scheduled, archived, withdrawn or never published."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages import document, indexes, publishing, reviews, working_copy
from pages.admin import worklist
from pages.models.edition import Edition
from pages.models.page import Page
from pages.page_status import State, filter_by_state, page_status, page_statuses
from tests.factories import a_home_page, a_live_page, a_page, a_partner, a_partner_list, a_text, an_objective

pytestmark = pytest.mark.django_db

STORED = Path(__file__).parent / "stored_documents"


def later():
    return timezone.now() + timedelta(days=1)


def state(page):
    return page_status(Page.objects.get(pk=page.pk)).state


def changed(page):
    page.title_en = "Another title"
    page.save()
    return page


def test_a_page_without_editions_was_never_published():
    assert state(a_page()) == State.NEVER_PUBLISHED


@pytest.mark.medium
def test_a_page_whose_editions_were_all_cancelled_was_never_published():
    page = a_page()
    publishing.cancel(publishing.publish(page, by=None, at=later()), by=None)
    assert state(page) == State.NEVER_PUBLISHED


def test_a_published_page_is_live_until_its_working_copy_changes():
    page = a_live_page()
    assert state(page) == State.LIVE
    assert state(changed(page)) == State.CHANGED


@pytest.mark.medium
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
    assert page_status(page).state == State.SCHEDULED
    assert page_status(page).scheduled == (edition,)


@pytest.mark.medium
def test_a_changed_page_whose_change_is_scheduled_needs_nothing_more():
    page = changed(a_live_page())
    publishing.publish(page, by=None, at=later())
    assert page_status(page).state == State.SCHEDULED
    assert not page_status(page).is_changed


@pytest.mark.medium
def test_a_page_changed_again_after_scheduling_is_changed():
    page = changed(a_live_page())
    publishing.publish(page, by=None, at=later())
    page.title_fr = "Encore autre chose"
    page.save()
    assert page_status(page).state == State.CHANGED


@pytest.mark.medium
def test_a_live_page_that_will_be_archived_is_still_live():
    page = a_live_page()
    publishing.archive(page, by=None, at=later())
    assert state(page) == State.LIVE
    assert page_status(page, later() + timedelta(minutes=1)).state == State.ARCHIVED


@pytest.mark.medium
@pytest.mark.parametrize(("act", "expected"), [("archive", State.ARCHIVED), ("withdraw", State.WITHDRAWN)])
def test_archived_and_withdrawn_pages_say_so_even_when_changed(act, expected):
    page = a_live_page()
    getattr(publishing, act)(page, by=None)
    assert state(page) == expected
    assert page_status(changed(page)).state == expected
    assert page_status(page).is_changed


@pytest.mark.medium
def test_narrowing_finds_the_pages_of_a_state():
    never, live, archived, withdrawn = a_page(), a_live_page(), a_live_page(), a_live_page()
    publishing.archive(archived, by=None)
    publishing.withdraw(withdrawn, by=None)
    scheduled = a_page()
    publishing.publish(scheduled, by=None, at=later())
    pages = Page.objects.exclude(key="home")
    found = {each: set(filter_by_state(pages, each)) for each in State if each != State.CHANGED}
    assert found == {
        State.NEVER_PUBLISHED: {never},
        State.LIVE: {live},
        State.ARCHIVED: {archived},
        State.WITHDRAWN: {withdrawn},
        State.SCHEDULED: {scheduled},
    }


@pytest.mark.medium
@pytest.mark.parametrize("hours", [0, 2])
def test_narrowing_to_live_pages_agrees_with_the_state_of_each_page(hours):
    soon = timezone.now() + timedelta(hours=1)
    again, archived_soon, withdrawn_soon, changed_soon = (a_live_page() for _each in range(4))
    publishing.archive(again, by=None)
    publishing.publish(changed(again), by=None)
    publishing.archive(archived_soon, by=None, at=soon)
    publishing.withdraw(withdrawn_soon, by=None, at=soon)
    publishing.publish(changed(changed_soon), by=None, at=soon)
    publishing.publish(a_page(), by=None, at=soon)
    publishing.archive(a_live_page(), by=None)
    changed(a_live_page())
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        pages = Page.objects.all()
        statuses = page_statuses(pages)
        found = set(filter_by_state(pages, State.LIVE))
    current = {
        page for page in pages if (live := statuses[page.pk].live) and live.kind == Edition.Kind.CURRENT
    }
    assert found == current
    assert found >= {again, changed_soon}
    assert (archived_soon in found, withdrawn_soon in found) == (hours == 0, hours == 0)


@pytest.mark.medium
@pytest.mark.parametrize("number", [2, 12])
def test_the_standings_of_any_number_of_pages_take_two_queries(django_assert_num_queries, number):
    for _each in range(number):
        an_objective(a_live_page(), partners=[a_partner()])
    pages = list(Page.objects.with_content())
    with django_assert_num_queries(2):
        page_statuses(pages)


# Documents that an earlier release stored


def a_page_of_an_earlier_release(name):
    """A page that is live as an earlier release published it: its document byte for byte as it was stored."""
    a_home_page()
    text = (STORED / f"{name}.json").read_text(encoding="utf-8").strip()
    page = working_copy.write(document.loads(text))
    indexes.update_drafts([page])
    edition = Edition.of(document.loads(text), page=page, number=1, parent=page.parent)
    edition.document, edition.digest = text, document.digest(text)
    edition.status, edition.publish_at = Edition.Status.APPROVED, timezone.now()
    edition.save()
    return page


@pytest.mark.medium
@pytest.mark.parametrize("name", ["home", "every-kind-of-block"])
def test_what_an_earlier_release_published_is_not_changed_since(name):
    page = a_page_of_an_earlier_release(name)
    assert state(page) == State.LIVE
    assert not filter_by_state(Page.objects.all(), State.CHANGED).exists()
    indexes.rebuild()
    assert not filter_by_state(Page.objects.all(), State.CHANGED).exists()


@pytest.mark.medium
def test_what_an_earlier_release_published_waits_for_nobody(editor):
    page = a_page_of_an_earlier_release("every-kind-of-block")
    for task in worklist.tasks(editor):
        if task.key not in ("recent", "blocked"):
            assert str(page.pk) not in " ".join(line.url for line in task.lines)


@pytest.mark.medium
def test_what_an_earlier_release_published_is_not_published_again():
    page = a_page_of_an_earlier_release("every-kind-of-block")
    assert publishing.publish_all([page], by=None) == []
    with pytest.raises(ValidationError, match="already live"):
        reviews.submit(page, by=None)


@pytest.mark.medium
def test_changed_pages_are_found_when_what_was_scheduled_has_become_live(settings):
    """The digest of the live edition is kept, but not for pages whose live edition will be another one."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = a_live_page()
        page.title_en = "Later"
        page.save()
        indexes.update_drafts([page])
        publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
        page.title_en = "Third"
        page.save()
        indexes.update_drafts([page])
        for _hour in range(2):
            assert list(filter_by_state(Page.objects.all(), State.CHANGED)) == [page]
            clock.shift(timedelta(hours=1, minutes=1))
        page.title_en = "Later"
        page.save()
        indexes.update_drafts([page])
        assert list(filter_by_state(Page.objects.all(), State.CHANGED)) == []
