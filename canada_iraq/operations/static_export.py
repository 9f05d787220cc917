"""The whole public site as files that any web server can serve, each byte for byte what the application answers.

The application is asked for every address that was ever public, as a browser would ask, and what belongs to its answers
is followed. The next time it is not asked for pages that are made from the same editions as before, and for the rest
with the ETag that each had, so that only what changed is written. In the folder:

    site/     what visitors get: `/en/trade` is `en/trade.html`, `/en/` is `en/index.html`, `/en/feed` is `en/feed.atom`
    gone/     notices of withdrawn pages, by the same names
    errors/   pages for what is not there and for an application that does not answer
    nginx/    redirects, withdrawn addresses, types and headers, which deploy/nginx.conf includes
"""

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from pages.models import Correction, Edition, EditionReference
from pages.models.edition import MAX_RECENT
from pages.public_urls import corrections_path, page_path
from pages.tree import MAX_ANCESTORS

from ..delivery import security_txt
from ..delivery.errors import error_page
from ..delivery.static_files import fingerprint
from .environment import exclusive_lock
from .progress import ProgressCallback, no_progress

RECORD_FILE = "copy.json"
ROOT_PATHS = ("/", "/robots.txt", "/sitemap.xml", f"/{security_txt.PATH}")
TYPE_SUFFIXES = {"application/atom+xml": ".atom"}
ENCODING_SUFFIXES = {"gzip": ".gz", "br": ".br"}
ERROR_STATUSES = (404, 500, 503)
# Of an answer that never changes.
IMMUTABLE = "for ever"
# Where what makes an answer stands, beside the content.
SOURCES = ("accounts", "canada_iraq", "locale", "pages", "reports", "templates")
SOURCE_SUFFIXES = {".py", ".html", ".txt", ".mo", ".po", ".css", ".svg"}
# Settings that pages show, or that say what their form asks.
SETTINGS_SHOWN = (
    *("SITE_URL", "SITE_IDENTITY", "LANGUAGES", "TIME_ZONE"),
    *("REPORTS_ASK_LOOKING_FOR", *settings.PLACEHOLDERS),
)
# No page can have an address like this.
MISSING_PATH = "nothing.here"

# What an answer needs to be shown, by its type, and the files that it offers. Other links that people follow lead to
# pages, whose addresses are known, or to forms, which stay with the application.
LINK_PATTERNS = {
    "text/html": re.compile(
        r'<link\b[^>]*?\shref="([^"]+)"|\s(?:src|poster)="([^"]+)"|\ssrcset="(?P<several>[^"]+)"|\scontent="(https?:[^"]+)"'
        r'|\shref="(/media/[^"]+)"'
    ),
    "text/css": re.compile(r"""url\(["']?([^"')]+)"""),
    "application/xml": re.compile(r"<loc>([^<]+\.xml)\b[^<]*</loc>"),
}
# Headers that a web server makes itself, from the file.
FILE_HEADERS = set(
    "content-type content-length content-encoding content-language content-disposition etag last-modified vary".split()
)

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class ExportError(Exception):
    """Why nothing was written: a sentence that says what to do."""


@dataclass(frozen=True)
class Response:
    """What the application said at one address; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_public(self) -> bool:
        control = self.headers.get("cache-control", "")
        return "set-cookie" not in self.headers and "no-store" not in control and "private" not in control

    @property
    def is_immutable(self) -> bool:
        return "immutable" in self.headers.get("cache-control", "")


@dataclass
class Entry:
    """What is known of an address since it was last asked: its file, what it was made from, what its answer needs."""

    file: str
    kind: str
    etag: str
    state: str
    needs: list[str]


@dataclass
class Result:
    """How many files were written, left as they were and removed, and which addresses have no file."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[str] = field(default_factory=list)


def export(folder: Path, application: Application, on_progress: ProgressCallback = no_progress) -> Result:
    """Brings a copy of the live site up to date, or makes one in an empty folder. Raises Refused for any other."""
    folder.mkdir(parents=True, exist_ok=True)
    with exclusive_lock(folder):
        exporter = Exporter(folder, application)
        exporter.crawl(public_addresses(), on_progress)
        exporter.export_error_pages()
        exporter.write_nginx_config()
        exporter.finish()
    return exporter.result


def public_addresses(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """Yield the entrances of the site, all that leads or once led to a page, and what was corrected.

    Reads no column that an older version of the database may lack, nor a table.
    """
    yield from ROOT_PATHS
    public = Edition.objects.using(using).approved().filter(publish_at__lte=timezone.now()).order_by()
    has_corrections = Correction._meta.db_table in connections[using].introspection.table_names()
    for language, _name in settings.LANGUAGES:
        for address in public.values_list(f"address_{language}", flat=True).distinct():
            yield page_path(language, address)
        yield corrections_path(language)
        corrections = Correction.objects.using(using).public().order_by().values("edition__page")
        corrected = public.filter(page__in=corrections) if has_corrections else public.none()
        for address in corrected.values_list(f"address_{language}", flat=True).distinct():
            yield corrections_path(language, address)


def page_states() -> dict[str, str]:
    """By the path of each page, what stands for everything that it is made from: editions, texts, templates, code."""
    corrections = Count("page__editions__correction")
    live = Edition.objects.live_everywhere().with_dates().annotate(corrections=corrections)
    columns = (
        "page_id",
        "parent_id",
        "pk",
        "modified_at",
        "issued_at",
        "corrections",
        "address_en",
        "address_fr",
    )
    pages = {row["page_id"]: row for row in live.values(*columns)}
    recent = set(Edition.objects.changed_last(MAX_RECENT).values_list("pk", flat=True))
    navigation = pages_in_navigation({page: row["parent_id"] for page, row in pages.items()}, recent)
    for page, linked in EditionReference.objects.linked_pages():
        if page in navigation and linked in pages:
            navigation[page].add(linked)
    software = _software_fingerprint()
    states = {}
    for page, row in pages.items():
        made_from = repr([software, *(sorted(pages[near].items()) for near in sorted(navigation[page]))])
        state = hashlib.sha256(made_from.encode()).hexdigest()
        states |= {
            page_path(language, row[f"address_{language}"]): state for language, _name in settings.LANGUAGES
        }
    return states


def pages_in_navigation(parents: dict[int, int | None], recent: set[int]) -> dict[int, set[int]]:
    """For each live page those that `Edition.objects.with_navigation` finds: itself, some above it and those just
    below; for the home page also what changed last (`recent`).
    """
    navigation = {page: {page} for page in parents}
    for page, parent in parents.items():
        if parent is None:
            navigation[page] |= recent & parents.keys()
        if parent in navigation:
            navigation[parent].add(page)
        for _step in range(MAX_ANCESTORS + 1):  # as `Edition.objects.with_navigation` does
            if parent not in parents:
                break
            navigation[page].add(parent)
            parent = parents[parent]
    return navigation


def _software_fingerprint() -> str:
    """Changes with everything but the content that an answer is made from."""
    files = [
        file
        for folder in SOURCES
        for file in (settings.BASE_DIR / folder).rglob("*")
        if file.suffix in SOURCE_SUFFIXES
    ]
    files.append(settings.BASE_DIR / "requirements.txt")
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(files)]
    settings_used = [getattr(settings, name) for name in SETTINGS_SHOWN]
    return hashlib.sha256(repr([stats, settings_used, fingerprint()]).encode()).hexdigest()


class Exporter:
    """One run: what has been asked so far, and what came of it."""

    def __init__(self, folder: Path, application: Application):
        self.folder, self.application = folder, application
        self.before = self._record()
        self.states = page_states()
        self.entries: dict[str, Entry] = {}
        self.files: set[Path] = {folder / RECORD_FILE}
        self.content_types: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.result = Result()

    def _record(self) -> dict[str, Entry]:
        file = self.folder / RECORD_FILE
        if not file.exists() and any(self.folder.iterdir()):
            raise ExportError(f"{self.folder} holds something else: choose an empty folder.")
        try:
            return {path: Entry(**entry) for path, entry in json.loads(file.read_text()).items()}
        except (FileNotFoundError, ValueError, TypeError):
            return {}

    # Asking

    def crawl(self, paths: Iterable[str], on_progress: ProgressCallback) -> None:
        """Asks for these addresses, then for all that their answers need."""
        waiting = deque(dict.fromkeys(paths))
        known = set(waiting)
        while waiting:
            new = set(self._fetch(waiting.popleft())) - known
            waiting += sorted(new)
            known |= new
            on_progress("Addresses", len(known) - len(waiting), len(known))

    def _fetch(self, path: str) -> list[str]:
        known = self.before.get(path)
        if known and not (self.folder / known.file).exists():
            known = None
        if known and known.state and known.state == self.states.get(path, IMMUTABLE):
            return self._reuse(path, known)
        if known and known.etag:
            response = self._request(path, if_none_match=known.etag)
            if response.status == HTTPStatus.NOT_MODIFIED:
                return self._reuse(path, replace(known, state=self.states.get(path, known.state)))
        else:
            response = self._request(path)
        if response.status == HTTPStatus.OK and response.is_public:
            return self._store(path, response)
        if response.status == HTTPStatus.MOVED_PERMANENTLY:
            self.redirects[path] = response.headers["location"]
        elif response.status == HTTPStatus.GONE:
            self.gone[path] = "/" + self._write("gone" + file_path(path), response.body)
        elif response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ExportError(
                f"The application failed ({response.status}) at {path}: nothing was removed. Try again."
            )
        return []

    def _reuse(self, path: str, entry: Entry) -> list[str]:
        self.entries[path] = entry
        self.content_types.setdefault(Path(entry.file).suffix, entry.kind)
        for ending in ("", *ENCODING_SUFFIXES.values()):
            file = self.folder / (entry.file + ending)
            if file.exists():
                self.files.add(file)
                self.result.unchanged += 1
        return entry.needs

    def _store(self, path: str, response: Response) -> list[str]:
        kind = response.headers.get("content-type", "")
        file = "site" + file_path(path, kind)
        # `/en/index` would be the file of `/en/`, and a web server tells the kind of a file by the end of its name.
        if self.folder / file in self.files or self.content_types.setdefault(Path(file).suffix, kind) != kind:
            self.result.skipped.append(path)
            return []
        self._write(file, response.body)
        varies = "accept-encoding" in response.headers.get("vary", "").lower()
        for encoding, ending in ENCODING_SUFFIXES.items() if varies else ():
            smaller = self._request(path, accept_encoding=encoding)
            if smaller.headers.get("content-encoding") == encoding:
                self._write(file + ending, smaller.body)
        state = IMMUTABLE if response.is_immutable or _is_image(path) else self.states.get(path, "")
        needs = sorted(set(_linked_paths(path, response)))
        self.entries[path] = Entry(file, kind, response.headers.get("etag", ""), state, needs)
        return needs

    def _request(self, path: str, **headers: str) -> Response:
        started: list[Any] = []

        def start(status, headers, exc_info=None):
            started[:] = int(status[:3]), {name.lower(): value for name, value in headers}

        chunks = self.application(_environ(path, headers), start)
        try:
            return Response(body=b"".join(chunks), status=started[0], headers=started[1])
        finally:
            getattr(chunks, "close", bool)()

    # Writing

    def _write(self, name: str, body: bytes) -> str:
        file = self.folder / name
        self.files.add(file)
        if file.exists() and file.read_bytes() == body:
            self.result.unchanged += 1
            return name
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.new")  # whoever reads gets the old file or the new one
        aside.write_bytes(body)
        os.replace(aside, file)
        self.result.written += 1
        return name

    def export_error_pages(self) -> None:
        for prefix in ("/", *(f"/{language}/" for language, _name in settings.LANGUAGES)):
            request = HttpRequest()
            request.path_info = prefix
            for status in ERROR_STATUSES:
                self._write(f"errors{prefix}{status}.html", error_page(request, status=status).content)

    def write_nginx_config(self) -> None:
        """What the application says beside the text of an answer, as nginx can say it."""
        types = "".join(
            f"    {_quoted(kind)} {suffix[1:]};\n" for suffix, kind in sorted(self.content_types.items())
        )
        self._write("nginx/types.conf", f"types {{\n{types}}}\n".encode())
        self._write("nginx/moved.map", _map(self.redirects))
        self._write("nginx/gone.map", _map(self.gone))
        examples = {"pages": "/", "errors": f"/{MISSING_PATH}"}
        for name, start in (("static", settings.STATIC_URL), ("media", settings.MEDIA_URL)):
            examples[name] = next((path for path in sorted(self.entries) if path.startswith(start)), "/")
        for name, path in examples.items():
            self._write(f"nginx/{name}.headers", _headers(self._request(path)))

    def finish(self) -> None:
        """Removes what no longer belongs to the site, and remembers the rest for the next time."""
        for file in sorted(self.folder.rglob("*"), reverse=True):
            if file.is_dir() and not any(file.iterdir()):
                file.rmdir()
            elif not file.is_dir() and file not in self.files:
                file.unlink()
                self.result.removed += 1
        record = {path: asdict(entry) for path, entry in sorted(self.entries.items())}
        self._write(RECORD_FILE, json.dumps(record, indent=0).encode())


def file_path(path: str, kind: str = "text/html") -> str:
    """Where the answer at a path is kept: `/en/trade` in `/en/trade.html`, `/en/` in `/en/index.html`."""
    if path.endswith("/"):
        return f"{path}index.html"
    has_ending = "." in path.rpartition("/")[2]
    return unquote(path) if has_ending else unquote(path) + TYPE_SUFFIXES.get(kind.partition(";")[0], ".html")


def _environ(path: str, headers: dict[str, str]) -> dict[str, Any]:
    """A request for an address of the site by its public name."""
    site = urlsplit(settings.SITE_URL)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(path),
        "HTTP_HOST": site.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": site.scheme,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    setup_testing_defaults(environ)
    return environ


def _is_image(path: str) -> bool:
    """Whether the address names the content of its answer, which is asked for only as long as a live page needs it."""
    return path.startswith(settings.MEDIA_URL)


def _linked_paths(path: str, response: Response) -> Iterator[str]:
    """Paths on this site that an answer cannot be shown without, or that stand in its list of addresses."""
    pattern = LINK_PATTERNS.get(response.headers.get("content-type", "").partition(";")[0])
    if pattern is None:
        return
    for found in pattern.finditer(response.body.decode()):
        value = found[found.lastindex]
        candidates = value.split(",") if found.lastgroup == "several" else [value]  # each with its width
        for candidate in filter(str.strip, candidates):
            target = urljoin(path, candidate.split()[0]).removeprefix(settings.SITE_URL)
            if re.fullmatch(r"/[^/?#][^?#]*", target):
                yield target


def _quoted(text: str) -> str:
    """A word of nginx's configuration."""
    return '"{}"'.format(text.replace("\\", r"\\").replace('"', r"\""))


def _map(paths: dict[str, str]) -> bytes:
    return "".join(f"{_quoted(path)} {_quoted(target)};\n" for path, target in sorted(paths.items())).encode()


def _headers(response: Response) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name not in FILE_HEADERS}
    if policy := headers.get("content-security-policy"):  # its parts come in any order
        headers["content-security-policy"] = "; ".join(sorted(policy.split("; ")))
    lines = [
        f"add_header {name.title()} {_quoted(value)} always;\n" for name, value in sorted(headers.items())
    ]
    return "".join(lines).encode()
