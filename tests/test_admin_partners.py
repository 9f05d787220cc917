"""Partner organizations in the admin: their list, their form in both languages, their logo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from pages.models.active_language import other_language_shown
from pages.models.partner import PartnerOrganization
from tests.admin_forms import change_address, fields
from tests.factories import a_page, a_partner, a_partner_list, a_png, an_objective

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/partnerorganization/"
ADD = "/admin/pages/partnerorganization/add/"


def form_of(client, partner):
    address = reverse("admin:pages_partnerorganization_change", args=[partner.pk])
    return address, fields(client.get(address), "partnerorganization_form")


def test_the_list_shows_both_names_the_kind_and_the_pages(staff_client):
    partner = a_partner(name_en="United Nations", name_fr="Nations Unies", acronym_en="UN", acronym_fr="ONU")
    an_objective(a_page(title_en="The strategy"), partners=[partner])
    shown = staff_client.get(LIST).content.decode()
    for text in ("United Nations", "Nations Unies", "UN / ONU", "Multilateral organization", "The strategy"):
        assert text in shown


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_many_partners_as_for_few(staff_client, django_assert_num_queries):
    def add(number):
        for _each in range(number):
            an_objective(a_page(), partners=[a_partner()])
            a_partner_list(a_page(), partners=[a_partner()])

    add(1)
    with django_assert_num_queries(20, exact=False) as few:
        staff_client.get(LIST)
    add(10)
    with django_assert_num_queries(len(few)):
        staff_client.get(LIST)


def test_a_partner_is_added_and_its_key_made_from_its_name(staff_client):
    data = fields(staff_client.get(ADD), "partnerorganization_form")
    data |= {"kind": "multilateral", "name_en": "United Nations", "name_fr": "Nations Unies", "key": ""}
    assert staff_client.post(ADD, data).status_code == 302
    assert PartnerOrganization.objects.get().key == "united-nations"


def test_two_partners_of_one_name_get_keys_of_their_own(staff_client):
    a_partner(key="united-nations")
    data = fields(staff_client.get(ADD), "partnerorganization_form")
    data |= {"kind": "multilateral", "name_en": "United Nations", "key": ""}
    assert staff_client.post(ADD, data).status_code == 302
    assert PartnerOrganization.objects.count() == 2


@pytest.mark.medium
def test_a_logo_is_uploaded_shown_and_removed(staff_client):
    partner = a_partner()
    address, data = form_of(staff_client, partner)
    staff_client.post(address, data | {"logo": SimpleUploadedFile("logo.png", a_png(), "image/png")})
    partner.refresh_from_db()
    assert partner.logo.width == 40
    assert partner.logo.digest in staff_client.get(address).content.decode()
    address, data = form_of(staff_client, partner)
    staff_client.post(address, data | {"logo-clear": "1"})
    partner.refresh_from_db()
    assert partner.logo is None


@pytest.mark.medium
@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"not a picture", b"\x89PNG"]
)
def test_a_file_that_is_not_a_picture_is_refused_and_the_logo_stays(staff_client, content):
    partner = a_partner()
    address, data = form_of(staff_client, partner)
    staff_client.post(address, data | {"logo": SimpleUploadedFile("logo.png", a_png(), "image/png")})
    address, data = form_of(staff_client, partner)
    response = staff_client.post(
        address, data | {"logo": SimpleUploadedFile("logo.svg", content, "image/svg+xml")}
    )
    assert "errorlist" in response.content.decode()
    partner.refresh_from_db()
    assert partner.logo.width == 40


@pytest.mark.parametrize("website", ["javascript:alert(1)", "www.example.org", "ftp://example.org"])
def test_a_website_needs_a_whole_web_address(staff_client, website):
    address, data = form_of(staff_client, a_partner())
    response = staff_client.post(address, data | {"website_fr": website})
    assert "Enter a full web address that starts with https://." in response.content.decode()


def test_a_partner_that_pages_name_is_not_deleted(staff_client):
    partner = a_partner()
    a_partner_list(a_page(title_en="The list"), partners=[partner])
    response = staff_client.post(f"{LIST}{partner.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Some pages list this organization" in response.content.decode()
    assert "The list" in response.content.decode()
    assert PartnerOrganization.objects.filter(pk=partner.pk).exists()


def test_a_partner_that_no_page_names_is_deleted(staff_client):
    partner = a_partner()
    staff_client.post(f"{LIST}{partner.pk}/delete/", {"post": "yes"})
    assert not PartnerOrganization.objects.exists()


# A name in one language only


@pytest.mark.parametrize(
    ("language", "kind", "shown"),
    [("en", "Médecins du Tigre", "fr"), ("fr", "Médecins du Tigre", ""), (None, "Médecins du Tigre", "fr")],
)
def test_a_partner_is_called_by_its_other_name_and_never_by_its_key(language, kind, shown):
    partner = a_partner(key="medecins", name_en="", name_fr=kind)
    with translation.override(language):
        assert str(partner) == kind
        assert other_language_shown(partner, "name") == shown
    assert str(a_partner(key="nameless", name_en="", name_fr="")) == "nameless"


def test_a_preview_shows_the_other_name_in_its_language(staff_client):
    page = a_page()
    partner = a_partner(name_en="", name_fr="Médecins du Tigre", acronym_en="MT")
    an_objective(page, partners=[partner])
    a_partner_list(page, partners=[partner])
    preview = f"/admin/pages/page/{page.pk}/preview"
    name = '<span lang="fr">Médecins du Tigre</span>'
    assert staff_client.get(f"{preview}/en/").text.count(name) == 2
    assert '<span lang="fr">' not in staff_client.get(f"{preview}/fr/").text


def test_the_form_of_a_page_offers_the_other_name_in_its_language(staff_client):
    page = a_page()
    partner = a_partner(key="medecins", name_en="", name_fr="Médecins du Tigre")
    an_objective(page, partners=[partner])
    shown = staff_client.get(change_address(page)).text
    assert f'value="{partner.pk}" checked> <span lang="fr">Médecins du Tigre</span></label>' in shown
    assert f'[{partner.pk}, "M\\u00e9decins du Tigre", "", "fr"]' in shown
