"""The order of the tree of working copies, as an index among the others: `models.tree_path` writes it."""

from collections.abc import Iterator

from django.db.models import QuerySet

from ..integers import format_count
from ..models.page import Page
from ..models.tree_path import TreePath
from ..tree import path_of
from .index import Batch, Index, Source


class TreePathIndex(Index):
    """The path of each page, which the list of pages is sorted by."""

    name = "tree"
    follows = Source.DRAFTS
    model = TreePath
    columns = ("path",)

    def describe(self) -> str:
        return f"{format_count(TreePath.objects.count(), 'page')} in tree order."

    def build(self, batch: Batch) -> Iterator[TreePath]:
        """From the rows of pages alone: a query for each level above these pages."""
        pages: dict[int, tuple[int | None, int]] = {}
        unknown = set(batch.ids)
        while unknown:
            rows = Page.objects.filter(pk__in=unknown).order_by().values_list("pk", "parent", "position")
            found = {page: (parent, position) for page, parent, position in rows}
            pages |= found
            unknown = {parent for parent, _position in found.values()} - {None, *pages}
        for page in batch.ids:
            yield TreePath(page_id=page, path=path_of(page, pages))

    def update(self, batch: Batch) -> None:
        TreePath.objects.place(batch.ids)

    def rewrite(self, batch: Batch) -> None:
        TreePath.objects.lock()
        TreePath.objects.bulk_create(
            self.build(batch), update_conflicts=True, unique_fields=["page"], update_fields=["path"]
        )

    def unindexed_pages(self) -> QuerySet:
        return Page.objects.filter(tree_path=None)
