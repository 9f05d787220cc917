"""The record of a page: its editions, and who saved its working copy when."""

from django.db.models import F
from django.utils.translation import gettext as _

from .. import page_status
from ..models.audit_entry import AuditEntry
from ..models.edition import Edition
from ..models.review import ReviewStep
from .page_views import PageView, may_publish
from .restoring import describe_log_entry

SAVES_SHOWN = 50


class HistoryView(PageView):
    route = name = "history"

    def respond(self, request, page):
        editions = Edition.objects.filter(page=page).defer("document")
        steps = list(_steps(page))
        saves = AuditEntry.objects.saves(page)
        return self.render(
            request,
            page,
            "history",
            title=_("History"),
            editions=_with_cancellations(
                editions.select_related("author", "approver", "emergency_record"), steps
            ),
            steps=steps,
            status=page_status.page_status(page),
            saves=[(save, describe_log_entry(save)) for save in saves[:SAVES_SHOWN]],
            can_change=self.may_change(request, page),
            can_publish=may_publish(request),
        )


def _steps(page):
    steps = ReviewStep.objects.filter(edition__page=page).select_related("by", "edition")
    return steps.defer("edition__document").order_by(F("made_at").desc(nulls_last=True), "-pk")


def _with_cancellations(editions, steps):
    """The editions, each with `cancellation`: what became of one whose changes were carried into another, else ""."""
    carried = {step.edition_id: step.description for step in steps if step.carried_into is not None}
    editions = list(editions)
    for edition in editions:
        edition.cancellation = carried.get(edition.pk, "")
    return editions
