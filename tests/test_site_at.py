"""The site on a past date: what staff see of it, answered as it was then, in links that stay within the moment."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from pages import publishing
from pages.document import Bilingual
from pages.models.edition import Edition
from tests.factories import a_home_page, a_live_page, a_page, a_page_list, a_text, an_account

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)


def days_ago(days):
    return NOW - timedelta(days=days)


def publish(page, days, **changes):
    """Publishes a page as if it had been done so many days ago."""
    for name, value in changes.items():
        setattr(page, name, value)
    page.save()
    edition = publishing.publish(page, by=None)
    Edition.objects.filter(pk=edition.pk).update(publish_at=days_ago(days))
    return edition


def change_kind(edition, days):
    Edition.objects.filter(pk=edition.pk).update(publish_at=days_ago(days))


def then(days, path):
    return f"/admin/record/{days_ago(days):%Y%m%dT%H%M%SZ}{path}"


def read(client, days, path):
    return client.get(then(days, path)).content.decode()


@pytest.fixture
def site():
    """A home page of 30 days ago, a page that was published 20 days ago, and changed 10 days ago."""
    home = a_home_page()
    a_page_list(home)
    publish(home, 30)
    page = a_page()
    a_text(
        page,
        body_en='<p>See <a href="/en/first">here</a> and <a href="https://example.org/en/">there</a>.</p>',
    )
    publish(
        page, 20, title_en="First title", title_fr="Premier titre", address_en="first", address_fr="premier"
    )
    publish(page, 10, title_en="Second title", title_fr="Deuxième titre", address_en="second")
    return page


@pytest.mark.medium
@pytest.mark.parametrize(
    ("days", "path", "status", "said"),
    [
        (25, "/en/first", 404, "There was no page at this address at that time"),
        (25, "/fr/premier", 404, "Il n’y avait alors aucune page à cette adresse"),
        (15, "/en/first", 200, "First title</h1>"),
        (15, "/fr/premier", 200, "Premier titre</h1>"),
        (15, "/en/second", 404, "There was no page"),
        (5, "/en/second", 200, "Second title</h1>"),
        (5, "/en/first", 301, ""),
        (35, "/en/", 404, "There was no page"),
        (25, "/en/", 200, "Home</h1>"),
    ],
)
def test_an_address_is_answered_as_it_was_then(staff_client, site, days, path, status, said):
    response = staff_client.get(then(days, path))
    assert response.status_code == status
    assert said in response.content.decode()


@pytest.mark.medium
def test_a_moved_address_leads_on_within_the_moment(staff_client, site):
    assert staff_client.get(then(5, "/en/first"))["Location"] == then(5, "/en/second")


@pytest.mark.medium
def test_lists_and_breadcrumbs_are_those_of_the_moment(staff_client, site):
    below = a_page(parent=site)
    publish(below, 12, address_en="below", address_fr="sous", title_en="Below")
    assert "First title" not in read(staff_client, 25, "/en/")
    assert "First title" in read(staff_client, 15, "/en/")
    assert "Second title" in read(staff_client, 5, "/en/")
    assert "First title" in read(staff_client, 11, "/en/below")
    assert "Second title" in read(staff_client, 5, "/en/below")


@pytest.mark.medium
def test_links_to_pages_stay_within_the_moment_and_others_do_not(staff_client, site):
    html = read(staff_client, 15, "/en/first")
    assert f'href="{then(15, "/en/first")}">here' in html
    assert f'href="{then(15, "/fr/premier")}"' in html
    assert 'href="https://example.org/en/">there' in html
    out_of_it = re.findall(r'<a[^>]* href="(/(?:en|fr)/[^"]*)"', html)
    assert out_of_it == ["/en/corrections"]  # of the whole site, and of all times


@pytest.mark.medium
def test_a_link_by_the_whole_name_of_the_site_stays_within_too(staff_client, site):
    page = a_page()
    a_text(page, body_en='<p><a href="http://testserver/en/first">Here</a></p>')
    publish(page, 3, address_en="linking")
    assert f'href="{then(2, "/en/first")}">Here' in read(staff_client, 2, "/en/linking")


@pytest.mark.medium
def test_a_withdrawn_page_answers_with_its_notice(staff_client, site):
    edition = publishing.withdraw(site, by=None, explanation=Bilingual("It was wrong.", "C’était inexact."))
    change_kind(edition, 4)
    response = staff_client.get(then(3, "/fr/premier"))
    assert response.status_code == 410
    assert "C’était inexact." in response.content.decode()
    assert "Le site tel qu’il était" in response.content.decode()
    assert staff_client.get(then(5, "/en/second")).status_code == 200


@pytest.mark.medium
def test_an_archived_page_shows_its_banner_only_from_then_on(staff_client, site):
    change_kind(publishing.archive(site, by=None), 4)
    assert "We have archived this page" in read(staff_client, 3, "/en/second")
    assert "We have archived this page" not in read(staff_client, 5, "/en/second")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "said"), [("en", "The site as it was on"), ("fr", "Le site tel qu’il était le")]
)
def test_every_page_says_of_which_moment_it_is(staff_client, site, language, said):
    response = staff_client.get(then(25, f"/{language}/"))
    assert said in response.content.decode()
    assert f'<html lang="{language}"' in response.content.decode()
    assert response["Content-Language"] == language


@pytest.mark.medium
def test_the_record_is_kept_by_nobody_and_runs_no_script(staff_client, site):
    response = staff_client.get(then(15, "/en/first"))
    assert response["Cache-Control"] == "private, no-store"
    assert "script-src" not in response["Content-Security-Policy"]
    assert "<script" not in response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert "<form" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "20260230T000000Z/en/",
        "99991231T235959Z/en/",
        "00000000T000000Z/en/",
        "20200101T000000Z/de/",
        "20200101T000000Z/en/A%20B",
        "20200101T000000Z/en/x\n",
        "now/en/",
    ],
)
def test_moments_and_addresses_that_cannot_be_are_not_found(staff_client, path):
    assert staff_client.get(f"/admin/record/{path}").status_code == 404


# Choosing the moment


def test_a_moment_is_chosen_in_the_zone_of_the_site(staff_client, settings):
    settings.TIME_ZONE = "America/Toronto"
    response = staff_client.get("/admin/record/", {"at": "2020-07-01T12:00", "language": "fr"})
    assert response["Location"] == "/admin/record/20200701T160000Z/fr/"


def test_the_second_of_two_equal_times_is_chosen_in_the_address(staff_client, settings):
    settings.TIME_ZONE = "America/Toronto"
    asked = {"at": "2020-11-01T01:30", "language": "fr"}
    assert "occurs twice" in staff_client.get("/admin/record/", asked).content.decode()
    response = staff_client.get("/admin/record/", asked | {"at-fold": "1"})
    assert response["Location"] == "/admin/record/20201101T063000Z/fr/"


@pytest.mark.parametrize(
    "moment", ["00010101T000000Z", "18991231T235959Z", "99991231T235959Z", "00000101T000000Z"]
)
def test_moments_before_the_record_begins_are_not_found(staff_client, moment):
    for path in ("", "en/", "fr/premier"):
        assert staff_client.get(f"/admin/record/{moment}/{path}").status_code == 404
    assert staff_client.get("/admin/record/", {"at": "0001-01-01T00:00", "language": "en"}).status_code == 200


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"at": "2999-01-01T00:00", "language": "en"}, "Choose a date and time in the past."),
        ({"at": "soon", "language": "en"}, "Enter a valid date/time."),
        ({"at": "", "language": "en"}, "This field is required."),
        ({"at": "2020-01-01T00:00", "language": "de"}, "Select a valid choice."),
    ],
)
def test_mistakes_are_told_beside_their_fields(staff_client, values, message):
    assert message in staff_client.get("/admin/record/", values).content.decode()


def test_the_front_of_a_moment_leads_to_the_home_page_in_the_language_of_the_person(staff_client):
    staff_client.cookies["django_language"] = "fr"
    assert staff_client.get(then(5, "/"))["Location"] == then(5, "/fr/")


# Who may


def every_path():
    return ["/admin/record/", then(5, "/"), then(5, "/en/"), then(5, "/fr/premier")]


@pytest.mark.medium
def test_nobody_gets_past_the_door(client, site):
    for path in every_path():
        assert client.get(path)["Location"].startswith("/admin/login/")


@pytest.mark.medium
def test_it_takes_the_right_to_see_editions(client, site):
    person = an_account()
    client.force_login(person)
    assert {client.get(path).status_code for path in every_path()} == {403}
    person.user_permissions.add(Permission.objects.get(codename="view_edition"))
    assert {client.get(path).status_code for path in every_path()} == {200, 302}


@pytest.mark.medium
def test_nothing_can_be_sent_to_the_record(staff_client, site):
    assert {staff_client.post(path).status_code for path in every_path()} == {405}


@pytest.mark.medium
def test_a_page_of_the_record_takes_a_constant_number_of_queries(
    staff_client, site, django_assert_num_queries
):
    staff_client.get(then(5, "/en/"))
    for _time in range(3):
        with django_assert_num_queries(3):
            staff_client.get(then(5, "/en/"))
        publish(a_page(), 6)


@pytest.mark.medium
def test_working_copies_are_never_in_the_record(staff_client, site):
    site.title_en = "Not published"
    site.save()
    a_live_page()
    assert "Not published" not in read(staff_client, 0, "/en/second")
