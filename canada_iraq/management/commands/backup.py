"""Makes a backup of the site while it serves: `manage.py backup FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from canada_iraq import backups
from canada_iraq.progress import Progress


class Command(BaseCommand):
    help = "Writes database and pictures into one new file that only its owner can read. The site may go on serving."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            manifest = backups.make(file, Progress(self.stdout))
        except (backups.Refused, OSError, DatabaseError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        self.stdout.write(f"{file}: {described(manifest)}.")


def described(manifest):
    """What is in a backup, in one sentence."""
    parts = [f"{count} {what}" for what, count in manifest.contents.items()]
    return f"{', '.join(parts)}, {len(manifest.pictures)} files of pictures, as of {manifest.made_at}"
