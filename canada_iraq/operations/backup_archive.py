"""The archive of a backup: its format, and reading one that may not be what it says.

Nothing is trusted. Sizes are bounded before anything is read, names are only those that a backup has, and whatever is
wrong ends in `BackupError`. The format is a ZIP archive (APPNOTE.TXT 6.3.10) with a list of its contents.
"""

import hashlib
import io
import json
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
MEDIA = "media/"
# The folders of the store that belong to the site: its images, and files that readers download.
MEDIA_FOLDERS = ("images", "files")

# Bytes of a file read at a time.
CHUNK = 1024 * 1024

# Bytes of the archive's own index, of the list of contents and of one picture. 32 MB list 200,000 pictures; a picture
# that is uploaded has at most 10 MB, and no rendition of it is larger than four times that.
MAX_READ_BYTES = 32 * 1024 * 1024
MAX_IMAGE_BYTES = 64 * 1024 * 1024
# How many times larger than in the archive anything but the database may be, once it is not small. Images are
# compressed already; a database may be mostly zeros, which deflate to a thousandth, so only the free room bounds it.
MAX_RATIO, SMALL_BYTES = 200, 64 * 1024

# ASCII in one case, so that no two names are the same file anywhere; no segment that begins with a dot.
IMAGE_NAME = re.compile(r"media/(?:images|files)(/[a-z0-9_][a-z0-9_.-]{0,99}){1,5}")
MAX_NAMES_SHOWN = 5

# What `zipfile` raises for an archive that is damaged, or was made to be. Only the first is meant for that.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,
)


class BackupError(Exception):
    """Why there is no backup, or nothing was restored: a sentence that says what to do."""


@dataclass(frozen=True)
class Part:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in an archive: when it was made, from which database, how much of what, and every file by its name."""

    made_at: str
    database: str
    contents: dict[str, int]
    files: dict[str, Part]
    format: int = FORMAT

    @property
    def images(self) -> list[str]:
        return [name for name in self.files if name != DATABASE]


def is_image_name(name: str) -> bool:
    """Say whether a name in an archive is that of an image or a file, as this software names them."""
    return IMAGE_NAME.fullmatch(name) is not None


# Opening


class _BoundedReader(io.BufferedReader):
    """A file of which no single read returns more than `MAX_READ_BYTES`: `zipfile` reads its index in one."""

    def read(self, size: int | None = -1) -> bytes:
        is_bounded = size is not None and 0 <= size <= MAX_READ_BYTES
        data = super().read(size if is_bounded else MAX_READ_BYTES + 1)
        if len(data) > MAX_READ_BYTES:
            raise zipfile.BadZipFile("its index is too large")
        return data


@contextmanager
def open_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive of which nothing is known yet. Raises Refused, OSError."""
    if file.exists() and not file.is_file():
        raise BackupError(f"{file} is not a file: name the file of a backup.")
    with _BoundedReader(io.FileIO(file)) as bounded:
        try:
            packed = zipfile.ZipFile(bounded)
        except UNREADABLE as error:
            raise _damaged(file, error) from None
        with packed:
            yield packed


def _damaged(file: Path, error: Exception) -> BackupError:
    reason = printable(str(error)) or type(error).__name__
    return BackupError(f"{file} is no backup, or it is damaged ({reason}): take another one.")


# The list of contents


def read_manifest(packed: zipfile.ZipFile, file: Path) -> Manifest:
    """Return what an archive says of itself, every value of the type that it has in a backup. Raises Refused."""
    try:
        entry = packed.getinfo(MANIFEST)
        if entry.file_size > MAX_READ_BYTES or _is_irregular(entry):
            raise BackupError(f"{file} is no backup of this software: its list of contents is too large.")
        with packed.open(entry) as listed:
            values = json.loads(listed.read(MAX_READ_BYTES))
    except (KeyError, *UNREADABLE):
        raise BackupError(f"{file} is no backup of this software: it has no list of its contents.") from None
    return parse_manifest(values, file)


def parse_manifest(values: Any, file: Path) -> Manifest:
    """Return the list of contents that a JSON value holds, whatever it is. Raises Refused."""
    try:
        if type(values["format"]) is int and values["format"] != FORMAT:
            raise BackupError(
                f"{file} was made by another version of this software: restore it with that one."
            )
        if (
            set(values) != {"format", "made_at", "database", "contents", "files"}
            or values["format"] != FORMAT
        ):
            raise ValueError
        datetime.fromisoformat(values["made_at"])
        files = {name: _part(part) for name, part in values["files"].items()}
        if not (
            _is_word(values["made_at"]) and _is_word(values["database"]) and _are_counts(values["contents"])
        ):
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BackupError(f"{file} is no backup of this software: it has no list of its contents.") from None
    return Manifest(**{**values, "files": files})


def _part(values: Any) -> Part:
    size, sha256 = values["size"], values["sha256"]
    if set(values) != {"size", "sha256"} or not _is_count(size) or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError
    return Part(size, sha256)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 60 and value.isprintable()


def _are_counts(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= 50
        and all(_is_word(name) and _is_count(count) for name, count in value.items())
    )


# The files


def wrong_entries(packed: zipfile.ZipFile, manifest: Manifest) -> set[str]:
    """Return the names of entries that no backup has, by what the index and the list say; nothing of them is read."""
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    wrong = {name for name in manifest.images if not is_image_name(name)}
    wrong |= set(names) ^ {MANIFEST, *manifest.files}
    wrong |= {DATABASE} - manifest.files.keys()
    wrong |= {name for name, count in Counter(names).items() if count > 1}
    return wrong | {
        entry.filename for entry in entries if entry.filename not in wrong and _differs(entry, manifest)
    }


def _differs(entry: zipfile.ZipInfo, manifest: Manifest) -> bool:
    part = manifest.files.get(entry.filename)
    if _is_irregular(entry) or part and part.size != entry.file_size:
        return True
    return entry.filename.startswith(MEDIA) and entry.file_size > MAX_IMAGE_BYTES


def _is_irregular(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is a link, a device or a folder, encrypted, packed in another way, or mostly nothing."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        kind not in (0, stat.S_IFREG)
        or entry.is_dir()
        or bool(entry.flag_bits & 0x1)
        or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        or (entry.filename != DATABASE and entry.file_size > SMALL_BYTES + MAX_RATIO * entry.compress_size)
    )


def require_space(manifest: Manifest, folder: Path) -> None:
    """Raise Refused unless a folder has room for all files of an archive, with the database once more."""
    needed = sum(part.size for part in manifest.files.values()) + manifest.files[DATABASE].size
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise BackupError(
            f"There is no room for it in {folder}: it needs {needed:,} bytes, and {free:,} are free."
        )


def file_digest(file: IO[bytes]) -> Part:
    """Read a file to its end, close it, and return its size and digest."""
    size, sha256 = 0, hashlib.sha256()
    with file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return Part(size, sha256.hexdigest())


def is_as_listed(packed: zipfile.ZipFile, name: str, part: Part) -> bool:
    """Say whether a file in the archive is what the list says, byte for byte."""
    try:
        return file_digest(packed.open(name)) == part
    except UNREADABLE:
        return False


def printable_list(names: set[str]) -> str:
    """Return the first of some names, which may hold anything, as a terminal can show them."""
    first = sorted(names)[:MAX_NAMES_SHOWN]
    return ", ".join(printable(name) for name in first)


def printable(text: str) -> str:
    """Return the beginning of a text, which may hold anything, as a terminal can show it."""
    safe = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[:100])
    return safe + "…" if len(text) > 100 else safe
