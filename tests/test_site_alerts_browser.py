"""Site-wide alerts in a real browser: they fit, and assistive technology finds nothing wrong with them."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import publishing
from tests.factories import a_home_page, a_live_page
from tests.test_public_browser import visit  # noqa: F401 - a fixture
from tests.test_site_alerts import a_shown_alert

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.medium
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/", "/en/trade", "/fr/commerce"])
def test_alerts_fit_and_are_accessible(visit, path, width):  # noqa: F811
    publishing.publish(a_home_page(address_en="", address_fr=""), by=None)
    a_live_page(address_en="trade", address_fr="commerce")
    a_shown_alert(level="danger", heading_en="Do not travel", heading_fr="Ne voyagez pas " + "là-bas " * 12)
    a_shown_alert(level="information")
    page = visit(path, width=width)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".ci-site-alert").count() == (4 if path == "/" else 2)
