"""The address of a page is suggested from its title as one types, in both languages, and shown as a whole."""

import pytest

from pages.models.page import Page
from pages.slugs import slug
from tests.admin_desk import address, faults_of, ready, show
from tests.factories import a_home_page, a_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ENGLISH, FRENCH = "Œuvre & Aid: Iraq’s 2nd year", "L’Œuvre et l’aide : 2e année à Bassorah"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390)])
def test_addresses_follow_the_titles_until_somebody_writes_one(desk, settings, language, width):
    a_home_page()
    page = ready(desk("/admin/pages/page/add/", language=language, width=width))
    assert page.is_visible("#id_parent")
    show(page, "en")
    page.type("#id_title_en", ENGLISH)
    show(page, "fr")
    page.type("#id_title_fr", FRENCH)
    assert page.input_value("#id_address_en") == slug(ENGLISH)
    assert page.input_value("#id_address_fr") == slug(FRENCH)
    shown = page.inner_text("#id_address_fr_whole").replace("\xa0", " ")
    assert shown.endswith(f": {settings.SITE_URL}/fr/{slug(FRENCH)}")
    assert faults_of(page) == []
    show(page, "en")
    page.fill("#id_address_en", "aid")
    page.fill("#id_title_en", f"{ENGLISH} and more")
    show(page, "fr")
    page.fill("#id_title_fr", f"{FRENCH} encore")
    assert page.input_value("#id_address_en") == "aid"
    assert page.input_value("#id_address_fr").endswith("-encore")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    written = Page.objects.get(address_en="aid")
    assert written.address_fr == slug(f"{FRENCH} encore")
    # An address that a page has stays, whatever becomes of its title.
    ready(page).fill("#id_title_fr", "Autre")
    assert page.input_value("#id_address_fr") == written.address_fr


def test_a_long_title_gives_an_address_of_whole_words_and_the_home_page_none(desk):
    home = a_home_page()
    written = a_page(address_en="")
    page = ready(desk(address(written)))
    page.fill("#id_title_en", "word " * 39)
    assert page.input_value("#id_address_en") == "-".join(["word"] * 16)
    page.goto(address(home))
    ready(page).fill("#id_title_en", "Welcome")
    assert page.input_value("#id_address_en") == ""


def test_a_title_that_was_asked_for_before_the_form_gives_its_address_too(desk):
    a_home_page()
    page = ready(desk("/admin/pages/page/add/?start=empty&parent=home&title_en=Rivers"))
    assert page.input_value("#id_address_en") == "rivers"
    assert page.inner_text("#id_address_en_whole").endswith("/en/rivers")
    page.fill("#id_title_en", "Nine rivers")
    assert page.input_value("#id_address_en") == "nine-rivers"
