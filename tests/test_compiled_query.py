"""The query behind every page, compiled once, finds just what the ORM finds."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from pages import publishing
from pages.models.edition import Edition
from tests.factories import a_live_page, a_page

pytestmark = pytest.mark.django_db


def everything(editions):
    left_out = ("_state", "document")
    found = [{name: value for name, value in vars(one).items() if name not in left_out} for one in editions]
    return sorted(found, key=lambda values: values["id"])


@pytest.fixture
def branch():
    above = a_live_page(address_en="above", address_fr="dessus")
    page = a_page(parent=above, address_en="old", address_fr="ancienne")
    publishing.publish(page, by=None)
    page.address_en, page.address_fr = "here", "ici"
    page.save()
    publishing.publish(page, by=None, significant=False)
    publishing.withdraw(a_live_page(parent=page), by=None)
    a_live_page(parent=page)
    a_live_page()
    above.title_en = "Later"
    above.save()
    publishing.publish(above, by=None, at=timezone.now() + timedelta(hours=1))
    return page


ADDRESSES = [
    ("en", "here"),
    ("fr", "ici"),
    ("en", "ici"),
    ("en", "old"),
    ("fr", "dessus"),
    ("en", ""),
    ("en", "x'\"%s"),
]


@pytest.mark.medium
def test_the_compiled_query_finds_what_the_orm_finds(branch):
    for (language, address), hours in product(ADDRESSES, [-1, 0, 2]):
        at = timezone.now() + timedelta(hours=hours)
        slow = list(Edition.objects.with_navigation(language, address, at))
        found = Edition.objects.fetch_with_navigation(language, address, at)
        assert everything(found) == everything(slow), (language, address, hours)


@pytest.mark.medium
def test_only_the_document_of_the_page_itself_is_read(branch, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = Edition.objects.fetch_with_navigation("en", "here")
        assert [edition.read().title.en for edition in found if edition.is_requested] == [branch.title_en]
    assert {edition.document_here == "" for edition in found if not edition.is_requested} == {True}
    assert all("document" in edition.get_deferred_fields() for edition in found if not edition.is_requested)


@pytest.mark.medium
def test_the_query_is_written_once_for_a_language(branch, monkeypatch):
    Edition.objects.fetch_with_navigation("en", "here")
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.as_sql", None)
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        found = Edition.objects.fetch_with_navigation("en", "here")
    assert {edition.is_requested for edition in found} == {True, False}
    assert Edition.objects.fetch_with_navigation("en", "above")
