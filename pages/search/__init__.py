"""Finds pages by their words, in one language at a time: the same pages in the same order on every database.

`words` and `passages` say what a text is found by, and `index` keeps that for what is public and will be. `queries`
reads what visitors type, `matching` finds and ranks, `lookup` asks the database, `extracts` marks, `results` answers.
"""

from .index import complete, rebuild, renew

__all__ = ["complete", "rebuild", "renew"]
