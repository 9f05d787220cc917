"""The log: one line per event, with when, what and where, and nothing of who or what they wrote."""

import json
import logging
import sqlite3
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse

from accounts import login_throttle
from canada_iraq.operations import request_logging
from pages import publishing
from tests import factories


@pytest.fixture
def written():
    """Lines as they reach the log of the site, of every logger."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(self.format(record)))

    handler = Keep(logging.DEBUG)
    handler.setFormatter(request_logging.JsonFormatter())
    handler.addFilter(request_logging.ExpectedStatusFilter())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


def a_record(message, *args, error=None, **extra):
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("pages", logging.WARNING, __file__, 1, message, args, trace)
    record.created = 1_795_000_000.25
    vars(record).update(extra)
    return record


def the_line(*args, **values):
    return json.loads(request_logging.JsonFormatter().format(a_record(*args, **values)))


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error):
        return sys.exc_info()[1]


def test_a_line_tells_when_in_utc_how_grave_and_what():
    line = the_line("%s was published", "trade")
    assert line["time"] == "2026-11-18T11:06:40.250+00:00"
    assert line["level"] == "WARNING"
    assert line["event"] == "trade was published"


@pytest.mark.parametrize(
    "hostile", ["a\nlevel=ERROR", "a\rb", "\x1b[2J", "\u202eevil", "\u2028", "\x85", "\x00"]
)
def test_whatever_a_text_holds_stays_on_its_line_and_visible(hostile):
    text = request_logging.JsonFormatter().format(a_record("%s", hostile))
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["event"] == hostile


def test_an_exception_is_told_by_its_kind_and_place_but_not_by_its_words():
    error = raised(ValueError("what a visitor typed"))
    text = request_logging.JsonFormatter().format(a_record("Failed", error=error))
    line = json.loads(text)
    assert line["error"] == "builtins.ValueError"
    assert line["at"][-1].startswith("tests/test_request_logging.py:")
    assert "typed" not in text


def test_on_ones_own_machine_an_exception_is_told_in_full():
    text = request_logging.JsonFormatter(debug=True).format(
        a_record("Failed", error=raised(ValueError("in full")))
    )
    assert "ValueError: in full" in text


def a_full_disk():
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return raised(OperationalError("database or disk is full"), cause=error)


@pytest.mark.parametrize(
    ("error", "code"),
    [(a_full_disk(), "SQLITE_FULL"), (OSError(28, "No space left"), "ENOSPC"), (ValueError(), None)],
)
def test_a_database_and_the_system_say_by_a_code_what_is_wrong(error, code):
    assert the_line("Failed", error=error).get("code") == code


def test_a_header_that_was_sent_is_not_in_the_log(client, written):
    client.get("/en/", headers={"host": "evil.example.org"})
    assert [line["event"] for line in written] == ["Refused: DisallowedHost", "Bad Request"][: len(written)]
    assert "evil" not in json.dumps(written)


def test_a_refusal_is_told_with_its_address(client, written):
    client.post("/en/", content_type="text/plain; charset=utf-16", data=b"")
    assert [(line["status"], line["path"], line["method"]) for line in written] == [(415, "/en/", "POST")]


def test_what_is_not_there_is_not_worth_a_line(client, written, db):
    assert client.get("/en/nothing").status_code == 404
    assert written == []


def a_site(answer):
    return request_logging.request_id_middleware(lambda request: answer())


def test_all_lines_of_one_request_carry_one_number_and_the_next_another():
    numbers = []

    def answer():
        numbers.append([the_line("one")["request"], the_line("two")["request"]])
        return HttpResponse()

    site = a_site(answer)
    site(None), site(None)
    (one, same), (other, _) = numbers
    assert one == same != other


def test_who_meets_a_failure_is_given_its_number_and_others_are_not():
    assert "X-Request-ID" not in a_site(HttpResponse)(None)
    failed = a_site(lambda: HttpResponse(status=500))(None)
    assert failed["X-Request-ID"] == request_logging.request_id()


@pytest.mark.django_db
def test_a_denied_permission_is_told(rf, client, written, monkeypatch):
    from pages import views

    def deny(*args, **values):
        raise PermissionDenied("Sent from another site")

    monkeypatch.setattr(views, "render_to_string", deny)
    assert client.get("/").status_code == 403
    (line,) = written
    assert (line["event"], line["path"], line["status"]) == ("Forbidden", "/", 403)
    assert "another site" not in json.dumps(line)


def test_signing_in_is_told_without_what_was_typed(client, written, db):
    account = factories.an_account(username="lee", password="correct horse battery")
    client.post("/admin/login/", {"username": "lee", "password": "horse"})
    client.post("/admin/login/", {"username": "lee", "password": "correct horse battery"})
    assert [line["event"] for line in written] == [
        "A sign-in was refused",
        f"Signed in: account {account.pk}",
    ]


@pytest.mark.medium
def test_who_has_guessed_too_often_is_told_in_one_line(client, written, db):
    for _ in range(login_throttle.MAX_ATTEMPTS + 1):
        client.post("/admin/login/", {"username": "lee", "password": "horse"})
    assert [line["event"] for line in written[login_throttle.MAX_ATTEMPTS - 1 :]] == [
        "A sign-in was refused",
        "A sign-in was blocked: too many failed attempts in a short time",
    ]


def test_publishing_is_told_once_it_is_certain(written, editor, django_capture_on_commit_callbacks):
    page = factories.a_page(key="trade")
    with django_capture_on_commit_callbacks() as certain:
        publishing.publish(page, by=editor)
    assert written == []
    certain[0]()
    (line,) = written
    assert line["event"].startswith("Approved: edition 1 of trade (current), public from 20")
    assert line["event"].endswith(f"by account {editor.pk}")


def test_a_report_that_is_refused_is_told_with_the_reason_but_not_its_text(client, written, db):
    factories.a_live_page(key="trade")
    client.post("/en/report-a-problem/trade", {"details": "Write to jane@example.org"})
    assert [line["event"] for line in written] == ["A report on trade was refused: personal_information"]
