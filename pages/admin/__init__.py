"""The admin of pages, of what they share, of the glossary and of alerts; importing registers them."""

from . import (
    downloads,
    fact_admin,
    glossary,
    library_images,
    page_templates,
    pages,
    partners,
    shared_blocks,
    site_alerts,
    vocabularies,
)

__all__ = [
    "downloads",
    "fact_admin",
    "glossary",
    "library_images",
    "page_templates",
    "pages",
    "partners",
    "shared_blocks",
    "site_alerts",
    "vocabularies",
]
