"""Which database, cache and store of pictures do the variables name? As Django takes them."""

import importlib.util
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
    found = Env.db_url_config(url)
    if found.get("ENGINE") == "django.db.backends.sqlite3":
        return sqlite_config(found["NAME"])
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// (or sqlite:///).")
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
    found = Env.cache_url_config(url.replace("valkey", "redis", 1) if url.startswith("valkey") else url)
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
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(
            "MEDIA_STORAGE must look like s3://bucket/folder?endpoint_url=https://host."
        )
    _require_package("storages", "MEDIA_STORAGE")
    options = {"bucket_name": parts.netloc, "location": unquote(parts.path.strip("/")), "default_acl": None}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | dict(parse_qsl(parts.query))}


def _require_package(module: str, variable: str) -> None:
    if importlib.util.find_spec(module) is None:
        install = environment.how_to_install(environment.LOCK_FOR_SERVERS)
        raise ImproperlyConfigured(f"{variable} needs a package that is not installed. {install}")
