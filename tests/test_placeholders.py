"""Settings named in a text are shown with the value of the day, wherever the text is read."""

import pytest

from pages import indexes, placeholders, publishing
from pages.search.results import results
from tests.factories import a_live_page, a_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "days", "shown"),
    [
        ("en", 180, "180 days"),
        ("fr", 180, "180 jours"),
        ("en", 1, "1 day"),
        ("fr", 1, "1 jour"),
        ("en", 1200, "1,200 days"),
        ("fr", 1200, "1\u00a0200 jours"),
    ],
)
def test_a_value_is_a_number_of_days_in_words(settings, language, days, shown):
    settings.REPORTS_KEPT_DAYS = days
    assert placeholders.value("reports_kept_days", language) == shown
    assert placeholders.fill("<p>For {reports_kept_days}.</p>", language) == f"<p>For {shown}.</p>"


@pytest.mark.parametrize(
    "text", ["{secret_key}", "{SPAM_KEPT_DAYS}", "{ spam_kept_days }", "{}", "{", "a{b}c"]
)
def test_nothing_but_the_names_on_the_list_is_filled_in(text):
    assert placeholders.fill(text, "en") == text


def test_every_name_on_the_list_has_a_value():
    assert placeholders.names() == ("reports_kept_days", "spam_kept_days", "emergency_days")
    assert [placeholders.value(name, "en") for name in placeholders.names()] == [
        "180 days",
        "30 days",
        "5 days",
    ]


@pytest.fixture
def page():
    page = a_live_page(
        title_en="Privacy", title_fr="Vie privée", address_en="privacy", address_fr="vie-privee"
    )
    a_text(
        page,
        body_en="<p>We keep reports for {reports_kept_days}.</p>",
        body_fr="<p>Nous conservons les signalements {reports_kept_days}.</p>",
    )
    publishing.publish(page, by=None)
    return page


@pytest.mark.medium
def test_a_page_shows_the_value_of_the_setting_and_its_edition_holds_the_name(client, page, settings):
    for days in (180, 90):
        settings.REPORTS_KEPT_DAYS = days
        assert f"for {days}\u00a0days." in client.get("/en/privacy").content.decode()
        assert f"signalements {days}\u00a0jours." in client.get("/fr/vie-privee").content.decode()
    assert "{reports_kept_days}" in page.editions.first().document


@pytest.mark.medium
def test_a_preview_shows_it_too(staff_client, page):
    shown = staff_client.get(f"/admin/pages/page/{page.pk}/preview/fr/").content.decode()
    assert "signalements 180\u00a0jours." in shown


@pytest.mark.medium
def test_search_finds_and_shows_the_value(page, settings):
    [found] = results("180 days", "en").found
    assert "<mark>180</mark>" in found.extract
    assert "{" not in found.extract
    settings.REPORTS_KEPT_DAYS = 90
    [found] = results("reports", "en").found
    assert "for 90\u00a0days" in found.extract  # before the index is made again, too
    indexes.rebuild(["search"])
    assert [result.path for result in results("90 jours", "fr").found] == ["/fr/vie-privee"]
