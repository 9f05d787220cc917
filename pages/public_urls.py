"""Where things are: the public address of a page in a language, and its absolute form."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

# A rendition of an image, as a regular expression for what follows the place of images: `/media/` in public.
RENDITION_PATTERN = r"images/(?P<digest>[0-9a-f]{32,64})/(?P<width>[0-9]{1,5})\.(?P<extension>avif|webp)"
# The card of a page: its key, and the version of what is shown.
CARD_PATTERN = r"cards/(?P<key>[-a-zA-Z0-9_]+)-(?P<version>[0-9a-f]{12})\.png"
# A picture of a page, cut around its focal point, in the same way.
CUT_PATTERN = r"pictures/(?P<key>[-a-zA-Z0-9_]+)-(?P<version>[0-9a-f]{12})\.jpg"
# A file that readers download, in the same way: the digest of its content, and what it is called when it is saved.
FILE_PATTERN = r"files/(?P<digest>[0-9a-f]{64})/(?P<name>[a-z0-9-]{1,80})\.(?P<format>[a-z0-9]{3,4})"


def page_path(language: str, address: str) -> str:
    """The path of a page: `page_path("fr", "relations-canada-irak")` is `/fr/relations-canada-irak`."""
    return f"/{language}/{quote(address)}"


def corrections_path(language: str, address: str = "") -> str:
    """The path of the list of corrections: of a page, or of the whole site, as for the home page."""
    return page_path(language, f"corrections/{address}" if address else "corrections")


def card_path(language: str, key: str, version: str) -> str:
    """The path of the card of a page (`card_images`) in one version. No page has a dot in its own path."""
    return f"/{language}/cards/{key}-{version}.png"


def cut_path(language: str, key: str, version: str) -> str:
    """The path of a picture of a page that is cut around its focal point (`picture_cuts`)."""
    return f"/{language}/pictures/{key}-{version}.jpg"


def absolute_url(path: str) -> str:
    """A path as a whole address, always of the site's own name, whatever host a request asked for."""
    return f"{settings.SITE_URL}{path}"


def other_language(language: str) -> str:
    """The other official language."""
    return {"en": "fr", "fr": "en"}[language]
