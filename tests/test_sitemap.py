"""The sitemap: every page in both languages, in as many files as the protocol asks for."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from canada_iraq.operations import static_export
from pages import publishing, sitemaps
from pages.document import Bilingual
from pages.models import Edition, Page
from tests.factories import a_live_page, a_page

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client, path="/sitemap.xml"):
    """The kind of a sitemap ("urlset" or "sitemapindex") and the addresses that it lists."""
    root = ET.fromstring(client.get(path).content)
    return root.tag.removeprefix(NAMESPACE), [place.text for place in root.iter(f"{NAMESPACE}loc")]


@pytest.fixture
def two_pages_per_file(monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 4)


def numbered(page):
    """The number of the file that lists a page."""
    return (page.pk - 1) // 2 + 1


def test_it_names_each_page_in_both_languages(client):
    a_live_page(address_en="trade", address_fr="commerce")
    text = client.get("/sitemap.xml").text
    assert "<loc>http://testserver/en/trade</loc>" in text
    assert "<loc>http://testserver/fr/commerce</loc>" in text
    assert 'hreflang="fr" href="http://testserver/fr/commerce"' in text


@pytest.mark.medium
def test_it_takes_a_constant_number_of_queries(client, django_assert_num_queries):
    for _ in range(4):
        a_live_page()
    with django_assert_num_queries(3):
        client.get("/sitemap.xml")


@pytest.mark.medium
def test_it_names_the_list_of_corrections_once_there_is_one(client):
    page = a_live_page()
    assert "corrections" not in client.get("/sitemap.xml").text
    publishing.publish(page, by=None, correction=Bilingual("Not 480.", "Non 480."))
    text = client.get("/sitemap.xml").text
    assert "<loc>http://testserver/en/corrections</loc>" in text
    assert "<loc>http://testserver/fr/corrections</loc>" in text


def test_a_file_lists_at_most_50_000_addresses_of_both_languages():
    assert sitemaps.max_pages() == 25_000


def test_a_file_of_the_longest_addresses_is_not_larger_than_50_megabytes(settings):
    settings.SITE_URL = f"https://{'a' * 240}.example.org"
    longest = Edition._meta.get_field("address_en").max_length * "x"
    lines = sitemaps._page_lines(longest, longest, timezone.now())
    assert sitemaps.max_pages() < 25_000
    assert len(sitemaps.URLSET) + sitemaps.max_pages() * len(lines) <= 50 * 1024 * 1024


@pytest.mark.medium
def test_pages_that_one_file_can_list_are_in_one_file_whatever_else_there_is(client, two_pages_per_file):
    for _ in range(2):
        a_live_page()
    a_page()
    publishing.withdraw(a_live_page(), by=None)
    kind, listed = addresses(client)
    assert (kind, len(listed)) == ("urlset", 4)


@pytest.mark.medium
def test_more_pages_are_listed_by_files_that_an_index_names(client, two_pages_per_file):
    pages = [a_live_page() for _ in range(5)]
    kind, parts = addresses(client)
    assert kind == "sitemapindex"
    assert parts == [
        f"http://testserver/sitemap-{number}.xml" for number in sorted({numbered(page) for page in pages})
    ]
    listed = []
    for part in parts:
        kind, found = addresses(client, part.removeprefix("http://testserver"))
        assert kind == "urlset"
        assert len(found) <= 4
        listed += found
    assert sorted(listed) == sorted(
        f"http://testserver/{language}/{getattr(page, f'address_{language}')}"
        for page in pages
        for language in ("en", "fr")
    )


@pytest.mark.medium
def test_a_file_costs_one_query_and_the_index_two(client, two_pages_per_file, django_assert_num_queries):
    pages = [a_live_page() for _ in range(5)]
    with django_assert_num_queries(1):
        client.get(f"/sitemap-{numbered(pages[-1])}.xml")
    with django_assert_num_queries(2):
        client.get("/sitemap.xml")


@pytest.mark.medium
def test_a_page_stays_in_its_file_whatever_becomes_of_others(client, two_pages_per_file):
    pages = [a_live_page() for _ in range(6)]
    last = f"/sitemap-{numbered(pages[-1])}.xml"
    before = client.get(last).content
    publishing.withdraw(pages[0], by=None)
    assert client.get(last).content == before


@pytest.mark.medium
def test_a_file_without_pages_is_neither_named_nor_found(client, two_pages_per_file):
    pages = [a_live_page() for _ in range(8)]
    middle = numbered(pages[3])
    for page in pages:
        if numbered(page) == middle:
            publishing.withdraw(page, by=None)
    assert f"http://testserver/sitemap-{middle}.xml" not in addresses(client)[1]
    for path in (f"/sitemap-{middle}.xml", "/sitemap-999999999.xml", "/sitemap-0.xml", "/sitemap-01.xml"):
        assert client.get(path).status_code == 404


@pytest.mark.medium
def test_the_index_tells_when_a_file_changed_last_also_by_a_withdrawal(
    client, two_pages_per_file, time_machine
):
    pages = [a_live_page() for _ in range(8)]
    time_machine.move_to(datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC))
    publishing.withdraw(Page.objects.get(pk=pages[0].pk), by=None)
    told = re.findall(r"sitemap-(\d+)\.xml</loc><lastmod>([^<]+)<", client.get("/sitemap.xml").text)
    others = {moment for number, moment in told if int(number) != numbered(pages[0])}
    if numbered(pages[1]) == numbered(pages[0]):  # else the withdrawn page was alone in its file
        assert (str(numbered(pages[0])), "2030-05-06T07:08:09+00:00") in told
    assert all(moment < "2030" for moment in others)


@pytest.mark.medium
def test_the_static_copy_has_all_files(file_site, two_pages_per_file, client, tmp_path, settings):
    settings.WHITENOISE_USE_FINDERS = True
    for _ in range(5):
        a_live_page()
    static_export.export(tmp_path / "copy", get_wsgi_application())
    parts = [part.removeprefix("http://testserver") for part in addresses(client)[1]]
    assert len(parts) > 1
    for path in ("/sitemap.xml", *parts):
        assert (tmp_path / "copy" / "site" / path[1:]).read_bytes() == client.get(path).content
