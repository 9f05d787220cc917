"""What stays the same however large a site is, and how a large one is made for trials."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from canada_iraq.operations import sample_data
from pages import publishing, readiness, site_version, working_copy
from pages.models import Edition, Page, SearchEntry
from reports.models import ProblemReport

pytestmark = pytest.mark.django_db


@pytest.mark.medium
def test_a_trial_site_is_whole_and_published():
    sample_data.fill(12, 30)
    assert Page.objects.count() == Edition.objects.live().count() == 12
    assert SearchEntry.objects.count() == 24
    assert ProblemReport.objects.count() == 30
    for page in Page.objects.with_content():
        document = working_copy.read(page)
        assert document == page.editions.get().read()
        assert readiness.reasons_not_to_publish(document) == []


@pytest.mark.medium
def test_a_trial_site_is_served(client):
    sample_data.fill(12, 0)
    assert "Trial site" in client.get("/en/").text
    assert client.get("/en/trial/10").status_code == client.get("/fr/essai/10").status_code == 200


@pytest.mark.medium
def test_pages_are_added_to_the_starter_content_as_it_came(capsys):
    call_command("import_content", "pages/starter", publish=True)
    starter = Page.objects.count()
    call_command("fill_site", pages=2)
    assert Page.objects.count() == starter + 2


@pytest.mark.medium
def test_pages_are_added_to_starter_content_that_was_published_again_only_when_that_is_said():
    call_command("import_content", "pages/starter", publish=True)
    page = Page.objects.first()
    Page.objects.filter(pk=page.pk).update(title_en="Another title", title_fr="Un autre titre")
    publishing.publish(page, by=None)
    with pytest.raises(CommandError, match="someone has worked on this site"):
        call_command("fill_site", pages=2)


@pytest.mark.medium
def test_pages_are_added_to_a_site_with_content_only_when_that_is_said(capsys):
    call_command("fill_site", pages=5)
    with pytest.raises(CommandError, match="someone has worked on this site"):
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


@pytest.mark.medium
@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite")
@pytest.mark.parametrize(
    "query",
    [
        lambda: Edition.objects.fetch_with_navigation("en", "trial/9"),
        site_version.site_version,
    ],
    ids=["page", "version of the site"],
)
def test_a_question_of_every_reader_costs_the_same_on_a_larger_site(query):
    sample_data.fill(10, 0)
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
