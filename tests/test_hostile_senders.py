"""The running server, beside connections that announce bodies and do not send them."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from canada_iraq.delivery.body_buffering import IDLE_TIMEOUT, threads_needed
from tests import ports

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a long enough password"
FORM = "Content-Type: application/x-www-form-urlencoded"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port():
    with ports.held() as [number]:
        yield number


@pytest.fixture(scope="module")
def site(tmp_path_factory, port):
    """The port of the starter site, served by one process."""
    folder = tmp_path_factory.mktemp("site")
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
        },
        "DATA_DIR": str(folder / "data"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WORKERS": "1",
        "REPORTS_PER_SENDER": "1000",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }

    def manage(*arguments):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )

    manage("prepare_site", "--no-account")
    manage("createsuperuser", "--noinput", "--username=editor", "--email=editor@example.org")
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "canada_iraq.server"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if get(port, "/health/ready")[0] == 200:
                break
        time.sleep(0.05)
    get(port, "/admin/login/")  # the first look at the admin loads much of it
    report(port)
    yield port
    server.terminate()
    server.wait(30)
    log.close()
    assert (folder / "log").read_text().count("Traceback") == 0


def get(port, path, method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def post(port, path, fields, **headers):
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return get(port, path, "POST", urlencode(fields), **headers)


def report(port):
    return post(port, "/en/report-a-problem/home", {"reasons": "outdated", "details": ""})[0]


def sign_in(port):
    _, headers, form = get(port, "/admin/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    fields = {"username": "editor", "password": PASSWORD, "csrfmiddlewaretoken": token, "next": "/admin/"}
    return post(
        port, "/admin/login/", fields, Cookie=cookie, Referer=f"http://127.0.0.1:{port}/admin/login/"
    )[0]


def connected(port, number, path, head, body):
    source = f"127.0.0.{2 + number}" if number is not None else "127.0.0.1"
    connection = socket.create_connection(("127.0.0.1", port), 10, (source, 0))
    connection.sendall(
        "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", FORM, *head, "", ""]).encode() + body
    )
    return connection


KINDS = {
    "that never send it": (["Content-Length: 5000"], b""),
    "that send its beginning": (["Content-Length: 5000"], b"details=" + b"a" * 1000),
    "that would send it in chunks": (["Transfer-Encoding: chunked"], b"5\r\nabcde\r\n"),
    "that wait to be asked for it": (["Content-Length: 5000", "Expect: 100-continue"], b""),
}


@pytest.mark.parametrize("from_many_addresses", [False, True])
@pytest.mark.parametrize("path", ["/en/report-a-problem/home", "/admin/login/"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_report_and_a_sign_in_go_through_beside_connections(site, kind, path, from_many_addresses):
    head, body = KINDS[kind]
    with contextlib.ExitStack() as held:
        for number in range(100):
            held.enter_context(connected(site, number if from_many_addresses else None, path, head, body))
        seconds = {}
        for name, act, right in (("report", report, 303), ("sign-in", sign_in, 302)):
            taken = []
            for _ in range(3):
                began = time.monotonic()
                assert act(site) == right
                taken.append(time.monotonic() - began)
            seconds[name] = sorted(taken)[1]  # the machine itself may stop for a moment
        # One that waited for such a connection would wait until it times out, however slow the machine is.
        assert max(seconds.values()) < IDLE_TIMEOUT / 2


def test_a_connection_that_sends_nothing_is_told_so_and_closed(site):
    def status_and_seconds(number):
        began = time.monotonic()
        with connected(
            site, number, "/en/report-a-problem/home", ["Content-Length: 50"], b"details="
        ) as connection:
            connection.settimeout(30)
            answer = b""
            while content := connection.recv(65536):
                answer += content
        return answer[:12], time.monotonic() - began

    places = threads_needed(settings.THREADS) // 4  # each of them keeps its own
    with ThreadPoolExecutor(places) as pool:
        answers = list(pool.map(status_and_seconds, range(places)))
    assert [status for status, _ in answers] == [b"HTTP/1.1 408"] * places
    assert all(IDLE_TIMEOUT - 1 < seconds < IDLE_TIMEOUT * 2 for _, seconds in answers)
