"""Reads pages the way tests ask about them: which elements there are, what they say, where they stand."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: tuple["Element", ...]  # the elements around it, outermost first
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self):
        return " ".join("".join(self.pieces).split())

    def __getitem__(self, name):
        return self.attributes.get(name, "")

    def has_class(self, name):
        return name in self["class"].split()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.open = [], []

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        opened = self.open.pop().tag
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data):
        for element in self.open:
            element.pieces.append(data)


def elements(html, tag="", **attributes):
    """The elements of a page in reading order: all, those of one tag, or those with attributes as given.

    Fails where elements are not closed in the order in which they were opened.
    """
    reader = _Reader()
    reader.feed(html)
    assert not reader.open, f"never closed: {[element.tag for element in reader.open]}"
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return [
        element
        for element in reader.elements
        if (not tag or element.tag == tag)
        and all(element.attributes.get(name) == value for name, value in wanted.items())
    ]


def the(html, tag="", **attributes):
    """The only such element; fails if there are none or several."""
    found = elements(html, tag, **attributes)
    assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
    return found[0]


def with_class(html, name):
    return [element for element in elements(html) if element.has_class(name)]
