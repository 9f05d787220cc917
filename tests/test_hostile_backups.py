"""An archive that was made to hurt ends in one sentence, costs little and changes nothing."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from canada_iraq.operations import backup_archive, backup_schema, backups
from tests.factories import a_live_page, an_account


@pytest.fixture(scope="module")
def made(new_site, tmp_path_factory):
    """A folder with the files of the backup of a small site."""
    folder = tmp_path_factory.mktemp("made")
    with new_site(folder / "data"):
        an_account()
        a_live_page(title_en="Trade")
        backups.make(folder / "site.zip")
    return folder / "site.zip"


@pytest.fixture
def files(made):
    with zipfile.ZipFile(made) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pack(target, entries):
    """An archive of (name or ZipInfo, content), in order, twice the same name too."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return target


def listed(files, **others):
    """The files with a list of contents that is true of them."""
    parts = {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name != "manifest.json"
    }
    manifest = {**json.loads(files["manifest.json"]), "files": parts, **others}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def with_sql(files, script):
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(files["database.sqlite3"])
        database.executescript(script)
        return listed({**files, "database.sqlite3": database.serialize()})


def restored(archive):
    """What the command says about an archive that it refuses, in one sentence; nothing is left behind."""
    before = contents(backups.settings.DATA_DIR)
    with pytest.raises(CommandError) as refusal:
        call_command("restore", str(archive), replace=True, stdout=io.StringIO())
    assert contents(backups.settings.DATA_DIR) == before
    message = str(refusal.value)
    assert message.startswith("Nothing was restored. ")
    assert message.isprintable(), message
    assert len(message) < 1500
    return message


def said_of(archive):
    """Why an archive is refused, "" where it is not; anything else is raised."""
    try:
        backups.check(archive)
    except backups.BackupError as refusal:
        return str(refusal)
    return ""


def contents(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


# What is no archive


def test_what_is_no_file_is_not_waited_for(file_site, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "data"):
        assert "is not a file" in restored(tmp_path / name)
    assert "nothing.zip does not exist" in restored(tmp_path / "nothing.zip")


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\5\6", b"\0" * 5000, b"PK\5\6" + b"\xff" * 18, os.urandom(3000)]
)
def test_what_is_no_archive_is_refused(file_site, tmp_path, content):
    (tmp_path / "site.zip").write_bytes(content)
    assert "is no backup, or it is damaged" in restored(tmp_path / "site.zip")


def test_an_archive_of_another_kind_is_refused(file_site, tmp_path):
    with tarfile.open(tmp_path / "site.tar.gz", "w:gz") as packed:
        packed.addfile(tarfile.TarInfo("manifest.json"))
    assert "is no backup" in restored(tmp_path / "site.tar.gz")


def test_an_index_of_many_entries_is_not_read(file_site, tmp_path):
    """Its size is what the end of the archive says, and the file is sparse."""
    size = backup_archive.MAX_READ_BYTES * 2
    with (tmp_path / "site.zip").open("wb") as out:
        out.truncate(size)
        out.seek(size)
        out.write(
            b"PK\5\6" + bytes(4) + (60000).to_bytes(2, "little") * 2 + size.to_bytes(4, "little") + bytes(6)
        )
    assert "is no backup, or it is damaged" in restored(tmp_path / "site.zip")


# What it says of its contents


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def manifests(draw):
    """A list of contents with something else in one place, or in several."""
    good = {
        "format": 1,
        "made_at": "2026-11-29T12:00:00+00:00",
        "database": "sqlite",
        "contents": {"pages": 3},
        "files": {"database.sqlite3": {"size": 1, "sha256": "0" * 64}},
    }
    place = draw(st.sampled_from([*good, "size", "sha256", "part", "more", "whole"]))
    value = draw(ANYTHING)
    if place == "whole":
        return value
    if place == "part":
        good["files"] = {draw(st.text(max_size=20)): value}
    elif place in ("size", "sha256"):
        good["files"]["database.sqlite3"][place] = value
    else:
        good[place] = value
    return good


@given(manifests())
@example({"format": 1})
@example({"format": True, "made_at": "x"})
def test_a_list_of_contents_may_hold_anything_anywhere(values):
    try:
        manifest = backup_archive.parse_manifest(values, Path("site.zip"))
    except backup_archive.BackupError:
        return
    assert isinstance(manifest.made_at, str)
    assert all(isinstance(part.size, int) and len(part.sha256) == 64 for part in manifest.files.values())
    assert all(name.isprintable() for name in (manifest.made_at, manifest.database, *manifest.contents))


@pytest.mark.medium
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"9" * 10_000,
        "{}".encode("utf-16"),
        b"\xff\xfe\x00",
        b'{"format": 1, "files": "\\ud800"}',
        b" " * (backup_archive.MAX_READ_BYTES + 1),
    ],
)
def test_no_list_of_contents_is_a_trace(file_site, files, tmp_path, text):
    archive = pack(tmp_path / "site.zip", {**files, "manifest.json": text}.items())
    assert "no backup of this software" in restored(archive)


# Its entries


def entry(name, *, kind=0, size=None):
    made = zipfile.ZipInfo(name)
    made.external_attr = (kind | 0o600) << 16
    return made


def named(*names):
    return lambda files: listed({**files, **dict.fromkeys(names, b"x")}).items()


IMAGE = "media/images/0123/original.png"
ENTRIES = {
    "absolute": named("/etc/passwd"),
    "above": named("media/images/../../x"),
    "backslash": named("media/images/..\\..\\x"),
    "drive": named("C:/x"),
    "long": named("media/images/" + "a" * 300),
    "deep": named("media/images" + "/a" * 50),
    "hidden": named("media/images/.ssh/x"),
    "control": named("media/images/\x1b[2Jx"),
    "line": named("media/images/a\nb"),
    "right to left": named("media/images/\u202egnp.x"),
    "capital": named("media/images/A/original.png"),
    "decomposed": named("media/images/e\u0301.png"),
    "folder": named("media/images/x/"),
    "another place": named("media/reports/x"),
    "secret": named("secret_key"),
    "twice": lambda files: [*listed({**files, IMAGE: b"x"}).items(), (IMAGE, b"x")],
    "twice the database": lambda files: [*files.items(), ("database.sqlite3", b"x")],
    "twice the list": lambda files: [("manifest.json", b"{}"), *files.items()],
    "link": lambda files: (
        [*listed({**files, IMAGE: b"/etc/passwd"}).items()][:-1]
        + [(entry(IMAGE, kind=stat.S_IFLNK), b"/etc/passwd")]
    ),
    "device": lambda files: (
        [*listed({**files, IMAGE: b"x"}).items()][:-1] + [(entry(IMAGE, kind=stat.S_IFCHR), b"x")]
    ),
    "pipe": lambda files: (
        [*listed({**files, IMAGE: b"x"}).items()][:-1] + [(entry(IMAGE, kind=stat.S_IFIFO), b"x")]
    ),
    "bomb": lambda files: listed({**files, IMAGE: bytes(60_000_000)}).items(),
    "many": lambda files: listed(
        {**files, **{f"media/images/{number}/x": b"" for number in range(3000)}, "x": b""}
    ).items(),
}


@pytest.mark.medium
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", ENTRIES)
def test_entries_that_no_backup_has_are_refused(file_site, files, tmp_path, kind):
    archive = pack(tmp_path / "site.zip", ENTRIES[kind](files))
    assert "The backup is damaged: " in restored(archive)


@pytest.mark.medium
def test_an_archive_packed_in_another_way_is_refused(file_site, files, tmp_path):
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(tmp_path / "site.zip", "w", method) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        assert "no backup of this software" in restored(tmp_path / "site.zip")


def test_an_encrypted_archive_is_refused(file_site, files, tmp_path):
    archive = pack(tmp_path / "site.zip", files.items())
    data = bytearray(archive.read_bytes())
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := data.find(sign, at + 1)) >= 0:
            data[at + place] |= 1
    archive.write_bytes(data)
    assert "no backup of this software" in restored(archive)


@pytest.mark.medium
def test_a_file_larger_than_the_free_room_is_not_unpacked(file_site, files, tmp_path, monkeypatch):
    archive = pack(tmp_path / "site.zip", files.items())
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10, 10, 1000))
    assert "There is no room for it" in restored(archive)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.sampled_from([0.9, 1.0]),
)
def test_a_few_wrong_bytes_are_never_a_trace(file_site, made, tmp_path, changes, end):
    data = bytearray(made.read_bytes())
    data = data[: int(len(data) * end)] if end < 1 else data
    for place, value in changes:
        data[-1 - int(place * min(len(data) - 1, 2000))] = value
    (tmp_path / "site.zip").write_bytes(data)
    assert said_of(tmp_path / "site.zip").isprintable()


# Its database

FOREIGN = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON auth_user BEGIN UPDATE auth_user SET is_superuser = 1; END",
    "trigger of a known name": "DROP TRIGGER pages_searchindex_insert; CREATE TRIGGER pages_searchindex_insert "
    "AFTER INSERT ON pages_searchtext BEGIN UPDATE auth_user SET is_superuser = 1; END",
    "view": "CREATE VIEW v AS SELECT * FROM auth_user",
    "view in place of a table": "ALTER TABLE auth_group RENAME TO x; CREATE VIEW auth_group AS SELECT * FROM x",
    "table": "CREATE TABLE more (id integer)",
    "virtual table": "CREATE VIRTUAL TABLE v USING fts5(x)",
    "endless view": "ALTER TABLE django_migrations RENAME TO x; CREATE VIEW django_migrations AS WITH RECURSIVE "
    "n(app, name) AS (VALUES ('a', 'b') UNION ALL SELECT app, name FROM n) SELECT 1 id, app, name, 1 applied FROM n",
    "column": "ALTER TABLE auth_user ADD COLUMN more text",
    "column that is gone": "ALTER TABLE auth_user DROP COLUMN last_name",
    "generated column": "ALTER TABLE auth_user DROP COLUMN last_name; "
    "ALTER TABLE auth_user ADD COLUMN last_name text GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",
    "index": "CREATE INDEX i ON auth_user (hex(username))",
    "quoted function": 'CREATE INDEX i ON auth_user ("hex"(username))',
    "part of an index": "CREATE INDEX i ON auth_user (id) WHERE hex(username) IS NULL",
    "check": "CREATE TABLE n (id integer primary key, name varchar(150) CHECK (hex(name) > '')); "
    "DROP TABLE auth_group; ALTER TABLE n RENAME TO auth_group",
    "table that is gone": "DROP TABLE reports_problemreport",
    "no migrations": "DROP TABLE django_migrations",
}


@pytest.mark.medium
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_database_with_anything_that_the_software_did_not_make_is_refused(file_site, files, tmp_path, kind):
    archive = pack(tmp_path / "site.zip", with_sql(files, FOREIGN[kind]).items())
    assert "is not one that this software made" in restored(archive)


@pytest.mark.medium
def test_what_a_hostile_name_holds_is_not_sent_to_the_terminal(file_site, files, tmp_path):
    archive = pack(
        tmp_path / "site.zip", with_sql(files, 'CREATE TABLE "\x1b[2J\u202e" (id integer)').items()
    )
    assert "\\x1b[2J" in restored(archive)


@pytest.mark.medium
@pytest.mark.parametrize(
    "script",
    [
        "UPDATE pages_edition SET document = 5, digest = 5",
        "UPDATE pages_edition SET document = x'ff'",
        "UPDATE auth_user SET date_joined = 'yesterday'",
        "UPDATE django_migrations SET applied = 'x', name = x'ff' WHERE id = 1",
    ],
)
def test_values_of_another_kind_are_a_sentence(file_site, files, tmp_path, script):
    archive = pack(
        tmp_path / "site.zip", with_sql(files, f"PRAGMA ignore_check_constraints=ON; {script}").items()
    )
    restored(archive)


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 16, 18, 28, 56, 100, 103, 4096, 4196, 9000])
@pytest.mark.parametrize("value", [b"\0" * 8, b"\xff" * 8])
def test_a_database_of_which_bytes_are_wrong_is_never_a_trace(file_site, files, tmp_path, at, value):
    data = bytearray(files["database.sqlite3"])
    data[at : at + len(value)] = value
    archive = pack(tmp_path / "site.zip", listed({**files, "database.sqlite3": bytes(data)}).items())
    assert said_of(archive).isprintable()


@pytest.mark.slow
def test_a_great_many_zeros_are_no_database(file_site, files, tmp_path):
    archive = pack(tmp_path / "site.zip", listed({**files, "database.sqlite3": bytes(50_000_000)}).items())
    started = time.monotonic()
    assert "The database is damaged" in restored(archive)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ('CREATE TABLE "t" ("id" integer PRIMARY KEY, "n" varchar(9) CHECK ("n" IN (\'a(\', \'b\')))', set()),
        ('CREATE TABLE "t" ("a" bigint REFERENCES "u" ("id") DEFERRABLE, UNIQUE ("a"))', set()),
        ("CREATE TABLE 't'(id, PRIMARY KEY(id))", set()),
        ('CREATE INDEX "i" ON "t" (coalesce("a", 0), hex("b"))', {"hex"}),
        ("CREATE TABLE t (a CHECK (/* x */ load_extension (a)))", {"load_extension"}),
        ("CREATE TABLE t (a DEFAULT (randomblob --\n (9)))", {"randomblob"}),
        ('CREATE TABLE t (a CHECK ([hex](a)), b CHECK (`hex` (b)), c CHECK ("check"(c)))', {"hex", "check"}),
    ],
)
def test_the_functions_that_a_schema_calls_are_found(sql, found):
    assert backup_schema.called_functions(sql) == found


@pytest.mark.medium
def test_a_site_with_other_files_among_its_pictures_is_backed_up_without_them(file_site, tmp_path):
    (file_site / "media" / "images").mkdir(parents=True)
    for name in (".DS_Store", "Thumbs.db", "note é.txt"):
        (file_site / "media" / "images" / name).write_text("x")
    backups.make(tmp_path / "site.zip")
    assert backups.check(tmp_path / "site.zip").images == []
