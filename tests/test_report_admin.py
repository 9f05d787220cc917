"""Staff read reports in the admin, and change nothing by hand."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.factories import a_live_page, a_report, an_account

LIST = reverse("admin:reports_problemreport_changelist")

pytestmark = pytest.mark.django_db


def page(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.medium
def test_the_list_shows_when_where_and_what(staff_client):
    edition = a_live_page(title_en="Trade").editions.get()
    a_report(edition, spelling=True, details="x" * 200)
    shown = page(staff_client, LIST)
    for text in ("Trade", "English", "It has a spelling mistake", "x" * 79 + "…", "New"):
        assert text in shown
    assert "x" * 100 not in shown


@pytest.mark.medium
def test_reports_with_a_sign_of_spam_are_listed_only_when_asked_for(staff_client):
    edition = a_live_page().editions.get()
    a_report(edition, details="An honest remark")
    a_report(edition, details="Great offer", spam_sign="links_only")
    assert "Great offer" not in page(staff_client, LIST)
    apart = page(staff_client, LIST, spam="yes")
    assert "Great offer" in apart
    assert "An honest remark" not in apart


@pytest.mark.medium
def test_the_list_can_be_narrowed_to_a_reason(staff_client):
    edition = a_live_page().editions.get()
    a_report(edition, details="About a link", broken=True)
    a_report(edition, details="About a word", spelling=True)
    shown = page(staff_client, LIST, reason="spelling")
    assert "About a word" in shown
    assert "About a link" not in shown
    assert "About a link" in page(staff_client, LIST, reason="nonsense")


@pytest.mark.medium
def test_a_report_is_shown_whole_and_has_nothing_to_save(staff_client):
    report = a_report(details="Line one\nLine two <b>", masked_kinds=["phone"], spam_sign="decoy")
    shown = page(staff_client, reverse("admin:reports_problemreport_change", args=[report.pk]))
    assert "Line two &lt;b&gt;" in shown
    assert "A hidden field was filled in" in shown
    assert 'name="_save"' not in shown
    for address in ("delete", "add"):
        arguments = [report.pk] if address == "delete" else []
        assert (
            staff_client.get(reverse(f"admin:reports_problemreport_{address}", args=arguments)).status_code
            == 403
        )


def test_a_person_without_the_permission_sees_no_report(client):
    client.force_login(an_account())
    assert client.get(LIST).status_code == 403
    viewer = an_account()
    viewer.user_permissions.add(Permission.objects.get(codename="view_problemreport"))
    client.force_login(viewer)
    assert client.get(LIST).status_code == 200


@pytest.mark.medium
def test_the_list_takes_the_same_number_of_queries_for_2_and_14_reports(
    staff_client, django_assert_max_num_queries
):
    page(staff_client, LIST)  # content types are asked for once in the life of a process
    for amount in (2, 12):
        for _number in range(amount):
            a_report()
        with django_assert_max_num_queries(11):
            page(staff_client, LIST)


@pytest.mark.medium
def test_the_list_speaks_french(staff_client):
    a_report(spelling=True)
    staff_client.cookies["django_language"] = "fr"
    assert "Il y a une erreur d’orthographe ou de grammaire" in page(staff_client, LIST)


@pytest.mark.medium
def test_the_form_of_a_page_leads_to_its_open_reports_who_may_see_them(client, staff_client):
    edition = a_live_page().editions.get()
    a_report(edition)
    a_report(edition)
    a_report(edition, status="dismissed", dismissal="correct")
    form = reverse("admin:pages_page_change", args=[edition.page_id])
    shown = page(staff_client, form)
    assert f'<a href="{LIST}?page_id={edition.page_id}">2 open reports</a>' in shown
    writer = an_account()
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["view_page", "change_page"]))
    client.force_login(writer)
    assert "open reports" not in page(client, form)
