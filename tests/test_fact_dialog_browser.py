"""The dialog for facts in a real browser: by mouse and keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from pages.models import Page
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_fact, a_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ENGLISH = '<data value="fact:trade">$88 million</data>'
FRENCH = '<data value="fact:trade">88 millions de dollars</data>'


def value(page, language):
    return page.input_value(f"#id_introduction_{language}")


def open_dialog(page, language="English"):
    box = page.get_by_role("textbox", name=f"Introduction ({language})")
    box.click()
    page.keyboard.press("Control+End")
    page.locator(".ci-editor", has=box).locator(".ci-tool--fact").click()
    return page.locator("dialog.ci-dialog")


def test_a_fact_is_found_and_inserted_by_keyboard_and_offered_in_the_other_language(desk):
    a_fact(key="trade", name_en="Two-way trade", name_fr="Échanges", value="88000000")
    a_fact(key="aid", name_en="Aid", name_fr="Aide")
    written = a_page()
    page = ready(desk(address(written)))
    dialog = open_dialog(page)
    assert dialog.get_by_role("heading").inner_text() == "Insert a fact"
    page.keyboard.press("Enter")
    assert dialog.get_by_role("alert").inner_text() == "Choose a fact from the list."
    page.keyboard.type("échanges")
    page.wait_for_selector("[role=option]:has-text('Two-way trade')")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Inserts: $88 million")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert value(page, "en") == f"<p>In short.{ENGLISH}</p>"
    page.get_by_role("button", name="Insert the same fact here: 88 millions de dollars").click()
    assert FRENCH in value(page, "fr")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=was saved")
    assert Page.objects.get(pk=written.pk).introduction_en == f"<p>In short.{ENGLISH}</p>"
    assert not faults_of(page)


def test_a_fact_is_one_thing_that_is_changed_or_becomes_words(desk):
    a_fact(key="trade", value="88000000")
    a_fact(key="aid", name_en="Aid", name_fr="Aide")
    page = ready(desk(address(a_page(introduction_en=f"<p>About {ENGLISH}.</p>"))))
    page.locator("data").click()
    page.locator(".ci-tool--fact").first.click()
    dialog = page.locator("dialog.ci-dialog")
    page.wait_for_selector("text=Inserts: $88 million")
    assert dialog.get_by_role("heading").inner_text() == "Change the fact"
    dialog.get_by_role("combobox").fill("aid")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.locator("[role=option]").first.click()
    page.wait_for_selector("text=Inserts: $4 billion")
    dialog.get_by_role("button", name="Insert").click()
    assert value(page, "en") == '<p>About <data value="fact:aid">$4 billion</data>.</p>'
    page.locator("data").click()
    page.locator(".ci-tool--fact").first.click()
    page.wait_for_selector("text=Inserts: $4 billion")
    dialog.get_by_role("button", name="Keep the words only").click()
    assert value(page, "en") == "<p>About $4 billion.</p>"


def test_the_dialog_can_be_left(desk):
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    page.wait_for_selector("text=No fact has these words")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert value(page, "en") == "<p>In short.</p>"
