"""The front page of the admin: what waits to be done, each line one click from the place where it is done."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from pages import indexes, publishing
from pages.admin import worklist
from pages.models.page import Page
from tests.factories import a_figure, a_live_page, a_page, a_partner, a_report, a_text, an_account

pytestmark = pytest.mark.django_db


def lines(person, key):
    found = {task.key: task.lines for task in worklist.tasks(person)}
    return [(line.title, line.url) for line in found.get(key, ())]


def saved(page, **changes):
    """As the form saves: a change, and what is counted then."""
    Page.objects.filter(pk=page.pk).update(**changes)
    indexes.update_drafts([page])


def test_a_text_changed_in_one_language_leads_to_its_difference(editor):
    page = a_live_page(title_en="Trade")
    a_live_page()
    saved(page, introduction_en="<p>Otherwise.</p>")
    assert lines(editor, "stale") == [("Trade", f"/admin/pages/page/{page.pk}/translations/")]


@pytest.mark.medium
def test_what_was_published_before_its_translation_stays_on_the_list(editor, staff_client):
    page = a_live_page(title_en="Trade")
    Page.objects.filter(pk=page.pk).update(title_en="Trading")
    address = f"/admin/pages/page/{page.pk}/publish/"
    seen = staff_client.get(address).context["form"].initial["seen"]
    staff_client.post(address, {"when": "now", "significant": "no", "seen": seen})
    assert [title for title, _address in lines(editor, "stale")] == ["Trading"]


def test_a_page_that_cannot_be_published_leads_to_what_keeps_it(editor):
    saved(a_live_page())
    page = a_page(title_en="Trade")
    a_text(
        page,
        body_en="<p>Canada gave $4 million.</p>",
        body_fr="<p>Le Canada a donné 5 millions de dollars.</p>",
    )
    saved(page)
    assert lines(editor, "blocked") == [("Trade", f"/admin/pages/page/{page.pk}/publish/")]
    writer = an_account()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["view_page", "change_page"]))
    assert lines(writer, "blocked") == [("Trade", f"/admin/pages/page/{page.pk}/submit/")]


def test_open_reports_are_those_of_a_person_and_of_their_pages(editor):
    page = a_live_page(title_en="Trade", owner=editor)
    a_report(page.editions.get(), owner=editor)
    a_report(page.editions.get(), due_on="2020-01-31")
    a_report(page.editions.get(), status="dismissed", dismissal="correct")
    a_report()
    queue = "/admin/reports/problemreport/"
    assert lines(editor, "reports") == [
        ("Assigned to you", f"{queue}?work=mine"),
        ("Overdue", f"{queue}?work=overdue"),
        ("Trade", f"{queue}?page_id={page.pk}"),
    ]


def test_who_may_not_see_reports_learns_nothing_of_them():
    writer = an_account()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["view_page", "change_page"]))
    a_report(a_live_page(owner=writer).editions.get(), owner=writer)
    assert lines(writer, "reports") == []


@pytest.mark.parametrize("missing", ["", None])
def test_a_text_missing_in_one_language_is_found_wherever_it_stands(editor, missing):
    a_page(title_en="Whole")
    page = a_page(title_en="Half", introduction_fr=missing)
    text = a_page(title_en="With a text")
    a_text(text, body_en=missing)
    figure = a_page(title_en="With a figure")
    a_figure(figure, caption_fr="Une carte")
    indexes.update_drafts(list(Page.objects.all()))
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
        saved(a_live_page(), introduction_en="<p>Otherwise.</p>")
        saved(a_page(), introduction_fr="")
        a_report(a_live_page(owner=person).editions.get(), owner=person)
        a_text(a_page(review_by="2020-01-31"), heading_fr="")
        a_partner(name_fr="")
        publishing.publish(a_page(), by=None, at=timezone.now() + timedelta(days=1))


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_much_as_for_little(editor, django_assert_num_queries):
    much(editor, 2)
    worklist.tasks(editor)
    with django_assert_num_queries(20, exact=False) as few:
        worklist.tasks(editor)
    much(editor, 12)
    with django_assert_num_queries(len(few)):
        found = worklist.tasks(editor)
    assert {len(task.lines) for task in found if task.key != "reports"} == {worklist.MAX_ITEMS}
    assert all(task.is_cut for task in found if task.key != "recent")


def test_where_nothing_waits_the_page_says_so(staff_client):
    page = a_live_page()
    assert "You have nothing to do right now." in staff_client.get("/admin/").text
    saved(page, introduction_en="<p>Otherwise.</p>")
    assert "You have nothing to do right now." not in staff_client.get("/admin/").text
