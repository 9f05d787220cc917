"""Brings a site to where it can be served, from nothing or from wherever it is: `manage.py prepare_site`."""

import secrets
import socket
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from canada_iraq import catalogues, databases, static_files
from canada_iraq.environment import alone
from pages import crosschecking, search, tallying
from pages.models import Page

STARTER_CONTENT = settings.BASE_DIR / "pages" / "starter"
# Without letters and digits that look alike.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Prepares data folder, database, static files, first content and first account. May be run again any time."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--listen", metavar="HOST:PORT", help="fail if a server already listens there")
        parser.add_argument(
            "--no-account",
            action="store_false",
            dest="account",
            help="make no first account, print no password",
        )

    def handle(self, *, listen, account, **options):
        if listen:
            refuse_taken(listen)
        try:
            self.prepare(account)
        except DatabaseError as error:
            raise CommandError(unusable_database(error)) from None
        except OSError as error:
            raise CommandError(f"{error} (DATA_DIR is {settings.DATA_DIR})") from None

    def prepare(self, account):
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with alone(settings.DATA_DIR):
            catalogues.compile_all()
            prepare_database()
            static_files.collect_changed()
            self.load_content()
            search.complete()
            tallying.complete()
            crosschecking.complete()
            databases.take_stock()
            self.stdout.write(f"Site:   {settings.SITE_URL}/\nAdmin:  {settings.SITE_URL}/admin/")
            if account:
                self.make_account()

    def load_content(self):
        if pages := Page.objects.count():
            self.stdout.write(f"The {pages} pages in {settings.DATA_DIR} are as they were left.")
            return
        call_command("import_content", str(STARTER_CONTENT), publish=True, stdout=StringIO())
        self.stdout.write(
            f"The starter content is in place: {Page.objects.count()} pages in English and French."
        )

    def make_account(self):
        accounts = get_user_model().objects
        if accounts.exists():
            return
        password = a_password()
        accounts.create_superuser("admin", password=password)
        self.stdout.write(f"First account: admin, password {password} (shown only this once).")


def refuse_taken(listen):
    """Raise unless a server could listen at HOST:PORT: two servers there would each get some of the requests."""
    host, _, port = listen.rpartition(":")
    try:
        if int(port) not in range(1, 65536):
            raise ValueError(f"{port} is no port")
        [(family, *_, address), *_] = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"Cannot listen at {listen}: {reason}. Choose another PORT or HOST.") from None


def prepare_database():
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        # Only this account may read the passwords' hashes; SQLite's other files take after this one. A command that
        # found no site may have made the file.
        file = Path(connection.settings_dict["NAME"])
        file.touch(mode=0o600)
        if not connection.introspection.table_names():
            file.chmod(0o600)
    call_command("migrate", interactive=False, verbosity=0)


def unusable_database(error):
    name = connection.settings_dict["NAME"]
    reason = str(error).strip().partition("\n")[0]
    return f"The database {name} cannot be used: {reason}. If no other process holds it, restore it from a backup."


def a_password():
    """Twenty characters in groups of four, 100 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))
