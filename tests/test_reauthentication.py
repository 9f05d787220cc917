"""What staff send after their session has ended goes on once they have signed in, and is stored nowhere meanwhile."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pages.models.page import Page
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_page, a_text, an_account

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def person(db):
    return an_account(username="writer", password=PASSWORD, is_superuser=True)


@pytest.fixture
def browser(person):
    """One that is signed in, and checked for tokens as browsers are."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def signing_in(answer, password=PASSWORD):
    return fields(answer, "login-form") | {"sign_in-username": "writer", "sign_in-password": password}


def written(client, page):
    """What the form sends of a page, with a text of its own."""
    return page_form(client, page) | {
        "title_en": "Written for hours",
        "introduction_fr": "<p>« Oui » & non.</p>",
    }


@pytest.mark.medium
def test_what_was_written_is_saved_once_the_person_has_signed_in_again(browser):
    page = a_page()
    a_text(page)
    data = written(browser, page)
    Session.objects.all().delete()
    answer = browser.post(change_address(page), data)
    assert answer.status_code == 403
    assert "Your session has ended." in answer.content.decode()
    assert Page.objects.get(pk=page.pk).title_en != "Written for hours"
    saved = browser.post(change_address(page), signing_in(answer), follow=True)
    assert "The working copy of" in saved.content.decode()
    page.refresh_from_db()
    assert (page.title_en, page.introduction_fr) == ("Written for hours", "<p>« Oui » &amp; non.</p>")


@pytest.mark.medium
def test_a_wrong_password_asks_again_and_loses_nothing(browser):
    page = a_page()
    data = written(browser, page)
    Session.objects.all().delete()
    answer = browser.post(change_address(page), data)
    again = browser.post(change_address(page), signing_in(answer, "wrong"))
    assert again.status_code == 403
    assert "wrong" not in again.content.decode()
    assert fields(again, "login-form")["title_en"] == "Written for hours"
    browser.post(change_address(page), signing_in(again))
    assert Page.objects.get(pk=page.pk).title_en == "Written for hours"


def test_files_are_said_to_be_lost_and_passwords_are_not_carried(client):
    file = SimpleUploadedFile("map.png", b"bytes")
    answer = client.post(
        "/admin/pages/page/1/change/", {"image": file, "title_en": "Kept", "new_password1": "a secret"}
    )
    shown = answer.content.decode()
    assert "The files that you selected were not kept." in shown
    assert "a secret" not in shown
    assert not Session.objects.exists()


def test_who_has_no_account_for_the_admin_gets_no_further(client):
    an_account(username="visitor", password=PASSWORD, is_staff=False)
    page = a_page(title_en="Before")
    data = {"title_en": "After", "sign_in-username": "visitor", "sign_in-password": PASSWORD}
    assert client.post(change_address(page), data).status_code == 403
    page.refresh_from_db()
    assert page.title_en == "Before"


@pytest.mark.medium
def test_a_form_whose_token_is_old_is_sent_again_with_one_button(browser, person):
    page = a_page()
    data = written(browser, page)
    browser.cookies["csrf"] = "a" * 32
    answer = browser.post(change_address(page), data, **HERE)
    assert answer.status_code == 403
    assert "Submit again" in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    browser.post(change_address(page), fields(answer, "login-form"), **HERE)
    assert Page.objects.get(pk=page.pk).title_en == "Written for hours"


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_ORIGIN": "https://elsewhere.example"}, {"HTTP_ORIGIN": "null"}]
)
def test_what_another_site_sends_is_not_shown_to_be_sent_again(browser, headers):
    answer = browser.post("/admin/pages/page/1/change/", {"title_en": "Forged"}, **headers)
    assert answer.status_code == 403
    assert "Forged" not in answer.content.decode()


def test_signing_in_with_an_old_token_starts_anew(browser):
    answer = browser.post("/admin/login/", {"username": "writer", "password": PASSWORD}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")


def test_who_signs_out_without_a_session_is_not_asked_to_sign_in(client):
    assert client.post("/admin/logout/").status_code == 302
