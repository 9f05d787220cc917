"""From content files to the working copy: every fault is found before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from yaml.composer import Composer

from .. import html, images, working_copy
from ..document import BLOCKS, LANGUAGES, NOTHING, RICH_TEXT, Bilingual, Document, Partner
from ..rows import Page, PartnerOrganization

# The largest content file, in bytes: the longest real page is a fiftieth of it.
LARGEST_FILE = 2_000_000
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a content file: where, and what to do about it, in the active language."""

    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.reason}" if self.field else f"{self.file}: {self.reason}"


class ContentRefused(Exception):
    """Raised by `load` when any file has a fault; nothing has been changed."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Content:
    """What a folder holds: documents whose images are still `images.Original`s, parents before children."""

    partners: tuple[Partner, ...]
    pages: tuple[Document, ...]


def load(folder: Path | str) -> tuple[list[Page], list[PartnerOrganization]]:
    """Brings a folder's content into the working copy and returns its rows; nothing becomes public.

    Raises ContentRefused with every fault found; then nothing has changed.
    """
    content = read(folder)
    with transaction.atomic():
        # In the order in which everybody does; its own, that of the files, would be another one.
        for model in (PartnerOrganization, Page):
            list(model.objects.values_list("pk").locked())
        partners = [working_copy.write_partner(_stored(partner)) for partner in content.partners]
        return working_copy.write_all(_stored(document) for document in content.pages), partners


def read(folder: Path | str) -> Content:
    """What a folder holds, checked through and through; changes nothing. Raises ContentRefused."""
    reader = Reader(Path(folder))
    content = reader.content()
    if reader.faults:
        raise ContentRefused(reader.faults)
    return content


def _stored(part):
    """The same part with its pictures in the storage instead of in memory."""
    changes = {}
    for name in ("image", "logo"):
        if isinstance(getattr(part, name, None), images.Original):
            changes[name] = images.store(getattr(part, name), default_storage)
    for name in ("blocks", "partners"):
        if hasattr(part, name):
            changes[name] = tuple(_stored(inner) for inner in getattr(part, name))
    return replace(part, **changes) if changes else part


# The parser of libyaml, where PyYAML was built with it, reads many times as fast as the one in Python.
BASES = (Composer, yaml.CSafeLoader) if yaml.__with_libyaml__ else (yaml.SafeLoader,)


class StrictLoader(*BASES):
    """YAML without surprises: no aliases, which can make a small file huge, and no name given twice."""

    def __init__(self, stream):
        BASES[-1].__init__(self, stream)
        Composer.__init__(self)

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem=_("“*” references are not used here: write the text out."),
                problem_mark=self.peek_event().start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        names = [key.value for key, _value in node.value]
        for position, name in enumerate(names):
            if name in names[:position]:
                problem = _("“%(name)s” is given twice: keep one.") % {"name": name}
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.value[position][0].start_mark)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Place:
    """Where a value stands: a file and the dotted names that lead to it."""

    file: str
    field: str = ""

    def __truediv__(self, name: object) -> Place:
        return Place(self.file, f"{self.field}.{name}" if self.field else str(name))


class Reader:
    """Reads one folder, going on after each fault so that a person can mend them all at once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.faults: list[Fault] = []
        self.partners: dict[str, Partner] = {}

    def fault(self, place: Place, reason: str) -> None:
        self.faults.append(Fault(place.file, place.field, reason))

    def content(self) -> Content:
        files = sorted((self.folder / "pages").glob("*.yaml"))
        if not files:
            self.fault(Place("pages"), _("There is no file of a page (pages/….yaml) in %s.") % self.folder)
        self.partners = {partner.key: partner for partner in self._read_partners()}
        documents = [document for file in files if (document := self._read_page(file))]
        self._check_addresses(documents)
        return Content(tuple(self.partners.values()), tuple(self._parents_first(documents)))

    # Files

    def _yaml(self, name: str, expected: type) -> Any:
        place = Place(name)
        try:
            data = (self.folder / name).read_bytes()
            if len(data) > LARGEST_FILE:
                self.fault(place, _("The file is larger than 2 MB: divide the page."))
                return None
            value = yaml.load(data.decode("utf-8"), StrictLoader)
        except UnicodeDecodeError:
            self.fault(place, _("The file is not written in UTF-8: save it as UTF-8."))
        except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
            self.fault(place, _("The file cannot be read as YAML: %s") % _told(error))
        else:
            if isinstance(value, expected):
                return value
            self.fault(
                place, _("The file does not begin as expected: see the starter content for an example.")
            )
        return None

    def _read_partners(self) -> Iterator[Partner]:
        if not (self.folder / "partners.yaml").exists():
            return
        seen = set()
        for number, data in enumerate(self._yaml("partners.yaml", list) or [], start=1):
            place = Place("partners.yaml", str(number))
            values = self._values(place, data, Partner, PartnerOrganization)
            if not self._has_key(place, values, seen):
                continue
            if values.get("kind") not in PartnerOrganization.Kind.values:
                known = ", ".join(PartnerOrganization.Kind.values)
                self.fault(place / "kind", _("Choose one of: %s.") % known)
                continue
            yield Partner(**values)

    def _read_page(self, file: Path) -> Document | None:
        place = Place(f"pages/{file.name}")
        if not KEY.fullmatch(file.stem):
            self.fault(
                place, _("Name the file in lower-case letters without accents, digits and single hyphens.")
            )
            return None
        data = self._yaml(place.file, dict)
        if data is None:
            return None
        values = self._values(place, {**data, "key": file.stem}, Document, Page)
        return Document(**values)

    # Values

    def _values(self, place: Place, data: Any, shape: type, model: type) -> dict[str, Any]:
        """The checked fields of one part; those that are faulty or unknown are left out."""
        if not isinstance(data, dict):
            self.fault(place, _("Write this as names with values (“name: value”)."))
            return {}
        known = [field.name for field in fields(shape)]
        for name in data:
            if name not in known and not (name == "kind" and shape in BLOCKS.values()):
                self.fault(place / name, _("This name is not known here. Known are: %s.") % ", ".join(known))
        checks = {name: getattr(self, f"_{name}", None) or self._bilingual for name in known if name in data}
        return {name: check(place / name, data[name], model, name) for name, check in checks.items()}

    def _bilingual(self, place: Place, value: Any, model: type, name: str) -> Bilingual:
        if value is None:
            return NOTHING
        if not isinstance(value, dict) or not set(value) <= set(LANGUAGES):
            self.fault(place, _("Write the text below “en:” and “fr:”."))
            return NOTHING
        return Bilingual(**{
            language: self._text(place / language, text, model._meta.get_field(f"{name}_{language}"), name)
            for language, text in value.items()
        })  # fmt: skip

    def _text(self, place: Place, value: Any, field, name: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(place, _("This is not a text: write it between quotation marks."))
            return ""
        if name in RICH_TEXT:
            return html.clean(value)
        value = value.strip()
        try:
            return field.clean(value, None) if value else ""
        except ValidationError as error:
            self.fault(place, " ".join(error.messages))
            return value

    def _slug(self, place: Place, value: Any, model: type, name: str) -> str:
        if isinstance(value, str) and KEY.fullmatch(value) and len(value) <= 100:
            return value
        self.fault(place, _("Write a key in lower-case letters without accents, digits and single hyphens."))
        return ""

    _key = _slug

    def _parent(self, place: Place, value: Any, model: type, name: str) -> str | None:
        return None if value is None else self._slug(place, value, model, name)

    def _kind(self, place: Place, value: Any, model: type, name: str) -> str:
        return value if isinstance(value, str) else ""

    def _position(self, place: Place, value: Any, model: type, name: str) -> int:
        if type(value) is int and 0 <= value < 100_000:
            return value
        self.fault(place, _("Write a whole number from 0 to 99,999."))
        return 0

    def _boolean(self, place: Place, value: Any, model: type, name: str) -> bool:
        if isinstance(value, bool):
            return value
        self.fault(place, _("Write “true” or “false”."))
        return False

    _takes_reports = _decorative = _boolean

    def _picture(self, place: Place, value: Any, model: type, name: str):
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(
            r"images/[\w-]+\.(png|jpg|jpeg|webp)", value, re.ASCII
        ):
            self.fault(
                place, _("Name a PNG, JPEG or WebP file in the folder “images”, such as “images/map.png”.")
            )
            return None
        try:
            return images.read((self.folder / value).read_bytes())
        except OSError:
            self.fault(place, _("The file “%s” is not there.") % value)
        except ValidationError as error:
            self.fault(place, " ".join(error.messages))
        return None

    _image = _logo = _picture

    def _blocks(self, place: Place, value: Any, model: type, name: str) -> tuple:
        if not isinstance(value, list):
            self.fault(place, _("Write a list: each block begins with “- kind: …”."))
            return ()
        seen: set[str] = set()
        read = (self._block(place / number, data, seen) for number, data in enumerate(value, start=1))
        return tuple(block for block in read if block)

    def _block(self, place: Place, data: Any, seen: set[str]):
        kind = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in BLOCKS:
            self.fault(place / "kind", _("Choose one of: %s.") % ", ".join(BLOCKS))
            return None
        values = self._values(place, data, BLOCKS[kind], working_copy.MODELS[BLOCKS[kind]])
        return BLOCKS[kind](**values) if self._has_key(place, values, seen) else None

    def _has_key(self, place: Place, values: dict[str, Any], seen: set[str]) -> bool:
        key = values.get("key", "")
        if not key:
            self.fault(place / "key", _("The key is missing."))
        elif key in seen:
            self.fault(place / "key", _("The key “%s” is used twice: keys must differ.") % key)
        else:
            seen.add(key)
            return True
        return False

    def _partners(self, place: Place, value: Any, model: type, name: str) -> tuple[Partner, ...]:
        if not isinstance(value, list):
            self.fault(place, _("Write a list of keys of partners."))
            return ()
        found = {key: self._partner(place, key) for key in value if isinstance(key, str)}
        if len(found) != len(value):
            self.fault(place, _("Write each key of a partner once."))
        return tuple(found[key] for key in sorted(found) if found[key])

    def _partner(self, place: Place, key: str) -> Partner | None:
        if key not in self.partners:
            row = PartnerOrganization.objects.filter(key=key).first()
            if row is None:
                self.fault(place, _("There is no partner with the key “%s”: add it to partners.yaml.") % key)
                return None
            return working_copy.read_partner(row)
        return self.partners[key]

    # The pages together

    def _check_addresses(self, documents: list[Document]) -> None:
        keys = {document.key for document in documents}
        for language in LANGUAGES:
            others = Page.objects.exclude(key__in=keys).values_list(f"address_{language}", "key")
            holders = {address: key for address, key in others if address}
            for document in documents:
                address = document.address[language]
                if address and address in holders:
                    place = Place(f"pages/{document.key}.yaml", f"address.{language}")
                    self.fault(place, _("The page “%s” has this address already.") % holders[address])
                holders[address] = document.key

    def _parents_first(self, documents: list[Document]) -> Iterator[Document]:
        waiting = {document.key: document for document in documents}
        known = set(Page.objects.exclude(key__in=waiting).values_list("key", flat=True)) | {None}
        roots = [key for key, document in waiting.items() if document.parent is None]
        homes = Page.objects.filter(parent=None).exclude(key__in=waiting).count() + len(roots)
        if homes > 1:
            self.fault(
                Place(f"pages/{roots[-1]}.yaml", "parent"), _("Only the home page has no parent: name one.")
            )
        while ready := [document for document in waiting.values() if document.parent in known]:
            for document in ready:
                yield waiting.pop(document.key)
                known.add(document.key)
        for document in waiting.values():
            reason = _("There is no page “%s” above this one, or the pages are above each other in a circle.")
            self.fault(Place(f"pages/{document.key}.yaml", "parent"), reason % document.parent)


def _told(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "strerror", None) or str(error)
    return f"{problem} ({_('line %s') % (mark.line + 1)})" if mark else problem
