"""The tree of pages: cycles, what is above and below, and the path that lists are sorted by; pure functions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)

# The highest position that a page may have. In every door alike, so that what a site writes into content files it also
# reads from them.
MAX_POSITION = 99_999
# How far up the breadcrumb goes; deeper pages leave out the ancestors nearest to the home page.
MAX_ANCESTORS = 4
# How many pages a path names: what is deeper is listed with the last one of them.
MAX_LEVELS = 98
STEP_LENGTH = 16
# The beginning of the path of a page that is not below the home page: it comes after all others.
UNPLACED = "x"


def find_cycles(parents: Mapping[Node, Node | None]) -> list[tuple[Node, ...]]:
    """Returns each cycle once, as its nodes from one to its parent and on; a tree has none.

    `parents` maps each node to its parent. None, or a parent that is no node itself, ends the way up. Takes time in
    proportion to the number of nodes.
    """
    found: list[tuple[Node, ...]] = []
    seen: set[Node] = set()
    for start in parents:
        path: dict[Node, int] = {}
        node: Node | None = start
        while node is not None and node in parents and node not in seen:
            seen.add(node)
            path[node] = len(path)
            node = parents[node]
        if node in path:
            found.append(tuple(path)[path[node] :])
    return found


def walk_up(node: Node | None, parent_of: Callable[[Node], Node | None]) -> Iterator[Node]:
    """Gives a node, its parent, and so on, to the root or to where a cycle closes; then that node once more."""
    seen: set[Node] = set()
    while node is not None:
        yield node
        if node in seen:
            return
        seen.add(node)
        node = parent_of(node)


def is_below(node: Node, above: Node, parents: Mapping[Node, Node | None]) -> bool:
    """Tells whether the way up from `node` passes `above`, or starts there; it ends in a cycle too."""
    return above in walk_up(node, parents.get)


def path_of(page: int, pages: Mapping[int, tuple[int | None, int]]) -> str:
    """Returns the path of a page: sorted as text, parents come before their children, and siblings by position.

    `pages` gives for each page, and all above it, its parent and its position.
    """
    way = list(walk_up(page, lambda number: pages[number][0]))
    if pages[way[-1]][0] is not None:  # it ends in a cycle
        return UNPLACED + path_step(page, pages[page][1])
    return "/".join(path_step(number, pages[number][1]) for number in way[::-1][:MAX_LEVELS])


def path_step(page: int, position: int) -> str:
    """Returns what a page adds to the path of its parent: position and id, in digits of one width.

    A position beyond the limit, which older releases took, counts as the last one.
    """
    return f"{100_000 + min(position, MAX_POSITION)}{1_000_000_000 + page}"


def positions_in_order(siblings: Sequence[tuple[Node, int]]) -> dict[Node, int]:
    """Returns the new positions of those siblings that need one, so that all stand in the order given.

    `siblings` are in the order wanted, each with its position until now. Afterwards no two have the same position,
    and as few as possible have another one than before: what changes has to be published. Takes n·log(n) steps.
    """
    count = len(siblings)
    ends: list[int] = []  # the slack at the end of the best run of each length
    last: list[int] = []  # the sibling at that end
    before: list[int | None] = [None] * count
    for index, (_node, position) in enumerate(siblings):
        slack = position - index
        if not 0 <= slack <= MAX_POSITION - (count - 1):
            continue  # those before it or after it would have no room
        length = bisect_right(ends, slack)
        before[index] = last[length - 1] if length else None
        ends[length:] = [slack, *ends[length + 1 :]]
        last[length:] = [index, *last[length + 1 :]]
    stay: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        stay.add(step)
        step = before[step]
    moved, position = {}, -1
    for index, (node, now) in enumerate(siblings):
        position = now if index in stay else position + 1
        if position != now:
            moved[node] = position
    return moved


def find_cycle_over_time(
    changes: Mapping[Node, Sequence[tuple[datetime, Node | None]]], nodes: Collection[Node]
) -> tuple[datetime, tuple[Node, ...]] | None:
    """Returns the first moment at which one of `nodes` is below itself, and the cycle from it on; None if never.

    `changes` gives for each node its parents in the order of time, each with the moment from which it is the parent.
    A node has no parent before its first change. Takes time in proportion to moments times nodes.
    """
    parents: dict[Node, Node | None] = {}
    events = sorted(
        (
            (moment, rank, node, parent)
            for node, timeline in changes.items()
            for rank, (moment, parent) in enumerate(timeline)
        ),
        key=lambda event: event[:2],
    )
    for moment, together in groupby(events, key=lambda event: event[0]):
        parents |= {node: parent for _moment, _rank, node, parent in together}
        for cycle in find_cycles(parents):
            for start in nodes:
                if start in cycle:
                    start_index = cycle.index(start)
                    return moment, cycle[start_index:] + cycle[:start_index]
    return None
