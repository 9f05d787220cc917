"""Deletes the reports whose time is over, and keeps their numbers."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from pages.integers import format_count
from reports import retention


class Command(BaseCommand):
    help = (
        "Deletes closed problem reports older than REPORTS_KEPT_DAYS, and those held as spam after"
        " SPAM_KEPT_DAYS. Open ones stay until they are closed. Their number per day, page and language is kept. The"
        " server does it once a day, unless RUN_SCHEDULED_JOBS is false."
    )
    requires_system_checks = []  # none of them is a reason to keep reports for longer than visitors were told

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, and delete nothing"
        )

    def handle(self, *, dry_run, verbosity, **options):
        try:
            retention.refuse_nonsense_periods()
        except ImproperlyConfigured as fault:
            raise CommandError(fault) from None
        if dry_run:
            self._report("Would delete", retention.count_due(retention.due()))
        else:
            self._report("Deleted", retention.delete_due(tell=self._progress))

    def _progress(self, gone):
        if self.stdout.isatty():
            self.stdout.write(f"\r{gone} deleted", ending="")
            self.stdout.flush()

    def _report(self, did, found):
        self.stdout.write(
            f"{did} {format_count(found.total, 'report')}: {found.marked} held as spam for"
            f" {format_count(settings.SPAM_KEPT_DAYS, 'day')}, {found.total - found.marked} closed after"
            f" {format_count(settings.REPORTS_KEPT_DAYS, 'day')}. Their numbers per day are kept. Open ones as old,"
            f" kept until they are closed: {found.still_open}."
        )
