"""Backups: whole even while the site is written to, proven before they replace anything."""

import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from canada_iraq.operations import backups, database_copy, schema_version
from pages import indexes, publishing
from pages.models import Edition, Page
from pages.search.results import results
from tests.factories import (
    a_download,
    a_figure,
    a_live_page,
    a_page,
    a_page_with_everything_shared,
    an_account,
)
from tests.full_disk import no_room


@pytest.fixture(scope="module")
def made(new_site, tmp_path_factory):
    """A folder with the data folder of a site, with a published page, files and a video, and with its backup."""
    folder = tmp_path_factory.mktemp("made")
    with new_site(folder / "data"):
        page = a_page(title_en="Trade", address_en="trade")
        a_figure(page)
        a_download()
        a_download(file_fr=None)
        publishing.publish(page, by=an_account())
        a_page_with_everything_shared()
        indexes.backfill()
        backups.make(folder / "site.zip")
    return folder


@pytest.fixture
def site(made, file_site):
    shutil.copytree(made / "data", file_site, dirs_exist_ok=True)
    return file_site


@pytest.fixture
def backup(made, site, tmp_path):
    return Path(shutil.copy(made / "site.zip", tmp_path))


def pictures():
    found = {}
    for name in backups._media_names():
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def rewritten(backup, change):
    """The same archive after `change(files)`, a dictionary of names and contents."""
    with zipfile.ZipFile(backup) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    with zipfile.ZipFile(backup, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


def everything(folder):
    """The rows and pictures of the site in one value."""
    connection.close()
    with closing(sqlite3.connect(folder / "database.sqlite3")) as database:
        return list(database.iterdump()), pictures()


def remove_the_site(folder):
    connection.close()
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


@pytest.mark.medium
def test_a_site_that_was_lost_comes_back_as_it_was(site, backup):
    before = everything(site)
    remove_the_site(site)
    backups.restore(backup)
    assert everything(site) == before
    assert Edition.objects.live().get().title_en == "Trade"


@pytest.mark.medium
def test_a_restored_site_keeps_its_database_to_its_owner(site, backup):
    remove_the_site(site)
    backups.restore(backup)
    assert stat.S_IMODE((site / "database.sqlite3").stat().st_mode) == 0o600


def test_a_backup_is_one_file_that_only_its_owner_reads(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [file.name for file in backup.parent.glob("*") if file.name != "data"] == ["site.zip"]


def test_a_backup_holds_neither_the_secret_nor_anything_else_of_the_folder(site, backup):
    (site / "secret_key").write_text("secret")
    with zipfile.ZipFile(backup) as packed:
        names = [name for name in packed.namelist() if not name.startswith("media/")]
    assert names == ["database.sqlite3", "manifest.json"]


def test_a_backup_is_never_written_over_another_file(backup):
    before = backup.read_bytes()
    with pytest.raises(backups.BackupError, match="exists already"):
        backups.make(backup)
    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(site, tmp_path, monkeypatch):
    def fail(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(backups, "_add_file", fail)
    with pytest.raises(CommandError, match="No backup was made. No space left"):
        run("backup", str(tmp_path / "site.zip"))
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_a_damaged_database_is_not_passed_off_as_a_backup(site, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pages_edition SET document = replace(document, 'Trade', 'Trad')")
    with pytest.raises(backups.BackupError, match="The database is damaged: edition"):
        backups.make(tmp_path / "site.zip")


class Writers:
    """Threads that add rows to a database, two that belong together in each transaction, as fast as they can."""

    def __init__(self, file, number=2):
        self.file, self.stopped, self.committed = file, threading.Event(), 0
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER)")
        self.threads = [threading.Thread(target=self.write) for _ in range(number)]

    def write(self):
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as database:
            while not self.stopped.is_set():
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO ledger (amount) VALUES (1), (-1)")
                database.execute("COMMIT")
                self.committed += 2

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.medium
def test_backups_made_while_others_write_are_whole(site, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "PAGES_PER_STEP", 10)  # so that there is something to interrupt
    with Writers(site / "database.sqlite3") as writers:
        for number in range(3):
            accepted = writers.committed
            backups.make(tmp_path / f"{number}.zip")
            assert writers.committed > accepted, "nothing was written meanwhile"
            with zipfile.ZipFile(tmp_path / f"{number}.zip") as packed:
                packed.extract("database.sqlite3", tmp_path)
            with closing(sqlite3.connect(tmp_path / "database.sqlite3")) as database:
                rows, balance = database.execute("SELECT count(*), total(amount) FROM ledger").fetchone()
            assert rows >= accepted
            assert balance == 0


# Refusals


@pytest.mark.medium
def test_a_site_that_is_there_is_replaced_only_on_request(site, backup):
    a_live_page(title_en="Newer")
    before = everything(site)
    with pytest.raises(backups.BackupError, match=r"There is a site already: 4 pages.*--replace"):
        backups.restore(backup)
    assert everything(site) == before
    backups.restore(backup, replace=True)
    assert [edition.title_en for edition in Edition.objects.live()] == ["Trade"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda files: files.update({"database.sqlite3": b"x" * 5000}), "damaged: database.sqlite3"),
        (
            lambda files: files.update({next(n for n in files if n.startswith("media/")): b"x"}),
            "damaged: media/",
        ),
        (lambda files: files.pop(next(n for n in files if n.startswith("media/"))), "damaged: media/"),
        (lambda files: files.update({"media/images/more": b"x"}), "damaged: media/images/more"),
        (lambda files: files.pop("manifest.json"), "no backup of this software"),
        (lambda files: files.update({"manifest.json": b"[]"}), "no backup of this software"),
        (lambda files: files.update({"manifest.json": b"{"}), "no backup of this software"),
    ],
)
def test_what_is_not_as_it_was_written_is_refused_and_nothing_changes(site, backup, change, message):
    rewritten(backup, change)
    before = everything(site)
    with pytest.raises(backups.BackupError, match=message):
        backups.restore(backup, replace=True)
    assert everything(site) == before


def with_manifest(change):
    def apply(files):
        manifest = json.loads(files["manifest.json"])
        change(manifest, files)
        files["manifest.json"] = json.dumps(manifest)

    return apply


def a_file_outside(manifest, files):
    for name in ("media/images/../../../evil", "media/images//evil", "/evil"):
        files[name] = b"evil"
        manifest["files"][name] = {"size": 4, "sha256": backups.hashlib.sha256(b"evil").hexdigest()}


def another_format(manifest, files):
    manifest["format"] = 2


@pytest.mark.parametrize(
    ("change", "message"),
    [(a_file_outside, "damaged: /evil, media"), (another_format, "another version")],
)
def test_an_archive_that_was_made_otherwise_is_refused(site, backup, change, message):
    rewritten(backup, with_manifest(change))
    with pytest.raises(backups.BackupError, match=message):
        backups.restore(backup, replace=True)


def test_half_an_archive_is_refused(site, backup):
    backup.write_bytes(backup.read_bytes()[:-3000])
    with pytest.raises(CommandError, match="Nothing was restored. .*site.zip is no backup"):
        run("restore", str(backup), replace=True)


def with_database(change):
    """A change of the database in an archive whose list of contents is made to agree with it."""

    def apply(manifest, files):
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(files["database.sqlite3"])
            database.execute(change)
            database.commit()
            files["database.sqlite3"] = database.serialize()
        content = files["database.sqlite3"]
        manifest["files"]["database.sqlite3"] = {
            "size": len(content),
            "sha256": backups.hashlib.sha256(content).hexdigest(),
        }

    return with_manifest(apply)


NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('pages', '9999_future', '2030-01-01')"
ORPHAN = "UPDATE pages_edition SET page_id = 999"
ALTERED = "UPDATE pages_edition SET document = document || ' '"


@pytest.mark.medium
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (NEWER, "of a newer version of this software .pages.9999_future."),
        (ORPHAN, "damaged: pages_edition, row"),
        (ALTERED, "damaged: edition"),
    ],
)
def test_a_database_that_could_not_serve_is_refused(site, backup, change, message):
    rewritten(backup, with_database(change))
    before = everything(site)
    with pytest.raises(backups.BackupError, match=message):
        backups.restore(backup, replace=True)
    assert everything(site) == before


@pytest.mark.medium
def test_a_site_of_a_newer_version_is_replaced_whole_so_that_it_can_go_back(site, backup):
    before = everything(site)
    with connection.cursor() as cursor:
        cursor.execute(NEWER)
        cursor.execute("CREATE TABLE pages_future (id integer)")
    assert schema_version.newer_database()
    backups.restore(backup, replace=True)
    assert not schema_version.newer_database()
    assert everything(site) == before


def test_a_newer_database_of_postgresql_which_would_keep_its_tables_is_not_restored_into(
    site, backup, monkeypatch
):
    with connection.cursor() as cursor:
        cursor.execute(NEWER)
    before = everything(site)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(backups.BackupError, match=r"pages.9999_future.: make an empty database, name it in"):
        backups.restore(backup, replace=True)
    monkeypatch.undo()
    assert everything(site) == before


@pytest.mark.medium
def test_a_backup_of_an_older_version_is_brought_up_to_date_on_a_copy_first(site, backup, monkeypatch):
    forgotten = "DELETE FROM django_migrations WHERE app = 'sessions'; "
    rewritten(backup, with_database("DROP TABLE django_session"))
    rewritten(backup, with_database(forgotten))
    assert Session.objects.count() == 0
    backups.restore(backup, replace=True)
    assert Session.objects.count() == 0
    assert database_copy.pending_migrations() == set()


@pytest.mark.medium
def test_a_backup_from_before_the_index_of_search_is_found_in_again(site, backup):
    rewritten(backup, with_database("DELETE FROM pages_searchtext"))
    rewritten(backup, with_database("DELETE FROM pages_searchentry"))
    backups.restore(backup, replace=True)
    assert [result.path for result in results("trade", "en").found] == ["/en/trade"]


@pytest.mark.medium
def test_a_migration_that_fails_on_the_copy_leaves_the_site_as_it_was(site, backup):
    rewritten(
        backup, with_database("DELETE FROM django_migrations WHERE app = 'sessions'")
    )  # the table is there
    before = everything(site)
    with pytest.raises(
        CommandError, match='Nothing was restored. The database says: table "django_session" already exists'
    ):
        run("restore", str(backup), replace=True)
    assert everything(site) == before


# Restoring


@pytest.mark.medium
def test_whoever_was_signed_in_has_to_sign_in_again(site, tmp_path):
    Session.objects.create(session_key="a", session_data="b", expire_date=timezone.now())
    backups.make(tmp_path / "site.zip")
    backups.restore(tmp_path / "site.zip", replace=True)
    assert not Session.objects.exists()


@pytest.mark.medium
def test_a_picture_that_was_damaged_is_mended(site, backup):
    before = pictures()
    (site / "media" / next(iter(before))).write_bytes(b"damaged")
    backups.restore(backup, replace=True)
    assert pictures() == before


@pytest.mark.medium
def test_files_to_download_come_back_with_the_site(site, backup):
    before = [name for name in pictures() if name.startswith("files/")]
    assert sorted(name.rpartition(".")[2] for name in before) == ["docx", "mp4", "pdf", "vtt", "vtt"]
    remove_the_site(site)
    backups.restore(backup)
    assert [name for name in pictures() if name.startswith("files/")] == before


@pytest.mark.medium
def test_pictures_move_to_a_store_that_has_no_files(site, backup, settings):
    before = pictures()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    assert pictures() == {}
    backups.restore(backup, replace=True)
    assert pictures() == before
    backups.make(backup.with_name("again.zip"))
    assert len(backups.check(backup.with_name("again.zip")).images) == len(before)


@pytest.mark.medium
def test_a_database_that_cannot_be_read_is_replaced_and_kept_aside(site, backup):
    connection.close()
    for file in site.glob("database.sqlite3*"):
        file.unlink()
    (site / "database.sqlite3").write_bytes(b"no database at all" * 500)
    with pytest.raises(backups.BackupError, match="cannot be read .*--replace"):
        backups.restore(backup)
    backups.restore(backup, replace=True)
    assert Page.objects.filter(title_en="Trade").exists()
    assert (site / "database.sqlite3.damaged").exists()


@pytest.mark.medium
def test_a_database_in_use_is_not_replaced_and_nobody_waits_for_ever(site, backup, monkeypatch):
    monkeypatch.setattr(backups, "LOCK_TIMEOUT", 0)
    connection.close()
    with closing(sqlite3.connect(site / "database.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(backups.BackupError, match="in use: stop the server"):
            backups.restore(backup, replace=True)


@pytest.mark.medium
def test_who_reads_while_a_site_is_restored_sees_the_old_one_or_the_new_one(site, backup):
    a_live_page(title_en="Newer")
    with closing(sqlite3.connect(site / "database.sqlite3")) as reader:
        count = "SELECT count(*) FROM pages_page"
        reader.execute("BEGIN")
        assert reader.execute(count).fetchone() == (4,)
        backups.restore(backup, replace=True)
        assert reader.execute(count).fetchone() == (4,)
        reader.rollback()
        assert reader.execute(count).fetchone() == (3,)


@pytest.mark.medium
def test_a_check_changes_nothing_and_needs_no_permission(site, backup):
    before = everything(site)
    assert (
        run("restore", str(backup), check=True)
        .splitlines()[-1]
        .startswith("It can be restored: 3 pages, 1 ed")
    )
    assert everything(site) == before


@pytest.mark.medium
def test_both_commands_show_how_far_they_are(site, tmp_path):
    said = run("backup", str(tmp_path / "site.zip"))
    assert "Database, in pages of 4 KB: " in said
    assert "Files of pictures: " in said
    said = run("restore", str(tmp_path / "site.zip"), replace=True)
    assert "Files checked: " in said
    assert "Migrations rehearsed on a copy: 0" in said


@pytest.mark.parametrize("limit", [0, 50_000, 500_000])
def test_a_full_disk_is_one_sentence_and_leaves_no_backup(site, tmp_path, limit):
    with no_room(limit), pytest.raises(CommandError) as refusal:
        run("backup", str(tmp_path / "full.zip"))
    said = str(refusal.value)
    assert said.startswith("No backup was made. ")
    assert "\n" not in said
    assert any(words in said for words in ("disk is full", "became larger", "check its disk"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("limit", [0, 50_000, 500_000])
def test_a_site_is_what_it_was_where_a_restore_finds_the_disk_full(site, backup, limit):
    before = everything(site)
    with no_room(limit), pytest.raises(CommandError) as refusal:
        run("restore", str(backup), replace=True)
    said = str(refusal.value)
    assert said.startswith("Nothing was restored. ")
    assert any(words in said for words in ("disk is full", "became larger", "check its disk"))
    assert everything(site) == before


def test_a_folder_that_is_not_there_is_one_line(site, tmp_path):
    with pytest.raises(CommandError, match="No backup was made. There is no folder") as refusal:
        run("backup", str(tmp_path / "no" / "site.zip"))
    assert "\n" not in str(refusal.value)
