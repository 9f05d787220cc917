"""Imports run one way; which way is written in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.medium
def test_imports_run_one_way():
    # In a process of its own: the linter sets up logging, which would silence every logger of the other tests.
    linter = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    answer = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
