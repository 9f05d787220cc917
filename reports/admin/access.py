"""Who looked at what: every view of reports is written to the admin’s log, without a word of the reports."""

from urllib.parse import urlencode

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from ..models import ProblemReport

# Beside Django’s own three kinds (added, changed, deleted).
LOOKED = 4

# What people search for may be as personal as what they find.
UNSAID = {"q"}


def log_access(request, what, *, report=None):
    """Writes that this person was shown `what`: a list, a report, a file; with the filters of a list."""
    filters = urlencode([(name, value) for name, value in request.GET.items() if name not in UNSAID])
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(ProblemReport),
        object_id=str(report.pk) if report else "",
        object_repr=str(report) if report else what,
        action_flag=LOOKED,
        change_message=f"{what} ({filters[:300]})" if filters else what,
    )
