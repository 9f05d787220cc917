"""Reports leave as CSV or JSON: whole, harmless to spreadsheets, in both languages, and never all in memory."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pages import publishing
from pages.models.audit_entry import AuditEntry
from reports import exports, triage
from reports.models import ProblemReport
from tests.factories import a_live_page, a_report, an_account

CSV, JSON = (reverse(f"admin:reports_problemreport_{kind}") for kind in ("csv", "json"))


def downloaded(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.medium
@pytest.mark.django_db
def test_a_report_is_whole_in_both_files(staff_client):
    owner = an_account()
    details = 'Line one\nline "two", 850'
    edition = a_live_page(title_en="Trade", title_fr="Commerce").editions.get()
    report = a_report(
        edition,
        language="fr",
        broken=True,
        details=details,
        looking_for="=Visas",
        masked_kinds=["phone"],
        owner=owner,
    )
    [row] = table(downloaded(staff_client, CSV))
    assert row["details"] == details
    assert row["looking_for"] == "'=Visas"
    assert row["reasons_en"] == "A link, button or video is not working; Information is missing"
    assert row["reasons_fr"].startswith("Un lien, un bouton ou une vidéo ne fonctionne pas; ")
    assert (row["state"], row["state_en"], row["state_fr"]) == ("new", "New", "Nouveau")
    assert (row["title_en"], row["title_fr"], row["owner"]) == ("Trade", "Commerce", owner.username)
    [record] = json.loads(downloaded(staff_client, JSON))
    assert record["number"] == report.pk
    assert record["reasons"] == ["broken", "missing"]
    assert record["masked"] == ["phone"]
    assert record["details"] == details
    assert tuple(record) == tuple(row) == exports.COLUMNS


@pytest.mark.medium
@pytest.mark.django_db
def test_the_state_is_that_of_the_queue():
    edition, person = a_live_page().editions.get(), an_account()
    reports = [a_report(edition) for _number in range(5)]
    triage.assign_to(reports[1:2], by=person)
    triage.dismiss(reports[2:3], by=person, reason="unclear")
    triage.link_to_fix(reports[3:4], publishing.archive(edition.page, by=None), by=person)
    later = publishing.withdraw(edition.page, by=None, at=timezone.now() + timedelta(days=1))
    triage.link_to_fix(reports[4:5], later, by=person)
    found = {record["number"]: record["state"] for record in exports.records(ProblemReport.objects.all())}
    every = ProblemReport.objects.select_related("fixed_by")
    assert found == {report.pk: report.state().value for report in every}
    assert len(set(found.values())) == 5


@pytest.mark.medium
@pytest.mark.django_db
def test_the_file_holds_what_the_queue_is_narrowed_to(staff_client):
    edition = a_live_page().editions.get()
    french, _english = a_report(edition, language="fr"), a_report(edition)
    a_report(edition, language="fr", spam_sign="decoy")
    [row] = table(downloaded(staff_client, CSV, language="fr"))
    assert row["number"] == str(french.pk)
    assert len(json.loads(downloaded(staff_client, JSON, state="all"))) == 2
    assert json.loads(downloaded(staff_client, JSON, state="resolved")) == []


@pytest.mark.medium
@pytest.mark.django_db
def test_a_download_needs_the_right_and_is_logged(client, staff_client):
    report = a_report(details="A secret remark")
    downloaded(staff_client, CSV, q="secret", language="en")
    entry = AuditEntry.objects.get()
    assert entry.change_message == "Download as CSV (language=en)"
    assert "secret" not in entry.object_repr
    client.force_login(an_account())
    assert client.get(CSV).status_code == 403
    assert client.get(JSON).status_code == 403
    assert ProblemReport.objects.get() == report


@pytest.mark.django_db
def test_unknown_filters_are_refused(staff_client):
    assert staff_client.get(CSV, {"nonsense": "1"}).status_code == 400


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1+1", '=cmd|"/c calc"!A1']
)
def test_what_a_spreadsheet_could_run_is_made_a_text(text):
    assert exports.harmless(text) == "'" + text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x;=cmd", "x;'=cmd"),
        ("x; =cmd", "x;' =cmd"),
        ('x;"=cmd', "x;'\"=cmd"),
        ("x\t=cmd", "x\t'=cmd"),
        ("x\n=cmd", "x\n'=cmd"),
        ("x\r\n@SUM(A1)", "x\r\n'@SUM(A1)"),
        ("x|+1", "x|'+1"),
        ("x,=1+1", "x,'=1+1"),
        ("x;＝1;－2", "x;'＝1;'－2"),
        ("\u200b=1", "'\u200b=1"),
        ("x;\u00a0=1", "x;'\u00a0=1"),
        ("x\n\n=1\n-2", "x\n\n'=1\n'-2"),
    ],
)
def test_a_cell_that_could_begin_within_a_text_is_made_a_text_too(text, cell):
    assert exports.harmless(text) == cell


ALPHABET = "=+-@＝－;,|\t\r\n\"' ax1\u00a0\u200b"


@pytest.mark.parametrize("delimiter", list(",;|\t"))
@given(st.lists(st.text(ALPHABET, max_size=12), min_size=1, max_size=3))
def test_no_cell_begins_a_formula_at_whatever_sign_a_spreadsheet_parts_them(delimiter, texts):
    written = "".join(exports.as_csv([{"number": 1, "details": text, "end": "x"} for text in texts]))
    cells = [cell for row in csv.reader(StringIO(written, newline=""), delimiter=delimiter) for cell in row]
    assert not [cell for cell in cells if re.match('[\\s"\u200b]*[=+@＝－-]', cell)]


@pytest.mark.parametrize(
    "text",
    [
        "Table 2",
        "850 = 480?",
        "",
        5,
        None,
        -5,
        "de 5, - 3 et + 2",
        "2018; 2019 - 2020",
        "write to a.b@example.com; thanks",
        "« x » – y\nz = 2",
    ],
)
def test_what_it_could_not_run_stays_as_it_is(text):
    assert exports.harmless(text) == text


@pytest.mark.django_db
def test_rows_go_out_as_they_come(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 2)
    edition = a_live_page().editions.get()
    for number in range(7):
        a_report(edition, details=str(number))
    with django_assert_num_queries(1):
        rows = exports.as_csv(exports.records(ProblemReport.objects.order_by("pk")))
        assert next(rows).startswith("\ufeffnumber,")
        assert ",0," in next(rows)
        assert len(list(rows)) == 6
