"""Puts what is new about problem reports on the front page of the admin, for those who may read reports."""

from django import template

from reports import statistics
from reports.admin import figures

register = template.Library()


@register.inclusion_tag("admin/reports/front.html", takes_context=True)
def report_figures(context):
    request = context["request"]
    if not request.user.has_perm("reports.view_problemreport"):
        return {}
    counts = statistics.open_by_page()
    return {
        "open_pages": figures.open_pages(counts, 5),
        "figures": [
            figures.over_time(statistics.series(figures.DEFAULT_PERIOD)),
            figures.age(statistics.ages(counts)),
        ],
    }
