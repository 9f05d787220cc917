"""The queue of reports, and what can be done there to many at once; nobody adds, edits or deletes a report by hand."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages import people
from pages.admin.searching import BoundedLookupsMixin

from .. import triage
from ..models import Dismissal, ProblemReport
from .access_log import log_access
from .downloads import CSVDownload, JSONDownload
from .figures import FiguresView
from .filters import ALL
from .groups import GroupsView
from .report_view import ReportHistoryView, ReportView

# The screens beside the list.
VIEWS = (GroupsView, FiguresView, CSVDownload, JSONDownload)

# Nobody turns more pages than this; to count further would read every report there is.
MAX_COUNTED = 5_000

REASONS = [choice for choice in Dismissal.choices if choice[0] != Dismissal.DUPLICATE]


class BoundedPaginator(Paginator):
    """Counts no further than anybody will turn pages."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MAX_COUNTED].count()


class QueueActionForm(ActionForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason for dismissal:"),
        choices=[("", "---------"), *REASONS],
        required=False,
    )


@admin.register(ProblemReport)
class ProblemReportAdmin(BoundedLookupsMixin, admin.ModelAdmin):
    list_display = [
        "received",
        "page_title",
        "language",
        "reasons",
        "excerpt",
        "state_label",
        "person",
        "due",
    ]
    list_display_links = ["received"]
    list_filter = ALL
    list_select_related = ["edition", "fixed_by", "owner"]
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()  # newest first: any other order would sort all reports there are
    search_fields = ["details", "looking_for"]
    search_help_text = gettext_lazy("Search the visitors’ comments.")
    action_form = QueueActionForm
    actions = ["take", "dismiss", "merge", "welcome"]
    actions_selection_counter = True

    def get_urls(self):
        return [view.url_pattern(self) for view in VIEWS] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return ReportView.as_view(model_admin=self)(request, object_id=object_id)

    def history_view(self, request, object_id, extra_context=None):
        return ReportHistoryView.as_view(model_admin=self)(request, object_id=object_id)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("edition__document", "fixed_by__document")

    def changelist_view(self, request, extra_context=None):
        if self.has_view_or_change_permission(request):
            log_access(request, "Queue")
        title = _("Problem reports")
        # The columns need the room of the sidebar.
        extra = {"title": title, "is_nav_sidebar_enabled": False, **(extra_context or {})}
        return super().changelist_view(request, extra)

    # Columns

    @admin.display(description=gettext_lazy("received"))
    def received(self, report):
        return format_html(
            '{} <span class="ci-quiet">{}</span>',
            localdate(report.received_at).isoformat(),
            _("no. %(number)s") % {"number": report.pk},
        )

    @admin.display(description=gettext_lazy("page"))
    def page_title(self, report):
        title = report.edition.text("title", report.language)
        return format_html('<span lang="{}">{}</span>', report.language, title)

    @admin.display(description=gettext_lazy("reasons"))
    def reasons(self, report):
        return " · ".join(str(reason.label) for reason in report.reasons)

    @admin.display(description=gettext_lazy("details"))
    def excerpt(self, report):
        return format_html('<span lang="{}">{}</span>', report.language, Truncator(report.details).chars(80))

    @admin.display(description=gettext_lazy("state"))
    def state_label(self, report):
        state = report.state()
        severe = report.severity > 2 and report.get_severity_display()
        return format_html(
            '<span class="ci-state ci-report-{}">{}</span>{}',
            state.value,
            state.label,
            format_html(' <strong class="ci-late">{}</strong>', severe) if severe else "",
        )

    @admin.display(description=gettext_lazy("assigned to"))
    def person(self, report):
        return people.name_of(report.owner) or "–"

    @admin.display(description=gettext_lazy("due"))
    def due(self, report):
        if report.due_on is None:
            return "–"
        if report.due_on >= localdate() or not report.is_open:
            return report.due_on.isoformat()
        return format_html(
            '<strong class="ci-late">{} ({})</strong>', report.due_on.isoformat(), _("overdue")
        )

    # What can be done to many at once

    @admin.action(description=gettext_lazy("Assign to me"), permissions=["change"])
    def take(self, request, queryset):
        self._run_action(request, lambda: triage.assign_to(_bounded(queryset), by=request.user), _taken)

    @admin.action(description=gettext_lazy("Dismiss for the selected reason"), permissions=["change"])
    def dismiss(self, request, queryset):
        reason = request.POST.get("reason", "")
        if reason not in dict(REASONS):
            text = _("Nothing was changed. Select the reason for dismissing these reports.")
            self.message_user(request, text, messages.ERROR)
            return
        self._run_action(
            request, lambda: triage.dismiss(_bounded(queryset), by=request.user, reason=reason), _dismissed
        )

    @admin.action(description=gettext_lazy("Merge duplicates into the oldest report"), permissions=["change"])
    def merge(self, request, queryset):
        self._run_action(request, lambda: triage.merge(_bounded(queryset), by=request.user), _merged)

    @admin.action(description=gettext_lazy("Not spam: return to the queue"), permissions=["change"])
    def welcome(self, request, queryset):
        self._run_action(
            request, lambda: triage.mark_not_spam(_bounded(queryset), by=request.user), _welcomed
        )

    def _run_action(self, request, change, message):
        try:
            number = change()
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.message_user(request, message(number), messages.SUCCESS if number else messages.WARNING)


def _bounded(queryset):
    """As many as may be changed at once, and one more, so that more are refused without being read."""
    return queryset.select_related(None).only("pk")[: triage.MAX_BATCH + 1]


def _taken(number):
    return ngettext(
        "%(number)d report is now assigned to you.", "%(number)d reports are now assigned to you.", number
    ) % {"number": number}


def _dismissed(number):
    return ngettext("%(number)d report was dismissed.", "%(number)d reports were dismissed.", number) % {
        "number": number
    }


def _merged(number):
    return ngettext(
        "%(number)d report was merged as a duplicate.",
        "%(number)d reports were merged as duplicates.",
        number,
    ) % {"number": number}


def _welcomed(number):
    return ngettext(
        "%(number)d report was returned to the queue.",
        "%(number)d reports were returned to the queue.",
        number,
    ) % {"number": number}
