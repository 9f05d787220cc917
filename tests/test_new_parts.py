"""Partner organizations and files to download that are added from the form of a page, in a dialog."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import AuditEntry, Download, PartnerOrganization
from tests.factories import a_page, a_partner, a_partner_list, an_account
from tests.files import a_pdf

pytestmark = pytest.mark.django_db

PARTNER = "/admin/pages/partnerorganization/new/"
DOWNLOAD = "/admin/pages/download/new/"


def a_person(client, *rights):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    return client


def test_the_form_of_a_dialog_is_short_and_its_ids_are_no_field_of_the_page(staff_client):
    shown = staff_client.get(PARTNER).content.decode()
    assert 'id="id_part-name_fr"' in shown
    assert "description" not in shown
    assert "<html" not in shown


def test_a_partner_is_added_with_a_key_and_an_entry_in_the_log(staff_client):
    data = {"part-kind": "multilateral", "part-name_en": "Nine Rivers", "part-name_fr": "Neuf Rivières"}
    response = staff_client.post(PARTNER, data)
    partner = PartnerOrganization.objects.get()
    assert response.status_code == 201
    assert response.json() == {"part": [partner.pk, "Nine Rivers", "Neuf Rivières", ""]}
    assert partner.key == "nine-rivers"
    assert AuditEntry.objects.get().object_repr == "Nine Rivers"


def test_a_file_is_added_in_both_languages(staff_client):
    files = {f"part-file_{each}": SimpleUploadedFile(f"{each}.pdf", a_pdf()) for each in ("en", "fr")}
    response = staff_client.post(DOWNLOAD, {"part-title_en": "Report", "part-title_fr": "Rapport", **files})
    assert response.status_code == 201
    assert Download.objects.get().file_fr.format == "pdf"


def test_a_form_that_is_sent_twice_adds_one_partner(staff_client):
    data = {"part-kind": "multilateral", "part-name_en": "Nine Rivers", "part-website_en": ""}
    answers = [staff_client.post(PARTNER, data) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert PartnerOrganization.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_form_that_is_sent_twice_adds_one_file(staff_client):
    for _time in range(2):
        file = SimpleUploadedFile("a.pdf", a_pdf())
        answer = staff_client.post(DOWNLOAD, {"part-title_en": "Report", "part-file_en": file})
        assert answer.status_code == 201
    assert Download.objects.count() == 1


def test_what_differs_is_another_partner_and_so_is_what_another_person_adds(staff_client):
    data = {"part-kind": "multilateral", "part-name_en": "Nine Rivers"}
    staff_client.post(PARTNER, data)
    staff_client.post(PARTNER, data | {"part-kind": "coalition"})
    assert PartnerOrganization.objects.count() == 2
    a_person(Client(), "add_partnerorganization").post(PARTNER, data)
    assert PartnerOrganization.objects.count() == 3


def test_the_same_partner_is_added_again_when_some_time_has_passed(staff_client):
    data = {"part-kind": "multilateral", "part-name_en": "Nine Rivers"}
    staff_client.post(PARTNER, data)
    AuditEntry.objects.update(action_time=timezone.now() - timedelta(minutes=2))
    staff_client.post(PARTNER, data)
    assert PartnerOrganization.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        (PARTNER, {"part-kind": "multilateral"}, "Enter the name in at least one language."),
        (PARTNER, {"part-kind": "\0", "part-name_en": "Nine"}, "Select a valid choice."),
        (
            PARTNER,
            {"part-kind": "multilateral", "part-name_en": "N", "part-website_en": "x"},
            "full web address",
        ),
        (DOWNLOAD, {"part-title_en": "Report"}, "Upload the file in at least one language."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_added(staff_client, path, data, message):
    response = staff_client.post(path, data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert not PartnerOrganization.objects.exists()
    assert not Download.objects.exists()


def test_who_may_not_add_a_partner_is_offered_no_dialog(client):
    page = a_page()
    a_partner_list(page, partners=[a_partner()])
    change = reverse("admin:pages_page_change", args=[page.pk])
    a_person(client, "view_page", "change_page", "add_partnerlist", "change_partnerlist", "view_partnerlist")
    assert "data-new" not in client.get(change).content.decode()
    assert client.get(PARTNER).status_code == 403
    assert client.post(PARTNER, {"part-kind": "multilateral", "part-name_en": "Nine"}).status_code == 403


def test_the_form_of_a_dialog_speaks_french(staff_client):
    staff_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "Nom (français)" in staff_client.get(PARTNER).content.decode()
