"""The files in deploy/: units that systemd understands and confines, settings that exist, jobs that cron runs."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.test_readme import variables_of_the_readme

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
# What systemd counts for a unit that runs as the account of the site: 10 is no protection.
EXPOSURE = 1.3


def lines(file):
    """The lines that are no comment."""
    return [line for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]


def values(unit):
    """What a unit says, by name; of a name that comes twice the last value."""
    return dict(line.split("=", 1) for line in lines(unit) if "=" in line)


def systemd_analyze(*arguments):
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("no systemd on this machine")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path):
    """The units with an account and programs that this machine has."""
    python = tmp_path / "app" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    folder = tmp_path / "units"
    folder.mkdir()
    for unit in UNITS:
        text = unit.read_text().replace("/srv/pages/app", str(tmp_path / "app"))
        text = text.replace("User=pages", "User=daemon").replace("Group=pages", "Group=daemon")
        (folder / unit.name).write_text(text.replace("/usr/sbin/nginx", "/bin/true"))
    return folder


def test_systemd_understands_every_unit(units):
    said = systemd_analyze("verify", *sorted(units.iterdir()))
    assert not [line for line in said.stderr.splitlines() if "pages" in line], said.stderr


@pytest.mark.parametrize(
    "unit", [unit for unit in SERVICES if "User" in values(unit)], ids=lambda unit: unit.name
)
def test_a_unit_of_the_site_is_confined_as_the_documents_say(units, unit):
    said = systemd_analyze("security", "--offline=yes", f"--threshold={EXPOSURE * 10:.0f}", units / unit.name)
    assert not said.returncode, said.stdout
    assert (
        f"`systemd-analyze security` counts {EXPOSURE} or less"
        in (ROOT / "docs" / "operations.md").read_text()
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_started_by_what_the_documents_enable(unit):
    documents = (ROOT / "docs" / "operations.md").read_text()
    enabled = set(" ".join(re.findall(r"systemctl enable --now (.*)", documents)).split())
    if "[Install]" in unit.read_text():
        assert unit.name in enabled
    else:  # a service that a timer or a path of the same name starts
        assert {unit.with_suffix(".timer").name, unit.with_suffix(".path").name} & enabled
    assert f"({Path('..') / 'deploy' / 'systemd' / unit.with_suffix('.service').name})" in documents


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_no_line_of_a_unit_or_of_cron_has_a_percent_sign(unit):
    """Both systemd and cron take it for something else, and a command with a date failed for that."""
    assert not [line for line in lines(unit) + lines(DEPLOY / "crontab") if "%" in line]


def test_the_jobs_of_cron_are_those_of_the_timers():
    timed = {values(unit.with_suffix(".service"))["ExecStart"] for unit in UNITS if unit.suffix == ".timer"}
    cron = {
        command_of_cron(line) for line in (DEPLOY / "crontab").read_text().splitlines() if " pages " in line
    }
    assert {line.partition("manage.py ")[2] for line in timed} == cron


def command_of_cron(line):
    return re.search(r"deploy/manage (.*?)( >/dev/null)?$", line)[1]


def test_daily_jobs_are_run_by_timers_where_the_server_leaves_them_to_those():
    assert "RUN_SCHEDULED_JOBS=false" in lines(DEPLOY / "pages.env")
    assert values(DEPLOY / "systemd" / "pages-jobs.timer")["OnCalendar"] == "*-*-* *:25"
    assert values(DEPLOY / "systemd" / "pages-jobs.service")["ExecStart"].endswith("run_scheduled_jobs")
    assert "25 * * * * pages /srv/pages/app/deploy/manage run_scheduled_jobs >/dev/null" in lines(
        DEPLOY / "crontab"
    )


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_exists(unit):
    command = shlex.split(values(unit)["ExecStart"])
    if "manage.py" in command:
        assert command[2] in get_commands()


def test_the_sample_of_settings_names_only_those_that_exist():
    named = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "pages.env").read_text(), re.M)
    assert named
    assert set(named) <= variables_of_the_readme()


class Manage:
    """deploy/manage in a folder of its own, before a Python that tells its arguments and settings."""

    def __init__(self, folder):
        self.app, self.data, self.file = folder / "app", folder / "data", folder / "pages.env"
        self.data.mkdir()
        python = self.app / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$(id -un)" "$PWD"; env\n')
        python.chmod(0o755)
        (self.app / "deploy").mkdir()
        shutil.copy(DEPLOY / "manage", self.app / "deploy")

    def run(self, settings_of_site, *arguments, before=()):
        self.file.write_text(settings_of_site.replace("DATA", f"DATA_DIR={self.data}"))
        return subprocess.run(
            [*before, self.app / "deploy" / "manage", *arguments],
            env={"PATH": os.environ["PATH"], "ENV_FILE": str(self.file)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def manage(tmp_path):
    return Manage(tmp_path)


def test_a_command_by_hand_has_the_settings_as_they_are_written(manage):
    said = manage.run(
        "# a comment\n\nDATA\nSECRET_KEY=$(id) `id` #%&=\nPORT=8001", "backup", "a folder"
    ).stdout
    told = said.splitlines()
    assert told[:3] == ["manage.py", "backup", "a folder"]
    assert str(manage.app) in told
    assert {"SECRET_KEY=$(id) `id` #%&=", "PORT=8001", f"DATA_DIR={manage.data}"} <= set(told)


@pytest.mark.parametrize(
    "line", ['A="b"', "A='b'", "A=b\\", "A= b", "A=b ", "no setting", "A-B=c", "=b", "export A=b"]
)
def test_a_line_that_systemd_would_read_otherwise_is_refused_with_its_number(manage, line):
    said = manage.run(f"DATA\n{line}\n", "check")
    assert (said.returncode, said.stdout) == (1, "")
    assert f"Error: {manage.file}, line 2: write NAME=value" in said.stderr


def test_a_folder_of_data_that_is_not_there_is_not_made(manage):
    said = manage.run("DATA/nothing", "backup", "x")
    assert said.returncode == 1
    assert f"the folder DATA_DIR={manage.data}/nothing does not exist" in said.stderr


def test_settings_that_are_not_there_are_one_line(manage):
    said = subprocess.run(
        [manage.app / "deploy" / "manage", "check"],
        env={"PATH": os.environ["PATH"], "ENV_FILE": "/nothing.env"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr.startswith("Error: the settings in /nothing.env cannot be read")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another account")
def test_root_runs_a_command_as_the_account_that_owns_the_data(manage, tmp_path):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    shutil.chown(manage.data, "nobody")
    assert "nobody" in manage.run("DATA", "check").stdout.splitlines()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another account")
def test_another_account_is_refused(manage, tmp_path):
    manage.run("DATA")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    said = manage.run("DATA", "check", before=("runuser", "-u", "nobody", "--"))
    assert said.returncode == 1
    assert (
        said.stderr == f"Error: run this as root or as the account that owns {manage.data}, which is root.\n"
    )
