"""What machines read about a page, as the lines in its head; written here, for no page has more lines than its head."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from django.conf import settings
from django.utils.safestring import SafeString

from .public_urls import absolute_url, other_language
from .rendering import PageView
from .structured_data import structured_data

# The codes of languages that Dublin Core takes: https://www.loc.gov/standards/iso639-2/
THREE_LETTERS = {"en": "eng", "fr": "fra"}
# Each vocabulary of a page, with the name and the scheme that its terms have.
TERMS = {
    "subject": ("dcterms.subject", "gccore"),
    "audience": ("dcterms.audience", "gcaudience"),
    "type": ("dcterms.type", "gctype"),
    "coverage": ("dcterms.spatial", "gcregions"),
}


def page_metadata(page: PageView) -> SafeString:
    """The lines about a page. A preview tells machines nothing but to go away."""
    if page.is_preview:
        return SafeString('<meta name="robots" content="noindex, nofollow">')
    return SafeString("\n".join([_addresses(page), _dublin_core(page), *_terms(page), _shared(page)]))


def _addresses(page: PageView) -> str:
    alternates = [
        f'<link rel="alternate" hreflang="{code}" href="{escape(address)}">'
        for code, address in page.alternates.items()
    ]
    return "\n".join([f'<link rel="canonical" href="{escape(page.canonical)}">', *alternates])


def _dublin_core(page: PageView) -> str:
    site = escape(settings.SITE_IDENTITY["name"][page.language])
    creators = "\n".join(
        [f'<meta name="dcterms.creator" content="{label}">' for label in page.terms.get("creator") or (site,)]
    )
    return f"""<meta name="description" content="{page.description}">
<meta name="author" content="{site}">
<meta name="dcterms.title" content="{page.head_title}">
{creators}
<meta name="dcterms.description" content="{page.description}">
<meta name="dcterms.language" title="ISO639-2/T" content="{THREE_LETTERS[page.language]}">
<meta name="dcterms.issued" title="W3CDTF" content="{page.issued and page.issued.isoformat()}">
<meta name="dcterms.modified" title="W3CDTF" content="{page.modified and page.modified.isoformat()}">"""


def _terms(page: PageView) -> Iterator[str]:
    for vocabulary, (name, scheme) in TERMS.items():
        for label in page.terms.get(vocabulary, ()):
            yield f'<meta name="{name}" title="{scheme}" content="{label}">'


def _shared(page: PageView) -> str:
    """What networks and messages show of a page that somebody shares, and what search engines read."""
    return f"""<meta property="og:type" content="website">
<meta property="og:site_name" content="{escape(settings.SITE_IDENTITY["name"][page.language])}">
<meta property="og:title" content="{page.title}">
<meta property="og:description" content="{page.description}">
<meta property="og:url" content="{escape(page.canonical)}">
<meta property="og:locale" content="{page.language}_CA">
<meta property="og:locale:alternate" content="{other_language(page.language)}_CA">
{_picture(page)}
<script type="application/ld+json">{structured_data(page)}</script>"""


def _picture(page: PageView) -> str:
    """Its first picture that says something, or the card with its title (`card_images`)."""
    if picture := page.picture:
        return f"""<meta property="og:image" content="{absolute_url(page.shared_picture)}">
<meta property="og:image:alt" content="{picture.alternative_text}">
<meta name="twitter:card" content="summary_large_image">"""
    if card := page.card:
        return f"""<meta property="og:image" content="{absolute_url(card)}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="{page.head_title}">
<meta name="twitter:card" content="summary_large_image">"""
    return ""
