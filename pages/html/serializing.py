"""Blocks → clean HTML, in its one spelling: a block element per line, no indentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .blocks import IMAGE, IMAGE_TAG, NOTE, NOTE_ROLE, Attributes, Block, Mark, Run, common_prefix


class Serializer:
    """Writes blocks as HTML. What readers are sent is written by one that says something else for a footnote."""

    def html(self, blocks: Iterable[Block]) -> str:
        lines: list[str] = []
        for block in blocks:
            self.write(block, lines)
        return "\n".join(lines)

    def write(self, block: Block, lines: list[str]) -> None:
        """Adds the lines of a block."""
        words = opening(block.tag, block.attributes) + self.inline(block)
        if not block.children:
            lines.append(f"{words}</{block.tag}>")
            return
        lines.append(words)
        for child in block.children:
            self.write(child, lines)
        lines.append(f"</{block.tag}>")

    def inline(self, block: Block) -> str:
        """What stands in a block directly."""
        html = self.marked_up(block.runs)
        if not block.notes:
            return html
        notes = map(self.note, block.notes)
        first, *rest = html.split(NOTE)
        return first + "".join([next(notes, "") + part for part in rest])

    def marked_up(self, runs: tuple[Run, ...]) -> str:
        return marked_up(runs)

    def note(self, note: Block) -> str:
        return f"{opening('span', (('role', NOTE_ROLE), *note.attributes))}{self.inline(note)}</span>"


_CLEAN = Serializer()


def serialize(blocks: Iterable[Block]) -> str:
    """The HTML of blocks: `serialize(parse(html)) == html` of clean HTML."""
    return _CLEAN.html(blocks)


def marked_up(runs: Sequence[Run]) -> str:
    """The HTML of runs."""
    if len(runs) == 1 and not runs[0].marks:
        return escape(runs[0].text, quote=False).replace("\n", "<br>")
    html = ""
    opened: tuple[Mark, ...] = ()
    for text, marks in runs:
        # As `Run.image`, whose call would be one of many for each page.
        image = marks[-1] if marks and marks[-1].tag == IMAGE_TAG else None
        if image:
            marks = marks[:-1]
        if marks != opened:
            html += _tags_between(opened, marks)
            opened = marks
        html += _images(image, text) if image else escape(text, quote=False).replace("\n", "<br>")
    return html + _tags_between(opened, ()) if opened else html


def _images(image: Mark, places: str) -> str:
    """The tags of an image, one for each of its places."""
    return opening(image.tag, image.attributes) * places.count(IMAGE)


def _tags_between(opened: tuple[Mark, ...], marks: tuple[Mark, ...]) -> str:
    shared = len(common_prefix(opened, marks))
    closing = [f"</{tag}>" for tag, _attributes in reversed(opened[shared:])]
    return "".join(closing + [opening(tag, attributes) for tag, attributes in marks[shared:]])


def opening(tag: str, attributes: Attributes = ()) -> str:
    """The tag with which an element begins."""
    return f"<{tag}{written(attributes)}>" if attributes else f"<{tag}>"


def written(attributes: Attributes) -> str:
    """Attributes as they stand in a tag, each after a space."""
    return "".join([f' {name}="{_escaped(value)}"' for name, value in attributes])


def _escaped(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")
