"""Upgrades a copy of the site and says what differs: `manage.py rehearse_upgrade --from FOLDER`."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from canada_iraq.operations import backups, upgrade_rehearsal
from canada_iraq.operations.operator_errors import explained
from canada_iraq.operations.progress import Progress
from pages.integers import format_count

UNDONE = "The upgrade was not rehearsed, and the site was not touched."
# Differences that are shown, and addresses that are named with each.
MAX_SHOWN, MAX_NAMED = 10, 3
PARTS = {"status": "status", "location": "redirect", "kind": "type", "title": "title", "text": "text"}


class Command(BaseCommand):
    help = (
        "Upgrades a copy of the site from the version in another folder to this one, and compares what both answer at"
        " every public address. The site itself is only read, and may go on serving. Exit code 1 if anything differs."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--from",
            required=True,
            type=Path,
            dest="before",
            metavar="FOLDER",
            help="the software that serves the site now, with its .venv",
        )
        parser.add_argument(
            "--backup", type=Path, metavar="FILE", help="a backup of that version, instead of the site"
        )
        parser.add_argument(
            "--database", default="", metavar="URL", help="an empty database of PostgreSQL for the copy"
        )
        parser.add_argument(
            "--list",
            type=Path,
            dest="listing",
            metavar="FILE",
            help="write every difference, with all addresses, to a file",
        )

    def handle(self, *, before, backup, database, listing, **options):
        try:
            with explained(UNDONE):
                result = upgrade_rehearsal.rehearse(
                    before.resolve(),
                    backup=backup and backup.resolve(),
                    database=database,
                    report=Progress(self.stdout),
                )
                if listing:
                    listing.write_text("\n".join(described(result, shown=None, named=None)) + "\n")
        except (backups.BackupError, upgrade_rehearsal.Refused, ImproperlyConfigured) as error:
            raise CommandError(f"{UNDONE} {error}") from None
        for line in described(result, shown=MAX_SHOWN, named=MAX_NAMED):
            self.stdout.write(line)
        if not result.is_same:
            raise CommandError("The upgrade changes what the site says: see above. The site was not touched.")


def described(result, *, shown, named):
    """Yield the lines that tell a result, with at most so many differences and so many addresses of each."""
    seconds = {what: f"{number:.1f} s" for what, number in result.seconds.items()}
    yield f"Copy, prepared by the version before: {seconds['copy']}."
    for name, number in result.migrations:
        yield f"{name}: {number:.1f} s"
    yield (
        f"Migrations: {len(result.migrations)}, {seconds['migrations']}."
        f" Search, worklist and static files: {seconds['preparation']}."
    )
    yield f"Addresses: {result.answers.addresses}, before in {seconds['before']}, after in {seconds['after']}."
    yield f"Editions: {result.editions}, {len(result.differing_editions)} changed."
    yield from _first(result.differing_editions, shown)
    differences = [_difference(*each, named) for each in result.answers.by_frequency()]
    yield f"Differences between the answers: {len(differences)}."
    yield from _first(differences, shown)


def _first(lines, shown):
    yield from lines[:shown]
    if shown is not None and len(lines) > shown:
        yield f"… and {len(lines) - shown} more: --list FILE writes all of them."


def _difference(difference, paths, named):
    where = ", ".join(paths[:named]) + (
        f", … ({format_count(len(paths), 'address', 'addresses')})" if named and len(paths) > named else ""
    )
    changes = [
        f"    {sign} {line}"
        for sign, text in zip("-+", difference[1:], strict=True)
        for line in text.splitlines()
    ]
    return "\n".join([f"{PARTS[difference.part]}, at {where}:", *changes])
