"""Controlled vocabularies as CSV, a file for each: the code of a term and its labels in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import csv_tables
from .csv_tables import MAX_PROBLEMS, LineProblem, TableErrors
from .models.vocabulary_term import MAX_TERMS, VocabularyTerm
from .text_cleaning import clean_line

COLUMNS = ("code", "label_en", "label_fr")


def write(rows: Iterable[VocabularyTerm]) -> str:
    """Returns the terms of one vocabulary as CSV, in the order of their codes."""
    ordered = sorted(rows, key=lambda row: row.code)
    return csv_tables.write(COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in ordered))


def read(data: bytes, vocabulary: str) -> list[VocabularyTerm]:
    """Returns the terms of a file, not saved. Raises TableErrors with everything that is wrong, each with its line."""
    lines, names = csv_tables.read(data, COLUMNS, required=COLUMNS, max_lines=MAX_TERMS)
    found: dict[str, VocabularyTerm] = {}
    problems: list[LineProblem] = []
    for number, cells in lines:
        try:
            term = _term(csv_tables.cells_by_name(names, cells), vocabulary, found)
        except ValidationError as error:
            problems += [LineProblem(number, message) for message in _messages(error)]
        else:
            found[term.code] = term
    if problems:
        raise TableErrors(problems[:MAX_PROBLEMS])
    if not found:
        raise TableErrors([LineProblem(None, _("The file has no terms."))])
    return list(found.values())


def _term(cells: dict[str, str] | None, vocabulary: str, found: dict[str, VocabularyTerm]) -> VocabularyTerm:
    if cells is None:
        raise ValidationError(_("This line has more cells than there are columns."))
    term = VocabularyTerm(vocabulary=vocabulary, **{name: clean_line(cells[name]) for name in COLUMNS})
    term.clean_fields()
    if term.code in found:
        raise ValidationError(
            {"code": _("The code “%s” is used twice. Each code must be unique.") % term.code}
        )
    return term


def _messages(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{name}: {message}" for name, messages in error.message_dict.items() for message in messages]


@transaction.atomic
def store(terms: Iterable[VocabularyTerm]) -> tuple[list[VocabularyTerm], list[VocabularyTerm]]:
    """Adds terms, or gives those that exist their labels; others stay. Returns the new and the changed ones.

    Call `indexes.update_drafts` for the pages that have changed ones.
    """
    added, changed = [], []
    for term in terms:
        row = VocabularyTerm.objects.filter(vocabulary=term.vocabulary, code=term.code).first()
        if row is None:
            term.save()
            added.append(term)
        elif (row.label_en, row.label_fr) != (term.label_en, term.label_fr):
            row.label_en, row.label_fr = term.label_en, term.label_fr
            row.save()
            changed.append(row)
    return added, changed
