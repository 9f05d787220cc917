"""What visitors get at public addresses: live editions only, in both languages, and clear refusals."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone

from pages import cache_tags, publishing
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


@pytest.mark.medium
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


@pytest.mark.medium
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
        said = re.sub(r'(name="q" value=)"[^"]*"', "", said).replace(f"?q={MARKER}".lower(), "")
        assert MARKER.lower() not in said.replace(f"<title>{MARKER}".lower(), ""), address
    assert [client.get(address).status_code for address in addresses[-6:]] == [404] * 6


@pytest.mark.medium
def test_a_draft_answers_exactly_like_a_page_that_never_was(client):
    page = a_page()
    draft, nothing = client.get(f"/en/{page.address_en}"), client.get("/en/nothing-here")
    assert draft.status_code == nothing.status_code == 404
    words = [page.address_en.replace("-", " "), "nothing here"]
    said = [
        answer.text.replace(f'value="{typed}"', "")
        for answer, typed in zip([draft, nothing], words, strict=True)
    ]
    assert said[0] == said[1]


@pytest.mark.medium
def test_an_old_address_leads_to_the_new_one_in_the_same_language(client):
    page = a_live_page(address_en="old", address_fr="ancienne")
    page.address_en, page.address_fr = "new", "nouvelle"
    page.save()
    publishing.publish(page, by=None)
    for language, old, new in (("en", "old", "new"), ("fr", "ancienne", "nouvelle")):
        response = client.get(f"/{language}/{old}")
        assert (response.status_code, response["Location"]) == (301, f"/{language}/{new}")


@pytest.mark.medium
def test_a_future_address_is_not_known_before_its_time(client):
    page = a_live_page(address_en="now")
    page.address_en = "then"
    page.save()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    assert client.get("/en/then").status_code == 404


@pytest.mark.medium
def test_a_withdrawn_page_is_gone_and_says_why_in_both_languages(client):
    page = a_live_page(address_en="old-news", address_fr="anciennes-nouvelles")
    publishing.withdraw(page, by=None, explanation=Bilingual("It was replaced.", "Elle a été remplacée."))
    english, french = client.get("/en/old-news"), client.get("/fr/anciennes-nouvelles")
    assert english.status_code == french.status_code == 410
    assert "It was replaced." in english.text
    assert "Elle a été remplacée." in french.text


@pytest.mark.medium
def test_an_archived_page_says_so_on_top(client):
    page = a_live_page(address_en="old-news", address_fr="anciennes-nouvelles")
    publishing.archive(page, by=None)
    assert "archived" in client.get("/en/old-news").text
    assert "archivé" in client.get("/fr/anciennes-nouvelles").text


@pytest.mark.medium
def test_a_withdrawn_page_is_in_no_list(client):
    home = a_home_page()
    a_page_list(home)
    publishing.publish(home, by=None)
    gone = a_live_page(title_en="Gone for good", address_en="gone-for-good")
    assert "Gone for good" in client.get("/en/").text
    publishing.withdraw(gone, by=None)
    assert "Gone for good" not in client.get("/en/").text
    assert "gone-for-good" not in client.get("/sitemap.xml").text


@pytest.mark.medium
def test_the_breadcrumb_follows_the_pages_above_as_they_are_live(client):
    publishing.publish(a_home_page(), by=None)
    above = a_live_page(title_en="Trade")
    a_live_page(parent=above, address_en="wheat")
    above.title_en = "Trade relations"
    above.save()
    assert ">Trade</" in client.get("/en/wheat").text
    publishing.publish(above, by=None)
    assert ">Trade relations</" in client.get("/en/wheat").text


def test_robots_are_kept_out_of_the_admin(client):
    text = client.get("/robots.txt").text
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


@pytest.mark.medium
def test_a_page_that_has_not_changed_is_not_sent_again(client):
    a_live_page(address_en="trade")
    first = client.get("/en/trade")
    assert client.get("/en/trade", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/en/trade", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304


@pytest.mark.medium
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


@pytest.mark.medium
@pytest.mark.parametrize(
    "address",
    [
        "/en/../en/trade",
        "/en/..%2f..%2fetc/passwd",
        "/de/trade",
        "/en/%FF%FE",
        "/en/" + "a" * 5000,
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


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize("target", ["*", "*/en/", "en"])
def test_a_target_that_is_no_path_is_refused_and_reaches_no_page(client, method, target):
    response = client.generic(method, "/", PATH_INFO=target)
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


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
    assert "Page introuvable" in client.get("/fr/rien").text
    both = client.get("/nowhere").text
    assert "Page not found" in both
    assert "Page introuvable" in both


def test_a_failure_is_told_in_both_languages_without_its_cause(client, monkeypatch):
    def fail(*args):
        raise RuntimeError("the cause")

    monkeypatch.setattr("pages.views.rendering.render_edition", fail)
    a_live_page(address_en="trade")
    client.raise_request_exception = False
    response = client.get("/en/trade")
    assert response.status_code == 500
    assert "the cause" not in response.text


def test_a_picture_is_served_so_that_it_can_do_nothing_else(client):
    page = a_page(address_en="map")
    figure = a_figure(page)
    publishing.publish(page, by=None)
    response = client.get(f"/media/images/{figure.image.image.digest}/{figure.image.image.widths[0]}.webp")
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; sandbox; ")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_deep_trail_says_that_levels_are_left_out_and_how_to_reach_them(client, language):
    parent, levels = a_home_page(), []
    publishing.publish(parent, by=None)
    for level in range(1, 8):
        parent = a_live_page(
            parent=parent,
            title_en=f"Level {level}",
            title_fr=f"Niveau {level}",
            address_en=f"level-{level}",
            address_fr=f"niveau-{level}",
        )
        levels.append(parent)
    words = {
        "en": ("other levels, shown on the page", "level"),
        "fr": ("autres niveaux, à la page", "niveau"),
    }[language]
    for level in range(1, 8):
        text = client.get(f"/{language}/{words[1]}-{level}").text
        trail = re.search(r'<nav class="ci-breadcrumb".*?</nav>', text, re.DOTALL)[0]
        shown = [place for place in range(1, level) if f'{words[1]}-{place}"' in trail]
        assert (words[0] in trail) == (shown != list(range(1, level)))
        assert shown == list(range(max(level - 4, 1), level))  # the first of them leads on to those above it


@pytest.mark.medium
@pytest.mark.parametrize(
    "path",
    ["/", "/en/", "/fr/commerce", "/en/search", "/fr/recherche?q=x", "/en/corrections", "/fr/corrections/commerce",
     "/en/nothing", "/nothing", "/en/report-a-problem/trade", "/fr/signaler-un-probleme/recu/merci"]
)  # fmt: skip
def test_the_title_of_every_page_names_the_site(client, path):
    publishing.publish(a_home_page(), by=None)
    a_live_page(key="trade", address_en="trade", address_fr="commerce")
    title = re.search("<title>(.*?)</title>", client.get(path).text, re.DOTALL)[1]
    names = settings.SITE_IDENTITY["name"]
    language = path[1:3] if path[1:3] in names else None
    assert title.endswith(names[language] if language else " / ".join(names.values()))
    assert title.count(names[language or "en"]) == 1


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_browsers_learn_how_to_search_the_site(client, language):
    publishing.publish(a_home_page(), by=None)
    name = settings.SITE_IDENTITY["name"][language]
    link = re.search(r'<link rel="search"[^>]*>', client.get(f"/{language}/").text)[0]
    assert f'href="/{language}/opensearch.xml" title="{name}"' in link
    answer = client.get(f"/{language}/opensearch.xml")
    root = ElementTree.fromstring(answer.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert len(root.findtext(f"{space}ShortName")) <= 16  # as the standard says
    assert root.findtext(f"{space}LongName") == name
    template = root.find(f"{space}Url[@type='text/html']").get("template")
    path = template.removeprefix(settings.SITE_URL).replace("{searchTerms}", "trade")
    assert client.get(path).status_code == 200


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_phone_that_keeps_the_site_on_its_screen_knows_its_name_and_icons(client, language):
    publishing.publish(a_home_page(), by=None)
    [path] = re.findall(r'<link rel="manifest" href="([^"]+)">', client.get(f"/{language}/").text)
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/manifest+json")
    manifest = json.loads(answer.text)
    assert manifest["name"] == settings.SITE_IDENTITY["name"][language]
    assert client.get(manifest["start_url"]).status_code == 200
    assert manifest["theme_color"] in client.get(f"/{language}/").text
    icons = [icon["src"].removeprefix(settings.STATIC_URL) for icon in manifest["icons"]]
    assert icons
    assert all(map(finders.find, icons))


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png"])
def test_icons_are_found_where_programs_have_always_looked(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert finders.find(answer["Location"].removeprefix(settings.STATIC_URL))


@pytest.mark.medium
def test_a_page_that_is_shared_shows_its_first_picture_that_says_something(client):
    page = a_page(address_en="map", address_fr="carte")
    a_figure(page, decorative=True, alternative_text_en="", alternative_text_fr="")
    figure = a_figure(page, alternative_text_fr="Une carte de l’Irak")
    publishing.publish(page, by=None)
    text = client.get("/fr/carte").text
    assert (
        f'<meta property="og:image" content="{settings.SITE_URL}/media/images/{figure.image.image.digest}/'
        in text
    )
    assert '<meta property="og:image:alt" content="Une carte de l’Irak">' in text
    assert '<meta property="og:locale:alternate" content="en_CA">' in text


# What the home page tells of the rest.


def recent_titles(client, language="en"):
    text = client.get(f"/{language}/").text
    _before, found, after = text.partition('id="recent_changes"')
    return re.findall(r'<a href="[^"]+">([^<]+)</a>', after.partition("</section>")[0]) if found else []


@pytest.mark.medium
def test_the_home_page_tells_what_changed_last_in_the_one_query_that_it_takes(
    client, django_assert_num_queries
):
    assert recent_titles(client) == []
    publishing.publish(a_home_page(), by=None)
    assert recent_titles(client) == [], "and says nothing of itself"
    parent = a_live_page(title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce")
    below = a_live_page(parent=parent, title_en="Wheat", title_fr="Blé", address_en="trade/wheat")
    with django_assert_num_queries(1):
        assert recent_titles(client) == ["Wheat", "Trade"]
    assert recent_titles(client, "fr") == ["Blé", "Commerce"]
    publishing.publish(parent, by=None, significant=True)
    assert recent_titles(client) == ["Trade", "Wheat"]
    below.title_en = "Wheat and barley"
    below.save()
    publishing.publish(below, by=None, significant=False)
    assert recent_titles(client) == ["Trade", "Wheat and barley"], "a small change is not news"
    assert "recent_changes" not in client.get("/en/trade").text
    publishing.withdraw(below, by=None)
    assert recent_titles(client) == ["Trade"]


@pytest.mark.medium
def test_the_home_page_tells_of_a_scheduled_change_once_it_is_public_and_of_four_at_most(client):
    publishing.publish(a_home_page(), by=None)
    for number in range(5):
        a_live_page(title_en=f"Page {number}")
    coming = a_page(title_en="Coming")
    publishing.publish(coming, by=None, at=timezone.now() + timedelta(hours=1))
    assert recent_titles(client) == ["Page 4", "Page 3", "Page 2", "Page 1"]
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert recent_titles(client)[:2] == ["Coming", "Page 4"]


@pytest.mark.medium
def test_the_home_page_is_made_again_when_any_page_changes(client):
    publishing.publish(a_home_page(), by=None)
    a_live_page(address_en="trade")
    assert cache_tags.SITE in client.get("/en/").cache_tags
    assert cache_tags.SITE not in client.get("/en/trade").cache_tags
