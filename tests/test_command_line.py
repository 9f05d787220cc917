"""Commands where something is missing: one line that says what to do, and exit code 1."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from canada_iraq import command_line, databases, stores
from canada_iraq.management.commands import prepare_site

# All of ours that need a site, and one of Django's.
NEEDY = [
    "check_content",
    "check_content --live",
    "export_content {}/files",
    "import_content pages/starter",
    "rebuild_search",
    "rebuild_worklist",
    "delete_old_reports",
    "send_report_digest",
    "fill_site",
    "export_site {}/copy",
    "backup {}/backup.zip",
    "createsuperuser --noinput --username a --email a@example.org",
]


@pytest.fixture
def without_tables(tmp_path, settings, django_db_blocker):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "database.sqlite3"
    with django_db_blocker.unblock(), databases.in_place_of_the_sites_own(stores.sqlite(file)):
        yield file


def run(command):
    command_line.run(["manage.py", *command.split()])


@pytest.mark.parametrize("command", NEEDY)
def test_a_command_without_a_site_says_in_one_line_how_to_make_one(without_tables, tmp_path, command, capsys):
    with pytest.raises(SystemExit) as ended:
        run(command.format(tmp_path))
    said = f"{ended.value} {capsys.readouterr().err}"
    assert ended.value.code != 0
    assert f"{without_tables} does not have the tables of this version: run manage.py migrate" in said
    assert "no such table" not in said


def test_whoever_asks_for_a_traceback_gets_it(without_tables):
    with pytest.raises(DatabaseError, match="no such table"):
        run("rebuild_search --traceback")


def test_another_fault_of_the_database_is_not_taken_for_that(db, monkeypatch):
    def fail(argv):
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(command_line, "execute_from_command_line", fail)
    with pytest.raises(DatabaseError, match="disk"):
        run("check_content")


def test_a_setting_that_is_wrong_is_told_in_one_line(monkeypatch):
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
