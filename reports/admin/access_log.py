"""Who looked at what: every view of reports is written to the admin’s log, without a word of the reports."""

from urllib.parse import urlencode

from pages.models import audit_entry

from ..models import ProblemReport

# Beside Django’s own three kinds (added, changed, deleted).
VIEWED = 4

# What people search for may be as personal as what they find.
UNLOGGED_PARAMETERS = {"q"}


def log_access(request, what, *, report=None):
    """Writes that this person was shown `what`: a list, a report, a file; with the filters of a list."""
    filters = urlencode(
        [(name, value) for name, value in request.GET.items() if name not in UNLOGGED_PARAMETERS]
    )
    audit_entry.record(
        request.user,
        ProblemReport,
        report.pk if report else "",
        str(report) if report else what,
        VIEWED,
        f"{what} ({filters[:300]})" if filters else what,
    )
