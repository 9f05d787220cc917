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
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model, QuerySet
from django.db.utils import ConnectionHandler

from pages.models import Edition, Page
from reports.models import ProblemReport

from .progress import Report, nobody

# Rows read and written at a time.
BATCH = 1000

# SQLite plans for what has fewer rows as if it had a great many: it may have, before anybody looks again.
FEW = 1000

Values = dict[str, Any]


class RowsDiffer(Exception):
    """What was carried over is not what was there; names the tables."""


# Connections


@contextmanager
def opened(alias: str, values: Values) -> Iterator[None]:
    """A second database (`stores.database` or `stores.sqlite`) that `using=alias` means in this thread."""
    handler = ConnectionHandler({DEFAULT_DB_ALIAS: values})
    connection = handler.create_connection(DEFAULT_DB_ALIAS)
    connection.alias = alias
    former = connections[alias] if alias in set(connections) else None
    connections[alias] = connection
    try:
        yield
    finally:
        connection.close()
        del connections[alias]
        if former is not None:
            connections[alias] = former


@contextmanager
def in_place_of_the_sites_own(values: Values) -> Iterator[None]:
    """A database that everything in this thread takes for the site's own, whether it asks for one by name or not.

    A migration may forget to say which database it means; here it cannot touch the wrong one.
    """
    ContentType.objects.clear_cache()  # the same type may have another number there
    with opened(DEFAULT_DB_ALIAS, values):
        yield
    ContentType.objects.clear_cache()


# What a database holds


def pending_migrations(alias: str = DEFAULT_DB_ALIAS) -> set[tuple[str, str]]:
    loader = MigrationLoader(connections[alias])
    return set(loader.disk_migrations) - set(loader.applied_migrations)


def unknown_migrations(alias: str = DEFAULT_DB_ALIAS) -> set[tuple[str, str]]:
    """Those of a newer version of this software than the one that runs."""
    loader = MigrationLoader(connections[alias])
    return set(loader.applied_migrations) - set(loader.disk_migrations)


def advice() -> str:
    """What to do about a database that has not all tables of this version, in a sentence; "" where it has them."""
    if not pending_migrations():
        return ""
    return (
        f"The database {connections[DEFAULT_DB_ALIAS].settings_dict['NAME']} does not have the tables of this version: "
        "run manage.py migrate, or make run, which prepares a whole site."
    )


def take_stock() -> None:
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
        cursor.execute("DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < %s", [FEW])
        cursor.execute("ANALYZE sqlite_schema")  # this connection has read what is deleted now


def contents(alias: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """How much there is of what people made; all 0 where no table has been made yet."""
    tables = set(connections[alias].introspection.table_names())
    counted = (Page, Edition, ProblemReport, get_user_model())
    return {
        str(model._meta.verbose_name_plural): _rows(model, alias).count()
        if model._meta.db_table in tables
        else 0
        for model in counted
    }


def _rows(model: type[Model], alias: str) -> QuerySet:
    """All rows just as they are: the models' own managers would translate or leave out."""
    return QuerySet(model, using=alias)


# Carrying rows over


def carry(source: str, target: str, report: Report = nobody) -> dict[str, int]:
    """Makes the rows of all tables of `target` those of `source`, all or none, and returns how many there are of each.

    Both must have the same migrations. Raises RowsDiffer when the rows read back are not those that were read.
    """
    with _at_one_moment(source), transaction.atomic(using=target):
        _empty(target)
        carried = {model: _carry(model, source, target, report) for model in _models()}
        connections[target].check_constraints()
        _reset_sequences(target)
        _compare(carried, target, report)
    return {model._meta.db_table: count for model, (count, _) in carried.items()}


def _models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


@contextmanager
def _at_one_moment(alias: str) -> Iterator[None]:
    """Everything read is as it was at one moment. SQLite takes no other writer meanwhile."""
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _empty(alias: str) -> None:
    tables = [model._meta.db_table for model in _models()]
    connection = connections[alias]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


def _carry(model: type[Model], source: str, target: str, report: Report) -> tuple[int, str]:
    connection = connections[target]
    fields, what = _fields(model), str(model._meta.verbose_name_plural)
    total, done, digest = _rows(model, source).count(), 0, hashlib.sha256()
    with connection.cursor() as cursor:
        for rows in _batches(_values(model, source)):
            cursor.executemany(
                _insertion(model, connection), [_prepared(fields, row, connection) for row in rows]
            )
            _take_into(digest, rows)
            done += len(rows)
            report(what, done, total)
    return done, digest.hexdigest()


def _fields(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _values(model: type[Model], alias: str) -> Iterator[tuple]:
    names = [field.attname for field in _fields(model)]
    return _rows(model, alias).order_by("pk").values_list(*names).iterator(chunk_size=BATCH)


def _batches(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _insertion(model: type[Model], connection: Any) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in _fields(model))
    places = ", ".join(["%s"] * len(_fields(model)))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"


def _prepared(fields: list[Field], row: tuple, connection: Any) -> list[Any]:
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]


def _take_into(digest: Any, rows: Iterable[tuple]) -> None:
    for row in rows:
        digest.update(repr([_comparable(value) for value in row]).encode())


def _comparable(value: Any) -> Any:
    """PostgreSQL keeps the names in a JSON object in an order of its own, and bytes in another type."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return bytes(value) if isinstance(value, memoryview) else value


def _reset_sequences(alias: str) -> None:
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _compare(carried: dict[type[Model], tuple[int, str]], target: str, report: Report) -> None:
    differing = []
    for place, (model, expected) in enumerate(carried.items(), start=1):
        count, digest = 0, hashlib.sha256()
        for rows in _batches(_values(model, target)):
            _take_into(digest, rows)
            count += len(rows)
        if (count, digest.hexdigest()) != expected:
            differing.append(model._meta.db_table)
        report("Tables compared", place, len(carried))
    if differing:
        raise RowsDiffer(", ".join(differing))
