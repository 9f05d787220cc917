"""Puts the report form on a page: the only thing of `reports` that the templates of `pages` name."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from reports.forms import ReportForm
from reports.subject import Section

register = template.Library()


@dataclass(frozen=True)
class Blank:
    """Stands for a page in the form that is the same on all of them; each value is found nowhere else in it."""

    language: str
    sections: tuple
    key: str = "key-of-the-page"
    edition: str = "number-of-the-edition"


BLANK_SECTION = Section("anchor-of-a-section", "heading-of-a-section", "")


@register.simple_tag
def problem_report_form(page):
    """The form about a page (`rendering.PageView`), closed until it is asked for; nothing where none is wanted.

    Only four things in it differ from page to page, and laying out a form of Django's takes longer than the page.
    """
    if not page.takes_reports:
        return ""
    make = form_parts.__wrapped__ if settings.DEBUG else form_parts
    before, option, after = make(page.language, bool(page.sections))
    options = "".join(
        option.replace(BLANK_SECTION.anchor, section.anchor).replace(BLANK_SECTION.heading, section.heading)
        for section in page.sections
    )
    before = before.replace(Blank.key, page.key).replace(Blank.edition, str(page.edition))
    return mark_safe(before + options + after)


@lru_cache
def form_parts(language, has_sections):
    """The form up to its sections, one section as an option to choose, and the rest."""
    page = Blank(language, (BLANK_SECTION,) if has_sections else ())
    form = render_to_string("reports/disclosure.html", {"page": page, "form": ReportForm(page=page)})
    option = f'<option value="{BLANK_SECTION.anchor}">{BLANK_SECTION.heading}</option>'
    before, found, after = form.partition(option)
    return before, found, after
