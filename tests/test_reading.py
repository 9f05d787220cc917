"""Reading pages in a real browser: by anyone, on any screen, without script."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from django.core.management import call_command

from pages import stylesheet
from tests.test_page_html import error_html, front_door_html, page_html

pytestmark = pytest.mark.browser

# Every component and every kind of page, in one language or both. They need no server and no database.
PAGES = {
    "/": front_door_html,
    "/nowhere": lambda: error_html(404, None),
    "/en/trade": lambda: page_html("en"),
    "/fr/commerce": lambda: page_html("fr", kind="archived"),
}
SCREENS = {
    "narrow": {"viewport": {"width": 320, "height": 700}, "color_scheme": "light"},
    "wide and dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "in the reader’s colours": {"viewport": {"width": 768, "height": 900}, "forced_colors": "active"},
}
HERE = "http://site.test"


@pytest.fixture
def browse(chromium):
    """Opens pages in contexts of their own, which are closed at the end."""
    contexts = []

    def in_a_new_page(**options):
        contexts.append(chromium.new_context(**options))
        return contexts[-1].new_page()

    yield in_a_new_page
    for context in contexts:
        context.close()


def answer(route):
    path = urlsplit(route.request.url).path
    if path == f"/static/{stylesheet.NAME}":
        route.fulfill(content_type="text/css", body=stylesheet.smaller(stylesheet.source()))
    elif path in PAGES:
        route.fulfill(content_type="text/html; charset=utf-8", body=PAGES[path]())
    else:
        route.fulfill(status=404, body="")


@pytest.fixture
def read(browse):
    """Opens pages that are served from `PAGES`."""

    def a_page(**options):
        page = browse(base_url=HERE, **options)
        page.route("**/*", answer)
        return page

    return a_page


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.slow
def test_a_reader_who_changes_language_stays_in_the_same_section_without_script(read):
    page = read(java_script_enabled=False)
    page.goto("/en/trade")
    toggle = page.locator(".ci-toggle a:visible")
    assert toggle.get_attribute("href") == "/fr/commerce"
    page.locator('.ci-contents a[href="#aid"]').click()
    assert toggle.count() == 1
    toggle.click()
    page.wait_for_url(f"{HERE}/fr/commerce#aide")
    toggle.click()
    page.wait_for_url(f"{HERE}/en/trade#aid")


@pytest.mark.medium
def test_a_place_within_a_section_leads_to_its_section_in_the_other_language(read):
    page = read()
    page.goto("/en/trade#exports")
    assert page.locator(".ci-toggle a:visible").get_attribute("href") == "/fr/commerce#commerce"


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_an_accessibility_fault_or_is_too_wide(read, screen):
    page = read(**SCREENS[screen])
    faults = []
    for path in PAGES:
        page.goto(path)
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        faults += [(path, "too wide")] if is_too_wide(page) else []
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        faults += [(path, fault["id"], fault["nodes"][0]["html"]) for fault in found]
    assert faults == []


@pytest.mark.slow
def test_texts_spaced_as_readers_may_need_them_stay_on_a_narrow_screen(read):
    page = read(viewport={"width": 320, "height": 700})
    for path in PAGES:
        page.goto(path)
        # https://www.w3.org/TR/WCAG22/#text-spacing
        page.add_style_tag(
            content="* { line-height: 1.5; letter-spacing: 0.12em; word-spacing: 0.16em }"
            "p { margin-bottom: 2em }"
        )
        assert not is_too_wide(page), path


@pytest.mark.slow
def test_a_word_without_end_stays_on_a_narrow_screen(read):
    page = read(viewport={"width": 320, "height": 700})
    for path in PAGES:
        page.goto(path)
        page.evaluate(
            "for (const text of document.querySelectorAll('h1, h2, h3, a, p, figcaption'))"
            " text.textContent = 'W'.repeat(200)"
        )
        assert not is_too_wide(page), path


@pytest.mark.medium
def test_controls_are_large_enough_to_touch(read):
    page = read(viewport={"width": 320, "height": 700})
    page.goto("/en/trade")
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    small = page.evaluate(
        "[...document.querySelectorAll('a, button, summary, .ci-choice label')]"
        ".filter(e => e.checkVisibility() && !e.closest('.ci-prose, .ci-skip') && e.offsetHeight < 44)"
        ".map(e => e.outerHTML)"
    )
    assert small == []


@pytest.mark.slow
def test_a_printed_page_shows_where_links_lead_and_no_navigation(read):
    page = read()
    page.goto("/en/trade")
    page.emulate_media(media="print")
    for part in (".ci-contents", ".ci-toggle", ".ci-report", ".ci-footer nav"):
        assert not page.locator(part).is_visible()
    link = page.locator('main a[href^="https"]').first
    assert link.evaluate("link => getComputedStyle(link, '::after').content").startswith('" (https://')


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_starter_pages_fit_narrow_screens_in_three_requests_without_a_complaint(
    browse, live_server, client, settings, tmp_path
):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    call_command("import_content", str(site.BASE_DIR / "pages" / "starter"), publish=True, verbosity=0)
    page = browse(viewport={"width": 320, "height": 700}, base_url=live_server.url)
    said, requests, faults = [], [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    places = [line.split("<")[0] for line in client.get("/sitemap.xml").text.split("<loc>")[1:]]
    for place in places:
        requests.clear()
        page.goto(urlsplit(place).path)
        faults += [place] if is_too_wide(page) else []
        assert all(url.startswith(live_server.url) for url in requests)
        assert len({url for url in requests if "/media/" not in url}) <= 3
    assert len(places) > 10
    assert (faults, said) == ([], [])
