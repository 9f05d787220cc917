"""When packages are installed, and what is said where they cannot be, or where others are installed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from canada_iraq.operations import environment

ROOT = Path(__file__).resolve().parent.parent
# Installs what a lock file of one line lists.
PYTHON = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
case "$*" in *{failing}*) exit 1;; esac
case "$*" in *" -r "*)
    for file in "$@"; do :; done
    packages="$(dirname "$0")/../lib/python3/site-packages"
    rm -rf "$packages"
    mkdir -p "$packages/django-0.dist-info"
    sed -n 's/^django==\\([^ ]*\\).*/Version: \\1/p' "$file" >"$packages/django-0.dist-info/METADATA"
esac
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

    monkeypatch.setattr(environment, "_create", make)


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


def test_a_package_that_was_replaced_since_is_installed_again(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "nothing", monkeypatch)
    environment.prepare(lock_file, folder)
    (metadata,) = folder.rglob("METADATA")
    metadata.write_text("Version: 5.1\n")
    assert environment.prepare(lock_file, folder) is True
    assert environment.prepare(lock_file, folder) is False


def test_an_environment_that_no_longer_starts_is_made_again(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "nothing", monkeypatch)
    environment.prepare(lock_file, folder)
    (folder / "bin" / "python").unlink()
    assert environment.prepare(lock_file, folder) is True


def test_a_failed_installation_is_tried_again_next_time(folder, lock_file, monkeypatch):
    a_python_failing_at(folder, "--require-hashes", monkeypatch)
    for _ in range(2):
        with pytest.raises(environment.InstallationError, match="could not be installed"):
            environment.prepare(lock_file, folder)
    assert len(calls(folder)) == 2


def test_a_python_without_venv_is_told_which_package_to_install(folder, lock_file, monkeypatch):
    monkeypatch.setitem(environment.sys.modules, "ensurepip", None)
    with pytest.raises(environment.InstallationError, match="apt install python3-venv"):
        environment.prepare(lock_file, folder)
    assert not folder.exists()


def test_a_fault_is_one_line(monkeypatch, capsys):
    monkeypatch.setitem(environment.sys.modules, "sqlite3", None)
    assert environment.main(["requirements.txt"]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "sqlite3" in message


def test_translations_that_cannot_be_compiled_are_one_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(environment, "prepare", lambda lock_file, folder: False)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'Error: /locale is on a file system that is read-only' >&2; exit 1\n")
    python.chmod(0o755)
    assert environment.main(["requirements.txt"]) == 1
    assert capsys.readouterr().err == (
        "Error: The translations could not be compiled: /locale is on a file system that is read-only\n"
    )


# What is installed, compared with what is locked


def write_lock(folder, *lines, name=environment.LOCK):
    (folder / name).write_text("".join(f"{line} \\\n    --hash=sha256:1\n    # via x==1\n" for line in lines))


def test_packages_as_they_are_locked_are_no_problem():
    assert environment.problem_with_packages({}) == ""
    assert environment.problem_with_packages({"DATABASE_URL": "postgres://"}) == ""


def test_packages_of_another_version_and_those_missing_are_named_with_what_to_run(tmp_path):
    write_lock(tmp_path, "django[argon2]==1.2.3", "no-such-package==1.0")
    version = environment._installed_version("django", None)
    assert environment.problem_with_packages({}, tmp_path) == (
        f"The installed packages are not those of requirements.txt: django {version} instead of 1.2.3,"
        f" no-such-package is missing. Run in {tmp_path}:"
        f" {sys.executable} -m pip install --require-hashes -r requirements.txt"
    )


def test_what_to_run_names_the_command_of_the_makefile_where_its_environment_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    command = environment.how_to_install(environment.LOCK, tmp_path)
    assert command == f"Run in {tmp_path}: python3 -m canada_iraq.environment requirements.txt"


def test_a_package_that_only_other_machines_need_may_be_missing(tmp_path):
    write_lock(tmp_path, "no-such-package==1.0 ; sys_platform == 'win32'")
    assert environment.problem_with_packages({}, tmp_path) == ""


def test_packages_for_servers_of_others_may_be_missing_but_not_be_of_another_version(tmp_path):
    write_lock(tmp_path, "no-such-package==1.0", "polib==0.1", name=environment.LOCK_FOR_SERVERS)
    said = environment.problem_with_packages({"CACHE_URL": "redis://"}, tmp_path)
    assert said.startswith("The installed packages are not those of requirements-extras.txt: polib ")
    assert "no-such-package" not in said


def test_of_many_packages_some_are_named(tmp_path):
    write_lock(tmp_path, *(f"no-such-package-{number}==1" for number in range(7)))
    assert "no-such-package-4 is missing and 2 more." in environment.problem_with_packages({}, tmp_path)


@pytest.mark.medium
def test_the_image_has_all_that_the_installation_of_packages_needs_before_it_has_the_rest(tmp_path):
    copied = re.findall(r"^COPY (\S+\.py .*) \w+/\S*$", (ROOT / "Containerfile").read_text(), re.M)
    for name in " ".join(copied).split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "locale").mkdir()
    for command in (
        ["-S", "-c", "import canada_iraq.environment"],
        ["-m", "canada_iraq.operations.catalogues"],
    ):
        subprocess.run([sys.executable, *command], cwd=tmp_path, check=True)


def test_the_makefile_and_this_module_know_the_same_settings_that_name_servers():
    listed = re.search(r"^PACKAGES = .*?if (.*?),", (ROOT / "Makefile").read_text(), re.M)[1]
    assert tuple(re.findall(r"\$\((\w+)\)", listed)) == environment.NAMING_SERVERS


def run(*command, **variables):
    variables = {"PATH": os.environ["PATH"], "DATA_DIR": "/dev/null/data", **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )


@pytest.fixture
def another_django(tmp_path):
    """A folder for PYTHONPATH, by which another version of Django seems to be installed."""
    (tmp_path / "django-4.2.dist-info").mkdir()
    (tmp_path / "django-4.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: Django\nVersion: 4.2\n"
    )
    return str(tmp_path)


@pytest.mark.medium
@pytest.mark.parametrize("command", ["-m canada_iraq.server", "manage.py prepare_site", "manage.py migrate"])
def test_the_server_and_what_upgrades_a_site_do_not_begin_with_other_packages(another_django, command):
    done = run(*command.split(), PYTHONPATH=another_django)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        "Error: The installed packages are not those of requirements.txt: django 4.2 instead of"
    )


@pytest.mark.medium
def test_other_commands_begin_with_other_packages_so_that_a_backup_can_be_made(another_django):
    assert run("manage.py", "version", PYTHONPATH=another_django).returncode == 0


@pytest.mark.parametrize("command", ["-m canada_iraq.server", "manage.py version"])
def test_nothing_begins_without_the_packages(command):
    done = run("-S", *command.split())  # without the folder of packages
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "brotli is missing, " in line
