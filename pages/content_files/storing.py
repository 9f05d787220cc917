"""From what content files hold to the working copy, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from .. import (
    current_texts,
    fact_files,
    glossary_files,
    images,
    page_templates,
    stored_files,
    vocabulary_files,
    working_copy,
)
from ..document import FigureImage, LibraryImage
from ..field_kinds import SHARED, Kind, names_of
from ..models.download import Download
from ..models.glossary_term import GlossaryTerm
from ..models.library_image import LibraryImage as LibraryImageRow
from ..models.page import Page
from ..models.page_template import PageTemplate
from ..models.partner import PartnerOrganization
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from .content import Content, ImportErrors, SharedBlockFile, TemplateFile
from .reading import read
from .tree_order import tree_problems

SharedRow = PartnerOrganization | Download | LibraryImageRow


def load(folder: Path | str) -> tuple[list[Page], list[SharedRow]]:
    """Brings a folder's content into the working copy and returns its rows; nothing becomes public.

    Raises ContentRefused with every fault found; then nothing has changed.
    """
    return write(read(folder))


def write(content: Content) -> tuple[list[Page], list[SharedRow]]:
    """Bring what was read into the working copy and return its rows: the pages, and what they share.

    Raises ContentRefused as `load` does.
    """
    with transaction.atomic():
        # In the order in which everybody does; its own, that of the files, would be another one.
        for model in (*SHARED_MODELS.values(), SharedBlock, Page):
            list(model.objects.values_list("pk").for_update_in_order())
        # Again, because somebody may have moved a page since the files were read.
        if problems := list(tree_problems(content.pages, content.files)):
            raise ImportErrors(problems)
        parts = (*content.partners, *content.downloads, *content.images)
        shared = [working_copy.write_shared(_stored(part)) for part in parts]
        fact_files.store(content.facts)
        _store_shared_blocks(content.shared_blocks)
        current_texts.refresh_shared_blocks()
        vocabulary_files.store(content.vocabulary_terms)
        documents = current_texts.with_current_texts([_stored(document) for document in content.pages])
        pages = working_copy.write_all(documents)
        _note_sources(pages, content.sources_needed)
        _store_templates(content.templates)
        _note_templates(pages, content.template_of)
        if content.glossary:
            glossary_files.store(glossary_files.changes(content.glossary, GlossaryTerm.objects.all()))
        return pages, shared


def _store_shared_blocks(files: Iterable[SharedBlockFile]) -> None:
    """Makes or changes the shared blocks that were read, by their keys."""
    files = list(files)
    keys = [file.block.key for file in files]
    rows = {row.key: row for row in SharedBlock.objects.filter(key__in=keys).for_update_in_order()}
    for file in files:
        row = rows.get(file.block.key) or SharedBlock(key=file.block.key)
        row.name_en, row.name_fr = file.name.en, file.name.fr
        working_copy.write_shared_block(row, file.block)
        row.save()


def _note_sources(pages: list[Page], notes: dict[str, str]) -> None:
    """Keeps what still needs a source beside the pages: it is for editors, and no part of a document."""
    noted = [page for page in pages if page.key in notes]
    for page in noted:
        page.sources_needed = notes[page.key]
    Page.objects.bulk_update(noted, ["sources_needed"], batch_size=200)


def _store_templates(templates: Iterable[TemplateFile]) -> None:
    for template in templates:
        row = PageTemplate.objects.filter(key=template.row.key).first() or template.row
        for name in ("name_en", "name_fr", "purpose_en", "purpose_fr", "allowed_blocks"):
            setattr(row, name, getattr(template.row, name))
        page_templates.store(row, _stored(template.document), template.tips)


def _note_templates(pages: list[Page], keys: dict[str, str]) -> None:
    """Keeps beside the pages from which templates they were made, where their files say so."""
    rows = {row.key: row for row in PageTemplate.objects.filter(key__in=keys.values())} if keys else {}
    noted = [page for page in pages if page.key in keys]
    for page in noted:
        page.template = rows[keys[page.key]]
    Page.objects.bulk_update(noted, ["template"], batch_size=200)


def _stored(part):
    """The same part with its pictures in the storage instead of in memory."""
    changes = {}
    for name in names_of(type(part), Kind.IMAGE):
        if isinstance(getattr(part, name), images.ValidatedUpload):
            changes[name] = images.store(getattr(part, name), default_storage)
    for name in names_of(type(part), Kind.FILE):
        if isinstance(getattr(part, name), stored_files.ValidatedFile):
            changes[name] = stored_files.store(getattr(part, name), default_storage)
    for name in names_of(type(part), Kind.LIBRARY_IMAGE):
        changes[name] = _stored_figure_image(getattr(part, name))
    for name in names_of(type(part), Kind.BLOCKS, *SHARED):
        changes[name] = tuple(_stored(inner) for inner in getattr(part, name))
    return replace(part, **changes) if changes else part


def _stored_figure_image(image: LibraryImage | images.ValidatedUpload | None) -> FigureImage | None:
    """What a figure holds of an image of the library, or of a file of its own, by which the library knows it."""
    if isinstance(image, images.ValidatedUpload):
        return FigureImage(**asdict(images.store(image, default_storage)))
    return image and _stored(image).shown
