"""Is there a site where the settings point? Commands that work on one, and the server, ask before they do anything.

Without its variables a command would otherwise work on the folder `data` of the checkout, and make an empty site there.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from . import catalogues, private_files, schema_version, site_secret

logger = logging.getLogger(__name__)

ADVICE = (
    "Give this command the variables of the site, as its server has them: DATA_DIR, or DATABASE_URL."
    " A new site is made by make run, or manage.py prepare_site. Nothing was made."
)
NEW_SECRET = (
    "The site had no secret in {}: a new one was made. Everybody has to sign in again,"
    " and to make new recovery codes."
)


def is_named() -> bool:
    """Say whether a variable names the site, so that it is not the folder of the checkout by mistake."""
    return bool(os.environ.get("DATA_DIR") or os.environ.get("DATABASE_URL"))


def missing_site() -> str:
    """Say that there is no site, where it was looked for, and which variable names it; "" where there is one.

    Makes no file. Raises DatabaseError when the database cannot be read.
    """
    connection = connections["default"]
    has_file = connection.vendor == "sqlite" and not connection.is_in_memory_db()
    if has_file and not _is_filled(Path(connection.settings_dict["NAME"])):
        return f"{_missing_message(connection)} {ADVICE}"
    if "django_migrations" not in connection.introspection.table_names():
        return f"{_missing_message(connection)} {ADVICE}"
    if connection.vendor != "sqlite" and not settings.DATA_DIR.is_dir() and _stores_images_in_files():
        unset = "" if os.environ.get("DATA_DIR") else "DATA_DIR is not set, and "
        return f"{unset or ''}{settings.DATA_DIR} is not there: DATA_DIR names the folder with the site’s images."
    return ""


def problem_before_serving() -> str:
    """Say why the site cannot be served by this version: there is none, or it was not made ready; "" where it can.

    One whose database does not answer yet can be served: answers say so until it does.
    """
    with suppress(DatabaseError):
        if problem := missing_site() or schema_version.newer_database():
            return problem
    if not any(catalogues.is_compiled(into=folder) for folder in settings.LOCALE_PATHS):
        return "The translations of this version are not compiled: run manage.py prepare_site, which does it."
    return ""


def unfit_folder() -> str:
    """Say why the data folder can be no data folder; "" where it can, or is not there."""
    folder = settings.DATA_DIR
    if not os.path.lexists(folder):
        return ""
    if not folder.is_dir():
        return f"{folder}, which DATA_DIR names, is not a folder: name another one."
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return (
            f"This account cannot read and write in {folder}, which DATA_DIR names: check its owner and mode."
        )
    return ""


@contextmanager
def created_data_folder() -> Iterator[None]:
    """Make the data folder for what makes a site in it, and take it away again where that fails before it wrote.

    Raises ImproperlyConfigured when it cannot be made.
    """
    is_new = not os.path.lexists(settings.DATA_DIR)
    try:
        private_files.make_folder(settings.DATA_DIR)
    except OSError as error:
        reason = f"{settings.DATA_DIR}, which DATA_DIR names, cannot be created: {error.strerror}."
        raise ImproperlyConfigured(reason) from None
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):  # something is in it
                settings.DATA_DIR.rmdir()
        raise


def write_secret() -> str:
    """Write the secret of a site that has none yet, and make it the one of this process. Raises OSError.

    Returns what to say of it where the site had accounts that depended on another one. It goes on all the same: a
    server that does not start because of it would help nobody, as no copy of the database has the old secret.
    """
    private_files.make_folder(settings.DATA_DIR)
    file = settings.SECRET_FILE
    if not file or site_secret.read(file):
        return ""
    settings.SECRET_KEY = site_secret.write_once(file, settings.SECRET_KEY)
    return NEW_SECRET.format(file) if _has_signed_in() else ""


def write_secret_of_served_site() -> None:
    """Write the secret of a site that is about to be served and has lost its own, and log it."""
    if not settings.SECRET_FILE or site_secret.read(settings.SECRET_FILE):
        return
    try:
        notice = "" if missing_site() else write_secret()
    except (DatabaseError, OSError) as error:  # answers say what is wrong, as they do when it begins later
        logger.warning("The secret could not be written: %s", type(error).__name__)
        return
    if notice:
        logger.warning(notice)


def _is_filled(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


def _missing_message(connection: BaseDatabaseWrapper) -> str:
    name = connection.settings_dict["NAME"]
    if os.environ.get("DATABASE_URL"):
        return f"There is no site in the database {name}, which DATABASE_URL names."
    if os.environ.get("DATA_DIR"):
        return f"There is no site in {settings.DATA_DIR}, which DATA_DIR names."
    return f"Neither DATA_DIR nor DATABASE_URL is set, and there is no site in {settings.DATA_DIR}."


def _stores_images_in_files() -> bool:
    return settings.STORAGES["default"]["BACKEND"] == "django.core.files.storage.FileSystemStorage"


def _has_signed_in() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM auth_user WHERE last_login IS NOT NULL LIMIT 1")
        return cursor.fetchone() is not None


def replace_missing_database() -> None:
    """Give this process an empty database in memory where its file is not there, which would else be made."""
    values = connections["default"].settings_dict
    has_file = connections["default"].vendor == "sqlite" and not connections["default"].is_in_memory_db()
    if has_file and not _is_filled(Path(values["NAME"])):
        values["NAME"] = ":memory:"
