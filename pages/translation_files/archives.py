"""What people upload and download: one XLIFF file, or a ZIP archive with one for each page."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from .. import xliff
from ..xliff import File, XliffError

MAX_FILES = 100
MAX_UPLOAD_BYTES = 10_000_000
# Of all files of an archive, unpacked.
MAX_UNPACKED_BYTES = 20_000_000
EXTENSIONS = (".xlf", ".xliff")
_ZIP = b"PK\3\4"

Problem = tuple[str, str]  # the name of a file, and what to do about it


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Returns files, given by their names, as a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def read_upload(name: str, data: bytes) -> tuple[list[tuple[str, File]], list[Problem]]:
    """Returns the files of an upload, each with the name of the one that it stood in, and what cannot be read."""
    try:
        if len(data) > MAX_UPLOAD_BYTES:
            text = _("The file is larger than %(limit)s MB. Import fewer pages at a time.")
            raise XliffError(text % {"limit": MAX_UPLOAD_BYTES // 1_000_000})
        members = list(_members(data)) if data.startswith(_ZIP) else [(name, data)]
    except XliffError as error:
        return [], [(name, str(error))]
    found: list[tuple[str, File]] = []
    problems: list[Problem] = []
    for member, content in members:
        try:
            found += [(member, file) for file in xliff.read(content)]
        except XliffError as error:
            problems.append((member, str(error)))
    return found, problems


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The XLIFF files of an archive. Raises XliffError where it is none, is damaged or would take too much room."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if _is_xliff(entry.filename)]
            _check(entries)
            left = MAX_UNPACKED_BYTES
            for entry in entries:
                with archive.open(entry) as file:
                    content = file.read(min(left, xliff.MAX_FILE_BYTES) + 1)
                left -= len(content)
                if left < 0:
                    raise XliffError(_too_much())
                yield entry.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise XliffError(_("This archive is damaged. Make it again, and choose the new one.")) from None
    except RuntimeError:  # what zipfile raises for a password
        raise XliffError(_("This archive has a password. Make it again without one.")) from None


def _is_xliff(name: str) -> bool:
    """Whether it is a file to read; what macOS puts beside each file is not."""
    return name.lower().endswith(EXTENSIONS) and not name.startswith("__MACOSX/")


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if not entries:
        raise XliffError(_("There is no XLIFF file (.xlf or .xliff) in this archive."))
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise XliffError(_too_much())


def _too_much() -> str:
    return _("There is too much in this archive. Import fewer pages at a time.")
