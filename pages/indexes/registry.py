"""The indexes of a site, and what is done with all of them. A new index is a line in `INDEXES`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from django.db import transaction

from ..content_checks import ParsedDocument
from ..document import Document
from ..models.page import Page
from .claims import ClaimIndex
from .draft_statuses import DraftStatusIndex
from .index import Batch, Difference, Index, Source
from .live_digests import LiveDigestIndex
from .public_files import PublicFileIndex
from .public_images import PublicImageIndex
from .references import DraftReferenceIndex, EditionReferenceIndex
from .search_entries import SearchIndex
from .stale_counts import StaleCountIndex
from .tree_paths import TreePathIndex

INDEXES: tuple[Index, ...] = (
    SearchIndex(),
    PublicImageIndex(),
    PublicFileIndex(),
    StaleCountIndex(),
    DraftStatusIndex(),
    LiveDigestIndex(),  # a column of the rows of the one before
    ClaimIndex(),
    EditionReferenceIndex(),
    DraftReferenceIndex(),
    TreePathIndex(),  # last, because it takes the last lock
)

# Pages read and written at a time.
BATCH_SIZE = 200

Progress = Callable[[int, int], None]


def _no_progress(done: int, of: int) -> None:
    pass


def update_published(
    pages: Collection[Page],
    documents: Mapping[Page, Document] | None = None,
    parsed_documents: Mapping[int, ParsedDocument] | None = None,
) -> None:
    """Updates what follows from the editions of some pages. Belongs in the transaction that changes them.

    `documents` are the working copies by page, and `parsed_documents` those of editions by id, where these are known.
    """
    _update(Source.EDITIONS, pages, documents=documents, parsed_documents=parsed_documents)


def update_drafts(pages: Collection[Page], *, published: Collection[int] = ()) -> list[Page]:
    """Updates what follows from some working copies, which were just written. Belongs in that transaction.

    `published` are the ids of those that have just been published too, so there is no reason not to publish them.
    Returns the pages with their content, as they were read for it.
    """
    batches = _update(Source.DRAFTS, pages, published=frozenset(published))
    return [page for batch in batches for page in batch.documents]


def _update(source, pages, **known):
    indexes = [index for index in INDEXES if source in index.follows]
    batches = [Batch(ids, **known) for ids in _batches({page.pk for page in pages})]
    for batch in batches:
        for index in indexes:
            index.update(batch)
    for index in indexes:
        index.finish()
    return batches


def backfill(names: Collection[str] = (), on_progress: Progress = _no_progress) -> int:
    """Indexes the pages that are not in some indexes or (default) in all; returns how many these were.

    Migrations leave them so, and processes of an older version that are still at work after an upgrade.
    """
    unindexed: dict[int, list[Index]] = {}
    for index in named(names):
        for page in index.unindexed_pages().order_by().values_list("pk", flat=True):
            unindexed.setdefault(page, []).append(index)
    _write("update", unindexed, on_progress)
    return len(unindexed)


def rebuild(names: Collection[str] = (), on_progress: Progress = _no_progress) -> list[Index]:
    """Writes all rows again, of some indexes or (default) of all, because rules or rows may have changed.

    A batch of pages at a time, each in a transaction under the lock that saving and publishing take: readers see the
    old rows of a page or its new ones. Returns the indexes.
    """
    chosen = named(names)
    _write("rewrite", dict.fromkeys(_all_pages(), chosen), on_progress)
    return chosen


def verify(names: Collection[str] = (), on_progress: Progress = _no_progress) -> list[Difference]:
    """Compares the rows of some indexes or (default) of all with what they should be; returns what differs."""
    verifiers, ids = [index.verifier() for index in named(names)], _all_pages()

    def check(batch):
        for verifier in verifiers:
            verifier.check(batch)

    _in_locked_batches(ids, check, on_progress)
    return [difference for verifier in verifiers for difference in verifier.differences()]


def prune(checkpoint: Callable[[], None] = lambda: None) -> int:
    """Removes the rows of editions that a scheduled edition has replaced, and returns the number of their pages.

    Nothing runs when a scheduled edition becomes live, so they stay, where no query finds them, until the page is
    next published. Each page has a transaction of its own. `checkpoint` is called after each, and may raise to break
    off: the next call goes on.
    """
    ended = [rows for index in INDEXES if (rows := index.ended_rows()) is not None]
    found = {page for rows in ended for page in rows.order_by().values_list("page", flat=True).distinct()}
    for page in sorted(found):
        with transaction.atomic():
            batch = Batch([page])
            batch.lock()
            update_published([Page(pk=number) for number in batch.ids])
        checkpoint()
    return len(found)


def named(names: Collection[str]) -> list[Index]:
    """Returns the indexes of these names, in their own order; all for no names. Raises LookupError."""
    if unknown := set(names) - {index.name for index in INDEXES}:
        raise LookupError(", ".join(sorted(unknown)))
    return [index for index in INDEXES if not names or index.name in names]


def _write(way: str, indexes: Mapping[int, list[Index]], on_progress: Progress) -> None:
    """Writes the rows of pages again, of each in its own indexes, in one of two ways: `update` or `rewrite`."""

    def write(batch):
        for index in INDEXES:
            ids = [page for page in batch.ids if index in indexes[page]]
            if ids:
                getattr(index, way)(batch if ids == batch.ids else Batch(ids))

    _in_locked_batches(indexes, write, on_progress)
    for index in {index: None for each in indexes.values() for index in each}:
        index.finish()


def _in_locked_batches(pages: Collection[int], work: Callable[[Batch], None], on_progress: Progress) -> None:
    """Does some work on pages, a batch at a time, each in a transaction under the lock of its pages."""
    done = 0
    for ids in _batches(pages):
        with transaction.atomic():
            batch = Batch(ids)
            batch.lock()
            work(batch)
        done += len(ids)
        on_progress(done, len(pages))


def _batches(pages: Collection[int]) -> Iterator[list[int]]:
    ids = sorted(pages)
    for start in range(0, len(ids), BATCH_SIZE):
        yield ids[start : start + BATCH_SIZE]


def _all_pages() -> list[int]:
    return list(Page.objects.order_by("pk").values_list("pk", flat=True))
