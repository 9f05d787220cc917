"""Sends page owners an email about the reports received, and about unusual numbers of them."""

from smtplib import SMTPException

from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError

from pages.email_delivery import Postponed
from pages.integers import format_count
from reports import digest


class Command(BaseCommand):
    help = (
        "Sends each page owner one email about the problem reports since the last such email: how many were received,"
        " how many are open, and what is unusual. It contains numbers and addresses, never what visitors wrote. No one"
        " is sent two on a day, however often it is run. The server does the same once a day, unless"
        " RUN_SCHEDULED_JOBS is false."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            help="send all of them again, about this number of days up to yesterday, whatever has been sent",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show who would receive what, and send nothing"
        )

    def handle(self, *, days, dry_run, **options):
        if days is not None and not 1 <= days <= 366:
            raise CommandError("--days must be from 1 to 366.")
        found = digest.due() if days is None else None
        if found and found.is_complete:
            self.stdout.write(
                f"The emails up to {found.day} have already been sent. To send them again, add --days 1."
            )
            return
        by_owner = found.by_owner if found else digest.digests(digest.lines(days))
        unreached = found.unreached if found else by_owner.pop(None, [])
        if dry_run:
            for owner, own_lines in by_owner.items():
                self.stdout.write(f"Would send to {owner}: {_summary(own_lines)}")
        else:
            self._send(found, by_owner)
        if unreached:
            self.stdout.write(
                f"No one to notify (no owner with an email address who may see reports): {_summary(unreached)}"
            )
        if not by_owner and not unreached:
            self.stdout.write("No reports received.")

    def _send(self, found, by_owner):
        """Sends what is due, or everything where `found` is None."""
        try:
            if found:
                done = digest.send(found, tell=self._report)
                if done.refused:
                    self.stderr.write(
                        f"The server refused {format_count(done.refused, 'email')} permanently."
                    )
                return
            with get_connection() as connection:
                connection.send_messages(
                    [digest.message(owner, own_lines) for owner, own_lines in by_owner.items()]
                )
        except (OSError, SMTPException) as error:
            raise CommandError(f"The emails could not be sent: {error}") from None
        except Postponed as error:
            raise CommandError(
                f"The server will accept some emails later ({error}). Run this again."
            ) from None
        for owner, own_lines in by_owner.items():
            self._report(owner, own_lines)

    def _report(self, owner, own_lines):
        self.stdout.write(f"Sent to {owner}: {_summary(own_lines)}")


def _summary(own_lines):
    return ", ".join(
        f"{line.page.key} {line.came}{' (unusual)' if line.is_unusual else ''}" for line in own_lines
    )
