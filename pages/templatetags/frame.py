"""What surrounds every page: whose site it is, what machines read, and the words of the error pages.

None of it needs a request or a database, because error pages must work when these do not.
"""

import re
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pages import addresses
from pages import structured_data as machine_readable
from pages.addresses import other, path_of
from pages.typography import date_html

register = template.Library()


@register.simple_tag
def identity(language):
    """The part of SITE_IDENTITY that one language shows, with where its footer links lead."""
    of_the_site = settings.SITE_IDENTITY
    links = [
        {"title": title, "path": address if address.startswith("https://") else path_of(language, address)}
        for title, address in of_the_site["links"][language]
    ]
    return {
        "name": of_the_site["name"][language],
        "tagline": of_the_site["tagline"][language],
        "logo": of_the_site["logo"] and of_the_site["logo"][language],
        "notices": of_the_site["notices"][language],
        "links": links,
        "home": path_of(language, ""),
        "contact": path_of(language, of_the_site["contact"][language]),
    }


@register.simple_tag
def icons():
    """What browsers show beside the title of a page: our icon, or the institution’s."""
    return mark_safe(
        NEXT.join([ICON.format(escape(static(path)), kind) for path, kind in settings.SITE_IDENTITY["icons"]])
    )


@register.simple_tag
def theme_colours_and_icons():
    """Also what browsers may colour around a page: the ground of our header, or the institution’s in both schemes."""
    chosen = settings.SITE_IDENTITY["header"]
    lines = (
        [THEME_COLOUR.format(colour, scheme) for scheme, colour in chosen.items()] if chosen else [OWN_COLOUR]
    )
    return mark_safe(NEXT.join([*lines, icons()]))


NEXT = "\n      "
OWN_COLOUR = '<meta name="theme-color" content="#0b4147">'
THEME_COLOUR = '<meta name="theme-color" content="{}" media="(prefers-color-scheme: {})">'
ICON = '<link rel="icon" href="{}" type="{}">'


@register.filter
def whole_words(name):
    """A name as HTML that does not break at the hyphens of its words: "Canada-Iraq"."""
    return mark_safe(_HYPHENATED.sub(r'<span class="ci-whole">\g<0></span>', escape(name)))


_HYPHENATED = re.compile(r"[^\W\d]+(?:-[^\W\d]+)+")


@register.simple_tag
def constant(part, language):
    """A part that is the same on every page of a language (None: of both), so it is laid out once per process."""
    make = laid_out.__wrapped__ if settings.DEBUG else laid_out
    return make(part, language)


@lru_cache
def laid_out(part, language):
    return render_to_string(part, {"language": language})


@register.simple_tag
def partner_card(partner):
    """A partner organization (`rendering.PartnerView`) as a card: laid out once per process and language.

    Organizations are shared by pages, and their cards are most of the work that a page with many of them takes.
    """
    make = _card.__wrapped__ if settings.DEBUG else _card
    return make(partner, get_language())


@lru_cache(maxsize=1000)
def _card(partner, language):
    return render_to_string("components/partner_card.html", {"partner": partner})


@register.simple_tag
def home_in_other(language):
    """The path of the home page in the other language."""
    return path_of(other(language), "")


@register.simple_tag
def links_to_twins(sections, path, language, name):
    """One link per section to its place on the page in the other language; see `language_toggle.html`."""
    path = escape(path)
    return mark_safe(
        "\n".join(
            [
                f'<a href="{path}#{section.twin}" lang="{language}" hreflang="{language}" translate="no"'
                f' data-n="{section.ordinal}">{name}</a>'
                for section in sections or ()
            ]
        )
    )


@register.simple_tag
def partner_name(partner):
    """The name of a partner (`rendering.PartnerView`) with its acronym, leading to its website.

    A website that does not exist in the language of the page says so inside its link.
    """
    name = partner.name
    if partner.acronym:
        name += f' (<abbr title="{partner.name}">{partner.acronym}</abbr>)'
    if not partner.website:
        return mark_safe(name)
    elsewhere = partner.website.other_language
    if elsewhere:
        name += f' <span class="ci-partner__only">{ONLY_IN[elsewhere]}</span>'
    language = f' hreflang="{elsewhere}"' if elsewhere else ""
    return mark_safe(f'<a href="{escape(partner.website.address)}"{language}>{name}</a>')


ONLY_IN = {"en": _("(in English only)"), "fr": _("(in French only)")}


@register.simple_tag
def absolute(path):
    return addresses.absolute(path)


@register.simple_tag
def structured_data(page):
    return machine_readable.structured_data(page)


@register.filter
def in_other_language(language):
    """The code of the other language."""
    return other(language)


@register.filter
def in_words(date, language):
    """A date as a sentence in the language says it."""
    return date_html(date, language)


@register.simple_tag
def error_message(status):
    """The title, the explanation and the advice for one HTTP status, in the active language."""
    title, explanation, advice = ERRORS.get(status, ERRORS[500])
    return {"title": title, "explanation": explanation, "advice": advice}


ERRORS = {
    400: (
        _("Your browser’s request could not be understood"),
        _("Something in the address or in what was sent is not as it should be."),
        _("Check the address, or go back and try again."),
    ),
    403: (
        _("This is not allowed"),
        _("What was sent did not come from a page of this site, or you do not have access."),
        _("Go back to the page, load it again, and try once more."),
    ),
    404: (
        _("Page not found"),
        _("There is no page at this address. It may have moved, or the address may have been mistyped."),
        _("Check the address, or start from the home page."),
    ),
    405: (
        _("This address does not work that way"),
        _("The page can be read, but nothing can be sent to it."),
        _("Go to the page itself and use the links and forms on it."),
    ),
    408: (
        _("What you sent took too long to arrive"),
        _("The connection is slow, or was interrupted."),
        _("Go back and send it again; what you wrote is still there in most browsers."),
    ),
    410: (
        _("This page has been withdrawn"),
        _("The page that was at this address is no longer published."),
        _("Start from the home page to find what replaces it."),
    ),
    411: (
        _("The length of what was sent is missing"),
        _("Your browser, or a program between it and this site, did not say how much it was sending."),
        _("Try again with another browser or from another network."),
    ),
    413: (
        _("What was sent is too large"),
        _("This site accepts short texts only."),
        _("Go back, shorten your text and send it again."),
    ),
    415: (
        _("The form of what was sent is not known here"),
        _("This site accepts text in the UTF-8 encoding only."),
        _("Go back to the page, load it again, and send the form from there."),
    ),
    429: (
        _("Too many messages in a short time"),
        _("To protect the site, only a few messages are accepted from one place at a time."),
        _("Wait a few minutes, then send yours again."),
    ),
    500: (
        _("Sorry, there is a problem with this site"),
        _("The fault is ours. It has been recorded."),
        _("Try again in a few minutes. If you sent something, it may not have been received."),
    ),
    503: (
        _("Sorry, this site is not available for the moment"),
        _("It is being worked on, or has too much to do."),
        _("Try again in a few minutes. If you sent something, it was not received."),
    ),
}
