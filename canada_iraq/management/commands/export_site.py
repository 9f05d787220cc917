"""Writes the live site as files for a web server: `manage.py export_site FOLDER`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from canada_iraq import static_copy, static_files
from canada_iraq.progress import Progress


class Command(BaseCommand):
    help = "Writes what visitors can read into a folder, or brings the copy there up to date."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        static_files.collect_changed()
        from canada_iraq.wsgi import application  # knows the files that were collected before it was made

        try:
            result = static_copy.export(folder, application, Progress(self.stdout))
        except (static_copy.Refused, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{folder}: {result.written} files written, {result.kept} as they were, {result.removed} removed."
        )
        for path in result.left_out:
            self.stdout.write(f"{path} has no file: the application answers there.")
