"""Clean HTML → blocks: the one reading of rich text, for whatever is looked for in it.

What `clean` wrote is read exactly, and `serialize` writes it again. Any other text is read without raising, in time
linear in its length: what is never closed ends with the text, and words outside a block are a paragraph.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from .blocks import IMAGE, IMAGE_TAG, MARKS, NOTE, NOTE_ROLE, Attributes, Block, Blocks, Mark, Run

# What holds no blocks, whatever follows.
_WORDS_ALONE = frozenset({"p", "note"})

# Deeper than clean HTML ever nests; what is deeper is read as if it stood here.
MAX_DEPTH = 60

# A tag, and where words and the end of the element follow right after it, as they mostly do, all of these.
_TOKEN = re.compile(r"<(?:/([a-zA-Z][a-zA-Z0-9]*)[^<>]*|([a-zA-Z][a-zA-Z0-9]*)([^<>]*)(?:>([^<>]+)</\2)?)>")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def parse(html: str) -> Blocks:
    """Returns the blocks of clean HTML."""
    reader = _Reader()
    tokens = iter(_TOKEN.split(html))
    reader.add_text(next(tokens))
    for ended, tag, source, words, text in zip(tokens, tokens, tokens, tokens, tokens, strict=True):
        if ended:
            reader.end(ended)
        elif words is None:
            reader.start(tag, source)
        elif tag in MARKS:
            reader.start(tag, source)
            reader.add_text(words)
            reader.end(tag)
        else:
            reader.add_leaf(tag, source, words)
        if text and text != "\n":  # which parts blocks
            reader.add_text(text)
    return reader.blocks()


class _Open:
    """A block that is being read."""

    __slots__ = ("attributes", "children", "notes", "runs", "tag")

    def __init__(self, tag: str, attributes: Attributes = ()):
        self.tag = tag
        self.attributes = attributes
        self.runs: list[Run] = []
        self.children: list[Block] = []
        self.notes: list[Block] = []


class _Reader:
    """Takes tags and texts in turn."""

    def __init__(self) -> None:
        self.block = _Open("")  # the innermost one that is open
        self.around: list[_Open] = []
        self.marks: tuple[Mark, ...] = ()

    def blocks(self) -> Blocks:
        while self.around:
            self._finish()
        return tuple(self.block.children)

    def add_text(self, text: str) -> None:
        if not self.block.runs and self.block.tag != "pre" and not text.strip(" \n"):
            return
        if "&" in text:
            text = unescape(text)
        self.add_run(text.replace("\n", " ") if "\n" in text else text)

    def add_run(self, text: str, *marks: Mark) -> None:
        if self.block.children or not self.around:
            self._start("p")
        self.block.runs.append(Run(text, self.marks + marks))

    def add_image(self, image: Mark) -> None:
        """Adds an image; one and the same right after itself belongs to the same run."""
        last = self.block.runs[-1] if self.block.runs and not self.block.children else None
        if last and last.marks == (*self.marks, image):
            self.block.runs[-1] = Run(last.text + IMAGE, last.marks)
        else:
            self.add_run(IMAGE, image)

    def start(self, tag: str, source: str) -> None:
        if tag in MARKS:
            self._start_mark(_mark(tag, source))
        elif tag == "br":
            self.add_run("\n")
        elif tag == IMAGE_TAG:
            self.add_image(_mark(tag, source))
        else:
            self._end_words()
            if len(self.around) < MAX_DEPTH:
                self._start(tag, _attributes(source))

    def end(self, tag: str) -> None:
        if tag in MARKS:
            self._end_mark(tag)
            return
        if self.block.tag != tag:
            self._end_words()
        if self.block.tag == tag:
            self._finish()
        elif any(block.tag == tag for block in self.around):
            while self._finish() != tag:
                pass

    def add_leaf(self, tag: str, source: str, words: str) -> None:
        """Adds a block that has words and nothing else."""
        if "\n" in words or words[0] == " " or words[-1] == " ":
            self.start(tag, source)
            self.add_text(words)
            self.end(tag)
            return
        if self.block.tag in _WORDS_ALONE:
            self._end_words()
        self.block.children.append(
            Block(tag, _attributes(source), (Run(unescape(words) if "&" in words else words, ()),))
        )

    def _start_mark(self, mark: Mark) -> None:
        if mark.attributes[:1] == (("role", NOTE_ROLE),) and self.block.tag != "note":
            self.marks = ()
            self.add_run(NOTE)
            self._start("note", mark.attributes[1:])
        elif len(self.marks) < MAX_DEPTH:
            self.marks = (*self.marks, mark)

    def _end_mark(self, tag: str) -> None:
        for index in range(len(self.marks) - 1, -1, -1):
            if self.marks[index].tag == tag:
                self.marks = self.marks[:index] + self.marks[index + 1 :]
                return
        if tag == "span" and self.block.tag == "note":
            self._finish()

    def _end_words(self) -> None:
        """Ends what holds no blocks, where one begins or ends."""
        while self.block.tag in _WORDS_ALONE:
            self._finish()

    def _start(self, tag: str, attributes: Attributes = ()) -> None:
        self.around.append(self.block)
        self.block = _Open(tag, attributes)

    def _finish(self) -> str:
        """Ends the innermost block, and returns its tag."""
        done, self.block, self.marks = self.block, self.around.pop(), ()
        if done.runs and done.runs[-1].text[-1:] == " ":
            done.runs[-1] = Run(done.runs[-1].text.rstrip(" "), done.runs[-1].marks)
        siblings = self.block.notes if done.tag == "note" else self.block.children
        siblings.append(
            Block(done.tag, done.attributes, tuple(done.runs), tuple(done.children), tuple(done.notes))
        )
        return done.tag


@lru_cache(maxsize=1000)
def _mark(tag: str, source: str) -> Mark:
    return Mark(tag, _attributes(source))


@lru_cache(maxsize=1000)
def _attributes(source: str) -> Attributes:
    return tuple((name, unescape(value)) for name, value in _ATTRIBUTE.findall(source))
