"""Videos: which files are taken, how a page shows one, what is asked for it, and where its files go."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from canada_iraq.operations.static_export import LINK_PATTERNS
from pages import (
    content_checks,
    content_files,
    file_formats,
    publishing,
    readiness,
    stored_files,
    working_copy,
)
from pages.document import NOTHING, Bilingual, Download, Video
from pages.file_formats import FileRefused
from pages.models import Download as DownloadRow
from pages.models import Page
from pages.stored_files import StoredFile
from tests.admin_forms import fields
from tests.factories import (
    a_document,
    a_download,
    a_download_list,
    a_home_page,
    a_page,
    a_png,
    a_video,
)
from tests.files import a_box, a_pdf, a_webm, an_archive, an_mp4, captions

# Files


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (an_mp4(picture=b"soun"), "a.mp4", "something else"),
        (an_mp4()[:-1], "a.mp4", "damaged"),
        (a_box(b"ftyp", b"isom") + a_box(b"mdat"), "a.mp4", "damaged"),
        (a_box(b"ftyp", b"isom") + b"\0\0\0\4moov", "a.mp4", "damaged"),
        (an_mp4() + a_box(b"free", an_archive({"a": "b"})), "a.mp4", "something else"),
        (an_mp4().replace(b"isomavc1", b"<script>"), "a.mp4", "something else"),
        (a_webm()[:20], "a.webm", "damaged"),
        (a_webm().replace(b"webm", b"matr"), "a.webm", "something else"),
        (b"WEBVTT\n\nWelcome.", "a.vtt", "caption with a time"),
        (b"WEBVTTX\n\n00:00.000 --> 00:02.000\nWelcome.", "a.vtt", "something else"),
        (captions("<script>alert(1)</script>"), "a.vtt", "something else"),
    ],
)
def test_a_video_that_is_none_and_captions_without_times_are_refused(data, name, told):
    with pytest.raises(FileRefused) as refused, translation.override("en"):
        file_formats.check(data, name)
    with translation.override("en"):
        assert told in refused.value.messages[0]


# Pages


def a_page_with_video(row):
    a_home_page()
    block = Video("tour", NOTHING, (working_copy.read_shared(row),), Bilingual("<p>Said.</p>", "<p>Dit.</p>"))
    return working_copy.write(a_document(blocks=(block,)))


def a_live_video(row):
    publishing.publish(a_home_page(), by=None)
    page = a_page_with_video(row)
    publishing.publish(page, by=None)
    return page


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "order"), [("/en/trade", ["en", "fr"]), ("/fr/commerce", ["fr", "en"])])
def test_a_page_plays_a_video_of_the_site_when_a_reader_wants_it(client, path, order):
    a_live_video(a_video())
    response = client.get(path)
    shown = response.text
    [player] = re.findall(r"<video .*?</video>", shown, re.DOTALL)
    assert "autoplay" not in player
    assert 'preload="metadata"' in player
    assert re.findall(r'<track kind="captions" [^>]*srclang="(..)"', player) == order
    assert re.search(rf'srclang="{order[0]}" label="[^"]+" default>', player)
    assert "media-src 'self'" in response.headers["Content-Security-Policy"]
    assert {"en": "<p>Said.</p>", "fr": "<p>Dit.</p>"}[order[0]] in shown
    addresses = re.findall(r'(?:src|poster)="(/media/[^"]+)"', player)
    types = [client.get(address).headers["Content-Type"] for address in addresses]
    assert types == ["image/webp", "video/mp4", "text/vtt; charset=utf-8", "text/vtt; charset=utf-8"]
    copied = [found[found.lastindex] for found in LINK_PATTERNS["text/html"].finditer(shown)]
    assert set(addresses) <= set(copied)


@pytest.mark.django_db
def test_no_file_of_a_video_is_public_once_no_page_shows_it(client):
    page = a_live_video(a_video())
    addresses = re.findall(r'(?:src|poster)="(/media/[^"]+)"', client.get("/en/trade").text)
    assert len(addresses) == 4
    publishing.withdraw(page, by=None, explanation=Bilingual("Over.", "Terminé."))
    assert {client.get(address).status_code for address in addresses} == {404}


WHOLE = an_mp4(media=bytes(range(256)) * 600)
SIZE = len(WHOLE)


@pytest.mark.django_db
def test_a_player_gets_the_part_of_a_file_that_it_asks_for(client):
    a_live_video(a_video(file_en=stored_files.validate_upload(WHOLE, "a.mp4")))
    [address] = re.findall(r'<source src="([^"]+)"', client.get("/en/trade").text)
    etag = client.get(address).headers["ETag"]
    for asked, part in {
        "bytes=0-99": range(100),
        "bytes=70000-": range(70000, SIZE),
        "bytes=-50": range(SIZE - 50, SIZE),
        f"bytes=100-{SIZE + 9}": range(100, SIZE),
        f"bytes=-{SIZE + 9}": range(SIZE),
    }.items():
        response = client.get(address, headers={"Range": asked, "If-Range": etag})
        assert (response.status_code, b"".join(response.streaming_content)) == (
            206,
            WHOLE[part.start : part.stop],
        )
        assert response.headers["Content-Range"] == f"bytes {part[0]}-{part[-1]}/{SIZE}"
        assert response.headers["Content-Length"] == str(len(part))
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for asked in ("bytes=5-1", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"):
        response = client.get(address, headers={"Range": asked})
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(SIZE))
    for asked in (f"bytes={SIZE}-", "bytes=-0"):
        response = client.get(address, headers={"Range": asked})
        assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{SIZE}")
    changed = client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert changed.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_programs_get_a_video_with_its_captions_its_poster_and_its_transcript(client, language):
    a_live_video(a_video(key="tour"))
    [block] = client.get("/api/v1/pages/trade").json()[language]["blocks"]
    [video] = block["downloads"]
    assert block["transcript"] == {"en": "<p>Said.</p>", "fr": "<p>Dit.</p>"}[language]
    assert video["file"]["format"] == "mp4"
    assert [each["language"] for each in video["captions"]] == ["en", "fr"]
    told = [client.get(each["url"].removeprefix("http://testserver")) for each in video["captions"]]
    assert [b"".join(answer.streaming_content) for answer in told] == [
        captions("Welcome."),
        captions("Bienvenue."),
    ]
    poster = client.get(video["poster"]["url"].removeprefix("http://testserver"))
    assert (poster.status_code, poster["Content-Type"]) == (200, "image/webp")


@pytest.mark.django_db
def test_programs_get_no_captions_of_what_is_no_video(client):
    publishing.publish(a_home_page(), by=None)
    page = a_page(key="reports")
    a_download_list(page, downloads=[a_download()])
    publishing.publish(page, by=None)
    [listed] = client.get("/api/v1/pages/reports").json()["en"]["blocks"][0]["downloads"]
    assert listed.keys() == {"key", "title", "file"}


# What is asked of a video


FILE = StoredFile("0" * 64, "mp4", 1)
TOUR = Download("tour", Bilingual("Tour", "Visite"), FILE, captions_en=StoredFile("1" * 64, "vtt", 1))


def a_page_of(*downloads):
    return a_document(
        blocks=(Video("part", downloads=downloads, transcript=Bilingual("<p>A</p>", "<p>B</p>")),)
    )


def test_captions_that_are_missing_in_one_language_are_a_warning_that_stops_nobody():
    [found] = [each for each in content_checks.findings(a_page_of(TOUR)) if each.rule.id == "video-captions"]
    assert (found.language, found.rule.severity, found.path) == (
        "fr",
        "warns",
        ("blocks", "part", "downloads"),
    )
    assert list(readiness._video_reasons(a_page_of(TOUR))) == []


@pytest.mark.parametrize(
    ("downloads", "told"),
    [
        ((replace(TOUR, file_en=replace(FILE, format="pdf")),), "is not a video"),
        ((TOUR, replace(TOUR, key="other")), "shows one video"),
    ],
)
def test_a_page_is_not_published_with_anything_but_one_video(downloads, told):
    with translation.override("en"):
        [reason] = readiness._video_reasons(a_page_of(*downloads))
    assert told in reason.message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "field"),
    [
        ({"file_en": (captions(), "a.vtt")}, "file_en"),
        ({"file_en": (a_pdf(), "a.pdf"), "captions_en": (captions(), "a.vtt")}, "captions_en"),
        ({"file_en": (an_mp4(), "a.mp4"), "captions_fr": (a_pdf(), "a.pdf")}, "captions_fr"),
        ({"file_en": (a_pdf(), "a.pdf"), "poster": (a_png(), "a.png")}, "poster"),
        (
            {
                "file_en": (an_mp4(), "a.mp4"),
                "captions_en": (captions(), "a.vtt"),
                "poster": (a_png(), "a.png"),
            },
            "",
        ),
    ],
)
def test_the_form_takes_captions_and_a_poster_of_a_video_alone(staff_client, files, field):
    address = "/admin/pages/download/add/"
    data = fields(staff_client.get(address), "download_form") | {"title_en": "Tour", "key": ""}
    data |= {name: SimpleUploadedFile(called, content) for name, (content, called) in files.items()}
    response = staff_client.post(address, data)
    if field:
        assert list(response.context["adminform"].form.errors) == [field]
    else:
        assert response.status_code == 302
        row = DownloadRow.objects.get()
        assert (row.file_en.format, row.captions_en.format, row.poster.format) == ("mp4", "vtt", "png")
        screen = staff_client.get(reverse("admin:pages_download_change", args=[row.pk]))
        assert screen.status_code == 200


@pytest.mark.django_db
def test_content_files_carry_a_video_with_its_captions_and_poster(tmp_path):
    page = a_page_with_video(a_video(key="tour"))
    document = working_copy.read(page)
    content_files.dump(tmp_path)
    assert (tmp_path / "files/tour-captions-fr.vtt").read_bytes() == captions("Bienvenue.")
    Page.objects.filter(pk=page.pk).delete()
    DownloadRow.objects.all().delete()
    call_command("import_content", str(tmp_path), verbosity=0)
    assert working_copy.read(Page.objects.with_content().get(key=document.key)) == document
    text = (tmp_path / "downloads.yaml").read_text()
    (tmp_path / "downloads.yaml").write_text(text.replace("file_en: files/tour-en.mp4", "file_en: null"))
    with pytest.raises(content_files.ImportErrors, match="Only a video has captions"):
        content_files.read(tmp_path)
