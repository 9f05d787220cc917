"""A visitor reports a problem: what is taken, what is sent back, and what never gets further than the answer."""

import logging
import re
import sqlite3
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import timezone
from django.views.debug import ExceptionReporter

from pages import publishing, rendering
from pages.models.edition import Edition
from pages.public_urls import other_language
from reports import views
from reports.forms import ReportForm
from reports.models import ProblemReport, Reason
from reports.redaction import redact
from reports.templatetags.problem_reports import form_parts, problem_report_form
from tests.factories import a_live_page, a_page, a_text

pytestmark = pytest.mark.django_db

BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
SECRET = "613-555-0134"
FORM = {"en": "/en/report-a-problem/trade", "fr": "/fr/signaler-un-probleme/trade"}
THANKS = {"en": "/en/report-a-problem/received/thank-you", "fr": "/fr/signaler-un-probleme/recu/merci"}


@pytest.fixture
def edition():
    """A live page about trade, with one section."""
    page = a_page(
        key="trade", title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce"
    )
    a_text(page, key="exports", heading_en="Our exports", heading_fr="Nos exportations")
    publishing.publish(page, by=None)
    return page.editions.get()


def send(client, language="en", *, headers=None, **answers):
    return client.post(FORM[language], answers, headers=headers)


def text_of(response):
    return response.content.decode()


# What is taken.


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_report_is_stored_and_its_sender_thanked_on_a_page_of_its_own(client, edition, language):
    answer = send(client, language, edition=1, reasons=["missing", "other"], details="Table 2 is empty")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{THANKS[language]}?page=trade"
    report = ProblemReport.objects.get()
    assert (report.edition, report.page, report.language) == (edition, edition.page, language)
    assert report.reasons == [Reason.MISSING, Reason.OTHER]
    assert (report.details, report.section, report.status, report.spam_sign) == (
        "Table 2 is empty",
        "",
        "new",
        "",
    )
    assert report.masked_kinds == []


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_thank_you_page_speaks_its_language_and_leads_to_its_twin(client, language):
    a_live_page(key="contact", address_en="contact", address_fr="coordonnees")
    answer = client.get(THANKS[language])
    title = {"en": "Thank you for your help!", "fr": "Merci de votre aide!"}[language]
    assert f"<title>{title} - " in text_of(answer)
    assert f'href="{THANKS[other_language(language)]}"' in text_of(answer)
    assert {"en": "/en/contact", "fr": "/fr/coordonnees"}[language] in text_of(answer)


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_thanks_lead_back_to_the_page_that_was_reported(client, edition, language):
    answer = client.get(f"{THANKS[language]}?page=trade")
    path, title = {"en": ("/en/trade", "Trade"), "fr": ("/fr/commerce", "Commerce")}[language]
    assert f'<a href="{path}">{title}</a>' in text_of(answer)
    assert f'href="{THANKS[other_language(language)]}?page=trade"' in text_of(answer)


@pytest.mark.medium
@pytest.mark.parametrize("key", ["unknown", "", "%22%3E", "draft"])
def test_the_thanks_lead_nowhere_for_a_page_that_is_not_there(client, edition, key):
    a_page(key="draft")
    answer = client.get(f"{THANKS['en']}?page={key}")
    assert answer.status_code == 200
    assert "Go back to the page" not in text_of(answer)
    assert "?page=" not in text_of(answer)


@pytest.mark.medium
def test_reports_and_thanks_are_compressed(client, edition):
    for path in (FORM["en"], THANKS["en"]):
        assert client.get(path, headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_the_thank_you_page_does_without_a_contact_page(client):
    answer = client.get(THANKS["en"])
    assert answer.status_code == 200
    assert "contact us" not in text_of(answer)


@pytest.mark.medium
@pytest.mark.parametrize("reason", Reason.values)
def test_each_reason_alone_says_enough(client, edition, reason):
    assert send(client, reasons=[reason]).status_code == 303
    assert ProblemReport.objects.giving(reason).count() == 1


@pytest.mark.medium
def test_a_page_may_have_any_key(client):
    a_live_page(key="thank-you")
    sent = client.post("/en/report-a-problem/thank-you", {"reasons": [Reason.values[0]]})
    assert sent["Location"] == f"{THANKS['en']}?page=thank-you"


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_chosen_section_is_kept_by_its_key(client, edition, language):
    anchor = {"en": "our-exports", "fr": "nos-exportations"}[language]
    assert send(client, language, section=anchor, details="Unclear").status_code == 303
    assert ProblemReport.objects.get().section == "exports"


@pytest.mark.medium
@pytest.mark.parametrize(
    "details",
    [
        "L’été à Montréal : « 45 % » — cœur",
        "أرقام الجدول غير صحيحة",
        "ژمارەکان هەڵەن",
        "ᐅᖃᓕᒫᒐᖅ",
        "👩‍👩‍👧‍👦 \"quotes\" 'more' <b>not bold</b> & {{ braces }} {% tag %}",
        "1 200 000 000 $ in 2020; SELECT * FROM reports; --",
        "x" * 300,
        "é" * 300,
    ],
)
def test_ordinary_texts_of_every_script_are_taken_as_they_are(client, edition, details):
    assert send(client, details=details).status_code == 303
    assert ProblemReport.objects.get().details == details


@pytest.mark.medium
def test_a_line_break_counts_as_one_character_as_the_visitor_sees_it(client, edition):
    assert send(client, details="a\r\n" * 149 + "bb").status_code == 303
    assert ProblemReport.objects.get().details == "a\n" * 149 + "bb"


@pytest.mark.medium
def test_a_report_may_be_about_the_edition_that_was_live_when_the_page_was_opened(client, edition):
    later = publishing.publish(edition.page, by=None, at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(later.publish_at + timedelta(minutes=1)):
        assert send(client, edition=1, details="Old figure").status_code == 303
        assert send(client, edition=2, details="New figure").status_code == 303
        assert send(client, details="Whatever is live").status_code == 303
    reported = dict(ProblemReport.objects.values_list("details", "edition__number"))
    assert reported == {"Old figure": 1, "New figure": 2, "Whatever is live": 2}


# What is sent back.


def is_sent_back(answer, language="en", status=422):
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    error = {"en": "Error:", "fr": "Erreur\xa0:"}[language]
    assert f"<title>{error}" in text_of(answer)
    assert not ProblemReport.objects.exists()
    return text_of(answer)


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_report_that_says_nothing_is_sent_back(client, edition, language):
    for details in ("", " \r\n\t "):
        page = is_sent_back(send(client, language, section="", details=details), language)
    assert {"en": "Select at least one reason", "fr": "Sélectionnez au moins une raison"}[language] in page
    assert 'href="#report_reasons_0"' in page
    assert 'id="report_reasons_0"' in page


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_text_over_the_limit_is_sent_back_whole(client, edition, language):
    details = "x" * 300 + " the end"
    answer = send(client, language, reasons=["broken"], section=_anchor(language), details=details)
    page = is_sent_back(answer, language)
    assert details in page
    assert {"en": "8 characters over the limit of 300", "fr": "dépasse de 8 caractères"}[language] in page
    assert re.search(r'value="broken"[^>]* checked', page)
    assert re.search(rf'value="{_anchor(language)}" selected', page)
    field = re.search(r"<textarea[^>]*>", page)[0]
    assert 'aria-invalid="true"' in field
    for name in re.search(r'aria-describedby="([^"]+)"', field)[1].split():
        assert f'id="{name}"' in page
    assert 'href="#report_details"' in page
    assert "<details" not in page


def _anchor(language):
    return {"en": "our-exports", "fr": "nos-exportations"}[language]


@pytest.mark.medium
@BOTH_LANGUAGES
def test_personal_information_is_masked_named_and_can_only_be_sent_masked(client, edition, language):
    answer = send(client, language, reasons=["login"], details=f"Call {SECRET} or write to jean@example.com")
    page = is_sent_back(answer, language)
    assert SECRET not in page
    assert "jean@example.com" not in page
    assert "Call [tel] or write to [mail]" in page
    named = {
        "en": "a telephone number and an email address",
        "fr": "un numéro de téléphone et une adresse de courriel",
    }
    assert named[language] in page
    assert (
        send(client, language, reasons=["login"], details="Call [tel] or write to [mail]").status_code == 303
    )
    assert set(ProblemReport.objects.get().masked_kinds) == {"phone", "email"}


@pytest.mark.medium
@pytest.mark.parametrize(
    "answers",
    [
        {"reasons": ["broken", "nonsense"]},
        {"reasons": ["broken"], "section": "no-such-section"},
        {"reasons": ["broken"], "section": "exports"},  # a key of the database is not a choice of the form
        {"reasons": ["broken"], "edition": "2"},
        {"reasons": ["broken"], "edition": "0"},
        {"reasons": ["broken"], "edition": "-1"},
        {"reasons": ["broken"], "edition": "9" * 30},
        {"reasons": ["broken"], "edition": "١"},
        {"reasons": ["broken"], "edition": "1; DROP TABLE"},
        {"details": "NUL \x00 byte"},
    ],
)
def test_forged_answers_are_sent_back(client, edition, answers):
    page = is_sent_back(send(client, **answers))
    assert "nonsense" not in page
    assert "DROP TABLE" not in page


@pytest.mark.medium
def test_an_edition_of_another_page_or_one_that_was_never_public_is_not_accepted(client, edition):
    elsewhere = a_live_page(key="elsewhere")
    publishing.publish(elsewhere, by=None)
    publishing.publish(edition.page, by=None, at=timezone.now() + timedelta(days=1))
    assert elsewhere.editions.filter(number=2).exists()
    page = is_sent_back(send(client, reasons=["broken"], edition=2))
    assert "The page has changed" in page
    assert 'name="edition" value="1"' in page


@pytest.mark.medium
@pytest.mark.parametrize("key", ["unknown", "silent", "draft", "withdrawn", "Trade", "thank-you2"])
def test_pages_that_take_no_reports_have_no_form(client, edition, key):
    a_live_page(key="silent", takes_reports=False)
    a_page(key="draft")
    publishing.withdraw(a_live_page(key="withdrawn"), by=None)
    address = f"/en/report-a-problem/{key}"
    assert client.get(address).status_code == 404
    assert client.post(address, {"reasons": ["broken"]}).status_code == 404


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_form_from_another_site_is_refused(client, edition, language):
    answer = send(client, language, headers={"Origin": "https://evil.example"}, reasons=["broken"])
    assert answer.status_code == 403
    assert not ProblemReport.objects.exists()
    assert client.get(FORM[language], headers={"Referer": "https://search.example/"}).status_code == 200


def test_other_methods_are_refused(client, edition):
    assert client.put(FORM["en"]).status_code == 405
    assert client.post(THANKS["en"]).status_code == 405


@pytest.mark.medium
def test_nothing_sent_is_taken_for_markup(client, edition):
    page = is_sent_back(send(client, details="</textarea><script>alert(1)</script>" + "x" * 300))
    assert "<script" not in page


@pytest.mark.medium
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"reasons": ["broken"]}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"details=%ff%fe%00", "application/x-www-form-urlencoded"),
    ],
)
def test_bodies_that_are_no_form_are_a_fault_of_the_sender(client, edition, body, content_type):
    assert client.post(FORM["en"], body, content_type=content_type).status_code in (400, 422)
    assert not ProblemReport.objects.exists()


# The form.


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_form_has_an_address_of_its_own_in_both_languages(client, edition, language):
    answer = client.get(FORM[language])
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Error" not in page
    assert f'<form class="ci-form" method="post" action="{FORM[language]}"' in page
    assert f'<a href="{FORM[other_language(language)]}"' in page
    assert f'<option value="{_anchor(language)}">' in page
    for reason in Reason.values:
        assert f'value="{reason}"' in page


@pytest.mark.medium
@BOTH_LANGUAGES
def test_every_control_has_a_label_and_every_id_is_there_once(client, edition, language):
    page = text_of(send(client, language))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in control:
            assert f'for="{re.search(r"id=.([^ ]+?).[ >]", control)[1]}"' in page
    for target in re.findall(r'(?:href="#|for=")([^"]+)"', page):
        assert target in ids


@pytest.mark.medium
def test_everything_typed_reaches_no_link_of_the_page_that_shows_it_again(client, edition):
    page = text_of(send(client, section="our-exports", details="x" * 301))
    for link in re.findall(r'href="([^"]*)"', page):
        assert "xxx" not in link
        assert "our-exports" not in link


@pytest.mark.medium
def test_the_answers_set_no_cookie_and_do_not_vary_on_one(client, edition):
    for answer in (
        client.get(FORM["en"]),
        client.get(THANKS["en"]),
        send(client),
        send(client, reasons=["broken"]),
    ):
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def page_of(edition):
    found = Edition.objects.with_navigation("en", edition.address_en)
    return rendering.render_edition(next(here for here in found if here.is_requested), "en", ())


@pytest.mark.medium
def test_a_page_shows_the_form_closed_and_the_same_to_everybody(edition):
    def shown():
        form_parts.cache_clear()
        return problem_report_form(page_of(edition))

    with time_machine.travel("2030-01-01"):
        later = shown()
    page = shown()
    assert page == later
    assert "<details" in page
    assert " open" not in page
    assert 'name="edition" value="1"' in page
    assert 'name="shown"' not in page
    assert "maxlength" not in page


@pytest.mark.medium
def test_the_form_laid_out_once_for_all_pages_is_the_form_of_each(edition):
    for page in (page_of(edition), page_of(a_live_page().editions.get())):
        whole = render_to_string("reports/disclosure.html", {"page": page, "form": ReportForm(page=page)})
        assert "".join(problem_report_form(page).split()) == "".join(whole.split())


# Spam and flooding.


@pytest.mark.medium
@pytest.mark.parametrize(
    ("answers", "sign"),
    [
        ({"subject": "Great offer"}, "decoy"),
        ({"form_language": "fr"}, "mixed_languages"),
        ({"form_language": ["en", "fr"]}, "mixed_languages"),
        ({"form_language": "en"}, ""),
        ({"shown": "forged"}, ""),
    ],
)
def test_reports_with_a_sign_of_spam_are_kept_apart_and_thanked_alike(client, edition, answers, sign):
    answer = send(client, details="Table 2 is empty", **answers)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{THANKS['en']}?page=trade")
    assert ProblemReport.objects.get().spam_sign == sign


@pytest.mark.medium
def test_a_form_shown_again_and_sent_back_at_once_was_not_read(client, edition):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        stamp = re.search(r'name="shown" value="([^"]+)"', text_of(send(client)))[1]
        clock.shift(1)
        send(client, details="By a robot", shown=stamp)
        clock.shift(20)
        send(client, details="By a person", shown=stamp)
    signs = dict(ProblemReport.objects.values_list("details", "spam_sign"))
    assert signs == {"By a robot": "too_fast", "By a person": ""}


@pytest.mark.medium
def test_the_same_text_again_is_kept_apart(client, edition):
    for _time in range(2):
        assert send(client, details="Table 2 is empty").status_code == 303
    assert list(ProblemReport.objects.order_by("pk").values_list("spam_sign", flat=True)) == ["", "repeated"]
    assert ProblemReport.objects.suspected_spam().count() == ProblemReport.objects.not_spam().count() == 1


@pytest.mark.medium
@BOTH_LANGUAGES
@override_settings(REPORTS_PER_SENDER=1)
def test_over_the_limit_nothing_written_is_lost(client, edition, language):
    assert send(client, language, details="The first").status_code == 303
    answer = send(client, language, reasons=["broken"], details="The second")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 600
    page = text_of(answer)
    assert "The second" in page
    assert "Your report was not received" in page
    assert "Votre signalement n’a pas été reçu" in page
    assert list(ProblemReport.objects.values_list("details", flat=True)) == ["The first"]


@pytest.mark.medium
@override_settings(REPORTS_PER_SENDER=3)
def test_refused_reports_count_towards_the_limit(client, edition):
    assert [send(client).status_code for _time in range(4)] == [422, 422, 422, 429]
    assert send(client, details="Now right").status_code == 429


@pytest.mark.medium
@BOTH_LANGUAGES
@override_settings(REPORTS_PER_SENDER=0)
def test_over_the_limit_nothing_is_looked_at_and_everything_comes_back(client, edition, language):
    details = "Call 613-555-0134 " + "a" * 5000
    with mock.patch("reports.forms.redact", side_effect=AssertionError):
        answer = send(client, language, reasons=["broken"], section=_anchor(language), details=details)
    assert answer.status_code == 429
    page = text_of(answer)
    assert details in page
    assert re.search(r'value="broken"[^>]* checked', page)
    assert re.search(rf'value="{_anchor(language)}" selected', page)
    assert "aria-invalid" not in page


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_text_far_over_the_limit_comes_back_whole_without_being_looked_at(client, edition, language):
    details = "x " * 1500 + "and 613-555-0134"
    with mock.patch("reports.forms.redact", side_effect=AssertionError):
        page = is_sent_back(send(client, language, details=details), language)
    assert details in page
    assert {"en": "2716 characters over the limit of 300", "fr": "dépasse de 2716 caractères"}[
        language
    ] in page
    assert not ProblemReport.objects.exists()


@pytest.mark.medium
def test_no_refused_report_costs_much(client, edition):
    looks = []
    with mock.patch("reports.forms.redact", side_effect=lambda text: looks.append(text) or redact(text)):
        for length in (300, 301, 3000, 3001, 60_000):
            send(client, details="a " * (length // 2) + "a" * (length % 2))
    assert max(map(len, looks)) <= 3000


# When the database takes no writes.


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_locked_database_costs_nobody_their_text(client, edition, language):
    with mock.patch.object(ProblemReport, "save", side_effect=OperationalError("database is locked")):
        answer = send(client, language, reasons=["broken"], details="Do not lose me")
    page = is_sent_back(answer, language, status=503)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Do not lose me" in page
    assert "Your report was not received" in page
    assert "Votre signalement n’a pas été reçu" in page
    assert send(client, language, reasons=["broken"], details="Do not lose me").status_code == 303


# Raw text stays between the visitor and the answer.


@pytest.mark.medium
def test_raw_text_reaches_no_table_cache_or_log(client, edition, caplog):
    caplog.set_level(logging.DEBUG)
    send(client, details=f"Call {SECRET}", subject=SECRET, section=SECRET, reasons=[SECRET], edition=SECRET)
    send(client, details="Call [tel]", subject=SECRET)
    assert ProblemReport.objects.count() == 1
    assert SECRET not in everything_stored()
    assert SECRET not in repr(cache._cache)
    assert SECRET not in "\n".join(
        str(record.__dict__) for record in caplog.records if "sql" not in record.__dict__
    )


def everything_stored():
    """All that is in the database, as text."""
    connection.ensure_connection()
    if isinstance(connection.connection, sqlite3.Connection):
        return "\n".join(connection.connection.iterdump())
    return repr(list(ProblemReport.objects.values_list()))


@override_settings(DEBUG=False)
def test_raw_text_reaches_no_error_report(rf, edition):
    request = rf.post(FORM["en"], {"details": f"Call {SECRET}", "subject": SECRET})
    fault = mock.patch("reports.forms.redact", side_effect=RuntimeError("a fault of ours"))
    with fault, pytest.raises(RuntimeError) as error:
        views.report(request, language="en", key="trade")
    reporter = ExceptionReporter(request, *error._excinfo)
    # The test's own frame holds the text by name; what matters is all below the view.
    frames = [frame for frame in reporter.get_traceback_frames() if "test_reporting" not in frame["filename"]]
    assert any(frame["function"] == "clean_details" for frame in frames)
    assert SECRET not in repr([frame["vars"] for frame in frames])
    assert SECRET not in repr(dict(reporter.filter.get_post_parameters(request)))


@pytest.mark.medium
def test_nothing_of_the_sender_is_stored(client, edition):
    send(
        client,
        details="Table 2",
        headers={"User-Agent": "Tell-tale/1.0", "Referer": "http://testserver/en/tell-tale"},
    )
    assert ProblemReport.objects.count() == 1
    stored = everything_stored()
    assert "Tell-tale" not in stored
    assert "tell-tale" not in stored
    assert "127.0.0.1" not in stored


# Cost.


@pytest.mark.medium
def test_a_report_takes_two_queries(client, edition, django_assert_num_queries):
    # The live edition and the report; the other two open and close a savepoint in the transaction of the test.
    with django_assert_num_queries(4):
        assert send(client, edition=1, details="Table 2").status_code == 303


# What they were looking for, where the site asks it.


@pytest.fixture
def asking(settings):
    settings.REPORTS_ASK_LOOKING_FOR = True


QUESTION = {"en": "What were you looking for?", "fr": "Que cherchiez-vous?"}


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_second_question_is_asked_only_where_the_site_wants_it(client, edition, language, settings):
    path = {"en": "/en/trade", "fr": "/fr/commerce"}[language]
    for address in (path, FORM[language]):
        settings.REPORTS_ASK_LOOKING_FOR = False
        assert QUESTION[language] not in text_of(client.get(address))
        settings.REPORTS_ASK_LOOKING_FOR = True
        assert QUESTION[language] in text_of(client.get(address))


@pytest.mark.medium
def test_an_answer_to_a_question_that_is_not_asked_is_not_kept(client, edition):
    assert send(client, details="Table 2 is empty", looking_for="Visas").status_code == 303
    assert ProblemReport.objects.get().looking_for == ""


@pytest.mark.medium
@BOTH_LANGUAGES
def test_what_a_visitor_was_looking_for_is_kept_beside_the_details(client, edition, language, asking):
    answers = {"reasons": ["outdated"], "details": "Old", "looking_for": "The number\r\nof visas"}
    assert send(client, language, **answers).status_code == 303
    report = ProblemReport.objects.get()
    assert (report.details, report.looking_for) == ("Old", "The number\nof visas")
    assert report.reasons == [Reason.OUTDATED]


@pytest.mark.medium
def test_who_says_only_what_they_were_looking_for_has_not_found_it(client, edition, asking):
    assert send(client, looking_for="Visas").status_code == 303
    report = ProblemReport.objects.get()
    assert (report.reasons, report.details, report.looking_for) == ([Reason.NOT_FOUND], "", "Visas")


@pytest.mark.medium
@BOTH_LANGUAGES
def test_what_they_were_looking_for_is_masked_and_measured_like_the_details(
    client, edition, language, asking
):
    page = is_sent_back(send(client, language, looking_for=f"My visa, {SECRET}", details="Old"), language)
    assert SECRET not in page
    assert "My visa, [tel]" in page
    assert 'href="#report_looking_for"' in page
    page = is_sent_back(send(client, language, looking_for="x" * 301), language)
    assert {"en": "1 character over the limit of 300", "fr": "dépasse de 1 caractère"}[language] in page
    assert not ProblemReport.objects.exists()
    assert send(client, language, looking_for="My visa, [tel]").status_code == 303
    assert ProblemReport.objects.get().masked_kinds == ["phone"]


@pytest.mark.medium
def test_signs_of_spam_are_looked_for_in_both_texts(client, edition, asking):
    assert send(client, looking_for="https://casino.example/win http://pills.example").status_code == 303
    assert ProblemReport.objects.get().spam_sign
