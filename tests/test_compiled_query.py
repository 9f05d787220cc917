"""The query behind every page, compiled once, finds just what the ORM finds."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from pages import publishing
from pages.editions import Edition
from tests.factories import a_live_page, a_page

pytestmark = pytest.mark.django_db


def everything(editions):
    found = [{name: value for name, value in vars(one).items() if name != "_state"} for one in editions]
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


def test_the_compiled_query_finds_what_the_orm_finds(branch):
    for (language, address), hours in product(ADDRESSES, [-1, 0, 2]):
        at = timezone.now() + timedelta(hours=hours)
        slow = list(Edition.objects.around(language, address, at))
        found = Edition.objects.read_around(language, address, at)
        assert everything(found) == everything(slow), (language, address, hours)


def test_the_query_is_written_once_for_a_language(branch, monkeypatch):
    Edition.objects.read_around("en", "here")
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.as_sql", None)
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        found = Edition.objects.read_around("en", "here")
    assert {edition.is_here for edition in found} == {True, False}
    assert Edition.objects.read_around("en", "above")
