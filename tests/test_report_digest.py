"""Owners of pages are told by e-mail what came, in numbers and in both languages, and when it is unusual."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import StringIO
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from pages.email_delivery import Postponed
from pages.models.page import Page
from reports import digest
from reports.models import ReportDigest
from tests.factories import a_live_page, a_report, an_account

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("send_report_digest", *arguments, stdout=out)
    return out.getvalue()


def a_reader(**changes):
    """An account that may see problem reports."""
    person = an_account(**changes)
    person.user_permissions.add(Permission.objects.get(codename="view_problemreport"))
    return person


@pytest.fixture
def owner():
    return a_reader(username="owner", email="owner@example.org")


def some(page, number, days=1, **changes):
    edition = page.editions.get()
    # By the clock on the wall: some of these days have 23 or 25 hours.
    at = timezone.localtime() - timedelta(days=days)
    for _number in range(number):
        a_report(edition, received_at=at, **changes)


@pytest.mark.medium
def test_an_owner_gets_one_email_about_all_their_pages(owner, mailoutbox):
    trade = a_live_page(owner=owner, title_en="Trade", title_fr="Commerce")
    aid = a_live_page(owner=owner, title_en="Aid", title_fr="Aide")
    some(trade, 2, details="A secret remark")
    some(aid, 1)
    some(trade, 3, days=5)
    said = run()
    [mail] = mailoutbox
    assert mail.to == ["owner@example.org"]
    assert mail.subject == "3 problem reports / 3 signalements"
    assert mail.body.index("Trade") < mail.body.index("Aid") < mail.body.index("Commerce")
    for text in ("2 reports received. Currently open: 5.", "2 signalements reçus.", f"?page_id={trade.pk}"):
        assert text in mail.body, mail.body
    assert "secret" not in mail.body
    assert said == f"Sent to owner: {trade.key} 2, {aid.key} 1\n"


@pytest.mark.medium
def test_today_spam_and_quiet_pages_are_left_out(owner, mailoutbox):
    page = a_live_page(owner=owner)
    some(page, 2, days=0)
    some(page, 2, spam_sign="decoy")
    assert run() == "No reports received.\n"
    assert mailoutbox == []


def test_a_longer_period_can_be_told(owner, mailoutbox):
    some(a_live_page(owner=owner), 4, days=6)
    run("--days", "7")
    assert mailoutbox[0].subject.startswith("4 problem reports")


@pytest.mark.medium
def test_unusually_many_are_told_first(owner, mailoutbox):
    quiet, spike = a_live_page(owner=owner, title_en="Quiet"), a_live_page(owner=owner, title_en="Spike")
    for days in range(1, 28):
        some(quiet, 6, days=days)
    some(spike, 5)
    assert "(unusual)" in run()
    [mail] = mailoutbox
    assert mail.subject.startswith("Unusual number of problem reports / ")
    assert mail.body.startswith("UNUSUAL: Spike")
    assert "Yesterday: 5 (usually 4 or fewer)." in mail.body
    assert mail.body.count("UNUSUAL:") == 1


@pytest.mark.medium
def test_owners_are_reminded_on_the_day_on_which_an_open_report_gets_too_old(owner, mailoutbox):
    page = a_live_page(owner=owner, title_en="Trade", title_fr="Commerce")
    some(page, 2, days=181)
    some(page, 1, days=300)
    some(page, 1, days=181, status="dismissed", dismissal="correct")
    run()
    [mail] = mailoutbox
    assert mail.subject.startswith("Problem reports open for too long / ")
    assert "Currently open: 3." in mail.body
    assert "Open for more than 180 days: 3." in mail.body
    assert "Ouverts depuis plus de 180 jours\u00a0: 3." in mail.body
    assert "report received" not in mail.body.replace("reports", "report")


def test_nobody_is_reminded_of_the_same_old_report_every_day(owner, mailoutbox):
    some(a_live_page(owner=owner), 1, days=183)
    run()
    assert mailoutbox == []
    run("--days", "7")
    assert len(mailoutbox) == 1


@pytest.mark.medium
def test_pages_that_nobody_can_be_told_of_are_named(mailoutbox):
    for changes in (
        {},
        {"owner": a_reader(email="")},
        {"owner": a_reader(email="a@b.ca", is_active=False)},
    ):
        some(a_live_page(**changes), 1)
    said = run()
    assert said.count("page-") == 3
    assert "No one to notify" in said
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, False),
        ({"is_superuser": True}, True),
        ({"is_superuser": True, "is_active": False}, False),
        ({"is_superuser": True, "is_staff": False}, False),
    ],
)
def test_numbers_of_reports_go_only_to_who_could_see_them_by_signing_in(mailoutbox, changes, is_told):
    some(a_live_page(owner=an_account(email="a@example.org", **changes)), 1)
    assert ("No one to notify" in run()) != is_told
    assert bool(mailoutbox) == is_told


@pytest.mark.medium
@pytest.mark.parametrize("by_group", [True, False])
def test_who_loses_the_right_to_see_reports_gets_no_more_numbers(mailoutbox, by_group):
    person, right = an_account(email="a@example.org"), Permission.objects.get(codename="view_problemreport")
    group = Group.objects.create(name="Readers")
    held = group.permissions if by_group else person.user_permissions
    person.groups.add(group)
    held.add(right)
    some(a_live_page(owner=person), 1)
    run("--days", "1")
    held.remove(right)
    run("--days", "1")
    assert len(mailoutbox) == 1


def test_a_dry_run_sends_nothing(owner, mailoutbox):
    some(a_live_page(owner=owner), 1)
    assert run("--dry-run").startswith("Would send to owner")
    assert mailoutbox == []


def test_a_server_that_does_not_answer_is_a_message_and_not_a_trace(owner, monkeypatch):
    def fail(*_arguments):
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    some(a_live_page(owner=owner), 1)
    with pytest.raises(CommandError, match="refused"):
        run()


@pytest.mark.parametrize("days", ["0", "367", "-1"])
def test_nonsense_periods_are_refused(days):
    with pytest.raises(CommandError):
        run("--days", days)


@pytest.mark.medium
@pytest.mark.parametrize("amount", [1, 12])
def test_a_digest_takes_a_constant_number_of_queries(django_assert_num_queries, amount):
    for number in range(amount):
        some(a_live_page(owner=a_reader(email=f"{number}@example.org")), 1)
    with django_assert_num_queries(8):
        digest.digests(digest.lines())


# Once a day

MIDDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MIDDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owners():
    """Three owners of a page each, of which there was one report yesterday."""
    people = [a_reader(username=f"owner-{letter}", email=f"{letter}@example.org") for letter in "abc"]
    for person in people:
        some(a_live_page(owner=person), 1)
    return people


def addresses(mailoutbox):
    return sorted(mail.to[0][0] for mail in mailoutbox)


class Smtp:
    """Stands for the server: takes e-mails, but for those to some addresses, which it answers with an error."""

    def __init__(self, monkeypatch):
        self.taken, self.errors = [], {}
        monkeypatch.setattr(EmailBackend, "send_messages", self.send)

    def send(self, messages):
        for mail in messages:
            letter = mail.to[0][0]
            if letter in self.errors:
                raise self.errors[letter]
            self.taken.append(letter)
        return len(messages)


@pytest.fixture
def smtp(monkeypatch):
    return Smtp(monkeypatch)


@pytest.mark.medium
def test_nobody_is_sent_two_on_a_day_however_often_it_is_run(owners, mailoutbox):
    assert run().count("Sent to") == 3
    assert "have already been sent" in run()
    assert addresses(mailoutbox) == ["a", "b", "c"]


@pytest.mark.medium
def test_they_can_be_sent_again(owners, mailoutbox):
    run()
    run("--days", "1")
    assert addresses(mailoutbox) == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.medium
def test_sending_some_by_hand_does_not_count_as_the_e_mail_of_the_day(owners, mailoutbox):
    run("--days", "7")
    run()
    assert len(mailoutbox) == 6


@pytest.mark.medium
def test_one_e_mail_tells_of_all_days_on_which_none_was_sent(clock, owner, mailoutbox):
    page = a_live_page(owner=owner)
    some(page, 1)
    run()
    clock.shift(timedelta(days=4))
    some(page, 2, days=3)
    some(page, 3, days=1)
    run()
    assert [mail.subject.partition(" ")[0] for mail in mailoutbox] == ["1", "5"]


@pytest.mark.medium
def test_after_a_long_time_they_tell_of_a_month_at_most(clock, owner, mailoutbox):
    page = a_live_page(owner=owner)
    run()
    clock.shift(timedelta(days=100))
    some(page, 1, days=60)
    some(page, 3, days=31)
    run()
    assert mailoutbox[0].subject.startswith("3 problem reports")


def test_the_first_ever_tell_of_yesterday(owner, mailoutbox):
    page = a_live_page(owner=owner)
    some(page, 1, days=2)
    some(page, 3)
    run()
    assert mailoutbox[0].subject.startswith("3 problem reports")


@pytest.mark.medium
def test_what_was_broken_off_goes_on_where_it_ended(owners, mailoutbox):
    def end_before_the_third():
        if len(mailoutbox) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        digest.send(digest.due(), checkpoint=end_before_the_third)
    assert len(mailoutbox) == 2
    run()
    assert addresses(mailoutbox) == ["a", "b", "c"]


@pytest.mark.medium
@pytest.mark.parametrize("is_first", [True, False], ids=["first ever", "later"])
def test_who_missed_a_day_is_told_of_both_on_the_next_one(clock, owners, smtp, is_first):
    if not is_first:
        clock.shift(timedelta(days=-1))
        digest.send(digest.Due(date(2026, 2, 28)))
        clock.shift(timedelta(days=1))
    smtp.errors["c"] = SMTPRecipientsRefused({"c@example.org": (450, b"later")})
    with pytest.raises(CommandError, match="Run this again"):
        run()
    smtp.errors.clear()
    clock.shift(timedelta(days=1))
    for person in owners:
        some(Page.objects.get(owner=person), 1)
    came = {owner.username: [line.came for line in mine] for owner, mine in digest.due().by_owner.items()}
    assert came == {"owner-a": [1], "owner-b": [1], "owner-c": [2]}
    run()
    assert sorted(smtp.taken) == ["a", "a", "b", "b", "c"]


@pytest.mark.medium
def test_an_e_mail_that_the_server_may_have_taken_is_not_sent_again(owners, smtp):
    smtp.errors["b"] = SMTPServerDisconnected("gone")
    with pytest.raises(CommandError, match="gone"):
        run()
    smtp.errors.clear()
    run()
    assert sorted(smtp.taken) == ["a", "c"]


@pytest.mark.medium
def test_one_address_that_is_refused_for_good_keeps_no_other_e_mail_back(owners, smtp):
    smtp.errors["b"] = SMTPRecipientsRefused({"b@example.org": (550, b"unknown")})
    assert digest.send(digest.due()) == digest.Sent(sent=2, refused=1)
    assert digest.due().is_complete


@pytest.mark.medium
def test_an_address_that_is_none_keeps_no_other_e_mail_back(owners, smtp):
    smtp.errors["a"] = ValueError("Invalid address")
    assert digest.send(digest.due()) == digest.Sent(sent=2, refused=1)


@pytest.mark.medium
@pytest.mark.parametrize(
    "error",
    [SMTPRecipientsRefused({"b@example.org": (451, b"later")}), SMTPDataError(452, b"full")],
    ids=["recipient", "text"],
)
def test_what_the_server_takes_later_is_sent_later_and_only_that(owners, smtp, error):
    smtp.errors["b"] = error
    with pytest.raises(Postponed):
        digest.send(digest.due())
    assert smtp.taken == ["a", "c"]
    smtp.errors.clear()
    digest.send(digest.due())
    assert smtp.taken == ["a", "c", "b"]


@pytest.mark.medium
@pytest.mark.parametrize(
    "error",
    [
        SMTPSenderRefused(550, b"not you", "noreply@example.org"),
        SMTPRecipientsRefused({"a@example.org": (421, b"closing")}),
    ],
    ids=["sender refused", "connection closed"],
)
def test_where_the_server_takes_nothing_more_all_the_rest_is_sent_later(owners, smtp, error):
    smtp.errors["a"] = error
    with pytest.raises(CommandError):
        run()
    assert smtp.taken == []
    smtp.errors.clear()
    run()
    assert smtp.taken == ["a", "b", "c"]


@pytest.mark.medium
def test_nobody_counts_as_told_where_the_server_does_not_answer(owners, monkeypatch, mailoutbox):
    def fail(_backend):
        raise ConnectionRefusedError("refused")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "open", fail)
        with pytest.raises(CommandError, match="refused"):
            run()
    run()
    assert len(mailoutbox) == 3


@pytest.mark.medium
def test_a_clock_that_was_far_ahead_stops_no_later_e_mail(clock, owner, mailoutbox):
    clock.shift(timedelta(days=365))
    run()
    clock.move_to(MIDDAY)
    some(a_live_page(owner=owner), 1)
    run()
    assert len(mailoutbox) == 1
    assert [record.day for record in ReportDigest.objects.all()] == [date(2026, 3, 1)]


@pytest.mark.medium
def test_where_reports_came_before_an_update_its_day_counts_as_told(clock, owners, mailoutbox):
    migration = import_module("reports.migrations.0010_digests_begin")
    migration.begin(apps, connection.schema_editor())
    assert "have already been sent" in run()
    clock.shift(timedelta(days=1))
    some(Page.objects.get(owner=owners[0]), 1)
    run()
    assert addresses(mailoutbox) == ["a"]


def test_a_new_site_has_told_nobody(owner, mailoutbox):
    migration = import_module("reports.migrations.0010_digests_begin")
    migration.begin(apps, connection.schema_editor())
    some(a_live_page(owner=owner), 1)
    run()
    assert len(mailoutbox) == 1


@pytest.mark.medium
def test_only_the_last_day_is_remembered(clock, owners):
    for _day in range(3):
        run()
        clock.shift(timedelta(days=1))
    assert [record.day for record in ReportDigest.objects.all()] == [date(2026, 3, 3)]
