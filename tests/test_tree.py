"""The tree of pages: what is a cycle, and what is below what."""

import pytest

from pages import tree

A_TREE = {"home": None, "a": "home", "b": "a", "c": "a"}


@pytest.mark.parametrize(
    ("parents", "cycles"),
    [
        ({}, []),
        (A_TREE, []),
        ({"a": "nowhere"}, []),
        ({"a": "a"}, [("a",)]),
        ({"home": None, "a": "b", "b": "a"}, [("a", "b")]),
        ({"c": "a", "a": "b", "b": "a"}, [("a", "b")]),
        ({"a": "b", "b": "c", "c": "a", "x": "y", "y": "x"}, [("a", "b", "c"), ("x", "y")]),
    ],
)
def test_each_cycle_is_found_once_and_what_hangs_below_it_is_no_part_of_it(parents, cycles):
    assert tree.find_cycles(parents) == cycles


def test_a_chain_of_a_hundred_thousand_pages_is_looked_through_quickly():
    chain = {number: number - 1 for number in range(1, 100_000)} | {0: 99_999}
    assert [len(cycle) for cycle in tree.find_cycles(chain)] == [100_000]


@pytest.mark.parametrize(
    ("node", "above", "is_below"),
    [("b", "home", True), ("b", "b", True), ("a", "b", False), ("c", "b", False), ("x", "home", False)],
)
def test_a_page_is_below_those_on_its_way_up(node, above, is_below):
    parents = A_TREE | {"x": "y", "y": "x"}
    assert tree.is_below(node, above, parents) is is_below


@pytest.mark.parametrize(
    ("changes", "nodes", "found"),
    [
        ({}, {"a"}, None),
        ({"a": [(1, "b")], "b": [(1, None)]}, {"a"}, None),
        ({"a": [(1, "b")], "b": [(1, "a")]}, {"b"}, (1, ("b", "a"))),
        ({"a": [(1, "b")], "b": [(1, "a")]}, {"c"}, None),
        ({"a": [(1, "b")], "b": [(1, None), (3, "a")]}, {"a"}, (3, ("a", "b"))),
        ({"a": [(1, "b"), (2, None)], "b": [(1, None), (3, "a")]}, {"a"}, None),
        ({"a": [(1, "b"), (3, None)], "b": [(1, None), (3, "a")]}, {"a"}, None),
        ({"a": [(1, "b"), (3, None), (5, "c")], "b": [(1, "c")], "c": [(4, "a")]}, {"a"}, (5, ("a", "c"))),
    ],
)
def test_a_cycle_is_found_at_the_first_moment_at_which_it_is_there(changes, nodes, found):
    assert tree.find_cycle_over_time(changes, nodes) == found
