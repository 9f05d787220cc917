"""Whose site is this? Name, logos, notices and footer links, from a folder: our own, or an institution's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

FILE = "identity.toml"
LOGOS = "logos"
STATIC = "identity"  # where the logos stand among the static files

LANGUAGES = ("en", "fr")


def read(folder: Path) -> dict[str, Any]:
    """What `SITE_IDENTITY` names, by value and language. Raises ImproperlyConfigured with every fault."""
    file = folder / FILE
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file}: {error}.") from None
    if faults := list(_faults(values, folder)):
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file}: {'; '.join(faults)}.")
    logo = values.get("logo")
    links = {
        language: [(link["title"], link["address"]) for link in values["links"][language]]
        for language in LANGUAGES
    }
    return {
        **values,
        "logo": logo and {language: f"{STATIC}/{logo[language]}" for language in LANGUAGES},
        "links": links,
    }


def static_folders(folder: Path) -> list[tuple[str, Path]]:
    """The logos, for `STATICFILES_DIRS`."""
    return [(STATIC, folder / LOGOS)] if (folder / LOGOS).is_dir() else []


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_links(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(link, dict) and link.keys() == {"title", "address"} and all(map(_is_text, link.values()))
        for link in value
    )


# What each value must be, and how to say so.
_SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_text, "a text"),
    "tagline": (_is_text, "a text"),
    "logo": (_is_text, "the name of a file"),
    "notices": (_are_texts, "a list of texts"),
    "contact": (_is_text, "the address of a page"),
    "links": (_are_links, "a list of links, each with a title and an address"),
}


def _faults(values: dict[str, Any], folder: Path) -> Iterator[str]:
    for name in values.keys() - _SHAPES.keys():
        yield f"{name} is not a value that is known"
    for name, (fits, wanted) in _SHAPES.items():
        if name == "logo" and name not in values:
            continue
        found = values.get(name)
        for language in LANGUAGES:
            value = found.get(language) if isinstance(found, dict) else None
            if not fits(value):
                yield f"{name}.{language} must be {wanted}"
            elif name == "logo" and not (folder / LOGOS / value).is_file():
                yield f"there is no {LOGOS}/{value}"
