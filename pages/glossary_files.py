"""The glossary as CSV (`csv_tables`): out, and in again, with what is wrong in which line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from . import csv_tables
from .csv_tables import MAX_FILE_BYTES, MAX_PROBLEMS, LineProblem
from .csv_tables import TableErrors as GlossaryErrors
from .letters import sort_key
from .models.glossary_term import MAX_TERMS, PHRASES, TEXTS, GlossaryTerm
from .text_cleaning import clean_line

__all__ = ["MAX_FILE_BYTES", "Change", "GlossaryErrors", "LineProblem", "changes", "store", "write"]

REQUIRED = TEXTS[:2]
# What parts the phrases of a cell: neither the comma nor the semicolon, one of which parts the cells.
SEPARATOR = "|"


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
    ordered = sorted(rows, key=lambda row: sort_key(row.term_en))
    return csv_tables.write(TEXTS, ([_cell(row, name) for name in TEXTS] for row in ordered))


def _cell(row: GlossaryTerm, name: str) -> str:
    text = getattr(row, name)
    return f" {SEPARATOR} ".join(text.splitlines()) if name in PHRASES else text


def changes(data: bytes, known: Iterable[GlossaryTerm]) -> list[Change]:
    """Returns what a file would change of the terms that are known; terms that it lacks stay as they are.

    A column that it lacks stays as it is too. Raises GlossaryErrors with what is wrong, each with its line.
    """
    rows = {row.term_en.casefold(): row for row in known}
    lines, names = csv_tables.read(data, TEXTS, required=REQUIRED, max_lines=MAX_TERMS)
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


def _change(names, cells, rows, seen, number) -> Change | None:
    """What a line changes, None for nothing. Raises ValidationError."""
    by_name = csv_tables.cells_by_name(names, cells)
    if by_name is None:
        raise ValidationError(_("This line has more cells than there are columns."))
    values = {name: _value(name, cell) for name, cell in by_name.items()}
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
    if name not in PHRASES:
        return clean_line(cell)
    return "\n".join(filter(None, map(clean_line, cell.replace("\n", SEPARATOR).split(SEPARATOR))))
