"""Runs the `scheduled_jobs` that are due, each once a day over all processes and machines of a site.

One that has work in between is run then too.

A row of `ScheduledJob` is the lock. The process that changes it first has the job for the time of a lease, which it
renews while the job goes on. A process that dies renews nothing, so another one begins the job again. The clocks of
machines may differ by minutes.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection, connections
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from ..models import ScheduledJob
from .scheduled_jobs import JOBS, Job

logger = logging.getLogger(__name__)

# After midnight in the time zone of the site, so that all reports of the day before have been stored.
START = timedelta(minutes=20)
# For which a process has a job unless it says that it goes on.
LEASE = timedelta(minutes=10)
# Until a job is tried again that failed once, which doubles with each further attempt.
RETRY, MAX_RETRY = timedelta(minutes=15), timedelta(hours=6)

# Seconds between two transactions, in which visitors have the database and the processor for themselves: as many as
# the last one took, within these limits.
PAUSE, MAX_PAUSE = 0.02, 2
# Seconds from the start of the server to the first look at what is due, and from then on.
FIRST_CHECK, CHECK_INTERVAL = 5, 60
# Seconds that the server waits at its end for the transaction or e-mail that a job is at.
STOP_TIMEOUT = 5

# Waits for so many seconds, and says whether to break off.
Wait = Callable[[float], object]


class Interrupted(Exception):
    """Raised to break a job off: the server ends, or another process has the job now."""


# One job at one process


class Lease:
    """A lock on one job, which this process has for a day of work."""

    def __init__(self, job: Job, token: str, day: date, now: datetime, wait: Wait):
        self.job = job
        self.day = day
        self._rows = ScheduledJob.objects.filter(name=job.name, holder=token)
        self._renew_at = now + LEASE / 3
        self._wait = wait
        self._worked_since = time.monotonic()

    def checkpoint(self) -> None:
        """Let others work for a moment, and keep the job. Raises Interrupted."""
        if self._wait(min(max(PAUSE, time.monotonic() - self._worked_since), MAX_PAUSE)):
            raise Interrupted
        now = timezone.now()
        if now >= self._renew_at:
            if not self._rows.update(leased_until=now + LEASE):
                raise Interrupted
            self._renew_at = now + LEASE / 3
        self._worked_since = time.monotonic()

    def finish(self, result: Mapping[str, int]) -> None:
        """Record that the job is done for its day."""
        self._rows.update(
            done_for=self.day,
            finished_at=timezone.now(),
            result=dict(result),
            attempts=0,
            error="",
            next_attempt_at=None,
            leased_until=None,
        )

    def fail(self, error: Exception) -> None:
        """Record why it failed. The time of the next attempt was recorded when this one began."""
        self._rows.update(error=type(error).__name__[:100], leased_until=None)

    def release(self) -> None:
        """Let any process begin the job again at once."""
        self._rows.update(attempts=F("attempts") - 1, next_attempt_at=None, leased_until=None)


def claim(job: Job, state: ScheduledJob | None, wait: Wait, *, again: bool = False) -> Lease | None:
    """Take a job for this process if it is due and no other process has it; return None otherwise.

    `state` is its row as it was read before, or None; with `again` it is due though it was done for this day. However
    many processes try at once, the database lets one of them change the row.
    """
    now = timezone.now()
    if state is None:
        state, _created = ScheduledJob.objects.get_or_create(name=job.name)
    token = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    attempts = state.attempts + 1
    condition = is_free(now) if again else is_due(now)
    claimed = ScheduledJob.objects.filter(condition, name=job.name).update(
        holder=token,
        begun_at=now,
        leased_until=now + LEASE,
        attempts=attempts,
        next_attempt_at=now + delay_after(attempts),
    )
    if not claimed:
        return None
    if state.leased_until:
        logger.warning("Scheduled job %s was left by a process that ended, and is begun again", job.name)
    return Lease(job, token, day_of(now), now, wait)


def is_due(now: datetime) -> Q:
    """Return the condition under which a job has to be begun: free, and not done for this day."""
    return is_free(now) & (Q(done_for=None) | ~Q(done_for=day_of(now)))


def is_free(now: datetime) -> Q:
    """Return the condition under which a job may be begun: not leased, not to be tried later.

    A time far in the future was written while a clock was wrong, and counts for nothing.
    """
    is_over = Q()
    for column, longest in (("leased_until", 2 * LEASE), ("next_attempt_at", 2 * MAX_RETRY)):
        is_over &= Q(**{column: None}) | Q(**{f"{column}__lte": now}) | Q(**{f"{column}__gt": now + longest})
    return is_over


def day_of(now: datetime) -> date:
    """Return the day whose jobs are due at a moment; it begins `START` after midnight."""
    return timezone.localdate(now - START)


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after the beginning of an attempt before the next one."""
    return min(MAX_RETRY, RETRY * 2 ** min(attempts - 1, 10))


# All jobs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: what it did, in numbers, or why not."""

    name: str
    result: Mapping[str, int] | None = None
    error: str = ""

    def __str__(self):
        if self.result is None:
            return f"{self.name} ({self.error or 'broken off'})"
        return f"{self.name} ({', '.join(f'{what}: {number}' for what, number in self.result.items())})"


def run_due_jobs(wait: Wait = lambda seconds: False) -> list[Outcome]:
    """Run the jobs that are due and that no other process has; log what they did, and return it.

    `wait` is called between their transactions. A job that fails stops no other. Raises DatabaseError where the
    database cannot say what is due.
    """
    states = _read_states(timezone.now())
    outcomes: list[Outcome] = []
    for job in JOBS:
        state = states.get(job.name)
        if wait(0):
            break
        again = state is not None and not state.is_due and state.is_free and job.has_work()
        if (state is None or state.is_due or again) and (lease := claim(job, state, wait, again=again)):
            outcomes.append(_run(lease))
    if done := [outcome for outcome in outcomes if outcome.result is not None]:
        logger.info("Scheduled jobs done: %s", ", ".join(map(str, done)))
    return outcomes


def _read_states(now):
    """The rows of all jobs by name, each with `is_due` and `is_free`: one query."""
    conditions = {"is_due": is_due(now), "is_free": is_free(now)}
    columns = {name: ExpressionWrapper(q, output_field=BooleanField()) for name, q in conditions.items()}
    return ScheduledJob.objects.annotate(**columns).in_bulk()


def _run(lease: Lease) -> Outcome:
    name = lease.job.name
    try:
        result = lease.job.run(lease.checkpoint)
        lease.finish(result)
    except Interrupted:
        lease.release()
        return Outcome(name)
    except Exception as error:
        logger.exception("Scheduled job %s failed, and is tried again later", name)
        if not connection.in_atomic_block:  # in a test, which is one transaction, nothing may be closed
            connection.close_if_unusable_or_obsolete()  # or the next job gets one that broke
        with suppress(DatabaseError):  # it does not answer; then the lease ends by itself
            lease.fail(error)
        return Outcome(name, error=type(error).__name__)
    except BaseException:  # Ctrl+C in a command
        lease.release()
        raise
    return Outcome(name, result)


def statuses() -> dict[str, str]:
    """Say of each job how it stands: one query.

    "ok"; "pending" before it was ever done; "failing" when the last attempt failed; "overdue" when it was not done
    for a whole day.
    """
    states, today = ScheduledJob.objects.in_bulk(), day_of(timezone.now())
    return {job.name: _status(states.get(job.name), today) for job in JOBS}


def _status(state, today):
    if state and state.done_for and state.done_for < today - timedelta(days=1):
        return "overdue"
    if state and state.error:
        return "failing"
    return "ok" if state and state.done_for else "pending"


# In the background


class Scheduler:
    """Background thread that runs what is due, every minute, until `stop`. A server has it in one of its processes."""

    def __init__(self):
        self._end = threading.Event()
        self._trouble = ""
        # A daemon, so that it never keeps the process from ending; `stop` waits for it as long as is good.
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Break off the job that runs, and wait until its connections are closed."""
        self._end.set()
        self._thread.join(STOP_TIMEOUT)

    def _run(self):
        seconds = FIRST_CHECK
        while not self._end.wait(seconds):
            self.check()
            seconds = CHECK_INTERVAL

    def check(self) -> None:
        """Run what is due; log once why nothing can be."""
        trouble = ""
        try:
            run_due_jobs(self._end.wait)
        except Exception as error:
            trouble = type(error).__name__
            if trouble != self._trouble:
                is_known = isinstance(error, DatabaseError)
                logger.warning("Scheduled jobs cannot be run (%s)", trouble, exc_info=not is_known)
        finally:
            self._trouble = trouble
            connections.close_all()
