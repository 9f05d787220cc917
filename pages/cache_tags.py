"""Cache tags: what a public answer was made from, so that a change drops the answers that it touches and no others.

Also known as surrogate keys. An answer with `response.cache_tags` may be cached until one of its tags changes; one
without may not be cached at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.cache import patch_cache_control

if TYPE_CHECKING:
    from django.http import HttpResponse

    from .models.edition import Edition

# Of answers that are made from the whole site: feeds, lists of corrections. Every publication changes it.
SITE = "site"


def page_tag(page: int) -> str:
    """Returns the tag that changes whenever another edition of a page becomes live. `page` is its id."""
    return f"page:{page}"


def children_tag(page: int) -> str:
    """Returns the tag that changes whenever an edition becomes live that places its page below this one."""
    return f"children:{page}"


def of_page(
    edition: Edition, navigation: Iterable[Edition], linked_keys: Iterable[str] = ()
) -> frozenset[str]:
    """Returns the tags of a page: its own, and those of the pages in its trail, below it and linked to.

    `navigation` is what `Edition.objects.with_navigation` finds, `linked_keys` are the keys of the pages that the
    edition links to: one that is not public yet may be so after any publication. The home page is called "Home" in
    every trail, whatever it says. The pages on contact and privacy, which every page leads to, change all answers at
    once (`site_version`).
    """
    found = {neighbour.page_id: neighbour for neighbour in navigation}
    pages = {
        page
        for page, neighbour in found.items()
        if page == edition.page_id or neighbour.parent_id is not None or neighbour.is_linked
    }
    # Parents that are not public yet join the trail with their first edition.
    pages |= _missing_parents(edition, found)
    is_incomplete = not {edition.page_key, *(neighbour.page_key for neighbour in found.values())}.issuperset(
        linked_keys
    )
    is_home = edition.parent_id is None  # which tells what changed last, wherever
    site = {SITE} if is_incomplete or is_home else set()
    return frozenset({children_tag(edition.page_id), *map(page_tag, pages), *site})


def _missing_parents(edition: Edition, found: Mapping[int, Edition]) -> set[int]:
    """The page at which the trail of an edition ends, because it is not among those found."""
    passed: set[int] = set()
    parent = edition.parent_id
    while parent in found and parent not in passed:
        passed.add(parent)
        parent = found[parent].parent_id
    return {parent} if parent is not None and parent not in found else set()


def changed(editions: Iterable[tuple[int, int | None]]) -> frozenset[str]:
    """Returns the tags that change when editions become live, given as ids of their page and of its parent."""
    tags = set()
    for page, parent in editions:
        tags |= {SITE, page_tag(page)} | ({children_tag(parent)} if parent is not None else set())
    return frozenset(tags)


def make_cacheable(response: HttpResponse, tags: Iterable[str] | None) -> HttpResponse:
    """Lets any cache keep an answer, if it asks each time whether it still holds, and returns it.

    The page cache of the site keeps it until one of `tags` changes; not at all if they are None.
    """
    patch_cache_control(response, public=True, no_cache=True)
    response.cache_tags = None if tags is None else frozenset(tags)
    return response
