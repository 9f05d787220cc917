"""What publishing, archiving and withdrawing refuse, in which words; and what is left in the record and the log."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages import approval, emergencies, publishing, reviews, working_copy
from pages.document import NOTHING, Bilingual
from pages.models.edition import Edition
from pages.models.page import Page
from tests.factories import a_home_page, a_live_page, a_page, a_text, an_account

pytestmark = [pytest.mark.django_db, pytest.mark.medium]

HALF = Bilingual("In English only.", "")
BOTH = Bilingual("It is wrong.", "C’est inexact.")


def in_hours(number):
    return timezone.now() + timedelta(hours=number)


def a_live_home_page():
    home = a_home_page()
    publishing.publish(home, by=None)
    return home


def a_withdrawn_page():
    page = a_live_page()
    publishing.withdraw(page, by=None, explanation=BOTH)
    return page


def an_emergency():
    page = retitled(a_live_page(), en="Urgent")
    due_on = timezone.localdate() + timedelta(days=2)
    emergencies.publish_in_emergency(page, language="en", reason="Fighting.", due_on=due_on, by=None)
    return page


def retitled(page, **titles):
    Page.objects.filter(pk=page.pk).update(
        **{f"title_{language}": title for language, title in titles.items()}
    )
    return Page.objects.get(pk=page.pk)


REFUSED = {
    "a correction in one language": (
        lambda: publishing.publish(a_page(), by=None, correction=HALF),
        "Write the correction in both languages or leave both empty.",
    ),
    "an explanation in one language": (
        lambda: publishing.withdraw(a_live_page(), by=None, explanation=HALF),
        "Write the explanation in both languages or leave both empty.",
    ),
    "the archive of the home page": (
        lambda: publishing.archive(a_live_home_page(), by=None),
        "A site always keeps its home page. It cannot be archived or withdrawn.",
    ),
    "the withdrawal of a page that is not public": (
        lambda: publishing.withdraw(a_page(), by=None),
        "The page will not be public at that time, so there is nothing to archive or withdraw.",
    ),
    "the archive of what is public in one language, later": (
        lambda: publishing.archive(an_emergency(), by=None, at=in_hours(1)),
        "The page is public in one language only. Publish both languages first, or choose “Now”.",
    ),
    "a date that has passed": (
        lambda: publishing.publish(a_page(), by=None, at=in_hours(-1)),
        "Choose a future date and time, or publish now.",
    ),
    "an archive before the publication": (
        lambda: publishing.publish(a_page(), by=None, at=in_hours(2), archive_at=in_hours(1)),
        "Choose a date and time after the publication for the archive.",
    ),
    "the explanation of a page that is not withdrawn": (
        lambda: publishing.explain_withdrawal(a_live_page(), by=None, explanation=BOTH),
        "The page is not withdrawn, so there is no withdrawal to explain.",
    ),
    "an explanation that says nothing new": (
        lambda: publishing.explain_withdrawal(a_withdrawn_page(), by=None, explanation=BOTH),
        "The page is already withdrawn. Write an explanation that says something new.",
    ),
    "a proposed explanation that says nothing": (
        lambda: reviews.submit_withdrawal(a_withdrawn_page(), by=an_account(), explanation=NOTHING),
        "The page is already withdrawn. Write an explanation that says something new.",
    ),
    "a proposed explanation for later": (
        lambda: approval.live_to_withdraw(a_withdrawn_page(), in_hours(1), Bilingual("New.", "Nouveau.")),
        "The page is already withdrawn, so the explanation can only be shown now.",
    ),
    "the cancellation of what is live": (
        lambda: publishing.cancel(a_live_page().editions.get(), by=None),
        "You can cancel only an edition that is scheduled for later.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_says_what_to_do(what):
    act, expected = REFUSED[what]
    with pytest.raises(ValidationError) as refusal:
        act()
    assert refusal.value.messages == [expected]


def test_an_archive_at_the_very_moment_of_the_publication_is_refused():
    at = in_hours(1)
    with pytest.raises(approval.ArchiveRefused):
        publishing.publish(a_page(), by=None, at=at, archive_at=at)


def test_an_archive_that_finds_nothing_says_why():
    page = a_live_page()
    publishing.withdraw(page, by=None, at=in_hours(1))
    with pytest.raises(approval.ArchiveRefused) as refusal:
        publishing.publish(retitled(page, en="Again"), by=None, archive_at=in_hours(2))
    assert refusal.value.messages == [
        "The page will not be public at that time, so there is nothing to archive or withdraw."
    ]


def test_a_withdrawal_is_proposed_for_what_is_public_then():
    page = a_live_page()
    publishing.withdraw(page, by=None, at=in_hours(1))
    with pytest.raises(ValidationError):
        approval.live_to_withdraw(page, in_hours(2), NOTHING)


def test_an_edition_has_no_note_and_a_correction_thanks_nobody_unless_somebody_says_so():
    page = a_live_page()
    edition = publishing.publish(retitled(page, en="Better"), by=None, correction=BOTH)
    assert (edition.note, edition.correction.thanks) == ("", False)
    assert publishing.archive(page, by=None).note == ""
    assert publishing.withdraw(page, by=None).note == ""
    assert publishing.explain_withdrawal(page, by=None, explanation=BOTH).note == ""


def test_pages_that_are_published_together_say_in_both_languages_what_was_urgent():
    page, other = retitled(an_emergency(), en="Still urgent"), a_page()
    editions, reasons = publishing.publish_ready([page, other], by=None)
    assert [edition.page for edition in editions] == [other]
    assert [reason.message for reason in reasons] == [
        "Title was published in English only. Update the French text, or confirm that it needs no change."
    ]


def test_only_the_pages_that_are_named_are_published_together():
    page, other = a_page(), a_page()
    publishing.publish_all([page], by=None)
    assert not other.editions.exists()


@pytest.mark.parametrize("state", ["in review", "cancelled"])
def test_an_archive_follows_a_newer_text_whatever_else_was_to_come(state):
    """An edition that is not approved says nothing of when an approved one falls due."""
    page = a_live_page()
    publishing.archive(page, by=None, at=in_hours(1))
    text = retitled(page, en="Newer")
    if state == "in review":
        reviews.submit(text, by=an_account())
    else:
        publishing.cancel(publishing.publish(text, by=None, at=in_hours(3)), by=None)
    publishing.publish_all([text], by=None)
    archived = Edition.objects.live(in_hours(2)).get(page=page)
    assert (archived.kind, archived.read().title.en) == (Edition.Kind.ARCHIVED, "Newer")


def test_what_replaces_a_scheduled_edition_may_link_to_a_page_that_is_public_by_then():
    page, coming, person = a_live_page(), a_page(), an_account()
    publishing.publish(coming, by=None, at=in_hours(1))
    link = f'<p><a href="page:{coming.key}">Coming</a></p>'
    a_text(page, body_en=link, body_fr=link)
    scheduled = publishing.publish(page, by=person, at=in_hours(2))
    document = working_copy.read(retitled(page, en="Carried"))
    new = publishing.replace_scheduled(scheduled, document, source=scheduled, by=person)
    assert new.steps.get().by == person


def test_a_scheduled_edition_is_not_replaced_by_one_that_puts_a_page_below_itself():
    home = a_live_home_page()
    one = a_live_page(parent=home)
    two = a_live_page(parent=one)
    scheduled = publishing.publish(retitled(one, en="Later"), by=None, at=in_hours(1))
    Page.objects.filter(pk=two.pk).update(parent=home)
    Page.objects.filter(pk=one.pk).update(parent=two)
    document = working_copy.read(Page.objects.get(pk=one.pk))
    with pytest.raises(ValidationError, match="would be under itself"):
        publishing.replace_scheduled(scheduled, document, source=scheduled, by=None)


def test_the_log_names_what_a_person_approved_and_cancelled(caplog, django_capture_on_commit_callbacks):
    caplog.set_level("INFO", logger="pages.approval")
    person = an_account()
    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish_all([a_page(key="trade")], by=person)
        publishing.cancel(publishing.publish(a_page(key="aid"), by=None, at=in_hours(1)), by=person)
    approved, cancelled = (record.getMessage() for record in caplog.records)
    assert approved.startswith("Approved: edition 1 of trade (current), public from ")
    assert cancelled.startswith("Cancelled: edition 1 of aid (current), public from ")
    assert all(line.endswith(f", by account {person.pk}") for line in (approved, cancelled))


# Twice the same


def kinds_and_statuses(page):
    return list(page.editions.order_by("number").values_list("kind", "status"))


def test_two_publications_with_one_date_of_the_archive_make_one_archive():
    page, at = a_live_page(), in_hours(2)
    publishing.publish(retitled(page, en="Second"), by=None, archive_at=at)
    publishing.publish(retitled(page, en="Third"), by=None, archive_at=at)
    [archive] = Edition.objects.scheduled().filter(page=page)
    assert (archive.kind, archive.title_en, archive.publish_at) == ("archived", "Third", at)
    assert ("archived", "cancelled") in kinds_and_statuses(page)


def test_an_archive_of_the_same_moment_takes_the_place_of_the_one_before():
    page, at = a_live_page(), in_hours(2)
    publishing.archive(page, by=None, at=at, note="First")
    publishing.archive(page, by=None, at=at, note="Second")
    assert Edition.objects.scheduled().get(page=page).note == "Second"
    assert Edition.objects.live(at).get(page=page).note == "Second"


def test_a_page_is_archived_once():
    page = a_live_page()
    publishing.archive(page, by=None)
    for at in (None, in_hours(1)):
        with pytest.raises(ValidationError) as refusal:
            publishing.archive(page, by=None, at=at)
        assert refusal.value.messages == ["The page is already archived."]
    assert len(kinds_and_statuses(page)) == 2


def test_an_archive_after_one_that_is_scheduled_is_refused_with_its_edition():
    page = a_live_page()
    publishing.archive(page, by=None, at=in_hours(1))
    with pytest.raises(ValidationError) as refusal:
        publishing.archive(page, by=None, at=in_hours(2))
    assert "Edition 2 archives the page on " in refusal.value.messages[0]


def test_a_page_with_a_newer_text_is_archived_again():
    page = a_live_page()
    publishing.archive(page, by=None)
    publishing.publish(retitled(page, en="Again"), by=None)
    publishing.archive(page, by=None)
    assert [kind for kind, _status in kinds_and_statuses(page)] == [
        "current",
        "archived",
        "current",
        "archived",
    ]
