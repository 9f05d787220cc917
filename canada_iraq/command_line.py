"""Runs the command that `manage.py` was asked for; what whoever runs the site can mend is told in one line."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError


def run(argv: list[str]) -> None:
    """Ends the process with exit code 1 and a sentence where a setting is wrong, or the database has no tables yet."""
    try:
        execute_from_command_line(argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"Error: {fault}")
    except DatabaseError:
        # Here rather than before each command: looking for it takes longer than many of them.
        advice = "" if "--traceback" in argv else _advice()
        if not advice:
            raise
        sys.exit(f"Error: {advice}")


def _advice():
    from .databases import advice  # needs the settings, which may be what is wrong

    try:
        return advice()
    except DatabaseError:
        return ""  # it does not answer at all, as what was raised before says
