"""Which files the site offers to its readers: a file is what its name says, whole, bounded, and nothing in it runs.

An upload is distrusted, as an image is: nothing is unpacked before its size is known, and nothing in it is parsed but
what tells one kind of file from another.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from math import ceil

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024

# Of what a compressed file unpacks to: far more than a report with images has, and little enough to read at once.
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_ENTRIES = 10_000
# Of the objects of a PDF file, which are text, unless the file itself is large.
MAX_OBJECT_BYTES = 32 * MEGABYTE
# The longest part that is searched for what runs: lists of contents and of relations.
MAX_PART_BYTES = 4 * MEGABYTE


class FileRefused(ValidationError):
    """An upload that is not taken; the message tells its sender what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what readers know it as, what it is sent as, and what its bytes must be."""

    label: str
    content_type: str
    check: Callable[[bytes], None]


def check(data: bytes, name: str) -> str:
    """Returns the format of an upload, a key of `FORMATS`, by its content; its name has to say the same.

    Raises FileRefused.
    """
    limit = settings.MAX_FILE_MB
    if len(data) > limit * MEGABYTE:
        too_large = _("The file is %(size)s MB. Reduce it to %(limit)s MB or less and upload it again.")
        raise _refused(too_large, size=ceil(len(data) / MEGABYTE), limit=limit)
    extension = name.rpartition(".")[2].lower()
    if extension not in FORMATS:
        raise _unknown(extension)
    try:
        FORMATS[extension].check(data)
    except FileRefused:
        raise
    except Exception as error:  # a hostile file makes readers fail in any way there is
        raise _refused(_DAMAGED) from error
    return extension


_DAMAGED = _("The file is damaged or incomplete. Save it again in the program that made it and upload it.")
_OLDER = {
    "doc": "DOCX",
    "dot": "DOCX",
    "rtf": "DOCX",
    "xls": "XLSX",
    "xlt": "XLSX",
    "ppt": "PPTX",
    "pps": "PPTX",
}
_WITH_MACROS = {
    "docm": "DOCX",
    "dotm": "DOCX",
    "xlsm": "XLSX",
    "xltm": "XLSX",
    "xlsb": "XLSX",
    "pptm": "PPTX",
}
_IMAGES = {"png", "jpg", "jpeg", "webp", "gif", "svg", "heic", "avif"}


def _refused(message: str | Promise, **params: object) -> FileRefused:
    return FileRefused(message, code="invalid_file", params=params)


def _unknown(extension: str) -> FileRefused:
    if extension in _WITH_MACROS:
        macros = _(
            "Files that may contain macros are not accepted. Save the file as %(format)s and upload it again."
        )
        return _refused(macros, format=_WITH_MACROS[extension])
    if extension in _OLDER:
        older = _(
            "This older format is not accepted. Save the file as %(format)s or PDF and upload it again."
        )
        return _refused(older, format=_OLDER[extension])
    if extension in _IMAGES:
        return _refused(_("This is an image. Add it to a page as a figure."))
    kinds = _("This kind of file is not accepted. Upload one of these: %(formats)s.")
    return _refused(kinds, formats=", ".join(known.label for known in FORMATS.values()))


def _different(label: str) -> FileRefused:
    other = _(
        "The file name says %(format)s, but the content is something else. Save the document as %(format)s in the "
        "program that made it and upload it again."
    )
    return _refused(other, format=label)


_ACTIVE = _(
    "The file contains macros, scripts or other files, which could harm readers. Remove them and upload it again."
)
_PROTECTED = _(
    "The file is protected by a password or by permissions, so some people cannot read it. Save it without "
    "protection and upload it again."
)

# PDF (ISO 32000)

# What makes a document do something, or carry other files along.
_PDF_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm)(?=[\s/<>\[\](){}%]|\Z)"
)
_PDF_FORMS = re.compile(rb"/XFA(?=[\s/<>\[\](){}%]|\Z)")
_PDF_PROTECTED = re.compile(rb"/Encrypt(?=[\s/<>\[\](){}%]|\Z)")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_PDF_STREAM_END = b"endstream"
# How much of what stands before a stream is looked at, to tell whether it holds objects.
_PDF_HEADER = 400
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe)[\s>/]", re.IGNORECASE)
_PDF_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def _check_pdf(data: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.[0-9]", data) or _MARKUP.search(data[:1024]):
        raise _different("PDF")
    if b"%%EOF" not in data[-1024:]:
        raise _refused(_DAMAGED)
    if zipfile.is_zipfile(BytesIO(data)):  # a file that other programs read as something else
        raise _different("PDF")
    outside = _outside_streams(data)
    if _PDF_PROTECTED.search(outside):
        raise _refused(_PROTECTED)
    for part in (data, *_pdf_objects(data)):
        names = _PDF_ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), part)
        if _PDF_ACTIVE.search(names):
            raise _refused(_ACTIVE)
        if part is not data and _PDF_FORMS.search(names):
            raise _refused(_ACTIVE)
    if _PDF_FORMS.search(outside):
        raise _refused(_ACTIVE)


# What makes a PDF file accessible, of what can be told from its structure (ISO 14289).
_PDF_TAGGED = re.compile(rb"/Marked\s+true\b")
_PDF_STRUCTURE = re.compile(rb"/StructTreeRoot\b")
_PDF_LANGUAGE = re.compile(rb"/Lang\s*[(<]\s*[A-Za-z0-9\\]")
_PDF_TITLE = re.compile(rb"/DisplayDocTitle\s+true\b")


def accessibility_hints(data: bytes, format: str) -> list[str | Promise]:
    """What readers with a screen reader will miss in a file that was taken, a sentence each; of PDF files only.

    A hint is no proof: a file with tags may have the wrong ones.
    """
    if format != "pdf":
        return []
    parts = [_outside_streams(data), *_pdf_objects(data)]

    def has(pattern: re.Pattern[bytes]) -> bool:
        return any(pattern.search(part) for part in parts)

    hints = []
    if not (has(_PDF_TAGGED) and has(_PDF_STRUCTURE)):
        hints.append(_("It has no tags, so screen readers cannot tell headings, lists and tables."))
    if not has(_PDF_LANGUAGE):
        hints.append(_("It does not say its language, so screen readers may pronounce it wrongly."))
    if not has(_PDF_TITLE):
        hints.append(_("Programs show its file name instead of its title."))
    return hints


def _pdf_streams(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each stream is named, begins and ends; one look at each byte, however the file is made."""
    at = 0
    while found := _PDF_STREAM.search(data, at):
        end = data.find(_PDF_STREAM_END, found.end())
        end = len(data) if end < 0 else end
        yield found.start(), found.end(), end
        at = end + len(_PDF_STREAM_END)


def _outside_streams(data: bytes) -> bytes:
    parts, at = [], 0
    for named, _begin, end in _pdf_streams(data):
        parts.append(data[at:named])
        at = end
    return b"".join([*parts, data[at:]])


def _pdf_objects(data: bytes) -> Iterator[bytes]:
    """The objects of a document that are compressed together, unpacked as far as there is room."""
    room, before = max(MAX_OBJECT_BYTES, 8 * len(data)), 0
    for named, begin, end in _pdf_streams(data):
        header = data[max(before, named - _PDF_HEADER) : named]
        before = end
        if b"/ObjStm" not in header:
            continue
        try:
            part = zlib.decompressobj().decompress(memoryview(data)[begin:end], room)
        except zlib.error:  # packed in another way, which hardly any program does
            continue
        room -= len(part)
        if room <= 0:
            raise _refused(_DAMAGED)
        yield part


# Files of office programs: ZIP archives with XML in them (ISO/IEC 29500, ISO/IEC 26300)

_ZIP_END = b"PK\5\6"
_ZIP_END_SIZE = 22


def _open_archive(data: bytes, label: str) -> zipfile.ZipFile:
    """The archive, if it is one and nothing else: nothing before or after it, nothing hidden, bounded when unpacked."""
    if not data.startswith(b"PK\3\4"):
        raise _different(label)
    if data[-_ZIP_END_SIZE:][:4] != _ZIP_END:
        raise _refused(_DAMAGED)
    archive = zipfile.ZipFile(BytesIO(data))
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise _refused(_("The file unpacks to more than %(limit)s MB. Make it smaller."), limit=200)
    if len(set(names)) != len(names) or min(entry.header_offset for entry in entries) != 0:
        raise _refused(_DAMAGED)
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise _refused(_DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused(_PROTECTED)
    if archive.testzip() is not None:  # reads no more than the sizes that were added up
        raise _refused(_DAMAGED)
    return archive


_OOXML = "application/vnd.openxmlformats-officedocument."
# Names of entries that run, or that other programs open: macros, controls and objects of other programs.
_OFFICE_ACTIVE = re.compile(
    r"vbaproject|vbadata|/activex/|oleobject|\.(?:bin|exe|dll|js|vbs|scr|bat|cmd|ps1)\Z", re.I
)
# Settings of printers have the ending of macros, and are none.
_OFFICE_HARMLESS = re.compile(r"(?:word|xl|ppt)/printerSettings/printerSettings\d+\.bin\Z")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_LOADED = re.compile(
    r"""Type\s*=\s*["'][^"']*/(?:attachedTemplate|oleObject|subDocument|frame|externalLinkPath)["']"""
)
# A path that begins with a drive is of the machine on which the document was written, and leads nowhere from others.
_ELSEWHERE = re.compile(
    r"""Target\s*=\s*["']\s*(?:(?:https?|ftp):|(?:file:/*)?\\\\|//|file://[^/\\:|\s"']+\\"""
    r"""|file:/{2,5}[^/"']*[^/:\s|"']/)""",
    re.I,
)


def _check_office(kind: str, label: str) -> Callable[[bytes], None]:
    main = f"{_OOXML}{kind}.main+xml"

    def check_content(data: bytes) -> None:
        with _open_archive(data, label) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                raise _different(label)
            types = _part(archive, "[Content_Types].xml")
            if "macroenabled" in types.lower() or any(map(_is_active, archive.namelist())):
                raise _refused(_ACTIVE)
            if main not in types:
                raise _different(label)
            relations = (name for name in archive.namelist() if name.lower().endswith(".rels"))
            if any(_loads_from_elsewhere(_part(archive, name)) for name in relations):
                raise _refused(_ACTIVE)

    return check_content


def _is_active(name: str) -> bool:
    return bool(_OFFICE_ACTIVE.search(f"/{name}")) and not _OFFICE_HARMLESS.match(name)


def _loads_from_elsewhere(relations: str) -> bool:
    """Whether a document is opened together with a template or an object of some other server."""
    found = (unescape(relation) for relation in _RELATION.findall(relations))
    return any(_LOADED.search(relation) and _ELSEWHERE.search(relation) for relation in found)


def _check_open_document(kind: str, label: str) -> Callable[[bytes], None]:
    expected = f"application/vnd.oasis.opendocument.{kind}"

    def check_content(data: bytes) -> None:
        with _open_archive(data, label) as archive:
            if "mimetype" not in archive.namelist() or _part(archive, "mimetype").strip() != expected:
                raise _different(label)
            if any(
                name.startswith(("Basic/", "Scripts/")) or _is_active(name) for name in archive.namelist()
            ):
                raise _refused(_ACTIVE)

    return check_content


def _part(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as file:
        data = file.read(MAX_PART_BYTES + 1)
    if len(data) > MAX_PART_BYTES:
        raise _refused(_DAMAGED)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding)


# Text

_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _check_text(label: str) -> Callable[[bytes], None]:
    def check_content(data: bytes) -> None:
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _different(label)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _refused(
                _("The text is not in UTF-8, so accents would be lost. Save it as UTF-8 and upload it again.")
            ) from None
        if _CONTROLS.search(text) or data.startswith((b"%PDF", b"{\\rtf")) or _MARKUP.search(data):
            raise _different(label)
        if not text.strip():
            raise _refused(_("The file is empty."))

    return check_content


# Videos (ISO/IEC 14496-12, Matroska) and their captions (WebVTT)

_MP4_HEADER = 8
_WEBM_START = b"\x1a\x45\xdf\xa3"
_WEBM_HEAD = 64
_CUE = re.compile(r"^(?:\d{2,}:)?\d\d:\d\d\.\d{3}[ \t]+-->[ \t]+(?:\d{2,}:)?\d\d:\d\d\.\d{3}", re.MULTILINE)


def _check_mp4(data: bytes) -> None:
    """A file of boxes, one after the other up to its end, with a description of a picture and what it shows."""
    if data[4:8] != b"ftyp":
        raise _different("MP4")
    boxes: dict[bytes, bytes] = {}
    for kind, content in _mp4_boxes(data):
        boxes.setdefault(kind, content)
        if len(boxes) > MAX_ENTRIES:
            raise _refused(_DAMAGED)
    if b"moov" not in boxes or not boxes.keys() & {b"mdat", b"moof"}:
        raise _refused(_DAMAGED)
    if b"vide" not in boxes[b"moov"] or _is_something_else(data):
        raise _different("MP4")


def _mp4_boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind of each box and what is in it. Raises FileRefused where one would end beyond the file."""
    at = 0
    while at < len(data):
        size, header = int.from_bytes(data[at : at + 4]), _MP4_HEADER
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(data) - at
        if size < header or at + size > len(data):
            raise _refused(_DAMAGED)
        yield data[at + 4 : at + 8], data[at + header : at + size]
        at += size


def _check_webm(data: bytes) -> None:
    if not data.startswith(_WEBM_START) or b"webm" not in data[:_WEBM_HEAD] or _is_something_else(data):
        raise _different("WebM")
    if b"\x1f\x43\xb6\x75" not in data:  # no cluster: nothing to be seen
        raise _refused(_DAMAGED)


def _is_something_else(data: bytes) -> bool:
    """Whether other programs would read a video as an archive or a web page."""
    return zipfile.is_zipfile(BytesIO(data)) or _MARKUP.search(data[:1024]) is not None


def _check_captions(data: bytes) -> None:
    _check_text("VTT")(data)
    text = data.decode("utf-8-sig")
    if not re.match(r"WEBVTT(?:[ \t\n\r]|\Z)", text):
        raise _different("VTT")
    if not _CUE.search(text):
        raise _refused(_("The file has no caption with a time, such as “00:01.000 --> 00:04.000”. Add some."))


# Those that a page plays, and those of captions, which are part of a video and never offered alone.
VIDEOS = frozenset({"mp4", "webm"})
CAPTIONS = frozenset({"vtt"})


def misplaced(formats: Mapping[str, str]) -> dict[str, str | Promise]:
    """Says of the files of one document which of them are in the wrong field: captions are those of a video.

    `formats` are those of the files that there are, by the name of the field; of a poster, that of the image.
    """
    has_video = any(format in VIDEOS for name, format in formats.items() if name.startswith("file"))
    found: dict[str, str | Promise] = {}
    for name, format in formats.items():
        if name.startswith("file") and format in CAPTIONS:
            found[name] = _("These are captions. Add them to a video, in the field for captions.")
        elif name.startswith("captions") and format not in CAPTIONS:
            found[name] = _("Captions are a WebVTT file (.vtt). Save them as WebVTT and upload them again.")
        elif not name.startswith("file") and not has_video:
            found[name] = _("Only a video has captions and a poster. Remove this file, or add a video.")
    return found


# Every kind of file that is offered, by the ending of its name.
FORMATS = {
    "pdf": Format("PDF", "application/pdf", _check_pdf),
    **{
        name: Format(name.upper(), f"{_OOXML}{kind}", _check_office(kind, name.upper()))
        for name, kind in {
            "docx": "wordprocessingml.document",
            "xlsx": "spreadsheetml.sheet",
            "pptx": "presentationml.presentation",
        }.items()
    },
    **{
        name: Format(
            name.upper(),
            f"application/vnd.oasis.opendocument.{kind}",
            _check_open_document(kind, name.upper()),
        )
        for name, kind in {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}.items()
    },
    "csv": Format("CSV", "text/csv; charset=utf-8", _check_text("CSV")),
    "txt": Format("TXT", "text/plain; charset=utf-8", _check_text("TXT")),
    "mp4": Format("MP4", "video/mp4", _check_mp4),
    "webm": Format("WebM", "video/webm", _check_webm),
    "vtt": Format("VTT", "text/vtt; charset=utf-8", _check_captions),
}
