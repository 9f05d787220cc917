"""What rich text is made of, as plain values: blocks that nest, runs of words within their marks, footnotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th"})
HEADINGS = frozenset({"h3", "h4", "h5"})
MARKS = frozenset({"a", "strong", "em", "abbr", "span", "sup", "sub", "code", "data"})

# While a text is read the place of a footnote is this character, which no text may hold.
NOTE = "\ufffc"
NOTE_ROLE = "doc-footnote"

# That of an image is this one; its mark, the innermost, says which image it is (`image_marks`).
IMAGE = "\ufffb"
IMAGE_TAG = "img"

Attributes = tuple[tuple[str, str], ...]


class Mark(NamedTuple):
    """An element within a sentence, such as a link."""

    tag: str
    attributes: Attributes = ()

    def get(self, name: str) -> str:
        return next((value for own, value in self.attributes if own == name), "")


class Run(NamedTuple):
    """Words with the same marks around them, the outermost first.

    A line break is "\\n", a footnote `NOTE`, an image `IMAGE`, in a run without any words.
    """

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def image(self) -> Mark | None:
        """The mark of an image; None for words."""
        return self.marks[-1] if self.marks and self.marks[-1].tag == IMAGE_TAG else None


@dataclass(frozen=True, slots=True)
class Block:
    """A block element, or a footnote, whose tag is "note".

    `runs` are the words that stand in it directly, before the blocks within it (`children`): an item has both where a
    list follows its words. `notes` are the footnotes whose places the runs hold.
    """

    tag: str
    attributes: Attributes = ()
    runs: tuple[Run, ...] = ()
    children: tuple[Block, ...] = ()
    notes: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The words that stand in it directly, with `NOTE` and `IMAGE` in the places of footnotes and images."""
        if len(self.runs) == 1:
            return self.runs[0].text
        return "".join([text for text, _marks in self.runs])

    @property
    def words(self) -> str:
        """The words that stand in it directly, without those of footnotes."""
        text = self.text.replace(NOTE, "") if self.notes else self.text
        return text.replace(IMAGE, "") if IMAGE in text else text

    @property
    def images(self) -> Iterator[Mark]:
        """The images that stand in it directly, in reading order."""
        return (image for run in self.runs if (image := run.image) for _place in run.text)

    def get(self, name: str) -> str:
        """The value of an attribute; "" if it has none."""
        return next((value for own, value in self.attributes if own == name), "")


Blocks = tuple[Block, ...]


def leaves(blocks: Iterable[Block]) -> list[Block]:
    """The blocks in which words stand, in reading order, each followed by its footnotes."""
    found: list[Block] = []
    for block in blocks:
        if block.runs:
            found.append(block)
            found += block.notes
        if block.children:
            found += leaves(block.children)
    return found


def lines_of(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """The runs of a block line by line: they are parted where a line breaks."""
    line: list[Run] = []
    for run in runs:
        if "\n" not in run.text:
            line.append(run)
            continue
        first, *others = run.text.split("\n")
        line.append(Run(first, run.marks))
        for text in others:
            yield line
            line = [Run(text, run.marks)]
    yield line


def map_leaves(change: Callable[[Block], Block], blocks: Iterable[Block]) -> Blocks:
    """The same blocks, with what `change` gives in the place of each one of `leaves`, for which it is asked in turn."""
    return tuple(map(partial(_changed, change), blocks))


def _changed(change: Callable[[Block], Block], block: Block) -> Block:
    if block.runs:
        block = change(block)
    if not block.notes and not block.children:
        return block
    return replace(block, notes=map_leaves(change, block.notes), children=map_leaves(change, block.children))


def common_prefix(first: tuple[Mark, ...], second: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that both begin with."""
    shared = 0
    for mark, other in zip(first, second, strict=False):
        if mark != other:
            break
        shared += 1
    return first[:shared]
