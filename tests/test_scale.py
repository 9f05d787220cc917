"""What stays the same however large a site is, and how a large one is made for trials."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from canada_iraq import trial_site
from pages import readiness, working_copy
from pages.models import Edition, Page, SearchEntry
from reports.models import ProblemReport

pytestmark = pytest.mark.django_db


def test_a_trial_site_is_whole_and_published():
    trial_site.fill(12, 30)
    assert Page.objects.count() == Edition.objects.live().count() == 12
    assert SearchEntry.objects.count() == 24
    assert ProblemReport.objects.count() == 30
    for page in Page.objects.with_content():
        document = working_copy.read(page)
        assert document == page.editions.get().read()
        assert readiness.reasons_not_to_publish(document) == []


def test_a_trial_site_is_served(client):
    trial_site.fill(12, 0)
    assert "Trial site" in client.get("/en/").text
    assert client.get("/en/trial/10").status_code == client.get("/fr/essai/10").status_code == 200


def test_pages_are_added_to_a_site_with_content_only_when_that_is_said(capsys):
    call_command("fill_site", pages=5)
    with pytest.raises(CommandError, match="content already"):
        call_command("fill_site", pages=5)
    with pytest.raises(CommandError, match="At least one page"):
        call_command("fill_site", pages=0, anyway=True)
    assert Page.objects.count() == 5
    assert "Pages published: 5" in capsys.readouterr().out


def steps(query):
    """How many rows and instructions SQLite works through: the same whatever else the machine does."""
    count = 0

    def tick():
        nonlocal count
        count += 1

    connection.connection.set_progress_handler(tick, 1)
    query()
    connection.connection.set_progress_handler(None, 0)
    return count


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
@pytest.mark.parametrize(
    "query",
    [
        lambda: Edition.objects.read_around("en", "trial/9"),
        Edition.objects.public_state,
    ],
    ids=["page", "public state"],
)
def test_a_question_of_every_reader_costs_the_same_on_a_larger_site(query):
    trial_site.fill(10, 0)
    small = steps(query)
    Edition.objects.bulk_create(_others(Page.objects.get(key="trial-1"), 300))
    assert steps(query) < 1.1 * small


def _others(parent, count):
    pages = Page.objects.bulk_create(
        Page(key=f"other-{number}", parent=parent, address_en=f"o{number}", address_fr=f"o{number}")
        for number in range(count)
    )
    edition = parent.editions.get()
    for page in pages:
        columns = {"page": page, "parent": parent, "number": 1, "status": "approved"}
        yield Edition.of(edition.read(), publish_at=edition.publish_at, **columns)
