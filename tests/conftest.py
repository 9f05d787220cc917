"""What several test files need: catalogues, quiet caches, accounts, a Chromium."""

import os
import shutil

import pytest
from django.core.cache import cache

from canada_iraq import catalogues
from tests import factories

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


def pytest_configure(config):
    catalogues.compile_all()


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def editor(db):
    """A person of the staff with every right."""
    return factories.an_account(is_superuser=True)


@pytest.fixture
def staff_client(client, editor):
    client.force_login(editor)
    return client


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
