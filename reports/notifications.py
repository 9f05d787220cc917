"""Tells people that a problem report was assigned to them: which report and page, never what the visitor wrote."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import people
from pages.models.notification import Delivery
from pages.models.page import title_of
from pages.notifications import Kind, Message, write


def _assigned(notification):
    words = {
        "name": notification.by_shown,
        "number": notification.report_number,
        "title": title_of(notification.page),
    }
    return _("%(name)s assigned report %(number)s on “%(title)s” to you.") % words


def _report(notification):
    return reverse("admin:reports_problemreport_change", args=[notification.report_number])


ASSIGNED = Kind(
    "assigned",
    gettext_lazy("Problem report assigned to me"),
    "reports.view_problemreport",
    Delivery.NOW,
    _assigned,
    _report,
)


def notify_owner(report, owner, *, by):
    """Tells the account that a report is assigned to it; nobody where that is None or who assigned it."""
    if owner is not None and owner != by:
        columns = {"report_number": report.pk, **people.columns(by=by)}
        write([Message(owner.pk, ASSIGNED, report.page_id, columns)])
