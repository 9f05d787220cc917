"""The static copy: every public answer byte for byte, brought up to date, and served by nginx like the application."""

import json
import re
import shutil
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from django.utils import timezone

from canada_iraq.operations import static_export
from pages import indexes, publishing
from pages.document import Bilingual
from pages.models import Edition, Page
from pages.models.edition import MAX_RECENT
from tests.factories import (
    a_download,
    a_download_list,
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_page_with_everything_shared,
    a_png,
    a_text,
    an_image,
)
from tests.files import a_pdf, an_mp4, an_office_file, captions


@pytest.fixture(scope="module")
def made(new_site, tmp_path_factory):
    """A folder with the data folder of a site and with its copy.

    The site has a home page, a page with a picture and a small image in a list, one with a video and a shared block,
    one that moved, one that was withdrawn, one to come and a draft.
    """
    folder = tmp_path_factory.mktemp("made")
    with (
        new_site(folder / "data"),
        override_settings(WHITENOISE_USE_FINDERS=True),
    ):  # nothing has been collected
        home = a_home_page()
        a_page_list(home)
        publishing.publish(home, by=None)
        page = a_page(key="trade", title_en="Trade", address_en="trade", address_fr="commerce")
        a_figure(page)
        a_flag = {"alternative_text_en": "Flag of Iraq", "alternative_text_fr": "Drapeau de l’Irak"}
        an_image(key="flag", data=a_png(colour="red"), **a_flag)
        flag = '<ul>\n<li><img src="image:flag"></li>\n</ul>'
        a_text(page, body_en=flag, body_fr=flag)
        indexes.update_drafts([page])
        a_download_list(page, downloads=[a_download(title_en="Annual report", title_fr="Rapport annuel")])
        publishing.publish(a_page_with_everything_shared(address_en="tour", address_fr="visite"), by=None)
        publishing.publish(page, by=None, correction=Bilingual("The year is 2020.", "L’année est 2020."))
        moved = a_live_page(address_en="old", address_fr="ancienne", parent=page)
        moved.address_en, moved.address_fr = "trade/new", "commerce/nouvelle"
        moved.save()
        publishing.publish(moved, by=None)
        gone = a_live_page(address_en="gone", address_fr="partie")
        publishing.withdraw(gone, by=None, explanation=Bilingual("It was replaced.", "Elle a été remplacée."))
        a_page(title_en="Draft", address_en="draft")
        later = a_page(title_en="Later", address_en="later")
        publishing.publish(later, by=None, at=timezone.now() + timedelta(days=1))
        static_export.export(folder / "copy", get_wsgi_application())
    return folder


@pytest.fixture
def site(made, file_site, settings):
    settings.WHITENOISE_USE_FINDERS = True
    shutil.copytree(made / "data", file_site, dirs_exist_ok=True)
    return file_site


@pytest.fixture
def copy(made, site, tmp_path):
    """The copy of the site, which tests may change."""
    return shutil.copytree(made / "copy", tmp_path / "copy")


@pytest.fixture
def export(site, tmp_path):
    """Brings the copy up to date and returns what that took."""

    def run():
        return static_export.export(tmp_path / "copy", get_wsgi_application())

    return run


def files(copy):
    return {str(file.relative_to(copy)): file.read_bytes() for file in copy.rglob("*") if file.is_file()}


def addresses(copy):
    """What the copy answers at: address and file."""
    return {path: entry["file"] for path, entry in json.loads((copy / "copy.json").read_text()).items()}


def content(response):
    return response.getvalue() if response.streaming else response.content


@pytest.mark.medium
def test_every_file_is_byte_for_byte_what_the_application_answers(copy, client):
    found = addresses(copy)
    pages = {"/en/", "/fr/", "/en/trade", "/fr/commerce", "/en/trade/new", "/fr/commerce/nouvelle"}
    lists = {"/en/corrections", "/fr/corrections.atom", "/en/corrections/trade", "/fr/corrections/commerce"}
    assert pages | lists | {"/", "/robots.txt", "/sitemap.xml"} <= found.keys()
    for path, file in found.items():
        assert (copy / file).read_bytes() == content(client.get(path)), path


def test_all_that_a_page_needs_to_be_shown_is_there(copy):
    html = (copy / "site/en/trade.html").read_text()
    needed = re.findall(r'(?:<link[^>]+href|src)="(/(?:static|media)/[^"]+)"', html)
    needed += [
        one.split()[0] for several in re.findall(r'srcset="([^"]+)"', html) for one in several.split(",")
    ]
    assert any(path.endswith(".css") for path in needed)
    assert any(path.endswith(".avif") for path in needed)
    [flag] = re.findall(r'<img class="ci-inline-image" src="([^"]+)"', html)
    assert flag in needed
    assert [path for path in needed if not (copy / f"site{path}").is_file()] == []


def test_files_that_pages_offer_are_there_under_their_names(copy):
    [english] = re.findall(r'href="(/media/files/[^"]+)"', (copy / "site/en/trade.html").read_text())
    [french] = re.findall(r'href="(/media/files/[^"]+)"', (copy / "site/fr/commerce.html").read_text())
    assert english.endswith("/annual-report.pdf")
    assert (copy / f"site{english}").read_bytes() == a_pdf()
    assert (copy / f"site{french}").read_bytes() == an_office_file()
    assert '"application/pdf" pdf;' in (copy / "nginx/types.conf").read_text()
    assert "Disposition" not in (copy / "nginx/media.headers").read_text()  # which images have as well


@pytest.mark.parametrize(
    ("file", "subjects", "shared"),
    [
        ("en/tour", ["aid", "trade"], "Office closed"),
        ("fr/visite", ["aid (fr)", "trade (fr)"], "Bureau fermé"),
    ],
)
def test_a_video_plays_from_the_copy_with_all_that_pages_share(copy, file, subjects, shared):
    html = (copy / f"site/{file}.html").read_text()
    [player] = re.findall(r"<video .*?</video>", html, re.DOTALL)
    video, *tracks = re.findall(r'src="(/media/files/[^"]+)"', player)
    assert (copy / f"site{video}").read_bytes() == an_mp4()
    assert {(copy / f"site{track}").read_bytes() for track in tracks} == {
        captions("Welcome."),
        captions("Bienvenue."),
    }
    types = (copy / "nginx/types.conf").read_text()
    assert '"video/mp4" mp4;' in types
    assert '"text/vtt; charset=utf-8" vtt;' in types
    assert re.findall('name="dcterms.subject" title="gccore" content="([^"]*)"', html) == subjects
    assert shared in html
    [picture] = re.findall(r'property="og:image" content="https?://[^/]+(/[^"]+\.jpg)"', html)
    assert (copy / f"site{picture}").read_bytes().startswith(b"\xff\xd8")
    assert "Begin here." not in html  # a tip of its template


def test_feeds_are_there(copy, client):
    assert (copy / "site/fr/fil.atom").read_bytes() == client.get("/fr/fil").content
    assert '"application/atom+xml; charset=utf-8" atom;' in (copy / "nginx/types.conf").read_text()


def test_what_is_not_public_is_not_in_the_copy(copy):
    names = " ".join(files(copy))
    assert "draft" not in names
    assert "later" not in names
    assert "admin" not in names
    assert not any(b"Draft" in text or b"Later" in text for text in files(copy).values())


def test_an_old_address_is_a_redirect_and_a_withdrawn_page_a_notice(copy, client):
    assert '"/en/old" "/en/trade/new";' in (copy / "nginx/moved.map").read_text()
    assert '"/fr/partie" "/gone/fr/partie.html";' in (copy / "nginx/gone.map").read_text()
    assert (copy / "gone/fr/partie.html").read_bytes() == client.get("/fr/partie").content


def test_errors_speak_the_language_of_the_address(copy):
    """They are for every address, so they offer nothing for one."""
    missing = (copy / "errors/fr/404.html").read_text()
    assert "Page introuvable" in missing
    assert 'action="/fr/recherche"' in missing
    assert "nothing" not in missing
    assert 'lang="fr"' in (copy / "errors/fr/503.html").read_text()


def test_the_headers_are_those_of_the_application(copy, client):
    said = (copy / "nginx/pages.headers").read_text()
    assert "add_header Content-Security-Policy \"base-uri 'none'; default-src 'none'" in said
    assert 'add_header X-Content-Type-Options "nosniff" always;' in said
    media = (copy / "nginx/media.headers").read_text()
    assert "sandbox" in media
    assert "max-age=300" in media
    assert "immutable" not in media


@pytest.mark.medium
def test_nothing_is_written_when_nothing_has_changed(copy, export):
    before = {file: file.stat().st_mtime_ns for file in copy.rglob("*")}
    result = export()
    assert (result.written, result.removed) == (0, 0)
    assert result.unchanged == len(files(copy))
    assert {file: file.stat().st_mtime_ns for file in copy.rglob("*")} == before


@pytest.mark.medium
def test_only_what_changed_is_written_and_what_is_gone_is_removed(copy, export):
    before = files(copy)
    for address in ("trade", "tour"):
        publishing.withdraw(Page.objects.get(address_en=address), by=None)
    export()
    after = files(copy)
    assert before.keys() - after.keys() >= {"site/en/trade.html", "site/fr/commerce.html"}
    assert not any(name.startswith("site/media/") for name in after)
    gone = ("en/trade", "fr/commerce", "en/tour", "fr/visite")
    assert after.keys() - before.keys() == {f"gone/{path}.html" for path in gone}
    assert after["site/robots.txt"] == before["site/robots.txt"]


@pytest.mark.medium
def test_only_what_may_have_changed_is_asked_for(copy, site, tmp_path):
    application, asked = get_wsgi_application(), []

    def listening(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return application(environ, start_response)

    def pages_asked_for():
        asked.clear()
        static_export.export(copy, listening)
        assert sum(path.startswith("/media/") for path in asked) <= 1  # for its headers
        return set(asked) & {"/en/", "/en/trade", "/fr/commerce", "/en/trade/new", "/fr/commerce/nouvelle"}

    assert pages_asked_for() == set()
    a_live_page(parent=Page.objects.get(key="trade"))
    # One lists the pages below it, the other what was updated last.
    assert pages_asked_for() == {"/en/", "/en/trade", "/fr/commerce"}
    assert pages_asked_for() == set()
    publishing.publish(Page.objects.get(key="home"), by=None)
    assert pages_asked_for() == {
        "/en/",
        "/en/trade",
        "/fr/commerce",
        "/en/trade/new",
        "/fr/commerce/nouvelle",
    }


@pytest.mark.medium
def test_a_new_version_of_the_software_asks_for_every_page(copy, monkeypatch):
    before = static_export.page_states()
    monkeypatch.setattr(static_export, "_software_fingerprint", lambda: "another")
    after = static_export.page_states()
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())


def test_another_logo_asks_for_every_page(tmp_path, settings):
    settings.STATICFILES_DIRS = [("identity", tmp_path)]
    (tmp_path / "logo.svg").write_text("<svg/>")
    before = static_export._software_fingerprint()
    (tmp_path / "logo.svg").write_text("<svg></svg>")
    assert static_export._software_fingerprint() != before


@pytest.mark.medium
def test_a_page_is_made_from_those_that_showing_it_reads(site):
    parent = Page.objects.get(key="trade")
    for _ in range(6):
        parent = a_live_page(parent=parent)
        a_live_page(parent=parent)
    live = {edition.page_id: edition for edition in Edition.objects.live()}
    recent = set(Edition.objects.changed_last(MAX_RECENT).values_list("pk", flat=True))
    parents = {page: edition.parent_id for page, edition in live.items()}
    around = static_export.pages_in_navigation(parents, recent)
    assert len(around) > 12
    for page, edition in live.items():
        read = {found.page_id for found in Edition.objects.with_navigation("en", edition.address_en)}
        assert around[page] == read


@pytest.mark.medium
def test_a_file_that_was_lost_comes_back(copy, export):
    before = files(copy)
    (copy / "site/en/trade.html").unlink()
    assert export().written == 1
    assert files(copy) == before


@pytest.mark.medium
def test_a_file_that_does_not_belong_is_removed(copy, export):
    (copy / "site/en/evil.html").write_text("evil")
    assert export().removed == 1
    assert not (copy / "site/en/evil.html").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(site, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("a picture")
    with pytest.raises(CommandError, match="holds something else: choose an empty folder"):
        call_command("export_site", str(tmp_path / "photos"))
    assert files(tmp_path / "photos") == {"one.jpg": b"a picture"}


def test_an_application_that_fails_costs_the_copy_nothing(copy):
    before = files(copy)

    def failing(environ, start_response):
        start_response("503 Service Unavailable", [])
        return [b"later"]

    with pytest.raises(static_export.ExportError, match=r"failed \(503\) at /: nothing was removed"):
        static_export.export(copy, failing)
    assert files(copy) == before


@pytest.mark.medium
def test_an_address_whose_file_would_be_another_ones_is_left_to_the_application(export, tmp_path):
    a_live_page(title_en="Index", address_en="index", address_fr="indice")
    searches = ["/en/opensearch.xml", "/fr/opensearch.xml"]  # searching stays with the application too
    assert export().skipped == ["/en/index", *searches]
    assert "Index</h1>" not in (tmp_path / "copy/site/en/index.html").read_text()


def test_answers_in_smaller_forms_are_kept_beside_the_file(site, tmp_path):
    def application(environ, start_response):
        encoding = environ.get("HTTP_ACCEPT_ENCODING", "")
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Vary", "Accept-Encoding")]
        start_response("200 OK", headers + ([("Content-Encoding", encoding)] if encoding else []))
        return [f"{environ['PATH_INFO']} {encoding}".encode()]

    static_export.export(tmp_path / "copy", application)
    assert (tmp_path / "copy/site/robots.txt").read_bytes() == b"/robots.txt "
    assert (tmp_path / "copy/site/robots.txt.gz").read_bytes() == b"/robots.txt gzip"
    assert (tmp_path / "copy/site/robots.txt.br").read_bytes() == b"/robots.txt br"


@pytest.mark.parametrize(
    ("kind", "text", "needed"),
    [
        ("text/html", '<link rel="icon" href="/static/a.svg"><a href="/en/b">', ["/static/a.svg"]),
        (
            "text/html",
            '<img src="/media/b.webp" srcset="/media/c.webp 1x, /media/d.webp 2x">',
            ["b", "c", "d"],
        ),
        (
            "text/html",
            '<meta property="og:image" content="http://testserver/media/e.webp">',
            ["/media/e.webp"],
        ),
        ("text/html", '<link rel="alternate" href="https://elsewhere.example/f">', []),
        (
            "text/css",
            "a{background:url(../g.svg)} b{background:url('/static/h.svg')}",
            ["/g.svg", "/static/h.svg"],
        ),
        ("text/css", "a{background:url(data:image/png;base64,AAAA)}", []),
        ("application/xml", "<loc>http://testserver/sitemap-1.xml</loc>", ["/sitemap-1.xml"]),
        ("application/xml", "<loc>http://testserver/en/trade</loc>", []),
    ],
)
def test_an_answer_is_searched_for_what_it_needs(kind, text, needed):
    answer = static_export.Response(200, {"content-type": kind}, text.encode())
    needed = [f"/media/{path}.webp" if len(path) == 1 else path for path in needed]
    assert list(static_export._linked_paths("/static/site.css", answer)) == needed


@pytest.mark.medium
def test_the_command_says_what_it_did(site, tmp_path, monkeypatch):
    from canada_iraq import wsgi

    monkeypatch.setattr(wsgi, "application", get_wsgi_application())
    monkeypatch.setattr("canada_iraq.delivery.static_files.collect_changed", lambda: False)
    out = StringIO()
    call_command("export_site", str(tmp_path / "copy"), stdout=out)
    assert re.search(
        r"Addresses: \d+\n.*copy: \d+ files written, 0 as they were, 0 removed\.", out.getvalue()
    )
