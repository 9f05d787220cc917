"""Commands where something is missing: one line that says what to do, and exit code 1."""

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from canada_iraq.management.commands import prepare_site
from canada_iraq.operations import backends, command_line, database_copy, existing_site, schema_version
from pages.models import Page
from tests.factories import an_account

# All of ours that need a site, and one of Django's.
NEEDY = [
    "check_content",
    "check_content --live",
    "export_content {}/files",
    "import_content pages/starter",
    "rebuild_indexes",
    "rebuild_indexes --check",
    "rebuild_search",
    "rebuild_worklist",
    "delete_old_reports",
    "run_scheduled_jobs",
    "send_report_digest",
    "showmigrations",
    "export_site {}/copy",
    "backup {}/backup.zip",
    "createsuperuser --noinput --username a --email a@example.org",
]


@pytest.fixture
def without_tables(tmp_path, settings, django_db_blocker):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "database.sqlite3"
    with django_db_blocker.unblock(), database_copy.replaced_default_database(backends.sqlite_config(file)):
        yield file


def run(command):
    command_line.run(["manage.py", *command.split()])


def refused(command):
    """What a command says that ends with exit code 1: one line."""
    with pytest.raises(SystemExit) as ended:
        run(command)
    assert isinstance(ended.value.code, str)  # which Python writes to standard error, with exit code 1
    assert "\n" not in ended.value.code
    return ended.value.code


@pytest.fixture
def without_site(tmp_path, settings, monkeypatch, django_db_blocker):
    """The folder that DATA_DIR names, which is not there."""
    folder = settings.DATA_DIR = tmp_path / "data"
    settings.SECRET_FILE, settings.SECRET_KEY = folder / "secret_key", "new" * 30
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    values = backends.sqlite_config(folder / "database.sqlite3")
    with django_db_blocker.unblock(), database_copy.replaced_default_database(values):
        yield folder


@pytest.mark.parametrize("command", NEEDY)
def test_a_command_without_a_site_names_the_variable_and_makes_nothing(without_site, tmp_path, command):
    said = refused(command.format(tmp_path))
    assert f"There is no site in {without_site}, which DATA_DIR names." in said
    assert "Nothing was made." in said
    assert "migrate" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_command_without_variables_says_which_are_missing(without_site, monkeypatch):
    monkeypatch.delenv("DATA_DIR")
    said = refused("backup somewhere.zip")
    assert said.startswith("Error: Neither DATA_DIR nor DATABASE_URL is set, and there is no site in")


@pytest.mark.parametrize("command", ["backup x.zip", "fill_site --pages 3"])
def test_the_folder_of_the_checkout_is_not_made_a_site_by_mistake(without_site, monkeypatch, command):
    monkeypatch.delenv("DATA_DIR")
    refused(command)
    assert not without_site.exists()


def test_a_database_without_any_table_is_no_site(without_tables, monkeypatch):
    connection.ensure_connection()
    assert "There is no site in" in refused("check_content")


def test_a_database_of_an_older_version_is_brought_up_to_date_by_preparing_the_site(without_tables):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_migrations (app text, name text, applied text, id integer)")
    assert "does not have the tables of this version: run manage.py prepare_site" in refused("rebuild_search")


@pytest.fixture
def newer_site(file_site, settings):
    """A site where a newer version has been, with two of its migrations."""
    MigrationRecorder(connection).record_applied("pages", "9998_future")
    MigrationRecorder(connection).record_applied("gadgets", "0001_initial")
    return file_site


@pytest.mark.parametrize(
    "command",
    [
        *(command for command in NEEDY if command not in command_line.WITH_ANY_VERSION),
        *("prepare_site", "migrate", "migrate --check", "fill_site"),
    ],
)
def test_nothing_is_done_to_a_site_of_a_newer_version(newer_site, tmp_path, command, monkeypatch):
    monkeypatch.setattr(command_line, "execute_from_command_line", lambda argv: pytest.fail(str(argv)))
    assert refused(command.format(tmp_path)) == (
        f"Error: The database {newer_site}/database.sqlite3 is of a newer version of this software"
        " (gadgets.0001_initial, pages.9998_future): start that version, or restore a backup that this one made."
        " docs/upgrading.md says how to go back."
    )


@pytest.mark.parametrize("command", ["restore --replace x.zip", "showmigrations", "check", "backup --help"])
def test_what_puts_another_site_in_its_place_or_touches_none_is_done(newer_site, command, monkeypatch):
    done = []
    monkeypatch.setattr(command_line, "execute_from_command_line", done.append)
    run(command)
    assert done


def test_a_site_of_a_newer_version_is_not_served(newer_site):
    assert "is of a newer version of this software (" in existing_site.problem_before_serving()


def test_a_site_whose_translations_are_not_compiled_is_not_served(file_site, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(existing_site.catalogues, "is_compiled", lambda into: into == tmp_path)
    assert existing_site.problem_before_serving().startswith(
        "The translations of this version are not compiled"
    )
    settings.LOCALE_PATHS = [tmp_path]
    assert existing_site.problem_before_serving() == ""


def test_a_migration_that_one_of_this_version_replaces_is_no_newer_one(monkeypatch):
    squashed = import_module("pages.migrations.0022_search_entries_with_unseen_characters").Migration
    monkeypatch.setattr(squashed, "replaces", [("pages", "0021_as_it_was")])
    assert not schema_version.newer_migrations({("pages", "0021_as_it_was"), ("pages", "0001_initial")})


@pytest.mark.parametrize(
    "command", ["check", "makemigrations --check", "diffsettings", "backup --help", "help", "shell -c pass"]
)
def test_a_command_that_needs_no_site_works_without_one_and_makes_nothing(without_site, tmp_path, command):
    with suppress(SystemExit) as ended:
        run(command)
    assert ended is None or not ended.code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    ["restore --check {0}/file", "restore {0}/file", "move_database --from {0}/none", "migrate --plan"],
)
def test_what_could_not_make_a_site_leaves_nothing_of_one(without_site, tmp_path, command):
    (tmp_path / "file").write_text("no backup")
    with pytest.raises(SystemExit):
        run(command.format(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.medium
def test_what_makes_a_site_makes_its_secret_too(without_site):
    run("migrate --verbosity 0")
    assert (without_site / "secret_key").read_text() == "new" * 30


@pytest.mark.medium
def test_a_trial_site_is_made_in_a_folder_of_its_own(without_site):
    run("fill_site --pages 3")
    assert Page.objects.count() == 3
    assert (without_site / "secret_key").exists()


@pytest.mark.medium
def test_a_site_that_lost_its_secret_is_told_that_everybody_has_to_sign_in_again(file_site, settings, capsys):
    settings.SECRET_FILE = file_site / "secret_key"
    settings.SECRET_FILE.write_text("")
    an_account(last_login=timezone.now())
    run("migrate --verbosity 0")
    assert "Everybody has to sign in again" in capsys.readouterr().err
    assert settings.SECRET_FILE.read_text() == settings.SECRET_KEY


def test_a_data_folder_that_is_a_file_is_named(without_site):
    without_site.write_text("a file")
    for command in ("backup x.zip", "prepare_site", "migrate"):
        assert f"{without_site}, which DATA_DIR names, is not a folder" in refused(command)


def test_a_data_folder_that_cannot_be_made_is_named(without_site, settings):
    settings.DATA_DIR = Path("/dev/null/data")
    assert "/dev/null/data, which DATA_DIR names, cannot be created: Not a directory." in refused("migrate")


def test_a_data_folder_of_another_account_is_named(file_site, settings, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file_site)
    assert f"This account cannot read and write in {file_site}" in refused("check_content")


@pytest.mark.medium
def test_a_database_server_that_does_not_answer_is_told_in_one_line(without_site, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    values = backends.database_config("postgres://nobody:secret@127.0.0.1:1/pages", Path())
    with database_copy.replaced_default_database(values):
        said = refused("check_content")
    assert "The database pages cannot be reached (connection failed" in said
    assert "secret" not in said


def test_whoever_asks_for_a_traceback_gets_it(without_tables):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_migrations (app text, name text, applied text, id integer)")
    with pytest.raises(DatabaseError, match="no such table"):
        run("rebuild_search --traceback")


def test_another_fault_of_the_database_is_not_taken_for_that(db, monkeypatch):
    def fail(argv):
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(command_line, "execute_from_command_line", fail)
    with pytest.raises(DatabaseError, match="disk"):
        run("check_content")


def test_a_setting_that_is_wrong_is_told_in_one_line(db, monkeypatch):
    def fail(argv):
        raise ImproperlyConfigured("SECRET_KEY must be longer.")

    monkeypatch.setattr(command_line, "execute_from_command_line", fail)
    with pytest.raises(SystemExit, match="Error: SECRET_KEY must be longer."):
        run("check_content")


def test_the_file_that_such_a_command_leaves_becomes_one_that_only_its_owner_can_read(
    without_tables, monkeypatch
):
    connection.ensure_connection()
    without_tables.chmod(0o644)
    monkeypatch.setattr(prepare_site, "call_command", lambda *arguments, **options: None)
    prepare_site.prepare_database()
    assert without_tables.stat().st_mode & 0o777 == 0o600
