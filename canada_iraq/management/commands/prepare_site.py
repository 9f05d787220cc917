"""Brings a site to where it can be served, from nothing or from wherever it is: `manage.py prepare_site`."""

import secrets
import socket
from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts import breached_passwords
from canada_iraq.delivery import static_files
from canada_iraq.operations import catalogues, database_copy, private_files
from canada_iraq.operations.environment import exclusive_lock
from canada_iraq.operations.operator_errors import explained
from pages import image_library, indexes
from pages.integers import format_count
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
            require_free_port(listen)
        with explained(f"The site in {settings.DATA_DIR} (DATA_DIR) could not be prepared."):
            self.prepare(account)

    def prepare(self, account):
        private_files.make_folder(settings.DATA_DIR)
        private_files.tighten(settings.DATA_DIR, settings.MEDIA_ROOT)
        with exclusive_lock(settings.DATA_DIR):
            if notice := catalogues.compile_where_possible(settings.DATA_DIR / "locale"):
                self.stdout.write(notice)
            prepare_database()
            static_files.collect_changed()
            self.load_content()
            image_library.adopt()
            Page.objects.adopt_audiences()
            indexes.backfill()
            database_copy.analyze()
            self.warn_of_password_list()
            self.stdout.write(f"Site:   {settings.SITE_URL}/\nAdmin:  {settings.SITE_URL}/admin/")
            if account:
                self.make_account()

    def warn_of_password_list(self):
        """Say that no password can be set. The site is served all the same: readers need none."""
        for error in breached_passwords.check_list(None):
            self.stderr.write(f"Warning: {error.msg} {error.hint}")

    def load_content(self):
        if pages := Page.objects.count():
            left = "is as it was left" if pages == 1 else "are as they were left"
            self.stdout.write(f"The {format_count(pages, 'page')} in {settings.DATA_DIR} {left}.")
            return
        call_command(
            "import_content", str(STARTER_CONTENT), publish=True, all_or_nothing=True, stdout=StringIO()
        )
        self.stdout.write(
            f"The starter content is in place: {format_count(Page.objects.count(), 'page')} in English and French."
        )

    def make_account(self):
        accounts = get_user_model().objects
        if accounts.exists():
            return
        password = random_password()
        accounts.create_superuser("admin", password=password)
        self.stdout.write(f"First account: admin, password {password} (shown only this once).")


def require_free_port(listen):
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
        private_files.tighten(connection.settings_dict["NAME"])  # also where nothing opens it now
    call_command("migrate", interactive=False, verbosity=0)


def random_password():
    """Twenty characters in groups of four, 100 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))
