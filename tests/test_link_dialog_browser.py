"""The dialog for links in a real browser: by mouse and keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from pages import publishing
from pages.models import Page
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_home_page, a_live_page, a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def a_target(**changes):
    publishing.publish(a_home_page(), by=None)
    page = a_page(
        key="trade",
        title_en="Trade",
        title_fr="Le commerce",
        address_en="trade",
        address_fr="commerce",
        **changes,
    )
    a_text(page, key="exports", heading_en="Exports", heading_fr="Exportations")
    publishing.publish(page, by=None)
    return page


def editor(page, language):
    return page.get_by_role("textbox", name=f"Introduction ({language})")


def value(page, language):
    return page.input_value(f"#id_introduction_{language}")


def open_dialog(page, language="English"):
    page.locator("dialog.ci-dialog").wait_for(state="detached")
    select(page, editor(page, language), "Control+a")
    page.keyboard.press("Control+k")
    return page.locator("dialog.ci-dialog")


def select(page, box, *keys):
    """Until the editor knows it: what the browser selects, it learns a moment later."""
    tool = page.locator(".ci-editor", has=box).locator(".ci-tool--abbreviation")
    box.click()
    expect(tool).to_have_attribute("aria-disabled", "true")
    for key in keys:
        page.keyboard.press(key)
    expect(tool).to_have_attribute("aria-disabled", "false")


def choose_page(page, typed="comm"):
    """By keyboard alone: the focus is in the field."""
    page.keyboard.type(typed)
    page.wait_for_selector("[role=option]:has-text('Le commerce')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Selected: Trade / Le commerce")


def test_a_page_is_found_by_its_title_in_the_other_language_and_linked_by_keyboard(desk):
    a_target()
    written = a_page()
    page = ready(desk(address(written)))
    dialog = open_dialog(page)
    assert dialog.get_by_role("heading").inner_text() == "Add a link"
    choose_page(page)
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert value(page, "en") == '<p><a href="page:trade">In short.</a></p>'
    assert page.evaluate("document.activeElement.classList.contains('ProseMirror')")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=was saved")
    assert Page.objects.get(pk=written.pk).introduction_en == '<p><a href="page:trade">In short.</a></p>'


def test_enter_pressed_twice_leaves_the_words_that_were_linked(desk):
    a_target()
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    choose_page(page)
    for _press in range(2):
        page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert value(page, "en") == '<p><a href="page:trade">In short.</a></p>'
    page.wait_for_timeout(600)  # from here on Enter is that of the text again
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("More.")
    assert value(page, "en").endswith("</p><p>More.</p>")


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("https://example.org/data", "https://example.org/data"),
        ("www.example.org", "https://www.example.org"),
        ("trade@example.org", "mailto:trade@example.org"),
        ("trade", ""),
    ],
)
def test_an_address_is_taken_where_a_page_is_looked_for(desk, typed, href):
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    if href:
        dialog.wait_for(state="detached")
        assert f'<a href="{href}"' in value(page, "en")
    else:
        assert dialog.get_by_role("alert").inner_text() == "Choose a page from the list."


def test_a_section_is_chosen_and_a_link_is_changed_and_removed(desk):
    a_target()
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    choose_page(page)
    dialog.get_by_label("Section", exact=True).select_option("Exports / Exportations")
    dialog.get_by_role("button", name="Done").click()
    assert value(page, "en") == '<p><a href="page:trade#exports">In short.</a></p>'

    dialog = open_dialog(page)
    page.wait_for_selector("text=Selected: Trade / Le commerce")
    assert dialog.get_by_role("heading").inner_text() == "Change the link"
    assert dialog.get_by_label("Section", exact=True).input_value() == "exports"
    dialog.get_by_label("another website").check()
    dialog.get_by_label("Web address", exact=True).fill("www.canada.ca/en.html")
    dialog.get_by_label("Language of the linked page").select_option("fr")
    dialog.get_by_role("button", name="Done").click()
    assert value(page, "en") == '<p><a href="https://www.canada.ca/en.html" hreflang="fr">In short.</a></p>'

    dialog = open_dialog(page)
    assert dialog.get_by_label("Web address", exact=True).input_value() == "https://www.canada.ca/en.html"
    dialog.get_by_role("button", name="Remove the link").click()
    assert value(page, "en") == "<p>In short.</p>"


@pytest.mark.parametrize(
    ("kind", "label", "wrong", "typed", "href"),
    [
        ("another website", "Web address", "javascript:alert(1)", "un.org/ar", "https://un.org/ar"),
        ("an email address", "Email address", "somebody", "info@example.org", "mailto:info@example.org"),
        (
            "a telephone number",
            "Telephone number",
            "twelve",
            "613-555-0123, ext. 4",
            "tel:+16135550123;ext=4",
        ),
        ("a telephone number", "Telephone number", "12", "+964 1 234 5678", "tel:+96412345678"),
    ],
)
def test_other_addresses_are_checked_before_they_become_links(desk, kind, label, wrong, typed, href):
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    dialog.get_by_label(kind).check()
    dialog.get_by_label(label, exact=True).fill(wrong)
    page.keyboard.press("Enter")
    assert dialog.get_by_role("alert").inner_text().startswith("Enter a")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    dialog.get_by_label(label, exact=True).fill(typed)
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert value(page, "en") == f'<p><a href="{href}">In short.</a></p>'


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("www.example.ca:8080", "https://www.example.ca:8080"),
        ("example.ca:8080/a?b#c", "https://example.ca:8080/a?b#c"),
        ("//example.ca/a", "https://example.ca/a"),
        ("québec.example/fr", "https://québec.example/fr"),
        ("http://example.ca:80/", "http://example.ca:80/"),
    ],
)
def test_a_web_address_without_its_beginning_is_taken_with_its_port(desk, typed, href):
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    dialog.get_by_label("another website").check()
    dialog.get_by_label("Web address", exact=True).fill(typed)
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert value(page, "en") == f'<p><a href="{href}">In short.</a></p>'


def test_what_is_wrong_with_a_web_address_is_said(desk):
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    dialog.get_by_label("another website").check()
    field = dialog.get_by_label("Web address", exact=True)
    for typed, message in {
        "info@example.org": "This is an email address. Choose “an email address” above.",
        "ftp://example.ca": "Enter an address that begins with https:// or http://. The site has no links to “ftp:”.",
        "example.ca/annual report": "An address has no spaces.",
        "example": "Enter a whole web address",
        "": "Enter a whole web address",
        "example.ca:999999": "Enter a whole web address",
    }.items():
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(message)
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("a telephone number").check()
    expect(dialog.get_by_role("alert")).to_be_empty()


def test_nothing_is_linked_before_a_page_is_chosen_nor_when_the_dialog_is_closed(desk):
    a_target()
    page = ready(desk(address(a_page())))
    dialog = open_dialog(page)
    page.keyboard.type("trade")
    page.keyboard.press("Enter")
    assert dialog.get_by_role("alert").inner_text() == "Choose a page from the list."
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert value(page, "en") == "<p>In short.</p>"


def test_without_a_selection_the_title_in_the_language_of_the_field_is_written(desk):
    a_target()
    page = ready(desk(address(a_page(introduction_fr=""))))
    editor(page, "French").click()
    page.keyboard.press("Control+k")
    choose_page(page)
    page.keyboard.press("Enter")
    page.locator("dialog.ci-dialog").wait_for(state="detached")
    assert value(page, "fr") == '<p><a href="page:trade">Le commerce</a></p>'


def test_the_other_language_offers_the_same_link_for_the_words_selected_there_or_at_its_cursor(desk):
    a_target()
    page = ready(desk(address(a_page())))
    open_dialog(page)
    choose_page(page)
    page.keyboard.press("Enter")
    offer = page.get_by_role("button", name="Use the same link here: Le commerce")
    offer.wait_for()
    assert page.inner_text("#announcements") == "The French field offers the same link."
    editor(page, "French").click()
    page.keyboard.press("Control+a")
    page.locator(".ci-editor:has(.ci-offer) .ci-tool--abbreviation[aria-disabled=false]").wait_for()
    offer.click()
    assert value(page, "fr") == '<p><a href="page:trade">En bref.</a></p>'
    assert not page.locator(".ci-offer").count()


def test_links_made_one_after_another_wait_in_the_other_language_and_the_oldest_gives_way(desk):
    page = ready(desk(address(a_page())))
    editor(page, "English").click()
    for number in (1, 2, 3, 4, 4):
        page.keyboard.press("Control+End")
        page.keyboard.press("Control+k")
        page.locator("dialog.ci-dialog").wait_for()
        page.keyboard.type(f"https://example.org/{number}")
        page.keyboard.press("Enter")
        page.locator("dialog.ci-dialog").wait_for(state="detached")
        page.keyboard.type(" ")
    offers = page.get_by_role("button", name="Use the same link here")
    assert [text.rpartition("/")[2] for text in offers.all_inner_texts()] == ["2", "3", "4"]
    editor(page, "French").click()
    page.keyboard.press("Control+End")
    offers.first.click()
    page.keyboard.type(" ")
    offers.first.click()
    assert value(page, "fr").index("example.org/2") < value(page, "fr").index("example.org/3")
    assert offers.count() == 1


def test_the_other_language_offers_the_same_link_in_the_place_of_its_own_of_the_same_number(desk):
    a_target()
    written = a_page(
        introduction_en='<p><a href="https://a.example/">A</a> B</p>',
        introduction_fr='<p><a href="https://a.example/">A</a> et <a href="https://b.example/">du commerce</a></p>',
    )
    page = ready(desk(address(written)))
    select(page, editor(page, "English"), "End", "Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    choose_page(page)
    page.keyboard.press("Enter")
    page.locator(".ci-offer").wait_for()
    assert value(page, "en") == '<p><a href="https://a.example/">A</a> <a href="page:trade">B</a></p>'
    page.get_by_role("button", name="Use the same link here: Le commerce").click()
    assert value(page, "fr") == (
        '<p><a href="https://a.example/">A</a> et <a href="page:trade">du commerce</a></p>'
    )


def test_a_page_that_is_gone_and_a_site_that_does_not_answer_are_said(desk):
    page = ready(
        desk(
            address(a_page(introduction_en='<p><a href="page:gone">In short.</a></p>')),
            expected=("404", "Failed"),
        )
    )
    open_dialog(page)
    page.wait_for_selector("text=This page no longer exists.")
    page.keyboard.press("Escape")
    page.route("**/links/?*", lambda route: route.abort())
    open_dialog(page, "French")
    page.wait_for_selector("text=No answer from the site.")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_the_dialog_is_accessible_and_fits(desk, language, width):
    a_target()
    for number in range(14):
        a_live_page(
            title_en=f"A page with a rather long title about trade, number {number}", title_fr="س" * 60
        )
    page = ready(desk(address(a_page()), language=language, width=width))
    page.locator(f"[lang={language}].ProseMirror").first.click()  # on a phone, the only one that is shown
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    assert faults_of(page) == []
