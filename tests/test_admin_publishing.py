"""The screens on which a page is looked at, published, archived and withdrawn, and its record."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from pages.document import Bilingual
from pages.models.edition import Edition
from pages.models.page import Page
from tests.admin_forms import fields, page_form
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
)

pytestmark = pytest.mark.django_db


def address(name, page, *more):
    return reverse(f"admin:pages_page_{name}", args=[page.pk, *more])


def screen(client, name, page):
    return client.get(address(name, page)).content.decode()


def submit(client, name, page, **values):
    data = fields(client.get(address(name, page))) | values
    return client.post(address(name, page), data, follow=True)


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def the_edition(page):
    return Edition.objects.get(page=page)


# Preview


@pytest.mark.parametrize(("language", "expected"), [("en", "A title"), ("fr", "Un titre")])
def test_the_working_copy_is_previewed_in_each_language(staff_client, language, expected):
    page = a_page(title_en="A title", title_fr="Un titre")
    response = staff_client.get(address("preview", page, language))
    shown = response.content.decode()
    assert f"{expected}</h1>" in shown
    assert f'<html lang="{language}"' in shown
    assert address("change", page) in shown
    assert address("preview", page, "fr" if language == "en" else "en") in shown


def test_a_preview_runs_no_script_and_is_kept_by_nobody(staff_client):
    response = staff_client.get(address("preview", a_page(), "en"))
    assert response["Cache-Control"] == "private, no-store"
    assert "script-src" not in response["Content-Security-Policy"]
    assert "<script" not in response.content.decode()
    assert 'content="noindex, nofollow"' in response.content.decode()


@pytest.mark.medium
def test_a_preview_shows_where_the_page_stands_and_what_is_below(staff_client):
    publishing.publish(a_home_page(), by=None)
    above = a_live_page(title_en="The section")
    page = a_page(parent=above)
    a_page_list(page)
    a_live_page(parent=page, title_en="A page below")
    a_page(parent=page, title_en="A draft below")
    shown = staff_client.get(address("preview", page, "en")).content.decode()
    assert "The section" in shown
    assert "A page below" in shown
    assert "A draft below" not in shown


@pytest.mark.medium
@pytest.mark.parametrize(
    "path", ["preview/de/", "editions/1/de/", "editions/7/en/", "editions/99999999999999999999/en/"]
)
def test_unknown_languages_and_editions_are_not_found(staff_client, path):
    page = a_live_page()
    assert staff_client.get(f"/admin/pages/page/{page.pk}/{path}").status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize("path", ["preview/en/", "publish/", "archive/", "withdraw/", "history/"])
@pytest.mark.parametrize("number", ["7000", "9" * 40])
def test_screens_of_unknown_pages_are_not_found(staff_client, path, number):
    assert staff_client.get(f"/admin/pages/page/{number}/{path}").status_code == 404


# Publishing


@pytest.mark.medium
def test_publishing_now_makes_both_languages_live(staff_client, editor):
    page = a_page()
    response = submit(staff_client, "publish", page, when="now", significant="no", note="First text.")
    edition = the_edition(page)
    assert Edition.objects.live().get(page=page) == edition
    assert (edition.author, edition.note) == (editor, "First text.")
    assert "Edition 1 is live, in both languages." in response.content.decode()


@pytest.mark.medium
def test_a_minor_change_is_recorded_as_minor(staff_client):
    page = a_live_page()
    page.title_en = "Corrected"
    page.save()
    submit(staff_client, "publish", page, when="now", significant="no")
    assert not Edition.objects.live().get(page=page).significant


@pytest.mark.medium
def test_publishing_at_a_time_schedules_an_edition_in_the_zone_of_the_site(staff_client):
    page = a_page()
    at = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    response = submit(staff_client, "publish", page, when="later", at=local(at), significant="yes")
    assert the_edition(page).publish_at == at
    assert not Edition.objects.live().filter(page=page).exists()
    assert "Edition 1 is scheduled for" in response.content.decode()


@pytest.mark.medium
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"when": "later", "at": ""}, "Choose the date and time, or choose “Now”."),
        ({"when": "later", "at": "2001-01-01T10:00"}, "Choose a future date and time"),
        ({"when": "later", "at": "yesterday"}, "Enter a valid date/time."),
        ({"when": "later", "at": "2091-03-11T02:30"}, "does not exist, because clocks go forward"),
        ({"when": "never"}, "Select a valid choice."),
        ({"when": "now", "note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_errors_stand_beside_their_fields_and_nothing_is_lost(staff_client, values, message):
    page = a_page()
    values = {"significant": "no", "note": "Written with care.", **values}
    shown = submit(staff_client, "publish", page, **values).content.decode()
    assert message in shown
    assert values["note"] in shown
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_the_screen_lists_every_reason_not_to_publish_with_a_link_to_its_field(staff_client):
    page = a_page(title_fr="", address_en="")
    text = a_text(page, body_fr="")
    figure = a_figure(page, alternative_text_en="", alternative_text_fr="")
    partner = a_partner(name_fr="")
    a_partner_list(page, partners=[partner])
    shown = screen(staff_client, "publish", page)
    form = address("change", page)
    assert f'href="{form}#id_title_fr"' in shown
    assert f'href="{form}#id_address_en"' in shown
    assert f'href="{form}#block-{text.key}-body_fr"' in shown
    assert f'href="{form}#block-{figure.key}-alternative_text_en"' in shown
    assert f'href="/admin/pages/partnerorganization/{partner.pk}/change/#id_name_fr"' in shown
    assert 'name="when"' not in shown


@pytest.mark.medium
def test_a_page_that_is_not_ready_is_not_published_by_force(staff_client):
    page = a_page()
    data = fields(staff_client.get(address("publish", page))) | {"when": "now", "significant": "yes"}
    page.title_fr = ""
    page.save()
    response = staff_client.post(address("publish", page), data)
    assert response.status_code == 200
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_what_was_saved_meanwhile_is_not_published_unseen(staff_client):
    page = a_page()
    data = fields(staff_client.get(address("publish", page))) | {"when": "now", "significant": "yes"}
    page.title_en = "Saved by somebody else"
    page.save()
    response = staff_client.post(address("publish", page), data)
    assert "The page was saved after you opened this screen." in response.content.decode()
    assert not Edition.objects.exists()
    again = fields(response) | {"when": "now", "significant": "yes"}
    staff_client.post(address("publish", page), again)
    assert the_edition(page).title_en == "Saved by somebody else"


@pytest.mark.medium
def test_pressing_publish_twice_makes_one_edition(staff_client):
    page = a_page()
    data = fields(staff_client.get(address("publish", page))) | {"when": "now", "significant": "yes"}
    staff_client.post(address("publish", page), data)
    response = staff_client.post(address("publish", page), data)
    assert "nothing to publish" in response.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.medium
def test_the_screen_warns_of_an_edition_to_come_and_lets_it_be_cancelled(staff_client):
    page = a_page()
    edition = publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    shown = screen(staff_client, "publish", page)
    assert "Edition 1 (Regular) will be published on" in shown
    assert address("cancel", page, 1) in shown
    asked = staff_client.get(address("cancel", page, 1)).content.decode()
    assert "Once cancelled, this edition will not be published." in asked
    edition.refresh_from_db()
    assert edition.status == Edition.Status.APPROVED
    response = staff_client.post(address("cancel", page, 1), follow=True)
    edition.refresh_from_db()
    assert edition.status == Edition.Status.CANCELLED
    assert "Edition 1 was cancelled" in response.content.decode()


@pytest.mark.medium
def test_a_live_edition_cannot_be_cancelled(staff_client):
    page = a_live_page()
    for ask in (staff_client.get, staff_client.post):
        response = ask(address("cancel", page, 1), follow=True)
        assert "You can cancel only an edition that is scheduled for later." in response.content.decode()


@pytest.mark.medium
@pytest.mark.parametrize(
    ("when", "message"),
    [("now", "There is nothing to publish."), ("later", "already scheduled for that date")],
)
def test_a_form_that_is_sent_twice_publishes_once(staff_client, when, message):
    page = a_page()
    data = fields(staff_client.get(address("publish", page)))
    data |= {"when": when, "at": local(in_days(2)) if when == "later" else "", "significant": "yes"}
    data["scheduled"] = "keep"
    answers = [staff_client.post(address("publish", page), data) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert page.editions.count() == 1
    assert message in answers[1].text


# Archiving and withdrawing


def in_days(days):
    return (timezone.now() + timedelta(days=days)).replace(second=0, microsecond=0)


def told_of(response):
    return "\n".join(str(message) for message in response.context["messages"])


@pytest.mark.medium
@pytest.mark.parametrize("day", [0, 3])
def test_the_archive_of_a_page_is_dated_with_its_first_publication(staff_client, day):
    page, archive_at = a_page(), in_days(30)
    when = {"when": "later", "at": local(in_days(day))} if day else {"when": "now"}
    response = submit(staff_client, "publish", page, **when, archive_at=local(archive_at), significant="yes")
    text, archive = page.editions.order_by("number")
    assert (archive.kind, archive.status, archive.publish_at) == ("archived", "approved", archive_at)
    assert (archive.digest, archive.significant) == (text.digest, True)
    assert ", the page will be archived." in told_of(response)
    assert f"to be archived on {local(archive_at).replace('T', ' ')}" in response.content.decode()
    assert Edition.objects.live(archive_at).get(page=page) == archive


@pytest.mark.medium
@pytest.mark.parametrize(
    ("day", "archive_at", "message"),
    [
        (3, 3, "Choose a date and time after the publication for the archive."),
        (3, 2, "Choose a date and time after the publication for the archive."),
        (0, -1, "Choose a date and time after the publication for the archive."),
        (0, None, "Enter a valid date/time."),
    ],
)
def test_an_archive_before_the_publication_is_refused_beside_its_field(
    staff_client, day, archive_at, message
):
    page = a_page()
    values = {"when": "later", "at": local(in_days(day))} if day else {"when": "now"}
    values["archive_at"] = local(in_days(archive_at)) if archive_at else "in a year"
    response = submit(staff_client, "publish", page, significant="yes", **values)
    assert response.context["form"].errors["archive_at"] == [message]
    assert not page.editions.exists()


@pytest.mark.medium
@pytest.mark.parametrize("when", ["now", "later"])
def test_an_archive_after_a_withdrawal_to_come_is_refused_beside_its_field(staff_client, when):
    page = a_live_page()
    publishing.withdraw(page, by=None, at=in_days(5), explanation=Bilingual("Over.", "Terminé."))
    Page.objects.filter(pk=page.pk).update(title_en="To come")
    values = {"when": when, "at": local(in_days(2)) if when == "later" else ""}
    values |= {"archive_at": local(in_days(9)), "significant": "yes", "scheduled": "keep"}
    response = submit(staff_client, "publish", page, **values)
    assert list(response.context["form"].errors) == ["archive_at"]
    assert page.editions.count() == 2


@pytest.mark.medium
def test_an_archive_is_cancelled_with_the_first_publication_and_this_is_told(staff_client):
    page = a_page()
    publishing.publish(page, by=None, at=in_days(2), archive_at=in_days(9))
    asked = staff_client.get(address("cancel", page, 1)).content.decode()
    assert "A scheduled archiving or withdrawal is cancelled if there is nothing left" in asked
    response = staff_client.post(address("cancel", page, 1), follow=True)
    assert set(page.editions.values_list("status", flat=True)) == {"cancelled"}
    assert "Edition 2 was cancelled too" in told_of(response)


@pytest.mark.medium
def test_an_archive_stays_when_another_text_is_public_by_then(staff_client):
    page = a_live_page()
    page.title_en = "To come"
    page.save()
    publishing.publish(page, by=None, at=in_days(2), archive_at=in_days(9))
    response = staff_client.post(address("cancel", page, 2), follow=True)
    assert "too" not in told_of(response)
    archive = Edition.objects.scheduled().get(page=page)
    assert (archive.kind, archive.title_en) == ("archived", page.editions.get(number=1).title_en)


def test_the_home_page_is_offered_no_archive(staff_client):
    shown = screen(staff_client, "publish", a_home_page())
    assert 'name="when"' in shown
    assert 'name="archive_at"' not in shown


@pytest.mark.medium
def test_a_page_is_archived(staff_client):
    page = a_live_page()
    submit(staff_client, "archive", page, when="now", note="Kept for reference.")
    assert Edition.objects.live().get(page=page).kind == Edition.Kind.ARCHIVED


@pytest.mark.medium
def test_a_page_is_withdrawn_with_an_explanation_in_both_languages(staff_client, client):
    page = a_live_page(address_en="old")
    values = {"explanation_en": "See trade.", "explanation_fr": "Voir commerce."}
    submit(staff_client, "withdraw", page, when="now", **values)
    response = client.get("/en/old")
    assert response.status_code == 410
    assert "See trade." in response.content.decode()


@pytest.mark.medium
def test_an_explanation_in_one_language_is_refused(staff_client):
    page = a_live_page()
    response = submit(staff_client, "withdraw", page, when="now", explanation_en="See trade.")
    assert "Write the explanation in both languages or leave both empty." in response.content.decode()
    assert "See trade." in response.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.medium
@pytest.mark.parametrize("name", ["archive", "withdraw"])
def test_a_page_that_is_not_public_has_nothing_to_archive_or_withdraw(staff_client, name):
    page = a_page()
    assert f"There is nothing to {name}" in screen(staff_client, name, page)
    response = staff_client.post(address(name, page), {"when": "now"})
    assert response.status_code == 200
    assert not Edition.objects.exists()


# The record


@pytest.mark.medium
def test_the_history_lists_every_edition_and_leads_to_its_text(staff_client, editor):
    page = a_page(title_en="First title")
    publishing.publish(page, by=editor, note="To begin with.")
    page.title_en = "Second title"
    page.save()
    publishing.withdraw(page, by=editor)
    shown = screen(staff_client, "history", page)
    for text in ("To begin with.", "Withdrawn", "Regular", "public now", address("edition", page, 1, "fr")):
        assert text in shown
    edition = staff_client.get(address("edition", page, 1, "en")).content.decode()
    assert "First title</h1>" in edition
    assert "Edition 1" in edition


@pytest.mark.medium
def test_a_save_is_recorded_with_the_names_of_what_changed(staff_client):
    page = a_page()
    a_text(page, heading_en="Exports")
    data = page_form(staff_client, page)
    changes = {"title_en": "New", "title_fr": "Neuf", "pages_textsection_set-0-body_fr": "<p>Du blé.</p>"}
    staff_client.post(address("change", page), data | changes)
    assert "Changed title. Changed text for text “Exports”." in screen(staff_client, "history", page)
    staff_client.cookies["django_language"] = "fr"
    assert "titre" in screen(staff_client, "history", page)


@pytest.mark.medium
def test_saves_and_publications_are_named_in_the_language_of_who_reads(staff_client):
    page = a_page()
    submit(staff_client, "publish", page, when="now", significant="yes")
    staff_client.cookies["django_language"] = "fr"
    shown = screen(staff_client, "history", page)
    assert "édition" in shown
    assert "Added" not in shown


# Where clocks change


@pytest.mark.medium
@pytest.mark.parametrize(
    ("zone", "at", "first", "second"),
    [
        ("America/Toronto", "2091-11-04T01:30", "05:30", "06:30"),
        ("Europe/Paris", "2091-10-28T02:30", "00:30", "01:30"),
        ("America/St_Johns", "2091-11-04T01:30", "04:00", "05:00"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_time_that_comes_twice_is_explained_and_chosen(
    staff_client, settings, zone, at, first, second, language
):
    settings.TIME_ZONE = zone
    staff_client.cookies["django_language"] = language
    page = a_page()
    later = {"when": "later", "at": at, "significant": "no"}
    shown = submit(staff_client, "publish", page, **later).content.decode()
    assert {"en": "occurs twice, because clocks go back from", "fr": "survient deux fois"}[language] in shown
    assert shown.count('type="radio" name="at-fold"') == 2
    assert f'value="{at}"' in shown
    assert not Edition.objects.exists()
    for chosen, moment in (("1", second), ("0", first)):
        page = a_page()
        submit(staff_client, "publish", page, **later, **{"at-fold": chosen})
        assert f"{the_edition(page).publish_at.astimezone(UTC):%H:%M}" == moment


@pytest.mark.medium
@pytest.mark.parametrize(
    ("zone", "at", "told"),
    [
        (
            "America/Toronto",
            "2091-03-11T02:30",
            "clocks go forward from 2:00 a.m. to 3:00 a.m. (America/Toronto)",
        ),
        ("Europe/Paris", "2091-03-25T02:30", "clocks go forward from 2:00 a.m. to 3:00 a.m. (Europe/Paris)"),
    ],
)
def test_a_time_that_does_not_exist_is_explained(staff_client, settings, zone, at, told):
    settings.TIME_ZONE = zone
    page = a_page()
    shown = submit(staff_client, "publish", page, when="later", at=at, significant="no").content.decode()
    assert told in shown.replace("\u00a0", " ")
    assert "at-fold" not in shown
    assert not Edition.objects.exists()


@pytest.mark.medium
@pytest.mark.parametrize("screen", ["publish", "archive", "withdraw"])
@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59", "0001-01-01T00:00", "3000-01-01T00:00", "1899-12-31T23:59"]
)
@pytest.mark.parametrize("zone", ["America/Toronto", "Pacific/Kiritimati"])
def test_years_far_away_are_refused_at_the_field(staff_client, settings, screen, at, zone):
    settings.TIME_ZONE = zone
    page = a_live_page()
    answer = submit(staff_client, screen, page, when="later", at=at, significant="no")
    assert "Choose a date between the years 1900 and 2999." in answer.context["form"].errors["at"]
    assert page.editions.count() == 1


@pytest.mark.medium
def test_with_now_a_date_that_is_out_of_sight_stops_nothing(staff_client):
    page = a_page()
    address = f"/admin/pages/page/{page.pk}/publish/"
    seen = staff_client.get(address).context["form"].initial["seen"]
    staff_client.post(address, {"when": "now", "at": "tomorrow", "significant": "yes", "seen": seen})
    assert page.editions.approved().count() == 1


@pytest.mark.medium
def test_the_form_for_emergencies_is_folded_on_the_publish_screen_and_open_on_its_own(staff_client):
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>Do not travel.</p>")
    shown = staff_client.get(f"/admin/pages/page/{page.pk}/publish/").text
    assert '<details class="ci-emergency">' in shown
    shown = staff_client.get(f"/admin/pages/page/{page.pk}/emergency/").text
    assert '<details class="ci-emergency" open>' in shown
