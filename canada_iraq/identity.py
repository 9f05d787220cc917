"""Whose site is this? Its name, look, notices and footer links, from a folder: our own, or an institution's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

from pages.text_cleaning import clean_line, map_texts

FILE = "identity.toml"
LOGOS = "logos"
STATIC = "identity"  # where the logos stand among the static files

LANGUAGES = ("en", "fr")
SCHEMES = ("light", "dark")

# The kinds of icon, the one that all browsers know first, because they take the last one that they know: its type, and
# what a file of it is told by.
ICONS = {
    "ico": ("image/x-icon", b"\0\0\1\0"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "svg": ("image/svg+xml", b"<svg"),
}
OWN_ICONS = [("pages/favicon.svg", ICONS["svg"][0])]

# Where our page on privacy is, if the institution names no page of its own.
OWN_PRIVACY = {"en": "privacy", "fr": "confidentialite"}

# Text of ordinary size on its ground: https://www.w3.org/TR/WCAG22/#contrast-minimum
MIN_CONTRAST = 4.5


def read(folder: Path) -> dict[str, Any]:
    """What `SITE_IDENTITY` names, by value and language. Raises ImproperlyConfigured with every fault."""
    file = folder / FILE
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file}: {error}.") from None
    values = map_texts(values, clean_line)
    if problems := list(_problems(values, folder)):
        raise ImproperlyConfigured(f"SITE_IDENTITY: {file}: {'; '.join(problems)}.")
    logo = values.get("logo")
    links = {
        language: [(link["title"], link["address"]) for link in values["links"][language]]
        for language in LANGUAGES
    }
    return {
        **values,
        "logo": logo and {language: f"{STATIC}/{logo[language]}" for language in LANGUAGES},
        "icons": _icons(values.get("icon", {})) or OWN_ICONS,
        "header": values.get("header"),
        "accent": values.get("accent"),
        "privacy": values.get("privacy", OWN_PRIVACY),
        "links": links,
    }


def _icons(named: dict[str, str]) -> list[tuple[str, str]]:
    """The static path and the type of each icon."""
    return [(f"{STATIC}/{named[kind]}", ICONS[kind][0]) for kind in ICONS if kind in named]


def site_name(language: str | None = None) -> str:
    """Returns the name of the site in a language (default: the active one)."""
    return settings.SITE_IDENTITY["name"][language or get_language() or settings.LANGUAGE_CODE]


def otp_issuer(device: object = None) -> str:
    """Returns what an app on a phone calls this site; its host keeps apart two sites of one institution."""
    return f"{site_name()} ({urlsplit(settings.SITE_URL).hostname or 'localhost'})"


def static_folders(folder: Path) -> list[tuple[str, Path]]:
    """The logos and icons, for `STATICFILES_DIRS`."""
    return [(STATIC, folder / LOGOS)] if (folder / LOGOS).is_dir() else []


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_links(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(link, dict) and link.keys() == {"title", "address"} and all(map(_is_text, link.values()))
        for link in value
    )


def _is_colour(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("#[0-9a-fA-F]{6}", value))


def _is_background(value: Any) -> bool:
    return _is_colour(value) and _contrast_with_white(value) >= MIN_CONTRAST


def _contrast_with_white(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


_COLOUR = "a colour such as #0b4147"

# What each value must be, and how to say so.
_SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_text, "a text"),
    "tagline": (_is_text, "a text"),
    "logo": (_is_text, "the name of a file"),
    "notices": (_are_texts, "a list of texts"),
    "contact": (_is_text, "the address of a page"),
    "privacy": (_is_text, "the address of a page"),
    "links": (_are_links, "a list of links, each with a title and an address"),
    "header": (_is_background, f"{_COLOUR} on which white text has a contrast of {MIN_CONTRAST} to 1"),
    "accent": (_is_colour, _COLOUR),
}
# Those that may be left out: ours stand for them.
_OPTIONAL = {"logo", "icon", "header", "accent", "privacy"}
# What each has a value for; all others have one for each language.
_SIDES = {"header": SCHEMES, "accent": SCHEMES}


def _problems(values: dict[str, Any], folder: Path) -> Iterator[str]:
    for name in values.keys() - _SHAPES.keys() - {"icon"}:
        yield f"{name} is not a value that is known"
    for name, (fits, expected) in _SHAPES.items():
        if name in _OPTIONAL and name not in values:
            continue
        found = values.get(name)
        for side in _SIDES.get(name, LANGUAGES):
            value = found.get(side) if isinstance(found, dict) else None
            if not fits(value):
                yield f"{name}.{side} must be {expected}"
            elif name == "logo" and not (folder / LOGOS / value).is_file():
                yield f"there is no {LOGOS}/{value}"
    if "icon" in values:
        yield from _icon_problems(values["icon"], folder)


def _icon_problems(named: Any, folder: Path) -> Iterator[str]:
    if not isinstance(named, dict) or not named or named.keys() - ICONS.keys():
        yield f"icon must name files by their kind: {', '.join(sorted(ICONS))}"
        return
    for kind, name in named.items():
        file = folder / LOGOS / name if _is_text(name) else None
        if file is None:
            yield f"icon.{kind} must be the name of a file"
        elif not file.is_file():
            yield f"there is no {LOGOS}/{name}"
        elif not _is_icon(file, kind):
            yield f"{LOGOS}/{name} is not a picture of the kind {kind}"


def _is_icon(file: Path, kind: str) -> bool:
    content, signature = file.read_bytes(), ICONS[kind][1]
    # What SVG begins with may have much before it: a declaration, a comment.
    return signature in content if kind == "svg" else content.startswith(signature)
