"""The front page of the admin: what waits to be done, each line one click from the place where it is done."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from pages import publishing
from pages.admin import worklist
from pages.rows import Page
from tests.factories import a_figure, a_live_page, a_page, a_partner, a_text, an_account

pytestmark = pytest.mark.django_db


def lines(person, key):
    found = {task.key: task.lines for task in worklist.tasks(person)}
    return [(line.title, line.address) for line in found.get(key, ())]


def saved(page, person, **changes):
    """As the form saves: a change, and an entry in the log."""
    Page.objects.filter(pk=page.pk).update(**changes)
    kind = ContentType.objects.get_for_model(Page)
    LogEntry.objects.create(user=person, content_type=kind, object_id=str(page.pk), action_flag=CHANGE)


def test_a_text_changed_in_one_language_leads_to_its_difference(editor):
    page = a_live_page(title_en="Trade")
    a_live_page()
    saved(page, editor, introduction_en="<p>Otherwise.</p>")
    assert lines(editor, "stale") == [("Trade", f"/admin/pages/page/{page.pk}/translations/")]


def test_what_was_published_before_its_translation_stays_on_the_list(editor, staff_client):
    page = a_live_page(title_en="Trade")
    Page.objects.filter(pk=page.pk).update(title_en="Trading")
    address = f"/admin/pages/page/{page.pk}/publish/"
    seen = staff_client.get(address).context["form"].initial["seen"]
    staff_client.post(address, {"when": "now", "significant": "no", "seen": seen})
    LogEntry.objects.all().delete()
    assert [title for title, _address in lines(editor, "stale")] == ["Trading"]


@pytest.mark.parametrize("missing", ["", None])
def test_a_text_missing_in_one_language_is_found_wherever_it_stands(editor, missing):
    a_page(title_en="Whole")
    page = a_page(title_en="Half", introduction_fr=missing)
    text = a_page(title_en="With a text")
    a_text(text, body_en=missing)
    figure = a_page(title_en="With a figure")
    a_figure(figure, caption_fr="Une carte")
    assert [title for title, _address in lines(editor, "missing")] == [
        "Half",
        "With a text",
        "With a figure",
    ]
    assert lines(editor, "missing")[0][1] == f"/admin/pages/page/{page.pk}/change/"


def test_a_partner_with_half_a_name_is_found_and_half_a_website_is_not(editor):
    a_partner(website_en="https://example.org", website_fr="")
    partner = a_partner(name_en="Half", name_fr="")
    assert lines(editor, "partners") == [("Half", f"/admin/pages/partnerorganization/{partner.pk}/change/")]


def test_ones_own_pages_come_first_among_those_to_be_reviewed(editor):
    long_ago, yesterday = "2020-01-31", timezone.localdate() - timedelta(days=1)
    a_page(title_en="Of nobody", review_by=long_ago)
    a_page(title_en="Mine", review_by=yesterday, owner=editor)
    a_page(title_en="Today", review_by=timezone.localdate())
    assert [title for title, _address in lines(editor, "overdue")] == ["Mine", "Of nobody"]


def test_editions_of_the_next_two_weeks_and_the_newest_publications_are_listed(editor):
    live, soon, later = a_live_page(title_en="Live"), a_page(title_en="Soon"), a_page(title_en="Later")
    publishing.publish(soon, by=None, at=timezone.now() + timedelta(days=13))
    publishing.publish(later, by=None, at=timezone.now() + timedelta(days=15))
    assert lines(editor, "scheduled") == [("Soon", f"/admin/pages/page/{soon.pk}/history/")]
    assert lines(editor, "recent") == [("Live", f"/admin/pages/page/{live.pk}/history/")]


def test_titles_are_in_the_language_of_who_reads(staff_client):
    a_page(title_en="Review me", title_fr="Révisez-moi", review_by="2020-01-31")
    staff_client.cookies["django_language"] = "fr"
    shown = staff_client.get("/admin/").content.decode()
    assert "Révisez-moi" in shown
    assert "Review me" not in shown


def test_staff_without_rights_see_no_list():
    a_page(review_by="2020-01-31")
    assert worklist.tasks(an_account()) == []


def much(person, number):
    for _each in range(number):
        saved(a_live_page(), person, introduction_en="<p>Otherwise.</p>")
        a_text(a_page(review_by="2020-01-31"), heading_fr="")
        a_partner(name_fr="")
        publishing.publish(a_page(), by=None, at=timezone.now() + timedelta(days=1))


def test_the_list_takes_as_many_queries_for_much_as_for_little(editor, django_assert_num_queries):
    much(editor, 2)
    worklist.tasks(editor)
    with django_assert_num_queries(19, exact=False) as few:
        worklist.tasks(editor)
    much(editor, 12)
    with django_assert_num_queries(len(few)):
        found = worklist.tasks(editor)
    assert {len(task.lines) for task in found} == {worklist.SHOWN}
    assert all(task.is_cut for task in found if task.key != "recent")
