"""How far along is a long task? Told to whoever waits for it."""

import time
from collections.abc import Callable
from typing import Any

# What a task calls as it goes: what it is at, how much of that is done, and how much there is.
ProgressCallback = Callable[[str, int, int], None]

# Seconds between two signs of life on a terminal.
MIN_INTERVAL = 0.1


def no_progress(what: str, done: int, total: int) -> None:
    """Ignore the progress of a task."""


class Progress:
    """A `ProgressCallback` to a command's output: a line that moves on a terminal, elsewhere one per finished part."""

    def __init__(self, out: Any, clock: Callable[[], float] = time.monotonic):
        self.out = out
        self.is_terminal = out.isatty()
        self.clock = clock
        self.last_shown = -MIN_INTERVAL
        self.width = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        if done >= total:
            self._write(f"{what}: {total}", ending="\n")
        elif self.is_terminal and self.clock() - self.last_shown >= MIN_INTERVAL:
            self.last_shown = self.clock()
            self._write(f"{what}: {done} of {total}, {100 * done // total} %", ending="")

    def _write(self, line: str, *, ending: str) -> None:
        if self.is_terminal:
            line, self.width = f"\r{line.ljust(self.width)}", len(line)
        self.out.write(line, ending=ending)
        self.out.flush()
