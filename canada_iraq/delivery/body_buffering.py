"""Receive the bodies of requests before the application reads them, within limits of time that the server has none of.

granian reads a body in the thread of its request and waits for as long as the sender likes. Here a thread of its own
reads each body, and the thread of the request waits for it: for `BODY_TIMEOUT` at most, and `IDLE_TIMEOUT` for the
next piece. Few may wait at a time (`UploadSlots`); when all places are taken, the slowest sender gives up its own to
the newcomer, so that those who announce a body and send none keep nobody else out.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

from accounts.client_network import network_of

# Where the status is left that the site answers with instead of looking at the body.
REFUSED_STATUS_KEY = "canada_iraq.refused"

# Seconds that a body may take to come in: a short one, and one for which only staff have a use.
BODY_TIMEOUT, LONG_BODY_TIMEOUT = 20, 120
# Seconds that may pass before the next piece of it.
IDLE_TIMEOUT = 10
# Seconds within which a body that was sent at once is there. Only others need a place.
INITIAL_WAIT = 0.02
# Seconds to wait for a place while everybody who has one sends quickly.
SLOT_TIMEOUT = 0.1
# Seconds that the server has to send the answer to a refused body before its connection is broken off. Short where
# many senders are refused at once, since each keeps a thread for so long.
FLUSH_WAITS = {HTTPStatus.REQUEST_TIMEOUT: 0.25, HTTPStatus.SERVICE_UNAVAILABLE: 0.02}
# Bytes per second. Senders below it give up their place when somebody else needs one.
MIN_RATE = 32 * 1024
# Bytes read at a time. Reading waits for all of them, so pieces must be small where a whole body is.
CHUNK, LONG_CHUNK = 64, 16 * 1024
# Bytes kept in memory; what is larger goes through a temporary file.
MAX_MEMORY = 1024 * 1024

Environ = dict[str, Any]


def threads_needed(threads: int) -> int:
    """The threads of a server that works on `threads` requests at a time, half of which no body ever holds up.

    Hardly more than those that work: threads that only send kept pages get in each other's way.
    """
    return max(1, threads // 2) + sum(_slot_counts(threads).values())


def _slot_counts(threads: int) -> dict[str, int]:
    half = max(1, threads // 2)
    return {"public": half, "staff": half}


class Upload:
    """One body while it comes in. `over` is set when it is complete or broken off, and when its place is taken."""

    def __init__(self, environ: Environ, length: int, file: IO[bytes]):
        self.stream: IO[bytes] = environ["wsgi.input"]
        self.length = length
        self.network = network_of(environ)
        self.is_long = length > settings.PUBLIC_BODY_LIMIT
        self.file = file
        self.received = 0
        self.started_at = self.last_chunk_at = time.monotonic()
        self.has_ended = self.was_evicted = False
        self.finished = threading.Event()

    def start(self) -> bool:
        """Begin to read; return whether the body was there at once. Raises RuntimeError if there is no thread left."""
        threading.Thread(target=self._read, daemon=True).start()
        return self.finished.wait(INITIAL_WAIT)

    def receive(self) -> HTTPStatus | None:
        """Wait until the body is there; otherwise return the status to refuse it with."""
        while not self.finished.wait(max(0.0, self._deadline() - time.monotonic())):
            if time.monotonic() >= self._deadline():
                break
        if not self.has_ended:
            return HTTPStatus.SERVICE_UNAVAILABLE if self.was_evicted else HTTPStatus.REQUEST_TIMEOUT
        if self.received < self.length:
            return HTTPStatus.BAD_REQUEST  # half a report is none
        self.file.seek(0)
        return None

    def is_slow(self) -> bool:
        return self.received <= MIN_RATE * (time.monotonic() - self.started_at)

    def evict(self) -> None:
        self.was_evicted = True
        self.finished.set()

    def _deadline(self) -> float:
        timeout = LONG_BODY_TIMEOUT if self.is_long else BODY_TIMEOUT
        return min(self.started_at + timeout, self.last_chunk_at + IDLE_TIMEOUT)

    def _read(self) -> None:
        chunk_size = LONG_CHUNK if self.is_long else CHUNK
        try:
            while self.received < self.length:
                chunk = self.stream.read(min(chunk_size, self.length - self.received))
                if not chunk:
                    break
                self.file.write(chunk)
                self.received += len(chunk)
                self.last_chunk_at = time.monotonic()
        except (OSError, ValueError):  # of the connection; of the file, closed because nobody waits any more
            pass
        self.has_ended = True
        self.finished.set()


class UploadSlots:
    """Those whose bodies come in at the same time, at most `number` of them."""

    def __init__(self, max_waiting: int):
        self.max_waiting = max_waiting
        self._uploads: list[Upload] = []
        self._changed = threading.Condition()

    def acquire(self, upload: Upload) -> bool:
        """Find a place for `upload`, if need be that of a slower one or of a network that has several."""
        with self._changed:
            if len(self._uploads) >= self.max_waiting and (evictable := self._find_evictable(upload.network)):
                self._uploads.remove(evictable)
                evictable.evict()
            if not self._changed.wait_for(lambda: len(self._uploads) < self.max_waiting, SLOT_TIMEOUT):
                return False
            self._uploads.append(upload)
            return True

    def release(self, upload: Upload) -> None:
        with self._changed:
            if upload in self._uploads:
                self._uploads.remove(upload)
                self._changed.notify()

    def _find_evictable(self, newcomer: str) -> Upload | None:
        """The slow one that has sent nothing for longest, of the network that has most of them.

        None is slow: one of a network that keeps more places than that of the newcomer would have.
        """
        slots_by_network = Counter(upload.network for upload in self._uploads)
        slow = [upload for upload in self._uploads if upload.is_slow()]
        others = [
            upload
            for upload in self._uploads
            if slots_by_network[upload.network] > slots_by_network[newcomer] + 1
        ]
        return max(
            slow or others,
            key=lambda upload: (slots_by_network[upload.network], -upload.last_chunk_at),
            default=None,
        )


class RequestBodyBuffer:
    """Buffer bodies in front of another WSGI application, which then never waits for one.

    `threads` is how many requests the other one may work on at a time, however many wait for bodies beside them.
    """

    def __init__(self, application: Callable, *, threads: int):
        self.application = application
        self.slots = {kind: UploadSlots(number) for kind, number in _slot_counts(threads).items()}
        self._workers = threading.BoundedSemaphore(threads)

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        length = _body_length(environ)
        if not length:
            return self._answer(environ, start_response)
        with SpooledTemporaryFile(MAX_MEMORY) as file:
            upload = Upload(environ, length, file)
            if status := self._receive(environ, upload):
                environ[REFUSED_STATUS_KEY], environ["wsgi.input"] = status, BytesIO()
                return self._refuse(environ, start_response, upload)
            environ["wsgi.input"] = file
            return self._answer(environ, start_response)

    def _answer(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        with self._workers:
            return self.application(environ, start_response)

    def _receive(self, environ: Environ, upload: Upload) -> HTTPStatus | None:
        slots = self.slots["staff" if _is_admin_request(environ) else "public"]
        try:
            if upload.start():
                return upload.receive()
        except RuntimeError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if not slots.acquire(upload):
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            return upload.receive()
        finally:
            slots.release(upload)

    def _refuse(self, environ: Environ, start_response: Callable, upload: Upload) -> Iterable[bytes]:
        """Answer, and make the server close the connection of a sender whose body is still being read.

        It does so when an answer is shorter than announced. Nothing else ends a read that waits for a silent sender.
        """
        if upload.has_ended:
            return self._answer(environ, start_response)
        started: list[tuple] = []
        response = self._answer(environ, lambda *line: started.append(line))
        body = b"".join(response)
        getattr(response, "close", lambda: None)()
        status, headers, *_ = started[0]
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*headers, ("Content-Length", str(len(body) + 1))])
        return _break_off_after(body, FLUSH_WAITS[environ[REFUSED_STATUS_KEY]])


def _break_off_after(body: bytes, seconds: float) -> Iterator[bytes]:
    """Yield `body` and end `seconds` later: the server drops what it has not sent when an answer ends short."""
    yield body
    time.sleep(seconds)


def _is_admin_request(environ: Environ) -> bool:
    return environ["PATH_INFO"].startswith(settings.ADMIN_PREFIX)


def _body_length(environ: Environ) -> int:
    """How many bytes to receive: none where there is no body, or one that the site refuses unread."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ["REQUEST_METHOD"] != "POST" or not (length.isascii() and length.isdigit()):
        return 0
    limit = settings.STAFF_BODY_LIMIT if _is_admin_request(environ) else settings.PUBLIC_BODY_LIMIT
    return int(length) if len(length) < 20 and int(length) <= limit else 0
