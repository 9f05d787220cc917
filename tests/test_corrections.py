"""A correction is shown to the public with the edition that makes it, in both languages, and not before."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from pages.document import Bilingual
from pages.models import Correction, Edition
from tests.factories import a_home_page, a_live_page

pytestmark = pytest.mark.django_db

MENDED = Bilingual("The figure for 2020 is 850, <not> 480.", "Le chiffre de 2020 est 850 : non 480.")
LISTS = {"en": "Corrections to the page", "fr": "Corrections apportées"}
ATOM = "{http://www.w3.org/2005/Atom}"


def corrected(page, **changes):
    page.title_en += "!"
    page.save()
    return publishing.publish(page, by=None, **{"correction": MENDED, **changes})


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_correction_stands_in_the_list_of_the_site_and_of_its_page(client, language):
    page, other = a_live_page(address_en="trade", address_fr="commerce"), a_live_page()
    corrected(page, thanks=True)
    address = {"en": "trade", "fr": "commerce"}[language]
    text = {"en": "The figure for 2020 is 850, &lt;not&gt; 480.", "fr": "Le chiffre de 2020 est 850"}[
        language
    ]
    for path in (f"/{language}/corrections", f"/{language}/corrections/{address}"):
        page_html = shown(client, path)
        assert text in page_html
        assert LISTS[language] in page_html
        assert f'href="/{language}/{address}"' in page_html
        assert {"en": "We thank the visitor", "fr": "Nous remercions la personne"}[language] in page_html
    elsewhere = other.editions.get().text("address", language)
    assert text not in shown(client, f"/{language}/corrections/{elsewhere}")


@pytest.mark.medium
def test_a_page_leads_to_its_corrections_only_when_it_has_any(client, django_assert_num_queries):
    page = a_live_page(address_en="trade", address_fr="commerce")
    assert "corrections/commerce" not in shown(client, "/fr/commerce")
    corrected(page)
    with django_assert_num_queries(1):
        assert 'href="/fr/corrections/commerce"' in client.get("/fr/commerce?fresh").content.decode()


@pytest.mark.medium
def test_a_scheduled_correction_is_said_when_its_edition_is_live(client):
    page = a_live_page(address_en="trade")
    soon = timezone.now() + timedelta(days=1)
    edition = corrected(page, at=soon)
    assert "850" not in shown(client, "/en/corrections")
    assert not Correction.objects.public().exists()
    assert Correction.objects.public(soon).get().edition == edition
    publishing.cancel(edition, by=None)
    assert not Correction.objects.public(soon).exists()


@pytest.mark.medium
def test_corrections_come_the_newest_first(client):
    page = a_live_page()
    for year in ("2019", "2020"):
        corrected(page, correction=Bilingual(f"Of {year}", f"De {year}"))
    page_html = shown(client, "/en/corrections")
    assert page_html.index("Of 2020") < page_html.index("Of 2019")


@pytest.mark.medium
def test_a_correction_is_in_both_languages_or_not_at_all():
    page = a_live_page()
    with pytest.raises(ValidationError):
        corrected(page, correction=Bilingual(en="Only in English"))
    assert page.editions.count() == 1
    corrected(page, correction=Bilingual())
    assert not Correction.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(edition=page.editions.first(), text_en="Only in English")


@pytest.mark.medium
def test_the_corrections_of_a_withdrawn_page_stay_in_the_list_without_a_link(client):
    page = a_live_page(address_en="trade")
    corrected(page)
    publishing.withdraw(page, by=None)
    page_html = shown(client, "/en/corrections")
    assert "850" in page_html
    assert "(no longer on this site)" in page_html
    assert 'href="/en/trade"' not in page_html
    assert client.get("/en/corrections/trade").status_code == 404


@pytest.mark.medium
def test_an_old_address_leads_to_the_list_at_the_new_one(client):
    page = a_live_page(address_en="trade")
    page.address_en = "commerce-and-trade"
    corrected(page)
    answer = client.get("/en/corrections/trade")
    assert answer.status_code == 301
    assert answer["Location"] == "/en/corrections/commerce-and-trade"


def test_no_page_may_have_the_address_of_the_list():
    page = a_live_page()
    page.address_en = "corrections"
    page.save()
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None)


@pytest.mark.parametrize("path", ["/en/corrections/nowhere", "/de/corrections", "/en/corrections/A/../b"])
def test_a_list_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_feed_holds_what_the_list_holds(client, language):
    corrected(a_live_page())
    answer = client.get(f"/{language}/corrections.atom")
    whole = ElementTree.fromstring(answer.content)
    name = settings.SITE_IDENTITY["name"][language]
    assert whole.findtext(f"{ATOM}author/{ATOM}name") == name  # RFC 4287, section 4.1.1
    assert whole.findtext(f"{ATOM}title") == f"{name}: corrections".replace(
        ":", ":" if language == "en" else "\u00a0:"
    )
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    [entry] = feed.findall(f"{ATOM}entry")
    correction = Correction.objects.get()
    assert entry.find(f"{ATOM}id").text == f"http://testserver/{language}/corrections#c{correction.pk}"
    assert "850" in entry.find(f"{ATOM}summary").text
    assert feed.find(f"{ATOM}updated").text[:10] == str(correction.edition.publish_at.date())


def test_a_feed_without_corrections_never_changes(client):
    once, again = (client.get("/en/corrections.atom").content for _time in range(2))
    assert once == again
    assert b"<updated>2026-01-01T00:00:00+00:00</updated>" in once


@pytest.mark.medium
@pytest.mark.parametrize("amount", [1, 12])
def test_the_list_takes_three_queries_for_any_number(client, django_assert_num_queries, amount):
    for _number in range(amount):
        corrected(a_live_page())
    with django_assert_num_queries(3):
        shown(client, "/en/corrections")


@pytest.mark.medium
def test_the_home_page_leads_to_the_list_of_the_site(client):
    home = a_home_page()
    publishing.publish(home, by=None)
    corrected(home)
    assert 'href="/en/corrections"' in shown(client, "/en/")


# On the screen that publishes


def publish_screen(client, page, **changes):
    address = reverse("admin:pages_page_publish", args=[page.pk])
    seen = client.get(address).context["form"].initial["seen"]
    return client.post(address, {"when": "now", "significant": "yes", "seen": seen, **changes})


@pytest.mark.medium
def test_the_correction_is_written_on_the_publish_screen(staff_client):
    page = a_live_page()
    page.title_en = "Mended"
    page.save()
    half = publish_screen(staff_client, page, correction_en="It is 850.")
    assert "Write the correction in both languages or leave both empty." in half.content.decode()
    assert page.editions.count() == 1
    whole = {"correction_en": "It is 850.", "correction_fr": "C’est 850.", "thanks": "on"}
    assert publish_screen(staff_client, page, **whole).status_code == 302
    correction = Edition.objects.live().get(page=page).correction
    assert (correction.text_en, correction.text_fr, correction.thanks) == ("It is 850.", "C’est 850.", True)
