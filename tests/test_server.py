"""The server: it outlives its processes, and ends well when it is asked to."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from canada_iraq.operations import backends, database_copy
from reports.models import ProblemReport
from tests import ports
from tests.factories import a_live_page, a_report

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def site(migrated_file, tmp_path):
    """The database of an empty site: where there is none, the server does not start."""
    return shutil.copy(migrated_file, tmp_path / "site.sqlite3")


@pytest.fixture
def server(tmp_path, site):
    """The site, served by one process."""
    with served(tmp_path, site) as process:
        yield process


@contextmanager
def served(tmp_path, site, **more):
    settings = {
        "WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TMPDIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{site}",
        **more,
    }
    with ports.held() as (port,), (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "canada_iraq.server"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), **settings},
            stdout=log,
            stderr=log,
        )
        process.port, process.log = port, tmp_path / "log"
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until_it_lives(server):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            asked.request("GET", "/health/live")
            assert asked.getresponse().status == 200
            return
        except OSError:
            time.sleep(0.02)
        finally:
            asked.close()
    pytest.fail("no answer")


def children(process):
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells the children of a process")
@pytest.mark.slow
def test_a_process_that_is_killed_is_started_again_however_often(server):
    wait_until_it_lives(server)
    for _ in range(3):
        (worker,) = children(server)
        os.kill(int(worker), signal.SIGKILL)
        time.sleep(0.05)
        wait_until_it_lives(server)
    server.terminate()
    assert server.wait(timeout=20) == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["Unexpected exit from worker-1"] * 3


@pytest.fixture
def in_the_site(site, django_db_blocker):
    """Does something in the database of the site that is served: `with in_the_site():`."""

    @contextmanager
    def enter():
        with (
            django_db_blocker.unblock(),
            database_copy.replaced_default_database(backends.sqlite_config(site)),
        ):
            yield

    return enter


def ready(server):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as asked:
        asked.request("GET", "/health/ready")
        return json.loads(asked.getresponse().read())


@pytest.mark.slow
def test_a_server_deletes_an_old_report_by_itself_says_so_and_ends_well(tmp_path, site, in_the_site):
    with in_the_site():
        edition = a_live_page().editions.get()
        for days in (200, 10):
            received_at = timezone.now() - timedelta(days=days)
            a_report(edition, received_at=received_at, status="dismissed", dismissal="correct")
    with served(tmp_path, site, RUN_SCHEDULED_JOBS="true", WORKERS="2") as server:
        wait_until_it_lives(server)
        until = time.monotonic() + 60
        while set(ready(server)["scheduled_jobs"].values()) != {"ok"}:
            assert time.monotonic() < until, server.log.read_text()
            time.sleep(0.1)
        server.terminate()
        assert server.wait(timeout=20) == 0
    with in_the_site():
        assert ProblemReport.objects.count() == 1
    (line,) = map(json.loads, server.log.read_text().splitlines())
    assert line["level"] == "INFO"
    assert "delete_old_reports (deleted: 1, of them spam: 0, still open: 0)" in line["event"]
