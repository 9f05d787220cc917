"""The queue, the screen of one report and the groups, for those who may use them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from pages.models.audit_entry import AuditEntry
from reports import triage
from reports.models import ProblemReport, State
from tests.factories import a_live_page, a_page, a_report, a_text, an_account

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:reports_problemreport_changelist")
GROUPS = reverse("admin:reports_problemreport_groups")


def desk(report):
    return reverse("admin:reports_problemreport_change", args=[report.pk])


@pytest.fixture
def triager(client):
    person = an_account()
    person.groups.add(Group.objects.get(name="Triage"))
    client.force_login(person)
    return person


def shown(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def listed(client, **query):
    return {report.pk for report in client.get(QUEUE, query).context["cl"].result_list}


def act(client, report, name, **values):
    return client.post(desk(report), {"act": name, **values})


def many(client, action, *reports, **values):
    chosen = {"action": action, "_selected_action": [report.pk for report in reports], "index": 0}
    answer = client.post(QUEUE, chosen | values, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def a_text_page():
    """A live page with one part, `trade`."""
    page = a_page()
    a_text(page, key="trade", body_en="<p>Exports grew.</p>", body_fr="<p>Ça monte.</p>")
    publishing.publish(page, by=None)
    return page


# The queue


@pytest.mark.medium
def test_the_role_of_triage_can_do_this_and_nothing_else(client, triager):
    report = a_report()
    for address in (QUEUE, GROUPS, desk(report)):
        assert client.get(address).status_code == 200
    for name in ("pages_page_changelist", "auth_user_changelist", "pages_partnerorganization_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.post(reverse("admin:pages_page_publish", args=[report.page_id])).status_code == 403


@pytest.mark.medium
def test_who_may_only_read_changes_nothing(client):
    reader = an_account()
    reader.groups.add(Group.objects.get(name="Editor"))
    client.force_login(reader)
    report = a_report()
    assert 'name="act"' not in shown(client, desk(report))
    assert act(client, report, "take").status_code == 403
    assert client.post(GROUPS, {"number": [report.pk]}).status_code == 403
    many(client, "take", report)
    assert ProblemReport.objects.new().get() == report


@pytest.mark.medium
def test_the_queue_holds_the_open_ones_and_each_state_when_asked_for(client, triager):
    edition = a_live_page().editions.get()
    reports = {name: a_report(edition) for name in State.values}
    triage.assign_to([reports["in_progress"]], by=triager)
    triage.dismiss([reports["dismissed"]], by=triager, reason="unclear")
    now = publishing.archive(edition.page, by=None)
    triage.link_to_fix([reports["resolved"]], now, by=triager)
    later = publishing.withdraw(edition.page, by=None, at=timezone.now() + timedelta(days=1))
    triage.link_to_fix([reports["waiting"]], later, by=triager)
    assert listed(client) == {reports[name].pk for name in ("new", "in_progress", "waiting")}
    for name, report in reports.items():
        assert listed(client, state=name) == {report.pk}
    assert len(listed(client, state="all")) == 5
    assert listed(client, state="nonsense") == listed(client)


@pytest.mark.medium
def test_the_queue_is_narrowed_by_everything_that_matters(client, triager):
    page = a_text_page()
    edition = page.editions.get()
    old = timezone.now() - timedelta(days=40)
    report = a_report(edition, language="fr", section="trade", received_at=old, broken=True, severity=4)
    other = a_report()
    triage.update_details(report, by=triager, owner=triager, severity=4, due_on=old.date())
    for query in (
        {"page_id": page.pk},
        {"page_id": page.pk, "section": "trade"},
        {"language": "fr"},
        {"reason": "broken"},
        {"age": "30"},
        {"work": "mine"},
        {"work": "overdue"},
        {"work": "severe"},
    ):
        assert listed(client, **query) == {report.pk}, query
    for query in (
        {"age": "-7"},
        {"work": "nobody"},
        {"language": "en"},
        {"page_id": other.page_id, "section": "-"},
    ):
        assert listed(client, **query) == {other.pk}, query
    assert listed(client, age="90") == set()


@pytest.mark.medium
@pytest.mark.parametrize(
    "query", [{"page_id": "x"}, {"page_id": "9" * 40}, {"age": "--"}, {"section": "x"}, {"spam": "no"}]
)
def test_nonsense_in_the_address_narrows_nothing(client, triager, query):
    report = a_report()
    assert listed(client, **query) == {report.pk}


@pytest.mark.medium
def test_the_search_finds_words_of_visitors(client, triager):
    edition = a_live_page().editions.get()
    found, _other = a_report(edition, details="Le blé manque"), a_report(edition, details="Table 2")
    assert listed(client, q="blé") == {found.pk}


@pytest.mark.medium
def test_many_are_taken_dismissed_and_merged_at_once(client, triager):
    edition = a_live_page().editions.get()
    first, second, third = (a_report(edition) for _number in range(3))
    assert many(client, "take", first, second) == ["2 reports are now assigned to you."]
    assert many(client, "dismiss", third, reason="unwelcome") == ["1 report was dismissed."]
    assert many(client, "merge", first, second) == ["1 report was merged as a duplicate."]
    second.refresh_from_db()
    assert second.duplicate_of == first


@pytest.mark.medium
def test_dismissing_many_needs_a_reason(client, triager):
    report = a_report()
    for reason in ("", "duplicate", "x"):
        [message] = many(client, "dismiss", report, reason=reason)
        assert "Nothing was changed" in message or reason
    assert ProblemReport.objects.new().get() == report


@pytest.mark.medium
def test_more_than_can_be_changed_at_once_are_refused(client, triager, monkeypatch):
    monkeypatch.setattr(triage, "MAX_BATCH", 1)
    edition = a_live_page().editions.get()
    assert many(client, "take", a_report(edition), a_report(edition)) == [
        "Select 1 reports or fewer at a time."
    ]
    assert ProblemReport.objects.new().count() == 2


@pytest.mark.medium
def test_spam_that_is_none_is_put_in_the_queue(client, triager):
    report = a_report(spam_sign="decoy")
    assert listed(client) == set()
    answer = client.post(
        QUEUE + "?spam=yes", {"action": "welcome", "_selected_action": [report.pk], "index": 0}
    )
    assert answer.status_code == 302
    assert listed(client) == {report.pk}


@pytest.mark.medium
@pytest.mark.parametrize("amount", [2, 20])
def test_the_queue_takes_a_constant_number_of_queries(client, triager, django_assert_num_queries, amount):
    for _number in range(amount):
        a_report(owner=triager)
    client.get(QUEUE)
    with django_assert_num_queries(13):
        client.get(QUEUE)


# One report


@pytest.mark.medium
def test_the_text_that_was_seen_stands_beside_todays_with_the_change_marked(client, triager):
    page = a_text_page()
    report = a_report(page.editions.get(), section="trade")
    same = shown(client, desk(report))
    assert "The text has not changed since the visitor saw it." in same
    assert "Exports grew." in same
    block = page.pages_textsection_set.get()
    block.body_en, block.body_fr = "<p>Exports fell.</p>", "<p>Ça descend.</p>"
    block.save()
    assert "The text has not changed since the visitor saw it." in shown(
        client, desk(report)
    )  # a draft is not today’s text
    publishing.publish(page, by=None)
    changed = shown(client, desk(report))
    assert "The text has changed since then." in changed
    for element, word in (("del", "grew"), ("ins", "fell")):
        assert word in changed.split(f"<{element}>")[1].split(f"</{element}>")[0]
    block.delete()
    publishing.publish(page, by=None)
    assert "This part is no longer on the page." in shown(client, desk(report))
    publishing.withdraw(page, by=None)
    assert "The page is no longer public." in shown(client, desk(report))


@pytest.mark.medium
def test_only_the_language_of_the_report_counts_as_changed(client, triager):
    page = a_text_page()
    report = a_report(page.editions.get(), section="trade", language="fr")
    page.pages_textsection_set.update(body_en="<p>Exports fell.</p>")
    publishing.publish(page, by=None)
    assert "The text has not changed since the visitor saw it." in shown(client, desk(report))


@pytest.mark.medium
def test_each_act_is_done_and_told(client, triager):
    report = a_report()
    assert act(client, report, "take").status_code == 302
    assert act(client, report, "note", text="Asked <b>the author</b>").status_code == 302
    organized = {"owner": triager.pk, "severity": "4", "due_on": "2026-01-31"}
    assert act(client, report, "organize", **organized).status_code == 302
    assert act(client, report, "dismiss", reason="elsewhere").status_code == 302
    assert act(client, report, "reopen").status_code == 302
    page = shown(client, desk(report))
    for text in (
        "Status: In progress",
        "Asked &lt;b&gt;the author&lt;/b&gt;",
        "Severity: Urgent",
        "Due date: 2026-01-31",
        "Dismissed: Concerns another site or service",
        f"Assigned to: {triager.username}",
    ):
        assert text in page, text


@pytest.mark.medium
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("note", {"text": ""}),
        ("note", {"text": "x" * 2001}),
        ("note", {"text": "a\x00b"}),
        ("dismiss", {"reason": "duplicate"}),
        ("dismiss", {}),
        ("organize", {"owner": "9999", "severity": "2"}),
        ("organize", {"severity": "9"}),
        ("organize", {"severity": "2", "due_on": "tomorrow"}),
        ("organize", {"severity": "2", "due_on": "0207-01-31"}),
        ("organize", {"severity": "2", "due_on": "9999-12-31"}),
        ("duplicate", {"number": "999999"}),
        ("duplicate", {"number": "9" * 40}),
        ("duplicate", {"number": "x"}),
    ],
)
def test_a_wrong_form_is_shown_again_and_changes_nothing(client, triager, name, values):
    report = a_report()
    answer = act(client, report, name, **values)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not report.timeline.exists()


@pytest.mark.medium
@pytest.mark.parametrize("name", ["", "nonsense", "gather"])
def test_an_unknown_act_changes_nothing(client, triager, name):
    report = a_report()
    assert act(client, report, name).status_code == 200
    assert not report.timeline.exists()


@pytest.mark.medium
def test_a_report_is_merged_into_the_one_of_a_number(client, triager):
    edition = a_live_page().editions.get()
    first, second = a_report(edition), a_report(edition)
    act(client, second, "duplicate", number=first.pk)
    assert list(first.duplicates.all()) == [second]
    assert f"Report {second.pk}" in shown(client, desk(first))
    assert f"Report {first.pk}" in shown(client, desk(second))


@pytest.mark.medium
def test_reports_like_this_one_are_offered_and_merged(client, triager):
    page = a_text_page()
    edition = page.editions.get()
    here = {"section": "trade", "outdated": True}
    one = a_report(edition, details="It was 850 million in 2020", **here)
    french = a_report(edition, language="fr", details="C’était 850 millions en 2020", **here)
    other = a_report(edition, details="The map is upside down")
    page_of_one = shown(client, desk(one))
    assert f'id="alike_{french.pk}"' in page_of_one
    assert f'id="alike_{other.pk}"' not in page_of_one
    act(client, one, "gather", number=[french.pk])
    assert list(one.duplicates.all()) == [french]


@pytest.mark.medium
@pytest.mark.parametrize("key", ["0", "999999", "x", "9" * 30])
def test_a_report_that_is_not_there_is_not_found(client, triager, key):
    address = reverse("admin:reports_problemreport_change", args=[key])
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "take"}).status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize("amount", [1, 40])
def test_the_screen_of_a_report_takes_a_constant_number_of_queries(
    client, triager, django_assert_num_queries, amount
):
    report = a_report()
    for number in range(amount):
        triage.note(report, by=triager, text=str(number))
        a_report(report.edition, details="Table 2 is empty")
    client.get(desk(report))
    with django_assert_num_queries(13):
        client.get(desk(report))


# Groups


@pytest.mark.medium
def test_reports_that_are_alike_are_grouped_and_merged_together(client, triager):
    edition = a_live_page().editions.get()
    same = [a_report(edition, details=f"Table 2 is empty{sign}") for sign in ("", "!", "?")]
    a_report(edition, details="The map is upside down")
    [group] = client.get(GROUPS).context["groups"]
    assert group == same
    client.post(GROUPS, {"number": [report.pk for report in same]})
    assert list(same[0].duplicates.order_by("pk")) == same[1:]
    assert client.get(GROUPS).context["groups"] == []
    assert client.post(GROUPS, {"number": ["x", ""]}, follow=True).status_code == 200


@pytest.mark.medium
def test_groups_are_those_of_the_page_with_most_open_reports_or_of_the_one_chosen(client, triager):
    few, many_of_them = a_report().edition, a_live_page().editions.get()
    for _number in range(3):
        a_report(many_of_them)
    assert client.get(GROUPS).context["page"] == many_of_them.page_id
    assert client.get(GROUPS, {"page": few.page_id}).context["page"] == few.page_id
    assert client.get(GROUPS, {"page": "x"}).context["page"] == many_of_them.page_id


@pytest.mark.medium
def test_a_report_leads_to_the_form_of_its_page_for_who_may_edit_it(client, triager, editor):
    report = a_report()
    form = reverse("admin:pages_page_change", args=[report.page_id])
    assert form not in shown(client, desk(report))
    client.force_login(editor)
    assert f'href="{form}"' in shown(client, desk(report))


def test_without_reports_every_screen_says_so(client, triager):
    assert "There are no open reports." in shown(client, GROUPS)
    assert listed(client) == set()


# The log


@pytest.mark.medium
def test_every_look_at_reports_is_logged_without_their_words(client, triager):
    report = a_report(details="A secret remark")
    shown(client, QUEUE, q="secret", language="en")
    shown(client, desk(report))
    shown(client, GROUPS)
    entries = AuditEntry.objects.order_by("pk")
    assert [(entry.user, entry.object_id, entry.change_message) for entry in entries] == [
        (triager, "", "Queue (language=en)"),
        (triager, str(report.pk), "Report"),
        (triager, "", "Groups"),
    ]
    assert "secret" not in str(entries.values())


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_speaks_the_language_of_the_person(client, triager, language):
    client.cookies["django_language"] = language
    report = a_report(details="Table 2")
    for address in (QUEUE, desk(report), GROUPS):
        assert f'<html lang="{language}"' in shown(client, address)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Formatting changed"), ("fr", "Mise en forme modifiée")]
)
def test_a_text_that_is_only_formatted_otherwise_today_says_so_beside_the_report(
    staff_client, language, words
):
    page = a_page()
    a_text(page)
    publishing.publish(page, by=None)
    report = a_report(page.editions.get())
    page.pages_textsection_set.update(body_en="<p>Some <strong>words</strong>.</p>")
    publishing.publish(page, by=None)
    staff_client.cookies["django_language"] = language
    html = staff_client.get(f"/admin/reports/problemreport/{report.pk}/change/").text
    assert html.count(words) == 1
