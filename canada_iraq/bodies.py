"""Receives what visitors send whole, before the site looks at it, so that slow senders hold up only one another.

A server of threads gives each request a thread, which waits as long as the body takes to come in. Without a proxy in
front that collects bodies, a handful of connections that send a byte a second would take every thread there is.
"""

import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

# Where the status is left that the site answers with instead of looking at the body.
REFUSED = "canada_iraq.refused"

# Seconds to wait for one of the places of those who send, and that a body may take to come in.
SOON, LATEST = 0.1, 120
# Bytes read at a time. Reading waits for all of them, and only between two pieces can it be given up.
PIECE, PIECE_OF_MANY = 64, 16 * 1024
# Bytes kept in memory; what is larger goes through a temporary file.
IN_MEMORY = 1024 * 1024

Environ = dict[str, Any]


class Bodies:
    """A WSGI application in front of another, which then never waits for a body.

    `places` is how many threads may wait for bodies; the others are always there for everybody else.
    """

    def __init__(self, application: Callable, *, places: int):
        self.application = application
        self.places = threading.BoundedSemaphore(max(1, places))

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        length = _length(environ)
        if not length:
            return self.application(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY) as file:
            if refused := self._receive(environ["wsgi.input"], length, file):
                environ[REFUSED], environ["wsgi.input"] = refused, BytesIO()
            else:
                environ["wsgi.input"] = file
            return self.application(environ, start_response)

    def _receive(self, stream: IO[bytes], length: int, file: IO[bytes]) -> HTTPStatus | None:
        if not self.places.acquire(timeout=SOON):
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            return _copy(stream, length, file)
        except OSError:  # of the connection
            return HTTPStatus.BAD_REQUEST
        finally:
            self.places.release()


def _copy(stream: IO[bytes], length: int, file: IO[bytes]) -> HTTPStatus | None:
    piece = PIECE if length <= settings.PUBLIC_BODY_LIMIT else PIECE_OF_MANY
    until = time.monotonic() + LATEST
    left = length
    while left and (content := stream.read(min(piece, left))):
        file.write(content)
        left -= len(content)
        if time.monotonic() > until:
            return HTTPStatus.REQUEST_TIMEOUT
    file.seek(0)
    return HTTPStatus.BAD_REQUEST if left else None  # half a report is none


def _length(environ: Environ) -> int:
    """How many bytes to receive: none where there is no body, or one that the site refuses unread."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ["REQUEST_METHOD"] != "POST" or not (length.isascii() and length.isdigit()):
        return 0
    staff = environ["PATH_INFO"].startswith("/admin/")
    limit = settings.STAFF_BODY_LIMIT if staff else settings.PUBLIC_BODY_LIMIT
    return int(length) if int(length) <= limit else 0
