"""An upgrade that is rehearsed: on a copy, between two versions that are installed, with what differs named."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from canada_iraq.management.commands import rehearse_upgrade
from canada_iraq.operations import backends, command_line, upgrade_rehearsal
from canada_iraq.operations.answer_comparison import Answer, compare
from tests.factories import a_live_page
from tests.test_readme import variables_of_the_readme

ROOT = Path(__file__).resolve().parent.parent
# The first version that makes a site, and the first that makes a backup of one.
OLDEST = "Let reports follow the migration of groups"
FIRST_WITH_BACKUP = "Back a site up while it serves, and restore it after every check"

# A project of Django that answers every path with its own address, and fails when it is told to.
SETTINGS = """
import os
SECRET_KEY, ROOT_URLCONF, SITE_URL, ALLOWED_HOSTS = "x", "canada_iraq.settings", "https://pages.example.org", ["*"]
from django.http import HttpResponse
from django.urls import path
def view(request, rest):
    if rest == "stop":
        raise SystemExit("Error: no more answers")
    return HttpResponse(f"<title>{request.build_absolute_uri()}</title><main>{os.environ['DATA_DIR']}</main>")
urlpatterns = [path("<path:rest>", view)]
"""
MANAGE = """
import sys
print("  Applying pages.0001_initial... OK (1.5s)")
print("  Applying pages.0002_groups...")
if "fail" in sys.argv:
    print("Traceback", file=sys.stderr)
    sys.exit("Error: the disk is full")
"""


@pytest.fixture
def version(tmp_path):
    """A version with next to nothing in it."""
    folder = tmp_path / "app"
    (folder / "canada_iraq").mkdir(parents=True)
    (folder / "canada_iraq" / "settings.py").write_text(SETTINGS)
    (folder / "manage.py").write_text(MANAGE)
    variables = {"PATH": os.environ["PATH"], "DATA_DIR": "/its/own"}
    return upgrade_rehearsal.Version(folder, Path(sys.executable), variables)


@pytest.mark.medium
def test_a_version_is_asked_in_its_own_folder_and_with_its_settings(version, tmp_path):
    told = []
    paths = ["/en/a", "/fr/%C3%A9"]
    file = version.record(paths, tmp_path / "answers", lambda *progress: told.append(progress))
    answers = list(upgrade_rehearsal._read(file))
    assert [(answer.path, answer.status, answer.text) for answer in answers] == [
        (path, 200, "/its/own") for path in paths
    ]
    assert answers[1].title == "https://pages.example.org/fr/%C3%A9"
    assert told[-1][1:] == (2, 2)


@pytest.mark.medium
def test_a_version_that_cannot_answer_is_named_with_its_reason(version, tmp_path):
    with pytest.raises(
        upgrade_rehearsal.Refused, match=r"^The version in .*/app cannot answer: no more answers$"
    ):
        version.record(["/stop"], tmp_path / "answers", lambda *progress: None)


def test_a_command_that_fails_is_named_with_its_migration_and_reason(version):
    assert "OK (1.5s)" in version.manage("migrate")
    with pytest.raises(
        upgrade_rehearsal.Refused, match=r"^migrate \(pages.0002_groups\) failed in .*/app: the disk is full$"
    ):
        version.manage("migrate", "fail")


def rehearse(*arguments):
    call_command("rehearse_upgrade", *map(str, arguments))


def test_a_folder_without_the_software_or_its_packages_is_named(db, version):
    with pytest.raises(
        CommandError, match=r"the site was not touched. /nowhere has no manage.py: name the folder"
    ):
        rehearse("--from", "/nowhere")
    with pytest.raises(
        CommandError, match=r"\.venv/bin/python is not there: install the packages of that version"
    ):
        rehearse("--from", version.folder)


def test_a_database_that_is_no_empty_one_is_refused(file_site, tmp_path, monkeypatch):
    monkeypatch.setattr(upgrade_rehearsal, "_python_of", lambda folder: Path(sys.executable))
    with pytest.raises(CommandError, match="names an empty database of PostgreSQL"):
        rehearse("--from", tmp_path, "--database", "sqlite:////tmp/x")
    with pytest.raises(CommandError, match="DATABASE_URL must start with postgres://"):
        rehearse("--from", tmp_path, "--database", "mysql://x")
    monkeypatch.setitem(connection.settings_dict, "NAME", "pages")
    monkeypatch.setitem(connection.settings_dict, "HOST", "db")
    with pytest.raises(CommandError, match="is the database of the site: name an empty one"):
        rehearse("--from", tmp_path, "--database", "postgres://pages:x@db/pages")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_a_database_with_tables_is_refused(db, tmp_path, monkeypatch):
    monkeypatch.setattr(upgrade_rehearsal, "_python_of", lambda folder: Path(sys.executable))
    values = connection.settings_dict
    monkeypatch.setitem(values, "HOST", "")
    url = f"postgres://{values['USER']}:{values['PASSWORD']}@127.0.0.1:{values['PORT']}/{values['NAME']}"
    with pytest.raises(CommandError, match="is not empty: name one without any table"):
        rehearse("--from", tmp_path, "--database", url)


def test_the_rehearsal_reaches_nothing_of_the_site_and_sends_nothing(monkeypatch, settings, tmp_path):
    for name in variables_of_the_readme() - set(upgrade_rehearsal.TAKEN_OVER) | {"AWS_SECRET_ACCESS_KEY"}:
        monkeypatch.setenv(name, "of the site")
    monkeypatch.setenv("SITE_IDENTITY", "identity")
    given = upgrade_rehearsal._variables(tmp_path, "")
    assert "of the site" not in given.values()
    assert given["DATA_DIR"] == str(tmp_path)
    assert given["SITE_IDENTITY"] == str(settings.IDENTITY)
    assert len(given["SECRET_KEY"]) >= 50
    assert variables_of_the_readme() >= set(upgrade_rehearsal.TAKEN_OVER)
    assert upgrade_rehearsal._variables(tmp_path, "postgres://x")["DATABASE_URL"] == "postgres://x"


def test_only_with_a_backup_it_needs_no_site(monkeypatch, db):
    done = []
    monkeypatch.setattr(command_line, "execute_from_command_line", done.append)
    monkeypatch.setattr("canada_iraq.operations.existing_site.missing_site", lambda: "There is no site.")
    with pytest.raises(SystemExit, match="There is no site"):
        command_line.run(["manage.py", "rehearse_upgrade", "--from", "x"])
    command_line.run(["manage.py", "rehearse_upgrade", "--from", "x", "--backup=y"])
    assert len(done) == 1


# Editions


@pytest.mark.medium
def test_an_edition_that_is_added_changed_removed_or_damaged_is_named(file_site):
    pages = [
        a_live_page(title_en=title, address_en=title.lower()) for title in ("One", "Two", "Three", "Four")
    ]
    values = backends.database_config("", file_site)
    before = upgrade_rehearsal._read_editions(values)
    assert upgrade_rehearsal._compare_editions(before, before) == []
    keys = [page.key for page in pages]
    later = dict(before)
    numbers = {name.partition(",")[0]: pk for pk, (name, *_digests) in before.items()}
    del later[numbers[keys[0]]]
    later[numbers[keys[1]]] = (f"{keys[1]}, edition 1", "other", "other")
    later[numbers[keys[2]]] = (f"{keys[2]}, edition 1", before[numbers[keys[2]]][1], "damaged")
    later[999] = ("five, edition 1", "new", "new")
    assert upgrade_rehearsal._compare_editions(before, later) == sorted(
        [
            f"{keys[0]}, edition 1: removed",
            f"{keys[1]}, edition 1: its document was changed",
            f"{keys[2]}, edition 1: its digest is not that of its document",
            "five, edition 1: added",
        ]
    )


def test_a_few_differences_are_shown_and_all_are_listed():
    after = [Answer(f"/en/{number}", 200, title=f"Title {number % 12}") for number in range(60)]
    before = [Answer(answer.path, 200) for answer in after]
    result = upgrade_rehearsal.Result(
        [("pages.0001_initial", 1.26)],
        dict.fromkeys(("copy", "before", "migrations", "preparation", "after"), 2.0),
    )
    result.answers = compare(before, after)
    shown = "\n".join(rehearse_upgrade.described(result, shown=10, named=3))
    assert "before: 2.0 s.\npages.0001_initial: 1.3 s\nMigrations: 1, 2.0 s." in shown
    assert "title, at /en/0, /en/12, /en/24, … (5 addresses):\n    + Title 0\n" in shown
    assert shown.endswith("… and 2 more: --list FILE writes all of them.")
    listed = "\n".join(rehearse_upgrade.described(result, shown=None, named=None))
    assert all(f"/en/{number}" in listed for number in range(60))
    assert not result.is_same


# Whole versions


def installed(folder, commit=None):
    """The files of the project as they are now or at a commit, with the packages that the tests run with."""
    folder.mkdir()
    files = (
        f"git archive {commit}"
        if commit
        else (
            "git ls-files -z --cached --others --exclude-standard"
            " | tar --create --null --files-from - --ignore-failed-read --file -"
        )
    )
    subprocess.run(f"{files} | tar --extract --directory {folder}", shell=True, cwd=ROOT, check=True)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def commit_of(subject):
    found = subprocess.run(
        ["git", "log", "--format=%H", "--fixed-strings", f"--grep={subject}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not found:
        pytest.skip(f"the history of the project, with “{subject}”, is not here")
    return found[-1]


class Operator:
    """Runs commands in the folder of a version, with the settings of the site."""

    def __init__(self, data):
        ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        self.variables = {**kept, "DATA_DIR": str(data), "SITE_URL": "https://pages.example.org"}

    def manage(self, folder, *arguments, code=0):
        done = subprocess.run(
            [folder / ".venv" / "bin" / "python", "manage.py", *map(str, arguments)],
            cwd=folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout


MOVE_A_PAGE = """
from pages.models import Page
from pages import publishing
page = Page.objects.exclude(parent=None).order_by("pk").first()
page.address_en = "moved-elsewhere"
page.save()
publishing.publish(page, by=None)
"""


def everything_in(folder):
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("subject", [OLDEST, FIRST_WITH_BACKUP])
def test_a_site_of_an_early_version_is_upgraded_on_a_copy_with_every_address_and_edition(tmp_path, subject):
    old, data = installed(tmp_path / "old", commit_of(subject)), tmp_path / "data"
    operator = Operator(data)
    operator.manage(old, "prepare_site", "--no-account")
    operator.manage(old, "shell", "-c", MOVE_A_PAGE)
    arguments = ["--from", old, "--list", tmp_path / "list"]
    if subject == FIRST_WITH_BACKUP:
        operator.manage(old, "backup", tmp_path / "before.zip")
        arguments += ["--backup", tmp_path / "before.zip"]
    before = everything_in(data)
    new = installed(tmp_path / "new")
    said = operator.manage(
        new, "rehearse_upgrade", *arguments, code=1
    )  # the report form has new sentences since
    assert everything_in(data) == before
    assert re.search(r"^pages\.0018_archives_keep_what_is_live: \d+\.\d s$", said, re.M)
    assert re.search(r"^Editions: 12, 0 changed\.$", said, re.M)
    listed = (tmp_path / "list").read_text()
    assert int(re.search(r"^Addresses: (\d+),", listed, re.M)[1]) > 40
    assert {line.partition(",")[0] for line in listed.splitlines() if ", at /" in line} == {"text"}
    assert "/en/moved-elsewhere" in listed


@pytest.mark.slow
def test_a_version_that_changes_nothing_is_told_so(tmp_path):
    operator, new = Operator(tmp_path / "data"), installed(tmp_path / "new")
    operator.manage(new, "prepare_site", "--no-account")
    said = operator.manage(new, "rehearse_upgrade", "--from", new)
    assert "Migrations: 0, " in said
    assert "Differences between the answers: 0." in said


CARELESS = "UPDATE pages_edition SET address_en = 'astray' WHERE address_en = 'about'"


@pytest.mark.slow
def test_a_migration_that_changes_what_the_public_reads_is_noticed(tmp_path):
    operator, old, new = Operator(tmp_path / "data"), installed(tmp_path / "old"), installed(tmp_path / "new")
    operator.manage(old, "prepare_site", "--no-account")
    last = max(file.stem for file in (new / "pages" / "migrations").glob("0*.py"))
    (new / "pages" / "migrations" / "9999_careless.py").write_text(
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        f"    dependencies = [('pages', '{last}')]\n"
        f"    operations = [migrations.RunSQL({CARELESS!r}, '')]\n"
    )
    said = operator.manage(new, "rehearse_upgrade", "--from", old, code=1)
    assert "status, at /en/about:\n    - 200\n    + 404\n" in said
    with closing(sqlite3.connect(tmp_path / "data" / "database.sqlite3")) as site:
        assert site.execute("SELECT count(*) FROM pages_edition WHERE address_en = 'about'").fetchone() == (
            1,
        )
