"""What a save of a working copy changed, told from what it said before and afterwards, and not from the form.

A form calls a field changed when the browser sends it with other white space, or without what nobody touched. Only a
difference of the two documents is a change.
"""

from dataclasses import fields

from django.utils.translation import gettext_noop, override

from .. import working_copy
from ..document import SHARED_PARTS, Bilingual, Document
from ..models.blocks import SharedPlace
from ..models.page import Page
from .edit_conflicts import PAGE_VALUES

# What a page has that its document does not say, such as its owner.
UNPUBLISHED = tuple(name for name in PAGE_VALUES if name not in Document.__dataclass_fields__)

ORDER = gettext_noop("order of the parts")


def snapshot(page):
    """Returns what a page says and who looks after it, to be compared later: see `changes`."""
    return working_copy.read(page), tuple(page.serializable_value(name) for name in UNPUBLISHED)


def changes(before, after):
    """Returns what differs between two snapshots as a change message of Django's log; [] when nothing does."""
    (document, unpublished), (later, unpublished_later) = before, after
    names = [field.name for field in fields(Document) if field.name not in ("key", "blocks")]
    changed = [name for name in names if getattr(document, name) != getattr(later, name)]
    pairs = zip(UNPUBLISHED, unpublished, unpublished_later, strict=True)
    changed += [name for name, value, value_later in pairs if value != value_later]
    with override(None):
        labels = [str(Page._meta.get_field(name).verbose_name) for name in changed]
        labels += [ORDER] if _is_reordered(document, later) else []
        page = [{"changed": {"fields": labels}}] if labels else []
        return page + _block_changes(document, later)


def additions(after):
    """Returns the change message for a page that is new, with its blocks."""
    document, _unpublished = after
    with override(None):
        return [{"added": {}}, *_block_changes(Document(key=document.key), document)]


def shared_changes(before, row):
    """Returns the change message for what pages share, when it has been saved; [] when it says the same as before.

    `before` is what it said, as a part of a document.
    """
    after = working_copy.read_shared(row)
    changed = [
        field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)
    ]
    with override(None):
        labels = [str(row._meta.get_field(name).verbose_name) for name in changed]
    return [{"changed": {"fields": labels}}] if labels else []


def _is_reordered(before, after):
    common = {block.key for block in before.blocks} & {block.key for block in after.blocks}
    orders = [[block.key for block in document.blocks if block.key in common] for document in (before, after)]
    return orders[0] != orders[1]


def _block_changes(before, after):
    old, new = ({block.key: block for block in document.blocks} for document in (before, after))
    added = [{"added": _block_name(block)} for key, block in new.items() if key not in old]
    changed = [
        {"changed": {**_block_name(block), "fields": names}}
        for key, block in new.items()
        if key in old and (names := _changed_fields(old[key], block))
    ]
    return added + changed + [{"deleted": _block_name(block)} for key, block in old.items() if key not in new]


def _changed_fields(before, after):
    """The names of the fields in which a block differs; all that it has, where it became one of another kind."""
    model = working_copy.MODELS[type(after)]
    if before.shared != after.shared:
        return [str(SharedPlace._meta.get_field("shared_block").verbose_name)]
    names = [field.name for field in fields(after) if field.name not in ("key", "shared")]
    differing = [name for name in names if _compared(before, name) != _compared(after, name)]
    return [str(model._meta.get_field(name).verbose_name) for name in differing]


def _compared(block, name):
    """What pages share is chosen here and written elsewhere: which parts, not what they say."""
    value = getattr(block, name, None)
    return [part.key for part in value] if name in SHARED_PARTS and value else value


def _block_name(block):
    kind = str(working_copy.MODELS[type(block)]._meta.verbose_name)
    heading = next(
        (value for value in (getattr(block, name, None) for name in ("heading", "title")) if value),
        Bilingual(),
    )
    return {"name": kind, "object": heading.en or heading.fr or kind}
