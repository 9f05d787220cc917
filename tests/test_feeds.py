"""What those who follow the site are told: live pages that changed in a way that matters, in each language."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from pages import publishing
from pages.feeds import FEED_LIMIT, recently_changed
from tests.factories import a_live_page, a_page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {"en": "/en/feed", "fr": "/fr/fil"}


def feed(client, language="en"):
    response = client.get(FEEDS[language])
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def entries(client, language="en"):
    return feed(client, language).findall(f"{ATOM}entry")


def texts(elements, name):
    return [element.findtext(f"{ATOM}{name}") for element in elements]


def link(element, rel):
    return next(link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == rel)


def test_a_page_is_announced_in_both_languages(client):
    a_live_page(
        title_en="Trade",
        title_fr="Le commerce",
        address_en="trade",
        address_fr="commerce",
        description_en="On trade.",
        description_fr="Sur le commerce.",
    )
    [english], [french] = entries(client), entries(client, "fr")
    assert texts([english, french], "title") == ["Trade", "Le commerce"]
    assert texts([english, french], "summary") == ["On trade.", "Sur le commerce."]
    assert link(english, "alternate") == "http://testserver/en/trade"
    assert link(french, "alternate") == "http://testserver/fr/commerce"


@pytest.mark.parametrize("language", FEEDS)
@pytest.mark.parametrize("count", [0, 2])
def test_the_feed_has_all_that_atom_asks_for(client, language, count):
    for _ in range(count):
        a_live_page()
    root = feed(client, language)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == f"{language}-CA"
    assert link(root, "self") == f"http://testserver{FEEDS[language]}"
    assert link(root, "alternate") == f"http://testserver/{language}/"
    assert (
        root.findtext(f"{ATOM}author/{ATOM}name")
        == {"en": "Canada-Iraq Pages", "fr": "Pages Canada-Irak"}[language]
    )
    parts = [root, *root.findall(f"{ATOM}entry")]
    assert len(parts) == count + 1
    assert all(texts(parts, "title"))
    assert all(re.fullmatch(r"tag:testserver,2026:\S+", name) for name in texts(parts, "id"))
    assert len(set(texts(parts, "id"))) == len(parts)
    moments = texts(parts, "updated") + texts(parts[1:], "published")
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", moment) for moment in moments
    )


def test_it_is_sent_as_atom_in_its_language(client):
    response = client.get("/fr/fil")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Content-Language"] == "fr"


@pytest.mark.medium
def test_what_changed_last_comes_first(client):
    pages = [a_live_page(title_en=f"Page {letter}") for letter in "ABC"]
    publishing.publish(pages[0], by=None)
    assert texts(entries(client), "title") == ["Page A", "Page C", "Page B"]


@pytest.mark.medium
def test_a_change_that_matters_is_a_new_entry_and_a_minor_one_is_not(client):
    page = a_live_page(title_en="Trade")
    [before] = texts(entries(client), "id")
    page.title_en, page.address_en = "Trade relations", "trade-relations"
    page.save()
    publishing.publish(page, by=None, significant=False)
    [entry] = entries(client)
    assert texts([entry], "id") == [before]
    assert texts([entry], "title") == ["Trade relations"]
    assert link(entry, "alternate") == "http://testserver/en/trade-relations"
    publishing.publish(page, by=None)
    assert texts(entries(client), "id") != [before]


@pytest.mark.medium
def test_the_dates_are_those_of_the_page(client):
    page = a_live_page()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        publishing.publish(page, by=None)
        [entry] = entries(client)
        published, updated = (entry.findtext(f"{ATOM}{name}")[:10] for name in ("published", "updated"))
    first, last = page.editions.order_by("number")
    assert (published, updated) == (f"{first.publish_at:%Y-%m-%d}", f"{last.publish_at:%Y-%m-%d}")


@pytest.mark.medium
def test_nothing_is_announced_before_its_moment(client):
    page = a_live_page(title_en="Now")
    page.title_en = "Later"
    page.save()
    then = timezone.now() + timedelta(hours=1)
    publishing.publish(page, by=None, at=then)
    a_page(title_en="Never")
    assert texts(entries(client), "title") == ["Now"]
    with time_machine.travel(then, tick=False):
        assert texts(entries(client), "title") == ["Later"]


@pytest.mark.medium
def test_a_withdrawn_page_is_announced_no_more(client):
    page = a_live_page()
    publishing.withdraw(page, by=None)
    assert entries(client) == []


@pytest.mark.medium
def test_an_archived_page_is_announced_as_such(client):
    publishing.archive(a_live_page(title_en="Trade", title_fr="Commerce"), by=None)
    assert texts(entries(client), "title") == ["Trade (archived)"]
    assert texts(entries(client, "fr"), "title") == ["Commerce (archivée)"]


@pytest.mark.medium
def test_the_note_on_a_change_stays_inside(client):
    page = a_live_page()
    publishing.publish(page, by=None, note="confidential")
    assert "confidential" not in client.get("/en/feed").text


@pytest.mark.medium
def test_the_fifty_pages_that_changed_last_are_announced(client, monkeypatch):
    monkeypatch.setattr("pages.feeds.FEED_LIMIT", 2)
    pages = [a_live_page(title_en=f"Page {letter}") for letter in "ABC"]
    for _ in range(3):
        publishing.publish(pages[2], by=None)
    assert FEED_LIMIT == 50
    assert texts(entries(client), "title") == ["Page C", "Page B"]


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 8])
def test_the_feed_takes_one_query(client, django_assert_num_queries, count):
    for _ in range(count):
        a_live_page()
    with django_assert_num_queries(1):
        client.get("/en/feed")


@pytest.mark.medium
def test_a_feed_that_has_not_changed_is_not_sent_again(client):
    page = a_live_page()
    for address in FEEDS.values():
        first = client.get(address)
        again = {"if-none-match": first["ETag"]}
        assert client.get(address, headers=again).status_code == 304
        publishing.publish(page, by=None)
        assert client.get(address, headers=again).status_code == 200


def test_an_empty_feed_does_not_change_by_itself(client):
    first = client.get("/en/feed").content
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.get("/en/feed").content == first


def test_texts_are_written_as_xml_whatever_they_hold(client):
    a_live_page(title_en="A & B <c> \x01\x0b\u2028", description_en="“x” < y & <script>")
    [entry] = entries(client)
    assert entry.findtext(f"{ATOM}title").startswith("A & B <c>")
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    assert entry.findtext(f"{ATOM}summary") == "“x” &lt; y &amp; &lt;script&gt;"


def test_each_page_leads_to_the_feed_of_its_language(client):
    a_live_page(address_en="trade", address_fr="commerce")
    for address, language in (("/en/trade", "en"), ("/fr/commerce", "fr")):
        html = client.get(address).text
        assert f'<link rel="alternate" type="application/atom+xml" href="{FEEDS[language]}"' in html


@pytest.mark.medium
def test_a_feed_can_be_had_as_it_was(db):
    page = a_live_page()
    publishing.publish(page, by=None)
    first, last = page.editions.order_by("number")
    assert [edition.pk for edition in recently_changed(at=first.publish_at)] == [first.pk]
    assert [edition.pk for edition in recently_changed()] == [last.pk]
