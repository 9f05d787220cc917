"""What several test files need: catalogues, quiet caches, accounts, a Chromium."""

import gc
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from canada_iraq.operations import backends, catalogues, database_copy
from pages import api
from pages.templatetags import site_tags
from tests import factories
from tests.admin_desk import WATCH

# Playwright runs an event loop of its own in the thread of the test, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# How many examples a test of properties tries: a few at every run, more in continuous integration, and many by hand.
hypothesis.settings.register_profile("quick", max_examples=20, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=30, deadline=None)
hypothesis.settings.register_profile("exhaustive", max_examples=400, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure(config):
    catalogues.compile_all()
    gc.set_threshold(100_000, 20, 100)  # thousands of small tests make much garbage and few cycles


def pytest_collection_modifyitems(items):
    """Mark what continuous integration chooses by: tests of properties, and tests that another database may change."""
    for item in items:
        if hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("property")
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames):
            item.add_marker("database")


def pytest_collection_finish():
    gc.freeze()  # modules and tests stay: no collection need visit them


@pytest.fixture(autouse=True)
def empty_caches():
    cache.clear()
    yield
    # A test may give the site another identity. What a module makes for its tests is made before this is called again.
    site_tags._render_cached.cache_clear()
    api._partners.cache_clear()


MEMORY = "file:tests?mode=memory&cache=shared"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """On SQLite, the database of the tests is in memory, under a name by which it can be filled beforehand."""
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = MEMORY


@pytest.fixture(scope="session")
def kept_tables(django_db_modify_db_settings, request):
    """Fill the database in memory with what the migrations made in an earlier run; `migrate` finds nothing to do then.

    All migrations one after the other take longer than most files of tests. What they made is kept beside what pytest
    keeps, under the digest of everything that it follows from.
    """
    if connection.vendor != "sqlite" or not hasattr(request.config, "cache"):
        yield None
        return
    file = Path(request.config.cache.mkdir("migrated")) / f"{_digest_of_migrations()}.sqlite3"
    with closing(sqlite3.connect(MEMORY, uri=True)) as memory:  # which is gone when nobody has it open
        if file.exists():
            with closing(sqlite3.connect(file)) as kept:
                kept.backup(memory)
        yield file


@pytest.fixture(scope="session")
def django_db_setup(kept_tables, django_db_setup, django_db_blocker):
    """Keep the tables for the next run, if the migrations had to make them in this one."""
    # Without a connection, none of the tests that were chosen needs tables.
    if kept_tables and connection.connection and not kept_tables.exists():
        mine = kept_tables.with_suffix(f".{os.getpid()}")  # other processes may write theirs at this moment
        with django_db_blocker.unblock(), closing(sqlite3.connect(mine)) as copy:
            connection.connection.backup(copy)
        for older in kept_tables.parent.glob("*.sqlite3"):
            older.unlink(missing_ok=True)
        mine.replace(kept_tables)


def _digest_of_migrations():
    root = Path(settings.BASE_DIR)
    files = sorted(
        [*root.glob("*/migrations/*.py"), root / "pages/migration_operations.py", root / "requirements.txt"]
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.fixture
def editor(db):
    """A person of the staff with every right."""
    return factories.an_account(is_superuser=True)


@pytest.fixture
def staff_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture(scope="session")
def migrated_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database of SQLite in a file, with every table and nothing of a site in it."""
    file = tmp_path_factory.mktemp("migrated") / "database.sqlite3"
    values = backends.sqlite_config(file)
    with django_db_blocker.unblock():
        # Other tests may have made one in memory already, which is copied in no time.
        if connection.vendor == "sqlite" and "pages_page" in connection.introspection.table_names():
            with database_copy.connection_alias("file", values):
                connections["file"].ensure_connection()
                connection.connection.backup(connections["file"].connection)
        else:
            with database_copy.replaced_default_database(values):
                call_command("migrate", verbosity=0)
    return file


@pytest.fixture(scope="session")
def new_site(migrated_file, django_db_blocker):
    """Makes an empty site whose database and pictures are files of a folder: `with new_site(folder):`."""

    @contextmanager
    def make(folder):
        folder.mkdir()
        shutil.copy(migrated_file, folder / "database.sqlite3")
        storages = {**settings.STORAGES, "default": backends.media_storage_config("")}
        with (
            override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media", STORAGES=storages),
            django_db_blocker.unblock(),
            database_copy.replaced_default_database(backends.database_config("", folder)),
        ):
            yield folder

    return make


@pytest.fixture
def file_site(new_site, tmp_path):
    """The data folder of an empty site in files, as `make run` makes it."""
    with new_site(tmp_path / "data") as folder:
        yield folder


@pytest.fixture(scope="session")
def chromium():
    """A headless browser. Debian's, because none is downloaded; without it the tests that need it are skipped."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not executable:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium, live_server, staff_client):
    """Opens pages of the admin as a signed-in person: `desk("/admin/", language="fr", width=320, height=844)`.

    What the browser says of an error fails the test, but for texts that it `expected`.
    """
    opened = []

    def open_page(path, *, language="en", width=1280, height=900, expected=(), scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=live_server.url,
            java_script_enabled=scripts,
        )
        session = staff_client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
            ]
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))

        def note(said):
            if said.type == "error" and not any(text in said.text for text in expected):
                faults.append(said.text)

        page.on("console", note)
        opened.append((context, faults))
        page.goto(path)
        return page

    yield open_page
    for context, faults in opened:
        context.close()
        assert faults == []
