"""Carries a site to the database that DATABASE_URL now names: `manage.py move_database --from OLD`."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from canada_iraq import databases, stores
from canada_iraq.progress import Progress


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
            with databases.opened("old", values_of(old)):
                self.move()
        except databases.RowsDiffer as error:
            raise CommandError(f"Nothing was moved: what arrived differs in {error}.") from None
        except (DatabaseError, ImproperlyConfigured) as error:
            raise CommandError(f"Nothing was moved: {str(error).strip()}") from None

    def move(self):
        refuse_unfit()
        call_command("migrate", interactive=False, verbosity=0)
        if any(databases.contents().values()):
            raise CommandError("Nothing was moved: there is a site in this database already.")
        counts = databases.carry("old", "default", Progress(self.stdout))
        databases.take_stock()
        self.stdout.write(
            f"Moved: {sum(counts.values())} rows of {len(counts)} tables, each compared with the old one."
        )


def values_of(old):
    if "://" in old:
        return stores.database(old, Path())
    if not Path(old).is_file():
        raise CommandError(f"There is no file {old}.")
    return stores.sqlite(old)


def refuse_unfit():
    here, there = (connections[alias].settings_dict for alias in ("default", "old"))
    if all(str(here[name]) == str(there[name]) for name in ("ENGINE", "NAME", "HOST", "PORT")):
        raise CommandError("Both are the same database: set DATABASE_URL to the new one first.")
    if databases.pending_migrations("old") or databases.unknown_migrations("old"):
        raise CommandError(
            "The old database is of another version of this software: start this version on it once."
        )
