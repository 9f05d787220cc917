"""The secret of a site, where no SECRET_KEY is set: a file in its data folder that only its owner can read.

Needs nothing but Python's own library, as the settings use it.
"""

import os
import tempfile
from pathlib import Path

from . import private_files
from .environment import exclusive_lock


def read(file: Path) -> str:
    """Return the secret in a file, "" where there is none or it is empty. Raises OSError when it cannot be read."""
    try:
        return file.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def write_once(file: Path, secret: str) -> str:
    """Write a secret unless the file has one, and return the one that it has then. Raises OSError.

    The file has all of it or is not touched: on a full disk nothing is left that the next start would read. Of several
    processes the first one wins.
    """
    private_files.make_folder(file.parent)
    with exclusive_lock(file.parent):
        return read(file) or _write(file, secret)


def _write(file: Path, secret: str) -> str:
    handle, aside = tempfile.mkstemp(dir=file.parent, prefix=".secret_key-")  # mode 0600
    try:
        with os.fdopen(handle, "w") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, file)
    except OSError:
        os.unlink(aside)
        raise
    return secret
