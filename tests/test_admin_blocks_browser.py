"""Blocks in the form of a page, in a real browser: adding, moving, deleting and folding keep the place."""

import pytest

from tests.admin_desk import address, blocks, faults_of, headings, ready
from tests.factories import a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FRENCH_AND_NARROW = [("en", 1280), ("fr", 390)]


def written_page(count):
    page = a_page()
    for number in range(count):
        a_text(page, heading_en=f"Part {number}", heading_fr=f"Partie {number}")
    return page


def top_of(locator):
    return locator.evaluate("(element) => element.getBoundingClientRect().top")


def top_at_rest(locator):
    """Where something is once it has not moved in twenty frames: editors that come into view get their height then."""
    return locator.evaluate("""async (element) => {
        const top = () => element.getBoundingClientRect().top
        for (let frames = 0, last = top(); frames < 20; frames = top() === last ? frames + 1 : 0) {
            last = top()
            await new Promise(requestAnimationFrame)
        }
        return top()
    }""")


def is_in_view(page):
    """Whether all that has the focus is between the line above the blocks and the bar below."""
    return page.evaluate(
        """() => {
            const { top, bottom } = document.activeElement.getBoundingClientRect()
            const line = document.querySelector(".tabs.regions").getBoundingClientRect().bottom
            return top >= line && bottom <= document.querySelector(".ci-bar").getBoundingClientRect().top
        }"""
    )


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_a_new_block_has_the_focus_in_its_first_field_in_view(desk, language, width):
    page = ready(desk(address(written_page(6)), language=language, width=width))
    page.locator(".ci-add button").first.click()
    page.wait_for_selector(f"[name=pages_textsection_set-6-heading_{language}]:focus")
    assert is_in_view(page)
    # Above the second block, by keyboard.
    second = blocks(page).nth(1)
    target = second.locator(".order-machine-insert-target")
    target.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[name=pages_textsection_set-7-heading_{language}]:focus")
    assert is_in_view(page)
    page.keyboard.type("Between")
    part = {"en": "Part", "fr": "Partie"}[language]
    parts = [f"{part} {number}" for number in range(6)]
    assert headings(page, language) == [parts[0], "Between", *parts[1:], ""]
    assert faults_of(page) == []


@pytest.mark.parametrize("kind", ["Action", "Link with description"])
def test_a_new_block_that_begins_with_an_editor_has_the_focus_in_it(desk, kind):
    page = ready(desk(address(written_page(1))))
    page.locator(f".ci-add button:text-is('{kind}')").click()
    focused = page.wait_for_selector("[role=textbox]:focus")
    assert focused.get_attribute("lang") == "en"
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog.ci-dialog--link")


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_a_block_is_copied_with_what_was_just_written_and_the_copy_has_the_focus(desk, language, width):
    written = written_page(2)
    page = ready(desk(address(written), language=language, width=width))
    field = blocks(page).first.locator(f"[name$=heading_{language}]")
    field.fill("Rewritten")
    name = {
        "en": "Save, then copy “Text: Rewritten”",
        "fr": "Enregistrer, puis copier «\u00a0Texte: Rewritten\u00a0»",
    }
    blocks(page).first.get_by_role("button", name=name[language]).click()
    page.wait_for_selector(".messagelist")
    ready(page)
    shown = language if width < 500 else "en"
    page.wait_for_selector(f"[name$=heading_{shown}]:focus")
    titles = [block.locator(f"[name$=heading_{language}]").input_value() for block in blocks(page).all()]
    assert titles == ["Rewritten", "Rewritten", "Part 1" if language == "en" else "Partie 1"]
    focused = page.evaluate(
        "document.activeElement.closest('.inline-related').querySelector('[name$=known_as]').value"
    )
    assert focused == blocks(page).nth(1).locator("[name$=known_as]").input_value()
    assert faults_of(page) == []


def test_a_block_that_is_moved_stays_under_the_pointer(desk):
    page = ready(desk(address(written_page(6))))
    block = blocks(page).nth(3)
    up = block.get_by_role("button", name="Move “Text: Part 3” up")
    up.scroll_into_view_if_needed()
    before = top_at_rest(up)
    up.click()
    moved = page.get_by_role("button", name="Move “Text: Part 3” up")
    assert headings(page)[2] == "Part 3"
    assert abs(top_of(moved) - before) <= 1
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move “Text: Part 3” up"


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_a_deletion_keeps_the_place_and_can_be_undone(desk, language, width):
    written = written_page(4)
    page = ready(desk(address(written), language=language, width=width))
    page.locator(".ci-add button").first.click()
    page.wait_for_selector(f"[name=pages_textsection_set-4-heading_{language}]:focus")
    page.keyboard.type("Mistake")
    for place in (1, 2, 4):
        block = blocks(page).nth(place)
        remove = block.locator(".ci-delete")
        remove.focus()
        page.wait_for_timeout(200)  # until the editors near it are made
        before = top_of(block)
        remove.press("Enter")
        if place < 3:  # what comes after the last block is too short to keep it there
            assert abs(top_of(block) - before) <= 1
        assert is_in_view(page)
        assert page.evaluate("document.activeElement.className") == "ci-tool ci-undelete"
    assert faults_of(page) == []
    blocks(page).nth(2).locator(".ci-undelete").press("Enter")
    assert page.evaluate("document.activeElement.className") == "ci-tool ci-delete"
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    assert [text.heading_en for text in written.pages_textsection_set.all()] == ["Part 0", "Part 2", "Part 3"]


def test_what_is_marked_for_deletion_is_still_so_after_a_refusal(desk):
    page = ready(desk(address(written_page(3))))
    blocks(page).nth(1).locator(".ci-delete").click()
    page.fill("#id_address_en", "Not an address")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#errors")
    ready(page)
    marked = [block.get_attribute("class") for block in blocks(page).all()]
    assert ["for-deletion" in classes for classes in marked] == [False, True, False]


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_blocks_fold_one_and_all_and_stay_so(desk, language, width):
    written = written_page(3)
    page = ready(desk(address(written), language=language, width=width))

    def folded():
        return [block.locator("fieldset").first.is_hidden() for block in blocks(page).all()]

    assert folded() == [False, False, False]
    blocks(page).nth(1).locator(".ci-fold").press("Enter")
    assert folded() == [False, True, False]
    page.reload()
    ready(page)
    assert folded() == [False, True, False]
    page.locator(".ci-fold-all button").first.click()
    assert folded() == [True, True, True]
    assert faults_of(page) == []
    titles = [block.locator(".inline_label").inner_text() for block in blocks(page).all()]
    assert titles == [f"{'Part' if language == 'en' else 'Partie'} {number}" for number in range(3)]
    page.fill(f"#id_title_{language}", "New")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    ready(page)
    assert folded() == [True, True, True]
    page.locator(".ci-fold-all button").last.click()
    assert folded() == [False, False, False]


def test_a_long_page_opens_folded_and_a_link_to_a_field_unfolds_its_block(desk):
    written = written_page(13)
    text = written.pages_textsection_set.first()
    text.heading_en = text.heading_fr = ""
    text.body_en = "<p>Words that say <em>what</em> this is about.</p>"
    text.save()
    page = ready(desk(address(written)))
    assert all(block.locator("fieldset").first.is_hidden() for block in blocks(page).all())
    assert page.locator(".order-machine .ci-editor").count() == 0
    assert blocks(page).first.locator(".inline_label").inner_text() == "Words that say what this is about."
    page.evaluate(f"location.hash = 'block-{text.key}-body_fr'")
    page.wait_for_selector(".ci-editor [lang=fr]:focus")
    assert not blocks(page).first.locator("fieldset").first.is_hidden()


def test_the_name_of_a_block_does_not_hold_the_names_of_its_buttons(desk):
    page = ready(desk(address(written_page(1))))
    assert page.get_by_role("heading", name="Text: Part 0", exact=True).count() == 1
