"""What is written once and shown on many pages: where it is used, and publishing all of these pages together.

What readers see of it and what they will see is told for each kind by a subclass of `SharedContent`: `fact_uses` for
facts, `shared_block_uses` for shared blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from . import page_status, publishing, rescheduling, reviews, working_copy
from .document import Document, digest, dumps
from .indexes.references import pages_using
from .models.edition import Edition, ReferenceKind
from .models.page import Page
from .page_status import PageStatus, State
from .rescheduling import Choice


@dataclass(frozen=True, slots=True)
class Use:
    """One place at which a page shows it: what its readers see, and what the working copy says.

    Either is None where it is not there. `path` is that of a text (`document.Text`), or of the block.
    """

    path: tuple[str, ...]
    live: Any
    draft: Any

    @property
    def is_changed(self) -> bool:
        """Whether readers see something else than the working copy says."""
        return self.live != self.draft


@dataclass(frozen=True, slots=True)
class PageUses:
    """A page that uses it. `has_other_changes` tells that its working copy has more to publish than that."""

    page: Page
    document: Document
    live_document: Document | None
    status: PageStatus
    uses: tuple[Use, ...]
    has_other_changes: bool

    @property
    def is_waiting(self) -> bool:
        """Whether readers of a live page see something else than the working copy has for it."""
        is_current = self.status.live is not None and self.status.live.kind == Edition.Kind.CURRENT
        return is_current and any(use.live and use.draft and use.is_changed for use in self.uses)

    @property
    def is_up_to_date(self) -> bool:
        """Whether readers see what it says now."""
        return self.status.state in (State.LIVE, State.CHANGED) and not any(
            use.is_changed for use in self.uses
        )

    @property
    def has_scheduled_text(self) -> bool:
        """Whether a text that was frozen earlier is to come."""
        return any(edition.kind == Edition.Kind.CURRENT for edition in self.status.scheduled)


class SharedContent:
    """One kind of what is written once. A subclass says how it is found in documents.

    A row of it has a `key`, by which documents name it.
    """

    reference_kind: ClassVar[ReferenceKind]

    def uses(self, row: Any, live: Document | None, draft: Document) -> Iterable[Use]:
        """Gives each place of a page, with its counterpart in the other document."""
        raise NotImplementedError

    def with_current(self, row: Any, documents: Sequence[Document]) -> list[Document]:
        """Returns what documents of live editions would say with what it says now."""
        raise NotImplementedError

    def find_uses(self, row: Any) -> list[PageUses]:
        """Finds the pages that use it, in the order of the tree, with each place.

        As many queries for many pages as for few.
        """
        pages = list(
            Page.objects.with_content()
            .filter(pk__in=pages_using(self.reference_kind, row.key).order_by().values("pk"))
            .select_related("tree_path", "draft_status")
            .in_tree_order()
        )
        statuses = page_status.page_statuses(pages)
        live = Edition.objects.filter(pk__in=[status.live.pk for status in statuses.values() if status.live])
        shown = {edition.page_id: edition.read() for edition in live}
        current = dict(zip(shown, self.with_current(row, list(shown.values())), strict=True))
        found = []
        for page in pages:
            document, live_document = working_copy.read(page), shown.get(page.pk)
            uses = tuple(self.uses(row, live_document, document))
            others = page.pk in current and current[page.pk] != document
            found.append(PageUses(page, document, live_document, statuses[page.pk], uses, others))
        return found

    @transaction.atomic
    def publish_everywhere(self, row: Any, was_seen: str, *, by: Any) -> list[Edition]:
        """Publishes all live pages that still show something else than it says now, or none; returns their editions.

        A text that is scheduled takes the change over. Raises NotReady with the reasons of every page, or
        ValidationError when a page is not as it was seen, somebody may not publish alone, or a scheduled text cannot
        take the change.
        """
        editions = publishing.publish_all(self._lock_waiting(row, was_seen), by=by)
        rescheduling.settle_all(editions, Choice.CARRY, by=by)
        return editions

    @transaction.atomic
    def submit_everywhere(self, row: Any, was_seen: str, *, by: Any) -> list[Edition]:
        """Submits these pages for review, or none; returns the editions in review. Raises as `publish_everywhere`."""
        note = _("%(kind)s: %(name)s") % {"kind": capfirst(str(row._meta.verbose_name)), "name": row}
        return [reviews.submit(page, by=by, note=note) for page in self._lock_waiting(row, was_seen)]

    def _lock_waiting(self, row: Any, was_seen: str) -> list[Page]:
        """The pages that wait, under lock. Raises ValidationError when they are not those that were seen, or none
        waits."""
        list(pages_using(self.reference_kind, row.key).only("pk").for_update_in_order())
        found = self.find_uses(row)
        if seen(found) != was_seen:
            raise ValidationError(_("A page was saved after you opened this screen. Check the pages again."))
        pages = [uses.page for uses in found if uses.is_waiting]
        if not pages:
            raise ValidationError(_("Every live page is up to date already. There is nothing to publish."))
        return pages


def seen(found: Iterable[PageUses]) -> str:
    """Returns a digest of what pages would be published with: what somebody has seen who publishes them."""
    return digest(
        "\n".join(f"{uses.page.key} {digest(dumps(uses.document))}" for uses in found if uses.is_waiting)
    )
