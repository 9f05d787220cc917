"""Staff read what was reported here; nobody adds, changes or deletes a report by hand."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import spam
from .models import ProblemReport, Reason

SIGNS = {sign.code: sign.label for sign in spam.SIGNS}


class ReasonFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request, model_admin):
        return Reason.choices

    def queryset(self, request, queryset):
        return queryset.giving(self.value()) if self.value() in Reason.values else queryset


class SpamFilter(admin.SimpleListFilter):
    """Reports with a sign of spam are out of sight until they are asked for."""

    title = _("kept apart")
    parameter_name = "spam"

    def lookups(self, request, model_admin):
        return [("yes", _("Kept apart as spam"))]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        yield {**everything, "display": pgettext_lazy("reports", "In the queue")}
        yield from others

    def queryset(self, request, queryset):
        return queryset.marked() if self.value() == "yes" else queryset.unmarked()


@admin.register(ProblemReport)
class ProblemReportAdmin(admin.ModelAdmin):
    list_display = ["received_at", "page_title", "language", "reasons", "excerpt", "status"]
    list_filter = [SpamFilter, "status", "language", ReasonFilter]
    list_select_related = ["edition"]
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ()  # newest first: any other order would sort all reports there are
    fields = [
        "received_at",
        "page_title",
        "edition",
        "language",
        "section",
        "reasons",
        "details",
        "masked_kinds",
        "status",
        "sign",
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("page"))
    def page_title(self, report):
        return report.edition.text("title", report.language)

    @admin.display(description=_("reasons"))
    def reasons(self, report):
        return " · ".join(str(reason.label) for reason in report.reasons)

    @admin.display(description=_("details"))
    def excerpt(self, report):
        return Truncator(report.details).chars(80)

    @admin.display(description=_("sign of spam"))
    def sign(self, report):
        return SIGNS.get(report.spam_sign, "")
