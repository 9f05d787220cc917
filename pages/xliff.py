"""XLIFF 1.2, the files in which translators get texts and give them back: written, and read again from any tool.

A file is a list of segments. What is no word of a text is an inline code: a pair around words (`<g>`) or a place
between them (`<x/>`), so that a translator moves it and cannot break it. The format is that of
https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html; what tools do to it, and why it is not version 2, is in
docs/decisions/0063-translations-travel-as-xliff-1-2.md.

Files that come back are hostile until they are read: of bounded size and depth, without a document type, and so without
entities. Whatever a tool adds is read past.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
CONTENT_TYPE = "application/x-xliff+xml"
EXTENSION = "xlf"

# A page of 20,000 words in both languages is about 600 kB.
MAX_FILE_BYTES = 2_000_000
MAX_DEPTH = 60
MAX_SEGMENTS = 20_000
MAX_ELEMENTS = 200_000

_VERSIONS = ("1.0", "1.1", "1.2")


class Code(NamedTuple):
    """An inline code. `content` is what it stands around; None for one that stands between words.

    `kind` is its `ctype`, `text` what a tool shows in its place, and one that `is_protected` may not be repeated.
    """

    id: str
    content: tuple[Part, ...] | None = None
    kind: str = ""
    text: str = ""
    is_protected: bool = False


Part = str | Code
Content = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A text to translate: `name` says for people and tools what it is, `kind` of what kind (`restype`).

    `target` is None where there is no translation; `state` says how far it is. `max_length` is in characters.
    """

    id: str
    source: Content
    target: Content | None = None
    name: str = ""
    kind: str = ""
    state: str = ""
    notes: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """The segments of one page: `original` names it, languages are codes such as “en-CA”.

    `skeleton` is what tools hand back as it is, whatever it says.
    """

    original: str
    source_language: str
    target_language: str
    segments: tuple[Segment, ...]
    skeleton: str = ""
    notes: tuple[str, ...] = ()


class XliffError(Exception):
    """Why a file cannot be read, as a sentence that says what to do."""


# Writing


def write(files: Iterable[File]) -> bytes:
    """Returns files as one XLIFF document, in UTF-8."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<xliff version="1.2" xmlns="{NAMESPACE}">']
    for file in files:
        lines += _written_file(file)
    return "\n".join([*lines, "</xliff>", ""]).encode()


def _written_file(file: File) -> Iterator[str]:
    languages = f'source-language="{file.source_language}" target-language="{file.target_language}"'
    yield f'<file original={quoteattr(file.original)} {languages} datatype="plaintext" xml:space="preserve">'
    yield "<header>"
    if file.skeleton:
        skeleton = escape(file.skeleton)
        yield f'<skl><internal-file form="application/json">{skeleton}</internal-file></skl>'
    yield from (f"<note>{escape(note)}</note>" for note in file.notes)
    yield "</header>"
    yield "<body>"
    for segment in file.segments:
        yield from _written_segment(segment, file)
    yield "</body>"
    yield "</file>"


def _written_segment(segment: Segment, file: File) -> Iterator[str]:
    attributes = {"id": segment.id, "resname": segment.name, "restype": segment.kind}
    if segment.max_length:
        attributes |= {"maxwidth": str(segment.max_length), "size-unit": "char"}
    yield f'<trans-unit{_attributes(attributes)} xml:space="preserve">'
    yield f'<source xml:lang="{file.source_language}">{_written(segment.source)}</source>'
    if segment.target is not None:
        state = _attributes({"state": segment.state})
        yield f'<target xml:lang="{file.target_language}"{state}>{_written(segment.target)}</target>'
    yield from (f"<note>{escape(note)}</note>" for note in segment.notes)
    yield "</trans-unit>"


def _written(content: Content) -> str:
    return "".join(escape(part) if isinstance(part, str) else _written_code(part) for part in content)


def _written_code(code: Code) -> str:
    attributes = {"id": code.id, "ctype": code.kind, "clone": "no" if code.is_protected else ""}
    if code.content is None:
        return f"<x{_attributes({**attributes, 'equiv-text': code.text})}/>"
    return f"<g{_attributes(attributes)}>{_written(code.content)}</g>"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)


# Comparing


def codes_in(content: Content) -> Iterator[Code]:
    """Gives the codes of a text in reading order, those within others too."""
    for part in content:
        if isinstance(part, Code):
            yield part
            yield from codes_in(part.content or ())


def plain_text(content: Content) -> str:
    """Returns the words of a text, with what a code is shown as."""
    return "".join(
        part if isinstance(part, str) else part.text if part.content is None else plain_text(part.content)
        for part in content
    )


def fingerprint(content: Content) -> str:
    """Returns what two texts have in common that say the same, with the same codes in the same places."""
    return re.sub(r"\s+", " ", _marked(content)).strip()


def _marked(content: Content) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else f"\x00{part.id}\x01{'' if part.content is None else _marked(part.content)}\x02"
        for part in content
    )


# Reading


class _Element:
    """An element that was read, by its name without a namespace."""

    __slots__ = ("attributes", "children", "name")

    def __init__(self, name: str, attributes: dict[str, str]):
        self.name, self.attributes = name, attributes
        self.children: list[_Element | str] = []

    def elements(self, *names: str) -> Iterator[_Element]:
        return (each for each in self.children if isinstance(each, _Element) and each.name in names)

    def first(self, name: str) -> _Element | None:
        return next(self.elements(name), None)

    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text() for part in self.children)


def read(data: bytes) -> list[File]:
    """Returns the files of an XLIFF document. Raises XliffError, whatever the data are, and nothing else."""
    if len(data) > MAX_FILE_BYTES:
        text = _("The file is larger than %(limit)s MB. Export fewer pages at a time.")
        raise XliffError(text % {"limit": MAX_FILE_BYTES // 1_000_000})
    root = _Reader().read(data)
    _check(root)
    files = [_read_file(each) for each in root.elements("file")]
    if sum(len(file.segments) for file in files) > MAX_SEGMENTS:
        raise XliffError(_too_many())
    if not files:
        raise XliffError(_("This XLIFF file has no text in it. Ask the translator for the translated file."))
    return files


def _check(root: _Element) -> None:
    """Raises XliffError for what is XML, but none of the versions of XLIFF that are read."""
    if root.name != "xliff":
        raise XliffError(_not_xliff())
    version = root.attributes.get("version", "")
    if version not in _VERSIONS:
        text = _("This is XLIFF %(version)s. Ask the translator to save it as XLIFF 1.2.")
        raise XliffError(text % {"version": version[:20] or "?"})


def _too_many() -> str:
    return _("The file has too many segments. Export fewer pages at a time.")


def _not_xliff() -> str:
    return _("This is not an XLIFF file. Choose the translated file that ends in .xlf or .xliff.")


class _Reader:
    """Builds elements of what expat finds; refuses document types before anything in them is read."""

    def __init__(self) -> None:
        self.top = _Element("", {})
        self.open = [self.top]
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype

    def read(self, data: bytes) -> _Element:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            raise XliffError(_problem(data, error)) from None
        except (ValueError, LookupError):  # an encoding that Python does not know, or that expat cannot use
            raise XliffError(_wrong_encoding()) from None
        return next((each for each in self.top.children if isinstance(each, _Element)), self.top)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise XliffError(_too_many())
        if len(self.open) > MAX_DEPTH:
            raise XliffError(
                _("The elements of this file are nested too deeply. It was not made by this site.")
            )
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = _Element(name.rpartition(" ")[2], local)
        self.open[-1].children.append(element)
        self.open.append(element)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].children.append(text)

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise XliffError(
            _("This file has a document type (DOCTYPE), which is not read. Ask the translator for XLIFF 1.2.")
        )


def _problem(data: bytes, error: expat.ExpatError) -> str:
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return _not_xliff()
    if error.code in _ENCODING_ERRORS:
        return _wrong_encoding()
    text = _("Line %(line)s of this file is not valid XML. Ask the translator to export it again.")
    return text % {"line": error.lineno}


_ENCODING_ERRORS = {
    expat.errors.codes[message]
    for message in (expat.errors.XML_ERROR_UNKNOWN_ENCODING, expat.errors.XML_ERROR_INCORRECT_ENCODING)
}


def _wrong_encoding() -> str:
    return _(
        "The encoding of this file is not the one that it names. Ask the translator to save it as UTF-8."
    )


def _read_file(element: _Element) -> File:
    header, attributes = element.first("header"), element.attributes
    skeleton = header and header.first("skl")
    inner = skeleton and skeleton.first("internal-file")
    return File(
        original=attributes.get("original", ""),
        source_language=attributes.get("source-language", ""),
        target_language=attributes.get("target-language", ""),
        segments=tuple(_read_segment(each) for each in _trans_units(element)),
        skeleton=inner.text() if inner else "",
    )


def _trans_units(element: _Element) -> Iterator[_Element]:
    """Those of the body, within groups or not; not those that a tool proposes (`alt-trans`)."""
    for each in element.elements("body", "group", "trans-unit"):
        if each.name == "trans-unit":
            yield each
        else:
            yield from _trans_units(each)


def _read_segment(element: _Element) -> Segment:
    source, target = element.first("source"), element.first("target")
    return Segment(
        id=element.attributes.get("id", ""),
        source=_ContentReader().read(source) if source else (),
        target=_ContentReader().read(target) if target else None,
        state=_state(element, target) if target else "",
    )


def _state(unit: _Element, target: _Element) -> str:
    """How far a translation is; one that was approved is final, whatever its tool left beside it."""
    return "final" if unit.attributes.get("approved") == "yes" else target.attributes.get("state", "")


@dataclass(slots=True)
class _ContentReader:
    """Reads a text with its codes; pairs that a tool wrote as two single tags are pairs again."""

    stack: list[tuple[str, str, list[Part]]] = field(default_factory=lambda: [("", "", [])])

    def read(self, element: _Element) -> Content:
        self._add_all(element)
        while len(self.stack) > 1:  # what never ends, ends with the text
            self._close()
        return tuple(self.stack[0][-1])

    def _add(self, part: Part) -> None:
        self.stack[-1][-1].append(part)

    def _add_all(self, element: _Element) -> None:
        for part in element.children:
            if isinstance(part, str):
                self._add(part)
            else:
                _HANDLERS.get(part.name, _ContentReader._add_all)(self, part)

    def _add_pair(self, element: _Element) -> None:
        self._add(Code(_id(element), _ContentReader().read(element)))

    def _add_place(self, element: _Element) -> None:
        self._add(Code(_id(element), text=element.attributes.get("equiv-text", "")))

    def _open_pair(self, element: _Element) -> None:
        if len(self.stack) > MAX_DEPTH:
            self._add(Code(_id(element)))
        else:
            self.stack.append((_pair(element), _id(element), []))

    def _close_pair(self, element: _Element) -> None:
        pair = _pair(element)
        if not any(opened == pair for opened, _code, _parts in self.stack[1:]):
            self._add(Code(_id(element)))
            return
        while self._close() != pair:
            pass

    def _close(self) -> str:
        pair, code, parts = self.stack.pop()
        self._add(Code(code, tuple(parts)))
        return pair


def _id(element: _Element) -> str:
    return element.attributes.get("id", "")


def _pair(element: _Element) -> str:
    """What the two tags of a pair have in common."""
    return element.attributes.get("rid") or _id(element)


# What else there is, such as `<mrk>`, is read for the words in it.
_HANDLERS: dict[str, Callable[[_ContentReader, _Element], None]] = {
    "g": _ContentReader._add_pair,
    "x": _ContentReader._add_place,
    "ph": _ContentReader._add_place,
    "it": _ContentReader._add_place,
    "bx": _ContentReader._open_pair,
    "bpt": _ContentReader._open_pair,
    "ex": _ContentReader._close_pair,
    "ept": _ContentReader._close_pair,
}
