"""The glossary as CSV: written for any spreadsheet, and read as Excel writes it, with what is wrong in which line.

Files of people are hostile until they are read: of bounded size, in UTF-8, and what looks like a formula is text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .letters import sort_key
from .models.glossary_term import MAX_TERMS, PHRASES, TEXTS, GlossaryTerm
from .text_cleaning import clean_line, unstorable_characters

# What goes through a form a second time, with each byte as three, has to stay below what Django takes.
MAX_FILE_BYTES = 500_000
MAX_PROBLEMS = 100
# Spreadsheets add empty ones.
MAX_COLUMNS = 50
REQUIRED = TEXTS[:2]
# What parts the phrases of a cell: neither the comma nor the semicolon, one of which parts the cells.
SEPARATOR = "|"
# With these a spreadsheet takes a text for a formula; an apostrophe before them makes it a text again.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class LineProblem(NamedTuple):
    """What is wrong in a file: the number of its line, None for the file as a whole, and what to do about it."""

    line: int | None
    message: str

    def __str__(self) -> str:
        line = _("line %s") % self.line
        return f"{line}: {self.message}" if self.line else self.message


class GlossaryErrors(Exception):
    """Why a file is not taken, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[LineProblem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Change:
    """What a line of a file does: `row` is the term as it will be, `fields` names what differs, none for a new term."""

    row: GlossaryTerm
    fields: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.row.pk is None

    @property
    def labels(self) -> list[str]:
        """The names of the fields that differ, for people."""
        return [capfirst(str(GlossaryTerm._meta.get_field(name).verbose_name)) for name in self.fields]


def write(rows: Iterable[GlossaryTerm]) -> str:
    """Returns terms as CSV with commas, in alphabetical order, which databases do not agree on."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(TEXTS)
    for row in sorted(rows, key=lambda row: sort_key(row.term_en)):
        writer.writerow([_escaped(_cell(row, name)) for name in TEXTS])
    return file.getvalue()


def _cell(row: GlossaryTerm, name: str) -> str:
    text = getattr(row, name)
    return f" {SEPARATOR} ".join(text.splitlines()) if name in PHRASES else text


def _escaped(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def changes(data: bytes, known: Iterable[GlossaryTerm]) -> list[Change]:
    """Returns what a file would change of the terms that are known; terms that it lacks stay as they are.

    A column that it lacks stays as it is too. Raises GlossaryErrors with what is wrong, each with its line.
    """
    rows = {row.term_en.casefold(): row for row in known}
    lines, names = _lines(data)
    found: list[Change] = []
    problems: list[LineProblem] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        if len(problems) >= MAX_PROBLEMS:
            break
        try:
            change = _change(names, cells, rows, seen, number)
        except ValidationError as error:
            problems += [LineProblem(number, message) for message in _messages(error)]
            continue
        found += [change] if change else []
    if len(rows) + sum(change.is_new for change in found) > MAX_TERMS:
        problems.append(
            LineProblem(None, _("A glossary has at most %(limit)s terms.") % {"limit": MAX_TERMS})
        )
    if problems:
        raise GlossaryErrors(problems[:MAX_PROBLEMS])
    return found


def store(found: Iterable[Change]) -> None:
    """Writes what `changes` found."""
    for change in found:
        change.row.save()


def _messages(error: ValidationError) -> list[str]:
    """What is wrong, with the name of the column; what is said of no column without one."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{name}: {message}" for name, messages in error.message_dict.items() for message in messages]


def _lines(data: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The lines that say something, each with its number, and the names of the columns. Raises GlossaryErrors."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data))
    try:
        header = [clean_line(name).casefold() for name in next(reader, [])[: MAX_COLUMNS + 1]]
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise GlossaryErrors([LineProblem(reader.line_num, _("This is not CSV: %s") % error)]) from None
    problems: list[str] = []
    if len(lines) > MAX_TERMS or len(header) > MAX_COLUMNS:
        problems.append(_("The file has too many lines or columns."))
    if missing := [name for name in REQUIRED if name not in header]:
        problems.append(
            _("The first line must name the columns. These are missing: %s.") % ", ".join(missing)
        )
    for name in dict.fromkeys(header[:MAX_COLUMNS]):
        if header.count(name) > 1 and name:
            problems.append(_("“%(name)s” appears twice. Keep one.") % {"name": name[:100]})
        elif name and name not in TEXTS:
            listed = ", ".join(TEXTS)
            problems.append(
                _("The column “%(name)s” is not recognized. Use these: %(known)s.")
                % {"name": name[:100], "known": listed}
            )
    if problems:
        raise GlossaryErrors(LineProblem(None, message) for message in problems[:MAX_PROBLEMS])
    return lines, header


def _text(data: bytes) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise GlossaryErrors([LineProblem(None, _("The file is larger than 500 kB. Split it."))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = _("The file is not UTF-8. In Excel, save it as “CSV UTF-8”.")
        raise GlossaryErrors([LineProblem(None, message)]) from None
    if characters := unstorable_characters(text):
        message = _("This text contains characters that are not allowed (%s). Delete them.")
        raise GlossaryErrors([LineProblem(None, message % ", ".join(characters))])
    return text


def _delimiter(data: bytes) -> str:
    """What parts the columns: Excel in French writes semicolons, and tabs are what is pasted from a sheet."""
    first = data.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _change(names, cells, rows, seen, number) -> Change | None:
    """What a line changes, None for nothing. Raises ValidationError."""
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        raise ValidationError(_("This line has more cells than there are columns."))
    values = {
        name: _value(name, cell)
        for name, cell in zip(names, [*cells, *[""] * len(names)], strict=False)
        if name
    }
    key = values["term_en"].casefold()
    if key in seen:
        raise ValidationError({"term_en": _("This term is also in line %s. Keep one.") % seen[key]})
    if key:
        seen[key] = number
    row = rows.get(key) or GlossaryTerm()
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.clean_fields()
    row.check_phrases()
    differing = tuple(name for name, value in values.items() if value != before[name])
    if row.pk is None:
        return Change(row)
    return Change(row, differing) if differing else None


def _value(name: str, cell: str) -> str:
    text = _unescaped(cell.strip())
    if name not in PHRASES:
        return clean_line(text)
    return "\n".join(filter(None, map(clean_line, text.replace("\n", SEPARATOR).split(SEPARATOR))))
