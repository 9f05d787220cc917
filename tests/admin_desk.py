"""What tests of the admin in a real browser share: finding their way in a form, and its faults."""

from axe_playwright_python.sync_playwright import Axe

# Every script and style that a page adds is told to us, with what the policy refused.
WATCH = """
    window.refused = []
    document.addEventListener("securitypolicyviolation", (event) => {
        refused.push(`${event.violatedDirective} ${event.sample}`)
    })
"""


def blocks(page):
    return page.locator(".order-machine .inline-related:not(.empty-form)")


def headings(page, language="en"):
    return [block.locator(f"[name$=heading_{language}]").input_value() for block in blocks(page).all()]


def show(page, language):
    """Chooses the language whose fields a phone shows; on a wider screen both are there, and nothing is chosen."""
    if page.is_visible(".ci-languages"):
        page.check(f".ci-languages [value={language}]", force=True)


def address(page, screen="change"):
    return f"/admin/pages/page/{page.pk}/{screen}/"


def ready(page):
    page.wait_for_selector(".ci-add")
    return page


def faults_of(page):
    """What the policy refused, whether the page is wider than the window, and the rules of axe that it breaks."""
    refused = [f"policy: {each}" for each in page.evaluate("window.refused || []")]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page, options={"preload": False}).response["violations"]
    return [*refused, *([] if fits else ["too wide"]), *(f"{page.url}: {each['id']}" for each in violations)]
