"""Puts what is new about problem reports on the front page of the admin, for those who may read reports."""

from django import template

from reports import report_statistics
from reports.admin import figures

register = template.Library()


@register.inclusion_tag("admin/reports/front.html", takes_context=True)
def report_figures(context):
    request = context["request"]
    if not request.user.has_perm("reports.view_problemreport"):
        return {}
    return {
        "open_pages": figures.open_pages(report_statistics.most_open_pages(5)),
        "figures": [
            figures.over_time(report_statistics.series(figures.DEFAULT_PERIOD)),
            figures.age(report_statistics.open_ages()),
        ],
    }
