"""More than one database at once: a file that stands in for the site's own, all rows carried from one to another."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model, QuerySet
from django.db.utils import ConnectionHandler

from pages.models import Edition, Page
from pages.text_cleaning import without_nul
from reports.models import ProblemReport

from .progress import ProgressCallback, no_progress

# Rows read and written at a time.
BATCH_SIZE = 1000

# SQLite plans for what has fewer rows as if it had a great many: it may have, before anybody looks again.
SMALL_TABLE_ROWS = 1000

DatabaseConfig = dict[str, Any]


class RowMismatch(Exception):
    """What was carried over is not what was there; names the tables."""


# Connections


@contextmanager
def connection_alias(alias: str, config: DatabaseConfig) -> Iterator[None]:
    """A second database (`backends.database_config` or `backends.sqlite_config`) that `using=alias` means in this
    thread.
    """
    handler = ConnectionHandler({DEFAULT_DB_ALIAS: config})
    connection = handler.create_connection(DEFAULT_DB_ALIAS)
    connection.alias = alias
    previous = connections[alias] if alias in set(connections) else None
    connections[alias] = connection
    try:
        yield
    finally:
        _close(connection)
        del connections[alias]
        if previous is not None:
            connections[alias] = previous


def _close(connection: BaseDatabaseWrapper) -> None:
    """Close a connection also to a database in memory, which Django leaves open.

    One that is only left to be collected makes Python 3.13 warn, at any time, in whatever runs then.
    """
    connection.close()
    if connection.connection is not None:
        connection.connection.close()
        connection.connection = None


@contextmanager
def replaced_default_database(config: DatabaseConfig) -> Iterator[None]:
    """A database that everything in this thread takes for the site's own, whether it asks for one by name or not.

    A migration may forget to say which database it means; here it cannot touch the wrong one.
    """
    ContentType.objects.clear_cache()  # the same type may have another number there
    with connection_alias(DEFAULT_DB_ALIAS, config):
        yield
    ContentType.objects.clear_cache()


# What a database holds


def pending_migrations(alias: str = DEFAULT_DB_ALIAS) -> set[tuple[str, str]]:
    loader = MigrationLoader(connections[alias])
    return set(loader.disk_migrations) - set(loader.applied_migrations)


def upgrade_advice() -> str:
    """What to do about a database that has not all tables of this version, in a sentence; "" where it has them."""
    if not pending_migrations():
        return ""
    return (
        f"The database {connections[DEFAULT_DB_ALIAS].settings_dict['NAME']} does not have the tables of this version: "
        "run manage.py prepare_site, which brings it up to date."
    )


def analyze() -> None:
    """Lets the database know how its tables are filled, so that it takes the index that leads to the fewest rows.

    It looks at some rows of each only: SQLite for hundredths of a second, PostgreSQL for a second or two. PostgreSQL
    also does so by itself, but only minutes after a great many rows came at once.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE")
            return
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < %s", [SMALL_TABLE_ROWS])
        cursor.execute("ANALYZE sqlite_schema")  # this connection has read what is deleted now


def content_counts(alias: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """How much there is of what people made; all 0 where no table has been made yet."""
    tables = set(connections[alias].introspection.table_names())
    models = (Page, Edition, ProblemReport, get_user_model())
    return {
        str(model._meta.verbose_name_plural): _rows(model, alias).count()
        if model._meta.db_table in tables
        else 0
        for model in models
    }


def _rows(model: type[Model], alias: str) -> QuerySet:
    """All rows just as they are: the models' own managers would translate or leave out."""
    return QuerySet(model, using=alias)


# Carrying rows over


def copy_all_rows(source: str, target: str, on_progress: ProgressCallback = no_progress) -> dict[str, int]:
    """Copy the rows of all tables of `source` into `target`, all or none, and return how many there are of each.

    Both must have the same migrations. Raises RowsDiffer when the rows read back are not those that were read.
    """
    with _snapshot(source), transaction.atomic(using=target):
        _flush_tables(target)
        copied = {model: _copy_table(model, source, target, on_progress) for model in _models()}
        connections[target].check_constraints()
        _reset_sequences(target)
        _verify_rows(copied, target, on_progress)
    return {model._meta.db_table: count for model, (count, _) in copied.items()}


def _models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


@contextmanager
def _snapshot(alias: str) -> Iterator[None]:
    """Everything read is as it was at one moment. SQLite takes no other writer meanwhile."""
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def read_all_rows(alias: str = DEFAULT_DB_ALIAS, on_progress: ProgressCallback = no_progress) -> None:
    """Reads every row as this software does, and raises what a value raises that it could not have written."""
    models = _models()
    for number, model in enumerate(models, start=1):
        required = [number for number, field in enumerate(_fields(model)) if _is_required(field)]
        for row in _values(model, alias):
            # What is no date is read as None.
            if any(row[number] is None for number in required):
                raise ValueError(f"a value of {model._meta.db_table} is not of its kind")
        on_progress("Tables read", number, len(models))


def _is_required(field: Field) -> bool:
    """Whether a field never reads None: not one that writes it as something else, as the file that a row lacks."""
    return not field.null and field.get_prep_value(None) is None


def _flush_tables(alias: str) -> None:
    tables = [model._meta.db_table for model in _models()]
    connection = connections[alias]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


def _copy_table(
    model: type[Model], source: str, target: str, on_progress: ProgressCallback
) -> tuple[int, str]:
    connection = connections[target]
    fields, what = _fields(model), str(model._meta.verbose_name_plural)
    total, done, digest = _rows(model, source).count(), 0, hashlib.sha256()
    with connection.cursor() as cursor:
        for rows in _batches(_values(model, source)):
            cursor.executemany(
                _insert_statement(model, connection),
                [_prepare_values(fields, row, connection) for row in rows],
            )
            _update_digest(digest, rows)
            done += len(rows)
            on_progress(what, done, total)
    return done, digest.hexdigest()


def _fields(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _values(model: type[Model], alias: str) -> Iterator[tuple]:
    """Reads each row without NUL, which SQLite takes into a text and PostgreSQL does not."""
    names = [field.attname for field in _fields(model)]
    rows = _rows(model, alias).order_by("pk").values_list(*names).iterator(chunk_size=BATCH_SIZE)
    return (tuple(map(without_nul, row)) for row in rows)


def _batches(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
    while batch := list(islice(rows, BATCH_SIZE)):
        yield batch


def _insert_statement(model: type[Model], connection: Any) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in _fields(model))
    placeholders = ", ".join(["%s"] * len(_fields(model)))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({placeholders})"


def _prepare_values(fields: list[Field], row: tuple, connection: Any) -> list[Any]:
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]


def _update_digest(digest: Any, rows: Iterable[tuple]) -> None:
    for row in rows:
        digest.update(repr([_canonical(value) for value in row]).encode())


def _canonical(value: Any) -> Any:
    """PostgreSQL keeps the names in a JSON object in an order of its own, and bytes in another type."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return bytes(value) if isinstance(value, memoryview) else value


def _reset_sequences(alias: str) -> None:
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _verify_rows(
    copied: dict[type[Model], tuple[int, str]], target: str, on_progress: ProgressCallback
) -> None:
    differing = []
    for number, (model, expected) in enumerate(copied.items(), start=1):
        count, digest = 0, hashlib.sha256()
        for rows in _batches(_values(model, target)):
            _update_digest(digest, rows)
            count += len(rows)
        if (count, digest.hexdigest()) != expected:
            differing.append(model._meta.db_table)
        on_progress("Tables compared", number, len(copied))
    if differing:
        raise RowMismatch(", ".join(differing))
