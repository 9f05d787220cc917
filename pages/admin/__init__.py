"""The admin of pages, partner organizations and files to download; importing it registers them."""

from . import downloads, pages, partners

__all__ = ["downloads", "pages", "partners"]
