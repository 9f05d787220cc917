"""An older name of `manage.py rebuild_indexes` without search, which goes on working."""

from .rebuild_indexes import Command as RebuildIndexes


class Command(RebuildIndexes):
    help = (
        "The same as rebuild_indexes drafts stale claims images: writes again what lists and checks look up."
    )
    names = ("drafts", "stale", "claims", "images")
