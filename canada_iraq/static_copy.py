"""The whole public site as files that any web server can serve, each byte for byte what the application answers.

The application is asked for every address that was ever public, as a browser would ask, and what belongs to its answers
is followed. The next time it is not asked for pages that are made from the same editions as before, and for the rest
with the ETag that each had, so that only what changed is written. In the folder:

    site/     what visitors get: `/en/trade` is `en/trade.html`, `/en/` is `en/index.html`, `/en/feed` is `en/feed.atom`
    gone/     notices of withdrawn pages, by the same names
    errors/   pages for what is not there and for an application that does not answer
    nginx/    redirects, withdrawn addresses, types and headers, which the sample in docs/operations.md includes
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
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from pages.addresses import corrections_path, path_of
from pages.editions import TRAIL
from pages.models import Correction, Edition

from .environment import alone
from .errors import error_page
from .progress import Report, nobody
from .static_files import fingerprint

RECORD = "copy.json"
DOORS = ("/", "/robots.txt", "/sitemap.xml")
ENDINGS = {"application/atom+xml": ".atom"}
ENCODINGS = {"gzip": ".gz", "br": ".br"}
UNAVAILABLE = (500, 503)
# Of an answer that never changes.
FOR_EVER = "for ever"
# Where what makes an answer stands, beside the content.
SOURCES = ("canada_iraq", "locale", "pages", "reports", "templates")
ENDS = {".py", ".html", ".txt", ".mo", ".css", ".svg"}
# No page can have an address like this.
NOWHERE = "nothing.here"

# What an answer needs to be shown, by its type. Links that people follow lead to pages, whose addresses are known, or
# to forms, which stay with the application.
FOLLOWED = {
    "text/html": re.compile(
        r'<link\b[^>]*?\shref="([^"]+)"|\ssrc="([^"]+)"|\ssrcset="(?P<several>[^"]+)"|\scontent="(https?:[^"]+)"'
    ),
    "text/css": re.compile(r"""url\(["']?([^"')]+)"""),
    "application/xml": re.compile(r"<loc>([^<]+\.xml)\b[^<]*</loc>"),
}
# Headers that a web server makes itself, from the file.
OF_A_FILE = set(
    "content-type content-length content-encoding content-language content-disposition etag last-modified vary".split()
)

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class Refused(Exception):
    """Why nothing was written: a sentence that says what to do."""


@dataclass(frozen=True)
class Answer:
    """What the application said at one address; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_for_everybody(self) -> bool:
        kept = self.headers.get("cache-control", "")
        return "set-cookie" not in self.headers and "no-store" not in kept and "private" not in kept

    @property
    def is_for_ever(self) -> bool:
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
    kept: int = 0
    removed: int = 0
    left_out: list[str] = field(default_factory=list)


def export(folder: Path, application: Application, report: Report = nobody) -> Result:
    """Brings a copy of the live site up to date, or makes one in an empty folder. Raises Refused for any other."""
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        copy = _Copy(folder, application)
        copy.take(_addresses(), report)
        copy.take_errors()
        copy.write_for_nginx()
        copy.finish()
    return copy.result


def _addresses() -> Iterator[str]:
    """The doors of the site, all that leads or once led to a page, and what was corrected."""
    yield from DOORS
    public = Edition.objects.approved().filter(publish_at__lte=timezone.now()).order_by()
    for language, _name in settings.LANGUAGES:
        for address in public.values_list(f"address_{language}", flat=True).distinct():
            yield path_of(language, address)
        yield corrections_path(language)
        corrected = public.filter(page__in=Correction.objects.public().order_by().values("edition__page"))
        for address in corrected.values_list(f"address_{language}", flat=True).distinct():
            yield corrections_path(language, address)


def states_of_pages() -> dict[str, str]:
    """By the path of each page, what stands for everything that it is made from: editions, texts, templates, code."""
    corrections = Count("page__editions__correction")
    live = Edition.objects.live().dated().annotate(corrections=corrections)
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
    around = pages_around({page: row["parent_id"] for page, row in pages.items()})
    software = _software()
    states = {}
    for page, row in pages.items():
        made_from = repr([software, *(sorted(pages[one].items()) for one in sorted(around[page]))])
        state = hashlib.sha256(made_from.encode()).hexdigest()
        states |= {
            path_of(language, row[f"address_{language}"]): state for language, _name in settings.LANGUAGES
        }
    return states


def pages_around(parents: dict[int, int | None]) -> dict[int, set[int]]:
    """For each live page those that `Edition.objects.around` finds: itself, some above it and those just below."""
    around = {page: {page} for page in parents}
    for page, parent in parents.items():
        if parent in around:
            around[parent].add(page)
        for _step in range(TRAIL):
            if parent not in parents:
                break
            around[page].add(parent)
            parent = parents[parent]
    return around


def _software() -> str:
    """Changes with everything but the content that an answer is made from."""
    files = [
        file for folder in SOURCES for file in (settings.BASE_DIR / folder).rglob("*") if file.suffix in ENDS
    ]
    files.append(settings.BASE_DIR / "requirements.txt")
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(files)]
    chosen = (settings.SITE_URL, settings.SITE_IDENTITY, settings.LANGUAGES, settings.TIME_ZONE)
    return hashlib.sha256(repr([stats, chosen, fingerprint()]).encode()).hexdigest()


class _Copy:
    """One run: what has been asked so far, and what came of it."""

    def __init__(self, folder: Path, application: Application):
        self.folder, self.application = folder, application
        self.before = self._record()
        self.states = states_of_pages()
        self.entries: dict[str, Entry] = {}
        self.files: set[Path] = {folder / RECORD}
        self.kinds: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.result = Result()

    def _record(self) -> dict[str, Entry]:
        file = self.folder / RECORD
        if not file.exists() and any(self.folder.iterdir()):
            raise Refused(f"{self.folder} holds something else: choose an empty folder.")
        try:
            return {path: Entry(**entry) for path, entry in json.loads(file.read_text()).items()}
        except (FileNotFoundError, ValueError, TypeError):
            return {}

    # Asking

    def take(self, paths: Iterable[str], report: Report) -> None:
        """Asks for these addresses, then for all that their answers need."""
        waiting = deque(dict.fromkeys(paths))
        known = set(waiting)
        while waiting:
            new = set(self._take(waiting.popleft())) - known
            waiting += sorted(new)
            known |= new
            report("Addresses", len(known) - len(waiting), len(known))

    def _take(self, path: str) -> list[str]:
        known = self.before.get(path)
        if known and not (self.folder / known.file).exists():
            known = None
        if known and known.state and known.state == self.states.get(path, FOR_EVER):
            return self._keep(path, known)
        if known and known.etag:
            answer = self._ask(path, if_none_match=known.etag)
            if answer.status == HTTPStatus.NOT_MODIFIED:
                return self._keep(path, replace(known, state=self.states.get(path, known.state)))
        else:
            answer = self._ask(path)
        if answer.status == HTTPStatus.OK and answer.is_for_everybody:
            return self._store(path, answer)
        if answer.status == HTTPStatus.MOVED_PERMANENTLY:
            self.moved[path] = answer.headers["location"]
        elif answer.status == HTTPStatus.GONE:
            self.gone[path] = "/" + self._write("gone" + file_of(path), answer.body)
        elif answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refused(
                f"The application failed ({answer.status}) at {path}: nothing was removed. Try again."
            )
        return []

    def _keep(self, path: str, entry: Entry) -> list[str]:
        self.entries[path] = entry
        self.kinds.setdefault(Path(entry.file).suffix, entry.kind)
        for ending in ("", *ENCODINGS.values()):
            file = self.folder / (entry.file + ending)
            if file.exists():
                self.files.add(file)
                self.result.kept += 1
        return entry.needs

    def _store(self, path: str, answer: Answer) -> list[str]:
        kind = answer.headers.get("content-type", "")
        file = "site" + file_of(path, kind)
        # `/en/index` would be the file of `/en/`, and a web server tells the kind of a file by the end of its name.
        if self.folder / file in self.files or self.kinds.setdefault(Path(file).suffix, kind) != kind:
            self.result.left_out.append(path)
            return []
        self._write(file, answer.body)
        varies = "accept-encoding" in answer.headers.get("vary", "").lower()
        for encoding, ending in ENCODINGS.items() if varies else ():
            smaller = self._ask(path, accept_encoding=encoding)
            if smaller.headers.get("content-encoding") == encoding:
                self._write(file + ending, smaller.body)
        state = FOR_EVER if answer.is_for_ever else self.states.get(path, "")
        needs = sorted(set(_needs(path, answer)))
        self.entries[path] = Entry(file, kind, answer.headers.get("etag", ""), state, needs)
        return needs

    def _ask(self, path: str, **headers: str) -> Answer:
        said: list[Any] = []

        def start(status, headers, exc_info=None):
            said[:] = int(status[:3]), {name.lower(): value for name, value in headers}

        chunks = self.application(_environ(path, headers), start)
        try:
            return Answer(body=b"".join(chunks), status=said[0], headers=said[1])
        finally:
            getattr(chunks, "close", bool)()

    # Writing

    def _write(self, name: str, body: bytes) -> str:
        file = self.folder / name
        self.files.add(file)
        if file.exists() and file.read_bytes() == body:
            self.result.kept += 1
            return name
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.new")  # whoever reads gets the old file or the new one
        aside.write_bytes(body)
        os.replace(aside, file)
        self.result.written += 1
        return name

    def take_errors(self) -> None:
        for place in ("/", *(f"/{language}/" for language, _name in settings.LANGUAGES)):
            self._write(f"errors{place}404.html", self._ask(place + NOWHERE).body)
            request = HttpRequest()
            request.path_info = place
            for status in UNAVAILABLE:
                self._write(f"errors{place}{status}.html", error_page(request, status=status).content)

    def write_for_nginx(self) -> None:
        """What the application says beside the text of an answer, as nginx can say it."""
        types = "".join(f"    {_quoted(kind)} {suffix[1:]};\n" for suffix, kind in sorted(self.kinds.items()))
        self._write("nginx/types.conf", f"types {{\n{types}}}\n".encode())
        self._write("nginx/moved.map", _map(self.moved))
        self._write("nginx/gone.map", _map(self.gone))
        examples = {"pages": "/", "errors": f"/{NOWHERE}"}
        for name, start in (("static", settings.STATIC_URL), ("media", settings.MEDIA_URL)):
            examples[name] = next((path for path in sorted(self.entries) if path.startswith(start)), "/")
        for name, path in examples.items():
            self._write(f"nginx/{name}.headers", _headers(self._ask(path)))

    def finish(self) -> None:
        """Removes what no longer belongs to the site, and remembers the rest for the next time."""
        for file in sorted(self.folder.rglob("*"), reverse=True):
            if file.is_dir() and not any(file.iterdir()):
                file.rmdir()
            elif not file.is_dir() and file not in self.files:
                file.unlink()
                self.result.removed += 1
        record = {path: asdict(entry) for path, entry in sorted(self.entries.items())}
        self._write(RECORD, json.dumps(record, indent=0).encode())


def file_of(path: str, kind: str = "text/html") -> str:
    """Where the answer at a path is kept: `/en/trade` in `/en/trade.html`, `/en/` in `/en/index.html`."""
    if path.endswith("/"):
        return f"{path}index.html"
    has_ending = "." in path.rpartition("/")[2]
    return unquote(path) if has_ending else unquote(path) + ENDINGS.get(kind.partition(";")[0], ".html")


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


def _needs(path: str, answer: Answer) -> Iterator[str]:
    """Paths on this site that an answer cannot be shown without, or that stand in its list of addresses."""
    pattern = FOLLOWED.get(answer.headers.get("content-type", "").partition(";")[0])
    if pattern is None:
        return
    for found in pattern.finditer(answer.body.decode()):
        address = found[found.lastindex]
        several = address.split(",") if found.lastgroup == "several" else [address]  # each with its width
        for one in filter(str.strip, several):
            needed = urljoin(path, one.split()[0]).removeprefix(settings.SITE_URL)
            if re.fullmatch(r"/[^/?#][^?#]*", needed):
                yield needed


def _quoted(text: str) -> str:
    """A word of nginx's configuration."""
    return '"{}"'.format(text.replace("\\", r"\\").replace('"', r"\""))


def _map(paths: dict[str, str]) -> bytes:
    return "".join(f"{_quoted(path)} {_quoted(target)};\n" for path, target in sorted(paths.items())).encode()


def _headers(answer: Answer) -> bytes:
    kept = {name: value for name, value in answer.headers.items() if name not in OF_A_FILE}
    if policy := kept.get("content-security-policy"):  # its parts come in any order
        kept["content-security-policy"] = "; ".join(sorted(policy.split("; ")))
    lines = [f"add_header {name.title()} {_quoted(value)} always;\n" for name, value in sorted(kept.items())]
    return "".join(lines).encode()
