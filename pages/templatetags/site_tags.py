"""What surrounds every page: whose site it is, what machines read, and the words of the error pages.

None of it needs a request or a database, because error pages must work when these do not.
"""

import re
from functools import cache, lru_cache
from html import escape

from django import template
from django.conf import settings
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from pages import public_urls
from pages.local_time import format_date, format_date_time
from pages.page_metadata import page_metadata
from pages.part_views import LANGUAGE_NAMES
from pages.public_urls import other_language, page_path
from pages.typography import date_html

register = template.Library()


@register.simple_tag
def identity(language):
    """The part of SITE_IDENTITY that one language shows, with where its footer links lead."""
    site = settings.SITE_IDENTITY
    links = [
        {"title": title, "path": _target(language, address)} for title, address in site["links"][language]
    ]
    return {
        "name": site["name"][language],
        "tagline": site["tagline"][language],
        "logo": site["logo"] and site["logo"][language],
        "notices": site["notices"][language],
        "links": links,
        "home": page_path(language, ""),
    }


def _target(language, address):
    """Where an address of SITE_IDENTITY leads to: a page of this site, or of another one."""
    return address if address.startswith("https://") else page_path(language, address)


@register.simple_tag
def icons():
    """What browsers show beside the title of a page: our icon, or the institution’s."""
    return SafeString(
        NEXT_LINE.join(
            [ICON.format(escape(static(path)), kind) for path, kind in settings.SITE_IDENTITY["icons"]]
        )
    )


@register.simple_tag
def theme_colours_and_icons():
    """Also what browsers may colour around a page: the ground of our header, or the institution’s in both schemes."""
    chosen = settings.SITE_IDENTITY["header"]
    lines = (
        [THEME_COLOUR.format(colour, scheme) for scheme, colour in chosen.items()]
        if chosen
        else [DEFAULT_COLOUR]
    )
    return SafeString(NEXT_LINE.join([*lines, icons()]))


NEXT_LINE = "\n      "
DEFAULT_COLOUR = '<meta name="theme-color" content="#0b4147">'
THEME_COLOUR = '<meta name="theme-color" content="{}" media="(prefers-color-scheme: {})">'
ICON = '<link rel="icon" href="{}" type="{}">'


@register.simple_tag
def site_name(language):
    """The name of the site; both of them on a page in both languages."""
    names = settings.SITE_IDENTITY["name"]
    return names[language] if language else " / ".join(dict.fromkeys(names.values()))


@register.simple_tag
def site_descriptions(language):
    """The links by which browsers offer to search the site, to keep it on a screen and to tell what changes on it."""
    name = escape(settings.SITE_IDENTITY["name"][language])
    links = [
        line.format(reverse(place, kwargs={"language": language}), name)
        for place, line in DESCRIPTIONS.items()
    ]
    return SafeString(NEXT_LINE.join(links))


DESCRIPTIONS = {
    "opensearch": '<link rel="search" type="application/opensearchdescription+xml" href="{}" title="{}">',
    "web_manifest": '<link rel="manifest" href="{}">',
    "feed": '<link rel="alternate" type="application/atom+xml" href="{}" title="{}">',
}


@register.filter
def nowrap_hyphens(name):
    """A name as HTML that does not break at the hyphens of its words: "Canada-Iraq"."""
    return SafeString(_HYPHENATED.sub(r'<span class="ci-whole">\g<0></span>', escape(name)))


_HYPHENATED = re.compile(r"[^\W\d]+(?:-[^\W\d]+)+")


@register.simple_tag
def cached_include(part, language):
    """A part that is the same on every page of a language (None: of both), so it is laid out once per process."""
    make = _render_cached.__wrapped__ if settings.DEBUG else _render_cached
    return make(part, language)


@lru_cache
def _render_cached(part, language):
    return render_to_string(part, {"language": language})


@register.filter
def are_of_one_kind(partners):
    """Whether several partners are all of one kind, which the heading above them names."""
    return len(partners) > 1 and len({partner.kind for partner in partners}) == 1


@register.simple_tag
def partner_cards(partners):
    """Partner organizations (`part_views.PartnerView`) as cards, each laid out once per process and language.

    Organizations are shared by pages, and their cards are most of the work that a page with many of them takes.
    """
    make, language = _card.__wrapped__ if settings.DEBUG else _card, get_language()
    return SafeString("".join([make(partner, language) for partner in partners]))


@lru_cache(maxsize=1000)
def _card(partner, language):
    return render_to_string("components/partner_card.html", {"partner": partner})


@register.simple_tag
def objective_partners(partners):
    """The partners of an objective (of `part_views.PartnerView`) by their names, under a heading."""
    if not partners:
        return ""
    heading = gettext("Partners")
    names = "\n".join([f"<li>{partner_name(partner)}</li>" for partner in partners])
    return SafeString(
        f'<div class="ci-objective__partners">\n<h3>{heading}</h3>\n<ul>\n{names}\n</ul>\n</div>'
    )


@register.simple_tag
def sections(blocks):
    """The blocks of a page (of `rendering.Section`), each laid out by the template of its kind.

    They take turns in one context: to include each template in one of its own took an eighth of a first view.
    """
    find = _block_template.__wrapped__ if settings.DEBUG else _block_template
    context, written = Context(), []
    for block in blocks:
        context["block"] = block
        written += [block.opening, find(block.template).render(context), block.closing]
    return SafeString("\n".join(written))


@cache
def _block_template(name):
    return Engine.get_default().get_template(name)


@register.simple_tag
def responsive_picture(picture, sizes, css=""):
    """A picture (`part_views.PictureView`) in the format and width that suit the screen.

    `sizes` says how wide it is shown, `css` its class. Without an alternative text it is decoration.
    """
    css = f' class="{css}"' if css else ""
    size = f'width="{picture.width}" height="{picture.height}"'
    return SafeString(f"""<picture>
  <source type="image/avif" srcset="{picture.avif}" sizes="{sizes}">
  <img src="{picture.fallback}" srcset="{picture.webp}" sizes="{sizes}" {size} alt="{picture.alternative_text}" \
loading="lazy" decoding="async"{css}>
</picture>""")


@register.simple_tag
def home_in_other(language):
    """The path of the home page in the other language."""
    return page_path(other_language(language), "")


@register.simple_tag
def language_toggle(language, path, sections=()):
    """Leads to the same page in the other language, which is at a path there.

    There is one link per section too, of those with a number and a twin; the stylesheet shows the one of the section
    that the address names and takes all the others out of the page, so that a reader who changes language keeps the
    place. Each has words of its own, for browsers that show what is hidden.
    """
    code, path = other_language(language), escape(path)
    name = LANGUAGE_NAMES[code]
    attributes = f'lang="{code}" hreflang="{code}" translate="no"'
    places = [
        f'<a href="{path}#{section.counterpart_anchor}" {attributes} data-n="{section.ordinal}" hidden>{name}'
        f'<span class="ci-hidden">: {section.counterpart_heading}</span></a>'
        for section in sections or ()
    ]
    links = "\n".join([f'<a href="{path}" {attributes}>{name}</a>', *places])
    label = gettext("Language selection")
    return SafeString(f'<nav class="ci-toggle" aria-label="{label}">\n{links}\n</nav>')


@register.simple_tag
def section_heading(section, label=""):
    """The heading of a section (`rendering.Section`) and its anchor; a label stands above it, and is part of it.

    Where none is given, numbered sections have that of their kind: “Objective 3”.
    """
    if not section.anchor:
        return ""
    label = label or section.label
    label = label and f'<span class="ci-label">{conditional_escape(label)}</span> '
    return SafeString(f'<h2 id="{section.anchor}">{label}{section.heading}</h2>')


@register.simple_tag
def child_pages(children):
    """A line for each page below another (of `rendering.Link`): its title, and what it is about."""
    lines = []
    for child in children:
        archived = " " + gettext("(archived)") if child.is_archived else ""
        about = f"<p>{child.description}</p>" if child.description else ""
        lines.append(f'<li><h3><a href="{escape(child.path)}">{child.title}{archived}</a></h3>{about}</li>')
    return SafeString("\n  ".join(lines))


@register.simple_tag
def contents_links(sections):
    """A line of “On this page” for each section; objectives and steps have their numbers."""
    lines = []
    for section in sections:
        number = f'<span class="ci-contents__number">{section.number}.</span> ' if section.number else ""
        lines.append(f'<li><a href="#{section.anchor}">{number}{section.heading}</a></li>')
    return SafeString("\n      ".join(lines))


@register.simple_tag
def partner_name(partner):
    """The name of a partner (`part_views.PartnerView`) with its acronym, leading to its website.

    A website that does not exist in the language of the page says so inside its link.
    """
    name = partner.name
    if partner.name_language:
        name = f'<span lang="{partner.name_language}">{name}</span>'
    if partner.acronym:
        name += f' (<abbr title="{partner.name}">{partner.acronym}</abbr>)'
    if not partner.website:
        return SafeString(name)
    other_language_code = partner.website.other_language
    if other_language_code:
        name += f' <span class="ci-partner__only">{ONLY_IN[other_language_code]}</span>'
    language = f' hreflang="{other_language_code}"' if other_language_code else ""
    return SafeString(f'<a href="{escape(partner.website.url)}"{language}>{name}</a>')


ONLY_IN = {"en": _("(in English only)"), "fr": _("(in French only)")}


@register.simple_tag
def absolute(path):
    return public_urls.absolute_url(path)


register.simple_tag(page_metadata)


@register.filter
def in_other_language(language):
    """The code of the other language."""
    return other_language(language)


@register.filter
def long_date(date, language):
    """A date as a sentence in the language says it."""
    return date_html(date, language)


register.filter("format_date", format_date)
register.filter("format_date_time", format_date_time)


@register.simple_tag
def error_message(status):
    """The title, the explanation and the advice for one HTTP status, in the active language."""
    title, explanation, advice = ERRORS.get(status, ERRORS[500])
    return {"title": title, "explanation": explanation, "advice": advice}


ERRORS = {
    400: (
        _("We could not understand the request from your browser"),
        _("The address or the request contains an error."),
        _("Check the address, or go back and try again."),
    ),
    403: (
        _("This is not allowed"),
        _("The request did not come from a page of this site, or you do not have access."),
        _("Go back to the page, reload it and try again."),
    ),
    404: (
        _("Page not found"),
        _("There is no page at this address. It may have moved, or the address may be wrong."),
        _("Check the address, or start from the home page."),
    ),
    405: (
        _("This address cannot be used that way"),
        _("You can read this page but cannot submit anything to it."),
        _("Go to the page and use its links and forms."),
    ),
    408: (
        _("The request took too long"),
        _("The connection is slow or was interrupted."),
        _("Go back and submit again. Most browsers keep what you wrote."),
    ),
    410: (
        _("This page has been withdrawn"),
        _("The page that was at this address is no longer published."),
        _("To find the page that replaces it, start from the home page."),
    ),
    411: (
        _("The length of the request is missing"),
        _("Your browser, or a program between it and this site, did not state the size of the request."),
        _("Try again with another browser or from another network."),
    ),
    413: (
        _("The request is too large"),
        _("What you submitted is larger than this site accepts."),
        _("Go back and submit a shorter text or a smaller file."),
    ),
    415: (
        _("The format of the request was not recognized"),
        _("This site accepts only UTF-8 text."),
        _("Go back to the page, reload it and submit the form from there."),
    ),
    429: (
        _("Too many messages in a short time"),
        _("To protect the site, we accept only a few messages at a time from the same network."),
        _("Wait a few minutes, then submit your report again."),
    ),
    500: (
        _("Sorry, there is a problem with this site"),
        _("This is our error. It has been recorded."),
        _("Try again in a few minutes. If you submitted something, we may not have received it."),
    ),
    503: (
        _("Sorry, this site is temporarily unavailable"),
        _("The site is being updated or is too busy."),
        _("Try again in a few minutes. If you submitted something, we did not receive it."),
    ),
}


@register.filter
def telephone_number(text):
    """A telephone number as a link has it: its digits, and “;ext=” before those of an extension."""
    number, _words, extension = re.match(r"([^a-zA-Z]*)([a-zA-Z.]*)(.*)", str(text), re.DOTALL).groups()
    digits = ("+" if number.lstrip().startswith("+") else "") + re.sub(r"[^0-9]", "", number)
    own = re.sub(r"[^0-9]", "", extension)
    return f"{digits};ext={own}" if own else digits
