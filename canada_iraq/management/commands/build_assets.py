"""Compiles the translations and collects the static files where there is no site yet: `manage.py build_assets`."""

from django.conf import settings
from django.core.management.base import BaseCommand

from canada_iraq.delivery import static_files
from canada_iraq.operations import catalogues
from canada_iraq.operations.operator_errors import explained


class Command(BaseCommand):
    help = "Compiles the translations and collects the static files into STATIC_ROOT, for an image of a container."
    requires_system_checks = []

    def handle(self, **options):
        with explained("The translations and the static files could not be prepared."):
            catalogues.compile_all()
            static_files.collect_changed()
        self.stdout.write(f"Translations are compiled, static files are in {settings.STATIC_ROOT}.")
