"""Visitors in a real browser, with and without scripts, which the public site never needs."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import publishing
from reports.models import ProblemReport
from tests.factories import a_home_page, a_live_page, a_page, a_partner, a_text, an_objective

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [320, 1280]

# Every run tries the site without scripts, continuous integration also with them.
ALSO_WITH_SCRIPTS = pytest.param(True, marks=pytest.mark.slow)
ENGLISH_WITH_SCRIPTS = pytest.param("en", True, marks=pytest.mark.slow)


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


@pytest.fixture
def trade():
    """A home page, and below it a page whose objective has a partner without a website."""
    home = a_home_page(title_en="Canada and Iraq", title_fr="Canada et Irak")
    publishing.publish(home, by=None)
    page = a_page(
        title_en="Trade",
        title_fr="Commerce",
        address_en="trade",
        address_fr="commerce",
        takes_reports=True,
    )
    link = '<p>See <a href="https://www.un.org/">the United Nations</a>.</p>'
    a_text(page, heading_en="Wheat", heading_fr="Blé", body_en=link, body_fr=link)
    partner = a_partner(name_en="Non-governmental organizations of both countries", acronym_en="NGO",
                        name_fr="Organisations non gouvernementales des deux pays", acronym_fr="ONG")  # fmt: skip
    an_objective(page, title_en="Peace", title_fr="Paix", partners=[partner])
    publishing.publish(page, by=None)


# Read.


@pytest.mark.medium
@pytest.mark.parametrize("script", [ALSO_WITH_SCRIPTS, False])
def test_a_visitor_comes_in_by_the_front_door_reads_on_and_changes_language(visit, trade, script):
    page = visit("/", script=script)
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Canada and Iraq"
    page.goto("/en/trade")
    assert page.get_by_role("navigation", name="Breadcrumb").inner_text() == "Home"
    page.get_by_role("link", name="Français").click()
    assert page.url.endswith("/fr/commerce")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.get_by_role("heading", level=1).inner_text() == "Commerce"
    page.get_by_role("link", name="Accueil").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Canada et Irak"


@pytest.mark.medium
def test_the_keyboard_reaches_the_content_first_and_the_language_next(visit, trade):
    page = visit("/en/trade", width=320)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "wb-cont"
    page.goto("/fr/commerce")
    focused = []
    for _ in range(4):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert focused[1:] == ["Passer à «\u00a0À propos de ce site\u00a0»", "Pages Canada-Irak", "English"]


@pytest.mark.slow
def test_on_a_phone_the_language_stands_beside_the_name_and_an_acronym_stays_whole(visit, trade):
    page = visit("/fr/commerce", width=320)
    name, toggle = (page.locator(part).bounding_box() for part in (".ci-identity", ".ci-toggle"))
    assert name["x"] + name["width"] <= toggle["x"]
    assert abs(name["y"] + name["height"] / 2 - toggle["y"] - toggle["height"] / 2) < 4
    acronym = page.locator("abbr", has_text="ONG").bounding_box()
    assert acronym["width"] > acronym["height"]


@pytest.mark.slow
def test_an_arabic_name_runs_from_right_to_left_also_where_nobody_said_so(visit):
    name = '<span lang="ar">جمهورية العراق</span>'
    a_live_page(address_en="name", introduction_en=f"<p>Its name is {name}.</p>")
    name = visit("/en/name").locator("span[lang=ar]")
    assert name.evaluate("name => getComputedStyle(name).direction") == "rtl"


@pytest.mark.medium
@pytest.mark.parametrize("script", [ALSO_WITH_SCRIPTS, False])
def test_a_printed_page_has_its_text_and_addresses_and_nothing_to_click(visit, trade, script):
    page = visit("/fr/commerce", script=script)
    page.emulate_media(media="print")
    for part in (".ci-toggle", ".ci-search", ".ci-report", ".ci-footer nav", ".ci-skip"):
        assert not page.locator(part).is_visible(), part
    for part in (".ci-identity", "h1", ".ci-objective__partners", ".ci-date", ".ci-footer__notice >> nth=0"):
        assert page.locator(part).is_visible(), part
    link = page.locator('main a[href^="https"]')
    assert link.evaluate("link => getComputedStyle(link, '::after').content") == '" (https://www.un.org/)"'
    assert page.pdf().startswith(b"%PDF")


# Report.


REPORTS = {
    "en": ("/en/trade", "Report a problem on this page", "It has a spelling mistake", "details", "Submit",
           "characters over the limit", "Thank you for your help!"),
    "fr": ("/fr/commerce", "Signaler un problème sur cette page", "Il y a une erreur d’orthographe", "détails",
           "Soumettre", "Votre texte dépasse de", "Merci de votre aide!"),
}  # fmt: skip


@pytest.mark.medium
@pytest.mark.parametrize(("language", "script"), [ENGLISH_WITH_SCRIPTS, ("fr", False)])
def test_a_visitor_reports_a_problem_and_corrects_an_error(visit, trade, language, script):
    path, summary, reason, details, submit, fault, thanks = REPORTS[language]
    page = visit(path, width=320, script=script)
    page.get_by_text(summary).click()
    page.get_by_label(reason).check()
    page.get_by_role("textbox", name=details).fill("The second table is empty. " * 15)
    page.get_by_role("button", name=submit).click()
    page.locator(".ci-error-summary:focus a", has_text=fault).click()
    box = page.get_by_role("textbox", name=details)
    assert box.evaluate("box => box === document.activeElement")
    assert box.input_value().startswith("The second table is empty.")
    assert page.get_by_label(reason).is_checked()
    box.fill("The second table is empty.")
    page.get_by_role("button", name=submit).click()
    assert page.get_by_role("heading", level=1).inner_text() == thanks
    report = ProblemReport.objects.get()
    assert (report.details, report.spelling) == ("The second table is empty.", True)


# Search.


SEARCHES = {
    "en": ("/en/equality", "Search this site", "refugee", "Refugees", "Equality"),
    "fr": ("/fr/egalite", "Rechercher dans ce site", "refugie", "réfugiées", "L’égalité"),
}


@pytest.mark.medium
@pytest.mark.parametrize(("language", "script"), [ENGLISH_WITH_SCRIPTS, ("fr", False)])
def test_a_visitor_searches_by_keyboard_and_reads_what_is_found(visit, content, language, script):
    path, label, typed, marked, title = SEARCHES[language]
    page = visit(path, script=script)
    page.get_by_label(label).fill(typed)
    page.keyboard.press("Enter")
    assert page.locator("mark").inner_text().lower() == marked.lower()
    assert page.get_by_label(label).input_value() == typed
    page.get_by_role("link", name=title).click()
    assert page.url.endswith(path)


@pytest.mark.slow
def test_a_search_without_results_leads_on(visit, content):
    page = visit("/fr/egalite", script=False)
    page.get_by_label("Rechercher dans ce site").fill("« zèbre bleu » égalité")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("heading", name="Aucune page trouvée").wait_for()
    page.get_by_role("link", name="égalité", exact=True).click()
    page.get_by_role("heading", name="1 page trouvée").wait_for()
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="No page found").wait_for()


@pytest.mark.slow
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
