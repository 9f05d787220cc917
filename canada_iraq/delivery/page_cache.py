"""Page cache: a WSGI application in front of Django that answers public pages from bytes made once, with 304.

A cached answer holds until one of its cache tags changes (`pages.cache_tags`). Every process asks the database every
half second at most what has become public since (`pages.site_version`), so no process has to be told.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import brotli
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils.http import http_date, parse_http_date_safe

if TYPE_CHECKING:  # models can be imported only when Django is set up, which what calls this module does
    from pages.site_version import SiteVersion

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Header = tuple[str, str]
# A version of the site, and the cache tags that changed since it was last read; None for all of them.
Reading = tuple["SiteVersion", frozenset[str] | None]

# Seconds for which one look at the version counts, and until the next one while the database does not answer.
CHECK_INTERVAL = 0.5
RETRY_INTERVAL = 5.0

# How many combinations of scheme and host are remembered as those of this site, and of what length in all.
MAX_ORIGINS = 100
MAX_ORIGIN_LENGTH = 500

# Characters of an Accept-Encoding that is read. Browsers send about thirty; what is longer gets plain bytes.
MAX_ACCEPT_ENCODING_LENGTH = 300

# Changes that an answer may miss while it is made. After more it is not cached.
MAX_MISSED_CHANGES = 100

# Sets of headers that pages may share.
MAX_HEADER_SETS = 100

# Answers that are sent again to whoever asks for the very same thing. When there are more, all are looked up anew.
MAX_READY_ANSWERS = 4_096

# Bytes that Python needs for an answer beside its bodies: its path, tags and headers. With four tags tracemalloc
# counts 2,100; pages in long lists have more.
OVERHEAD = 2_500

# An answer with one of these may not be for everybody, or holds a part of a page only.
UNCACHED_HEADERS = frozenset({"set-cookie", "vary", "content-range", "content-encoding", "www-authenticate"})

# What no longer holds for the compressed bytes, or for none at all.
ENTITY_HEADERS = frozenset({"content-length", "etag", "last-modified", "vary"})

# What describes a body that 304 does not have.
ABSENT_FROM_304 = frozenset({"Content-Type", "Content-Length", "Content-Encoding"})

# The smallest that browsers take is kept; plain bytes, which hardly anybody asks for, are made of it each time.
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


class VersionMonitor:
    """Reads the version of the site, every half second at most and never beyond the next scheduled moment.

    Hands the cache tags that changed to `on_change` before anybody is answered after it. Until `valid_until` (of
    `time.monotonic`) it need not be asked.
    """

    def __init__(self, read: Callable[[], Reading], on_change: Callable[[frozenset[str] | None], None]):
        self._read = read
        self._on_change = on_change
        self._lock = threading.Lock()
        self.valid_until = 0.0
        self._is_failing = False
        self.version: SiteVersion | None = None

    def refresh(self, *, at_once: bool = False) -> None:
        """Read the version if it is time, or `at_once`. While the database does not answer, the last one goes on."""
        if not at_once and time.monotonic() < self.valid_until:
            return
        # While the database fails, one request at a time finds out whether it still does.
        if not self._lock.acquire(blocking=not self._is_failing):
            return
        try:
            if at_once or time.monotonic() >= self.valid_until:
                self._refresh()
        finally:
            self._lock.release()

    def _refresh(self) -> None:
        close_old_connections()  # as Django does around every request
        try:
            version, tags = self._read()
        except Error as error:
            if not self._is_failing:
                logger.warning("Pages are shown as they last were: %s", type(error).__name__)
            self._is_failing, self.valid_until = True, time.monotonic() + RETRY_INTERVAL
        else:
            if tags is None or tags:
                self._on_change(tags)
            self.version = version
            coming = version.next_publish_at
            seconds = coming.timestamp() - time.time() if coming else CHECK_INTERVAL
            self._is_failing, self.valid_until = False, time.monotonic() + min(CHECK_INTERVAL, seconds)
        finally:
            close_old_connections()


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A page in one encoding, with all headers of its answer."""

    content: bytes
    etag: str
    headers: tuple[Header, ...]


@dataclass(slots=True)
class CachedResponse:
    """A page: compressed as it was first asked for, and what all its answers have in common."""

    tags: frozenset[str]
    headers: tuple[Header, ...]
    digest: str
    modified: float
    encoded: dict[str, EncodedBody] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return the bytes that it takes in memory."""
        return OVERHEAD + sum(len(body.content) for body in self.encoded.values())

    def encode(self, encoding: str) -> EncodedBody:
        """Return the page in an encoding ("" for none), made of the smallest one."""
        plain = brotli.decompress(self.encoded["br"].content)
        return self.with_headers(COMPRESS[encoding](plain) if encoding else plain, encoding)

    def with_headers(self, content: bytes, encoding: str) -> EncodedBody:
        """Return the bytes of the page in an encoding with their headers."""
        etag = f'"{self.digest}-{encoding}"' if encoding else f'"{self.digest}"'
        headers = [*self.headers, ("ETag", etag), ("Content-Length", str(len(content)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return EncodedBody(content, etag, tuple(headers))

    def answer(self, body: EncodedBody, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Send one of its bodies, or 304 where the browser has it already."""
        is_conditional = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
        if is_conditional and self._is_not_modified(environ, body.etag):
            headers = [pair for pair in body.headers if pair[0] not in ABSENT_FROM_304]
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", [*body.headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.content]

    def _is_not_modified(self, environ: Environ, etag: str) -> bool:
        if known := environ.get("HTTP_IF_NONE_MATCH"):
            return known == etag or not _etags(known).isdisjoint({etag, "*"})
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return bool(since) and int(self.modified) <= (parse_http_date_safe(since) or 0) <= time.time()


def _etags(header: str) -> set[str]:
    """Return what If-None-Match names; a cache on the way may have made an ETag a weak one."""
    return {etag.strip().removeprefix("W/") for etag in header.split(",")}


@lru_cache(maxsize=500)
def preferred_encoding(accepted: str) -> str:
    """Return which of "br", "gzip" and "" (none) an Accept-Encoding prefers, the smallest first among equals."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _quality(parameter)
    best = {name: weights.get(name, weights.get("*", 0.0)) for name in ("br", "gzip")}
    best[""] = weights.get("identity", 0.0)
    chosen = max(best, key=best.__getitem__)
    return chosen if best[chosen] > 0 else ""


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class PageCacheMiddleware:
    """WSGI middleware: answers what it has cached, and caches what may be.

    Whether something may be cached its view says, with `response.cache_tags`. An answer is given only where the whole
    of Django gave one before: for the same path, and to the same scheme and name of the host.
    """

    def __init__(self, application: Callable, read: Callable[[], Reading], *, limit: int):
        """`read` is called for the version of the site and what changed; `limit` is in bytes."""
        self.application = application
        self.monitor = VersionMonitor(read, self.drop)
        self.limit = limit
        self.size = 0
        self.started_at = time.time()
        self.session_cookie = settings.SESSION_COOKIE_NAME
        self._responses: OrderedDict[str, CachedResponse] = OrderedDict()
        self._paths: defaultdict[str, set[str]] = defaultdict(set)  # by cache tag
        self._changes: deque[frozenset[str] | None] = deque(maxlen=MAX_MISSED_CHANGES)
        self._change_count = 0
        self._headers: dict[tuple[Header, ...], tuple[Header, ...]] = {}
        self._origins: set[tuple] = set()
        # By all that requests differ in: headers and chunks of the body, which the server does not change.
        self._ready_answers: dict[tuple, tuple[list[Header], list[bytes]]] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        # The way of nearly all requests, written out here: a call more takes a hundredth of the time of an answer.
        get = environ.get
        question = (
            get("PATH_INFO"),
            get("HTTP_HOST"),
            get("HTTP_ACCEPT_ENCODING"),
            get("REQUEST_METHOD"),
            get("wsgi.url_scheme"),
            get("HTTP_X_FORWARDED_PROTO"),
            get("SCRIPT_NAME"),
            # None or empty in all that are answered here.
            get("QUERY_STRING"),
            get("HTTP_COOKIE"),
            get("HTTP_IF_NONE_MATCH"),
            get("HTTP_IF_MODIFIED_SINCE"),
        )
        ready = self._ready_answers.get(question)
        if ready and time.monotonic() < self.monitor.valid_until:
            start_response("200 OK", ready[0])
            return ready[1]
        return self._find(environ, start_response, question)

    def _find(self, environ: Environ, start_response: Callable, question: tuple) -> Iterable[bytes]:
        """Answer from the cache, or else what Django answers."""
        is_staff = "HTTP_COOKIE" in environ and self._has_session(environ["HTTP_COOKIE"])
        if is_staff or time.monotonic() >= self.monitor.valid_until:
            self.monitor.refresh(at_once=is_staff)
        path = environ.get("PATH_INFO", "")
        cached = self._responses.get(path)
        if cached and _origin(environ) in self._origins:
            try:  # noqa: SIM105  suppress() takes as long as all the rest
                self._responses.move_to_end(path)
            except KeyError:  # another thread has just dropped it
                pass
            return self._answer(cached, environ, start_response, question)
        if not _is_cacheable_request(environ):
            return self.application(environ, start_response)
        return self._fetch(environ, start_response, question)

    def drop(self, tags: frozenset[str] | None) -> None:
        """Forget every answer that has one of these cache tags; all of them if None."""
        with self._lock:
            self._change_count += 1
            self._changes.append(tags)
            touched = (
                list(self._responses)
                if tags is None
                else set().union(*(self._paths.get(tag, ()) for tag in tags))
            )
            for path in touched:
                self._remove(path)

    def _has_session(self, cookies: str) -> bool:
        """Whether one of the cookies is that of a session, by the rules that Django reads them by."""
        if self.session_cookie not in cookies:  # nearly always; the rest takes ten times as long
            return False
        pairs = (pair.partition("=") for pair in cookies.split(";"))
        return any(equals and name.strip() == self.session_cookie for name, equals, _ in pairs)

    def _fetch(self, environ: Environ, start_response: Callable, question: tuple) -> Iterable[bytes]:
        """Answer what Django answers, and cache it unless something that it shows has changed since it began."""
        begun = self._change_count
        version = self.monitor.version
        environ.pop("HTTP_IF_MODIFIED_SINCE", None)  # Django cannot know of pages that have left a list
        started: list[tuple] = []
        response = self.application(environ, lambda *line: started.append(line))
        status, headers, *_ = started[0]
        if version is None or not _is_cacheable(response, status, headers):
            start_response(*started[0])
            return response
        cached = self._cached_response(response, headers, version)
        response.close()
        self._store(environ, cached, begun)
        return self._answer(cached, environ, start_response, question)

    def _cached_response(self, response: Any, headers: list[Header], version: SiteVersion) -> CachedResponse:
        # Later than the page itself changed: what is around it, or this software, may have changed since.
        published = version.changed_at
        modified = max(self.started_at, published.timestamp() if published else 0.0)
        body = response.content
        digest = hashlib.sha256(body).hexdigest()[:32]
        shared = [header for header in headers if header[0].lower() not in ENTITY_HEADERS]
        shared += [("Vary", "Accept-Encoding"), ("Last-Modified", http_date(modified))]
        cached = CachedResponse(response.cache_tags, self._shared(tuple(shared)), digest, modified)
        cached.encoded["br"] = cached.with_headers(COMPRESS["br"](body), "br")
        return cached

    def _shared(self, headers: tuple[Header, ...]) -> tuple[Header, ...]:
        """Return equal headers that another page has already: nearly all pages have the same ones."""
        if len(self._headers) >= MAX_HEADER_SETS:
            self._headers.clear()
        return self._headers.setdefault(headers, headers)

    def _answer(
        self, cached: CachedResponse, environ: Environ, start_response: Callable, question: tuple
    ) -> Iterable[bytes]:
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = preferred_encoding(accepted) if len(accepted) <= MAX_ACCEPT_ENCODING_LENGTH else ""
        body = cached.encoded.get(encoding) or self._encode(environ["PATH_INFO"], cached, encoding)
        if encoding and not any(question[-4:]):
            self._make_ready(question, cached, body)
        return cached.answer(body, environ, start_response)

    def _make_ready(self, question: tuple, cached: CachedResponse, body: EncodedBody) -> None:
        """Let the next one who asks the very same be sent the same, unless the page was dropped meanwhile."""
        path, method = question[0], question[3]
        chunks = [] if method == "HEAD" else [body.content]
        with self._lock:
            if self._responses.get(path) is not cached:
                return
            if len(self._ready_answers) >= MAX_READY_ANSWERS:
                self._ready_answers.clear()
            self._ready_answers[question] = ([*body.headers], chunks)

    def _encode(self, path: str, cached: CachedResponse, encoding: str) -> EncodedBody:
        body = cached.encode(encoding)
        with self._lock:
            if encoding and encoding not in cached.encoded:
                cached.encoded[encoding] = body
                if self._responses.get(path) is cached:
                    self.size += len(body.content)
                    self._evict()
        return body

    def _store(self, environ: Environ, cached: CachedResponse, begun: int) -> None:
        path, origin = environ["PATH_INFO"], _origin(environ)
        if sum(len(part) for part in origin if isinstance(part, str)) > MAX_ORIGIN_LENGTH:
            return
        with self._lock:
            if self._has_changed(cached.tags, begun):
                return
            if len(self._origins) >= MAX_ORIGINS:
                self._origins.clear()
            self._origins.add(origin)
            self._remove(path)
            self._responses[path] = cached
            self.size += cached.size
            for tag in cached.tags:
                self._paths[tag].add(path)
            self._evict()

    def _has_changed(self, tags: frozenset[str], begun: int) -> bool:
        """Whether an answer with these tags missed a change after the first `begun` ones."""
        missed = self._change_count - begun
        if missed > len(self._changes):
            return True
        latest = list(self._changes)[len(self._changes) - missed :]
        return any(change is None or not change.isdisjoint(tags) for change in latest)

    def _evict(self) -> None:
        while self.size > self.limit and self._responses:
            self._remove(next(iter(self._responses)))

    def _remove(self, path: str) -> None:
        cached = self._responses.pop(path, None)
        if cached is None:
            return
        # Also those of other pages, which are marked as used when they are next looked up.
        self._ready_answers.clear()
        self.size -= cached.size
        for tag in cached.tags:
            self._paths[tag].discard(path)
            if not self._paths[tag]:
                del self._paths[tag]


def _is_cacheable_request(environ: Environ) -> bool:
    path = environ.get("PATH_INFO", "")
    is_public = path.startswith(("/en/", "/fr/")) or path == "/"
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return is_public and is_read and "HTTP_HOST" in environ and not environ.get("SCRIPT_NAME")


def _origin(environ: Environ) -> tuple:
    """Return all but the path that could make a difference to a public page: whether it is refused or redirected."""
    return (
        environ["REQUEST_METHOD"],
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ.get("HTTP_X_FORWARDED_PROTO"),
        environ.get("SCRIPT_NAME", ""),
        "%00" in environ.get("QUERY_STRING", ""),
    )


def _is_cacheable(response: Any, status: str, headers: list[Header]) -> bool:
    """Whether a view says so, and nothing in its answer says that it is for one person or one moment only."""
    if not (getattr(response, "cache_tags", None) is not None and status == "200 OK"):
        return False
    names = {name.lower() for name, _ in headers}
    control = {
        word.strip().lower()
        for name, value in headers
        if name.lower() == "cache-control"
        for word in value.split(",")
    }
    return not (names & UNCACHED_HEADERS or control & {"private", "no-store"})
