"""Tables as CSV: written for any spreadsheet, and read as Excel writes them, with what is wrong in which line.

Files of people are hostile until they are read: of bounded size, in UTF-8, and what looks like a formula is text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from .text_cleaning import clean_line, unstorable_characters

# What goes through a form a second time, with each byte as three, has to stay below what Django takes.
MAX_FILE_BYTES = 500_000
MAX_PROBLEMS = 100
# Spreadsheets add empty ones.
MAX_COLUMNS = 50
# With these a spreadsheet takes a text for a formula; an apostrophe before them makes it a text again.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class LineProblem(NamedTuple):
    """What is wrong in a file: the number of its line, None for the file as a whole, and what to do about it."""

    line: int | None
    message: str

    def __str__(self) -> str:
        line = _("line %s") % self.line
        return f"{line}: {self.message}" if self.line else self.message


class TableErrors(Exception):
    """Why a file is not taken, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[LineProblem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def write(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Returns a table as CSV with commas; the columns are in its first line."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(map(_escaped, row))
    return file.getvalue()


def read(
    data: bytes, columns: Sequence[str], *, required: Sequence[str], max_lines: int
) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Returns the lines that say something, each with its number, and the names of the columns. Raises TableErrors."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data))
    try:
        header = [clean_line(name).casefold() for name in next(reader, [])[: MAX_COLUMNS + 1]]
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise TableErrors([LineProblem(reader.line_num, _("This is not CSV: %s") % error)]) from None
    problems: list[str] = []
    if len(lines) > max_lines or len(header) > MAX_COLUMNS:
        problems.append(_("The file has too many lines or columns."))
    if missing := [name for name in required if name not in header]:
        problems.append(
            _("The first line must name the columns. These are missing: %s.") % ", ".join(missing)
        )
    for name in dict.fromkeys(header[:MAX_COLUMNS]):
        if header.count(name) > 1 and name:
            problems.append(_("“%(name)s” appears twice. Keep one.") % {"name": name[:100]})
        elif name and name not in columns:
            problems.append(
                _("The column “%(name)s” is not recognized. Use these: %(known)s.")
                % {"name": name[:100], "known": ", ".join(columns)}
            )
    if problems:
        raise TableErrors(LineProblem(None, message) for message in problems[:MAX_PROBLEMS])
    return lines, header


def cells_by_name(names: Sequence[str], cells: Sequence[str]) -> dict[str, str] | None:
    """Returns the cells of a line by the names of their columns; None where it has more than these."""
    if any(cell.strip() for cell in cells[len(names) :]):
        return None
    padded = [*cells, *[""] * len(names)]
    return {name: _unescaped(cell.strip()) for name, cell in zip(names, padded, strict=False) if name}


def _escaped(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _text(data: bytes) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise TableErrors([LineProblem(None, _("The file is larger than 500 kB. Split it."))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = _("The file is not UTF-8. In Excel, save it as “CSV UTF-8”.")
        raise TableErrors([LineProblem(None, message)]) from None
    if characters := unstorable_characters(text):
        message = _("This text contains characters that are not allowed (%s). Delete them.")
        raise TableErrors([LineProblem(None, message % ", ".join(characters))])
    return text


def _delimiter(data: bytes) -> str:
    """What parts the columns: Excel in French writes semicolons, and tabs are what is pasted from a sheet."""
    first = data.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))
