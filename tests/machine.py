"""A machine of its own for one test, on which commands of the documents run word for word, as root.

It has the files of this machine, but what is written stays in memory and is gone at the end (overlayfs); a network of
its own, with loopback only, so that every port is free; and process numbers of its own. It needs root and a kernel with
namespaces. Instead of systemd it has `tests/systemctl.py`.
"""

import os
import select
import shutil
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = Path("/srv/pages/app")

# The upper layer must not be part of the lower one, so it is in memory.
MAKE = """
set -e
mount -t tmpfs machine "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" machine "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
ip link set lo up
echo ready
exec sleep infinity
"""


class Machine:
    """Runs commands on it; `run` raises AssertionError with what was said when one fails."""

    def __init__(self, root, number):
        self.root = root
        self.enter = ["nsenter", "--mount", "--net", "--pid", "--target", str(number), "chroot", str(root)]

    def command(self, *arguments):
        return [*self.enter, "env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", *map(str, arguments)]

    def run(self, script, folder=APP):
        """What a shell printed that ran `script` in a folder."""
        command = self.command("bash", "-ec", f"cd {folder}; {script}")
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        assert not done.returncode, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self, script, folder=APP):
        """The process of a shell that goes on running `script`."""
        started = f"cd {folder}; echo $$ >/run/started; {script}"
        command = self.command("setsid", "--wait", "bash", "-ec", started)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def interrupt(self):
        """Do what Ctrl+C does to what `start` started: each of its processes gets the signal."""
        self.run("kill -INT -- -$(cat /run/started)")

    def talk(self, script, answers, folder=APP):
        """What a terminal showed on which `script` ran, each question that comes in turn answered."""
        ours, theirs = os.openpty()
        quiet = termios.tcgetattr(theirs)
        quiet[3] &= ~termios.ECHO
        termios.tcsetattr(theirs, termios.TCSANOW, quiet)
        command = self.command("setsid", "--ctty", "--wait", "bash", "-ec", f"cd {folder}; {script}")
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        seen = ""
        try:
            for question, answer in answers:
                seen += _read_until(ours, question, seen)
                os.write(ours, f"{answer}\n".encode())
            code = process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
            seen += _read_what_is_left(ours)
        assert code == 0, seen
        return seen

    def start_postgresql(self):
        """A server of its own at 127.0.0.1:5432, whose account is postgres, as Debian installs it."""
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not programs:
            pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
        as_postgres = f"runuser -u postgres -- {programs[-1].parent}"
        self.run(f"{as_postgres}/initdb -D /tmp/postgresql --auth trust", "/tmp")
        options = "-c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self.run(
            f"{as_postgres}/pg_ctl -D /tmp/postgresql -l /tmp/postgresql/log -w -o '{options}' start", "/tmp"
        )

    def answers(self, address, seconds=180):
        """Wait until something answers 200 at an address."""
        ask = "import ssl, urllib.request as r; trust = ssl.create_default_context(); trust.check_hostname = False"
        ask += f"; trust.verify_mode = ssl.CERT_NONE; r.urlopen('{address}', context=trust)"
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            asked = subprocess.run(self.command("python3", "-c", ask), capture_output=True, check=False)
            if asked.returncode == 0:
                return True
            time.sleep(0.5)
        return False


PATH = f"{Path(sys.base_prefix) / 'bin'}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _read_until(handle, question, seen):
    read = ""
    until = time.monotonic() + 60
    while question not in read:
        assert select.select([handle], [], [], max(0, until - time.monotonic()))[0], (
            f"{seen}{read}\nno {question}"
        )
        try:
            read += os.read(handle, 10_000).decode()
        except OSError:  # the other end is closed
            pytest.fail(f"{seen}{read}\nended before it asked for {question}")
    return read


def _read_what_is_left(handle):
    read = ""
    try:
        while select.select([handle], [], [], 1)[0]:
            read += os.read(handle, 10_000).decode()
    except OSError:  # the other end is closed
        pass
    os.close(handle)
    return read


@contextmanager
def made(folder):
    """Makes a machine below an empty folder; everything on it ends with it."""
    for program in ("unshare", "nsenter", "ip", "setpriv", "runuser"):
        if os.geteuid() != 0 or not shutil.which(program):
            pytest.skip(f"a machine of its own needs root and {program}")
    command = [
        "unshare",
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        MAKE,
        "sh",
        folder,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline() != "ready\n":
            pytest.skip(f"this kernel lets nobody make a machine: {process.stderr.read()}")
        (number,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Machine(folder / "root", number)
    finally:
        process.kill()
        process.communicate()


def install_the_project(machine):
    """Puts the files of the project into /srv/pages/app, with the packages that the tests run with."""
    listed = "git ls-files -z --cached --others --exclude-standard"
    packed = f"{listed} | tar --create --null --files-from - --ignore-failed-read --file -"
    machine.run(f"mkdir -p {APP}; {packed} | tar --extract --directory {APP}", ROOT)
    environment = Path(sys.prefix).resolve()
    if environment.is_relative_to("/tmp"):  # of which a service with PrivateTmp sees nothing
        machine.run(f"cp --recursive {environment} /srv/environment", "/")
        environment = Path("/srv/environment")
    machine.run(f"ln -s {environment} .venv; chown -hR root:root {APP}")
    # As if pip had installed them for this lock file: no registry is reached from here.
    for file in ("requirements.txt", "requirements-dev.txt"):
        stamp = (
            f"from canada_iraq.operations.environment import *; print(fingerprint(Path('{file}')), end='')"
        )
        machine.run(f'python3 -c "{stamp}" >.venv/.{file}')
    # Every account must be able to run them, wherever this machine keeps them.
    for path in (environment, Path(sys.base_prefix).resolve()):
        for folder in (path, *path.parents):
            machine.run(f"chmod o+rx {folder}")
    machine.run("install --mode=755 tests/systemctl.py /usr/bin/systemctl")
