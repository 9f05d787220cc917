"""Every block of commands in the documents for who runs the site, word for word, in order, on a machine of its own."""

import re
import shutil
from pathlib import Path

import pytest

from tests import machine as machines

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "docs/operations.md", "docs/upgrading.md")
FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)^```$", re.M)
NAME = "pages.example.org"
READY = "http://127.0.0.1:8000/health/ready"
PASSWORD = "correct horse battery staple"
ACCOUNT = [
    ("Username", "operator"),
    ("Email", "operator@example.org"),
    ("Password: ", PASSWORD),
    ("Password (again): ", PASSWORD),
]
CERTIFICATE = (
    "mkdir -p /etc/ssl/{0}; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test"
    " -keyout /etc/ssl/{0}/key.pem -out /etc/ssl/{0}/fullchain.pem"
)

# A repository elsewhere with two versions, of which the first is installed.
MAKE_VERSIONS = """
git init --quiet
git config user.name test
git config user.email test@example.org
git add .
git commit --quiet --message 1.0
git tag 1.0
last=$(cd pages/migrations; ls 0*.py | tail -1)
printf '%s\n' 'from django.db import migrations' 'class Migration(migrations.Migration):' \\
    "    dependencies = [('pages', '${last%.py}')]" >pages/migrations/9999_next.py
git add .
git commit --quiet --message 2.0
git tag 2.0
git clone --quiet --bare . /srv/origin.git
git checkout --quiet --detach 1.0
git tag --delete 2.0
git remote add origin /srv/origin.git
"""


def blocks(document):
    """The kind and the text of each block of code, in order."""
    return FENCE.findall((ROOT / document).read_text())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_says_whether_it_is_of_commands(document):
    assert {kind for kind, _text in blocks(document)} <= {"sh", "text"}


@pytest.fixture
def machine(tmp_path):
    """The machine of an operator: the project unpacked, and nginx as Debian installs it, running."""
    if not (shutil.which("nginx") and Path("/etc/nginx/sites-enabled/default").exists()):
        pytest.skip("nginx with Debian’s default site is not installed (apt-get install nginx-light)")
    with machines.made(tmp_path) as made:
        machines.install_the_project(made)
        made.run(f"rm -f /run/nginx.pid; nginx; echo 127.0.0.1 {NAME} >>/etc/hosts")
        yield made


class Operator:
    """Follows the documents. What a block needs that words beside it ask for is done before it, and told here."""

    def __init__(self, machine):
        self.machine = machine
        # The first words by which a block is known, and what to do instead of only running it.
        self.ways = {
            **dict.fromkeys(("podman build", "umask 077"), self.leave_to_an_engine),
            "make run": self.read_the_readme,
            "make serve": lambda text: self.serve(text, READY),
            "DATA_DIR=trial": self.try_a_large_site,
            "SITE_URL=https://pages.example.org .venv/bin/python manage.py createsuperuser": self.answer,
            "deploy/manage createsuperuser": self.answer,
            "install --mode=644 deploy/crontab": self.install_the_crontab,
            "install --mode=644 deploy/systemd": self.start_the_site,
            "install --mode=644 deploy/nginx.conf": self.start_nginx,
            "sed 's/pages": self.add_a_second_site,
            "deploy/manage remove_second_factor": self.help_who_lost_a_phone,
            "deploy/manage backup /srv/pages/backups/before.zip": self.restore,
            "deploy/manage move_database": self.move_to_postgresql,
            "systemctl enable --now pages-static-copy.timer": self.copy_the_site,
            "cd /srv/pages/app\ngit fetch": self.fetch_a_new_version,
            "cd /srv/pages/next": self.install_packages_beside,
            "/srv/pages/next/deploy/manage rehearse_upgrade": self.rehearse,
            "cd /srv/pages/app\nsystemctl stop pages.service\ndeploy/manage backup": self.upgrade,
            "cd /srv/pages/app\ngit diff": lambda text: self.machine.run(with_versions(text)),
            "cd /srv/pages/app\nsystemctl stop pages.service\ngit checkout": self.go_back,
        }

    def follow(self, text):
        """Run a block. Afterwards nothing in the folders of the site belongs to another account than its own."""
        way = next((way for start, way in self.ways.items() if text.startswith(start)), self.machine.run)
        way(text)
        if Path(f"{self.machine.root}/etc/pages.env").exists() or way == self.start_the_site:
            found = self.machine.run("find /srv/pages/data /srv/pages/backups /srv/pages/copy ! -user pages")
            assert not found, f"{text}\n{found}"

    def leave_to_an_engine(self, text):
        """Containers need an engine, which is not on this machine; `tests/test_container.py` tries them."""

    def serve(self, command, address):
        process = self.machine.start(command.strip())
        answers = self.machine.answers(address)
        self.machine.interrupt()
        said, _ = process.communicate(timeout=60)
        assert answers, said
        assert "Traceback" not in said, said

    def read_the_readme(self, text):
        run, test = (line.partition("#")[0].strip() for line in text.splitlines())
        self.serve(run, "http://127.0.0.1:8000/en/")
        # All tests from within one would never end: make installs what it needs, and pytest only collects them.
        said = self.machine.run(f"ARGS='--collect-only -qq' {test}")
        assert "tests/test_documented_commands.py: " in said

    def try_a_large_site(self, text):
        fill, serve = text.splitlines()
        self.machine.run(fill)
        self.serve(serve, "http://127.0.0.1:8001/en/")

    def answer(self, text):
        assert "Superuser created successfully." in self.machine.talk(text, ACCOUNT)

    def start_the_site(self, text):
        self.machine.run(text)
        assert self.machine.answers(READY), self.log()
        status = self.machine.run("cat /proc/$(cat /run/units/pages.service)/status")
        assert re.search(r"^NoNewPrivs:\t1\nSeccomp:\t2$", status, re.M), "the service is not confined"
        for job in ("backup", "jobs", "backup"):
            self.machine.run(f"systemctl start pages-{job}.service; sleep 1")
        assert len(self.machine.run("ls /srv/pages/backups").split()) == 2

    def log(self):
        return self.machine.run("cat /run/units/pages.service.log")

    def install_the_crontab(self, text):
        self.machine.run(text)
        jobs = [line for line in self.machine.run("cat /etc/cron.d/pages").splitlines() if " pages " in line]
        for line in jobs:
            account, command = line.lstrip("#").split(maxsplit=6)[5:]
            quoted = command.replace("'", "'\\''")
            self.machine.run(
                f"exec setpriv --reuid {account} --regid {account} --init-groups sh -c '{quoted}'", "/"
            )
        assert len(jobs) == 3
        assert self.machine.run("stat --format=%A /srv/pages/copy/site/en/index.html") == "-rw-r--r--\n"
        self.machine.run("rm --recursive /srv/pages/copy/*")

    def start_nginx(self, text):
        self.machine.run(CERTIFICATE.format("pages"))
        self.machine.run(text)
        assert self.machine.answers(f"https://{NAME}/en/"), self.log()

    def add_a_second_site(self, text):
        self.machine.run(text)
        self.machine.run(CERTIFICATE.format("museum"))
        self.machine.run("ln -s /etc/nginx/sites-available/museum /etc/nginx/sites-enabled/; nginx -t")
        self.machine.run("systemd-analyze verify /etc/systemd/system/museum*.timer")

    def help_who_lost_a_phone(self, text):
        device = (
            "from django.contrib.auth.models import User;"
            "from django_otp.plugins.otp_totp.models import TOTPDevice;"
            "TOTPDevice.objects.create(user=User.objects.get(), name='app', confirmed=True)"
        )
        self.machine.run(f'deploy/manage shell --no-imports --command "{device}"')
        assert "Two-factor authentication was removed" in self.machine.run(
            text.replace("USERNAME", "operator")
        )

    def restore(self, text):
        assert "Restored: 11 pages" in self.machine.run(text)
        assert self.machine.answers(f"https://{NAME}/en/"), self.log()

    def move_to_postgresql(self, text):
        self.machine.start_postgresql()
        self.machine.run("systemctl stop pages.service; cp --preserve /etc/pages.env /etc/pages.env.before")
        self.machine.run(
            'echo "SECRET_KEY=$(cat /srv/pages/data/secret_key)" >>/etc/pages.env;'
            "echo DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres >>/etc/pages.env"
        )
        self.machine.run(text)
        self.machine.run("systemctl start pages.service")
        assert self.machine.answers(f"https://{NAME}/en/"), self.log()

    def copy_the_site(self, text):
        self.machine.run(text)
        self.machine.run(
            "systemctl start pages-static-copy.service; systemctl start pages-nginx-reload.service"
        )
        self.machine.run("systemctl stop pages.service")
        assert self.machine.answers(f"https://{NAME}/fr/"), "nginx serves no copy"

    def fetch_a_new_version(self, text):
        """From a repository with the project as it is, served, and with a version that has one migration more."""
        self.machine.run(MAKE_VERSIONS)
        self.machine.run("systemctl start pages.service")
        assert self.machine.answers(READY), self.log()
        self.machine.run(with_versions(text))

    def install_packages_beside(self, text):
        self.machine.run(
            "ln -s $(readlink /srv/pages/app/.venv) /srv/pages/next/.venv"
        )  # no registry is reached
        self.machine.run(text)

    def rehearse(self, text):
        said = self.machine.run(text)
        assert re.search(r"^pages.9999_next: \d+.\d s$", said, re.M), said
        assert "Differences between the answers: 0." in said
        assert self.machine.answers(READY), self.log()

    def upgrade(self, text):
        self.machine.run(with_versions(text))
        assert self.machine.answers(READY), self.log()
        assert "[X] 9999_next" in self.machine.run("deploy/manage showmigrations pages")

    def go_back(self, text):
        """On PostgreSQL, where the site is by now, so an empty database comes first."""
        *steps, restore, start = with_versions(text).splitlines()
        self.machine.run("\n".join(steps))
        with pytest.raises(
            AssertionError, match=r"is of a newer version of this software \(pages.9999_next\)"
        ):
            self.machine.run("deploy/manage prepare_site --no-account")
        with pytest.raises(
            AssertionError, match="make an empty database, name it in DATABASE_URL, and restore"
        ):
            self.machine.run(restore)
        self.machine.run(
            "runuser -u postgres -- psql --host 127.0.0.1 --command 'CREATE DATABASE earlier';"
            "sed --in-place 's:5432/postgres:5432/earlier:' /etc/pages.env"
        )
        assert "Restored: 11 pages" in self.machine.run(f"{restore}\n{start}")
        assert self.machine.answers(READY), self.log()
        assert "9999" not in self.machine.run("deploy/manage showmigrations pages")


def with_versions(text):
    return re.sub(r"\bVERSION\b", "2.0", text).replace("BEFORE", "1.0")


@pytest.mark.slow
def test_every_block_of_commands_works_word_for_word(machine, capsys):
    operator = Operator(machine)
    followed = 0
    for document in DOCUMENTS:
        for kind, text in blocks(document):
            if kind == "sh":
                operator.follow(text)
                followed += 1
    with capsys.disabled():
        print(f"{followed} blocks of commands were followed.")
