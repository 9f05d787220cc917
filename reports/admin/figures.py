"""The figures about reports as pictures, each with its table: of all pages, and of one."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.integers import parse_integer
from pages.models.page import Page

from .. import charts, report_statistics
from .views import ReportsView

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


class FiguresView(ReportsView):
    """The screen of figures, of all pages or of `?page=`."""

    route, name = "figures/", "figures"

    def get(self, request):
        days = _period(request)
        page = _page(request)
        counts = report_statistics.open_by_page()
        return self.render(
            "figures",
            title=_("Problem report statistics"),
            subtitle=str(page) if page else None,
            page=page,
            days=days,
            periods=report_statistics.PERIODS,
            open_pages=[] if page else open_pages(counts),
            figures=of_one_page(days, page.pk, counts) if page else of_all_pages(days, counts),
        )


def _period(request):
    requested = request.GET.get("days", "")
    return (
        int(requested) if requested in [str(days) for days in report_statistics.PERIODS] else DEFAULT_PERIOD
    )


def _page(request):
    requested = request.GET.get("page", "")
    if not requested:
        return None
    number = parse_integer(requested)
    page = None if number is None else Page.objects.filter(pk=number).first()
    if page is None:
        raise Http404
    return page


def of_all_pages(days, counts):
    series = report_statistics.series(days)
    return [
        over_time(series),
        languages(series),
        by_reason(series),
        by_page(report_statistics.busiest_pages(days)),
        age(report_statistics.ages(counts)),
        time_to_fix(report_statistics.fixes(days)),
    ]


def of_one_page(days, page, counts):
    series = report_statistics.series(days, page)
    own_counts = [count for count in counts if count.page_id == page]
    return [
        over_time(series),
        languages(series),
        by_reason(series),
        age(report_statistics.ages(own_counts)),
        time_to_fix(report_statistics.fixes(days, page)),
    ]


def open_pages(counts, number=10):
    """The pages with most open reports: title, count and the addresses of their queue and their figures."""
    titles = report_statistics.titles(count.page_id for count in counts[:number])
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
        "A triangle marks a publication. “!” marks an unusual day: at least %(least)s reports, and more "
        "than the average of the previous %(before)s days plus %(times)s standard deviations (dashed "
        "line). The standard deviation is the observed one or the square root of the average, whichever "
        "is larger."
    ) % {
        "before": report_statistics.BASELINE,
        "times": report_statistics.DEVIATIONS,
        "least": report_statistics.MIN_UNUSUAL,
    }
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
    text = ngettext("%(number)d report in total.", "%(number)d reports in total.", series.total)
    more = _("Nothing unusual.")
    if unusual:
        more = _("Unusual periods: %(number)s.") % {"number": unusual}
    return f"{text % {'number': series.total}} {more}"


def _column(day):
    description = _("%(day)s: %(en)s in English, %(fr)s in French") % {
        "day": day.day,
        "en": day.en,
        "fr": day.fr,
    }
    if day.publications:
        description += ". " + _("Published: %(pages)s") % {"pages": "; ".join(day.publications[:5])}
    return charts.Column(
        label=day.day.strftime("%m-%d"),
        low=day.en,
        high=day.fr,
        tooltip=description,
        limit=day.limit,
        is_unusual=day.is_unusual,
        is_marked=bool(day.publications),
    )


def _bars(name, title, heads, values, explained=""):
    """`values` are (label, value) or (label, value, what is shown of it)."""
    bars = [
        charts.Bar(str(label), value, str(*label_of_value or [value]))
        for label, value, *label_of_value in values
    ]
    description = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    rows = [(bar.label, bar.shown) for bar in bars]
    return Figure(name, title, charts.bars(name, title, description, bars), heads, rows, explained)


def languages(series):
    english, french = sum(day.en for day in series.days), sum(day.fr for day in series.days)
    values = [(_("English"), english), (_("French"), french)]
    return _bars("languages", _("English and French"), (_("Language"), _("Reports")), values)


def by_reason(series):
    values = [(reason.label, number) for reason, number in series.reasons]
    return _bars(
        "reasons",
        _("Reasons given"),
        (_("Reason"), _("Reports")),
        values,
        _("A report can include several reasons, or none."),
    )


def by_page(pages):
    figure = _bars(
        "pages",
        _("Pages with the most reports during the period"),
        (),
        [(page.title, page.total) for page in pages],
        _("The table also shows reports per 1,000 characters of text in both languages."),
    )
    rows = [(page.title, page.total, number_format(page.per_thousand, 2)) for page in pages]
    heads = (_("Page"), _("Reports"), _("Per 1,000 characters"))
    return Figure(figure.name, figure.title, figure.picture, heads, rows, figure.explained)


def age(ages):
    labels = (_("Up to 7 days"), _("8 to 30 days"), _("31 to 90 days"), _("More than 90 days"))
    values = list(zip(labels, ages, strict=True))
    return _bars("age", _("Age of open reports (today)"), (_("Age"), _("Open reports")), values)


def time_to_fix(fixes):
    labels = (_("Within one day"), _("2 to 7 days"), _("8 to 30 days"), _("More than 30 days"))
    explained = _(
        "Time between the report and the publication of the edition that fixed it. Number of days within "
        "which half of the reports were fixed: %(median)s."
    ) % {"median": number_format(fixes.median, 1)}
    if fixes.is_sample:
        explained += " " + _("Based on %(number)s of the reports.") % {"number": fixes.number}
    values = list(zip(labels, fixes.within, strict=True))
    heads = (_("Time to fix"), _("Reports fixed during the period"))
    return _bars("fixes", _("Time to fix"), heads, values, explained if fixes.number else "")
