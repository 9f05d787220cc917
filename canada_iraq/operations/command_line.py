"""Runs the commands of `manage.py`. What an operator can correct is said in one line, with exit code 1."""

import sys
from collections.abc import Sequence
from contextlib import suppress

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandParser, execute_from_command_line, handle_default_options
from django.db import DatabaseError

from . import environment

# Commands that need no site, and see an empty database in memory where there is none. All others work on a site.
COMMANDS_WITHOUT_SITE = {
    "build_assets",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "optimizemigration",
    "redaction_figures",
    "sendtestemail",
    "shell",
    "sqlmigrate",
    "squashmigrations",
    "startapp",
    "startproject",
    "test",
    "testserver",
    "version",
}
# Commands after which there is a site, unless they were only asked to look.
COMMANDS_THAT_CREATE_A_SITE = {"fill_site", "migrate", "move_database", "prepare_site", "restore"}
READ_ONLY_OPTIONS = {"--check", "--plan"}
# Commands that work on a backup instead of a site with this argument.
WORKING_ON_A_BACKUP = {"rehearse_upgrade": "--backup", "restore": "--check"}
# Commands that may be run on a database of a newer version: what puts another one in its place, or shows it.
WITH_ANY_VERSION = {"dbshell", "restore", "showmigrations"}
HELP_OPTIONS = {"-h", "--help", "--version"}


def run(argv: Sequence[str]) -> None:
    """Run a command. Ends the process with exit code 1 and a sentence where an operator can correct what is wrong.

    A command that works on a site is not begun where there is none.
    """
    command = argv[1] if len(argv) > 1 else "help"
    try:
        _apply_settings_options(argv)
        if HELP_OPTIONS & {command, *argv}:
            execute_from_command_line(list(argv))
        else:
            _execute(command, list(argv))
    except ImproperlyConfigured as fault:
        sys.exit(f"Error: {fault}")
    except Exception as error:
        sentence = "" if "--traceback" in argv else _description(error)
        if not sentence:
            raise
        sys.exit(f"Error: {sentence}")


def _apply_settings_options(argv: Sequence[str]) -> None:
    """Honour --settings and --pythonpath, as Django does, before anything reads a setting."""
    parser = CommandParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    handle_default_options(parser.parse_known_args(argv[2:])[0])


def _execute(command: str, argv: list[str]) -> None:
    from . import existing_site  # needs the settings, which may be what is wrong

    if command in COMMANDS_THAT_CREATE_A_SITE:
        environment.refuse_other_packages()
    if command in COMMANDS_WITHOUT_SITE:
        existing_site.replace_missing_database()
        execute_from_command_line(argv)
        return
    if problem := existing_site.unfit_folder():
        sys.exit(f"Error: {problem}")
    django.setup()
    _refuse_newer_site(command)
    is_read_only = bool(READ_ONLY_OPTIONS & set(argv))
    if (
        command in COMMANDS_THAT_CREATE_A_SITE
        and not is_read_only
        and (command != "fill_site" or existing_site.is_named())
    ):
        with existing_site.created_data_folder():
            execute_from_command_line(argv)
        if notice := existing_site.write_secret():
            print(notice, file=sys.stderr)
        return
    if not _needs_no_site(argv) and (problem := existing_site.missing_site()):
        sys.exit(f"Error: {problem}")
    execute_from_command_line(argv)


def _needs_no_site(argv: list[str]) -> bool:
    given = {argument.partition("=")[0] for argument in argv}
    return argv[1] in WORKING_ON_A_BACKUP and WORKING_ON_A_BACKUP[argv[1]] in given


def _refuse_newer_site(command: str) -> None:
    """End the process with a sentence where there is a site of a newer version of the software.

    What else is wrong with the database, the command itself says.
    """
    from . import existing_site, schema_version

    if command in WITH_ANY_VERSION:
        return
    with suppress(DatabaseError):
        if not existing_site.missing_site() and (problem := schema_version.newer_database()):
            sys.exit(f"Error: {problem}")


def _description(error: Exception) -> str:
    try:
        django.setup()
        from .operator_errors import describe  # needs the applications, which may be what is wrong
    except Exception:
        return ""
    return describe(error)
