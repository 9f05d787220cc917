"""A form that is refused says so at its top, where the focus is, and leads to each field."""

import pytest

from pages.models.page import Page
from tests.admin_desk import address, blocks, faults_of, ready, show
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_home_page, a_page, a_text

LONG = "x" * 300


@pytest.mark.medium
@pytest.mark.django_db
def test_errors_are_listed_with_links_in_the_order_of_the_form(staff_client):
    a_page(title_en="Trade", address_en="trade")
    page = a_page()
    a_text(page, heading_en="First")
    a_text(page, heading_en="Second")
    data = page_form(staff_client, page) | {
        "address_en": "trade",
        "pages_textsection_set-0-heading_fr": LONG,
        "pages_textsection_set-0-ordering": "90",
        "pages_textsection_set-1-heading_fr": LONG,
    }
    answer = staff_client.post(change_address(page), data)
    summary = answer.context["error_summary"]
    assert [line[:2] for line in summary.lines] == [
        ("Address (English):", "id_address_en"),
        ("Text “Second”, Heading (French):", "id_pages_textsection_set-0-heading_fr"),
        ("Text “First”, Heading (French):", "id_pages_textsection_set-1-heading_fr"),
    ]
    shown = answer.content.decode()
    assert shown.count("Not saved: 3 errors") == 2  # in the list and in the bar
    assert "<title>Error: " in shown
    assert "Please correct" not in shown


@pytest.mark.medium
@pytest.mark.django_db
def test_blocks_keep_their_titles_and_marks_when_a_save_is_refused(staff_client):
    page = a_page()
    for heading in ("First", "Second", "Third"):
        a_text(page, heading_en=heading)
    data = page_form(staff_client, page) | {
        "title_en": LONG,
        "pages_textsection_set-0-heading_en": "Renamed",
        "pages_textsection_set-0-ordering": "90",
        "pages_textsection_set-1-DELETE": "on",
    }
    answer = staff_client.post(change_address(page), data)
    shown = answer.content.decode()
    titles = [part.split("<")[0] for part in shown.split('<span class="inline_label">')[1:]][:3]
    assert titles == ["Second", "Third", "Renamed"]
    again = fields(answer, "page_form")
    marked = [number for number in range(3) if again.get(f"pages_textsection_set-{number}-DELETE")]
    assert marked == [0]
    staff_client.post(change_address(page), again | {"title_en": "Short"})
    assert [text.heading_en for text in page.pages_textsection_set.all()] == ["Third", "Renamed"]


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("is_new", [True, False])
def test_an_address_that_is_taken_is_an_error_of_its_field(staff_client, language, is_new):
    a_page(**{f"address_{language}": "trade"})
    page = a_page()
    path = "/admin/pages/page/add/" if is_new else change_address(page)
    data = fields(staff_client.get(path), "page_form") | {"title_en": "New", f"address_{language}": "trade"}
    answer = staff_client.post(path, data)
    assert [line.target for line in answer.context["error_summary"].lines] == [f"id_address_{language}"]


@pytest.mark.medium
@pytest.mark.django_db
def test_a_conflict_alone_is_no_error_of_a_field(staff_client):
    page = a_page(title_en="Before")
    data = page_form(staff_client, page) | {"title_en": "Mine"}
    Page.objects.filter(pk=page.pk).update(title_en="Theirs")
    shown = staff_client.post(change_address(page), data).content.decode()
    assert "Not saved\n</h2>" in shown
    assert "Someone saved this page while you were writing." in shown


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390)])
def test_a_refused_form_is_shown_from_its_errors(desk, language, width):
    a_page(title_en="Trade", address_en="trade")
    written = a_page()
    for number in range(6):
        a_text(written, heading_en=f"Part {number}", heading_fr=f"Partie {number}")
    page = ready(desk(address(written), language=language, width=width))
    show(page, "en")
    page.fill("#id_address_en", "trade")
    show(page, "fr")
    last = blocks(page).nth(5)
    last.locator("[name$=heading_fr]").evaluate("(field) => { field.maxLength = 999 }")
    last.locator("[name$=heading_fr]").fill(LONG)
    last.locator(".ci-tools button").nth(1).click()
    page.keyboard.press("Control+s")
    page.wait_for_selector("#errors:focus")
    page.wait_for_timeout(400)  # the content editor restores the place of the screen after 200 ms
    assert page.evaluate("document.getElementById('errors').getBoundingClientRect().top") >= 0
    text = {"en": "Not saved: 2 errors", "fr": "Non enregistré : 2 erreurs"}[language]
    assert page.inner_text("#errors h2").replace("\xa0", " ") == text
    assert page.inner_text("#unsaved").replace("\xa0", " ") == text
    assert faults_of(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_address_en"
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    page.locator("#errors a[href$=heading_fr]").press("Enter")
    focused = page.locator(":focus")
    assert focused.input_value() == LONG
    assert page.evaluate(
        "document.activeElement.getBoundingClientRect().bottom"
        " <= document.querySelector('.ci-bar').getBoundingClientRect().top"
    )
    page.click("#unsaved a")
    assert page.evaluate("document.activeElement.id") == "errors"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_refused_new_page_gives_the_focus_to_its_errors(desk):
    a_home_page()
    page = ready(desk("/admin/pages/page/add/"))
    page.click("text=Save")
    page.wait_for_selector("#errors:focus")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == "errors"
    page.goto("/admin/pages/partnerorganization/add/")
    page.click("[name=_save]")
    page.wait_for_selector("#errors:focus")
