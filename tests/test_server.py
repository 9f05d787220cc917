"""The server: it outlives its processes, and ends well when it is asked to."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def server(tmp_path):
    """The site, served by one process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    settings = {
        "PORT": port,
        "WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TMPDIR": str(tmp_path),
    }
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "canada_iraq.server"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=log,
        stderr=log,
    )
    process.port, process.log = int(port), tmp_path / "log"
    yield process
    process.kill()
    process.wait()
    log.close()


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
