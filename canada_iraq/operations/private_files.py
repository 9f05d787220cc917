"""Files that only the account of the site may read: folders 0700, files 0600, under any umask.

Needs nothing but Python's own library, as the settings use it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_folder(folder: Path) -> None:
    """Create a folder, and those above it, unless it is there. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        tighten(folder)


def make_file(file: Path) -> None:
    """Create an empty file unless it is there, before a library makes one that others can read. Raises OSError.

    A file that is there is never opened: closing a database of SQLite takes away the locks of all connections that this
    process has to it (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE))
    tighten(file)


def tighten(*paths: Path | str) -> None:
    """Take away what group and others may do, for each path that is there.

    Left as it is: what another account owns, and a folder that all accounts share (sticky, like /tmp).
    """
    for path in paths:
        with suppress(OSError):
            found = os.stat(path)
            mode = FOLDER_MODE if stat.S_ISDIR(found.st_mode) else FILE_MODE
            is_private = stat.S_IMODE(found.st_mode) == mode
            if not is_private and found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
                os.chmod(path, mode)
