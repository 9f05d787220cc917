"""What a content file says in rich text that the site does not hold, so that nothing goes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import ngettext

_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)

# What is counted before and after; what is fewer then was left out, but for its words.
_KINDS = {
    "images": re.compile(r"<img\b", re.IGNORECASE),
    "media": re.compile(r"<(?:audio|canvas|embed|iframe|object|svg|video)\b", re.IGNORECASE),
    "fields": re.compile(r"<(?:button|input|select|textarea)\b", re.IGNORECASE),
    "links": re.compile(r"<a\b[^<>]*\shref\s*=", re.IGNORECASE),
    "headings": re.compile(r"<h[1-6]\b", re.IGNORECASE),
    "terms": re.compile(r"<dt\b", re.IGNORECASE),
    "tables": re.compile(r"<table\b", re.IGNORECASE),
    "numbers": re.compile(r"<li\b[^<>]*\svalue\s*=", re.IGNORECASE),
}


def left_out(text: str, cleaned: str) -> Iterator[str]:
    """Gives what a rich text has lost by `html.clean`, in the active language, such as “2 images”."""
    source = _HIDDEN.sub("", text)
    for kind, pattern in _KINDS.items():
        lost = len(pattern.findall(source)) - len(pattern.findall(cleaned))
        if lost > 0:
            yield _label(kind, lost)


def _label(kind: str, count: int) -> str:
    labels = {
        "images": ngettext("%(count)s image", "%(count)s images", count),
        "media": ngettext("%(count)s embedded object", "%(count)s embedded objects", count),
        "fields": ngettext("%(count)s form field", "%(count)s form fields", count),
        "links": ngettext("%(count)s link", "%(count)s links", count),
        "headings": ngettext("%(count)s heading", "%(count)s headings", count),
        "terms": ngettext("%(count)s term", "%(count)s terms", count),
        "tables": ngettext("%(count)s table", "%(count)s tables", count),
        "numbers": ngettext("%(count)s number of a list item", "%(count)s numbers of list items", count),
    }
    return labels[kind] % {"count": count}
