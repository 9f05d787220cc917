"""By what the queue can be narrowed. None of these counts anything or reads all reports to know its choices."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.integers import parse_integer
from pages.models.edition import Edition

from .. import report_statistics, retention
from ..models import ProblemReport, Reason, State
from ..report_context import block_heading

# How many pages the list offers: those with most open reports.
PAGES_OFFERED = 15


class ChoiceFilter(admin.SimpleListFilter):
    """A filter whose first choice is called by a name of its own, and which ignores what it does not offer."""

    everything = _("All")

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield {**first, "display": self.everything}
        yield from others

    def queryset(self, request, queryset):
        offered = {str(value) for value, _label in self.lookup_choices}
        value = self.value()
        return self.apply(request, queryset, value if value in offered else None)


class SpamFilter(ChoiceFilter):
    """Reports with a sign of spam are out of sight until they are asked for."""

    title = _("spam")
    parameter_name = "spam"
    everything = pgettext_lazy("reports", "Not spam")

    def lookups(self, request, model_admin):
        return [("yes", _("Held as spam"))]

    def apply(self, request, queryset, value):
        return queryset.suspected_spam() if value else queryset.not_spam()


class StateFilter(ChoiceFilter):
    """Open ones, unless another state is asked for."""

    title = _("state")
    parameter_name = "state"
    everything = pgettext_lazy("reports", "Open")

    def lookups(self, request, model_admin):
        return [*State.choices, ("all", _("All"))]

    def apply(self, request, queryset, value):
        if value == "all":
            return queryset
        return queryset.in_state(value) if value else queryset.open()


class PageFilter(ChoiceFilter):
    title = _("page")
    parameter_name = "page_id"

    def lookups(self, request, model_admin):
        counts = report_statistics.most_open_pages(PAGES_OFFERED)
        offered = [count.page_id for count in counts]
        chosen = parse_integer(request.GET.get(self.parameter_name, ""))
        if chosen is not None and chosen not in offered:
            offered.append(chosen)
        titles = report_statistics.titles(offered)
        return [(str(page), titles[page]) for page in offered if page in titles]

    def apply(self, request, queryset, value):
        return queryset.filter(page=int(value)) if value else queryset


class SectionFilter(ChoiceFilter):
    """The parts of the page that is chosen, as it is public now."""

    title = _("part of the page")
    parameter_name = "section"

    def lookups(self, request, model_admin):
        page = parse_integer(request.GET.get(PageFilter.parameter_name, ""))
        if page is None:
            return []
        live = Edition.objects.live().filter(page=page).first()
        blocks = live.read().blocks if live else ()
        language = request.LANGUAGE_CODE
        named = [(block.key, block_heading(block, language)) for block in blocks]
        return [("-", _("The whole page")), *(choice for choice in named if choice[1])]

    def apply(self, request, queryset, value):
        return queryset.filter(section="" if value == "-" else value) if value else queryset


class LanguageFilter(ChoiceFilter):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return ProblemReport.Language.choices

    def apply(self, request, queryset, value):
        return queryset.filter(language=value) if value else queryset


class ReasonFilter(ChoiceFilter):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request, model_admin):
        return Reason.choices

    def apply(self, request, queryset, value):
        return queryset.giving(value) if value else queryset


class AgeFilter(ChoiceFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        return [
            ("-1", _("Less than a day")),
            ("-7", _("Less than 7 days")),
            ("-30", _("Less than 30 days")),
            ("30", _("30 days or more")),
            ("90", _("90 days or more")),
        ]

    def apply(self, request, queryset, value):
        if not value:
            return queryset
        then = timezone.now() - timedelta(days=abs(int(value)))
        return (
            queryset.filter(received_at__gt=then)
            if value.startswith("-")
            else queryset.filter(received_at__lte=then)
        )


class WorkFilter(ChoiceFilter):
    title = _("assignment and priority")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("Assigned to me")),
            ("nobody", _("Unassigned")),
            ("overdue", _("Overdue")),
            ("kept", _("Open beyond the retention period")),
            ("severe", _("High or urgent")),
        ]

    def apply(self, request, queryset, value):
        querysets = {
            "mine": lambda: queryset.filter(owner=request.user),
            "nobody": lambda: queryset.filter(owner=None),
            "overdue": queryset.overdue,
            "kept": lambda: queryset.filter(pk__in=retention.open_beyond_limit().order_by().values("pk")),
            "severe": lambda: queryset.filter(severity__gte=3),
        }
        return querysets[value]() if value else queryset


ALL = [
    SpamFilter,
    StateFilter,
    PageFilter,
    SectionFilter,
    ReasonFilter,
    LanguageFilter,
    AgeFilter,
    WorkFilter,
]
