"""Tables that follow from pages and editions, so that lists, searches and checks read rows instead of documents.

`registry.INDEXES` declares them. Each can be updated for some pages, rebuilt and verified (`index.Index`). Whatever
changes pages or editions calls one function here, in its own transaction, and needs to know none of them.
"""

from .draft_statuses import updating_for_shared
from .registry import backfill, prune, rebuild, update_drafts, update_published, verify

__all__ = [
    "backfill",
    "prune",
    "rebuild",
    "update_drafts",
    "update_published",
    "updating_for_shared",
    "verify",
]
