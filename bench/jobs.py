"""How many clicks, keys and screens do jobs of an editor take? `python bench/jobs.py`; needs Chromium.

Walks each job in a browser, on a site of its own, and counts what a person does: a click for each press of the mouse,
two for a choice from a menu, a key for each letter; a screen for each document that is loaded, the first one included.
"""

import shutil
import sys

from a_site import Site

START = "/admin/pages/page/{}/change/"
SESSION = """
from django.contrib.auth import get_user_model
from django.test import Client
from pages.models import Page
person = get_user_model().objects.create_superuser("bench", password=None)
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(person)
print(client.cookies["session"].value, *Page.objects.filter(key__startswith="trial-").values_list("pk", flat=True))
"""


class Person:
    """Somebody at a browser, whose clicks, keys and screens are counted."""

    def __init__(self, context, path):
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.clicks = self.keys = self.screens = 0
        self.page.on("load", self._note_screen)
        self.page.goto(path)

    def _note_screen(self, _page):
        self.screens += 1

    def click(self, selector, **options):
        self.clicks += 1
        self.page.locator(selector, **options).first.click()

    def lead(self, selector, **options):
        """Clicks on what leads to another screen."""
        with self.page.expect_navigation():
            self.click(selector, **options)

    def choose(self, selector, label):
        self.clicks += 2
        self.page.select_option(selector, label=label)

    def type(self, selector, text):
        """Goes to a field by a click, and writes."""
        self.click(selector)
        self.keys += len(text)
        self.page.keyboard.type(text)

    def put_date(self, selector):
        """Writes a date and time, which has twelve digits."""
        self.clicks, self.keys = self.clicks + 1, self.keys + 12
        self.page.fill(selector, "2027-11-30T09:00")


def publish_later(person):
    person.type("#id_title_en", " (new)")
    person.lead("[value=publish]")
    person.click("[name=when][value=later]")
    person.put_date("[name=at]")
    person.lead("#content-main [type=submit]")


def archive_later(person):
    person.lead(".object-tools a[href$='/archive/']")
    person.click("[name=when][value=later]")
    person.put_date("[name=at]")
    person.lead("#content-main [type=submit]")


def withdraw(person):
    person.lead(".object-tools a[href$='/withdraw/']")
    person.lead("#content-main [type=submit]")


def where_used(person):
    person.lead(".object-tools a[href$='/uses/']")


def copy(person):
    person.lead(".object-tools a[href$='/copy/']")
    person.lead("#content-main [type=submit]")


def share(person):
    person.lead(".object-tools a[href$='/history/']")
    person.lead("a[href$='/share/']")
    person.lead("#content-main [type=submit]")


def restore(person):
    person.type("#id_title_en", " (wrong)")
    person.lead("[name=_continue]")
    person.lead(".object-tools a[href$='/history/']")
    person.lead("a[href*='/restore/']")
    person.lead("#content-main [type=submit]")


def submit_and_approve(person):
    person.type("#id_title_en", " (new)")
    person.lead("[value=submit]")
    person.lead("#content-main [type=submit]")
    person.lead("#content-main [value=approve]")


def find_and_replace(person):
    person.lead(".object-tools a[href$='/find/']")
    person.type("#id_q", "training")
    person.lead("#content-main [type=submit]")
    person.lead("a[href*='/replace/']")
    person.type("#id_replacement", "courses")
    person.lead("#content-main form:not([method=post]) [type=submit]")
    person.lead("#content-main form[method=post] [type=submit]")
    person.lead("a[href*='/bulk/publish/']")
    person.lead("#content-main [type=submit]")


def withdraw_ten(person):
    for row in range(3, 13):
        person.clicks += 1
        person.page.locator("#result_list tbody [name=_selected_action]").nth(row).check()
    person.choose("[name=action]", "Withdraw…")
    person.lead("#changelist-form .actions [type=submit]")
    person.type("#id_explanation_en", "Merged.")
    person.type("#id_explanation_fr", "Fusionnées.")
    person.lead("#content-main [type=submit]")


# Each with what it is called, and where it begins: the form of a page of its own, or the list.
JOBS = {
    "publish a change tomorrow at 09:00": (publish_later, START),
    "archive in a year": (archive_later, START),
    "withdraw a page": (withdraw, START),
    "see where a page is used": (where_used, START),
    "copy a page": (copy, START),
    "share a preview without an account": (share, START),
    "save a mistake, and restore the edition before it": (restore, START),
    "submit a change, and approve it": (submit_and_approve, START),
    "find a text, replace it over pages and publish them": (find_and_replace, "/admin/pages/page/"),
    "withdraw ten pages with one explanation": (withdraw_ten, "/admin/pages/page/"),
}


def main():
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or sys.exit(
        "This needs Chromium (on Debian: apt install chromium)."
    )
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--anyway", "--pages", 20, "--reports", 0)
        session, *pages = site.manage("shell", "-v", "0", "-c", SESSION).split()
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            context = browser.new_context(base_url=site.environment["SITE_URL"])
            context.add_cookies([{"name": "session", "value": session, "url": site.environment["SITE_URL"]}])
            print("Clicks / keys / screens:")
            for page, (name, (job, start)) in zip(pages, JOBS.items(), strict=False):
                person = Person(context, start.format(page))
                job(person)
                print(f"{name}: {person.clicks} / {person.keys} / {person.screens}", flush=True)
                person.page.close()
            browser.close()
    finally:
        site.remove()


if __name__ == "__main__":
    main()
