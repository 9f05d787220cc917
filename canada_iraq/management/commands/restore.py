"""Makes the site what it was when a backup was made: `manage.py restore FILE [--replace | --check]`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from canada_iraq.operations import backups
from canada_iraq.operations.operator_errors import explained
from canada_iraq.operations.progress import Progress

from .backup import described


class Command(BaseCommand):
    help = "Checks a backup whole, then restores it. Stop the server first. Everybody has to sign in again."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only prove that the backup can be restored")
        parser.add_argument("--replace", action="store_true", help="restore although there is a site already")

    def handle(self, *, file, check, replace, **options):
        progress = Progress(self.stdout)
        undone = "It cannot be restored." if check else "Nothing was restored."
        try:
            with explained(undone):
                manifest = (
                    backups.check(file, progress)
                    if check
                    else backups.restore(file, replace=replace, on_progress=progress)
                )
        except backups.BackupError as error:
            raise CommandError(f"{undone} {error}") from None
        self.stdout.write(f"{'It can be restored' if check else 'Restored'}: {described(manifest)}.")
