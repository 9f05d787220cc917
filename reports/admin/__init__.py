"""The admin of problem reports; importing it registers them."""

from . import queue

__all__ = ["queue"]
