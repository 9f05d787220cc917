"""A whole site in one file, and back again: database and pictures, each with its digest.

The file is a ZIP archive. Whatever database the site runs on, the archive holds one of SQLite, so common tools can look
into it and a site on either can be made from it. Neither the secret of the site nor its settings are in it.
"""

import hashlib
import json
import os
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.utils import timezone

from pages import crosschecking, search, tallying
from pages.document import digest
from pages.models import Edition

from . import databases
from .progress import Report, nobody

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
MEDIA = "media/"
# The only folder of the store that holds pictures.
PICTURES = "images"

# Pages of the database copied, and bytes of a file read, at a time.
PAGES = 2000
CHUNK = 1024 * 1024
# Seconds to wait for somebody else's writing to end.
PATIENCE = 30

UNREADABLE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class Refused(Exception):
    """Why there is no backup, or nothing was restored: a sentence that says what to do."""


@dataclass(frozen=True)
class Part:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in an archive: when it was made, from which database, how much of what, and every file by its name."""

    made_at: str
    database: str
    contents: dict[str, int]
    files: dict[str, Part]
    format: int = FORMAT

    @property
    def pictures(self) -> list[str]:
        return [name for name in self.files if name != DATABASE]


# Making


def make(file: Path, report: Report = nobody) -> Manifest:
    """Writes a backup of the site as it is at this moment, which only its owner can read. Visitors notice nothing.

    Raises Refused when the file exists, there is no site yet or the database is damaged, and leaves no half-made file
    behind.
    """
    if file.exists():
        raise Refused(f"{file} exists already: choose another name.")
    if Edition._meta.db_table not in connection.introspection.table_names():
        raise Refused(databases.advice())
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy, archive = Path(folder) / DATABASE, Path(folder) / "archive"
        _copy_the_database(copy, report)
        check_database(copy)
        # After the database, which thus names no picture that is not there: one is stored before it is named.
        manifest = _write(archive, copy, report)
        os.replace(archive, file)
    _keep(file.parent)
    return manifest


def _copy_the_database(copy: Path, report: Report) -> None:
    _make_private(copy)
    if connection.vendor == "sqlite":
        _copy_sqlite(connection.settings_dict["NAME"], copy, report)
        with _plain(copy) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # one file, not three
        return
    if databases.pending_migrations():
        raise Refused("The database is older than this software. Run first: manage.py migrate")
    with databases.in_place_of_the_sites_own(_alone(copy)):
        _migrate()
    with databases.opened("copy", _alone(copy)):
        databases.carry(DEFAULT_DB_ALIAS, "copy", report)


def _write(archive: Path, copy: Path, report: Report) -> Manifest:
    handle = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with zipfile.ZipFile(out, "w") as packed:
            with copy.open("rb") as database:
                files = {DATABASE: _add(packed, DATABASE, database, zipfile.ZIP_DEFLATED)}
            names = list(_stored(PICTURES))
            for done, name in enumerate(names, start=1):
                with default_storage.open(name) as picture:
                    files[MEDIA + name] = _add(packed, MEDIA + name, picture, zipfile.ZIP_STORED)
                report("Files of pictures", done, len(names))
            manifest = Manifest(
                timezone.now().isoformat(timespec="seconds"), connection.vendor, _contents(copy), files
            )
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _add(packed: zipfile.ZipFile, name: str, file: IO[bytes], compression: int) -> Part:
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = compression, 0o600 << 16
    size, sha256 = 0, hashlib.sha256()
    with packed.open(entry, "w", force_zip64=True) as out:
        while chunk := file.read(CHUNK):
            out.write(chunk)
            sha256.update(chunk)
            size += len(chunk)
    return Part(size, sha256.hexdigest())


def _stored(folder: str) -> Iterator[str]:
    """Names of all files in the store of pictures, however deep."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from _stored(f"{folder}/{name}")


def _contents(copy: Path) -> dict[str, int]:
    with databases.opened("copy", _alone(copy)):
        return databases.contents("copy")


def _keep(folder: Path) -> None:
    """Until then, the name of a new file may be lost when the power is cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Checking


def check(file: Path, report: Report = nobody) -> Manifest:
    """Proves that a backup could be restored by this version of the software. Raises Refused."""
    with _proven(file, report) as (_packed, manifest, _copy):
        return manifest


@contextmanager
def _proven(file: Path, report: Report) -> Iterator[tuple[zipfile.ZipFile, Manifest, Path]]:
    """The archive, what it says of itself, and its database brought up to date in a temporary file."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with _archive(file) as packed, TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
        manifest = _manifest(packed, file)
        _check_files(packed, manifest, report)
        copy = Path(folder) / DATABASE
        packed.extract(DATABASE, folder)
        check_database(copy)
        _bring_up_to_date(copy, report)
        yield packed, manifest, copy


@contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as packed:
            yield packed
    except zipfile.BadZipFile as error:
        raise Refused(f"{file} is no backup, or it is damaged ({error}): take another one.") from None


def _manifest(packed: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        values = json.loads(packed.read(MANIFEST))
        if values["format"] != FORMAT:
            raise Refused(f"{file} was made by another version of this software: restore it with that one.")
        return Manifest(**{**values, "files": {name: Part(**part) for name, part in values["files"].items()}})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(f"{file} is no backup of this software: it has no list of its contents.") from None


def _check_files(packed: zipfile.ZipFile, manifest: Manifest, report: Report) -> None:
    differing = set(packed.namelist()) ^ {MANIFEST, *manifest.files}
    differing |= {name for name in manifest.pictures if not _is_picture(name)} | (
        {DATABASE} - manifest.files.keys()
    )
    for done, (name, part) in enumerate(manifest.files.items(), start=1):
        if name not in differing and _part(packed.open(name)) != part:
            differing.add(name)
        report("Files checked", done, len(manifest.files))
    if differing:
        raise Refused(f"The backup is damaged: {', '.join(sorted(differing)[:5])}. Take another one.")


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name)
    return name.startswith(f"{MEDIA}{PICTURES}/") and ".." not in path.parts and str(path) == name


def _part(file: IO[bytes]) -> Part:
    size, sha256 = 0, hashlib.sha256()
    with file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return Part(size, sha256.hexdigest())


def check_database(file: Path) -> None:
    """Raises Refused if SQLite, or the digest of an edition, says that something in it is not what was written."""
    try:
        with _plain(file) as database:
            faults = [text for (text,) in database.execute("PRAGMA integrity_check(5)") if text != "ok"]
            faults += [
                f"{table}, row {row}" for table, row, *_ in database.execute("PRAGMA foreign_key_check")
            ]
            editions = database.execute(f"SELECT id, document, digest FROM {Edition._meta.db_table}")
            faults += [f"edition {pk}" for pk, text, written in editions if digest(text) != written]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    if faults:
        raise Refused(f"The database is damaged: {'; '.join(faults[:5])}. Restore a backup from before.")


def _bring_up_to_date(copy: Path, report: Report) -> None:
    """Rehearses on the copy what would otherwise fail on the site."""
    with databases.in_place_of_the_sites_own(_alone(copy)):
        if unknown := databases.unknown_migrations():
            names = ", ".join(sorted(f"{app}.{name}" for app, name in unknown)[:5])
            raise Refused(
                f"The backup is of a newer version of this software ({names}): install that one first."
            )
        pending = databases.pending_migrations()
        if pending:
            _migrate()
        report("Migrations rehearsed on a copy", len(pending), len(pending))
        # Whoever signed out since, or was signed out, must not be signed in again.
        Session.objects.all().delete()


# Restoring


def restore(file: Path, *, replace: bool = False, report: Report = nobody) -> Manifest:
    """Makes the site what it was when the backup was made; everything is checked before anything changes.

    Raises Refused, also when there is a site already and `replace` is false. Pictures that have come since stay.
    """
    if connection.vendor == "sqlite":
        _make_private(Path(connection.settings_dict["NAME"]))
    if not replace:
        _refuse_to_replace()
    with _proven(file, report) as (packed, manifest, copy):
        _put_pictures(packed, manifest, report)
        _put_database(copy, report)
    search.complete()
    tallying.complete()
    crosschecking.complete()
    cache.clear()
    return manifest


def _refuse_to_replace() -> None:
    try:
        found = databases.contents()
    except DatabaseError as error:
        raise Refused(
            f"The database of this site cannot be read ({error}). Add --replace to restore over it."
        ) from None
    if any(found.values()):
        there = ", ".join(f"{count} {what}" for what, count in found.items() if count)
        raise Refused(f"There is a site already: {there}. Make a backup of it, then add --replace.")


def _put_pictures(packed: zipfile.ZipFile, manifest: Manifest, report: Report) -> None:
    for done, name in enumerate(manifest.pictures, start=1):
        stored = name.removeprefix(MEDIA)
        there = default_storage.exists(stored)
        if there and _part(default_storage.open(stored)) != manifest.files[name]:
            default_storage.delete(stored)
            there = False
        if not there:
            with packed.open(name) as file:
                default_storage.save(stored, File(file))
        report("Files of pictures", done, len(manifest.pictures))


def _put_database(copy: Path, report: Report) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        _put_sqlite(copy, Path(connection.settings_dict["NAME"]), report)
        return
    _migrate()
    with databases.opened("copy", _alone(copy)):
        databases.carry("copy", DEFAULT_DB_ALIAS, report)
    databases.take_stock()


def _put_sqlite(copy: Path, live: Path, report: Report) -> None:
    """Through SQLite itself, so that whoever has the file open sees the old site or the new one, nothing between."""
    try:
        _copy_sqlite(copy, live, report)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in UNREADABLE:
            raise
        live.replace(f"{live}.damaged")
        for ending in ("-wal", "-shm"):
            Path(f"{live}{ending}").unlink(missing_ok=True)
        _make_private(live)
        _copy_sqlite(copy, live, report)


# Databases in files


def _copy_sqlite(source: Path | str, target: Path | str, report: Report) -> None:
    """Copies a database that others write to, as it was at one moment. The target changes whole or not at all."""

    until = time.monotonic() + PATIENCE

    def progress(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE):
            report("Database, in pages of 4 KB", total - remaining, total)
        elif time.monotonic() > until:
            raise Refused("The database is in use: stop the server, then try again.")

    with _plain(source) as one, _plain(target) as other:
        # Reading first keeps this connection at one moment; else every write would make the copy begin anew.
        one.execute("BEGIN")
        one.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        one.backup(other, pages=PAGES, progress=progress)


@contextmanager
def _plain(file: Path | str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=min(PATIENCE, 1), isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=FULL")
        yield database


def _make_private(file: Path) -> None:
    """Before SQLite makes the file, which everybody could read then."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)


def _alone(file: Path) -> dict[str, Any]:
    """A database that nobody else has open."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
