"""Editors' rich text: what of it the site keeps, in one canonical spelling, and what can be read out of it.

`clean` is the only way in. The other functions take what it returned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from html import escape, unescape
from itertools import chain, compress, count, groupby, islice

import nh3

from . import fact_marks, page_links, text_cleaning
from .slugs import slug
from .text_cleaning import compose, remove_unwanted

LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th"})
HEADINGS = frozenset({"h3", "h4", "h5"})
MARKS = frozenset({"a", "strong", "em", "abbr", "span", "sup", "sub", "code", "data"})
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

# A footnote stands in the text, right after the words that it is about: `<span role="doc-footnote">…</span>`. While a
# text is read its place is this character, which no text may hold, and its words are a block within that of the text.
NOTE = "\ufffc"
NOTE_ROLE = "doc-footnote"
NOTE_OPENING = f'<span role="{NOTE_ROLE}"'
# What the page calls notes, references to them and their list: nothing else has such ids, see `slugs`.
NOTE_IDS = re.compile(r"note(?:ref)?_[0-9]+|page_notes")

REPLACED_TAGS = {
    "b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h6": "h5", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
# Other elements that end a paragraph: their text is kept, in paragraphs of its own.
BREAKS = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure",
    "figcaption", "hgroup", "center", "form", "fieldset", "legend", "details",
    "summary", "dialog", "hr",
})  # fmt: skip
ELEMENTS = MARKS | LEAVES | LISTS | FLOW - {""} | PARENTS.keys() | BREAKS | {"dl", "table", "br"}
UNREADABLE = frozenset({"script", "style", "template", "title", "select", "svg", "math", "iframe", "object"})
SCHEMES = frozenset({"http", "https", "mailto", "tel", page_links.SCHEME})

# An HTML5 parser takes quadratic time where elements nest by the ten thousand. What is longer or has more tags
# than an editor ever writes is therefore read as it stands: just as safe, but tags left open may end elsewhere.
MAX_PARSED_LENGTH, MAX_PARSED_TAGS = 100_000, 10_000

# In preformatted text: what ends a line, and spaces that nobody sees.
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN_SPACE = re.compile(r"\A(?: *\n)+|(?<![ \n])[ \n]++\Z|(?<! ) ++(?=\n)")
_TAB = " " * 4

_SPACE = re.compile("[\t\n\v\f\r \x85\u2028\u2029]+")
# Elements that links may lead to elsewhere: one right before a heading, or in it, gives the heading its anchor.
ANCHORED = frozenset({"a", "div", "section", "article"})

_ANCHOR = re.compile("[A-Za-z][A-Za-z0-9_-]{0,99}")
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|[^<]+|<")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-zA-Z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>]+))""")
_HIDDEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(sorted(UNREADABLE))})\b.*?(?:</\1[^<>]*>?|\Z)", re.DOTALL | re.IGNORECASE
)
_SPAN = re.compile(r"<span\b[^>]*>|</span>")
_HEADING = re.compile(r'^<(h[345])((?: (?:lang|dir)="[^"]*")*)(?: id="([^"]*)")?>(.*)</\1>$', re.MULTILINE)

Attributes = tuple[tuple[str, str], ...]
Mark = tuple[str, Attributes]
Run = tuple[str, tuple[Mark, ...]]  # a text within its marks; a line break is "\n"


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


@dataclass(slots=True)
class _Block:
    """A block element: those that hold text have runs, and their footnotes as children; all others children only."""

    tag: str
    attributes: Attributes = ()
    children: list[_Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


def clean(html: str) -> str:
    """The part of a text that the site renders, in canonical form: one block element per line, no indentation.

    Safe whatever it is given, in time linear in its length; `clean(clean(x)) == clean(x)`. Empty when
    nothing is left to read. The rules: unknown elements leave their text; b, i, kbd and headings of other
    levels become strong, em, code, h3 or h5; lines of preformatted text end in a br;
    text outside a block becomes a paragraph; headings stand outside lists, quotations and tables; a first row
    of headers becomes the head of its table and every header has a scope; links lead to http, https, mailto,
    tel, to a page by its key or within the site; the words of a fact name it by its key.
    """
    html = remove_unwanted(html)
    if len(html) > MAX_PARSED_LENGTH or html.count("<") > MAX_PARSED_TAGS:
        return _serialise(_parse(_HIDDEN.sub("", html)))
    return _serialise(_parse(_SANITISER.clean(html)))


_ONE_LINK = re.compile(r"<p><a [^>]*>(?:(?!</?(?:a|p|br)\b).)+</a></p>", re.DOTALL)


def is_one_link(html: str) -> bool:
    """Whether clean HTML is a link and nothing else."""
    return _ONE_LINK.fullmatch(html) is not None


def plain_text(html: str) -> str:
    """The words alone, each block, line and footnote on a line of its own."""
    return "\n".join("".join(text for text, _ in leaf.runs) for leaf in _leaves(_parse(html))).replace(
        NOTE, ""
    )


def replace_notes(html: str, replacement: Callable[[str, str], str]) -> str:
    """The same text with something else for each footnote: what is given for its attributes and for what is in it.

    The attributes, `lang` and `dir`, are as they are written, after a space.
    """
    if NOTE_OPENING not in html:
        return html
    pieces, copied, opening, depth = [], 0, None, 0
    for tag in _SPAN.finditer(html):
        if opening is None and tag[0].startswith(NOTE_OPENING):
            pieces.append(html[copied : tag.start()])
            opening, depth = tag, 0
        elif opening and tag[0] == "</span>" and not depth:
            attributes = opening[0].removeprefix(NOTE_OPENING).removesuffix(">")
            pieces.append(replacement(attributes, html[opening.end() : tag.start()]))
            opening, copied = None, tag.end()
        elif opening:
            depth += 1 if tag[0] != "</span>" else -1
    return "".join([*pieces, html[copied:]])


def without_notes(html: str) -> tuple[str, list[str]]:
    """A text with `NOTE` in the place of each footnote, and what is in the footnotes."""
    notes: list[str] = []
    return replace_notes(html, lambda _attributes, inner: notes.append(inner) or NOTE), notes


def is_blank(html: str) -> bool:
    """Whether nothing is there to read: no text, or white space only."""
    return text_cleaning.is_blank(plain_text(html))


def headings(html: str) -> tuple[Heading, ...]:
    """The headings in reading order, with the anchors that they have: all of them if the text came from `anchored`."""
    return tuple(
        Heading(int(tag[1]), _one_line(_words(inner)), anchor)
        for tag, _, anchor, inner in _HEADING.findall(html)
    )


def links(html: str) -> tuple[Link, ...]:
    """The links in reading order."""
    return tuple(link for leaf in _leaves(_parse(html)) for link in _links(leaf.runs))


def anchored(html: str, used: set[str], pinned: Set[str] = frozenset()) -> str:
    """The same text with an id on each heading: its own, or one made of its words; `used` grows by the new ids.

    `pinned` are the ids that headings of the page have of their own, which no other one may get.
    """

    def with_id(heading: re.Match[str]) -> str:
        tag, language, own, inner = heading.groups()
        base = own or slug(_words(inner)) or "section"
        anchor = free_anchor(base, used, frozenset() if own else pinned)
        return f'<{tag}{language} id="{anchor}">{inner}</{tag}>'

    return _HEADING.sub(with_id, html)


def with_anchors(html: str, anchors: Iterable[str]) -> str:
    """The same text, its headings in turn with these anchors of their own; "" leaves the one that a heading has."""
    following = iter(anchors)

    def with_id(heading: re.Match[str]) -> str:
        tag, language, own, inner = heading.groups()
        anchor = next(following, "") or own
        return f'<{tag}{language} id="{anchor}">{inner}</{tag}>' if anchor else heading[0]

    return _HEADING.sub(with_id, html)


def _words(inner: str) -> str:
    """What a heading says, without its footnotes."""
    leaf = next(_leaves(_parse(inner)), None)
    return "".join(text for text, _ in leaf.runs).replace(NOTE, "") if leaf else ""


def free_anchor(base: str, used: set[str], pinned: Set[str] = frozenset()) -> str:
    """The wanted anchor, or with the next number when it is taken already or pinned; taken from now on."""
    # Past a hundred of the same name the numbers need not be the next ones, or the search would be quadratic.
    numbers = chain(range(2, 100), count(max(100, len(used))))
    anchor = base
    while anchor in used or anchor in pinned:
        anchor = f"{base}-{next(numbers)}"
    used.add(anchor)
    return anchor


# Attributes: what each may say, in the order in which they are written. A check returns "" to drop it.


def _href(value: str) -> str:
    href = _SPACE.sub(" ", value).strip().replace(" ", "%20")
    scheme, colon, rest = href.partition(":")
    if colon and re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme, re.IGNORECASE):
        href = f"{scheme.lower()}:{rest}" if scheme.lower() in SCHEMES else ""
        return "" if href.startswith(page_links.PREFIX) and not page_links.parse_href(href) else href
    # "//host" and its spellings with backslashes look like a path but lead to another site.
    return "" if re.match(r"[/\\]{2}|\\", href) else href


def _fact(value: str) -> str:
    return value if fact_marks.parse_value(value) else ""


def _language(value: str) -> str:
    return value if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value, re.IGNORECASE) else ""


def _title(value: str) -> str:
    return compose(_SPACE.sub(" ", value).strip(" "))


def _anchor(value: str) -> str:
    """An id that links can name, and that none of the site's own ids is like: see `NOTE_IDS`."""
    return value if _ANCHOR.fullmatch(value) and not NOTE_IDS.fullmatch(value) else ""


def _span(value: str) -> str:
    """1 is what a cell spans without saying so."""
    return value if re.fullmatch(r"[2-9]|[1-4][0-9]|50", value) else ""


def _one_of(*words: str) -> Callable[[str], str]:
    return lambda value: value.lower() if value.lower() in words else ""


# The language of what is inside, and the side from which it is written: of a passage, a paragraph, a list or a table.
_IN_LANGUAGE: dict[str, Callable[[str], str]] = {"lang": _language, "dir": _one_of("ltr", "rtl", "auto")}


def _first_number(value: str) -> str:
    """1 is where numbers begin without saying so."""
    return "" if value == "1" or not re.fullmatch(r"0|-?[1-9][0-9]{0,4}", value) else value


def _numbering(value: str) -> str:
    """The type of a list: 1 is the one that it has without saying so; small letters and capitals are not the same."""
    return value if value in ("a", "A", "i", "I") else ""


_ATTRIBUTES: dict[str, dict[str, Callable[[str], str]]] = {
    "a": {"href": _href, "hreflang": _language},
    "abbr": {"title": _title},
    "data": {"value": _fact},
    "th": {
        "scope": _one_of("col", "row", "colgroup", "rowgroup"),
        "colspan": _span,
        "rowspan": _span,
        **_IN_LANGUAGE,
    },
    "td": {"colspan": _span, "rowspan": _span, **_IN_LANGUAGE},
    "span": {"role": _one_of(NOTE_ROLE), **_IN_LANGUAGE},
    **dict.fromkeys(("p", "li", "dl", "dt", "dd", "blockquote", "table", "ul"), _IN_LANGUAGE),
    **dict.fromkeys(sorted(HEADINGS), {**_IN_LANGUAGE, "id": _anchor}),
    "ol": {
        "start": _first_number,
        "type": _numbering,
        "reversed": lambda _value: "reversed",  # as it is written where attributes have values
        **_IN_LANGUAGE,
    },
}

# Reads HTML as browsers do and leaves well nested what may stay. What follows trusts it in nothing.
_SANITISER = nh3.Cleaner(
    tags={*ELEMENTS, *REPLACED_TAGS},
    clean_content_tags=UNREADABLE,
    attributes={
        tag: {*_ATTRIBUTES.get(REPLACED_TAGS.get(tag, tag), ()), *(("id", "name") if tag in ANCHORED else ())}
        for tag in {*ELEMENTS, *REPLACED_TAGS}
    },
    url_schemes=SCHEMES,
    link_rel=None,
)


def _attributes(tag: str, source: str) -> Attributes:
    checks = _ATTRIBUTES.get(tag)
    if not checks:
        return ()
    found = _written(source)
    checked = ((name, check(found[name])) for name, check in checks.items() if name in found)
    return tuple((name, value) for name, value in checked if value)


def _written(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), remove_unwanted(unescape("".join(values))))
    return found


def _anchor_here(tag: str, source: str) -> str:
    """The name by which links lead to an element that is no heading; "" for none."""
    if tag not in ANCHORED or "=" not in source:
        return ""
    written = _written(source)
    return _anchor(written.get("id", "")) or _anchor(written.get("name", "") if tag == "a" else "")


# Editing words: what is found in a text is replaced within the marks that it has.

Edit = tuple[int, int, str]  # from where to where in a text, and what comes there


def leaf_texts(html: str) -> list[str]:
    """The words of each block of clean HTML that holds text, in reading order.

    A line break is "\\n". Footnotes are blocks; in the text around one `NOTE` holds its place.
    """
    return ["".join(text for text, _ in leaf.runs) for leaf in _leaves(_parse(html))]


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """A plain text with its edits, which do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edited(html: str, edits: Callable[[str], Iterable[Edit]]) -> str:
    """Clean HTML with the words of each block edited; `edits` is asked for each of `leaf_texts` in turn.

    New words have the marks of the first character that they replace.
    """
    root = _parse(html)
    for leaf in _leaves(root):
        text = "".join(part for part, _ in leaf.runs)
        for start, end, new in sorted(edits(text), reverse=True):
            notes = NOTE * text.count(NOTE, start, end)  # they stay, after the new words
            leaf.runs = list(_edited_runs(leaf.runs, start, end, new + notes))
    return clean(_serialise(root))


def _edited_runs(runs: list[Run], start: int, end: int, new: str) -> Iterator[Run]:
    position = 0
    for text, marks in runs:
        first, last = max(start - position, 0), max(end - position, 0)
        begins_here = position <= start < position + len(text)
        yield text[:first] + (new if begins_here else "") + text[last:], marks
        position += len(text)


# Reading: from tags to blocks that nest only as the site allows.


def _parse(html: str) -> _Block:
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
            tree.take_anchor(_anchor_here(tag, attributes))
            tree.start(tag, _attributes(tag, attributes))
    return _normalised(tree.root) or _Block("")


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
            self._add_run(_SPACE.sub(" ", text))

    def _add_run(self, text: str) -> None:
        if self.leaf is None:
            if not text.strip(" "):
                return
            self._open_implied()
            self.leaf, self.anchor = self._add("p", self.paragraph), ""
        self.leaf.runs.append((text, tuple(self.marks[self.note_marks :])))

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "br":
            self._add_run("\n")
        elif tag in BREAKS:
            self._break()
            self.paragraph = attributes
        elif ("role", NOTE_ROLE) in attributes:
            self._open_note(attributes[1:])
        else:
            self._open(tag, attributes)

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
                self.marks.append((tag, attributes))
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
        if tag in _ATTRIBUTES and not attributes or tag == "a" and attributes[0][0] != "href":
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
    return [(compose("".join(texts)), marks) for texts, marks in result]


def _normalised_runs(runs: list[Run]) -> list[Run]:
    """White space between words becomes one space, or the line breaks in it, and leaves the marks that end there.

    "a<em> b</em>" becomes "a <em>b</em>": what is stressed or linked begins and ends with a word.
    """
    result: list[tuple[list[str], tuple[Mark, ...]]] = []
    gap, gap_marks = "", ()
    for text, marks in runs:
        word = text.strip(" \n")
        if text[:1] in (" ", "\n"):
            gap, gap_marks = _widen_gap(gap, text), _common_prefix(gap_marks, marks) if gap else marks
        if not word:
            continue
        if text == NOTE and gap == " ":
            gap = ""  # it stands right after a word
        if result and gap:
            _append(result, gap, _common_prefix(_common_prefix(gap_marks, marks), result[-1][1]))
        _append(result, word, marks)
        gap, gap_marks = (" ", marks) if text[-1] == " " else ("", ())
    return [(compose("".join(texts)), marks) for texts, marks in result]


def _widen_gap(gap: str, text: str) -> str:
    """Line breaks count, and swallow the spaces around them; a space counts once."""
    return gap.strip(" ") + "\n" if text == "\n" else gap or " "


def _append(runs: list[tuple[list[str], tuple[Mark, ...]]], text: str, marks: tuple[Mark, ...]) -> None:
    if runs and runs[-1][1] == marks:
        runs[-1][0].append(text)
    else:
        runs.append(([text], marks))


def _common_prefix(first: tuple[Mark, ...], second: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that both begin with."""
    shared = 0
    for mark, other in zip(first, second, strict=False):
        if mark != other:
            break
        shared += 1
    return first[:shared]


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
    """Whether a row has headers and nothing else, but for empty corners."""
    headers = [cell for cell in row.children if cell.tag == "th"]
    return bool(headers) and all(cell in headers or not cell.children for cell in row.children)


def _scope(row: _Block, *, first: str, others: str) -> None:
    for index, cell in enumerate(row.children):
        if cell.tag == "th" and "scope" not in dict(cell.attributes):
            cell.attributes = (("scope", others if index else first), *cell.attributes)


# Writing.


def _serialise(root: _Block) -> str:
    return "\n".join(line for block in root.children for line in _lines(block))


def _lines(block: _Block) -> Iterator[str]:
    opening, closing = _opening(block.tag, block.attributes), f"</{block.tag}>"
    if block.runs or not block.children:
        yield opening + _inline(block) + closing
        return
    inner, rest = "", block.children
    if block.tag in ("li", "dd") or block.tag in CELLS:
        inner, rest = _first_words(block.children)
    if not rest:
        yield opening + inner + closing
        return
    yield opening + inner
    for child in rest:
        yield from _lines(child)
    yield closing


def _first_words(blocks: list[_Block]) -> tuple[str, list[_Block]]:
    """The only paragraph of an item or cell goes without tags of its own, before the lists that follow it."""
    first, *rest = blocks
    if first.tag == "p" and not first.attributes and all(block.tag in LISTS for block in rest):
        return _inline(first), rest
    return "", blocks


def _inline(block: _Block) -> str:
    pieces: list[str] = []
    opened: tuple[Mark, ...] = ()
    for text, marks in [*block.runs, ("", ())]:
        shared = len(_common_prefix(opened, marks))
        pieces += [f"</{tag}>" for tag, _ in reversed(opened[shared:])]
        pieces += [_opening(*mark) for mark in marks[shared:]]
        pieces.append(escape(text, quote=False).replace("\n", "<br>"))
        opened = marks
    inline = "".join(pieces)
    notes = map(_written_note, block.children)
    return re.sub(NOTE, lambda _place: next(notes, ""), inline) if block.children else inline


def _written_note(note: _Block) -> str:
    return _opening("span", (("role", NOTE_ROLE), *note.attributes)) + _inline(note) + "</span>"


def _opening(tag: str, attributes: Attributes) -> str:
    written = "".join(f' {name}="{_escaped(value)}"' for name, value in attributes)
    return f"<{tag}{written}>"


def _escaped(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


# Looking.


def _leaves(block: _Block) -> Iterator[_Block]:
    if block.runs:
        yield block
    for child in block.children:
        yield from _leaves(child)


def _links(runs: list[Run]) -> Iterator[Link]:
    for mark, linked in groupby(runs, key=lambda run: next((m for m in run[1] if m[0] == "a"), None)):
        if mark:
            attributes = dict(mark[1])
            text = _one_line("".join(text for text, _ in linked))
            yield Link(attributes["href"], text, attributes.get("hreflang", ""))


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace(NOTE, "")
