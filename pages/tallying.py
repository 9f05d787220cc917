"""Counts what lists need to know of working copies, whenever one is saved: see `tallies`."""

from django.db import transaction

from . import document as shape
from . import readiness, staleness, working_copy
from .rows import Page
from .tallies import WorkingCopyTally

# Pages read at a time.
BATCH = 200


def renew(pages, *, published=frozenset()):
    """Counts some working copies anew, which have just been written. Belongs into the transaction that wrote them.

    `published` are the ids of those that have just been published too, so there is no reason not to publish them.
    The pages stay locked, so that whoever saves or publishes one meanwhile counts it before or afterwards.
    """
    ids = sorted({page.pk for page in pages})
    for start in range(0, len(ids), BATCH):
        some = Page.objects.with_content().filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        documents = {page: working_copy.read(page) for page in some.select_for_update(of=("self",))}
        WorkingCopyTally.objects.bulk_create(
            _tallies(documents, published),
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "reasons"],
        )
        staleness.tally(documents)


def renew_naming(partners):
    """Counts the pages anew that name some partner organizations, because they say what these say."""
    renew(Page.objects.naming(partners).only("pk"))


def complete():
    """Counts the pages that never were: those of a site from before this was counted. Returns how many."""
    return _renew(Page.objects.filter(tally=None))


def rebuild(progress=lambda done, of: None):
    """Counts the whole site anew, because the rules may have changed. Returns the number of pages."""
    return _renew(Page.objects.all(), progress)


def _renew(pages, progress=lambda done, of: None):
    pages = list(pages.only("pk"))
    for start in range(0, len(pages), BATCH):
        with transaction.atomic():
            renew(pages[start : start + BATCH])
        progress(min(start + BATCH, len(pages)), len(pages))
    return len(pages)


def _tallies(documents, published):
    holders = readiness.Holders(documents.values())
    return [
        WorkingCopyTally(
            page=page,
            digest=shape.digest(shape.dumps(document)),
            reasons=0 if page.pk in published else len(readiness.faults(document, holders)),
        )
        for page, document in documents.items()
    ]
