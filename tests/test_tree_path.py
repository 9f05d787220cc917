"""The order of the tree is kept: right after every kind of move, two at once included, and on a site of any release."""

import importlib
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client

from pages import indexes, tree
from pages.admin import page_list
from pages.admin import pages as page_admin
from pages.admin.parents import page_label
from pages.models import Page, TreePath
from tests.admin_forms import change_address, page_form
from tests.factories import a_home_page, a_page

pytestmark = pytest.mark.django_db


def in_order():
    """The pages as a walk through the tree meets them, worked out from their rows."""
    pages = list(Page.objects.all())

    def walk(parent):
        below = [page for page in pages if page.parent_id == parent]
        for page in sorted(below, key=lambda page: (page.position, page.pk)):
            yield page
            yield from walk(page.pk)

    return list(walk(None))


def is_right():
    return list(Page.objects.in_tree_order()) == in_order() and indexes.verify(["tree"]) == []


def move(page, **changes):
    Page.objects.filter(pk=page.pk).update(**changes)
    indexes.update_drafts([page])


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(4))
def test_the_order_is_that_of_the_tree_after_any_moves(seed):
    draw = random.Random(seed)
    pages = [a_home_page()]
    for _each in range(12):
        pages.append(a_page(parent=draw.choice(pages), position=draw.randrange(3)))
    assert is_right()
    for _step in range(12):
        page, parent = draw.sample(pages, 2)
        parents = dict(Page.objects.values_list("pk", "parent"))
        if page.parent_id is not None and not tree.is_below(parent.pk, page.pk, parents):
            move(page, parent=parent, position=draw.choice([0, 1, 99_999]))
            assert is_right()


def test_several_pages_that_are_moved_together_are_right():
    first, second = a_page(), a_page()
    below = a_page(parent=second)
    Page.objects.filter(pk=second.pk).update(parent=first)
    Page.objects.filter(pk=first.pk).update(position=7)
    indexes.update_drafts([below, first, second])
    assert is_right()


def test_pages_written_together_are_in_order_at_once():
    home = a_home_page()
    Page.objects.bulk_create(
        Page(key=f"new-{number}", parent=home, position=9 - number) for number in range(9)
    )
    assert is_right()


def test_a_save_that_moves_nothing_asks_once(django_assert_num_queries):
    page = a_page()
    with django_assert_num_queries(1):
        TreePath.objects.place([page.pk])


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 30])
def test_a_move_takes_as_many_queries_however_much_is_below(django_assert_max_num_queries, count):
    page, target = a_page(), a_page()
    for _each in range(count):
        a_page(parent=page)
    Page.objects.filter(pk=page.pk).update(parent=target)
    with django_assert_max_num_queries(5):
        TreePath.objects.place([page.pk])
    assert is_right()


@pytest.mark.medium
def test_the_form_moves_a_page_with_all_that_is_below_it(staff_client):
    page, target = a_page(), a_page()
    below = a_page(parent=page)
    data = page_form(staff_client, page) | {"parent": page_label(target), "position": "3"}
    assert staff_client.post(change_address(page), data).status_code == 302
    page.refresh_from_db()
    assert page.parent == target
    assert is_right()
    assert below.tree_path.path.startswith(Page.objects.get(pk=target.pk).tree_path.path)


def test_a_page_that_is_deleted_leaves_nothing_behind():
    a_page().delete()
    assert TreePath.objects.count() == Page.objects.count()
    assert is_right()


@pytest.mark.medium
def test_pages_deeper_than_a_path_names_are_still_listed():
    page = a_home_page()
    for _level in range(tree.MAX_LEVELS + 5):
        page = a_page(parent=page)
    assert TreePath.objects.count() == Page.objects.count()
    assert indexes.verify(["tree"]) == []
    paths = dict(TreePath.objects.values_list("page", "path"))
    assert max(map(len, paths.values())) == tree.MAX_LEVELS * (tree.STEP_LENGTH + 1) - 1
    assert paths[page.pk] == paths[page.parent_id]


def test_pages_in_a_cycle_come_last_and_cost_no_move():
    first = a_page()
    second = a_page(parent=first)
    Page.objects.filter(pk=first.pk).update(parent=second)
    other = a_page()
    indexes.rebuild(["tree"])
    assert indexes.verify(["tree"]) == []
    assert list(Page.objects.in_tree_order())[-2:] == [first, second]
    assert Page.objects.in_cycles() == [[first, second]]
    indexes.update_drafts([first, second, other])
    assert indexes.verify(["tree"]) == []
    move(first, parent=other)
    assert is_right()
    assert Page.objects.in_cycles() == []


@pytest.mark.medium
def test_a_page_that_a_process_of_an_older_version_added_is_listed(staff_client):
    parent = a_page()
    page = a_page(parent=parent, title_en="Added before")
    TreePath.objects.filter(page__in=[page, parent]).delete()
    assert page in Page.objects.in_tree_order()
    assert "Added before" in staff_client.get("/admin/pages/page/").content.decode()
    assert is_right()


@pytest.mark.medium
def test_a_site_of_an_older_version_gets_its_paths_from_the_migration():
    first = a_page()
    second = a_page(parent=first)
    third = a_page(parent=second, position=123_456)
    Page.objects.filter(pk=first.pk).update(parent=third)
    deep = a_page()
    for _level in range(tree.MAX_LEVELS + 2):
        deep = a_page(parent=deep)
    TreePath.objects.all().delete()
    migration = importlib.import_module("pages.migrations.0035_tree_path")
    with connection.cursor() as cursor:
        migration.write_paths(apps, SimpleNamespace(execute=cursor.execute))
    assert indexes.verify(["tree"]) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_leave_the_order_right(editor):
    """One moves a page, the other one what is above it, each in a form that was opened before."""
    client = Client()
    client.force_login(editor)
    above, target = a_page(), a_page()
    page = a_page(parent=above)

    def send(together, moved, data):
        person = Client()
        person.force_login(editor)
        together.wait()
        try:
            return person.post(change_address(moved), data).status_code
        finally:
            connections.close_all()

    for position in range(5):
        together = threading.Barrier(3, timeout=20)
        forms = [
            (above, page_form(client, above) | {"position": str(position + 1)}),
            (page, page_form(client, page) | {"position": str(position + 2)}),
            (target, page_form(client, target) | {"position": str(9 - position)}),
        ]
        with ThreadPoolExecutor(3) as threads:
            assert [done.result() for done in [threads.submit(send, together, *form) for form in forms]] == [
                302
            ] * 3
        assert is_right()


@pytest.mark.medium
def test_the_list_is_in_the_same_order_for_few_pages_as_for_many(staff_client, monkeypatch):
    parents = [a_home_page()]
    for number in range(7):
        parents.append(a_page(parent=parents[number // 2], position=7 - number, title_en=f"Listed {number}"))
    monkeypatch.setattr(page_admin.PageAdmin, "list_per_page", 3)
    for few in (1000, 0):
        monkeypatch.setattr(page_list, "FEW", few)
        for query, expected in {
            "": in_order(),
            "q=Listed": [page for page in in_order() if page.parent_id],
        }.items():
            listed = [
                page
                for number in (1, 2, 3)
                for page in staff_client.get(f"/admin/pages/page/?{query}&p={number}")
                .context["cl"]
                .result_list
            ]
            assert listed == expected
