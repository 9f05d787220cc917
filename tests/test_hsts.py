"""What browsers are told about https: of the site always, of other names only what its operator chooses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEADER = """
import django, os
django.setup()
from django.test import Client
print(Client().get("/health/live", secure=True).headers.get("Strict-Transport-Security", ""))
"""


def run(folder, *command, **settings):
    """Runs Python with nothing set but these variables and a data folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "canada_iraq.settings",
        **settings,
    }
    command = [sys.executable, *command]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("settings", "header"),
    [
        ({}, "max-age=31536000; includeSubDomains"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "false"}, "max-age=31536000"),
        ({"HSTS_PRELOAD": "true"}, "max-age=31536000; includeSubDomains; preload"),
        ({"SITE_URL": "http://127.0.0.1:8000", "HSTS_PRELOAD": "true"}, ""),
    ],
)
def test_the_operator_chooses_what_is_said_of_other_names(tmp_path, settings, header):
    assert run(tmp_path, "-W", "ignore", "-c", HEADER, **settings).stdout.strip() == header


@pytest.mark.medium
@pytest.mark.parametrize(
    "settings", [{}, {"HSTS_INCLUDE_SUBDOMAINS": "false"}, {"HSTS_PRELOAD": "true"}], ids=str
)
def test_no_choice_is_a_warning_of_the_deployment_check(tmp_path, settings):
    checked = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **settings)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.medium
def test_only_what_was_not_chosen_is_silenced(tmp_path):
    shown = "from django.conf import settings; print(settings.SILENCED_SYSTEM_CHECKS)"
    assert run(tmp_path, "-c", shown).stdout == "['security.W021']\n"
    assert run(tmp_path, "-c", shown, HSTS_PRELOAD="true").stdout == "[]\n"


@pytest.mark.medium
def test_only_whole_domains_can_be_in_the_list_of_browsers(tmp_path):
    settings = {"HSTS_PRELOAD": "true", "HSTS_INCLUDE_SUBDOMAINS": "false"}
    said = run(tmp_path, "manage.py", "check", **settings)
    assert said.returncode == 1
    assert said.stderr.strip().endswith(
        "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS: browsers list only whole domains."
    )
