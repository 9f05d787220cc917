"""What still needs a source is noted beside a page: staff see it, files carry it, and the public never does."""

import pytest
from django.core.management import call_command

from pages import content_files, publishing, working_copy
from pages.admin import worklist
from pages.document import dumps
from pages.models.page import Page
from tests.admin_forms import change_address, page_form
from tests.factories import a_home_page, a_live_page, a_page, an_account

pytestmark = pytest.mark.django_db

NOTE = "List of exports: no source yet"


@pytest.mark.medium
def test_an_editor_notes_it_in_the_form_and_it_is_no_change_of_the_page(staff_client):
    page = a_live_page()
    before = dumps(working_copy.read(page))
    staff_client.post(change_address(page), page_form(staff_client, page) | {"sources_needed": NOTE})
    page.refresh_from_db()
    assert page.sources_needed == NOTE
    assert dumps(working_copy.read(page)) == before


@pytest.mark.medium
def test_the_worklist_and_the_list_of_pages_name_the_pages_with_a_note(staff_client):
    a_page(title_en="Sourced")
    page = a_page(title_en="Trade", sources_needed=NOTE)
    [task] = [task for task in worklist.tasks(an_account(is_superuser=True)) if task.key == "sources"]
    [line] = task.lines
    assert (line.title, line.detail) == ("Trade", NOTE)
    assert line.url == f"{change_address(page)}#id_sources_needed"
    shown = staff_client.get(task.more)
    assert [found.pk for found in shown.context["cl"].result_list] == [page.pk]


def test_the_worklist_shows_the_beginning_of_a_long_note():
    a_page(sources_needed="word " * 50)
    [task] = [task for task in worklist.tasks(an_account(is_superuser=True)) if task.key == "sources"]
    assert task.lines[0].detail.startswith("word word")
    assert len(task.lines[0].detail) <= 100
    assert task.lines[0].detail.endswith("…")


def test_who_may_not_change_pages_is_not_asked_for_sources():
    a_page(sources_needed=NOTE)
    assert [task for task in worklist.tasks(an_account()) if task.key == "sources"] == []


@pytest.mark.medium
def test_the_public_never_sees_it(client, staff_client):
    home = a_home_page(sources_needed=NOTE)
    page = a_live_page(
        parent=home, sources_needed=NOTE, address_en="trade", address_fr="commerce", title_en="Exports"
    )
    publishing.publish(home, by=None)
    for path in ("/en/", "/fr/", "/en/trade", "/fr/commerce", "/en/feed", "/en/search?q=exports"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "no source yet" not in answer.content.decode(), path
    preview = staff_client.get(f"/admin/pages/page/{page.pk}/preview/en/")
    assert preview.status_code == 200
    assert "no source yet" not in preview.content.decode()
    assert "no source yet" not in page.editions.get().document


def test_it_goes_out_and_comes_in_with_the_content_files(tmp_path):
    home = a_home_page(sources_needed=NOTE)
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / f"{home.key}.yaml"
    assert file.read_text().startswith(f"sources_needed: '{NOTE}'\n")
    Page.objects.update(sources_needed="")
    call_command("import_content", str(tmp_path), verbosity=0)
    assert Page.objects.get().sources_needed == NOTE


def test_a_file_that_says_nothing_of_it_leaves_the_note_and_one_that_empties_it_removes_it(tmp_path):
    home = a_home_page()
    content_files.dump(tmp_path)
    Page.objects.update(sources_needed=NOTE)
    content_files.load(tmp_path)
    assert Page.objects.get().sources_needed == NOTE
    file = tmp_path / "pages" / f"{home.key}.yaml"
    file.write_text("sources_needed: ''\n" + file.read_text())
    content_files.load(tmp_path)
    assert Page.objects.get().sources_needed == ""


@pytest.mark.parametrize("value", ["3", "[a]", "x" * 1001])
def test_a_note_that_is_no_text_or_too_long_is_refused_with_its_place(tmp_path, value):
    home = a_home_page()
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / f"{home.key}.yaml"
    file.write_text(f"sources_needed: {value}\n" + file.read_text())
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(tmp_path)
    [fault] = refusal.value.problems
    assert (fault.file, fault.field) == (f"pages/{home.key}.yaml", "sources_needed")


@pytest.mark.medium
def test_what_a_colleague_noted_meanwhile_is_not_lost(staff_client):
    page = a_page()
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    staff_client.post(change_address(page), page_form(staff_client, page) | {"sources_needed": NOTE})
    again = staff_client.post(change_address(page), mine)
    assert f">{NOTE}</textarea>" in again.content.decode().replace("\n", "")


@pytest.mark.medium
def test_the_starter_pages_name_the_lists_that_come_from_public_knowledge():
    call_command("import_content", "pages/starter", verbosity=0)
    noted = Page.objects.exclude(sources_needed="").order_by("key").values_list("key", flat=True)
    assert list(noted) == ["canada-iraq-relations", "canada-strategy-iraq", "partner-organizations"]
