"""What .ci/run finds on a machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(function, **values):
    """What a function of .ci/run prints."""
    environment = {"PATH": os.environ["PATH"], **{name: str(value) for name, value in values.items()}}
    command = ["bash", "-c", f"source {ROOT}/.ci/run; {function}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def a_program(file, lines):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{lines}\n")
    file.chmod(0o755)
    return file


def folder_of_programs(folder):
    """The programs that .ci/run begins with, and no Python."""
    folder.mkdir()
    for name in ("bash", "dirname", "mktemp", "rm"):
        (folder / name).symlink_to(
            next(Path(path) / name for path in ("/usr/bin", "/bin") if (Path(path) / name).exists())
        )
    return folder


def test_newer_pythons_are_found_on_the_path_and_among_those_of_pyenv(tmp_path):
    path = folder_of_programs(tmp_path / "bin")
    a_program(path / "python3.12", "exit 0")
    a_program(path / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    of_pyenv = a_program(tmp_path / "pyenv" / "versions" / "3.13.1" / "bin" / "python3", "exit 0")
    ours = a_program(tmp_path / "python", "echo 3.11")
    found = run(f"PYTHON={ours}; other_pythons", PATH=path, PYENV_ROOT=tmp_path / "pyenv")
    assert found.split() == ["python3.12", str(of_pyenv)]


def test_the_version_that_everything_else_runs_on_is_not_tried_again(tmp_path):
    path = folder_of_programs(tmp_path / "bin")
    a_program(path / "python3.12", "exit 0")
    ours = a_program(tmp_path / "python", "echo 3.12")
    assert run(f"PYTHON={ours}; other_pythons", PATH=path, PYENV_ROOT=tmp_path) == ""


def test_a_machine_without_a_newer_python_says_so(tmp_path):
    said = run("other_pythons() { :; }; newer_pythons")
    assert said == "No newer Python is on this machine: the suite ran on that of .venv only.\n"


def test_one_version_that_fails_keeps_no_other_from_being_tried():
    said = run(
        "other_pythons() { printf '3.12\\n3.13\\n'; }; suite_on() { echo $1; [ $1 = 3.13 ]; };"
        " newer_pythons && echo passed || echo failed"
    )
    assert said.split() == ["3.12", "3.13", "failed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("test", "passes"),
    [
        ("def test_it(): pass", True),
        ("def test_it(): assert False", False),
        # Beside others is in a worker of pytest-xdist, which names itself in this variable.
        ("def test_it(): assert 'PYTEST_XDIST_WORKER' not in __import__('os').environ", True),
        ("def test_it(): raise KeyboardInterrupt", False),
        ("", False),
    ],
    ids=["passes", "fails twice", "fails beside others only", "is interrupted", "is missing"],
)
def test_a_suite_passes_only_when_each_test_passed_beside_others_or_by_itself(tmp_path, test, passes):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_tried.py").write_text(f"{test}\ndef test_another(): pass\n" if test else "")
    said = run(
        f"WORK={tmp_path}; cd {tmp_path}; suite tried {sys.executable} -p no:django && echo GREEN || echo RED"
    )
    assert said.splitlines()[-1] == ("GREEN" if passes else "RED"), said


@pytest.mark.slow
def test_a_test_that_fails_beside_others_only_is_named(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_tried.py").write_text(
        "def test_shy(): assert 'PYTEST_XDIST_WORKER' not in __import__('os').environ\n"
        "def test_bold(): pass\n"
    )
    said = run(f"WORK={tmp_path}; cd {tmp_path}; suite tried {sys.executable} -p no:django")
    second = said.partition("Once more, one after the other, what failed:")[2]
    assert "test_tried.py::test_shy PASSED" in second
    assert "test_bold" not in second
