"""What a page shows in one language: a document as values that templates only have to lay out.

Every text below is safe HTML: plain ones are escaped, rich ones were cleaned on their way into the
database, and both have the spacing of their language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from html import escape
from typing import ClassVar

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import document as shape
from . import html, one_language
from .addresses import absolute, corrections_path, other, path_of
from .editions import Edition
from .images import Image
from .models import PartnerOrganization
from .slugs import slug
from .typography import typeset

# What search engines show of a title.
TITLE_LENGTH = 60

# A page with fewer headed sections than this is read faster than its table of contents.
CONTENTS_FROM = 3

# The stylesheet can keep the place of a reader who changes language in so many sections (language-toggle.css).
TWINS = 24

# The ids of what surrounds the text; no heading may take one. Tests find what is missing here.
FRAME_IDS = frozenset({"main", "wb-cont", "wb-info", "wb-dtmd", "contents", "page-details"})


@dataclass(frozen=True, slots=True)
class Link:
    """A page that another one leads to: its title, where it is, and what it says."""

    title: SafeString
    path: str
    description: SafeString = mark_safe("")
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture in its renditions. Width and height are those of the original, for its proportions."""

    avif: str
    webp: str
    fallback: str
    width: int
    height: int
    alternative_text: SafeString = mark_safe("")


@dataclass(frozen=True, slots=True)
class Website:
    """A partner's website, and the language to announce when it is not the language of the page."""

    address: str
    other_language: str = ""


@dataclass(frozen=True, slots=True)
class PartnerView:
    name: SafeString
    acronym: SafeString
    kind: str
    website: Website | None
    description: SafeString
    logo: PictureView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page. Those with a heading have an anchor; `twin` is its anchor in the other language."""

    kind: ClassVar[SafeString]
    heading: SafeString = mark_safe("")
    anchor: str = ""
    twin: str = ""
    ordinal: int = 0

    @property
    def template(self) -> str:
        return f"pages/blocks/{self.kind}.html"

    @property
    def element(self) -> SafeString:
        return SafeString("section" if self.anchor else "div")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView(Section):
    kind: ClassVar[SafeString] = SafeString("text")
    body: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveView(Section):
    kind: ClassVar[SafeString] = SafeString("objective")
    number: int
    body: SafeString
    partners: tuple[PartnerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersView(Section):
    kind: ClassVar[SafeString] = SafeString("partners")
    introduction: SafeString
    partners: tuple[PartnerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView(Section):
    kind: ClassVar[SafeString] = SafeString("figure")
    picture: PictureView | None
    caption: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesView(Section):
    kind: ClassVar[SafeString] = SafeString("pages")
    children: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """That the page says more in the other language: since when, by when it follows, and where to read it there."""

    language: str
    since: date
    due_on: date
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A whole page in one language. `toggle` is where the same page is in the other one.

    `corrections` is the path of the list of its corrections, if it has had any.
    """

    key: str
    language: str
    title: SafeString
    lead: SafeString
    description: SafeString
    blocks: tuple[Section, ...]
    trail: tuple[Link, ...]
    path: str
    toggle: str
    is_home: bool
    takes_reports: bool = False
    is_preview: bool = False
    edition: int | None = None
    issued: date | None = None
    modified: date | None = None
    archived_since: date | None = None
    behind: Behind | None = None
    corrections: str = ""

    @property
    def head_title(self) -> SafeString:
        """With the name of the site, unless the whole would be too long for a result in a search engine."""
        name = settings.SITE_IDENTITY["name"][self.language]
        whole = format_html("{} - {}", self.title, name)
        return whole if len(whole) <= TITLE_LENGTH and self.title != name else self.title

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those that have a heading, and so can be led to."""
        return tuple(block for block in self.blocks if block.anchor)

    @property
    def contents(self) -> tuple[Section, ...]:
        """What “On this page” lists."""
        return self.sections if len(self.sections) >= CONTENTS_FROM else ()

    @property
    def twins(self) -> tuple[Section, ...]:
        """The sections between which changing the language keeps the reader's place."""
        return tuple(section for section in self.sections if section.ordinal and section.twin)

    @property
    def canonical(self) -> str:
        return absolute(self.path)

    @property
    def alternates(self) -> dict[str, str]:
        """The absolute addresses by language, English first on every page, and the one for everybody else."""
        both = {self.language: self.canonical, other(self.language): absolute(self.toggle)}
        return {
            "en": both["en"],
            "fr": both["fr"],
            "x-default": absolute("/") if self.is_home else both["en"],
        }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is said where a page used to be."""

    title: SafeString
    explanation: SafeString
    since: date
    toggle: str


# Whole pages.


def edition(here: Edition, language: str, around: Iterable[Edition]) -> PageView:
    """An edition as the public sees it; `around` is what `Edition.objects.around` gave for its address."""
    around = list(around)
    document = here.read()
    return _page(
        one_language.shown(document, language) if here.urgent_language else document,
        language,
        trail=_trail(here, language, around),
        children=_children(here, language, around),
        edition=here.number,
        issued=localdate(here.issued_at),
        modified=localdate(here.modified_at),
        archived_since=localdate(here.publish_at) if here.kind == Edition.Kind.ARCHIVED else None,
        behind=_behind(here, language),
        corrections=corrections_path(language, here.text("address", language))
        if here.has_corrections
        else "",
    )


def _behind(here, language) -> Behind | None:
    written = here.urgent_language
    if not written or written == language:
        return None
    return Behind(
        language=written,
        since=localdate(here.urgent_since),
        due_on=here.translation_due,
        path=path_of(written, here.text("address", written)),
    )


def preview(
    document: shape.Document,
    language: str,
    *,
    trail: Sequence[Link] = (),
    children: Sequence[Link] = (),
    toggle: str = "",
) -> PageView:
    """A working copy on the site's own templates. `toggle` is the address of its preview in the other language."""
    shown = {"toggle": toggle} if toggle else {}
    return _page(
        document, language, trail=trail, children=children, is_preview=True, takes_reports=False, **shown
    )


def withdrawal(here: Edition, language: str) -> Withdrawal:
    """What the notice says that stands at the address of a withdrawn page."""
    return Withdrawal(
        title=plain(here.text("title", language), language),
        explanation=plain(here.text("explanation", language), language),
        since=localdate(here.publish_at),
        toggle=path_of(other(language), here.text("address", other(language))),
    )


def link(to: Edition, language: str) -> Link:
    """A live page as another one names it."""
    return Link(
        title=plain(to.text("title", language), language),
        path=path_of(language, to.text("address", language)),
        description=plain(to.text("description", language), language),
        is_archived=to.kind == Edition.Kind.ARCHIVED,
    )


def _page(document, language, *, trail, children, **state) -> PageView:
    values = {
        "key": document.key,
        "language": language,
        "title": plain(document.title[language], language),
        "lead": rich(document.introduction[language], language),
        "description": plain(document.description[language], language),
        "blocks": tuple(_Sections(document, language, tuple(children)).all()),
        "trail": tuple(trail),
        "path": path_of(language, document.address[language]),
        "toggle": path_of(other(language), document.address[other(language)]),
        "is_home": document.parent is None,
        "takes_reports": document.takes_reports,
    }
    return PageView(**{**values, **state})


# Where a page stands.


def _trail(here, language, around) -> tuple[Link, ...]:
    """From the home page down to the parent; withdrawn pages are left out, and lead on to those above them."""
    editions = {edition.page_id: edition for edition in around}
    above, parent = [], editions.get(here.parent_id)
    while parent is not None and parent.page_id != here.page_id and parent not in above:
        above.insert(0, parent)
        parent = editions.get(parent.parent_id)
    readable = [edition for edition in above if edition.kind != Edition.Kind.WITHDRAWN]
    below_home = tuple(link(edition, language) for edition in readable if edition.parent_id is not None)
    return below_home if here.parent_id is None else (home(language), *below_home)


def home(language: str) -> Link:
    """The home page as the first place of a breadcrumb."""
    with override(language):
        return Link(title=plain(_("Home"), language), path=path_of(language, ""))


def _children(here, language, around) -> tuple[Link, ...]:
    """The readable pages below, by position, then in the alphabetical order of the language."""
    below = [
        edition
        for edition in around
        if edition.parent_id == here.page_id and edition.kind != Edition.Kind.WITHDRAWN
    ]
    below.sort(key=lambda edition: (edition.position, alphabetical(edition.text("title", language))))
    return tuple(link(edition, language) for edition in below)


# Texts.


def plain(text: str, language: str) -> SafeString:
    """A text without markup, escaped and typeset."""
    return SafeString(typeset(escape(text), language))


def rich(text: str, language: str) -> SafeString:
    """A text with markup, typeset; its tables scroll by themselves where the screen is narrower than they are."""
    return mark_safe(_TABLE.sub(lambda table: _scrolling(table[0], language), typeset(text, language)))


_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)


def _scrolling(table: str, language: str) -> str:
    caption = _CAPTION.search(table)
    with override(language):
        name = html.plain_text(caption[1]).strip() if caption else _("Table")
    opening = '<div class="ci-table" role="region" tabindex="0" aria-label="{}">'
    return format_html(opening, name) + table + "</div>"


def alphabetical(text: str) -> str:
    """What to sort a text by: accents and capitals count for nothing."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _heading(block: shape.Block) -> shape.Bilingual:
    return getattr(block, "title", None) or getattr(block, "heading", None) or shape.NOTHING


def anchors(document: shape.Document, language: str) -> dict[str, str]:
    """The anchor of every block with a heading, by the block's key: its heading in this language, made a slug."""
    taken: set[str] = set(FRAME_IDS)
    found = {}
    for block in document.blocks:
        heading = _heading(block)[language]
        if heading:
            found[block.key] = html.free_anchor(slug(heading) or block.key, taken)
    return found


# Sections.


@dataclass
class _Sections:
    """Turns the blocks of one document into sections, in order, counting what is numbered."""

    document: shape.Document
    language: str
    children: tuple[Link, ...]
    objectives: int = 0
    headings: int = 0
    own: dict[str, str] = field(init=False)
    twins: dict[str, str] = field(init=False)
    taken: set[str] = field(init=False)

    def __post_init__(self):
        self.own = anchors(self.document, self.language)
        self.twins = anchors(self.document, other(self.language))
        self.taken = {*FRAME_IDS, *self.own.values()}

    def all(self):
        for block in self.document.blocks:
            yield getattr(self, block.kind)(block, **self._heading(block))

    def _heading(self, block):
        anchor = self.own.get(block.key)
        if not anchor:
            return {}
        self.headings += 1
        return {
            "heading": self._plain(_heading(block)),
            "anchor": anchor,
            "twin": self.twins.get(block.key, ""),
            "ordinal": self.headings if self.headings <= TWINS else 0,
        }

    def _plain(self, text):
        return plain(text[self.language], self.language)

    def _rich(self, text):
        return rich(html.anchored(text[self.language], self.taken), self.language)

    def text(self, block, **heading):
        return TextView(body=self._rich(block.body), **heading)

    def objective(self, block, **heading):
        self.objectives += 1
        return ObjectiveView(
            number=self.objectives,
            body=self._rich(block.body),
            partners=partner_views(block.partners, self.language),
            **heading,
        )

    def partners(self, block, **heading):
        return PartnersView(
            introduction=self._rich(block.introduction),
            partners=partner_views(block.partners, self.language),
            **heading,
        )

    def figure(self, block, **heading):
        alternative = mark_safe("") if block.decorative else self._plain(block.alternative_text)
        image = block.image and picture(block.image, alternative)
        return FigureView(picture=image, caption=self._plain(block.caption), **heading)

    def pages(self, block, **heading):
        return PagesView(children=self.children, **heading)


def partner_views(organizations: Iterable[shape.Partner], language: str) -> tuple[PartnerView, ...]:
    """Partner organizations in the alphabetical order of the language."""
    ordered = sorted(organizations, key=lambda partner: alphabetical(partner.name[language]))
    return tuple(_partner(partner, language) for partner in ordered)


def _partner(partner, language) -> PartnerView:
    return PartnerView(
        name=plain(partner.name[language], language),
        acronym=plain(partner.acronym[language], language),
        kind=_kind(partner.kind, language),
        website=_website(partner.website, language),
        description=plain(partner.description[language], language),
        logo=partner.logo and picture(partner.logo),
    )


@lru_cache
def _kind(kind, language) -> str:
    with override(language):
        return str(PartnerOrganization.Kind(kind).label)


def _website(website, language) -> Website | None:
    if website[language]:
        return Website(website[language])
    elsewhere = other(language)
    return Website(website[elsewhere], elsewhere) if website[elsewhere] else None


def picture(image: Image, alternative_text: str = "") -> PictureView:
    """An image with the addresses of all its renditions; without an alternative text it is decoration."""
    base = f"{settings.MEDIA_URL}images/{image.digest}"

    def renditions(extension):
        return ", ".join(f"{base}/{width}.{extension} {width}w" for width in image.widths)

    middle = image.widths[len(image.widths) // 2]
    return PictureView(
        avif=renditions("avif"),
        webp=renditions("webp"),
        fallback=f"{base}/{middle}.webp",
        width=image.width,
        height=image.height,
        alternative_text=alternative_text,
    )
