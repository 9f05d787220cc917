"""Pages stay a tree: none comes below itself, two moves at once included, and a cycle that is there stops nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from pages import indexes, publishing
from pages.admin import worklist
from pages.admin.parents import page_label
from pages.document import Bilingual
from pages.models import Edition, Page
from tests.admin_forms import change_address, page_form
from tests.factories import a_home_page, a_live_page, a_page


def a_cycle():
    """Two pages that are below each other, both live, and a page below one of them."""
    publishing.publish(a_home_page(), by=None)
    first = a_live_page(key="first", title_en="First")
    second = a_live_page(key="second", title_en="Second", parent=first)
    below = a_live_page(key="below", title_en="Below", parent=second)
    Page.objects.filter(pk=first.pk).update(parent=second)
    first.refresh_from_db()
    # Publishing refuses it; an older release did not.
    Edition.objects.filter(page=first).update(parent=second)
    indexes.rebuild()
    return first, second, below


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cycle_that_is_there_stops_no_screen_and_no_public_page(staff_client, language):
    pages = a_cycle()
    staff_client.cookies["django_language"] = language
    paths = ["/admin/", "/admin/pages/page/", "/admin/pages/page/add/", "/sitemap.xml", f"/{language}/"]
    for page in pages:
        edition = page.editions.live().get()
        paths += [f"/{language}/{edition.text('address', language)}"]
        screens = ["change", "history", "publish", "export", "compare", "findings", "archive"]
        paths += [f"/admin/pages/page/{page.pk}/{each}/" for each in [*screens, f"preview/{language}"]]
    statuses = {path: staff_client.get(path).status_code for path in paths}
    assert set(statuses.values()) == {200}, statuses


@pytest.mark.medium
@pytest.mark.django_db
def test_a_cycle_that_is_there_stops_no_save_no_publication_and_no_export(staff_client, tmp_path):
    for page in a_cycle():
        data = page_form(staff_client, page) | {"title_en": "Written", "title_fr": "Écrit"}
        assert staff_client.post(change_address(page), data).status_code == 302
        page.refresh_from_db()
        assert page.title_en == "Written"
        assert publishing.publish(page, by=None).number > 1
    call_command("export_content", str(tmp_path), verbosity=0)
    assert (tmp_path / "pages" / "first.yaml").exists()


@pytest.mark.medium
@pytest.mark.django_db
def test_the_worklist_names_a_cycle_once_and_leads_to_the_field_that_ends_it(editor, staff_client):
    first, second, _below = a_cycle()
    found = {task.key: task.lines for task in worklist.tasks(editor)}["cycles"]
    (line,) = found
    assert line.url.endswith("/change/#id_parent")
    assert "First" in line.detail
    assert "Second" in line.detail
    data = page_form(staff_client, first)
    staff_client.post(change_address(first), data | {"parent": page_label(a_home_page())})
    assert "cycles" not in {task.key for task in worklist.tasks(editor)}
    second.refresh_from_db()
    assert second.parent == first


@pytest.mark.medium
@pytest.mark.django_db
def test_nothing_is_moved_below_a_cycle_or_below_itself(staff_client):
    first, _second, below = a_cycle()
    page = a_page()
    child = a_page(parent=page)
    for parent, told in [(below, "is under itself"), (first, "is under itself"), (child, "cannot be under")]:
        answer = staff_client.post(
            change_address(page), page_form(staff_client, page) | {"parent": page_label(parent)}
        )
        assert told in str(answer.context["adminform"].form.errors["parent"])
    page.refresh_from_db()
    assert page.parent == a_home_page()


@pytest.mark.medium
@pytest.mark.django_db
def test_the_home_page_is_never_moved_archived_withdrawn_or_deleted(staff_client):
    home, page = a_home_page(), a_page()
    answer = staff_client.post(
        change_address(home), page_form(staff_client, home) | {"parent": page_label(page)}
    )
    assert "This is the home page" in str(answer.context["adminform"].form.errors["parent"])
    staff_client.post(f"/admin/pages/page/{home.pk}/delete/", {"post": "yes"})
    publishing.publish(home, by=None)
    with pytest.raises(ValidationError, match="always keeps its home page"):
        publishing.archive(home, by=None)
    with pytest.raises(ValidationError, match="always keeps its home page"):
        publishing.withdraw(home, by=None, explanation=Bilingual("Gone.", "Retirée."))
    home.refresh_from_db()
    assert home.parent is None
    assert home.editions.live().get().kind == "current"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_people_who_move_two_pages_below_each_other_at_once_make_no_cycle(editor):
    """Both have been read before either is written: each form is complete, and is sent while the other one holds."""
    client = Client()
    client.force_login(editor)
    first, second = a_page(), a_page()
    forms = [
        (first, page_form(client, first) | {"parent": page_label(second)}),
        (second, page_form(client, second) | {"parent": page_label(first)}),
    ]
    together = threading.Barrier(2, timeout=20)

    def move(page, data):
        person = Client()
        person.force_login(editor)
        together.wait()
        try:
            return person.post(change_address(page), data).status_code
        finally:
            connections.close_all()

    for _round in range(5):
        with ThreadPoolExecutor(2) as threads:
            statuses = sorted(done.result() for done in [threads.submit(move, *form) for form in forms])
        assert statuses == [200, 302]
        assert Page.objects.in_cycles() == []
        Page.objects.filter(pk__in=[first.pk, second.pk]).update(parent=a_home_page())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_move_waits_for_another_one_and_for_nothing_else(editor):
    home, page, other = a_home_page(), a_page(), a_page()

    def in_another_connection(act):
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(act).result()

    def may_lock(lock):
        def act():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '200ms'")
                    list(lock())
                    return True
            except OperationalError:  # the lock was not to be had in time
                return False
            finally:
                connections.close_all()

        return in_another_connection(act)

    with transaction.atomic():
        Page.objects.lock_for_move(page)
        assert not may_lock(lambda: Page.objects.lock_for_move(other))
        assert may_lock(lambda: Page.objects.filter(pk=other.pk).for_update_in_order())
        assert not may_lock(lambda: Page.objects.filter(pk=home.pk).for_update_in_order())
