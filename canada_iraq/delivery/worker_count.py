"""Number of server processes where WORKERS is not set: as many as the processors and the memory of this process allow.

A container or a service may use a part of the machine only. The kernel says so in control groups, version 1 or 2
(https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html,
https://docs.kernel.org/scheduler/sched-bwc.html); the number of cores and the memory of the machine do not show it.

Needs nothing but Python's own library.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

MEGABYTE = 1024 * 1024
# Memory that one process needs at most beside its cached pages (KEPT_PAGES). Measured in docs/quality.md.
PROCESS_MEGABYTES = 128
# Memory that reading one image of the worst kind takes, in whichever process does it (docs/quality.md, “Pictures”).
IMAGE_MEGABYTES = 256

MEMBERSHIP = Path("/proc/self/cgroup")
CONTROL_GROUPS = Path("/sys/fs/cgroup")

_NUMBER = re.compile("[1-9][0-9]{0,2}")


def parse_workers(text: str, kept_pages: int) -> int:
    """Return the number of processes that WORKERS asks for, or the default where it is empty.

    `kept_pages` is the setting KEPT_PAGES, in megabytes. Raises ValueError with a sentence for the operator
    when the text is no such number.
    """
    if not text.strip():
        return default_workers(kept_pages, available_processors(), available_memory())
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"WORKERS is {text!r}: write a number from 1 to 999, or leave it out.")
    return int(text)


def default_workers(kept_pages: int, processors: float, memory: float) -> int:
    """Return one process per processor, fewer where `memory`, in bytes, has no room for all of them; at least 1.

    A part of a processor counts as a whole one.
    """
    fitting = (memory / MEGABYTE - IMAGE_MEGABYTES) // (PROCESS_MEGABYTES + kept_pages)
    return int(max(1, min(math.ceil(processors), fitting)))


def available_processors() -> float:
    """Return how many processors this process may use, by its affinity (which a cpuset restricts) and its quota."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, processor_limit())


def available_memory() -> float:
    """Return how many bytes of memory this process may use."""
    return min(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), memory_limit())


def processor_limit(membership: Path = MEMBERSHIP, control_groups: Path = CONTROL_GROUPS) -> float:
    """Return the smallest quota of the control groups of a process, in processors; infinity where there is none."""
    return min(_limits(membership, control_groups, "cpu", _quota), default=math.inf)


def memory_limit(membership: Path = MEMBERSHIP, control_groups: Path = CONTROL_GROUPS) -> float:
    """Return the smallest memory limit of the control groups of a process, in bytes; infinity where there is none."""
    return min(_limits(membership, control_groups, "memory", _memory), default=math.inf)


def _limits(
    membership: Path, control_groups: Path, controller: str, read: Callable[[Path], float]
) -> Iterator[float]:
    """Yield the limits of every group that has one, of those that a process is in and those around them."""
    for folder in _groups(membership, control_groups, controller):
        with suppress(OSError, ValueError, ZeroDivisionError):  # not there, not readable, or "max"
            limit = read(folder)
            if limit > 0:  # version 1 writes -1 for no limit
                yield limit


def _groups(membership: Path, control_groups: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of these groups.

    In a container the root of the tree is often its own group, and the path that it is told one of the machine outside,
    which is not there: so every folder on the path is tried.
    """
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:  # "4:cpu,cpuacct:/path" in version 1, "0::/path" in version 2
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = control_groups / controller if controllers else control_groups
        inside = PurePosixPath(*(part for part in path.split("/") if part not in ("", "..")))
        yield root / inside
        yield from (root / group for group in inside.parents)


def _quota(group: Path) -> float:
    with suppress(FileNotFoundError):
        quota, period = (group / "cpu.max").read_text().split()
        return int(quota) / int(period)
    return int((group / "cpu.cfs_quota_us").read_text()) / int((group / "cpu.cfs_period_us").read_text())


def _memory(group: Path) -> float:
    with suppress(FileNotFoundError):
        return int((group / "memory.max").read_text())
    return int((group / "memory.limit_in_bytes").read_text())
