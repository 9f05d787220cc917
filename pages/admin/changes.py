"""A comparison as a screen shows it: two columns, words marked, what did not change folded away."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from .. import comparison, part_views, working_copy
from ..comparison import BlockChange, Comparison, FieldChange, Line, Written
from ..document import LANGUAGES, Block, Document, Download, Partner, Term, heading, with_rich_text
from ..field_kinds import SHARED, VALUES, Kind, names_of
from ..letters import sort_key
from ..link_targets import LinkTargets, LocatedLink, links_of
from ..models.page import Page
from ..models.partner import PartnerOrganization
from ..page_links import links_in, parse_href, replace_hrefs
from .media import MEDIA_URL

Shared = Partner | Download

# A single paragraph that stayed is left in view between those that changed; more are folded.
FOLDED_FROM = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines that follow one another; folded where none of them changed."""

    lines: tuple[SafeString, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field in both languages, as (language, passages) pairs."""

    name: str
    is_changed: bool
    columns: tuple[tuple[str, tuple[Passage, ...]], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is neither text nor block: its name, and its value before and after; pictures are `PictureView`s."""

    name: str
    before: Any
    after: Any
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class PartView:
    """The page itself, or one of its blocks, by its key. `labels` are (state, word) pairs, none where all stayed."""

    name: str
    labels: tuple[tuple[str, str], ...]
    changed: tuple[FieldView, ...]
    unchanged: tuple[FieldView, ...]
    facts: tuple[Fact, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChangesView:
    """All that two documents differ in; `counts` are the paragraphs that differ in each language."""

    parts: tuple[PartView, ...]
    counts: dict[str, int]
    is_changed: bool


def view(before: Document, after: Document, *, more: Sequence[Fact] = ()) -> ChangesView:
    """What was done to `before` to get `after`. `more` are facts that stand outside the documents."""
    named = _with_names_of_links([*links_of(before), *links_of(after)])
    before, after = with_rich_text(before, named), with_rich_text(after, named)
    found = comparison.compare(before, after)
    old, new = ({block.key: block for block in side.blocks} for side in (before, after))
    blocks = [_block(change, old.get(change.key), new.get(change.key)) for change in found.blocks]
    page = _page(found, before, after, more)
    return ChangesView(
        parts=(page, *(part for part, _fields in blocks)),
        counts=_counts([*found.fields, *(field for _part, fields in blocks for field in fields)]),
        is_changed=any(part.labels for part in (page, *(part for part, _fields in blocks))),
    )


def compare_blocks(before: Block, after: Block) -> tuple[PartView, bool]:
    """What was done to one block, and whether some text of it changed in one language only."""
    sides = [Document("", blocks=(replace(block, key="block"),)) for block in (before, after)]
    named = _with_names_of_links([link for side in sides for link in links_of(side)])
    [change] = comparison.compare(*(with_rich_text(side, named) for side in sides)).blocks
    is_one_sided = any(field.has_changed("en") != field.has_changed("fr") for field in change.fields)
    return _block(change, before, after)[0], is_one_sided


def passages(before: str, after: str, language: str, *, rich: bool = False) -> tuple[Passage, ...]:
    """What changed in one text of one language, its words marked; `rich` texts are clean HTML."""
    return passages_of([(before, after, language, rich)])[0]


def passages_of(texts: Sequence[tuple[str, str, str, bool]]) -> list[tuple[Passage, ...]]:
    """The same of many texts, in as many queries as for one: before, after, language and whether it is rich."""
    links = [
        LocatedLink(link, (), language)
        for before, after, language, rich in texts
        if rich
        for link in (*links_in(before), *links_in(after))
    ]
    named = _with_names_of_links(links)
    return [_passages_of_text(*text, named) for text in texts]


def _passages_of_text(
    before: str, after: str, language: str, rich: bool, named: Callable[[str, str], str]
) -> tuple[Passage, ...]:
    if rich:
        before, after = named(before, language), named(after, language)
    lines = comparison.compare_texts(before, after, rich)
    change = FieldChange("", *(lines if code == language else () for code in LANGUAGES))
    return tuple(_passages(change, language))


def _with_names_of_links(located: Iterable[LocatedLink]) -> Callable[[str, str], str]:
    """Returns a function that names the pages that links in a rich text of a language lead to, instead of their keys.

    One query for the titles, and another where links lead to sections; none without links.
    """
    links = {each.link for each in located}
    titles = {
        key: {"en": en or fr, "fr": fr or en}
        for key, en, fr in Page.objects.filter(key__in={link.page for link in links}).values_list(
            "key", "title_en", "title_fr"
        )
    } if links else {}  # fmt: skip
    targets = LinkTargets.of_links(link for link in links if link.section)

    def name(href: str, language: str) -> str | None:
        link = parse_href(href)
        if link is None or link.page not in titles:
            return None
        title = titles[link.page][language]
        same = [key for key, each in titles.items() if each[language] == title]
        with override(language):
            text = _("page “%(title)s”") % {"title": title}
        if len(same) > 1:
            text = f"{text}, {link.page}"
        anchor = targets.url(link, language).partition("#")[2] or link.section
        return f"{text}, #{anchor}" if anchor else text

    return lambda text, language: replace_hrefs(text, lambda href: name(href, language))


def _page(found: Comparison, before: Document, after: Document, more: Sequence[Fact]) -> PartView:
    facts = tuple(
        _fact(Page, name, getattr(before, name), getattr(after, name)) for name, *_told in found.facts
    )
    changed, unchanged = _fields(Page, found.fields)
    labels = (("changed", _("Changed")),) if changed or facts or more else ()
    return PartView(_("The page in general"), labels, changed, unchanged, (*more, *facts))


def _block(
    change: BlockChange, old: Block | None, new: Block | None
) -> tuple[PartView, tuple[FieldChange, ...]]:
    model = working_copy.MODELS[type(new or old)]
    fields = change.fields
    for name in names_of(type(new or old), *SHARED):
        fields = (*fields, _shared(name, getattr(old, name, ()), getattr(new, name, ())))
    facts = [
        fact
        for name in names_of(type(new or old), *(VALUES if old and new else [Kind.LIBRARY_IMAGE]))
        if getattr(old, name, None) != getattr(new, name, None)
        for fact in _facts(model, name, getattr(old, name, None), getattr(new, name, None))
    ]
    if old and new and old.shared != new.shared:
        facts.insert(0, Fact(capfirst(_("shared block")), *(_display(side.shared) for side in (old, new))))
    name = block_name(model, old, new)
    return PartView(name, _labels(change), *_fields(model, fields), tuple(facts), change.key), fields


def _labels(change: BlockChange) -> tuple[tuple[str, str], ...]:
    words = {
        "changed": pgettext("block", "Changed"),
        "inserted": pgettext("block", "Added"),
        "deleted": pgettext("block", "Deleted"),
    }
    labels = [(change.state, words[change.state])] if change.state in words else []
    return (*labels, *([("moved", pgettext("block", "Moved"))] if change.moved else []))


def block_name(model, old: Block | None, new: Block | None) -> str:
    """Returns how people know a block: its kind, and its heading, in the active language if there is one."""
    block = new or old
    named = heading(block)
    kind = capfirst(str(model._meta.verbose_name))
    word = named.either(get_language())
    name = _("%(kind)s “%(heading)s”") % {"kind": kind, "heading": word} if word else kind
    return _("%(block)s (shared block)") % {"block": name} if block.shared else name


def _counts(fields: Sequence[FieldChange]) -> dict[str, int]:
    return {
        language: sum(line.state != "same" for field in fields for line in field[language])
        for language in LANGUAGES
    }


# Fields.


def _fields(model, changes: Sequence[FieldChange]) -> tuple[tuple[FieldView, ...], tuple[FieldView, ...]]:
    """Those that changed, and those that did not; a field that is empty on both sides is neither."""
    views = [_field(model, change) for change in changes if change.en or change.fr]
    return tuple(v for v in views if v.is_changed), tuple(v for v in views if not v.is_changed)


def _field(model, change: FieldChange) -> FieldView:
    name = capfirst(str(model._meta.get_field(change.name).verbose_name))
    columns = tuple((language, tuple(_passages(change, language))) for language in LANGUAGES)
    return FieldView(name, change.changed, columns)


def _passages(change: FieldChange, language: str) -> Iterator[Passage]:
    with override(language):
        marks = {"inserted": ("ins", _("added:")), "deleted": ("del", _("deleted:"))}
        notes = {line: line.notes for line in change[language]}
    for is_same, lines in groupby(change[language], key=lambda line: line.state == "same"):
        html_lines = tuple(_line(line, marks, notes[line]) for line in lines)
        yield Passage(html_lines, is_folded=change.changed and is_same and len(html_lines) >= FOLDED_FROM)


def _line(line: Line, marks: dict[str, tuple[str, str]], notes: Sequence[str]) -> SafeString:
    """A line as HTML. The marks are also said in words, for whoever does not see them, in the line's language.

    `notes` say what changed and the words do not show.
    """
    words = "".join(_span(span.change, escape(span.text), marks) for span in line.spans)
    for note in reversed(notes):
        words = f'<span class="ci-state ci-state-changed">{escape(note)}</span> {words}'
    return mark_safe(f'<p class="ci-line ci-line--{line.element or "plain"}">{words}</p>')


def _span(change: str, words: str, marks: dict[str, tuple[str, str]]) -> str:
    if change == "same":
        return words
    element, word = marks[change]
    return (
        f'<{element}><span class="ci-unseen"> [{word} </span>{words}'
        f'<span class="ci-unseen">] </span></{element}>'
    )


def _shared(name: str, before: Sequence[Shared], after: Sequence[Shared]) -> FieldChange:
    return FieldChange(
        name,
        *(
            comparison.compare_lines(_shared_lines(before, language), _shared_lines(after, language))
            for language in LANGUAGES
        ),
    )


def _shared_lines(parts: Sequence[Shared], language: str) -> list[Written]:
    ordered = sorted(parts, key=lambda part: sort_key(part.label[language]))
    with override(language):
        return [Written("li", " · ".join(filter(None, _shared_texts(part, language)))) for part in ordered]


def _shared_texts(part: Shared, language: str) -> Iterator[str]:
    return _partner_texts(part, language) if isinstance(part, Partner) else _download_texts(part, language)


def _download_texts(download: Download, language: str) -> Iterator[str]:
    """Its title, and of its file what tells one version from another."""
    yield download.title.either(language) or download.key
    if file := download.file(language):
        view = part_views.file_view(file, download.file_title(language), language)
        yield _("%(format)s, %(size)s, checksum %(digest)s") % {
            "format": view.format,
            "size": view.size,
            "digest": file.digest[:8],
        }
    else:
        yield _("no file")
    if captions := download.captions(language):
        yield _("captions %(digest)s") % {"digest": captions.digest[:8]}
    if download.poster:
        yield _("poster %(digest)s") % {"digest": download.poster.digest[:8]}


def _partner_texts(partner: Partner, language: str) -> Iterator[str]:
    yield partner.name.either(language) or partner.key
    yield partner.acronym[language]
    yield str(PartnerOrganization.Kind(partner.kind).label)
    yield partner.website[language]
    yield partner.description[language]
    if partner.logo:
        yield _("logo %(digest)s") % {"digest": partner.logo.digest[:8]}


# Facts.


def _facts(model, name: str, before: Any, after: Any) -> Iterator[Fact]:
    """What changed in one field; of an image each file that did, of a language where there is one for each."""
    if name not in model.image_fields():
        yield _fact(model, name, before, after)
        return
    label = capfirst(str(model._meta.get_field(name).verbose_name))
    points = [image and image.focus for image in (before, after)]
    if before and after and points[0] != points[1]:
        yield Fact(_("Focal point"), *map(_point, points))
    has_both = any(image and image.french for image in (before, after))
    for language in LANGUAGES if has_both else LANGUAGES[:1]:
        files = [image and image.file(language) for image in (before, after)]
        if files[0] != files[1]:
            views = (file and part_views.picture(file, media=MEDIA_URL) for file in files)
            yield Fact(f"{label} ({language.upper()})" if has_both else label, *views, is_picture=True)


def _point(focus: tuple[int, int] | None) -> str:
    if focus is None:
        return "–"
    return _("%(across)s%% across, %(down)s%% down") % dict(zip(("across", "down"), focus, strict=True))


def _fact(model, name: str, before: Any, after: Any) -> Fact:
    field = model._meta.get_field(name)
    label = capfirst(str(field.verbose_name))
    return Fact(label, *(_display(dict(field.flatchoices).get(value, value)) for value in (before, after)))


def term_labels(terms: Sequence[Term]) -> str:
    """Returns terms of a vocabulary as people read them; a dash for none."""
    return ", ".join(capfirst(term.label.either(get_language()) or term.code) for term in terms) or "–"


def _display(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, tuple):
        return term_labels(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
