"""Counts anew what the worklist and the filters of the list of pages look up: `manage.py rebuild_worklist`."""

from django.core.management.base import BaseCommand

from pages import crosschecking, tallying


class Command(BaseCommand):
    help = (
        "Counts anew which pages cannot be published, have changed or have stale translations, and keeps anew what "
        "they claim. Saving and publishing keep that in step; this is for after an upgrade that changes the rules."
    )

    def handle(self, **options):
        self.stdout.write(f"{tallying.rebuild(self.progress)} pages counted.")
        self.stdout.write(f"{crosschecking.rebuild(self.progress)} claims kept.")

    def progress(self, done, of):
        self.stderr.write(f"\r{done} of {of} pages", ending="\n" if done == of else "")
