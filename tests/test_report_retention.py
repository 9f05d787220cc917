"""Reports are deleted when their time is over; their numbers stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports import statistics, triage
from reports.models import DailyCount, ProblemReport, TimelineEntry
from tests.factories import a_live_page, a_report, an_account

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


def test_reports_go_after_180_days_and_spam_after_30(edition):
    kept = [aged(edition, 179), aged(edition, 29, spam_sign="decoy"), aged(edition, 0)]
    for days, sign in ((182, ""), (32, "decoy"), (400, "decoy")):
        aged(edition, days, spam_sign=sign)
    said = run()
    assert set(ProblemReport.objects.all()) == set(kept)
    assert "Deleted 3 reports: 2 kept apart as spam for 30 days, 1 others after 180 days" in said
    assert "of which 1 were still open" in said
    assert run().startswith("Deleted 0 reports")


def test_how_long_they_are_kept_is_a_setting(edition, settings):
    settings.REPORTS_KEPT_DAYS, settings.SPAM_KEPT_DAYS = 7, 1
    kept = aged(edition, 5)
    aged(edition, 9)
    aged(edition, 3, spam_sign="decoy")
    run()
    assert ProblemReport.objects.get() == kept


def test_a_dry_run_says_it_and_deletes_nothing(edition):
    aged(edition, 400)
    assert run("--dry-run").startswith("Would delete 1 reports")
    assert ProblemReport.objects.count() == 1
    assert not DailyCount.objects.exists()


def test_their_numbers_stay(edition):
    for days in (200, 201, 201):
        aged(edition, days, broken=True)
    before = statistics.series(364)
    run()
    assert statistics.series(364) == before
    assert before.total == 3


def test_what_hangs_on_a_report_goes_with_it_and_its_duplicates_stay(edition):
    old, duplicate = aged(edition, 200), aged(edition, 10)
    triage.merge([old, duplicate], by=an_account())
    run()
    duplicate.refresh_from_db()
    assert duplicate.duplicate_of is None
    assert duplicate.status == "dismissed"
    assert TimelineEntry.objects.get().report == duplicate


def test_many_are_deleted_in_small_steps(edition, monkeypatch):
    monkeypatch.setattr("reports.retention.BATCH", 2)
    for _number in range(5):
        aged(edition, 200)
    assert "Deleted 5 reports" in run()
    assert not ProblemReport.objects.exists()


@pytest.mark.parametrize("days", [0, -5])
def test_nonsense_settings_delete_nothing(edition, settings, days):
    settings.SPAM_KEPT_DAYS = days
    aged(edition, 400)
    with pytest.raises(CommandError):
        run()
    assert ProblemReport.objects.exists()
