"""When packages are installed, and what is said where they cannot be."""

import pytest

from canada_iraq import environment

PYTHON = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
case "$*" in *{failing}*) exit 1;; esac
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / ".venv"


@pytest.fixture
def lock_file(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text("django==5.2 --hash=sha256:1\n")
    return file


def a_python_failing_at(folder, failing, monkeypatch):
    def make(folder):
        python = folder / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(PYTHON.format(failing=failing))
        python.chmod(0o755)

    monkeypatch.setattr(environment, "_make", make)


def calls(folder):
    return [line for line in (folder / "bin" / "calls").read_text().splitlines() if "install" in line]


def test_packages_are_installed_once_and_only_with_the_hashes_of_the_lock_file(
    folder, lock_file, monkeypatch
):
    a_python_failing_at(folder, "nothing", monkeypatch)
    assert environment.prepare(lock_file, folder) is True
    assert environment.prepare(lock_file, folder) is False
    (call,) = calls(folder)
    assert "--require-hashes" in call
    assert str(lock_file) in call


def test_a_changed_lock_file_is_installed_again(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "nothing", monkeypatch)
    environment.prepare(lock_file, folder)
    lock_file.write_text("django==5.3 --hash=sha256:2\n")
    assert environment.prepare(lock_file, folder) is True


def test_an_environment_that_no_longer_starts_is_made_again(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "nothing", monkeypatch)
    environment.prepare(lock_file, folder)
    (folder / "bin" / "python").unlink()
    assert environment.prepare(lock_file, folder) is True


def test_a_failed_installation_is_tried_again_next_time(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "--require-hashes", monkeypatch)
    for _ in range(2):
        with pytest.raises(environment.Fault, match="could not be installed"):
            environment.prepare(lock_file, folder)
    assert len(calls(folder)) == 2


def test_a_python_without_venv_is_told_which_package_to_install(folder, lock_file, monkeypatch):
    monkeypatch.setitem(environment.sys.modules, "ensurepip", None)
    with pytest.raises(environment.Fault, match="apt install python3-venv"):
        environment.prepare(lock_file, folder)
    assert not folder.exists()


def test_a_fault_is_one_line(monkeypatch, capsys):
    monkeypatch.setitem(environment.sys.modules, "sqlite3", None)
    assert environment.main(["requirements.txt"]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "sqlite3" in message
