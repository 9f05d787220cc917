"""The configurations in deploy/, tried as they are where the programs are installed."""

import gzip
import http.client
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from canada_iraq.operations import static_export
from pages import publishing
from tests import ports
from tests.factories import a_figure, a_home_page, a_live_page, a_page, a_page_with_everything_shared

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SAMPLE = DEPLOY / "nginx.conf"
NAME = "pages.example.org"


class Nginx:
    """nginx with deploy/nginx.conf, on ports of its own, and something behind it that tells what it was asked."""

    MAIN = """
        {user} daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
        events {{}}
        http {{
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
            types {{ text/html html; }}
            {sample}
        }}"""

    def __init__(self, folder, copy, numbers, behind=None):
        """`behind` is the port of an application; without one, something stands there that tells what it was asked."""
        self.port, self.plain = numbers
        self.behind = None if behind else Behind()
        self.file = folder / "nginx.conf"
        a_certificate(folder)
        text = replaced(
            without_ipv6(SAMPLE.read_text()),
            {
                "/srv/pages/copy": copy,
                "/etc/ssl/pages": folder,
                "/var/log/nginx": folder,
                "127.0.0.1:8000": f"127.0.0.1:{behind or self.behind.server_port}",
                "listen 443": f"listen 127.0.0.1:{self.port}",
                "listen 80": f"listen 127.0.0.1:{self.plain}",
            },
        )
        user = "user root;" if os.geteuid() == 0 else ""
        self.file.write_text(self.MAIN.format(user=user, folder=folder, sample=text))
        self.process = None

    def test(self):
        return complaints_of_nginx(self.file)

    def start(self, descriptors=None):
        limit = ["prlimit", f"--nofile={descriptors}:{descriptors}"] if descriptors else []
        command = [*limit, shutil.which("nginx"), "-c", self.file]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        pytest.fail("nginx does not listen")

    def stop(self):
        if self.behind:
            self.behind.shutdown()
            self.behind.server_close()
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)

    def connected(self):
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=trust)

    def ask(self, path, method="GET", body=None, host=NAME, **headers):
        asked = self.connected()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        asked.request(method, path, body, {"Host": host, **sent})
        self.version = asked.sock.version()
        answer = asked.getresponse()
        answer.content = answer.read()
        asked.close()
        return answer


def without_ipv6(text):
    return re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.M)


def replaced(text, replacements):
    """The text with each of these replaced; each must be there."""
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, str(new))
    return text


def complaints_of_nginx(file):
    command = [shutil.which("nginx"), "-t", "-q", "-c", file]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


class Behind(ThreadingHTTPServer):
    """Stands for the application: answers 200 with what it was asked, over loopback."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length", 0))
            read = len(self.rfile.read(length))
            forwarded = (
                self.headers["X-Forwarded-For"],
                self.headers["X-Forwarded-Proto"],
                self.headers["Host"],
            )
            text = f"application: {self.command} {self.path} {read} {forwarded}".encode()
            self.send_response(200)
            self.send_header("Content-Length", len(text))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = answer

        def log_message(self, *arguments):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


def a_certificate(folder):
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test".split()
    )
    files = ["-keyout", folder / "key.pem", "-out", folder / "fullchain.pem"]
    subprocess.run([*command, *files], check=True, capture_output=True)


@pytest.fixture
def nginx(tmp_path):
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("no nginx on this machine (Debian: apt-get install nginx openssl)")
    (tmp_path / "nginx").mkdir()
    (tmp_path / "copy").mkdir()
    with ports.held(2) as numbers:
        server = Nginx(tmp_path / "nginx", tmp_path / "copy", numbers)
        yield server
        server.stop()


@pytest.fixture(scope="module")
def made(new_site, tmp_path_factory):
    """A folder with the data folder of a site and with its copy: a picture, a page that moved, one withdrawn."""
    folder = tmp_path_factory.mktemp("made")
    with new_site(folder / "data"), override_settings(WHITENOISE_USE_FINDERS=True):
        publishing.publish(a_home_page(title_en="Home"), by=None)
        page = a_page(title_en="Trade", address_en="trade", address_fr="commerce")
        a_figure(page)
        publishing.publish(page, by=None)
        publishing.publish(a_page_with_everything_shared(address_en="tour", address_fr="visite"), by=None)
        page.address_en = "trade-today"
        page.save()
        publishing.publish(page, by=None)
        publishing.withdraw(a_live_page(address_en="gone", address_fr="partie"), by=None)
        static_export.export(folder / "copy", get_wsgi_application())
    return folder


@pytest.fixture
def copy(made, nginx, file_site, tmp_path):
    shutil.copytree(made / "data", file_site, dirs_exist_ok=True)
    return shutil.copytree(made / "copy", tmp_path / "copy", dirs_exist_ok=True)


@pytest.mark.medium
def test_without_a_static_copy_everything_comes_from_the_application(nginx):
    assert nginx.test() == ""
    nginx.start()
    for path in ("/", "/en/trade", "/static/site.css", "/media/images/a/1.webp", "/robots.txt", "/admin/"):
        assert nginx.ask(path).content.startswith(f"application: GET {path} ".encode())


@pytest.mark.medium
def test_with_a_static_copy_visitors_get_what_the_application_answers(nginx, copy, client):
    assert nginx.test() == ""
    nginx.start()
    for path in [
        "/",
        "/en/",
        "/fr/commerce",
        "/en/trade-today",
        "/robots.txt",
        "/en/feed",
        "/sitemap.xml",
        "/en/tour",
        *pictures(copy),
        *files_offered(copy),
    ]:
        served, told = nginx.ask(path), client.get(path)
        assert served.content == (told.getvalue() if told.streaming else told.content), path
        assert served.status == 200
        assert served.headers["Content-Type"].lower() == told["Content-Type"].lower()
        assert says(served.headers, "Content-Security-Policy") == says(told, "Content-Security-Policy")
        assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert nginx.version in ("TLSv1.2", "TLSv1.3")
    assert nginx.ask("/en/", "HEAD").status == 200
    moved = nginx.ask("/en/trade")
    assert (moved.status, moved.headers["Location"]) == (301, "/en/trade-today")
    gone = nginx.ask("/fr/partie")
    assert (gone.status, gone.content) == (410, client.get("/fr/partie").content)
    assert gone.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.medium
def test_a_player_gets_the_part_of_a_video_that_it_asks_for_from_the_copy(nginx, copy, client):
    nginx.start()
    [video] = [path for path in files_offered(copy) if path.endswith(".mp4")]
    for asked in ("bytes=0-1", "bytes=10-49", "bytes=20-", "bytes=-30", "bytes=9999-"):
        served, told = nginx.ask(video, Range=asked), client.get(video, headers={"Range": asked})
        assert (served.status, served.headers["Content-Range"]) == (told.status_code, told["Content-Range"])
        if told.status_code == 206:
            assert served.content == told.getvalue()
            assert served.headers["Content-Type"] == "video/mp4"
    assert nginx.ask(video).headers["Accept-Ranges"] == "bytes"


@pytest.mark.medium
def test_what_is_sent_asked_or_unknown_goes_to_the_application(nginx, copy):
    nginx.start()
    told = f"('127.0.0.1', 'https', '{NAME}')"
    for path in (
        "/en/search?q=trade",
        "/en/trade-today?x",
        "/en/nothing",
        "/en/index",
        "/en/trade-today.html",
    ):
        assert nginx.ask(path).content.decode() == f"application: GET {path} 0 {told}"
    sent = nginx.ask("/en/report-a-problem/trade", "POST", "details=x", X_Forwarded_For="1.2.3.4")
    assert sent.content.decode() == f"application: POST /en/report-a-problem/trade 9 {told}"
    assert nginx.ask("/en/trade-today", "POST", "x").content.startswith(b"application: POST")
    assert nginx.ask("/health/ready").status == 404
    assert nginx.ask("/", host="evil.example.org").status == 421


def test_bodies_are_bounded_and_staff_may_send_pictures(nginx):
    nginx.start()
    assert nginx.ask("/en/", "POST", b"." * 70_000).status == 413
    assert nginx.ask("/admin/", "POST", b"." * 1_000_000).status == 200


@pytest.mark.medium
def test_when_the_application_does_not_answer_pages_do_and_forms_say_so(nginx, copy):
    nginx.start()
    nginx.behind.shutdown()
    nginx.behind.server_close()
    assert nginx.ask("/en/trade-today").status == 200
    answer = nginx.ask("/fr/signaler-un-probleme/trade", "POST", "details=x")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert answer.content == (copy / "errors/fr/503.html").read_bytes()
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_log_tells_no_address_of_a_visitor(nginx, tmp_path):
    nginx.start()
    nginx.ask("/en/nothing?secret=1")
    nginx.stop()
    log = (tmp_path / "nginx" / "pages_access.log").read_text()
    assert '"request": "GET /en/nothing", "status": 200' in log
    assert "127.0.0.1" not in log
    assert "secret" not in log


def test_files_that_were_compressed_beforehand_are_served_so(nginx, tmp_path):
    file = tmp_path / "copy" / "site" / "static" / "site.css"
    file.parent.mkdir(parents=True)
    file.write_text("a{color:red}")
    file.with_name("site.css.gz").write_bytes(gzip.compress(b"a{color:red}"))
    nginx.start()
    answer = nginx.ask("/static/site.css", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == b"a{color:red}"


def test_the_application_gets_the_host_with_the_port_that_was_asked_for(nginx):
    nginx.start()
    host = f"{NAME}:{nginx.port}"
    assert nginx.ask("/en/", host=host).content.decode().endswith(f"'{host}')")


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_crawler_gets_each_of_3000_pages_with_1024_descriptors(nginx, tmp_path, ending):
    """Files that nginx keeps open used up its descriptors once: after a thousand pages everything answered 500."""
    folder = tmp_path / "copy" / "site" / "en"
    folder.mkdir(parents=True)
    paths = [f"/en/page-{number}" for number in range(3000)]
    for path in paths:
        (folder / f"{path[4:]}.html").write_text(path)
        if ending:
            (folder / f"{path[4:]}.html.gz").write_bytes(gzip.compress(path.encode()))
    nginx.start(descriptors=1024)
    assert statuses(nginx, paths) == {200: 3000}
    assert nginx.ask("/en/nothing").content.startswith(b"application: GET /en/nothing ")


def statuses(nginx, paths):
    """How many addresses had an answer of each status, asked over one connection after the other."""
    counted = Counter()
    for start in range(0, len(paths), 500):
        asked = nginx.connected()
        for path in paths[start : start + 500]:
            asked.request("GET", path, headers={"Host": NAME, "Accept-Encoding": "gzip"})
            answer = asked.getresponse()
            answer.read()
            counted[answer.status] += 1
        asked.close()
    return counted


def debian_nginx(folder, ports_of_debian):
    """Debian's own configuration of nginx with its default site, in a folder and on a port of its own."""
    copied = shutil.copytree("/etc/nginx", folder / "etc", symlinks=False, ignore_dangling_symlinks=True)
    user = "root" if os.geteuid() == 0 else "nobody"
    for file in (copied / "nginx.conf", copied / "sites-enabled" / "default"):
        text = without_ipv6(file.read_text()).replace("/etc/nginx", str(copied))
        text = text.replace("/var/log/nginx", str(folder)).replace("/run/nginx.pid", str(folder / "pid"))
        text = text.replace("user www-data", f"user {user}").replace(
            "listen 80 ", f"listen {ports_of_debian} "
        )
        file.write_text(text)
    return copied


def test_it_works_beside_the_default_site_of_debian_and_stands_twice_on_one_machine(tmp_path):
    if not (Path("/etc/nginx/sites-enabled/default").exists() and shutil.which("openssl")):
        pytest.skip("nginx with Debian’s default site is not installed (apt-get install nginx-light openssl)")
    with ports.held(2) as (plain, encrypted):
        copied = debian_nginx(tmp_path, plain)
        a_certificate(tmp_path)
        numbers = {
            "/var/log/nginx": tmp_path,
            "listen 443": f"listen {encrypted}",
            "listen 80": f"listen {plain}",
        }
        sample = without_ipv6(SAMPLE.read_text())
        for name, text in {"pages": sample, "museum": a_second_site(sample)}.items():
            text = replaced(text, {f"/etc/ssl/{name}": tmp_path, **numbers})
            (copied / "sites-enabled" / name).write_text(text)
        assert complaints_of_nginx(copied / "nginx.conf") == ""


def a_second_site(sample):
    """The sample as the command in docs/operations.md changes it for another site."""
    (command,) = re.findall(
        r"^sed (.*) deploy/nginx.conf", (ROOT / "docs" / "operations.md").read_text(), re.M
    )
    return subprocess.run(
        ["sed", *shlex.split(command)], input=sample, capture_output=True, text=True, check=True
    ).stdout


def pictures(copy):
    return [f"/{file.relative_to(copy / 'site')}" for file in (copy / "site" / "media").rglob("*.webp")]


def files_offered(copy):
    return [f"/{file.relative_to(copy / 'site')}" for file in (copy / "site" / "media" / "files").glob("*/*")]


def says(headers, name):
    return sorted(headers[name].split("; "))
