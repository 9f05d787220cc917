"""Between editors' rows and documents: `read` freezes a page's rows, `write` puts a document back into them."""

from dataclasses import replace
from types import MappingProxyType

from django.db import transaction

from . import html, image_library
from .document import (
    LANGUAGES,
    NOTHING,
    SHARED_PARTS,
    VOCABULARIES,
    Bilingual,
    Document,
    shared_parts,
    terms,
    with_shared_blocks,
)
from .field_kinds import SHARED, TEXTS, VALUES, Kind, declarations, names_of
from .fields import RichTextField
from .models.blocks import BLOCK_MODELS, MODELS, SharedPlace
from .models.page import Page
from .models.shared_block import SharedBlock
from .models.shared_parts import SHARED_DECLARATIONS, SHARED_MODELS
from .models.vocabulary_term import VocabularyTerm
from .tree import MAX_POSITION

# Pages written at a time.
BATCH_SIZE = 500


def read(page):
    """The working copy as a `document.Document`; one query per kind of block, none for a prefetched page.

    Parts that pages share come in the order of their keys: which order they are shown in depends on the language.
    """
    return Document(
        key=page.key,
        parent=page.parent.key if page.parent_id else None,
        position=page.position,
        blocks=tuple(_block(row) for row in _rows(page)),
        **_texts_and_values(Document, page),
        **{name: tuple(row.read() for row in rows) for name, rows in page.terms().items()},
    )


def _rows(page):
    rows = [
        row for model in BLOCK_MODELS for row in getattr(page, f"pages_{model._meta.model_name}_set").all()
    ]
    return sorted(rows, key=lambda row: (row.ordering, row.key))


def _texts_and_values(part, row):
    """What a row says of a part of a document, by name: its texts, and its values without a language."""
    texts = {name: _text_or_default(part, row, name) for name in names_of(part, *TEXTS)}
    values = {name: getattr(row, name) for name in names_of(part, *VALUES - {Kind.TERMS, Kind.SHARED_BLOCK})}
    for name in names_of(part, Kind.LIBRARY_IMAGE):
        values[name] = values[name] and read_shared(values[name]).shown
    return {**texts, **values}


def _text(row, name):
    return Bilingual(*((getattr(row, f"{name}_{language}") or "").strip() for language in LANGUAGES))


def _text_or_default(part, row, name):
    """A text of a row, in each language that of its image in the library where it has none of its own."""
    own, default = _text(row, name), _default(part, row, name)
    return Bilingual(*(own[language] or default[language] for language in LANGUAGES)) if default else own


def _default(part, row, name):
    """What the library says in the place of a text that a row does not have."""
    declared = declarations(part)[name]
    source = declared.default_of and getattr(row, declared.default_of)
    is_needless = declared.unless and getattr(row, declared.unless)
    return _text(source, name) if source and not is_needless else NOTHING


def _set_texts_and_values(row, part):
    """Gives a row, which is not saved and has its image, what a part of a document says; no text that the image has."""
    for name in names_of(type(part), *VALUES - {Kind.LIBRARY_IMAGE, Kind.TERMS, Kind.SHARED_BLOCK}):
        setattr(row, name, getattr(part, name))
    for name in names_of(type(part), *TEXTS):
        default = _default(type(part), row, name)
        for language in LANGUAGES:
            text = getattr(part, name)[language]
            setattr(row, f"{name}_{language}", "" if text and text == default[language] else text)


def _block(row):
    if isinstance(row, SharedPlace) and row.shared_block:
        return replace(read_shared_block(row.shared_block), key=row.key)
    shared = {
        name: tuple(read_shared(part) for part in sorted(getattr(row, name).all(), key=lambda part: part.key))
        for name in row.shared_fields()
    }
    return row.declaration(key=row.key, **shared, **_texts_and_values(row.declaration, row))


def read_shared(row):
    """A partner organization or a file to download as it is now, as a part of a document."""
    declaration = SHARED_DECLARATIONS[type(row)]
    values = {name: getattr(row, name) for name in names_of(declaration, Kind.VALUE)}
    return declaration(**values, **_texts_and_values(declaration, row))


def read_shared_block(row):
    """A shared block as it is now, as the block that pages show; the key of its place is that of the block itself."""
    return row.declaration(key=row.key, shared=row.key, **_texts_and_values(row.declaration, row))


def write_shared_block(row, block):
    """Gives the row of a shared block, which is not saved, what a block says, and its kind; nothing else stays."""
    row.kind = block.kind
    for column in row.text_columns():
        setattr(row, column, "")
    _set_texts_and_values(row, block)


@transaction.atomic
def write(document, page=None):
    """Replaces the working copy with a document, in both languages, and returns its page.

    Partner organizations and files to download belong to all pages: those that exist stay as they are, missing ones
    are made. A shared block stays as it is too; one that was deleted becomes a block of the page.
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
        term_rows = VocabularyTerm.objects.rows_for(new)
        rows = [
            assign(Page(key=document.key), document, parents=known, term_rows=term_rows) for document in new
        ]
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


def assign(page, document, *, parents=None, term_rows=None):
    """Gives a page, which is not saved, its own values of a document: all but the blocks.

    `parents` are pages by their key, `term_rows` those of terms by vocabulary and code, where they are known already.
    """
    if term_rows is None:
        term_rows = VocabularyTerm.objects.rows_for([document])
    page.choose_terms(
        {name: [term_rows[name, term.code] for term in getattr(document, name)] for name in VOCABULARIES}
    )
    if document.parent:
        page.parent = parents[document.parent] if parents else Page.objects.get(key=document.parent)
    else:
        page.parent = None
    page.position = min(document.position, MAX_POSITION)
    _set_texts_and_values(page, document)
    return page


def with_current_shared(document):
    """The document as it reads once it has been written: what pages share and exists stays as it is."""
    current = {}
    for name, model in SHARED_MODELS.items():
        named = (part for block in document.blocks for part in shared_parts(block))
        keys = {part.key for part in named if isinstance(part, SHARED_PARTS[name])}
        current[name] = (
            {row.key: read_shared(row) for row in model.objects.filter(key__in=keys)} if keys else {}
        )
    document = _with_current_terms(_with_current_images(_with_current_shared_blocks(document)))
    return replace(document, blocks=tuple(_with_shared(block, current) for block in document.blocks))


def _with_current_shared_blocks(document):
    """The document with its shared blocks as they are now; those that were deleted are blocks of the page."""
    rows = _shared_blocks_of(document.blocks)
    document = with_shared_blocks(document, {key: read_shared_block(row) for key, row in rows.items()})
    blocks = (
        replace(block, shared=block.shared if block.shared in rows else "") for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


def _shared_blocks_of(blocks):
    """The rows of the shared blocks that some blocks show, by key; no query where they show none."""
    keys = {block.shared for block in blocks if block.shared}
    return {row.key: row for row in SharedBlock.objects.filter(key__in=keys)} if keys else {}


def _with_shared(block, current):
    shared = {
        name: tuple(current[name].get(part.key, part) for part in getattr(block, name))
        for name in names_of(type(block), *SHARED)
    }
    return replace(block, **shared) if shared else block


def _with_current_terms(document):
    """The document with the labels that its terms have now; no query where it has none."""
    named = dict(terms(document))
    rows = VocabularyTerm.objects.filter(code__in={code for _name, code in named}) if named else ()
    current = {(row.vocabulary, row.code): row.read() for row in rows}
    return replace(
        document,
        **{
            name: tuple(current.get((name, term.code), term) for term in getattr(document, name))
            for name in VOCABULARIES
        },
    )


def _with_current_images(document):
    """The document with the images of its figures as the library has them now, and their texts where it lacks some."""
    library = image_library.find(
        image for block in document.blocks if (image := getattr(block, "image", None))
    )
    return replace(document, blocks=tuple(_with_current_image(block, library) for block in document.blocks))


def _with_current_image(block, library):
    image = getattr(block, "image", None)
    if image is None or image.library_key not in library:
        return block
    return replace(block, **_texts_and_values(type(block), _block_row(block, None, 0, library)))


def _write_blocks(pages):
    """The blocks of documents as rows of their pages, of each kind all at once."""
    blocks = [block for _page, document in pages for block in document.blocks]
    image_library.take_in(document for _page, document in pages)
    library, shared_blocks = image_library.rows_for(blocks), _shared_blocks_of(blocks)
    rows = [
        (block, _block_row(block, page, index * 10, library, shared_blocks))
        for page, document in pages
        for index, block in enumerate(document.blocks, start=1)
    ]
    for model in BLOCK_MODELS:
        own = [(block, row) for block, row in rows if type(row) is model]
        model.objects.bulk_create([row for _, row in own])
        for name in model.shared_fields() if own else ():
            _choose_shared(model, name, own)


def _block_row(block, page, ordering, library, shared_blocks=MappingProxyType({})):
    """`library` are the rows of images, and `shared_blocks` those, by the keys under which blocks know them."""
    if block.shared in shared_blocks:
        shared_block = shared_blocks[block.shared]
        return SharedPlace(
            key=block.key, parent=page, region="main", ordering=ordering, shared_block=shared_block
        )
    row = MODELS[type(block)](key=block.key, parent=page, region="main", ordering=ordering)
    for name in names_of(type(block), Kind.LIBRARY_IMAGE):
        image = getattr(block, name)
        row.choose_image(library[image.library_key] if image else None)
    _set_texts_and_values(row, block)
    return row


def _choose_shared(model, name, blocks):
    named = {part.key: part for block, _ in blocks for part in getattr(block, name)}
    known = {row.key: row for row in SHARED_MODELS[name].objects.filter(key__in=named)}
    known |= {key: write_shared(part) for key, part in named.items() if key not in known}
    through, column = getattr(model, name).through, f"{model._meta.model_name}_id"
    target = f"{SHARED_MODELS[name]._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{column: row.pk, target: known[key].pk})
        for block, row in blocks
        for key in {part.key: None for part in getattr(block, name)}
    )


def write_shared(part):
    """Makes or changes the partner organization or the file to download of that key, and returns its row."""
    model = next(model for model, declaration in SHARED_DECLARATIONS.items() if declaration is type(part))
    row = model.objects.filter(key=part.key).first() or model(key=part.key)
    for name in names_of(type(part), Kind.VALUE):
        setattr(row, name, getattr(part, name))
    _set_texts_and_values(row, part)
    row.save()
    return row


def text_field(document, path, language):
    """Returns the field of a model that holds a text of a document in a language, by the path of the text."""
    model = Page if len(path) == 1 else MODELS[type(_block_of(document, path[1]))]
    return model._meta.get_field(f"{path[-1]}_{language}")


def cleaned_text(document, path, language, text):
    """Returns a text as the field of the form would take it. Raises ValidationError where it would not."""
    field = text_field(document, path, language)
    text = html.clean(text) if isinstance(field, RichTextField) else field.to_python(text) or ""
    if text:
        field.run_validators(text)
    return text


def _block_of(document, key):
    return next(block for block in document.blocks if block.key == key)
