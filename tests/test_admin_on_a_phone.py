"""The admin at 390 pixels: one row of header, lists as cards, one language at a time, one row of bar."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.timezone import localdate

from pages import publishing
from tests.admin_desk import address, faults_of, ready
from tests.factories import (
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_report,
    a_text,
    a_vocabulary_term,
)

PHONE = {"width": 390, "height": 844}
STYLES = [
    file
    for folder in ("pages/static/pages/admin", "reports/static/reports/admin")
    for file in (Path(__file__).parent.parent / folder).glob("*.css")
]
IN_A_BROWSER = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whatever is pressed, is seen, stands by itself and not within a sentence, and is smaller than 24 × 24 pixels.
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => !each.closest("p, .ci-notice, .ci-unseen, svg"))
    .filter((each) => !each.matches(".skip-to-content-link, label input, .ci-segments input"))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && (width < 23.5 || height < 23.5))
    .map(([each, { width, height }]) => `${each.outerHTML.slice(0, 120)}: ${width} × ${height}`)"""


# A text of several letters in a box that is narrower than three of them.
LETTERS_BELOW_ONE_ANOTHER = """() => [...document.querySelectorAll("a, button, label, p, li, th, td, span")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".ci-unseen, svg"))
    .filter((each) => [...each.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim().length > 5))
    .map((each) => [each, each.getBoundingClientRect(), parseFloat(getComputedStyle(each).fontSize)])
    .filter(([, { width, height }, size]) => width > 1 && width < 2.6 * size && height > 4 * size)
    .map(([each]) => each.outerHTML.slice(0, 120))"""


# Colours


def declarations(css, selector):
    """The variables that the last rule of this selector sets."""
    body = css.split(selector)[-1].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def test_colours_need_no_function_that_browsers_of_2023_lack():
    assert len(STYLES) > 3
    assert [file.name for file in STYLES if "light-dark(#" in file.read_text()] == []


def test_the_dark_colours_are_the_same_by_choice_and_by_the_system_and_none_is_forgotten():
    css = next(file for file in STYLES if file.name == "admin.css").read_text()
    by_choice = declarations(css, 'html[data-theme="dark"]')
    light = declarations(css.split("/* The same colours in the dark")[0], ":root")
    assert by_choice == declarations(css, "html:not([data-theme])")
    assert {name for name in light if name.startswith("--ci-")} <= set(by_choice)


# Scripts


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize(
    "screen", ["pages_page_add", "pages_partnerorganization_add", "pages_glossaryterm_add"]
)
def test_no_module_comes_before_the_import_map(staff_client, screen):
    """Firefox and Safari refuse a map after the first module, and then no script of the form runs."""
    html = staff_client.get(reverse(f"admin:{screen}")).content.decode()
    first = re.search('<script[^>]*type="(importmap|module)"', html)
    assert first
    assert first[1] == "importmap"


# In a browser


class TestInABrowser:
    pytestmark = [*IN_A_BROWSER, pytest.mark.medium]

    def test_the_header_is_one_row_and_its_menu_opens_and_closes_by_keyboard(self, desk):
        page = desk("/admin/", language="fr", **PHONE)
        assert page.evaluate("() => document.getElementById('header').offsetHeight") < 64
        assert not page.is_visible("text=Se déconnecter")
        page.focus(".ci-menu-button")
        page.keyboard.press("Enter")
        assert page.is_visible("text=Se déconnecter")
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('#user-tools') !== null")
        page.keyboard.press("Escape")
        assert not page.is_visible("text=Se déconnecter")

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_the_header_is_one_row_on_a_desktop_and_the_account_opens_by_keyboard(self, desk, language):
        page = desk("/admin/", language=language, width=1280)
        get_user_model().objects.update(first_name="Marie-Claire", last_name="Archambault-Deslauriers")
        page.reload()
        assert page.evaluate("() => document.getElementById('header').offsetHeight") < 64
        assert not page.is_visible("#account a[href$='second-factor/']")
        page.focus(".ci-account-button")
        page.keyboard.press("Enter")
        assert page.is_visible("#account a[href$='second-factor/']")
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('#account') !== null")
        page.keyboard.press("Escape")
        assert not page.is_visible("#account a[href$='second-factor/']")
        assert faults_of(page) == []

    def test_what_else_is_done_with_a_page_is_a_menu_of_one_row(self, desk):
        page = ready(desk(address(a_live_page()), language="fr", **PHONE))
        assert page.evaluate("document.querySelector('.ci-tools-button').offsetHeight") < 48
        assert not page.is_visible("#page-tools")
        page.focus(".ci-tools-button")
        page.keyboard.press("Enter")
        assert page.locator("#page-tools a:visible").count() > 5
        assert page.is_visible("#page-tools a[href$='/withdraw/']")
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        assert not page.is_visible("#page-tools")
        page.set_viewport_size({"width": 1280, "height": 800})
        assert page.is_visible("#page-tools")
        assert not page.is_visible(".ci-tools-button")

    @pytest.mark.parametrize("width", [768, 1280])
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_what_is_often_done_with_a_page_is_one_row_and_the_rest_is_a_menu(self, desk, language, width):
        page = ready(desk(address(a_live_page()), language=language, width=width))
        if width == 1280:
            assert page.evaluate("document.getElementById('page-tools').offsetHeight") < 48
        assert page.is_visible("#page-tools a[href$='/translation-file/']")
        assert not page.is_visible("#page-tools a[href$='/withdraw/']")
        page.focus("[popovertarget=page-tools-rest]")
        page.keyboard.press("Enter")
        assert page.is_visible("#page-tools a[href$='/withdraw/']")
        button = page.locator("[popovertarget=page-tools-rest]").bounding_box()
        menu = page.locator("#page-tools-rest").bounding_box()
        assert 0 <= menu["y"] - button["y"] - button["height"] < 10
        assert menu["x"] >= 0
        assert menu["x"] + menu["width"] <= width
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#page-tools-rest') !== null")
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        assert not page.is_visible("#page-tools a[href$='/withdraw/']")

    def test_the_bar_is_a_few_keys_from_the_first_field(self, desk):
        page = ready(desk(address(a_page()), **PHONE))
        page.focus("#id_title_en")
        page.keyboard.press("Shift+Tab")
        assert page.inner_text(":focus") == "Skip to the buttons"
        assert page.locator(":focus").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.get_attribute(":focus", "name") == "_continue"
        assert faults_of(page) == []

    def test_rows_of_the_list_are_cards_that_name_their_values(self, desk):
        publishing.publish(a_home_page(), by=None)
        page = desk("/admin/pages/page/", **PHONE)
        state = page.locator("#result_list tbody td.field-state")
        assert state.get_attribute("data-label") == "State"
        assert (
            page.evaluate("() => getComputedStyle(document.querySelector('#result_list tr')).display")
            == "block"
        )
        assert page.evaluate("() => document.querySelector('.results').scrollWidth <= innerWidth")

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_a_phone_shows_five_pages_with_long_titles_at_once(self, desk, language):
        publishing.publish(a_home_page(), by=None)
        for number in range(8):
            name = f"number {number} of Canada’s trade relations with Iraq"
            written = a_live_page(
                title_en=name, title_fr=f"relations commerciales du Canada avec l’Irak, {number}"
            )
            written.owner, written.review_by = get_user_model().objects.first(), localdate()
            written.save()
        page = desk("/admin/pages/page/", language=language, **PHONE)
        heights = page.evaluate(
            "() => [...document.querySelectorAll('#result_list tbody tr')].map((row) => row.offsetHeight)"
        )
        assert sum(heights[1:6]) + 5 * 6 < 844 * 0.9
        cards = "#result_list :is(a, button, input, .ci-drag):not([hidden])"
        sizes = page.eval_on_selector_all(
            cards,
            "(all) => all.map((each) => each.getBoundingClientRect()).map((box) => [box.width, box.height])",
        )
        assert min(min(size) for size in sizes if all(size)) >= 24
        assert page.is_visible("#result_list .field-state .ci-state")
        assert faults_of(page) == []

    @pytest.mark.parametrize("width", [390, 1280])
    def test_text_twice_as_large_fits_the_screen_and_breaks_no_word_into_letters(self, desk, width):
        written = a_page(title_en="Canada’s strategy", title_fr="La stratégie")
        a_text(written)
        publishing.publish(a_home_page(), by=None)
        publishing.publish(written, by=None)
        a_text(written, heading_en="Changed")
        page = desk("/admin/", width=width)
        page.context.new_cdp_session(page).send(
            "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
        )
        screens = [
            "/admin/pages/page/",
            *(address(written, each) for each in ("change", "publish", "history")),
        ]
        for screen in [*screens, "/admin/reports/problemreport/"]:
            page.goto(screen)
            assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, screen
            assert page.evaluate(LETTERS_BELOW_ONE_ANOTHER) == [], screen

    @pytest.mark.parametrize("language", ["en", "fr"])
    @pytest.mark.parametrize("width", [1040, 1280, 1440])
    def test_the_list_needs_no_scrolling_beside_the_navigation(self, desk, width, language):
        a_text(a_home_page())
        publishing.publish(a_page(title_en="Canada’s strategy", title_fr="La stratégie"), by=None)
        page = desk("/admin/pages/page/", language=language, width=width)
        sizes = page.evaluate(
            "() => { const { scrollWidth, clientWidth } = document.querySelector('.results');"
            " return [scrollWidth, clientWidth] }"
        )
        assert sizes[0] <= sizes[1]

    def test_one_language_at_a_time_is_written_and_both_are_saved(self, desk):
        written = a_page(title_en="Trade", title_fr="Commerce")
        page = ready(desk(address(written), **PHONE))
        assert page.is_visible("#id_title_en")
        assert not page.is_visible("#id_title_fr")
        page.get_by_role("radio", name="French").check(force=True)
        assert not page.is_visible("#id_title_en")
        page.fill("#id_title_fr", "Le commerce")
        page.keyboard.press("Control+s")
        page.wait_for_selector(".messagelist")
        written.refresh_from_db()
        assert (written.title_en, written.title_fr) == ("Trade", "Le commerce")

    def test_where_both_languages_are_side_by_side_nothing_chooses_one(self, desk):
        page = ready(desk(address(a_page()), width=1280))
        assert page.is_visible("#id_title_en")
        assert page.is_visible("#id_title_fr")
        assert not page.is_visible(".ci-languages")

    def test_a_field_that_was_refused_shows_its_language(self, desk):
        page = ready(desk(address(a_page()), **PHONE))
        page.get_by_role("radio", name="French").check(force=True)
        page.fill("#id_address_fr", "Pas une adresse")
        page.keyboard.press("Control+s")
        page.wait_for_selector("#errors")
        assert page.is_visible("#id_address_fr")
        assert page.get_by_role("radio", name="French: errors").is_checked()
        page.get_by_role("radio", name="English").check(force=True)
        page.click("#errors a")
        assert page.evaluate("() => document.activeElement.id") == "id_address_fr"

    def test_without_scripts_both_languages_and_every_button_are_there(self, desk):
        page = desk(address(a_page()), scripts=False, **PHONE)
        for place in ("#id_title_en", "#id_title_fr", "[value=preview-fr]", "[value=publish]"):
            assert page.locator(place).is_visible(), place

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_the_bar_is_one_row_and_more_shows_the_rest(self, desk, language):
        page = ready(desk(address(a_page()), language=language, **PHONE))
        page.fill(f"#id_title_{language}", "Trade")
        assert page.evaluate("() => document.querySelector('.ci-bar').offsetHeight") < 72
        assert not page.is_visible("[value=publish]")
        page.click("#more")
        assert page.is_visible("[value=publish]")
        page.keyboard.press("Escape")
        assert page.get_attribute("#more", "aria-expanded") == "false"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_box_of_each_choice_stands_at_the_beginning_of_its_line(desk, scripts):
    for code in ("aid", "trade"):
        a_vocabulary_term("subject", code)
    page = desk(address(a_page()), scripts=scripts, **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    lines = page.locator("#id_subject label").all()
    assert len(lines) == 2
    for line in lines:
        box, whole = line.locator("input").bounding_box(), line.bounding_box()
        assert box["x"] - whole["x"] < 12
        assert box["width"] < 40


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_whatever_is_pressed_is_24_pixels_large(desk, width):
    written = a_page()
    a_text(written)
    a_partner_list(written, partners=[a_partner()])
    publishing.publish(a_home_page(), by=None)
    a_report(page=written)
    page = desk("/admin/", width=width)
    small = {}
    for path in (
        "/admin/pages/page/",
        "/admin/reports/problemreport/",
        "/admin/pages/partnerorganization/",
        address(written, "history"),
        address(written, "publish"),
        address(written),
    ):
        page.goto(path)
        page.wait_for_timeout(300)
        if found := page.evaluate(SMALL):
            small[path] = found
    assert small == {}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_open_menu_and_the_cards_have_no_barriers(desk):
    publishing.publish(a_home_page(), by=None)
    page = desk("/admin/pages/page/", language="fr", **PHONE)
    found = faults_of(page)
    page.click(".ci-menu-button")
    assert [*found, *faults_of(page)] == []
