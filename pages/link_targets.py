"""Where links to pages lead: the address that each page has in a language, and the anchor of the section.

Known from the editions of the pages that are linked to, which one query finds for any number of links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import models
from django.db.models import Case, F, Max, Value, When

from . import fact_marks, page_links, single_language
from .document import LANGUAGES, RICH_TEXT, Bilingual, Document, texts
from .models.edition import Edition
from .page_links import PageLink
from .public_urls import page_path
from .section_anchors import link_anchors


class LocatedLink(NamedTuple):
    """A link to a page, with the path of the text that it stands in (`document.Text`), and the language."""

    link: PageLink
    path: tuple[str, ...]
    language: str


def links_of(document: Document) -> Iterator[LocatedLink]:
    """Gives every link to a page in a document, in reading order."""
    for text in texts(document):
        for language in LANGUAGES if text.path[-1] in RICH_TEXT else ():
            for link in page_links.links_in(text.value[language]):
                yield LocatedLink(link, text.path, language)


class LinkTarget(NamedTuple):
    """A page that is linked to. `anchors` are those of its sections and headings by language
    and by key of the block or anchor of the heading, if known."""

    address: Bilingual
    is_withdrawn: bool
    anchors: dict[str, dict[str, str]]


def _target(edition: Edition, emergency_language: str | None) -> LinkTarget:
    document = (
        edition.read() if "document" not in edition.get_deferred_fields() and edition.document else None
    )
    return LinkTarget(
        Bilingual(edition.address_en, edition.address_fr),
        edition.kind == Edition.Kind.WITHDRAWN,
        _anchors(document, is_emergency=bool(emergency_language)) if document else {},
    )


def _anchors(document: Document, *, is_emergency: bool = False) -> dict[str, dict[str, str]]:
    return {
        language: link_anchors(
            single_language.visible_in(document, language) if is_emergency else document, language
        )
        for language in LANGUAGES
    }


class LinkTargets:
    """The pages that some links lead to, by their keys.

    `unknown_url` gives the address for a page that is not public, of its key and the language: none by default.
    """

    def __init__(
        self,
        targets: dict[str, LinkTarget],
        unknown_url: Callable[[str, str], str] = lambda _key, _language: "",
    ):
        self._targets = targets
        self._unknown_url = unknown_url

    @classmethod
    def of_navigation(cls, editions: Iterable[Edition]) -> LinkTargets:
        """Those among the editions that `Edition.objects.with_navigation` gave."""
        return cls({
            edition.page_key: _target(edition, edition.emergency_language)
            for edition in editions
            if edition.is_linked and not edition.is_requested
        })  # fmt: skip

    @classmethod
    def of_documents(
        cls,
        documents: Iterable[Document],
        at: datetime | None = None,
        unknown_url: Callable[[str, str], str] = lambda _key, _language: "",
    ) -> LinkTargets:
        """Those that documents link to, as they are public at a moment (default: now).

        One query; none without links.
        """
        links = {located.link for document in documents for located in links_of(document)}
        return cls(_find(links, at), unknown_url)

    @classmethod
    def of_links(cls, links: Iterable[PageLink]) -> LinkTargets:
        """Those that links lead to now: one query; none without links."""
        return cls(_find(set(links), None))

    @classmethod
    def sections_at(cls, places: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], PageLink]:
        """Finds the sections at some anchors, each given with the key of its page and the language: one query."""
        places = list(places)
        targets = _find({PageLink(key, anchor) for key, _language, anchor in places}, None)
        found = {}
        for key, language, anchor in places:
            anchors = targets[key].anchors.get(language, {}) if key in targets else {}
            for section, section_anchor in anchors.items():
                if section_anchor == anchor:
                    found[key, language, anchor] = PageLink(key, section)
        return found

    def is_readable(self, key: str) -> bool:
        """Whether readers find the page: it is public, and was not withdrawn."""
        return key in self._targets and not self._targets[key].is_withdrawn

    def has_section(self, link: PageLink, language: str) -> bool:
        """Whether the page has the section that a link names; also for a link that names none."""
        target = self._targets.get(link.page)
        return not link.section or bool(target and link.section in target.anchors.get(language, {}))

    def url(self, link: PageLink, language: str) -> str:
        """Returns the path that a link leads to in a language; "" where the page is not known.

        A page that was withdrawn since has its notice there. A section that is gone is the whole page.
        """
        target = self._targets.get(link.page)
        if target is None:
            return self._unknown_url(link.page, language)
        anchor = target.anchors.get(language, {}).get(link.section, "")
        return page_path(language, target.address[language]) + (f"#{anchor}" if anchor else "")

    def resolver(self, document: Document, language: str) -> Callable[[str], str]:
        """Returns a function that makes clean HTML of a document what readers are sent: links to pages lead to where
        these are, and the words of facts are words.
        """
        own_anchors = cache(lambda: link_anchors(document, language))

        def url(link: PageLink) -> str:
            if link.page != document.key:
                return self.url(link, language)
            anchor = own_anchors().get(link.section)
            return f"#{anchor}" if anchor else page_path(language, document.address[language])

        return lambda html: page_links.resolve(fact_marks.without_marks(html), url)


def links_public_by(document: Document) -> datetime | None:
    """Finds when the last of the pages that a document links to becomes public; None if none of them is scheduled."""
    keys = {located.link.page for located in links_of(document)}
    scheduled = Edition.objects.scheduled().readable().filter(page__key__in=keys)
    return scheduled.aggregate(last=Max("publish_at"))["last"] if keys else None


NO_TARGETS = LinkTargets({})


def _find(links: set[PageLink], at: datetime | None) -> dict[str, LinkTarget]:
    """The pages that links name. The text of a page is read only for the sake of its sections."""
    if not links:
        return {}
    with_sections = {link.page for link in links if link.section}
    editions = Edition.objects.live(at).filter(page__key__in={link.page for link in links})
    rows = editions.defer("document").annotate(
        page_key=F("page__key"),
        emergency_language=F("emergency_record__language"),
        document_here=Case(
            When(page__key__in=with_sections, then=F("document")),
            default=Value(""),
            output_field=models.TextField(),
        ),
    )
    found = {}
    for edition in rows:
        if edition.document_here:
            edition.document = edition.document_here
        found[edition.page_key] = _target(edition, edition.emergency_language)
    return found
