"""Reports as CSV and as JSON, of any number at constant memory: rows go out as they come from the database."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from pages.document import LANGUAGES
from pages.models.edition import Edition
from pages.text_cleaning import ZERO_WIDTH

from .models import Dismissal, ProblemReport, Reason, Severity, State

# Rows held in memory at a time.
CHUNK = 2000

COLUMNS = (
    "number",
    "received",
    "page",
    "title_en",
    "title_fr",
    "edition",
    "language",
    "section",
    "reasons",
    "reasons_en",
    "reasons_fr",
    "details",
    "looking_for",
    "masked",
    "state",
    "state_en",
    "state_fr",
    "severity",
    "owner",
    "due",
    "fixed_by_edition",
    "dismissal_en",
    "dismissal_fr",
    "duplicate_of",
    "spam_sign",
)

READ = (
    *(
        "pk",
        "received_at",
        "page__key",
        "edition__title_en",
        "edition__title_fr",
        "edition__number",
        "language",
    ),
    *(
        "section",
        *Reason.values,
        "details",
        "looking_for",
        "masked_kinds",
        "status",
        "severity",
        "owner__username",
        "due_on",
    ),
    *(
        "fixed_by__number",
        "fixed_by__status",
        "fixed_by__publish_at",
        "dismissal",
        "duplicate_of_id",
        "spam_sign",
    ),
)


def records(reports, at: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Each report with `COLUMNS` as keys; labels in both languages, codes for machines."""
    at = at or timezone.now()
    labels = {language: _labels(language) for language in LANGUAGES}
    for row in reports.values(*READ).iterator(chunk_size=CHUNK):
        yield _record(row, at, labels)


def _labels(language):
    with override(language):
        return {
            choices: {value: str(label) for value, label in choices.choices}
            for choices in (Reason, State, Severity, Dismissal)
        }


def _record(row, at, labels):
    reasons = [reason for reason in Reason.values if row[reason]]
    state = _state(row, at)
    record = {
        "number": row["pk"],
        "received": timezone.localtime(row["received_at"]).isoformat(timespec="seconds"),
        "page": row["page__key"],
        "title_en": row["edition__title_en"],
        "title_fr": row["edition__title_fr"],
        "edition": row["edition__number"],
        "language": row["language"],
        "section": row["section"],
        "reasons": reasons,
        "details": row["details"],
        "looking_for": row["looking_for"],
        "masked": row["masked_kinds"],
        "state": state.value,
        "severity": row["severity"],
        "owner": row["owner__username"] or "",
        "due": row["due_on"].isoformat() if row["due_on"] else "",
        "fixed_by_edition": row["fixed_by__number"],
        "duplicate_of": row["duplicate_of_id"],
        "spam_sign": row["spam_sign"],
    }
    for language, label in labels.items():
        record[f"reasons_{language}"] = [label[Reason][reason] for reason in reasons]
        record[f"state_{language}"] = label[State][state.value]
        record[f"dismissal_{language}"] = label[Dismissal].get(row["dismissal"], "")
    return {name: record[name] for name in COLUMNS}


def _state(row, at):
    """As `ProblemReport.state`, of a row without its objects."""
    if row["status"] != ProblemReport.Status.WAITING:
        return State(row["status"])
    if row["fixed_by__status"] != Edition.Status.APPROVED:
        return State.IN_PROGRESS
    return State.RESOLVED if row["fixed_by__publish_at"] <= at else State.WAITING


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def as_csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """With a mark at the start by which spreadsheets know UTF-8, and no cell that they would take for a formula."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for record in found:
        yield writer.writerow([harmless(_cell(value)) for value in record.values()])


def _cell(value):
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, str):
        return value.strip()  # or a line break at its start would be one in front of what `harmless` adds
    return "" if value is None else value


# What a formula begins with: https://owasp.org/www-community/attacks/CSV_Injection
_SIGN = "[=+@\\-＝＋－＠﹦﹢﹣﹫]"
_BEFORE_SIGN = f'[^\\S\\t\\r\\n]|["{ZERO_WIDTH}]'
# A cell begins with the text, and also within it where a program parts cells at other signs than the comma, as
# spreadsheets in French do at the semicolon: the quotation marks around the text then mean nothing. After a comma
# there is a space in prose, and none between cells.
_FORMULA = re.compile(
    rf"^\s*{_SIGN}|(?:^|(?<=[;\t\r\n|]))(?:{_BEFORE_SIGN})*{_SIGN}|(?<=,)[\"{ZERO_WIDTH}]*{_SIGN}"
)


def harmless(value: Any) -> Any:
    """Puts an apostrophe, which makes a cell a text, wherever a spreadsheet could begin a formula; numbers stay."""
    return _FORMULA.sub(r"'\g<0>", value) if isinstance(value, str) else value


def as_json(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One list of objects, an object a line."""
    yield "["
    before = "\n"
    for record in found:
        yield before + json.dumps(record, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"
