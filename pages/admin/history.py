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

# Acts that leave an edition as it was.
UNDECIDED = (ReviewStep.Action.SUBMITTED, ReviewStep.Action.COMMENTED)


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
            editions=_with_decisions(
                editions.select_related("author", "approver", "emergency_record"), steps
            ),
            steps=steps,
            status=page_status.page_status(page),
            saves=[(save, describe_log_entry(save)) for save in saves[:SAVES_SHOWN]],
            can_change=self.may_change(request, page),
            can_publish=may_publish(request),
        )


def _steps(page):
    steps = ReviewStep.objects.filter(edition__page=page).select_related("by", "edition", "passage")
    return steps.defer("edition__document").order_by(F("made_at").desc(nulls_last=True), "-pk")


def _with_decisions(editions, steps):
    """The editions, each with what the last act made of it, and by whom: `decision` and `decided_by`.

    `decision` is "" but for an edition whose changes were carried into another one.
    """
    last = {step.edition_id: step for step in reversed(steps) if step.action not in UNDECIDED}
    editions = list(editions)
    for edition in editions:
        step = last.get(edition.pk)
        edition.decision = step.description if step and step.carried_into is not None else ""
        edition.decided_by = step.by_shown if step else ""
    return editions
