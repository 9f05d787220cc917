"""A disk without room, wherever the tests run: no file of this process may become larger than it is allowed."""

import resource
from contextlib import contextmanager


@contextmanager
def no_room(limit=0):
    """Let no file become larger than `limit` bytes: the system refuses to write, as where a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
