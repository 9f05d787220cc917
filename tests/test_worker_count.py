"""The default number of processes: what control groups, affinity and memory allow, read from files like Linux’s."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from canada_iraq.delivery import worker_count

ROOT = Path(__file__).resolve().parent.parent
GIGABYTE = 1024 * worker_count.MEGABYTE
NONE = math.inf
# What version 1 says of memory that has no limit.
UNLIMITED = "9223372036854771712\n"


@pytest.fixture
def limits(tmp_path):
    """Returns the quota and the limit of memory that files tell: those of the process's groups by path."""

    def read(membership, files):
        (tmp_path / "cgroup").write_text(membership)
        for name, text in files.items():
            file = tmp_path / "tree" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        places = tmp_path / "cgroup", tmp_path / "tree"
        return worker_count.processor_limit(*places), worker_count.memory_limit(*places)

    return read


V1 = "9:name=systemd:/\n4:memory:/pod/one\n2:cpu,cpuacct:/pod/one\n0::/pod/one\n"


@pytest.mark.parametrize(
    ("membership", "files", "expected"),
    [
        pytest.param("0::/\n", {}, (NONE, NONE), id="no files"),
        pytest.param("", {"cpu.max": "50000 100000\n"}, (NONE, NONE), id="no group"),
        pytest.param(
            "0::/\n",
            {"cpu.max": "150000 100000\n", "memory.max": "536870912\n"},
            (1.5, 512 * worker_count.MEGABYTE),
            id="version 2, the root of a container",
        ),
        pytest.param(
            "0::/\n",
            {"cpu.max": "max 100000\n", "memory.max": "max\n"},
            (NONE, NONE),
            id="version 2, no limit",
        ),
        pytest.param(
            "0::/system.slice/pages.service\n",
            {"system.slice/pages.service/cpu.max": "200000 100000\n"},
            (2, NONE),
            id="version 2, a service",
        ),
        pytest.param(
            "0::/a/b/c\n",
            {"a/cpu.max": "100000 100000\n", "a/b/c/cpu.max": "400000 100000\n", "a/b/memory.max": "1024\n"},
            (1, 1024),
            id="version 2, groups around it that are smaller",
        ),
        pytest.param(
            "0::/docker/1234\n",
            {"cpu.max": "300000 100000\n"},
            (3, NONE),
            id="version 2, a path of the machine outside",
        ),
        pytest.param("0::/../x\n", {"cpu.max": "300000 100000\n"}, (3, NONE), id="a path above the root"),
        pytest.param(
            V1,
            {
                "cpu/pod/one/cpu.cfs_quota_us": "250000\n",
                "cpu/pod/one/cpu.cfs_period_us": "100000\n",
                "memory/pod/one/memory.limit_in_bytes": "1073741824\n",
            },
            (2.5, GIGABYTE),
            id="version 1",
        ),
        pytest.param(
            V1,
            {
                "cpu/cpu.cfs_quota_us": "-1\n",
                "cpu/cpu.cfs_period_us": "100000\n",
                "memory/memory.limit_in_bytes": UNLIMITED,
            },
            (NONE, int(UNLIMITED)),
            id="version 1, no limit",
        ),
        pytest.param(
            V1,
            {"memory/memory.limit_in_bytes": "2048\n", "memory/pod/one/memory.limit_in_bytes": UNLIMITED},
            (NONE, 2048),
            id="version 1, a group around it that is smaller",
        ),
        pytest.param(
            "0::/\n", {"cpu.max": "", "memory.max": "much\n"}, (NONE, NONE), id="files that nobody can read"
        ),
        pytest.param(
            "0::/\n", {"cpu.max": "0 0\n", "memory.max": "0\n"}, (NONE, NONE), id="limits that say nothing"
        ),
    ],
)
def test_the_smallest_limit_of_all_groups_of_a_process_counts(limits, membership, files, expected):
    assert limits(membership, files) == expected


def test_a_system_without_control_groups_has_no_limits(tmp_path):
    nowhere = tmp_path / "cgroup", tmp_path
    assert worker_count.processor_limit(*nowhere) == worker_count.memory_limit(*nowhere) == NONE


@pytest.mark.parametrize(
    ("processors", "megabytes", "kept_pages", "expected"),
    [
        (2, 24 * 1024, 64, 2),
        (64, 1024 * 1024, 64, 64),
        (0.5, 24 * 1024, 64, 1),
        (1.5, 24 * 1024, 64, 2),
        (64, NONE, 64, 64),
        # One image of 256 MB, and 128 MB and its cached pages for each process.
        (8, 128, 64, 1),
        (8, 256 + 192, 64, 1),
        (8, 256 + 2 * 192 - 1, 64, 1),
        (8, 256 + 2 * 192, 64, 2),
        (8, 1024, 64, 4),
        (8, 1024, 0, 6),
        (8, 1024, 1024, 1),
    ],
)
def test_there_is_one_process_per_processor_as_far_as_the_memory_goes(
    processors, megabytes, kept_pages, expected
):
    assert worker_count.default_workers(kept_pages, processors, megabytes * worker_count.MEGABYTE) == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux tells the affinity")
def test_processors_that_a_process_may_not_use_do_not_count():
    command = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    command += (
        "from canada_iraq.delivery import worker_count; print(worker_count.available_processors() <= 1)"
    )
    said = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, check=True)
    assert said.stdout == b"True\n"


def test_workers_says_how_many_there_are():
    assert worker_count.parse_workers("3", 64) == 3


@pytest.mark.parametrize("text", ["", " "])
def test_without_workers_there_are_as_many_as_the_machine_allows(text):
    assert 1 <= worker_count.parse_workers(text, 64) <= os.cpu_count()


@pytest.mark.medium
@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "1000", "٣"])
def test_workers_that_are_no_number_above_zero_are_refused(text):
    with pytest.raises(ValueError, match="from 1 to 999"):
        worker_count.parse_workers(text, 64)


@pytest.mark.medium
def test_the_server_says_in_one_line_what_is_wrong_with_workers():
    environment = {**os.environ, "WORKERS": "many", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "canada_iraq.server"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (
        1,
        "Error: WORKERS is 'many': write a number from 1 to 999, or leave it out.\n",
    )
