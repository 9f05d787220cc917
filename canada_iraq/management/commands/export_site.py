"""Writes the live site as files for a web server: `manage.py export_site FOLDER`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from canada_iraq.delivery import static_files
from canada_iraq.operations import static_export
from canada_iraq.operations.operator_errors import explained
from canada_iraq.operations.progress import Progress
from pages.integers import format_count


class Command(BaseCommand):
    help = "Writes what visitors can read into a folder, or brings the copy there up to date."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            with explained("The copy is not complete."):
                result = self.export(folder)
        except static_export.ExportError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{folder}: {format_count(result.written, 'file')} written, {result.unchanged} as they were,"
            f" {result.removed} removed."
        )
        for path in result.skipped:
            self.stdout.write(f"{path} has no file: the application answers there.")

    def export(self, folder):
        static_files.collect_changed()
        from canada_iraq.wsgi import application  # knows the files that were collected before it was made

        return static_export.export(folder, application, Progress(self.stdout))
