"""The admin of pages and partner organizations; importing it registers them."""

from . import pages, partners

__all__ = ["pages", "partners"]
