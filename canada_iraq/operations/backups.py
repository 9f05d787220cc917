"""A whole site in one file, and back again: database and pictures, each with its digest.

The file is a ZIP archive (`backup_archive`). Whatever database the site runs on, the archive holds one of SQLite, so
common tools can look into it and a site on either can be made from it. Neither secret nor settings are in it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import IO, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.utils import timezone

from pages import indexes
from pages.document import digest
from pages.models import Edition

from . import backends, backup_archive, backup_schema, database_copy, private_files, schema_version
from .backup_archive import (
    CHUNK,
    DATABASE,
    MANIFEST,
    MEDIA,
    MEDIA_FOLDERS,
    BackupError,
    Manifest,
    Part,
    file_digest,
    is_image_name,
    printable,
)
from .progress import ProgressCallback, no_progress

# Pages of the database copied at a time.
PAGES_PER_STEP = 2000
# Seconds to wait for somebody else's writing to end.
LOCK_TIMEOUT = 30

DAMAGED_CODES = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


# What reading values of another kind than those that were written may raise.
VALUE_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    ValidationError,
)


# Making


def make(file: Path, on_progress: ProgressCallback = no_progress) -> Manifest:
    """Writes a backup of the site as it is at this moment, which only its owner can read. Visitors notice nothing.

    Raises Refused when the file exists, there is no site yet or the database is damaged, and leaves no half-made file
    behind.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: choose another name.")
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}: make it first, or name another one.")
    if Edition._meta.db_table not in connection.introspection.table_names():
        raise BackupError(database_copy.upgrade_advice())
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy, archive = Path(folder) / DATABASE, Path(folder) / "archive"
        _copy_database(copy, on_progress)
        check_database(copy)
        # After the database, which thus names no picture that is not there: one is stored before it is named.
        manifest = _write(archive, copy, on_progress)
        os.replace(archive, file)
    _fsync_directory(file.parent)
    return manifest


def _copy_database(copy: Path, on_progress: ProgressCallback) -> None:
    _make_private(copy)
    if connection.vendor == "sqlite":
        _copy_sqlite(connection.settings_dict["NAME"], copy, on_progress)
        with _raw_connection(copy) as database:
            database.execute("PRAGMA journal_mode=DELETE")  # one file, not three
        return
    if database_copy.pending_migrations():
        raise BackupError("The database is older than this software. Run first: manage.py migrate")
    with database_copy.replaced_default_database(_sqlite_config(copy)):
        _migrate()
    with database_copy.connection_alias("copy", _sqlite_config(copy)):
        database_copy.copy_all_rows(DEFAULT_DB_ALIAS, "copy", on_progress)


def _write(archive: Path, copy: Path, on_progress: ProgressCallback) -> Manifest:
    handle = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with zipfile.ZipFile(out, "w") as packed:
            with copy.open("rb") as database:
                files = {DATABASE: _add_file(packed, DATABASE, database, zipfile.ZIP_DEFLATED)}
            names = _media_names()
            for done, name in enumerate(names, start=1):
                with default_storage.open(name) as image:
                    files[MEDIA + name] = _add_file(packed, MEDIA + name, image, zipfile.ZIP_STORED)
                on_progress("Files of pictures", done, len(names))
            manifest = Manifest(
                timezone.now().isoformat(timespec="seconds"), connection.vendor, _contents(copy), files
            )
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _add_file(packed: zipfile.ZipFile, name: str, file: IO[bytes], compression: int) -> Part:
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = compression, 0o600 << 16
    size, sha256 = 0, hashlib.sha256()
    with packed.open(entry, "w", force_zip64=True) as out:
        while chunk := file.read(CHUNK):
            out.write(chunk)
            sha256.update(chunk)
            size += len(chunk)
    return Part(size, sha256.hexdigest())


def _media_names() -> list[str]:
    """Names of all images and files in the store, and of nothing else: whatever else is there could not be restored."""
    names = (name for folder in MEDIA_FOLDERS for name in _stored_files(folder))
    return [name for name in names if is_image_name(MEDIA + name)]


def _stored_files(folder: str) -> Iterator[str]:
    """Names of all files in the store of pictures, however deep."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from _stored_files(f"{folder}/{name}")


def _contents(copy: Path) -> dict[str, int]:
    with database_copy.connection_alias("copy", _sqlite_config(copy)):
        return database_copy.content_counts("copy")


def _fsync_directory(folder: Path) -> None:
    """Until then, the name of a new file may be lost when the power is cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Copying


def copy_site(folder: Path, on_progress: ProgressCallback = no_progress) -> None:
    """Copy database and images of a site on SQLite, as they are, into an empty data folder. The site is only read."""
    _copy_database(folder / DATABASE, on_progress)
    names = _media_names()
    for done, name in enumerate(names, start=1):
        with default_storage.open(name) as picture:
            _write_file(folder / MEDIA / name, picture)
        on_progress("Files of pictures", done, len(names))


def unpack(file: Path, folder: Path, on_progress: ProgressCallback = no_progress) -> None:
    """Write database and images of a backup, checked but not brought up to date, into an empty data folder.

    Raises Refused.
    """
    with backup_archive.open_archive(file) as packed:
        manifest = backup_archive.read_manifest(packed, file)
        _check_files(packed, manifest, folder, on_progress)
        for name in manifest.files:
            with packed.open(name) as part:
                _write_file(folder / name, part)
    _check_schema(folder / DATABASE)
    check_database(folder / DATABASE)


def _write_file(file: Path, content: IO[bytes]) -> None:
    _make_private(file)
    with file.open("wb") as out:
        shutil.copyfileobj(content, out, CHUNK)


# Checking


def check(file: Path, on_progress: ProgressCallback = no_progress) -> Manifest:
    """Proves that a backup could be restored by this version of the software. Raises Refused."""
    with _verified_archive(file, on_progress) as (_packed, manifest, _copy):
        return manifest


@contextmanager
def _verified_archive(
    file: Path, on_progress: ProgressCallback
) -> Iterator[tuple[zipfile.ZipFile, Manifest, Path]]:
    """The archive, what it says of itself, and its database brought up to date in a temporary file."""
    # A check makes no data folder where there is none.
    room = settings.DATA_DIR if settings.DATA_DIR.is_dir() else Path(gettempdir())
    with (
        backup_archive.open_archive(file) as packed,
        TemporaryDirectory(dir=room, prefix=".restore-") as folder,
    ):
        manifest = backup_archive.read_manifest(packed, file)
        _check_files(packed, manifest, room, on_progress)
        copy = Path(folder) / DATABASE
        private_files.make_file(copy)
        with packed.open(DATABASE) as database, copy.open("wb") as out:
            shutil.copyfileobj(database, out, CHUNK)
        _check_schema(copy)
        check_database(copy)
        _upgrade_copy(copy, on_progress)
        yield packed, manifest, copy


def _check_files(
    packed: zipfile.ZipFile, manifest: Manifest, room: Path, on_progress: ProgressCallback
) -> None:
    differing = backup_archive.wrong_entries(packed, manifest)
    if not differing:
        backup_archive.require_space(manifest, room)
    for done, (name, part) in enumerate(manifest.files.items(), start=1):
        if name not in differing and not backup_archive.is_as_listed(packed, name, part):
            differing.add(name)
        on_progress("Files checked", done, len(manifest.files))
    if differing:
        raise BackupError(
            f"The backup is damaged: {backup_archive.printable_list(differing)}. Take another one."
        )


def _check_schema(copy: Path) -> None:
    """Before anything but `backup_schema` opens the database: a file of SQLite can hold what runs by itself."""
    try:
        with backup_schema.open_readonly(copy) as database:
            migrations = backup_schema.applied_migrations(database)
            if newer := schema_version.newer_migrations(migrations):
                raise BackupError(
                    f"The backup is of a newer version of this software ({_migration_names(newer)}):"
                    " install that one first."
                )
            backup_schema.check(database, migrations)
    except backup_schema.ForeignSchema as error:
        raise BackupError(
            f"The database in it is not one that this software made ({error}). Take another backup."
        ) from None
    except (sqlite3.Error, *VALUE_ERRORS) as error:
        raise _damaged([str(error)]) from None


def _migration_names(migrations: set[tuple[str, str]]) -> str:
    return backup_archive.printable_list({f"{app}.{name}" for app, name in migrations})


def _damaged(faults: list[str]) -> BackupError:
    return BackupError(
        f"The database is damaged: {'; '.join(map(printable, faults[:5]))}. Restore a backup from before."
    )


def check_database(file: Path) -> None:
    """Raises Refused if SQLite, or the digest of an edition, says that something in it is not what was written."""
    try:
        with backup_schema.open_readonly(file) as database:
            faults = [text for (text,) in database.execute("PRAGMA integrity_check(5)") if text != "ok"]
            faults += [
                f"{table}, row {row}" for table, row, *_ in database.execute("PRAGMA foreign_key_check")
            ]
            editions = database.execute(f"SELECT id, document, digest FROM {Edition._meta.db_table}")
            faults += [f"edition {pk}" for pk, text, written in editions if digest(text) != written]
    except (sqlite3.Error, *VALUE_ERRORS) as error:
        faults = [str(error)]
    if faults:
        raise _damaged(faults)


def _upgrade_copy(copy: Path, on_progress: ProgressCallback) -> None:
    """Rehearses on the copy what would otherwise fail on the site."""
    with database_copy.replaced_default_database(_sqlite_config(copy)):
        try:
            pending = database_copy.pending_migrations()
            if pending:
                _migrate()
            on_progress("Migrations rehearsed on a copy", len(pending), len(pending))
            database_copy.read_all_rows(on_progress=on_progress)
            # Whoever signed out since, or was signed out, must not be signed in again.
            Session.objects.all().delete()
            indexes.backfill()
        except VALUE_ERRORS as error:
            raise _damaged([str(error)]) from None


# Restoring


def restore(file: Path, *, replace: bool = False, on_progress: ProgressCallback = no_progress) -> Manifest:
    """Makes the site what it was when the backup was made; everything is checked before anything changes.

    Raises Refused, also when there is a site already and `replace` is false. Pictures that have come since stay.
    """
    if not replace and _has_database():
        _refuse_to_replace()
    _refuse_newer_tables()
    private_files.make_folder(settings.DATA_DIR)
    with _verified_archive(file, on_progress) as (packed, manifest, copy):
        cache.clear()  # afterwards again; one that does not answer is found before anything changes
        _restore_images(packed, manifest, on_progress)
        _restore_database(copy, on_progress)
    cache.clear()
    return manifest


def _has_database() -> bool:
    """Whether there is one to look into, which would make the file of SQLite."""
    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()


def _refuse_to_replace() -> None:
    try:
        found = database_copy.content_counts()
    except DatabaseError as error:
        raise BackupError(
            f"The database of this site cannot be read ({error}). Add --replace to restore over it."
        ) from None
    if any(found.values()):
        contents = ", ".join(f"{count} {what}" for what, count in found.items() if count)
        raise BackupError(f"There is a site already: {contents}. Make a backup of it, then add --replace.")


def _refuse_newer_tables() -> None:
    """A file of SQLite is replaced whole; a database of PostgreSQL keeps its tables, and would stay a newer one."""
    if connection.vendor != "sqlite" and (problem := schema_version.newer_database()):
        raise BackupError(
            f"{problem.partition(':')[0]}: make an empty database, name it in DATABASE_URL, and restore into that."
        )


def _restore_images(packed: zipfile.ZipFile, manifest: Manifest, on_progress: ProgressCallback) -> None:
    for done, name in enumerate(manifest.images, start=1):
        stored = name.removeprefix(MEDIA)
        exists = default_storage.exists(stored)
        if exists and file_digest(default_storage.open(stored)) != manifest.files[name]:
            default_storage.delete(stored)
            exists = False
        if not exists:
            with packed.open(name) as file:
                default_storage.save(stored, File(file))
        on_progress("Files of pictures", done, len(manifest.images))


def _restore_database(copy: Path, on_progress: ProgressCallback) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        _restore_sqlite(copy, Path(connection.settings_dict["NAME"]), on_progress)
        return
    _migrate()
    with database_copy.connection_alias("copy", _sqlite_config(copy)):
        database_copy.copy_all_rows("copy", DEFAULT_DB_ALIAS, on_progress)
    database_copy.analyze()


def _restore_sqlite(copy: Path, live: Path, on_progress: ProgressCallback) -> None:
    """Copies through SQLite, so that a process that has the file open reads the old site or the new one."""
    _make_private(live)
    try:
        _copy_sqlite(copy, live, on_progress)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in DAMAGED_CODES:
            raise
        live.replace(f"{live}.damaged")
        for ending in ("-wal", "-shm"):
            Path(f"{live}{ending}").unlink(missing_ok=True)
        _make_private(live)
        _copy_sqlite(copy, live, on_progress)


# Databases in files


def _copy_sqlite(source: Path | str, target: Path | str, on_progress: ProgressCallback) -> None:
    """Copies a database that others write to, as it was at one moment. The target changes whole or not at all."""

    deadline = time.monotonic() + LOCK_TIMEOUT

    def progress(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE):
            on_progress("Database, in pages of 4 KB", total - remaining, total)
        elif time.monotonic() > deadline:
            raise BackupError("The database is in use: stop the server, then try again.")

    with _raw_connection(source) as origin, _raw_connection(target) as copy:
        # Reading first keeps this connection at one moment; else every write would make the copy begin anew.
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        origin.backup(copy, pages=PAGES_PER_STEP, progress=progress)


@contextmanager
def _raw_connection(file: Path | str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=min(LOCK_TIMEOUT, 1), isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=FULL")
        yield database


def _make_private(file: Path) -> None:
    private_files.make_folder(file.parent)
    private_files.make_file(file)


def _sqlite_config(file: Path) -> dict[str, Any]:
    """A database that nobody else has open."""
    return {
        "ENGINE": backends.SQLITE_BACKEND,
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
