"""What a lock file made by `uv pip compile` says: each package with its version, its hashes and what asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PACKAGE = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)(?: *; *(?P<marker>[^\\]+))?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
REQUIRED_BY = re.compile(r"^ +#(?: via)? +(?P<name>\S.*)$")


@dataclass
class LockedPackage:
    """One package. `marker` is the condition under which it is installed, "" where it always is."""

    name: str
    version: str
    marker: str = ""
    hashes: list[str] = field(default_factory=list)
    required_by: list[str] = field(default_factory=list)  # names of packages
    is_direct: bool = False  # whether a file of requirements names it


def read(text: str) -> list[LockedPackage]:
    """Reads a lock file. Raises ValueError for one that has a package without a hash, or no package at all."""
    packages: list[LockedPackage] = []
    for line in text.splitlines():
        if found := PACKAGE.match(line):
            packages.append(LockedPackage(found["name"], found["version"], (found["marker"] or "").strip()))
        elif packages:
            _read_detail(packages[-1], line)
    if bare := [package.name for package in packages if not package.hashes]:
        raise ValueError(f"without a hash: {', '.join(bare)}")
    if not packages:
        raise ValueError("no package")
    return packages


def _read_detail(package: LockedPackage, line: str) -> None:
    package.hashes += HASH.findall(line)
    if not (found := REQUIRED_BY.match(line)):
        return
    if found["name"].startswith("-r "):
        package.is_direct = True
    elif not found["name"].startswith("-c ") and found["name"] != "via":
        package.required_by.append(found["name"])
