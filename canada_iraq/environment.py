"""Is `.venv` exactly what a lock file describes? If not, this makes it so.

Run by the Makefile before anything else (`python3 -m canada_iraq.environment requirements.txt`), so it needs
nothing but Python's own library.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = {
    "venv": "python3-venv",
    "ensurepip": "python3-venv",
    "sqlite3": "libsqlite3-dev, then build Python again",
}


class Fault(Exception):
    """Why the environment cannot be made, as one line that says what to do."""


def prepare(lock_file: Path, folder: Path) -> bool:
    """Install what the lock file lists, unless that was done; say whether anything was installed."""
    _require_modules()
    with alone(folder.parent):
        stamp = folder / f".{lock_file.name}"
        wanted = fingerprint(lock_file)
        works = _works(folder)
        if works and stamp.exists() and stamp.read_text() == wanted:
            return False
        if not works:
            print(
                f"Making a virtual environment in {folder.name} with Python {sys.version.split()[0]}.",
                flush=True,
            )
            _make(folder)
        print(f"Installing the packages of {lock_file.name}. This happens once.", flush=True)
        stamp.unlink(missing_ok=True)
        _install(lock_file, folder)
        stamp.write_text(wanted)
    return True


def fingerprint(lock_file: Path) -> str:
    """Changes with the lock file and with the Python that the packages were installed for."""
    return hashlib.sha256(sys.version.encode() + lock_file.read_bytes()).hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A second `make run` waits here, instead of installing over the first one."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _require_modules() -> None:
    for module, package in NEEDED.items():
        if importlib.util.find_spec(module) is None:
            raise Fault(
                f"{sys.executable} lacks its module {module}. On Debian or Ubuntu: apt install {package}"
            )


def _works(folder: Path) -> bool:
    """A moved folder or an upgraded Python leaves a virtual environment that cannot start."""
    test = [folder / "bin" / "python", "-c", "import pip"]
    return test[0].exists() and subprocess.run(test, capture_output=True, check=False).returncode == 0


def _make(folder: Path) -> None:
    command = [sys.executable, "-m", "venv", "--clear", folder]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        reason = (made.stdout + made.stderr).strip().splitlines() or ["no reason given"]
        raise Fault(f"Python cannot make a virtual environment in {folder}: {reason[-1]}")


def _install(lock_file: Path, folder: Path) -> None:
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", "-r", lock_file], check=False).returncode:
        raise Fault(f"The packages of {lock_file.name} could not be installed; what pip says stands above.")


def main(arguments: list[str]) -> int:
    """Prepare `.venv` for the lock file named; the exit code of the process."""
    try:
        prepare(ROOT / arguments[0], ROOT / ".venv")
    except (Fault, OSError) as fault:
        print(f"Error: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
