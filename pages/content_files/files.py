"""Content files as people and programs wrote them: what is read is bounded, and plain YAML in UTF-8 or refused.

`UnreadableFile` carries a sentence for the person who imports, in the active language.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from yaml.composer import Composer

# The longest value that is no text, in characters: numbers and dates are far shorter, and long ones take long to read.
MAX_VALUE_LENGTH = 100
MAX_DEPTH = 50
# Names, texts and lists in one file: ten times as many as in the file of a thousand partner organizations.
MAX_NODES = 100_000

SUFFIXES = {".yaml", ".yml"}
# Beside names that begin with "." (`._home.yaml` and `.DS_Store` of macOS, `.home.yaml.swp`) or "#", or end with "~".
SYSTEM_FILES = {"thumbs.db", "desktop.ini"}

# What YAML makes of plain values. Any other tag, `!!binary` among them, has to be written out.
TAGS = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
}
TEXT = "tag:yaml.org,2002:str"


class UnreadableFile(Exception):
    """Why a file is not taken: a sentence in the active language."""


def is_content(name: str) -> bool:
    """Say whether a file is a content file by its ending: `.yaml` or `.yml`, in any case."""
    return Path(name).suffix.lower() in SUFFIXES


def is_ignored(name: str) -> bool:
    """Say whether a name is of a file that a system or an editor leaves beside others: hidden ones and copies."""
    return name.startswith((".", "#")) or name.endswith("~") or name.lower() in SYSTEM_FILES


def walk(folder: Path) -> Iterator[str]:
    """Yield the names, relative to a folder, of all files below it that are not ignored; no link is followed."""
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_ignored(name))
        for name in sorted(names):
            if not is_ignored(name):
                yield (Path(above) / name).relative_to(folder).as_posix()


def read_bytes(folder: Path, name: str, limit: int, too_large: str) -> bytes:
    """Return the bytes of a file, at most `limit` of them. Raises Unreadable, also for links, pipes and devices.

    A link is not followed, because a folder from elsewhere could name any file of this machine.
    """
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise UnreadableFile(_reason(error)) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableFile(_("This is not a file."))
    with os.fdopen(handle, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableFile(too_large)
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return _("This is a link. Replace it with the file itself.")
    if isinstance(error, FileNotFoundError):
        return _("The file was not found.")
    return _("The file cannot be read: %s") % (getattr(error, "strerror", None) or error)


def parse(data: bytes) -> Any:
    """Return what a YAML file says. Raises Unreadable."""
    try:
        return yaml.load(data.decode("utf-8-sig"), StrictLoader)
    except UnicodeDecodeError:
        raise UnreadableFile(_("The file is not UTF-8. Save it as UTF-8.")) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise UnreadableFile(_("The file is not valid YAML: %s") % _problem(error)) from None


# The parser of libyaml, where PyYAML was built with it, reads many times as fast as the one in Python.
BASES = (Composer, yaml.CSafeLoader) if yaml.__with_libyaml__ else (yaml.SafeLoader,)


class StrictLoader(*BASES):
    """YAML without surprises: no aliases or merges, which can make a small file huge, no tags, no name given twice."""

    def __init__(self, stream):
        BASES[-1].__init__(self, stream)
        Composer.__init__(self)
        self.depth = self.count = 0

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            self._refuse(_("Do not use “*” references. Write the text out."))
        if self.depth > MAX_DEPTH:
            self._refuse(_("Lists and names are nested too deeply."))
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.count > MAX_NODES:
            self._refuse(_("This file contains too many values. Split it."))
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node.tag not in TAGS:
            self._refuse(_("Do not use YAML tags or merges. Write the value out."), node.start_mark)
        if isinstance(node, yaml.ScalarNode) and node.tag != TEXT and len(node.value) > MAX_VALUE_LENGTH:
            self._refuse(_("This value is too long for a number or a date."), node.start_mark)
        return node

    def construct_mapping(self, node, deep=False):
        names = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(_("A name must be text. Write “name: value”."), key.start_mark)
            if key.value in names:
                self._refuse(_("“%(name)s” appears twice. Keep one.") % {"name": key.value}, key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)

    def _refuse(self, problem, mark=None):
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark or self.peek_event().start_mark)


# What libyaml says of the slips that people make most, and what they can do about them.
_ADVICE = {
    "found character that cannot start any token": gettext_lazy(
        "Indent with spaces, not tabs. Put a text that begins with a sign such as @ in quotation marks."
    ),
    "mapping values are not allowed in this context": gettext_lazy(
        "Put a text with a colon in quotation marks."
    ),
    "did not find expected key": gettext_lazy("Check the indentation and the quotation marks."),
}


def _problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, RecursionError):
        return _("Lists and names are nested too deeply.")
    problem = getattr(error, "problem", None) or str(error)
    problem = str(_ADVICE.get(problem, problem))
    if not mark:
        return problem
    line = _("line %s") % (mark.line + 1)
    return f"{problem} ({line})"


def printable(text: str) -> str:
    """Return a text that may hold anything as any terminal can show it, halves of characters too."""
    return "".join(char if unicodedata.category(char)[0] != "C" else ascii(char)[1:-1] for char in text)
