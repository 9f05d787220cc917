"""Writes the indexes of the site again, or says what differs in them: `manage.py rebuild_indexes [--check]`."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from pages import indexes
from pages.indexes.registry import INDEXES
from pages.integers import format_count
from pages.models.page import Page

# Pages that are named of one index; the others are counted.
MAX_NAMED = 5


class Command(BaseCommand):
    help = (
        "Writes again what search, lists and checks look up: saving and publishing keep it up to date, so this is for "
        "after an upgrade that changes the rules, or after rows were changed by hand. With --check, changes nothing, "
        "and ends with exit code 1 when something differs."
    )
    # An older command names those that it rebuilds.
    names = ()

    def add_arguments(self, parser):
        known = [index.name for index in INDEXES]
        parser.add_argument("names", nargs="*", metavar="INDEX", help=f"only these: {', '.join(known)}")
        parser.add_argument("--check", action="store_true", help="change nothing, only say what differs")

    def handle(self, *, names=(), check=False, **options):
        try:
            if check:
                self.check_indexes(names or self.names)
            else:
                self.rebuild(names or self.names)
        except LookupError as error:
            raise CommandError(f"There is no index {error.args[0]}.") from None

    def rebuild(self, names):
        for index in indexes.rebuild(names, self.progress):
            self.stdout.write(index.describe())

    def check_indexes(self, names):
        differences = indexes.verify(names, self.progress)
        if not differences:
            self.stdout.write("Every index is as it should be.")
            return
        keys = Page.objects.in_bulk([difference.page for difference in differences])
        for name, pages in Counter(difference.index for difference in differences).items():
            found = [difference for difference in differences if difference.index == name]
            self.stdout.write(
                f"{name}: {format_count(pages, 'page')} {'differs' if pages == 1 else 'differ'}"
            )
            for difference in found[:MAX_NAMED]:
                rows = f"{difference.missing} missing, {difference.unexpected} unexpected"
                self.stdout.write(f"  {keys[difference.page].key}: {rows}")
            if pages > MAX_NAMED:
                self.stdout.write("  … and more.")
        raise CommandError("Run rebuild_indexes without --check to write them again.")

    def progress(self, done, of):
        self.stderr.write(f"\r{done} of {format_count(of, 'page')}", ending="\n" if done == of else "")
