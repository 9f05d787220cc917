"""The admin compares a page with all that is live, at the cost of a look at an index."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from pages import indexes, publishing, working_copy
from pages.content_checks import Site, findings
from pages.indexes import claims
from pages.models.edition import Edition
from pages.models.indexes import EditionClaim
from pages.models.page import Page
from tests.admin_forms import change_address
from tests.factories import a_home_page, a_live_page, a_page

pytestmark = pytest.mark.django_db

WHO = "<p>The World Health Organization (WHO) helps.</p>"
OTHER_WHO = "<p>The World Hydrology Office (WHO) reports.</p>"


def found_in(page):
    page = Page.objects.with_content().get(pk=page.pk)
    document = working_copy.read(page)
    return {each.rule.id for each in findings(document, claims.known_claims(page, document))}


@pytest.mark.medium
def test_what_another_page_says_otherwise_is_found_in_the_form_and_before_publishing(staff_client):
    a_live_page(title_en="Health", introduction_en=WHO)
    page = a_page(introduction_en=OTHER_WHO)
    screen = staff_client.get(reverse("admin:pages_page_findings", args=[page.pk])).content.decode()
    assert "is explained as “World Health Organization” elsewhere (Health)" in screen
    for address in (change_address(page), reverse("admin:pages_page_publish", args=[page.pk])):
        assert "warning" in staff_client.get(address).content.decode()


@pytest.mark.medium
def test_only_what_is_live_counts_and_never_the_page_itself():
    page = a_live_page(introduction_en=WHO)
    Page.objects.filter(pk=page.pk).update(introduction_en=OTHER_WHO)
    assert "abbreviation-two-meanings" not in found_in(page)
    other = a_page(introduction_en=WHO, title_en="Never published")
    assert "abbreviation-two-meanings" not in found_in(page)
    publishing.publish(other, by=None)
    assert "abbreviation-two-meanings" in found_in(page)
    publishing.withdraw(other, by=None)
    assert "abbreviation-two-meanings" not in found_in(page)


@pytest.mark.medium
def test_amounts_said_in_nearly_the_same_words_are_compared():
    french = "<p>Les échanges valaient environ 86 millions de dollars en 2020.</p>"
    english = "<p>In 2020, two-way trade was worth about $86.0 million.</p>"
    a_live_page(introduction_en=english, introduction_fr=french)
    same = a_page(introduction_en="<p>Two-way trade was worth about $86 million in 2020.</p>")
    page = a_page(introduction_en="<p>Two-way trade was worth about $88 million in 2020.</p>")
    assert "fact-amount" not in found_in(same)
    assert "fact-amount" in found_in(page)


@pytest.mark.medium
def test_a_link_leads_nowhere_only_where_the_whole_site_is_public():
    a_live_page(address_en="there")
    page = a_page(introduction_en='<p>See <a href="/en/there">there</a> and <a href="/en/gone">gone</a>.</p>')
    assert "link-nowhere" not in found_in(page)
    publishing.publish(a_home_page(), by=None)
    assert "link-nowhere" in found_in(page)
    a_live_page(address_en="gone")
    assert "link-nowhere" not in found_in(page)


@pytest.mark.slow
def test_it_finds_what_reading_every_page_finds():
    call_command("prepare_site", account=False, verbosity=0)
    documents = [edition.read() for edition in Edition.objects.live()]
    site, pages = Site(documents), {page.key: page for page in Page.objects.all()}
    for document in documents:
        known = claims.known_claims(pages[document.key], document)
        assert findings(document, known) == findings(document, site)


@pytest.mark.medium
def test_the_claims_of_a_site_from_before_are_kept_once():
    a_live_page()
    before = set(EditionClaim.objects.values_list("page", "about"))
    EditionClaim.objects.all().delete()
    indexes.backfill()
    assert set(EditionClaim.objects.values_list("page", "about")) == before
    assert indexes.backfill() == 0


@pytest.mark.medium
def test_claims_that_were_only_kept_in_part_are_completed():
    pages = [a_live_page(), a_live_page(), a_page()]
    publishing.publish(pages[2], by=None, at=timezone.now() + timedelta(days=1))
    before = set(EditionClaim.objects.values_list("page", "about"))
    EditionClaim.objects.exclude(page=pages[0]).delete()
    indexes.backfill()
    assert set(EditionClaim.objects.values_list("page", "about")) == before


@pytest.mark.medium
def test_of_many_pages_that_say_the_same_some_are_kept_and_looked_at(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(claims, "MAX_CLAIMS_PER_SUBJECT", 4)
    for _each in range(2):
        a_live_page(introduction_en=WHO)
    page = a_page(introduction_en=OTHER_WHO)
    document = working_copy.read(page)
    with django_assert_num_queries(4):
        claims.known_claims(page, document)
    for _each in range(4):
        a_live_page(introduction_en=WHO)
    with django_assert_num_queries(4):
        claims.known_claims(page, document)
    about = claims._digest("en abbreviation WHO")
    assert EditionClaim.objects.filter(about=about).count() == claims.MAX_CLAIMS_PER_SUBJECT
    assert "abbreviation-two-meanings" in found_in(page)
