"""What a stored report may be, whoever writes it."""

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError

from reports.models import ProblemReport, Reason
from tests.factories import a_live_page, a_report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changes",
    [
        {"missing": False},
        {"language": "de"},
        {"status": "lost"},
        {"details": "x" * 301},
    ],
)
def test_the_database_refuses_reports_that_cannot_be(changes):
    edition = a_live_page().editions.get()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        a_report(edition, **changes)


def test_details_alone_say_enough():
    assert a_report(missing=False, details="Table 2 is empty").reasons == []


def test_every_reason_has_a_column_and_they_are_listed_in_the_order_of_the_form():
    report = a_report(**dict.fromkeys(Reason.values, True))
    assert report.reasons == list(Reason)
    for reason in Reason:
        assert report in ProblemReport.objects.giving(reason)


def test_an_edition_that_was_reported_on_cannot_be_deleted():
    report = a_report()
    with pytest.raises((ProtectedError, TypeError)):
        report.edition.delete()


def test_no_column_could_hold_who_sent_a_report():
    assert {field.name for field in ProblemReport._meta.get_fields()} == {
        *("id", "page", "edition", "language", "section", "details", "looking_for", "masked_kinds"),
        *Reason.values,
        *("received_at", "status", "spam_sign"),
        *("owner", "severity", "due_on", "fixed_by", "dismissal", "duplicate_of", "duplicates", "timeline"),
    }
