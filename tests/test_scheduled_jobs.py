"""What is done every day: everything whose time is over goes, everything else stays, and the log has the numbers."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as settings_of_site
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import login_throttle
from accounts.models import FailedLoginCount
from canada_iraq import server
from canada_iraq.models import ScheduledJob
from canada_iraq.operations import scheduled_jobs, scheduler
from pages.models import preview_link
from pages.models.preview_link import PreviewLink
from reports.models import ProblemReport
from tests.factories import a_live_page, a_page, a_report, an_account

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(name):
    """What one job did; it may be broken off after every transaction."""
    (job,) = [job for job in scheduled_jobs.JOBS if job.name == name]
    steps = []
    result = job.run(lambda: steps.append(1))
    return {**result, "steps": len(steps)}


def a_session(lasts):
    session = SessionStore()
    session.set_expiry(timezone.now() + lasts)
    session.create()
    return session.session_key


def a_link(page, *, ended):
    """A preview link that ended some days ago, or ends in some days."""
    link, _token = preview_link.create_link(page, by=None, days=-ended)
    return link


def run_command(*arguments):
    out = StringIO()
    call_command("run_scheduled_jobs", *arguments, stdout=out)
    return out.getvalue()


# What goes and what stays


@pytest.mark.medium
def test_reports_whose_time_is_over_go():
    edition = a_live_page().editions.get()
    for days, sign in ((200, ""), (40, "decoy"), (10, "decoy")):
        a_report(
            edition,
            received_at=timezone.now() - days * DAY,
            status="dismissed",
            dismissal="correct",
            spam_sign=sign,
        )
    assert run("delete_old_reports") | {"steps": 0} == {
        "deleted": 2,
        "of them spam": 1,
        "still open": 0,
        "steps": 0,
    }
    assert ProblemReport.objects.count() == 1


def test_sessions_that_have_ended_go():
    ended, lasting = a_session(-DAY), a_session(DAY)
    assert run("delete_ended_sessions")["deleted"] == 1
    assert [session.pk for session in Session.objects.all()] == [lasting]
    assert ended != lasting


def test_counts_of_failed_sign_ins_go_when_their_window_is_over():
    login_throttle.register_attempt("somebody")
    lasting = FailedLoginCount.objects.get()
    FailedLoginCount.objects.create(sender="old", count=20, until=timezone.now() - DAY)
    assert run("delete_failed_sign_ins")["deleted"] == 1
    assert FailedLoginCount.objects.get() == lasting


def test_preview_links_go_a_month_after_they_ended_or_were_revoked():
    page = a_page()
    stay = [a_link(page, ended=-60), a_link(page, ended=29), a_link(page, ended=-5)]
    PreviewLink.objects.filter(pk=stay[2].pk).update(revoked_at=timezone.now() - 29 * DAY)
    revoked = a_link(page, ended=-60)
    PreviewLink.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now() - 31 * DAY)
    a_link(page, ended=31)
    assert run("delete_ended_preview_links")["deleted"] == 2
    assert set(PreviewLink.objects.all()) == set(stay)


@pytest.mark.medium
def test_owners_are_told_by_email(mailoutbox):
    owner = an_account(email="owner@example.org")
    owner.user_permissions.add(Permission.objects.get(codename="view_problemreport"))
    for page in (a_live_page(owner=owner), a_live_page()):
        a_report(page.editions.get(), received_at=timezone.now() - DAY)
    assert run("send_report_digest") == {"sent": 1, "refused": 0, "pages without a reader": 1, "steps": 1}
    assert run("send_report_digest")["sent"] == 0
    assert [mail.to for mail in mailoutbox] == [["owner@example.org"]]


def test_much_goes_in_short_transactions(monkeypatch):
    monkeypatch.setattr(scheduled_jobs, "BATCH", 2)
    for _session in range(5):
        a_session(-DAY)
    assert run("delete_ended_sessions") == {"deleted": 5, "steps": 3}


def test_what_begins_again_while_others_go_stays(monkeypatch):
    monkeypatch.setattr(scheduled_jobs, "BATCH", 1)
    for name in ("a", "b"):
        FailedLoginCount.objects.create(sender=name, count=20, until=timezone.now() - DAY)
    (job,) = [job for job in scheduled_jobs.JOBS if job.name == "delete_failed_sign_ins"]
    job.run(lambda: FailedLoginCount.objects.filter(sender="b").update(until=timezone.now() + DAY))
    assert FailedLoginCount.objects.get().sender == "b"


@pytest.mark.medium
def test_a_setting_that_makes_no_sense_deletes_nothing_and_stops_no_other_job(settings, caplog):
    settings.REPORTS_KEPT_DAYS = 0
    edition = a_live_page().editions.get()
    a_report(edition, received_at=timezone.now() - 400 * DAY, status="dismissed", dismissal="correct")
    failed = [outcome.name for outcome in scheduler.run_due_jobs() if outcome.error]
    assert failed == ["delete_old_reports"]
    assert ProblemReport.objects.exists()


@pytest.mark.parametrize("job", scheduled_jobs.JOBS, ids=lambda job: job.name)
def test_a_job_has_a_name_that_the_table_takes_and_may_run_where_there_is_nothing_to_do(job):
    assert len(job.name) <= ScheduledJob._meta.get_field("name").max_length
    assert set(job.run(lambda: None).values()) == {0}


# The command


def test_the_command_runs_what_is_due_and_then_says_how_it_stands():
    said = run_command()
    assert "Done: delete_ended_sessions (deleted: 0)\n" in said
    assert f"delete_ended_sessions: ok (last done {timezone.localtime():%Y-%m-%d}" in run_command()


def test_the_command_can_only_say_how_jobs_stand():
    assert "delete_old_reports: pending\n" in run_command("--list")
    assert not ScheduledJob.objects.exists()


def test_the_command_fails_when_a_job_does(settings):
    settings.SPAM_KEPT_DAYS = 0
    with pytest.raises(CommandError, match="Failed, and to be tried again: delete_old_reports"):
        run_command()
    assert "delete_old_reports: failing (ImproperlyConfigured at attempt 1, next one after" in run_command()


def test_the_command_says_which_process_has_a_job():
    scheduler.claim(scheduled_jobs.JOBS[0], None, lambda seconds: False)
    assert "process " in run_command("--list")


# The server


class Recorded:
    """Stands for a scheduler."""

    def __init__(self):
        self.acts = []

    def start(self):
        self.acts.append("start")

    def stop(self):
        self.acts.append("stop")


@pytest.mark.parametrize(
    ("number", "is_on", "expected"),
    [(1, True, ["start", "serve", "stop"]), (2, True, ["serve"]), (1, False, ["serve"])],
)
def test_the_first_process_of_a_server_runs_the_jobs_unless_a_setting_leaves_them_to_timers(
    settings, monkeypatch, number, is_on, expected
):
    scheduler_of_test = Recorded()
    settings.RUN_SCHEDULED_JOBS = is_on
    monkeypatch.setattr(server, "Scheduler", lambda: scheduler_of_test)
    monkeypatch.setattr(
        server.Granian, "_spawn_wsgi_worker", lambda *arguments: scheduler_of_test.acts.append("serve")
    )
    server.serve_in_process(number, "a socket")
    assert scheduler_of_test.acts == expected


def test_a_server_that_breaks_down_ends_its_jobs(settings, monkeypatch):
    def break_down(*arguments):
        raise OSError

    scheduler_of_test = Recorded()
    settings.RUN_SCHEDULED_JOBS = True
    monkeypatch.setattr(server, "Scheduler", lambda: scheduler_of_test)
    monkeypatch.setattr(server.Granian, "_spawn_wsgi_worker", break_down)
    with pytest.raises(OSError):  # noqa: PT011  it is the one raised above
        server.serve_in_process(1)
    assert scheduler_of_test.acts == ["start", "stop"]


# The documents


def test_the_documents_tell_of_every_job_and_of_no_other():
    text = (settings_of_site.BASE_DIR / "docs" / "operations.md").read_text()
    section = text.partition("\n## Daily jobs\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [job.name for job in scheduled_jobs.JOBS]
