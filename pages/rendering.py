"""What a page shows in one language: a document as values that templates only have to lay out.

Every text below is safe HTML: plain ones are escaped, rich ones were cleaned on their way into the
database, and both have the spacing of their language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from html import escape, unescape
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from . import (
    card_images,
    fact_places,
    html,
    page_links,
    picture_cuts,
    placeholders,
    single_language,
)
from .document import VOCABULARIES, Document, KeyFigures, heading, loads
from .field_kinds import Kind, declarations
from .letters import sort_key
from .link_targets import NO_TARGETS, LinkTargets, links_of
from .models.blocks import MODELS
from .models.edition import LINKED_PAGES, MAX_ANCESTORS, Edition
from .models.site_alert import SiteAlert
from .page_texts import NoteView, NumberedNotes, RichTextWriter, plain, rich_line
from .part_views import (
    Choice,
    PictureView,
    choice_view,
    download_views,
    partner_views,
    picture,
    video_views,
)
from .public_urls import absolute_url, card_path, corrections_path, cut_path, other_language, page_path
from .section_anchors import RESERVED_IDS, block_anchors, pinned_anchors

# A page with fewer headed sections than this is read faster than its table of contents.
MIN_CONTENTS_SECTIONS = 3

# The stylesheet can keep the place of a reader who changes language in so many sections (language_toggle.css).
MAX_COUNTERPARTS = 24


@dataclass(frozen=True, slots=True)
class Link:
    """A page that another one leads to: its title, where it is, and what it says.

    In a trail, `follows_gap` says that levels between it and the place before it are left out.
    """

    title: SafeString
    path: str
    description: SafeString = SafeString("")
    is_archived: bool = False
    follows_gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A block of the page, known by its `key`. Those with a heading have an anchor; `counterpart_anchor` is that of the
    other language, and `counterpart_heading` what it says there.

    `number` counts the blocks of a kind that is numbered (0 for the others), and `children` are the pages below. One
    that `is_item` stands in an ordered list, which its first `begins_list` and its last `ends_list`. `label` stands
    above its heading: “Objective 3”.
    `fields` are what its kind declares, by name, but for the heading and for texts that stand for an image: safe HTML,
    `PictureView`s, `PartnerView`s, `DownloadView`s, `VideoView`s, `KeyFigure`s, `Choice`s and booleans. Each is an
    attribute as well, as in `block.body`.
    """

    kind: SafeString
    key: str
    number: int
    children: tuple[Link, ...]
    fields: Mapping[str, Any]
    heading: SafeString = SafeString("")
    anchor: str = ""
    counterpart_anchor: str = ""
    counterpart_heading: SafeString = SafeString("")
    ordinal: int = 0
    is_item: bool = False
    begins_list: bool = False
    ends_list: bool = False
    is_preview: bool = False
    label: str = ""

    def __getattr__(self, name: str) -> Any:
        if name != "fields" and name in self.fields:
            return self.fields[name]
        raise AttributeError(f"A block of the kind “{self.kind}” has no field “{name}”.")

    @property
    def template(self) -> str:
        return f"pages/blocks/{self.kind}.html"

    @property
    def _element(self) -> str:
        return "li" if self.is_item else "section" if self.anchor else "div"

    @property
    def opening(self) -> SafeString:
        """What its element, and the list that it begins, open with: a class, and the number by which the stylesheet
        finds its twin. A preview says which block it is, for the form beside it.
        """
        listing = f'<ol class="ci-section ci-row--{self.kind}">' if self.begins_list else ""
        number = f' data-n="{self.ordinal}"' if self.ordinal else ""
        key = f' data-block="{escape(self.key)}"' if self.is_preview else ""
        return SafeString(
            f'{listing}<{self._element} class="ci-section ci-section--{self.kind}"{number}{key}>'
        )

    @property
    def closing(self) -> SafeString:
        """What ends its element, and the list that it ends."""
        return SafeString(f"</{self._element}>{'</ol>' if self.ends_list else ''}")


@dataclass(frozen=True, slots=True)
class OutOfDateNotice:
    """That the page says more in the other language: since when, by when it follows, and where to read it there."""

    language: str
    since: date
    due_on: date
    path: str


@dataclass(frozen=True, slots=True)
class Change:
    """A page that changed in a way that matters, and when."""

    link: Link
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A whole page in one language. `toggle` is where the same page is in the other one.

    `corrections` is the path of the list of its corrections, if it has had any; `contact` and `privacy` are where the
    report form leads to, "" where readers find no such page. `recent` is what changed last, on the home page only.

    `terms` are the labels of what was chosen for the page from vocabularies, by their names. `linked_pages` are the
    keys of the pages that it links to.
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
    out_of_date: OutOfDateNotice | None = None
    corrections: str = ""
    contact: str = ""
    privacy: str = ""
    recent: tuple[Change, ...] = ()
    terms: Mapping[str, tuple[SafeString, ...]] = field(default_factory=dict)
    linked_pages: frozenset[str] = frozenset()
    notes: tuple[NoteView, ...] = ()

    @property
    def head_title(self) -> SafeString:
        """The title followed by the name of the site, or the title alone where both are the same."""
        name = escape(settings.SITE_IDENTITY["name"][self.language])
        return self.title if self.title == name else SafeString(f"{self.title} - {name}")

    @property
    def picture(self) -> PictureView | None:
        """The first picture of the page that says something, for whoever shares it."""
        values = (value for block in self.blocks for value in block.fields.values())
        pictures = (value for value in values if isinstance(value, PictureView))
        return next((picture for picture in pictures if picture.alternative_text), None)

    @property
    def shared_picture(self) -> str:
        """The path of the first picture as it is shared: cut around its focal point, or the whole; "" without one."""
        if not self.picture:
            return ""
        return (
            cut_path(self.language, self.key, self.picture.cut) if self.picture.cut else self.picture.fallback
        )

    @property
    def card(self) -> str:
        """The path of the picture with the title of the page, for whoever shares it; "" where it cannot be drawn."""
        card = card_images.card(unescape(self.title), self.language)
        return card_path(self.language, self.key, card.version) if card.can_be_drawn else ""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those that have a heading, and so can be led to."""
        return tuple(block for block in self.blocks if block.anchor)

    @property
    def contents(self) -> tuple[Section, ...]:
        """What “On this page” lists: nothing on the home page, which is itself a list of what there is."""
        return self.sections if len(self.sections) >= MIN_CONTENTS_SECTIONS and not self.is_home else ()

    @property
    def counterparts(self) -> tuple[Section, ...]:
        """The sections between which changing the language keeps the reader's place."""
        return tuple(section for section in self.sections if section.ordinal and section.counterpart_anchor)

    @property
    def canonical(self) -> str:
        return absolute_url(self.path)

    @property
    def alternates(self) -> dict[str, str]:
        """The absolute addresses by language, English first on every page, and the one for everybody else."""
        both = {self.language: self.canonical, other_language(self.language): absolute_url(self.toggle)}
        return {
            "en": both["en"],
            "fr": both["fr"],
            "x-default": absolute_url("/") if self.is_home else both["en"],
        }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is said where a page used to be."""

    title: SafeString
    explanation: SafeString
    since: date
    toggle: str


# Whole pages.


def render_edition(
    edition: Edition,
    language: str,
    navigation: Iterable[Edition],
    *,
    links: LinkTargets | None = None,
    media: str = settings.MEDIA_URL,
) -> PageView:
    """An edition as the public sees it; `navigation` is what `Edition.objects.with_navigation` gave for its address.

    `links` are the pages that it links to, where these are not those of `navigation`, which knows them of editions
    that are live now. `media` is where its readers find images: those that are not public have another place
    (`admin.media`).
    """
    navigation = list(navigation)
    document = edition.read()
    may_have_links = page_links.PREFIX in edition.document
    return _page(
        single_language.visible_in(document, language) if edition.emergency_language else document,
        language,
        trail=_trail(edition, language, navigation),
        children=_children(edition, language, navigation),
        links=links or LinkTargets.of_navigation(navigation),
        media=media,
        edition=edition.number,
        issued=localdate(edition.issued_at),
        modified=localdate(edition.modified_at),
        archived_since=localdate(edition.publish_at) if edition.kind == Edition.Kind.ARCHIVED else None,
        out_of_date=_out_of_date_notice(edition, language),
        corrections=corrections_path(language, edition.text("address", language))
        if edition.has_corrections
        else "",
        linked_pages=frozenset(
            located.link.page for located in (links_of(document) if may_have_links else ())
        ),
        recent=_changes(language, navigation),
        **linked_paths(edition, language),
    )


GRAVEST_FIRST = ("danger", "warning", "information", "success")


@dataclass(frozen=True, slots=True)
class AlertView:
    """A site-wide alert in one language."""

    language: str
    level: Choice
    heading: SafeString
    body: SafeString


def site_alerts(documents: Iterable[str], language: str) -> tuple[AlertView, ...]:
    """The site-wide alerts as readers see them, the gravest first; `documents` are what `models.site_alert` gives."""
    found = []
    for text in documents:
        document = loads(text)
        # Alerts link to addresses: which pages they would link to is in no index.
        resolve_links = NO_TARGETS.resolver(document, language)
        writer = RichTextWriter(language)  # it has no list of notes
        [block] = _Sections(document, language, (), resolve_links, settings.MEDIA_URL, writer).all()
        found.append(AlertView(language, block.level, block.heading, block.body))
    return tuple(sorted(found, key=lambda alert: GRAVEST_FIRST.index(alert.level.value)))


def current_site_alerts(language: str) -> tuple[AlertView, ...]:
    """Finds the site-wide alerts of now in one query, for a screen that shows no page."""
    return site_alerts(SiteAlert.objects.documents(), language)


def linked_paths(edition: Edition | None, language: str) -> dict[str, str]:
    """Returns where the pages of `editions.LINKED_PAGES` are, by name; "" for one that readers do not find.

    `edition` comes with what `Edition.objects.with_links` adds; None if there is no edition at all.
    """
    paths = {}
    for name in LINKED_PAGES:
        named, found = settings.SITE_IDENTITY[name][language], getattr(edition, f"{name}_address", None)
        is_elsewhere = named.startswith("https://")
        paths[name] = named if is_elsewhere else "" if found is None else page_path(language, found)
    return paths


def site_links(language: str) -> dict[str, str]:
    """Finds in one query what `linked_paths` gives, for a screen that shows no page."""
    any_edition = Edition.objects.with_links(language).defer("document").order_by("pk").first()
    return linked_paths(any_edition, language)


def _out_of_date_notice(edition, language) -> OutOfDateNotice | None:
    written = edition.emergency_language
    if not written or written == language:
        return None
    return OutOfDateNotice(
        language=written,
        since=localdate(edition.emergency_since),
        due_on=edition.translation_due,
        path=page_path(written, edition.text("address", written)),
    )


def render_preview(
    document: Document,
    language: str,
    *,
    trail: Sequence[Link] = (),
    children: Sequence[Link] = (),
    toggle: str = "",
    links: LinkTargets = NO_TARGETS,
    media: str = settings.MEDIA_URL,
) -> PageView:
    """A working copy on the site's own templates. `toggle` is the address of its preview in the other language.

    `links` are the pages that it links to; words that link to others have no link. `media` is where its readers find
    images, for those that are not public (`admin.media`, `shared_preview`).
    """
    more = {"toggle": toggle} if toggle else {}
    return _page(
        document,
        language,
        trail=trail,
        children=children,
        links=links,
        media=media,
        is_preview=True,
        takes_reports=False,
        **more,
    )


def withdrawal(edition: Edition, language: str) -> Withdrawal:
    """Gives what the notice at the address of a withdrawn page says; `edition` is `with_dates()`.

    A later change of the explanation is not significant, so the date stays that of the withdrawal.
    """
    return Withdrawal(
        title=plain(edition.text("title", language), language),
        explanation=plain(edition.text("explanation", language), language),
        since=localdate(edition.modified_at),
        toggle=page_path(other_language(language), edition.text("address", other_language(language))),
    )


def link(to: Edition, language: str) -> Link:
    """A live page as another one names it."""
    return Link(
        title=plain(to.text("title", language), language),
        path=page_path(language, to.text("address", language)),
        description=plain(to.text("description", language), language),
        is_archived=to.kind == Edition.Kind.ARCHIVED,
    )


def _page(document, language, *, trail, children, links, media, is_preview=False, **state) -> PageView:
    resolve_links = links.resolver(document, language)
    notes = NumberedNotes(language, media)
    values = {
        "key": document.key,
        "language": language,
        "title": plain(document.title[language], language),
        "lead": notes.rich(html.parse(resolve_links(document.introduction[language]))),
        "description": plain(document.description[language], language),
        "blocks": tuple(
            _Sections(document, language, tuple(children), resolve_links, media, notes, is_preview).all()
        ),
        "notes": tuple(notes.found),
        "trail": tuple(trail),
        "path": page_path(language, document.address[language]),
        "toggle": page_path(other_language(language), document.address[other_language(language)]),
        "is_home": document.parent is None,
        "is_preview": is_preview,
        "takes_reports": document.takes_reports,
        "terms": {
            name: tuple(plain(term.label[language], language) for term in getattr(document, name))
            for name in VOCABULARIES
        },
    }
    return PageView(**{**values, **state})


# Where a page stands.


def _trail(edition, language, navigation) -> tuple[Link, ...]:
    """From the home page down to the parent; withdrawn pages are left out, and lead on to those above them."""
    editions = {ancestor.page_id: ancestor for ancestor in navigation}
    above, parent = [], editions.get(edition.parent_id)
    # Not beyond what is looked up of the trail: pages that this one links to are there as well.
    while parent is not None and parent.page_id != edition.page_id and parent not in above:
        above.insert(0, parent)
        if len(above) > MAX_ANCESTORS:
            break
        parent = editions.get(parent.parent_id)
    readable = [ancestor for ancestor in above if ancestor.kind != Edition.Kind.WITHDRAWN]
    below_home = [link(ancestor, language) for ancestor in readable if ancestor.parent_id is not None]
    if len(above) > MAX_ANCESTORS and len(below_home) > 1 and above[0].parent_id is not None:
        below_home = below_home[1:]
        below_home[0] = replace(below_home[0], follows_gap=True)  # whose own trail has those above it
    return tuple(below_home) if edition.parent_id is None else (home(language), *below_home)


@cache
def home(language: str) -> Link:
    """The home page as the first place of a breadcrumb."""
    with override(language):
        return Link(title=plain(_("Home"), language), path=page_path(language, ""))


def _children(edition, language, navigation) -> tuple[Link, ...]:
    """The readable pages below, by position, then in the alphabetical order of the language."""
    below = [
        child
        for child in navigation
        if child.parent_id == edition.page_id and child.kind != Edition.Kind.WITHDRAWN
    ]
    below.sort(key=lambda edition: (edition.position, sort_key(edition.text("title", language))))
    return tuple(link(child, language) for child in below)


def _changes(language, navigation) -> tuple[Change, ...]:
    """What changed last, the newest first: of the home page only (`Edition.objects.with_navigation`)."""
    recent = [edition for edition in navigation if edition.is_recent]
    recent.sort(key=lambda edition: (edition.modified_at, edition.number, -edition.page_id), reverse=True)
    return tuple(Change(link(edition, language), localdate(edition.modified_at)) for edition in recent)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that stands out, what it is, and words such as “More than” before it.

    `figure` is empty where a line names no fact.
    """

    before: SafeString
    figure: SafeString
    label: SafeString


# Sections.


@dataclass
class _Sections:
    """Turns the blocks of one document into sections, in order, counting what is numbered."""

    document: Document
    language: str
    children: tuple[Link, ...]
    resolve_links: Callable[[str], str]
    media: str
    writer: RichTextWriter
    is_preview: bool = False
    numbers: Counter[str] = field(default_factory=Counter)
    previous: str = ""
    headings: int = 0
    anchors: dict[str, str] = field(init=False)
    counterparts: dict[str, str] = field(init=False)
    used_anchors: set[str] = field(init=False)
    pinned: frozenset[str] = field(init=False)

    def __post_init__(self):
        self.anchors = block_anchors(self.document, self.language)
        self.counterparts = block_anchors(self.document, other_language(self.language))
        self.used_anchors = {*RESERVED_IDS, *self.anchors.values()}
        self.pinned = pinned_anchors(self.document, self.language)

    def all(self):
        kinds = [block.kind for block in self.document.blocks]
        for index, block in enumerate(self.document.blocks):
            number = self._number(block)
            yield Section(
                kind=SafeString(block.kind),
                key=block.key,
                number=number,
                label=_number_label(block.kind, self.language) % {"number": number} if number else "",
                is_preview=self.is_preview,
                children=self.children,
                fields=self._fields(block),
                is_item=block.lists_each_row,
                begins_list=block.lists_each_row and kinds[index - 1 : index] != [block.kind],
                ends_list=block.lists_each_row and kinds[index + 1 : index + 2] != [block.kind],
                **self._heading_values(block),
            )

    def _number(self, block):
        if block.numbers_each_row and block.kind != self.previous:
            self.numbers[block.kind] = 0
        self.previous = block.kind
        self.numbers[block.kind] += block.is_numbered
        return self.numbers[block.kind]

    def _heading_values(self, block):
        anchor = self.anchors.get(block.key)
        if not anchor:
            return {}
        self.headings += 1
        other = other_language(self.language)
        return {
            "heading": self._plain(heading(block)),
            "anchor": anchor,
            "counterpart_anchor": self.counterparts.get(block.key, ""),
            "counterpart_heading": plain(heading(block)[other], other),
            "ordinal": self.headings if self.headings <= MAX_COUNTERPARTS else 0,
        }

    def _plain(self, text):
        return plain(text[self.language], self.language)

    def _rich(self, text, caption=""):
        blocks = html.parse(self.resolve_links(html.captioned(text[self.language], caption)))
        return self.writer.rich(html.anchored(blocks, self.used_anchors, self.pinned))

    def _key_figures(self, text):
        """Each line with its figure apart; what is written around a figure keeps its marks and links."""
        return tuple(
            KeyFigure(
                plain(placeholders.fill(line.before, self.language), self.language),
                plain(line.words, self.language),
                self._line(line.after),
            )
            for line in fact_places.lines(text[self.language])
        )

    def _line(self, text):
        """What follows a figure, and the space between them if there is one."""
        space = " " if text.startswith(" ") else ""
        return SafeString(space + rich_line(self.resolve_links(text), self.language, self.media).lstrip())

    def _fields(self, block):
        declared_fields = declarations(type(block))
        return {
            name: self._value(block, name, declared)
            for name, declared in declared_fields.items()
            if declared.kind is not Kind.VALUE and not declared.is_heading and not declared.describes
        }

    def _value(self, block, name, declared):
        value = getattr(block, name)
        match declared.kind:
            case Kind.PLAIN_TEXT:
                return self._plain(value)
            case Kind.RICH_TEXT if isinstance(block, KeyFigures):
                return self._key_figures(value)
            case Kind.RICH_TEXT if declared.captioned_by:
                return self._rich(value, caption=getattr(block, declared.captioned_by)[self.language])
            case Kind.RICH_TEXT:
                return self._rich(value)
            case Kind.PARTNERS:
                return partner_views(value, self.language, self.media)
            case Kind.DOWNLOADS if block.kind == "video":
                return video_views(value, self.language, self.media)
            case Kind.DOWNLOADS:
                return download_views(value, self.language, self.media)
            case Kind.LIBRARY_IMAGE:
                return value and self._picture(value, self._alternative_text(block, name))
            case Kind.CHOICE:
                return choice_view(MODELS[type(block)], name, value, self.language)
        return value

    def _picture(self, image, text):
        file = image.file(self.language)
        cut = picture_cuts.version(file.digest, image.focus) if image.focus else ""
        return replace(picture(file, text, media=self.media), cut=cut)

    def _alternative_text(self, block, image):
        for name, declared in declarations(type(block)).items():
            if declared.describes == image and not getattr(block, declared.unless or "", False):
                return self._plain(getattr(block, name))
        return SafeString("")


NUMBERED = {"objective": gettext_lazy("Objective %(number)s"), "step": gettext_lazy("Step %(number)s")}


@cache
def _number_label(kind, language) -> str:
    with override(language):
        return str(NUMBERED.get(kind, ""))
