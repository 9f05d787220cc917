"""An address that is not one leads on: to the page that was meant, or to pages like it and a search."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import near_addresses, publishing
from tests.factories import a_home_page, a_live_page, a_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    publishing.publish(a_home_page(), by=None)
    about = a_live_page(
        title_en="About this site", title_fr="À propos du site", address_en="about", address_fr="a-propos"
    )
    a_live_page(
        parent=about,
        title_en="Design",
        title_fr="Conception",
        address_en="about/design",
        address_fr="a-propos/conception",
    )
    a_live_page(title_en="Contact", title_fr="Contact", address_en="contact", address_fr="contact")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/about/", "/en/about"),
        ("/en/About", "/en/about"),
        ("/EN/about", "/en/about"),
        ("/en-CA/about", "/en/about"),
        ("/Fr/A-Propos", "/fr/a-propos"),
        ("/fr/à-propos", "/fr/a-propos"),
        ("/en/about.", "/en/about"),
        ("/en/about)", "/en/about"),
        ("/en/about).", "/en/about"),
        ("/en/about,", "/en/about"),
        ("/en/about ", "/en/about"),
        ("/en/ about", "/en/about"),
        ("/en/about\u00a0»", "/en/about"),
        ("/en/about”", "/en/about"),
        ("/en/about//design", "/en/about/design"),
        ("/en/about/design.html", "/en/about/design"),
        ("/en/about/index.php", "/en/about"),
        ("/en/index.html", "/en/"),
        ("/EN", "/en/"),
        ("/en/Search", "/en/search"),
        ("/fr/Fil/", "/fr/fil"),
        ("/en/corrections/", "/en/corrections"),
        ("/en/corrections/About", "/en/corrections/about"),
        ("/en/Corrections.atom", "/en/corrections.atom"),
    ],
)
def test_an_address_that_is_written_in_another_way_leads_for_good_to_the_page(client, pages, path, target):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, target)
    assert client.get(target).status_code == 200


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/fr/about", "/fr/a-propos"),
        ("/en/A-propos/conception", "/en/about/design"),
        ("/fr/search", "/fr/recherche"),
        ("/en/fil", "/en/feed"),
        ("/about", "/en/about"),
        ("/a-propos/", "/fr/a-propos"),
    ],
)
def test_an_address_of_the_other_language_or_of_none_leads_to_the_page_for_now(client, pages, path, target):
    """Another page may have it one day."""
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, target)


@pytest.mark.medium
def test_what_was_asked_besides_stays(client, pages):
    assert client.get("/en/Search?q=trade&page=2")["Location"] == "/en/search?q=trade&page=2"


@pytest.mark.medium
def test_an_old_address_in_another_way_leads_to_the_page_too(client):
    page = a_live_page(address_en="trade")
    page.address_en = "commerce"
    page.save()
    publishing.publish(page, by=None)
    assert client.get("/en/Trade/")["Location"] == "/en/trade"
    assert client.get("/en/trade")["Location"] == "/en/commerce"


@pytest.mark.medium
def test_a_withdrawn_page_is_told_of_at_its_address_however_that_is_written(client):
    publishing.withdraw(a_live_page(address_en="trade", address_fr="commerce"), by=None)
    assert client.get("/en/Trade")["Location"] == "/en/trade"
    assert client.get("/fr/trade").status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize(
    "path", ["/contact", "/en/nothing/", "/nothing", "/en/about/nothing", "/de/about",
             "/en/preview/About", "/admin/About", "/static/About", "/media/about", "/en/%2e%2e/about2"]
)  # fmt: skip
def test_what_is_not_sure_leads_nowhere(client, pages, path):
    answer = client.get(path)
    assert answer.status_code in (302, 404)
    assert answer.status_code == 404 or answer["Location"].startswith("/admin/")


@pytest.mark.medium
def test_what_is_not_public_yet_is_not_told(client):
    page = a_page(address_en="secret-plan", title_en="Secret plan")
    assert client.get("/en/Secret-Plan").status_code == 404
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=1))
    for path in ("/en/Secret-Plan", "/secret-plan"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Secret plan" not in answer.text


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "heading", "offered"),
    [
        ("/en/about/designs", "You may be looking for", ["/en/about", "/en/about/design"]),
        ("/fr/a-propos/nulle-part", "Vous cherchez peut-être", ["/fr/a-propos"]),
        ("/en/old/contact.aspx", "You may be looking for", ["/en/contact"]),
    ],
)
def test_pages_like_the_address_are_offered_with_a_search_for_its_words(
    client, pages, path, heading, offered
):
    answer = client.get(path)
    assert answer.status_code == 404
    assert heading in answer.text
    for link in offered:
        assert f'<li><a href="{link}">' in answer.text
    words = " ".join(path.removesuffix(".aspx").replace("-", " ").split("/")[2:])
    assert f'value="{words}' in answer.text
    assert answer.text.count('role="search"') == 1


@pytest.mark.medium
def test_no_page_is_offered_where_none_is_like_it(client, pages):
    answer = client.get("/en/zebra")
    assert "You may be looking for" not in answer.text
    assert 'value="zebra"' in answer.text


@pytest.mark.parametrize("path", ["/wp-login.php", "/.env", "/en/" + "a" * 5000, "/x" * 400])
def test_what_no_address_looks_like_costs_no_query(path, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert near_addresses.redirect(path) is None


@pytest.mark.medium
def test_a_redirect_takes_two_queries_at_most(pages, django_assert_max_num_queries):
    for path in ("/en/About", "/fr/about", "/en/nothing", "/about", "/en/corrections/About"):
        with django_assert_max_num_queries(2):
            near_addresses.redirect(path)


@pytest.mark.medium
def test_no_address_leads_to_another_site(pages):
    for path in ("//evil.example/en/about", "//en/about", "/en//evil.example/about", "/\\evil.example/about"):
        found = near_addresses.redirect(path)
        assert found is None or found.path.startswith(("/en/", "/fr/"))


@pytest.mark.medium
@pytest.mark.parametrize("method", ["post", "options"])
def test_what_is_sent_is_not_led_on(client, pages, method):
    assert getattr(client, method)("/en/About").status_code in (404, 405)
