"""How the timeline of a report reads, in the language of whoever reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ..models import Dismissal, ProblemReport, Severity, TimelineEntry
from ..spam import SIGNS

Kind = TimelineEntry.Kind


@dataclass(frozen=True, slots=True)
class Told:
    """`numbers` are the reports that the sentence names, to be linked to."""

    at: datetime
    by: Any
    sentence: str
    text: str = ""
    numbers: tuple[int, ...] = ()


def told(entries):
    """Each entry as a sentence, oldest first."""
    return [_told(entry) for entry in entries]


def _told(entry):
    sentence, *numbers = SENTENCES[entry.kind](entry.values)
    return Told(entry.at, entry.by, sentence, entry.text, tuple(numbers))


def _status(values):
    return [_("Status: %(status)s") % {"status": ProblemReport.Status(values["to"]).label}]


def _dismissed(values):
    return [_("Dismissed: %(reason)s") % {"reason": Dismissal(values["reason"]).label}]


def _severity(values):
    return [_("Severity: %(severity)s") % {"severity": Severity(values["to"]).label}]


def _spam(values):
    label = next((sign.label for sign in SIGNS if sign.code == values["sign"]), values["sign"])
    return [_("Not spam, put in the queue. It had been kept apart for: %(sign)s") % {"sign": label}]


SENTENCES = {
    Kind.NOTE: lambda values: [_("Note")],
    Kind.STATUS: _status,
    Kind.DISMISSED: _dismissed,
    Kind.MERGED: lambda values: [_("Merged as a duplicate into report"), values["into"]],
    Kind.RECEIVED: lambda values: [_("Duplicates merged into this report:"), *values["reports"]],
    Kind.FIXED: lambda values: [_("Fixed by edition %(number)s") % {"number": values["edition"]}],
    Kind.OWNER: lambda values: [_("Owner: %(owner)s") % {"owner": values["to"] or _("nobody")}],
    Kind.SEVERITY: _severity,
    Kind.DUE: lambda values: [_("Due date: %(day)s") % {"day": values["to"] or _("none")}],
    Kind.SPAM: _spam,
}
