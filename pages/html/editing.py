"""Clean HTML with other words or anchors: what is changed keeps the marks that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from itertools import chain, count

from ..slugs import slug
from .blocks import HEADINGS, IMAGE, NOTE, Block, Blocks, Run, map_leaves
from .parsing import parse
from .sanitizing import clean
from .serializing import serialize

Edit = tuple[int, int, str]  # from where to where in a text, and what comes there


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """A plain text with its edits, which do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edited(html: str, edits: Callable[[str], Iterable[Edit]]) -> str:
    """Clean HTML with the words of each block edited; `edits` is asked for each of `leaf_texts` in turn.

    New words have the marks of the first character that they replace. An edit of what holds an image is left out.
    """

    def with_edits(leaf: Block) -> Block:
        text, runs = leaf.text, leaf.runs
        for start, end, new in sorted(edits(text), reverse=True):
            if IMAGE in text[start:end]:
                continue
            notes = NOTE * text.count(NOTE, start, end)  # they stay, after the new words
            runs = tuple(_edited_runs(runs, start, end, new + notes))
        return replace(leaf, runs=runs)

    return clean(serialize(map_leaves(with_edits, parse(html))))


def _edited_runs(runs: Iterable[Run], start: int, end: int, new: str) -> Iterator[Run]:
    position = 0
    for run in runs:
        text, marks = run
        first, last = max(start - position, 0), max(end - position, 0)
        begins_here = position <= start < position + len(text)
        position += len(text)
        if begins_here and run.image:  # something new before it, or between two that are the same
            yield from (Run(text[:first], marks), Run(new, marks[:-1]), Run(text[last:], marks))
        else:
            yield Run(text[:first] + (new if begins_here else "") + text[last:], marks)


def anchored(blocks: Iterable[Block], used: set[str], pinned: Set[str] = frozenset()) -> Blocks:
    """The same blocks with an id on each heading: its own, or one made of its words; `used` grows by the new ids.

    `pinned` are the ids that headings of the page have of their own, which no other one may get.
    """

    def anchor(heading: Block) -> str:
        own = heading.get("id")
        base = own or slug(heading.words) or "section"
        return free_anchor(base, used, frozenset() if own else pinned)

    return tuple([_with_anchor(block, anchor(block)) if block.tag in HEADINGS else block for block in blocks])


def with_anchors(html: str, anchors: Iterable[str]) -> str:
    """Clean HTML, its headings in turn with these anchors of their own; "" leaves the one that a heading has."""
    following = iter(anchors)
    return serialize(
        _with_anchor(block, next(following, "")) if block.tag in HEADINGS else block for block in parse(html)
    )


def _with_anchor(heading: Block, anchor: str) -> Block:
    if not anchor:
        return heading
    others = tuple((name, value) for name, value in heading.attributes if name != "id")
    return replace(heading, attributes=(*others, ("id", anchor)))


def captioned(html: str, caption: str) -> str:
    """Clean HTML with a caption, which is plain text, for each of its tables; as it is without one."""
    words = Block("caption", runs=(Run(caption),))
    return serialize(_with_caption(block, words) for block in parse(html)) if caption else html


def _with_caption(block: Block, caption: Block) -> Block:
    if block.tag != "table":
        return block
    return replace(block, children=(caption, *(part for part in block.children if part.tag != "caption")))


def free_anchor(base: str, used: set[str], pinned: Set[str] = frozenset()) -> str:
    """The wanted anchor, or with the next number when it is taken already or pinned; taken from now on."""
    # Past a hundred of the same name the numbers need not be the next ones, or the search would be quadratic.
    numbers = chain(range(2, 100), count(max(100, len(used))))
    anchor = base
    while anchor in used or anchor in pinned:
        anchor = f"{base}-{next(numbers)}"
    used.add(anchor)
    return anchor
