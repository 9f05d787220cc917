"""The front page of the admin: what waits to be done, each line one click from the place where it is done."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from pages import indexes, publishing, reviews
from pages.admin import worklist
from pages.models.page import Page
from tests.admin_forms import change_address, page_form
from tests.factories import (
    a_figure,
    a_live_page,
    a_page,
    a_partner,
    a_report,
    a_shared_block,
    a_text,
    an_account,
)

pytestmark = pytest.mark.django_db


def lines(person, key):
    found = {task.key: task.lines for task in worklist.tasks(person)}
    return [(line.title, line.url) for line in found.get(key, ())]


def saved(page, **changes):
    """As the form saves: a change, and what is counted then."""
    Page.objects.filter(pk=page.pk).update(**changes)
    indexes.update_drafts([page])


@pytest.mark.medium
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


@pytest.mark.medium
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


@pytest.mark.medium
def test_open_reports_are_those_of_a_person_and_of_their_pages(editor):
    page = a_live_page(title_en="Trade", owner=editor)
    a_report(page.editions.get(), owner=editor)
    a_report(page.editions.get(), due_on="2020-01-31")
    a_report(page.editions.get(), status="dismissed", dismissal="correct")
    a_report()
    queue = "/admin/reports/problemreport/"
    assert lines(editor, "reports") == [
        ("Assigned to you", f"{queue}?work=mine"),
        ("New reports", f"{queue}?state=new"),
        ("Overdue", f"{queue}?work=overdue"),
        ("Trade", f"{queue}?page_id={page.pk}"),
    ]


@pytest.mark.medium
def test_who_may_not_see_reports_learns_nothing_of_them():
    writer = an_account()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["view_page", "change_page"]))
    a_report(a_live_page(owner=writer).editions.get(), owner=writer)
    assert lines(writer, "reports") == []


@pytest.mark.medium
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


@pytest.mark.medium
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


@pytest.mark.medium
def test_editions_of_the_next_two_weeks_and_the_newest_publications_are_listed(editor):
    live, soon, later = a_live_page(title_en="Live"), a_page(title_en="Soon"), a_page(title_en="Later")
    publishing.publish(soon, by=None, at=timezone.now() + timedelta(days=13))
    publishing.publish(later, by=None, at=timezone.now() + timedelta(days=15))
    assert lines(editor, "scheduled") == [("Soon", f"/admin/pages/page/{soon.pk}/history/")]
    assert lines(editor, "recent") == [("Live", f"/admin/pages/page/{live.pk}/history/")]


@pytest.mark.medium
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
        a_shared_block(heading_fr="")
        publishing.publish(a_page(), by=None, at=timezone.now() + timedelta(days=1))


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_much_as_for_little(editor, django_assert_num_queries):
    much(editor, 2)
    worklist.tasks(editor)
    with django_assert_num_queries(26, exact=False) as few:
        worklist.tasks(editor)
    much(editor, 12)
    with django_assert_num_queries(len(few)):
        found = worklist.tasks(editor)
    assert {len(task.lines) for task in found if task.key != "reports"} == {worklist.MAX_ITEMS}
    assert all(task.is_cut for task in found if task.key != "recent")


def a_member(*codenames):
    person = an_account()
    person.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return person


@pytest.mark.medium
def test_drafts_are_those_that_somebody_owns_or_saved_and_that_are_not_public(client):
    person = a_member("view_page", "change_page")
    a_page(title_en="Of others")
    a_live_page(title_en="Public", owner=person)
    new, changed = a_page(title_en="New", owner=person), a_live_page(title_en="Changed", owner=person)
    saved(new)
    saved(changed, introduction_en="<p>Otherwise.</p>", introduction_fr="<p>Autrement.</p>")
    worked_on = a_page(title_en="Worked on")
    client.force_login(person)
    client.post(change_address(worked_on), page_form(client, worked_on) | {"title_en": "Worked on by me"})
    in_review = a_page(title_en="In review", owner=person)
    saved(in_review)
    reviews.submit(in_review, by=person)
    found = next(task for task in worklist.tasks(person) if task.key == "drafts")
    assert [(line.title, line.detail) for line in found.lines] == [
        ("Changed", "Changed since published"),
        ("Worked on by me", "Never published"),
        ("New", "Never published"),
    ]
    assert found.number == 3
    assert found.lines[0].url == change_address(changed)


@pytest.mark.medium
def test_who_only_looks_after_reports_has_a_list_too(client):
    person = a_member("view_problemreport", "change_problemreport")
    a_report(owner=person, status="in_progress")
    a_report()
    a_report()
    [task] = worklist.tasks(person)
    queue = "/admin/reports/problemreport/"
    assert [(line.title, line.url, line.detail) for line in task.lines] == [
        ("Assigned to you", f"{queue}?work=mine", "1"),
        ("New reports", f"{queue}?state=new", "2"),
    ]
    client.force_login(person)
    shown = client.get("/admin/").text
    assert "To do" in shown
    assert client.get(f"{queue}?state=new").status_code == 200


def test_who_only_reads_reports_is_not_asked_about_new_ones():
    a_report()
    assert worklist.tasks(a_member("view_problemreport")) == []


@pytest.mark.medium
def test_what_waits_for_a_person_comes_first_then_their_drafts(editor):
    other = an_account(first_name="Rita")
    a_page(title_en="Late", review_by="2020-01-31")
    saved(a_page(title_en="Draft", owner=editor))
    reviews.submit(a_page(title_en="For all"), by=other)
    reviews.submit(a_page(title_en="For me"), by=other, reviewer=editor)
    publishing.publish(a_page(), by=None, at=timezone.now() + timedelta(days=1))
    found = worklist.tasks(editor)
    assert [(task.key, task.number) for task in found] == [
        ("asked", 1),
        ("drafts", 1),
        ("review", 1),
        ("overdue", 1),
        ("scheduled", None),
    ]


@pytest.mark.medium
def test_the_front_page_shows_tasks_then_figures_then_the_list_of_applications(staff_client, editor):
    saved(a_page(title_en="Draft", owner=editor))
    shown = staff_client.get("/admin/").text
    places = [shown.index(text) for text in ('id="work"', "ci-front-reports", 'id="content-main"')]
    assert places == sorted(places)
    assert '<span class="ci-count">1</span>' in shown


def test_staff_without_rights_are_not_told_that_they_have_nothing_to_do(client):
    client.force_login(an_account())
    assert "You have nothing to do" not in client.get("/admin/").text


@pytest.mark.medium
def test_where_nothing_waits_the_page_says_so(staff_client):
    page = a_live_page()
    assert "You have nothing to do right now." in staff_client.get("/admin/").text
    saved(page, introduction_en="<p>Otherwise.</p>")
    assert "You have nothing to do right now." not in staff_client.get("/admin/").text
