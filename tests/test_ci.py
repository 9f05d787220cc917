"""What .ci/run finds on a machine."""

import os
import subprocess
from pathlib import Path

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
