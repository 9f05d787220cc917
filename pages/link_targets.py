"""Where links to pages lead: the address that each page has in a language, and the anchor of the section.

Known from the editions of the pages that are linked to, which one query finds for any number of links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from django.db import models
from django.db.models import Case, F, Max, Value, When

from . import fact_marks, page_links, single_language
from .document import LANGUAGES, RICH_TEXT, Bilingual, Document, texts
from .models.edition import Edition
from .page_links import PageLink
from .public_urls import page_path
from .section_anchors import block_anchors, link_anchors


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
    """A page that is linked to. `sections` gives the anchors of its sections in a language by their keys, and `anchors`
    those of the headings within them too, by themselves; none where its text is not known.
    """

    address: Bilingual
    is_withdrawn: bool
    sections: Callable[[str], Mapping[str, str]]
    anchors: Callable[[str], Mapping[str, str]]

    def anchor(self, section: str, language: str) -> str:
        """Where a link to a section leads on the page, "" where it has none: headings are looked for last."""
        if not section:
            return ""
        return self.sections(language).get(section) or self.anchors(language).get(section, "")


def _target(edition: Edition, emergency_language: str | None) -> LinkTarget:
    is_known = "document" not in edition.get_deferred_fields() and edition.document
    document = edition.read() if is_known else None

    def found(anchors: Callable[[Document, str], Mapping[str, str]], language: str) -> Mapping[str, str]:
        if document is None:
            return {}
        visible = single_language.visible_in(document, language) if emergency_language else document
        return anchors(visible, language)

    return LinkTarget(
        Bilingual(edition.address_en, edition.address_fr),
        edition.kind == Edition.Kind.WITHDRAWN,
        cache(partial(found, block_anchors)),
        cache(partial(found, link_anchors)),
    )


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
            anchors = targets[key].anchors(language) if key in targets else {}
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
        return not link.section or bool(target and target.anchor(link.section, language))

    def url(self, link: PageLink, language: str) -> str:
        """Returns the path that a link leads to in a language; "" where the page is not known.

        A page that was withdrawn since has its notice there. A section that is gone is the whole page.
        """
        target = self._targets.get(link.page)
        if target is None:
            return self._unknown_url(link.page, language)
        anchor = target.anchor(link.section, language)
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


def keys_scheduled(keys: set[str]) -> set[str]:
    """Returns those keys whose pages become public at a later date: one query, none without keys."""
    scheduled = Edition.objects.scheduled().readable().filter(page__key__in=keys)
    return set(scheduled.values_list("page__key", flat=True)) if keys else set()


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
