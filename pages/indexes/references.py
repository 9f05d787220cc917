"""What pages use that others use too: pages that they link to, images, partner organizations, files, facts,
shared blocks.

Kept of working copies and of the editions that are live or to come, so that a page finds the pages it links to, and
whoever withdraws, archives, moves or deletes something is told where it is used, without a document being read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Q, QuerySet

from ..document import Document, images_of_texts
from ..fact_words import facts_of
from ..field_kinds import Kind, names_of
from ..integers import format_count
from ..link_targets import links_of
from ..models.edition import Edition, ReferenceKind
from ..models.indexes import DraftReference, EditionReference
from ..models.page import Page
from .index import Batch, Index, Source

# Pages that are named as those that use something; of all others only the number is told. On a screen of its own more.
MAX_NAMED, MAX_LISTED = 10, 500


class Uses(NamedTuple):
    """How many pages use something, and the first of them by their titles."""

    count: int
    pages: list[Page]

    @property
    def others(self) -> int:
        """How many of them are not named."""
        return self.count - len(self.pages)


def links_to(page: Page, most: int = MAX_NAMED) -> Uses:
    """Finds the other pages that link to a page: in the edition that readers see, in one to come or in what is written.

    At most `most` of them are named. Two queries, however many there are.
    """
    pages = pages_using(ReferenceKind.PAGE, page.key).exclude(pk=page.pk)
    return Uses(pages.count(), list(pages.order_by("title_en", "pk")[:most]))


def link_counts(pages: Iterable[Page]) -> Counter[str]:
    """Counts for each page, by its key, the other pages that link to it, as `links_to` does: two queries."""
    own = {page.key: page.pk for page in pages}
    named = {"kind": ReferenceKind.PAGE, "name__in": own}
    rows = (EditionReferenceIndex().current_rows(), DraftReference.objects.all())
    links = {link for found in rows for link in found.filter(**named).order_by().values_list("name", "page")}
    return Counter(key for key, page in links if page != own[key])


def pages_using(kind: str, *names: str) -> QuerySet[Page]:
    """Finds the pages that use something of a kind: in the edition that readers see, in one to come or in what is
    written."""
    named = {"kind": kind, "name__in": names}
    editions = EditionReferenceIndex().current_rows().filter(**named).order_by().values("page")
    drafts = DraftReference.objects.filter(**named).order_by().values("page")
    return Page.objects.filter(Q(pk__in=editions) | Q(pk__in=drafts))


def uses_of_image(key: str, most: int = MAX_NAMED) -> Uses:
    """Finds the pages that show an image of the library, by its key: as `links_to` finds those that link to a page."""
    pages = pages_using(ReferenceKind.IMAGE, key)
    return Uses(pages.count(), list(pages.order_by("title_en", "pk")[:most]))


class EditionReferenceIndex(Index):
    """What the live and the scheduled editions of pages use."""

    name = "edition-references"
    follows = Source.EDITIONS
    model = EditionReference
    columns = ("edition_id", "kind", "name", "section")

    def describe(self) -> str:
        return f"{format_count(EditionReference.objects.count(), 'use')} in editions."

    def build(self, batch: Batch) -> Iterator[EditionReference]:
        editions = Edition.objects.filter(page__in=batch.ids).readable()
        for edition in [*editions.live(), *editions.scheduled()]:
            parsed = batch.parsed_documents.get(edition.pk)
            for kind, name, section in _references(parsed.document if parsed else edition.read()):
                yield EditionReference(
                    edition=edition, page_id=edition.page_id, kind=kind, name=name, section=section
                )

    def unindexed_pages(self) -> QuerySet:
        unindexed = Edition.objects.readable().filter(references=None)
        return Page.objects.filter(
            Q(pk__in=unindexed.live().values("page")) | Q(pk__in=unindexed.scheduled().values("page"))
        )

    def current_rows(self) -> QuerySet:
        editions = Edition.objects.readable()
        return EditionReference.objects.filter(
            Q(edition__in=editions.live().values("pk")) | Q(edition__in=editions.scheduled().values("pk"))
        )


class DraftReferenceIndex(Index):
    """What the working copies of pages use."""

    name = "draft-references"
    follows = Source.DRAFTS
    model = DraftReference
    columns = ("kind", "name", "section")

    def describe(self) -> str:
        return f"{format_count(DraftReference.objects.count(), 'use')} in working copies."

    def build(self, batch: Batch) -> Iterator[DraftReference]:
        for page, document in batch.documents.items():
            for kind, name, section in _references(document):
                yield DraftReference(page=page, kind=kind, name=name, section=section)

    def unindexed_pages(self) -> QuerySet:
        return Page.objects.filter(draft_references=None)


def _references(document: Document) -> list[tuple[str, str, str]]:
    """Kind, name and section of all that a document uses, each once."""
    found = [(ReferenceKind.NOTHING, "", "")]
    found += [(ReferenceKind.PAGE, *located.link) for located in links_of(document)]
    found += [(ReferenceKind.FACT, key, "") for key in facts_of(document)]
    found += [(ReferenceKind.SHARED_BLOCK, block.shared, "") for block in document.blocks if block.shared]
    found += [(ReferenceKind.IMAGE, image.key, "") for image in images_of_texts(document)]
    for block in document.blocks:
        images = (getattr(block, name) for name in names_of(type(block), Kind.LIBRARY_IMAGE))
        found += [(ReferenceKind.IMAGE, image.library_key, "") for image in images if image]
        for kind, shared in (
            (ReferenceKind.PARTNER, Kind.PARTNERS),
            (ReferenceKind.DOWNLOAD, Kind.DOWNLOADS),
        ):
            parts = (part for name in names_of(type(block), shared) for part in getattr(block, name))
            found += [(kind, part.key, "") for part in parts]
    return list(dict.fromkeys(found))
