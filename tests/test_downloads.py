"""Documents that pages offer: what readers see and get, in each language, and for how long."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from pages import (
    comparison,
    indexes,
    publishing,
    readiness,
    rendering,
    single_language,
    stored_files,
    working_copy,
)
from pages.document import LANGUAGES, Bilingual, Download, DownloadList
from pages.indexes import public_files
from pages.models import Download as DownloadRow
from pages.models import Edition, Page, PublicFile, preview_link
from pages.search.results import results
from pages.shared_preview import preview_path
from pages.stored_files import StoredFile
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    A_FILE,
    A_FILE_IN_FRENCH,
    a_document,
    a_download,
    a_download_list,
    a_home_page,
    a_page,
)
from tests.files import a_pdf, an_office_file

pytestmark = pytest.mark.django_db

STAMP = "%Y%m%dT%H%M%SZ"


def a_page_with(download, **changes):
    page = a_page(**changes)
    a_download_list(page, downloads=[download])
    return page


def a_live_page_with(download, **changes):
    a_home_page()
    page = a_page_with(download, **changes)
    publishing.publish(page, by=None)
    return page


def path(download, language="en", media="/media/"):
    file = getattr(download, f"file_{language}")
    title = getattr(download, f"title_{language}")
    return f"{media}files/{file.digest}/{stored_files.download_name(title, file.format)}"


def content(response):
    return b"".join(response.streaming_content)


# What a page says


def links_of(*downloads, language):
    page = rendering.render_preview(a_document(blocks=(DownloadList("part", downloads=downloads),)), language)
    return page.blocks[0].downloads


def words(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html)).replace("\xa0", " ").strip()


REPORT = Download("report", Bilingual("Annual report", "Rapport annuel"), A_FILE, A_FILE_IN_FRENCH)


def link_texts(client, address):
    return [words(link) for link in re.findall(r'<a href="/media/files/.*?</a>', client.get(address).text)]


@pytest.mark.medium
def test_a_link_says_title_type_size_and_language(client):
    download = a_download(
        title_en="Annual report",
        title_fr="Rapport annuel",
        file_en=StoredFile("b" * 64, "pdf", 120_400),
        file_fr=StoredFile("c" * 64, "docx", 1_250_000),
    )
    a_live_page_with(download, address_en="trade", address_fr="commerce")
    assert link_texts(client, "/en/trade") == ["Annual report (PDF, 120 KB, in English)"]
    assert link_texts(client, "/fr/commerce") == ["Rapport annuel (DOCX, 1,2 Mo, en français)"]


@pytest.mark.medium
def test_a_document_of_the_other_language_only_says_so(client):
    download = a_download(
        title_en="Annual report", title_fr="Rapport annuel", file_en=None, file_fr=A_FILE_IN_FRENCH
    )
    a_live_page_with(download, address_en="trade", address_fr="commerce")
    [text] = link_texts(client, "/en/trade")
    assert text.endswith("in French only)")
    shown = client.get("/en/trade").text
    assert 'hreflang="fr"' in shown
    assert "/rapport-annuel.docx" in shown
    assert link_texts(client, "/fr/commerce")[0].endswith("en français)")


def test_each_language_has_its_own_alphabetical_order():
    other = Download("other", Bilingual("Zones", "Échéances"), A_FILE, A_FILE_IN_FRENCH)
    assert [link.title for link in links_of(other, REPORT, language="en")] == ["Annual report", "Zones"]
    assert [link.title for link in links_of(other, REPORT, language="fr")] == ["Échéances", "Rapport annuel"]


def test_a_title_is_text_and_no_markup():
    odd = Download("odd", Bilingual("<b>A</b> & “B”", "<i>"), A_FILE)
    [link] = links_of(odd, language="en")
    assert link.title == "&lt;b&gt;A&lt;/b&gt; &amp; “B”"
    assert link.file.path.endswith("/b-a-b-b.pdf")


def test_a_document_that_has_lost_both_files_is_not_shown():
    assert links_of(Download("none", Bilingual("A", "B")), language="en") == ()


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [(1, "1 KB", "1 Ko"), (999_499, "999 KB", "999 Ko"), (999_500, "1.0 MB", "1,0 Mo")],
)
def test_sizes_are_those_that_readers_know(size, english, french):
    from pages.typography import file_size

    assert [file_size(size, language).replace("\xa0", " ") for language in LANGUAGES] == [english, french]


# What readers get


@pytest.mark.parametrize(
    ("language", "kind", "name", "data"),
    [
        ("en", "application/pdf", "annual-report-2025.pdf", a_pdf()),
        (
            "fr",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "rapport-annuel-2025.docx",
            an_office_file(),
        ),
    ],
)
def test_a_file_is_saved_under_its_title_and_opened_by_no_browser(client, language, kind, name, data):
    download = a_download(title_en="Annual report 2025", title_fr="Rapport annuel 2025")
    a_live_page_with(download)
    response = client.get(path(download, language))
    assert content(response) == data
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Length"] == str(len(data))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=300", "must-revalidate"}


@pytest.mark.medium
def test_a_cache_that_asks_again_gets_no_bytes_while_the_file_is_public(client):
    download = a_download()
    page = a_live_page_with(download)
    etag = client.get(path(download))["ETag"]
    again = client.get(path(download), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(path(download))
    assert (head.status_code, head["ETag"], content(head)) == (200, etag, b"")
    publishing.withdraw(page, by=None)
    assert client.get(path(download), headers={"If-None-Match": etag}).status_code == 404


def test_nothing_can_be_sent_to_a_file(client):
    download = a_download()
    a_live_page_with(download)
    assert client.post(path(download)).status_code == 405


@pytest.mark.medium
def test_one_query_answers_for_a_file_however_many_pages_offer_it(client, django_assert_num_queries):
    download = a_download()
    for _each in range(3):
        a_live_page_with(download)
    with django_assert_num_queries(1):
        assert client.get(path(download)).status_code == 200


def test_another_name_leads_to_the_one_that_a_page_has(client):
    download = a_download(title_en="Annual report")
    a_live_page_with(download)
    response = client.get(f"/media/files/{download.file_en.digest}/win-a-prize.pdf")
    assert (response.status_code, response["Location"]) == (302, path(download))


@pytest.mark.parametrize(
    "name", ["report.exe", "report.html", "report", "../report.pdf", "report.pdf/", "%2e%2e.pdf", "a.b.pdf"]
)
def test_an_odd_name_is_not_found_or_leads_to_the_right_one(client, name):
    download = a_download()
    a_live_page_with(download)
    response = client.get(f"/media/files/{download.file_en.digest}/{name}")
    assert response.status_code in (302, 404)
    assert response.status_code == 404 or response["Location"] == path(download)


def test_a_file_that_the_storage_has_lost_is_not_found(client):
    download = a_download(file_en=StoredFile("d" * 64, "pdf", 10))
    a_live_page_with(download)
    assert client.get(path(download)).status_code == 404


def test_a_store_that_does_not_answer_is_asked_again_later(client, monkeypatch):
    download = a_download()
    a_live_page_with(download)

    def fail(*arguments, **values):
        raise PermissionError("not allowed")

    monkeypatch.setattr(default_storage, "open", fail)
    client.raise_request_exception = False
    response = client.get(path(download))
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")


# For how long


def test_a_file_of_a_draft_is_not_public(client):
    download = a_download()
    a_page_with(download)
    assert client.get(path(download)).status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize("act", [publishing.withdraw, publishing.archive])
def test_a_file_is_public_as_long_as_a_readable_edition_offers_it(client, act):
    download = a_download()
    page = a_live_page_with(download)
    act(page, by=None)
    expected = 404 if act is publishing.withdraw else 200
    assert client.get(path(download)).status_code == expected


@pytest.mark.medium
def test_a_file_of_two_pages_stays_while_one_of_them_does(client):
    download = a_download()
    first, second = a_live_page_with(download), a_live_page_with(download)
    publishing.withdraw(first, by=None)
    assert client.get(path(download)).status_code == 200
    publishing.withdraw(second, by=None)
    assert client.get(path(download)).status_code == 404


@pytest.mark.medium
def test_a_replaced_file_is_public_only_once_the_page_is_published_again(client):
    download = a_download()
    page = a_live_page_with(download)
    old = path(download)
    download.file_en = stored_files.validate_upload(a_pdf(text=b"second"), "a.pdf")
    download.save()
    assert client.get(old).status_code == 200
    assert client.get(path(download)).status_code == 404
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    assert client.get(old).status_code == 404
    assert content(client.get(path(download))) == a_pdf(text=b"second")


@pytest.mark.medium
def test_no_cache_keeps_a_file_beyond_the_edition_that_takes_it_away(client):
    download = a_download()
    page = a_live_page_with(download)
    due = timezone.now() + timedelta(seconds=100)
    Page.objects.get(pk=page.pk).pages_downloadlist_set.all().delete()
    publishing.publish(Page.objects.get(pk=page.pk), by=None, at=due)
    digest, name = download.file_en.digest, path(download).rpartition("/")[2]
    assert public_files.period(digest, name).public_until == due
    assert public_files.period(digest, name, due) is None
    assert int(re.search(r"max-age=(\d+)", client.get(path(download))["Cache-Control"])[1]) <= 100


def test_the_index_tells_what_it_holds():
    a_live_page_with(a_download())
    assert PublicFile.objects.count() == 2
    assert indexes.verify(["files"]) == []


# Staff and previews


@pytest.mark.medium
def test_what_an_old_edition_offered_stays_available_to_staff_for_that_day(staff_client, client):
    download = a_download()
    page = a_live_page_with(download, address_en="trade")
    old, shown_to_staff = path(download), path(download, media="/admin/media/")
    download.file_en = stored_files.validate_upload(a_pdf(text=b"second"), "a.pdf")
    download.save()
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    Edition.objects.filter(number=1).update(publish_at=timezone.now() - timedelta(days=20))
    that_day = timezone.now() - timedelta(days=10)
    for address in (
        f"/admin/pages/page/{page.pk}/editions/1/en/",
        f"/admin/record/{that_day:{STAMP}}/en/trade",
    ):
        assert f'href="{shown_to_staff}"' in staff_client.get(address).text
    assert content(staff_client.get(shown_to_staff)) == a_pdf()
    assert client.get(old).status_code == 404


def test_a_preview_link_has_its_own_files_and_no_others(client):
    download, other = (
        a_download(),
        a_download(file_en=stored_files.validate_upload(a_pdf(text=b"x"), "a.pdf")),
    )
    page = a_page_with(download)
    _link, token = preview_link.create_link(page, by=None, days=3)
    media = f"{preview_path('en', token)}/"
    assert path(download, media=media) in client.get(preview_path("en", token)).text
    response = client.get(path(download, media=media))
    assert content(response) == a_pdf()
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(path(other, media=media)).status_code == 404
    assert client.get(path(download)).status_code == 404


# Writing


@pytest.mark.medium
def test_a_page_chooses_files_in_its_form(admin_client):
    first, second = a_download(title_en="First"), a_download(title_en="Second", title_fr="Suivant")
    page = a_page_with(first)
    shown = admin_client.get(change_address(page)).text
    assert "Suivant" in shown  # for the script that finds it
    data = page_form(admin_client, page)
    name = next(name for name in data if name.endswith("-downloads"))
    assert admin_client.post(change_address(page), data | {name: [first.pk, second.pk]}).status_code == 302
    document = working_copy.read(Page.objects.get(pk=page.pk))
    assert {part.key for part in document.blocks[0].downloads} == {first.key, second.key}


def test_a_list_without_a_file_and_a_document_without_a_title_are_not_published():
    page = a_page()
    a_download_list(page)
    [reason] = readiness.reasons_not_to_publish(working_copy.read(page))
    assert reason.message == "A list of files to download has no file. Choose one, or remove the list."
    other = a_page_with(a_download(title_fr="", key="report"))
    [reason] = readiness.reasons_not_to_publish(working_copy.read(other))
    assert reason.message == "File to download “report”: title is missing in French."
    assert reason.path[-3:] == ("downloads", "report", "title")


def test_a_document_without_any_file_is_not_published():
    page = a_page_with(a_download(title_en="Report", file_en=None, file_fr=None))
    [reason] = readiness.reasons_not_to_publish(working_copy.read(page))
    assert reason.message == "“Report” has no file. Upload it in at least one language."


@pytest.mark.medium
def test_a_reason_leads_to_the_field_of_the_file(admin_client):
    download = a_download(title_fr="")
    page = a_page_with(download)
    shown = admin_client.get(f"/admin/pages/page/{page.pk}/publish/").text
    assert f"/admin/pages/download/{download.pk}/change/#id_title_fr" in shown


@pytest.mark.medium
def test_saving_a_file_counts_the_pages_that_list_it_anew(admin_client):
    download = a_download()
    page = a_page_with(download)
    indexes.update_drafts([page, page.parent])
    assert page.draft_status.reasons == 0
    address = f"/admin/pages/download/{download.pk}/change/"
    data = fields(admin_client.get(address), "download_form") | {"title_fr": ""}
    assert admin_client.post(address, data).status_code == 302
    page.draft_status.refresh_from_db()
    assert page.draft_status.reasons == 1
    assert indexes.verify() == []


@pytest.mark.medium
def test_a_file_that_pages_list_is_not_deleted(admin_client):
    download = a_download()
    page = a_page_with(download, title_en="Trade")
    address = f"/admin/pages/download/{download.pk}/"
    assert "Trade" in admin_client.get(f"{address}change/").text
    assert admin_client.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert DownloadRow.objects.filter(pk=download.pk).exists()
    page.delete()
    assert admin_client.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert not DownloadRow.objects.filter(pk=download.pk).exists()


@pytest.mark.medium
def test_the_worklist_names_titles_that_are_missing_in_one_language(admin_client):
    a_download(title_en="Report of the year", title_fr="")
    shown = admin_client.get("/admin/").text
    assert "Files to download with a title missing in one language" in shown
    assert "Report of the year" in shown


def test_a_changed_file_is_told_when_pages_are_compared(admin_client):
    before = a_document(blocks=(DownloadList("part", downloads=(REPORT,)),))
    changed = Download("report", REPORT.title, StoredFile("e" * 64, "pdf", 10), REPORT.file_fr)
    after = a_document(blocks=(DownloadList("part", downloads=(changed,)),))
    [change] = comparison.compare(before, after).blocks
    assert [fact[0] for fact in change.facts] == ["downloads"]


@pytest.mark.medium
def test_a_changed_file_is_shown_before_publishing(admin_client):
    download = a_download(title_en="Report")
    page = a_live_page_with(download)
    download.file_en = stored_files.validate_upload(a_pdf(text=b"second"), "a.pdf")
    download.save()
    shown = words(admin_client.get(f"/admin/pages/page/{page.pk}/compare/").text)
    assert "checksum" in shown
    assert download.file_en.digest[:8] in shown


def test_search_finds_a_page_by_the_titles_of_its_documents():
    a_live_page_with(a_download(title_en="Hydrology memorandum", title_fr="Mémoire d’hydrologie"))
    assert results("memorandum", "en").count == 1
    assert results("hydrologie", "fr").count == 1


def test_in_an_emergency_the_other_language_keeps_its_file():
    old = REPORT
    new = Download(
        "report",
        Bilingual("New report", ""),
        StoredFile("e" * 64, "pdf", 10),
        StoredFile("f" * 64, "pdf", 10),
    )
    written = a_document(blocks=(DownloadList("part", downloads=(new,)),))
    live = a_document(blocks=(DownloadList("part", downloads=(old,)),))
    [merged] = single_language.merge_languages(written, live, "en").blocks[0].downloads
    assert merged.title == Bilingual("New report", "Rapport annuel")
    assert (merged.file_en, merged.file_fr) == (new.file_en, old.file_fr)


@pytest.mark.medium
def test_the_api_names_the_file_of_each_language(client):
    download = a_download(title_en="Annual report", file_fr=None)
    a_live_page_with(download, key="trade")
    page = client.get("/api/v1/pages/trade").json()
    for language in LANGUAGES:
        [block] = page[language]["blocks"]
        [offered] = block["downloads"]
        assert offered["file"]["url"].endswith(path(download))
        assert (offered["file"]["language"], offered["file"]["format"]) == ("en", "pdf")


@pytest.mark.medium
def test_an_exported_history_names_each_file_with_its_checksum(admin_client):
    download = a_download()
    page = a_live_page_with(download)
    exported = content(admin_client.get(f"/admin/pages/page/{page.pk}/export/")).decode()
    assert download.file_en.digest in exported
    assert (
        path(download, media="http://testserver/admin/media/") in exported
        or "/admin/media/files/" in exported
    )


# Content files


def test_content_files_carry_documents_and_refuse_what_the_admin_refuses(tmp_path):
    a_home_page()
    download = a_download(key="report", file_fr=None)
    a_page_with(download, key="trade")
    call_command("export_content", str(tmp_path), verbosity=0)
    assert (tmp_path / "files/report-en.pdf").read_bytes() == a_pdf()
    assert "file_en: files/report-en.pdf" in (tmp_path / "downloads.yaml").read_text()
    (tmp_path / "files/report-en.pdf").write_bytes(b"MZ")
    from pages import content_files

    with pytest.raises(content_files.ImportErrors, match="something else"):
        content_files.read(tmp_path)
    (tmp_path / "files/report-en.pdf").unlink()
    with pytest.raises(content_files.ImportErrors, match="was not found"):
        content_files.read(tmp_path)
    (tmp_path / "downloads.yaml").write_text("- key: report\n  file_en: ../../etc/passwd\n")
    with pytest.raises(content_files.ImportErrors, match="“files” folder"):
        content_files.read(tmp_path)
    (tmp_path / "downloads.yaml").unlink()
    assert content_files.read(tmp_path).pages  # the one that is stored is meant
