"""The open reports of a page, grouped by similarity, so that what many visitors said is dealt with once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.integers import parse_integers

from .. import duplicates, report_statistics, triage
from ..models import ProblemReport
from .access_log import log_access
from .report_view import MAX_COMPARED, newest_open, report_text
from .views import ReportsView


class GroupsView(ReportsView):
    route, name = "groups/", "groups"

    def get(self, request):
        log_access(request, "Groups")
        pages = report_statistics.open_by_page()
        page = _page(request, pages)
        reports = {report.pk: report for report in newest_open(page)} if page else {}
        found = duplicates.duplicate_groups([report_text(report) for report in reports.values()])
        return self.render(
            "groups",
            title=_("Similar reports"),
            pages=_offered_pages(pages, page),
            page=page,
            compared=len(reports),
            is_cut=len(reports) == MAX_COMPARED,
            groups=[_oldest_first(group, reports) for group in found],
            may_change=self.may_change,
        )

    def post(self, request):
        """Merges the reports that were chosen."""
        chosen = ProblemReport.objects.filter(pk__in=parse_integers(request.POST.getlist("number")))
        try:
            merged = triage.merge(list(chosen), by=request.user)
        except ValidationError as error:
            self.message(error.messages[0], messages.ERROR)
        else:
            self.message(_merged(merged), messages.SUCCESS)
        url = reverse("admin:reports_problemreport_groups")
        return HttpResponseRedirect(f"{url}?{request.GET.urlencode()}")


def _merged(number):
    text = ngettext(
        "Merged: %(number)s. You can still read it under the main report.",
        "Merged: %(number)s. You can still read them under the main report.",
        number,
    )
    return text % {"number": number}


# How many pages there are to choose from: those with most open reports.
PAGES_OFFERED = 15


def _page(request, pages):
    requested = request.GET.get("page", "")
    known = {str(count.page_id): count.page_id for count in pages}
    return known.get(requested) or (pages[0].page_id if pages else None)


def _offered_pages(pages, chosen):
    offered = [count for count in pages if count.page_id == chosen or count in pages[:PAGES_OFFERED]]
    titles = report_statistics.titles(count.page_id for count in offered)
    return [(count, titles.get(count.page_id, "–")) for count in offered]


def _oldest_first(group, reports):
    members = [reports[remark.number] for remark in group]
    return sorted(members, key=lambda report: (report.received_at, report.pk))
