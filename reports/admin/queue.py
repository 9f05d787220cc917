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

from .. import triage
from ..models import Dismissal, ProblemReport
from .access import log_access
from .desk import Desk
from .downloads import Downloads
from .figures import Figures
from .filters import ALL
from .groups import Groups

# Nobody turns more pages than this; to count further would read every report there is.
COUNTED = 5_000

REASONS = [choice for choice in Dismissal.choices if choice[0] != Dismissal.DUPLICATE]


class BoundedPaginator(Paginator):
    """Counts no further than anybody will turn pages."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:COUNTED].count()


class QueueActionForm(ActionForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason, to dismiss:"),
        choices=[("", "---------"), *REASONS],
        required=False,
    )


@admin.register(ProblemReport)
class ProblemReportAdmin(Desk, Groups, Figures, Downloads, admin.ModelAdmin):
    list_display = ["received", "page_title", "language", "reasons", "excerpt", "standing", "person", "due"]
    list_display_links = ["received"]
    list_filter = ALL
    list_select_related = ["edition", "fixed_by", "owner"]
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()  # newest first: any other order would sort all reports there are
    search_fields = ["details"]
    search_help_text = gettext_lazy("Search in the details, in the words of the visitors.")
    action_form = QueueActionForm
    actions = ["take", "dismiss", "merge", "welcome"]
    actions_selection_counter = True

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
    def standing(self, report):
        state = report.state()
        severe = report.severity > 2 and report.get_severity_display()
        return format_html(
            '<span class="ci-state ci-report-{}">{}</span>{}',
            state.value,
            state.label,
            format_html(' <strong class="ci-late">{}</strong>', severe) if severe else "",
        )

    @admin.display(description=gettext_lazy("owner"))
    def person(self, report):
        return (report.owner.get_full_name() or report.owner.get_username()) if report.owner else "–"

    @admin.display(description=gettext_lazy("due"))
    def due(self, report):
        if report.due_on is None:
            return "–"
        if report.due_on >= localdate() or not report.is_open:
            return report.due_on.isoformat()
        return format_html('<strong class="ci-late">{} ({})</strong>', report.due_on.isoformat(), _("late"))

    # What can be done to many at once

    @admin.action(description=gettext_lazy("Take: I look after these"), permissions=["change"])
    def take(self, request, queryset):
        self._do(request, lambda: triage.take(_some(queryset), by=request.user), _taken)

    @admin.action(description=gettext_lazy("Dismiss, for the reason given"), permissions=["change"])
    def dismiss(self, request, queryset):
        reason = request.POST.get("reason", "")
        if reason not in dict(REASONS):
            text = _("Choose the reason for which these reports are dismissed. Nothing was changed.")
            self.message_user(request, text, messages.ERROR)
            return
        self._do(request, lambda: triage.dismiss(_some(queryset), by=request.user, reason=reason), _dismissed)

    @admin.action(
        description=gettext_lazy("Merge: these are duplicates of the oldest one"), permissions=["change"]
    )
    def merge(self, request, queryset):
        self._do(request, lambda: triage.merge(_some(queryset), by=request.user), _merged)

    @admin.action(description=gettext_lazy("Not spam: put these in the queue"), permissions=["change"])
    def welcome(self, request, queryset):
        self._do(request, lambda: triage.welcome(_some(queryset), by=request.user), _welcomed)

    def _do(self, request, change, told):
        try:
            number = change()
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.message_user(request, told(number), messages.SUCCESS if number else messages.WARNING)


def _some(queryset):
    """As many as may be changed at once, and one more, so that more are refused without being read."""
    return queryset.select_related(None).only("pk")[: triage.AT_ONCE + 1]


def _taken(number):
    return ngettext("%(number)d report is now yours.", "%(number)d reports are now yours.", number) % {
        "number": number
    }


def _dismissed(number):
    return ngettext("%(number)d report was dismissed.", "%(number)d reports were dismissed.", number) % {
        "number": number
    }


def _merged(number):
    return ngettext(
        "%(number)d report was merged into another one.",
        "%(number)d reports were merged into another one.",
        number,
    ) % {"number": number}


def _welcomed(number):
    return ngettext(
        "%(number)d report was put in the queue.", "%(number)d reports were put in the queue.", number
    ) % {"number": number}
