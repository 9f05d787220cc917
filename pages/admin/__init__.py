"""The admin of pages, partner organizations, files to download and the glossary; importing it registers them."""

from . import downloads, glossary, pages, partners

__all__ = ["downloads", "glossary", "pages", "partners"]
