"""A translation is brought back in a real browser, in both languages, on a wide screen and on a phone."""

import os
import re

import pytest

from pages import xliff
from pages.admin import translation_files as screens
from pages.models import Page
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_long_page():
    page = a_page(title_en="Trade", title_fr="", description_fr="", introduction_fr="")
    a_text(
        page,
        key="one",
        heading_en="Exports",
        heading_fr="",
        body_en="<p>Wheat</p>\n<ul>\n<li>Oil</li>\n</ul>",
        body_fr="",
    )
    link = '<p>See <a href="https://example.org/">the report</a></p>'
    a_text(page, key="two", heading_en="More", heading_fr="Plus", body_en=link, body_fr="")
    return page


def translated(page, **words):
    """The file of a page in which each segment has a translation; that of the link has lost it."""
    [material] = screens._materials([Page.objects.with_content().get(pk=page.pk)])
    response = screens._download([material], source="en", scope="all")

    def target(found):
        said = words.get(re.sub("<[^>]*>", "", found[1]), f"FR {re.sub('<[^>]*>', '', found[1])}")
        return f"{found[0]}\n<target>{said}</target>"

    text = re.sub(r"<target.*?</target>\n", "", response.content.decode())
    return re.sub(r"<source[^>]*>(.*?)</source>", target, text).encode()


def photograph(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.medium
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_translation_is_brought_back_from_the_form_of_its_page(desk, language, width):
    written = a_long_page()
    data = translated(written, Trade="Commerce")
    Page.objects.filter(pk=written.pk).update(description_en="Something new")
    page = ready(desk(address(written), language=language, width=width))
    if width < 1000:
        page.click(".ci-tools-button")
        assert faults_of(page) == []
    page.click("[href$='/translation-file/']")
    page.wait_for_selector("#bring-back")
    assert faults_of(page) == []
    photograph(page, f"download-{language}-{width}")
    page.set_input_files("#id_file", {"name": "fr.xlf", "mimeType": xliff.CONTENT_TYPE, "buffer": data})
    page.wait_for_selector(".ci-translations")
    assert faults_of(page) == []
    photograph(page, f"review-{language}-{width}")
    page.focus(".ci-translations .submit-row input")
    page.keyboard.press("Enter")
    ready(page)
    assert page.input_value("#id_title_fr") == "Commerce"
    assert page.locator(".messagelist .success").count() == 1


@pytest.mark.medium
def test_a_file_is_sent_once_however_fast_the_button_is_selected(desk):
    written = a_long_page()
    data = translated(written, Trade="Commerce")
    page = desk(f"/admin/pages/page/{written.pk}/translation-file/")
    page.wait_for_selector("#bring-back")
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.querySelector('#id_file').addEventListener('change', event => {"
        " window.wasDisabled = event.target.form.querySelector('[type=submit]').disabled;"
        " sessionStorage.wasDisabled = window.wasDisabled })"
    )
    page.set_input_files("#id_file", {"name": "fr.xlf", "mimeType": xliff.CONTENT_TYPE, "buffer": data})
    page.wait_for_selector(".ci-translations")
    assert page.evaluate("sessionStorage.wasDisabled") == "true"
    page.click("form[enctype] [type=submit]")
    assert page.locator(".ci-translations").count() == 1


@pytest.mark.medium
def test_the_screen_works_without_scripts(desk):
    written = a_long_page()
    data = translated(written, Trade="Commerce")
    page = desk(f"/admin/pages/page/{written.pk}/translation-file/", scripts=False)
    page.set_input_files("#id_file", {"name": "fr.xlf", "mimeType": xliff.CONTENT_TYPE, "buffer": data})
    page.click("input[type=submit] >> nth=0")
    page.click(".ci-translations .submit-row input")
    assert Page.objects.get(pk=written.pk).title_fr == "Commerce"
