"""Nothing that was accepted is lost, and pages are read while the database takes no writes."""

import resource
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from pages.models import Edition, Page
from reports.models import ProblemReport
from tests.factories import a_live_page, an_account

TYPED = "The table of exports is empty since Tuesday."


@pytest.fixture
def site(file_site):
    """The database of a site with one page, which gives up on a lock at once."""
    a_live_page(key="trade", title_en="Trade", address_en="trade", address_fr="commerce")
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = 0.05
    return file_site / "database.sqlite3"


@contextmanager
def locked(file, how="IMMEDIATE"):
    """Somebody else writes, and does not finish."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        yield
        other.execute("ROLLBACK")


def locked_whole(file):
    return locked(file, "EXCLUSIVE")


@contextmanager
def full(file):
    """Nothing more fits on the disk: what SQLite writes ahead cannot grow."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(sqlite3.connect(file)) as other:  # keeps the file that is written ahead where it is
        other.execute("UPDATE pages_page SET position = position")
        other.commit()
        size = file.with_name(f"{file.name}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def read_only(file):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        yield
        cursor.execute("PRAGMA query_only = OFF")


while_nothing_is_written = pytest.mark.parametrize("state", [locked, locked_whole, full, read_only])


def report(client):
    return client.post("/en/report-a-problem/trade", {"reasons": "missing", "details": TYPED})


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_what_is_confirmed_is_on_the_disk_and_readers_wait_for_nobody(site, name, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {name}").fetchone() == (value,)


@pytest.mark.medium
def test_a_report_is_thanked_for_only_after_others_can_read_it(site, client):
    assert report(client).status_code == 303
    with closing(sqlite3.connect(site)) as other:
        assert other.execute("SELECT details FROM reports_problemreport").fetchall() == [(TYPED,)]


@pytest.mark.medium
@while_nothing_is_written
def test_pages_are_read_while_the_database_takes_no_writes(site, client, state):
    with state(site):
        for path in ("/", "/en/trade", "/fr/commerce", "/sitemap.xml", "/en/report-a-problem/trade"):
            assert client.get(path).status_code == 200, path


@pytest.mark.medium
@while_nothing_is_written
def test_a_report_that_cannot_be_stored_stays_in_the_form_and_nobody_is_thanked(site, client, state):
    with state(site):
        answer = report(client)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert TYPED in answer.text
    assert answer.text.count(" checked") == 1
    assert not ProblemReport.objects.exists()


@pytest.mark.medium
@while_nothing_is_written
def test_the_same_report_is_taken_once_the_database_writes_again(site, client, state):
    with state(site):
        report(client)
    assert report(client).status_code == 303
    assert ProblemReport.objects.get().details == TYPED


@pytest.mark.medium
@while_nothing_is_written
def test_staff_are_told_to_try_again_and_half_a_change_is_none(site, client, state):
    client.force_login(an_account(is_superuser=True))
    client.raise_request_exception = False
    page = Page.objects.get(key="trade")
    with state(site):
        answer = client.post(reverse("admin:pages_page_archive", args=[page.pk]), {"when": "now"})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Try again in a few minutes" in answer.text
    assert Edition.objects.count() == 1
