"""Two people in one form: what the second sends is laid over what the first has saved, and nothing is lost.

A form carries what it was opened with. Where only the other person changed something, theirs is taken over;
where both did, the form keeps what was sent, shows theirs beside it, and nothing is saved until it is sent again.
"""

import json
import re
from dataclasses import dataclass, field

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from .. import html
from ..document import LANGUAGES
from ..fields import RichTextField
from ..rows import BLOCK_MODELS, Page
from . import parents
from .bilingual import label
from .pictures import keep, kept

PAGE_VALUES = ("position", "takes_reports", "owner", "review_by")
MODELS = {model._meta.model_name: model for model in BLOCK_MODELS}
PREFIXES = {kind: f"pages_{kind}_set" for kind in MODELS}

# What a form holds


@dataclass
class State:
    """By name the values that a form would send: for the page, and for each block, in order, by its key."""

    page: dict[str, list[str]]
    blocks: dict[str, tuple[str, dict[str, list[str]]]]

    def dumps(self):
        return json.dumps(
            [self.page, [[key, *block] for key, block in self.blocks.items()]], ensure_ascii=False
        )

    @classmethod
    def loads(cls, text):
        """An empty one for what no form of ours has sent."""
        try:
            page, blocks = json.loads(text)
            state = cls(_listed(page), {str(key): (kind, _listed(values)) for key, kind, values in blocks})
            if all(kind in MODELS for kind, _values in state.blocks.values()):
                return state
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass
        return cls({}, {})


def _listed(values):
    return {name: [str(value) for value in several] for name, several in values.items()}


def state_of(page):
    """What the form of a page holds before anything is changed in it."""
    values = {name: _plain(page.serializable_value(name)) for name in PAGE_VALUES}
    values["parent"] = [page.parent.key] if page.parent_id else []
    blocks = {row.key: (row._meta.model_name, _block_values(row)) for row in _rows(page)}
    return State({**values, **_texts(page)}, blocks)


def _rows(page):
    rows = [row for prefix in PREFIXES.values() for row in getattr(page, prefix).all()]
    return sorted(rows, key=lambda row: (row.ordering, row.key))


def _plain(value):
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
    if hasattr(row, "partners"):
        values["partners"] = sorted(str(partner.pk) for partner in row.partners.all())
    if hasattr(row, "image"):
        values |= {"image": [row.image.digest] if row.image else [], "decorative": _plain(row.decorative)}
    return values


# What was sent


@dataclass(eq=False)
class Sent:
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
    def place(self):
        ordering = self.values.get("ordering", [""])[0]
        return int(ordering[:9]) if ordering.isdecimal() else 0

    def comparable(self):
        """The values in the shape that `State` has."""
        image = kept(self.values.get("image-kept", [""])[0])
        digest = ["a new file"] if "image" in self.files else [image.digest] if image else []
        return {**self.values, "image": [] if "image-clear" in self.values else digest}


def _sent(post, files):
    """The blocks in the order that was sent; what is not numbered as it should be is left to the formset."""
    found = {}
    for source in (post, files):
        for name in source:
            match = re.fullmatch(r"pages_([a-z]+)_set-([0-9]{1,3})-([\w-]+)", name)
            if match and match[1] in MODELS and int(match[2]) < _total(post, match[1]):
                sent = found.setdefault((match[1], int(match[2])), Sent(match[1], {}))
                if source is post:
                    sent.values[match[3]] = post.getlist(name)
                else:
                    sent.files[match[3]] = files[name]
    return sorted(found.values(), key=lambda sent: sent.place)


def _total(post, kind):
    total = post.get(f"{PREFIXES[kind]}-TOTAL_FORMS", "")
    return int(total[:9]) if total.isdecimal() else 0


def _write_back(page, post, files, blocks):
    """Numbers the blocks anew, those that have a row first, each with the row that its key has now."""
    rows = {(row._meta.model_name, row.key): row.pk for row in _rows(page)}
    for place, sent in enumerate(blocks, start=1):
        row = rows.get((sent.kind, sent.key), "")
        sent.values |= {"id": [str(row)], "parent": [str(page.pk)], "ordering": [str(place * 10)]}
    for source in (post, files):
        for name in [name for name in source if re.match(r"pages_[a-z]+_set-\d+-", name)]:
            del source[name]
    for kind, prefix in PREFIXES.items():
        own = sorted(
            (sent for sent in blocks if sent.kind == kind), key=lambda sent: not sent.values["id"][0]
        )
        post[f"{prefix}-TOTAL_FORMS"] = str(len(own))
        post[f"{prefix}-INITIAL_FORMS"] = str(sum(1 for sent in own if sent.values["id"][0]))
        for number, sent in enumerate(own):
            sent.prefix = f"{prefix}-{number}-"
            for name, values in sent.values.items():
                post.setlist(sent.prefix + name, values)
            files.update({sent.prefix + name: file for name, file in sent.files.items()})


# Laying one over the other


@dataclass
class Clash:
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

    save: LogEntry | None = None
    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)


def overlay(page, post, files):
    """Lays what was sent, a QueryDict and its files, over the page as it is now; both are changed in place.

    Gives the `Conflict` when the page has changed since the form was opened, else None.
    """
    theirs, base, sent = state_of(page), State.loads(post.get("opened", "")), _sent(post, files)
    if base.dumps() == theirs.dumps():  # in the same order, too
        _write_back(page, post, files, sent)
        return None
    conflict = Conflict(_last_save(page))
    mine = {name: post.getlist(name) for name in theirs.page}
    mine["parent"] = [parents.key_of(text) for text in mine["parent"] if text.strip()]
    clashing = _merge(Page, base.page, theirs.page, mine, conflict, mine)
    for name, values in mine.items():
        post.setlist(name, values)
    conflict.clashes += [_clash(Page, name, theirs.page[name], name) for name in clashing]
    blocks, clashing = _merge_blocks(page, base, theirs, sent, conflict)
    _write_back(page, post, files, blocks)
    for block, name in clashing:
        values = theirs.blocks[block.key][1][name]
        conflict.clashes.append(_clash(MODELS[block.kind], name, values, block.prefix + name, _named(block)))
    post["opened"] = theirs.dumps()
    return conflict


def _last_save(page):
    here = ContentType.objects.get_for_model(Page)
    saves = LogEntry.objects.filter(content_type=here, object_id=str(page.pk))
    return saves.select_related("user").order_by("-action_time").first()


def _merge(model, base, theirs, mine, conflict, target, named=""):
    """Puts into `target` what only they changed; gives the names of what both changed."""
    clashing = []
    for name, their in theirs.items():
        own, before = mine.get(name, []), base.get(name)
        if _same(model, name, their, before) or _same(model, name, their, own):
            continue
        if _same(model, name, own, before):
            target[name] = their
            conflict.taken.append(named + _label(model, name))
        else:
            clashing.append(name)
    return clashing


def _same(model, name, one, other):
    if one is None or other is None:
        return one is other
    clean = html.clean if _is_rich(model, name) else _one_line_end
    return sorted(map(clean, one)) == sorted(map(clean, other))


def _one_line_end(text):
    return str(text).replace("\r\n", "\n").strip()


def _is_rich(model, name):
    return name in _text_names(model) and isinstance(model._meta.get_field(name), RichTextField)


def _label(model, name):
    field = model._meta.get_field(name)
    language = getattr(field, "language", None)
    return str(
        label(field.translated_field.verbose_name, language) if language else capfirst(field.verbose_name)
    )


def _clash(model, name, values, place, named=""):
    said = _said(model, name, values)
    return Clash(place, named + _label(model, name), said, _is_rich(model, name), name in _text_names(model))


def _said(model, name, values):
    """What people read of the value of the other person."""
    about = model._meta.get_field(name)
    if name == "parent":
        return ", ".join(parents.named(page) for page in Page.objects.filter(key__in=values)) or "–"
    if about.is_relation:
        return (
            ", ".join(str(each) for each in about.related_model._default_manager.filter(pk__in=values)) or "–"
        )
    if name in ("decorative", "takes_reports"):
        return _("Yes") if values else _("No")
    if name == "image":
        return _("Another picture")
    return values[0] if values else "–"


def _named(block):
    """How people know a block, to stand before the name of one of its fields."""
    kind = capfirst(MODELS[block.kind]._meta.verbose_name)
    names = ("heading_en", "title_en", "caption_en", "heading_fr", "title_fr", "caption_fr")
    heading = next((block.values[name][0] for name in names if any(block.values.get(name, []))), "")
    return f"{kind} “{heading}”: " if heading else f"{kind}: "


def _merge_blocks(page, base, theirs, sent, conflict):
    """The blocks that the form shows again, in order, and pairs of block and name for what both changed."""
    rows = {row.key: row for row in _rows(page)}
    remaining, clashing = [], []
    for block in sent:
        if block.key in theirs.blocks:
            clashing += [(block, name) for name in _merge_block(block, base, theirs, rows, conflict)]
        elif not _was_removed(block, base, conflict):
            continue
        remaining.append(block)
    there = {block.key for block in sent}
    added = [_from_row(rows[key]) for key in theirs.blocks if key not in there]
    conflict.added += [_named(block).rstrip(": ") for block in added]
    return _in_order(base, theirs, remaining, added), clashing


def _merge_block(block, base, theirs, rows, conflict):
    kind, their = theirs.blocks[block.key]
    before = base.blocks.get(block.key, (kind, {}))[1]
    if block.is_deleted:
        if before != their:
            block.values = _from_row(rows[block.key]).values
            conflict.restored.append(_named(block).rstrip(": "))
        return []
    taken = {}
    clashing = _merge(MODELS[kind], before, their, block.comparable(), conflict, taken, _named(block))
    if "image" in taken:
        image = rows[block.key].image
        block.values["image-kept"] = [keep(image)] if image else []
        block.values.pop("image-clear", None)
    block.values |= {name: values for name, values in taken.items() if name != "image"}
    return clashing


def _was_removed(block, base, conflict):
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
    (conflict.removed if is_untouched else conflict.restored).append(_named(block).rstrip(": "))
    return not is_untouched


def _from_row(row):
    values = {**_block_values(row), "known_as": [row.key], "region": [row.region]}
    image = values.pop("image", None)
    if image:
        values["image-kept"] = [keep(row.image)]
    return Sent(row._meta.model_name, values)


def _in_order(base, theirs, mine, added):
    """My order if I moved anything, else theirs; what only the other has comes after what stood before it there."""
    blocks = {block.key: block for block in [*mine, *added] if block.key}
    their_order = [blocks[key] for key in theirs.blocks if key in blocks]
    common = [block.key for block in mine if block.key in base.blocks]
    have_moved = common != [key for key in base.blocks if key in set(common)]
    return _woven(mine, their_order) if have_moved else _woven(their_order, mine)


def _woven(main, other):
    result = list(main)
    for index, block in enumerate(other):
        if block in result:
            continue
        before = next((result.index(each) for each in reversed(other[:index]) if each in result), -1)
        result.insert(before + 1, block)
    return result
