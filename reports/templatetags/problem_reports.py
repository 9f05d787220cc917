"""Puts the report form on a page: the only thing of `reports` that the templates of `pages` name."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from reports.form_context import Section
from reports.forms import ReportForm

register = template.Library()


@dataclass(frozen=True)
class Blank:
    """Stands for a page in the form that is the same on all of them; each value is found nowhere else in it."""

    language: str
    sections: tuple
    contact: str
    privacy: str
    key: str = "key-of-the-page"
    edition: str = "number-of-the-edition"


BLANK_SECTION = Section("anchor-of-a-section", "heading-of-a-section", "")


@register.simple_tag
def problem_report_form(page):
    """The form about a page (`rendering.PageView`), closed until it is asked for; nothing where none is wanted.

    Only its key, edition and sections differ among the pages of a language, and laying out a form of Django's takes
    longer than the page.
    """
    if not page.takes_reports:
        return ""
    make = form_parts.__wrapped__ if settings.DEBUG else form_parts
    sections = (BLANK_SECTION,) if page.sections else ()
    blank = Blank(page.language, sections, page.contact, page.privacy)
    before, option, after = make(blank, settings.REPORTS_KEPT_DAYS, settings.REPORTS_ASK_LOOKING_FOR)
    options = "".join(
        option.replace(BLANK_SECTION.anchor, section.anchor).replace(BLANK_SECTION.heading, section.heading)
        for section in page.sections
    )
    before = before.replace(Blank.key, page.key).replace(Blank.edition, str(page.edition))
    return mark_safe(before + options + after)


@lru_cache
def form_parts(page, days_kept, asks_looking_for):
    """The form up to its sections, one section as an option to choose, and the rest, under these settings."""
    form = render_to_string("reports/disclosure.html", {"page": page, "form": ReportForm(page=page)})
    option = f'<option value="{BLANK_SECTION.anchor}">{BLANK_SECTION.heading}</option>'
    before, found, after = form.partition(option)
    return before, found, after
