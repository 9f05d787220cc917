"""The public pages and the form of editors in Firefox and in WebKit, which Playwright’s Chromium says nothing of."""

import time

import pytest
from django.conf import settings as site
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from pages import publishing
from pages.models.page import Page
from reports.models import ProblemReport
from tests import other_browsers
from tests.factories import a_home_page, a_page, a_text, an_objective

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# What forbids a page to be shown inside another one, which is how it is given the width of a phone: no window of
# these browsers is as narrow.
AGAINST_FRAMES = (
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
)

PHONE = """
    const [path, width, size] = arguments
    const frame = document.createElement("iframe")
    frame.style = `width: ${width}px; height: 900px; border: 0`
    document.documentElement.replaceChildren(document.createElement("body"))
    document.body.append(frame)
    frame.src = path
    frame.onload = () => {
      frame.contentDocument.documentElement.style.fontSize = size
      window.ready = true
    }
"""
OVERLAPS = """
    const page = frames[0].document
    const boxes = [".ci-identity", ".ci-toggle a:not([hidden])", ".ci-search"].map((part) =>
      page.querySelector(part)?.getBoundingClientRect()).filter(Boolean)
    const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 &&
      one.top < other.bottom - 1 && other.top < one.bottom - 1
    return boxes.some((one, place) => boxes.slice(place + 1).some((other) => meet(one, other)))
"""
TOGGLES = """
    return [...document.querySelectorAll(".ci-toggle a")].filter((link) => link.getClientRects().length)
      .map((link) => new URL(link.href).pathname + new URL(link.href).hash)
"""


@pytest.fixture(params=["Firefox", "WebKit"])
def browser(request, tmp_path):
    kind, executable = {
        "Firefox": (other_browsers.Firefox, other_browsers.find_firefox()),
        "WebKit": (other_browsers.WebKit, other_browsers.find_webkit()),
    }[request.param]
    if not executable:
        pytest.skip(f"no {request.param} on this machine (Debian: firefox-esr; webkit2gtk-driver and xvfb)")
    found = kind(executable, tmp_path)
    yield found
    found.quit()


@pytest.fixture
def trade():
    publishing.publish(a_home_page(title_en="Canada and Iraq", title_fr="Canada et Irak"), by=None)
    page = a_page(
        title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce", takes_reports=True
    )
    a_text(page, heading_en="Wheat", heading_fr="Blé")
    an_objective(page, title_en="Peace", title_fr="Paix")
    publishing.publish(page, by=None)
    return page


@pytest.fixture
def phone_server(settings, tmp_path):
    """The address of the starter content, whose pages may be shown inside another one."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    call_command("import_content", str(site.BASE_DIR / "pages" / "starter"), publish=True, verbosity=0)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name not in AGAINST_FRAMES]
    server = LiveServer("localhost")
    yield server.url
    server.stop()


def until(browser, script, *, seconds=20):
    """Waits until a script gives something true, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := browser.run(script):
                return found
        except (RuntimeError, OSError):  # the page is being left
            pass
        time.sleep(0.1)
    raise AssertionError(f"{browser.name}: not within {seconds} s: {script}")


def submit(browser, selector):
    browser.run("document.querySelector(arguments[0]).click()", selector)


def test_one_link_leads_to_the_other_language_and_keeps_the_section(browser, live_server, trade):
    browser.get(f"{live_server.url}/en/trade")
    assert browser.run(TOGGLES) == ["/fr/commerce"]
    browser.get(f"{live_server.url}/en/trade#peace")
    assert until(browser, TOGGLES) == ["/fr/commerce#paix"]
    browser.run("document.styleSheets[0].disabled = true")
    assert browser.run(TOGGLES) == ["/fr/commerce"]


def test_a_visitor_searches_reports_a_problem_and_corrects_an_error(browser, live_server, trade):
    browser.get(f"{live_server.url}/fr/commerce")
    browser.run("document.querySelector('#search_header').value = 'ble'")
    submit(browser, ".ci-header .ci-button")
    assert until(browser, "return document.querySelector('mark')?.textContent").lower() == "blé"
    browser.get(f"{live_server.url}/fr/commerce")
    submit(browser, ".ci-report summary")
    submit(browser, ".ci-report button")
    until(browser, "return document.activeElement.classList.contains('ci-error-summary')")
    submit(browser, ".ci-choice input")
    submit(browser, ".ci-form button")
    back = "return document.title.startsWith('Merci') && document.querySelector('main p a[href$=commerce]').textContent"
    assert until(browser, back) == "Commerce"
    assert ProblemReport.objects.count() == 1


def test_nothing_runs_off_a_phone_or_overlaps_also_with_letters_twice_as_large(phone_server, browser):
    pages = Page.objects.all()
    paths = [f"/en/{page.address_en}" for page in pages] + [f"/fr/{page.address_fr}" for page in pages]
    paths += ["/fr/recherche?q=securite", "/fr/corrections", "/en/nowhere"]
    paths += ["/fr/signaler-un-probleme/canada-iraq-relations"]
    browser.get(f"{phone_server}/robots.txt")
    faults = []
    for width, size in ((320, ""), (320, "200%"), (390, "200%")):
        for path in paths:
            browser.run("window.ready = false")
            browser.run(PHONE, path, width, size)
            until(browser, "return window.ready")
            wide = browser.run("return frames[0].document.documentElement.scrollWidth")
            if wide > width or browser.run(OVERLAPS):
                faults.append((path, width, size, wide))
    assert faults == []


def test_an_editor_writes_and_saves(browser, live_server, staff_client, trade):
    browser.get(f"{live_server.url}/robots.txt")
    browser.add_cookie(site.SESSION_COOKIE_NAME, staff_client.cookies[site.SESSION_COOKIE_NAME].value)
    browser.get(f"{live_server.url}/admin/pages/page/{trade.pk}/change/")
    until(browser, "return document.querySelectorAll('.ProseMirror').length >= 4")
    browser.run("""
        const title = document.querySelector("[name=title_en]")
        title.value = "Trade and wheat"
        title.dispatchEvent(new Event("input", {bubbles: true}))
        const text = document.querySelector(".inline-related:not(.empty-form) .ProseMirror")
        text.focus()
        getSelection().selectAllChildren(text)
        document.execCommand("insertText", false, "Canada sells wheat.")
    """)
    until(browser, "return document.querySelector('.inline-related:not(.empty-form) textarea[name$=body_en]')"
                   ".value.includes('sells wheat')")  # fmt: skip
    submit(browser, "[name=_continue], [name=_save]")
    until(browser, "return document.querySelector('.messagelist .success, .messagelist li')")
    trade.refresh_from_db()
    assert trade.title_en == "Trade and wheat"


def test_a_page_prints(browser, live_server, trade):
    """That no heading is left at the foot of a page was looked at by hand: nothing reads a PDF here."""
    if not isinstance(browser, other_browsers.Firefox):
        pytest.skip("WebKitGTK’s driver does not print")
    browser.get(f"{live_server.url}/en/trade")
    assert browser.pdf().startswith(b"%PDF")
