"""From the working copy to content files, always in the same form: what was loaded comes out as it was."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from django.core.files.storage import default_storage

from .. import images, working_copy
from ..document import LANGUAGES, RICH_TEXT, Bilingual, Document, Partner
from ..rows import Page, PartnerOrganization


def dump(folder: Path | str) -> list[Path]:
    """Writes the whole working copy into a folder, over files of the same names, and returns their paths."""
    folder = Path(folder)
    pages = Page.objects.with_content().order_by("key")
    documents = [working_copy.read(page) for page in pages]
    partners = [working_copy.read_partner(row) for row in PartnerOrganization.objects.all()]
    files = {f"pages/{document.key}.yaml": _page_text(document) for document in documents}
    files["partners.yaml"] = _text([_partner_plain(partner) for partner in partners])
    files |= _picture_files(documents, partners)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [folder / name for name in files]


def _page_text(document: Document) -> bytes:
    plain = _plain(document)
    plain["blocks"] = [_block_plain(document, block) for block in document.blocks]
    del plain["key"]
    return _text({name: value for name, value in plain.items() if value not in ({}, [], None)})


def _block_plain(document: Document, block) -> dict[str, Any]:
    plain = {"kind": block.kind, **_plain(block)}
    if "partners" in plain:
        plain["partners"] = [partner.key for partner in block.partners]
    if plain.get("image"):
        plain["image"] = _picture_name(f"{document.key}-{block.key}", block.image)
    return {name: value for name, value in plain.items() if value not in ({}, [], None)}


def _partner_plain(partner: Partner) -> dict[str, Any]:
    plain = _plain(partner)
    plain["logo"] = partner.logo and _picture_name(partner.key, partner.logo)
    return {name: value for name, value in plain.items() if value not in ({}, None)}


def _plain(part) -> dict[str, Any]:
    return {field.name: _plain_value(field.name, getattr(part, field.name)) for field in fields(part)}


def _plain_value(name: str, value: Any) -> Any:
    if not isinstance(value, Bilingual):
        return value
    end = "\n" if name in RICH_TEXT else ""
    return {language: value[language] + end for language in LANGUAGES if value[language]}


def _picture_name(owner: str, image: images.Image) -> str:
    return f"images/{owner}.{images.extension(image)}"


def _picture_files(documents: list[Document], partners: list[Partner]) -> dict[str, bytes]:
    named = {}
    for document in documents:
        for block in document.blocks:
            if getattr(block, "image", None):
                named[_picture_name(f"{document.key}-{block.key}", block.image)] = block.image
    named |= {_picture_name(partner.key, partner.logo): partner.logo for partner in partners if partner.logo}
    return {name: images.original(image, default_storage) for name, image in named.items()}


class Dumper(yaml.SafeDumper):
    """Texts of several lines as they read; nothing folded, so that a change of words is a change of one line."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _represent_text)


def _text(plain: Any) -> bytes:
    text = yaml.dump(plain, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return text.encode()
