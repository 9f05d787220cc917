"""Finds pages by their words, in one language at a time: the same pages in the same order on every database.

`words` and `passages` say what a text is found by, `index` keeps that for what is and will be public, `queries`
reads what visitors type, and `results` answers them.
"""

from .index import rebuild, renew

__all__ = ["rebuild", "renew"]
