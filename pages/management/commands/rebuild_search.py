"""An older name of `manage.py rebuild_indexes search`, which goes on working."""

from .rebuild_indexes import Command as RebuildIndexes


class Command(RebuildIndexes):
    help = "The same as rebuild_indexes search: writes again what search finds."
    names = ("search",)
