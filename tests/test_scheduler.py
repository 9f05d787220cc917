"""What is due runs once a day over all processes, is tried again when it failed, and is seen when it is overdue."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connections

from canada_iraq.models import ScheduledJob
from canada_iraq.operations import backends, database_copy, scheduler
from canada_iraq.operations.scheduled_jobs import Job

pytestmark = pytest.mark.django_db

# Midday in Toronto.
MIDDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MIDDAY, tick=False) as traveller:
        yield traveller


class Work:
    """Jobs for a test: each notes that it ran, and does what the test gives it to do."""

    def __init__(self, monkeypatch):
        self.ran, self.deeds = [], {}
        monkeypatch.setattr(
            scheduler, "JOBS", tuple(Job(name, self.job(name)) for name in ("first", "second"))
        )

    def job(self, name):
        def run(checkpoint):
            self.ran.append(name)
            return self.deeds.get(name, lambda checkpoint: {"deleted": 3})(checkpoint)

        return run


@pytest.fixture
def work(monkeypatch):
    return Work(monkeypatch)


def fail(checkpoint):
    raise OperationalError("password=secret")


def claimed(name="first"):
    """What another process has when it begins a job; None where it may not."""
    job = next(job for job in scheduler.JOBS if job.name == name)
    return scheduler.claim(job, ScheduledJob.objects.filter(name=name).first(), lambda seconds: False)


# When


def test_each_job_runs_once_a_day(work, clock):
    for _hour in range(30):
        scheduler.run_due_jobs()
        clock.shift(timedelta(hours=1))
    assert work.ran == ["first", "second"] * 2


def test_a_day_begins_soon_after_midnight_in_the_time_zone_of_the_site(work, clock):
    scheduler.run_due_jobs()
    clock.move_to(datetime(2026, 3, 3, 5, 19, tzinfo=UTC))
    scheduler.run_due_jobs()
    assert len(work.ran) == 2
    clock.shift(MINUTE)
    scheduler.run_due_jobs()
    assert len(work.ran) == 4


@pytest.mark.medium
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)], ids=["spring", "autumn"])
def test_a_day_of_23_or_25_hours_has_its_jobs_once_too(work, clock, day):
    clock.move_to(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    for _quarter in range(4 * 48):
        scheduler.run_due_jobs()
        clock.shift(15 * MINUTE)
    assert work.ran.count("first") == 3


def test_what_was_missed_while_the_machine_was_off_runs_once_when_it_is_on(work, clock):
    scheduler.run_due_jobs()
    clock.shift(timedelta(days=20))
    scheduler.run_due_jobs()
    scheduler.run_due_jobs()
    assert work.ran == ["first", "second"] * 2


def test_looking_at_what_is_due_takes_one_query(work, django_assert_num_queries):
    scheduler.run_due_jobs()
    with django_assert_num_queries(1):
        scheduler.run_due_jobs()


# Failing


def test_a_job_that_fails_stops_no_other(work):
    work.deeds["first"] = fail
    outcomes = scheduler.run_due_jobs()
    assert [(outcome.name, outcome.error) for outcome in outcomes] == [
        ("first", "OperationalError"),
        ("second", ""),
    ]


@pytest.mark.medium
def test_a_job_that_fails_is_tried_again_later_and_less_and_less_often(work, clock):
    work.deeds["first"] = fail
    attempts = []
    for minute in range(0, 24 * 60, 5):
        before = len(work.ran)
        scheduler.run_due_jobs()
        if "first" in work.ran[before:]:
            attempts.append(minute)
        clock.shift(5 * MINUTE)
    waits = [later - sooner for sooner, later in zip(attempts, attempts[1:], strict=False)]
    assert waits == [15, 30, 60, 120, 240, 360, 360]


def test_a_job_that_fails_for_weeks_is_still_tried(work, clock):
    work.deeds["first"] = fail
    ScheduledJob.objects.create(name="first", attempts=5000, error="OperationalError")
    for _try in range(4):
        scheduler.run_due_jobs()
        clock.shift(scheduler.MAX_RETRY)
    assert work.ran.count("first") == 4


def test_what_failed_is_forgotten_once_it_succeeds(work, clock):
    work.deeds["first"] = fail
    scheduler.run_due_jobs()
    assert scheduler.statuses()["first"] == "failing"
    del work.deeds["first"]
    clock.shift(15 * MINUTE)
    scheduler.run_due_jobs()
    assert scheduler.statuses()["first"] == "ok"
    row = ScheduledJob.objects.get(name="first")
    assert (row.attempts, row.error, row.next_attempt_at) == (0, "", None)


def test_the_log_says_where_a_job_failed_and_no_word_of_the_error(work, caplog):
    work.deeds["first"] = fail
    scheduler.run_due_jobs()
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.getMessage() == "Scheduled job first failed, and is tried again later"
    assert record.exc_info
    assert ScheduledJob.objects.get(name="first").error == "OperationalError"


def test_the_log_says_what_was_done_in_one_line(work, caplog):
    caplog.set_level(logging.INFO)
    scheduler.run_due_jobs()
    scheduler.run_due_jobs()
    assert [record.getMessage() for record in caplog.records] == [
        "Scheduled jobs done: first (deleted: 3), second (deleted: 3)"
    ]


# Several processes


def test_a_job_that_another_process_has_is_left_to_it(work, clock):
    lease = claimed()
    scheduler.run_due_jobs()
    assert work.ran == ["second"]
    lease.finish({})
    clock.shift(timedelta(hours=8))
    scheduler.run_due_jobs()
    assert work.ran == ["second"]


def test_a_process_that_died_holds_a_job_for_minutes_only(work, clock, caplog):
    assert claimed()
    for _minute in range(14):
        clock.shift(MINUTE)
        scheduler.run_due_jobs()
    assert "first" not in work.ran
    clock.shift(MINUTE)
    scheduler.run_due_jobs()
    assert "first" in work.ran
    assert "was left by a process that ended" in caplog.text


@pytest.mark.medium
def test_a_job_that_ends_its_process_every_time_is_tried_less_and_less_often(work, clock):
    attempts = []
    for minute in range(0, 8 * 60, 5):
        if claimed():
            attempts.append(minute)
        clock.shift(5 * MINUTE)
    assert attempts == [0, 15, 45, 105, 225, 465]


def test_a_long_job_keeps_its_lease_as_long_as_it_goes_on(work, clock):
    def work_for_an_hour(checkpoint):
        for _step in range(20):
            clock.shift(3 * MINUTE)
            checkpoint()
            assert claimed() is None
        return {}

    work.deeds["first"] = work_for_an_hour
    scheduler.run_due_jobs()
    assert scheduler.statuses()["first"] == "ok"


def test_a_process_that_stood_still_lets_go_of_a_job_that_another_one_has_begun(work, clock):
    taken = []

    def stand_still(checkpoint):
        clock.shift(20 * MINUTE)
        taken.append(claimed())
        checkpoint()

    work.deeds["first"] = stand_still
    (outcome, _second) = scheduler.run_due_jobs()
    assert (outcome.result, outcome.error) == (None, "")
    assert claimed() is None
    taken[0].finish({"deleted": 1})
    assert ScheduledJob.objects.get(name="first").result == {"deleted": 1}


@pytest.mark.parametrize("years", [1, -1])
def test_a_clock_that_was_wrong_stops_nothing_once_it_is_right(work, clock, years):
    clock.shift(timedelta(days=365 * years))
    assert claimed("first")
    scheduler.run_due_jobs()
    clock.move_to(MIDDAY)
    work.ran.clear()
    scheduler.run_due_jobs()
    assert work.ran == ["first", "second"]


def compete(in_a_thread, monkeypatch):
    """Let eight processes look at the same moment at what is due; return how often it ran."""
    ran, together = [], threading.Barrier(8)
    monkeypatch.setattr(scheduler, "JOBS", [Job("only", lambda checkpoint: ran.append(1) or {})])

    def look(_number):
        def run():
            together.wait(timeout=60)
            return scheduler.run_due_jobs()

        return in_a_thread(run)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(look, range(8)))
    assert sum(map(len, outcomes)) == len(ran)
    return len(ran)


@pytest.mark.medium
def test_of_many_processes_that_look_at_once_one_runs_a_job(file_site, monkeypatch, django_db_blocker):
    def in_a_thread(run):
        database = backends.database_config("", file_site)
        with django_db_blocker.unblock(), database_copy.replaced_default_database(database):
            return run()

    assert compete(in_a_thread, monkeypatch) == 1


def test_after_each_step_a_job_waits_as_long_as_the_step_took_within_limits(work, monkeypatch):
    now, waits = [100.0], []
    monkeypatch.setattr(scheduler.time, "monotonic", lambda: now[0])

    def take_steps(checkpoint):
        for seconds in (0.001, 0.5, 30):
            now[0] += seconds
            checkpoint()
        return {}

    work.deeds["first"] = take_steps
    scheduler.run_due_jobs(lambda seconds: waits.append(seconds))
    assert [wait for wait in waits if wait] == [scheduler.PAUSE, 0.5, scheduler.MAX_PAUSE]


# Ending


def test_a_server_that_ends_breaks_its_job_off_and_begins_no_other(work):
    ends = threading.Event()

    def go_on_for_ever(checkpoint):
        ends.set()
        while True:
            checkpoint()

    work.deeds["first"] = go_on_for_ever
    (outcome,) = scheduler.run_due_jobs(lambda seconds: ends.is_set())
    assert (outcome.name, outcome.result) == ("first", None)
    assert work.ran == ["first"]


def test_what_was_broken_off_begins_again_at_once(work):
    ends = [False]

    def work_on(checkpoint):
        ends[0] = True
        checkpoint()

    work.deeds["first"] = work_on
    scheduler.run_due_jobs(lambda seconds: ends[0])
    del work.deeds["first"]
    scheduler.run_due_jobs()
    assert work.ran == ["first", "first", "second"]


def test_a_command_that_is_broken_off_lets_go_of_its_job(work):
    def interrupt(checkpoint):
        raise KeyboardInterrupt

    work.deeds["first"] = interrupt
    with pytest.raises(KeyboardInterrupt):
        scheduler.run_due_jobs()
    assert claimed()


# In the background


@pytest.fixture
def thread(work, file_site, monkeypatch, django_db_blocker):
    """A scheduler that looks at once, on a site of its own, and an event that is set when a job has begun."""
    begun = threading.Event()
    check = scheduler.Scheduler.check

    def check_the_site(self):
        database = backends.database_config("", file_site)
        with django_db_blocker.unblock(), database_copy.replaced_default_database(database):
            check(self)
            self.open = [alias for alias in connections if connections[alias].connection is not None]

    monkeypatch.setattr(scheduler.Scheduler, "check", check_the_site)
    monkeypatch.setattr(scheduler, "FIRST_CHECK", 0)
    made = scheduler.Scheduler()
    made.begun = begun
    yield made
    made.stop()


@pytest.mark.medium
def test_a_thread_runs_what_is_due_and_ends_when_it_is_told_to_with_its_connections_closed(work, thread):
    def go_on_for_ever(checkpoint):
        thread.begun.set()
        while True:
            checkpoint()

    work.deeds["second"] = go_on_for_ever
    thread.start()
    assert thread.begun.wait(timeout=60)
    thread.stop()
    assert not thread._thread.is_alive()
    assert thread.open == []
    assert work.ran == ["first", "second"]


def test_a_database_that_does_not_answer_is_logged_once_until_it_answers(work, monkeypatch, caplog):
    thread = scheduler.Scheduler()
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    with monkeypatch.context() as patched:
        patched.setattr(scheduler, "run_due_jobs", fail)
        for _minute in range(3):
            thread.check()
    assert [record.getMessage() for record in caplog.records] == [
        "Scheduled jobs cannot be run (OperationalError)"
    ]
    thread.check()
    assert work.ran == ["first", "second"]


# How they stand


def test_a_new_site_says_that_jobs_are_to_come(work):
    assert scheduler.statuses() == {"first": "pending", "second": "pending"}


def test_a_job_is_overdue_when_it_was_not_done_for_a_whole_day(work, clock):
    scheduler.run_due_jobs()
    seen = []
    for _day in range(4):
        seen.append(scheduler.statuses()["first"])
        clock.shift(timedelta(days=1))
    assert seen == ["ok", "ok", "overdue", "overdue"]
