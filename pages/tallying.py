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
    _count(pages, lambda documents: _reasons(documents, published))


@contextmanager
def counting(partners, *others):
    """Around a change of partner organizations: counts the pages anew that name them, because they say what these say.

    `others` are pages that change as well. All are locked before, so it has to come before any other lock.
    """
    with transaction.atomic():
        rows = PartnerOrganization.objects.filter(pk__in=[partner.pk for partner in partners])
        before = _faults_of(rows.locked())
        changing = Page.objects.naming(partners) | Page.objects.filter(pk__in=[page.pk for page in others])
        pages = list(changing.only("pk").locked())
        yield
        after = _faults_of(rows.all())
        renew(others)
        more = {key: after.get(key, 0) - number for key, number in before.items()}
        _count(
            [page for page in pages if page not in others], lambda documents: _reasons_and(more, documents)
        )


def _faults_of(partners):
    return {partner.key: len(readiness.faults_of(working_copy.read_partner(partner))) for partner in partners}


def _count(pages, reasons):
    """`reasons` says how many each of some documents has not to be published."""
    ids = sorted({page.pk for page in pages})
    for start in range(0, len(ids), BATCH):
        some = Page.objects.with_content().filter(pk__in=ids[start : start + BATCH])
        documents = {page: working_copy.read(page) for page in some.locked()}
        counted = reasons(documents)
        WorkingCopyTally.objects.bulk_create(
            [
                WorkingCopyTally(page=page, digest=shape.digest(shape.dumps(document)), reasons=counted[page])
                for page, document in documents.items()
            ],
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "reasons"],
        )
        staleness.tally(documents)


def _reasons(documents, published=frozenset()):
    holders = readiness.Holders(documents.values())
    return {
        page: 0 if page.pk in published else len(readiness.faults(document, holders))
        for page, document in documents.items()
    }


def _reasons_and(more, documents):
    """The reasons counted last time, and how many more each partner organization has brought since.

    Finding all of them again takes most of the time that counting takes, and nothing else on these pages has changed.
    """
    known = dict(WorkingCopyTally.objects.filter(page__in=documents).values_list("page", "reasons"))
    counted = _reasons({page: document for page, document in documents.items() if page.pk not in known})
    for page, document in documents.items():
        if page.pk in known:
            named = (partner for block in document.blocks for partner in getattr(block, "partners", ()))
            # Not below none, where a release has changed the rules and nobody has counted by them yet.
            counted[page] = max(0, known[page.pk] + sum(more.get(partner.key, 0) for partner in named))
    return counted


def complete():
    """Counts the pages that never were: those of a site from before this was counted. Returns how many."""
    return _renew_all(Page.objects.filter(tally=None))


def rebuild(progress=lambda done, of: None):
    """Counts the whole site anew, because the rules may have changed. Returns the number of pages."""
    return _renew_all(Page.objects.all(), progress)


def _renew_all(pages, progress=lambda done, of: None):
    pages = list(pages.only("pk"))
    for start in range(0, len(pages), BATCH):
        with transaction.atomic():
            renew(pages[start : start + BATCH])
        progress(min(start + BATCH, len(pages)), len(pages))
    return len(pages)
