"""The list of pages in a real browser: put in order by keyboard and by dragging, and screens about several pages."""

import pytest

from pages import indexes
from pages.models import Page
from tests.admin_desk import faults_of
from tests.factories import a_home_page, a_live_page, a_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LIST = "/admin/pages/page/"
FRENCH_AND_NARROW = [("en", 1280), ("fr", 320)]


@pytest.fixture
def three(db):
    a_home_page()
    rows = [
        a_page(title_en=f"Page {name}", title_fr=f"Page {name}", position=position)
        for position, name in enumerate("ABC")
    ]
    indexes.rebuild()
    return rows


def order():
    pages = Page.objects.exclude(parent=None).in_tree_order().select_related("tree_path")
    return [f"{'-' * (page.tree_path.depth - 1)}{page.title_en[-1]}" for page in pages]


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_a_page_is_moved_by_keyboard_and_its_button_keeps_the_focus(desk, three, language, width):
    page = desk(LIST, language=language, width=width)
    button = page.locator(f"#move-up-{three[2].pk}")
    for expected in (["A", "C", "B"], ["C", "A", "B"]):
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".messagelist .success")
        page.wait_for_selector(f"#move-up-{three[2].pk}:focus")
        assert order() == expected
    assert faults_of(page) == []


@pytest.mark.parametrize(
    ("part", "expected"), [(0.1, ["C", "A", "B"]), (0.5, ["A", "-C", "B"]), (0.9, ["A", "C", "B"])]
)
def test_a_page_is_dragged_before_under_or_after_another_one(desk, three, part, expected):
    page = desk(LIST)
    row = page.locator("#result_list tbody tr").nth(1)
    box = row.bounding_box()
    target = {"x": 60, "y": box["height"] * part}
    page.locator(".ci-drag").nth(2).drag_to(row, target_position=target)
    page.wait_for_selector(".messagelist .success")
    assert order() == expected


def test_a_page_that_is_dropped_on_itself_stays(desk, three):
    page = desk(LIST)
    page.locator(".ci-drag").nth(1).drag_to(page.locator("#result_list tbody tr").nth(2))
    assert page.locator(".messagelist").count() == 0
    assert order() == ["A", "B", "C"]


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_several_pages_are_moved_below_another_one_by_keyboard(desk, three, language, width):
    page = desk(LIST, language=language, width=width)
    for row in three[1:]:
        page.locator(f".action-select[value='{row.pk}']").check()
    page.select_option("[name=action]", "bulk_move")
    page.locator("[name=index]").press("Enter")
    page.wait_for_selector("[name=parent]")
    assert faults_of(page) == []
    page.fill("[name=parent]", three[0].key)
    page.locator("[type=submit].default").press("Enter")
    page.wait_for_selector("#possible")
    assert faults_of(page) == []
    page.locator("[type=submit].default").press("Enter")
    page.wait_for_selector("h2:has-text('(2)')")
    page.wait_for_selector("form.ci-form", state="detached")
    assert order() == ["A", "-B", "-C"]
    assert faults_of(page) == []


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_the_screen_that_publishes_several_pages_breaks_no_rule(desk, language, width):
    ready, broken, same = a_page(title_en="Ready"), a_page(title_en="Broken", title_fr=""), a_live_page()
    pages = ",".join(str(page.pk) for page in (ready, broken, same))
    page = desk(f"{LIST}bulk/publish/?pages={pages}", language=language, width=width)
    assert faults_of(page) == []
    page.locator("[type=submit].default").click()
    page.wait_for_selector("form.ci-form", state="detached")
    assert faults_of(page) == []
    assert ready.editions.count() == 1


@pytest.mark.parametrize(("language", "width"), FRENCH_AND_NARROW)
def test_a_text_is_found_and_replaced(desk, language, width):
    written = a_page(title_en="A needle", title_fr="Une needle", introduction_en="<p>The needle</p>")
    page = desk(f"{LIST}find/?q=needle", language=language, width=width)
    assert page.locator("mark").count() == 3
    assert faults_of(page) == []
    page.goto(f"{LIST}replace/?q=needle&replacement=pin")
    page.locator("[name=place]").nth(1).uncheck()
    assert faults_of(page) == []
    page.locator("[type=submit].default").last.click()
    page.wait_for_selector("#results")
    assert faults_of(page) == []
    written.refresh_from_db()
    assert (written.title_en, written.title_fr) == ("A pin", "Une needle")
    assert written.introduction_en == "<p>The pin</p>"
