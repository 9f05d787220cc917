"""Owners of pages are told by e-mail what came, in numbers and in both languages, and when it is unusual."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import a_live_page, a_report, an_account

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("send_report_digest", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def owner():
    return an_account(username="owner", email="owner@example.org")


def some(page, number, days=1, **changes):
    edition = page.editions.get()
    for _number in range(number):
        a_report(edition, received_at=timezone.now() - timedelta(days=days), **changes)


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
    for text in ("2 reports came. Open now: 5.", "2 signalements reçus.", f"?page_id={trade.pk}"):
        assert text in mail.body, mail.body
    assert "secret" not in mail.body
    assert said == f"Told owner: {trade.key} 2, {aid.key} 1\n"


def test_today_spam_and_quiet_pages_are_left_out(owner, mailoutbox):
    page = a_live_page(owner=owner)
    some(page, 2, days=0)
    some(page, 2, spam_sign="decoy")
    assert run() == "No reports came.\n"
    assert mailoutbox == []


def test_a_longer_period_can_be_told(owner, mailoutbox):
    some(a_live_page(owner=owner), 4, days=6)
    run("--days", "7")
    assert mailoutbox[0].subject.startswith("4 problem reports")


def test_unusually_many_are_told_first(owner, mailoutbox):
    quiet, spike = a_live_page(owner=owner, title_en="Quiet"), a_live_page(owner=owner, title_en="Spike")
    for days in range(1, 28):
        some(quiet, 6, days=days)
    some(spike, 5)
    assert "(unusual)" in run()
    [mail] = mailoutbox
    assert mail.subject.startswith("Unusually many problem reports / ")
    assert mail.body.startswith("UNUSUAL: Spike")
    assert "Yesterday: 5; usual is 4 at most." in mail.body
    assert mail.body.count("UNUSUAL:") == 1


def test_pages_that_nobody_can_be_told_of_are_named(mailoutbox):
    for changes in (
        {},
        {"owner": an_account(email="")},
        {"owner": an_account(email="a@b.ca", is_active=False)},
    ):
        some(a_live_page(**changes), 1)
    assert run().count("page-") == 3
    assert "Nobody to tell" in run()
    assert mailoutbox == []


def test_a_dry_run_sends_nothing(owner, mailoutbox):
    some(a_live_page(owner=owner), 1)
    assert run("--dry-run").startswith("Would tell owner")
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


@pytest.mark.parametrize("amount", [1, 12])
def test_a_digest_takes_a_constant_number_of_queries(owner, django_assert_num_queries, amount):
    for _number in range(amount):
        some(a_live_page(owner=owner), 1)
    with django_assert_num_queries(6):
        run()
