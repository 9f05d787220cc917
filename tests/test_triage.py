"""What staff do about reports, and where each report stands because of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pages import publishing
from reports import triage
from reports.models import Dismissal, ProblemReport, Severity, State, TimelineEntry
from tests.factories import a_live_page, a_report, an_account

pytestmark = pytest.mark.django_db

Kind = TimelineEntry.Kind


def told(report):
    """The timeline as (kind, values), and it was all the same person."""
    return [(entry.kind, entry.values) for entry in report.timeline.all()]


def states(report, at=None):
    """Every state whose list the report is in."""
    report = ProblemReport.objects.get(pk=report.pk)
    listed = [
        state for state in State if ProblemReport.objects.in_state(state, at).filter(pk=report.pk).exists()
    ]
    assert report.state(at) == listed[0]
    assert ProblemReport.objects.open(at).filter(pk=report.pk).exists() is (
        listed[0] not in (State.RESOLVED, State.DISMISSED)
    )
    return listed


def next_edition(report, **changes):
    page = report.page
    page.title_en, page.title_fr = "Mended", "Corrigé"
    page.save()
    return publishing.publish(page, by=None, **changes)


def test_a_report_that_is_taken_has_an_owner_and_is_in_progress():
    person, report = an_account(), a_report()
    assert triage.assign_to([report], by=person) == 1
    report.refresh_from_db()
    assert report.owner == person
    assert states(report) == [State.IN_PROGRESS]
    assert told(report) == [
        (Kind.STATUS, {"to": "in_progress"}),
        (Kind.OWNER, {"to": person.username}),
    ]
    assert {entry.by for entry in report.timeline.all()} == {person}


def test_taking_twice_changes_and_tells_nothing_more():
    person, report = an_account(), a_report()
    triage.assign_to([report], by=person)
    assert triage.assign_to([report], by=person) == 0
    assert report.timeline.count() == 2


@pytest.mark.medium
def test_a_fixed_report_waits_for_its_edition_and_closes_when_that_is_public():
    report = a_report()
    soon = timezone.now() + timedelta(days=2)
    edition = next_edition(report, at=soon)
    assert triage.link_to_fix([report], edition, by=an_account()) == 1
    assert states(report) == [State.WAITING]
    assert states(report, soon - timedelta(seconds=1)) == [State.WAITING]
    assert states(report, soon) == [State.RESOLVED]
    assert told(report) == [(Kind.FIXED, {"edition": edition.number})]


@pytest.mark.medium
def test_a_report_fixed_by_what_is_public_now_is_resolved():
    report = a_report()
    triage.link_to_fix([report], next_edition(report), by=an_account())
    assert states(report) == [State.RESOLVED]


@pytest.mark.medium
def test_a_cancelled_edition_puts_its_reports_back_in_the_queue():
    report = a_report()
    soon = timezone.now() + timedelta(days=2)
    edition = next_edition(report, at=soon)
    triage.link_to_fix([report], edition, by=an_account())
    publishing.cancel(edition, by=None)
    assert states(report) == [State.IN_PROGRESS]
    assert states(report, soon) == [State.IN_PROGRESS]
    again = next_edition(report)
    assert triage.link_to_fix([ProblemReport.objects.get(pk=report.pk)], again, by=an_account()) == 1
    assert states(report) == [State.RESOLVED]


@pytest.mark.medium
def test_an_edition_fixes_reports_on_its_own_page_only():
    report, elsewhere = a_report(), a_report()
    assert triage.link_to_fix([report, elsewhere], next_edition(report), by=an_account()) == 1
    assert states(elsewhere) == [State.NEW]


def test_a_report_is_dismissed_for_a_reason_and_can_be_opened_again():
    report, person = a_report(), an_account()
    triage.dismiss([report], by=person, reason="correct", text="See the table of 2020.")
    assert states(report) == [State.DISMISSED]
    [entry] = report.timeline.all()
    assert (entry.kind, entry.values, entry.text) == (
        Kind.DISMISSED,
        {"reason": "correct"},
        "See the table of 2020.",
    )
    assert triage.dismiss([report], by=person, reason="unclear") == 0
    assert triage.reopen([report], by=person) == 1
    assert states(report) == [State.IN_PROGRESS]


@pytest.mark.parametrize("reason", ["duplicate", "nonsense", ""])
def test_nothing_is_dismissed_without_a_reason_that_says_why(reason):
    report = a_report()
    with pytest.raises((ValidationError, ValueError)):
        triage.dismiss([report], by=an_account(), reason=reason)
    assert states(report) == [State.NEW]


def test_duplicates_are_merged_into_the_oldest_and_stay_whole():
    edition = a_live_page().editions.get()
    oldest, second, third = (a_report(edition, details=f"Remark {number}") for number in range(3))
    assert triage.merge([third, oldest, second], by=an_account()) == 2
    assert states(oldest) == [State.NEW]
    assert list(oldest.duplicates.order_by("pk")) == [second, third]
    for duplicate in (second, third):
        duplicate.refresh_from_db()
        assert states(duplicate) == [State.DISMISSED]
        assert duplicate.dismissal == Dismissal.DUPLICATE
        assert duplicate.details
        assert told(duplicate) == [(Kind.MERGED, {"into": oldest.pk})]
    assert told(oldest) == [(Kind.RECEIVED, {"reports": [second.pk, third.pk]})]


def test_what_was_merged_into_a_duplicate_follows_it():
    edition = a_live_page().editions.get()
    first, second, third = (a_report(edition) for _number in range(3))
    triage.merge([second, third], by=an_account())
    triage.merge([first, second], by=an_account())
    assert list(first.duplicates.order_by("pk")) == [second, third]
    assert not second.duplicates.exists()


def test_a_report_merged_into_a_duplicate_goes_to_the_report_that_goes_on():
    edition = a_live_page().editions.get()
    first, second, third = (a_report(edition) for _number in range(3))
    triage.merge([first, second], by=an_account())
    triage.merge([third], by=an_account(), into=second)
    assert list(first.duplicates.order_by("pk")) == [second, third]


@pytest.mark.medium
def test_reports_about_different_pages_are_not_merged():
    one, other = a_report(), a_report()
    with pytest.raises(ValidationError):
        triage.merge([one, other], by=an_account())
    assert states(other) == [State.NEW]
    assert not TimelineEntry.objects.exists()


def test_one_report_alone_cannot_be_merged():
    with pytest.raises(ValidationError):
        triage.merge([a_report()], by=an_account())


def test_owner_severity_and_due_date_are_told_one_by_one():
    report, person = a_report(), an_account()
    due = timezone.localdate() + timedelta(days=3)
    assert triage.update_details(report, by=person, owner=person, severity=4, due_on=due) == 3
    assert triage.update_details(report, by=person, owner=person, severity=4, due_on=due) == 0
    assert told(report) == [
        (Kind.OWNER, {"to": person.username}),
        (Kind.SEVERITY, {"to": Severity.URGENT}),
        (Kind.DUE, {"to": due.isoformat()}),
    ]
    assert not ProblemReport.objects.overdue().exists()
    assert ProblemReport.objects.overdue(on=due + timedelta(days=1)).get() == report


def test_a_report_wrongly_kept_apart_joins_the_queue():
    report = a_report(spam_sign="links_only")
    assert triage.mark_not_spam([report], by=an_account()) == 1
    assert ProblemReport.objects.not_spam().get() == report
    assert told(report) == [(Kind.SPAM, {"sign": "links_only"})]


def test_the_timeline_cannot_be_rewritten():
    entry = triage.note(a_report(), by=an_account(), text="Asked the author.")
    entry.text = "Never mind."
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_too_many_at_once_are_refused(monkeypatch):
    monkeypatch.setattr(triage, "MAX_BATCH", 1)
    edition = a_live_page().editions.get()
    with pytest.raises(ValidationError):
        triage.assign_to([a_report(edition), a_report(edition)], by=an_account())


@pytest.mark.medium
def test_a_bulk_change_takes_the_same_number_of_queries_for_2_and_40(django_assert_num_queries):
    edition, person = a_live_page().editions.get(), an_account()
    for number in (2, 40):
        reports = [a_report(edition) for _number in range(number)]
        with django_assert_num_queries(7):  # two of them a savepoint
            triage.assign_to(reports, by=person)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "waiting"},
        {"status": "resolved"},
        {"status": "dismissed"},
        {"dismissal": "correct"},
        {"severity": 9},
    ],
)
def test_the_database_refuses_standings_that_cannot_be(changes):
    edition = a_live_page().editions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_report(edition, **changes)


def test_the_database_refuses_a_fix_that_is_not_waited_for_and_a_duplicate_of_itself():
    report = a_report()
    rows = ProblemReport.objects.filter(pk=report.pk)
    for changes in (
        {"fixed_by": report.edition},
        {"status": "dismissed", "dismissal": "correct", "duplicate_of": a_report(report.edition)},
        {"status": "dismissed", "dismissal": "duplicate", "duplicate_of": report},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)
