"""People are told of what concerns them: in a list of the admin and by e-mail, as each of them chose."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from canada_iraq.models import ScheduledJob
from canada_iraq.operations import scheduled_jobs, scheduler
from pages import emergencies, notification_emails, notifications, publishing, reviews
from pages.email_delivery import Postponed
from pages.models.notification import Delivery, Notification, NotificationPreferences
from pages.models.page import Page
from reports import triage
from tests import mail_server
from tests.factories import a_live_page, a_page, a_report, an_account

pytestmark = pytest.mark.django_db

RIGHTS = {
    "editor": ["view_page", "change_page"],
    "publisher": ["view_page", "change_page", "publish_page"],
    "triage": ["view_problemreport", "change_problemreport"],
}


def a_person(role="editor", **changes):
    name = changes.pop("first_name", role.capitalize())
    person = an_account(first_name=name, **changes)
    person.email = changes.get("email", f"{person.username}@example.org")
    person.save()
    person.user_permissions.add(*Permission.objects.filter(codename__in=RIGHTS[role]))
    return person


def prefer(person, language="en", **deliveries):
    NotificationPreferences.objects.create(person=person, language=language, deliveries=deliveries)


def told(person):
    """What a person has been told, oldest first: the kinds and the words."""
    rows = notifications.shown_to(person).order_by("pk")
    return [(row.kind, notifications.kind_of(row).text(row)) for row in rows]


def submitted(by, *, reviewer=None, group=None, **changes):
    page = a_page(title_en="Trade", title_fr="Commerce", **changes)
    return reviews.submit(page, by=by, reviewer=reviewer, group=group)


# Who is told what


def test_who_may_review_is_told_of_what_others_submit():
    author, reviewer = a_person(), a_person("publisher")
    submitted(author)
    assert told(reviewer) == [("submitted", "Editor submitted “Trade” for review.")]
    assert told(author) == []


def test_only_the_reviewer_that_was_chosen_is_told():
    author, reviewer, other = a_person(), a_person("publisher"), a_person("publisher")
    submitted(author, reviewer=reviewer)
    assert told(reviewer) == [("requested", "Editor submitted “Trade” to you for review.")]
    assert told(other) == []


def test_a_group_that_was_chosen_is_told_but_for_those_who_may_not_review():
    group = Group.objects.create(name="Lawyers")
    author, reviewer, reader = a_person(), a_person("publisher"), a_person()
    for member in (reviewer, reader):
        member.groups.add(group)
    a_person("publisher")
    submitted(author, group=group)
    assert [row.recipient for row in Notification.objects.all()] == [reviewer]


@pytest.mark.medium
def test_nobody_is_told_of_their_own_acts():
    person = a_person("publisher")
    page = a_page(owner=person)
    edition = reviews.submit(page, by=person)
    reviews.reject(edition, by=person, comment="Once more.")
    publishing.publish(page, by=person)
    assert told(person) == []


def test_the_author_is_told_that_it_was_returned():
    author, reviewer = a_person(), a_person("publisher", first_name="Rita")
    reviews.reject(submitted(author), by=reviewer, comment="Once more.")
    assert told(author) == [("returned", "Rita returned “Trade”. The review says why.")]


@pytest.mark.medium
def test_the_author_is_told_that_it_was_approved_and_from_when_it_is_public():
    author, reviewer = a_person(), a_person("publisher", first_name="Rita")
    reviews.approve(submitted(author), by=reviewer)
    reviews.approve(submitted(author), by=reviewer, at=timezone.now() + timedelta(days=2))
    (_kind, now), (_also, later) = told(author)
    assert now == "Rita approved “Trade”."
    assert later.endswith(", “Trade” becomes public: Rita approved it.")


@pytest.mark.medium
def test_an_author_who_owns_the_page_is_told_once():
    author, owner, reviewer = a_person(), a_person(), a_person("publisher")
    reviews.approve(submitted(author, owner=author), by=reviewer)
    reviews.approve(submitted(author, owner=owner), by=reviewer)
    assert [kind for kind, _words in told(author)] == ["approved", "approved"]
    assert [kind for kind, _words in told(owner)] == ["published"]


ACTS = {
    "Rita published “Trade”.": lambda page, by: publishing.publish(page, by=by),
    "Rita archived “Trade”.": lambda page, by: publishing.archive(page, by=by),
    "Rita withdrew “Trade”.": lambda page, by: publishing.withdraw(page, by=by),
}


@pytest.mark.medium
@pytest.mark.parametrize("words", list(ACTS))
def test_the_owner_is_told_what_becomes_of_a_page(words):
    owner, publisher = a_person(), a_person("publisher", first_name="Rita")
    page = a_live_page(title_en="Trade")
    Page.objects.filter(pk=page.pk).update(owner=owner, introduction_en="<p>New.</p>")
    ACTS[words](page, publisher)
    assert told(owner) == [("published", words)]


@pytest.mark.medium
def test_the_owner_is_told_of_an_edition_that_is_scheduled_and_cancelled():
    owner, publisher = a_person(), a_person("publisher", first_name="Rita")
    page = a_page(title_en="Trade", owner=owner)
    edition = publishing.publish(page, by=publisher, at=timezone.now() + timedelta(days=2))
    publishing.cancel(edition, by=publisher)
    (_kind, scheduled), (_also, cancelled) = told(owner)
    assert scheduled.endswith(", edition 1 of “Trade” becomes public: Rita scheduled it.")
    assert cancelled == "Rita cancelled edition 1 of “Trade”."


def test_owners_of_many_pages_published_at_once_are_told_in_two_queries(django_assert_num_queries):
    owner = a_person()
    publishing.publish_all([a_page(owner=owner) for _number in range(3)], by=None)
    steps = [step for edition in Page.objects.get(key="home").editions.all() for step in edition.steps.all()]
    assert len(told(owner)) == 3
    assert steps == []
    messages = [
        notifications.Message(owner.pk, notifications.REVIEW_NEAR, page.pk, {"due_on": "2026-12-01"})
        for page in Page.objects.filter(owner=owner)
    ]
    with django_assert_num_queries(2):
        assert notifications.write(messages) == 3


def test_where_nobody_is_to_be_told_no_query_is_made(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert notifications.write([]) == 0


def test_what_is_rolled_back_is_not_told():
    author, reviewer = a_person(), a_person("publisher")
    with transaction.atomic():
        submitted(author)
        transaction.set_rollback(True)
    assert told(reviewer) == []


@pytest.mark.medium
def test_who_is_assigned_a_report_is_told_its_number_and_nothing_that_the_visitor_wrote():
    boss, person = a_person("triage", first_name="Rita"), a_person("triage")
    report = a_report(a_live_page(title_en="Trade").editions.get(), details="A secret remark")
    triage.update_details(report, by=boss, owner=person, severity=2, due_on=None)
    triage.update_details(report, by=boss, owner=person, severity=3, due_on=None)
    assert told(person) == [("assigned", f"Rita assigned report {report.pk} on “Trade” to you.")]
    triage.assign_to([report], by=boss)
    assert told(boss) == []


def test_who_lost_a_permission_is_shown_nothing_of_it():
    author, reviewer = a_person(), a_person("publisher")
    submitted(author)
    reviewer.user_permissions.clear()
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)
    assert told(reviewer) == []
    assert notifications.unread_count(reviewer) == 0


# Dates


def test_owners_are_told_two_weeks_before_the_review_date_and_of_each_date_once():
    owner, today = a_person(), timezone.localdate()
    near = a_page(title_en="Trade", owner=owner, review_by=today + timedelta(days=14))
    a_page(owner=owner, review_by=today + timedelta(days=15))
    a_page(review_by=today)
    assert notifications.notify_about_dates() == 1
    assert notifications.notify_about_dates() == 0
    (kind, words) = told(owner)[0]
    assert kind == "review_near"
    assert words.startswith("The content review date of “Trade” is ")
    Page.objects.filter(pk=near.pk).update(review_by=today)
    assert notifications.notify_about_dates() == 1
    assert len(told(owner)) == 2


@pytest.mark.medium
def test_owner_and_author_are_told_a_day_before_an_emergency_translation_is_due():
    owner, author, today = a_person(), a_person("publisher"), timezone.localdate()
    page = a_live_page(title_en="Trade", owner=owner)
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>Do not travel.</p>")
    due_on = today + timedelta(days=3)
    emergencies.publish_in_emergency(page, language="en", reason="Fighting.", due_on=due_on, by=author)
    Notification.objects.all().delete()
    assert notifications.notify_about_dates() == 0
    assert notifications.notify_about_dates(today=due_on - timedelta(days=1)) == 2
    assert notifications.notify_about_dates(today=due_on) == 0
    assert told(owner)[0][1].startswith("The translation of “Trade” is due by ")
    assert [kind for kind, _words in told(author)] == ["translation_due"]


def test_dates_of_many_pages_are_read_in_batches(monkeypatch):
    monkeypatch.setattr(notifications, "BATCH", 2)
    owner = a_person()
    prefer(owner, review_near=Delivery.NONE)
    for _number in range(5):
        a_page(owner=owner, review_by=timezone.localdate())
    steps = []
    assert notifications.notify_about_dates(lambda: steps.append(1)) == 0
    assert len(steps) == 3


# E-mail


@pytest.fixture
def mail(settings):
    """The address of a mail server on this machine that the site sends to."""
    with mail_server.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        settings.SITE_URL = "https://pages.example.org"
        yield server


def send(*deliveries):
    return notification_emails.send(deliveries or (Delivery.NOW,))


def subject_of(letter):
    return letter["Subject"].replace("\u00a0", " ").replace("\u202f", " ").strip()


def parts(letter):
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_a_server_is_handed_text_and_html_with_links_of_the_site(mail):
    author, reviewer = a_person(), a_person("publisher", first_name="Rita")
    prefer(author)
    reviews.reject(submitted(author), by=reviewer, comment="A remark that stays on the site")
    assert send() == notification_emails.Sent(1, 0)
    [letter] = mail.letters
    assert letter["To"] == author.email
    assert letter["Auto-Submitted"] == "auto-generated"
    assert subject_of(letter) == "Rita returned “Trade”. The review says why."
    text, html = parts(letter)
    number = Notification.objects.get(recipient=author).pk
    for part in (text, html):
        assert f"https://pages.example.org/admin/notifications/{number}/" in part
        assert "https://pages.example.org/admin/notifications/preferences/" in part
        assert "A remark that stays" not in part
        assert "http://testserver" not in part
    assert '<html lang="en"' in html
    assert "style" not in html


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Rita approved “Trade”."),
        ("fr", "Rita a approuvé « Commerce »."),
        ("", "Rita approved “Trade”. / Rita a approuvé « Commerce »."),
    ],
)
def test_an_e_mail_is_in_the_language_of_the_person_or_in_both(mail, language, subject):
    author, reviewer = a_person(), a_person("publisher", first_name="Rita")
    prefer(author, language)
    reviews.approve(submitted(author), by=reviewer)
    send()
    assert subject_of(mail.letters[0]) == subject


@pytest.mark.medium
def test_what_people_wrote_is_text_in_html_too(mail):
    author, reviewer = a_person(), a_person("publisher", first_name="Rita")
    page = a_page(title_en="<b>Trade</b> & مرحبا", title_fr="Commerce")
    prefer(author)
    reviews.approve(reviews.submit(page, by=author), by=reviewer)
    send()
    text, html = parts(mail.letters[0])
    assert "“<b>Trade</b> & مرحبا”" in text
    assert "&lt;b&gt;Trade&lt;/b&gt; &amp; مرحبا" in html


@pytest.mark.medium
def test_each_person_chooses_at_once_once_a_day_the_list_or_nothing(mail):
    author = a_person()
    people = {choice: a_person("publisher") for choice in Delivery}
    for choice, person in people.items():
        prefer(person, submitted=choice)
    submitted(author)
    send()
    assert [letter["To"] for letter in mail.letters] == [people[Delivery.NOW].email]
    send(Delivery.NOW, Delivery.DAILY)
    assert [letter["To"] for letter in mail.letters[1:]] == [people[Delivery.DAILY].email]
    assert [len(told(person)) for person in people.values()] == [0, 1, 1, 1]


@pytest.mark.medium
def test_several_things_come_in_one_e_mail_and_what_was_read_in_none(mail):
    author, reviewer = a_person(), a_person("publisher")
    prefer(reviewer, submitted=Delivery.DAILY)
    for _number in range(3):
        submitted(author)
    notifications.mark_read(Notification.objects.filter(pk=Notification.objects.first().pk))
    send(Delivery.DAILY)
    assert [letter["Subject"] for letter in mail.letters] == ["2 notifications"]


@pytest.mark.medium
def test_an_e_mail_names_some_and_counts_the_others(mail, monkeypatch):
    monkeypatch.setattr(notification_emails, "MAX_LINES", 2)
    author, reviewer = a_person(), a_person("publisher")
    prefer(reviewer, submitted=Delivery.NOW)
    for _number in range(3):
        submitted(author)
    send()
    for part in parts(mail.letters[0]):
        assert "1 more notification is in the list" in part


@pytest.mark.medium
def test_nobody_is_sent_two_however_often_it_is_run(mail):
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    assert [send().sent for _time in range(3)] == [1, 0, 0]


@pytest.mark.medium
def test_what_another_process_took_meanwhile_is_not_sent(mail):
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    other = lambda: Notification.objects.update(sent_at=timezone.now())  # noqa: E731
    assert notification_emails.send((Delivery.NOW,), other).sent == 0
    assert mail.letters == []


@pytest.mark.medium
def test_a_server_that_does_not_answer_loses_nothing(mail, settings):
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(OSError):  # noqa: PT011
        send()
    assert Notification.objects.awaiting_email(Delivery.NOW).count() == 1
    settings.EMAIL_PORT = port
    assert send().sent == 1


@pytest.mark.medium
def test_what_the_server_takes_later_is_sent_later_and_the_others_now(mail):
    author, other, reviewer = a_person(), a_person(), a_person("publisher")
    for person in (author, other):
        reviews.approve(submitted(person), by=reviewer)
    mail.answers[author.email] = "450 later"
    with pytest.raises(Postponed):
        send()
    assert [letter["To"] for letter in mail.letters] == [other.email]
    mail.answers.clear()
    assert send().sent == 1
    assert [letter["To"] for letter in mail.letters] == [other.email, author.email]


@pytest.mark.medium
def test_an_address_that_is_refused_for_good_is_not_tried_again(mail):
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    mail.answers[author.email] = "550 unknown"
    assert send() == notification_emails.Sent(0, 1)
    assert send() == notification_emails.Sent(0, 0)
    assert len(told(author)) == 1


@pytest.mark.medium
@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_cannot_sign_in_or_has_no_address_is_sent_nothing(mail, changes):
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    type(author).objects.filter(pk=author.pk).update(**changes)
    assert send().sent == 0


@pytest.mark.medium
def test_without_a_mail_server_there_is_the_list_alone(mailoutbox, settings):
    assert settings.EMAIL_HOST == ""
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    assert send(Delivery.NOW, Delivery.DAILY).sent == 0
    assert not notification_emails.is_due()
    settings.EMAIL_HOST = "127.0.0.1"  # what was told before is not sent
    assert send(Delivery.NOW, Delivery.DAILY).sent == 0
    assert mailoutbox == []
    assert len(told(author)) == 1


# When


@pytest.fixture
def only_mail(monkeypatch):
    jobs = [job for job in scheduled_jobs.JOBS if job.name == "send_notifications"]
    monkeypatch.setattr(scheduler, "JOBS", jobs)


@pytest.mark.medium
def test_at_once_is_at_the_next_minute_and_the_job_rests_in_between(mail, only_mail):
    scheduler.run_due_jobs()
    author, reviewer = a_person(), a_person("publisher")
    assert scheduler.run_due_jobs() == []
    reviews.approve(submitted(author), by=reviewer)
    assert [outcome.result for outcome in scheduler.run_due_jobs()] == [{"sent": 1, "refused": 0}]
    assert scheduler.run_due_jobs() == []
    assert scheduler.statuses() == {"send_notifications": "ok"}


@pytest.mark.medium
def test_a_job_that_failed_is_not_begun_every_minute(mail, only_mail, settings):
    scheduler.run_due_jobs()
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert [outcome.error for outcome in scheduler.run_due_jobs()] == ["ConnectionRefusedError"]
    settings.EMAIL_PORT = port
    assert scheduler.run_due_jobs() == []
    ScheduledJob.objects.update(next_attempt_at=timezone.now())
    assert [outcome.result for outcome in scheduler.run_due_jobs()] == [{"sent": 1, "refused": 0}]


@pytest.mark.medium
def test_a_job_that_another_process_has_is_not_begun_though_there_is_work(mail, only_mail):
    scheduler.run_due_jobs()
    author, reviewer = a_person(), a_person("publisher")
    reviews.approve(submitted(author), by=reviewer)
    ScheduledJob.objects.update(leased_until=timezone.now() + timedelta(minutes=5))
    assert scheduler.run_due_jobs() == []
    assert mail.letters == []


def test_they_are_deleted_after_half_a_year():
    page, person = a_page(), a_person()
    for days in (179, 181):
        made_at = timezone.now() - timedelta(days=days)
        Notification.objects.create(recipient=person, kind="returned", page=page, made_at=made_at)
    (job,) = [job for job in scheduled_jobs.JOBS if job.name == "delete_old_notifications"]
    assert job.run(lambda: None) == {"deleted": 1}


# The list and the choice in the admin

LIST, CHOICE = "/admin/notifications/", "/admin/notifications/preferences/"


@pytest.fixture
def author(client):
    """Somebody who is signed in, with a page that was returned and one that was approved."""
    person, reviewer = a_person(), a_person("publisher", first_name="Rita")
    reviews.reject(submitted(person), by=reviewer, comment="Please say <when>.")
    reviews.approve(submitted(person), by=reviewer)
    client.force_login(person)
    return person


@pytest.mark.medium
def test_the_list_shows_what_is_new_with_the_reason_for_a_return(client, author):
    shown = client.get(LIST).text
    assert shown.index("Rita approved “Trade”.") < shown.index("Rita returned “Trade”.")
    assert "Please say &lt;when&gt;." in shown
    assert "2 unread notifications" in shown
    assert "2 unread notifications" in client.get("/admin/").text


@pytest.mark.medium
def test_the_list_is_in_the_language_of_the_admin(client, author):
    client.cookies["django_language"] = "fr"
    assert "Rita a approuvé" in client.get(LIST).text
    assert "Commerce" in client.get(LIST).text


@pytest.mark.medium
def test_one_or_all_are_marked_as_read(client, author):
    first = Notification.objects.filter(recipient=author).first()
    client.post(LIST, {"number": [first.pk, "x", "9" * 30]})
    assert notifications.unread_count(author) == 1
    client.post(LIST, {"all": "yes"})
    assert notifications.unread_count(author) == 0


@pytest.mark.medium
def test_opening_one_leads_to_its_place_and_marks_it_as_read(client, author):
    row = Notification.objects.get(recipient=author, kind="returned")
    response = client.get(f"{LIST}{row.pk}/")
    edition = row.step.edition
    assert response["Location"] == f"/admin/pages/page/{edition.page_id}/review/{edition.number}/"
    assert notifications.unread_count(author) == 1


@pytest.mark.medium
def test_those_of_others_cannot_be_opened_or_marked(client, author):
    other = a_person()
    row = Notification.objects.create(recipient=other, kind="returned", page=a_page())
    assert client.get(f"{LIST}{row.pk}/").status_code == 404
    client.post(LIST, {"number": row.pk})
    assert notifications.unread_count(other) == 1


@pytest.mark.medium
def test_a_page_takes_what_was_told_of_it_along_when_it_is_deleted(staff_client):
    page, person = a_page(), a_person()
    notifications.write([notifications.Message(person.pk, notifications.REVIEW_NEAR, page.pk, {})])
    address = f"/admin/pages/page/{page.pk}/delete/"
    assert "otification: " not in staff_client.get(address).text
    staff_client.post(address, {"post": "yes"})
    assert not Notification.objects.exists()


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_many_as_for_few(client, author, django_assert_num_queries):
    client.get(LIST)
    with django_assert_num_queries(10, exact=False) as few:
        client.get(LIST)
    reviewer = a_person("publisher")
    for _number in range(5):
        reviews.approve(submitted(author), by=reviewer)
    with django_assert_num_queries(len(few)):
        client.get(LIST)


@pytest.mark.medium
def test_a_long_list_has_pages(client, author):
    page = a_page()
    Notification.objects.bulk_create(
        Notification(
            recipient=author, kind="review_near", page=page, due_on=timezone.localdate() + timedelta(n)
        )
        for n in range(60)
    )
    assert "Page 1 of 2" in client.get(LIST).text
    for number in ("2", "99", "x", ""):
        assert client.get(LIST, {"page": number}).status_code == 200


@pytest.mark.medium
def test_people_choose_among_the_kinds_that_concern_them(client, author, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    shown = client.get(CHOICE).text
    assert "Returned to me" in shown
    assert "Submitted for review" not in shown
    assert author.email in shown
    kinds = ("returned", "approved", "published", "review_near", "translation_due")
    data = {"language": "fr", **dict.fromkeys(kinds, "daily"), "approved": "none"}
    assert client.post(CHOICE, data)["Location"] == LIST
    chosen = NotificationPreferences.objects.get(person=author)
    assert chosen.language == "fr"
    assert (chosen.deliveries["returned"], chosen.deliveries["approved"]) == ("daily", "none")
    assert 'value="none" selected' in client.get(CHOICE).text
    reviews.approve(submitted(author), by=None)
    assert len(told(author)) == 2


@pytest.mark.medium
@pytest.mark.parametrize("value", ["", "hourly", "\0"])
def test_a_choice_that_is_not_offered_changes_nothing(client, author, value):
    response = client.post(CHOICE, {"returned": value})
    assert response.status_code == 422
    assert not NotificationPreferences.objects.exists()


@pytest.mark.medium
def test_without_a_mail_server_no_e_mail_is_offered(client, author):
    shown = client.get(CHOICE).text
    assert "This site sends no emails." in shown
    assert "once a day" not in shown


@pytest.mark.medium
def test_who_has_no_address_is_told_so(client, author, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    type(author).objects.filter(pk=author.pk).update(email="")
    assert "Your account has no email address" in client.get(CHOICE).text


def test_staff_without_rights_have_nothing_to_choose(client):
    client.force_login(an_account())
    assert "You have no notifications." in client.get(LIST).text
    assert "there is nothing to be notified of" in client.get(CHOICE).text
