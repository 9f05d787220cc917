"""Which files are taken to be offered to readers, and what those are told whose file is not."""

import zipfile
import zlib
from io import BytesIO

import pytest
from django.utils import translation

from pages import file_formats, stored_files
from pages.file_formats import FORMATS, FileRefused
from tests.files import a_file_of, a_pdf, an_accessible_pdf, an_archive, an_office_file, an_open_document


def refusal(data, name):
    with pytest.raises(FileRefused) as refused, translation.override("en"):
        file_formats.check(data, name)
    with translation.override("en"):
        [message] = refused.value.messages
    return message


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_of_each_kind_is_taken_and_kept_byte_for_byte(kind):
    data = a_file_of(kind)
    upload = stored_files.validate_upload(data, f"Some report.{kind.upper()}")
    assert (upload.data, upload.format, upload.file.size) == (data, kind, len(data))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("other", [kind for kind in FORMATS if kind != "txt"])
def test_a_file_under_the_name_of_another_kind_is_refused(kind, other):
    if kind == other or kind in ("csv", "txt") and other in ("csv", "vtt"):  # captions are text too
        return
    told = refusal(a_file_of(other), f"a.{kind}")
    assert "the content is something else" in told or kind in ("csv", "txt", "vtt")


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\0" + b"\0" * 200, b"\x7fELF" + b"\0" * 60, b"<html><script>alert(1)</script></html>", b"PK"],
)
@pytest.mark.parametrize("kind", FORMATS)
def test_programs_and_pages_are_refused_under_any_name(kind, data):
    if (kind, data) in (("csv", b"PK"), ("txt", b"PK")):
        return
    assert "something else" in refusal(data, f"report.{kind}")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("report.docm", "may contain macros"),
        ("report.xlsm", "as XLSX"),
        ("report.doc", "older format"),
        ("map.png", "as a figure"),
        ("setup.exe", "one of these: PDF, DOCX"),
        ("report.pdf.exe", "one of these"),
        ("report", "one of these"),
        ("", "one of these"),
        ("تقرير", "one of these"),
    ],
)
def test_other_kinds_are_refused_with_what_to_do(name, told):
    assert told in refusal(a_pdf(), name)


def test_a_file_that_is_too_large_is_refused_with_the_limit(settings):
    settings.MAX_FILE_MB = 1
    assert refusal(b"a" * (1024 * 1024 + 1), "a.txt") == (
        "The file is 2 MB. Reduce it to 1 MB or less and upload it again."
    )


# PDF


def packed(objects):
    return (
        b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj"
        % zlib.compress(objects)
    )


@pytest.mark.parametrize(
    "part",
    [
        b"5 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj",
        b"5 0 obj << /S /J#61va#53cript /JS (app.alert(1)) >> endobj",
        b"5 0 obj <</S/Launch/F(cmd.exe)>> endobj",
        b"5 0 obj << /Type /EmbeddedFile >> endobj",
        b"5 0 obj << /Subtype /RichMedia >> endobj",
        b"5 0 obj << /AcroForm << /XFA [(a) 6 0 R] >> >> endobj",
        packed(b"5 0 << /S /JavaScript /JS (app.alert(1)) >>"),
        packed(b"5 0 << /XFA 7 0 R >>"),
    ],
)
def test_a_pdf_that_does_something_is_refused(part):
    assert "macros, scripts or other files" in refusal(a_pdf(part), "a.pdf")


def test_a_pdf_that_only_writes_of_scripts_is_taken():
    file_formats.check(a_pdf(packed(b"5 0 << /Title (JavaScript and /JavaScripts) >>")), "a.pdf")
    file_formats.check(a_pdf(text=b"XFA /XFA forms"), "a.pdf")


def test_a_pdf_that_is_protected_is_refused():
    assert "protected by a password" in refusal(a_pdf(b"trailer << /Encrypt 6 0 R >>"), "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        a_pdf().replace(b"%%EOF", b""),
        a_pdf()[:200],
    ],
)
def test_a_pdf_that_is_cut_off_is_refused(data):
    assert "damaged or incomplete" in refusal(data, "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        b"<html>" + a_pdf(),
        b"%PDF-1.7\n%<script>alert(1)</script>\n" + a_pdf(),
        a_pdf() + an_archive({"a.txt": "a"}) + b"%%EOF",
        b"%PDF",
    ],
)
def test_a_pdf_that_is_something_else_too_is_refused(data):
    assert refusal(data, "a.pdf")


def test_a_pdf_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(file_formats, "MAX_OBJECT_BYTES", 10_000)
    assert "damaged" in refusal(a_pdf(packed(b" " * 100_000)), "a.pdf")


@pytest.mark.parametrize(
    "part",
    [
        b"stream\n" * 200_000,
        b"/ObjStm stream\n" * 100_000,
        b"/ObjStm stream\n" + b"\x78\x9c" + b"\0\0\0\xff\xff" * 200_000,
        b"<" * 500_000,
        b"/Lang ( " * 150_000,
    ],
)
def test_a_pdf_that_is_made_to_take_long_takes_no_longer_than_others(part):
    """Were it looked through again from every place, this would take hours."""
    data = a_pdf(part)
    file_formats.check(data, "a.pdf")
    file_formats.accessibility_hints(data, "pdf")


def test_relations_that_are_made_to_take_long_take_no_longer_than_others():
    text = "<Relationship " * 200_000
    file_formats.check(an_office_file("docx", {"word/_rels/settings.xml.rels": text}), "a.docx")


@pytest.mark.parametrize(
    ("data", "hints"),
    [(an_accessible_pdf(), []), (a_pdf(), ["no tags", "its language", "its title"])],
)
def test_what_an_inaccessible_pdf_lacks_is_a_hint(data, hints):
    with translation.override("en"):
        found = [str(hint) for hint in file_formats.accessibility_hints(data, "pdf")]
    assert len(found) == len(hints)
    assert all(part in hint for part, hint in zip(hints, found, strict=True))


def test_objects_that_are_packed_together_are_looked_into_for_hints():
    more = packed(b"1 0 << /MarkInfo <</Marked true>> /StructTreeRoot 6 0 R /Lang <656E> >>")
    assert len(file_formats.accessibility_hints(a_pdf(more), "pdf")) == 1


def test_other_files_get_no_hints():
    assert file_formats.accessibility_hints(an_office_file(), "docx") == []


# Files of office programs


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
@pytest.mark.parametrize(
    ("parts", "types"),
    [
        ({"word/vbaProject.bin": "a"}, ""),
        ({"xl/VBAPROJECT.BIN": "a"}, ""),
        (
            {},
            '<Default Extension="bin" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
        ),
        ({"word/activeX/activeX1.xml": "a"}, ""),
        ({"word/embeddings/oleObject1.bin": "a"}, ""),
        ({"word/embeddings/setup.exe": "a"}, ""),
    ],
)
def test_an_office_file_with_macros_or_programs_is_refused(kind, parts, types):
    assert "macros, scripts or other files" in refusal(an_office_file(kind, parts, types), f"a.{kind}")


def relations(target, kind="attachedTemplate"):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rId1" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'
    text = f"<Relationships>{relation}</Relationships>"
    return an_office_file("docx", {"word/_rels/settings.xml.rels": text})


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/a.dotm",
        "&#104;ttps://example.org/a.dotm",
        "\\\\server\\a.dotm",
        "file://server/share/a.dotm",
        "file:////server/share/a.dotm",
        "file:///\\\\server\\share\\a.dotm",
        "file:\\\\server\\share\\a.dotm",
        "file://server\\share\\a.dotm",
    ],
)
def test_a_template_of_another_server_is_refused(target):
    assert "macros, scripts or other files" in refusal(relations(target), "a.docx")


@pytest.mark.parametrize(
    "target",
    [
        "file:///C:/Users/a/Normal.dotm",
        "file:///C:\\Users\\a\\AppData\\Roaming\\Microsoft\\Templates\\Report%20(2).dot",
        "file://C:\\Users\\a\\Normal.dotm",
        "Normal.dotm",
    ],
)
def test_a_template_of_the_authors_own_machine_is_taken(target):
    file_formats.check(relations(target), "a.docx")


def test_links_to_other_sites_are_taken():
    file_formats.check(relations("https://www.canada.ca/", kind="hyperlink"), "a.docx")


def test_charts_with_their_tables_and_settings_of_printers_are_taken():
    parts = {
        "word/embeddings/sheet.xlsx": an_office_file("xlsx"),
        "xl/printerSettings/printerSettings1.bin": "a",
    }
    file_formats.check(an_office_file("docx", parts), "a.docx")


@pytest.mark.parametrize("name", ["Basic/Standard/Module1.xml", "Scripts/python/a.py"])
def test_an_open_document_with_macros_is_refused(name):
    assert "macros" in refusal(an_open_document("odt", {name: "a"}), "a.odt")


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(file_formats, "MAX_UNPACKED_BYTES", 10_000)
    assert "unpacks to more than" in refusal(an_office_file(parts={"a.xml": " " * 20_000}), "a.docx")


def test_an_archive_of_very_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(file_formats, "MAX_ENTRIES", 5)
    many = {f"{number}.xml": "" for number in range(5)}
    assert "unpacks to more than" in refusal(an_office_file(parts=many), "a.docx")


def with_wrong_sum():
    data = bytearray(an_archive({"mimetype": "a" * 100}))
    data[40] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        an_office_file() + b"<script>alert(1)</script>",
        an_office_file()[:-10],
        an_office_file(parts={"../evil": "a"}),
        an_office_file(parts={"/etc/passwd": "a"}),
        with_wrong_sum(),
        an_archive({}),
    ],
)
def test_an_archive_that_is_damaged_or_more_than_an_archive_is_refused(data):
    assert refusal(data, "a.docx")


def test_two_parts_of_one_name_are_refused():
    file = BytesIO(an_office_file())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/document.xml", "other")
    assert "damaged" in refusal(file.getvalue(), "a.docx")


def test_an_encrypted_part_is_refused():
    data = bytearray(an_office_file())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    assert "protected" in refusal(bytes(data), "a.docx")


# Text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Année".encode("latin-1"), "UTF-8"),
        ("Année".encode("utf-16"), "UTF-8"),
        (b"a\0b", "something else"),
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"a,b\n<script>alert(1)</script>", "something else"),
    ],
)
def test_a_text_that_is_none_is_refused(data, told):
    assert told in refusal(data, "a.csv")


def test_a_text_in_arabic_with_a_byte_order_mark_is_taken():
    file_formats.check("\ufeffالسنة,العدد\r\n٢٠٢٥,١٢\r\n".encode(), "a.csv")


@pytest.mark.parametrize("cut", range(0, 400, 7))
@pytest.mark.parametrize("kind", ["pdf", "docx", "odt"])
def test_whatever_is_missing_a_refusal_is_a_sentence(kind, cut):
    data = a_file_of(kind)
    told = "."
    try:
        file_formats.check(data[:cut] + data[cut + 3 :], f"a.{kind}")
    except FileRefused as refused:
        [told] = refused.messages
    assert told.endswith(".")


# Names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Annual report 2025", "annual-report-2025.pdf"),
        ("Rapport annuel : l’Irak", "rapport-annuel-l-irak.pdf"),
        ("التقرير", "document.pdf"),
        ("", "document.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("a" * 300, "a" * 80 + ".pdf"),
    ],
)
def test_a_file_is_named_after_its_title(title, name):
    assert stored_files.download_name(title, "pdf") == name
