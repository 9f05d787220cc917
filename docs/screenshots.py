"""Takes the screenshots of the guides and of public pages from a site of its own: `make screenshots`.

The site has the starter content, one change of a page and a few problem reports, so that each screen shows something.
"""

import io
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import a_site  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

LANGUAGES = ("en", "fr")
WIDTH, HEIGHT = 1100, 720
# Colours of a picture: enough for screens of text, in a tenth of the bytes.
COLOURS = 64
PASSWORD = "a password for pictures"

PAGE = "canada-strategy-iraq"
REPORTS = [
    (PAGE, "outdated", "The amount in the third paragraph is not the one of this year."),
    (PAGE, "outdated", "The amount is not the one of this year."),
    ("contact", "unclear", "I cannot find the telephone number of the embassy."),
]


def take_front_page(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/")


def take_form(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/pages/page/{_page(browser, address)}/change/")


def take_publish(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/pages/page/{_page(browser, address)}/publish/")


def take_history(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/pages/page/{_page(browser, address)}/history/")


def take_report_list(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/reports/problemreport/")


def take_report(browser: Page, address: str) -> None:
    browser.goto(f"{address}/admin/reports/problemreport/")
    browser.locator("#result_list tbody th a, #result_list tbody td a").first.click()


# The name of each picture, as the guides call it.
SCREENS = {
    "front-page": take_front_page,
    "form": take_form,
    "publish": take_publish,
    "history": take_history,
    "report-list": take_report_list,
    "report": take_report,
}

# Public pages, as public-pages.md shows them: on a phone, a tablet and a desk, by the width of the window.
PUBLIC_PAGES = {
    "home": "/en/",
    "page": "/fr/strategie-canada-irak",
    "partners": "/en/partner-organizations",
    "search": "/fr/recherche?q=stabilisation",
    "report": "/en/report-a-problem/canada-strategy-iraq",
}
WINDOWS = {390: 844, 768: 1024, 1280: 800}


def _page(browser: Page, address: str) -> str:
    """Return the number of the page on the strategy, which has a change."""
    response = browser.request.get(f"{address}/admin/pages/page/?q={PAGE}")
    return re.search(r"/admin/pages/page/(\d+)/change/", response.text())[1]


def prepare(site: a_site.Site) -> None:
    """Make an account, and serve the site."""
    account = ["--noinput", "--username=amal", "--email=amal@example.org"]
    site.manage("createsuperuser", *account, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    site.start()


def send_reports(browser: Page, address: str) -> None:
    """Send the reports as a visitor would who has no script."""
    for page, reason, details in REPORTS:
        fields = {"reasons": reason, "details": details}
        browser.request.post(
            f"{address}/en/report-a-problem/{page}",
            data=urlencode(fields),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )


def sign_in(browser: Page, address: str, language: str) -> None:
    """Sign in, with the screens in one language."""
    browser.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    browser.goto(f"{address}/admin/login/?next=/admin/")
    browser.fill("#id_username", "amal")
    browser.fill("#id_password", PASSWORD)
    browser.press("#id_password", "Enter")
    browser.wait_for_selector("#user-tools")


def change_page(browser: Page, address: str) -> None:
    """Change a page in both languages and save it, so that there is something to publish."""
    take_form(browser, address)
    for field, more in (("#id_description_en", "Updated."), ("#id_description_fr", "Mise à jour.")):
        browser.fill(field, f"{browser.input_value(field)} {more}")
    with browser.expect_navigation():
        browser.click("[name=_continue]")


def save(picture: bytes, file: Path) -> None:
    """Write a picture with few colours, so that the documents stay light."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(file, optimize=True)


def take_public_pages(chromium: Browser, address: str, folder: Path) -> list[Path]:
    """Take every public page in every window, and return the files."""
    files = []
    for width, height in WINDOWS.items():
        browser = chromium.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        for name, path in PUBLIC_PAGES.items():
            browser.goto(f"{address}{path}")
            files.append(folder / f"{name}-{width}.png")
            save(browser.screenshot(), files[-1])
        browser.close()
    return files


def take_all(folder: Path) -> list[Path]:
    """Take every screen in every language, and return the files."""
    site = a_site.Site(workers=1)
    files = []
    try:
        prepare(site)
        address = site.environment["SITE_URL"]
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            for language in LANGUAGES:
                browser = chromium.new_page(
                    viewport={"width": WIDTH, "height": HEIGHT}, locale=f"{language}-CA"
                )
                sign_in(browser, address, language)
                if language == LANGUAGES[0]:
                    send_reports(browser, address)
                    change_page(browser, address)
                for name, take in SCREENS.items():
                    take(browser, address)
                    files.append(folder / language / f"{name}.png")
                    save(browser.screenshot(), files[-1])
            files += take_public_pages(chromium, address, folder / "public")
            chromium.close()
    finally:
        site.remove()
    return files


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    folders = os.get_exec_path()
    return next(
        (f"{folder}/{name}" for name in names for folder in folders if Path(folder, name).exists()), None
    )


if __name__ == "__main__":
    for file in take_all(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images"):
        print(file)
