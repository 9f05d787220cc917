"""Migrations of a site that is large and goes on serving: the rules of decision 28, and that each can be undone."""

import inspect
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from canada_iraq.operations import backends, database_copy
from pages.migration_operations import AddIndexConcurrently, RemoveIndexConcurrently
from tests import migration_rules
from tests.migration_rules import Subject

# The only migrations that break a rule. All are from before the rules, and of releases that are installed with every
# process stopped. To mend them would give new sites other tables than upgraded ones.
FROM_BEFORE_THE_RULES = {
    "pages.0001_initial": "names `pages.models.page.new_key` as a default; it runs on new sites only, without a row",
    "pages.0008_search_phrases": "replaces the index of search and the function that looks into it",
    "pages.0013_search_by_rank": "replaces the function that looks into the index of search",
    "pages.0014_limited_positions": "corrects the few positions of more than 99,999 and says why in the same step",
    "pages.0016_acts_on_editions": "adds names and a status of editions that must have a value",
    "pages.0019_sources_needed": "adds a note to pages that must have a value",
    "pages.0020_audit_log": "adds names to decisions and links that must have a value",
    "reports.0002_triage": "adds columns, indexes and constraints of reports",
    "reports.0004_quick_counts": "replaces an index of reports",
    "reports.0005_report_indexes": "replaces indexes of reports",
    "reports.0007_names_on_the_timeline": "adds a name that must have a value, and writes it in the same step",
}


def subjects():
    """The migrations of this project, each with the state before it."""
    loader, state, done = MigrationLoader(None, ignore_no_migrations=True), ProjectState(), set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for node in loader.graph.forwards_plan(leaf):
            if node not in done:
                done.add(node)
                migration = loader.graph.nodes[node]
                if migration.app_label in migration_rules.PROJECT:
                    yield Subject(
                        migration, state.clone(), Path(inspect.getfile(type(migration))).read_text()
                    )
                state = migration.mutate_state(state, preserve=False)


@pytest.mark.medium
def test_every_migration_leaves_the_version_before_running():
    found = {str(subject.migration): migration_rules.faults(subject) for subject in subjects()}
    new = {name: faults for name, faults in found.items() if faults and name not in FROM_BEFORE_THE_RULES}
    assert not new, f"docs/decisions/0028 says what to do instead: {new}"
    assert {name for name, faults in found.items() if faults} == FROM_BEFORE_THE_RULES.keys()


# Each rule, with what breaks it and what keeps it


def faults(*operations, source="", atomic=True):
    """What is wrong with a migration of these operations, after one that made `Thing` with a few columns."""
    before = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=10)),
        ("note", models.CharField(max_length=10, null=True)),
    ]
    migrations.CreateModel("Thing", fields).state_forwards("pages", before)
    migration = migrations.Migration("0002_next", "pages")
    migration.operations, migration.atomic = list(operations), atomic
    return migration_rules.faults(Subject(migration, before, source))


INDEX = models.Index(fields=["name"], name="thing_name")
CONSTRAINT = models.CheckConstraint(condition=models.Q(name="x"), name="thing_is_x")


def altered(name="name", **changes):
    values = {"max_length": 10, "null": name == "note"} | changes
    return migrations.AlterField("thing", name, models.CharField(**values))


def added(field):
    return migrations.AddField("thing", "new", field)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.RunPython(migrations.RunPython.noop), "RunPython cannot be undone"),
        (migrations.RunSQL("SELECT 1"), "RunSQL cannot be undone"),
        (migrations.RemoveField("thing", "name"), "RemoveField takes away"),
        (migrations.RenameField("thing", "name", "title"), "RenameField takes away"),
        (migrations.DeleteModel("Thing"), "DeleteModel takes away"),
        (migrations.RenameModel("Thing", "Object"), "RenameModel takes away"),
        (migrations.AddIndex("thing", INDEX), "AddIndex holds up who writes: thing_name"),
        (migrations.RemoveIndex("thing", "thing_name"), "RemoveIndex holds up who writes: thing_name"),
        (migrations.AddConstraint("thing", CONSTRAINT), "thing_is_x forbids"),
        (added(models.TextField()), "cannot add rows without thing.new"),
        (added(models.TextField(null=True, unique=True)), "the index of thing.new"),
        (added(models.ForeignKey("Thing", models.CASCADE, null=True)), "the index of thing.new"),
        (altered("note", null=False), "may leave thing.note empty"),
        (altered(max_length=20), "the column of thing.name is made anew"),
        (altered(db_index=True), "the index of thing.name"),
        (migrations.AlterUniqueTogether("thing", {("name",)}), "AlterUniqueTogether is not known"),
    ],
)
def test_an_operation_that_stops_the_version_before_is_named(operation, fault):
    assert any(fault in found for found in faults(operation))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "name")]),
        added(models.TextField(null=True)),
        added(models.TextField(db_default="")),
        added(models.ManyToManyField("Thing")),
        added(models.ForeignKey("Thing", models.CASCADE, null=True, db_index=False)),
        altered(help_text="New words.", null=True),
        migrations.RemoveConstraint("thing", "thing_is_x"),
    ],
)
def test_an_operation_that_does_not_is_passed(operation):
    assert faults(operation) == []


def test_a_new_table_may_have_anything():
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(unique=True))]
    made = migrations.CreateModel("Other", fields)
    assert faults(made, migrations.AddIndex("other", INDEX), migrations.RunPython(print, print)) == []


def test_an_index_is_built_in_a_migration_of_its_own_outside_of_a_transaction():
    index = AddIndexConcurrently("thing", INDEX)
    assert faults(index, RemoveIndexConcurrently("thing", "old"), atomic=False) == []
    assert faults(index) == ["an index that is built concurrently needs atomic = False"]
    (fault,) = faults(index, added(models.TextField(null=True)), atomic=False)
    assert fault.startswith("what is not atomic may hold nothing but indexes")


def test_rows_are_changed_in_a_migration_of_their_own():
    (fault,) = faults(added(models.TextField(null=True)), migrations.RunPython(print, print))
    assert fault == "a table is locked until all of its rows have been changed"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from pages import search", "runs the present code of pages.search"),
        ("import reports.redaction", "runs the present code of reports.redaction"),
        ('import_module("pages.models.edition")', "runs the present code of pages.models.edition"),
        ("import_module(name)", "runs the present code of accounts.?"),
        ('import_module("pages.migrations.0001_initial")', None),
        ("from pages.migration_operations import AddIndexConcurrently\nimport pages.fields", None),
        ('SQL = "DROP FUNCTION pages_search"', "DROP FUNCTION takes away what the version before may use"),
        ('SQL = ("ALTER TABLE x RENAME TO y",)', "RENAME takes away what the version before may use"),
        ('SQL_BACK = "DROP TABLE x"', None),
    ],
)
def test_the_source_of_a_migration_is_judged_too(source, fault):
    assert faults(source=source) == ([fault] if fault else [])


def test_what_nothing_uses_since_a_release_may_be_taken_away_in_the_next(monkeypatch):
    source = 'UNUSED_SINCE = "1.4"\nSQL = "DROP FUNCTION pages_search"'
    gone = migrations.RemoveField("thing", "name")
    assert len(faults(gone, source=source)) == 2  # there is no such release yet
    monkeypatch.setattr(migration_rules, "released_versions", lambda: {"1.4"})
    assert faults(gone, source=source) == []


# The operations


def apply(operation, *, backwards=False):
    before = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=10))]
    options = {"indexes": [INDEX] if isinstance(operation, RemoveIndexConcurrently) else []}
    migrations.CreateModel("Gadget", fields, options).state_forwards("things", before)
    after = before.clone()
    operation.state_forwards("things", after)
    with connection.schema_editor(atomic=False) as editor:
        if backwards:
            operation.database_backwards("things", editor, after, before)
        else:
            operation.database_forwards("things", editor, before, after)


def indexes():
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, "things_gadget").keys() & {INDEX.name}


@pytest.fixture
def gadgets(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE things_gadget (id bigint PRIMARY KEY, name varchar(10))")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE things_gadget")


@pytest.mark.medium
def test_an_index_is_added_and_removed_concurrently_however_often_it_is_tried(gadgets):
    add, remove = AddIndexConcurrently("gadget", INDEX), RemoveIndexConcurrently("gadget", INDEX.name)
    for _ in range(2):
        apply(add)
        assert indexes()
    for _ in range(2):
        apply(remove)
        assert not indexes()
    apply(remove, backwards=True)
    assert indexes()
    apply(add, backwards=True)
    assert not indexes()


@pytest.mark.medium
def test_only_postgresql_is_asked_to_build_an_index_concurrently(gadgets):
    with CaptureQueriesContext(connection) as queries:
        apply(AddIndexConcurrently("gadget", INDEX))
    (statement,) = [query["sql"] for query in queries if query["sql"].startswith("CREATE INDEX")]
    assert ("CONCURRENTLY" in statement) == (connection.vendor == "postgresql")


# Undone


@pytest.mark.slow
def test_all_migrations_are_undone_and_done_again_to_the_same_tables(tmp_path, django_db_blocker):
    def schema():
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql")
            return cursor.fetchall()

    with (
        django_db_blocker.unblock(),
        database_copy.replaced_default_database(backends.sqlite_config(tmp_path / "database.sqlite3")),
    ):
        call_command("migrate", verbosity=0)
        before = schema()
        for app in ("reports", "canada_iraq", "pages"):
            call_command("migrate", app, "zero", verbosity=0)
        call_command("migrate", verbosity=0)
        assert schema() == before
