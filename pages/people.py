"""The names of people in the record, which outlive their accounts.

Every act is stored with the account of who did it and, beside it, the name of the account at that time. As long as the
account exists its present name is shown; once it is deleted, the stored one.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from .fields import PlainCharField

# What is stored as the name where no account acted: the command line did.
COMMAND_LINE = "manage.py"

# First and last name with a space between, at their longest in Django's accounts.
MAX_NAME = 301


def name_of(person):
    """Returns the full name of an account, or its username where it has none; "" for None."""
    return (person.get_full_name() or person.get_username()) if person else ""


def name_field(verbose_name):
    """Returns the column that stores a name beside a foreign key to an account."""
    return PlainCharField(verbose_name, max_length=MAX_NAME, blank=True, editable=False)


def account_field(verbose_name, related_name="+"):
    """Returns the foreign key to the account of who acted, whose name is stored beside it (`name_field`)."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
        on_delete=models.SET_NULL,
        null=True,
        related_name=related_name,
    )


def columns(**people):
    """Returns the columns for accounts that act now, each with its name: `by=person` gives `by` and `by_name`.

    None stands for the command line.
    """
    names = {f"{column}_name": name_of(person) or COMMAND_LINE for column, person in people.items()}
    return {**people, **names}


def recorded(row, column):
    """Returns the name to show for the account in a column of a row, in the active language."""
    person, name = getattr(row, column), getattr(row, f"{column}_name")
    if person is None and name == COMMAND_LINE:
        return _("Command line")
    return name_of(person) or name or _("Name unknown")
