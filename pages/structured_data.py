"""What search engines read of a page, as JSON-LD (https://schema.org/WebPage): nothing that it does not show."""

from __future__ import annotations

import html
import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from .public_urls import absolute_url
from .rendering import PageView

# So that no text can end the script element that holds the data.
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def structured_data(page: PageView) -> SafeString:
    """The page as one JSON object, safe inside a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": page.canonical,
        "url": page.canonical,
        "name": _text(page.title),
        "description": _text(page.description),
        "inLanguage": f"{page.language}-CA",
        "isPartOf": {
            "@type": "WebSite",
            "name": _site(page.language),
            "url": absolute_url(f"/{page.language}/"),
        },
        "breadcrumb": _breadcrumb(page),
        "datePublished": page.issued and page.issued.isoformat(),
        "dateModified": page.modified and page.modified.isoformat(),
    }
    present = {name: value for name, value in data.items() if value}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))


def _site(language: str) -> str:
    return settings.SITE_IDENTITY["name"][language]


def _breadcrumb(page: PageView) -> dict[str, Any] | None:
    if not page.trail:
        return None
    places = [
        {"@type": "ListItem", "position": place, "name": _text(link.title), "item": absolute_url(link.path)}
        for place, link in enumerate(page.trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}


def _text(safe: str) -> str:
    """The text that safe HTML without tags shows."""
    return html.unescape(safe)
