"""Runs the daily jobs that are due, as the server does: `manage.py run_scheduled_jobs`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from canada_iraq.models import ScheduledJob
from canada_iraq.operations import scheduler
from canada_iraq.operations.scheduled_jobs import JOBS


class Command(BaseCommand):
    help = (
        "Runs the daily jobs that are due and that no other process has: deletes old reports and whatever else has"
        " ended, and sends the emails about reports. A timer or cron has to run it every hour where"
        " RUN_SCHEDULED_JOBS is false; otherwise the server runs the jobs by itself. A later run tries again what"
        " failed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="show the state of each job, and run none")

    def handle(self, **options):
        outcomes = [] if options["list"] else scheduler.run_due_jobs()
        for outcome in outcomes:
            self.stdout.write(f"Done: {outcome}" if outcome.result is not None else f"Not done: {outcome}")
        if not outcomes:
            self.list_jobs()
        if failed := [outcome.name for outcome in outcomes if outcome.error]:
            raise CommandError(f"Failed, and to be tried again: {', '.join(failed)}. The log says where.")

    def list_jobs(self):
        statuses, states = scheduler.statuses(), ScheduledJob.objects.in_bulk()
        for job in JOBS:
            self.stdout.write(f"{job.name}: {statuses[job.name]}{details(states.get(job.name))}")


def details(state):
    """Say when a job was last done, who has it, and when it is tried again, by its row or None."""
    if state is None:
        return ""
    now, parts = timezone.now(), []
    if state.finished_at:
        parts.append(f"last done {moment(state.finished_at)}")
    if state.leased_until and state.leased_until > now:
        parts.append(f"process {state.holder} has it")
    elif state.error:
        parts.append(
            f"{state.error} at attempt {state.attempts}, next one after {moment(state.next_attempt_at)}"
        )
    return f" ({'; '.join(parts)})" if parts else ""


def moment(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
