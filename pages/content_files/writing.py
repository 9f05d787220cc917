"""From the working copy to content files, always in the same form: what was loaded comes out as it was."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from django.core.files.storage import default_storage

from .. import fact_files, glossary_files, image_marks, images, stored_files, vocabulary_files, working_copy
from ..document import LANGUAGES, VOCABULARIES, Document, Download, LibraryImage, Partner, SharedPlace
from ..field_kinds import Kind, declarations, names_of
from ..models.fact import Fact
from ..models.glossary_term import GlossaryTerm
from ..models.page import Page
from ..models.page_template import PageTemplate
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from ..models.vocabulary_term import VocabularyTerm
from ..stored_files import StoredFile
from .content import FACTS, GLOSSARY, NOT_OF_TEMPLATES, SHARED_BLOCKS, TEMPLATES, VOCABULARY_FILES


def dump(folder: Path | str) -> list[Path]:
    """Writes the whole working copy into a folder, over files of the same names, and returns their paths.

    Raises OSError, and then the files that were there are as they were.
    """
    folder = Path(folder)
    pages = Page.objects.with_content().select_related("template").order_by("key")
    documents = [working_copy.read(page) for page in pages]
    shared = {
        name: [working_copy.read_shared(row) for row in model.objects.all()]
        for name, model in SHARED_MODELS.items()
    }
    files = {
        f"pages/{document.key}.yaml": _page_text(document, page)
        for page, document in zip(pages, documents, strict=True)
    }
    for name, parts in shared.items():
        if parts or name == "partners":
            files[f"{name}.yaml"] = _text([_shared_plain(part) for part in parts])
    if facts := list(Fact.objects.all()):
        files[FACTS] = _text([fact_files.to_plain(fact) for fact in facts])
    if shared_blocks := list(SharedBlock.objects.all()):
        files[SHARED_BLOCKS] = _text([_shared_block_plain(row) for row in shared_blocks])
    for template in PageTemplate.objects.prefetch_related("tips"):
        files[f"{TEMPLATES}/{template.key}.yaml"] = _template_text(template)
    for name in VOCABULARIES:
        if rows := list(VocabularyTerm.objects.filter(vocabulary=name)):
            files[f"{VOCABULARY_FILES}/{name}.csv"] = vocabulary_files.write(rows).encode()
    if terms := list(GlossaryTerm.objects.all()):
        files[GLOSSARY] = glossary_files.write(terms).encode()
    files |= _picture_files([*shared["partners"], *shared["images"], *shared["downloads"]])
    files |= _download_files(shared["downloads"])
    _replace_all({folder / name: data for name, data in files.items()})
    return [folder / name for name in files]


def _replace_all(files: dict[Path, bytes]) -> None:
    """Write files beside the old ones, then put them in place: a full disk leaves the old ones. Raises OSError."""
    aside = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside[path].write_bytes(data)
        for path, new in aside.items():
            os.replace(new, path)
    finally:
        for new in aside.values():
            with suppress(OSError):
                new.unlink()


def _page_text(document: Document, page: Page) -> bytes:
    plain = {
        "sources_needed": page.sources_needed or None,
        "template": page.template and page.template.key,
        **_plain(document, document.key),
    }
    del plain["key"]
    return _text(_without_empty(plain))


def _template_text(template: PageTemplate) -> bytes:
    """A template as its file has it: what it is, and the page that it begins, each block with its tip."""
    document = template.read()
    plain = _plain(document, document.key)
    tips = {tip.block: _without_empty({"en": tip.text_en, "fr": tip.text_fr}) for tip in template.tips.all()}
    for block in plain["blocks"]:
        block["tip"] = tips.get(block["key"], {})
    for name in NOT_OF_TEMPLATES:
        del plain[name]
    own = {
        "name": {"en": template.name_en, "fr": template.name_fr},
        "purpose": _without_empty({"en": template.purpose_en, "fr": template.purpose_fr}),
        "allowed_blocks": template.allowed_blocks,
        "tip": tips.get("", {}),
    }
    blocks = [_without_empty(block) for block in plain.pop("blocks")]
    return _text(_without_empty({**own, **plain, "blocks": blocks}))


def _block_plain(document: Document, block) -> dict[str, Any]:
    if block.shared:
        block = SharedPlace(block.key, shared_block=block.shared)
    return _without_empty({"kind": block.kind, **_plain(block, f"{document.key}-{block.key}")})


def _shared_block_plain(row: SharedBlock) -> dict[str, Any]:
    """Its key and name for staff, then its kind and what it says."""
    block = replace(working_copy.read_shared_block(row), shared="")
    name = {language: row.name[language] for language in LANGUAGES}
    return _without_empty({"key": row.key, "name": name, "kind": block.kind, **_plain(block, row.key)})


def _shared_plain(part: Partner | Download | LibraryImage) -> dict[str, Any]:
    return _without_empty(_plain(part, part.key))


def _without_empty(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ({}, [], None, "")}


def _plain(part, owner: str) -> dict[str, Any]:
    """The fields of a part as YAML has them; `owner` is what its images are named after."""
    return {
        name: _plain_value(part, name, declared.kind, owner)
        for name, declared in declarations(type(part)).items()
    }


def _plain_value(part, name: str, kind: Kind, owner: str) -> Any:
    value = getattr(part, name)
    match kind:
        case Kind.PLAIN_TEXT:
            return {language: value[language] for language in LANGUAGES if value[language]}
        case Kind.RICH_TEXT:
            texts = {language: image_marks.as_written(value[language]) for language in LANGUAGES}
            return {language: f"{text}\n" for language, text in texts.items() if text}
        case Kind.IMAGE:
            return value and _picture_name(owner, name, value)
        case Kind.LIBRARY_IMAGE:
            return value and value.library_key
        case Kind.TERMS:
            codes = [term.code for term in value]
            return codes[0] if len(codes) == 1 else codes
        case Kind.FILE:
            return value and _file_name(owner, name, value)
        case Kind.PARTNERS | Kind.DOWNLOADS:
            return [part.key for part in value]
        case Kind.BLOCKS:
            return [_block_plain(part, block) for block in value]
    return value


# Added to the key that the file of an image is named after: partners and images may have the same.
_SUFFIXES = {"logo": "", "image": "_en", "image_fr": "_fr", "poster": "_poster"}


def _picture_name(owner: str, field: str, image: images.Image) -> str:
    return f"images/{owner}{_SUFFIXES[field]}.{images.extension(image)}"


def _picture_files(parts: Iterable[Partner | LibraryImage | Download]) -> dict[str, bytes]:
    """The files of logos and posters, and of the library: `images/map_en.png` beside `images/map_fr.png`."""
    return {
        _picture_name(part.key, name, image): images.original(image, default_storage)
        for part in parts
        for name in names_of(type(part), Kind.IMAGE)
        if (image := getattr(part, name))
    }


def _file_name(owner: str, field: str, file: StoredFile) -> str:
    return f"files/{owner}-{field.removeprefix('file_').replace('_', '-')}.{file.format}"


def _download_files(downloads: list[Download]) -> dict[str, bytes]:
    """The files of both languages: `files/report-en.pdf` beside `files/report-fr.pdf`."""
    return {
        _file_name(download.key, name, file): stored_files.original(file, default_storage)
        for download in downloads
        for name in names_of(Download, Kind.FILE)
        if (file := getattr(download, name))
    }


class Dumper(yaml.SafeDumper):
    """Texts of several lines as they read; nothing folded, so that a change of words is a change of one line."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _represent_text)


def _text(plain: Any) -> bytes:
    text = yaml.dump(plain, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return text.encode()
