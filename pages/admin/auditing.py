"""An admin whose log outlives the accounts: see `audit`."""

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator

from ..models import audit_entry

ENTRIES_PER_PAGE = 100


class AuditedAdminMixin:
    """Writes the log of `ModelAdmin` to `AuditEntry`, and shows the history of an object from there."""

    object_history_template = "admin/audit_history.html"

    def log_addition(self, request, obj, message):
        audit_entry.record_objects(request.user, [obj], ADDITION, message)

    def log_change(self, request, obj, message):
        """Adds an entry, but none for a save that changed nothing."""
        if message:
            audit_entry.record_objects(request.user, [obj], CHANGE, message)

    def log_deletions(self, request, queryset):
        audit_entry.record_objects(request.user, queryset, DELETION)

    def history_view(self, request, object_id, extra_context=None):
        entries = audit_entry.AuditEntry.objects.about(self.model, unquote(object_id))
        page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get(PAGE_VAR))
        context = {
            "action_list": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "pagination_required": page.has_other_pages(),
            **(extra_context or {}),
        }
        return super().history_view(request, object_id, context)
