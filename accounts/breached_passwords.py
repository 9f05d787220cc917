"""Refuses passwords that are known from data breaches, by a list on this machine: nothing is asked of the network.

BREACHED_PASSWORDS names the list, in one of the forms in which such lists are to be had (see `form_of`). However large
it is, it is read in small pieces: a sorted file by binary search, a folder one small file at a time.
"""

import hashlib
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# Bytes of a line with a hash, its count and its ending included; of a password, as lists have none that is longer; and
# of a piece of a list of passwords.
MAX_LINE, MAX_PASSWORD, CHUNK = 128, 1000, 1024 * 1024
BOM = b"\xef\xbb\xbf"
# Lines that are compared to see whether a file is sorted, and files that a whole folder has.
SAMPLES = 64
SAMPLE_PREFIXES = ("00000", "5BAA6", "A94A8", "FFFFF")

HASH_LINE = re.compile(rb"([0-9A-F]{40})(?::([0-9]+))?\r?\n?", re.I)
SUFFIX_LINE = re.compile(rb"([0-9A-F]{35})(?::([0-9]+))?\r?\n?", re.I)
OTHER_HASH = re.compile(rb"(?:[0-9A-F]{32}|[0-9A-F]{64})(?::[0-9]+)?\r?\n?", re.I)


class UnusableList(Exception):
    """Why a list cannot be used: the end of a sentence."""


class BreachedPasswordValidator:
    """One of AUTH_PASSWORD_VALIDATORS. While the list cannot be read it accepts no password: half a check is none."""

    def __init__(self, path: str):
        self.path = Path(path)

    def validate(self, password, user=None):
        try:
            is_known = is_breached(password, self.path)
        except (OSError, UnusableList) as error:
            logger.error("The list of breached passwords cannot be used: %s", type(error).__name__)
            raise ValidationError(
                _(
                    "New passwords cannot be checked at the moment, so none can be set."
                    " Please tell the people who run this site."
                ),
                code="breached_passwords_unusable",
            ) from None
        if is_known:
            raise ValidationError(
                _("This password is known from a data breach, so others can guess it. Choose another one."),
                code="breached_password",
            )

    def get_help_text(self):
        return _("Your password can’t be one that is known from a data breach.")


def is_breached(password: str, path: Path) -> bool:
    """Returns whether a password is in a list. Raises OSError, and UnusableList for what is no such list."""
    return form_of(path)(path, password.encode("utf-8", "surrogatepass"))


def form_of(path: Path) -> Callable[[Path, bytes], bool]:
    """Returns what looks up a password in a list, by the form that it has.

    A folder has a file for each of the first five digits of a hash, as the range interface of Have I Been Pwned sends
    them. A file has SHA-1 hashes in their order, each with or without a count, or passwords as they are, in any order.
    Raises OSError and UnusableList.
    """
    if path.is_dir():
        return _is_in_folder
    with path.open("rb") as file:
        first = file.readline(MAX_LINE).removeprefix(BOM)
    if HASH_LINE.fullmatch(first):
        return _is_in_sorted_file
    if OTHER_HASH.fullmatch(first):
        raise UnusableList("has hashes that are not SHA-1")
    if not first.strip():
        raise UnusableList("is empty, or begins with an empty line")
    return _is_in_plain_file


def problem_with(path: Path) -> str:
    """Says why a list cannot be used, as a sentence; "" for one that can. Costs little, however large the list is."""
    try:
        form = form_of(path)
        if form is _is_in_folder:
            for prefix in SAMPLE_PREFIXES:
                _is_in_folder_file(path, prefix, b"")
        elif form is _is_in_sorted_file:
            _require_order(path)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    except UnusableList as error:
        return f"{path} {error}."
    return ""


@register(Tags.security)
def check_list(app_configs, **kwargs):
    """System check: the list that BREACHED_PASSWORDS names can be used."""
    path = settings.BREACHED_PASSWORDS
    problem = problem_with(Path(path)) if path else ""
    hint = "docs/operations.md says which lists can be used. Until then nobody can set a password."
    return [Error(f"BREACHED_PASSWORDS: {problem}", hint=hint, id="canada_iraq.E001")] if problem else []


# A folder of ranges


def _is_in_folder(path: Path, password: bytes) -> bool:
    digest = _digest(password)
    return _is_in_folder_file(path, digest[:5].decode(), digest[5:])


def _is_in_folder_file(path: Path, prefix: str, suffix: bytes) -> bool:
    names = [f"{written}{ending}" for written in (prefix, prefix.lower()) for ending in ("", ".txt")]
    file = next((path / name for name in names if (path / name).is_file()), None)
    if file is None:
        raise UnusableList(f"has no file for the hashes that begin with {prefix}")
    with file.open("rb") as lines:
        while line := lines.readline(MAX_LINE):
            found = SUFFIX_LINE.fullmatch(line.removeprefix(BOM))
            if found is None:
                raise UnusableList(f"has something other than hashes in {file.name}")
            if found[1].upper() == suffix:
                return _is_counted(found)
    return False


# One sorted file of hashes


def _is_in_sorted_file(path: Path, password: bytes) -> bool:
    digest = _digest(password)
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            start = _next_line(file, middle)
            if start >= high:  # no line begins in the upper half
                high = middle
                continue
            found = _read_hash(file)
            if found[1].upper() == digest:
                return _is_counted(found)
            if found[1].upper() < digest:
                low = file.tell()
            else:
                high = middle
    return False


def _next_line(file, position: int) -> int:
    """Goes to where the first line begins that does not begin before a position, and returns it."""
    if position:
        file.seek(position - 1)
        if not file.readline(MAX_LINE).endswith(b"\n") and file.read(1):
            raise UnusableList("has a line that is no hash")
    else:
        file.seek(0)
    return file.tell()


def _read_hash(file) -> re.Match[bytes]:
    found = HASH_LINE.fullmatch(file.readline(MAX_LINE).removeprefix(BOM))
    if found is None:
        raise UnusableList("has a line that is no hash")
    return found


def _require_order(path: Path) -> None:
    """Raises UnusableList for a file whose hashes are not sorted, as some lists are by how often they were found."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        before, end = b"", 0
        for place in range(SAMPLES):
            position = _next_line(file, max(end, size * place // SAMPLES))
            for _line in range(2):  # neighbours tell what far lines may not
                if position < size:
                    digest = _read_hash(file)[1].upper()
                    if digest < before:
                        raise UnusableList("is not sorted by hash")
                    before, end = digest, file.tell()
                    position = end


# Plain passwords


def _is_in_plain_file(path: Path, password: bytes) -> bool:
    if not 0 < len(password) <= MAX_PASSWORD or b"\n" in password or b"\r" in password:
        return False
    needle = b"\n" + password
    with path.open("rb") as file:
        rest = b"\n" + file.read(len(BOM)).removeprefix(BOM)
        while chunk := file.read(CHUNK):
            text = rest + chunk
            if _has_line(text, needle):
                return True
            rest = text[-len(needle) - 1 :]
        return _has_line(rest + b"\n", needle)


def _has_line(text: bytes, needle: bytes) -> bool:
    return needle + b"\n" in text or needle + b"\r" in text


def _digest(password: bytes) -> bytes:
    return hashlib.sha1(password, usedforsecurity=False).hexdigest().upper().encode()


def _is_counted(found: re.Match[bytes]) -> bool:
    """Whether a line counts: some lists are padded with hashes that were found 0 times."""
    return found[2] is None or bool(int(found[2]))
