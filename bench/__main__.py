"""Measures everything that docs/quality.md tells: `python bench [NAME …]`, or `make bench`. An hour on two cores."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Those that are measured beside, not measurements themselves.
PARTS = {"__main__", "a_site", "applications"}
NAMES = sorted({file.stem for file in HERE.glob("*.py")} - PARTS)
# The options that give the figures of docs/quality.md, where those left out would not.
OPTIONS = {"public_path": ["--pages", "10000"]}


def main(names):
    if unknown := set(names) - set(NAMES):
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
    failed = [name for name in names or NAMES if not run(name)]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def run(name):
    options = OPTIONS.get(name, [])
    print("\n===", name, *options, flush=True)
    return subprocess.run([sys.executable, HERE / f"{name}.py", *options], check=False).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
