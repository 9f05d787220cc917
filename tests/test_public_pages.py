"""What visitors get at public addresses: live editions only, in both languages, and clear refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import publishing
from pages.document import Bilingual
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_objective,
)

pytestmark = pytest.mark.django_db


def test_a_page_is_read_in_both_languages(client):
    a_live_page(title_en="Trade", address_en="trade", title_fr="Le commerce", address_fr="commerce")
    english, french = client.get("/en/trade"), client.get("/fr/commerce")
    assert "Trade</h1>" in english.text
    assert "Le commerce</h1>" in french.text
    assert '<html lang="fr"' in french.text
    assert french["Content-Language"] == "fr"


def test_the_home_page_is_read_in_both_languages(client):
    publishing.publish(a_home_page(title_en="Home", title_fr="Accueil"), by=None)
    assert "Home</h1>" in client.get("/en/").text
    assert "Accueil</h1>" in client.get("/fr/").text


def test_the_front_door_offers_both_languages(client):
    text = client.get("/").text
    assert 'href="/en/"' in text
    assert 'href="/fr/"' in text


@pytest.mark.parametrize("blocks", [0, 10])
def test_a_page_takes_one_query(client, django_assert_num_queries, blocks):
    above = a_live_page(address_en="above")
    page = a_page(parent=above, address_en="trade")
    for _ in range(blocks):
        an_objective(page, partners=[a_partner(), a_partner()])
    a_page_list(page)
    publishing.publish(page, by=None)
    for number in range(blocks):
        a_live_page(parent=page, address_en=f"below-{number}")
    with django_assert_num_queries(1):
        assert client.get("/en/trade").status_code == 200


MARKER = "SECRETDRAFT"


def _a_draft(page):
    """Puts the marker into every field of a working copy that a visitor could ever see."""
    for field in ("title", "description", "introduction"):
        for language in ("en", "fr"):
            setattr(page, f"{field}_{language}", f"{MARKER} {field}")
    page.address_en, page.address_fr = f"{MARKER}-{page.key}".lower(), f"{MARKER}-{page.key}-fr".lower()
    page.save()
    secret = {f"{name}_{language}": MARKER for name in ("heading", "body") for language in ("en", "fr")}
    a_text(page, **secret)
    an_objective(page, title_en=MARKER, title_fr=MARKER, partners=[a_partner(name_en=MARKER, name_fr=MARKER)])
    a_partner_list(
        page, heading_en=MARKER, heading_fr=MARKER, partners=[a_partner(name_en=MARKER, name_fr=MARKER)]
    )
    a_figure(
        page, alternative_text_en=MARKER, alternative_text_fr=MARKER, caption_en=MARKER, caption_fr=MARKER
    )
    a_page_list(page, heading_en=MARKER, heading_fr=MARKER)


def test_no_public_address_shows_anything_of_a_draft(client):
    home = a_home_page()
    a_page_list(home)
    publishing.publish(home, by=None)
    live = a_live_page(address_en="trade", address_fr="commerce")
    never = a_page(parent=live, key="never-published")
    scheduled = a_page(key="later")
    for page in (never, scheduled, live, home):
        _a_draft(page)
    home.address_en = home.address_fr = ""
    home.save()
    publishing.publish(scheduled, by=None, at=timezone.now() + timedelta(hours=1))
    addresses = [
        "/",
        "/robots.txt",
        "/sitemap.xml",
        "/en/",
        "/fr/",
        "/en/trade",
        "/fr/commerce",
        "/en/nothing",
        "/en/feed",
        "/fr/fil",
        f"/en/search?q={MARKER}",
        f"/fr/recherche?q={MARKER}",
        "/en/search?q=page",
        "/fr/recherche?q=page",
    ]
    addresses += [f"/en/{page.address_en}" for page in (never, scheduled, live)]
    addresses += [f"/fr/{page.address_fr}" for page in (never, scheduled, live)]
    for address in addresses:
        # What was asked for is said again: the address, and the words of a search.
        said = client.get(address).text.lower().replace(address.lower(), "")
        said = said.replace(f'value="{MARKER}"'.lower(), "").replace(f"?q={MARKER}".lower(), "")
        assert MARKER.lower() not in said.replace(f"<title>{MARKER}".lower(), ""), address
    assert [client.get(address).status_code for address in addresses[-6:]] == [404] * 6


def test_a_draft_answers_exactly_like_a_page_that_never_was(client):
    page = a_page()
    draft, nothing = client.get(f"/en/{page.address_en}"), client.get("/en/nothing-here")
    assert draft.status_code == nothing.status_code == 404
    assert draft.text.replace(page.address_en, "") == nothing.text.replace("nothing-here", "")


def test_an_old_address_leads_to_the_new_one_in_the_same_language(client):
    page = a_live_page(address_en="old", address_fr="ancienne")
    page.address_en, page.address_fr = "new", "nouvelle"
    page.save()
    publishing.publish(page, by=None)
    for language, old, new in (("en", "old", "new"), ("fr", "ancienne", "nouvelle")):
        response = client.get(f"/{language}/{old}")
        assert (response.status_code, response["Location"]) == (301, f"/{language}/{new}")


def test_a_future_address_is_not_known_before_its_time(client):
    page = a_live_page(address_en="now")
    page.address_en = "then"
    page.save()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    assert client.get("/en/then").status_code == 404


def test_a_withdrawn_page_is_gone_and_says_why_in_both_languages(client):
    page = a_live_page(address_en="old-news", address_fr="anciennes-nouvelles")
    publishing.withdraw(page, by=None, explanation=Bilingual("It was replaced.", "Elle a été remplacée."))
    english, french = client.get("/en/old-news"), client.get("/fr/anciennes-nouvelles")
    assert english.status_code == french.status_code == 410
    assert "It was replaced." in english.text
    assert "Elle a été remplacée." in french.text


def test_an_archived_page_says_so_on_top(client):
    page = a_live_page(address_en="old-news", address_fr="anciennes-nouvelles")
    publishing.archive(page, by=None)
    assert "archived" in client.get("/en/old-news").text
    assert "archivé" in client.get("/fr/anciennes-nouvelles").text


def test_a_withdrawn_page_is_in_no_list(client):
    home = a_home_page()
    a_page_list(home)
    publishing.publish(home, by=None)
    gone = a_live_page(title_en="Gone for good", address_en="gone-for-good")
    assert "Gone for good" in client.get("/en/").text
    publishing.withdraw(gone, by=None)
    assert "Gone for good" not in client.get("/en/").text
    assert "gone-for-good" not in client.get("/sitemap.xml").text


def test_the_breadcrumb_follows_the_pages_above_as_they_are_live(client):
    publishing.publish(a_home_page(), by=None)
    above = a_live_page(title_en="Trade")
    a_live_page(parent=above, address_en="wheat")
    above.title_en = "Trade relations"
    above.save()
    assert ">Trade</" in client.get("/en/wheat").text
    publishing.publish(above, by=None)
    assert ">Trade relations</" in client.get("/en/wheat").text


def test_the_sitemap_names_each_page_in_both_languages(client):
    a_live_page(address_en="trade", address_fr="commerce")
    text = client.get("/sitemap.xml").text
    assert "<loc>http://testserver/en/trade</loc>" in text
    assert "<loc>http://testserver/fr/commerce</loc>" in text
    assert 'hreflang="fr" href="http://testserver/fr/commerce"' in text


def test_the_sitemap_takes_a_constant_number_of_queries(client, django_assert_num_queries):
    for _ in range(4):
        a_live_page()
    with django_assert_num_queries(1):
        client.get("/sitemap.xml")


def test_robots_are_kept_out_of_the_admin(client):
    text = client.get("/robots.txt").text
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_a_page_that_has_not_changed_is_not_sent_again(client):
    a_live_page(address_en="trade")
    first = client.get("/en/trade")
    assert client.get("/en/trade", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/en/trade", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304


@pytest.mark.parametrize(
    "address",
    ["/", "/en/trade", "/en/nothing", "/sitemap.xml", "/robots.txt", "/fr/recherche?q=prix", "/en/feed"],
)
def test_public_answers_know_nobody(client, staff_client, address):
    a_live_page(address_en="trade")
    for visitor in (client, staff_client):
        response = visitor.get(address, headers={"accept-language": "fr"})
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()
        assert "accept-language" not in response.get("Vary", "").lower()


def test_staff_and_visitors_are_sent_the_same_bytes(client, staff_client):
    from django.test import Client

    a_live_page(address_en="trade")
    assert staff_client.get("/en/trade").content == Client().get("/en/trade").content


@pytest.mark.parametrize(
    "address",
    ["/", "/en/trade", "/fr/nothing", "/en/report-a-problem/received/thank-you", "/en/search?q=trade"],
)
def test_public_pages_run_no_script_and_load_nothing_from_elsewhere(client, address):
    a_live_page(address_en="trade")
    policy = client.get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "address",
    [
        "/en/Trade",
        "/en/trade/",
        "/en/../en/trade",
        "/en/..%2f..%2fetc/passwd",
        "/de/trade",
        "/en/%FF%FE",
        "/en/" + "a" * 5000,
        "/en//",
        "/en/trade%0d%0aSet-Cookie:x=1",
        "/media/images/../../database.sqlite3",
        "/media/images/" + "0" * 64 + "/320.webp",
    ],
)
def test_an_address_that_is_not_one_is_not_found(client, address):
    a_live_page(address_en="trade")
    response = client.get(address)
    assert response.status_code == 404
    assert "Traceback" not in response.text


@pytest.mark.parametrize("query", ["?q=%00", "?page=%00&x=1"])
def test_a_nul_byte_is_refused(client, query):
    assert client.get(f"/en/{query}").status_code == 400


def test_a_host_that_is_not_ours_is_refused(client):
    response = client.get("/en/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_methods_that_no_page_has_are_refused(client, method):
    response = getattr(client, method)("/en/")
    assert response.status_code == 405
    assert response["Allow"]


def test_a_page_cannot_be_posted_to(client):
    a_live_page(address_en="trade")
    assert client.post("/en/trade").status_code == 405


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7", "idna", "nonsense"])
@pytest.mark.parametrize("address", ["/en/", "/admin/login/"])
def test_another_charset_than_utf_8_is_refused(client, charset, address):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", address, b"a=1", content_type=kind).status_code == 415


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client):
    response = client.post("/en/", b"x" * 5_000_000, content_type="application/octet-stream")
    assert response.status_code == 413


def test_a_body_of_unknown_length_is_refused(client):
    response = client.generic(
        "POST", "/en/", b"", headers={"transfer-encoding": "chunked"}, CONTENT_LENGTH=""
    )
    assert response.status_code == 411


@pytest.mark.parametrize("address", ["/en/nothing", "/fr/rien", "/nowhere"])
def test_refusals_carry_the_browser_defences(client, address):
    response = client.get(address)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_an_unknown_page_is_told_in_the_language_of_the_address(client):
    assert "Page not found" in client.get("/en/nothing").text
    assert "Page non trouvée" in client.get("/fr/rien").text
    both = client.get("/nowhere").text
    assert "Page not found" in both
    assert "Page non trouvée" in both


def test_a_failure_is_told_in_both_languages_without_its_cause(client, monkeypatch):
    def fail(*args):
        raise RuntimeError("the cause")

    monkeypatch.setattr("pages.views.rendering.edition", fail)
    a_live_page(address_en="trade")
    client.raise_request_exception = False
    response = client.get("/en/trade")
    assert response.status_code == 500
    assert "the cause" not in response.text


def test_a_picture_is_served_so_that_it_can_do_nothing_else(client):
    page = a_page(address_en="map")
    figure = a_figure(page)
    publishing.publish(page, by=None)
    response = client.get(f"/media/images/{figure.image.digest}/{figure.image.widths[0]}.webp")
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
