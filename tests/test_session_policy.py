"""Sessions of staff end after an hour without a request, and after twelve hours whatever happens."""

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.session_policy import LAST_USED_KEY
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_page, an_account

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
MORNING = "2026-11-23 12:00:00+00:00"
MINUTE, HOUR = 60, 3600


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def browser(client, clock):
    an_account(username="writer", password=PASSWORD, is_superuser=True)
    client.post("/admin/login/", {"username": "writer", "password": PASSWORD})
    return client


def is_in(browser):
    return browser.get("/admin/password_change/").status_code == 200


def test_an_hour_without_a_request_ends_a_session(browser, clock):
    clock.shift(HOUR)
    assert is_in(browser)
    clock.shift(HOUR + 1)
    assert not is_in(browser)
    assert not Session.objects.exists()


@pytest.mark.medium
def test_who_works_on_stays_in(browser, clock):
    for _ in range(10):
        clock.shift(50 * MINUTE)
        assert is_in(browser)


@pytest.mark.medium
def test_after_twelve_hours_a_session_ends_however_much_it_is_used(browser, clock):
    for _ in range(23):
        clock.shift(HOUR / 2)
        assert is_in(browser)
    clock.shift(HOUR / 2 + 1)
    assert not is_in(browser)


def test_the_cookie_ends_with_the_session(browser, clock):
    clock.shift(HOUR)
    browser.get("/admin/password_change/")
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 11 * HOUR


def test_the_minutes_are_a_setting(browser, clock, settings):
    settings.SESSION_IDLE_MINUTES = 15
    clock.shift(16 * MINUTE)
    assert not is_in(browser)


def test_a_session_in_use_is_written_every_few_minutes_only(browser, clock):
    def writes():
        with CaptureQueriesContext(connection) as asked:
            assert is_in(browser)
        return [query["sql"] for query in asked if "UPDATE" in query["sql"]]

    clock.shift(4 * MINUTE)
    assert writes() == []
    clock.shift(2 * MINUTE)
    assert len(writes()) == 1
    assert writes() == []


@pytest.mark.medium
def test_what_was_written_is_not_lost_when_the_hour_is_over(browser, clock):
    page = a_page()
    data = page_form(browser, page) | {"title_en": "Written for hours"}
    clock.shift(HOUR + 1)
    answer = browser.post(change_address(page), data)
    assert answer.status_code == 403
    assert "Your session has ended." in answer.content.decode()
    signing_in = {"sign_in-username": "writer", "sign_in-password": PASSWORD}
    browser.post(change_address(page), fields(answer, "login-form") | signing_in)
    page.refresh_from_db()
    assert page.title_en == "Written for hours"


def test_a_session_of_an_older_version_ends_an_hour_after_its_owner_signed_in(client, clock):
    client.force_login(an_account())
    assert LAST_USED_KEY not in client.session
    clock.shift(HOUR)
    assert is_in(client)
    assert LAST_USED_KEY in client.session
    clock.shift(HOUR + 1)
    assert not is_in(client)


def test_the_public_site_asks_for_no_session(client):
    client.force_login(an_account())
    answer = client.get("/robots.txt")
    assert "Cookie" not in answer.get("Vary", "")
