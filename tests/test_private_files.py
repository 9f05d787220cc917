"""Only the account of a site can read its files: whichever command made them, whatever the umask, also older ones."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from canada_iraq.operations import backends, database_copy, private_files, site_secret

ROOT = Path(__file__).resolve().parent.parent


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_what_is_made_is_private_under_any_umask(tmp_path, umask):
    folder = tmp_path / "above" / "data"
    private_files.make_folder(folder)
    private_files.make_file(folder / "file")
    site_secret.write_once(folder / "secret_key", "x" * 60)
    assert [mode(each) for each in (folder, folder / "file", folder / "secret_key")] == [0o700, 0o600, 0o600]


def test_a_database_and_the_files_beside_it_are_private_under_any_umask(db, tmp_path, umask):
    file = tmp_path / "database.sqlite3"
    with (
        database_copy.connection_alias("other", backends.sqlite_config(file)),
        database_copy.connections["other"].cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE one (id integer)")
        made = sorted(tmp_path.iterdir())
        assert [each.name for each in made] == [f"database.sqlite3{end}" for end in ("", "-shm", "-wal")]
        assert {mode(each) for each in made} == {0o600}


def test_a_connection_takes_away_no_lock_of_another_one_of_its_process(db, tmp_path):
    """Closing any handle of a file takes away all locks of the process (sqlite.org/howtocorrupt.html, 2.2).

    Another process then takes itself for the last one that has the database open, and deletes the log of changes (-wal)
    that this one goes on writing to: what was accepted is lost.
    """
    file = tmp_path / "database.sqlite3"
    with (
        database_copy.connection_alias("one", backends.sqlite_config(file)),
        database_copy.connections["one"].cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE one (id integer)")
        with database_copy.connection_alias("two", backends.sqlite_config(file)):
            database_copy.connections["two"].ensure_connection()
        script = (
            f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('SELECT * FROM one'); c.close()"
        )
        subprocess.run([sys.executable, "-c", script], check=True)
        assert Path(f"{file}-wal").exists()
        cursor.execute("INSERT INTO one VALUES (1)")
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT id FROM one").fetchall() == [(1,)]
    other.close()


def test_a_database_that_others_could_read_is_tightened_when_it_is_opened(db, tmp_path):
    file = tmp_path / "database.sqlite3"
    loose = sqlite3.connect(file)
    loose.execute("PRAGMA journal_mode=WAL")
    loose.execute("CREATE TABLE one (id integer)")
    for each in tmp_path.iterdir():
        each.chmod(0o666)
    with database_copy.connection_alias("other", backends.sqlite_config(file)):
        database_copy.connections["other"].ensure_connection()
    loose.close()
    assert {mode(each) for each in tmp_path.iterdir()} == {0o600}


def test_pictures_are_private_under_any_umask(file_site, umask):
    default_storage.save("images/a/original.png", ContentFile(b"x"))
    media = file_site / "media"
    folders, files = [media, media / "images", media / "images/a"], [media / "images/a/original.png"]
    assert {mode(each) for each in folders} == {0o700}
    assert {mode(each) for each in files} == {0o600}


def test_a_folder_that_all_accounts_share_is_left_as_it_is(tmp_path):
    tmp_path.chmod(0o1777)
    private_files.tighten(tmp_path, tmp_path / "not there")
    assert mode(tmp_path) == 0o1777


def test_what_another_account_owns_is_left_as_it_is(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    private_files.tighten(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_database_in_memory_makes_no_file(db, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with database_copy.connection_alias("other", backends.sqlite_config(":memory:")):
        database_copy.connections["other"].ensure_connection()
    assert list(tmp_path.iterdir()) == []
    assert connection.vendor in ("sqlite", "postgresql")


def manage(folder, *arguments):
    program = f"import os; os.umask(0); import runpy, sys; sys.argv = {['manage.py', *arguments]!r}; "
    program += "runpy.run_path('manage.py', run_name='__main__')"
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "SITE_URL": "http://localhost"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def modes(folder):
    return {each.name: mode(each) for each in [folder, *folder.iterdir()] if each.name != "static.sha256"}


@pytest.mark.slow
def test_every_command_that_makes_a_site_makes_it_private(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    manage(first, "migrate", "--verbosity=0")
    assert modes(first) == {"first": 0o700, "database.sqlite3": 0o600, "secret_key": 0o600}
    manage(first, "import_content", "pages/starter", "--publish")
    manage(first, "fill_site", "--pages=5", "--anyway")
    manage(first, "backup", str(tmp_path / "site.zip"))
    assert mode(tmp_path / "site.zip") == 0o600
    manage(second, "restore", str(tmp_path / "site.zip"))
    manage(tmp_path / "third", "move_database", "--from", str(first / "database.sqlite3"))
    for folder in (first, second, tmp_path / "third"):
        found = modes(folder)
        folders = {name: value for name, value in found.items() if name in (folder.name, "media")}
        assert set(folders.values()) == {0o700}, found
        assert {value for name, value in found.items() if name not in folders} == {0o600}, found


@pytest.mark.slow
def test_a_site_of_an_older_version_is_tightened_by_any_command(tmp_path):
    folder = tmp_path / "data"
    manage(folder, "migrate", "--verbosity=0")
    (folder / "media").mkdir()
    for each in (folder, *folder.iterdir()):
        each.chmod(0o777)
    manage(folder, "check")
    manage(folder, "showmigrations", "--verbosity=0")
    assert modes(folder) == {
        "data": 0o700,
        "media": 0o700,
        "database.sqlite3": 0o600,
        "secret_key": 0o600,
    }
