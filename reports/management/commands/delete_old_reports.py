"""Deletes the reports whose time is over, and keeps their numbers."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports import retention


class Command(BaseCommand):
    help = (
        "Deletes problem reports older than REPORTS_KEPT_DAYS, those kept apart as spam after SPAM_KEPT_DAYS. Their"
        " number per day, page and language stays. Run it once a day."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, and delete nothing"
        )

    def handle(self, *, dry_run, verbosity, **options):
        if min(settings.REPORTS_KEPT_DAYS, settings.SPAM_KEPT_DAYS) < 1:
            raise CommandError("REPORTS_KEPT_DAYS and SPAM_KEPT_DAYS must be at least 1.")
        if dry_run:
            self._tell("Would delete", retention.tally(retention.due()))
        else:
            self._tell("Deleted", retention.delete_due(tell=self._progress))

    def _progress(self, gone):
        if self.stdout.isatty():
            self.stdout.write(f"\r{gone} deleted", ending="")
            self.stdout.flush()

    def _tell(self, did, found):
        self.stdout.write(
            f"{did} {found.total} reports: {found.marked} kept apart as spam for {settings.SPAM_KEPT_DAYS} days,"
            f" {found.total - found.marked} others after {settings.REPORTS_KEPT_DAYS} days,"
            f" of which {found.still_open} were still open. Their numbers per day are kept."
        )
