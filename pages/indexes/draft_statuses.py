"""Counts what lists need to know of working copies, whenever one is saved: see `models.draft_status`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from .. import current_texts, readiness, working_copy
from ..address_checks import AddressOwners
from ..document import Document, digest, dumps, shared_parts
from ..integers import format_count
from ..models.draft_status import DraftStatus
from ..models.edition import ReferenceKind
from ..models.library_image import LibraryImage
from ..models.page import Page
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from .index import Batch, Index, SharedKey, Source
from .references import pages_using
from .stale_counts import StaleCountIndex

# Pages counted at a time, when something that they share changes.
BATCH_SIZE = 200


class DraftStatusIndex(Index):
    """The digest of each working copy, and how many problems keep it from being published."""

    name = "drafts"
    follows = Source.DRAFTS
    model = DraftStatus
    columns = ("digest", "reasons")

    def describe(self) -> str:
        return f"{format_count(DraftStatus.objects.count(), 'page')} counted."

    def build(self, batch: Batch) -> Iterator[DraftStatus]:
        counts = _reason_counts(batch) if batch.added_problems is None else _adjusted_counts(batch)
        for page, document in batch.documents.items():
            yield DraftStatus(page=page, digest=digest(dumps(document)), reasons=counts[page])

    def update(self, batch: Batch) -> None:
        DraftStatus.objects.bulk_create(
            self.build(batch),
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "reasons"],
        )

    def unindexed_pages(self) -> QuerySet:
        return Page.objects.filter(draft_status=None)


@contextmanager
def updating_for_shared(parts: Iterable[Model], *others: Page):
    """Around a change of what pages share, such as partner organizations: counts the pages anew that name them,
    because they say what these say.

    `others` are pages that change as well. All are locked before, so it has to come before any other lock.
    """
    with transaction.atomic():
        parts = list(parts)
        rows = [_rows(model, parts) for model in SHARED_MODELS.values()]
        before = _shared_problem_counts([row for each in rows for row in each.for_update_in_order()])
        images = [part for part in parts if isinstance(part, LibraryImage)]
        if images:
            list(SharedBlock.objects.naming_others().only("pk").for_update_in_order())
        changing = _pages_with(parts) | Page.objects.filter(pk__in=[page.pk for page in others])
        pages = list(changing.only("pk").for_update_in_order())
        yield
        if images:
            current_texts.refresh_shared_blocks()
        after = _shared_problem_counts([row for each in rows for row in each.all()])
        added = {key: after.get(key, 0) - number for key, number in before.items()}
        # What the text of an image is missing depends on the figures that have none of their own.
        changed = {page.pk for page in others} | set(_pages_with(images).values_list("pk", flat=True))
        _update(sorted(changed), None)
        _update([page.pk for page in pages if page.pk not in changed], added)


def _pages_with(parts: list[Model]) -> QuerySet:
    """The pages that mention one of some parts, or show one in a text."""
    keys = [part.key for part in parts if isinstance(part, LibraryImage)]
    in_texts = pages_using(ReferenceKind.IMAGE, *keys).order_by().values("pk")
    return Page.objects.filter(
        Q(pk__in=Page.objects.mentioning(parts).order_by().values("pk")) | Q(pk__in=in_texts)
    )


def _rows(model, parts) -> QuerySet:
    return model.objects.filter(pk__in=[part.pk for part in parts if isinstance(part, model)])


def _update(ids: list[int], added_problems: Mapping[SharedKey, int] | None) -> None:
    for start in range(0, len(ids), BATCH_SIZE):
        batch = Batch(ids[start : start + BATCH_SIZE], added_problems=added_problems)
        DraftStatusIndex().update(batch)
        StaleCountIndex().update(batch)


def _shared_problem_counts(rows: Iterable[Model]) -> dict[SharedKey, int]:
    parts = [working_copy.read_shared(row) for row in rows if not isinstance(row, LibraryImage)]
    return {(type(part), part.key): len(readiness.shared_problems(part)) for part in parts}


def _reason_counts(batch: Batch) -> dict[Page, int]:
    return _counts(batch.documents, batch.published)


def _counts(documents: Mapping[Page, Document], published: Collection[int] = ()) -> dict[Page, int]:
    owners = AddressOwners(document.address for document in documents.values())
    return {
        page: 0 if page.pk in published else len(readiness.blocking_problems(document, owners))
        for page, document in documents.items()
    }


def _adjusted_counts(batch: Batch) -> dict[Page, int]:
    """The reasons counted last time, and how many more each shared part has brought since.

    Finding all of them again takes most of the time that counting takes, and nothing else on these pages has changed.
    """
    known = dict(DraftStatus.objects.filter(page__in=batch.ids).values_list("page", "reasons"))
    counts = _counts({page: document for page, document in batch.documents.items() if page.pk not in known})
    for page, document in batch.documents.items():
        if page.pk in known:
            named = (part for block in document.blocks for part in shared_parts(block))
            added = sum(batch.added_problems.get((type(part), part.key), 0) for part in named)
            # Not below none, where a release has changed the rules and nobody has counted by them yet.
            counts[page] = max(0, known[page.pk] + added)
    return counts
