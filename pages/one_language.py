"""A page of which only one language was written, for the time of an emergency: the other one says what it said before.

Pure functions of documents.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from .addresses import other
from .document import Bilingual, Block, Document, Figure, Partner


def beside(written: Document, live: Document, language: str) -> Document:
    """What `written` says in one language, beside what `live` says in the other one.

    A block that only one of them has is there in its language only, and so is a figure that has another picture.
    Partners that `live` does not know come in both languages, because lists of partners have no language.
    """
    old = {block.key: block for block in live.blocks}
    partners = {partner.key: partner for block in live.blocks for partner in getattr(block, "partners", ())}
    blocks = [_block(block, old.get(block.key), language, partners) for block in written.blocks]
    keys = [block.key for block in blocks]
    for place, block in enumerate(live.blocks):
        left = _alone(block, other(language))
        if block.key in keys or not _words(left):
            continue
        before = [each.key for each in live.blocks[:place] if each.key in keys]
        index = keys.index(before[-1]) + 1 if before else 0
        blocks.insert(index, left)
        keys.insert(index, block.key)
    return replace(_mixed(written, live, language), blocks=tuple(blocks))


def only(part: Any, language: str) -> Any:
    """A document, or a part of one, without a word in the other language."""
    inner = {
        name: tuple(only(each, language) for each in getattr(part, name))
        for name in ("blocks", "partners")
        if hasattr(part, name)
    }
    return replace(_alone(part, language), **inner)


def shown(document: Document, language: str) -> Document:
    """A document without the blocks and the partners that have something to say in the other language only."""
    blocks = (_named(block, language) for block in document.blocks if _is_shown(block, language))
    return replace(document, blocks=tuple(blocks))


def _is_shown(block: Block, language: str) -> bool:
    words = _words(block)
    return not words or any(value[language] for value in words)


def _named(block: Block, language: str) -> Block:
    if not hasattr(block, "partners"):
        return block
    return replace(block, partners=tuple(each for each in block.partners if each.name[language]))


def _words(part: Any) -> list[Bilingual]:
    return [value for value in _texts(part).values() if value]


def _block(block: Block, old: Block | None, language: str, partners: dict[str, Partner]) -> Block:
    mixed = _mixed(block, old, language) if _is_same(block, old) else _alone(block, language)
    if not hasattr(block, "partners"):
        return mixed
    known = (_mixed(each, partners.get(each.key, each), language) for each in block.partners)
    return replace(mixed, partners=tuple(known))


def _is_same(block: Block, old: Block | None) -> bool:
    """Whether the texts of one still fit the other."""
    if isinstance(block, Figure) and isinstance(old, Figure):
        return (block.image, block.decorative) == (old.image, old.decorative)
    return type(block) is type(old)


def _alone(part: Any, language: str) -> Any:
    own = {name: Bilingual(**{language: text[language]}) for name, text in _texts(part).items()}
    return replace(part, **own)


def _mixed(part: Any, old: Any, language: str) -> Any:
    before = _texts(old)
    return replace(
        part, **{name: _side_by_side(value, before[name], language) for name, value in _texts(part).items()}
    )


def _side_by_side(written: Bilingual, kept: Bilingual, language: str) -> Bilingual:
    return Bilingual(**{language: written[language], other(language): kept[other(language)]})


def _texts(part: Any) -> dict[str, Bilingual]:
    values = ((field.name, getattr(part, field.name)) for field in fields(part))
    return {name: value for name, value in values if isinstance(value, Bilingual)}
