"""Content of segments → runs of a block, with the marks of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..html import IMAGE, IMAGE_TAG, NOTE, Mark, Run
from ..text_cleaning import remove_unwanted
from ..xliff import Code, Content
from .segments import ATTRIBUTE_TEXTS, Inline

_BREAK = re.compile(r"[ ]*[\t\n\r][ \t\n\r]*")


class Writer:
    """Writes content as runs, with what its codes stand for; `notes` are the footnotes in their order."""

    def __init__(self, inlines: Mapping[str, Inline]):
        self.inlines = inlines
        self.notes: list[int] = []

    def runs(self, content: Content, marks: tuple[Mark, ...] = ()) -> Iterator[Run]:
        for part in content:
            if isinstance(part, str):
                yield Run(_BREAK.sub(" ", remove_unwanted(part)), marks)
            elif part.id in self.inlines:
                yield from self._coded(part, marks)

    def _coded(self, code: Code, marks: tuple[Mark, ...]) -> Iterator[Run]:
        inline = self.inlines[code.id]
        within, mark = marks, inline.mark
        if inline.note is not None:
            self.notes.append(inline.note)
            yield Run(NOTE)
        elif mark is None:
            yield Run("\n", marks)
        elif mark.tag == IMAGE_TAG:
            yield Run(IMAGE, (*marks, mark))
        elif mark.tag == "data":
            yield Run(inline.code.text, (*marks, mark))
        else:
            within = (*marks, mark)
        yield from self.runs(code.content or (), within)


def with_attribute(inline: Inline, text: str) -> Inline:
    """A code with another text that it carries; "" leaves the one that it has."""
    mark = inline.mark
    if mark is None or not text:
        return inline
    name = ATTRIBUTE_TEXTS[mark.tag]
    attributes = tuple((each, text if each == name else value) for each, value in mark.attributes)
    return replace(inline, mark=mark._replace(attributes=attributes))
