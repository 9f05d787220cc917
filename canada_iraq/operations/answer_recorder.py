"""Records what a version of this software answers at some addresses: `python -c … [follow] <ADDRESSES >ANSWERS`.

A program of its own, which runs in the folder and with the packages of any version, also of one that does not have it.
So it uses nothing but Python, and of Django what every version has. Each line of its output is one answer in JSON.
"""

import json
import os
import re
import sys
from collections import deque
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit
from wsgiref.util import setup_testing_defaults

MAIN = re.compile(r"<main\b.*?</main>", re.S)
TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.S)
UNSEEN = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1>", re.S)
TAG = re.compile(r"<(/?[a-zA-Z][\w:-]*|[?!])(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>")
ALTERNATIVE = re.compile(r"\salt=(?:\"([^\"]*)\"|'([^']*)')")
# Tags within a line of text: they part no words.
WITHIN_LINES = set(
    "a abbr b bdi bdo cite code em i mark q s small span strong sub sup time u var wbr".split()
)
# What an answer cannot be shown without, or lists, has an address that others may know too.
IMAGES = re.compile(r"[\"'\s,](/media/(?:images|files)/[^\"'\s,?#]+)")
SITEMAPS = re.compile(r"<loc>([^<]+\.xml)</loc>")


def record(addresses, answer_at, *, follow):
    """Yield what is answered at each address and, to follow them, at those of images and sitemaps that answers name."""
    waiting = deque(addresses)
    known = set(waiting)
    while waiting:
        path = waiting.popleft()
        status, headers, body = answer_at(path)
        answer = {"path": path, "status": status, "location": headers.get("location", "")}
        kind = headers.get("content-type", "").partition(";")[0]
        text = body.decode(errors="replace") if kind.startswith(("text/", "application/")) else ""
        yield {**answer, "kind": kind, **read(text, kind)}
        if not follow:
            continue
        new = [
            urlsplit(urljoin(path, found)).path for found in (*IMAGES.findall(text), *SITEMAPS.findall(text))
        ]
        waiting += sorted(set(new) - known)
        known.update(new)


def read(text, kind):
    """Return the title and the text of an answer, a line for each paragraph; of a page only its main part."""
    title = TITLE.search(text)
    if kind == "text/html":
        main = MAIN.search(text)
        text = main[0] if main else text
    if kind != "text/plain":
        text = unescape(TAG.sub(_without_tag, " ".join(UNSEEN.sub("", text).split())))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return {
        "title": " ".join(unescape(title[1]).split()) if title else "",
        "text": "\n".join(filter(None, lines)),
    }


def _without_tag(match):
    name = match[1].lower()
    if name == "img" and (alternative := ALTERNATIVE.search(match[0])):
        return f"\n[{alternative[1] or alternative[2] or ''}]\n"
    return "" if name.lstrip("/") in WITHIN_LINES else "\n"


def application():
    """Return a function that asks the version in this folder for a path, as a browser would."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application, site = get_wsgi_application(), urlsplit(settings.SITE_URL)

    def answer_at(path):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "HTTP_HOST": site.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": site.scheme,
        }
        setup_testing_defaults(environ)
        begun = []
        chunks = application(environ, lambda status, headers, exc_info=None: begun.append((status, headers)))
        body = b"".join(chunks)
        getattr(chunks, "close", bool)()
        status, headers = begun[-1]
        return int(status[:3]), {name.lower(): value for name, value in headers}, body

    return answer_at


def main():
    """Read paths from standard input, a line each, and write answers to standard output."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "canada_iraq.settings"
    out, sys.stdout = sys.stdout, sys.stderr  # whatever the version prints is no answer
    addresses = [line.rstrip("\n") for line in sys.stdin]
    for answer in record(addresses, application(), follow=sys.argv[1:] == ["follow"]):
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
