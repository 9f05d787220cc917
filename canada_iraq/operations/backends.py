"""Which database, cache and store of pictures do the variables name? As Django takes them."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from . import environment

SQLITE_BACKEND = "canada_iraq.operations.private_sqlite3"

SQLITE_OPTIONS = {
    # A writer waits for its turn at the start, where waiting works; and what was accepted is on
    # the disk before it is confirmed (https://www.sqlite.org/pragma.html#pragma_synchronous).
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


def database_config(url: str, folder: Path) -> dict[str, Any]:
    """DATABASE_URL, or a file of SQLite in the data folder. Raises ImproperlyConfigured."""
    if not url:
        return sqlite_config(folder / "database.sqlite3")
    if not url.startswith(("postgres://", "postgresql://", "pgsql://", "psql://", "sqlite:///")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// (or sqlite:///).")
    found = _read_url(url, Env.db_url_config, "DATABASE_URL", "postgres://user:password@host:5432/name")
    if found.get("ENGINE") == "django.db.backends.sqlite3":
        return sqlite_config(found["NAME"])
    _require_package("psycopg", "DATABASE_URL")
    # Seconds: a server that does not answer must not hold up every thread.
    found["OPTIONS"] = {"connect_timeout": 5, **found.get("OPTIONS", {})}
    return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def sqlite_config(file: Path | str) -> dict[str, Any]:
    """A database in a file, with what makes it lose nothing."""
    # pytest-django would give test databases of any backend but Django's own a file.
    return {
        "ENGINE": SQLITE_BACKEND,
        "NAME": file,
        "OPTIONS": dict(SQLITE_OPTIONS),
        "TEST": {"NAME": ":memory:"},
    }


def cache_config(url: str) -> dict[str, Any]:
    """CACHE_URL, or the memory of each process. Raises ImproperlyConfigured."""
    if not url:
        # Of the 300 that are usual, a flood of reports would push out what has been counted.
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    # Valkey speaks Redis's language; its own name is not known to what reads the address.
    url = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
    found = _read_url(url, Env.cache_url_config, "CACHE_URL", "redis://host:6379/0")
    found = {name.upper(): value for name, value in found.items()}  # of Redis, it leaves these in lower case
    if found["BACKEND"].endswith("RedisCache"):
        _require_package("redis", "CACHE_URL")
        # Seconds: a cache that takes longer saves nothing.
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1}
        found = {"KEY_PREFIX": "canada-iraq", **found, "OPTIONS": {**patience, **found.get("OPTIONS", {})}}
    return found


def media_storage_config(url: str) -> dict[str, Any]:
    """MEDIA_STORAGE, `s3://bucket/folder?endpoint_url=…&region_name=…`, or a folder of this machine.

    Who may use the bucket is not in the address: boto3 finds it where it always does, for one in
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Raises ImproperlyConfigured.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    example = "s3://bucket/folder?endpoint_url=https://host"
    parts = _read_url(url, urlsplit, "MEDIA_STORAGE", example)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(f"MEDIA_STORAGE must look like {example}.")
    _require_package("storages", "MEDIA_STORAGE")
    options = {"bucket_name": parts.netloc, "location": unquote(parts.path.strip("/")), "default_acl": None}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | dict(parse_qsl(parts.query))}


def _read_url(url: str, read: Callable[[str], Any], variable: str, example: str) -> Any:
    """What `read` makes of an address. Raises ImproperlyConfigured, without the address: there is a password in it."""
    try:
        _port = urlsplit(url).port  # read only when somebody connects, by some
        return read(url)
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{variable} cannot be read: it must look like {example}. In a password, write signs such as @, / and # as"
            " %40, %2F and %23."
        ) from None


def _require_package(module: str, variable: str) -> None:
    if importlib.util.find_spec(module) is None:
        install = environment.how_to_install(environment.LOCK_FOR_SERVERS)
        raise ImproperlyConfigured(f"{variable} needs a package that is not installed. {install}")
