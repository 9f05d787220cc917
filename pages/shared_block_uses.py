"""Where shared blocks are used: each place of one in a page, live and in the working copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import working_copy
from .document import Block, Document, with_shared_blocks
from .models.edition import ReferenceKind
from .models.shared_block import SharedBlock
from .shared_content import SharedContent, Use


class SharedBlocks(SharedContent):
    """What pages show of shared blocks."""

    reference_kind = ReferenceKind.SHARED_BLOCK

    def uses(self, row: SharedBlock, live: Document | None, draft: Document) -> Iterator[Use]:
        """Gives each place with its counterpart, which has the same key."""
        before, after = (_places(row.key, document) if document else {} for document in (live, draft))
        for key in {**after, **before}:
            yield Use(("blocks", key), before.get(key), after.get(key))

    def with_current(self, row: SharedBlock, documents: Sequence[Document]) -> list[Document]:
        """Returns the documents with the shared block as it is now."""
        current = {row.key: working_copy.read_shared_block(row)}
        return [with_shared_blocks(document, current) for document in documents]


SHARED_BLOCKS = SharedBlocks()


def _places(key: str, document: Document) -> dict[str, Block]:
    return {block.key: block for block in document.blocks if block.shared == key}
