"""Preparing a site: from nothing, again, and where something stands in the way."""

import re
import socket
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command

from canada_iraq.delivery import static_files
from canada_iraq.management.commands import prepare_site
from canada_iraq.operations import backends, catalogues, database_copy
from pages.models.indexes import SearchEntry
from tests import factories

PASSWORD = re.compile(r"admin, password (\S+) ")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(static_files, "collect_changed", lambda: True)
    return settings.DATA_DIR


@pytest.fixture
def site_with_a_page(db):
    factories.a_page()


def prepare(**options):
    out = StringIO()
    call_command("prepare_site", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def taken():
    """HOST:PORT where something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.medium
def test_the_first_account_can_sign_in_with_the_password_that_is_shown(site_with_a_page):
    password = PASSWORD.search(prepare()).group(1)
    assert authenticate(username="admin", password=password).is_superuser


@pytest.mark.medium
def test_the_password_is_shown_once_and_kept_nowhere_in_clear(site_with_a_page, folder):
    password = PASSWORD.search(prepare()).group(1)
    assert not PASSWORD.search(prepare())
    assert password not in get_user_model().objects.get().password


def test_two_sites_get_different_passwords():
    assert prepare_site.random_password() != prepare_site.random_password()


@pytest.mark.medium
def test_a_server_in_production_makes_no_account_and_shows_no_password(site_with_a_page):
    assert not PASSWORD.search(prepare(account=False))
    assert not get_user_model().objects.exists()


@pytest.mark.medium
def test_an_account_that_exists_is_left_alone(site_with_a_page, editor):
    assert not PASSWORD.search(prepare())
    assert get_user_model().objects.count() == 1


@pytest.mark.medium
def test_pages_that_exist_are_left_alone(site_with_a_page):
    assert "as they were left" in prepare()


@pytest.mark.medium
def test_an_index_of_search_that_a_migration_emptied_is_filled(db):
    factories.a_live_page()
    SearchEntry.objects.all().delete()
    prepare()
    assert SearchEntry.objects.count() == 2


@pytest.mark.medium
def test_translations_that_cannot_be_written_beside_the_software_are_kept_with_the_site(
    site_with_a_page, folder, monkeypatch
):
    compile_one = catalogues._compile
    sources = catalogues.LOCALE / "fr" / "LC_MESSAGES"

    def compile_elsewhere(source, binary):
        if binary.parent == sources:
            raise PermissionError(13, "Permission denied", str(binary))
        return compile_one(source, binary)

    monkeypatch.setattr(catalogues, "_compile", compile_elsewhere)
    monkeypatch.setattr(catalogues, "is_compiled", lambda locale: False)
    monkeypatch.setattr(catalogues, "_is_compiled", lambda source, binary: False)
    assert f"they are kept in {folder}/locale." in prepare()
    assert (folder / "locale" / "fr" / "LC_MESSAGES" / "django.mo").exists()


@pytest.mark.medium
def test_the_database_is_asked_to_take_stock_of_what_it_holds(site_with_a_page, monkeypatch):
    asked = []
    monkeypatch.setattr(database_copy, "analyze", lambda: asked.append("asked"))
    prepare()
    assert asked


def test_an_empty_site_gets_the_starter_content_published(db, monkeypatch):
    asked = []
    monkeypatch.setattr(prepare_site, "prepare_database", lambda: None)
    monkeypatch.setattr(
        prepare_site, "call_command", lambda *args, **options: asked.append((*args, options["publish"]))
    )
    prepare()
    assert asked == [("import_content", str(prepare_site.STARTER_CONTENT), True)]


@pytest.mark.medium
def test_the_addresses_of_site_and_admin_are_shown(site_with_a_page, settings):
    settings.SITE_URL = "http://127.0.0.1:8123"
    said = prepare()
    assert "http://127.0.0.1:8123/\n" in said
    assert "http://127.0.0.1:8123/admin/\n" in said


def test_a_port_that_is_taken_is_refused_before_anything_is_made(taken, folder):
    with pytest.raises(CommandError, match=rf"Cannot listen at {taken}: Address already in use"):
        prepare(listen=taken)
    assert not folder.exists()


@pytest.mark.parametrize("listen", ["127.0.0.1:port", "127.0.0.1:99999999", "127.0.0.1:", "no host:8000"])
def test_what_is_no_address_is_refused(listen):
    with pytest.raises(CommandError, match="Cannot listen at"):
        prepare(listen=listen)


def test_a_data_folder_that_cannot_be_made_is_named(folder):
    folder.write_text("a file, not a folder")
    with pytest.raises(
        CommandError,
        match=r"\(DATA_DIR\) could not be prepared. .*data already exists and is not a folder",
    ):
        prepare()


def test_a_damaged_database_is_named_in_one_line(file_site, folder):
    (file_site / "database.sqlite3").write_bytes(b"no database " * 500)
    with pytest.raises(
        CommandError, match=r"database.sqlite3 is damaged \(file is not a database\)"
    ) as refusal:
        prepare()
    assert "\n" not in str(refusal.value)


def test_a_server_of_databases_that_does_not_answer_is_no_reason_to_restore_a_backup(django_db_blocker):
    values = backends.database_config("postgres://nobody:secret@127.0.0.1:1/pages", None)
    with (
        django_db_blocker.unblock(),
        database_copy.replaced_default_database(values),
        pytest.raises(
            CommandError, match=r"The database pages cannot be reached \(.*\): check that"
        ) as refusal,
    ):
        prepare()
    assert not {"backup", "secret", "\n"} & set(str(refusal.value).replace(":", " ").split(" "))
