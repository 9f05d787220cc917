"""From content files to the working copy: every fault is found before anything is changed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import (
    csv_tables,
    fact_files,
    fact_words,
    file_formats,
    glossary_files,
    html,
    images,
    page_templates,
    stored_files,
    vocabulary_files,
    working_copy,
)
from ..address_checks import AddressOwners, problem_with_address
from ..document import (
    BLOCKS,
    LANGUAGES,
    NOTHING,
    RICH_TEXT,
    SHAREABLE,
    SHARED_PARTS,
    VOCABULARIES,
    Bilingual,
    Block,
    Document,
    Download,
    FigureImage,
    LibraryImage,
    Partner,
    Term,
)
from ..field_kinds import SHARED, Kind, declarations, names_of
from ..file_formats import FORMATS
from ..models.blocks import MODELS
from ..models.download import Download as DownloadRow
from ..models.fact import Fact
from ..models.glossary_term import GlossaryTerm
from ..models.library_image import LibraryImage as LibraryImageRow
from ..models.page import Page
from ..models.page_template import KEY_PREFIX, PageTemplate, TemplateTip
from ..models.partner import PartnerOrganization
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from ..models.vocabulary_term import VocabularyTerm
from ..text_cleaning import clean_line, unstorable_characters
from ..tree import MAX_POSITION, find_cycles
from .files import UnreadableFile, is_content, is_ignored, parse, printable, read_bytes, walk
from .left_out import left_out

# The largest content file, in bytes: the longest real page is a fiftieth of it.
MAX_FILE_BYTES = 2_000_000
# As long as the key of a template may be.
MAX_TEMPLATE_KEY = 80
# How many faults are looked for, and the longest texts in one of them, in characters.
MAX_PROBLEMS, MAX_FIELD_LENGTH, MAX_REASON_LENGTH = 1000, 200, 600
# How many files that are not read are named.
MAX_UNREAD_FILES = 100
# Beside the file of partner organizations; CSV, as the admin writes and reads it.
GLOSSARY = "glossary.csv"
FACTS = "facts.yaml"
SHARED_BLOCKS = "shared_blocks.yaml"
TEMPLATES = "templates"  # the folder of page templates
VOCABULARY_FILES = "vocabularies"  # that of controlled vocabularies, a CSV file for each
# What a document says that none of a template does.
NOT_OF_TEMPLATES = ("key", "parent", "position", "title", "address")
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# What is told of the keys of shared parts, by the field that lists them.
_NO_LIST = {
    "partners": gettext_lazy("Enter a list of partner keys."),
    "downloads": gettext_lazy("Enter a list of keys of files to download."),
}
_NOT_FOUND = {
    "partners": gettext_lazy("No partner has the key “%s”. Add it to partners.yaml."),
    "downloads": gettext_lazy("No file to download has the key “%s”. Add it to downloads.yaml."),
    "images": gettext_lazy("No image has the key “%s”. Add it to images.yaml."),
}
SharedRow = PartnerOrganization | DownloadRow | LibraryImageRow


@dataclass(frozen=True)
class ImportProblem:
    """What is wrong in a content file: where, and what to do about it, in the active language."""

    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        """Says it in one line, whatever a name in the file holds."""
        parts = (self.file[:MAX_FIELD_LENGTH], self.field[:MAX_FIELD_LENGTH], self.reason[:MAX_REASON_LENGTH])
        return printable(clean_line(": ".join(filter(None, parts))))


class ImportErrors(Exception):
    """Raised by `load` when any file has a fault; nothing has been changed. `unread_files` names files not read."""

    def __init__(self, problems: Iterable[ImportProblem], unread_files: Iterable[str] = ()):
        self.problems = tuple(problems)
        self.unread_files = tuple(unread_files)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class TemplateFile:
    """A page template as its file has it: its row, which is not saved, its document and its tips by keys of blocks."""

    row: PageTemplate
    document: Document
    tips: dict[str, Bilingual]


@dataclass(frozen=True)
class SharedBlockFile:
    """A shared block as a file has it: its name for staff, and the block, whose key is its own."""

    name: Bilingual
    block: Block


@dataclass(frozen=True)
class Content:
    """What a folder holds: documents whose images and files are still in memory, parents before children."""

    partners: tuple[Partner, ...]
    downloads: tuple[Download, ...]
    images: tuple[LibraryImage, ...]
    facts: tuple[Fact, ...]  # not saved
    shared_blocks: tuple[SharedBlockFile, ...]
    pages: tuple[Document, ...]
    sources_needed: dict[str, str]  # by the key of a page, where its file says anything of it
    vocabulary_terms: tuple[VocabularyTerm, ...]  # not saved
    templates: tuple[TemplateFile, ...]
    template_of: dict[str, str]  # by the key of a page the key of its template, where its file names one
    glossary: bytes  # its file, which was found to be right; empty where the folder has none
    files: dict[str, str]  # the name of the file of each page, by key
    unread_files: tuple[str, ...]  # files of the folder that are not read, the first hundred
    losses: tuple[ImportProblem, ...] = ()  # what rich texts say that the site does not hold


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
        if problems := list(_tree_problems(content.pages, content.files)):
            raise ImportErrors(problems)
        parts = (*content.partners, *content.downloads, *content.images)
        shared = [working_copy.write_shared(_stored(part)) for part in parts]
        fact_files.store(content.facts)
        _store_shared_blocks(content.shared_blocks)
        fact_words.refresh_shared_blocks()
        vocabulary_files.store(content.vocabulary_terms)
        documents = fact_words.with_current_words([_stored(document) for document in content.pages])
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


def read(folder: Path | str) -> Content:
    """What a folder holds, checked through and through; changes nothing. Raises ContentRefused."""
    reader = Reader(Path(folder))
    content = reader.content()
    if reader.problems:
        raise ImportErrors(reader.problems, content.unread_files)
    return content


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


@dataclass(frozen=True)
class Location:
    """Where a value stands: a file and the dotted names that lead to it."""

    file: str
    field: str = ""

    def __truediv__(self, name: object) -> Location:
        return Location(self.file, f"{self.field}.{name}" if self.field else str(name))


class Reader:
    """Reads one folder, going on after each fault so that a person can correct them all at once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.problems: list[ImportProblem] = []
        self.losses: list[ImportProblem] = []
        self.shared_blocks: dict[str, SharedBlockFile] = {}
        self.shared: dict[str, dict[str, Any]] = {name: {} for name in SHARED_PARTS}  # by field, then by key
        self.sources_needed: dict[str, str] = {}
        self.template_of: dict[str, str] = {}
        self.terms: dict[tuple[str, str], Term] = {}  # by vocabulary and code
        self.files: dict[str, str] = {}
        self.used: set[str] = set()
        self.without_position: set[str] = set()  # keys of pages whose file names no position

    def add_problem(self, location: Location, reason: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(ImportProblem(location.file, location.field, reason))

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
        name, *others = [file.name for file in self._content_files("") if file.stem == kind] or [None]
        if name is None:
            return
        for other in others:
            self._refuse_second(other, name)
        seen: set[str] = set()
        for number, data in enumerate(self._yaml(name, list) or [], start=1):
            location = Location(name, str(number))
            values = self._values(location, data, SHARED_PARTS[kind], SHARED_MODELS[kind])
            if self._has_key(location, values, seen) and self._is_complete(location, values, kind):
                yield SHARED_PARTS[kind](**values)

    def _read_facts(self) -> dict[str, Fact]:
        """Return what the file of facts lists, by key; nothing where there is none."""
        names = [file.name for file in self._content_files("") if file.stem == Path(FACTS).stem]
        for other in names[1:]:
            self._refuse_second(other, names[0])
        seen: set[str] = set()
        found = {}
        for number, data in enumerate(self._yaml(names[0], list) or [] if names else [], start=1):
            location = Location(names[0], str(number))
            if not isinstance(data, dict):
                self.add_problem(location, _("Write this as name-value pairs (“name: value”)."))
            elif self._has_key(
                location, {"key": self._key(location / "key", data.get("key"), Fact, "key")}, seen
            ):
                found[data["key"]], problems = fact_files.from_plain(data)
                for field, reason in problems:
                    self.add_problem(location / field, reason)
        return found

    def _read_shared_blocks(self) -> None:
        """Read what the file of shared blocks lists; nothing where there is none."""
        names = [file.name for file in self._content_files("") if file.stem == Path(SHARED_BLOCKS).stem]
        for other in names[1:]:
            self._refuse_second(other, names[0])
        seen: set[str] = set()
        for number, data in enumerate(self._yaml(names[0], list) or [] if names else [], start=1):
            location = Location(names[0], str(number))
            if not isinstance(data, dict):
                self.add_problem(location, _("Write this as name-value pairs (“name: value”)."))
                continue
            names_of_block = {"name": data.get("name")}
            content = {name: value for name, value in data.items() if name != "name"}
            block = self._block(location, content, seen, SHAREABLE)
            name = self._name_for_staff(location / "name", **names_of_block)
            if block:
                self.shared_blocks[block.key] = SharedBlockFile(name, replace(block, shared=block.key))

    def _name_for_staff(self, location: Location, name: Any) -> Bilingual:
        """The name of a shared block, which is required in both languages."""
        found = self._bilingual(location, name, SharedBlock, "name")
        if name is not None and isinstance(name, dict) and not found.missing():
            return found
        if name is None or isinstance(name, dict):
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

    def _is_complete(self, location: Location, values: dict[str, Any], kind: str) -> bool:
        if kind == "images" and not values.get("image"):
            if "image" not in values:
                self.add_problem(location / "image", _("The image is missing."))
            return False
        if kind == "partners" and values.get("kind") not in PartnerOrganization.Kind.values:
            known = ", ".join(PartnerOrganization.Kind.values)
            self.add_problem(location / "kind", _("Choose one of: %s.") % known)
            return False
        return kind != "downloads" or self._has_fitting_files(location, values)

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

    def _term(self, location: Location, value: Any, model: type, name: str) -> Term | None:
        """A term of the vocabulary that has the name of the field, by its code."""
        if value is None:
            return None
        if isinstance(value, str) and (name, value) in self.terms:
            return self.terms[name, value]
        reason = _("The vocabulary “%(vocabulary)s” has no term with the code “%(code)s”.")
        self.add_problem(location, reason % {"vocabulary": name, "code": value})
        return None

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

    # Values

    def _values(self, location: Location, data: Any, part_type: type, model: type) -> dict[str, Any]:
        """The checked fields of one part; those that are faulty or unknown are left out."""
        if not isinstance(data, dict):
            self.add_problem(location, _("Write this as name-value pairs (“name: value”)."))
            return {}
        declared = {name: each for name, each in declarations(part_type).items() if name != "shared"}
        known = list(declared)
        for name in data:
            if name not in known and not (name == "kind" and part_type in BLOCKS.values()):
                listed = ", ".join(
                    [*known, *(["sources_needed", "template"] if part_type is Document else [])]
                )
                self.add_problem(
                    location / name, _("This name is not recognized. Use one of these: %s.") % listed
                )
        checks = {name: self._check_of(name, field.kind) for name, field in declared.items() if name in data}
        return {name: check(location / name, data[name], model, name) for name, check in checks.items()}

    def _check_of(self, name: str, kind: Kind):
        """What checks a value: for a field without a kind of its own a method with its name."""
        return getattr(self, f"_{name}" if kind is Kind.VALUE else self._CHECKS[kind])

    def _bilingual(self, location: Location, value: Any, model: type, name: str) -> Bilingual:
        if value is None:
            return NOTHING
        if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
            self.add_problem(location, _("Write the text below “en:” and “fr:”."))
            return NOTHING
        return Bilingual(**{
            language: self._text(location / language, text, model._meta.get_field(f"{name}_{language}"), name)
            for language, text in value.items()
        })  # fmt: skip

    def _text(self, location: Location, value: Any, field, name: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.add_problem(location, _("This is not text. Put it in quotation marks."))
            return ""
        if characters := unstorable_characters(value):
            reason = _("This text contains characters that are not allowed (%s). Delete them.")
            self.add_problem(location, reason % ", ".join(characters))
            return ""
        if name in RICH_TEXT:
            return self._rich_text(location, value)
        value = field.to_python(value)
        try:
            return field.clean(value, None) if value else ""
        except ValidationError as error:
            self.add_problem(location, " ".join(error.messages))
            return value

    def _rich_text(self, location: Location, value: str) -> str:
        cleaned = html.clean(value)
        if cleaned != value and (lost := ", ".join(left_out(value, cleaned))):
            self.losses.append(ImportProblem(location.file, location.field, lost))
        return cleaned

    def _slug(self, location: Location, value: Any, model: type, name: str) -> str:
        if isinstance(value, str) and KEY.fullmatch(value) and len(value) <= 100:
            return value
        self.add_problem(
            location, _("Enter a key in lowercase letters without accents, numbers and single hyphens.")
        )
        return ""

    _key = _slug

    def _parent(self, location: Location, value: Any, model: type, name: str) -> str | None:
        return None if value is None else self._slug(location, value, model, name)

    def _kind(self, location: Location, value: Any, model: type, name: str) -> str:
        return value if isinstance(value, str) else ""

    def _position(self, location: Location, value: Any, model: type, name: str) -> int:
        if type(value) is int and 0 <= value <= MAX_POSITION:
            return value
        self.add_problem(location, _("Enter a whole number from 0 to 99,999."))
        return 0

    def _boolean(self, location: Location, value: Any, model: type, name: str) -> bool:
        if isinstance(value, bool):
            return value
        self.add_problem(location, _("Write “true” or “false”."))
        return False

    def _choice(self, location: Location, value: Any, model: type, name: str) -> str:
        choices = dict(model._meta.get_field(name).flatchoices)
        if isinstance(value, str) and value in choices:
            return value
        self.add_problem(location, _("Choose one of: %s.") % ", ".join(filter(None, choices)))
        return model._meta.get_field(name).default

    def _picture(self, location: Location, value: Any, model: type, name: str):
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(
            r"images/[\w-]+\.(png|jpg|jpeg|webp)", value, re.ASCII
        ):
            self.add_problem(
                location,
                _(
                    "Enter the name of a PNG, JPEG or WebP file in the “images” folder, for example “images/map.png”."
                ),
            )
            return None
        self.used.add(value)
        try:
            too_large = _("The file is larger than %s MB.") % (images.MAX_BYTES // images.MEGABYTE)
            return images.validate_upload(read_bytes(self.folder, value, images.MAX_BYTES, too_large))
        except UnreadableFile as error:
            self.add_problem(location, f"“{value}”: {error}")
        except ValidationError as error:
            self.add_problem(location, " ".join(error.messages))
        return None

    def _stored_file(self, location: Location, value: Any, model: type, name: str):
        if value is None:
            return None
        kinds = "|".join(FORMATS)
        if not isinstance(value, str) or not re.fullmatch(rf"files/[\w-]+\.({kinds})", value, re.ASCII):
            self.add_problem(
                location,
                _("Enter the name of a file in the “files” folder, for example “files/report-en.pdf”."),
            )
            return None
        self.used.add(value)
        limit = settings.MAX_FILE_MB
        try:
            too_large = _("The file is larger than %s MB.") % limit
            data = read_bytes(self.folder, value, limit * file_formats.MEGABYTE, too_large)
            return stored_files.validate_upload(data, value)
        except UnreadableFile as error:
            self.add_problem(location, f"“{value}”: {error}")
        except ValidationError as error:
            self.add_problem(location, " ".join(error.messages))
        return None

    def _blocks(self, location: Location, value: Any, model: type, name: str) -> tuple:
        if not isinstance(value, list):
            self.add_problem(location, _("Enter a list. Each block begins with “- kind: …”."))
            return ()
        seen: set[str] = set()
        read = (self._block(location / number, data, seen) for number, data in enumerate(value, start=1))
        return tuple(block for block in read if block)

    def _block(self, location: Location, data: Any, seen: set[str], kinds=BLOCKS):
        kind = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            self.add_problem(location / "kind", _("Choose one of: %s.") % ", ".join(kinds))
            return None
        values = self._values(location, data, BLOCKS[kind], MODELS[BLOCKS[kind]])
        if not self._has_key(location, values, seen):
            return None
        chosen = values.get("shared_block")
        return replace(chosen, key=values["key"]) if chosen else BLOCKS[kind](**values)

    def _has_key(self, location: Location, values: dict[str, Any], seen: set[str]) -> bool:
        key = values.get("key", "")
        if not key:
            self.add_problem(location / "key", _("The key is missing."))
        elif key in seen:
            self.add_problem(
                location / "key", _("The key “%s” is used twice. Each key must be unique.") % key
            )
        else:
            seen.add(key)
            return True
        return False

    def _chosen(self, location: Location, value: Any, model: type, name: str) -> tuple[Any, ...]:
        """The shared parts that a block names by their keys."""
        if not isinstance(value, list):
            self.add_problem(location, str(_NO_LIST[name]))
            return ()
        found = {key: self._shared_part(location, name, key) for key in value if isinstance(key, str)}
        if len(found) != len(value):
            self.add_problem(location, _("Use each key only once."))
        return tuple(found[key] for key in sorted(found) if found[key])

    def _library_image(self, location: Location, value: Any, model: type, name: str):
        """An image that a figure names by its key, or by a file as before there was a library."""
        if value is None or not isinstance(value, str) or not KEY.fullmatch(value):
            return self._picture(location, value, model, name)
        return self._shared_part(location, "images", value)

    def _shared_part(self, location: Location, name: str, key: str) -> Any:
        if key in self.shared[name]:
            return self.shared[name][key]
        if key not in self.stored_shared[name]:
            self.add_problem(location, str(_NOT_FOUND[name]) % key)
            return None
        return working_copy.read_shared(self.stored_shared[name][key])

    def _chosen_shared_block(self, location: Location, value: Any, model: type, name: str) -> Block | str:
        """The shared block that a place names by its key, as the files or the site have it; "" for none."""
        if value in self.shared_blocks if isinstance(value, str) else False:
            return self.shared_blocks[value].block
        row = SharedBlock.objects.filter(key=value).first() if isinstance(value, str) else None
        if row is None and value is not None:
            reason = _("No shared block has the key “%s”. Add it to shared_blocks.yaml.")
            self.add_problem(location, reason % value)
        return working_copy.read_shared_block(row) if row else ""

    @cached_property
    def stored_shared(self) -> dict[str, dict[str, Any]]:
        return {name: {row.key: row for row in model.objects.all()} for name, model in SHARED_MODELS.items()}

    _CHECKS = {
        Kind.PLAIN_TEXT: "_bilingual",
        Kind.RICH_TEXT: "_bilingual",
        Kind.IMAGE: "_picture",
        Kind.LIBRARY_IMAGE: "_library_image",
        Kind.FLAG: "_boolean",
        Kind.CHOICE: "_choice",
        Kind.TERM: "_term",
        Kind.FILE: "_stored_file",
        Kind.PARTNERS: "_chosen",
        Kind.DOWNLOADS: "_chosen",
        Kind.SHARED_BLOCK: "_chosen_shared_block",
        Kind.BLOCKS: "_blocks",
    }

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
        self.problems += _tree_problems(documents, self.files)
        return tuple(_parents_first(_with_positions(documents, self.without_position)))


def _address_problem(
    document: Document, language: str, rows: dict[str, str], owners: AddressOwners
) -> str | None:
    """`working_models` are the keys of other pages by the addresses of their working copies."""
    address = document.address[language]
    if not address:
        return None
    if address in rows:
        return _("The page “%s” already uses this address.") % rows[address]
    is_home = document.parent is None
    return problem_with_address(document.key, language, address, owners, is_home=is_home)


def _tree_problems(documents: Iterable[Document], files: dict[str, str]) -> Iterator[ImportProblem]:
    """What is wrong with the tree of all pages as it would be with these documents, however few they are."""
    documents = {document.key: document for document in documents}
    stored = dict(Page.objects.values_list("key", "parent__key"))
    parents = stored | {key: document.parent for key, document in documents.items()}
    homes = [key for key, parent in stored.items() if parent is None] or [
        key for key, document in documents.items() if document.parent is None
    ][:1]
    cycles = {key: cycle for cycle in find_cycles(parents) for key in cycle}
    for key, document in documents.items():
        if reason := _parent_problem(document, homes, parents, cycles):
            yield ImportProblem(files[key], "parent", reason)


def _parent_problem(document, homes, parents, cycles) -> str:
    if document.key in homes and document.parent is not None:
        return _("This is the home page of the site. Leave out its parent.")
    if document.key not in homes and document.parent is None:
        return _("Only the home page has no parent. Choose a parent page.")
    if document.parent is not None and document.parent not in parents:
        return _("There is no page “%s” to be the parent of this one.") % document.parent
    if document.key in cycles:
        circle = " → ".join([*cycles[document.key], cycles[document.key][0]])
        return _("The pages above this one are also below it (%s). Choose another parent page.") % circle
    return ""


def _with_positions(documents: list[Document], unplaced: set[str]) -> list[Document]:
    """Gives those without a position the one they have, or the one after all others of the same parent."""
    named = {document.key for document in documents}
    stored = {
        page.key: page
        for page in Page.objects.select_related("parent").only("key", "position", "parent__key")
    }
    last: dict[str | None, int] = {}
    for page in stored.values():
        if page.key not in named or page.key in unplaced:
            parent = page.parent and page.parent.key
            last[parent] = max(page.position, last.get(parent, -1))
    for document in documents:
        if document.key not in unplaced:
            last[document.parent] = max(document.position, last.get(document.parent, -1))
    return [
        _with_position(document, stored.get(document.key), last) if document.key in unplaced else document
        for document in documents
    ]


def _with_position(document: Document, page: Page | None, last: dict[str | None, int]) -> Document:
    if page and (page.parent and page.parent.key) == document.parent:
        return replace(document, position=min(page.position, MAX_POSITION))
    last[document.parent] = min(last.get(document.parent, -1) + 1, MAX_POSITION)
    return replace(document, position=last[document.parent])


def _parents_first(documents: list[Document]) -> Iterator[Document]:
    waiting = {document.key: document for document in documents}
    while ready := [document for document in waiting.values() if document.parent not in waiting]:
        for document in ready:
            yield waiting.pop(document.key)
