"""The open reports of a page, gathered by likeness, so that what many visitors said is dealt with once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from .. import likeness, statistics, triage
from ..models import ProblemReport
from .access import log_access
from .desk import COMPARED, newest_open, remark_of


class Groups:
    """For the admin of reports: the screen of groups."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.groups_view)
        return [path("groups/", view, name="reports_problemreport_groups"), *super().get_urls()]

    def groups_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._gather(request)
        log_access(request, "Groups")
        pages = statistics.open_by_page()
        page = _page(request, pages)
        reports = {report.pk: report for report in newest_open(page)} if page else {}
        found = likeness.groups([remark_of(report) for report in reports.values()])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Reports that are alike"),
            "pages": _named(pages, page),
            "page": page,
            "compared": len(reports),
            "is_cut": len(reports) == COMPARED,
            "groups": [_oldest_first(group, reports) for group in found],
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/reports/groups.html", context)

    def _gather(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        numbers = [
            number for number in request.POST.getlist("number") if number.isascii() and number.isdigit()
        ]
        chosen = ProblemReport.objects.filter(pk__in=[int(number) for number in numbers if len(number) < 19])
        try:
            merged = triage.merge(list(chosen), by=request.user)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            text = _("Merged: %(number)s. They stay readable under the report that goes on.")
            self.message_user(request, text % {"number": merged}, messages.SUCCESS)
        here = reverse("admin:reports_problemreport_groups")
        return HttpResponseRedirect(f"{here}?{request.GET.urlencode()}")


# How many pages there are to choose from: those with most open reports.
PAGES_OFFERED = 15


def _page(request, pages):
    asked = request.GET.get("page", "")
    known = {str(count.page_id): count.page_id for count in pages}
    return known.get(asked) or (pages[0].page_id if pages else None)


def _named(pages, chosen):
    shown = [count for count in pages if count.page_id == chosen or count in pages[:PAGES_OFFERED]]
    titles = statistics.titles(count.page_id for count in shown)
    return [(count, titles.get(count.page_id, "–")) for count in shown]


def _oldest_first(group, reports):
    members = [reports[remark.number] for remark in group]
    return sorted(members, key=lambda report: (report.received_at, report.pk))
