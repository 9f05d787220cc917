"""Editors' HTML → clean HTML: what of it the site keeps, in one canonical spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import chain, compress, islice

import nh3

from .. import image_marks, text_cleaning
from ..text_cleaning import compose, remove_unwanted
from .attributes import ANCHORED, ATTRIBUTES, SCHEMES, SPACE, allowed_attributes, anchor_here
from .blocks import (
    CELLS,
    HEADINGS,
    IMAGE,
    IMAGE_TAG,
    LISTS,
    MARKS,
    NOTE,
    NOTE_ROLE,
    Attributes,
    Block,
    Blocks,
    Mark,
    Run,
    common_prefix,
)
from .serializing import serialize

LEAVES = HEADINGS | {"caption", "dt", "pre"}  # those that hold text and no blocks; so does a paragraph

# What may hold paragraphs and other blocks; "" is the whole text.
FLOW = frozenset({"", "li", "dd", "blockquote", *CELLS})

# Where the parts of a larger block belong; anywhere else they are only an end of paragraph.
PARENTS = {
    "li": LISTS,
    **dict.fromkeys(("dt", "dd"), {"dl"}),
    **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), {"table"}),
    "tr": {"table", "thead", "tbody", "tfoot"},
    **dict.fromkeys(CELLS, {"tr"}),
}
# What is understood where text stands in a block that holds no text.
IMPLIED_CHILD = {
    **dict.fromkeys(LISTS, "li"),
    "dl": "dd",
    **dict.fromkeys(PARENTS["tr"], "tr"),
    "tr": "td",
}

MAX_LIST_DEPTH = 6

REPLACED_TAGS = {
    "b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h6": "h5", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
# Other elements that end a paragraph: their text is kept, in paragraphs of its own.
BREAKS = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure",
    "figcaption", "hgroup", "center", "form", "fieldset", "legend", "details",
    "summary", "dialog", "hr",
})  # fmt: skip
ELEMENTS = MARKS | LEAVES | LISTS | FLOW - {""} | PARENTS.keys() | BREAKS | {"dl", "table", "br", IMAGE_TAG}
UNREADABLE = frozenset({"script", "style", "template", "title", "select", "svg", "math", "iframe", "object"})

# An HTML5 parser takes quadratic time where elements nest by the ten thousand. What is longer or has more tags
# than an editor ever writes is therefore read as it stands: just as safe, but tags left open may end elsewhere.
MAX_PARSED_LENGTH, MAX_PARSED_TAGS = 100_000, 10_000

# In preformatted text: what ends a line, and spaces that nobody sees.
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN_SPACE = re.compile(r"\A(?: *\n)+|(?<![ \n])[ \n]++\Z|(?<! ) ++(?=\n)")
_TAB = " " * 4

_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|[^<]+|<")
_HIDDEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(sorted(UNREADABLE))})\b.*?(?:</\1[^<>]*>?|\Z)", re.DOTALL | re.IGNORECASE
)


def clean(html: str) -> str:
    """The part of a text that the site renders, in canonical form: one block element per line, no indentation.

    Safe whatever it is given, in time linear in its length; `clean(clean(x)) == clean(x)`. Empty when
    nothing is left to read. The rules: unknown elements leave their text; b, i, kbd and headings of other
    levels become strong, em, code, h3 or h5; lines of preformatted text end in a br;
    text outside a block becomes a paragraph; headings stand outside lists, quotations and tables; a first row
    of headers becomes the head of its table and every header has a scope; links lead to http, https, mailto,
    tel, to a page by its key or within the site; the words of a fact name it by its key, and so does an image, which
    stands among words, in an item or in a cell, and nowhere else.
    """
    html = remove_unwanted(html)
    if len(html) > MAX_PARSED_LENGTH or html.count("<") > MAX_PARSED_TAGS:
        return serialize(sanitized(_HIDDEN.sub("", html)))
    return serialize(sanitized(_SANITISER.clean(html)))


@dataclass(slots=True)
class _Block:
    """A block that is being built: those that hold text have runs, and their footnotes as children; all others
    children only.
    """

    tag: str
    attributes: Attributes = ()
    children: list[_Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


# Reads HTML as browsers do and leaves well nested what may stay. What follows trusts it in nothing.
_SANITISER = nh3.Cleaner(
    tags={*ELEMENTS, *REPLACED_TAGS},
    clean_content_tags=UNREADABLE,
    attributes={
        tag: {*ATTRIBUTES.get(REPLACED_TAGS.get(tag, tag), ()), *(("id", "name") if tag in ANCHORED else ())}
        for tag in {*ELEMENTS, *REPLACED_TAGS}
    },
    url_schemes=SCHEMES | {image_marks.SCHEME},
    link_rel=None,
)


def sanitized(html: str) -> Blocks:
    """The blocks of HTML whose tags nest in whatever way."""
    tree = _TreeBuilder()
    for token in _TOKEN.finditer(html):
        closing, tag, attributes = token.groups()
        if not tag:
            tree.text(remove_unwanted(unescape(token[0])))
            continue
        tag = REPLACED_TAGS.get(tag.lower(), tag.lower())
        if tag not in ELEMENTS:
            continue
        if closing:
            tree.end(tag)
        else:
            tree.take_anchor(anchor_here(tag, attributes))
            tree.start(tag, allowed_attributes(tag, attributes))
    root = _normalised(tree.root)
    return _finished(root).children if root else ()


class _TreeBuilder:
    """Builds blocks from start tags, end tags and texts, whatever their order; depth is bounded."""

    def __init__(self) -> None:
        self.root = _Block("")
        self.path = [self.root]  # the blocks now open
        self.leaf: _Block | None = None  # the one of them that takes text
        self.paragraph: Attributes = ()  # what the paragraph that is open says of itself
        self.marks: list[Mark] = []
        self.opened: list[tuple[str, int, int]] = []  # tags, with the lengths of path and marks before them
        self.pending: dict[str, int] = {}  # how many of each tag are in `opened`
        self.note: _Block | None = None  # the footnote that is open, if there is one
        self.note_host: _Block | None = None  # the block in whose text it stands
        self.note_depth = 0  # how many tags are in `opened` with it
        self.note_marks = 0  # how many marks are not of its own
        self.anchor = ""  # of an element after which no text has come yet

    def take_anchor(self, anchor: str) -> None:
        """Gives an anchor to the heading that is open, if it has none, or keeps it for one that follows."""
        if anchor and self.leaf and self.leaf.tag in HEADINGS:
            self._pin(self.leaf, anchor)
        elif anchor:
            self.anchor = anchor

    def _pin(self, heading: _Block, anchor: str) -> None:
        if anchor and "id" not in dict(heading.attributes):
            heading.attributes = (*heading.attributes, ("id", anchor))

    def text(self, text: str) -> None:
        if self.leaf and self.leaf.tag == "pre":
            self._add_run(_LINE_END.sub("\n", text).replace("\t", _TAB))
        else:
            self._add_run(SPACE.sub(" ", text))

    def _add_run(self, text: str) -> None:
        if self.leaf is None:
            if not text.strip(" "):
                return
            self._open_implied()
            self.leaf, self.anchor = self._add("p", self.paragraph), ""
        self.leaf.runs.append(Run(text, tuple(self.marks[self.note_marks :])))

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "br":
            self._add_run("\n")
        elif tag == IMAGE_TAG:
            self._add_image(attributes)
        elif tag in BREAKS:
            self._break()
            self.paragraph = attributes
        elif ("role", NOTE_ROLE) in attributes:
            self._open_note(attributes[1:])
        else:
            self._open(tag, attributes)

    def _add_image(self, attributes: Attributes) -> None:
        """Adds an image of the library; none in a heading, a caption, a term, code or a footnote."""
        is_ours = attributes[:1] and attributes[0][0] == "src"
        if not is_ours or self.note or self.leaf and self.leaf.tag in LEAVES:
            return
        self.marks.append(Mark(IMAGE_TAG, image_marks.read(attributes).attributes))
        self._add_run(IMAGE)
        self.marks.pop()

    def end(self, tag: str) -> None:
        if tag in BREAKS:
            self._break()
            self.paragraph = ()
        if not self.pending.get(tag):
            return
        name = ""
        while name != tag:
            name, depth, marks = self.opened.pop()
            self.pending[name] -= 1
            del self.path[depth:], self.marks[marks:]
        if self.note and len(self.opened) < self.note_depth:
            self.leaf, self.note, self.note_marks = self.note_host, None, 0
        if tag not in MARKS and not self.note:
            self.leaf = None

    def _open_note(self, attributes: Attributes) -> None:
        """Opens a footnote at its place in the text; it is none within another one and in code."""
        self.opened.append(("span", len(self.path), len(self.marks)))
        self.pending["span"] = self.pending.get("span", 0) + 1
        if self.note or self.leaf and self.leaf.tag == "pre":
            return
        marks, self.marks = self.marks, []
        self._add_run(NOTE)
        self.marks = marks
        self.note, self.note_host = _Block("note", attributes), self.leaf
        self.leaf.children.append(self.note)
        self.leaf, self.note_depth, self.note_marks = self.note, len(self.opened), len(marks)

    def _open(self, tag: str, attributes: Attributes) -> None:
        self.opened.append((tag, len(self.path), len(self.marks)))
        self.pending[tag] = self.pending.get(tag, 0) + 1
        if tag in MARKS:
            if self._is_new(tag, attributes):
                self.marks.append(Mark(tag, attributes))
        elif not self._fits(tag):
            self._break()
        elif tag in LEAVES:
            self._open_implied(tag)
            self.leaf, self.paragraph = self._add(tag, attributes), ()
            if tag in HEADINGS:
                self._pin(self.leaf, self.anchor)
            self.anchor = ""
        else:
            self.leaf, self.paragraph = None, ()
            self._open_implied(tag)
            self.path.append(self._add(tag, attributes))

    def _is_new(self, tag: str, attributes: Attributes) -> bool:
        """Whether a mark says something, and something that the marks around it do not."""
        if tag in ATTRIBUTES and not attributes or tag == "a" and attributes[0][0] != "href":
            return False
        open_marks = [mark for mark in self.marks[self.note_marks :] if mark[0] == tag]
        return not open_marks or tag == "span" and len(open_marks) < 2 and (tag, attributes) not in open_marks

    def _fits(self, tag: str) -> bool:
        if self.note:
            return False
        open_tags = [block.tag for block in self.path]
        if tag in PARENTS:
            return open_tags[-1] in PARENTS[tag]
        if tag in HEADINGS:
            return len(open_tags) == 1
        if tag == "pre":
            return self.leaf is None or self.leaf.tag == "p"
        if tag in LISTS:
            return sum(other in LISTS for other in open_tags) < MAX_LIST_DEPTH
        return not {tag, "table"} & set(open_tags)

    def _break(self) -> None:
        """Ends a paragraph; a heading or caption, which has only one, goes on after a space, and code on a new line."""
        if self.leaf is None or self.leaf.tag == "p":
            self.leaf = None
        elif self.leaf.tag != "pre":
            self._add_run(" ")
        elif self.leaf.runs and not self.leaf.runs[-1][0].endswith("\n"):
            self._add_run("\n")

    def _open_implied(self, tag: str = "") -> None:
        """Opens what a text or block needs around it, such as the item of a list."""
        while self.path[-1].tag not in FLOW and tag not in PARENTS:
            parent, implied = self.path[-1], IMPLIED_CHILD[self.path[-1].tag]
            last = parent.children[-1] if parent.children else None
            self.path.append(last if last and last.tag == implied else self._add(implied))

    def _add(self, tag: str, attributes: Attributes = ()) -> _Block:
        block = _Block(tag, attributes)
        self.path[-1].children.append(block)
        return block


# Tidying: what is empty goes, white space collapses, tables get their parts.


def _normalised(block: _Block) -> _Block | None:
    """The block without its empty parts; None when it is empty itself."""
    if block.runs:
        _drop_empty_notes(block)
        block.runs = _normalised_code(block.runs) if block.tag == "pre" else _normalised_runs(block.runs)
        return None if text_cleaning.is_blank("".join(text for text, _ in block.runs)) else block
    block.children = [child for child in map(_normalised, block.children) if child]
    if block.tag == "table":
        return _normalised_table(block)
    if block.tag in FLOW - CELLS:
        block.children = list(chain.from_iterable(map(_split_up, block.children)))
    return block if block.children or block.tag in CELLS else None


def _drop_empty_notes(block: _Block) -> None:
    notes = list(map(_normalised, block.children))
    following = iter(notes)
    block.runs = [run for run in block.runs if run[0] != NOTE or next(following)]
    block.children = [note for note in notes if note]


def _split_up(block: _Block) -> Iterable[_Block]:
    """A list of terms without a definition, or of definitions without a term, is none: its paragraphs alone."""
    if block.tag != "dl" or len({child.tag for child in block.children}) == 2:
        return (block,)
    paragraphs = ((child,) if child.runs else child.children for child in block.children)
    return (
        replace(child, tag="p") if child.tag == "dt" else child for child in chain.from_iterable(paragraphs)
    )


def _normalised_code(runs: list[Run]) -> list[Run]:
    """Spaces and empty lines stay, but for those at the ends of the text and of its lines; all of it is code."""
    text = "".join(text for text, _ in runs)
    is_seen = bytearray(b"\1" * len(text))
    for space in _UNSEEN_SPACE.finditer(text):
        is_seen[space.start() : space.end()] = bytes(len(space[0]))
    seen = iter(is_seen)
    result: list[tuple[list[str], tuple[Mark, ...]]] = []
    for text, marks in runs:
        if kept := "".join(compress(text, islice(seen, len(text)))):
            _append(result, kept, tuple(mark for mark in marks if mark[0] != "code"))
    return [Run(compose("".join(texts)), marks) for texts, marks in result]


def _normalised_runs(runs: list[Run]) -> list[Run]:
    """White space between words becomes one space, or the line breaks in it, and leaves the marks that end there.

    "a<em> b</em>" becomes "a <em>b</em>": what is stressed or linked begins and ends with a word.
    """
    result: list[tuple[list[str], tuple[Mark, ...]]] = []
    gap, gap_marks = "", ()
    for text, marks in runs:
        word = text.strip(" \n")
        if text[:1] in (" ", "\n"):
            gap, gap_marks = _widen_gap(gap, text), common_prefix(gap_marks, marks) if gap else marks
        if not word:
            continue
        if text == NOTE and gap == " ":
            gap = ""  # it stands right after a word
        if result and gap:
            _append(result, gap, common_prefix(common_prefix(gap_marks, marks), result[-1][1]))
        _append(result, word, marks)
        gap, gap_marks = (" ", marks) if text[-1] == " " else ("", ())
    return [Run(compose("".join(texts)), marks) for texts, marks in result]


def _widen_gap(gap: str, text: str) -> str:
    """Line breaks count, and swallow the spaces around them; a space counts once."""
    return gap.strip(" ") + "\n" if text == "\n" else gap or " "


def _append(runs: list[tuple[list[str], tuple[Mark, ...]]], text: str, marks: tuple[Mark, ...]) -> None:
    if runs and runs[-1][1] == marks:
        runs[-1][0].append(text)
    else:
        runs.append(([text], marks))


def _normalised_table(table: _Block) -> _Block | None:
    """A table as caption, head and one body, its headers with their scopes; None when no cell says anything."""
    captions = [part for part in table.children if part.tag == "caption"][:1]
    rows: dict[str, list[_Block]] = {"thead": [], "tbody": [], "tfoot": []}
    for part in table.children:
        if part.tag == "tr":
            rows["tbody"].append(part)
        elif part.tag in rows:
            rows[part.tag] += part.children
    head, body = rows["thead"], rows["tbody"] + rows["tfoot"]
    if not any(cell.children for row in head + body for cell in row.children):
        return None
    if not head:
        head, body = _split_header_rows(body)
    for row in head:
        _scope(row, first="col", others="col")
    for index, row in enumerate(body):
        _scope(row, first="row", others="row" if head or index else "col")
    parts = [_Block(tag, children=part) for tag, part in (("thead", head), ("tbody", body)) if part]
    return _Block("table", table.attributes, [*captions, *parts])


def _split_header_rows(rows: list[_Block]) -> tuple[list[_Block], list[_Block]]:
    """The rows of headers that a table begins with, and the others. A header over two rows takes both along."""
    height = max(int(dict(cell.attributes).get("rowspan", 1)) for cell in rows[0].children)
    if all(_is_head(row) for row in rows[:height]):
        return rows[:height], rows[height:]
    return [], rows


def _is_head(row: _Block) -> bool:
    """Whether a row has headers and nothing else, but for empty corners.

    A row whose only headers say that they head it is one of the body, of which the other cells are empty.
    """
    headers = [cell for cell in row.children if cell.tag == "th"]
    others = [cell for cell in row.children if cell.tag != "th"]
    if others and all(("scope", "row") in cell.attributes for cell in headers):
        return False
    return bool(headers) and not any(cell.children for cell in others)


def _scope(row: _Block, *, first: str, others: str) -> None:
    for index, cell in enumerate(row.children):
        if cell.tag == "th" and "scope" not in dict(cell.attributes):
            cell.attributes = (("scope", others if index else first), *cell.attributes)


# What it comes to.


def _finished(block: _Block) -> Block:
    children = tuple(map(_finished, block.children)) if block.children else ()
    if block.runs:
        return Block(block.tag, block.attributes, tuple(block.runs), notes=children)
    if block.tag in ("li", "dd") or block.tag in CELLS:
        return _with_first_words(Block(block.tag, block.attributes, children=children))
    return Block(block.tag, block.attributes, children=children)


def _with_first_words(block: Block) -> Block:
    """The only paragraph of an item or cell goes without tags of its own, before the lists that follow it."""
    first, *rest = block.children or (block,)
    if first.tag == "p" and not first.attributes and all(child.tag in LISTS for child in rest):
        return replace(block, runs=first.runs, notes=first.notes, children=tuple(rest))
    return block
