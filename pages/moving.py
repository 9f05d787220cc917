"""Moves of working copies in the tree: to another place among their siblings, or below another page.

What the public sees of the tree changes when the pages are published.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from .models.page import Page
from .tree import positions_in_order, walk_up


@dataclass(frozen=True, slots=True)
class Move:
    """What a move changed: `parents` are the pages with another parent, `positions` those with another position."""

    parents: tuple[Page, ...]
    positions: tuple[Page, ...]

    @property
    def pages(self) -> list[Page]:
        """Every page that changed, once: call `indexes.update_drafts` with them."""
        return list({page.pk: page for page in (*self.parents, *self.positions)}.values())


def siblings_of(page: Page) -> list[Page]:
    """Returns the pages with the same parent, the page among them, as lists of the admin order them."""
    return list(Page.objects.filter(parent=page.parent_id).order_by("position", "pk"))


def reasons_not_to_move(pages: Collection[Page], parent: Page) -> dict[int, str]:
    """Says by id why some pages cannot be below a parent; a query for each level above it."""
    way = list(walk_up(parent.pk, _parent_of))
    above, is_cycle = set(way), way[-1] in way[:-1]
    return {page.pk: reason for page in pages if (reason := _reason(page, parent, above, is_cycle=is_cycle))}


def _parent_of(number: int) -> int | None:
    return Page.objects.filter(pk=number).values_list("parent", flat=True).first()


def _reason(page: Page, parent: Page, above: Collection[int], *, is_cycle: bool) -> str:
    if page.parent_id is None:
        return _("This is the home page. It has no parent page.")
    if page.pk in above:
        return _("A page cannot be under itself. Choose another parent page.")
    if is_cycle:
        text = _("“%(page)s” is under itself, so nothing can be moved there. Choose another parent page.")
        return text % {"page": parent}
    return ""


def move(pages: Sequence[Page], *, parent: Page, before: Page | None = None) -> Move:
    """Puts pages below a parent in the order given, before one of those below it or (default) behind them all.

    As few other pages as possible get another position. Belongs before `indexes.update_drafts`, in one transaction.
    Raises ValidationError when a page cannot be there, or one of those concerned is gone.
    """
    with transaction.atomic():
        ids = [page.pk for page in pages]
        known = _lock(ids, parent)
        if parent.pk not in known or not known.keys() >= set(ids):
            raise ValidationError(_("One of these pages no longer exists. Nothing was moved."))
        moved = [known[number] for number in ids]
        if reasons := reasons_not_to_move(moved, parent):
            raise ValidationError(next(iter(reasons.values())))
        others = [page for page in known.values() if page.parent_id == parent.pk and page.pk not in ids]
        others.sort(key=lambda page: (page.position, page.pk))
        keys = [page.pk for page in others]
        index = keys.index(before.pk) if before and before.pk in keys else len(others)
        return _write(moved, [*others[:index], *moved, *others[index:]], parent)


def _lock(ids: Collection[int], parent: Page) -> dict[int, Page]:
    """Locks the pages, their new siblings and the home page, which every move locks: moves follow one another."""
    concerned = Q(pk__in=[*ids, parent.pk]) | Q(parent=parent.pk) | Q(parent=None)
    return {page.pk: page for page in Page.objects.filter(concerned).for_update_in_order()}


def _write(moved: Sequence[Page], siblings: Sequence[Page], parent: Page) -> Move:
    elsewhere = tuple(page for page in moved if page.parent_id != parent.pk)
    positions = positions_in_order([(page.pk, page.position) for page in siblings])
    replaced = tuple(page for page in siblings if page.pk in positions)
    for page in elsewhere:
        page.parent = parent
    for page in replaced:
        page.position = positions[page.pk]
    result = Move(elsewhere, replaced)
    Page.objects.bulk_update(result.pages, ["parent", "position"], batch_size=500)
    return result
