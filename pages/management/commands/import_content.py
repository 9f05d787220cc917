"""Brings content files into the working copy: `manage.py import_content FOLDER [--publish [--scheduled=CHOICE]]`."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pages import content_files, indexes, publishing, rescheduling
from pages.indexes.references import pages_using
from pages.integers import format_count
from pages.models.edition import ReferenceKind
from pages.models.page import Page
from pages.rescheduling import Choice

SCHEDULED = (
    "Say what should happen to scheduled texts: --scheduled=carry, --scheduled=keep or --scheduled=cancel."
)
# Faults that are listed at once; the others are found again when these are corrected.
MAX_SHOWN = 100
# The exit code where pages were loaded, and not all of them published; 1 says that nothing was changed.
NOT_ALL_PUBLISHED = 3


class Command(BaseCommand):
    help = (
        "Loads the pages, partner organizations and files to download of a folder. A faulty file changes nothing."
        " Ends with exit code 1"
        " when nothing was changed, and 3 when some of the pages are not ready to be published."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish the pages that change and are ready, in both languages, and list the others",
        )
        parser.add_argument(
            "--all-or-nothing",
            action="store_true",
            help="with --publish: change nothing unless every page can be published",
        )
        parser.add_argument(
            "--scheduled",
            choices=Choice.values,
            help="what should happen to texts that are scheduled for later and would undo what is published",
        )
        parser.add_argument("--check", action="store_true", help="only say what is wrong in the files")

    def handle(self, folder, *, check, **options):
        content = read(folder, self.stderr)
        list_losses(content.losses, self.stderr)
        if check:
            self.stdout.write(f"{format_count(len(content.pages), 'page')} checked.")
            return
        try:
            editions, reasons = load(content, **parse_options(options))
        except content_files.ImportErrors as refusal:
            raise refusal_error(map(str, refusal.problems)) from None
        except publishing.NotReady as refusal:
            raise refusal_error(describe_reasons(refusal.reasons, content)) from None
        except ValidationError as refusal:
            raise refusal_error([*refusal.messages, SCHEDULED]) from None
        self.stdout.write(f"{format_count(len(content.pages), 'page')} loaded.")
        if reasons:
            listed = shorten_list(describe_reasons(reasons, content))
            message = f"{format_count(len(editions), 'page')} published. Not ready to be published:\n{listed}"
            raise CommandError(message, returncode=NOT_ALL_PUBLISHED)


def read(folder, out):
    """Return what a folder holds, and write which of its files are not read. Raises CommandError."""
    try:
        content = content_files.read(folder)
    except content_files.ImportErrors as refusal:
        list_unread_files(refusal.unread_files, out)
        raise refusal_error(map(str, refusal.problems)) from None
    list_unread_files(content.unread_files, out)
    return content


def list_unread_files(names, out):
    if names:
        names_read = (
            "pages/….yaml, templates/….yaml, partners.yaml, downloads.yaml, facts.yaml, shared_blocks.yaml, "
            "glossary.csv, vocabularies/….csv, and what they name"
        )
        out.write(f"Not read (content is {names_read}):")
        out.write("\n".join(f"  {content_files.printable(name)}" for name in names))


def list_losses(losses, out):
    """Write what texts have that rich text does not hold; their words are kept."""
    if losses:
        out.write("Left out of texts, which do not hold it (the words are kept):")
        out.write(shorten_list(map(str, losses)))


@transaction.atomic
def load(content, *, publish, all_or_nothing, scheduled):
    """Write and publish; return the new editions, and the reasons why pages are not published."""
    pages, shared = content_files.write(content)
    editions, reasons = publishing.publish_ready(pages, by=None) if publish else ((), ())
    if reasons and all_or_nothing:
        raise publishing.NotReady(reasons)
    rescheduling.settle_all(editions, scheduled, by=None)
    published = {edition.page_id for edition in editions}
    facts = [fact.key for fact in content.facts]
    shared_blocks = [file.block.key for file in content.shared_blocks]
    others = {
        *Page.objects.mentioning(shared).only("pk"),
        *(pages_using(ReferenceKind.FACT, *facts).only("pk") if facts else ()),
        *(pages_using(ReferenceKind.SHARED_BLOCK, *shared_blocks).only("pk") if shared_blocks else ()),
    }
    indexes.update_drafts({*pages, *others}, published=published)
    return editions, reasons


def parse_options(options):
    choice = options["scheduled"]
    return {
        "publish": options["publish"],
        "all_or_nothing": options["all_or_nothing"],
        "scheduled": Choice(choice) if choice else None,
    }


def describe_reasons(reasons, content):
    return (f"{content.files[reason.page]}: {reason.message}" for reason in reasons)


def refusal_error(problems):
    return CommandError(f"Nothing was changed. Correct these and try again:\n{shorten_list(problems)}")


def shorten_list(problems):
    listed = list(problems)
    lines = "\n".join(f"  {problem}" for problem in listed[:MAX_SHOWN])
    return lines + ("\n  … and more." if len(listed) > MAX_SHOWN else "")
