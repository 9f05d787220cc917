"""Which attributes of editors' HTML stay, and what each may say."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from .. import fact_marks, image_marks, page_links
from ..text_cleaning import compose, remove_unwanted
from .blocks import HEADINGS, NOTE_ROLE, Attributes

SCHEMES = frozenset({"http", "https", "mailto", "tel", page_links.SCHEME})

# What the page calls notes, references to them and their list: nothing else has such ids, see `slugs`.
NOTE_IDS = re.compile(r"note(?:ref)?_[0-9]+|page_notes")

# Elements that links may lead to elsewhere: one right before a heading, or in it, gives the heading its anchor.
ANCHORED = frozenset({"a", "div", "section", "article"})

SPACE = re.compile("[\t\n\v\f\r \x85\u2028\u2029]+")
_ANCHOR = re.compile("[A-Za-z][A-Za-z0-9_-]{0,99}")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([a-zA-Z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>]+))""")


# A check gives an attribute as it is written, "" to drop it.


def _href(value: str) -> str:
    href = SPACE.sub(" ", value).strip().replace(" ", "%20")
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
    return compose(SPACE.sub(" ", value).strip(" "))


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


# Those that say something else when they are empty than when they are not there.
_SAID_EMPTY = frozenset({("img", "alt")})

# In the order in which they are written.
ATTRIBUTES: dict[str, dict[str, Callable[[str], str]]] = {
    "a": {"href": _href, "hreflang": _language},
    "abbr": {"title": _title},
    "data": {"value": _fact},
    "img": {
        "src": image_marks.parse_src,
        "alt": _title,
        "default": _title,
        "width": image_marks.parse_size,
        "height": image_marks.parse_size,
        "file": image_marks.parse_file,
    },
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


def allowed_attributes(tag: str, source: str) -> Attributes:
    checks = ATTRIBUTES.get(tag)
    if not checks:
        return ()
    found = _written(source)
    checked = ((name, check(found[name])) for name, check in checks.items() if name in found)
    return tuple((name, value) for name, value in checked if value or (tag, name) in _SAID_EMPTY)


def _written(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(source):
        found.setdefault(name.lower(), remove_unwanted(unescape("".join(values))))
    return found


def anchor_here(tag: str, source: str) -> str:
    """The name by which links lead to an element that is no heading; "" for none."""
    if tag not in ANCHORED or "=" not in source:
        return ""
    written = _written(source)
    return _anchor(written.get("id", "")) or _anchor(written.get("name", "") if tag == "a" else "")
