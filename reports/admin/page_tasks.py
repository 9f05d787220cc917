"""What open reports ask of editors, on their worklist and in the bar of a page's form: see `pages.admin.tasks`."""

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.admin.tasks import Line, Task

from .. import statistics
from ..models import ProblemReport

# Pages of one's own that the worklist names: those with most open reports.
SHOWN = 6


class OpenReports:
    """For who may look at reports; others learn nothing of them."""

    @staticmethod
    def task(person):
        if not person.has_perm("reports.view_problemreport"):
            return None
        return Task("reports", _("Open reports"), tuple(_lines(person)), is_cut=True, more=_queue())

    @staticmethod
    def of_page(person, page):
        if not person.has_perm("reports.view_problemreport"):
            return None
        number = _open().filter(page=page).count()
        return Line(_counted(number), _queue(page_id=page.pk)) if number else None


def _lines(person):
    """What is mine or late, then the pages that I own."""
    for work, name, reports in (
        ("mine", _("Yours"), _open().filter(owner=person)),
        ("overdue", _("Overdue"), ProblemReport.objects.unmarked().overdue()),
    ):
        if number := reports.count():
            yield Line(name, _queue(work=work), str(number))
    own = _open().filter(page__in=person.pages_owned.values("pk")).order_by().values_list("page_id")
    found = own.annotate(number=Count("pk")).order_by("-number", "page_id")[:SHOWN]
    titles = statistics.titles(page for page, _number in found)
    for page, number in found:
        if page in titles:
            yield Line(titles[page], _queue(page_id=page), _counted(number))


def _open():
    return ProblemReport.objects.unmarked().open()


def _counted(number):
    return ngettext("%(number)s open report", "%(number)s open reports", number) % {"number": number}


def _queue(**narrowed):
    address = reverse("admin:reports_problemreport_changelist")
    return f"{address}?{urlencode(narrowed)}" if narrowed else address
