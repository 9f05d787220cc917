"""The commands of the Makefile, above all what they say where something is missing."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
MAKE = shutil.which("make")
# Just enough for make itself; a test adds what it is about.
TOOLS = ("sh", "awk", "getconf", "find")


@pytest.fixture
def path(tmp_path):
    """A folder of programs that is the whole PATH."""
    for tool in TOOLS:
        (tmp_path / tool).symlink_to(shutil.which(tool))
    return tmp_path


def make(*arguments, path):
    environment = {"PATH": str(path), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [MAKE, "--silent", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def a_program(path, name, script):
    (path / name).write_text(f"#!/bin/sh\n{script}\n")
    (path / name).chmod(0o755)


def errors(process):
    """What was said besides make's own closing line."""
    return [line for line in process.stderr.splitlines() if not line.startswith("make: ***")]


def test_every_target_says_in_a_sentence_what_it_does(path):
    targets = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE).group(1).split()
    listed = make("help", path=path).stdout.splitlines()
    assert [line.split()[1] for line in listed] == targets
    assert all(line.endswith(".") for line in listed)


def test_help_is_what_make_alone_does(path):
    assert make(path=path).stdout == make("help", path=path).stdout


def test_an_empty_variable_counts_as_not_set(path):
    shown = make("--dry-run", "run", "HOST=", "PORT= ", "DATA_DIR=", path=path).stdout
    assert '--listen "127.0.0.1:8000"' in shown
    assert "http://127.0.0.1:8000}" in shown


@pytest.mark.parametrize("target", ["run", "test"])
def test_a_machine_without_python_is_told_what_to_install(path, target):
    process = make(target, path=path)
    assert process.returncode
    assert errors(process) == [
        "Error: Python 3.11 or newer was not found. On Debian or Ubuntu: apt install python3 python3-venv"
    ]


def test_a_python_that_is_too_old_counts_as_none(path):
    a_program(path, "python3", "exit 1")
    assert "Python 3.11 or newer" in "".join(errors(make("run", path=path)))


def test_a_newer_python_beside_an_old_one_is_found(path):
    a_program(path, "python3", "exit 1")
    a_program(path, "python3.12", 'case "$1" in -c) exit 0;; *) echo "asked: $*"; exit 1;; esac')
    process = make("run", path=path)
    assert process.stdout == "asked: -m canada_iraq.environment requirements.txt\n"


def test_a_python_without_venv_is_told_which_package_to_install(path):
    blind = (
        "import sys; sys.modules['ensurepip'] = None; "
        "from canada_iraq.operations import environment as e; e.main(['x'])"
    )
    a_program(path, "python3", f'[ "$1" = -c ] || {{ {sys.executable} -c "{blind}"; exit 1; }}')
    (error,) = errors(make("run", path=path))
    assert error.endswith("lacks its module ensurepip. On Debian or Ubuntu: apt install python3-venv")


@pytest.mark.parametrize(
    ("target", "message"),
    [("lock", "make lock needs uv"), ("serve", "say where the site is: make serve SITE_URL=")],
)
def test_what_else_is_missing_is_said_in_one_line(path, target, message):
    (error,) = errors(make(target, path=path))
    assert message in error


@pytest.mark.parametrize(
    "name", ["requirements-extras.txt", "requirements-dev.txt", "requirements-mutation.txt"]
)
def test_every_lock_file_holds_the_same_version_of_a_package(name):
    def versions(name):
        return dict(re.findall(r"^([\w.-]+(?:\[\w+\])?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    needed = versions("requirements.txt")
    assert needed
    assert needed.items() <= versions(name).items()


@pytest.mark.parametrize("target", ["run", "serve"])
@pytest.mark.parametrize(
    ("setting", "name"),
    [("DATA_DIR=data", "requirements.txt")]
    + [(f"{name}=x", "requirements-extras.txt") for name in ("DATABASE_URL", "CACHE_URL", "MEDIA_STORAGE")],
)
def test_packages_for_servers_of_others_are_installed_where_a_setting_names_one(path, target, setting, name):
    a_program(path, "python3", 'case "$1" in -c) exit 0;; *) echo "asked: $*"; exit 1;; esac')
    process = make(target, "SITE_URL=https://example.org", setting, path=path)
    assert process.stdout == f"asked: -m canada_iraq.environment {name}\n"
