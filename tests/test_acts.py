"""The record of a page: every act on an edition has who did it, what it was and when, in every place that shows it."""

import importlib
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from pages import emergencies, publishing, reviews, stale_translations, working_copy
from pages.document import Bilingual
from pages.models import preview_link
from pages.models.audit_entry import AuditEntry
from pages.models.edition import Edition
from pages.models.page import Page
from pages.models.review import ReviewStep
from reports import triage
from reports.models import ProblemReport
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_live_page, a_page, a_partner, a_report, an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def amal(db):
    return an_account(first_name="Amal", last_name="Roy")


@pytest.fixture
def zoe(db):
    return an_account(first_name="Zoé", last_name="Naji")


def later(days=2):
    return timezone.now() + timedelta(days=days)


def acts(edition):
    return [(step.action, step.by_shown) for step in edition.steps.all()]


def text(response):
    content = response.streaming_content if response.streaming else [response.content]
    return " ".join(b"".join(content).decode().split())


def screen(client, name, page, *more):
    return text(client.get(reverse(f"admin:pages_page_{name}", args=[page.pk, *more])))


# Each act has its own step


def publish_now(page, by):
    return publishing.publish(page, by=by)


def publish_later(page, by):
    return publishing.publish(page, by=by, at=later())


def publish_with_others(page, by):
    return publishing.publish_all([page], by=by)[0]


def archive_now(page, by):
    publishing.publish(page, by=None)
    return publishing.archive(page, by=by)


def archive_later(page, by):
    publishing.publish(page, by=None)
    return publishing.archive(page, by=by, at=later())


def withdraw_now(page, by):
    publishing.publish(page, by=None)
    return publishing.withdraw(page, by=by)


def publish_in_emergency(page, by):
    publishing.publish(page, by=None)
    Page.objects.filter(pk=page.pk).update(title_en="Urgent")
    values = {"language": "en", "reason": "A border is closed.", "due_on": timezone.localdate()}
    return emergencies.publish_in_emergency(page, by=by, **values)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("act", "action"),
    [
        (publish_now, "published"),
        (publish_later, "scheduled"),
        (publish_with_others, "published"),
        (archive_now, "archived"),
        (archive_later, "scheduled"),
        (withdraw_now, "withdrawn"),
        (publish_in_emergency, "emergency"),
    ],
)
def test_an_act_without_a_review_is_recorded_with_who_and_when(amal, act, action):
    before = timezone.now()
    edition = act(a_page(), amal)
    [step] = edition.steps.all()
    assert (step.action, step.by, step.by_shown) == (action, amal, "Amal Roy")
    assert before < step.made_at < timezone.now()
    assert (edition.author_shown, edition.approver_shown) == ("Amal Roy", "Amal Roy")


@pytest.mark.medium
def test_cancelling_has_a_status_and_an_act_of_its_own_and_the_approver_stays(amal, zoe):
    edition = publishing.publish(a_page(), by=amal, at=later())
    cancelled = publishing.cancel(edition, by=zoe)
    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.approver) == ("cancelled", amal)
    assert acts(cancelled) == [("scheduled", "Amal Roy"), ("cancelled", "Zoé Naji")]


@pytest.mark.medium
def test_cancelling_what_was_approved_in_a_review_keeps_who_approved_it(amal, zoe):
    edition = reviews.submit(a_page(), by=amal)
    reviews.approve(edition, by=zoe, at=later())
    cancelled = publishing.cancel(edition, by=amal)
    assert (cancelled.author_shown, cancelled.approver_shown) == ("Amal Roy", "Zoé Naji")
    assert [action for action, _by in acts(cancelled)] == ["submitted", "approved", "cancelled"]


@pytest.mark.parametrize("at", [None, 2], ids=["now", "later"])
def test_what_was_approved_in_a_review_names_the_author_and_who_approved_it(amal, zoe, at):
    edition = reviews.approve(reviews.submit(a_page(), by=amal), by=zoe, at=at and later(at))
    edition.refresh_from_db()
    assert (edition.author, edition.approver) == (amal, zoe)
    assert (edition.author_shown, edition.approver_shown) == ("Amal Roy", "Zoé Naji")


def test_nobody_has_approved_what_was_returned(amal, zoe):
    edition = reviews.submit(a_page(), by=amal)
    reviews.reject(edition, by=zoe, comment="A figure is wrong.")
    edition.refresh_from_db()
    assert (edition.approver, edition.approver_shown) == (None, "")
    assert acts(edition) == [("submitted", "Amal Roy"), ("returned", "Zoé Naji")]


def test_what_a_command_publishes_names_the_command_line():
    edition = publishing.publish_all([a_page()], by=None)[0]
    assert acts(edition) == [("published", "Command line")]
    assert edition.author_shown == "Command line"


# After the account


@pytest.mark.medium
def test_the_names_outlive_the_accounts(amal, zoe):
    edition = reviews.submit(a_page(), by=amal)
    reviews.approve(edition, by=zoe)
    get_user_model().objects.all().delete()
    edition = Edition.objects.get(pk=edition.pk)
    assert (edition.author, edition.author_shown, edition.approver_shown) == (None, "Amal Roy", "Zoé Naji")
    assert acts(edition) == [("submitted", "Amal Roy"), ("approved", "Zoé Naji")]


def test_an_account_that_is_there_is_shown_by_its_present_name(amal):
    edition = publishing.publish(a_page(), by=amal)
    amal.last_name = "Haddad"
    amal.save()
    edition = Edition.objects.get(pk=edition.pk)
    assert (edition.author_shown, acts(edition)) == ("Amal Haddad", [("published", "Amal Haddad")])


# The screens


@pytest.mark.medium
def test_the_history_and_the_export_name_who_cancelled_beside_who_approved(staff_client, amal, zoe):
    page = a_page()
    publishing.cancel(publishing.publish(page, by=amal, at=later()), by=zoe)
    history = screen(staff_client, "history", page)
    assert "<td>Amal Roy</td> <td>Amal Roy</td>" in history
    assert "<td>Zoé Naji</td> <td><a" in history
    assert "Cancelled" in history
    assert "Returned" not in history
    export = screen(staff_client, "export", page)
    assert "<dt>Approved by</dt><dd>Amal Roy</dd>" in export
    assert "<dt>Public as of</dt><dd>–</dd>" in export
    assert "– Zoé Naji – Cancelled" in export


@pytest.mark.medium
def test_a_review_says_who_returned_an_edition_and_when(staff_client, amal, zoe):
    page = a_page()
    edition = reviews.submit(page, by=amal)
    reviews.reject(edition, by=zoe, comment="A figure is wrong.")
    edition.steps.filter(action="returned").update(made_at=timezone.now() + timedelta(hours=3))
    returned = date_format(timezone.localtime(edition.steps.last().made_at), "SHORT_DATETIME_FORMAT")
    assert f"Returned – Zoé Naji, {returned}" in screen(staff_client, "review", page, 1)
    assert "<dt>Approved by</dt><dd>–</dd>" in screen(staff_client, "export", page)


@pytest.mark.medium
def test_the_worklist_says_who_returned_an_edition(client, zoe):
    author = an_account(is_superuser=True, first_name="Ines", last_name="Author")
    page = a_page()
    edition = reviews.submit(page, by=author)
    reviews.reject(edition, by=zoe, comment="A figure is wrong.")
    client.force_login(author)
    shown = text(client.get(reverse("admin:index")))
    assert "Zoé Naji, " in shown
    assert "Ines Author, " not in shown


@pytest.mark.medium
def test_what_is_to_come_is_said_with_the_act(staff_client, amal):
    page = a_live_page()
    publishing.archive(page, by=amal, at=later())
    assert "to be archived on" in screen(staff_client, "history", page)
    publishing.withdraw(page, by=amal, at=later(1), explanation=Bilingual("Old.", "Désuète."))
    assert "to be withdrawn on" in screen(staff_client, "history", page)
    page = a_page()
    reviews.approve(reviews.submit(page, by=amal), by=amal, at=later())
    assert "to be published on" in screen(staff_client, "history", page)


@pytest.mark.medium
def test_a_cancelled_edition_is_not_described_as_public(staff_client, amal):
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(title_en="Other")
    publishing.cancel(publishing.publish(page, by=amal, at=later()), by=amal)
    assert "Edition 2 (Cancelled), not public" in screen(staff_client, "compare", page)


@pytest.mark.medium
def test_the_record_is_in_french(staff_client, amal, zoe):
    page = a_page()
    publishing.cancel(publishing.publish(page, by=amal, at=later()), by=zoe)
    staff_client.cookies["django_language"] = "fr"
    history = screen(staff_client, "history", page)
    for said in ("Annulée", "Approuvée par", "Planifiée", "à publier le"):
        assert said in history


# What earlier releases left behind

repair = importlib.import_module("pages.migrations.0017_repair_the_record")


def as_earlier_releases_left_it(edition, **columns):
    """No acts but those of a review, and in `approver` whoever came last."""
    edition.steps.filter(action__in=repair.NEW_ACTIONS).delete()
    Edition.objects.filter(pk=edition.pk).update(author_name="", approver_name="", **columns)
    edition.steps.update(by_name="")
    return edition


def repaired(edition):
    repair.repair(apps, None)
    return Edition.objects.get(pk=edition.pk)


def cancelled_by(page, number, person):
    """The line that cancelling leaves in the log of the admin."""
    message = json.dumps([{"deleted": {"name": "scheduled edition", "object": str(number)}}])
    return LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(Page),
        object_id=str(page.pk),
        object_repr=str(page),
        action_flag=CHANGE,
        change_message=message,
    )


@pytest.mark.medium
def test_a_cancelled_edition_gets_its_approver_back_and_the_time_from_the_log(amal, zoe):
    edition = publishing.cancel(publishing.publish(a_page(), by=amal, at=later()), by=zoe)
    entry = cancelled_by(edition.page, 1, zoe)
    as_earlier_releases_left_it(edition, status="returned", approver=zoe)
    edition = repaired(edition)
    assert (edition.status, edition.author_shown, edition.approver_shown) == (
        "cancelled",
        "Amal Roy",
        "Amal Roy",
    )
    assert acts(edition) == [("scheduled", "Amal Roy"), ("cancelled", "Zoé Naji")]
    assert [step.made_at for step in edition.steps.all()] == [edition.created_at, entry.action_time]


@pytest.mark.medium
def test_the_time_of_a_cancellation_is_unknown_where_no_log_has_it(staff_client, amal, zoe):
    edition = reviews.submit(a_page(), by=amal)
    reviews.approve(edition, by=zoe, at=later())
    publishing.cancel(edition, by=amal)
    as_earlier_releases_left_it(edition, status="returned", approver=amal)
    edition = repaired(edition)
    assert edition.approver_shown == "Zoé Naji"
    step = edition.steps.last()
    assert (step.action, step.by_shown, step.made_at) == ("cancelled", "Amal Roy", None)
    assert "Date unknown" in screen(staff_client, "history", edition.page)
    assert "Date unknown – Amal Roy – Cancelled" in screen(staff_client, "export", edition.page)
    assert "Cancelled – Amal Roy, date unknown" in screen(staff_client, "review", edition.page, 1)


@pytest.mark.medium
def test_a_deleted_account_is_unknown_and_nobody_else_is_named(staff_client, amal, zoe):
    edition = publishing.cancel(publishing.publish(a_page(), by=amal, at=later()), by=zoe)
    as_earlier_releases_left_it(edition, status="returned", approver=zoe)
    amal.delete()
    edition = repaired(edition)
    assert (edition.author_shown, edition.approver_shown) == ("Name unknown", "Name unknown")
    assert acts(edition) == [("scheduled", "Name unknown"), ("cancelled", "Zoé Naji")]


def test_a_returned_edition_was_approved_by_nobody(amal, zoe):
    edition = reviews.submit(a_page(), by=amal)
    reviews.reject(edition, by=zoe, comment="A figure is wrong.")
    as_earlier_releases_left_it(edition, approver=zoe)
    edition = repaired(edition)
    assert (edition.status, edition.approver, edition.approver_shown) == ("returned", None, "")
    assert acts(edition) == [("submitted", "Amal Roy"), ("returned", "Zoé Naji")]


def test_a_replaced_edition_is_called_so(amal):
    page = a_page()
    edition = reviews.submit(page, by=amal)
    Page.objects.filter(pk=page.pk).update(title_en="Better")
    reviews.submit(page, by=amal)
    as_earlier_releases_left_it(edition, status="returned")
    assert repaired(edition).status == "replaced"


@pytest.mark.medium
@pytest.mark.parametrize("act", [publish_now, archive_now, archive_later, withdraw_now, publish_in_emergency])
def test_what_was_published_without_a_review_gets_its_act(amal, act):
    edition = act(a_page(), amal)
    [before] = edition.steps.all()
    as_earlier_releases_left_it(edition)
    edition = repaired(edition)
    [after] = edition.steps.all()
    assert (after.action, after.by, after.by_shown) == (before.action, amal, "Amal Roy")
    assert (after.made_at, edition.approver_shown) == (edition.created_at, "Amal Roy")


@pytest.mark.medium
def test_the_repair_can_be_undone_and_done_again(amal, zoe):
    cancelled = publishing.cancel(publishing.publish(a_page(), by=amal, at=later()), by=zoe)
    as_earlier_releases_left_it(cancelled, status="returned", approver=zoe)
    returned = reviews.submit(a_page(), by=amal)
    reviews.reject(returned, by=zoe, comment="No.")
    as_earlier_releases_left_it(returned, approver=zoe)
    first = [repaired(cancelled), acts(cancelled), acts(returned)]
    repair.undo(apps, None)
    for edition in (cancelled, returned):
        edition.refresh_from_db()
        assert (edition.status, edition.approver) == ("returned", zoe)
    assert not cancelled.steps.exists()
    assert [repaired(cancelled), acts(cancelled), acts(returned)] == first


@pytest.mark.medium
@pytest.mark.parametrize("batch", [1, 2, 500])
def test_the_repair_reaches_every_edition_however_many_it_reads_at_a_time(amal, monkeypatch, batch):
    monkeypatch.setattr(repair, "BATCH", batch)
    pages = [a_page() for _number in range(3)]
    editions = [as_earlier_releases_left_it(publishing.publish(page, by=amal)) for page in pages]
    repair.repair(apps, None)
    assert [acts(edition) for edition in editions] == [[("published", "Amal Roy")]] * 3


def test_a_step_is_written_in_words():
    assert str(ReviewStep(action="cancelled")) == "Cancelled"


# Everything else that people did, after their accounts


def gone():
    get_user_model().objects.all().delete()


def as_superuser(client):
    client.force_login(an_account(is_superuser=True))
    return client


@pytest.mark.medium
def test_the_saves_of_a_page_outlive_the_account(client):
    page = a_live_page()
    client.force_login(an_account(is_superuser=True, first_name="Ines", last_name="Tremblay"))
    client.post(change_address(page), page_form(client, page) | {"title_en": "Other"})
    gone()
    shown = screen(as_superuser(client), "history", page)
    assert "<td>Ines Tremblay</td> <td>Changed title.</td>" in shown


@pytest.mark.medium
def test_the_history_of_a_partner_organization_outlives_the_account(client):
    partner = a_partner()
    address = reverse("admin:pages_partnerorganization_change", args=[partner.pk])
    client.force_login(an_account(is_superuser=True, first_name="Ines", last_name="Tremblay"))
    data = fields(client.get(address), "partnerorganization_form") | {"name_en": "Other"}
    client.post(address, data)
    gone()
    history = reverse("admin:pages_partnerorganization_history", args=[partner.pk])
    assert "<td>Ines Tremblay</td> <td>Changed name.</td>" in text(as_superuser(client).get(history))


def test_the_history_of_an_account_outlives_the_account_that_changed_it(client):
    client.force_login(an_account(is_superuser=True, first_name="Ines", last_name="Tremblay"))
    address = reverse("admin:auth_user_add")
    client.post(address, {"username": "new", "usable_password": "false"})
    get_user_model().objects.exclude(username="new").delete()
    new = get_user_model().objects.get(username="new")
    history = reverse("admin:auth_user_history", args=[new.pk])
    assert "<td>Ines Tremblay</td> <td>Added.</td>" in text(as_superuser(client).get(history))


@pytest.mark.medium
def test_what_was_decided_on_a_translation_outlives_the_account(client, amal):
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(title_en="Other")
    page = Page.objects.get(pk=page.pk)
    document = working_copy.read(page)
    stale = stale_translations.stale_texts(page, document, Edition.objects.live().get(page=page))
    stale_translations.decide(page, document, stale, by=amal, kind="no_change", reason="A spelling mistake.")
    gone()
    assert "<td>Amal Roy</td>" in screen(as_superuser(client), "translations", page)


@pytest.mark.medium
def test_who_made_a_preview_link_outlives_the_account(client, amal):
    page = a_live_page()
    preview_link.create_link(page, by=amal, days=3)
    gone()
    assert ", Amal Roy</td>" in screen(as_superuser(client), "share", page)


@pytest.mark.medium
def test_the_timeline_of_a_report_outlives_the_account(client, amal):
    report = a_report()
    triage.assign_to([report], by=amal)
    triage.note(report, by=amal, text="Asked the author.")
    gone()
    address = reverse("admin:reports_problemreport_change", args=[report.pk])
    assert text(as_superuser(client).get(address)).count("· Amal Roy</span>") == 3


@pytest.mark.medium
def test_who_looked_at_a_report_outlives_the_account(client):
    report = a_report()
    client.force_login(an_account(is_superuser=True, first_name="Ines", last_name="Tremblay"))
    client.get(reverse("admin:reports_problemreport_change", args=[report.pk]))
    gone()
    entry = AuditEntry.objects.about(ProblemReport, report.pk).get()
    assert (entry.user, entry.user_shown, entry.change_message) == (None, "Ines Tremblay", "Report")


@pytest.mark.medium
def test_deleting_an_account_says_first_what_is_kept(staff_client, amal):
    publishing.publish(a_page(), by=amal)
    address = reverse("admin:auth_user_delete", args=[amal.pk])
    assert "Kept: the person’s name in the history" in text(staff_client.get(address))
    accounts = reverse("admin:auth_user_changelist")
    asked = {"action": "delete_selected", "_selected_action": [amal.pk]}
    assert "Kept: the person’s name in the history" in text(staff_client.post(accounts, asked))
    staff_client.cookies["django_language"] = "fr"
    assert "Conservé : le nom de la personne" in text(staff_client.get(address))
    staff_client.post(address, {"post": "yes"})
    assert not get_user_model().objects.filter(pk=amal.pk).exists()
    assert Edition.objects.get().author_shown == "Amal Roy"


keep_names = importlib.import_module("pages.migrations.0021_names_in_the_record")


@pytest.mark.parametrize("batch", [1, 1000])
def test_the_log_of_earlier_releases_is_copied_with_the_names(staff_client, amal, zoe, monkeypatch, batch):
    monkeypatch.setattr(keep_names, "BATCH", batch)
    page = a_page()
    entries = [cancelled_by(page, number, amal) for number in (1, 2)]
    link, _token = preview_link.create_link(page, by=zoe, days=3)
    link.created_by_name = ""
    link.save()
    keep_names.keep(apps, None)
    copies = AuditEntry.objects.about(Page, page.pk)
    assert [(copy.user_shown, copy.action_time) for copy in copies] == [
        ("Amal Roy", entry.action_time) for entry in reversed(entries)
    ]
    gone()
    link.refresh_from_db()
    assert (link.created_by, link.created_by_shown) == (None, "Zoé Naji")
    assert {copy.user_shown for copy in copies.all()} == {"Amal Roy"}
    keep_names.forget(apps, None)
    assert not AuditEntry.objects.exists()


@pytest.mark.medium
def test_what_was_saved_meanwhile_names_who_saved_and_not_who_published(client):
    page = a_page()
    ines = an_account(is_superuser=True, first_name="Ines", last_name="Tremblay")
    publisher = an_account(is_superuser=True, first_name="Paul", last_name="Publisher")
    client.force_login(publisher)
    opened = page_form(client, page)
    client.force_login(ines)
    client.post(change_address(page), page_form(client, page) | {"title_en": "Other"})
    client.force_login(publisher)
    publish = reverse("admin:pages_page_publish", args=[page.pk])
    client.post(publish, fields(client.get(publish)) | {"when": "now", "significant": "yes"})
    assert Edition.objects.get(page=page).author == publisher
    shown = text(client.post(change_address(page), opened | {"title_en": "Mine"}))
    assert "by Ines Tremblay." in shown.partition("Last saved on")[2]
    assert [entry.user for entry in AuditEntry.objects.about(Page, page.pk)] == [ines]
