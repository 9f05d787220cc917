"""Archives and withdrawals that are due later keep the text that is live just before them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import publishing, scheduling
from pages.models.edition import Edition
from pages.models.page import Page
from tests.factories import a_live_page

pytestmark = pytest.mark.django_db


def with_title(page, title):
    page = Page.objects.get(pk=page.pk)
    page.title_en = title
    page.save()
    return page


def titles(page):
    """The English titles of the editions of a page, in the order of their numbers."""
    return [edition.title_en for edition in Edition.objects.filter(page=page).order_by("number")]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (("publish", "archive"), ["Before", "After", "After"]),
        (("archive", "publish"), ["Before", "Before", "After"]),
    ],
)
def test_of_a_text_and_an_archive_at_one_moment_the_one_that_was_made_later_counts_last(acts, expected):
    at = timezone.now() + timedelta(days=1)
    page = with_title(a_live_page(title_en="Before"), "After")
    for act in acts:
        getattr(publishing, act)(page, by=None, at=at)
    scheduling.follow([page], timezone.now())
    assert titles(page) == expected


@pytest.mark.parametrize("number", [1, 5])
def test_archives_that_keep_the_right_text_take_two_queries_for_any_number_of_pages(
    number, django_assert_num_queries
):
    pages = [a_live_page() for _each in range(number)]
    for page in pages:
        publishing.archive(page, by=None, at=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(2):
        assert scheduling.follow(pages, timezone.now()) == []


@pytest.mark.parametrize("number", [1, 5])
def test_archives_that_take_another_text_take_four_queries_for_any_number_of_pages(
    number, django_assert_num_queries
):
    pages = [a_live_page(title_en="Before") for _each in range(number)]
    for page in pages:
        publishing.archive(page, by=None, at=timezone.now() + timedelta(days=2))
        publishing.publish(with_title(page, "After"), by=None, at=timezone.now() + timedelta(days=1))
    archives = Edition.objects.changes_of_state()
    archives.update(title_en="Before", digest="")
    with django_assert_num_queries(4):
        scheduling.follow(pages, timezone.now())
    assert [archive.title_en for archive in archives] == ["After"] * number


def test_the_archives_of_other_pages_are_left_alone():
    page, other = a_live_page(title_en="Before"), a_live_page(title_en="Before")
    for each in (page, other):
        publishing.archive(each, by=None, at=timezone.now() + timedelta(days=1))
    Edition.objects.changes_of_state().update(title_en="Another", digest="")
    scheduling.follow([page], timezone.now())
    assert (titles(page), titles(other)) == (["Before", "Before"], ["Before", "Another"])
