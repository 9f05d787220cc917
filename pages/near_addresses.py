"""Leads on from an address that is not one: to the page that was meant, where that is sure, or to pages like it.

An address that was copied with the full stop of its sentence, typed with capitals, or kept from the other language
should not end a reader's way.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.urls import Resolver404, resolve, reverse
from django.utils.safestring import SafeString, mark_safe

from . import rendering
from .document import LANGUAGES
from .models.edition import Edition
from .models.page import ADDRESS
from .public_urls import other_language, page_path
from .search.queries import MAX_QUERY_LENGTH
from .search.results import results
from .slugs import slug

# Longer than any address, in characters: nothing is looked up for it.
MAX_LENGTH = 300

# Pages offered beside the one above.
MAX_SIMILAR = 4

# What the site has at an address of its own, whatever its pages are.
_OWN = frozenset({"home", "search", "feed", "corrections", "corrections_feed"})

_LANGUAGE = re.compile(r"(en|fr)(?:[-_](?:ca|us|gb|fr))?", re.IGNORECASE)
_FILE_ENDING = re.compile(r"(?:(?:^|/)(?:index|default))?\.(?:x?html?|php|aspx?|jsp)$", re.IGNORECASE)
# What a sentence or a mark-up language puts around an address, of either side.
_AROUND = re.compile(r"^[\s(\[{<\"'«“‘]+|[\s.,;:!?)\]}>\"'»”’*…/]+$")


class Redirect(NamedTuple):
    """Where an address leads. Permanent where it can never be that of a page."""

    path: str
    is_permanent: bool


def redirect(path: str) -> Redirect | None:
    """Finds the one thing that an address can have meant; None where there is none, or more than one.

    `path` is one that nothing was found at. Takes two queries at most, none for what no address looks like.
    """
    if len(path) > MAX_LENGTH:
        return None
    language, rest = _split(path)
    if language is None and _FILE_ENDING.search(rest):  # asked for by programs that look for other software
        return None
    address = tidy(rest)
    if language is None:
        return _in_either_language(address)
    tidied = page_path(language, address)
    if tidied != path and _leads_somewhere(tidied):
        return Redirect(tidied, is_permanent=True)
    return _in_other_language(language, address)


def tidy(address: str) -> str:
    """An address as the site writes them: without capitals, accents and what stands around it in a text."""
    address = _AROUND.sub("", _FILE_ENDING.sub("", _AROUND.sub("", address)))
    return "/".join(filter(None, map(_tidy_part, address.split("/"))))


def _tidy_part(part: str) -> str:
    """A part that has a dot within it is the name of a file, which only loses its capitals."""
    return part.lower() if "." in part else slug(part)


def similar(path: str, language: str) -> tuple[str, tuple[rendering.Link, ...]]:
    """The words of an address, and live pages that may be meant by it: the one above, and those with its words."""
    _language, rest = _split(path[:MAX_LENGTH])
    address = tidy(rest)
    typed = " ".join(re.findall(r"[^\W_]+", address))[:MAX_QUERY_LENGTH]
    last_words = " ".join(re.findall(r"[^\W_]+", address.rpartition("/")[2]))
    links = _page_above(address, language) + (
        _pages_with(typed, language) or _pages_with(last_words, language)
    )
    return typed, tuple({link.path: link for link in links}.values())


def _split(path: str) -> tuple[str | None, str]:
    """The language that an address begins with, however it is written, and the rest."""
    first, _slash, rest = path.lstrip("/").partition("/")
    found = _LANGUAGE.fullmatch(_AROUND.sub("", first))
    return (found[1].lower(), rest) if found else (None, path)


def _leads_somewhere(path: str) -> bool:
    if _name_of(path) not in {"page", "page_corrections"}:
        return _name_of(path) in _OWN
    values = resolve(path).kwargs
    return Edition.objects.live().at_address(values["language"], values["address"]).exists()


def _name_of(path: str) -> str | None:
    """What the map of the site calls the place at a path."""
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def _in_other_language(language: str, address: str) -> Redirect | None:
    """An address of one language below the other: whoever changed only `en` to `fr` means the same page there.

    Not for good: another page may have the address one day.
    """
    other = other_language(language)
    if (name := _name_of(page_path(other, address))) in _OWN:
        return Redirect(reverse(name, kwargs={"language": language}), is_permanent=False)
    edition = _live_edition(other, address)
    return edition and Redirect(page_path(language, edition.text("address", language)), is_permanent=False)


def _in_either_language(address: str) -> Redirect | None:
    found = {language: _live_edition(language, address) for language in LANGUAGES if _is_address(address)}
    paths = [
        page_path(language, edition.text("address", language))
        for language, edition in found.items()
        if edition
    ]
    return Redirect(paths[0], is_permanent=False) if len(paths) == 1 else None


def _live_edition(language: str, address: str) -> Edition | None:
    """The readable page that an address belongs to now rather than once."""
    if not _is_address(address):
        return None
    editions = Edition.objects.live().readable().at_address(language, address).defer("document")
    return min(editions, key=lambda edition: edition.text("address", language) != address, default=None)


def _is_address(address: str) -> bool:
    return re.fullmatch(ADDRESS, address) is not None


def _page_above(address: str, language: str) -> list[rendering.Link]:
    above = address.rpartition("/")[0]
    edition = _live_edition(language, above)
    return [rendering.link(edition, language)] if edition else []


def _pages_with(typed: str, language: str) -> list[rendering.Link]:
    found = results(typed, language).found[:MAX_SIMILAR]
    return [rendering.Link(_unmarked(page.title), page.path, is_archived=page.is_archived) for page in found]


def _unmarked(title: SafeString) -> SafeString:
    return mark_safe(title.replace("<mark>", "").replace("</mark>", ""))
