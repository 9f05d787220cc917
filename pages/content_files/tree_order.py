"""Do the pages of content files and those of the site make one tree, and in which order do they stand in it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from ..document import Document
from ..models.page import Page
from ..tree import MAX_POSITION, find_cycles
from .content import ImportProblem


def tree_problems(documents: Iterable[Document], files: dict[str, str]) -> Iterator[ImportProblem]:
    """What is wrong with the tree of all pages as it would be with these documents, however few they are."""
    documents = {document.key: document for document in documents}
    stored = dict(Page.objects.values_list("key", "parent__key"))
    parents = stored | {key: document.parent for key, document in documents.items()}
    homes = [key for key, parent in stored.items() if parent is None] or [
        key for key, document in documents.items() if document.parent is None
    ][:1]
    cycles = {key: cycle for cycle in find_cycles(parents) for key in cycle}
    for key, document in documents.items():
        if reason := _parent_problem(document, homes, parents, cycles):
            yield ImportProblem(files[key], "parent", reason)


def _parent_problem(document, homes, parents, cycles) -> str:
    if document.key in homes and document.parent is not None:
        return _("This is the home page of the site. Leave out its parent.")
    if document.key not in homes and document.parent is None:
        return _("Only the home page has no parent. Choose a parent page.")
    if document.parent is not None and document.parent not in parents:
        return _("There is no page “%s” to be the parent of this one.") % document.parent
    if document.key in cycles:
        circle = " → ".join([*cycles[document.key], cycles[document.key][0]])
        return _("The pages above this one are also below it (%s). Choose another parent page.") % circle
    return ""


def with_positions(documents: list[Document], unplaced: set[str]) -> list[Document]:
    """Gives those without a position the one they have, or the one after all others of the same parent."""
    named = {document.key for document in documents}
    stored = {
        page.key: page
        for page in Page.objects.select_related("parent").only("key", "position", "parent__key")
    }
    last: dict[str | None, int] = {}
    for page in stored.values():
        if page.key not in named or page.key in unplaced:
            parent = page.parent and page.parent.key
            last[parent] = max(page.position, last.get(parent, -1))
    for document in documents:
        if document.key not in unplaced:
            last[document.parent] = max(document.position, last.get(document.parent, -1))
    return [
        _with_position(document, stored.get(document.key), last) if document.key in unplaced else document
        for document in documents
    ]


def _with_position(document: Document, page: Page | None, last: dict[str | None, int]) -> Document:
    if page and (page.parent and page.parent.key) == document.parent:
        return replace(document, position=min(page.position, MAX_POSITION))
    last[document.parent] = min(last.get(document.parent, -1) + 1, MAX_POSITION)
    return replace(document, position=last[document.parent])


def parents_first(documents: list[Document]) -> Iterator[Document]:
    """Gives the documents in an order in which each comes after its parent, and those of one parent by position."""
    waiting = {document.key: document for document in sorted(documents, key=lambda each: each.position)}
    while ready := [document for document in waiting.values() if document.parent not in waiting]:
        for document in ready:
            yield waiting.pop(document.key)
