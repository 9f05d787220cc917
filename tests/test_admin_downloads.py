"""Files to download in the admin: their list, their form in both languages, and what staff get of them."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pages import images, stored_files
from pages.models import AuditEntry, Download
from pages.stored_files import StoredFile, stored_name
from tests.admin_forms import fields
from tests.factories import a_download, an_account
from tests.files import a_pdf, an_accessible_pdf, an_office_file

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/download/"
ADD = "/admin/pages/download/add/"


def upload(data, name):
    return SimpleUploadedFile(name, data, content_type="application/x-whatever")


def change_address(download):
    return reverse("admin:pages_download_change", args=[download.pk])


def form_of(client, download):
    address = change_address(download)
    return address, fields(client.get(address), "download_form")


def posted(client, **changes):
    return client.post(ADD, fields(client.get(ADD), "download_form") | {"key": ""} | changes)


def test_a_file_is_added_in_both_languages_and_its_key_made_from_its_title(staff_client):
    response = posted(
        staff_client,
        title_en="Annual report 2025",
        title_fr="Rapport annuel 2025",
        file_en=upload(a_pdf(), "final (3).PDF"),
        file_fr=upload(an_office_file(), "final.docx"),
    )
    assert response.status_code == 302
    download = Download.objects.get()
    assert (download.key, download.file_en.format, download.file_fr.format) == (
        "annual-report-2025",
        "pdf",
        "docx",
    )
    assert default_storage.open(stored_name(download.file_en)).read() == a_pdf()


def test_two_files_of_one_title_get_keys_of_their_own(staff_client):
    a_download(key="report")
    assert posted(staff_client, title_en="Report", file_en=upload(a_pdf(), "a.pdf")).status_code == 302
    assert Download.objects.count() == 2


def test_a_title_in_arabic_gets_a_key_too(staff_client):
    assert posted(staff_client, title_en="تقرير", file_en=upload(a_pdf(), "a.pdf")).status_code == 302
    assert Download.objects.get().key


def test_one_language_is_enough(staff_client):
    assert posted(staff_client, title_fr="Rapport", file_fr=upload(a_pdf(), "a.pdf")).status_code == 302
    assert Download.objects.get().file_en is None


@pytest.mark.medium
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title_en": "Report"}, "Upload the file in at least one language."),
        ({"file_en": ("a.pdf", a_pdf())}, "Enter the title in at least one language."),
        ({"title_en": "Report", "file_en": ("a.pdf", b"MZ\0")}, "the content is something else"),
        ({"title_en": "Report", "file_fr": ("a.docm", b"PK")}, "may contain macros"),
        ({"title_en": "Report", "file_fr": ("a.pdf", b"")}, "empty"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_saved(staff_client, changes, told):
    changes = {
        name: upload(*value[::-1]) if isinstance(value, tuple) else value for name, value in changes.items()
    }
    response = posted(staff_client, **changes)
    assert response.status_code == 200
    assert told in response.text
    assert not Download.objects.exists()


def test_a_file_that_was_taken_need_not_be_chosen_again_after_an_error(staff_client):
    response = posted(staff_client, file_en=upload(a_pdf(), "a.pdf"))
    again = fields(response, "download_form") | {"title_en": "Report"}
    assert staff_client.post(ADD, again).status_code == 302
    assert Download.objects.get().file_en.format == "pdf"


def test_a_file_that_nobody_signed_is_not_taken(staff_client):
    forged = '{"digest": "' + "0" * 64 + '", "format": "pdf", "size": 1}'
    response = posted(staff_client, title_en="Report", **{"file_en-kept": forged})
    assert "Upload the file in at least one language." in response.text


def test_saving_without_a_change_keeps_the_files_and_writes_no_line(staff_client):
    download = a_download()
    before = (download.file_en, download.file_fr)
    address, data = form_of(staff_client, download)
    assert staff_client.post(address, data).status_code == 302
    download.refresh_from_db()
    assert (download.file_en, download.file_fr) == before


def test_a_file_is_replaced_and_the_old_one_stays_in_the_storage(staff_client):
    download = a_download()
    old = download.file_en
    address, data = form_of(staff_client, download)
    new = upload(a_pdf(text=b"second"), "b.pdf")
    assert staff_client.post(address, data | {"file_en": new}).status_code == 302
    download.refresh_from_db()
    assert download.file_en != old
    assert default_storage.exists(stored_name(old))
    assert AuditEntry.objects.exists()


@pytest.mark.medium
def test_a_file_is_removed_but_not_the_last_one(staff_client):
    download = a_download()
    address, data = form_of(staff_client, download)
    assert staff_client.post(address, data | {"file_fr-clear": "1"}).status_code == 302
    download.refresh_from_db()
    assert download.file_fr is None
    address, data = form_of(staff_client, download)
    response = staff_client.post(address, data | {"file_en-clear": "1"})
    assert "Upload the file in at least one language." in response.text


def test_a_store_that_fails_is_an_error_beside_the_field(staff_client, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no room")

    monkeypatch.setattr(images, "write_file", fail)
    response = posted(staff_client, title_en="Report", file_en=upload(a_pdf(text=b"new"), "a.pdf"))
    assert "could not store the file" in response.text
    assert not Download.objects.exists()


def test_the_list_shows_titles_and_files(staff_client, django_assert_num_queries):
    a_download(title_en="Report", title_fr="Rapport", file_fr=None)
    shown = staff_client.get(LIST).text
    for text in ("Report", "Rapport", "EN (PDF,", "/report.pdf"):
        assert text in shown
    with django_assert_num_queries(20, exact=False) as few:
        staff_client.get(LIST)
    for _each in range(5):
        a_download()
    with django_assert_num_queries(len(few)):
        staff_client.get(LIST)


def test_the_list_is_searched_in_both_languages(staff_client):
    a_download(title_en="Budget", title_fr="Finances")
    assert "Budget" in staff_client.get(LIST, {"q": "finances"}).text
    assert "Budget" not in staff_client.get(LIST, {"q": "voyage"}).text


@pytest.mark.medium
def test_a_pdf_without_tags_is_taken_with_a_hint_that_stays_in_the_form(staff_client):
    response = staff_client.post(
        ADD,
        fields(staff_client.get(ADD), "download_form")
        | {"key": "", "title_en": "Report", "file_en": upload(a_pdf(), "a.pdf")},
        follow=True,
    )
    assert "This PDF file (file in English) may be hard to use for some readers." in response.text
    assert "It has no tags" in staff_client.get(change_address(Download.objects.get())).text


def test_an_accessible_pdf_gets_no_hint(staff_client):
    download = a_download(file_en=stored_files.validate_upload(an_accessible_pdf(), "a.pdf"), file_fr=None)
    assert "hard to use" not in staff_client.get(change_address(download)).text


def test_the_form_opens_where_the_storage_has_lost_a_file(staff_client):
    download = a_download(file_en=StoredFile("d" * 64, "pdf", 10))
    assert staff_client.get(change_address(download)).status_code == 200


def test_people_who_may_only_look_get_links_to_the_files(client):
    download = a_download(title_en="Report")
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_download"))
    client.force_login(person)
    shown = client.get(change_address(download)).text
    assert f'href="{staff_path(download)}"' in shown
    assert "StoredFile" not in shown


# What staff get


def staff_path(download, name="report.pdf"):
    return f"/admin/media/files/{download.file_en.digest}/{name}"


def test_staff_save_a_file_that_no_page_offers_and_no_browser_opens_it_itself(staff_client):
    response = staff_client.get(staff_path(a_download()))
    assert b"".join(response.streaming_content) == a_pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"] or "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["report.docx", "report.exe", "report.odt"])
def test_a_file_of_another_kind_is_not_found(staff_client, name):
    assert staff_client.get(staff_path(a_download(), name)).status_code == 404


def test_nobody_else_gets_it(client):
    download = a_download()
    assert client.get(staff_path(download)).status_code == 302
    assert client.get(f"/media/files/{download.file_en.digest}/report.pdf").status_code == 404
