"""Answers public pages from bytes that were made once, in front of Django: plain, gzip and brotli, with 304.

An answer is kept with the public state of the site that it was made in (`Edition.objects.public_state`), and holds as
long as that state does. Every process looks at it every half second at most, so nothing has to be told to forget.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import brotli
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils.http import http_date, parse_http_date_safe

if TYPE_CHECKING:  # models can be imported only when Django is set up, which what calls this module does
    from pages.editions import PublicState

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Headers = list[tuple[str, str]]

# Seconds for which one look at the public state counts, and until the next one while the database does not answer.
LOOK = 0.5
LOOK_AGAIN = 5.0

# How many combinations of scheme and host are remembered as those of this site.
DOORS = 100

# What no longer holds for the compressed bytes, or for none at all.
OF_THE_BODY = frozenset({"content-length", "etag", "last-modified", "vary"})


class Watch:
    """The public state, as it was half a second ago at most, and never before the last moment that was scheduled."""

    def __init__(self, read: Callable[[], PublicState]):
        self._read = read
        self._lock = threading.Lock()
        self._state: PublicState | None = None
        self._until = 0.0
        self._is_failing = False

    def state(self, *, at_once: bool = False) -> PublicState | None:
        """With `at_once` as it is now. While the database does not answer, as it last was; None if it never did."""
        if not at_once and time.monotonic() < self._until:
            return self._state
        # While the database fails, one request at a time finds out whether it still does.
        if not self._lock.acquire(blocking=not self._is_failing):
            return self._state
        try:
            if at_once or time.monotonic() >= self._until:
                self._look()
        finally:
            self._lock.release()
        return self._state

    def _look(self) -> None:
        close_old_connections()  # as Django does around every request
        try:
            state = self._read()
        except Error as error:
            if not self._is_failing:
                logger.warning("Pages are shown as they last were: %s", type(error).__name__)
            self._is_failing, self._until = True, time.monotonic() + LOOK_AGAIN
        else:
            coming = state.coming.timestamp() - time.time() if state.coming else LOOK
            if state != self._state:  # else it stays the very one that pages were made in
                self._state = state
            self._is_failing, self._until = False, time.monotonic() + min(LOOK, coming)
        finally:
            close_old_connections()


@dataclass(frozen=True, slots=True)
class Form:
    """One encoding of a page, ready to send."""

    body: bytes
    etag: str
    headers: Headers
    headers_without_body: Headers


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page in all its encodings, and the state of the site that it shows."""

    state: PublicState
    forms: dict[str, Form]
    modified: float

    @property
    def size(self) -> int:
        return sum(len(form.body) for form in self.forms.values())

    def answer(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        form = self.forms[encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        if self._is_known(environ, form):
            start_response("304 Not Modified", [*form.headers_without_body])
            return []
        start_response("200 OK", [*form.headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]

    def _is_known(self, environ: Environ, form: Form) -> bool:
        if known := environ.get("HTTP_IF_NONE_MATCH"):
            return known == form.etag or not _etags(known).isdisjoint({form.etag, "*"})
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        return bool(since) and (parse_http_date_safe(since) or 0) >= int(self.modified)


def _etags(header: str) -> set[str]:
    """What If-None-Match names; a cache on the way may have made an ETag a weak one."""
    return {etag.strip().removeprefix("W/") for etag in header.split(",")}


@lru_cache(maxsize=500)
def encoding(accepted: str) -> str:
    """Which of "br", "gzip" and "" (none) an Accept-Encoding prefers, the smallest first among equals."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    best = {name: weights.get(name, weights.get("*", 0.0)) for name in ("br", "gzip")}
    best[""] = weights.get("identity", 0.0)
    chosen = max(best, key=best.__getitem__)
    return chosen if best[chosen] > 0 else ""


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class Kept:
    """A WSGI application in front of another: answers what it has kept, and keeps what may be.

    Whether something may be kept its view says, with `response.keep`. An answer is given only where the whole of
    Django gave one before: for the same path, and to the same scheme and name of the host.
    """

    def __init__(self, application: Callable, read_state: Callable[[], PublicState], *, limit: int):
        self.application = application
        self.watch = Watch(read_state)
        self.limit = limit
        self.size = 0
        self.began = time.time()
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._doors: set[tuple] = set()
        self.session = settings.SESSION_COOKIE_NAME
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        # Who edits the site sees at once what they have done, whichever process they come to.
        is_staff = "HTTP_COOKIE" in environ and self.session in environ["HTTP_COOKIE"]
        page = self._pages.get(path)
        if page and _door(environ) in self._doors and page.state is self.watch.state(at_once=is_staff):
            self._used(path)
            return page.answer(environ, start_response)
        if not _may_be_a_page(environ):
            return self.application(environ, start_response)
        return self._made(environ, start_response, self.watch.state(at_once=is_staff))

    def _made(self, environ, start_response, state):
        """What Django answers. The state was read before, so what is kept is at worst newer than it says."""
        environ.pop("HTTP_IF_MODIFIED_SINCE", None)  # Django cannot know of pages that have left a list
        told: list[tuple] = []
        response = self.application(environ, lambda *line: told.append(line))
        status, headers, *_ = told[0]
        if state is None or not _may_be_kept(response, status, headers):
            start_response(*told[0])
            return response
        page = self._prepared(response.content, headers, state)
        response.close()
        self._keep(environ, page)
        return page.answer(environ, start_response)

    def _prepared(self, body: bytes, headers: Headers, state: PublicState) -> KeptPage:
        # Later than the page itself changed: what is around it, or this software, may have changed since.
        modified = max(self.began, state.newest.timestamp() if state.newest else 0.0)
        etag = hashlib.sha256(body).hexdigest()[:32]
        same = [(name, value) for name, value in headers if name.lower() not in OF_THE_BODY]
        same += [("Last-Modified", http_date(modified)), ("Vary", "Accept-Encoding")]
        bodies = {"": body, "gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body, quality=5)}
        forms = {name: _form(name, content, etag, same) for name, content in bodies.items()}
        return KeptPage(state, forms, modified)

    def _used(self, path: str) -> None:
        try:  # noqa: SIM105  suppress() takes as long as all the rest
            self._pages.move_to_end(path)
        except KeyError:  # another thread has just dropped it
            pass

    def _keep(self, environ: Environ, page: KeptPage) -> None:
        path = environ["PATH_INFO"]
        with self._lock:
            if len(self._doors) >= DOORS:
                self._doors.clear()
            self._doors.add(_door(environ))
            former = self._pages.pop(path, None)
            self.size += page.size - (former.size if former else 0)
            self._pages[path] = page
            while self.size > self.limit:
                self.size -= self._pages.popitem(last=False)[1].size


def _may_be_a_page(environ: Environ) -> bool:
    path = environ.get("PATH_INFO", "")
    is_public = path.startswith(("/en/", "/fr/")) or path == "/"
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return is_public and is_read and "HTTP_HOST" in environ and not environ.get("SCRIPT_NAME")


def _door(environ: Environ) -> tuple:
    """All but the path that could make a difference to a public page: whether it is refused, or sent to https first."""
    return (
        environ["REQUEST_METHOD"],
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ.get("HTTP_X_FORWARDED_PROTO"),
        environ.get("SCRIPT_NAME", ""),
        "%00" in environ.get("QUERY_STRING", ""),
    )


def _may_be_kept(response, status: str, headers: Headers) -> bool:
    names = {name.lower() for name, _ in headers}
    is_for_all = not names & {"set-cookie", "vary"}
    return getattr(response, "keep", False) and status == "200 OK" and is_for_all


def _form(name: str, body: bytes, etag: str, headers: Headers) -> Form:
    tagged = f'"{etag}-{name}"' if name else f'"{etag}"'
    described = [*headers, ("ETag", tagged)]
    of_body = [("Content-Length", str(len(body)))] + ([("Content-Encoding", name)] if name else [])
    without = [(header, value) for header, value in described if header.lower() != "content-type"]
    return Form(body, tagged, [*described, *of_body], without)
