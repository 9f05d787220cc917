"""A page of which only one language was written, for the time of an emergency: the other one says what it said before.

Pure functions of documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .document import Bilingual, Block, Document, Partner, partners_of
from .field_kinds import TEXTS, Kind, names_of
from .public_urls import other_language


def merge_languages(written: Document, live: Document, language: str) -> Document:
    """What `written` says in one language, beside what `live` says in the other one.

    A block that only one of them has is there in its language only, and so is a figure that has another picture.
    Partners that `live` does not know come in both languages, because lists of partners have no language.
    """
    old = {block.key: block for block in live.blocks}
    partners = {partner.key: partner for block in live.blocks for partner in partners_of(block)}
    blocks = [_combine_block(block, old.get(block.key), language, partners) for block in written.blocks]
    keys = [block.key for block in blocks]
    for position, block in enumerate(live.blocks):
        remaining = _one_side(block, other_language(language))
        if block.key in keys or not _words(remaining):
            continue
        before = [other_block.key for other_block in live.blocks[:position] if other_block.key in keys]
        index = keys.index(before[-1]) + 1 if before else 0
        blocks.insert(index, remaining)
        keys.insert(index, block.key)
    return replace(_combine(written, live, language), blocks=tuple(blocks))


def strip_other_language(part: Any, language: str) -> Any:
    """A document, or a part of one, without a word in the other language."""
    inner = {
        name: tuple(strip_other_language(part, language) for part in getattr(part, name))
        for name in names_of(type(part), Kind.BLOCKS, Kind.PARTNERS)
    }
    return replace(_one_side(part, language), **inner)


def visible_in(document: Document, language: str) -> Document:
    """A document without the blocks and the partners that have something to say in the other language only."""
    blocks = (_visible_partners(block, language) for block in document.blocks if _is_visible(block, language))
    return replace(document, blocks=tuple(blocks))


def _is_visible(block: Block, language: str) -> bool:
    words = _words(block)
    return not words or any(value[language] for value in words)


def _visible_partners(block: Block, language: str) -> Block:
    return _change_partners(block, lambda partners: tuple(part for part in partners if part.name[language]))


def _change_partners(block: Block, change: Callable[[tuple[Partner, ...]], tuple[Partner, ...]]) -> Block:
    changed = {name: change(getattr(block, name)) for name in names_of(type(block), Kind.PARTNERS)}
    return replace(block, **changed) if changed else block


def _words(part: Any) -> list[Bilingual]:
    return [value for value in _texts(part).values() if value]


def _combine_block(block: Block, old: Block | None, language: str, partners: dict[str, Partner]) -> Block:
    combined = _combine(block, old, language) if _is_same(block, old) else _one_side(block, language)
    whole = {partner.key: partner for partner in partners_of(block)}
    return _change_partners(
        combined,
        lambda own: tuple(
            _combine(whole[part.key], partners.get(part.key, whole[part.key]), language) for part in own
        ),
    )


def _is_same(block: Block, old: Block | None) -> bool:
    """Whether the texts of one still fit the other: they do unless they are about another image."""
    if type(block) is not type(old):
        return False
    about = names_of(type(block), Kind.IMAGE, Kind.FLAG)
    return all(getattr(block, name) == getattr(old, name) for name in about)


def _one_side(part: Any, language: str) -> Any:
    own = {name: Bilingual(**{language: text[language]}) for name, text in _texts(part).items()}
    return replace(part, **own)


def _combine(part: Any, old: Any, language: str) -> Any:
    before = _texts(old)
    return replace(
        part, **{name: _combine_text(value, before[name], language) for name, value in _texts(part).items()}
    )


def _combine_text(written: Bilingual, published: Bilingual, language: str) -> Bilingual:
    return Bilingual(
        **{language: written[language], other_language(language): published[other_language(language)]}
    )


def _texts(part: Any) -> dict[str, Bilingual]:
    return {name: getattr(part, name) for name in names_of(type(part), *TEXTS)}
