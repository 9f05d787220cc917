"""A page of which only one language was written, for the time of an emergency: the other one says what it said before.

Pure functions of documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .document import Bilingual, Block, Document, Download, Partner, shared_parts
from .field_kinds import SHARED, TEXTS, Kind, names_of
from .public_urls import other_language

Shared = Partner | Download


def merge_languages(written: Document, live: Document, language: str) -> Document:
    """What `written` says in one language, beside what `live` says in the other one.

    A block that only one of them has is there in its language only, and so is a figure that has another picture.
    Partners and files to download that `live` does not know come in both languages, because their lists have none.
    """
    old = {block.key: block for block in live.blocks}
    shared = {(type(part), part.key): part for block in live.blocks for part in shared_parts(block)}
    blocks = [_combine_block(block, old.get(block.key), language, shared) for block in written.blocks]
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
        for name in names_of(type(part), Kind.BLOCKS, *SHARED)
    }
    return replace(_one_side(part, language), **inner)


def visible_in(document: Document, language: str) -> Document:
    """A document without the blocks and the shared parts that have something to say in the other language only."""
    blocks = (_visible_shared(block, language) for block in document.blocks if _is_visible(block, language))
    return replace(document, blocks=tuple(blocks))


def _is_visible(block: Block, language: str) -> bool:
    words = _words(block)
    return not words or any(value[language] for value in words)


def _visible_shared(block: Block, language: str) -> Block:
    return _change_shared(block, lambda parts: tuple(part for part in parts if part.label[language]))


def _change_shared(block: Block, change: Callable[[tuple[Shared, ...]], tuple[Shared, ...]]) -> Block:
    changed = {name: change(getattr(block, name)) for name in names_of(type(block), *SHARED)}
    return replace(block, **changed) if changed else block


def _words(part: Any) -> list[Bilingual]:
    return [value for value in _texts(part).values() if value]


def _combine_block(
    block: Block, old: Block | None, language: str, shared: dict[tuple[type, str], Shared]
) -> Block:
    combined = _combine(block, old, language) if _is_same(block, old) else _one_side(block, language)
    whole = {part.key: part for part in shared_parts(block)}
    return _change_shared(
        combined,
        lambda own: tuple(
            _combine(whole[part.key], shared.get((type(part), part.key), whole[part.key]), language)
            for part in own
        ),
    )


def _is_same(block: Block, old: Block | None) -> bool:
    """Whether the texts of one still fit the other: they do unless they are about another image."""
    if type(block) is not type(old):
        return False
    about = names_of(type(block), Kind.LIBRARY_IMAGE, Kind.FLAG)
    return all(getattr(block, name) == getattr(old, name) for name in about)


def _one_side(part: Any, language: str) -> Any:
    own = {name: Bilingual(**{language: text[language]}) for name, text in _texts(part).items()}
    return replace(part, **own)


def _combine(part: Any, old: Any, language: str) -> Any:
    before = _texts(old)
    words = {name: _combine_text(value, before[name], language) for name, value in _texts(part).items()}
    files = {name: getattr(old, name) for name in names_of(type(part), Kind.FILE) if name[-2:] != language}
    return replace(part, **words, **files)


def _combine_text(written: Bilingual, published: Bilingual, language: str) -> Bilingual:
    return Bilingual(
        **{language: written[language], other_language(language): published[other_language(language)]}
    )


def _texts(part: Any) -> dict[str, Bilingual]:
    return {name: getattr(part, name) for name in names_of(type(part), *TEXTS)}
