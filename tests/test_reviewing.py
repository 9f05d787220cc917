"""From one person's working copy to the public, through the eyes of another: submitted, returned, approved."""

import importlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pages import emergencies, publishing, reviews
from pages.admin import worklist
from pages.document import LANGUAGES, Bilingual
from pages.models.blocks import TextSection
from pages.models.edition import Edition
from pages.models.page import Page
from pages.models.review import CommentedPassage, ReviewRequest, ReviewStep
from tests.admin_desk import faults_of
from tests.admin_forms import fields
from tests.factories import a_live_page, a_page, a_text, an_account
from tests.markup import elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(db):
    return member("Editor")


@pytest.fixture
def reviewer(db):
    return member("Publisher")


def member(group):
    importlib.import_module("pages.migrations.0002_groups").make_groups(
        apps, SimpleNamespace(connection=connection)
    )
    person = an_account()
    person.groups.add(Group.objects.get(name=group))
    return person


def steps(edition):
    return [(step.action, step.comment) for step in edition.steps.all()]


# The transitions


@pytest.mark.medium
def test_what_is_submitted_is_frozen_and_not_public(author):
    page = a_live_page(title_en="Before")
    Page.objects.filter(pk=page.pk).update(title_en="After")
    edition = reviews.submit(page, by=author, note="Please look.")
    Page.objects.filter(pk=page.pk).update(title_en="Even later")
    edition.refresh_from_db()
    assert (edition.status, edition.title_en, edition.publish_at) == ("in_review", "After", None)
    assert Edition.objects.live().get(page=page).title_en == "Before"
    assert steps(edition) == [("submitted", "Please look.")]


def test_what_is_not_ready_cannot_be_submitted(author):
    with pytest.raises(publishing.NotReady):
        reviews.submit(a_page(title_fr=""), by=author)
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_what_is_live_or_in_review_already_is_not_submitted_again(author):
    with pytest.raises(ValidationError):
        reviews.submit(a_live_page(), by=author)
    page = a_page()
    reviews.submit(page, by=author)
    with pytest.raises(ValidationError):
        reviews.submit(page, by=author)


@pytest.mark.medium
def test_a_submission_says_why_there_is_nothing_new_in_it(author):
    page = a_live_page()
    with pytest.raises(
        ValidationError, match="The working copy is already live. There is nothing to review."
    ):
        reviews.submit(page, by=author)


@pytest.mark.medium
def test_the_text_in_review_is_submitted_again_only_with_another_correction(author):
    page = a_live_page(title_en="Before")
    Page.objects.filter(pk=page.pk).update(title_en="After")
    first, second = (
        Bilingual("The year was wrong.", "L’année était fausse."),
        Bilingual("The sum was.", "La somme."),
    )
    reviews.submit(page, by=author, correction=first)
    with pytest.raises(ValidationError, match="already in review as is"):
        reviews.submit(page, by=author, correction=first)
    edition = reviews.submit(page, by=author, correction=second)
    assert edition.correction.words == second


@pytest.mark.medium
def test_an_archived_page_is_submitted_with_the_text_that_it_has(author):
    page = a_live_page()
    publishing.archive(page, by=None)
    assert reviews.submit(page, by=author).kind == Edition.Kind.CURRENT


@pytest.mark.medium
def test_an_emergency_of_another_page_holds_no_approval_up(author, reviewer):
    page, other = a_live_page(), a_live_page(title_en="Calm")
    Page.objects.filter(pk=page.pk).update(title_en="After")
    edition = reviews.submit(page, by=author)
    for number in range(2):
        Page.objects.filter(pk=other.pk).update(title_en=f"Warning {number}")
        due_on = timezone.localdate() + timedelta(days=2)
        urgent = emergencies.publish_in_emergency(
            Page.objects.get(pk=other.pk), language="en", reason="Fighting.", due_on=due_on, by=None
        )
    assert urgent.number > edition.number
    assert reviews.approve(edition, by=reviewer).status == Edition.Status.APPROVED


@pytest.mark.medium
def test_who_approves_may_change_the_correction_that_is_published(author, reviewer):
    page = a_live_page(title_en="Before")
    Page.objects.filter(pk=page.pk).update(title_en="After")
    proposed, better = (
        Bilingual("A year was wrong.", "Une année."),
        Bilingual("The year was 2019.", "C’était 2019."),
    )
    edition = reviews.submit(page, by=author, correction=proposed)
    reviews.approve(edition, by=reviewer, correction=better, thanks=True)
    correction = Edition.objects.get(pk=edition.pk).correction
    assert (correction.words, correction.thanks) == (better, True)


@pytest.mark.medium
def test_an_approved_withdrawal_is_significant_and_a_new_explanation_of_it_is_not(author, reviewer):
    page = a_live_page()
    found = []
    for words in ("Over.", "Over since May."):
        edition = reviews.submit_withdrawal(page, by=author, explanation=Bilingual(words, f"{words} (fr)"))
        assert (edition.author, edition.kind) == (author, Edition.Kind.WITHDRAWN)
        found.append(reviews.approve(edition, by=reviewer).significant)
    assert found == [True, False]


@pytest.mark.medium
def test_a_second_decision_is_told_that_there_was_a_first(author, reviewer):
    edition = reviews.submit(a_page(), by=author)
    reviews.approve(edition, by=reviewer)
    with pytest.raises(ValidationError, match="This edition is no longer in review"):
        reviews.reject(edition, by=reviewer, comment="Too late.")


def test_a_new_submission_replaces_the_one_in_review(author):
    page = a_page()
    first = reviews.submit(page, by=author)
    Page.objects.filter(pk=page.pk).update(title_en="Better")
    second = reviews.submit(page, by=author)
    first.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "in_review")
    assert steps(first)[-1] == ("replaced", "")


@pytest.mark.medium
def test_approving_makes_the_frozen_text_public_in_both_languages(author, reviewer):
    page = a_page(title_en="Frozen")
    edition = reviews.submit(page, by=author)
    Page.objects.filter(pk=page.pk).update(title_en="Later")
    reviews.approve(edition, by=reviewer, significant=False)
    live = Edition.objects.live().get(page=page)
    assert (live.title_en, live.author, live.approver) == ("Frozen", author, reviewer)
    assert live.significant  # the first that the public sees
    assert steps(edition) == [("submitted", ""), ("approved", "")]


@pytest.mark.medium
def test_an_approval_may_be_for_later_but_not_for_the_past(author, reviewer):
    edition = reviews.submit(a_page(), by=author)
    with pytest.raises(ValidationError):
        reviews.approve(edition, by=reviewer, at=timezone.now() - timedelta(minutes=1))
    reviews.approve(edition, by=reviewer, at=timezone.now() + timedelta(days=1))
    assert not Edition.objects.live().filter(page=edition.page).exists()
    assert Edition.objects.scheduled().get() == edition


@pytest.mark.medium
def test_who_approves_dates_the_archive_at_the_same_time(client, author, reviewer):
    edition = reviews.submit(a_page(), by=author)
    client.force_login(reviewer)
    address = f"/admin/pages/page/{edition.page_id}/review/1/"
    values = {"act": "approve", "when": "now", "significant": "yes", "archive_at": "2090-05-01T08:00"}
    response = client.post(address, values | {"seen": edition.digest}, follow=True)
    archive = Edition.objects.scheduled().get()
    assert (archive.kind, archive.digest, archive.approver) == ("archived", edition.digest, reviewer)
    assert ", the page will be archived." in response.content.decode()


@pytest.mark.medium
def test_an_address_that_was_taken_meanwhile_is_noticed_when_approving(author, reviewer):
    edition = reviews.submit(a_page(address_en="mine"), by=author)
    Page.objects.filter(pk=edition.page_id).update(address_en="other")
    a_live_page(address_en="mine")
    with pytest.raises(publishing.NotReady):
        reviews.approve(edition, by=reviewer)


@pytest.mark.parametrize("again", [reviews.approve, reviews.reject, reviews.comment])
def test_what_is_decided_is_decided_once(author, reviewer, again):
    edition = reviews.submit(a_page(), by=author)
    reviews.reject(edition, by=reviewer, comment="A figure is wrong.")
    values = {} if again is reviews.approve else {"comment": "Again."}
    with pytest.raises(ValidationError):
        again(edition, by=reviewer, **values)
    assert not Edition.objects.approved().filter(page=edition.page).exists()


@pytest.mark.medium
def test_a_second_person_is_needed_only_where_the_site_says_so(author, reviewer, settings):
    edition = reviews.submit(a_page(), by=reviewer)
    settings.REVIEW_BY_SECOND_PERSON = True
    with pytest.raises(ValidationError, match="Someone else"):
        reviews.approve(edition, by=reviewer)
    with pytest.raises(ValidationError, match="[Ss]omeone else"):
        publishing.publish(a_page(), by=reviewer)
    assert not Edition.objects.approved().exists()
    settings.REVIEW_BY_SECOND_PERSON = False
    assert reviews.approve(edition, by=reviewer).status == "approved"


# The screens


def address(name, page, *more):
    return reverse(f"admin:pages_page_{name}", args=[page.pk, *more])


def as_person(client, person):
    client.force_login(person)
    return client


def submitted(client, page, **values):
    data = fields(client.get(address("submit", page))) | values
    return client.post(address("submit", page), data, follow=True).content.decode()


def act(client, page, name, number=1, **values):
    data = {"act": name, "when": "now", "significant": "yes", "seen": "x", **values}
    return client.post(address("review", page, number), data, follow=True)


@pytest.mark.medium
def test_the_whole_way_from_submission_to_the_public(client, author, reviewer):
    page = a_page(title_en="Trade")
    shown = submitted(as_person(client, author), page, note="Figures of 2024.")
    assert "Edition 1 is in review." in shown
    assert "Figures of 2024." in shown
    assert worklist.tasks(author) == [] or "review" not in {task.key for task in worklist.tasks(author)}
    assert [line.url for task in worklist.tasks(reviewer) if task.key == "review" for line in task.lines] == [
        address("review", page, 1)
    ]
    as_person(client, reviewer)
    assert "Your comment was saved." in act(client, page, "comment", comment="Which source?").content.decode()
    assert (
        "Edition 1 was returned." in act(client, page, "return", comment="Say which source.").content.decode()
    )
    assert [task.key for task in worklist.tasks(author)][0] == "returned"
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>Source: us.</p>")
    submitted(as_person(client, author), page)
    assert "returned" not in {task.key for task in worklist.tasks(author)}
    shown = act(as_person(client, reviewer), page, "approve", number=2).content.decode()
    assert "Edition 2 is live, in both languages." in shown
    record = client.get(address("history", page)).content.decode()
    for said in ("Say which source.", "Submitted for review", "Approved", author.username, reviewer.username):
        assert said in record


@pytest.mark.medium
def test_the_reviewer_is_led_to_the_comparison_with_what_is_live(client, author, reviewer):
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(title_en="Changed", title_fr="Changée")
    reviews.submit(page, by=author)
    shown = as_person(client, reviewer).get(address("review", page, 2)).content.decode()
    assert f"{address('compare', page)}?before=1&amp;after=2" in shown
    assert client.get(f"{address('compare', page)}?before=1&after=2").status_code == 200


@pytest.mark.parametrize("name", ["approve", "return"])
def test_an_editor_cannot_decide_by_sending_the_form(client, author, name):
    page = a_page()
    reviews.submit(page, by=author)
    assert act(as_person(client, author), page, name, comment="Mine.").status_code == 403
    assert page.editions.get().status == "in_review"


@pytest.mark.medium
def test_returning_without_a_reason_is_refused(client, author, reviewer):
    page = a_page()
    reviews.submit(page, by=author)
    shown = act(as_person(client, reviewer), page, "return", comment=" ").content.decode()
    assert "This field is required." in shown
    assert page.editions.get().status == "in_review"


@pytest.mark.medium
@pytest.mark.parametrize("name", ["", "publish", "\x00", "approve\n"])
def test_an_unknown_act_does_nothing(client, author, reviewer, name):
    page = a_page()
    reviews.submit(page, by=author)
    assert act(as_person(client, reviewer), page, name).status_code == 200
    assert page.editions.get().status == "in_review"


@pytest.mark.medium
def test_ones_own_submission_offers_no_approval_where_a_second_person_is_asked_for(
    client, reviewer, settings
):
    settings.REVIEW_BY_SECOND_PERSON = True
    page = a_page()
    reviews.submit(page, by=reviewer)
    shown = as_person(client, reviewer).get(address("review", page, 1)).content.decode()
    assert "Someone else must approve what you submitted." in shown
    assert 'value="approve"' not in shown
    assert "Someone else" in act(client, page, "approve").content.decode()
    assert page.editions.get().status == "in_review"
    assert "someone else must approve" in client.get(address("publish", page)).content.decode()
    assert "review" not in {task.key for task in worklist.tasks(reviewer)}


@pytest.mark.medium
def test_what_was_saved_meanwhile_is_not_submitted_unseen(client, author):
    page = a_page()
    shown = submitted(as_person(client, author), page, seen="0" * 64)
    assert "The page was saved after you opened this screen." in shown
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_what_keeps_a_page_from_the_public_keeps_it_from_review(client, author):
    page = a_page(title_fr="")
    shown = as_person(client, author).get(address("submit", page)).content.decode()
    assert "Title is missing in French." in shown
    assert 'name="seen"' not in shown


@pytest.mark.medium
def test_the_form_leads_to_the_review(client, author):
    page = a_page()
    reviews.submit(page, by=author)
    shown = as_person(client, author).get(address("change", page)).content.decode()
    assert address("review", page, 1) in shown
    assert "edition 1 in review" in shown


@pytest.mark.medium
def test_the_screens_of_a_review_are_in_french(client, author):
    page = a_page()
    reviews.submit(page, by=author)
    client.cookies["django_language"] = "fr"
    shown = as_person(client, author).get(address("review", page, 1)).content.decode()
    assert "Révision de l’édition 1" in shown
    assert "Soumise pour révision" in shown


def test_a_step_of_a_review_says_what_was_done():
    assert str(ReviewStep(action="returned")) == "Returned"


# Who is asked


def choices(client, page):
    """What the screen offers as reviewers: values and names."""
    field = client.get(address("submit", page)).context["form"].fields["reviewer"]
    return [choice for _name, group in field.choices[1:] for choice in group]


@pytest.mark.medium
def test_an_author_can_ask_those_who_may_review_and_their_groups(client, author, reviewer):
    second = an_account(is_superuser=True, first_name="Rita", last_name="Haddad")
    Group.objects.create(name="Empty")
    publishers = Group.objects.get(name="Publisher")
    offered = choices(as_person(client, author), a_page())
    assert (f"person-{reviewer.pk}", reviewer.username) in offered
    assert (f"person-{second.pk}", "Rita Haddad") in offered
    assert (f"group-{publishers.pk}", "Publisher") in offered
    assert len(offered) == 3


@pytest.mark.medium
def test_nobody_is_offered_themselves_or_a_group_of_themselves_alone(client, reviewer):
    assert choices(as_person(client, reviewer), a_page()) == []


@pytest.mark.medium
def test_who_was_asked_sees_it_first_and_others_can_still_review(client, author, reviewer):
    second = member("Publisher")
    page, other = a_page(title_en="Trade"), a_page(title_en="Aid")
    reviews.submit(other, by=author)
    submitted(as_person(client, author), page, reviewer=f"person-{reviewer.pk}")
    found = {task.key: [line.title for line in task.lines] for task in worklist.tasks(reviewer)}
    assert (found["asked"], found["review"]) == (["Trade"], ["Aid"])
    assert list(found).index("asked") < list(found).index("review")
    found = {task.key: [line.title for line in task.lines] for task in worklist.tasks(second)}
    assert found["review"] == ["Aid", "Trade"]
    assert "asked" not in found
    shown = as_person(client, second).get(address("review", page, 1)).content.decode()
    assert f"Reviewer: {reviewer.username}" in shown
    assert "Approve and publish" in shown


@pytest.mark.medium
def test_a_group_that_was_asked_sees_it_first(author, reviewer):
    reviews.submit(a_page(title_en="Trade"), by=author, group=Group.objects.get(name="Publisher"))
    assert [task.key for task in worklist.tasks(reviewer)][0] == "asked"


@pytest.mark.medium
def test_the_one_who_was_asked_is_offered_again_when_it_is_submitted_again(client, author, reviewer):
    page = a_page()
    reviews.reject(reviews.submit(page, by=author, reviewer=reviewer), by=reviewer, comment="Say more.")
    form = as_person(client, author).get(address("submit", page)).context["form"]
    assert form["reviewer"].initial == f"person-{reviewer.pk}"


@pytest.mark.medium
@pytest.mark.parametrize("value", ["person-0", "group-1", "nobody", "person-" + "9" * 30])
def test_nobody_else_can_be_asked(client, author, value):
    page = a_page()
    submitted(as_person(client, author), page, reviewer=value)
    assert not Edition.objects.exists()


def test_the_name_of_who_was_asked_outlives_the_account_and_the_group(author):
    person, group = an_account(first_name="Rita"), Group.objects.create(name="Lawyers")
    first = reviews.submit(a_page(), by=author, reviewer=person)
    second = reviews.submit(a_page(), by=author, group=group)
    person.delete()
    group.delete()
    names = [ReviewRequest.objects.get(edition=edition).shown for edition in (first, second)]
    assert names == ["Rita", "Lawyers"]


@pytest.mark.medium
def test_a_withdrawal_is_submitted_to_somebody_too(client, author, reviewer):
    page = a_live_page()
    path = address("submit_withdrawal", page)
    as_person(client, author).post(path, {"reviewer": f"person-{reviewer.pk}"})
    assert ReviewRequest.objects.get().reviewer == reviewer


# The history says who decided


@pytest.mark.medium
def test_the_history_names_who_returned_replaced_approved_and_cancelled(client, author, reviewer):
    page, other = a_page(), member("Editor")
    later = timezone.now() + timedelta(days=1)
    reviews.reject(reviews.submit(page, by=author), by=reviewer, comment="Say more.")
    reviews.submit(page, by=author)
    Page.objects.filter(pk=page.pk).update(title_en="Better")
    reviews.approve(reviews.submit(page, by=other), by=reviewer, at=later)
    second = member("Publisher")
    publishing.cancel(page.editions.scheduled().get(), by=second)
    editions = as_person(client, reviewer).get(address("history", page)).context["editions"]
    named = [(edition.status, edition.decided_by, edition.approver_shown) for edition in editions]
    assert named == [
        ("cancelled", second.username, reviewer.username),
        ("replaced", other.username, ""),
        ("returned", reviewer.username, ""),
    ]


# Comments on a passage


@pytest.fixture
def passage(author):
    """A page in review, and what a comment on some of its words sends."""
    page = a_page()
    text = a_text(page, heading_en="Trade", body_en="<p>It grew by <strong>forty</strong> per cent.</p>")
    reviews.submit(page, by=author)
    return (
        page,
        text,
        {"part": text.key, "language": "en", "quote": "grew by forty", "comment": "Which year?"},
    )


@pytest.mark.medium
def test_a_comment_quotes_words_of_a_block_and_is_resolved_and_opened_again(
    client, author, reviewer, passage
):
    page, text, sent = passage
    act(as_person(client, reviewer), page, "comment", **sent)
    shown = as_person(client, author).get(address("review", page, 1)).content.decode()
    assert '<blockquote lang="en" dir="auto">grew by forty</blockquote>' in shown
    assert "Text “Trade”" in shown
    assert "no longer says" not in shown
    TextSection.objects.filter(pk=text.pk).update(body_en="<p>It fell.</p>")
    assert "The working copy no longer says these words." in act(client, page, "").content.decode()
    step = ReviewStep.objects.get(action="commented")
    shown = act(client, page, "resolve", step=step.pk).content.decode()
    assert f"resolved by {author.username}" in shown
    assert "no longer says" not in shown
    assert "resolved by" not in act(client, page, "reopen", step=step.pk).content.decode()
    assert "grew by forty" in client.get(address("history", page)).content.decode()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_selected_words_are_quoted_with_their_part_and_language(desk, width):
    page = a_page()
    text = a_text(
        page, body_en="<p>Trade grew.</p>", body_fr="<p>Le commerce a <strong>augmenté</strong>.</p>"
    )
    reviews.submit(page, by=None)
    screen = desk(address("review", page, 1), width=width)
    assert not screen.is_visible("#quote-button")
    screen.locator(f"[data-part='{text.key}'] .ci-column[lang=fr] ins", has_text="Le commerce").select_text()
    screen.click("#quote-button")
    assert screen.evaluate("document.activeElement.name") == "comment"
    screen.keyboard.type("By how much?")
    assert faults_of(screen) == []
    screen.click("[value=comment]")
    screen.wait_for_selector(".ci-comments blockquote[lang=fr]")
    passage = CommentedPassage.objects.get()
    assert (passage.block, passage.language, passage.quote) == (text.key, "fr", "Le commerce a augmenté.")
    assert faults_of(screen) == []


@pytest.mark.medium
def test_a_review_shows_the_page_in_both_languages_in_frames_that_run_nothing(client, author, reviewer):
    page = a_page()
    reviews.submit(page, by=author)
    client.force_login(reviewer)
    response = client.get(address("review", page, 1))
    [section] = [each for each in elements(response.content.decode()) if each["id"] == "pages"]
    assert [section[f"data-{language}"] for language in LANGUAGES] == [
        address("edition", page, 1, language) for language in LANGUAGES
    ]
    frames = [each for each in elements(response.content.decode()) if each.tag == "iframe"]
    assert [(frame["sandbox"], frame["src"]) for frame in frames] == [("allow-same-origin", "")] * 2
    assert "frame-src" not in response["Content-Security-Policy"]
    for language in LANGUAGES:
        assert client.get(address("edition", page, 1, language))["X-Frame-Options"] == "DENY"


@pytest.mark.medium
def test_the_review_of_a_withdrawal_shows_no_page(client, author, reviewer):
    page = a_live_page()
    reviews.submit_withdrawal(page, by=author)
    client.force_login(reviewer)
    assert "<iframe" not in client.get(address("review", page, 2)).content.decode()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 390)])
def test_both_languages_of_an_edition_stand_beside_each_other_or_one_at_a_time(desk, language, width):
    page = a_page()
    for number in range(1, 9):
        a_text(page, heading_en=f"Part {number}", heading_fr=f"Partie {number}", body_fr="<p>Blé.</p>" * 30)
    reviews.submit(page, by=None)
    screen = desk(address("review", page, 1), width=width, language=language)
    english, french = (screen.frame_locator(f"[data-language={each}] iframe") for each in LANGUAGES)
    fifth = english.locator("h2:text-is('Part 5')")
    fifth.wait_for(state="attached")
    french.locator("h2:text-is('Partie 5')").wait_for(state="attached")
    if width == 390:
        assert not screen.is_visible("[data-language=fr]")
        english.locator("a:text-is('Français')").first.click()
        assert screen.is_visible("[data-language=fr]")
        assert not screen.is_visible("[data-language=en]")
    else:
        fifth.hover()
        fifth.evaluate("(each) => each.scrollIntoView()")
        moved = "() => document.querySelector('[data-language=fr] iframe').contentWindow.scrollY > 3000"
        screen.wait_for_function(moved)
        top = french.locator("h2:text-is('Partie 5')").evaluate("(each) => each.getBoundingClientRect().top")
        assert abs(top) < 200  # of a section as long as three screens
    assert faults_of(screen) == []


@pytest.mark.medium
def test_words_that_the_block_does_not_say_are_refused_beside_their_field(client, reviewer, passage):
    page, _text, sent = passage
    as_person(client, reviewer)
    for wrong in ({"quote": "shrank"}, {"language": "fr"}, {"part": ""}, {"part": "gone", "quote": ""}):
        shown = act(client, page, "comment", **sent | wrong).content.decode()
        assert "errorlist" in shown
    assert not ReviewStep.objects.filter(action="commented").exists()


@pytest.mark.medium
def test_open_comments_stay_with_the_next_version_and_resolved_ones_do_not(client, author, reviewer, passage):
    page, text, sent = passage
    as_person(client, reviewer)
    act(client, page, "comment", **sent)
    act(client, page, "return", **sent | {"comment": "Once more.", "quote": "per cent"})
    TextSection.objects.filter(pk=text.pk).update(body_en="<p>It grew by forty per cent in 2020.</p>")
    reviews.submit(page, by=author)
    shown = client.get(address("review", page, 2)).content.decode()
    assert "Which year?" in shown
    assert "Once more." in shown
    first = ReviewStep.objects.get(action="commented")
    client.post(address("review", page, 2), {"act": "resolve", "step": first.pk})
    shown = client.get(address("review", page, 2)).content.decode()
    assert "Which year?" not in shown
    assert "Once more." in shown


@pytest.mark.medium
def test_comments_of_another_page_and_what_is_no_comment_are_not_resolved(client, reviewer, passage):
    page, _text, _sent = passage
    reviews.comment(reviews.submit(a_page(), by=None), by=None, comment="Elsewhere.")
    as_person(client, reviewer)
    other = ReviewStep.objects.get(comment="Elsewhere.")
    for step in (other.pk, page.editions.get().steps.first().pk, "x", "", 2**70):
        assert act(client, page, "resolve", step=step).status_code == 200
    assert not CommentedPassage.objects.exclude(resolved_at=None).exists()


@pytest.mark.medium
def test_who_may_only_look_resolves_nothing(client, passage):
    page, _text, sent = passage
    edition = page.editions.get()
    reviews.comment(edition, by=None, comment="Look.", passage=reviews.Passage(sent["part"]))
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    step = edition.steps.get(action="commented")
    assert act(as_person(client, person), page, "resolve", step=step.pk).status_code == 403
    shown = client.get(address("review", page, 1)).content.decode()
    assert "Look." in shown
    assert 'value="resolve"' not in shown
