"""Blocks of every kind in a real browser, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import publishing, working_copy
from pages.document import BLOCKS
from tests.factories import a_block, a_document, a_home_page
from tests.test_block_kinds import stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(chromium, live_server):
    """Opens a public page with blocks of every kind: `visit("/en/trade")`."""
    publishing.publish(a_home_page(), by=None)
    blocks = tuple(stored(a_block(kind)) for kind in BLOCKS if kind != "shared")  # an empty place
    publishing.publish(working_copy.write(a_document(blocks=blocks)), by=None)
    contexts = []

    def open_page(path, *, width=1280, script=False, **options):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.medium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/en/trade", "/fr/commerce"])
def test_everybody_can_use_a_page_of_every_kind(visit, path, scheme):
    page = visit(path, script=True, color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.medium
@pytest.mark.parametrize("width", [320, 1280])
def test_no_kind_is_wider_than_the_screen(visit, width):
    page = visit("/fr/commerce", width=width, script=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.medium
def test_a_link_into_an_expandable_section_opens_it(visit):
    page = visit("/en/trade")
    text = page.get_by_text("one-expandable body in English")
    assert not text.is_visible()
    page.get_by_role("link", name="one-expandable heading in English").click()
    assert text.is_visible()


@pytest.mark.medium
def test_a_reader_opens_an_expandable_section_with_the_keyboard(visit):
    page = visit("/en/trade")
    page.locator(".ci-expandable summary", has_text="one-expandable").press("Enter")
    assert page.get_by_text("one-expandable body in English").is_visible()


@pytest.mark.medium
def test_an_expandable_section_is_open_on_paper(visit):
    page = visit("/en/trade")
    text = page.get_by_text("one-expandable body in English")
    page.emulate_media(media="print")
    assert text.is_visible()
