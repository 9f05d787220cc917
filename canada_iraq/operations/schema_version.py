"""Which migrations does this version of the software know, and is a database of a newer version?

Needs the applications to be set up, but none of their models.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migrations = set[tuple[str, str]]

MAX_NAMED = 3


def newer_migrations(migrations: Migrations) -> Migrations:
    """Return those migrations, each an application and a name, that this version does not know.

    It knows its own, and those that one of its own replaces.
    """
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = (tuple(name) for migration in disk.values() for name in migration.replaces)
    return migrations - disk.keys() - set(replaced)


def unknown_migrations(alias: str = DEFAULT_DB_ALIAS) -> Migrations:
    """Return the migrations that a database has and this version does not know. Raises DatabaseError."""
    return newer_migrations(set(MigrationRecorder(connections[alias]).applied_migrations()))


def newer_database(alias: str = DEFAULT_DB_ALIAS) -> str:
    """Say that a database is of a newer version, and what to do; "" where it is not. Raises DatabaseError."""
    unknown = sorted(f"{app}.{name}" for app, name in unknown_migrations(alias))
    if not unknown:
        return ""
    named = ", ".join(unknown[:MAX_NAMED]) + (", …" if len(unknown) > MAX_NAMED else "")
    return (
        f"The database {connections[alias].settings_dict['NAME']} is of a newer version of this software ({named}):"
        " start that version, or restore a backup that this one made. docs/upgrading.md says how to go back."
    )
