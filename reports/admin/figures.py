"""The figures about reports as pictures, each with its table: of all pages, and of one."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.rows import Page

from .. import charts, statistics

DEFAULT_PERIOD = 28


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and what it shows as a table. `explained` says how to read it."""

    name: str
    title: str
    picture: SafeString
    heads: tuple[str, ...]
    rows: list[tuple]
    explained: str = ""


class Figures:
    """For the admin of reports: the screen of figures, of all pages or of `?page=`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.figures_view)
        return [path("figures/", view, name="reports_problemreport_figures"), *super().get_urls()]

    def figures_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = _period(request)
        page = _page(request)
        counts = statistics.open_by_page()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Figures about problem reports"),
            "subtitle": str(page) if page else None,
            "page": page,
            "days": days,
            "periods": statistics.PERIODS,
            "open_pages": [] if page else open_pages(counts),
            "figures": of_one_page(days, page.pk, counts) if page else of_all_pages(days, counts),
        }
        return TemplateResponse(request, "admin/reports/figures.html", context)


def _period(request):
    asked = request.GET.get("days", "")
    return int(asked) if asked in [str(days) for days in statistics.PERIODS] else DEFAULT_PERIOD


def _page(request):
    asked = request.GET.get("page", "")
    if not asked:
        return None
    page = (
        Page.objects.filter(pk=int(asked)).first()
        if asked.isascii() and asked.isdigit() and len(asked) < 10
        else None
    )
    if page is None:
        raise Http404
    return page


def of_all_pages(days, counts):
    series = statistics.series(days)
    return [
        over_time(series),
        languages(series),
        by_reason(series),
        by_page(statistics.busiest_pages(days)),
        age(statistics.ages(counts)),
        time_to_fix(statistics.fixes(days)),
    ]


def of_one_page(days, page, counts):
    series = statistics.series(days, page)
    mine = [count for count in counts if count.page_id == page]
    return [
        over_time(series),
        languages(series),
        by_reason(series),
        age(statistics.ages(mine)),
        time_to_fix(statistics.fixes(days, page)),
    ]


def open_pages(counts, number=10):
    """The pages with most open reports: title, count and the addresses of their queue and their figures."""
    titles = statistics.titles(count.page_id for count in counts[:number])
    queue = reverse("admin:reports_problemreport_changelist")
    figures = reverse("admin:reports_problemreport_figures")
    return [
        {
            "title": titles.get(count.page_id, "–"),
            "total": count.total,
            "old": count.ages[2] + count.ages[3],
            "queue": f"{queue}?page_id={count.page_id}",
            "figures": f"{figures}?page={count.page_id}",
        }
        for count in counts[:number]
    ]


def over_time(series):
    title = _("Reports per week") if series.is_by_week else _("Reports per day")
    explained = _(
        "A triangle marks publications. “!” marks an unusual day: more reports than the mean of the %(before)s days"
        " before it plus %(times)s standard deviations (the dashed line), and at least %(least)s. The deviation is"
        " the observed one, or the square root of the mean where that is larger."
    ) % {"before": statistics.BASELINE, "times": statistics.DEVIATIONS, "least": statistics.LEAST}
    picture = charts.columns("over-time", title, _in_short(series), [_column(day) for day in series.days])
    heads = (_("From"), _("English"), _("French"), _("Unusual"), _("Published"))
    rows = [
        (
            day.day.isoformat(),
            day.en,
            day.fr,
            _("yes") if day.is_unusual else "",
            "; ".join(day.publications),
        )
        for day in series.days
    ]
    return Figure("over-time", title, picture, heads, rows, explained)


def _in_short(series):
    unusual = sum(day.is_unusual for day in series.days)
    text = ngettext("%(number)d report in all.", "%(number)d reports in all.", series.total)
    more = _("Nothing unusual.")
    if unusual:
        more = _("Unusual: %(number)s of the columns.") % {"number": unusual}
    return f"{text % {'number': series.total}} {more}"


def _column(day):
    told = _("%(day)s: %(en)s in English, %(fr)s in French") % {"day": day.day, "en": day.en, "fr": day.fr}
    if day.publications:
        told += ". " + _("Published: %(pages)s") % {"pages": "; ".join(day.publications[:5])}
    return charts.Column(
        label=day.day.strftime("%m-%d"),
        low=day.en,
        high=day.fr,
        told=told,
        limit=day.limit,
        is_unusual=day.is_unusual,
        is_marked=bool(day.publications),
    )


def _bars(name, title, heads, named, explained=""):
    """`named` are (label, value) or (label, value, what is shown of it)."""
    bars = [charts.Bar(str(label), value, str(*shown or [value])) for label, value, *shown in named]
    told = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    rows = [(bar.label, bar.shown) for bar in bars]
    return Figure(name, title, charts.bars(name, title, told, bars), heads, rows, explained)


def languages(series):
    english, french = sum(day.en for day in series.days), sum(day.fr for day in series.days)
    named = [(_("English"), english), (_("French"), french)]
    return _bars("languages", _("English and French"), (_("Language"), _("Reports")), named)


def by_reason(series):
    named = [(reason.label, number) for reason, number in series.reasons]
    return _bars(
        "reasons",
        _("Reasons given"),
        (_("Reason"), _("Reports")),
        named,
        _("A report may give several reasons, or none."),
    )


def by_page(pages):
    figure = _bars(
        "pages",
        _("Pages with most reports in the period"),
        (),
        [(page.title, page.total) for page in pages],
        _("The table also gives the reports per 1,000 characters of text in the two languages."),
    )
    rows = [(page.title, page.total, number_format(page.per_thousand, 2)) for page in pages]
    heads = (_("Page"), _("Reports"), _("Per 1,000 characters"))
    return Figure(figure.name, figure.title, figure.picture, heads, rows, figure.explained)


def age(ages):
    labels = (_("Up to 7 days"), _("8 to 30 days"), _("31 to 90 days"), _("More than 90 days"))
    named = list(zip(labels, ages, strict=True))
    return _bars("age", _("Age of the open reports today"), (_("Age"), _("Open reports")), named)


def time_to_fix(fixes):
    labels = (_("Within a day"), _("2 to 7 days"), _("8 to 30 days"), _("More than 30 days"))
    explained = _(
        "From a report to the moment at which the edition that fixes it became public. Half of them took no more than"
        " %(median)s days."
    ) % {"median": number_format(fixes.median, 1)}
    if fixes.is_sample:
        explained += " " + _("Counted on %(number)s of the reports.") % {"number": fixes.number}
    named = list(zip(labels, fixes.within, strict=True))
    heads = (_("Time to fix"), _("Reports fixed in the period"))
    return _bars("fixes", _("Time to fix"), heads, named, explained if fixes.number else "")
