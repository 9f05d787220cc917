"""Carries a site to the database that DATABASE_URL now names: `manage.py move_database --from OLD`."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from canada_iraq.operations import backends, database_copy, schema_version
from canada_iraq.operations.progress import Progress
from pages import indexes
from pages.integers import format_count


class Command(BaseCommand):
    help = "Copies every row of another database into this empty one, then compares them. The other one stays as it is."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--from",
            required=True,
            dest="old",
            metavar="OLD",
            help="a file of SQLite, or an address like DATABASE_URL",
        )

    def handle(self, *, old, **options):
        try:
            with database_copy.connection_alias("old", values_of(old)):
                self.move()
        except database_copy.RowMismatch as error:
            raise CommandError(f"Nothing was moved: what arrived differs in {error}.") from None
        except (DatabaseError, ImproperlyConfigured) as error:
            raise CommandError(f"Nothing was moved: {' '.join(str(error).split())}") from None

    def move(self):
        refuse_unfit()
        call_command("migrate", interactive=False, verbosity=0)
        if any(database_copy.content_counts().values()):
            raise CommandError("Nothing was moved: there is a site in this database already.")
        counts = database_copy.copy_all_rows("old", "default", Progress(self.stdout))
        indexes.backfill()
        database_copy.analyze()
        self.stdout.write(
            f"Moved: {format_count(sum(counts.values()), 'row')} of {format_count(len(counts), 'table')}, each"
            " compared with the old one."
        )


def values_of(old):
    if "://" in old:
        return backends.database_config(old, Path())
    if not Path(old).is_file():
        raise CommandError(f"There is no file {old}.")
    return backends.sqlite_config(old)


def refuse_unfit():
    new, old = (connections[alias].settings_dict for alias in ("default", "old"))
    if all(str(new[name]) == str(old[name]) for name in ("ENGINE", "NAME", "HOST", "PORT")):
        raise CommandError("Both are the same database: set DATABASE_URL to the new one first.")
    if problem := schema_version.newer_database("old"):
        raise CommandError(f"Nothing was moved: {problem}")
    if database_copy.pending_migrations("old"):
        raise CommandError(
            "The old database is of an older version of this software: start this version on it once."
        )
