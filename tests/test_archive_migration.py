"""Sites that scheduled archives and withdrawals before these kept what is live: the migration corrects what is left."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from pages import indexes, publishing
from pages.models import PublicImage, SearchEntry
from pages.models.edition import Edition
from pages.search.results import results
from tests.factories import a_figure, a_live_page

pytestmark = pytest.mark.django_db

migration = import_module("pages.migrations.0018_archives_keep_what_is_live")
NOW = timezone.now()

FORMER_NAMES = {"WorkingCopyTally": "DraftStatus", "StaleTally": "StaleTextCount"}


class FormerApps:
    """The models of today, by the names that they had when the migration was written."""

    @staticmethod
    def get_model(app, name):
        return apps.get_model(app, FORMER_NAMES.get(name, name))


def migrate():
    migration.keep_what_is_live(FormerApps, None)


def write(page, title):
    page.title_en, page.address_en = title, title.lower()
    page.save()


def as_before(page, kind, text, **when):
    """An edition as earlier releases made it: with the text of the moment at which it was scheduled."""
    values = {
        name: getattr(text, name)
        for name in (*migration.TEXT, "status", "significant", "author_name", "approver_name")
    }
    last = page.editions.order_by("number").last()
    return Edition.objects.create(
        page=page, kind=kind, number=last.number + 1, publish_at=NOW + timedelta(**when), **values
    )


def a_page_with_two_texts():
    """Live for two hours with its first text, for one hour with the second one."""
    page = a_live_page(title_en="Old", address_en="old")
    write(page, "New")
    publishing.publish(page, by=None)
    for hours, edition in ((2, page.editions.get(number=1)), (1, page.editions.get(number=2))):
        Edition.objects.filter(pk=edition.pk).update(publish_at=NOW - timedelta(hours=hours))
    return page, *page.editions.order_by("number")


def live(page, at=None):
    found = Edition.objects.live(at).get(page=page)
    return found.kind, found.title_en, found.address_en, found.read().title.en


@pytest.mark.medium
@pytest.mark.parametrize("kind", ["archived", "withdrawn"])
def test_one_to_come_gets_the_text_that_will_be_live(kind):
    page, old, _new = a_page_with_two_texts()
    as_before(page, kind, old, days=1)
    migrate()
    assert live(page, NOW + timedelta(days=2)) == (kind, "New", "new", "New")


@pytest.mark.medium
def test_one_to_come_gets_the_text_of_another_edition_to_come():
    page, old, _new = a_page_with_two_texts()
    write(page, "Next")
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    as_before(page, "archived", old, days=1)
    migrate()
    assert live(page, NOW + timedelta(days=2)) == ("archived", "Next", "next", "Next")


@pytest.mark.medium
def test_one_to_come_for_a_page_that_is_withdrawn_by_then_is_cancelled():
    page, old, new = a_page_with_two_texts()
    coming = as_before(page, "archived", old, days=1)
    as_before(page, "withdrawn", new, minutes=-1)
    migrate()
    coming.refresh_from_db()
    assert coming.status == Edition.Status.CANCELLED
    assert live(page, NOW + timedelta(days=2))[0] == "withdrawn"


@pytest.mark.medium
def test_one_that_is_due_stays_in_the_record_and_the_newest_text_takes_its_place():
    page, old, _new = a_page_with_two_texts()
    due = as_before(page, "archived", old, minutes=-1)
    migrate()
    assert live(page) == ("archived", "New", "new", "New")
    due.refresh_from_db()
    assert due.title_en == "Old"
    assert live(page, NOW) == ("archived", "Old", "old", "Old")


@pytest.mark.medium
def test_a_page_that_an_archive_brought_back_is_withdrawn_again_with_its_explanation():
    page, old, new = a_page_with_two_texts()
    withdrawn = as_before(page, "withdrawn", new, minutes=-2)
    Edition.objects.filter(pk=withdrawn.pk).update(explanation_en="Moved.", explanation_fr="Déplacée.")
    as_before(page, "archived", old, minutes=-1)
    migrate()
    assert live(page)[:2] == ("withdrawn", "New")
    assert Edition.objects.live().get(page=page).explanation_fr == "Déplacée."


@pytest.mark.medium
def test_what_has_been_published_since_is_left_alone():
    page, old, _new = a_page_with_two_texts()
    as_before(page, "archived", old, minutes=-1)
    write(page, "Newest")
    publishing.publish(page, by=None)
    count = page.editions.count()
    migrate()
    assert page.editions.count() == count
    assert live(page)[0] == "current"


@pytest.mark.medium
def test_search_and_images_follow_once_the_site_is_prepared():
    page = a_live_page(title_en="Old", address_en="old")
    old = page.editions.get()
    a_figure(page)
    write(page, "New")
    publishing.publish(page, by=None)
    page.editions.update(publish_at=NOW - timedelta(hours=1))
    as_before(page, "archived", old, minutes=-1)
    PublicImage.objects.all().delete()
    migrate()
    indexes.backfill()
    assert [result.title for result in results("new", "en").found] == ["<mark>New</mark>"]
    assert not results("old", "en").found
    assert PublicImage.objects.filter(page=page, public_until=None).exists()
    assert not SearchEntry.objects.filter(edition=old).exists()


@pytest.mark.medium
def test_it_can_be_undone_and_done_again():
    page, old, _new = a_page_with_two_texts()
    as_before(page, "archived", old, minutes=-1)
    migrate()
    migration.take_back(FormerApps, None)
    assert live(page) == ("archived", "Old", "old", "Old")
    migrate()
    assert live(page) == ("archived", "New", "new", "New")


@pytest.mark.medium
def test_a_site_in_order_stays_as_it_is():
    page = a_live_page()
    publishing.archive(page, by=None)
    publishing.publish(page, by=None)
    publishing.withdraw(page, by=None, at=timezone.now() + timedelta(hours=1))
    before = list(Edition.objects.order_by("pk").values())
    migrate()
    assert list(Edition.objects.order_by("pk").values()) == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_site_with_such_an_archive_is_migrated_backwards_and_forwards():
    page, first, second = a_page_with_two_texts()
    as_before(page, "archived", first, minutes=-30)
    migrate()
    made = page.editions.get(note=migration.NOTE)
    indexes.backfill()
    try:
        call_command("migrate", "pages", "0013", verbosity=0)
        made.refresh_from_db(fields=["status"])
        assert made.status == "returned"
        assert not SearchEntry.objects.filter(page=page).exists()
    finally:
        call_command("migrate", verbosity=0)
