"""On the screen that publishes a page: its open reports, of which the publisher ticks those that the edition fixes."""

from pages.editions import Edition

from .. import triage
from ..evidence import FIRST, block, fate, heading
from ..models import ProblemReport
from .access import log_access

# How many reports one screen offers: those of most severity, the oldest of them first.
OFFERED = 200


class PublishPanel:
    """See `pages.admin.publishing.panels_of`."""

    template = "admin/reports/publish_panel.html"

    def __init__(self, request, page, document):
        self.request, self.page, self.document = request, page, document
        self.allowed = request.user.has_perm("reports.change_problemreport")
        self.chosen = {
            number for number in request.POST.getlist("fixed") if number.isascii() and number.isdigit()
        }

    def lines(self):
        """Each open report with what this edition makes of the text it is about; what changes comes first."""
        if not self.allowed:
            return []
        open_ones = ProblemReport.objects.unmarked().open().filter(page=self.page)
        reports = list(open_ones.order_by("-severity", "received_at", "pk")[:OFFERED])
        if reports:
            log_access(self.request, "Reports of a page to publish")
        seen = {
            edition.pk: edition.read()
            for edition in Edition.objects.filter(pk__in={report.edition_id for report in reports})
        }
        lines = [self._line(report, seen[report.edition_id]) for report in reports]
        return sorted(lines, key=lambda line: line["fate"] not in FIRST)

    def _line(self, report, seen):
        part = block(seen, report.section)
        return {
            "report": report,
            "fate": fate(seen, self.document, report.section, report.language),
            "section": heading(part, report.language) if part else "",
            "is_chosen": str(report.pk) in self.chosen,
        }

    def published(self, edition):
        if self.allowed and self.chosen:
            numbers = [int(number) for number in self.chosen if len(number) < 19]
            reports = ProblemReport.objects.filter(pk__in=numbers, page=self.page)
            triage.fix(reports, edition, by=self.request.user)
