"""A site of its own to try things on: in a temporary folder, on a free port, with people who send reports."""

import http.client
import os
import secrets
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # last: a module beside this one may have the name of one of the site's

from tests import ports  # noqa: E402


class Site:
    """The starter content, served on loopback. Limits on reports are out of the way."""

    def __init__(self, *, workers=2):
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.holder = ExitStack()
        (self.port,) = self.holder.enter_context(ports.held())
        self.process = None
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DATA_DIR": str(self.folder / "data"),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
            "WORKERS": str(workers),
            "REPORTS_PER_SENDER": "1000000000",
            "REPORTS_PER_SITE": "1000000000",
        }
        self.manage("prepare_site", "--no-account")

    @property
    def database(self):
        return self.folder / "data" / "database.sqlite3"

    def manage(self, *arguments, **environment):
        """Runs a command on the site; what it printed. A failure ends everything."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment | environment, check=True, capture_output=True, text=True
        ).stdout

    def start(self):
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "canada_iraq.server"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=log, stdout=log)
        while not self.is_ready():
            if self.process.poll() is not None:
                sys.exit((self.folder / "log").read_text() or "The server ended without a word.")
            time.sleep(0.02)

    def is_ready(self):
        try:
            return self.get("/health/ready") == 200
        except OSError:
            return False

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def post(self, path, fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(
            "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def workers(self):
        """The process ids of those that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        self.process.wait()

    def remove(self):
        if self.process and self.process.poll() is None:
            self.stop()
        self.holder.close()
        shutil.rmtree(self.folder)


class Sender:
    """Sends reports, each with words of its own, and remembers what came of them."""

    def __init__(self, site):
        self.site = site
        self.accepted, self.refused, self.unknown, self.seconds = [], [], [], []
        self.connection = None

    def send(self):
        # Letters only: figures could look like personal information and be masked.
        token = "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))
        if self.connection is None:
            self.connection = self._connected()
        began = time.monotonic()
        try:
            status = self._post({"reasons": "outdated", "details": f"The table is not up to date: {token}"})
        except (OSError, http.client.HTTPException):
            self.connection = None
            self.unknown.append(token)  # it may have arrived, and nobody was thanked
            return
        self.seconds.append(time.monotonic() - began)
        (self.accepted if status == 303 else self.refused).append(token if status == 303 else status)

    def _connected(self):
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
            try:
                connection.connect()
                return connection
            except OSError:  # stopped for the moment
                time.sleep(0.02)

    def _post(self, fields):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/en/report-a-problem/home", urlencode(fields), headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


class Crowd:
    """Senders who send at the same time, until there are `total` reports or nobody wants more."""

    def __init__(self, site, number, total=None):
        self.senders = [Sender(site) for _ in range(number)]
        self.left = total
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=[sender]) for sender in self.senders]

    def _run(self, sender):
        while not self.over.is_set() and self._wants_more():
            sender.send()

    def _wants_more(self):
        with self.lock:
            if self.left is None:
                return True
            self.left -= 1
            return self.left >= 0

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join()

    def all(self, name):
        """What all senders have of one kind: `accepted`, `refused`, `unknown` or `seconds`."""
        return [one for sender in self.senders for one in list(getattr(sender, name))]


def stored(database):
    """The tokens of all reports in a database, as often as they are there."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT details FROM reports_problemreport").fetchall()
    return [details.rpartition(" ")[2] for (details,) in rows]
