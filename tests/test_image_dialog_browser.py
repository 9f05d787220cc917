"""The dialog for images within a text in a real browser: by mouse and keyboard, in both languages."""

import pytest
from playwright.sync_api import expect

from pages import image_marks, indexes, publishing
from pages.models import TextSection
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_page, a_png, a_text, an_image

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def some_images():
    an_image(
        key="flag",
        title_en="Flag",
        title_fr="Drapeau",
        alternative_text_en="Flag of Iraq",
        alternative_text_fr="Drapeau de l’Irak",
    )
    an_image(key="seal", data=a_png(60, 40, "red"), title_en="Seal", title_fr="Sceau")


def a_page_with_list():
    page = a_page()
    a_text(page, body_en="<ul>\n<li>Iraq</li>\n</ul>", body_fr="<ul>\n<li>Irak</li>\n</ul>")
    return page


def editor_of(page, language):
    return page.locator(".ci-editor", has=page.get_by_role("textbox", name=f"Text ({language})"))


def open_dialog(page, language="English"):
    box = page.get_by_role("textbox", name=f"Text ({language})")
    box.click()
    page.keyboard.press("Control+Home")
    editor_of(page, language).locator(".ci-tool--image").click()
    return page.locator("dialog.ci-dialog")


def images_of(page, language):
    value = page.locator(f"textarea[name$='-body_{language}']:not([name*='__prefix__'])").input_value()
    return list(image_marks.images_in(value))


def test_an_image_is_found_and_inserted_by_keyboard_and_offered_in_the_other_language(desk):
    some_images()
    written = a_page_with_list()
    page = ready(desk(address(written)))
    dialog = open_dialog(page)
    assert dialog.get_by_role("heading").inner_text() == "Insert an image"
    page.keyboard.press("Enter")
    assert dialog.get_by_role("alert").inner_text() == "Choose an image from the list."
    page.keyboard.type("drapeau")
    expect(page.locator("[role=option]")).to_have_count(1)
    assert not faults_of(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Inserts: Flag")
    expect(dialog.get_by_label("The text of the library: Flag of Iraq")).to_be_checked()
    assert not faults_of(page)
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    [image] = images_of(page, "en")
    assert (image.key, image.own_text, image.text) == ("flag", None, "Flag of Iraq")
    shown = editor_of(page, "English").locator("img.ci-inline-image")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    page.get_by_role("button", name="Insert the same image here: Flag").click()
    [image] = images_of(page, "fr")
    assert (image.key, image.text) == ("flag", "Drapeau de l’Irak")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=was saved")
    row = TextSection.objects.get(parent=written)
    assert '<img src="image:flag" default="Flag of Iraq" width="40"' in row.body_en
    assert not faults_of(page)


def test_the_alternative_text_is_changed_and_an_image_is_removed(desk):
    some_images()
    page = ready(desk(address(a_page_with_list())))
    dialog = open_dialog(page)
    page.locator("[role=option]:has-text('Seal')").click()
    expect(dialog.get_by_label("Another text")).to_be_checked()
    expect(dialog.get_by_label("The text of the library")).to_be_disabled()
    dialog.get_by_role("button", name="Insert").click()
    assert dialog.get_by_role("alert").inner_text().startswith("Enter the alternative text")
    dialog.get_by_label("Alternative text").fill("Seal of the embassy")
    dialog.get_by_role("button", name="Insert").click()
    assert images_of(page, "en")[0].own_text == "Seal of the embassy"
    editor_of(page, "English").locator("img.ci-inline-image").click()
    editor_of(page, "English").locator(".ci-tool--image").click()
    page.wait_for_selector("text=Inserts: Seal")
    assert dialog.get_by_role("heading").inner_text() == "Change the image"
    assert dialog.get_by_label("Alternative text").input_value() == "Seal of the embassy"
    dialog.get_by_label("Nothing: the image is decorative").check()
    dialog.get_by_role("button", name="Done").click()
    assert images_of(page, "en")[0].own_text == ""
    page.wait_for_timeout(600)  # or it would be the second click of two
    editor_of(page, "English").locator("img.ci-inline-image").click()
    editor_of(page, "English").locator(".ci-tool--image").click()
    page.wait_for_selector("text=Inserts: Seal")
    dialog.get_by_role("button", name="Remove the image").click()
    assert not images_of(page, "en")


def test_an_image_of_the_library_is_copied_and_any_other_is_said_to_be_left_out(desk):
    some_images()
    page = ready(desk(address(a_page_with_list())))
    open_dialog(page)
    page.locator("[role=option]:has-text('Flag')").click()
    page.wait_for_selector("text=Inserts: Flag")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.evaluate(
        """() => {
          const always = { bubbles: true, cancelable: true }
          const event = (type, clipboardData) => new ClipboardEvent(type, { clipboardData, ...always })
          const [own, foreign] = [new DataTransfer(), new DataTransfer()]
          const editor = document.activeElement
          editor.dispatchEvent(event("copy", own))
          getSelection().collapseToEnd()
          document.dispatchEvent(new Event("selectionchange"))
          editor.dispatchEvent(event("paste", own))
          foreign.setData("text/html", '<p>Words <img src="https://example.org/a.png" alt="x"></p>')
          editor.dispatchEvent(event("paste", foreign))
        }"""
    )
    assert [image.key for image in images_of(page, "en")] == ["flag", "flag"]
    page.wait_for_selector("text=Left out of what you pasted: 1 image.")


def test_enter_pressed_twice_inserts_one_image_and_escape_inserts_none(desk):
    some_images()
    page = ready(desk(address(a_page_with_list())))
    dialog = open_dialog(page)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert images_of(page, "en") == []
    dialog = open_dialog(page)
    page.keyboard.type("flag")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Inserts: Flag")
    page.evaluate("""() => {
        const form = document.querySelector("dialog.ci-dialog form")
        form.requestSubmit()
        form.requestSubmit()
    }""")
    dialog.wait_for(state="detached")
    assert len(images_of(page, "en")) == 1


def test_a_heading_takes_no_image(desk):
    some_images()
    written = a_page()
    a_text(written, body_en="<h3>Iraq</h3>\n<p>Words</p>")
    page = ready(desk(address(written)))
    page.get_by_role("textbox", name="Text (English)").locator("h3").click()
    expect(editor_of(page, "English").locator(".ci-tool--image")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize(
    ("tool", "markup"),
    [
        ("heading3", "<h3>Iraq</h3>"),
        ("terms", "<dl>\n<dt>Iraq</dt>\n<dd>is a country</dd>\n</dl>"),
        ("codeLines", "<pre>"),
    ],
)
def test_an_image_that_a_heading_or_a_term_cannot_have_is_left_out_and_this_is_said(desk, tool, markup):
    some_images()
    written = a_page()
    a_text(written, body_en='<p><img src="image:flag"> Iraq</p>\n<p>is a country</p>', body_fr="<p>Irak</p>")
    indexes.update_drafts([written])
    page = ready(desk(address(written)))
    box = page.get_by_role("textbox", name="Text (English)")
    box.locator("p").first.click()
    page.keyboard.press("Control+a" if tool == "terms" else "Control+Home")
    editor_of(page, "English").locator(f".ci-tool--{tool}").click()
    message = "1 image was left out. Headings, terms and code have no images."
    expect(editor_of(page, "English").locator(".ci-pasted")).to_have_text(message)
    expect(box.locator("img")).to_have_count(0)
    assert images_of(page, "en") == []
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=was saved")
    assert TextSection.objects.get(parent=written).body_en.startswith(markup)


def test_an_image_that_somebody_deletes_is_not_said_to_be_left_out(desk):
    some_images()
    written = a_page()
    a_text(written, body_en='<p><img src="image:flag"> Iraq</p>', body_fr="<p>Irak</p>")
    indexes.update_drafts([written])
    page = ready(desk(address(written)))
    image = page.get_by_role("textbox", name="Text (English)").locator("img.ci-inline-image")
    image.click()
    page.keyboard.press("Delete")
    expect(image).to_have_count(0)
    expect(editor_of(page, "English").locator(".ci-pasted")).to_have_count(0)


def test_what_a_comparison_says_of_an_image_fits_a_phone(desk):
    image = an_image(key="flag", alternative_text_en="Flag of Iraq", alternative_text_fr="Drapeau de l’Irak")
    written = a_page()
    text = '<ul>\n<li><img src="image:flag"> Iraq</li>\n</ul>'
    a_text(written, body_en=text, body_fr=text)
    indexes.update_drafts([written])
    publishing.publish(written, by=None)
    image.alternative_text_en = "Banner of Iraq"
    with indexes.updating_for_shared([image]):
        image.save()
    page = desk(f"/admin/pages/page/{written.pk}/compare/", width=390)
    expect(page.get_by_text("Alternative text of the image “Flag of Iraq” changed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
