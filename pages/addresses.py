"""Where things are: the public address of a page in a language, and its absolute form."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings


def path_of(language: str, address: str) -> str:
    """The path of a page: `path_of("fr", "relations-canada-irak")` is `/fr/relations-canada-irak`."""
    return f"/{language}/{quote(address)}"


def corrections_path(language: str, address: str = "") -> str:
    """The path of the list of corrections: of a page, or of the whole site, as for the home page."""
    return path_of(language, f"corrections/{address}" if address else "corrections")


def absolute(path: str) -> str:
    """A path as a whole address, always of the site's own name, whatever host a request asked for."""
    return f"{settings.SITE_URL}{path}"


def other(language: str) -> str:
    """The other official language."""
    return {"en": "fr", "fr": "en"}[language]
