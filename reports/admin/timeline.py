"""How the timeline of a report reads, in the language of whoever reads it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ..models import Dismissal, ProblemReport, Severity, TimelineEntry
from ..spam import SIGNALS

Kind = TimelineEntry.Kind


@dataclass(frozen=True, slots=True)
class EntryDescription:
    """`numbers` are the reports that the sentence names, to be linked to."""

    at: datetime
    by: str
    sentence: str
    text: str = ""
    numbers: tuple[int, ...] = ()


def describe_timeline(entries):
    """Each entry as a sentence, oldest first."""
    return [_describe_entry(entry) for entry in entries]


def _describe_entry(entry):
    sentence, *numbers = SENTENCES[entry.kind](entry.values)
    return EntryDescription(entry.at, entry.by_shown, sentence, entry.text, tuple(numbers))


def _status(values):
    return [_("Status: %(status)s") % {"status": ProblemReport.Status(values["to"]).label}]


def _dismissed(values):
    return [_("Dismissed: %(reason)s") % {"reason": Dismissal(values["reason"]).label}]


def _severity(values):
    return [_("Severity: %(severity)s") % {"severity": Severity(values["to"]).label}]


def _spam(values):
    label = next((sign.label for sign in SIGNALS if sign.code == values["sign"]), values["sign"])
    return [
        _("Not spam: returned to the queue. It had been held as spam for this reason: %(sign)s")
        % {"sign": label}
    ]


SENTENCES = {
    Kind.NOTE: lambda values: [_("Note")],
    Kind.STATUS: _status,
    Kind.DISMISSED: _dismissed,
    Kind.MERGED: lambda values: [_("Merged as a duplicate into report"), values["into"]],
    Kind.RECEIVED: lambda values: [_("Duplicates merged into this report:"), *values["reports"]],
    Kind.FIXED: lambda values: [_("Fixed in edition %(number)s") % {"number": values["edition"]}],
    Kind.OWNER: lambda values: [_("Assigned to: %(owner)s") % {"owner": values["to"] or _("no one")}],
    Kind.SEVERITY: _severity,
    Kind.DUE: lambda values: [_("Due date: %(day)s") % {"day": values["to"] or _("none")}],
    Kind.SPAM: _spam,
}
