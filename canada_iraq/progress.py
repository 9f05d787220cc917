"""How far along is a long task? Told to whoever waits for it."""

import time
from collections.abc import Callable
from typing import Any

# What a task calls as it goes: what it is at, how much of that is done, and how much there is.
Report = Callable[[str, int, int], None]

# Seconds between two signs of life on a terminal.
OFTEN = 0.1


def nobody(what: str, done: int, total: int) -> None:
    """For a task that nobody waits for."""


class Progress:
    """A `Report` to a command's output: a line that moves on a terminal, elsewhere one per finished part."""

    def __init__(self, out: Any, clock: Callable[[], float] = time.monotonic):
        self.out = out
        self.moves = out.isatty()
        self.clock = clock
        self.told = -OFTEN
        self.width = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        if done >= total:
            self._write(f"{what}: {total}", ending="\n")
        elif self.moves and self.clock() - self.told >= OFTEN:
            self.told = self.clock()
            self._write(f"{what}: {done} of {total}, {100 * done // total} %", ending="")

    def _write(self, line: str, *, ending: str) -> None:
        if self.moves:
            line, self.width = f"\r{line.ljust(self.width)}", len(line)
        self.out.write(line, ending=ending)
        self.out.flush()
