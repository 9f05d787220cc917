"""For the last administrator whose phone and recovery codes are gone: `manage.py remove_second_factor USERNAME`."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor


class Command(BaseCommand):
    help = (
        "Turns off two-factor authentication for an account, whose password alone is then enough to sign in."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        accounts = get_user_model().objects
        try:
            account = accounts.get_by_natural_key(username)
        except accounts.model.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        if not second_factor.disable(account):
            raise CommandError(f"The account {username} does not use two-factor authentication.")
        self.stdout.write(f"Two-factor authentication was removed from the account {username}.")
