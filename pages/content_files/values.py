"""From one value of a content file to what the site holds: each kind of field is checked, and every fault noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import file_formats, html, image_crops, image_marks, images, stored_files, working_copy
from ..document import (
    BLOCKS,
    LANGUAGES,
    NOTHING,
    RICH_TEXT,
    SHARED_PARTS,
    Bilingual,
    Block,
    Document,
    Term,
)
from ..field_kinds import Kind, declarations
from ..file_formats import FORMATS
from ..models.blocks import MODELS
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from ..text_cleaning import unstorable_characters
from ..tree import MAX_POSITION
from .content import ImportProblem, SharedBlockFile
from .files import UnreadableFile, read_bytes
from .left_out import left_out

# How many faults are looked for.
MAX_PROBLEMS = 1000
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# What is told of the keys of shared parts, by the field that lists them.
_NO_LIST = {
    "partners": gettext_lazy("Enter a list of partner keys."),
    "downloads": gettext_lazy("Enter a list of keys of files to download."),
}
NOT_FOUND = {
    "partners": gettext_lazy("No partner has the key “%s”. Add it to partners.yaml."),
    "downloads": gettext_lazy("No file to download has the key “%s”. Add it to downloads.yaml."),
    "images": gettext_lazy("No image has the key “%s”. Add it to images.yaml."),
}


@dataclass(frozen=True)
class Location:
    """Where a value stands: a file and the dotted names that lead to it."""

    file: str
    field: str = ""

    def __truediv__(self, name: object) -> Location:
        return Location(self.file, f"{self.field}.{name}" if self.field else str(name))


class ValueReader:
    """Reads values of one folder. A faulty one is noted, and read as nothing."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.problems: list[ImportProblem] = []
        self.losses: list[ImportProblem] = []
        self.shared_blocks: dict[str, SharedBlockFile] = {}
        self.shared: dict[str, dict[str, Any]] = {name: {} for name in SHARED_PARTS}  # by field, then by key
        self.terms: dict[tuple[str, str], Term] = {}  # by vocabulary and code
        self.used: set[str] = set()  # files

    def add_problem(self, location: Location, reason: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(ImportProblem(location.file, location.field, reason))

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
        cleaned = image_marks.as_written(html.clean(value))
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
            self.add_problem(location, str(NOT_FOUND[name]) % key)
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
        Kind.TERMS: "_terms",
        Kind.FILE: "_stored_file",
        Kind.PARTNERS: "_chosen",
        Kind.DOWNLOADS: "_chosen",
        Kind.SHARED_BLOCK: "_chosen_shared_block",
        Kind.BLOCKS: "_blocks",
    }

    def _percentage(self, location: Location, value: Any, model: type, name: str) -> int | None:
        """A whole number from 0 to 100, or nothing."""
        if value is None or (type(value) is int and 0 <= value <= 100):
            return value
        self.add_problem(location, _("Write a whole number from 0 to 100."))
        return None

    _focus_x = _focus_y = _percentage

    def _part_shown(self, location: Location, value: Any, model: type, name: str) -> str:
        """Four numbers, of which the image says whether they fit it."""
        if value is None or isinstance(value, str) and image_crops.parse(value):
            return value or ""
        self.add_problem(location, str(image_crops.NOT_NUMBERS))
        return ""

    _crop = _crop_fr = _part_shown

    def _terms(self, location: Location, value: Any, model: type, name: str) -> tuple[Term, ...]:
        """Terms of the vocabulary that has the name of the field, by their codes: a list, or one alone."""
        codes = value if isinstance(value, list) else [] if value is None else [value]
        found = [term for code in codes if (term := self._term(location, code, name))]
        if len(set(found)) != len(found):
            self.add_problem(location, _("Use each code only once."))
        return tuple(sorted(set(found), key=lambda term: term.code))

    def _term(self, location: Location, value: Any, name: str) -> Term | None:
        if isinstance(value, str) and (name, value) in self.terms:
            return self.terms[name, value]
        reason = _("The vocabulary “%(vocabulary)s” has no term with the code “%(code)s”.")
        self.add_problem(location, reason % {"vocabulary": name, "code": value})
        return None
