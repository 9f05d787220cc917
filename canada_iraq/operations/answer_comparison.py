"""What differs between what two versions answer at the same addresses, with equal differences put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

GONE = 404


@dataclass(frozen=True)
class Answer:
    """What a version answers at a path: of a page its title and the lines of its main part."""

    path: str
    status: int
    location: str = ""
    kind: str = ""
    title: str = ""
    text: str = ""


class Difference(NamedTuple):
    """What was before and what is after, of which part of an answer."""

    part: str
    before: str
    after: str


@dataclass
class Comparison:
    """How many addresses were compared, and at which of them each difference was found."""

    addresses: int = 0
    paths: dict[Difference, list[str]] = field(default_factory=dict)

    def add(self, before: Answer, after: Answer) -> None:
        """Compare two answers at one path. What was not there before is no public address."""
        if before.status == GONE:
            return
        self.addresses += 1
        for difference in dict.fromkeys(differences(before, after)):  # a page may have one at several places
            self.paths.setdefault(difference, []).append(before.path)

    def by_frequency(self) -> list[tuple[Difference, list[str]]]:
        """Return differences with their paths, those of most addresses first."""
        return sorted(self.paths.items(), key=lambda each: (-len(each[1]), each[0]))


def compare(before: Iterable[Answer], after: Iterable[Answer]) -> Comparison:
    """Compare answers that come in the same order of paths. Raises ValueError where they do not."""
    found = Comparison()
    for one, other in zip(before, after, strict=True):
        if one.path != other.path:
            raise ValueError(f"{one.path} was followed by {other.path}")
        found.add(one, other)
    return found


def differences(before: Answer, after: Answer) -> Iterator[Difference]:
    """Yield what differs between two answers; of texts each run of lines that does."""
    if before.status != after.status:
        yield Difference("status", str(before.status), str(after.status))
        return
    for part in ("location", "kind", "title"):
        if getattr(before, part) != getattr(after, part):
            yield Difference(part, getattr(before, part), getattr(after, part))
    if before.text != after.text:
        yield from _differences_of_lines(before.text.split("\n"), after.text.split("\n"))


def _differences_of_lines(before: list[str], after: list[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag != "equal":
            yield Difference("text", "\n".join(before[start:end]), "\n".join(after[other_start:other_end]))
