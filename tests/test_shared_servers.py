"""A site on PostgreSQL and Redis: moved there whole, backed up, and served by two processes as one.

Needs both servers on this machine, and uses them for real; without them these tests are skipped. Each makes a database
of its own and drops it.
"""

import http.client
import os
import re
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from accounts import login_throttle, second_factor
from canada_iraq.operations import backends, backups, database_copy, scheduler
from canada_iraq.operations.scheduled_jobs import Job
from pages import indexes, publishing, working_copy
from pages.admin import checking
from pages.document import digest, dumps
from pages.models import DraftStatus, Edition, Page
from reports import digest as digest_of_reports
from reports.models import ProblemReport
from tests import ports
from tests.factories import (
    a_figure,
    a_home_page,
    a_page,
    a_partner,
    a_partner_list,
    a_report,
    a_second_factor,
    a_text,
    an_account,
    code_of,
)
from tests.test_scheduler import compete

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.get("POSTGRESQL", "postgres://postgres@127.0.0.1:5432")
REDIS = os.environ.get("REDIS", "redis://127.0.0.1:6379/0")


@pytest.fixture(scope="module")
def postgresql():
    """Runs a statement of SQL on the server, outside of any database of ours."""
    psycopg = pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(f"{POSTGRESQL}/postgres", connect_timeout=2, autocommit=True)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL answers at {POSTGRESQL.rpartition('@')[2]}")
    yield server.execute
    server.close()


@pytest.fixture(scope="module")
def migrated_database(postgresql, django_db_blocker):
    """The name of a database of PostgreSQL with every table and nothing of a site in it."""
    with a_database(postgresql) as name:
        with site_on(f"{POSTGRESQL}/{name}", django_db_blocker):
            call_command("migrate", verbosity=0)
        yield name


@pytest.fixture
def database_url(postgresql, migrated_database):
    with a_database(postgresql, f"TEMPLATE {migrated_database}") as name:
        yield f"{POSTGRESQL}/{name}"


@contextmanager
def a_database(postgresql, like=""):
    name = f"canada_iraq_test_{secrets.token_hex(4)}"
    postgresql(f"CREATE DATABASE {name} {like}")
    yield name
    postgresql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def cache_url():
    """A part of Redis that nobody else writes to."""
    redis = pytest.importorskip("redis")
    prefix = f"test-{secrets.token_hex(4)}"
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.ConnectionError:
        pytest.skip(f"no Redis answers at {REDIS}")
    yield f"{REDIS}?key_prefix={prefix}"
    for key in client.scan_iter(f"{prefix}:*"):
        client.delete(key)
    client.close()


@contextmanager
def site_on(url, unblocked):
    with unblocked.unblock(), database_copy.replaced_default_database(backends.database_config(url, Path())):
        yield


def fill():
    """A site with something of every kind in it."""
    editor = an_account(username="editor", is_superuser=True)
    publishing.publish(a_home_page(), by=editor)
    a_second_factor(an_account())
    page = a_page(key="trade", title_en="Trade", title_fr="Commerce", address_en="trade", owner=editor)
    a_text(page, body_fr="<p>« Élevé », العراق, ᐃᓄᒃᑎᑐᑦ.</p>")
    a_partner_list(page, partners=[a_partner(), a_partner()])
    a_figure(page)
    edition = publishing.publish(page, by=editor)
    for number in range(3):
        ProblemReport.objects.create(
            page=page, edition=edition, language="fr", details=f"Détail {number}", masked_kinds=["email"]
        )
    indexes.backfill()  # as when a form is saved, or a site restored


def everything():
    """Every row of every table, as Django reads it."""
    return {
        model._meta.db_table: [
            [database_copy._canonical(value) for value in row]
            for row in database_copy._values(model, "default")
        ]
        for model in database_copy._models()
    }


def run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def rows_that_the_planner_knows_of(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return cursor.fetchone()[0]


def test_a_site_moves_from_a_file_to_postgresql_with_nothing_lost(file_site, database_url, django_db_blocker):
    fill()
    before = everything()
    connection.close()
    old = str(file_site / "database.sqlite3")
    with site_on(database_url, django_db_blocker):
        said = run("move_database", old=old)
        assert re.search(r"Moved: \d+ rows of \d+ tables", said)
        assert everything() == before
        assert [edition.digest for edition in Edition.objects.order_by("pk")]
        assert rows_that_the_planner_knows_of("pages_page") == len(before["pages_page"])
        new = a_page(key="new")  # numbers go on from where they were
        assert new.pk == max(row[0] for row in before["pages_page"]) + 1
        with pytest.raises(CommandError, match="there is a site in this database already"):
            run("move_database", old=old)
    assert everything() == before


def test_a_site_with_nul_in_its_texts_moves_to_postgresql_and_is_restored_there(
    file_site, database_url, tmp_path, django_db_blocker
):
    fill()
    page = Page.objects.get(key="trade")
    with connection.cursor() as cursor:
        for column in ("title_en", "description_fr", "introduction_en"):
            cursor.execute(f"UPDATE pages_page SET {column} = %s", ["Tra\0de"])
        cursor.execute("UPDATE pages_edition SET title_en = %s, note = %s", ["Tra\0de", "No\0te"])
        cursor.execute("UPDATE pages_searchtext SET text = %s", ["Tra\0de"])
        cursor.execute("UPDATE auth_user SET first_name = %s", ["Zo\0e"])
    backup = tmp_path / "site.zip"
    run("backup", str(backup))
    connection.close()
    with site_on(database_url, django_db_blocker):
        run("move_database", old=str(file_site / "database.sqlite3"))
        assert Page.objects.get(pk=page.pk).title_en == "Trade"
        run("restore", str(backup), replace=True)
        assert Page.objects.get(pk=page.pk).title_en == "Trade"
        assert {edition.note for edition in Edition.objects.all()} == {"Note"}
        run("rebuild_search")


def test_a_backup_of_postgresql_restores_there_and_in_a_file(
    file_site, database_url, tmp_path, django_db_blocker
):
    backup = tmp_path / "site.zip"
    with site_on(database_url, django_db_blocker):
        fill()
        before = everything()
        run("backup", str(backup))
        Page.objects.filter(key="trade").update(title_en="Changed")
        a_page(key="new")
        with pytest.raises(CommandError, match="There is a site already: 3 pages"):
            run("restore", str(backup))
        run("restore", str(backup), replace=True)
        assert everything() == before
        assert a_page().pk > max(row[0] for row in before["pages_page"])
    backups.restore(backup)
    assert everything() == before


# Two processes


class Process:
    """A server of the site, as `make serve` starts it, with one process."""

    def __init__(self, **environment):
        self.port = environment["PORT"]
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "canada_iraq.server"], cwd=ROOT, env={**keep, **environment}
        )

    def ask(self, method, path, data=None, cookie=""):
        """The status, the headers and the text of an answer."""
        asked = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        asked.request(method, path, urlencode(data) if data else None, headers)
        answer = asked.getresponse()
        text = answer.read().decode()
        asked.close()
        return answer.status, answer.headers, text

    def wait(self, until):
        while time.monotonic() < until:
            assert self.process.poll() is None, "the server ended"
            try:
                if self.ask("GET", "/health/ready")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the server is not ready")

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=20) == 0


@pytest.fixture
def processes(database_url, cache_url, tmp_path, django_db_blocker):
    """Two servers of one site, and the cookie of an editor who has signed in."""
    with site_on(database_url, django_db_blocker):
        fill()
        client = Client()
        client.force_login(Edition.objects.first().author)
        cookie = client.cookies["session"].OutputString()
    shared = {
        "DATABASE_URL": database_url,
        "CACHE_URL": cache_url,
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TMPDIR": str(tmp_path),
        "REPORTS_PER_SENDER": "3",
        "WORKERS": "1",
    }
    with ports.held(2) as numbers:
        both = [Process(PORT=str(port), **shared) for port in numbers]
        try:
            for process in both:
                process.wait(time.monotonic() + 30)
            yield *both, cookie.partition(";")[0]
        finally:
            for process in both:
                process.stop()


def hidden(text):
    """The fields that a form sends by itself."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))


def test_two_processes_are_one_site(processes, database_url, django_db_blocker):
    one, other, cookie = processes
    # Published on one, read on the other.
    with site_on(database_url, django_db_blocker):
        page = Page.objects.get(key="trade")
        Page.objects.filter(pk=page.pk).update(title_en="Trade today")
    assert "Trade today" not in other.ask("GET", "/en/trade")[2]
    address = f"/admin/pages/page/{page.pk}/publish/"
    status, headers, text = one.ask("GET", address, cookie=cookie)
    assert status == 200, text
    csrf = headers["Set-Cookie"].partition(";")[0]
    data = {**hidden(text), "when": "now", "significant": "yes"}
    assert one.ask("POST", address, data, cookie=f"{cookie}; {csrf}")[0] == 302
    wait_until(lambda: "Trade today" in other.ask("GET", "/en/trade")[2], seconds=1)
    assert "Trade today" in one.ask("GET", "/en/trade")[2]
    # Signed in on one, signed in on the other.
    assert other.ask("GET", "/admin/", cookie=cookie)[0] == 200
    # What one counts, the other counts too.
    sent = [
        process.ask("POST", "/en/report-a-problem/trade", {"reasons": "broken"})[0]
        for process in (one, other, one, other, one)
    ]
    assert sent == [303, 303, 303, 429, 429]
    with site_on(database_url, django_db_blocker):
        assert ProblemReport.objects.count() == 3 + 3


def test_people_who_change_a_page_and_its_partner_at_once_wait_for_one_another(
    database_url, django_db_blocker
):
    def save_page(number):
        with transaction.atomic():
            row = Page.objects.for_update_in_order().get(pk=page.pk)
            row.title_en = f"Trade {number}"
            row.save()
            indexes.update_drafts([row])

    def save_partner(number):
        with indexes.updating_for_shared([partner]):
            partner.name_en = f"Partner {number}"
            partner.save()

    def schedule(_number):
        publishing.publish(page, by=None, at=timezone.now() + timedelta(days=1))

    def cancel(_number):
        for edition in page.editions.scheduled():
            publishing.cancel(edition, by=None)

    def in_a_thread(change, number):
        with site_on(database_url, django_db_blocker):
            change(number)

    with site_on(database_url, django_db_blocker), ThreadPoolExecutor() as threads:
        page, partner = a_page(), a_partner()
        a_partner_list(page, partners=[partner])
        publishing.publish(page, by=None)
        save_page(0)
        for number in range(4):
            schedule(number)
            changes = [save_page, save_partner, cancel, schedule, save_page, save_partner]
            for done in [threads.submit(in_a_thread, change, number) for change in changes]:
                done.result()
        written = working_copy.read(Page.objects.with_content().get(pk=page.pk))
        assert DraftStatus.objects.get().digest == digest(dumps(written))


def test_guesses_that_arrive_at_once_are_counted_one_by_one(database_url, django_db_blocker):
    def in_a_thread(_number):
        with site_on(database_url, django_db_blocker):
            return login_throttle.register_attempt("somebody")

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(in_a_thread, range(3 * login_throttle.MAX_ATTEMPTS)))
    assert waits.count(0) == login_throttle.MAX_ATTEMPTS


def test_of_many_processes_that_look_at_once_one_runs_a_job(database_url, monkeypatch, django_db_blocker):
    def in_a_thread(run):
        with site_on(database_url, django_db_blocker):
            return run()

    assert compete(in_a_thread, monkeypatch) == 1


def test_a_job_that_loses_its_connection_leaves_another_one_to_the_next(
    database_url, monkeypatch, django_db_blocker
):
    def lose_the_connection(checkpoint):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    jobs = [Job("first", lose_the_connection), Job("second", lambda checkpoint: {"deleted": 1})]
    monkeypatch.setattr(scheduler, "JOBS", jobs)
    with site_on(database_url, django_db_blocker):
        outcomes = scheduler.run_due_jobs()
        assert [(outcome.name, outcome.error) for outcome in outcomes] == [
            ("first", "OperationalError"),
            ("second", ""),
        ]
        assert scheduler.statuses() == {"first": "failing", "second": "ok"}


def test_of_many_processes_that_send_e_mails_at_once_each_owner_gets_one(
    database_url, monkeypatch, mailoutbox, django_db_blocker
):
    together = Barrier(4)

    def send(_number):
        with site_on(database_url, django_db_blocker):
            found = digest_of_reports.due()
            together.wait(timeout=60)
            digest_of_reports.send(found)

    with site_on(database_url, django_db_blocker):
        for number in range(5):
            owner = an_account(is_superuser=True, email=f"owner-{number}@example.org")
            page = a_page(owner=owner)
            edition = publishing.publish(page, by=None)
            a_report(edition, received_at=timezone.now() - timedelta(days=1))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    assert sorted(mail.to[0] for mail in mailoutbox) == [f"owner-{number}@example.org" for number in range(5)]


def test_a_code_that_two_send_at_once_is_taken_once_here_too(database_url, django_db_blocker):
    def in_a_thread(_number):
        with site_on(database_url, django_db_blocker):
            return second_factor.verify_code(person, code)

    with site_on(database_url, django_db_blocker):
        person = an_account()
        device, _codes = a_second_factor(person)
    code = code_of(device.key, later=1)
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(in_a_thread, range(8))) == 1


def repair(page, path):
    """Repairs a text, unless a colleague was quicker."""
    document = working_copy.read(Page.objects.with_content().get(pk=page.pk))
    with suppress(ValidationError, Http404), transaction.atomic():
        checking._write(page, rule="percent-form", path=path, language="en", seen=digest(dumps(document)))


def spoil(partner):
    with indexes.updating_for_shared([partner]):
        partner.description_en = f"It grew by {time.monotonic_ns()} percent."
        partner.save()


def publish_anew(page):
    """Changes and publishes a page, unless one of its partners has just been spoiled."""
    with suppress(publishing.NotReady), transaction.atomic():
        row = Page.objects.for_update_in_order().get(pk=page.pk)
        row.title_en = f"At {time.monotonic_ns()}"
        row.save()
        indexes.update_drafts([row])
        publishing.publish(row, by=None)


def test_people_who_change_partners_of_the_same_pages_at_once_never_wait_for_one_another_for_ever(
    file_site, database_url, django_db_blocker
):
    """PostgreSQL ends one of two transactions that do, with an error; here there are twenty rounds of them."""

    def in_a_thread(change, *arguments):
        with site_on(database_url, django_db_blocker):
            for _round in range(20):
                change(*arguments)

    with site_on(database_url, django_db_blocker), ThreadPoolExecutor() as threads:
        partners = [a_partner(description_en="Growth.", description_fr="Croissance.") for _each in range(2)]
        pages = [a_page() for _each in range(3)]
        for page, above in (
            (pages[0], pages[2]),
            (pages[1], pages[0]),
        ):  # the files come in another order than the rows
            page.parent = above
            page.save()
        lists = [a_partner_list(page, partners=partners).key for page in pages]
        run("export_content", str(file_site / "files"), verbosity=0)
        indexes.rebuild()
        changes = [
            *((repair, page, f"blocks/{block}/partners/{partner.key}/description")
              for page, block, partner in zip(pages, lists, (*partners, partners[0]), strict=True)),
            *((spoil, partner) for partner in partners),
            (publish_anew, pages[1]),
            (run, "import_content", str(file_site / "files")),
        ]  # fmt: skip
        for done in [threads.submit(in_a_thread, *change) for change in changes]:
            done.result()
        for page in Page.objects.with_content():
            written = working_copy.read(page)
            assert DraftStatus.objects.get(page=page).digest == digest(dumps(written))


def wait_until(holds, *, seconds):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_cache_that_is_gone_costs_a_second_at_most(settings):
    with ports.held() as (port,):
        settings.CACHES = {"default": backends.cache_config(f"redis://127.0.0.1:{port}/0")}
        began = time.monotonic()
        with pytest.raises(Exception, match="refused"):
            caches["default"].get("anything")
        assert time.monotonic() - began < 2
