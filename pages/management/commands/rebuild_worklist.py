"""Counts anew what the worklist and the filters of the list of pages look up: `manage.py rebuild_worklist`."""

from django.core.management.base import BaseCommand

from pages import tallying


class Command(BaseCommand):
    help = (
        "Counts anew which pages cannot be published, have changed or have stale translations. Saving keeps that in "
        "step; this is for after an upgrade that changes the rules, or a repair."
    )

    def handle(self, **options):
        self.stdout.write(f"{tallying.rebuild(self.progress)} pages counted.")

    def progress(self, done, of):
        self.stderr.write(f"\r{done} of {of} pages", ending="\n" if done == of else "")
