"""Puts the report form on a page: the only thing of `reports` that the templates of `pages` name."""

from django import template

from reports.forms import ReportForm

register = template.Library()


@register.inclusion_tag("reports/disclosure.html")
def problem_report_form(page):
    """The form about a page (`rendering.PageView`), closed until it is asked for; nothing where none is wanted."""
    return {"page": page, "form": page.takes_reports and ReportForm(page=page)}
