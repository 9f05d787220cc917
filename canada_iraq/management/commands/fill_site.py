"""Makes a large site for trials: `DATA_DIR=trial manage.py fill_site --pages 10000 --reports 1000000`."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from canada_iraq.operations import existing_site, sample_data
from canada_iraq.operations.progress import Progress


class Command(BaseCommand):
    help = "Fills a site with published pages in both languages, and with reports about them, to try it at that size."

    def add_arguments(self, parser):
        parser.add_argument("--pages", type=int, default=1000)
        parser.add_argument("--reports", type=int, default=0)
        parser.add_argument("--anyway", action="store_true", help="even if someone has worked on the site")

    def handle(self, *, pages, reports, anyway, **options):
        if pages < 1 or reports < 0:
            raise CommandError("At least one page is needed, and no fewer than no reports.")
        if existing_site.missing_site():
            call_command("migrate", interactive=False, verbosity=0)
        if not anyway and not sample_data.is_unused():
            raise CommandError(
                "Nothing was changed: someone has worked on this site. Name another DATA_DIR, or add --anyway."
            )
        sample_data.fill(pages, reports, Progress(self.stdout))
