"""The form of a page by keyboard: nothing that has the focus is covered, and names begin with what is seen."""

import pytest

from tests.admin_desk import address, ready
from tests.factories import a_page, a_text

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

COVERED = """() => {
    const focused = document.activeElement
    const bar = document.querySelector(".ci-bar")
    if (bar.contains(focused) || getComputedStyle(bar).position === "static") return ""
    const { top, bottom, height } = focused.getBoundingClientRect()
    const edge = bar.getBoundingClientRect().top
    if (height > edge || (top >= 0 && bottom <= edge)) return ""
    return `${focused.id || focused.className}: ${bottom} is below ${edge}`
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 256), (1280, 900)])
def test_nothing_that_has_the_focus_is_behind_the_bar(desk, width, height):
    written = a_page()
    for number in range(2):
        a_text(written, heading_en=f"Part {number}")
    page = ready(desk(address(written), width=width))
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    page.focus("#id_title_en")
    covered = set()
    for _stop in range(60):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        covered.add(page.evaluate(COVERED))
    assert covered == {""}


def test_names_of_tools_begin_with_what_is_seen_of_them(desk):
    page = ready(desk(address(a_page())))
    page.wait_for_selector(".ci-toolbar")
    tools = page.locator(".ci-toolbar").first.locator(".ci-tool").all()
    seen = {tool.text_content(): tool.get_attribute("aria-label") for tool in tools}
    spoken = {sign: name for sign, name in seen.items() if any(letter.isalnum() for letter in sign)}
    assert len(spoken) > 10
    assert [sign for sign, name in spoken.items() if not name.startswith(sign)] == []
