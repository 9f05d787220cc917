"""Two people in one form: what the second sends is laid over what the first has saved, and nothing is lost.

A form carries what it was opened with. Where only the other person changed something, theirs is taken over;
where both did, the form keeps what was sent, shows theirs beside it, and nothing is saved until it is sent again.
What texts take from facts and images is nothing that anybody wrote, and no change.
"""

import json
import re
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from .. import current_texts, html
from ..document import LANGUAGES, Document
from ..field_kinds import SHARED, VALUES, Kind, declarations, heading_name, names_of
from ..fields import RichTextField
from ..integers import MAX_INTEGER, parse_integer
from ..models.audit_entry import AuditEntry
from ..models.blocks import BLOCK_MODELS
from ..models.page import Page
from ..text_cleaning import clean_lines
from . import parents
from .bilingual import label

PAGE_VALUES = ("position", *names_of(Document, *VALUES), "owner", "review_by", "sources_needed", "template")
MODELS = {model._meta.model_name: model for model in BLOCK_MODELS}
PREFIXES = {kind: f"pages_{kind}_set" for kind in MODELS}

# What a form holds


@dataclass
class FormState:
    """By name the values that a form would send: for the page, and for each block, in order, by its key."""

    page: dict[str, list[str]]
    blocks: dict[str, tuple[str, dict[str, list[str]]]]

    def dumps(self):
        return json.dumps(
            [self.page, [[key, *block] for key, block in self.blocks.items()]], ensure_ascii=False
        )

    def as_written(self):
        """Returns what people wrote of it, in order; equal for two that differ in nothing else."""
        return (
            _as_written(Page, self.page),
            [(key, kind, _as_written(MODELS[kind], values)) for key, (kind, values) in self.blocks.items()],
        )

    def texts(self):
        """Returns every value, whatever it is of."""
        parts = (self.page, *(values for _kind, values in self.blocks.values()))
        return {value for values in parts for listed in values.values() for value in listed}

    @classmethod
    def loads(cls, text):
        """An empty one for what no form of ours has sent."""
        try:
            page, blocks = json.loads(text)
            state = cls(
                _as_lists(page), {str(key): (kind, _as_lists(values)) for key, kind, values in blocks}
            )
            if all(kind in MODELS for kind, _values in state.blocks.values()):
                return state
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass
        return cls({}, {})


def _as_written(model, values):
    return {
        name: [current_texts.as_written(value) if _is_rich(model, name) else value for value in listed]
        for name, listed in values.items()
    }


def _as_lists(values):
    return {name: [str(value) for value in listed] for name, listed in values.items()}


def form_state(page):
    """What the form of a page holds before anything is changed in it."""
    values = {name: _form_values(page.serializable_value(name)) for name in PAGE_VALUES}
    values["parent"] = [page.parent.key] if page.parent_id else []
    values |= {name: [str(row.pk) for row in rows] for name, rows in page.terms().items()}
    blocks = {row.key: (row._meta.model_name, _block_values(row)) for row in block_rows(page)}
    return FormState({**values, **_texts(page)}, blocks)


def block_rows(page):
    """Returns the rows of the blocks of a page, in order."""
    rows = [row for prefix in PREFIXES.values() for row in getattr(page, prefix).all()]
    return sorted(rows, key=lambda row: (row.ordering, row.key))


def _form_values(value):
    if value is True:
        return ["on"]
    return [] if value is None or value is False else [str(value)]


def _texts(row):
    return {name: [(getattr(row, name) or "").strip()] for name in _text_names(type(row))}


def _text_names(model):
    names = translator.get_options_for_model(model).get_field_names()
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


def _block_values(row):
    values = _texts(row)
    for name in names_of(row.declaration, *SHARED):
        values[name] = sorted(str(part.pk) for part in getattr(row, name).all())
    for name in names_of(row.declaration, *VALUES):
        values[name] = _form_values(row.serializable_value(name))
    return values


# What was sent


@dataclass(eq=False)
class SubmittedBlock:
    """One block as it was sent: the values and files of its fields by name, without prefix and number."""

    kind: str
    values: dict[str, list[str]]
    files: dict[str, object] = field(default_factory=dict)
    prefix: str = ""

    @property
    def key(self):
        return self.values.get("known_as", [""])[0]

    @property
    def is_deleted(self):
        return "DELETE" in self.values

    @property
    def position(self):
        ordering = self.values.get("ordering", [""])[0]
        return parse_integer(ordering, maximum=MAX_INTEGER) or 0

    def comparable(self):
        """The values in the shape that `FormState` has."""
        return self.values | {name: self._image(name) for name in _image_names(self.kind)}

    def _image(self, name):
        if f"{name}-clear" in self.values:
            return []
        chosen = list(filter(None, self.values.get(f"{name}-kept", [])))
        return ["a new file"] if name in self.files else chosen


def _image_names(kind):
    return names_of(MODELS[kind].declaration, Kind.LIBRARY_IMAGE)


def _submitted_blocks(post, files):
    """The blocks in the order that was sent; what is not numbered as it should be is left to the formset."""
    found = {}
    for source in (post, files):
        for name in source:
            match = re.fullmatch(r"pages_([a-z]+)_set-([0-9]{1,3})-([\w-]+)", name)
            if match and match[1] in MODELS and int(match[2]) < _total_forms(post, match[1]):
                submitted = found.setdefault((match[1], int(match[2])), SubmittedBlock(match[1], {}))
                if source is post:
                    submitted.values[match[3]] = post.getlist(name)
                else:
                    submitted.files[match[3]] = files[name]
    return sorted(found.values(), key=lambda submitted: submitted.position)


def _total_forms(post, kind):
    total = post.get(f"{PREFIXES[kind]}-TOTAL_FORMS", "")
    return parse_integer(total, maximum=MAX_INTEGER) or 0


def _write_back(page, post, files, blocks):
    """Numbers the blocks anew, those that have a row first, each with the row that its key has now."""
    rows = {(row._meta.model_name, row.key): row.pk for row in block_rows(page)}
    for position, submitted in enumerate(blocks, start=1):
        row = rows.get((submitted.kind, submitted.key), "")
        submitted.values |= {"id": [str(row)], "parent": [str(page.pk)], "ordering": [str(position * 10)]}
    for source in (post, files):
        for name in [name for name in source if re.match(r"pages_[a-z]+_set-\d+-", name)]:
            del source[name]
    for kind, prefix in PREFIXES.items():
        own = sorted(
            (submitted for submitted in blocks if submitted.kind == kind),
            key=lambda submitted: not submitted.values["id"][0],
        )
        post[f"{prefix}-TOTAL_FORMS"] = str(len(own))
        post[f"{prefix}-INITIAL_FORMS"] = str(sum(1 for submitted in own if submitted.values["id"][0]))
        for number, submitted in enumerate(own):
            submitted.prefix = f"{prefix}-{number}-"
            for name, values in submitted.values.items():
                post.setlist(submitted.prefix + name, values)
            files.update({submitted.prefix + name: file for name, file in submitted.files.items()})


# Laying one over the other


@dataclass
class FieldConflict:
    """A field that both changed: its name in the form, how people know it, and the text of the other person."""

    name: str
    label: str
    theirs: str
    is_rich: bool
    is_text: bool

    @property
    def language(self):
        return self.name[-2:] if self.is_text else ""


@dataclass
class Conflict:
    """What the second person is told; the last four name blocks and fields as people know them."""

    save: AuditEntry | None = None
    fields: list[FieldConflict] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)


def merge_submission(page, post, files):
    """Lays what was sent, a QueryDict and its files, over the page as it is now; both are changed in place.

    Gives the `Conflict` when the page has changed since the form was opened, else None.
    """
    theirs, base, submitted = (
        form_state(page),
        FormState.loads(post.get("opened", "")),
        _submitted_blocks(post, files),
    )
    if base.as_written() == theirs.as_written():  # in the same order, too
        _write_back(page, post, files, submitted)
        return None
    conflict = Conflict(AuditEntry.objects.saves(page).first())
    own = {name: post.getlist(name) for name in theirs.page}
    own["parent"] = [parents.parse_key(text) for text in own["parent"] if text.strip()]
    conflicting = _merge(Page, base.page, theirs.page, own, conflict, own)
    for name, values in own.items():
        post.setlist(name, values)
    conflict.fields += [_field_conflict(Page, name, theirs.page[name], name) for name in conflicting]
    blocks, conflicting = _merge_blocks(page, base, theirs, submitted, conflict)
    _write_back(page, post, files, blocks)
    for block, name in conflicting:
        values = theirs.blocks[block.key][1][name]
        conflict.fields.append(
            _field_conflict(MODELS[block.kind], name, values, block.prefix + name, _block_name(block))
        )
    post["opened"] = theirs.dumps()
    return conflict


def _merge(model, base, theirs, own, conflict, target, named=""):
    """Puts into `target` what only they changed; gives the names of what both changed."""
    conflicting = []
    for name, their in theirs.items():
        own_value, before = own.get(name, []), base.get(name)
        if _same(model, name, their, before) or _same(model, name, their, own_value):
            continue
        if _same(model, name, own_value, before):
            target[name] = their
            conflict.taken.append(_label(model, name, named))
        else:
            conflicting.append(name)
    return conflicting


def _same(model, name, one, other):
    if one is None or other is None:
        return one is other
    clean = _clean_as_written if _is_rich(model, name) else clean_lines
    return sorted(map(clean, one)) == sorted(map(clean, other))


def _clean_as_written(text):
    return current_texts.as_written(html.clean(text))


def _is_rich(model, name):
    return name in _text_names(model) and isinstance(model._meta.get_field(name), RichTextField)


def _label(model, name, block=""):
    """How people know a field; `block` is the name of its block, if it is of one."""
    field = model._meta.get_field(name)
    language = getattr(field, "language", None)
    words = label(field.translated_field.verbose_name, language) if language else capfirst(field.verbose_name)
    return _("%(part)s: %(field)s") % {"part": block, "field": words} if block else str(words)


def _field_conflict(model, name, values, field_name, named=""):
    their_text = _display_value(model, name, values)
    return FieldConflict(
        field_name, _label(model, name, named), their_text, _is_rich(model, name), name in _text_names(model)
    )


def _display_value(model, name, values):
    """What people read of the value of the other person."""
    about = model._meta.get_field(name)
    if name == "parent":
        return ", ".join(parents.page_label(page) for page in Page.objects.filter(key__in=values)) or "–"
    if about.is_relation:
        return (
            ", ".join(str(row) for row in about.related_model._default_manager.filter(pk__in=values)) or "–"
        )
    if isinstance(about, models.BooleanField):
        return _("Yes") if values else _("No")
    value = values[0] if values else "–"
    return str(dict(about.flatchoices).get(value, value))


def _block_name(block):
    """How people know a block: its kind, and what is written in it, in the active language if there is something."""
    kind = capfirst(MODELS[block.kind]._meta.verbose_name)
    names = _naming_fields(MODELS[block.kind].declaration)
    heading = next((block.values[name][0] for name in names if any(block.values.get(name, []))), "")
    return _("%(kind)s “%(heading)s”") % {"kind": kind, "heading": heading} if heading else kind


def _naming_fields(declaration):
    """What a block is known by: its heading, or for a kind without one what is written beside its image."""
    plain = [
        name
        for name, declared in declarations(declaration).items()
        if declared.kind is Kind.PLAIN_TEXT and not declared.describes
    ]
    names = [heading_name(declaration)] if heading_name(declaration) else plain
    active = get_language()
    languages = sorted(LANGUAGES, key=lambda language: language != active)
    return [f"{name}_{language}" for language in languages for name in names]


def _merge_blocks(page, base, theirs, submitted, conflict):
    """The blocks that the form shows again, in order, and pairs of block and name for what both changed."""
    rows = {row.key: row for row in block_rows(page)}
    remaining, conflicting = [], []
    for block in submitted:
        if block.key in theirs.blocks:
            conflicting += [(block, name) for name in _merge_block(block, base, theirs, rows, conflict)]
        elif not _stays_after_removal(block, base, conflict):
            continue
        remaining.append(block)
    submitted_keys = {block.key for block in submitted}
    added = [_from_row(rows[key]) for key in theirs.blocks if key not in submitted_keys]
    conflict.added += [_block_name(block) for block in added]
    return _merged_order(base, theirs, remaining, added), conflicting


def _merge_block(block, base, theirs, rows, conflict):
    kind, their = theirs.blocks[block.key]
    before = base.blocks.get(block.key, (kind, {}))[1]
    if block.is_deleted:
        if _as_written(MODELS[kind], before) != _as_written(MODELS[kind], their):
            block.values = _from_row(rows[block.key]).values
            conflict.restored.append(_block_name(block))
        return []
    merged = {}
    conflicting = _merge(
        MODELS[kind], before, their, block.comparable(), conflict, merged, _block_name(block)
    )
    for name in _image_names(kind):
        if merged.pop(name, None) is not None:
            block.values[f"{name}-kept"] = _form_values(rows[block.key].serializable_value(name))
            block.values.pop(f"{name}-clear", None)
    block.values |= merged
    return conflicting


def _stays_after_removal(block, base, conflict):
    """Whether a block stays that they do not have: it does when it is new or was changed here."""
    if block.key not in base.blocks:
        return True
    kind, before = base.blocks[block.key]
    own = block.comparable()
    if block.is_deleted:
        return False
    is_untouched = all(
        _same(MODELS[kind], name, own.get(name, []), values) for name, values in before.items()
    )
    (conflict.removed if is_untouched else conflict.restored).append(_block_name(block))
    return not is_untouched


def _from_row(row):
    values = {**_block_values(row), "known_as": [row.key], "region": [row.region]}
    for name in _image_names(row._meta.model_name):
        values[f"{name}-kept"] = values.pop(name)
    return SubmittedBlock(row._meta.model_name, values)


def _merged_order(base, theirs, own, added):
    """My order if I moved anything, else theirs; what only the other has comes after what stood before it there."""
    blocks = {block.key: block for block in [*own, *added] if block.key}
    their_order = [blocks[key] for key in theirs.blocks if key in blocks]
    common = [block.key for block in own if block.key in base.blocks]
    have_moved = common != [key for key in base.blocks if key in set(common)]
    return _merge_order(own, their_order) if have_moved else _merge_order(their_order, own)


def _merge_order(main, other):
    result = list(main)
    for index, block in enumerate(other):
        if block in result:
            continue
        before = next((result.index(earlier) for earlier in reversed(other[:index]) if earlier in result), -1)
        result.insert(before + 1, block)
    return result
