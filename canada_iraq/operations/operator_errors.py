"""What can an operator do about an error? A sentence for files, disk, database, cache and image store.

Everything else is a fault of the software, whose traceback has to be seen.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError, connections

from . import database_copy

NO_ROOM = "The disk is full: free some space, then try again."
TOO_LARGE = (
    "A file became larger than this account or its file system may write: raise that limit, then try again."
)
NOT_ALLOWED = "This account may not read or write {}: check its owner and mode."

# Of the system (errno).
SYSTEM_MESSAGES = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.EFBIG: TOO_LARGE,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: "{} is on a read-only file system: name another place.",
    errno.ENOENT: "{} does not exist.",
    errno.ENOTDIR: "{} cannot be created: a part of this path is a file, not a folder.",
    errno.EEXIST: "{} already exists and is not a folder.",
    errno.EISDIR: "{} is a folder: name a file.",
}

# Of SQLite (https://www.sqlite.org/rescode.html), by its primary code.
DAMAGED = "The database {name} is damaged ({reason}): stop the server, then restore a backup with --replace."
IN_USE = "The database {name} is in use by another process: wait until it has ended, then try again."
NOT_WRITABLE = (
    "This account may not write the database {name} and the files beside it: check their owner and mode."
)
SQLITE_MESSAGES = {
    sqlite3.SQLITE_FULL: NO_ROOM,
    sqlite3.SQLITE_IOERR: "The database {name} cannot be read or written ({reason}): check its disk.",
    sqlite3.SQLITE_BUSY: IN_USE,
    sqlite3.SQLITE_LOCKED: IN_USE,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_PERM: NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: "The database {name} cannot be opened: check its folder, and the owner and mode of both.",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}

UNREACHABLE = (
    "The database {name} cannot be reached ({reason}): check that its server runs, and DATABASE_URL."
)
# Of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html); without a code nothing answered.
POSTGRESQL_MESSAGES = {
    **dict.fromkeys((None, "08006", "57P01", "57P02", "57P03"), UNREACHABLE),
    "53100": "The disk of the database server is full: free some space there, then try again.",
    "53300": "The database server takes no more connections: close some, or let it take more.",
    "25006": "The database {name} takes no changes at present ({reason}).",
    "42501": "The account of DATABASE_URL lacks a permission in the database {name} ({reason}).",
}

# Of the servers for cache and images, by the modules of their packages, which need not be installed.
SERVICE_MESSAGES = {
    "redis": "The cache that CACHE_URL names cannot be used ({reason}): check that its server runs.",
    "botocore": "The image store that MEDIA_STORAGE names cannot be used ({reason}).",
    "boto3": "The image store that MEDIA_STORAGE names cannot be used ({reason}).",
}


@contextmanager
def explained(undone: str) -> Iterator[None]:
    """End a command with what can be done about an error, after a sentence that says what was not done."""
    try:
        yield
    except CommandError:
        raise
    except Exception as error:
        sentence = describe(error)
        if not sentence and isinstance(error, DatabaseError):
            sentence = f"The database says: {_reason(error)}."
        if not sentence:
            raise
        raise CommandError(f"{undone} {sentence}") from error


def describe(error: BaseException) -> str:
    """Say in one line what can be done about an error; "" where it is a fault of the software."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_message(error)
    if isinstance(error, DatabaseError):
        return _database_message(error)
    kind = type(error).__module__.partition(".")[0]
    if kind in SERVICE_MESSAGES:
        return SERVICE_MESSAGES[kind].format(reason=_reason(error))
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return _system_message(error)
    return ""


def _system_message(error: OSError) -> str:
    if error.errno in SYSTEM_MESSAGES and (error.filename or "{}" not in SYSTEM_MESSAGES[error.errno]):
        return SYSTEM_MESSAGES[error.errno].format(error.filename)
    reason = _reason(error)
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def _database_message(error: DatabaseError) -> str:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _sqlite_message(cause) or _advice()
    text = ""
    if cause and isinstance(error, OperationalError | ProgrammingError):
        code = getattr(cause, "sqlstate", None)
        is_described = code or isinstance(error, OperationalError)
        text = POSTGRESQL_MESSAGES.get(code, "") if is_described else ""
    name = connections["default"].settings_dict["NAME"]
    return text.format(name=name, reason=_reason(error)) or _advice()


def _sqlite_message(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    text = SQLITE_MESSAGES.get(code & 0xFF, "") if code is not None else ""
    return text.format(name=connections["default"].settings_dict["NAME"], reason=_reason(error))


def _advice() -> str:
    try:
        return database_copy.upgrade_advice()
    except DatabaseError:
        return ""


def _reason(error: BaseException) -> str:
    """What a library says of an error, in one line without its full stop."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().partition("\n")[0].rstrip(".")
