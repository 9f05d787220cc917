"""The admin of problem reports; importing it registers them."""

from . import report_admin

__all__ = ["report_admin"]
