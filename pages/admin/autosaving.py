"""Drafts that save themselves: the form of a page sends itself while somebody writes, and goes on with the answer.

What is sent is saved by the same rules as by the button: refused as a whole where a field is refused, and compared with
what others have saved meanwhile. Nothing is published by it.
"""

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models.audit_entry import AuditEntry
from ..models.review import ReviewStep
from . import edit_conflicts

PARAMETER = "_autosave"

# Saves of one person that follow one another within this time are one entry of the history.
ONE_SITTING = timezone.timedelta(minutes=30)


def is_autosave(request):
    return request.method == "POST" and PARAMETER in request.POST


def saved(request, page, bar):
    """Answers that a page was saved, with what its form now begins from; `bar` is the context of its bar."""
    rows = [row for row in edit_conflicts.block_rows(page) if getattr(row, "image_id", None)]
    return JsonResponse(
        {
            "state": "saved",
            "message": saved_at(timezone.now()),
            "opened": edit_conflicts.form_state(page).dumps(),
            "images": {row.key: row.image_id for row in rows},
            "bar": render_to_string("admin/pages/page/bar_state.html", bar, request),
        }
    )


def saved_at(moment):
    """Returns the words for a time of today at which a working copy was saved."""
    return _("Saved at %(time)s") % {"time": date_format(timezone.localtime(moment), "TIME_FORMAT")}


def refused(request, error_summary):
    """Answers why nothing was saved: what others have saved meanwhile, or how many fields were refused."""
    if getattr(request, "conflict", None):
        message = _("Not saved: someone else saved this page. Select “Save” to see both texts.")
        return JsonResponse({"state": "conflict", "message": message})
    count = render_to_string("admin/pages/not_saved.html", {"count": error_summary.count}).strip()
    return JsonResponse(
        {"state": "refused", "message": _("%(what)s. Select “Save” to see why.") % {"what": count}}
    )


def continue_entry(person, page, message):
    """Adds what was saved to the newest entry about the page, if this is of the same sitting; says whether it did."""
    entry = AuditEntry.objects.saves(page).first()
    since = timezone.now() - ONE_SITTING
    if entry is None or entry.user_id != person.pk or entry.action_time < since:
        return False
    if ReviewStep.objects.filter(edition__page=page, made_at__gt=entry.action_time).exists():
        return False
    return entry.continue_with(message)
