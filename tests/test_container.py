"""The image of a container and compose.yaml: in step with settings and server, without secrets; tried with an engine.

The trial takes an image that was built before, and runs only where its name is given:

    CONTAINER_IMAGE=localhost/canada-iraq-pages pytest -m slow tests/test_container.py

CONTAINER_ENGINE is the command of the engine (podman), CONTAINER_OPTIONS what this machine needs after its `run`.
"""

import fnmatch
import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from django.conf import settings

from canada_iraq.operations import environment
from tests import ports
from tests.test_readme import variables_of_the_readme

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SITE = COMPOSE["services"]["site"]
SERVE = ROOT / "deploy" / "container" / "serve"
HEALTHCHECK = ROOT / "deploy" / "container" / "healthcheck"
# What an image decides, and DEBUG, which no site for others has.
OF_THE_IMAGE = {"DATA_DIR", "HOST", "PORT", "DEBUG"}
# What boto3 reads by itself.
OF_THE_STORE = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
# What compose.yaml reads besides settings of the site.
OF_COMPOSE = {"IMAGE", "PUBLISHED_PORT", "POSTGRES_PASSWORD"}
SECRET = re.compile("SECRET|PASSWORD|TOKEN|KEY$")


def instructions():
    """The instructions of the Containerfile in order, each as a pair of its name and the rest, on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Containerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def final_stage():
    """The instructions of the image itself."""
    every = instructions()
    last = max(number for number, (name, _) in enumerate(every) if name == "FROM")
    return every[last:]


def values(name):
    """What the image says after each instruction of a name."""
    return [rest for instruction, rest in final_stage() if instruction == name]


def environment_of_the_image():
    return dict(word.split("=", 1) for rest in values("ENV") for word in shlex.split(rest))


# The image


def test_the_image_sets_only_variables_that_exist():
    assert (
        environment_of_the_image().keys() - {"PATH", "PYTHONDONTWRITEBYTECODE"} <= variables_of_the_readme()
    )


def test_the_image_listens_where_it_says():
    assert values("EXPOSE") == [environment_of_the_image()["PORT"]]
    assert environment_of_the_image()["HOST"] == "0.0.0.0"


def test_the_data_folder_of_the_image_is_a_volume_that_its_account_owns():
    folder = environment_of_the_image()["DATA_DIR"]
    assert values("VOLUME") == [folder]
    [made] = [rest for rest in values("RUN") if folder in rest]
    assert re.search(rf"install --directory --owner=pages --group=pages --mode=700 {folder}\b", made)


def test_the_image_runs_as_an_account_with_a_number_other_than_root():
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", values("USER")[-1])
    after = [name for name, _ in final_stage()[[name for name, _ in final_stage()].index("USER") :]]
    assert "RUN" not in after


def test_the_static_files_of_the_image_are_those_that_were_built():
    [build] = [rest for name, rest in instructions() if name == "RUN" and "build_assets" in rest]
    assert f"STATIC_ROOT={environment_of_the_image()['STATIC_ROOT']} " in build


def test_the_image_itself_installs_nothing():
    assert not re.search(r"\b(apt-get|pip3? install|make|gcc|venv)\b", " ".join(values("RUN")))
    assert all(rest.startswith("--from=builder ") for rest in values("COPY"))


def test_nothing_in_the_image_is_a_secret():
    named = [rest for name, rest in instructions() if name in ("ARG", "ENV", "LABEL")]
    assert not [rest for rest in named if SECRET.search(rest)]


def test_what_the_image_runs_is_there_and_can_be_run():
    for rest in [*values("CMD"), *values("HEALTHCHECK")]:
        [program] = re.search(r"\[(.*)\]", rest)[1].replace('"', "").split(", ")
        assert os.access(ROOT / program, os.X_OK), program


def is_taken(path):
    """Whether .containerignore lets a path into the image: its last line that matches the path or a folder above."""
    taken = True
    for line in (ROOT / ".containerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and matches(path, pattern):
            taken = line.startswith("!")
    return taken


def matches(path, pattern):
    parts = path.split("/")
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatch(part, pattern[3:]) for part in parts)
    depth = pattern.count("/") + 1
    return fnmatch.fnmatch("/".join(parts[:depth]), pattern) and len(parts) >= depth


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("these files are no checkout of git")
    return listed.stdout.splitlines()


def test_all_that_the_site_needs_to_run_gets_into_the_image():
    ours = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()} | {"canada_iraq"}
    folders = {settings.BASE_DIR / name for name in (*ours, "templates", "locale", "identity")}
    needed = [name for name in tracked() if any((ROOT / name).is_relative_to(folder) for folder in folders)]
    assert needed
    assert [
        name
        for name in [*needed, "manage.py", environment.LOCK, environment.LOCK_FOR_SERVERS]
        if not is_taken(name)
    ] == []
    assert all(is_taken(str(file.relative_to(ROOT))) for file in (SERVE, HEALTHCHECK))


def test_nothing_else_gets_into_the_image():
    outside = [".env", ".git/config", ".venv/bin/python", "data/secret_key", "data/database.sqlite3"]
    outside += ["tests/settings.py", "docs/operations.md", "canada_iraq/__pycache__/settings.pyc"]
    assert [name for name in outside if is_taken(name)] == []
    known = {"accounts", "canada_iraq", "deploy", "identity", "locale", "pages", "reports", "templates"}
    known |= {"LICENSE", "manage.py", "requirements-extras.txt", "requirements.txt"}
    assert {name.split("/")[0] for name in tracked() if is_taken(name)} == known


@pytest.mark.medium
def test_assets_are_built_where_there_is_no_site(tmp_path):
    folder = tmp_path / "data"
    values = {"DATA_DIR": str(folder), "STATIC_ROOT": str(tmp_path / "static"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", "build_assets"]
    said = subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, check=True)
    assert said.stdout == f"Translations are compiled, static files are in {tmp_path / 'static'}.\n"
    assert (tmp_path / "static" / "staticfiles.json").exists()
    assert {file.name for file in folder.iterdir()} == {"stylesheet"}


@pytest.fixture
def programs(tmp_path):
    """A folder with a `python` that says what it is asked for and its number, and then waits, or works at once."""
    program = tmp_path / "python"
    program.write_text(
        '#!/bin/sh\necho "$$ $*"\nif [ "$STUCK" ]; then exec sleep 60; fi\nexit "${CODE:-0}"\n'
    )
    program.chmod(0o755)
    return tmp_path


def serve(programs, **values):
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", **values}
    # A program that is started in the background ignores Ctrl+C, and so would a shell below it.
    command = ["env", "--default-signal=INT", SERVE]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_server_takes_the_place_of_the_shell_that_started_it(programs):
    with serve(programs) as process:
        said = process.communicate(timeout=30)[0].splitlines()
    assert said[0].endswith(" manage.py prepare_site --no-account")
    assert said[1:] == [f"{process.pid} -m canada_iraq.server"]
    assert process.returncode == 0


def test_a_site_that_cannot_be_prepared_is_not_served(programs):
    with serve(programs, CODE="3") as process:
        said = process.communicate(timeout=30)[0].splitlines()
    assert [line.split(" ", 1)[1] for line in said] == ["manage.py prepare_site --no-account"]
    assert process.returncode == 3


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_container_can_be_stopped_while_its_site_is_prepared(programs, sign):
    with serve(programs, STUCK="yes") as process:
        preparing = int(process.stdout.readline().split()[0])
        process.send_signal(sign)
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(preparing, 0)


def check_health(port):
    command = [sys.executable, HEALTHCHECK]
    environment = {**os.environ, "PORT": str(port)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_a_container_is_well_while_its_site_is_ready(status, code):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/health/ready" else 500)
            self.end_headers()
            self.wfile.write(b"what is ready")

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert check_health(server.server_port) == (code, "what is ready\n")
        thread.join()


def test_a_container_that_does_not_answer_is_not_well():
    with ports.held() as (port,):
        code, said = check_health(port)
    assert code == 1
    assert said.startswith("no answer: ")


# compose.yaml


def test_compose_passes_on_exactly_the_settings_that_an_image_does_not_decide():
    assert SITE["environment"].keys() == variables_of_the_readme() - OF_THE_IMAGE | OF_THE_STORE


def test_compose_reads_only_variables_that_exist_and_are_explained():
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert read <= variables_of_the_readme() | OF_COMPOSE
    assert [name for name in OF_COMPOSE if f"`{name}`" not in OPERATIONS] == []


def test_no_secret_is_in_the_file():
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name) or "://" in str(value):
                assert value is None or "${" in value or "@" not in value, name
    text = (ROOT / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "SITE_URL"):
        assert set(re.findall(rf"\$\{{{name}(..)", text)) == {":?"}, f"{name} has a default"


def test_compose_and_image_agree_on_port_folders_and_health():
    image = environment_of_the_image()
    assert [port.rsplit(":", 1)[1] for port in SITE["ports"]] == values("EXPOSE")
    assert all(port.startswith("127.0.0.1:") for port in SITE["ports"])
    folders = dict(volume.split(":")[::-1] for volume in SITE["volumes"])
    assert folders == {image["DATA_DIR"]: "data", "/srv/pages/backups": "backups"}
    assert all(folder in " ".join(values("RUN")) for folder in folders)
    assert SITE["healthcheck"]["test"] == ["CMD", "deploy/container/healthcheck"]
    assert f"--start-period={SITE['healthcheck']['start_period']}" in values("HEALTHCHECK")[0]


def test_every_volume_and_network_that_compose_names_is_declared():
    services = COMPOSE["services"].values()
    volumes = {volume.split(":")[0] for service in services for volume in service.get("volumes", [])}
    assert volumes == COMPOSE["volumes"].keys()
    assert {name for service in services for name in service["networks"]} == COMPOSE["networks"].keys()
    assert all(
        COMPOSE["services"][name]["networks"] == ["inside"] and "ports" not in COMPOSE["services"][name]
        for name in ("database", "cache")
    )


def test_compose_waits_until_the_servers_of_the_site_are_healthy():
    assert SITE["depends_on"] == dict.fromkeys(("database", "cache"), {"condition": "service_healthy"})
    assert all("healthcheck" in service for service in COMPOSE["services"].values())


def test_compose_names_the_servers_as_the_site_calls_them():
    assert SITE["environment"]["DATABASE_URL"].endswith("@database/pages")
    assert SITE["environment"]["CACHE_URL"] == "redis://cache:6379/0"
    database = COMPOSE["services"]["database"]["environment"]
    assert (database["POSTGRES_USER"], database["POSTGRES_DB"]) == ("pages", "pages")


def test_a_container_has_longer_to_stop_than_the_server_takes():
    server = (ROOT / "canada_iraq" / "server.py").read_text()
    [seconds] = re.findall(r"workers_kill_timeout=(\d+)", server)
    assert int(SITE["stop_grace_period"].removesuffix("s")) > int(seconds)


def test_the_site_can_write_nothing_but_its_volumes_and_has_no_rights():
    assert SITE["read_only"] is True
    assert SITE["cap_drop"] == ["ALL"]
    assert SITE["security_opt"] == ["no-new-privileges:true"]
    assert SITE["tmpfs"].startswith("/tmp:")


# The trial


class Container:
    """A container of the image, as compose.yaml confines it, on a free port of 127.0.0.1."""

    def __init__(self, name, port):
        self.name, self.port = name, port
        self.engine = shlex.split(os.environ.get("CONTAINER_ENGINE", "podman"))

    def run(self, *options, command=()):
        options = [*shlex.split(os.environ.get("CONTAINER_OPTIONS", "")), *options, *CONFINED]
        values = [
            "--env",
            f"SITE_URL=http://127.0.0.1:{self.port}",
            "--volume",
            f"{self.name}:/srv/pages/data",
        ]
        place = ["--name", self.name, "--publish", f"127.0.0.1:{self.port}:8000"]
        self.ask("run", "--detach", *place, *options, *values, os.environ["CONTAINER_IMAGE"], *command)

    def ask(self, *arguments, check=True):
        """What the engine says. Raises AssertionError when it fails."""
        done = subprocess.run([*self.engine, *arguments], capture_output=True, text=True, check=False)
        assert not check or not done.returncode, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def inside(self, *command, check=True):
        return self.ask("exec", self.name, *command, check=check)

    def python(self, statement):
        return self.inside("python", "-c", statement).strip()

    def request(self, method, address, fields=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, address, urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def wait_until_ready(self):
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                if self.request("GET", "/health/ready")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        pytest.fail(self.ask("logs", self.name))

    def state(self, value):
        return self.ask("inspect", "--format", f"{{{{.State.{value}}}}}", self.name).strip()


CONFINED = [
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--memory=1g",
]


@pytest.fixture
def container(tmp_path):
    if "CONTAINER_IMAGE" not in os.environ:
        pytest.skip("CONTAINER_IMAGE names no image")
    with ports.held() as (port,):
        made = Container(f"pages-trial-{os.getpid()}", port)
    try:
        yield made
    finally:
        made.ask("rm", "--force", made.name, check=False)
        made.ask("volume", "rm", "--force", made.name, check=False)


@pytest.mark.slow
def test_a_container_serves_the_site_and_keeps_its_data(container):
    began = time.monotonic()
    container.run("--cpus=1")
    container.wait_until_ready()
    print(f"\nfirst start to ready: {time.monotonic() - began:.1f} s")
    assert '"status": "ok"' in container.inside("deploy/container/healthcheck")
    assert container.python("import os; print(os.getuid(), os.getgid())") == "10001 10001"
    assert "Read-only file system" in container.inside("touch", "/srv/pages/app/x", check=False)
    assert "No module named" in container.inside("python", "-m", "pip", check=False)
    children = "print(len(open('/proc/1/task/1/children').read().split()))"
    assert container.python(children) == "1", "one process for one processor"
    for language in ("en", "fr"):
        status, page = container.request("GET", f"/{language}/")
        assert status == 200
        assert f'<html lang="{language}' in page
        assert re.search(r'href="/static/pages/site\.\w+\.css"', page)
    css = re.search(r'"(/static/pages/site\.\w+\.css)"', page)[1]
    assert container.request("GET", css)[0] == 200
    report = {"reasons": "outdated", "details": "The table is not up to date."}
    assert container.request("POST", "/en/report-a-problem/home", report)[0] == 303
    print(container.ask("stats", "--no-stream", container.name))

    began = time.monotonic()
    container.ask("stop", "--time", "40", container.name)
    print(f"stop: {time.monotonic() - began:.1f} s")
    assert container.state("ExitCode") == "0"

    began = time.monotonic()
    container.ask("start", container.name)
    container.wait_until_ready()
    print(f"second start to ready: {time.monotonic() - began:.1f} s")
    count = "from reports.models import ProblemReport; print('reports:', ProblemReport.objects.count())"
    assert "reports: 1\n" in container.inside("python", "manage.py", "shell", "-c", count)
    assert "pages in /srv/pages/data are as they were left" in container.ask("logs", container.name)
    assert not re.search("Traceback|not compiled", container.ask("logs", container.name))


@pytest.mark.slow
def test_a_container_stops_at_once_while_its_site_is_prepared(container):
    container.run()
    container.ask("stop", "--time", "40", container.name)
    assert container.state("ExitCode") in ("0", "143")


@pytest.mark.slow
def test_a_container_can_have_the_identity_of_an_institution(container, tmp_path):
    identity = tmp_path / "identity"
    identity.mkdir()
    text = (ROOT / "identity" / "identity.toml").read_text()
    (identity / "identity.toml").write_text(text + '\n[header]\nlight = "#102030"\ndark = "#102030"\n')
    for path in (tmp_path, identity, identity / "identity.toml"):
        path.chmod(0o755)
    mounted = ["--volume", f"{identity}:/srv/pages/identity:ro", "--env", "SITE_IDENTITY=/srv/pages/identity"]
    container.run(*mounted, "--env", "STATIC_ROOT=/srv/pages/data/static")
    container.wait_until_ready()
    page = container.request("GET", "/en/")[1]
    css = re.search(r'"(/static/pages/site\.\w+\.css)"', page)[1]
    assert "#102030" in container.request("GET", css)[1]
