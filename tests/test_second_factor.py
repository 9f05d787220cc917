"""Two-factor authentication: turned on and off by its owner, asked for at every sign-in, removed by administrators."""

import re
from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import login_throttle, second_factor
from canada_iraq.operations import backends, database_copy
from pages.models.page import Page
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_page, a_second_factor, an_account, code_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
ADDRESS = "/admin/second-factor/"


@pytest.fixture
def person(db):
    return an_account(username="writer", password=PASSWORD, is_superuser=True)


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def device(person):
    return a_second_factor(person)[0]


def sign_in(client, code=None, password=PASSWORD):
    data = {"username": "writer", "password": password}
    return client.post("/admin/login/", data if code is None else data | {"code": code})


def next_code(device):
    return code_of(device.key, later=1)


def key_shown(answer):
    text = re.search(r'ci-key">([A-Z2-7 ]+)<', answer.content.decode())[1]
    return b32decode(text.replace(" ", "")).hex()


def recovery_codes_shown(answer):
    return re.findall(r"<code>(\d{4}-\d{4}-\d{4})</code>", answer.content.decode())


def turn_on(browser):
    key = key_shown(browser.get(ADDRESS))
    return browser.post(ADDRESS, {"act": "on", "password": PASSWORD, "code": code_of(key)})


# Turning it on and off


@pytest.mark.medium
def test_a_code_of_the_key_that_was_shown_turns_it_on(browser, person):
    answer = turn_on(browser)
    assert "Two-factor authentication is on." in answer.content.decode()
    assert second_factor.confirmed_device(person)
    assert browser.get("/admin/").status_code == 200


@pytest.mark.medium
def test_ten_recovery_codes_are_shown_once_and_kept_only_as_digests(browser):
    codes = recovery_codes_shown(turn_on(browser))
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert recovery_codes_shown(browser.get(ADDRESS)) == []
    kept = repr(list(StaticToken.objects.values()))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


@pytest.mark.medium
def test_the_key_is_not_shown_once_it_is_in_use(browser, person):
    key = key_shown(browser.get(ADDRESS))
    answer = browser.post(ADDRESS, {"act": "on", "password": PASSWORD, "code": code_of(key)})
    for shown in (answer, browser.get(ADDRESS), browser.get("/admin/auth/user/")):
        assert second_factor.format_secret(key) not in shown.content.decode()
    assert key not in repr(dict(browser.session))


def test_the_picture_holds_what_an_app_needs(person):
    address = second_factor.otpauth_url(person, second_factor.generate_secret())
    assert re.fullmatch(
        r"otpauth://totp/Canada-Iraq%20Pages%20%28testserver%29%3Awriter\?secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6"
        r"&period=30&issuer=Canada-Iraq%20Pages%20%28testserver%29",
        address,
    )


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "000000"}, {"code": "abcdef"}])
def test_a_wrong_password_or_code_turns_nothing_on_and_the_key_stays(browser, person, wrong):
    key = key_shown(browser.get(ADDRESS))
    right = {"act": "on", "password": PASSWORD, "code": code_of(key)}
    answer = browser.post(ADDRESS, right | wrong)
    assert "The password or code is incorrect." in answer.content.decode()
    assert key_shown(answer) == key
    assert second_factor.confirmed_device(person) is None


@pytest.mark.medium
def test_a_code_turns_it_off(browser, person):
    key = key_shown(browser.get(ADDRESS))
    turn_on(browser)
    browser.post(ADDRESS, {"act": "off", "off-code": "000000"})
    assert second_factor.confirmed_device(person)
    answer = browser.post(ADDRESS, {"act": "off", "off-code": code_of(key, later=1)}, follow=True)
    assert "Two-factor authentication is off." in answer.content.decode()
    assert second_factor.confirmed_device(person) is None
    assert not StaticToken.objects.exists()


@pytest.mark.medium
def test_new_recovery_codes_take_the_place_of_the_old_ones(browser, person):
    old = recovery_codes_shown(turn_on(browser))
    answer = browser.post(ADDRESS, {"act": "codes", "codes-code": old[0]})
    new = recovery_codes_shown(answer)
    assert len(new) == second_factor.RECOVERY_CODES
    assert second_factor.verify_code(person, new[0])
    assert not second_factor.verify_code(person, old[1])


@pytest.mark.medium
def test_codes_are_not_guessed_at_an_unlocked_computer(browser, device, person):
    sign_in(browser, next_code(device))
    for _ in range(login_throttle.MAX_ATTEMPTS):
        answer = browser.post(ADDRESS, {"act": "off", "off-code": "000000"})
        assert answer.status_code == 200
    answer = browser.post(ADDRESS, {"act": "off", "off-code": "000000"})
    assert answer.status_code == 429
    assert "Try again in 10 minutes, or sign in now from another network." in answer.content.decode()
    assert second_factor.confirmed_device(person)


@pytest.mark.medium
def test_the_page_speaks_french(browser):
    browser.cookies["django_language"] = "fr"
    assert "Activer l’authentification à deux facteurs" in browser.get(ADDRESS).content.decode()
    assert "Vos codes de récupération" in turn_on(browser).content.decode()


# Signing in


@pytest.mark.medium
def test_an_account_with_one_needs_its_code_to_sign_in(client, device):
    assert sign_in(client).status_code == 200
    assert sign_in(client, "").status_code == 200
    assert sign_in(client, "000000").status_code == 200
    assert "_auth_user_id" not in client.session
    assert sign_in(client, next_code(device)).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_an_account_without_one_needs_none_and_is_taken_whatever_stands_there(client, person):
    assert sign_in(client).status_code == 302
    assert sign_in(Client(), "123456").status_code == 302


def test_a_code_may_hold_spaces_and_be_thirty_seconds_old(client, person):
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as clock:
        device, _codes = a_second_factor(person)
        clock.shift(60)
        code = code_of(device.key)
        clock.shift(30)
        assert sign_in(client, f"{code[:3]} {code[3:]}").status_code == 302


def test_a_code_that_is_a_minute_old_is_refused(client, person):
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as clock:
        device, _codes = a_second_factor(person)
        clock.shift(60)
        code = code_of(device.key)
        clock.shift(60)
        assert sign_in(client, code).status_code == 200


def test_a_code_is_taken_once(client, device):
    code = next_code(device)
    assert sign_in(client, code).status_code == 302
    assert sign_in(Client(), code).status_code == 200


@pytest.mark.parametrize("steps", [-1, 0, 1], ids=["a clock that is late", "right", "early"])
def test_the_code_that_turned_it_on_is_taken_no_more_and_the_next_one_is(client, person, steps):
    key = second_factor.generate_secret()
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as clock:
        code = code_of(key, later=steps)
        assert second_factor.enrol(person, key=key, code=code)[0]
        assert sign_in(client, code).status_code == 200
        assert "_auth_user_id" not in client.session
        assert sign_in(client, code_of(key, later=steps - 1)).status_code == 200
        clock.shift(30)
        assert sign_in(client, code).status_code == 200
        assert sign_in(client, code_of(key, later=steps)).status_code == 302


@pytest.mark.medium
def test_a_code_that_two_send_at_once_is_taken_once(file_site):
    person = an_account(username="writer", password=PASSWORD)
    code = next_code(a_second_factor(person)[0])

    def in_a_thread(_number):
        with database_copy.replaced_default_database(backends.database_config("", file_site)):
            return second_factor.verify_code(person, code)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(in_a_thread, range(8))) == 1


def test_a_recovery_code_is_taken_once_as_it_was_printed_or_without_hyphens(client, person, caplog):
    _device, codes = a_second_factor(person)
    assert sign_in(client, codes[0]).status_code == 302
    assert sign_in(Client(), codes[0]).status_code == 200
    assert sign_in(Client(), codes[1].replace("-", "")).status_code == 302
    assert f"A recovery code was used: account {person.pk}, 8 left" in caplog.messages


def test_nothing_shown_tells_that_the_password_was_right(client, device):
    def said(answer):
        return re.findall(r'errornote"[^>]*>(.*?)</p>', answer.content.decode(), re.S)

    right, wrong = sign_in(client, "000000"), sign_in(client, "000000", password="wrong")
    assert said(right) == said(wrong)
    assert len(said(right)) == 1


@pytest.mark.medium
def test_a_missing_or_wrong_code_counts_as_a_wrong_try(client, device):
    for number in range(login_throttle.MAX_ATTEMPTS):
        sign_in(client, "" if number % 2 else "000000")
    assert sign_in(client, next_code(device)).status_code == 429


@pytest.mark.medium
def test_wrong_codes_from_elsewhere_do_not_keep_the_owner_out(client, device):
    data = {"username": "writer", "password": PASSWORD, "code": "000000"}
    for _ in range(login_throttle.MAX_ATTEMPTS + 5):
        client.post("/admin/login/", data, REMOTE_ADDR="192.0.2.7")
    assert sign_in(client, next_code(device)).status_code == 302


def test_neither_passwords_nor_codes_nor_keys_are_logged(client, person, caplog):
    device, codes = a_second_factor(person)
    sign_in(client, "918273")
    sign_in(client, codes[0])
    second_factor.disable(person)
    secrets = [PASSWORD, "918273", codes[0], device.key, second_factor.format_secret(device.key)]
    assert not [secret for secret in secrets if secret in caplog.text]
    assert caplog.messages == [
        f"Two-factor authentication turned on: account {person.pk}",
        f"A sign-in was refused: right password, no right code, account {person.pk}",
        f"A recovery code was used: account {person.pk}, 9 left",
        f"Signed in: account {person.pk}",
        f"Two-factor authentication turned off: account {person.pk}",
    ]


# Sessions


@pytest.mark.medium
def test_a_session_that_began_without_the_code_ends_when_one_is_turned_on_elsewhere(browser, person):
    assert browser.get("/admin/").status_code == 200
    device, _codes = a_second_factor(person)
    assert browser.get("/admin/")["Location"].startswith("/admin/login/")
    assert sign_in(browser, next_code(device)).status_code == 302
    assert browser.get("/admin/").status_code == 200


@pytest.mark.medium
def test_what_somebody_sends_meanwhile_goes_on_once_the_code_is_given(browser, person):
    page = a_page()
    data = page_form(browser, page) | {"title_en": "Written for hours"}
    device, _codes = a_second_factor(person)
    answer = browser.post(change_address(page), data)
    assert answer.status_code == 403
    signing_in = fields(answer, "login-form") | {"sign_in-username": "writer", "sign_in-password": PASSWORD}
    again = browser.post(change_address(page), signing_in | {"sign_in-code": "000000"})
    assert again.status_code == 403
    assert Page.objects.get(pk=page.pk).title_en != "Written for hours"
    signing_in |= fields(again, "login-form") | {"sign_in-password": PASSWORD}
    browser.post(change_address(page), signing_in | {"sign_in-code": next_code(device)})
    assert Page.objects.get(pk=page.pk).title_en == "Written for hours"


def test_a_session_of_a_device_that_was_replaced_has_to_give_the_new_code(client, device, person):
    sign_in(client, next_code(device))
    a_second_factor(person)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert not Session.objects.exists()


# Accounts that something else than this site's own backend reads

DJANGOS = "django.contrib.auth.backends.ModelBackend"
REMOTE = "django.contrib.auth.backends.RemoteUserBackend"


@pytest.fixture(params=[DJANGOS, REMOTE])
def other_backend(request, settings):
    settings.AUTHENTICATION_BACKENDS = [request.param, *settings.AUTHENTICATION_BACKENDS]
    return request.param


@pytest.mark.medium
@pytest.mark.parametrize("is_required", [True, False])
def test_a_session_of_another_backend_is_as_good_as_any(client, person, other_backend, settings, is_required):
    settings.REQUIRE_SECOND_FACTOR = is_required
    client.force_login(person, backend=other_backend)
    for path in ("/admin/", "/admin/auth/user/", ADDRESS):
        assert client.get(path, follow=True).status_code == 200, path
    assert (client.get("/admin/").status_code == 302) == is_required


@pytest.mark.medium
def test_a_session_of_another_backend_needs_the_code_too(client, person, device, other_backend):
    client.force_login(person, backend=other_backend)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    sign_in(client, next_code(device))
    assert client.get("/admin/").status_code == 200


@pytest.mark.medium
def test_people_whom_a_proxy_names_work_in_the_admin(client, person, settings):
    settings.AUTHENTICATION_BACKENDS = [REMOTE, *settings.AUTHENTICATION_BACKENDS]
    place = settings.MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
    remote = "django.contrib.auth.middleware.RemoteUserMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:place], remote, *settings.MIDDLEWARE[place:]]
    assert client.get("/admin/", REMOTE_USER="writer").status_code == 200
    assert client.get("/admin/", REMOTE_USER="writer").status_code == 200
    a_second_factor(person)
    assert client.get("/admin/", REMOTE_USER="writer").status_code == 302


def test_a_session_of_a_backend_that_is_no_longer_used_is_none(client, person):
    session = client.session
    session.update({"_auth_user_id": str(person.pk), "_auth_user_backend": DJANGOS, "_auth_user_hash": "x"})
    session.save()
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


# Where the site asks everybody


@pytest.mark.medium
def test_where_it_is_required_staff_without_one_are_led_to_the_page_that_turns_it_on(browser, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    page = a_page()
    for path in ("/admin/", change_address(page), "/admin/record/", "/admin/password_change/"):
        assert browser.get(path)["Location"] == ADDRESS, path
    assert "Staff must use two-factor authentication on this site." in browser.get(ADDRESS).content.decode()
    assert browser.get("/admin/jsi18n/").status_code == 200
    turn_on(browser)
    assert browser.get("/admin/").status_code == 200


def test_where_it_is_required_who_has_none_can_still_sign_out(browser, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    browser.post("/admin/logout/")
    assert "_auth_user_id" not in browser.session


# For a colleague whose phone is lost


def remove(client, person):
    data = {"action": "remove_second_factor", "_selected_action": [person.pk]}
    return client.post("/admin/auth/user/", data, follow=True)


def test_who_may_change_accounts_removes_the_second_factor_of_a_colleague(
    staff_client, editor, device, caplog
):
    answer = remove(staff_client, device.user)
    assert "Two-factor authentication was removed from 1 account." in answer.content.decode()
    assert second_factor.confirmed_device(device.user) is None
    assert (
        f"Two-factor authentication removed: account {device.user.pk}, by account {editor.pk}"
        in caplog.messages
    )
    history = staff_client.get(f"/admin/auth/user/{device.user.pk}/history/").content.decode()
    assert "Deleted two-factor authentication" in history


def test_who_may_only_look_at_accounts_removes_none(client, device):
    looker = an_account()
    looker.user_permissions.add(Permission.objects.get(codename="view_user"))
    client.force_login(looker)
    assert client.get("/admin/auth/user/").status_code == 200
    remove(client, device.user)
    assert second_factor.confirmed_device(device.user)


def test_the_list_of_accounts_tells_who_has_one(staff_client, device):
    shown = staff_client.get("/admin/auth/user/").content.decode()
    states = re.findall(r'field-has_second_factor">.*?alt="(\w+)"', shown)
    assert sorted(states) == ["False", "True"]


def test_a_command_removes_it_for_the_last_administrator(device):
    out = StringIO()
    call_command("remove_second_factor", "writer", stdout=out)
    assert "Two-factor authentication was removed" in out.getvalue()
    assert second_factor.confirmed_device(device.user) is None


@pytest.mark.parametrize("name", ["nobody", "plain"])
def test_the_command_says_when_there_is_nothing_to_remove(db, name):
    an_account(username="plain")
    with pytest.raises(CommandError, match=name):
        call_command("remove_second_factor", name)


@pytest.mark.medium
def test_a_backup_carries_it_and_its_recovery_codes(file_site, tmp_path):
    person = an_account(username="writer")
    _device, codes = a_second_factor(person)
    call_command("backup", str(tmp_path / "site.zip"), stdout=StringIO())
    second_factor.disable(person)
    call_command("restore", str(tmp_path / "site.zip"), replace=True, stdout=StringIO())
    assert second_factor.confirmed_device(person)
    assert second_factor.verify_code(person, codes[0])


@pytest.mark.medium
def test_nobody_looks_into_the_tables_of_keys(staff_client, device):
    assert "otp_" not in staff_client.get("/admin/").content.decode()
    assert staff_client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert "TOTP" not in staff_client.get("/admin/auth/group/add/").content.decode()
    assert TOTPDevice.objects.count() == 1
