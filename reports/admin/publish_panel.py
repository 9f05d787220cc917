"""On the screen that publishes a page: its open reports, of which the publisher ticks those that the edition fixes."""

from pages.integers import parse_integers
from pages.models.edition import Edition

from .. import triage
from ..models import ProblemReport
from ..report_context import NEEDS_ATTENTION, block_heading, find_block, section_change
from .access_log import log_access

# How many reports one screen offers: those of most severity, the oldest of them first.
MAX_REPORTS = 200


class PublishPanel:
    """See `pages.admin.publishing.panels_of`."""

    template = "admin/reports/publish_panel.html"

    def __init__(self, request, page, document):
        self.request, self.page, self.document = request, page, document
        self.allowed = request.user.has_perm("reports.change_problemreport")
        self.chosen = set(parse_integers(request.POST.getlist("fixed")))

    def lines(self):
        """Each open report with what this edition makes of the text it is about; what changes comes first."""
        if not self.allowed:
            return []
        open_ones = ProblemReport.objects.not_spam().open().filter(page=self.page)
        reports = list(open_ones.order_by("-severity", "received_at", "pk")[:MAX_REPORTS])
        if reports:
            log_access(self.request, "Reports of a page to publish")
        seen = {
            edition.pk: edition.read()
            for edition in Edition.objects.filter(pk__in={report.edition_id for report in reports})
        }
        lines = [self._line(report, seen[report.edition_id]) for report in reports]
        return sorted(lines, key=lambda line: line["change"] not in NEEDS_ATTENTION)

    def _line(self, report, seen):
        part = find_block(seen, report.section)
        return {
            "report": report,
            "change": section_change(seen, self.document, report.section, report.language),
            "section": block_heading(part, report.language) if part else "",
            "is_chosen": report.pk in self.chosen,
        }

    def after_publish(self, edition):
        if self.allowed and self.chosen:
            reports = ProblemReport.objects.filter(pk__in=self.chosen, page=self.page)
            triage.link_to_fix(reports, edition, by=self.request.user)

    def carried(self, before, after):
        """Lets the reports that a scheduled edition was to fix wait for the one that took its place."""
        ProblemReport.objects.filter(fixed_by=before).update(fixed_by=after)
