"""Makes the site what it was when a backup was made: `manage.py restore FILE [--replace | --check]`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from canada_iraq import backups
from canada_iraq.progress import Progress

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
        try:
            manifest = (
                backups.check(file, progress)
                if check
                else backups.restore(file, replace=replace, report=progress)
            )
        except (backups.Refused, OSError, DatabaseError) as error:
            raise CommandError(f"{'It cannot' if check else 'Nothing was'} restored. {error}") from None
        self.stdout.write(f"{'It can be restored' if check else 'Restored'}: {described(manifest)}.")
