"""Between editors' rows and documents: `read` freezes a page's rows, `write` puts a document back into them."""

from dataclasses import replace

from django.db import transaction
from modeltranslation.translator import translator

from . import document as shape
from .rows import BLOCK_MODELS, Page, PartnerOrganization

MODELS = dict(zip(shape.BLOCKS.values(), BLOCK_MODELS, strict=True))
# Pages written at a time.
BATCH = 500

SHAPES = {model: block for block, model in MODELS.items()}


def read(page):
    """The working copy as a `document.Document`; one query per kind of block, none for a prefetched page.

    Partners come in the order of their keys: which order they are shown in depends on the language.
    """
    return shape.Document(
        key=page.key,
        parent=page.parent.key if page.parent_id else None,
        position=page.position,
        takes_reports=page.takes_reports,
        blocks=tuple(_block(row) for row in _rows(page)),
        **_texts(page, "address", "title", "description", "introduction"),
    )


def _rows(page):
    rows = [
        row for model in BLOCK_MODELS for row in getattr(page, f"pages_{model._meta.model_name}_set").all()
    ]
    return sorted(rows, key=lambda row: (row.ordering, row.key))


def _texts(row, *names):
    return {
        name: shape.Bilingual(
            *((getattr(row, f"{name}_{language}") or "").strip() for language in shape.LANGUAGES)
        )
        for name in names
    }


def _block(row):
    values = {name: getattr(row, name) for name in ("image", "decorative") if hasattr(row, name)}
    if hasattr(row, "partners"):
        values["partners"] = tuple(
            read_partner(partner) for partner in sorted(row.partners.all(), key=lambda partner: partner.key)
        )
    return SHAPES[type(row)](key=row.key, **values, **_texts(row, *_translated(type(row))))


def _translated(model):
    return translator.get_options_for_model(model).get_field_names()


def read_partner(row):
    """A partner organization as it is now, as a `document.Partner`."""
    return shape.Partner(
        key=row.key, kind=row.kind, logo=row.logo, **_texts(row, "name", "acronym", "website", "description")
    )


@transaction.atomic
def write(document, page=None):
    """Replaces the working copy with a document, in both languages, and returns its page.

    Partner organizations belong to all pages: those that exist stay as they are, missing ones are made.
    Raises Page.DoesNotExist when the parent is unknown.
    """
    page = page or Page.objects.filter(key=document.key).first() or Page(key=document.key)
    fill(page, document)
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
    for some in _together(documents):
        new = [document for document in some if document.key not in known]
        rows = [fill(Page(key=document.key), document, parents=known) for document in new]
        Page.objects.bulk_create(rows)
        _write_blocks(list(zip(rows, new, strict=True)))
        made = {page.key: page for page in rows}
        known |= made
        pages |= {document.key: made.get(document.key) or write(document) for document in some}
    return list(pages.values())


def _together(documents):
    """Runs of documents none of which is the parent of another one in its run."""
    run, keys = [], set()
    for document in documents:
        if document.parent in keys or len(run) == BATCH:
            yield run
            run, keys = [], set()
        run.append(document)
        keys.add(document.key)
    if run:
        yield run


def fill(page, document, *, parents=None):
    """Gives a page, which is not saved, its own values of a document: all but the blocks.

    `parents` are pages by their key, where they are known already.
    """
    if document.parent:
        page.parent = parents[document.parent] if parents else Page.objects.get(key=document.parent)
    else:
        page.parent = None
    page.position = document.position
    page.takes_reports = document.takes_reports
    _set_texts(page, document, "address", "title", "description", "introduction")
    return page


def with_present_partners(document):
    """The document as it reads once it has been written: partner organizations that exist stay as they are."""
    keys = {partner.key for block in document.blocks for partner in getattr(block, "partners", ())}
    present = {row.key: read_partner(row) for row in PartnerOrganization.objects.filter(key__in=keys)}
    blocks = (
        replace(block, partners=tuple(present.get(partner.key, partner) for partner in block.partners))
        if hasattr(block, "partners")
        else block
        for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def _set_texts(row, part, *names):
    for name in names:
        for language in shape.LANGUAGES:
            setattr(row, f"{name}_{language}", getattr(part, name)[language])


def _write_blocks(pages):
    """The blocks of documents as rows of their pages, of each kind all at once."""
    rows = [
        (block, _block_row(block, page, place * 10))
        for page, document in pages
        for place, block in enumerate(document.blocks, start=1)
    ]
    for model in BLOCK_MODELS:
        own = [(block, row) for block, row in rows if type(row) is model]
        model.objects.bulk_create([row for _, row in own])
        if own and hasattr(model, "partners"):
            _write_partners_of(model, own)


def _block_row(block, page, ordering):
    row = MODELS[type(block)](key=block.key, parent=page, region="main", ordering=ordering)
    for name in ("image", "decorative"):
        if hasattr(block, name):
            setattr(row, name, getattr(block, name))
    _set_texts(row, block, *_translated(type(row)))
    return row


def _write_partners_of(model, blocks):
    named = {partner.key: partner for block, _ in blocks for partner in block.partners}
    known = {row.key: row for row in PartnerOrganization.objects.filter(key__in=named)}
    known |= {key: write_partner(partner) for key, partner in named.items() if key not in known}
    through, column = model.partners.through, f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{column: row.pk}, partnerorganization=known[key])
        for block, row in blocks
        for key in {partner.key: None for partner in block.partners}
    )


def write_partner(partner):
    """Makes or changes the partner organization of that key, and returns its row."""
    row = PartnerOrganization.objects.filter(key=partner.key).first() or PartnerOrganization(key=partner.key)
    row.kind, row.logo = partner.kind, partner.logo
    _set_texts(row, partner, "name", "acronym", "website", "description")
    row.save()
    return row
