"""What is often looked for in clean HTML: its words, whether there are any, its links and headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from .. import image_marks, text_cleaning
from .blocks import HEADINGS, IMAGE, NOTE, Block, Mark, Run, leaves
from .parsing import parse


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a rich text; `anchor` is empty unless `anchored` gave it one."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    text: str
    hreflang: str = ""


def leaf_texts(html: str) -> list[str]:
    """The words of each block of clean HTML that holds text, in reading order.

    A line break is "\\n". Footnotes are blocks; in the text around one `NOTE` holds its place, and `IMAGE`
    that of an image.
    """
    return [leaf.text for leaf in leaves(parse(html))]


def plain_text(html: str) -> str:
    """The words alone, each block, line and footnote on a line of its own; of images, their alternative texts."""
    return "\n".join("".join(map(spoken_text, leaf.runs)) for leaf in leaves(parse(html)))


def is_blank(html: str) -> bool:
    """Whether nothing is there to read: no text, or white space only."""
    return text_cleaning.is_blank(plain_text(html))


def is_one_link(html: str) -> bool:
    """Whether clean HTML is a link and nothing else."""
    blocks = parse(html)
    return (
        [(block.tag, block.attributes) for block in blocks] == [("p", ())]
        and len({run.marks[:1] for run in blocks[0].runs}) == 1
        and [mark.tag for mark in blocks[0].runs[0].marks[:1]] == ["a"]
        and "\n" not in blocks[0].text
        and IMAGE not in blocks[0].text
    )


def is_one_table(html: str) -> bool:
    """Whether clean HTML is a table without a caption of its own, and nothing else."""
    blocks = parse(html)
    return [block.tag for block in blocks] == ["table"] and all(
        part.tag != "caption" for part in blocks[0].children
    )


def headings(html: str) -> tuple[Heading, ...]:
    """The headings in reading order, with the anchors that they have: all of them if the text came from `anchored`."""
    return tuple(headings_of(parse(html))) if "<h" in html else ()


def headings_of(blocks: Iterable[Block]) -> Iterator[Heading]:
    """The same of blocks."""
    for block in blocks:
        if block.tag in HEADINGS:
            yield Heading(int(block.tag[1]), _one_line(block.text), block.get("id"))


def links(html: str) -> tuple[Link, ...]:
    """The links in reading order."""
    return tuple(link for leaf in leaves(parse(html)) for link in _links(leaf.runs))


def link_mark(run: Run) -> Mark | None:
    """The link that words stand in; None for others."""
    return next((mark for mark in run.marks if mark.tag == "a"), None)


def _links(runs: Iterable[Run]) -> Iterator[Link]:
    for mark, linked in groupby(runs, key=link_mark):
        if mark:
            text = _one_line("".join(map(spoken_text, linked)))
            yield Link(mark.get("href"), text, mark.get("hreflang"))


def spoken_text(run: Run) -> str:
    """The words of a run, without the places of footnotes; the alternative text of an image."""
    if image := run.image:
        return image_marks.read(image.attributes).text * len(run.text)
    return run.text.replace(NOTE, "")


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace(NOTE, "")
