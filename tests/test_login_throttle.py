"""Guessing passwords does not pay, and nobody is kept out by the guesses of others."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts import login_throttle
from accounts.models import FailedLoginCount
from canada_iraq.operations import backends, database_copy
from tests.admin_forms import fields
from tests.factories import a_page, an_account
from tests.test_durability import locked

PASSWORD = "a long enough password"
NOON = "2026-11-23 12:00:00+00:00"


class Counting(MD5PasswordHasher):
    """Tells how many passwords were looked at."""

    seen = 0

    def encode(self, password, salt):
        Counting.seen += 1
        return super().encode(password, salt)


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = ["tests.test_login_throttle.Counting"]
    Counting.seen = 0
    return lambda: Counting.seen


@pytest.fixture
def person(db):
    return an_account(username="writer", password=PASSWORD)


def sign_in(client, password=PASSWORD, *, username="writer", address="192.0.2.7", **headers):
    data = {"username": username, "password": password}
    return client.post("/admin/login/", data, REMOTE_ADDR=address, headers=headers)


def guess(client, times=login_throttle.MAX_ATTEMPTS, **values):
    return [sign_in(client, f"guess {number}", **values) for number in range(times)]


@pytest.mark.medium
def test_after_twenty_wrong_tries_none_is_looked_at_whatever_the_account(client, person, hashed):
    before = [answer.status_code for answer in guess(client)]
    seen = hashed()
    after = [sign_in(client, username=name).status_code for name in ("writer", "nobody") * 10]
    assert before == [200] * login_throttle.MAX_ATTEMPTS
    assert after == [429] * 20
    assert hashed() == seen


@pytest.mark.medium
def test_the_right_password_from_elsewhere_works_at_once(client, person):
    guess(client, login_throttle.MAX_ATTEMPTS + 5)
    assert sign_in(client, address="192.0.2.8").status_code == 302


@pytest.mark.medium
def test_the_place_may_try_again_when_its_window_ends_and_not_before(client, person):
    with time_machine.travel(NOON, tick=False) as clock:
        guess(client, 1)
        clock.shift(300)
        guess(client, login_throttle.MAX_ATTEMPTS - 1)
        refused = sign_in(client)
        assert (refused.status_code, refused["Retry-After"]) == (429, "300")
        clock.shift(299)
        assert sign_in(client).status_code == 429
        clock.shift(1)
        assert sign_in(client).status_code == 302


@pytest.mark.medium
def test_an_office_behind_one_address_may_sign_in_as_often_as_it_likes(client, person):
    answers = [sign_in(Client()).status_code for _ in range(login_throttle.MAX_ATTEMPTS + 5)]
    assert set(answers) == {302}
    assert guess(client, 1)[0].status_code == 200


@pytest.mark.medium
def test_a_right_try_does_not_give_its_place_twenty_new_ones(client, person):
    guess(client, login_throttle.MAX_ATTEMPTS - 1)
    assert sign_in(Client()).status_code == 302
    assert [answer.status_code for answer in guess(client, 2)] == [200, 429]


@pytest.mark.medium
def test_a_form_without_a_password_is_no_guess(client, person):
    for _ in range(login_throttle.MAX_ATTEMPTS + 5):
        sign_in(client, "")
    assert sign_in(client).status_code == 302


@pytest.mark.medium
@pytest.mark.parametrize(
    ("one", "another", "status"),
    [("2001:db8::1", "2001:db8::ffff:1", 429), ("2001:db8::1", "2001:db8:0:1::1", 302), ("", "", 429)],
)
def test_a_household_has_one_allowance(client, person, one, another, status):
    guess(client, address=one)
    assert sign_in(client, address=another).status_code == status


@pytest.mark.medium
def test_the_households_of_one_site_have_three_times_the_allowance_of_one(client, person):
    for household in range(3):
        guess(client, address=f"2001:db8:1:{household}::1")
    assert sign_in(client, address="2001:db8:1:99::1").status_code == 429
    assert sign_in(client, address="2001:db8:2::1").status_code == 302


@pytest.mark.medium
@pytest.mark.parametrize("address", ["2001:db8:{0:x}::1", "192.0.2.{0}"])
def test_who_has_a_whole_provider_keeps_nobody_out(client, person, address):
    for number in range(25):
        guess(client, 5, address=address.format(number))
    assert sign_in(client, address=address.format(200)).status_code == 302


@pytest.mark.medium
def test_what_a_site_may_not_try_does_not_count_for_its_household(client, person):
    for household in range(3):
        guess(client, address=f"2001:db8:1:{household}::1")
    guess(client, address="2001:db8:1:99::1")
    assert sorted(FailedLoginCount.objects.values_list("count", flat=True)) == [0, 20, 20, 20, 60]


@pytest.mark.medium
def test_behind_a_proxy_an_address_that_the_sender_wrote_counts_for_nothing(client, person, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for number in range(login_throttle.MAX_ATTEMPTS):
        sign_in(client, "wrong", **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.5"})
    assert sign_in(client, **{"X-Forwarded-For": "203.0.113.5"}).status_code == 429
    assert sign_in(client, **{"X-Forwarded-For": "203.0.113.6"}).status_code == 302


def test_known_and_unknown_accounts_read_the_same(client, person):
    said = [sign_in(client, "wrong", username=name).content.decode() for name in ("writer", "nobody")]
    known, unknown = (re.findall(r'errornote"[^>]*>(.*?)</p>', text, re.S) for text in said)
    assert known == unknown
    assert len(known) == 1


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Try again in 10 minutes, or sign in now"),
        ("fr", "Réessayez dans 10 minutes ou connectez-vous"),
    ],
)
def test_who_is_refused_reads_when_to_try_again(client, person, language, words):
    client.cookies["django_language"] = language
    with time_machine.travel(NOON, tick=False):
        guess(client)
        shown = sign_in(client).content.decode()
    assert words in shown
    assert f'<html lang="{language}"' in shown


@pytest.mark.medium
def test_what_was_written_stays_in_the_page_of_who_is_refused(client, person):
    guess(client)
    page = a_page()
    data = {"title_en": "Written for hours", "sign_in-username": "writer", "sign_in-password": PASSWORD}
    refused = client.post(f"/admin/pages/page/{page.pk}/change/", data, REMOTE_ADDR="192.0.2.7")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert fields(refused, "login-form")["title_en"] == "Written for hours"


@pytest.mark.medium
def test_guesses_at_the_page_that_carries_what_was_sent_count_too(client, person):
    data = {"title_en": "Anything", "sign_in-username": "writer", "sign_in-password": "wrong"}
    for _ in range(login_throttle.MAX_ATTEMPTS):
        answer = client.post("/admin/pages/page/1/change/", data, REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 403
    assert sign_in(client).status_code == 429


@pytest.mark.medium
def test_nothing_tells_where_somebody_is(client, person, caplog):
    guess(client, login_throttle.MAX_ATTEMPTS + 1)
    kept = repr(list(FailedLoginCount.objects.values()))
    assert str(login_throttle.MAX_ATTEMPTS) in kept
    assert "192.0.2.7" not in kept + caplog.text


def test_what_was_counted_is_removed_once_its_window_has_ended(client, person):
    with time_machine.travel(NOON, tick=False) as clock:
        guess(client, 1, address="192.0.2.8")
        clock.shift(601)
        guess(client, 1)
        assert [row.count for row in FailedLoginCount.objects.all()] == [1]


@pytest.mark.medium
def test_forty_guesses_at_once_are_no_more_than_twenty(file_site, hashed):
    an_account(username="writer", password=PASSWORD)
    before = hashed()

    def in_a_thread(number):
        with database_copy.replaced_default_database(backends.database_config("", file_site)):
            return sign_in(Client(), f"guess {number}").status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(in_a_thread, range(2 * login_throttle.MAX_ATTEMPTS)))
    assert sorted(answers) == [200] * login_throttle.MAX_ATTEMPTS + [429] * login_throttle.MAX_ATTEMPTS
    assert (
        hashed() - before <= 2 * login_throttle.MAX_ATTEMPTS
    )  # one look hashes, and may set anew what is weak


def test_a_database_that_takes_nothing_is_told_kindly(file_site, client):
    database_copy.connections["default"].close()
    database_copy.connections["default"].settings_dict["OPTIONS"]["timeout"] = 0.05
    client.raise_request_exception = False
    with locked(file_site / "database.sqlite3"):
        answer = client.post(
            "/admin/login/",
            urlencode({"username": "writer", "password": PASSWORD}),
            content_type="application/x-www-form-urlencoded",
        )
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Traceback" not in answer.text
