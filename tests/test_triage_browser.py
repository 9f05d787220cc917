"""Problem reports in a real browser: the queue by keyboard, and every screen under axe and the admin’s own policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import publishing
from reports import triage
from tests.factories import a_page, a_report, a_text, an_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = "/admin/reports/problemreport/"


@pytest.fixture
def reported():
    """A live page with similar reports, one of them on a text that has changed since."""
    page = a_page(title_en="Trade", title_fr="Commerce")
    block = a_text(page, key="trade")
    publishing.publish(page, by=None)
    edition = page.editions.get()
    for language, details in (
        ("en", "Table 2 is empty"),
        ("en", "table 2 is empty!"),
        ("fr", "La carte manque"),
    ):
        a_report(edition, language=language, details=details, section="trade", severity=4)
    block.body_en, block.body_fr = "<p>Other words.</p>", "<p>D’autres mots.</p>"
    block.save()
    publishing.publish(page, by=None)
    page.title_en, page.title_fr = "Trade today", "Commerce aujourd’hui"
    page.save()
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


@pytest.mark.medium
def test_the_queue_is_gone_through_and_chosen_from_by_keyboard(desk, reported):
    page = desk(QUEUE)
    links = page.locator("#result_list th a")
    links.first.focus()
    page.keyboard.press("j")
    assert focused(page) == links.nth(1).inner_text().strip()
    page.keyboard.press("x")
    assert page.locator(".action-select:checked").count() == 1
    page.keyboard.press("k")
    assert focused(page) == links.first.inner_text().strip()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/**")
    assert page.locator("h1").inner_text().startswith("Report ")


@pytest.mark.slow
def test_the_keys_of_the_queue_mean_nothing_in_its_search(desk, reported):
    page = desk(QUEUE)
    page.fill("#searchbar", "")
    page.keyboard.type("jxk")
    assert page.input_value("#searchbar") == "jxk"
    assert page.locator(".action-select:checked").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_every_screen_of_reports_passes_axe_and_its_own_policy(desk, reported, language, width):
    report = reported.reports.first()
    triage.assign_to([report], by=an_account())
    triage.note(report, by=an_account(), text="Asked the author.")
    page = desk("/admin/", language=language, width=width)
    faults = {}
    for path in [
        "/admin/",
        QUEUE,
        f"{QUEUE}?page_id={reported.pk}",
        f"{QUEUE}{report.pk}/change/",
        f"{QUEUE}groups/",
        f"{QUEUE}figures/",
        f"{QUEUE}figures/?days=364&page={reported.pk}",
        f"/admin/pages/page/{reported.pk}/publish/",
        f"/{language}/corrections",
    ]:
        page.goto(path)
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        found = [f"policy: {each}" for each in page.evaluate("refused")]
        found += [] if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["too wide"]
        found += [each["id"] for each in Axe().run(page, options={"preload": False}).response["violations"]]
        if found:
            faults[path] = found
    assert faults == {}
