"""Django's `makemessages`, without guesses."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A guess from a similar text looks like a translation, but is one of something else.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
