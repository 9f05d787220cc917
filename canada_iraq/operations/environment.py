"""Are the installed packages exactly those of a lock file? `main` makes `.venv` so, with the translations compiled.

Run by the Makefile before anything else (`python3 -m canada_iraq.environment requirements.txt`), so it needs
nothing but Python's own library. The server, and commands that make or upgrade a site, refuse any other packages.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distributions
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .lock_file import PACKAGE

ROOT = Path(__file__).resolve().parents[2]
LOCK, LOCK_FOR_SERVERS = "requirements.txt", "requirements-extras.txt"
# Settings that name a server, for which packages of their own are installed. The Makefile lists them too.
NAMING_SERVERS = ("DATABASE_URL", "CACHE_URL", "MEDIA_STORAGE")
MAX_NAMED = 5
REQUIRED_MODULES = {
    "venv": "python3-venv",
    "ensurepip": "python3-venv",
    "sqlite3": "libsqlite3-dev, then build Python again",
}


class InstallationError(Exception):
    """Why the environment cannot be made, as one line that says what to do."""


class UnfitPackage(NamedTuple):
    """A package of another version than the one in a lock file, or of none where it is not installed."""

    name: str
    installed: str | None
    wanted: str

    @property
    def is_missing(self) -> bool:
        return self.installed is None

    def __str__(self) -> str:
        if self.is_missing:
            return f"{self.name} is missing"
        return f"{self.name} {self.installed} instead of {self.wanted}"


def prepare(lock_file: Path, folder: Path) -> bool:
    """Install what the lock file lists, unless that was done; say whether anything was installed.

    What was installed over it since, by hand or for another lock file, is found and replaced.
    """
    _require_modules()
    with exclusive_lock(folder.parent):
        stamp = folder / f".{lock_file.name}"
        expected = fingerprint(lock_file)
        is_usable = _is_usable(folder)
        is_done = is_usable and stamp.exists() and stamp.read_text() == expected
        if is_done and not unfit_packages(lock_file, _folders_of_packages(folder)):
            return False
        if not is_usable:
            print(
                f"Making a virtual environment in {folder.name} with Python {sys.version.split()[0]}.",
                flush=True,
            )
            _create(folder)
        print(f"Installing the packages of {lock_file.name}. This happens once.", flush=True)
        stamp.unlink(missing_ok=True)
        _install(lock_file, folder)
        stamp.write_text(expected)
    return True


def fingerprint(lock_file: Path) -> str:
    """Changes with the lock file and with the Python that the packages were installed for."""
    return hashlib.sha256(sys.version.encode() + lock_file.read_bytes()).hexdigest()


def unfit_packages(lock_file: Path, folders: list[str] | None = None) -> list[UnfitPackage]:
    """Return the packages that are not as a lock file has them; none where there is no such file.

    Looks in the given folders, or where this Python does. A package that only some machines need may be missing.
    """
    text = lock_file.read_text() if lock_file.exists() else ""
    found = []
    for locked in filter(None, map(PACKAGE.match, text.splitlines())):
        package = UnfitPackage(locked["name"], _installed_version(locked["name"], folders), locked["version"])
        if package.installed != package.wanted and not (locked["marker"] and package.is_missing):
            found.append(package)
    return found


def problem_with_packages(variables: Mapping[str, str] = os.environ, root: Path = ROOT) -> str:
    """Say which packages of this Python are not those of the lock file, and what to run; "" where all are.

    Those for servers of others may be missing: the setting that names one says so (`backends`).
    """
    for_servers = (package for package in unfit_packages(root / LOCK_FOR_SERVERS) if not package.is_missing)
    unfit = sorted({*unfit_packages(root / LOCK), *for_servers}, key=itemgetter(0))
    if not unfit:
        return ""
    listed = ", ".join(str(package) for package in unfit[:MAX_NAMED])
    more = f" and {len(unfit) - MAX_NAMED} more" if len(unfit) > MAX_NAMED else ""
    lock = LOCK_FOR_SERVERS if any(map(variables.get, NAMING_SERVERS)) else LOCK
    return f"The installed packages are not those of {lock}: {listed}{more}. {how_to_install(lock, root)}"


def how_to_install(lock: str, root: Path = ROOT) -> str:
    """Say which command installs the packages of a lock file where this Python finds them."""
    if Path(sys.prefix).resolve() == (root / ".venv").resolve():
        return f"Run in {root}: python3 -m canada_iraq.environment {lock}"
    return f"Run in {root}: {sys.executable} -m pip install --require-hashes -r {lock}"


def refuse_other_packages() -> None:
    """End the process with a sentence unless the installed packages are those of the lock file."""
    if problem := problem_with_packages():
        sys.exit(f"Error: {problem}")


def refuse_missing_packages() -> None:
    """End the process with a sentence where a package is missing, before the import of it fails."""
    if any(package.is_missing for package in unfit_packages(ROOT / LOCK)):
        refuse_other_packages()


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Lock a folder, so that a second process waits here: a second `make run` installs nothing over the first one."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _require_modules() -> None:
    for module, package in REQUIRED_MODULES.items():
        if importlib.util.find_spec(module) is None:
            raise InstallationError(
                f"{sys.executable} lacks its module {module}. On Debian or Ubuntu: apt install {package}"
            )


def _folders_of_packages(folder: Path) -> list[str]:
    return [str(path) for path in folder.glob("lib*/python*/site-packages")]


def _installed_version(name: str, folders: list[str] | None) -> str | None:
    where = {} if folders is None else {"path": folders}
    found = next(iter(distributions(name=name, **where)), None)
    return None if found is None else (found.metadata or {}).get("Version") or "without a version"


def _is_usable(folder: Path) -> bool:
    """A moved folder or an upgraded Python leaves a virtual environment that cannot start."""
    test = [folder / "bin" / "python", "-c", "import pip"]
    return test[0].exists() and subprocess.run(test, capture_output=True, check=False).returncode == 0


def _create(folder: Path) -> None:
    command = [sys.executable, "-m", "venv", "--clear", folder]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        reason = (finished.stdout + finished.stderr).strip().splitlines() or ["no reason given"]
        raise InstallationError(f"Python cannot make a virtual environment in {folder}: {reason[-1]}")


def _install(lock_file: Path, folder: Path) -> None:
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", "-r", lock_file], check=False).returncode:
        raise InstallationError(
            f"The packages of {lock_file.name} could not be installed; what pip says stands above."
        )


def _compile_translations(folder: Path) -> None:
    """With the packages just installed, as an account that may write here: the server may be none."""
    command = [folder / "bin" / "python", "-m", "canada_iraq.operations.catalogues"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines() or ["no reason given"]
        raise InstallationError(
            f"The translations could not be compiled: {reason[-1].removeprefix('Error: ')}"
        )


def main(arguments: list[str]) -> int:
    """Prepare `.venv` for the lock file named, and compile the translations; the exit code of the process."""
    try:
        prepare(ROOT / arguments[0], ROOT / ".venv")
        _compile_translations(ROOT / ".venv")
    except (InstallationError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0
