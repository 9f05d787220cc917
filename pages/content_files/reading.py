"""From content files to what they hold: every fault is found, and nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .. import (
    csv_tables,
    fact_files,
    fact_words,
    file_formats,
    glossary_files,
    image_crops,
    vocabulary_files,
)
from ..address_checks import AddressOwners, problem_with_address
from ..document import (
    BLOCKS,
    LANGUAGES,
    SHAREABLE,
    SHARED_PARTS,
    VOCABULARIES,
    Bilingual,
    Document,
    Download,
    images_of_texts,
)
from ..field_kinds import Kind, names_of
from ..models.fact import Fact
from ..models.glossary_term import GlossaryTerm
from ..models.page import Page
from ..models.page_template import KEY_PREFIX, PageTemplate, TemplateTip
from ..models.partner import PartnerOrganization
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from ..models.vocabulary_term import VocabularyTerm
from .content import (
    FACTS,
    GLOSSARY,
    NOT_OF_TEMPLATES,
    SHARED_BLOCKS,
    TEMPLATES,
    VOCABULARY_FILES,
    Content,
    ImportErrors,
    SharedBlockFile,
    TemplateFile,
)
from .files import UnreadableFile, is_content, is_ignored, parse, read_bytes, walk
from .tree_order import parents_first, tree_problems, with_positions
from .values import KEY, NOT_FOUND, Location, ValueReader

# The largest content file, in bytes: the longest real page is a fiftieth of it.
MAX_FILE_BYTES = 2_000_000
# As long as the key of a template may be.
MAX_TEMPLATE_KEY = 80
# How many files that are not read are named.
MAX_UNREAD_FILES = 100


def read(folder: Path | str) -> Content:
    """What a folder holds, checked through and through; changes nothing. Raises ContentRefused."""
    reader = Reader(Path(folder))
    content = reader.content()
    if reader.problems:
        raise ImportErrors(reader.problems, content.unread_files)
    return content


class Reader(ValueReader):
    """Reads one folder, going on after each fault so that a person can correct them all at once."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.sources_needed: dict[str, str] = {}
        self.template_of: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.without_position: set[str] = set()  # keys of pages whose file names no position

    def content(self) -> Content:
        files = self._page_files()
        if not files and not self.problems:
            self.add_problem(
                Location("pages"), _("There is no page file (pages/….yaml) in %s.") % self.folder
            )
        for name in SHARED_PARTS:
            self.shared[name] = {part.key: part for part in self._read_shared(name)}
        facts = self._read_facts()
        self._read_shared_blocks()
        vocabulary_terms = self._read_vocabularies()
        documents = [document for file in files if (document := self._read_page(file))]
        templates = self._read_templates()
        self._check_templates_of_pages(templates)
        self._check_facts(documents, facts)
        self._check_images(documents)
        self._check_addresses(documents)
        glossary = self._read_glossary()
        pages = self._in_tree_order(documents)
        unread_files = (name for name in walk(self.folder) if name not in self.used)
        return Content(
            tuple(self.shared["partners"].values()),
            tuple(self.shared["downloads"].values()),
            tuple(self.shared["images"].values()),
            tuple(facts.values()),
            tuple(self.shared_blocks.values()),
            pages,
            self.sources_needed,
            tuple(vocabulary_terms),
            tuple(templates.values()),
            self.template_of,
            glossary,
            self.files,
            tuple(islice(unread_files, MAX_UNREAD_FILES)),
            tuple(self.losses),
        )

    # Files

    def _page_files(self) -> list[Path]:
        """Return the files of pages in the order of their names; a second one for a key is a fault."""
        found = []
        for file in self._content_files("pages"):
            first = self.files.setdefault(file.stem, f"pages/{file.name}")
            if first == f"pages/{file.name}":
                found.append(file)
            else:
                self._refuse_second(f"pages/{file.name}", first)
        return found

    def _content_files(self, folder: str) -> list[Path]:
        files = sorted((self.folder / folder).glob("*"))
        return [file for file in files if is_content(file.name) and not is_ignored(file.name)]

    def _refuse_second(self, name: str, first: str) -> None:
        self.used.add(name)
        self.add_problem(Location(name), _("This file has the same name as %s. Keep one of them.") % first)

    def _yaml(self, name: str, expected: type) -> Any:
        location = Location(name)
        self.used.add(name)
        try:
            data = read_bytes(
                self.folder, name, MAX_FILE_BYTES, _("The file is larger than 2 MB. Split the page.")
            )
            value = parse(data)
        except UnreadableFile as error:
            self.add_problem(location, str(error))
            return None
        if isinstance(value, expected):
            return value
        self.add_problem(
            location, _("The file does not start as expected. See the starter content for an example.")
        )
        return None

    def _read_shared(self, kind: str) -> Iterator[Any]:
        """Yield what the file of a kind of shared parts lists, such as `partners.yaml`."""
        seen: set[str] = set()
        for location, data in self._rows(kind):
            values = self._values(location, data, SHARED_PARTS[kind], SHARED_MODELS[kind])
            if self._has_key(location, values, seen) and self._is_complete(location, values, kind):
                yield SHARED_PARTS[kind](**values)

    def _rows(self, stem: str) -> Iterator[tuple[Location, Any]]:
        """Yield what the file of this name lists, with the place of each; nothing where there is none."""
        name, *others = [file.name for file in self._content_files("") if file.stem == stem] or [None]
        if name is None:
            return
        for other in others:
            self._refuse_second(other, name)
        for number, data in enumerate(self._yaml(name, list) or [], start=1):
            yield Location(name, str(number)), data

    def _pairs(self, stem: str) -> Iterator[tuple[Location, dict]]:
        """Yield the same where each has to be name-value pairs; what is not is a fault."""
        for location, data in self._rows(stem):
            if isinstance(data, dict):
                yield location, data
            else:
                self.add_problem(location, _("Write this as name-value pairs (“name: value”)."))

    def _read_facts(self) -> dict[str, Fact]:
        """Return what the file of facts lists, by key; nothing where there is none."""
        seen: set[str] = set()
        found = {}
        for location, data in self._pairs(Path(FACTS).stem):
            key = self._key(location / "key", data.get("key"), Fact, "key")
            if self._has_key(location, {"key": key}, seen):
                found[key], problems = fact_files.from_plain(data)
                for field, reason in problems:
                    self.add_problem(location / field, reason)
        return found

    def _read_shared_blocks(self) -> None:
        """Read what the file of shared blocks lists; nothing where there is none."""
        seen: set[str] = set()
        for location, data in self._pairs(Path(SHARED_BLOCKS).stem):
            content = {name: value for name, value in data.items() if name != "name"}
            block = self._block(location, content, seen, SHAREABLE)
            name = self._name_for_staff(location / "name", data.get("name"))
            if block:
                self.shared_blocks[block.key] = SharedBlockFile(name, replace(block, shared=block.key))

    def _name_for_staff(self, location: Location, name: Any) -> Bilingual:
        """The name of a shared block, which is required in both languages."""
        found = self._bilingual(location, name, SharedBlock, "name")
        if (name is None or isinstance(name, dict)) and found.missing():
            self.add_problem(location, _("Write the name in English and in French."))
        return found

    def _check_facts(self, documents: list[Document], facts: dict[str, Fact]) -> None:
        """Refuse texts that name a fact which is neither in the file of facts nor on the site."""
        shared = Document("", blocks=tuple(file.block for file in self.shared_blocks.values()))
        named = {(SHARED_BLOCKS, key) for key in fact_words.facts_of(shared)}
        named |= {
            (self.files[document.key], key) for document in documents for key in fact_words.facts_of(document)
        }
        missing = {key for _file, key in named} - facts.keys()
        missing -= (
            set(Fact.objects.filter(key__in=missing).values_list("key", flat=True)) if missing else set()
        )
        for file, key in sorted(named):
            if key in missing:
                reason = _("No fact has the key “%s”. Add it to facts.yaml.") % key
                self.add_problem(Location(file), reason)

    def _check_images(self, documents: list[Document]) -> None:
        """Refuse texts that name an image which is neither in the file of images nor in the library."""
        shared = Document("", blocks=tuple(file.block for file in self.shared_blocks.values()))
        named = {(SHARED_BLOCKS, image.key) for image in images_of_texts(shared)}
        named |= {
            (self.files[document.key], image.key)
            for document in documents
            for image in images_of_texts(document)
        }
        for file, key in sorted(named):
            if key not in self.shared["images"] and key not in self.stored_shared["images"]:
                self.add_problem(Location(file), str(NOT_FOUND["images"]) % key)

    def _is_complete(self, location: Location, values: dict[str, Any], kind: str) -> bool:
        if kind == "images" and not values.get("image"):
            if "image" not in values:
                self.add_problem(location / "image", _("The image is missing."))
            return False
        if kind == "images":
            return self._has_fitting_crops(location, values)
        if kind == "partners" and values.get("kind") not in PartnerOrganization.Kind.values:
            known = ", ".join(PartnerOrganization.Kind.values)
            self.add_problem(location / "kind", _("Choose one of: %s.") % known)
            return False
        return kind != "downloads" or self._has_fitting_files(location, values)

    def _has_fitting_crops(self, location: Location, values: dict[str, Any]) -> bool:
        problems = {
            name: message
            for name, image in (("crop", values["image"]), ("crop_fr", values.get("image_fr")))
            if (message := image_crops.message(values.get(name, ""), image))
        }
        for name, message in problems.items():
            self.add_problem(location / name, message)
        return not problems

    def _has_fitting_files(self, location: Location, values: dict[str, Any]) -> bool:
        names = names_of(Download, Kind.FILE, Kind.IMAGE)
        formats = {name: getattr(values[name], "format", "image") for name in names if values.get(name)}
        problems = file_formats.misplaced(formats)
        for name, problem in problems.items():
            self.add_problem(location / name, str(problem))
        return not problems

    def _read_page(self, file: Path) -> Document | None:
        location = Location(f"pages/{file.name}")
        if not KEY.fullmatch(file.stem):
            self.used.add(location.file)
            self.add_problem(
                location,
                _("Use only lowercase letters without accents, numbers and single hyphens in the file name."),
            )
            return None
        data = self._yaml(location.file, dict)
        if data is None:
            return None
        self._note_sources(location, file.stem, data)
        self._note_template(location, file.stem, data)
        values = self._values(location, {**data, "key": file.stem}, Document, Page)
        if "position" not in values:
            self.without_position.add(file.stem)
        return Document(**values)

    def _note_sources(self, location: Location, key: str, data: dict[str, Any]) -> None:
        """Takes out of a page what still needs a source; one that says nothing of it leaves the page's own."""
        name = "sources_needed"
        if name in data:
            field = Page._meta.get_field(name)
            self.sources_needed[key] = self._text(location / name, data.pop(name), field, name)

    def _note_template(self, location: Location, key: str, data: dict[str, Any]) -> None:
        """Takes out of a page from which template it was made; one that says nothing of it leaves the page's own."""
        if "template" not in data:
            return
        if template := self._slug(location / "template", data.pop("template"), Page, "template"):
            self.template_of[key] = template

    def _check_templates_of_pages(self, templates: dict[str, TemplateFile]) -> None:
        """Refuses pages of a template that is neither in the folder nor on the site."""
        missing = set(self.template_of.values()) - templates.keys()
        if missing:
            missing -= set(PageTemplate.objects.filter(key__in=missing).values_list("key", flat=True))
        for page, key in self.template_of.items():
            if key in missing:
                reason = _("There is no template “%s”. Add its file to the folder “templates”.") % key
                self.add_problem(Location(self.files[page], "template"), reason)

    # Page templates

    def _read_templates(self) -> dict[str, TemplateFile]:
        """Return the page templates of the folder by their keys, which are the names of their files."""
        found: dict[str, TemplateFile] = {}
        for file in self._content_files(TEMPLATES):
            name = f"{TEMPLATES}/{file.name}"
            if file.stem in found:
                self._refuse_second(name, f"{TEMPLATES}/{file.stem}")
            elif template := self._read_template(Location(name), file.stem):
                found[file.stem] = template
        return found

    def _read_template(self, location: Location, key: str) -> TemplateFile | None:
        data = self._yaml(location.file, dict)
        is_key = len(key) <= MAX_TEMPLATE_KEY and KEY.fullmatch(key)
        if data is None or not self._slug(location, key if is_key else "", PageTemplate, "key"):
            return None
        row = self._template_row(location, key, data)
        for name in NOT_OF_TEMPLATES:
            if data.pop(name, None) is not None:
                self.add_problem(location / name, _("A template does not have this. Leave it out."))
        tips = {
            "": self._tip(location, data),
            **self._tips_of_blocks(location / "blocks", data.get("blocks")),
        }
        values = self._values(location, {**data, "key": KEY_PREFIX + key}, Document, Page)
        return TemplateFile(row, Document(**values), tips) if values.get("key") else None

    def _template_row(self, location: Location, key: str, data: dict[str, Any]) -> PageTemplate:
        """Takes out of a file what it says of the template itself."""
        row = PageTemplate(key=key)
        for name in ("name", "purpose"):
            text = self._bilingual(location / name, data.pop(name, None), PageTemplate, name)
            for language in LANGUAGES:
                setattr(row, f"{name}_{language}", text[language])
        if not (row.name_en and row.name_fr):
            self.add_problem(location / "name", _("Name the template in both languages."))
        row.allowed_blocks = data.pop("allowed_blocks", [])
        if not isinstance(row.allowed_blocks, list) or not all(
            isinstance(kind, str) and kind in BLOCKS for kind in row.allowed_blocks
        ):
            self.add_problem(location / "allowed_blocks", _("Choose one of: %s.") % ", ".join(BLOCKS))
        return row

    def _tips_of_blocks(self, location: Location, blocks: Any) -> dict[str, Bilingual]:
        """Takes the tips out of blocks, and gives them by the keys of these."""
        return {
            str(block.get("key")): self._tip(location / number, block)
            for number, block in enumerate(blocks if isinstance(blocks, list) else (), start=1)
            if isinstance(block, dict)
        }

    def _tip(self, location: Location, data: dict[str, Any]) -> Bilingual:
        return self._bilingual(location / "tip", data.pop("tip", None), TemplateTip, "text")

    # Vocabularies

    def _read_vocabularies(self) -> list[VocabularyTerm]:
        """Return the terms of the vocabularies in the folder, not saved; pages may have these and those of the site."""
        self.terms = {(row.vocabulary, row.code): row.read() for row in VocabularyTerm.objects.all()}
        found: list[VocabularyTerm] = []
        for name in VOCABULARIES:
            file = f"{VOCABULARY_FILES}/{name}.csv"
            if os.path.lexists(self.folder / file):
                found += self._read_vocabulary(file, name)
        self.terms |= {(row.vocabulary, row.code): row.read() for row in found}
        return found

    def _read_vocabulary(self, file: str, name: str) -> list[VocabularyTerm]:
        self.used.add(file)
        too_large = _("The file is larger than 500 kB. Split it.")
        try:
            data = read_bytes(self.folder, file, csv_tables.MAX_FILE_BYTES, too_large)
            return vocabulary_files.read(data, name)
        except UnreadableFile as error:
            self.add_problem(Location(file), str(error))
        except csv_tables.TableErrors as errors:
            for line, message in errors.problems:
                self.add_problem(Location(file, _("line %s") % line if line else ""), message)
        return []

    def _read_glossary(self) -> bytes:
        """Return the file of the glossary, once what it changes has been found out; nothing where there is none."""
        if not os.path.lexists(self.folder / GLOSSARY):
            return b""
        self.used.add(GLOSSARY)
        try:
            limit, too_large = glossary_files.MAX_FILE_BYTES, _("The file is larger than 500 kB. Split it.")
            data = read_bytes(self.folder, GLOSSARY, limit, too_large)
            glossary_files.changes(data, GlossaryTerm.objects.all())
        except UnreadableFile as error:
            self.add_problem(Location(GLOSSARY), str(error))
        except glossary_files.GlossaryErrors as errors:
            for line, message in errors.problems:
                self.add_problem(Location(GLOSSARY, _("line %s") % line if line else ""), message)
        else:
            return data
        return b""

    # The pages together

    def _check_addresses(self, documents: list[Document]) -> None:
        keys = {document.key for document in documents}
        owners = AddressOwners(document.address for document in documents)
        for language in LANGUAGES:
            others = Page.objects.exclude(key__in=keys).values_list(f"address_{language}", "key")
            rows = {address: key for address, key in others if address}
            for document in documents:
                if reason := _address_problem(document, language, rows, owners):
                    self.add_problem(Location(self.files[document.key], f"address.{language}"), reason)
                rows[document.address[language]] = document.key

    def _in_tree_order(self, documents: list[Document]) -> tuple[Document, ...]:
        """The documents, parents before children, each with a position; those with a faulty place are left out."""
        self.problems += tree_problems(documents, self.files)
        return tuple(parents_first(with_positions(documents, self.without_position)))


def _address_problem(
    document: Document, language: str, rows: dict[str, str], owners: AddressOwners
) -> str | None:
    """Return why a page may not have its address, None where it may; `rows` are the keys of other pages by address."""
    address = document.address[language]
    if not address:
        return None
    if address in rows:
        return _("The page “%s” already uses this address.") % rows[address]
    is_home = document.parent is None
    return problem_with_address(document.key, language, address, owners, is_home=is_home)
