"""The whole history of a page as one file: complete, in both languages, and in need of nothing else."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.utils import timezone

from pages import images, publishing
from pages.document import Bilingual
from pages.models.edition import Edition
from tests.factories import (
    a_figure,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_account,
)

pytestmark = pytest.mark.django_db


def export(client, page):
    return client.get(f"/admin/pages/page/{page.pk}/export/")


def text(response):
    return b"".join(response.streaming_content).decode()


def a_page_with_a_past(**changes):
    page = a_page(key="trade", title_en="Trade", title_fr="Commerce", **changes)
    a_text(page, body_en='<p>See <a href="/en/about">this</a>.</p>', body_fr="<p>Du blé.</p>")
    a_figure(page, alternative_text_en="A chart", alternative_text_fr="Un graphique")
    a_partner_list(page, partners=[a_partner(name_en="The Fund", name_fr="Le Fonds")])
    a_page_list(page)
    publishing.publish(page, by=an_account(first_name="Amal", last_name="Roy"), note="The first text.")
    page.title_en = "Trade relations"
    page.save()
    publishing.publish(page, by=None)
    publishing.withdraw(page, by=None, explanation=Bilingual("It was wrong.", "C’était inexact."))
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=4))
    return page


@pytest.mark.medium
def test_every_edition_is_there_in_both_languages_with_who_when_and_why(staff_client):
    html = text(export(staff_client, a_page_with_a_past()))
    assert re.findall(r"<h2[^>]*>(Edition \d)", html) == ["Edition 1", "Edition 2", "Edition 3", "Edition 4"]
    for said in (
        "Trade</h3>",
        "Trade relations</h3>",
        "Commerce</h3>",
        "Du blé.",
        "Amal Roy",
        "The first text.",
    ):
        assert said in html
    for said in ("C’était inexact.", "The Fund", "Le Fonds", "A chart", "http://testserver/en/page-"):
        assert said in html
    assert "End of history: 4 editions." in html


@pytest.mark.medium
def test_digests_are_computed_again(staff_client):
    page = a_live_page()
    edition = page.editions.get()
    html = text(export(staff_client, page))
    assert hashlib.sha256(edition.document.encode()).hexdigest() + " – matches the text" in html
    Edition.objects.filter(pk=edition.pk).update(document=edition.document.replace("In short", "In brief"))
    assert "does NOT match the text" in text(export(staff_client, page))


@pytest.mark.medium
def test_the_file_needs_nothing_else(staff_client):
    html = text(export(staff_client, a_page_with_a_past()))
    assert re.findall(r'src="(?!data:image/webp;base64,)', html) == []
    assert re.findall(r'(?:href="/|srcset|<script|<link|url\()', html) == []
    assert 'href="http://testserver/en/about"' in html


@pytest.mark.medium
def test_a_picture_is_in_the_file_once_and_linked_to_from_then_on(staff_client):
    html = text(export(staff_client, a_page_with_a_past()))
    (first,) = re.findall(r'<img id="(picture-[0-9a-f]+)"', html)
    assert html.count(f'href="#{first}"') == 7


@pytest.mark.medium
def test_a_picture_whose_file_is_lost_is_told(staff_client):
    page = a_page_with_a_past()
    image = page.pages_figure_set.get().image.image
    default_storage.delete(images.rendition_name(image, min(image.widths), "webp"))
    assert "file missing" in text(export(staff_client, page))


@pytest.mark.medium
def test_the_file_is_sent_in_pieces_under_the_name_of_the_page(staff_client):
    response = export(staff_client, a_page_with_a_past())
    assert response.streaming
    assert len(list(response.streaming_content)) == 6
    name = f"trade-{timezone.localdate():%Y-%m-%d}.html"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.medium
def test_the_file_speaks_the_language_of_the_person(staff_client):
    staff_client.cookies["django_language"] = "fr"
    html = text(export(staff_client, a_page_with_a_past()))
    assert '<html lang="fr">' in html
    assert "Fin de l’historique : 4 éditions.".replace(" :", "\u00a0:") in html
    assert "[List of published subpages]" in html  # in the column of English


@pytest.mark.medium
def test_hostile_texts_are_shown_as_they_are(staff_client):
    page = a_live_page(title_en="<script>alert(1)</script>", title_fr="</style><script>")
    html = text(export(staff_client, page))
    assert "<script>" not in html
    assert html.count("</style>") == 1


def test_a_page_that_was_never_published_has_an_empty_history(staff_client):
    assert "End of history: 0 editions." in text(export(staff_client, a_page()))


@pytest.mark.medium
def test_it_takes_the_right_to_see_editions(client):
    page = a_live_page()
    person = an_account()
    client.force_login(person)
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    assert export(client, page).status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="view_edition"))
    assert export(client, page).status_code == 200
