"""What content files hold once they are read, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..document import Bilingual, Block, Document, Download, LibraryImage, Partner
from ..models.fact import Fact
from ..models.page_template import PageTemplate
from ..models.vocabulary_term import VocabularyTerm
from ..text_cleaning import clean_line
from .files import printable

# Beside the file of partner organizations; CSV, as the admin writes and reads it.
GLOSSARY = "glossary.csv"
FACTS = "facts.yaml"
SHARED_BLOCKS = "shared_blocks.yaml"
TEMPLATES = "templates"  # the folder of page templates
VOCABULARY_FILES = "vocabularies"  # that of controlled vocabularies, a CSV file for each
# What a document says that none of a template does.
NOT_OF_TEMPLATES = ("key", "parent", "position", "title", "address")
# The longest texts in a fault, in characters.
MAX_FIELD_LENGTH, MAX_REASON_LENGTH = 200, 600


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
