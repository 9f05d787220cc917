"""By what the queue can be narrowed. None of these counts anything or reads all reports to know its choices."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.editions import Edition

from .. import statistics
from ..evidence import heading
from ..models import ProblemReport, Reason, State

# How many pages the list offers: those with most open reports.
PAGES_OFFERED = 15


class Choice(admin.SimpleListFilter):
    """A filter whose first choice is called by a name of its own, and which ignores what it does not offer."""

    everything = _("All")

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield {**first, "display": self.everything}
        yield from others

    def queryset(self, request, queryset):
        offered = {str(value) for value, _label in self.lookup_choices}
        value = self.value()
        return self.narrowed(request, queryset, value if value in offered else None)


class SpamFilter(Choice):
    """Reports with a sign of spam are out of sight until they are asked for."""

    title = _("kept apart")
    parameter_name = "spam"
    everything = pgettext_lazy("reports", "In the queue")

    def lookups(self, request, model_admin):
        return [("yes", _("Kept apart as spam"))]

    def narrowed(self, request, queryset, value):
        return queryset.marked() if value else queryset.unmarked()


class StateFilter(Choice):
    """Open ones, unless another state is asked for."""

    title = _("state")
    parameter_name = "state"
    everything = pgettext_lazy("reports", "Open")

    def lookups(self, request, model_admin):
        return [*State.choices, ("all", _("All"))]

    def narrowed(self, request, queryset, value):
        if value == "all":
            return queryset
        return queryset.in_state(value) if value else queryset.open()


class PageFilter(Choice):
    title = _("page")
    parameter_name = "page_id"

    def lookups(self, request, model_admin):
        counts = statistics.open_by_page()[:PAGES_OFFERED]
        offered = [count.page_id for count in counts]
        chosen = request.GET.get(self.parameter_name, "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 and int(chosen) not in offered:
            offered.append(int(chosen))
        titles = statistics.titles(offered)
        return [(str(page), titles[page]) for page in offered if page in titles]

    def narrowed(self, request, queryset, value):
        return queryset.filter(page=int(value)) if value else queryset


class SectionFilter(Choice):
    """The parts of the page that is chosen, as it is public now."""

    title = _("part of the page")
    parameter_name = "section"

    def lookups(self, request, model_admin):
        page = request.GET.get(PageFilter.parameter_name, "")
        if not (page.isascii() and page.isdigit() and len(page) < 10):
            return []
        live = Edition.objects.live().filter(page=int(page)).first()
        blocks = live.read().blocks if live else ()
        language = request.LANGUAGE_CODE
        named = [(block.key, heading(block, language)) for block in blocks]
        return [("-", _("The whole page")), *(choice for choice in named if choice[1])]

    def narrowed(self, request, queryset, value):
        return queryset.filter(section="" if value == "-" else value) if value else queryset


class LanguageFilter(Choice):
    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return ProblemReport.Language.choices

    def narrowed(self, request, queryset, value):
        return queryset.filter(language=value) if value else queryset


class ReasonFilter(Choice):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request, model_admin):
        return Reason.choices

    def narrowed(self, request, queryset, value):
        return queryset.giving(value) if value else queryset


class AgeFilter(Choice):
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

    def narrowed(self, request, queryset, value):
        if not value:
            return queryset
        then = timezone.now() - timedelta(days=abs(int(value)))
        return (
            queryset.filter(received_at__gt=then)
            if value.startswith("-")
            else queryset.filter(received_at__lte=then)
        )


class WorkFilter(Choice):
    title = _("work")
    parameter_name = "work"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("Mine")),
            ("nobody", _("Nobody’s")),
            ("overdue", _("Overdue")),
            ("severe", _("High or urgent")),
        ]

    def narrowed(self, request, queryset, value):
        narrowed = {
            "mine": lambda: queryset.filter(owner=request.user),
            "nobody": lambda: queryset.filter(owner=None),
            "overdue": queryset.overdue,
            "severe": lambda: queryset.filter(severity__gte=3),
        }
        return narrowed[value]() if value else queryset


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
