"""What decision 28 asks of migrations, judged from their operations and their source.

`faults` says in words what breaks a rule; `tests/test_migrations.py` knows the migrations from before the rules.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from django.db import migrations
from django.db.models import NOT_PROVIDED

from pages.migration_operations import AddIndexConcurrently, RemoveIndexConcurrently

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ("accounts", "canada_iraq", "pages", "reports")
CONCURRENT = (AddIndexConcurrently, RemoveIndexConcurrently)
# What a migration may import of the project: other migrations, which stay as they are, and what is frozen like them.
FROZEN = re.compile(
    r"(accounts|canada_iraq|pages|reports)\.migrations\.|pages\.(migration_operations|fields)\b"
)
# Takes away what a process of the version before may still use.
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
IN_SQL = re.compile(r"\bDROP\s+(TABLE|COLUMN|FUNCTION|VIEW)\b|\bRENAME\b", re.IGNORECASE)
DATA = (migrations.RunPython, migrations.RunSQL)
# Of a field, what Django does before it writes.
BY_DJANGO = ("default", "auto_now", "auto_now_add")
# Changes nothing in the database, or only what is new.
HARMLESS = (
    migrations.CreateModel,
    migrations.AlterConstraint,  # what a constraint says when it is broken, never what it forbids
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
)


@dataclass(frozen=True)
class Subject:
    """A migration with the state of the models before it and the text of its file."""

    migration: migrations.Migration
    before: migrations.state.ProjectState
    source: str

    @property
    def operations(self):
        """The operations on the database. What changes the state of the models only is left out."""
        for operation in self.migration.operations:
            if isinstance(operation, migrations.SeparateDatabaseAndState):
                yield from operation.database_operations
            else:
                yield operation

    def is_old(self, model):
        """Say whether there was a table before, which a process of the version before may use."""
        return (self.migration.app_label, model.lower()) in self.before.models


def faults(subject):
    """Return a line for each breach of a rule, without the name of the migration."""
    found = [fault for operation in subject.operations for fault in _of_operation(subject, operation)]
    return [*found, *_of_index_building(subject), *_of_mixing(subject), *_of_source(subject)]


def _of_operation(subject, operation):
    name = type(operation).__name__
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    if not operation.reversible:
        yield f"{name} cannot be undone"
    if isinstance(operation, TAKES_AWAY) and not _unused_since(subject.source):
        yield f"{name} takes away what the version before may use: {model}"
    elif isinstance(operation, migrations.AddField) and subject.is_old(model):
        yield from _of_new_field(model, operation.name, operation.field)
    elif isinstance(operation, migrations.AlterField) and subject.is_old(model):
        yield from _of_altered_field(subject, operation)
    elif isinstance(operation, migrations.AddConstraint) and subject.is_old(model):
        yield f"{operation.constraint.name} forbids what the version before may write"
    elif isinstance(operation, migrations.AddIndex | migrations.RemoveIndex):
        if subject.is_old(model) and not isinstance(operation, CONCURRENT):
            yield f"{name} holds up who writes: {_index_name(operation)}"
    elif not isinstance(operation, _KNOWN):
        yield f"{name} is not known to the rules"


_KNOWN = (*TAKES_AWAY, *DATA, *HARMLESS, migrations.AddField, migrations.AlterField, migrations.AddConstraint)


def _index_name(operation):
    return operation.index.name if isinstance(operation, migrations.AddIndex) else operation.name


def _of_new_field(model, name, field):
    if field.many_to_many:
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield f"a process of the version before cannot add rows without {model}.{name}"
    if field.db_index or field.unique:
        yield f"the index of {model}.{name} holds up who writes"


def _of_altered_field(subject, operation):
    state = subject.before.models[subject.migration.app_label, operation.model_name.lower()]
    old, new = (_in_the_database(field) for field in (state.fields[operation.name], operation.field))
    if old | {"null": True, "db_index": False} != new | {"null": True, "db_index": False}:
        yield f"the column of {operation.model_name}.{operation.name} is made anew"
    if old["null"] and not new["null"]:
        yield f"a process of the version before may leave {operation.model_name}.{operation.name} empty"
    if old["db_index"] != new["db_index"]:
        yield f"the index of {operation.model_name}.{operation.name} holds up who writes"


def _in_the_database(field):
    _name, path, _arguments, values = field.deconstruct()
    kept = {name: value for name, value in values.items() if name not in (*field.non_db_attrs, *BY_DJANGO)}
    return {**kept, "class": path, "null": field.null, "db_index": field.db_index}


def _of_index_building(subject):
    concurrent = [isinstance(operation, CONCURRENT) for operation in subject.operations]
    if any(concurrent) and subject.migration.atomic:
        yield "an index that is built concurrently needs atomic = False"
    if not subject.migration.atomic and not all(concurrent):
        yield "what is not atomic may hold nothing but indexes that are built concurrently"


def _of_mixing(subject):
    def changes_table(operation):
        model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
        return not isinstance(operation, DATA) and subject.is_old(model or "")

    operations = list(subject.operations)
    if any(isinstance(each, DATA) for each in operations) and any(map(changes_table, operations)):
        yield "a table is locked until all of its rows have been changed"


def _of_source(subject):
    tree = ast.parse(subject.source)
    for name in _imported(tree):
        if name.split(".")[0] in PROJECT and not FROZEN.match(name):
            yield f"runs the present code of {name}"
    if not _unused_since(subject.source):
        for text in _sql_forwards(tree):
            if match := IN_SQL.search(text):
                yield f"{match[0]} takes away what the version before may use"


def _imported(tree):
    """Return the modules that a file imports, also those that it names to `import_module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield node.args[0].value if isinstance(node.args[0], ast.Constant) else f"{PROJECT[0]}.?"


def _sql_forwards(tree):
    """Return the texts of a file, but for those of constants whose name ends in `_BACK`."""
    for statement in tree.body:
        names = [getattr(target, "id", "") for target in getattr(statement, "targets", [])]
        if not any(name.endswith("_BACK") for name in names):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _unused_since(source):
    """Return the released version since which nothing uses what a migration takes away."""
    match = re.search(r'^UNUSED_SINCE = "(.+)"$', source, re.MULTILINE)
    return match and match[1] in released_versions() and match[1]


def released_versions():
    """Return the versions that the list of changes names, but for the next one."""
    found = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    return set(found) - {"Next"}
