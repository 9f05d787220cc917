"""Reports are deleted when their time is over; their numbers stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from pages import publishing, reviews
from reports import report_statistics, retention, triage
from reports.admin.worklist import OpenReports
from reports.models import DailyCount, ProblemReport, TimelineEntry
from tests.factories import a_live_page, a_page, a_report, an_account

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("delete_old_reports", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def edition():
    return a_live_page().editions.get()


def aged(edition, days, **changes):
    return a_report(edition, received_at=timezone.now() - timedelta(days=days), **changes)


CLOSED = {"status": "dismissed", "dismissal": "correct"}


@pytest.mark.medium
def test_closed_reports_go_after_180_days_and_spam_after_30(edition):
    kept = [aged(edition, 179, **CLOSED), aged(edition, 29, spam_sign="decoy"), aged(edition, 0)]
    aged(edition, 182, **CLOSED)
    for days in (32, 400):
        aged(edition, days, spam_sign="decoy")
    said = run()
    assert set(ProblemReport.objects.all()) == set(kept)
    assert "Deleted 3 reports: 2 held as spam for 30 days, 1 closed after 180 days." in said
    assert run().startswith("Deleted 0 reports")


@pytest.mark.medium
def test_an_open_report_is_never_deleted_however_old_it_is(edition):
    coming = publishing.publish(a_page(title_en="Coming"), by=None, at=timezone.now() + timedelta(days=9))
    kept = [
        aged(edition, 200),
        aged(edition, 4000, status="in_progress"),
        aged(edition, 200, status="waiting", fixed_by=coming),
    ]
    said = run()
    assert set(ProblemReport.objects.all()) == set(kept)
    assert "Open ones as old, kept until they are closed: 3." in said


@pytest.mark.medium
def test_a_report_resolved_by_an_edition_goes_and_stays_where_the_edition_was_returned(edition):
    page = a_page(title_en="Returned")
    returned = reviews.submit(page, by=an_account())
    reviews.reject(returned, by=an_account(), comment="No.")
    aged(edition, 200, status="waiting", fixed_by=edition)
    kept = aged(edition, 200, status="waiting", fixed_by=returned)
    run()
    assert ProblemReport.objects.get() == kept


@pytest.mark.medium
def test_an_old_report_goes_with_the_next_run_after_somebody_closed_it(edition):
    report = aged(edition, 200)
    run()
    ProblemReport.objects.filter(pk=report.pk).update(**CLOSED)
    run()
    assert not ProblemReport.objects.exists()


@pytest.mark.medium
def test_spam_goes_after_the_shorter_of_the_two_periods(edition, settings):
    settings.REPORTS_KEPT_DAYS, settings.SPAM_KEPT_DAYS = 7, 30
    kept = aged(edition, 5, spam_sign="decoy")
    aged(edition, 9, spam_sign="decoy")
    run()
    assert ProblemReport.objects.get() == kept


def test_staff_see_on_the_worklist_what_is_open_for_too_long_and_what_spam_goes_soon(edition):
    person = an_account(is_superuser=True)
    assert OpenReports.task(person).lines == ()
    for days, changes in (
        (200, {}),
        (200, CLOSED),
        (9, {}),
        (25, {"spam_sign": "decoy"}),
        (9, {"spam_sign": "decoy"}),
    ):
        aged(edition, days, **changes)
    lines = [(line.title, line.detail) for line in OpenReports.task(person).lines]
    assert lines == [
        ("New reports", "2"),
        ("Open for more than 180 days", "1"),
        ("Held as spam, deleted within 7 days", "1"),
    ]


@pytest.mark.medium
def test_the_queue_shows_those_that_are_open_for_too_long(edition, staff_client):
    old, _new = aged(edition, 200), aged(edition, 9)
    shown = staff_client.get("/admin/reports/problemreport/?work=kept")
    assert [report.pk for report in shown.context["cl"].result_list] == [old.pk]


@pytest.mark.medium
def test_how_long_they_are_kept_is_a_setting(edition, settings):
    settings.REPORTS_KEPT_DAYS, settings.SPAM_KEPT_DAYS = 7, 1
    kept = aged(edition, 5, **CLOSED)
    aged(edition, 9, **CLOSED)
    aged(edition, 3, spam_sign="decoy")
    run()
    assert ProblemReport.objects.get() == kept


def test_a_dry_run_says_it_and_deletes_nothing(edition):
    aged(edition, 400, **CLOSED)
    assert run("--dry-run").startswith("Would delete 1 report:")
    assert ProblemReport.objects.count() == 1
    assert not DailyCount.objects.exists()


@pytest.mark.medium
def test_their_numbers_stay(edition):
    for days in (200, 201, 201):
        aged(edition, days, broken=True, **CLOSED)
    before = report_statistics.series(364)
    run()
    assert report_statistics.series(364) == before
    assert before.total == 3


@pytest.mark.medium
def test_what_hangs_on_a_report_goes_with_it_and_its_duplicates_stay(edition):
    old, duplicate = aged(edition, 200), aged(edition, 10)
    triage.merge([old, duplicate], by=an_account())
    ProblemReport.objects.filter(pk=old.pk).update(**CLOSED)
    run()
    duplicate.refresh_from_db()
    assert duplicate.duplicate_of is None
    assert duplicate.status == "dismissed"
    assert TimelineEntry.objects.get().report == duplicate


@pytest.mark.medium
def test_many_are_deleted_in_small_steps(edition, monkeypatch):
    monkeypatch.setattr("reports.retention.BATCH", 2)
    for _number in range(5):
        aged(edition, 200, **CLOSED)
    assert "Deleted 5 reports" in run()
    assert not ProblemReport.objects.exists()


@pytest.mark.medium
def test_a_report_that_is_reopened_while_others_are_deleted_stays(edition, monkeypatch):
    monkeypatch.setattr("reports.retention.BATCH", 1)
    aged(edition, 201, **CLOSED)
    reopened = aged(edition, 200, **CLOSED)

    def reopen(_gone):
        ProblemReport.objects.filter(pk=reopened.pk).update(status="new", dismissal="")

    retention.delete_due(tell=reopen)
    assert ProblemReport.objects.get() == reopened


@pytest.mark.medium
def test_what_was_broken_off_goes_on_where_it_ended(edition, monkeypatch):
    monkeypatch.setattr("reports.retention.BATCH", 2)
    for days in range(200, 215):
        aged(edition, days, **CLOSED)
    before = report_statistics.series(364)
    left = ProblemReport.objects.count()

    def end(_gone):
        raise KeyboardInterrupt

    while ProblemReport.objects.exists():
        with pytest.raises(KeyboardInterrupt):
            retention.delete_due(tell=end)
        assert report_statistics.series(364) == before
        assert ProblemReport.objects.count() <= left
    run()
    assert DailyCount.objects.count() == 15


@pytest.mark.parametrize("days", [0, -5])
def test_nonsense_settings_delete_nothing(edition, settings, days):
    settings.SPAM_KEPT_DAYS = days
    aged(edition, 400, **CLOSED)
    with pytest.raises(CommandError):
        run()
    with pytest.raises(ImproperlyConfigured):
        retention.delete_due()
    assert ProblemReport.objects.exists()
