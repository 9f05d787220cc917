"""Rehearses an upgrade on a copy of the site: what the version before answered, and what this one answers then.

The site is only read. Both versions run as processes of their own on a temporary data folder, each in its folder and
with its packages: the version before records its answers, this one upgrades the copy and records its own. The version
before needs no code for this.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection, connections

from . import answer_recorder, backends, backups, database_copy, private_files, static_export
from .answer_comparison import Answer, Comparison, compare
from .environment import ROOT
from .progress import ProgressCallback, no_progress

COPY = "copy"
# The settings that a rehearsal takes over, as they change what pages say. All others may lead to something of the site.
TAKEN_OVER = (
    *("SITE_URL", "SITE_IDENTITY", "ALLOWED_HOSTS", "TIME_ZONE", "SECURITY_CONTACT", "SECURITY_POLICY"),
    *("REPORTS_KEPT_DAYS", "SPAM_KEPT_DAYS", "EMERGENCY_DAYS"),
)
OF_SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")

APPLIED = re.compile(r"^\s*Applying (\S+?)\.\.\. OK \(([\d.]+)s\)", re.M)
BEGUN = re.compile(r"^\s*Applying (\S+?)\.\.\.", re.M)

EDITIONS = """SELECT edition.id, page.key, edition.number, edition.digest, edition.document
FROM pages_edition AS edition JOIN pages_page AS page ON page.id = edition.page_id ORDER BY edition.id"""


class Refused(Exception):
    """Why the rehearsal cannot begin or go on: a sentence that says what to do."""


@dataclass
class Result:
    """What the upgrade did to the copy, and what differs after it."""

    migrations: list[tuple[str, float]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    editions: int = 0
    differing_editions: list[str] = field(default_factory=list)
    answers: Comparison = field(default_factory=Comparison)

    @property
    def is_same(self) -> bool:
        return not self.differing_editions and not self.answers.paths


@dataclass(frozen=True)
class Version:
    """An installed version of this software: its folder, the Python that has its packages, and the settings for it."""

    folder: Path
    python: Path
    variables: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a command of it and return what it printed. Raises Refused with its last line where it fails."""
        done = subprocess.run(
            [str(self.python), "manage.py", *arguments],
            cwd=self.folder,
            env=dict(self.variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            at = BEGUN.findall(done.stdout)[-1:]
            step = f"{arguments[0]} ({at[0]})" if at else arguments[0]
            raise Refused(f"{step} failed in {self.folder}: {_last_line(done.stderr or done.stdout)}")
        return done.stdout

    def record(self, paths: list[str], file: Path, report: ProgressCallback, *, follow: bool = False) -> Path:
        """Write to a file what it answers at paths, a line each, and return the file.

        If told to follow, it also asks for the images and sitemaps that its answers name.
        """
        requests, errors = file.with_suffix(".paths"), file.with_suffix(".errors")
        requests.write_text("".join(f"{path}\n" for path in paths))
        program = Path(answer_recorder.__file__).read_text()
        command = [str(self.python), "-c", program, *(["follow"] if follow else [])]
        total = 0
        with requests.open() as lines, file.open("w") as out, errors.open("w+") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=dict(self.variables),
                stdin=lines,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            with process:
                for total, line in enumerate(process.stdout or (), start=1):
                    out.write(line)
                    report(f"Addresses, {self.folder}", total, max(len(paths), total + 1))
            log.seek(0)
            if process.returncode:
                raise Refused(f"The version in {self.folder} cannot answer: {_last_line(log.read())}")
        report(f"Addresses, {self.folder}", total, total)
        return file


def rehearse(
    before: Path, *, backup: Path | None = None, database: str = "", report: ProgressCallback = no_progress
) -> Result:
    """Upgrade a copy of the site from the version in a folder to this one, and say what differs.

    The copy is made of the present site or of a backup, in a temporary folder (TMPDIR) and, if an empty database of
    PostgreSQL is given, in that. Raises Refused, and what `backups` refuses.
    """
    python = _python_of(before)
    _refuse_database_of_site(database)
    with TemporaryDirectory(prefix="rehearsal-") as name:
        data = Path(name) / "data"
        private_files.make_folder(data)
        variables, values = _variables(data, database), backends.database_config(database, data)
        old, new = Version(before, python, variables), Version(ROOT, Path(sys.executable), variables)
        result = Result()
        with _measured(result, "copy"):
            _copy_site(old, data, backup, report)
            old.manage("prepare_site", "--no-account")
        editions = _read_editions(values)
        with _measured(result, "before"):
            earlier = old.record(_public_addresses(values), Path(name) / "before", report, follow=True)
        _upgrade(new, result)
        with _measured(result, "after"):
            later = new.record([answer.path for answer in _read(earlier)], Path(name) / "after", report)
        result.editions = len(editions)
        result.differing_editions = _compare_editions(editions, _read_editions(values))
        result.answers = compare(_read(earlier), _read(later))
        return result


def _python_of(folder: Path) -> Path:
    if not (folder / "manage.py").is_file():
        raise Refused(f"{folder} has no manage.py: name the folder of the version that serves the site.")
    python = folder / ".venv" / "bin" / "python"
    if not python.exists():
        raise Refused(f"{python} is not there: install the packages of that version first.")
    return python


def _refuse_database_of_site(url: str) -> None:
    if not url:
        return
    values, site = backends.database_config(url, Path()), connection.settings_dict
    if values["ENGINE"] == backends.SQLITE_BACKEND:
        raise Refused(
            "--database names an empty database of PostgreSQL; without it the copy is one of SQLite."
        )
    if all(str(values.get(name) or "") == str(site.get(name) or "") for name in ("NAME", "HOST", "PORT")):
        raise Refused("--database is the database of the site: name an empty one.")
    with database_copy.connection_alias(COPY, values):
        if connections[COPY].introspection.table_names():
            raise Refused(f"The database {values['NAME']} is not empty: name one without any table.")


def _variables(data: Path, database: str) -> dict[str, str]:
    """Return variables with which nothing of the site can be reached, and nothing is sent."""
    variables = {name: os.environ[name] for name in (*TAKEN_OVER, *OF_SYSTEM) if name in os.environ}
    if variables.get("SITE_IDENTITY"):
        variables["SITE_IDENTITY"] = str(settings.IDENTITY)
    if database:
        variables["DATABASE_URL"] = database
    return {**variables, "DATA_DIR": str(data), "SECRET_KEY": secrets.token_urlsafe(64)}


def _copy_site(old: Version, data: Path, backup: Path | None, report: ProgressCallback) -> None:
    """Copy the present site or a backup. Tables of PostgreSQL are read and written by the version that knows them."""
    into_postgresql = "DATABASE_URL" in old.variables
    if backup is None and (into_postgresql or connection.vendor != "sqlite"):
        backup = data.with_name("site.zip")
        of_the_site = {**os.environ, "DATA_DIR": str(settings.DATA_DIR)}
        Version(old.folder, old.python, of_the_site).manage("backup", str(backup))
    if backup is None:
        backups.copy_site(data, report)
    elif into_postgresql:
        old.manage("restore", str(backup))
    else:
        backups.unpack(backup, data, report)


def _public_addresses(values: dict[str, Any]) -> list[str]:
    with database_copy.connection_alias(COPY, values):
        return list(dict.fromkeys(static_export.public_addresses(COPY)))


def _read_editions(values: dict[str, Any]) -> dict[int, tuple[str, str, str]]:
    """Return by its id each edition by page and number, its digest, and the digest that its document has now."""
    with database_copy.connection_alias(COPY, values), connections[COPY].cursor() as cursor:
        cursor.execute(EDITIONS)
        return {
            pk: (f"{key}, edition {number}", digest, hashlib.sha256(document.encode()).hexdigest())
            for pk, key, number, digest, document in cursor
        }


def _compare_editions(
    before: dict[int, tuple[str, str, str]], after: dict[int, tuple[str, str, str]]
) -> list[str]:
    """Return a line for each edition that is gone, is new, or says something else than before."""
    found = [f"{name}: removed" for pk, (name, *_digests) in before.items() if pk not in after]
    for pk, (name, digest, content) in after.items():
        if digest != content:
            found.append(f"{name}: its digest is not that of its document")
        elif pk not in before:
            found.append(f"{name}: added")
        elif before[pk][1:] != (digest, content):
            found.append(f"{name}: its document was changed")
    return sorted(found)


def _upgrade(new: Version, result: Result) -> None:
    with _measured(result, "migrations"):
        output = new.manage("migrate", "--no-input", "--no-color", "--verbosity", "2")
    result.migrations = [(name, float(seconds)) for name, seconds in APPLIED.findall(output)]
    with _measured(result, "preparation"):
        new.manage("prepare_site", "--no-account")


def _read(file: Path) -> Iterator[Answer]:
    with file.open() as lines:
        for line in lines:
            yield Answer(**json.loads(line))


@contextmanager
def _measured(result: Result, what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    result.seconds[what] = time.monotonic() - begun


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return (
        lines[-1].removeprefix("Error: ").removeprefix("CommandError: ") if lines else "it does not say why"
    )
