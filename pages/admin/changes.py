"""A comparison as a screen shows it: two columns, words marked, what did not change folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from .. import comparison, rendering, working_copy
from ..comparison import BlockChange, Comparison, FieldChange, Line
from ..document import LANGUAGES, NOTHING, Bilingual, Block, Document, Partner
from ..rows import Page, PartnerOrganization

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
    """The page itself, or one of its blocks. `labels` are (state, word) pairs; there are none where all stayed."""

    name: str
    labels: tuple[tuple[str, str], ...]
    changed: tuple[FieldView, ...]
    unchanged: tuple[FieldView, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesView:
    """All that two documents differ in; `counts` are the paragraphs that differ in each language."""

    parts: tuple[PartView, ...]
    counts: dict[str, int]
    is_changed: bool


def view(before: Document, after: Document, *, more: Sequence[Fact] = ()) -> ChangesView:
    """What was done to `before` to get `after`. `more` are facts that stand outside the documents."""
    found = comparison.compare(before, after)
    old, new = ({block.key: block for block in side.blocks} for side in (before, after))
    blocks = [_block(change, old.get(change.key), new.get(change.key)) for change in found.blocks]
    page = _page(found, before, after, more)
    return ChangesView(
        parts=(page, *(part for part, _fields in blocks)),
        counts=_counts([*found.fields, *(field for _part, fields in blocks for field in fields)]),
        is_changed=any(part.labels for part in (page, *(part for part, _fields in blocks))),
    )


def passages(before: str, after: str, language: str, *, rich: bool = False) -> tuple[Passage, ...]:
    """What changed in one text of one language, its words marked; `rich` texts are clean HTML."""
    lines = comparison.compare_texts(before, after, rich)
    change = FieldChange("", *(lines if each == language else () for each in LANGUAGES))
    return tuple(_passages(change, language))


def _page(found: Comparison, before: Document, after: Document, more: Sequence[Fact]) -> PartView:
    facts = tuple(
        _fact(Page, name, getattr(before, name), getattr(after, name)) for name, *_told in found.facts
    )
    changed, unchanged = _fields(Page, found.fields)
    labels = (("changed", _("Changed")),) if changed or facts or more else ()
    return PartView(_("The page itself"), labels, changed, unchanged, (*more, *facts))


def _block(
    change: BlockChange, old: Block | None, new: Block | None
) -> tuple[PartView, tuple[FieldChange, ...]]:
    model = working_copy.MODELS[type(new or old)]
    fields = change.fields
    if hasattr(new or old, "partners"):
        fields = (*fields, _partners(getattr(old, "partners", ()), getattr(new, "partners", ())))
    facts = [
        _fact(model, name, getattr(old, name, None), getattr(new, name, None))
        for name in (("image", "decorative") if old and new else ("image",))
        if getattr(old, name, None) != getattr(new, name, None)
    ]
    return PartView(_name(model, old, new), _labels(change), *_fields(model, fields), tuple(facts)), fields


def _labels(change: BlockChange) -> tuple[tuple[str, str], ...]:
    words = {
        "changed": pgettext("block", "Changed"),
        "inserted": pgettext("block", "Inserted"),
        "deleted": pgettext("block", "Deleted"),
    }
    labels = [(change.state, words[change.state])] if change.state in words else []
    return (*labels, *([("moved", pgettext("block", "Moved"))] if change.moved else []))


def _name(model, old: Block | None, new: Block | None) -> str:
    block = new or old
    heading: Bilingual = getattr(block, "heading", None) or getattr(block, "title", None) or NOTHING
    kind = capfirst(str(model._meta.verbose_name))
    said = heading.en or heading.fr
    return _("%(kind)s “%(heading)s”") % {"kind": kind, "heading": said} if said else kind


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
        marks = {"inserted": ("ins", _("inserted:")), "deleted": ("del", _("deleted:"))}
    for stayed, lines in groupby(change[language], key=lambda line: line.state == "same"):
        shown = tuple(_line(line, marks) for line in lines)
        yield Passage(shown, is_folded=change.changed and stayed and len(shown) >= FOLDED_FROM)


def _line(line: Line, marks: dict[str, tuple[str, str]]) -> SafeString:
    """A line as HTML. The marks are also said in words, for whoever does not see them, in the line's language."""
    words = "".join(_run(run.fate, escape(run.text), marks) for run in line.runs)
    return mark_safe(f'<p class="ci-line ci-line--{line.element or "plain"}">{words}</p>')


def _run(fate: str, words: str, marks: dict[str, tuple[str, str]]) -> str:
    if fate == "same":
        return words
    element, said = marks[fate]
    return (
        f'<{element}><span class="ci-unseen"> [{said} </span>{words}'
        f'<span class="ci-unseen">] </span></{element}>'
    )


def _partners(before: Sequence[Partner], after: Sequence[Partner]) -> FieldChange:
    return FieldChange(
        "partners",
        *(
            comparison.compare_lines(_partner_lines(before, language), _partner_lines(after, language))
            for language in LANGUAGES
        ),
    )


def _partner_lines(partners: Sequence[Partner], language: str) -> list[tuple[str, str]]:
    ordered = sorted(partners, key=lambda partner: rendering.alphabetical(partner.name[language]))
    with override(language):
        return [("li", " · ".join(filter(None, _partner_words(each, language)))) for each in ordered]


def _partner_words(partner: Partner, language: str) -> Iterator[str]:
    yield partner.name[language] or partner.key
    yield partner.acronym[language]
    yield str(PartnerOrganization.Kind(partner.kind).label)
    yield partner.website[language]
    yield partner.description[language]
    if partner.logo:
        yield _("logo %(digest)s") % {"digest": partner.logo.digest[:8]}


# Facts.


def _fact(model, name: str, before: Any, after: Any) -> Fact:
    label = capfirst(str(model._meta.get_field(name).verbose_name))
    if name == "image":
        return Fact(
            label, *(image and rendering.picture(image) for image in (before, after)), is_picture=True
        )
    return Fact(label, _said(before), _said(after))


def _said(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
