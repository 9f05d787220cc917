"""What an index is: rows of one table that follow from pages and editions, and can be made again at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Flag, auto
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from .. import current_texts, working_copy
from ..content_checks import ParsedDocument
from ..document import Document
from ..models.page import Page

# A part that pages share: its class in documents, and its key.
SharedKey = tuple[type, str]


class Source(Flag):
    """What the rows of an index follow from: approved editions, or the working copies of pages."""

    EDITIONS = auto()
    DRAFTS = auto()


class Difference(NamedTuple):
    """A page of which an index holds something else than it should, and how many rows are concerned."""

    index: str
    page: int
    missing: int
    unexpected: int


class Batch:
    """Some pages whose rows are written together, and what is known of them already.

    `published` are those that were just published, so nothing keeps them from being so; `added_problems` are the
    problems that parts which pages share have more than at the last count. `parsed_documents` are what
    `content_checks.parse` gave for editions, by their ids.
    """

    def __init__(
        self,
        ids: Iterable[int],
        *,
        documents: Mapping[Page, Document] | None = None,
        parsed_documents: Mapping[int, ParsedDocument] | None = None,
        published: frozenset[int] = frozenset(),
        added_problems: Mapping[SharedKey, int] | None = None,
    ):
        self.ids = sorted(ids)
        self.parsed_documents = parsed_documents or {}
        self.published = published
        self.added_problems = added_problems
        if documents is not None:
            self.documents = {page: documents[page] for page in documents if page.pk in set(self.ids)}

    @cached_property
    def documents(self) -> Mapping[Page, Document]:
        """The working copies by page. The pages stay locked: who saves one meanwhile updates it before or after.

        Words of facts and images are brought up to date first, so that nothing is counted of others.
        """
        pages = list(Page.objects.with_content().filter(pk__in=self.ids).for_update_in_order())
        current_texts.refresh(pages)
        return {page: working_copy.read(page) for page in pages}

    def lock(self) -> None:
        """Locks the pages, and forgets those that were deleted in the meantime."""
        pages = Page.objects.filter(pk__in=self.ids).only("pk").for_update_in_order()
        self.ids = [page.pk for page in pages]


class Index:
    """One derived table. `model` has a column `page`; `columns` are what `verify` compares.

    A subclass says what should be there (`build`). It is declared in `registry.INDEXES`, and nowhere else.
    """

    name: str
    follows: Source
    model: type[Model]
    columns: tuple[str, ...]

    def build(self, batch: Batch) -> Iterable[Model]:
        """Returns the rows, not yet saved, that some pages should have now."""
        raise NotImplementedError

    def describe(self) -> str:
        """Says what the index holds, in a sentence for the terminal."""
        raise NotImplementedError

    def update(self, batch: Batch) -> None:
        """Writes the rows of some pages again. Belongs in the transaction that changes what they follow from."""
        self.model._default_manager.filter(page__in=batch.ids).delete()
        self.model._default_manager.bulk_create(self.build(batch))

    def rewrite(self, batch: Batch) -> None:
        """Writes the rows of some pages again without trust in those that are there: for a rebuild."""
        self.update(batch)

    def finish(self) -> None:
        """Does what is done once after any number of updates."""

    def unindexed_pages(self) -> QuerySet:
        """Finds the pages that have no rows although they should: on a site from before the index."""
        return Page.objects.none()

    def ended_rows(self) -> QuerySet | None:
        """Finds the rows that no query finds any more, because their time has passed; None if no time passes."""
        return None

    def current_rows(self) -> QuerySet:
        """Finds the rows that some query may find: `verify` compares no others."""
        return self.model._default_manager.all()

    def expected(self, batch: Batch) -> Iterator[tuple[Any, ...]]:
        """Gives what the rows of some pages should say: the page, then the columns."""
        for row in self.build(batch):
            yield row.page_id, *(getattr(row, column) for column in self.columns)

    def stored(self, batch: Batch) -> Iterable[tuple[Any, ...]]:
        """Gives what the rows of some pages say, as `expected` does."""
        rows = self.current_rows().filter(page__in=batch.ids).order_by()
        return rows.values_list("page_id", *self.columns)

    def verifier(self) -> Verifier:
        """Returns what compares the index batch by batch."""
        return Verifier(self)


class Verifier:
    """Compares one index, batch by batch, and tells what differs: by page, how many rows."""

    def __init__(self, index: Index):
        self.index = index
        self.missing: Counter[int] = Counter()
        self.unexpected: Counter[int] = Counter()

    def check(self, batch: Batch) -> None:
        expected, stored = Counter(self.index.expected(batch)), Counter(self.index.stored(batch))
        self.note(expected, expected - stored, stored - expected)

    def note(self, expected: Counter, missing: Counter, unexpected: Counter) -> None:
        """Takes the rows of a batch: those that should be there, those that are missing, those that should not be."""
        self.missing.update(page for page, *_values in missing.elements())
        self.unexpected.update(page for page, *_values in unexpected.elements())

    def differences(self) -> list[Difference]:
        """Lists the pages that differ, the oldest first."""
        return [
            Difference(self.index.name, page, self.missing[page], self.unexpected[page])
            for page in sorted({*self.missing, *self.unexpected})
        ]
