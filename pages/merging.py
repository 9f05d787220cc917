"""Carries what changed between two documents into a third one: a merge of three sides, text by text.

Pure functions of documents. The three sides are `base`, what was live when an edition was scheduled; `scheduled`, what
that edition says; and `new`, what is published before it falls due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from . import fact_marks, image_marks
from .document import LANGUAGES, NOTHING, Bilingual, Block, Document, with_rich_text, with_shared_blocks
from .field_kinds import SHARED, TEXTS, Kind, declarations

Path = tuple[str, ...]


class Outcome(StrEnum):
    """Where a text of the merged document comes from."""

    NEW = "new"
    SCHEDULED = "scheduled"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Difference:
    """A text, a block or another value that was changed on at least one side.

    `language` is "" for blocks and for values without a language; a block that a side does not have is None.
    """

    path: Path
    language: str
    base: Any
    scheduled: Any
    new: Any
    outcome: Outcome

    @property
    def key(self) -> str:
        """Names the difference in forms: its path and language."""
        return "/".join((*self.path, self.language)) if self.language else "/".join(self.path)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged document, and all that was changed on either side; an undecided conflict shows the new text."""

    document: Document
    differences: tuple[Difference, ...]

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """What both sides changed, each in its own way: a person decides."""
        return tuple(difference for difference in self.differences if difference.outcome == Outcome.CONFLICT)


def merge(
    base: Document, scheduled: Document, new: Document, decided: Mapping[str, str] | None = None
) -> Merged:
    """Merges both sides: what only one of them changed is taken from it.

    `decided` says for keys of conflicts which side to take: "scheduled" or "new". What facts and shared blocks say, and
    which files images are, belongs to all pages: all sides have what the new one has.
    """
    shared = {block.shared: block for block in new.blocks if block.shared}
    base, scheduled = (with_shared_blocks(side, shared) for side in (base, scheduled))
    words, images = _words_of_facts(new), _descriptions_of_images(new)
    if words:
        base, scheduled = (_with_words(side, words) for side in (base, scheduled))
    if images:
        base, scheduled = (_with_descriptions(side, images) for side in (base, scheduled))
    merger = _Merger(decided or {})
    document = merger.part((), base, scheduled, new)
    return Merged(document, tuple(merger.differences))


Words = Mapping[tuple[str, str], str]  # of facts, by language and key


def _words_of_facts(document: Document) -> Words:
    found: dict[tuple[str, str], str] = {}

    def note(text: str, language: str) -> str:
        found.update({(language, key): words for key, words in fact_marks.words_in(text).items()})
        return text

    with_rich_text(document, note)
    return found


def _with_words(document: Document, words: Words) -> Document:
    def change(text: str, language: str) -> str:
        own = fact_marks.words_in(text)
        return fact_marks.with_words(text, lambda key: words.get((language, key), own[key]))

    return with_rich_text(document, change)


Descriptions = Mapping[tuple[str, str], image_marks.Description]  # of images, by language and key


def _descriptions_of_images(document: Document) -> Descriptions:
    found: dict[tuple[str, str], image_marks.Description] = {}

    def note(text: str, language: str) -> str:
        known = ((image.key, image.description) for image in image_marks.images_in(text))
        found.update({(language, key): description for key, description in known if description})
        return text

    with_rich_text(document, note)
    return found


def _with_descriptions(document: Document, descriptions: Descriptions) -> Document:
    def change(text: str, language: str) -> str:
        return image_marks.described(text, lambda key: descriptions.get((language, key)))

    return with_rich_text(document, change)


@dataclass
class _Merger:
    decided: Mapping[str, str]
    differences: list[Difference] = field(default_factory=list)

    def value(self, path: Path, base: Any, scheduled: Any, new: Any, language: str = "") -> Any:
        """Merges one value that cannot be parted any further."""
        if base == scheduled == new:
            return new
        outcome = _outcome(base, scheduled, new)
        difference = Difference(path, language, base, scheduled, new, outcome)
        self.differences.append(difference)
        side = self.decided.get(difference.key) if outcome == Outcome.CONFLICT else outcome
        return scheduled if side == Outcome.SCHEDULED else new

    def part(self, path: Path, base: Any, scheduled: Any, new: Any) -> Any:
        """Merges a document or a block, field by field; `base` is None where both sides have inserted it."""
        merged = {}
        for name, declared in declarations(type(new)).items():
            if name == "shared":  # blocks that show a shared one are not parted
                continue
            sides = [getattr(side, name, None) for side in (base, scheduled, new)]
            merged[name] = self.field(declared.kind, (*path, name), *sides)
        return replace(new, **merged)

    def field(self, kind: Kind, path: Path, base: Any, scheduled: Any, new: Any) -> Any:
        if kind in TEXTS:
            before = base or NOTHING
            return Bilingual(
                **{
                    name: self.value(path, before[name], scheduled[name], new[name], name)
                    for name in LANGUAGES
                }
            )
        if kind in SHARED:
            return _shared(base or (), scheduled, new)
        if kind is Kind.BLOCKS:
            return self.blocks(base, scheduled, new)
        return self.value(path, base, scheduled, new)

    def blocks(self, *sides: tuple[Block, ...]) -> tuple[Block, ...]:
        base, scheduled, new = ({block.key: block for block in side} for side in sides)
        merged = {}
        for key in _order(*sides):
            block = self.block(key, base.get(key), scheduled.get(key), new.get(key))
            if block is not None:
                merged[key] = block
        return tuple(merged.values())

    def block(self, key: str, base: Block | None, scheduled: Block | None, new: Block | None) -> Block | None:
        path = ("blocks", key)
        is_own = scheduled is not None and new is not None and not (scheduled.shared or new.shared)
        if is_own and type(scheduled) is type(new):
            return self.part(path, base if type(base) is type(new) else None, scheduled, new)
        return self.value(path, base, scheduled, new)


def _outcome(base: Any, scheduled: Any, new: Any) -> Outcome:
    if new in (base, scheduled) and scheduled != base:
        return Outcome.SCHEDULED
    return Outcome.NEW if scheduled in (base, new) else Outcome.CONFLICT


def _shared(base: tuple[Any, ...], scheduled: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of both sides, without those that one of them has removed.

    What they say belongs to all pages: the newest is taken.
    """
    before = {part.key for part in base}
    sides = {part.key: part for part in (*scheduled, *new)}
    everywhere = {part.key for part in scheduled} & {part.key for part in new}
    return tuple(sides[key] for key in sorted(sides) if key in everywhere or key not in before)


def _order(base: tuple[Block, ...], scheduled: tuple[Block, ...], new: tuple[Block, ...]) -> list[str]:
    """The keys of both sides, in the order of the side that moved blocks; of the new one where both did."""
    before, coming, now = ([block.key for block in side] for side in (base, scheduled, new))
    is_moved = [key for key in before if key in now] != [key for key in now if key in before]
    first, second = (now, coming) if is_moved else (coming, now)
    order = list(first)
    for index, key in enumerate(second):
        if key not in order:
            above = [earlier for earlier in second[:index] if earlier in order]
            order.insert(order.index(above[-1]) + 1 if above else 0, key)
    return order
