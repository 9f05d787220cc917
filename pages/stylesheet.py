"""The one stylesheet of the public site, put together from a source file per component.

`collectstatic` and the development server find it as any other static file, `pages/site.css`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "pages/site.css"
FOLDER = Path(__file__).resolve().parent / "static" / "pages" / "css"

# In the order of the cascade: values, elements, the frame, the parts of a page, then what overrides them.
SOURCES = (
    "tokens",
    "base",
    "layout",
    "skip_links",
    "banner",
    "identity",
    "language_toggle",
    "search",
    "breadcrumb",
    "page_title",
    "contents",
    "prose",
    "section",
    "notes",
    "objective",
    "partners",
    "figure",
    "child_pages",
    "recent_changes",
    "alert",
    "site_alert",
    "contact",
    "link",
    "downloads",
    "key_figures",
    "action",
    "quote",
    "step",
    "timeline",
    "table",
    "video",
    "expandable",
    "form",
    "report",
    "date_modified",
    "corrections",
    "language_selection",
    "error",
    "footer",
    "forced_colours",
    "print",
)


def source() -> str:
    """All sources, one after the other, and the colours of the institution right after ours."""
    tokens, *others = ((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in SOURCES)
    return "\n".join([tokens, *own_colours(), *others])


# By what an institution calls them.
OWN = {"header": "--header", "accent": "--stripe"}


def own_colours() -> list[str]:
    """Rules for the values that SITE_IDENTITY gives instead of ours; none where it gives none."""
    chosen = {name: settings.SITE_IDENTITY[value] for value, name in OWN.items()}
    light, dark = (
        " ".join(f"{name}: {colours[scheme]};" for name, colours in chosen.items() if colours)
        for scheme in ("light", "dark")
    )
    if not light:
        return []
    return [f":root {{ {light} }}", f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"]


def smaller(css: str) -> str:
    """The same rules without comments and needless white space; strings stay as they are."""
    css = _COMMENT.sub(lambda found: found["string"] or " ", css)
    css = _SPACE.sub(lambda found: found["string"] or found["mark"] or " ", css)
    return css.replace(";}", "}").strip()


_STRING = r"""(?P<string>"[^"]*"|'[^']*')"""
_COMMENT = re.compile(rf"{_STRING}|/\*.*?\*/", re.DOTALL)
# No space is needed around these; before a colon or around "+" it can mean something.
_SPACE = re.compile(rf"{_STRING}|\s*(?P<mark>[{{}};,>]|:(?=\s))\s*|\s+")


class Finder(BaseFinder):
    """Gives Django's static files the finished stylesheet, written anew whenever a source has changed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(settings.DATA_DIR) / "stylesheet")

    def check(self, **kwargs):
        return []

    def list(self, ignore_patterns):
        self._write()
        yield NAME, self.storage

    def find(self, path, find_all=False, **kwargs):
        if path != NAME:
            return []
        self._write()
        found = self.storage.path(NAME)
        return [found] if find_all else found

    def _write(self):
        file = Path(self.storage.path(NAME))
        css = smaller(source())
        if file.exists() and file.read_text(encoding="utf-8") == css:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        # Another process may be writing or reading it too: write aside, then swap.
        aside = file.with_suffix(f".{os.getpid()}")
        aside.write_text(css, encoding="utf-8")
        # As old as its newest source, because whoever looks at the time wants to know whether it says something else.
        newest = max((FOLDER / f"{name}.css").stat().st_mtime for name in SOURCES)
        os.utime(aside, (newest, newest))
        os.replace(aside, file)
