"""Between editors' rows and documents: `read` freezes a page's rows, `write` puts a document back into them."""

from dataclasses import replace

from django.db import transaction

from .document import LANGUAGES, Bilingual, Document, Partner, partners_of
from .field_kinds import TEXTS, VALUES, Kind, names_of
from .models.blocks import BLOCK_MODELS, MODELS
from .models.page import Page
from .models.partner import PartnerOrganization
from .tree import MAX_POSITION

# Pages written at a time.
BATCH_SIZE = 500


def read(page):
    """The working copy as a `document.Document`; one query per kind of block, none for a prefetched page.

    Partners come in the order of their keys: which order they are shown in depends on the language.
    """
    return Document(
        key=page.key,
        parent=page.parent.key if page.parent_id else None,
        position=page.position,
        blocks=tuple(_block(row) for row in _rows(page)),
        **_texts_and_values(Document, page),
    )


def _rows(page):
    rows = [
        row for model in BLOCK_MODELS for row in getattr(page, f"pages_{model._meta.model_name}_set").all()
    ]
    return sorted(rows, key=lambda row: (row.ordering, row.key))


def _texts_and_values(part, row):
    """What a row says of a part of a document, by name: its texts, and its values without a language."""
    texts = {
        name: Bilingual(*((getattr(row, f"{name}_{language}") or "").strip() for language in LANGUAGES))
        for name in names_of(part, *TEXTS)
    }
    return {**texts, **{name: getattr(row, name) for name in names_of(part, *VALUES)}}


def _set_texts_and_values(row, part):
    """Gives a row, which is not saved, what a part of a document says."""
    for name in names_of(type(part), *TEXTS):
        for language in LANGUAGES:
            setattr(row, f"{name}_{language}", getattr(part, name)[language])
    for name in names_of(type(part), *VALUES):
        setattr(row, name, getattr(part, name))


def _block(row):
    partners = {
        name: tuple(
            read_partner(partner)
            for partner in sorted(getattr(row, name).all(), key=lambda partner: partner.key)
        )
        for name in row.partner_fields()
    }
    return row.declaration(key=row.key, **partners, **_texts_and_values(row.declaration, row))


def read_partner(row):
    """A partner organization as it is now, as a `document.Partner`."""
    return Partner(key=row.key, kind=row.kind, **_texts_and_values(Partner, row))


@transaction.atomic
def write(document, page=None):
    """Replaces the working copy with a document, in both languages, and returns its page.

    Partner organizations belong to all pages: those that exist stay as they are, missing ones are made.
    Raises Page.DoesNotExist when the parent is unknown.
    """
    page = page or Page.objects.filter(key=document.key).first() or Page(key=document.key)
    assign(page, document)
    page.save()
    for model in BLOCK_MODELS:
        model.objects.filter(parent=page).delete()
    _write_blocks([(page, document)])
    return page


@transaction.atomic
def write_all(documents):
    """`write` for many documents, parents before children: pages that are new are written together."""
    known = {page.key: page for page in Page.objects.only("key")}
    pages = {}
    for batch in _batches_without_parents(documents):
        new = [document for document in batch if document.key not in known]
        rows = [assign(Page(key=document.key), document, parents=known) for document in new]
        Page.objects.bulk_create(rows)
        _write_blocks(list(zip(rows, new, strict=True)))
        created = {page.key: page for page in rows}
        known |= created
        pages |= {document.key: created.get(document.key) or write(document) for document in batch}
    return list(pages.values())


def _batches_without_parents(documents):
    """Runs of documents none of which is the parent of another one in its run."""
    batch, keys = [], set()
    for document in documents:
        if document.parent in keys or len(batch) == BATCH_SIZE:
            yield batch
            batch, keys = [], set()
        batch.append(document)
        keys.add(document.key)
    if batch:
        yield batch


def assign(page, document, *, parents=None):
    """Gives a page, which is not saved, its own values of a document: all but the blocks.

    `parents` are pages by their key, where they are known already.
    """
    if document.parent:
        page.parent = parents[document.parent] if parents else Page.objects.get(key=document.parent)
    else:
        page.parent = None
    page.position = min(document.position, MAX_POSITION)
    _set_texts_and_values(page, document)
    return page


def with_current_partners(document):
    """The document as it reads once it has been written: partner organizations that exist stay as they are."""
    keys = {partner.key for block in document.blocks for partner in partners_of(block)}
    current = {row.key: read_partner(row) for row in PartnerOrganization.objects.filter(key__in=keys)}
    return replace(document, blocks=tuple(_with_partners(block, current) for block in document.blocks))


def _with_partners(block, current):
    partners = {
        name: tuple(current.get(partner.key, partner) for partner in getattr(block, name))
        for name in names_of(type(block), Kind.PARTNERS)
    }
    return replace(block, **partners) if partners else block


def _write_blocks(pages):
    """The blocks of documents as rows of their pages, of each kind all at once."""
    rows = [
        (block, _block_row(block, page, index * 10))
        for page, document in pages
        for index, block in enumerate(document.blocks, start=1)
    ]
    for model in BLOCK_MODELS:
        own = [(block, row) for block, row in rows if type(row) is model]
        model.objects.bulk_create([row for _, row in own])
        for name in model.partner_fields() if own else ():
            _write_partners(model, name, own)


def _block_row(block, page, ordering):
    row = MODELS[type(block)](key=block.key, parent=page, region="main", ordering=ordering)
    _set_texts_and_values(row, block)
    return row


def _write_partners(model, name, blocks):
    named = {partner.key: partner for block, _ in blocks for partner in getattr(block, name)}
    known = {row.key: row for row in PartnerOrganization.objects.filter(key__in=named)}
    known |= {key: write_partner(partner) for key, partner in named.items() if key not in known}
    through, column = getattr(model, name).through, f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{column: row.pk}, partnerorganization=known[key])
        for block, row in blocks
        for key in {partner.key: None for partner in getattr(block, name)}
    )


def write_partner(partner):
    """Makes or changes the partner organization of that key, and returns its row."""
    row = PartnerOrganization.objects.filter(key=partner.key).first() or PartnerOrganization(key=partner.key)
    row.kind = partner.kind
    _set_texts_and_values(row, partner)
    row.save()
    return row
