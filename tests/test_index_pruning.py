"""What the indexes hold of editions that gave way to a scheduled one goes, and what is public or will be stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from pages import indexes, publishing
from pages.models import EditionClaim, PublicImage, SearchEntry
from pages.search.results import results
from tests.factories import a_figure, a_home_page, a_page, a_text

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def entries():
    """Everything in the indexes, without the numbers of the rows."""
    return (
        sorted(SearchEntry.objects.values_list("edition", "language", "public_from", "public_until")),
        sorted(PublicImage.objects.values_list("page", "digest", "public_from", "public_until")),
        sorted(EditionClaim.objects.values_list("edition", "about", "said")),
    )


def a_page_to_change(clock):
    """A live page with an image and an amount, and editions of other texts that are live a day and three days later."""
    publishing.publish(a_home_page(), by=None)
    page = a_page(title_en="First", address_en="first")
    figure = a_figure(page)
    amount = a_text(
        page,
        body_en="<p>Canada gave $5 million in 2020.</p>",
        body_fr="<p>Le Canada a donné 5 M$ en 2020.</p>",
    )
    publishing.publish(page, by=None)
    figure.delete()
    for title, days in (("Second", 1), ("Third", 3)):
        page.title_en = title
        page.save()
        amount.body_en = f"<p>Canada gave ${days + 5} million in 2020.</p>"
        amount.body_fr = f"<p>Le Canada a donné {days + 5} M$ en 2020.</p>"
        amount.save()
        publishing.publish(page, by=None, at=timezone.now() + days * DAY)
    return page


@pytest.mark.medium
def test_what_a_scheduled_edition_has_replaced_goes_from_every_index(clock):
    page = a_page_to_change(clock)
    first, second, third = page.editions.order_by("number")
    clock.shift(2 * DAY)
    assert indexes.prune() == 1
    assert set(SearchEntry.objects.filter(page=page).values_list("edition", flat=True)) == {
        second.pk,
        third.pk,
    }
    assert not PublicImage.objects.filter(page=page).exists()
    assert not EditionClaim.objects.filter(edition=first).exists()
    assert EditionClaim.objects.filter(edition=second).exists()


@pytest.mark.medium
def test_readers_find_the_same_before_and_after(clock):
    def find():
        return [[page.path for page in results(word, "en").found] for word in ("first", "second", "third")]

    a_page_to_change(clock)
    clock.shift(2 * DAY)
    before = find()
    indexes.prune()
    assert find() == before
    assert [len(found) for found in before] == [0, 1, 0]


@pytest.mark.medium
def test_where_nothing_has_given_way_nothing_is_written(clock, django_assert_num_queries):
    a_page_to_change(clock)
    before = entries()
    with django_assert_num_queries(3):
        assert indexes.prune() == 0
    assert entries() == before


@pytest.mark.medium
def test_what_was_broken_off_goes_on(clock):
    for number in range(3):
        page = a_page(address_en=f"page-{number}")
        publishing.publish(page, by=None)
        page.title_en = "Later"
        page.save()
        publishing.publish(page, by=None, at=timezone.now() + DAY)
    clock.shift(2 * DAY)

    def end():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexes.prune(end)
    assert indexes.prune() == 2
    assert indexes.prune() == 0
