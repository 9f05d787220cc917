"""Makes a large site for trials: `manage.py fill_site --pages 10000 --reports 1000000`."""

from django.core.management.base import BaseCommand, CommandError

from canada_iraq import trial_site
from canada_iraq.progress import Progress


class Command(BaseCommand):
    help = "Fills a site with published pages in both languages, and with reports about them, to try it at that size."

    def add_arguments(self, parser):
        parser.add_argument("--pages", type=int, default=1000)
        parser.add_argument("--reports", type=int, default=0)
        parser.add_argument("--anyway", action="store_true", help="even if the site has content already")

    def handle(self, *, pages, reports, anyway, **options):
        if pages < 1 or reports < 0:
            raise CommandError("At least one page is needed, and no fewer than no reports.")
        if trial_site.has_content() and not anyway:
            raise CommandError(
                "This site has content already: use a DATA_DIR of its own, or say --anyway. Nothing was changed."
            )
        trial_site.fill(pages, reports, Progress(self.stdout))
