"""The admin of pages, partner organizations, files to download, the glossary and alerts; importing registers them."""

from . import downloads, glossary, pages, partners, site_alerts

__all__ = ["downloads", "glossary", "pages", "partners", "site_alerts"]
