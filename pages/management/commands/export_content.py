"""Writes the working copy as content files: `manage.py export_content FOLDER`."""

from django.core.management.base import BaseCommand

from pages import content_files
from pages.integers import format_count


class Command(BaseCommand):
    help = "Writes all pages, partner organizations and files to download into a folder, over files of the same names."

    def add_arguments(self, parser):
        parser.add_argument("folder")

    def handle(self, folder, **options):
        self.stdout.write(f"{format_count(len(content_files.dump(folder)), 'file')} written.")
