"""Looks up known vulnerabilities of every locked package with pip-audit, as `make audit` does.

Only names and versions in the lock files are looked up, nothing is resolved or installed. pip-audit calls a package
without vulnerabilities also where it could not look it up; here that is said, and is no success.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pages.integers import format_count

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = (
    "requirements.txt",
    "requirements-extras.txt",
    "requirements-dev.txt",
    "requirements-mutation.txt",
)
FOUND, UNKNOWN = 1, 2  # exit codes


def main(options: list[str]) -> int:
    """Prints what is known of the packages; returns 0, or 1 with vulnerabilities, or 2 if some could not be looked up.

    The options go to pip-audit.
    """
    packages, problem = look_up(options)
    for package in packages:
        for vulnerability in package.get("vulns", []):
            print(_line(package, vulnerability))
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if problem or unknown or not packages:
        print(_sentence_on_unknown(len(packages), unknown, problem), file=sys.stderr)
    if any(package.get("vulns") for package in packages):
        return FOUND
    if problem or unknown or not packages:
        return UNKNOWN
    print(f"{format_count(len(packages), 'package')}, no known vulnerability.")
    return 0


def look_up(options: list[str]) -> tuple[list[dict[str, Any]], str]:
    """Returns what pip-audit knows of each package, and what kept it from looking them up ("" if nothing did)."""
    files = [part for name in LOCK_FILES for part in ("--requirement", str(ROOT / name))]
    fixed = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", *fixed, *files, *options]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(completed.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        lines = completed.stderr.strip().splitlines() or ["pip-audit said nothing"]
        return [], lines[-1]


def _line(package: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    names = ", ".join([vulnerability["id"], *vulnerability.get("aliases", [])])
    fixes = " or ".join(vulnerability.get("fix_versions", []))
    return f"{package['name']} {package['version']}: {names}; {f'fixed in {fixes}' if fixes else 'not fixed yet'}"


def _sentence_on_unknown(number: int, unknown: list[str], problem: str) -> str:
    if not number:
        return f"Nothing is known of any package: the lists could not be read ({problem}). Try again with a network."
    listed = ", ".join(sorted(unknown))
    counted = f"{len(unknown)} of {format_count(number, 'package')}"
    return f"{counted} cannot be found in the lists, so nothing is known: {listed}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
