"""Another institution's site: no answer, mail, file or output of a command names this software's own one.

The content is that of the tests, and the identity one without a word of ours, so whatever is left comes from the code.
"""

import re
import zipfile
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.management import call_command, get_commands, load_command_class
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone, translation

from accounts import second_factor
from canada_iraq import identity
from canada_iraq.operations import static_export
from pages import emergencies, publishing, stylesheet
from pages.models import Page, preview_link
from reports.models import ProblemReport
from tests import test_every_admin_screen as admin_screens
from tests.factories import a_home_page, a_live_page, a_page, a_report, a_second_factor, a_text
from tests.test_every_kind_of_answer import PUBLIC

OWN = (site_settings.BASE_DIR / "identity" / "identity.toml").read_text()
IDENTITY = """
[name]
en = "Office of Words"
fr = "Bureau des mots"
[tagline]
en = "What words mean."
fr = "Ce que les mots veulent dire."
[notices]
en = ["These words are samples."]
fr = ["Ces mots sont des exemples."]
[contact]
en = "write"
fr = "ecrire"
[privacy]
en = "secrets"
fr = "secrets"
[links]
en = [{ title = "Write to us", address = "write" }]
fr = [{ title = "Nous écrire", address = "ecrire" }]
"""
# However it is written, and whatever parts its words.
OURS = re.compile(r"canada[^a-z0-9]{0,30}ira[qk]|ira[qk][^a-z0-9]{0,30}canada", re.I)
LANGUAGES = ("en", "fr")


def find_ours(text):
    """Where a text names our own institution, with what stands around it."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return [text[max(0, found.start() - 60) : found.end() + 60] for found in OURS.finditer(text)]


@pytest.fixture(autouse=True)
def other_identity(settings, tmp_path_factory):
    """The settings of the other institution."""
    folder = tmp_path_factory.mktemp("institution")
    (folder / "identity.toml").write_text(IDENTITY)
    settings.SITE_IDENTITY = identity.read(folder)
    settings.SECURITY_CONTACT = ["mailto:security@example.org"]
    settings.STATICFILES_DIRS = identity.static_folders(folder)


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def headers_and_content(response):
    return "\n".join(f"{name}: {value}" for name, value in response.items()).encode() + content(response)


def test_what_is_looked_for_is_found_however_it_is_written():
    for text in ("Canada-Iraq Pages", "Pages Canada‑Irak", "canada_iraq.views", "CANADA–IRAQ", "canadairaq"):
        assert find_ours(f"<b>{text}</b>")
    assert find_ours("The Canada of Iraqi poets") == []


def test_the_other_identity_shares_no_word_with_ours():
    assert find_ours(IDENTITY) == []
    assert find_ours(OWN)


@pytest.fixture
def site(db):
    """A page in each way in which readers meet one; returns the addresses that are made up for it."""
    publishing.publish(a_home_page(), by=None)
    trade = a_page(key="trade", address_en="trade", address_fr="commerce")
    a_text(trade)
    publishing.publish(trade, by=None)
    moved = a_live_page(address_en="old")
    moved.address_en = "new"
    moved.save()
    publishing.publish(moved, by=None)
    publishing.withdraw(a_live_page(address_en="gone", address_fr="retiree"), by=None)
    publishing.archive(a_live_page(address_en="past", address_fr="passee"), by=None)
    urgent = a_live_page(address_en="urgent", address_fr="urgence")
    Page.objects.filter(pk=urgent.pk).update(introduction_en="<p>Do not travel.</p>")
    urgent.refresh_from_db()
    soon = timezone.localdate() + timedelta(days=1)
    emergencies.publish_in_emergency(urgent, language="en", reason="Storm.", due_on=soon, by=None)
    _link, token = preview_link.create_link(trade, by=None, days=1)
    return [f"/en/preview/{token}", f"/fr/apercu/{token}"]


EVERY_PUBLIC_PAGE = [
    *((method, path) for method, path, _status in PUBLIC),
    *(
        ("GET", path)
        for path in ["/en/past", "/fr/passee", "/en/urgent", "/fr/urgence", "/fr/retiree", "/fr/rien"]
    ),
    *(
        ("GET", path)
        for path in ["/fr/", "/en/corrections.atom", "/fr/corrections", "/fr/recherche?q=rien+du+tout"]
    ),
    ("POST", "/fr/signaler-un-probleme/trade"),
    ("GET", "/en/report-a-problem/received/thank-you"),
]


@pytest.mark.medium
def test_no_public_answer_names_our_own_institution(client, site):
    for method, path in [*EVERY_PUBLIC_PAGE, *(("GET", path) for path in site)]:
        path, _, query = path.partition("?")
        response = client.generic(method, path, QUERY_STRING=query)
        assert find_ours(headers_and_content(response)) == [], (method, path)


@pytest.mark.medium
def test_public_pages_name_the_other_institution(client, site):
    for path, name in {
        "/": "Bureau des mots",
        "/en/trade": "Office of Words",
        "/fr/fil": "Bureau des mots",
    }.items():
        assert name in client.get(path).text


@pytest.mark.parametrize("path", ["/en/x", "/fr/x", "/x"])
def test_no_error_of_the_server_names_our_own_institution(client, db, monkeypatch, path):
    client.raise_request_exception = False

    def fail(*arguments):
        raise ValueError

    monkeypatch.setattr("pages.views.Edition.objects.fetch_with_navigation", fail)
    assert find_ours(headers_and_content(client.get(path))) == []


def walk_the_admin(client, paths, languages=LANGUAGES, method="get"):
    """The addresses whose answer names our own institution, with the places."""
    found = []
    for language in languages:
        client.cookies["django_language"] = language
        for _state, name, path in paths:
            if name != "logout":
                answer = getattr(client, method)(path)
                found += [(language, path, place) for place in find_ours(headers_and_content(answer))]
    return found


pages, people = admin_screens.pages, admin_screens.people


@pytest.mark.medium
def test_no_screen_of_the_site_names_our_own_institution(staff_client, db):
    page = a_live_page()
    a_report(page.editions.get())
    paths = list(admin_screens.paths_of_the_site(page))
    assert walk_the_admin(staff_client, paths) == []
    one = [("live", "", path) for _s, name, path in admin_screens.paths_of_pages({"live": page})]
    assert walk_the_admin(staff_client, one) == []


@pytest.mark.medium
def test_no_form_that_is_sent_empty_or_wrong_names_our_own_institution(staff_client, client, db):
    page = a_live_page()
    a_report(page.editions.get())
    paths = [*admin_screens.paths_of_the_site(page), *admin_screens.paths_of_pages({"live": page})]
    assert walk_the_admin(staff_client, paths, method="post") == []
    wrong = {"username": "nobody", "password": "wrong"}
    strict = Client(enforce_csrf_checks=True)
    for answer in (Client().post("/admin/login/", wrong), strict.post("/admin/login/", wrong)):
        assert find_ours(headers_and_content(answer)) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_no_screen_of_any_page_names_our_own_institution(pages, people):
    client, _account = people["superuser"]
    paths = list(admin_screens.paths_of_pages(pages))
    assert walk_the_admin(client, paths) == []


@pytest.mark.medium
def test_the_titles_of_the_admin_name_the_other_institution_in_the_language_of_the_person(staff_client):
    for language, name in {"en": "Office of Words", "fr": "Bureau des mots"}.items():
        staff_client.cookies["django_language"] = language
        for path in ("/admin/", "/admin/pages/page/", "/admin/password_change/"):
            html = staff_client.get(path).text
            assert f"| {name}</title>" in html
            assert f">{name}</a>" in html


def test_the_sign_in_screen_names_the_other_institution(client, db):
    assert "Office of Words" in client.get("/admin/login/").text


@pytest.mark.parametrize(("language", "name"), [("en", "Office of Words"), ("fr", "Bureau des mots")])
def test_an_app_for_codes_shows_the_other_institution_and_the_host(rf, language, name):
    with translation.override(language):
        address = second_factor.otpauth_url(an_account_in_memory(), second_factor.generate_secret())
    assert parse_qs(urlsplit(address).query)["issuer"] == [f"{name} (testserver)"]
    assert find_ours(address) == []


def an_account_in_memory():
    return get_user_model()(username="writer")


def test_recovery_codes_and_their_page_name_no_institution_of_ours(staff_client, editor):
    a_second_factor(editor)
    assert find_ours(content(staff_client.get("/admin/second-factor/"))) == []


@pytest.mark.medium
def test_no_mail_names_our_own_institution(settings, site, editor):
    editor.email = "owner@example.org"
    editor.save()
    Page.objects.update(owner=editor)
    a_report(Page.objects.get(key="trade").editions.first())
    ProblemReport.objects.update(received_at=timezone.now() - timedelta(days=1))
    call_command("send_report_digest", stdout=StringIO())
    (sent,) = mail.outbox
    assert find_ours(sent.message().as_bytes()) == []
    assert find_ours(sent.body) == []


OF_THIS_SOFTWARE = [
    name for name, app in get_commands().items() if app in ("accounts", "canada_iraq", "pages", "reports")
]


@pytest.mark.parametrize("name", sorted(OF_THIS_SOFTWARE))
def test_no_command_explains_itself_with_our_own_institution(name):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    assert find_ours(parser.format_help()) == []


@pytest.mark.medium
def test_no_output_or_file_of_a_command_names_our_own_institution(file_site, tmp_path, settings):
    publishing.publish(a_home_page(), by=None)
    page = a_page(key="trade")
    a_text(page)
    publishing.publish(page, by=None)
    out = StringIO()
    for arguments in (
        ["check_content"],
        ["export_content", str(tmp_path / "content")],
        ["import_content", str(tmp_path / "content")],
        ["rebuild_indexes"],
        ["rebuild_indexes", "--check"],
        ["rebuild_search"],
        ["rebuild_worklist"],
        ["send_report_digest", "--dry-run"],
        ["delete_old_reports", "--dry-run"],
        ["run_scheduled_jobs", "--list"],
        ["backup", str(tmp_path / "backups"), "--keep-days", "3"],
    ):
        (tmp_path / "backups").mkdir(exist_ok=True)
        call_command(*arguments, stdout=out, stderr=out)
    (backup,) = (tmp_path / "backups").iterdir()
    call_command("restore", str(backup), check=True, stdout=out)
    assert find_ours(out.getvalue()) == []
    assert find_ours(backup.name) == []
    with zipfile.ZipFile(backup) as archive:
        assert find_ours("\n".join(archive.namelist())) == []
        assert find_ours(archive.read("manifest.json")) == []
    for file in (tmp_path / "content").rglob("*"):
        assert find_ours(str(file.relative_to(tmp_path))) == []
        assert not file.is_file() or find_ours(file.read_bytes()) == []


@pytest.mark.medium
def test_no_file_of_the_static_copy_names_our_own_institution(file_site, tmp_path, settings):
    settings.WHITENOISE_USE_FINDERS = True
    publishing.publish(a_home_page(), by=None)
    publishing.withdraw(a_live_page(), by=None)
    static_export.export(tmp_path / "copy", get_wsgi_application())
    for file in (tmp_path / "copy").rglob("*"):
        assert find_ours(str(file.relative_to(tmp_path / "copy"))) == []
        assert not file.is_file() or find_ours(file.read_bytes()) == [], file


def test_no_static_file_of_this_software_names_our_own_institution():
    assert find_ours(stylesheet.source()) == []
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            if path.startswith(("accounts/", "pages/", "reports/", "canada_iraq/", "identity/")):
                assert find_ours(path) == []
                with storage.open(path) as file:
                    assert find_ours(file.read()) == [], path
