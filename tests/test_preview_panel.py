"""The preview beside the form: what is saved, at the block in hand, in a frame that holds no address."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from pages.models.audit_entry import AuditEntry
from pages.models.page import Page
from tests.admin_desk import address, blocks, faults_of, ready
from tests.admin_forms import change_address, page_form
from tests.factories import a_home_page, a_page, a_text, an_account
from tests.markup import elements


def preview(client, page, language="en"):
    return client.get(reverse("admin:pages_page_preview", args=[page.pk, language]))


def saved_words(response):
    return re.search('data-saved="([^"]*)"', response.content.decode())[1]


@pytest.mark.medium
@pytest.mark.django_db
def test_a_preview_says_when_it_was_saved_and_by_whom_if_by_another_person(staff_client, editor):
    page = a_page(title_en="Before")
    assert saved_words(preview(staff_client, page)) == "The working copy as it is saved"
    staff_client.post(change_address(page), page_form(staff_client, page) | {"title_en": "After"})
    assert saved_words(preview(staff_client, page)).startswith("Saved at ")
    colleague = Client()
    colleague.force_login(an_account(is_superuser=True))
    by_another = saved_words(preview(colleague, page))
    assert by_another.startswith("Last saved on ")
    assert by_another.endswith(f" by {editor.get_full_name() or editor.username}.")
    AuditEntry.objects.update(action_time=timezone.now() - timezone.timedelta(days=2))
    assert saved_words(preview(staff_client, page)).startswith("Last saved on ")


@pytest.mark.medium
@pytest.mark.django_db
def test_what_a_preview_says_of_its_save_is_in_the_language_of_the_person(staff_client):
    staff_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert saved_words(preview(staff_client, a_page(), "en")).startswith("La copie de travail")


@pytest.mark.medium
@pytest.mark.django_db
def test_no_answer_of_the_admin_may_be_framed_and_the_panel_runs_nothing(staff_client):
    page = a_page()
    form = staff_client.get(change_address(page))
    for answer in (form, preview(staff_client, page), preview(staff_client, page, "fr")):
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert "frame-src" not in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
    [frame] = [each for each in elements(form.content.decode()) if each.tag == "iframe"]
    assert (frame["sandbox"], frame["src"]) == ("allow-same-origin", "")


@pytest.mark.medium
@pytest.mark.django_db
def test_a_preview_takes_as_many_queries_for_many_blocks_as_for_one(
    staff_client, django_assert_max_num_queries
):
    page = a_page()
    a_text(page)
    with CaptureQueriesContext(connection) as of_one:
        preview(staff_client, page)
    for number in range(30):
        a_text(page, heading_en=f"Part {number}")
    with django_assert_max_num_queries(len(of_one)):
        preview(staff_client, page)


@pytest.mark.medium
@pytest.mark.django_db
def test_sections_are_named_by_their_blocks_in_previews_only(staff_client, client):
    page = a_home_page()
    text = a_text(page)
    publishing.publish(page, by=None)
    assert f'data-block="{text.key}"' in preview(staff_client, page).content.decode()
    assert "data-block" not in client.get("/en/").content.decode()


@pytest.mark.medium
@pytest.mark.django_db
def test_without_scripts_the_form_leads_to_a_preview_in_each_language(staff_client):
    html = staff_client.get(change_address(a_page())).content.decode()
    without_scripts = "".join(re.findall("<noscript>(.*?)</noscript>", html, re.DOTALL))
    assert re.findall('value="(preview-..)"', without_scripts) == ["preview-en", "preview-fr"]
    assert len(re.findall('value="preview-', html)) == 2


# In a browser


def open_form(desk, written, **options):
    page = ready(desk(address(written), **options))
    page.click("#preview-button")
    return page, page.frame_locator("#preview iframe")


def a_long_page():
    written = a_page()
    for number in range(1, 9):
        a_text(
            written, heading_en=f"Part {number}", heading_fr=f"Partie {number}", body_en="<p>Wheat.</p>" * 9
        )
    return written


def top_of(frame, heading):
    return frame.locator(f"h2:text-is('{heading}')").evaluate("(each) => each.getBoundingClientRect().top")


browser = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestInABrowser:
    pytestmark = [*browser, pytest.mark.medium]

    def test_it_follows_the_block_in_hand_and_what_is_saved(self, desk):
        page, frame = open_form(desk, a_long_page())
        frame.locator("h2:text-is('Part 8')").wait_for()
        assert top_of(frame, "Part 6") > 900
        sixth = blocks(page).nth(5)
        sixth.locator("[name$=heading_en]").focus()
        page.wait_for_function("() => document.querySelector('#preview iframe').contentWindow.scrollY > 900")
        page.wait_for_timeout(800)
        before = top_of(frame, "Part 6")
        assert 0 <= before < 100
        sixth.locator("[name$=heading_en]").fill("Wheat and lentils")
        frame.locator("h2:text-is('Wheat and lentils')").wait_for(timeout=15000)
        assert top_of(frame, "Wheat and lentils") == pytest.approx(before, abs=2)
        assert page.inner_text("#preview-state").startswith("Saved at ")

    def test_languages_and_widths_are_chosen_by_keyboard_and_remembered(self, desk):
        written = a_long_page()
        page, frame = open_form(desk, written)
        frame.locator("h2:text-is('Part 1')").wait_for()
        page.focus("#preview [name=preview-language]:checked")
        page.keyboard.press("ArrowRight")
        frame.locator("h2:text-is('Partie 1')").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        assert frame.locator("html").evaluate("() => innerWidth") == 1280
        page.reload()
        frame.locator("h2:text-is('Partie 1')").wait_for()
        assert page.get_attribute("#preview-button", "aria-expanded") == "true"
        page.focus("#preview-close")
        page.keyboard.press("Escape")
        assert not page.is_visible("#preview")
        assert page.evaluate("document.activeElement.id") == "preview-button"
        ready(page.reload() and page)
        assert not page.is_visible("#preview")

    def test_a_conflict_is_told_and_nothing_else_is_shown(self, desk):
        written = a_long_page()
        page, frame = open_form(desk, written)
        frame.locator("h1").wait_for()
        Page.objects.filter(pk=written.pk).update(title_en="Theirs")
        page.fill("#id_title_en", "Mine")
        page.wait_for_selector(".ci-preview__problem:has-text('Not saved: someone else saved this page.')")
        assert frame.locator("h1").inner_text() not in ("Mine", "Theirs")

    def test_on_a_phone_it_lies_over_the_form_and_gives_the_focus_back(self, desk):
        page, frame = open_form(desk, a_long_page(), width=390)
        frame.locator("h1").wait_for()
        assert page.evaluate("document.querySelector('#preview').matches(':modal')")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "preview-button"

    def test_links_in_it_never_lead_away(self, desk):
        page, frame = open_form(desk, a_long_page())
        frame.locator("h1").wait_for()
        frame.locator("a:text-is('Français')").first.click()
        frame.locator("h2:text-is('Partie 1')").wait_for()
        with page.expect_popup() as opened:
            frame.locator("footer a").first.click()
        assert opened.value.url != page.url
        assert frame.locator("h2:text-is('Partie 1')").count() == 1


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("fr", 390)])
def test_the_panel_has_no_barriers(desk, language, width):
    page, frame = open_form(desk, a_long_page(), language=language, width=width)
    frame.locator("h1").wait_for()
    assert faults_of(page) == []
