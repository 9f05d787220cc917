"""What probes are told: whether the process lives, and whether all that it needs works."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from canada_iraq.models import ScheduledJob
from canada_iraq.operations import health, scheduler
from canada_iraq.operations.scheduled_jobs import JOBS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_for_the_first_time():
    health._results.cache_clear()


def fail(*args, **values):
    raise OperationalError("password=secret host=10.0.0.7")


def test_a_site_that_works_is_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    checks = {"database": "ok", "migrations": "ok", "cache": "ok", "media": "ok"}
    assert answer.json()["status"] == "ok"
    assert answer.json()["checks"] == checks


def test_trying_whether_pictures_can_be_stored_leaves_none(client):
    before = default_storage.listdir("")
    client.get("/health/ready")
    assert default_storage.listdir("") == before


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("database", "django.db.connection.cursor"),
        ("cache", "canada_iraq.operations.health.site_cache.get"),
        ("media", "canada_iraq.operations.health.default_storage.save"),
    ],
)
def test_what_fails_is_named_but_not_why(client, monkeypatch, name, broken):
    monkeypatch.setattr(broken, fail)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["checks"][name] == "failing"
    assert "secret" not in answer.text
    assert "10.0.0.7" not in answer.text


def test_a_migration_that_is_not_applied_is_noticed(client):
    MigrationRecorder.Migration.objects.filter(app="reports").delete()
    assert client.get("/health/ready").json()["checks"]["migrations"] == "failing"


def test_how_daily_jobs_stand_is_told_beside_the_checks(client, django_assert_num_queries):
    names = [job.name for job in JOBS]
    assert client.get("/health/ready").json()["scheduled_jobs"] == dict.fromkeys(names, "pending")
    scheduler.run_due_jobs()
    health._results.cache_clear()
    assert client.get("/health/ready").json()["scheduled_jobs"] == dict.fromkeys(names, "ok")


def test_a_site_whose_jobs_are_overdue_or_fail_is_ready_all_the_same(client):
    long_ago = timezone.localdate() - timedelta(days=9)
    ScheduledJob.objects.create(name="delete_old_reports", done_for=long_ago)
    ScheduledJob.objects.create(name="send_report_digest", error="gaierror", holder="web-1:4711:abc")
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    jobs = answer.json()["scheduled_jobs"]
    assert (jobs["delete_old_reports"], jobs["send_report_digest"]) == ("overdue", "failing")
    assert "gaierror" not in answer.text
    assert "web-1" not in answer.text


def test_a_database_that_does_not_answer_is_not_asked_about_jobs(client, monkeypatch):
    monkeypatch.setattr("django.db.connection.cursor", fail)
    monkeypatch.setattr("canada_iraq.operations.scheduler.statuses", None)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["scheduled_jobs"]) == (503, {})


def test_a_database_without_a_table_of_jobs_is_none_to_fail_about(client, monkeypatch):
    monkeypatch.setattr("canada_iraq.operations.scheduler.statuses", fail)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["scheduled_jobs"]) == (200, {})


def test_a_process_lives_even_when_nothing_else_works(client, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_a_probe_needs_neither_the_name_of_the_site_nor_https(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    client = type(client)()  # reads the settings anew
    answer = client.get(address, headers={"host": "10.2.3.4:8000"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "10.2.3.4" not in answer.text
    assert "Set-Cookie" not in answer


def test_a_page_still_needs_the_name_of_the_site(client):
    assert client.get("/", headers={"host": "10.2.3.4:8000"}).status_code == 400


def test_nothing_can_be_sent_to_health(client):
    assert client.post("/health/live").status_code in (403, 404, 405)


def test_asking_often_costs_nothing(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(2 * 4):  # the clock may pass from one moment to the next once
        for _ in range(20):
            client.get("/health/ready")
