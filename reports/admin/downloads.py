"""Downloads of what the queue is narrowed to, as CSV or JSON."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.http import StreamingHttpResponse
from django.utils.timezone import localdate

from .. import exports
from ..models import ProblemReport
from .access_log import log_access
from .views import ReportsView


class DownloadView(ReportsView):
    """A file of the reports that the filters in the address leave. A subclass is a kind of file."""

    content_type = written = None

    def get(self, request):
        reports = self._filtered_reports(request)
        log_access(request, f"Download as {self.name.upper()}")
        # Only the columns of the file, in one pass: what the list joins is of no use here.
        reports = ProblemReport.objects.filter(pk__in=reports.order_by().values("pk")).order_by("pk")
        response = StreamingHttpResponse(
            self.written(exports.records(reports)), content_type=self.content_type
        )
        name = f"problem-reports-{localdate().isoformat()}.{self.name}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _filtered_reports(self, request):
        try:
            return self.model_admin.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest("The filters in the address are not known.") from None


class CSVDownload(DownloadView):
    route, name, content_type = "download/csv/", "csv", "text/csv; charset=utf-8"
    written = staticmethod(exports.as_csv)


class JSONDownload(DownloadView):
    route, name, content_type = "download/json/", "json", "application/json"
    written = staticmethod(exports.as_json)
