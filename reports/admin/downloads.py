"""Downloads of what the queue is narrowed to, as CSV or JSON."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils.timezone import localdate

from .. import exports
from .access_log import log_access

KINDS = {
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "json": ("application/json", exports.as_json),
}


class DownloadsMixin:
    """For the admin of reports: a file of the reports that the filters in the address leave."""

    def get_urls(self):
        return [
            path(
                f"download/{kind}/",
                self.admin_site.admin_view(self.download_view),
                {"kind": kind},
                name=f"reports_problemreport_{kind}",
            )
            for kind in KINDS
        ] + super().get_urls()

    def download_view(self, request, kind):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            reports = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest("The filters in the address are not known.") from None
        log_access(request, f"Download as {kind.upper()}")
        # Only the columns of the file, in one pass: what the list joins is of no use here.
        reports = self.model.objects.filter(pk__in=reports.order_by().values("pk")).order_by("pk")
        content_type, written = KINDS[kind]
        response = StreamingHttpResponse(written(exports.records(reports)), content_type=content_type)
        name = f"problem-reports-{localdate().isoformat()}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
