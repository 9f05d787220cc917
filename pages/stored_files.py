"""Files that readers download: what is kept of an upload, where it is, and what it is called.

A file is named in the storage by the digest of its bytes, and is never changed or deleted, as an image is: so old
editions go on having the file that they were published with.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.core.files.storage import Storage, default_storage

from . import file_formats, images
from .slugs import slug

# Of the name that a file gets from its title, in characters.
MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the storage. `format` is a key of `file_formats.FORMATS`, `size` is in bytes."""

    digest: str
    format: str
    size: int


@dataclass(frozen=True, slots=True)
class ValidatedFile:
    """An upload that was taken, byte for byte."""

    data: bytes = field(repr=False)
    format: str

    @property
    def file(self) -> StoredFile:
        """How it will be known once it is stored."""
        return StoredFile(hashlib.sha256(self.data).hexdigest(), self.format, len(self.data))


def validate_upload(data: bytes, name: str) -> ValidatedFile:
    """Returns an upload that may be offered to readers. Raises `file_formats.FileRefused`."""
    return ValidatedFile(data, file_formats.check(data, name))


def store(upload: ValidatedFile, storage: Storage = default_storage) -> StoredFile:
    """Writes a file, if it is not there yet; it appears whole or not at all."""
    file = upload.file
    if not storage.exists(stored_name(file)):
        images.write_file(storage, stored_name(file), upload.data)
    return file


def original(file: StoredFile, storage: Storage = default_storage) -> bytes:
    """The stored file, byte for byte. Raises FileNotFoundError when the storage has lost it."""
    with storage.open(stored_name(file)) as stored:
        return stored.read()


def stored_name(file: StoredFile) -> str:
    """Where a file is in the storage."""
    return f"files/{file.digest}.{file.format}"


def download_name(title: str, format: str) -> str:
    """What a file is called when it is saved, made of its title: “Rapport annuel 2025” is `rapport-annuel-2025.pdf`."""
    return f"{slug(title)[:MAX_NAME_LENGTH].strip('-') or 'document'}.{format}"
