"""Links to pages of the site in rich text: they name the page by its key, and not the address that it has today.

In HTML that `html.clean` wrote such a link is `<a href="page:trade">`, or `<a href="page:trade#exports">` for the
section that the block with the key `exports` is. Where it leads is looked up when the text is shown (`link_targets`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

SCHEME = "page"
PREFIX = f"{SCHEME}:"

_KEY = r"[A-Za-z0-9_-]{1,100}"
_HREF = re.compile(rf"{PREFIX}({_KEY})(?:#({_KEY}))?")
_OPENING = re.compile(r'<a href="([^"]*)"([^>]*)>')


class PageLink(NamedTuple):
    """A link to a page, by its key, or to one section of it, by the key of the block."""

    page: str
    section: str = ""

    @property
    def href(self) -> str:
        return f"{PREFIX}{self.page}#{self.section}" if self.section else f"{PREFIX}{self.page}"


def parse_href(href: str) -> PageLink | None:
    """Returns the link to a page that an address stands for; None for any other address."""
    found = _HREF.fullmatch(href)
    return PageLink(found[1], found[2] or "") if found else None


def links_in(html: str) -> Iterator[PageLink]:
    """Gives the links to pages in clean HTML, in reading order."""
    if PREFIX in html:
        for opening in _OPENING.finditer(html):
            if link := parse_href(unescape(opening[1])):
                yield link


def hrefs_in(html: str) -> Iterator[str]:
    """Gives the addresses of all links in clean HTML, in reading order."""
    return (unescape(opening[1]) for opening in _OPENING.finditer(html))


def resolve(html: str, url_of: Callable[[PageLink], str]) -> str:
    """Returns clean HTML in which links to pages lead to what `url_of` gives; "" leaves the words without a link."""
    if PREFIX not in html:
        return html

    def with_url(opening: re.Match[str]) -> str:
        link = parse_href(unescape(opening[1]))
        if link is None:
            return opening[0]
        url = url_of(link)
        return f'<a href="{escape(url)}"{opening[2]}>' if url else "<a>"

    return _OPENING.sub(with_url, html)


def replace_hrefs(html: str, new: Callable[[str], str | None]) -> str:
    """Returns clean HTML in which a link leads to what `new` gives for its address; None leaves it as it is."""

    def with_href(opening: re.Match[str]) -> str:
        href = new(unescape(opening[1]))
        return opening[0] if href is None else f'<a href="{escape(href)}"{opening[2]}>'

    return _OPENING.sub(with_href, html)
