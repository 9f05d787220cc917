"""Whether a database of SQLite that came from elsewhere holds tables of this software and nothing that runs by itself.

A database file is a program: triggers, views, generated columns, virtual tables, expressions in constraints and indexes
are run when somebody reads or writes. What a file says of itself is compared with the tables that the migrations make
which it says it has. See https://www.sqlite.org/security.html#untrusted_sqlite_database_files.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from .backup_archive import printable

MIGRATIONS = "django_migrations"
# Tables that SQLite makes for itself.
INTERNAL_TABLES = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}

# Bytes of one value or row, and of one statement of the schema.
MAX_VALUE_BYTES, MAX_STATEMENT_BYTES = 64 * 1024 * 1024, 100_000
MAX_MIGRATIONS = 10_000

# What may stand before a parenthesis in a table or index of Django's: words of SQL and of types, and functions that
# cost next to nothing. A migration that needs another one adds it here.
ALLOWED_WORDS = {
    *(
        "check",
        "unique",
        "key",
        "in",
        "and",
        "or",
        "not",
        "where",
        "when",
        "then",
        "else",
        "on",
        "default",
        "between",
    ),
    *("varchar", "char", "decimal", "like", "cast"),
    *("abs", "coalesce", "ifnull", "json_valid", "length", "lower", "nullif", "substr", "trim", "upper"),
}
VIRTUAL_TABLE = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE\s+(\S+)", re.IGNORECASE)
TOKEN = re.compile(
    r"""'(?:[^']|'')*' | (?P<name>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] | [^\W\d]\w*)
    | --[^\n]* | /\*.*?\*/ | \S""",
    re.VERBOSE | re.DOTALL,
)
# Before these, a name with a parenthesis is a table with its columns.
TABLE_FOLLOWS = {"table", "on", "references"}


class ForeignSchema(Exception):
    """What in a database is not of this software: a list of names, for a sentence."""


@contextmanager
def open_readonly(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that nobody writes to, so that nothing in it can do anything but be read."""
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        database.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_STATEMENT_BYTES)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        if hasattr(database, "setconfig"):  # Python 3.12
            database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            database.execute(f"PRAGMA {pragma}")
        yield database


def applied_migrations(database: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the migrations that a database says it has. Raises ForeignSchema where that is not a plain table."""
    row = database.execute("SELECT type, sql FROM sqlite_schema WHERE name = ?", [MIGRATIONS]).fetchone()
    if row is None or row[0] != "table" or VIRTUAL_TABLE.match(_text(row[1])):
        raise ForeignSchema(f"no table {MIGRATIONS}")
    found = database.execute(f"SELECT app, name FROM {MIGRATIONS} LIMIT {MAX_MIGRATIONS}")
    return {(str(app), str(name)) for app, name in found}


def check(database: sqlite3.Connection, migrations: set[tuple[str, str]]) -> None:
    """Compare a database with what these migrations make. Raises ForeignSchema with what differs."""
    entries = [
        Entry(*map(_text, row))
        for row in database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    ]
    tables, statements = tables_after(migrations), statements_of(migrations)
    entries = [entry for entry in entries if _one_line(entry.sql) not in statements]
    known = INTERNAL_TABLES | {MIGRATIONS} | tables.keys() | _shadow_tables(statements) | _tables_of_models()
    foreign = [fault for entry in entries for fault in _entry_problems(entry, known)]
    if not foreign:
        present = {entry.name for entry in entries if entry.kind == "table"}
        foreign = [f"no table {name}" for name in sorted(tables.keys() - present)]
        for name in sorted(present - INTERNAL_TABLES):
            foreign += _column_problems(database, name, tables.get(name))
    if foreign:
        raise ForeignSchema(", ".join(foreign[:5]))


@dataclass(frozen=True)
class Entry:
    """One row of `sqlite_schema`."""

    kind: str
    name: str
    table: str
    sql: str


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


def _tables_of_models() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


def statements_of(migrations: set[tuple[str, str]]) -> set[str]:
    """Return what migrations make without Django: the statements in the constant SQLITE of their modules."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    modules = [import_module(known[migration].__module__) for migration in migrations & known.keys()]
    return {_one_line(statement) for module in modules for statement in getattr(module, "SQLITE", ())}


def _shadow_tables(statements: set[str]) -> set[str]:
    """Return the tables in which virtual tables keep their index (https://www.sqlite.org/fts5.html#fts5_data_structures)."""
    names = [match[1] for statement in statements if (match := VIRTUAL_TABLE.match(statement))]
    return {
        f"{name}_{ending}" for name in names for ending in ("data", "idx", "content", "docsize", "config")
    }


def tables_after(migrations: set[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the columns of every table once these migrations have run. Unknown ones are passed over."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    state = loader.project_state(sorted(migrations & set(loader.graph.nodes)))
    models = state.apps.get_models(include_auto_created=True)
    managed = [model._meta for model in models if model._meta.managed and not model._meta.proxy]
    return {meta.db_table: {field.column for field in meta.local_concrete_fields} for meta in managed}


def _entry_problems(entry: Entry, known: set[str]) -> Iterator[str]:
    name = printable(entry.name)
    if entry.kind not in ("table", "index"):
        yield f"{printable(entry.kind)} {name}"
    elif VIRTUAL_TABLE.match(entry.sql):
        yield f"virtual table {name}"
    elif entry.table not in known:
        yield f"{entry.kind} {name}"
    else:
        yield from (
            f"{function}() in {entry.kind} {name}" for function in sorted(called_functions(entry.sql))
        )


def _column_problems(database: sqlite3.Connection, table: str, expected: set[str] | None) -> Iterator[str]:
    rows = database.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", [table]).fetchall()
    yield from (f"generated column {table}.{printable(name)}" for name, hidden in rows if hidden)
    differing = {name for name, _hidden in rows} ^ expected if expected else ()
    yield from (f"column {table}.{printable(name)}" for name in sorted(differing))


def called_functions(sql: str) -> set[str]:
    """Return the functions that a statement of a schema calls, in lower case, but for those that Django uses there."""
    tokens = [match for match in TOKEN.finditer(sql) if not match[0].startswith(("--", "/*"))]
    words = [match[0].strip('"`[]').lower() for match in tokens]
    found = set()
    for index in range(1, len(tokens)):
        if words[index] != "(" or tokens[index - 1]["name"] is None:
            continue
        is_table = index > 1 and words[index - 2] in TABLE_FOLLOWS
        is_word = words[index - 1] in ALLOWED_WORDS and tokens[index - 1][0][0] not in '"`['
        if not (is_table or is_word):
            found.add(printable(words[index - 1]))
    return found
