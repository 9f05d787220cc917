"""Moves of pages in the tree of working copies: new positions, new parents, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pages import indexes, moving
from pages.models import Page
from pages.tree import MAX_POSITION, positions_in_order
from tests.factories import a_home_page, a_page


def ordered(siblings):
    new = positions_in_order(siblings)
    return [new.get(node, position) for node, position in siblings]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], []),
        ([5], [5]),
        ([0, 1, 2], [0, 1, 2]),
        ([0, 2, 1], [0, 2, 3]),
        ([0, 0, 0], [0, 1, 2]),
        ([3, 7, 5, 9], [3, 7, 8, 9]),
        ([MAX_POSITION, 4], [3, 4]),
        ([4, MAX_POSITION, MAX_POSITION], [4, 5, MAX_POSITION]),
        ([MAX_POSITION + 7], [0]),  # an older release took it
    ],
)
def test_as_few_positions_change_as_possible(before, after):
    found = ordered(list(enumerate(before)))
    assert len(found) == len(after)
    assert sum(a != b for a, b in zip(found, before, strict=True)) == sum(
        a != b for a, b in zip(after, before, strict=True)
    )
    assert found == sorted(set(found))


@given(st.lists(st.integers(0, MAX_POSITION), max_size=12))
def test_the_new_positions_stand_in_the_order_that_was_asked_for(positions):
    found = ordered(list(enumerate(positions)))
    assert all(first < second for first, second in zip(found, found[1:], strict=False))
    assert all(0 <= position <= MAX_POSITION for position in found)


@given(st.lists(st.integers(0, 6), max_size=6))
def test_no_other_choice_changes_fewer_positions(positions):
    changed = len(positions_in_order(list(enumerate(positions))))
    best = max(
        (len(kept) for kept in subsets(len(positions)) if can_stay(kept, positions)),
        default=0,
    )
    assert changed == len(positions) - best


def subsets(count):
    return [[index for index in range(count) if bits >> index & 1] for bits in range(2**count)]


def can_stay(kept, positions):
    """Whether these siblings can keep their positions, with room for all others around them."""
    places = [(-1, -1), *((index, positions[index]) for index in kept)]
    return all(
        after[1] - before[1] >= after[0] - before[0]
        for before, after in zip(places, places[1:], strict=False)
    )


def tree():
    """The titles of all pages in the order of the list, with two spaces for each level."""
    indexes.backfill(["tree"])
    rows = Page.objects.in_tree_order().select_related("tree_path")
    return [f"{'  ' * row.tree_path.depth}{row.title_en}" for row in rows]


@pytest.fixture
def site(db):
    home = a_home_page()
    rows = {"Home": home}
    for position, title in enumerate("ABC"):
        rows[title] = a_page(title_en=title, parent=home, position=position)
    rows["A1"] = a_page(title_en="A1", parent=rows["A"])
    indexes.rebuild()
    return rows


def moved(*pages, **options):
    done = moving.move(pages, **options)
    indexes.update_drafts(done.pages)
    return done


@pytest.mark.medium
def test_a_page_comes_before_another_one(site):
    moved(site["C"], parent=site["Home"], before=site["A"])
    assert tree() == ["Home", "  C", "  A", "    A1", "  B"]
    assert indexes.verify() == []


@pytest.mark.medium
def test_a_page_comes_below_another_one_with_all_below_it(site):
    moved(site["A"], parent=site["C"])
    assert tree() == ["Home", "  B", "  C", "    A", "      A1"]
    assert indexes.verify() == []


@pytest.mark.medium
def test_several_pages_come_below_another_one_in_their_order(site):
    done = moved(site["C"], site["B"], parent=site["A"])
    assert tree() == ["Home", "  A", "    A1", "    C", "    B"]
    assert {page.title_en for page in done.parents} == {"B", "C"}


@pytest.mark.medium
def test_what_nobody_moved_keeps_its_position(site):
    done = moved(site["B"], parent=site["Home"])
    assert [page.title_en for page in done.positions] == ["B"]
    assert done.parents == ()


@pytest.mark.parametrize(("page", "parent"), [("A", "A"), ("A", "A1"), ("Home", "A")])
def test_a_page_that_would_be_under_itself_stays(site, page, parent):
    with pytest.raises(ValidationError):
        moving.move([site[page]], parent=site[parent])
    assert tree() == ["Home", "  A", "    A1", "  B", "  C"]


def test_nothing_is_moved_where_one_page_is_gone(site):
    gone = site["C"]
    Page.objects.filter(pk=gone.pk).delete()
    with pytest.raises(ValidationError, match="no longer exists"):
        moving.move([site["B"], gone], parent=site["A"])
    with pytest.raises(ValidationError, match="no longer exists"):
        moving.move([site["B"]], parent=gone)
    assert tree() == ["Home", "  A", "    A1", "  B"]


def test_nothing_is_moved_below_a_page_in_a_cycle(site):
    Page.objects.filter(pk=site["A"].pk).update(parent=site["A1"])
    with pytest.raises(ValidationError, match="is under itself"):
        moving.move([site["B"]], parent=site["A1"])


@pytest.mark.medium
def test_a_move_among_many_siblings_takes_as_many_queries(site, django_assert_num_queries):
    with django_assert_num_queries(30, exact=False) as few:
        moving.move([site["C"]], parent=site["Home"], before=site["A"])
    for _each in range(30):
        a_page(parent=site["Home"])
    with django_assert_num_queries(len(few)):
        moving.move([site["B"]], parent=site["Home"], before=site["A"])
