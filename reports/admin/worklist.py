"""What open reports ask of editors, on their worklist and in the bar of a page's form: see `pages.admin.tasks`."""

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.admin.tasks import Task, TaskItem

from .. import report_statistics, retention
from ..models import ProblemReport

# Pages of one's own that the worklist names: those with most open reports.
MAX_PAGES = 6


class OpenReports:
    """For who may look at reports; others learn nothing of them."""

    @staticmethod
    def task(person):
        if not person.has_perm("reports.view_problemreport"):
            return None
        return Task("reports", _("Open reports"), tuple(_items(person)), is_cut=True, more=_queue_url())

    @staticmethod
    def of_page(person, page):
        if not person.has_perm("reports.view_problemreport"):
            return None
        number = _open().filter(page=page).count()
        return TaskItem(_count_label(number), _queue_url(page_id=page.pk)) if number else None


def _items(person):
    """What is mine, new, late or about to be deleted, then the pages that I own."""
    new = ProblemReport.objects.not_spam().new()
    for name, reports, narrowed in (
        (_("Assigned to you"), _open().filter(owner=person), {"work": "mine"}),
        (_("New reports"), new if _handles(person) else new.none(), {"state": "new"}),
        (_("Overdue"), ProblemReport.objects.not_spam().overdue(), {"work": "overdue"}),
        (_open_beyond_limit(), retention.open_beyond_limit(), {"work": "kept"}),
        (_spam_due_soon(), retention.spam_due_soon(), {"spam": "yes", "state": "all"}),
    ):
        if number := reports.count():
            yield TaskItem(name, _queue_url(**narrowed), str(number))
    own = _open().filter(page__in=person.pages_owned.values("pk")).order_by().values_list("page_id")
    found = own.annotate(number=Count("pk")).order_by("-number", "page_id")[:MAX_PAGES]
    titles = report_statistics.titles(page for page, _number in found)
    for page, number in found:
        if page in titles:
            yield TaskItem(titles[page], _queue_url(page_id=page), _count_label(number))


def _handles(person):
    return person.has_perm("reports.change_problemreport")


def _open_beyond_limit():
    days = settings.REPORTS_KEPT_DAYS
    return ngettext("Open for more than %(days)s day", "Open for more than %(days)s days", days) % {
        "days": days
    }


def _spam_due_soon():
    days = retention.SPAM_WARNING_DAYS
    return ngettext(
        "Held as spam, deleted within %(days)s day", "Held as spam, deleted within %(days)s days", days
    ) % {"days": days}


def _open():
    return ProblemReport.objects.not_spam().open()


def _count_label(number):
    return ngettext("%(number)s open report", "%(number)s open reports", number) % {"number": number}


def _queue_url(**narrowed):
    address = reverse("admin:reports_problemreport_changelist")
    return f"{address}?{urlencode(narrowed)}" if narrowed else address
