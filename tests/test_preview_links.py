"""Links to what is not public yet: for people without an account, for some days, until they are revoked."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import DELETION
from django.utils import timezone

from pages import publishing, readiness
from pages.models import preview_link
from pages.models.audit_entry import AuditEntry
from pages.models.page import Page
from pages.models.preview_link import PreviewLink
from pages.shared_preview import preview_path
from tests.admin_forms import fields
from tests.factories import KINDS, a_home_page, a_live_page, a_page, a_text

pytestmark = pytest.mark.django_db


def screen(page):
    return f"/admin/pages/page/{page.pk}/share/"


def a_link(page, **changes):
    """A link, and the path to its preview in English."""
    link, token = preview_link.create_link(page, **{"by": None, "days": 7, **changes})
    return link, preview_path("en", token)


def made(staff_client, page, **values):
    """The addresses that the screen shows after a link has been made."""
    response = staff_client.post(screen(page), fields(staff_client.get(screen(page))) | values)
    return response.context["made"]


# Following a link


@pytest.mark.parametrize(("language", "title"), [("en", "Drafted"), ("fr", "Ébauche")])
def test_a_link_shows_the_working_copy_in_each_language_without_an_account(client, language, title):
    page = a_page(title_en="Drafted", title_fr="Ébauche")
    _link, token = preview_link.create_link(page, by=None, days=1)
    response = client.get(preview_path(language, token))
    html = response.content.decode()
    assert f"{title}</h1>" in html
    assert f'<html lang="{language}"' in html
    other = "fr" if language == "en" else "en"
    assert f'href="{preview_path(other, token)}"' in html


def test_a_preview_says_that_it_is_not_public_and_takes_nothing(client):
    _link, path = a_link(a_page())
    html = client.get(path).content.decode()
    assert "Preview: this text is not public" in html
    assert 'method="post"' not in html
    assert "/admin/" not in html


def test_a_preview_is_neither_found_nor_kept_nor_told_to_others(client):
    _link, path = a_link(a_page())
    response = client.get(path)
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert not getattr(response, "keep", False)


@pytest.mark.medium
def test_a_preview_has_the_policy_of_public_pages(client):
    _link, path = a_link(a_live_page())
    public = client.get(a_live_page(address_en="public") and "/en/public")
    assert client.get(path)["Content-Security-Policy"] == public["Content-Security-Policy"]


def test_a_working_copy_is_shown_as_it_is_now(client):
    page = a_page(title_en="First")
    _link, path = a_link(page)
    page.title_en = "Second"
    page.save()
    assert "Second</h1>" in client.get(path).content.decode()


def test_an_edition_to_come_is_shown_as_it_was_frozen(client):
    page = a_page(title_en="Frozen")
    edition = publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    page.title_en = "Changed since"
    page.save()
    _link, path = a_link(page, edition=edition)
    html = client.get(path).content.decode()
    assert "Frozen</h1>" in html
    assert "It will be published on" in html


@pytest.mark.medium
def test_an_edition_that_was_cancelled_is_not_said_to_be_published_later(client):
    page = a_page(title_en="Frozen")
    edition = publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    _link, path = a_link(page, edition=edition)
    publishing.cancel(edition, by=None)
    html = client.get(path).content.decode()
    assert "Frozen</h1>" in html
    assert "It will be published on" not in html


def test_once_its_edition_is_public_a_link_leads_to_the_public_page(client):
    page = a_live_page(address_en="trade")
    _link, path = a_link(page, edition=page.editions.get())
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/en/trade")
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"digest": "0" * 64},
    ],
    ids=["ended", "revoked", "forged"],
)
def test_ended_revoked_and_forged_links_are_all_answered_alike(client, changes, django_assert_num_queries):
    link, path = a_link(a_page())
    PreviewLink.objects.filter(pk=link.pk).update(**changes)
    with django_assert_num_queries(1):
        response = client.get(path)
    assert response.status_code == 404
    assert response.content == client.get("/en/preview/" + "A" * 43).content
    assert response["Cache-Control"] == "no-store"


@pytest.mark.medium
@pytest.mark.parametrize("token", ["", "A" * 42, "A" * 44, "é" * 43, "a" * 43 + "/", "A" * 43 + "%0a"])
def test_what_cannot_be_a_token_is_not_found(client, token):
    assert client.get(f"/en/preview/{token}").status_code == 404


def test_a_link_of_one_language_has_no_address_in_the_words_of_the_other(client):
    _link, path = a_link(a_page())
    assert client.get(path.replace("/en/", "/fr/")).status_code == 404


def test_only_the_hash_of_a_token_is_kept():
    link, path = a_link(a_page())
    token = path.rpartition("/")[2]
    assert token not in str(PreviewLink.objects.filter(pk=link.pk).values().get())


@pytest.mark.medium
def test_a_preview_stands_at_its_place_in_the_site(client):
    publishing.publish(a_home_page(), by=None)
    above = a_live_page(title_en="The section")
    _link, path = a_link(a_page(parent=above))
    assert "The section" in client.get(path).content.decode()


# The screen


@pytest.mark.medium
def test_a_link_is_made_listed_and_works(staff_client, client, editor):
    page = a_page(title_en="Drafted")
    addresses = made(staff_client, page, note="Embassy in Baghdad")
    assert addresses["en"].startswith("http://testserver/en/preview/")
    client.logout()
    assert "Drafted" in client.get(addresses["en"]).content.decode()
    link = PreviewLink.objects.get()
    assert (link.created_by, link.note, link.edition) == (editor, "Embassy in Baghdad", None)
    assert timedelta(days=6.9) < link.expires_at - timezone.now() < timedelta(days=7)


@pytest.mark.medium
def test_the_address_of_a_link_is_shown_only_once(staff_client):
    page = a_page()
    token = made(staff_client, page)["en"].rpartition("/")[2]
    assert token not in staff_client.get(screen(page)).content.decode()


@pytest.mark.medium
def test_a_revoked_link_no_longer_works(staff_client, client):
    page = a_page()
    path = made(staff_client, page)["en"]
    link = PreviewLink.objects.get()
    response = staff_client.post(f"{screen(page)}{link.pk}/revoke/", follow=True)
    assert "This link no longer works." in response.content.decode()
    assert "revoked on" in response.content.decode()
    assert "stays in this list for 30 days." in response.content.decode()
    assert client.get(path).status_code == 404


def test_links_of_other_pages_cannot_be_revoked_here(staff_client):
    link, _path = a_link(a_page())
    assert staff_client.post(f"{screen(a_page())}{link.pk}/revoke/").status_code == 404
    assert PreviewLink.objects.open().count() == 1


@pytest.mark.medium
def test_the_log_says_once_who_revoked_a_link_and_the_history_of_the_page_tells_of_saves_only(staff_client):
    page = a_page()
    made(staff_client, page, note="A colleague")
    link = PreviewLink.objects.get()
    for _time in range(2):
        staff_client.post(f"{screen(page)}{link.pk}/revoke/")
    entry = AuditEntry.objects.about(PreviewLink, link.pk).get()
    assert (entry.action_flag, entry.object_repr) == (DELETION, "A colleague")
    assert not AuditEntry.objects.about(Page, page.pk).exists()


@pytest.mark.medium
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "91"}, "less than or equal to 90"),
        ({"days": "9" * 40}, "less than or equal to 90"),
        ({"days": "soon"}, "Enter a whole number."),
        ({"what": "1"}, "Select a valid choice."),
        ({"note": "x" * 101}, "at most 100 characters"),
    ],
)
def test_mistakes_are_told_beside_their_fields(staff_client, values, message):
    page = a_live_page()
    response = staff_client.post(screen(page), {"what": "working-copy", "days": "7", "note": "", **values})
    assert message in response.content.decode()
    assert not PreviewLink.objects.exists()


def test_the_form_asks_which_version_a_link_shows(staff_client):
    field = staff_client.get(screen(a_page())).context["form"]["what"]
    assert field.label == "Version to show"


@pytest.mark.medium
def test_only_what_is_still_to_come_is_offered(staff_client):
    page = a_live_page()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=1))
    cancelled = publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    publishing.cancel(cancelled, by=None)
    publishing.withdraw(page, by=None, at=timezone.now() + timedelta(days=3))
    choices = staff_client.get(screen(page)).context["form"].fields["what"].choices
    assert [value for value, _label in choices] == ["working-copy", "2"]


@pytest.mark.medium
def test_a_preview_takes_as_many_queries_for_a_long_page_as_for_a_short_one(
    client, django_assert_num_queries
):
    page = a_page()
    a_text(page)
    _link, path = a_link(page)
    client.get(path)
    for _time in range(3):
        with django_assert_num_queries(KINDS + 4):
            client.get(path)
        a_text(page)


def test_a_deleted_draft_takes_its_links_with_it(client):
    page = a_page()
    _link, path = a_link(page)
    page.delete()
    assert client.get(path).status_code == 404


def test_no_page_can_be_published_over_a_preview():
    page = a_page(address_en="preview/" + "a" * 43)
    assert [
        reason.path for reason in readiness.reasons_not_to_publish(publishing.working_copy.read(page))
    ] == [("address",)]
