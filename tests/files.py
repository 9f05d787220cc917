"""Small files of every kind that readers may be offered, and what turns them into others."""

import zipfile
import zlib
from io import BytesIO

OFFICE = "application/vnd.openxmlformats-officedocument."

MAIN_PARTS = {
    "docx": ("wordprocessingml.document", "word/document.xml"),
    "xlsx": ("spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": ("presentationml.presentation", "ppt/presentation.xml"),
}
OPEN_DOCUMENTS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def a_pdf(more=b"", text=b"Hello"):
    """A PDF file of one empty page, with other objects if need be."""
    content = zlib.compress(b"BT (" + text + b") Tj ET")
    return (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n%s\n"
        b"trailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%%%EOF\n" % (len(content), content, more)
    )


def an_accessible_pdf():
    """The same with tags, its language and its title."""
    catalog = b"/Type /Catalog /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R /Lang (en-CA)"
    shown = b"/ViewerPreferences << /DisplayDocTitle true >>"
    return a_pdf().replace(b"/Type /Catalog", catalog + b" " + shown)


def an_archive(parts):
    """A ZIP archive of some parts by name."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))  # the same bytes at every time
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def an_office_file(kind="docx", parts=None, types=""):
    """A DOCX, XLSX or PPTX file, with other parts and types of content if need be."""
    content_type, main = MAIN_PARTS[kind]
    listed = (
        f'<Types><Override PartName="/{main}" ContentType="{OFFICE}{content_type}.main+xml"/>{types}</Types>'
    )
    return an_archive({"[Content_Types].xml": listed, main: "<document/>", **(parts or {})})


def an_open_document(kind="odt", parts=None):
    """An ODT, ODS or ODP file, with other parts if need be."""
    mimetype = f"application/vnd.oasis.opendocument.{OPEN_DOCUMENTS[kind]}"
    return an_archive({"mimetype": mimetype, "content.xml": "<office:document/>", **(parts or {})})


def a_file_of(kind):
    """A file of any kind that the site takes."""
    if kind == "pdf":
        return a_pdf()
    if kind in MAIN_PARTS:
        return an_office_file(kind)
    if kind in OPEN_DOCUMENTS:
        return an_open_document(kind)
    special = {"mp4": an_mp4, "webm": a_webm, "vtt": captions}
    return special[kind]() if kind in special else "Année,Nombre\r\n2025,12\r\n".encode()


def a_box(kind, content=b""):
    """A box of an MP4 file."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def an_mp4(picture=b"vide", media=b"\0" * 100):
    """An MP4 file with the parts that every one has, and nothing that plays."""
    handler = a_box(b"hdlr", b"\0" * 8 + picture + b"\0" * 12)
    described = a_box(b"moov", a_box(b"trak", a_box(b"mdia", handler)))
    return a_box(b"ftyp", b"isom\0\0\2\0isomavc1") + described + a_box(b"mdat", media)


def a_webm():
    """The beginning of a WebM file, and one cluster of nothing."""
    head = b"\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x1f\x43\xb6\x75\x80"


def captions(text="Welcome."):
    """A WebVTT file with one caption."""
    return f"WEBVTT\n\n00:00.000 --> 00:02.000\n{text}\n".encode()
