"""Counts what lists need to know of working copies, whenever one is saved: see `tallies`."""

from contextlib import contextmanager

from django.db import transaction

from . import document as shape
from . import readiness, staleness, working_copy
from .rows import Page, PartnerOrganization
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
        some = Page.objects.with_content().filter(pk__in=ids[start : start + BATCH])
        documents = {page: working_copy.read(page) for page in some.locked()}
        WorkingCopyTally.objects.bulk_create(
            _tallies(documents, published),
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "reasons"],
        )
        staleness.tally(documents)


@contextmanager
def counting(partners, *others):
    """Around a change of partner organizations: counts the pages anew that name them, because they say what these say.

    `others` are pages that change as well. All are locked before, so it has to come before any other lock.
    """
    with transaction.atomic():
        list(PartnerOrganization.objects.filter(pk__in=[partner.pk for partner in partners]).locked())
        changing = Page.objects.naming(partners) | Page.objects.filter(pk__in=[page.pk for page in others])
        pages = list(changing.only("pk").locked())
        yield
        renew(pages)


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
