"""The publisher ticks the reports that an edition fixes, and they close with it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from reports.models import ProblemReport, TimelineEntry
from tests.factories import KINDS, a_live_page, a_page, a_report, a_text, an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(client):
    person = an_account()
    person.groups.add(Group.objects.get(name="Publisher"))
    client.force_login(person)
    return person


@pytest.fixture
def page():
    """A live page of two parts, whose working copy has another text in `trade`."""
    page = a_page()
    for key in ("trade", "aid"):
        a_text(page, key=key, heading_en=key.title())
    publishing.publish(page, by=None)
    page.pages_textsection_set.filter(key="trade").update(body_en="<p>Mended.</p>", body_fr="<p>Corrigé.</p>")
    return page


def screen(page):
    return reverse("admin:pages_page_publish", args=[page.pk])


def publish(client, page, *reports, **changes):
    seen = client.get(screen(page)).context["form"].initial["seen"]
    ticked = {"fixed": [report.pk for report in reports]}
    return client.post(screen(page), {"when": "now", "significant": "yes", "seen": seen, **ticked, **changes})


def lines(client, page):
    *_others, panel = client.get(screen(page)).context["panels"]
    return [(line["report"], str(line["change"])) for line in panel.lines()]


@pytest.mark.medium
def test_open_reports_of_the_page_are_listed_those_whose_part_changes_first(client, publisher, page):
    edition = page.editions.get()
    same = a_report(edition, section="aid", severity=4)
    changed = a_report(edition, section="trade")
    whole = a_report(edition, language="fr", severity=1)
    a_report(edition, spam_sign="decoy")
    a_report()
    assert lines(client, page) == [(changed, "changed"), (whole, "changed"), (same, "same")]
    page_html = client.get(screen(page)).content.decode()
    assert f'name="fixed" value="{changed.pk}"' in page_html


@pytest.mark.medium
def test_a_part_that_is_removed_is_said_to_be_gone(client, publisher, page):
    report = a_report(page.editions.get(), section="aid")
    page.pages_textsection_set.filter(key="aid").delete()
    assert lines(client, page) == [(report, "gone")]


@pytest.mark.medium
def test_those_ticked_close_with_the_edition(client, publisher, page):
    ticked, left = (a_report(page.editions.get(), section="trade") for _number in range(2))
    elsewhere = a_report()
    assert publish(client, page, ticked, elsewhere).status_code == 302
    assert ProblemReport.objects.resolved().get() == ticked
    assert set(ProblemReport.objects.new()) == {left, elsewhere}
    entry = TimelineEntry.objects.get()
    assert (entry.report, entry.by, entry.values) == (ticked, publisher, {"edition": 2})


@pytest.mark.medium
def test_those_of_a_scheduled_edition_close_when_it_is_live(client, publisher, page):
    report = a_report(page.editions.get())
    soon = timezone.localtime() + timedelta(days=1)
    publish(client, page, report, when="later", at=soon.strftime("%Y-%m-%dT%H:%M"))
    assert ProblemReport.objects.waiting().get() == report
    assert not ProblemReport.objects.resolved().exists()
    assert ProblemReport.objects.resolved(soon).get() == report
    assert lines(client, page) == [(report, "changed")]  # until then another edition may still take it


@pytest.mark.medium
def test_what_is_not_published_fixes_nothing_and_keeps_the_ticks(client, publisher, page):
    report = a_report(page.editions.get())
    answer = publish(client, page, report, seen="something else")
    assert answer.status_code == 200
    assert ProblemReport.objects.new().get() == report
    assert f'id="fixed_{report.pk}" checked' in answer.content.decode()


@pytest.mark.medium
@pytest.mark.parametrize("number", ["x", "9" * 40, "-1", ""])
def test_nonsense_ticks_are_left_out(client, publisher, page, number):
    a_report(page.editions.get())
    assert publish(client, page, fixed=[number]).status_code == 302
    assert ProblemReport.objects.new().exists()


@pytest.mark.medium
def test_who_has_no_right_to_reports_sees_and_closes_none(client, page):
    person = an_account()
    person.groups.add(Group.objects.get(name="Publisher"))
    group = Group.objects.get(name="Publisher")
    group.permissions.remove(*group.permissions.filter(content_type__app_label="reports"))
    client.force_login(person)
    report = a_report(page.editions.get())
    assert lines(client, page) == []
    publish(client, page, report)
    assert ProblemReport.objects.new().get() == report


@pytest.mark.medium
@pytest.mark.parametrize("amount", [1, 12])
def test_the_publish_screen_takes_a_constant_number_of_queries(
    client, publisher, page, django_assert_max_num_queries, amount
):
    for _number in range(amount):
        a_report(page.editions.get())
    client.get(screen(page))
    with django_assert_max_num_queries(21 + KINDS):
        client.get(screen(page))


@pytest.mark.medium
def test_a_live_page_without_reports_has_no_list(client, publisher):
    page = a_live_page()
    page.title_en = "Other"
    page.save()
    assert 'name="fixed"' not in client.get(screen(page)).content.decode()
