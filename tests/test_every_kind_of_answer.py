"""Every kind of answer keeps the rules of `answer_rules`: in one process, over a real server, and behind nginx."""

import http.client
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.test import Client

from canada_iraq.delivery.body_buffering import RequestBodyBuffer
from canada_iraq.delivery.page_cache import PageCacheMiddleware
from pages import publishing
from pages.models import preview_link
from pages.site_version import VersionTracker
from tests import ports, test_operations
from tests.answer_rules import Answer, faults, faults_of_encodings
from tests.factories import a_figure, a_home_page, a_live_page, a_page, a_report, an_account
from tests.test_page_cache import connection_of_the_test  # noqa: F401
from tests.test_server import wait_until_it_lives

ROOT = Path(__file__).resolve().parent.parent
NAME = "pages.example.org"

PUBLIC = [
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/en/", 200),
    ("GET", "/fr/commerce", 200),
    ("GET", "/en/search?q=trade", 200),
    ("GET", "/fr/recherche", 200),
    ("GET", "/en/feed", 200),
    ("GET", "/fr/fil", 200),
    ("GET", "/en/corrections", 200),
    ("GET", "/fr/corrections.atom", 200),
    ("GET", "/sitemap.xml", 200),
    ("GET", "/sitemap-1.xml", 200),
    ("GET", "/robots.txt", 200),
    ("GET", "/api/v1/pages", 200),
    ("GET", "/api/v1/pages/trade", 200),
    ("GET", "/api/v1/partners?page=0", 400),
    ("GET", "/.well-known/security.txt", 200),
    ("GET", "/en/report-a-problem/trade", 200),
    ("POST", "/en/report-a-problem/trade", 422),
    ("GET", "/fr/signaler-un-probleme/recu/merci", 200),
    ("GET", "/en/old", 301),
    ("GET", "/en", 301),
    ("GET", "/admin", 301),
    ("GET", "/admin/", 302),
    ("GET", "/admin/login/", 200),
    ("GET", "/en/nothing", 404),
    ("GET", "/nothing", 404),
    ("GET", "/en/gone", 410),
    ("GET", "/en/trade?q=%00", 400),
    ("PUT", "/en/trade", 405),
    ("POST", "/en/trade", 403),
    ("GET", "/media/nothing.webp", 404),
    ("GET", "/static/nothing.css", 404),
]
HEALTH = [("GET", "/health/live", 200), ("GET", "/health/ready", 200)]
STATIC = ["pages/favicon.svg", "admin/css/base.css", "admin/js/core.js", "admin/img/search.svg"]

ENCODINGS = ("identity", "gzip", "br")


def make_site():
    """A site with answers of every kind; returns the addresses that have numbers or digests in them, with statuses."""
    publishing.publish(a_home_page(), by=None)
    page = a_page(key="trade", address_en="trade", address_fr="commerce")
    image = a_figure(page).image.image
    publishing.publish(page, by=None)
    moved = a_live_page(address_en="old")
    moved.address_en = "new"
    moved.save()
    publishing.publish(moved, by=None)
    publishing.withdraw(a_live_page(address_en="gone"), by=None)
    a_report(page.editions.get())
    picture = f"images/{image.digest}/{image.widths[0]}.webp"
    _link, token = preview_link.create_link(page, by=None, days=1)
    public = [
        ("GET", f"/media/{picture}", 200),
        ("POST", f"/media/{picture}", 403),
        ("GET", f"/en/preview/{token}", 200),
        ("GET", f"/en/preview/{token}/{picture}", 200),
    ]
    staff = [
        ("GET", "/admin/", 200),
        ("GET", "/admin/jsi18n/", 200),
        ("GET", "/admin/pages/page/", 200),
        ("GET", f"/admin/pages/page/{page.pk}/change/", 200),
        ("GET", f"/admin/pages/page/{page.pk}/export/", 200),
        ("GET", "/admin/pages/page/parents/", 200),
        ("GET", f"/admin/media/{picture}", 200),
        ("GET", "/admin/reports/problemreport/download/csv/", 200),
        ("GET", "/admin/reports/problemreport/download/json/", 200),
        ("GET", "/admin/nothing/", 404),
        ("POST", "/admin/pages/page/", 403),
    ]
    return public, staff


def session_of_staff():
    """The cookie of a person who has signed in with every right."""
    client = Client()
    client.force_login(an_account(is_superuser=True))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Asker:
    """Asks for answers of one way of serving the site, and collects what is wrong with them."""

    def __init__(self, send, cookie):
        self.send, self.cookie = send, cookie
        self.faults, self.number = [], 0

    def check(self, method, path, status, **headers):
        self.number += 1
        answer = self.send(method, path, headers)
        if answer.status != status:
            self.faults.append((method, path, headers, f"{answer.status} instead of {status}"))
        self.faults += [(method, path, headers, fault) for fault in faults(answer)]
        return answer

    def check_encodings(self, method, path, status, **headers):
        """Asks in every encoding, and again with the ETag of the answer."""
        plain, *others = [
            self.check(method, path, status, **headers, **{"Accept-Encoding": encoding})
            for encoding in ENCODINGS
        ]
        for other in others:
            self.faults += [(method, path, fault) for fault in faults_of_encodings(plain, other)]
            if status == 200 and (etag := other.get("etag")):
                accepted = {"Accept-Encoding": ENCODINGS[1 + others.index(other)]}
                known = self.check(method, path, 304, **headers, **accepted, **{"If-None-Match": etag})
                self.faults += [(method, path, 304, fault) for fault in faults_of_encodings(known, other)]

    def walk(self, public, staff, statics):
        for method, path, status in [*PUBLIC, *public, *(("GET", path, 200) for path in statics)]:
            self.check_encodings(method, path, status)
        for method, path, status in staff:
            self.check_encodings(method, path, status, Cookie=f"__Host-session={self.cookie}")


def through_wsgi(application):
    """Sends a request to a WSGI application as a server behind a proxy that ends https does."""

    def send(method, path, headers):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": NAME,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": NAME,
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        said = []
        chunks = application(environ, lambda *line: said.append(line))
        body = b"".join(chunks)
        getattr(chunks, "close", bool)()
        status, sent, *_ = said[0]
        return Answer(int(status[:3]), sent, body)

    return send


def through_http(connect):
    """Sends a request over a connection of its own."""

    def send(method, path, headers):
        connection = connect()
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        body = {"POST": "0"}.get(method)
        for name, value in {"Host": NAME, **headers, **({"Content-Length": body} if body else {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        answer = Answer(answer.status, answer.getheaders(), answer.read())
        connection.close()
        return answer

    return send


@pytest.fixture
def https(settings):
    """The settings of a public site, whose name visitors type."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    settings.SESSION_COOKIE_NAME = "__Host-session"
    settings.ALLOWED_HOSTS = [NAME]
    settings.SECURITY_CONTACT = ["mailto:security@example.org"]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_kind_of_answer_keeps_the_rules_in_one_process(https, settings, tmp_path, monkeypatch):
    settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT = tmp_path
    public, staff = make_site()
    cookie = session_of_staff()
    application = PageCacheMiddleware(
        RequestBodyBuffer(get_wsgi_application(), threads=2), VersionTracker().read, limit=1_000_000
    )
    asker = Asker(through_wsgi(application), cookie)
    asker.walk(public + HEALTH, staff, [f"/static/{name}" for name in STATIC])
    for error, status in ((ValueError, 500), (OperationalError, 503)):
        monkeypatch.setattr("pages.views.Edition.objects.fetch_with_navigation", raising(error))
        asker.check_encodings("GET", "/en/nowhere-yet", status)
    print(f"\n{asker.number} answers")
    assert "\n".join(map(str, asker.faults)) == ""


def raising(error):
    def fail(*arguments):
        raise error

    return fail


@pytest.fixture(scope="module")
def made(new_site, tmp_path_factory):
    """The data folder of such a site, its addresses, a session, and the settings of the processes that work on it."""
    folder = tmp_path_factory.mktemp("answers")
    with new_site(folder / "data"):
        addresses = make_site()
        cookie = session_of_staff()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL",)},
        "DJANGO_SETTINGS_MODULE": "canada_iraq.settings",
        "DATA_DIR": str(folder / "data"),
        "SITE_URL": f"https://{NAME}",
        "BEHIND_PROXY": "true",
        "SECURITY_CONTACT": "security@example.org",
        "WORKERS": "1",
    }
    manage(environment, "prepare_site", "--no-account")
    return folder, addresses, cookie, environment


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture
def server(made):
    """The site, served by one process of the real server."""
    folder, _addresses, _cookie, environment = made
    with ports.held() as (port,), (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "canada_iraq.server"],
            cwd=ROOT,
            env={**environment, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
        process.port = port
        try:
            wait_until_it_lives(process)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def statics(folder):
    """The addresses of some collected files, by the names that pages use."""
    paths = json.loads((folder / "data" / "static" / "staticfiles.json").read_text())["paths"]
    return [f"/static/{paths[name]}" for name in [*STATIC, "pages/site.css"]]


@pytest.mark.slow
def test_every_kind_of_answer_keeps_the_rules_over_a_real_server(made, server):
    folder, (public, staff), cookie, _environment = made

    def connect():
        return http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    send = through_http(connect)
    asker = Asker(
        lambda method, path, headers: send(method, path, {**headers, "X-Forwarded-Proto": "https"}), cookie
    )
    asker.walk(public + HEALTH, staff, statics(folder))
    print(f"\n{asker.number} answers")
    assert "\n".join(map(str, asker.faults)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("has_copy", [False, True], ids=["no copy", "static copy"])
def test_every_kind_of_answer_keeps_the_rules_behind_nginx(made, server, has_copy, tmp_path):
    folder, addresses, cookie, environment = made
    copy = tmp_path / "copy"
    copy.mkdir()
    (tmp_path / "nginx").mkdir()
    if has_copy:
        manage(environment, "export_site", str(copy))
    with ports.held(2) as numbers:
        nginx = test_operations.Nginx(tmp_path / "nginx", copy, numbers, behind=server.port)
        assert nginx.test() == ""
        nginx.start()
        try:
            asker = Asker(through_http(nginx.connected), cookie)
            asker.walk(*addresses, statics(folder))
            # nginx names no charset in redirects of its own, whose few words are ASCII, and cannot be made to.
            asker.faults = [fault for fault in asker.faults if not (has_copy and is_redirect_by_nginx(fault))]
            for status, beginning in OF_NGINX.items():
                answer = raw_answer(nginx, beginning)
                found = [fault for fault in faults(answer) if has_copy or "charset" in fault]
                asker.faults += [(beginning[:20], fault) for fault in found]
                asker.faults += [] if answer.status == status else [(beginning[:20], answer.status)]
        finally:
            nginx.stop()
    print(f"\n{asker.number} answers")
    assert "\n".join(map(str, asker.faults)) == ""


# What nginx answers by itself: the status, and the beginning of a request.
OF_NGINX = {
    404: f"GET /health/live HTTP/1.1\r\nHost: {NAME}\r\n",
    405: f"TRACE /en/ HTTP/1.1\r\nHost: {NAME}\r\n",
    413: f"POST /en/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 70000\r\n",
    421: "GET /en/ HTTP/1.1\r\nHost: evil.example.org\r\n",
    414: f"GET /{'a' * 9000} HTTP/1.1\r\nHost: {NAME}\r\n",
    400: f"GET /en/ HTTP/1.1\r\nHost: {NAME}\r\nX-Long: {'a' * 9000}\r\n",
}


def is_redirect_by_nginx(fault):
    _method, path, *_rest, words = fault
    return path == "/en/old" and words == "a text without a charset: text/html"


def raw_answer(nginx, beginning):
    """What nginx says to a request that ends after its headers, without a body."""
    connection = nginx.connected()
    connection.connect()
    connection.sock.sendall(f"{beginning}Connection: close\r\n\r\n".encode())
    answer = http.client.HTTPResponse(connection.sock)
    answer.begin()
    answer = Answer(answer.status, answer.getheaders(), answer.read())
    connection.close()
    return answer
