"""Tells the owners of pages by e-mail which reports came, and where it was unusually many."""

from smtplib import SMTPException

from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError

from reports import digest


class Command(BaseCommand):
    help = (
        "Sends each owner of a page one e-mail about the problem reports of the last finished days: how many came, how"
        " many are open, and what is unusual. It holds numbers and addresses, never what visitors wrote."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=1, help="how many days up to yesterday (default: 1)")
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be told of what, and send nothing"
        )

    def handle(self, *, days, dry_run, **options):
        if not 1 <= days <= 366:
            raise CommandError("--days must be from 1 to 366.")
        found = digest.digests(digest.lines(days))
        unreached = found.pop(None, [])
        messages = {owner: digest.message(owner, mine) for owner, mine in found.items()}
        if not dry_run:
            self._send(messages)
        for owner, mine in found.items():
            self.stdout.write(f"{'Would tell' if dry_run else 'Told'} {owner}: {_said(mine)}")
        if unreached:
            self.stdout.write(f"Nobody to tell (no owner with an e-mail address): {_said(unreached)}")
        if not found and not unreached:
            self.stdout.write("No reports came.")

    def _send(self, messages):
        try:
            with get_connection() as connection:
                connection.send_messages(list(messages.values()))
        except (OSError, SMTPException) as error:
            raise CommandError(f"The e-mails could not be sent: {error}") from None


def _said(mine):
    return ", ".join(f"{line.page.key} {line.came}{' (unusual)' if line.is_unusual else ''}" for line in mine)
