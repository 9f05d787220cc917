"""What becomes of an edition that falls due after another one has been published: a person decides, nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from pages import publishing, rescheduling, reviews, working_copy
from pages.content_files import dump
from pages.document import Bilingual, dumps
from pages.models.edition import Edition
from pages.rescheduling import Choice, Decision
from reports.models import ProblemReport
from tests.admin_forms import fields
from tests.factories import a_figure, a_home_page, a_live_page, a_page, a_report, a_text, an_account

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def later(hours=2):
    return timezone.now() + hours * HOUR


def save(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save()


def a_page_with_a_text_to_come(**changes):
    """Live; its title changes in two hours. Since then the description has changed, in the text of today."""
    page = a_live_page(title_en="Today", title_fr="Aujourd’hui", description_en="Before.", **changes)
    save(page, title_en="Coming", title_fr="À venir")
    coming = publishing.publish(page, by=None, at=later(), note="For the new year.", significant=False)
    save(page, title_en="Today", title_fr="Aujourd’hui", description_en="After.")
    return page, coming


def live(page, at=None):
    return Edition.objects.live(at).get(page=page)


def told(edition):
    return edition.title_en, edition.description_en


def settle(edition, number, choice, sides=None):
    return rescheduling.settle(edition, {number: Decision(Choice(choice), sides or {})}, by=None)


# The rule


@pytest.mark.medium
def test_an_edition_that_falls_due_later_is_not_left_undecided():
    page, _coming = a_page_with_a_text_to_come()
    edition = publishing.publish(page, by=None)
    with pytest.raises(ValidationError, match="Edition 2 is scheduled for .* decide"):
        rescheduling.settle(edition, {}, by=None)


@pytest.mark.medium
def test_an_edition_that_falls_due_before_needs_no_decision():
    page, _coming = a_page_with_a_text_to_come()
    edition = publishing.publish(page, by=None, at=later(3))
    assert rescheduling.settle(edition, {}, by=None) == []


@pytest.mark.medium
def test_of_one_moment_only_the_one_with_the_higher_number_falls_due_later():
    page = a_live_page()
    save(page, title_en="Submitted")
    submitted = reviews.submit(page, by=None)
    moment = later()
    save(page, title_en="Coming")
    coming = publishing.publish(page, by=None, at=moment)
    approved = reviews.approve(submitted, by=None, at=moment)
    assert list(rescheduling.due_after(page, moment, approved.number)) == [coming]
    assert list(rescheduling.due_after(page, moment, coming.number)) == []


@pytest.mark.medium
def test_kept_it_takes_the_new_changes_back():
    page, coming = a_page_with_a_text_to_come()
    settle(publishing.publish(page, by=None), 2, "keep")
    assert live(page, later(3)) == coming


@pytest.mark.medium
def test_cancelled_it_does_not_become_public():
    page, coming = a_page_with_a_text_to_come()
    new = publishing.publish(page, by=None)
    settle(new, 2, "cancel")
    coming.refresh_from_db()
    assert (live(page, later(3)), coming.status) == (new, Edition.Status.CANCELLED)


@pytest.mark.medium
def test_carried_it_says_what_both_changed_at_the_same_time_and_nothing_else():
    page, coming = a_page_with_a_text_to_come()
    new = publishing.publish(page, by=None)
    ((before, after),) = settle(new, 2, "carry")
    assert told(live(page)) == ("Today", "After.")
    assert told(live(page, later(3))) == ("Coming", "After.")
    assert (before, after) == (coming, live(page, later(3)))
    assert (after.publish_at, after.note, after.significant) == (coming.publish_at, coming.note, False)
    coming.refresh_from_db()
    assert coming.status == Edition.Status.CANCELLED


@pytest.mark.medium
def test_a_correction_goes_with_the_edition_that_is_carried():
    page = a_live_page()
    save(page, title_en="Coming")
    correction = Bilingual("The title was wrong.", "Le titre était faux.")
    publishing.publish(page, by=None, at=later(), correction=correction, thanks=True)
    save(page, description_en="After.")
    ((_before, after),) = settle(publishing.publish(page, by=None), 2, "carry")
    assert (after.correction.text_fr, after.correction.thanks) == ("Le titre était faux.", True)


@pytest.mark.medium
def test_what_both_changed_is_refused_until_a_person_decides():
    page, _coming = a_page_with_a_text_to_come()
    save(page, title_en="Now")
    new = publishing.publish(page, by=None)
    with pytest.raises(ValidationError, match="changed the same passages"):
        settle(new, 2, "carry")
    settle(new, 2, "carry", {"title/en": "new"})
    assert told(live(page, later(3))) == ("Now", "After.")


@pytest.mark.medium
def test_carrying_twice_keeps_what_was_carried_before():
    page, _coming = a_page_with_a_text_to_come()
    ((_before, after),) = settle(publishing.publish(page, by=None), 2, "carry")
    save(page, introduction_en="<p>Newest.</p>")
    settle(publishing.publish(page, by=None), after.number, "carry")
    coming = live(page, later(3))
    assert (*told(coming), coming.read().introduction.en) == ("Coming", "After.", "<p>Newest.</p>")


@pytest.mark.medium
def test_what_is_carried_has_to_be_ready_for_publication():
    page = a_live_page()
    text = a_text(page)
    publishing.publish(page, by=None)
    save(page, address_en="coming")
    publishing.publish(page, by=None, at=later())
    Edition.objects.filter(page=page, number=3).update(document=_without_french(page.editions.get(number=3)))
    text.heading_en = "Exports"
    text.save()
    with pytest.raises(ValidationError, match="cannot be published with the new changes"):
        settle(publishing.publish(page, by=None), 3, "carry")


def _without_french(edition):
    return dumps(replace(edition.read(), description=Bilingual("Other words.", "")))


@pytest.mark.medium
def test_an_archive_to_come_needs_no_carrying_and_goes_on_with_an_edition_that_is_carried():
    page, _coming = a_page_with_a_text_to_come()
    publishing.archive(page, by=None, at=later(3))
    new = publishing.publish(page, by=None)
    settle(new, 2, "carry")
    archived = live(page, later(4))
    assert (archived.kind, *told(archived)) == ("archived", "Coming", "After.")


@pytest.mark.medium
def test_an_archive_of_a_first_text_stays_when_that_one_is_carried():
    page = a_page(title_en="First")
    publishing.publish(page, by=None, at=later())
    publishing.archive(page, by=None, at=later(3))
    save(page, title_en="Second")
    new = publishing.publish(page, by=None)
    settle(new, 1, "carry")
    archived = live(page, later(4))
    assert (archived.kind, archived.title_en) == ("archived", "Second")


# The screens


def address(name, page, *more):
    return reverse(f"admin:pages_page_{name}", args=[page.pk, *more])


def submit(client, path, **values):
    return client.post(path, fields(client.get(path)) | values, follow=True)


def shown(response):
    return unescape(response.content.decode())


def publish_now(client, page, **values):
    return submit(client, address("publish", page), when="now", significant="yes", **values)


@pytest.mark.medium
def test_the_publish_screen_shows_what_each_text_changed(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    text = shown(staff_client.get(address("publish", page)))
    assert "What should happen to edition 2?" in text
    assert "3 passages differ" in text
    assert "The new text is added to the edition" in text
    assert "The edition keeps its own text" in text


@pytest.mark.medium
def test_nobody_publishes_before_they_have_decided(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    text = shown(publish_now(staff_client, page))
    assert "Edition 2 is scheduled for later. Choose what happens to it." in text
    assert page.editions.count() == 2


@pytest.mark.medium
@pytest.mark.parametrize(
    ("choice", "expected"),
    [("carry", ("Coming", "After.")), ("keep", ("Coming", "Before.")), ("cancel", ("Today", "After."))],
)
def test_what_is_chosen_is_done(staff_client, choice, expected):
    page, _coming = a_page_with_a_text_to_come()
    publish_now(staff_client, page, **{"scheduled-2-choice": choice})
    assert told(live(page)) == ("Today", "After.")
    assert told(live(page, later(3))) == expected


@pytest.mark.medium
def test_nothing_is_asked_about_an_edition_that_falls_due_before(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    at = timezone.localtime(later(3)).strftime("%Y-%m-%dT%H:%M")
    submit(staff_client, address("publish", page), when="later", at=at, significant="yes")
    assert page.editions.scheduled().count() == 2


@pytest.mark.medium
def test_both_texts_of_a_conflict_are_shown_and_one_is_chosen(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    save(page, title_en="Now")
    response = publish_now(staff_client, page, **{"scheduled-2-choice": "carry"})
    assert "Both texts changed this passage. Choose which one to use." in shown(response)
    assert "Title (English)" in shown(response)
    assert page.editions.count() == 2
    publish_now(staff_client, page, **{"scheduled-2-choice": "carry", "scheduled-2-side-0": "scheduled"})
    assert told(live(page, later(3))) == ("Coming", "After.")


@pytest.mark.medium
def test_reports_that_a_carried_edition_was_to_fix_wait_for_the_one_in_its_place(staff_client):
    page, coming = a_page_with_a_text_to_come()
    report = a_report(page.editions.get(number=1), status=ProblemReport.Status.WAITING, fixed_by=coming)
    publish_now(staff_client, page, **{"scheduled-2-choice": "carry"})
    report.refresh_from_db()
    assert report.fixed_by == live(page, later(3))


@pytest.mark.medium
@pytest.mark.parametrize("name", ["archive", "withdraw"])
def test_a_page_that_is_taken_away_does_not_come_back_unsaid(staff_client, name):
    page, _coming = a_page_with_a_text_to_come()
    text = shown(submit(staff_client, address(name, page), when="now"))
    assert "Edition 2 is scheduled for later" in text
    assert "the page will then be public again" in text
    assert live(page).kind == "current"
    submit(staff_client, address(name, page), when="now", **{"scheduled-2-choice": "cancel"})
    assert live(page, later(3)).kind in ("archived", "withdrawn")


@pytest.mark.medium
def test_a_withdrawal_says_that_it_cancels_an_archive_to_come_and_asks_nothing_about_it(staff_client):
    page = a_live_page()
    archive = publishing.archive(page, by=None, at=later())
    assert "is cancelled if there is nothing left" in shown(staff_client.get(address("withdraw", page)))
    submit(staff_client, address("withdraw", page), when="now")
    archive.refresh_from_db()
    assert (archive.status, live(page, later(3)).kind) == (Edition.Status.CANCELLED, "withdrawn")


@pytest.mark.medium
def test_an_archive_to_come_stays_unless_it_is_cancelled(staff_client):
    page = a_live_page()
    publishing.archive(page, by=None, at=later())
    save(page, title_en="New")
    publish_now(staff_client, page)
    archived = live(page, later(3))
    assert (archived.kind, archived.title_en) == ("archived", "New")


@pytest.mark.medium
def test_who_approves_decides_and_who_submits_proposes(staff_client, client):
    page, _coming = a_page_with_a_text_to_come()
    text = shown(submit(staff_client, address("submit", page), note="Please."))
    assert "Choose what happens to it" in text
    submit(staff_client, address("submit", page), note="Please.", **{"scheduled-2-choice": "cancel"})
    edition = page.editions.get(status=Edition.Status.IN_REVIEW)
    assert edition.steps.get().comment == "Please.\nEdition 2: Cancel it."
    approval = {"act": "approve", "when": "now", "significant": "yes"}
    path = address("review", page, edition.number)
    data = fields(staff_client.get(path)) | approval
    assert "Choose what happens to it" in shown(staff_client.post(path, data))
    staff_client.post(path, data | {"scheduled-2-choice": "carry"})
    assert told(live(page, later(3))) == ("Coming", "After.")


@pytest.mark.medium
def test_who_submits_is_not_asked_for_what_only_who_approves_chooses(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    save(page, title_en="Other")
    text = shown(staff_client.get(address("submit", page)))
    assert "Changed in both (the person who approves chooses)" in text
    assert "you choose" not in text
    assert "Use the text of edition 2" not in text


@pytest.mark.medium
def test_what_is_to_become_public_is_not_called_published(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    save(page, title_en="Other")
    for name in ("publish", "submit"):
        text = shown(staff_client.get(address(name, page)))
        assert "Published now" not in text
        assert "Take what is published now" not in text


@pytest.mark.medium
def test_a_passage_is_named_in_the_language_of_who_reads(staff_client):
    staff_client.cookies["django_language"] = "fr"
    page, _coming = a_page_with_a_text_to_come()
    text = shown(staff_client.get(address("publish", page)))
    assert "Titre (anglais)" in text
    assert "(Anglais)" not in text


@pytest.mark.medium
@pytest.mark.parametrize(("language", "yes", "no"), [("en", "Yes", "No"), ("fr", "Oui", "Non")])
def test_whether_a_figure_is_decorative_is_said_in_words(staff_client, language, yes, no):
    page = a_page()
    figure = a_figure(page)
    publishing.publish(page, by=None)
    save(page, title_en="Coming", title_fr="À venir")
    publishing.publish(page, by=None, at=later())
    save(figure, decorative=True)
    staff_client.cookies["django_language"] = language
    text = shown(staff_client.get(address("publish", page)))
    assert f"<td>{yes}</td>" in text
    assert f"<td>{no}</td>" in text


@pytest.mark.medium
def test_the_choice_is_offered_in_french(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    staff_client.cookies["django_language"] = "fr"
    text = shown(staff_client.get(address("publish", page)))
    assert "Que faire de l’édition 2?" in text
    publishing.cancel(page.editions.get(number=2), by=an_account())
    assert "Annulée" in shown(staff_client.get(address("history", page)))


@pytest.mark.medium
def test_the_screen_that_cancels_shows_what_the_edition_would_have_changed(staff_client):
    page, _coming = a_page_with_a_text_to_come()
    text = shown(staff_client.get(address("cancel", page, 2)))
    assert "The edition would have made these changes:" in text
    assert "Coming" in text
    assert "For the new year." in text


# Content files


@pytest.fixture
def files(tmp_path):
    """Content files with a newer description than the page that is live, which has a text to come."""
    publishing.publish(a_home_page(), by=None)
    page, _coming = a_page_with_a_text_to_come()
    dump(tmp_path)
    save(page, description_en="Before.")
    return page, tmp_path


@pytest.mark.medium
def test_content_files_do_not_publish_what_would_be_taken_back_unsaid(files):
    page, folder = files
    with pytest.raises(CommandError, match=r"Edition 2 is scheduled for(.|\n)*--scheduled=carry"):
        call_command("import_content", str(folder), publish=True)
    assert working_copy.read(page).description.en == "Before."
    assert page.editions.count() == 2


@pytest.mark.medium
@pytest.mark.parametrize(
    ("choice", "expected"),
    [("carry", ("Coming", "After.")), ("keep", ("Coming", "Before.")), ("cancel", ("Today", "After."))],
)
def test_content_files_say_what_becomes_of_texts_to_come(files, choice, expected, capsys):
    page, folder = files
    call_command("import_content", str(folder), publish=True, scheduled=choice)
    assert told(live(page, later(3))) == expected


# The record


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Cancelled: its changes were carried into edition 4"),
        ("fr", "Annulée : ses changements ont été repris dans l’édition 4"),
    ],
)
def test_the_record_says_which_edition_has_the_changes_of_one_that_was_cancelled(
    staff_client, language, said
):
    page, coming = a_page_with_a_text_to_come()
    settle(publishing.publish(page, by=None), 2, "carry")
    staff_client.cookies["django_language"] = language
    history = staff_client.get(reverse("admin:pages_page_history", args=[page.pk])).text.replace(
        "\u00a0", " "
    )
    assert history.count(said) == 2  # among the editions, and in the log
    for name, *arguments in (("review", coming.number), ("export",)):
        screen = staff_client.get(reverse(f"admin:pages_page_{name}", args=[page.pk, *arguments]))
        text = b"".join(screen.streaming_content).decode() if screen.streaming else screen.text
        assert said in text.replace("\u00a0", " "), name


@pytest.mark.medium
def test_an_edition_that_was_only_cancelled_is_just_that_in_the_record(staff_client):
    page, coming = a_page_with_a_text_to_come()
    settle(publishing.publish(page, by=None), 2, "cancel")
    history = staff_client.get(reverse("admin:pages_page_history", args=[page.pk])).text
    assert "Cancelled" in history
    assert "carried into" not in history
    assert coming.steps.last().carried_into is None
