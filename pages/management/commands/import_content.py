"""Brings content files into the working copy: `manage.py import_content FOLDER [--publish]`."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pages import interchange, publishing, tallying
from pages.rows import Page


class Command(BaseCommand):
    help = "Loads the pages and partner organizations of a folder. A faulty file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder")
        parser.add_argument(
            "--publish", action="store_true", help="publish the pages that change, in both languages"
        )
        parser.add_argument("--check", action="store_true", help="only say what is wrong in the files")

    def handle(self, folder, **options):
        try:
            count = self.check_files(folder) if options["check"] else self.load(folder, options["publish"])
        except interchange.ContentRefused as refusal:
            raise refused(map(str, refusal.faults)) from None
        except publishing.NotReady as refusal:
            raise refused(
                f"pages/{reason.page}.yaml: {reason.message}" for reason in refusal.reasons
            ) from None
        self.stdout.write(f"{count} pages {'checked' if options['check'] else 'loaded'}.")

    def check_files(self, folder):
        return len(interchange.read(folder).pages)

    @transaction.atomic
    def load(self, folder, publish):
        pages, partners = interchange.load(folder)
        editions = publishing.publish_all(pages, by=None) if publish else ()
        published = {edition.page_id for edition in editions}
        tallying.renew({*pages, *Page.objects.naming(partners).only("pk")}, published=published)
        return len(pages)


def refused(faults):
    lines = "\n".join(f"  {fault}" for fault in faults)
    return CommandError(f"Nothing was changed. Mend this and try again:\n{lines}")
