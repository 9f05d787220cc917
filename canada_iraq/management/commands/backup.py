"""Makes a backup of the site while it serves: `manage.py backup FILE`, or `backup FOLDER --keep-days DAYS`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from canada_iraq.operations import backup_folder, backups
from canada_iraq.operations.operator_errors import explained
from canada_iraq.operations.progress import Progress
from pages.integers import format_count

# A hundred years: more would lead to dates that no calendar has.
MAX_DAYS = 36_500


class Command(BaseCommand):
    help = "Writes database and pictures into one new file that only its owner can read. The site may go on serving."
    requires_system_checks = []  # none of them is a reason to make no backup

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            type=Path,
            help="a new file, or a folder, in which the file is named after date and time",
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            metavar="DAYS",
            help="then delete the backups in that folder that are older; only if this one was made",
        )

    def handle(self, *, file, keep_days, **options):
        now = timezone.now()
        if keep_days is not None:
            _refuse_unusable(file, keep_days)
        folder = file if file.is_dir() else None
        if folder:
            file = backup_folder.new_file(folder, now)
        try:
            with explained("No backup was made."):
                manifest = backups.make(file, Progress(self.stdout))
        except backups.BackupError as error:
            raise CommandError(f"No backup was made. {error}") from None
        self.stdout.write(f"{file}: {described(manifest)}.")
        if keep_days is not None:
            self._delete_expired(folder, keep_days, now)

    def _delete_expired(self, folder, days, now):
        try:
            deleted = backup_folder.delete_expired(folder, days, now)
        except OSError as error:
            raise CommandError(f"The backup was made, but older ones could not be deleted: {error}") from None
        for file in deleted:
            self.stdout.write(f"{file}: deleted, because it is older than {format_count(days, 'day')}.")


def _refuse_unusable(folder, keep_days):
    """Raise unless old backups can be told apart: a name that is no folder yet would become the name of the file."""
    if not 1 <= keep_days <= MAX_DAYS:
        raise CommandError(f"No backup was made. --keep-days must be from 1 to {MAX_DAYS}.")
    if not folder.is_dir():
        raise CommandError(f"No backup was made. --keep-days needs a folder: create {folder} first.")


def described(manifest):
    """What is in a backup, in one sentence."""
    parts = [format_count(count, what.removesuffix("s")) for what, count in manifest.contents.items()]
    parts.append(f"{format_count(len(manifest.images), 'file')} of pictures")
    return f"{', '.join(parts)}, as of {manifest.made_at}"
