"""`make run` as a newcomer meets it: in a fresh copy of the project, installing, serving, stopping, starting again.

It takes most of a minute and the network, so only continuous integration runs it, with `pytest -m slow`.
"""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import ports

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = re.compile(r"password (\S+)")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The files of the project as they are now, without anything that was made from them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    folder = tmp_path_factory.mktemp("project")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def first_run(project):
    """What the first run said, how long it took to the first page, and the site that it leaves behind."""
    with running(project) as site:
        addresses = re.findall(r"<loc>([^<]+)</loc>", get(f"{site.address}/sitemap.xml"))
        site.pages = {address: get(address) for address in addresses}
        site.media = sorted(str(file) for file in (project / "data" / "media").rglob("*"))
    return site


class Site:
    """A `make run` and what it said."""

    def __init__(self, project, **settings):
        self.address = f"http://127.0.0.1:{settings['PORT']}"
        self.output = project / f"output-{time.monotonic_ns()}"
        self.began = time.monotonic()
        command = ["make", "run", *(f"{name}={value}" for name, value in settings.items())]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=project,
                env=clean_environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self):
        return self.output.read_text()

    def wait_until_it_answers(self, seconds):
        while time.monotonic() - self.began < seconds:
            assert self.process.poll() is None, self.said
            try:
                get(f"{self.address}/en/")
            except OSError:
                time.sleep(0.05)
            else:
                self.seconds = time.monotonic() - self.began
                return
        pytest.fail(f"no answer within {seconds} s:\n{self.said}")

    def stop(self, sign=signal.SIGINT):
        """What Ctrl+C does: the signal goes to make and to all that it started."""
        os.killpg(self.process.pid, sign)
        self.process.wait(timeout=20)


@contextmanager
def running(project, *, seconds=300, **settings):
    with ports.held() as (port,):
        site = Site(project, **{"PORT": port, **settings})
        try:
            site.wait_until_it_answers(seconds)
            yield site
        finally:
            site.stop() if site.process.poll() is None else None


def refused(project, **settings):
    """Run make where it cannot work; return what it says besides make's own closing line."""
    with ports.held() as (port,):
        command = [
            "make",
            "run",
            *(f"{name}={value}" for name, value in {"PORT": port, **settings}.items()),
        ]
        process = subprocess.run(
            command,
            cwd=project,
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert process.returncode
    return [
        line for line in (process.stdout + process.stderr).splitlines() if not line.startswith("make: ***")
    ]


def clean_environment():
    """Without what the settings of the tests, and a make around them, put into it."""
    ours = (
        "DATA_DIR",
        "SITE_URL",
        "SECRET_KEY",
        "DATABASE_URL",
        "DJANGO_SETTINGS_MODULE",
        "MAKEFLAGS",
        "MAKELEVEL",
    )
    return {name: value for name, value in os.environ.items() if name not in ours}


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode()


def everything_in(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_first_run_serves_every_page_in_both_languages(first_run):
    print(f"First make run, until the first page: {first_run.seconds:.1f} s")
    for language in ("en", "fr"):
        pages = [text for address, text in first_run.pages.items() if f"/{language}/" in address]
        assert len(pages) > 5
        assert all(f'lang="{language}"' in text for text in pages)


def test_the_first_run_shows_addresses_and_a_password_that_is_kept_nowhere(first_run, project):
    assert f"{first_run.address}/\n" in first_run.said
    assert f"{first_run.address}/admin/\n" in first_run.said
    (password,) = PASSWORD.findall(first_run.said)
    assert password.encode() not in everything_in(project / "data")


def test_what_is_secret_can_be_read_by_its_owner_only(first_run, project):
    for name in ("secret_key", "database.sqlite3"):
        assert (project / "data" / name).stat().st_mode & 0o077 == 0


def test_a_second_run_starts_in_seconds_shows_no_password_and_loses_nothing(first_run, project):
    with running(project, seconds=20, PORT=first_run.address.rpartition(":")[2]) as site:
        print(f"Second make run, until the first page: {site.seconds:.1f} s")
        assert {address: get(address) for address in first_run.pages} == first_run.pages
    assert not PASSWORD.search(site.said)
    assert "as they were left" in site.said
    assert sorted(str(file) for file in (project / "data" / "media").rglob("*")) == first_run.media


def test_two_sites_run_side_by_side_and_a_third_on_the_same_port_is_refused(first_run, project):
    with running(project, seconds=30) as one, running(project, seconds=60, DATA_DIR="other") as other:
        assert PASSWORD.search(other.said)
        assert get(f"{one.address}/fr/") != get(f"{other.address}/fr/")  # each names its own address
        (line,) = refused(project, PORT=one.address.rpartition(":")[2])
        assert line.endswith("Address already in use. Choose another PORT or HOST.")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_with_nothing_left_running(first_run, project, sign):
    with running(project, seconds=20) as site:
        site.stop(sign)
        with pytest.raises(ProcessLookupError):
            os.killpg(site.process.pid, 0)
    assert "Traceback" not in site.said


def test_the_server_ends_well_when_asked_to(first_run, project):
    """make itself reports a signal as a failure; the server under it must not."""
    with running(project, seconds=20) as site:
        children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
        if not children.exists():
            pytest.skip("only Linux tells the children of a process")
        os.kill(int(children.read_text().split()[0]), signal.SIGTERM)
        assert site.process.wait(timeout=20) == 0


def test_a_data_folder_that_cannot_be_used_is_one_line(first_run, project):
    (line,) = refused(project, DATA_DIR="/dev/null/data")
    assert "DATA_DIR" in line


def test_a_damaged_database_is_one_line(first_run, project):
    (project / "damaged").mkdir()
    (project / "damaged" / "database.sqlite3").write_bytes(b"this is no database " * 500)
    (line,) = refused(project, DATA_DIR="damaged")
    assert "damaged/database.sqlite3 is damaged (file is not a database)" in line
