"""Makes the index of search anew from what is published: `manage.py rebuild_search`."""

from django.core.management.base import BaseCommand

from pages import search


class Command(BaseCommand):
    help = "Makes the index of search anew. Publishing keeps it in step; this is for after an upgrade or a repair."

    def handle(self, **options):
        entries = search.rebuild(self.progress)
        self.stdout.write(f"{entries} entries: every page that is public or scheduled, in each language.")

    def progress(self, done, of):
        self.stderr.write(f"\r{done} of {of} pages", ending="\n" if done == of else "")
