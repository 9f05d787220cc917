"""Visitors in a real browser, with and without scripts, which the public site never needs."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories import a_live_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [320, 1280]


@pytest.fixture
def visit(chromium, live_server):
    """Opens a public page: `visit("/en/", width=320, script=False)`."""
    contexts = []

    def open_page(path, *, width=1280, script=True):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def content():
    a_live_page(
        title_en="Equality",
        title_fr="L’égalité",
        address_en="equality",
        address_fr="egalite",
        introduction_en="<p>Equality for refugees.</p>",
        introduction_fr="<p>L’égalité pour les réfugiées.</p>",
    )


SEARCHES = {
    "en": ("/en/equality", "Search this site", "refugee", "Refugees", "Equality"),
    "fr": ("/fr/egalite", "Rechercher dans ce site", "refugie", "réfugiées", "L’égalité"),
}


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", SEARCHES)
def test_a_visitor_searches_by_keyboard_and_reads_what_is_found(visit, content, language, script):
    path, label, typed, marked, title = SEARCHES[language]
    page = visit(path, script=script)
    page.get_by_label(label).fill(typed)
    page.keyboard.press("Enter")
    assert page.locator("mark").inner_text().lower() == marked.lower()
    assert page.get_by_label(label).input_value() == typed
    page.get_by_role("link", name=title).click()
    assert page.url.endswith(path)


@pytest.mark.parametrize("script", [True, False])
def test_a_search_without_results_leads_on(visit, content, script):
    page = visit("/fr/egalite", script=script)
    page.get_by_label("Rechercher dans ce site").fill("« zèbre bleu » égalité")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("heading", name="Aucune page trouvée").wait_for()
    page.get_by_role("link", name="égalité", exact=True).click()
    page.get_by_role("heading", name="1 page trouvée").wait_for()
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="No page found").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    ["/en/search", "/en/search?q=refugees", "/fr/recherche?q=refugies", "/fr/recherche?q=%22zebre+bleu%22"],
)
def test_search_is_accessible_and_fits(visit, content, path, width):
    page = visit(path, width=width)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for target in page.locator(".ci-search input, .ci-search button, .ci-results__list a").all():
        assert target.bounding_box()["height"] >= 44
