"""The secret in the data folder: whole or not there, and never changed once it is there."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from canada_iraq.operations import existing_site, site_secret
from canada_iraq.operations.operator_errors import describe
from tests.full_disk import no_room

ROOT = Path(__file__).resolve().parent.parent


def test_a_secret_that_is_there_stays(tmp_path):
    file = tmp_path / "secret_key"
    assert site_secret.write_once(file, "first") == "first"
    assert site_secret.write_once(file, "second") == "first"


def test_an_empty_file_has_no_secret(tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("\n")
    assert site_secret.read(file) == ""
    assert site_secret.write_once(file, "first") == "first"


@pytest.mark.medium
def test_of_many_processes_that_write_one_at_once_all_have_the_same(tmp_path):
    file = tmp_path / "data" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda number: site_secret.write_once(file, f"secret {number}"), range(40)))
    assert found == {file.read_text()}
    assert os.listdir(file.parent) == ["secret_key"]


def test_a_full_disk_leaves_no_empty_secret(tmp_path):
    with no_room(), pytest.raises(OSError, match="large"):
        site_secret.write_once(tmp_path / "secret_key", "first")
    assert os.listdir(tmp_path) == []


def test_a_served_site_that_has_lost_its_secret_gets_one_and_one_without_room_is_served(file_site, settings):
    settings.SECRET_FILE = file_site / "secret_key"
    with no_room():
        existing_site.write_secret_of_served_site()
    assert not settings.SECRET_FILE.exists()
    existing_site.write_secret_of_served_site()
    assert settings.SECRET_FILE.read_text() == settings.SECRET_KEY


def test_no_secret_is_made_where_no_site_is(file_site, settings):
    settings.SECRET_FILE = file_site / "secret_key"
    (file_site / "database.sqlite3").unlink()
    existing_site.write_secret_of_served_site()
    assert os.listdir(file_site) == []


@pytest.mark.medium
@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("x", "is too short, or only part of one. Put the file back from a copy, or delete it"),
        ("x" * 200, "is too short, or only part of one"),
        (b"\xff\xfe", "cannot be read: it is no text"),
    ],
)
def test_half_a_secret_is_named_with_what_to_do(tmp_path, secret, said):
    (tmp_path / "secret_key").write_bytes(secret.encode() if isinstance(secret, str) else secret)
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SITE_URL": "http://localhost"}
    done = subprocess.run(
        [sys.executable, "manage.py", "backup", "x.zip"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"{tmp_path}/secret_key {said}" in line


@pytest.mark.medium
def test_the_server_does_not_begin_where_no_site_is(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "SITE_URL": "http://localhost",
    }
    done = subprocess.run(
        [sys.executable, "-m", "canada_iraq.server"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"There is no site in {tmp_path}/data, which DATA_DIR names." in done.stderr
    assert os.listdir(tmp_path) == []


def test_errors_of_the_system_are_sentences():
    assert (
        describe(OSError(28, "No space left on device"))
        == "The disk is full: free some space, then try again."
    )
    assert describe(PermissionError(13, "Permission denied", "/x")).startswith(
        "This account may not read or write /x"
    )
    assert describe(OSError(5, "Input/output error")) == "Input/output error."
    assert describe(ValueError("a fault of the software")) == ""
