"""Where the site asks for a second person, nobody alone puts a text before the public, by whatever way."""

import importlib
import inspect
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pages import emergencies, publishing, rescheduling, reviews
from pages.document import NOTHING, Bilingual
from pages.models import Correction, Edition, Page, ReviewStep
from pages.rescheduling import Choice, Decision
from pages.templatetags.site_tags import long_date
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_png,
    an_account,
    an_image,
)

pytestmark = pytest.mark.django_db

WORDS = Bilingual("The figure for 2020 is 850.", "Le chiffre de 2020 est 850.")
OTHER = Bilingual("The figure for 2020 is 851.", "Le chiffre de 2020 est 851.")
CORRECTION = {"correction_en": WORDS.en, "correction_fr": WORDS.fr}
EXPLANATION = {"explanation_en": WORDS.en, "explanation_fr": WORDS.fr}


@pytest.fixture(autouse=True)
def second_person(settings):
    settings.REVIEW_BY_SECOND_PERSON = True
    return settings


def member(group):
    importlib.import_module("pages.migrations.0002_groups").make_groups(
        apps, SimpleNamespace(connection=connection)
    )
    person = an_account()
    person.groups.add(Group.objects.get(name=group))
    return person


@pytest.fixture
def author(db):
    return member("Editor")


@pytest.fixture
def reviewer(db):
    return member("Publisher")


def save(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save()
    return page


def a_changed_page(**changes):
    return save(a_live_page(**changes), title_en="Changed", title_fr="Changée")


def live(page, at=None):
    return Edition.objects.live(at).get(page=page)


def address(name, page, *more):
    return reverse(f"admin:pages_page_{name}", args=[page.pk, *more])


def as_person(client, person):
    client.force_login(person)
    return client


def send(client, name, page, *more, **values):
    """Sends a screen's form as a browser does that shows it, with these values filled in."""
    path = address(name, page, *more)
    return client.post(path, fields(client.get(path)) | values, follow=True).content.decode()


def screen(client, name, page, *more):
    return client.get(address(name, page, *more)).content.decode()


def public_corrections():
    return [(each.words, each.thanks) for each in Correction.objects.public()]


# The rule, for whatever can make an edition public


def changes_of(page, by):
    """What one person can do about the text of a page, by the names of the functions of `publishing`."""
    own = reviews.submit(page, by=by)
    later = publishing.publish(a_live_page(), by=None, at=timezone.now() + timedelta(days=1))
    withdrawn = a_live_page()
    publishing.withdraw(withdrawn, by=None)
    return {
        "publish": lambda: publishing.publish(page, by=by),
        "publish_all": lambda: publishing.publish_all([page], by=by),
        "publish_ready": lambda: publishing.publish_ready([page], by=by),
        "approve": lambda: reviews.approve(own, by=by),
        "replace_scheduled": lambda: publishing.replace_scheduled(later, later.read(), source=own, by=by),
        "withdraw": lambda: publishing.withdraw(page, by=by, explanation=WORDS),
        "explain_withdrawal": lambda: publishing.explain_withdrawal(withdrawn, by=by, explanation=WORDS),
    }


SHOWS_TEXT = [
    "publish",
    "publish_all",
    "publish_ready",
    "approve",
    "replace_scheduled",
    "withdraw",
    "explain_withdrawal",
]
SHOWS_NO_TEXT = ["archive", "cancel", "submit", "submit_withdrawal", "comment", "set_resolved", "reject"]
EXCEPTION = ["publish_in_emergency"]


def test_each_function_that_acts_for_a_person_is_known_to_show_a_text_or_none():
    acting = [
        name
        for module in (publishing, reviews, emergencies)
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and "by" in inspect.signature(function).parameters
    ]
    assert sorted(acting) == sorted([*SHOWS_TEXT, *SHOWS_NO_TEXT, *EXCEPTION])


@pytest.mark.medium
@pytest.mark.parametrize("name", SHOWS_TEXT)
def test_one_person_alone_shows_the_public_no_text(author, name):
    page = a_changed_page()
    change = changes_of(page, author)[name]
    approved = Edition.objects.approved().count()
    with pytest.raises(ValidationError, match="must approve"):
        change()
    assert Edition.objects.approved().count() == approved


@pytest.mark.medium
@pytest.mark.parametrize(
    "name", [name for name in SHOWS_TEXT if name not in ("approve", "replace_scheduled")]
)
def test_the_operator_answers_for_what_commands_publish(author, name):
    page = a_changed_page()
    approved = Edition.objects.approved().count()
    changes_of(page, author)  # what is in review does not stand in the way
    changes_of(a_changed_page(), None)[name]()
    assert Edition.objects.approved().count() > approved


@pytest.mark.medium
def test_archiving_and_withdrawing_without_a_word_may_be_done_alone(reviewer):
    first, second = a_live_page(), a_live_page()
    assert publishing.archive(first, by=reviewer).kind == "archived"
    assert publishing.withdraw(second, by=reviewer).kind == "withdrawn"


@pytest.mark.medium
def test_the_account_that_approved_is_never_that_of_the_author(author, reviewer):
    page = a_changed_page()
    reviews.approve(reviews.submit(page, by=author), by=reviewer)
    found = live(page)
    assert (found.author, found.approver) == (author, reviewer)


# The same through the screens, by somebody with all rights


def saves_the_page(client, page):
    client.post(change_address(page), page_form(client, page) | {"title_en": "Alone"})


def publishes(client, page):
    saves_the_page(client, page)
    client.post(address("publish", page), {"when": "now", "significant": "yes", "seen": "x"})
    assert "someone else must approve" in screen(client, "publish", page)


def approves_their_own(client, page):
    saves_the_page(client, page)
    send(client, "submit", page)
    number = page.editions.count()
    form = {"act": "approve", "when": "now", "significant": "yes", "seen": "x"}
    assert "Someone else must approve" in client.post(address("review", page, number), form).content.decode()


def approves_what_they_submitted_in_the_place_of_another(client, page):
    reviews.submit(save(page, title_fr="Soumise"), by=an_account())
    approves_their_own(client, page)


def restores_an_older_edition(client, page):
    send(client, "restore", page, 1)
    page.refresh_from_db()
    assert page.title_en == "First"


def renames_a_partner(client, page):
    (partner,) = page.pages_partnerlist_set.get().partners.all()
    path = reverse("admin:pages_partnerorganization_change", args=[partner.pk])
    client.post(path, fields(client.get(path), "partnerorganization_form") | {"name_en": "Alone"})
    partner.refresh_from_db()
    assert partner.name_en == "Alone"


def replaces_an_image(client, page):
    figure = page.pages_figure_set.get()
    figure.image = an_image(data=a_png(colour="red"))
    figure.save()


def moves_the_page(client, page):
    parent = a_live_page()
    client.post(change_address(page), page_form(client, page) | {"parent": str(parent.pk)})


def proposes_a_withdrawal(client, page):
    assert "is in review" in send(client, "submit_withdrawal", page, **EXPLANATION)
    number = page.editions.count()
    form = {"act": "approve", "when": "now"}
    assert "Someone else must approve" in client.post(address("review", page, number), form).content.decode()


@pytest.mark.medium
@pytest.mark.parametrize(
    "way",
    [
        saves_the_page,
        publishes,
        approves_their_own,
        approves_what_they_submitted_in_the_place_of_another,
        restores_an_older_edition,
        renames_a_partner,
        replaces_an_image,
        moves_the_page,
        proposes_a_withdrawal,
    ],
)
def test_whatever_one_person_does_readers_see_the_same(client, admin_user, way):
    publishing.publish(a_home_page(), by=None)
    page = a_page(title_en="First", address_en="trade", address_fr="commerce")
    a_partner_list(page, partners=[a_partner()])
    a_figure(page)
    publishing.publish(page, by=None)
    publishing.publish(save(page, title_en="Second"), by=None)
    paths = ["/en", "/fr", "/en/trade", "/fr/commerce", "/en/corrections", "/fr/corrections"]
    before = [(client.get(path).status_code, client.get(path).content) for path in paths]
    way(as_person(client, admin_user), Page.objects.get(pk=page.pk))
    client.logout()
    assert [(client.get(path).status_code, client.get(path).content) for path in paths] == before


@pytest.mark.medium
def test_the_screen_that_withdraws_takes_no_explanation_from_one_person(client, reviewer):
    page = a_live_page(address_en="old")
    as_person(client, reviewer)
    assert 'name="explanation_en"' not in screen(client, "withdraw", page)
    send(client, "withdraw", page, **EXPLANATION)
    assert live(page).kind == "withdrawn"
    assert not live(page).explanation
    assert 'name="note"' not in screen(client, "withdraw", page)
    client.post(address("withdraw", page), EXPLANATION)
    assert not live(page).explanation


@pytest.mark.medium
def test_what_one_person_changed_without_review_is_not_in_the_list_of_corrections(client, author, reviewer):
    page = a_changed_page()
    reviews.submit(page, by=author)
    as_person(client, reviewer)
    assert 'name="correction_en"' not in screen(client, "review", page, 2)
    shown = send(client, "review", page, 2, act="approve", **CORRECTION, thanks="on")
    assert "Edition 2 is live" in shown
    assert public_corrections() == []


def test_no_screen_changes_what_is_public_already():
    assert not any(admin.site.is_registered(model) for model in (Edition, Correction, ReviewStep))


@pytest.mark.medium
def test_content_files_of_the_operator_are_published_without_review(tmp_path):
    page = a_live_page()
    call_command("export_content", tmp_path)
    (found,) = tmp_path.rglob(f"{page.key}.yaml")
    found.write_text(found.read_text().replace("In short.", "At length."))
    call_command("import_content", tmp_path, publish=True)
    assert "At length." in live(page).document


def test_turning_the_rule_on_keeps_what_was_approved_before(settings, author):
    settings.REVIEW_BY_SECOND_PERSON = False
    page = a_page()
    at = timezone.now() + timedelta(days=1)
    publishing.publish(page, by=author, at=at)
    settings.REVIEW_BY_SECOND_PERSON = True
    assert live(page, at).number == 1


# Corrections


@pytest.mark.medium
def test_a_correction_is_proposed_with_the_text_and_public_once_another_person_approves_it(
    client, author, reviewer
):
    page = a_changed_page()
    as_person(client, author)
    assert "is in review" in send(client, "submit", page, **CORRECTION, thanks="on")
    assert public_corrections() == []
    assert WORDS.en not in client.get("/en/corrections").content.decode()
    shown = screen(as_person(client, reviewer), "review", page, 2)
    assert f'<dd lang="en">{WORDS.en}</dd>' in shown
    assert f'<dd lang="fr">{WORDS.fr}</dd>' in shown
    assert "With thanks to the visitor" in shown
    send(client, "review", page, 2, act="approve")
    assert public_corrections() == [(WORDS, True)]
    assert WORDS.fr in client.get("/fr/corrections").content.decode()


@pytest.mark.medium
def test_a_correction_for_later_is_public_with_its_edition(author, reviewer):
    page, at = a_changed_page(), timezone.now() + timedelta(days=1)
    reviews.approve(reviews.submit(page, by=author, correction=WORDS), by=reviewer, at=at)
    assert public_corrections() == []
    assert [each.words for each in Correction.objects.public(at)] == [WORDS]


@pytest.mark.medium
def test_a_correction_that_is_returned_is_there_to_be_changed_and_submitted_again(client, author, reviewer):
    page = a_changed_page()
    send(as_person(client, author), "submit", page, **CORRECTION, thanks="on")
    send(as_person(client, reviewer), "review", page, 2, act="return", comment="Say which figure.")
    as_person(client, author)
    form = fields(client.get(address("submit", page)))
    assert {name: form[name] for name in CORRECTION} == CORRECTION
    assert form["thanks"] == ["on"]
    send(client, "submit", page, correction_en=OTHER.en, correction_fr=OTHER.fr)
    send(as_person(client, reviewer), "review", page, 3, act="approve")
    assert public_corrections() == [(OTHER, True)]


@pytest.mark.medium
def test_only_the_correction_of_a_submission_can_be_changed(client, author, reviewer):
    page = a_changed_page()
    reviews.submit(page, by=author, correction=WORDS)
    with pytest.raises(ValidationError, match="already in review"):
        reviews.submit(page, by=author, correction=WORDS)
    assert fields(as_person(client, author).get(address("submit", page)))["correction_en"] == WORDS.en
    reviews.approve(reviews.submit(page, by=author, correction=OTHER), by=reviewer)
    assert public_corrections() == [(OTHER, False)]
    assert "correction_en" in fields(client.get(address("submit", page)))
    assert fields(client.get(address("submit", page)))["correction_en"] == ""


@pytest.mark.medium
def test_a_correction_that_was_taken_out_stays_out(client, author):
    page = a_changed_page()
    reviews.submit(page, by=author, correction=WORDS)
    reviews.submit(page, by=author)
    assert fields(as_person(client, author).get(address("submit", page)))["correction_en"] == ""


@pytest.mark.medium
def test_the_correction_of_a_cancelled_edition_can_be_submitted_again(client, author, reviewer):
    page, at = a_changed_page(), timezone.now() + timedelta(days=1)
    edition = reviews.approve(reviews.submit(page, by=author, correction=WORDS), by=reviewer, at=at)
    publishing.cancel(edition, by=reviewer)
    assert fields(as_person(client, author).get(address("submit", page)))["correction_en"] == WORDS.en
    assert list(Correction.objects.public(at)) == []


@pytest.mark.medium
@pytest.mark.parametrize("words", [Bilingual("Wrong.", ""), Bilingual("", "Faux.")])
def test_half_a_correction_is_refused_at_the_field_that_is_empty(client, author, words):
    page = a_changed_page()
    with pytest.raises(ValidationError, match="both languages"):
        reviews.submit(page, by=author, correction=words)
    values = {"correction_en": words.en, "correction_fr": words.fr}
    shown = send(as_person(client, author), "submit", page, **values)
    assert "Write the correction in both languages or leave both empty." in shown
    assert page.editions.count() == 1


@pytest.mark.medium
def test_who_approves_may_leave_a_correction_as_it_is_and_not_change_it(author, reviewer):
    page = a_changed_page()
    edition = reviews.submit(page, by=author, correction=WORDS)
    for changed in (OTHER, NOTHING):
        with pytest.raises(ValidationError, match="Someone else must approve"):
            reviews.approve(edition, by=reviewer, correction=changed)
    reviews.approve(edition, by=reviewer, correction=WORDS)
    assert public_corrections() == [(WORDS, False)]


@pytest.mark.medium
@pytest.mark.parametrize(("changed", "expected"), [(OTHER, [(OTHER, False)]), (NOTHING, [])])
def test_without_the_rule_who_approves_may_change_a_correction(
    client, settings, author, reviewer, changed, expected
):
    settings.REVIEW_BY_SECOND_PERSON = False
    page = a_changed_page()
    reviews.submit(page, by=author, correction=WORDS)
    as_person(client, reviewer)
    assert fields_of_approval(client, page)["correction_fr"] == WORDS.fr
    send_approval(client, page, correction_en=changed.en, correction_fr=changed.fr)
    assert public_corrections() == expected


def fields_of_approval(client, page):
    return fields(client.get(address("review", page, 2)))


def send_approval(client, page, **values):
    data = fields_of_approval(client, page) | values | {"act": "approve"}
    assert client.post(address("review", page, 2), data).status_code == 302


# Withdrawals


@pytest.mark.medium
def test_a_withdrawal_with_an_explanation_takes_effect_when_another_person_approves_it(
    client, author, reviewer
):
    page = a_live_page(address_en="old", address_fr="vieille")
    assert "is in review" in send(as_person(client, author), "submit_withdrawal", page, **EXPLANATION)
    assert client.get("/en/old").status_code == 200
    shown = screen(as_person(client, reviewer), "review", page, 2)
    assert f'<dd lang="en">{WORDS.en}</dd>' in shown
    assert f'<dd lang="fr">{WORDS.fr}</dd>' in shown
    assert "The page has been withdrawn. Its addresses now show a notice" in send(
        client, "review", page, 2, act="approve"
    )
    for path, text in (("/en/old", WORDS.en), ("/fr/vieille", WORDS.fr)):
        answer = client.get(path)
        assert answer.status_code == 410
        assert text in answer.content.decode()


@pytest.mark.medium
def test_a_withdrawal_may_be_approved_for_later_and_keeps_the_text_of_then(client, author, reviewer):
    page, at = a_live_page(), timezone.now() + timedelta(days=1)
    edition = reviews.submit_withdrawal(page, by=author, explanation=WORDS)
    reviews.approve(reviews.submit(save(page, title_en="Newer"), by=author), by=reviewer)
    reviews.approve(edition, by=reviewer, at=at)
    assert live(page).kind == "current"
    found = live(page, at)
    assert (found.kind, found.explanation, found.title_en) == ("withdrawn", WORDS, "Newer")


@pytest.mark.medium
def test_a_text_and_a_withdrawal_are_in_review_side_by_side(client, author):
    page = a_changed_page()
    reviews.submit(page, by=author)
    reviews.submit_withdrawal(page, by=author, explanation=WORDS)
    assert sorted(page.editions.filter(status="in_review").values_list("number", flat=True)) == [2, 3]
    shown = client_shows_form(client, author, page)
    assert "edition 2 in review" in shown
    assert "edition 3 in review" in shown
    reviews.submit_withdrawal(page, by=author, explanation=OTHER)
    assert sorted(page.editions.filter(status="in_review").values_list("number", flat=True)) == [2, 4]


def client_shows_form(client, person, page):
    return as_person(client, person).get(change_address(page)).content.decode()


@pytest.mark.medium
def test_a_withdrawal_that_is_returned_is_there_to_be_changed(client, author, reviewer):
    page = a_live_page()
    edition = reviews.submit_withdrawal(page, by=author, explanation=WORDS)
    send(as_person(client, reviewer), "review", page, edition.number, act="return", comment="Say since when.")
    form = fields(as_person(client, author).get(address("submit_withdrawal", page)))
    assert {name: form[name] for name in EXPLANATION} == EXPLANATION
    assert live(page).kind == "current"


@pytest.mark.medium
def test_in_an_urgent_case_the_explanation_follows_and_the_date_of_the_withdrawal_stays(
    client, author, reviewer
):
    page = a_live_page(address_en="old")
    Edition.objects.filter(page=page).update(publish_at=timezone.now() - timedelta(days=9))
    withdrawn = publishing.withdraw(page, by=reviewer)
    since = timezone.now() - timedelta(days=5)
    Edition.objects.filter(pk=withdrawn.pk).update(publish_at=since)
    assert "is in review" in send(as_person(client, author), "submit_withdrawal", page, **EXPLANATION)
    as_person(client, reviewer)
    assert 'name="when"' not in screen(client, "review", page, 3)
    send(client, "review", page, 3, act="approve")
    answer = client.get("/en/old")
    assert answer.status_code == 410
    shown = answer.content.decode()
    assert WORDS.en in shown
    assert long_date(timezone.localdate(since), "en") in shown
    assert live(page).number == 3


@pytest.mark.medium
def test_a_page_that_one_person_withdrew_meanwhile_is_explained_by_the_approval(author, reviewer):
    page = a_live_page()
    edition = reviews.submit_withdrawal(page, by=author, explanation=WORDS)
    publishing.withdraw(page, by=reviewer)
    with pytest.raises(ValidationError, match="can only be shown now"):
        reviews.approve(edition, by=reviewer, at=timezone.now() + timedelta(days=1))
    reviews.approve(edition, by=reviewer)
    assert live(page).explanation == WORDS


@pytest.mark.medium
@pytest.mark.parametrize("words", [NOTHING, WORDS])
def test_an_explanation_that_says_nothing_new_is_refused(author, reviewer, words):
    page = a_live_page()
    publishing.withdraw(page, by=None, explanation=WORDS)
    with pytest.raises(ValidationError, match="says something new"):
        reviews.submit_withdrawal(page, by=author, explanation=words)


@pytest.mark.medium
@pytest.mark.parametrize("words", [Bilingual("Wrong.", ""), Bilingual("", "Faux.")])
def test_half_an_explanation_is_refused_at_the_field_that_is_empty(client, author, words):
    page = a_live_page()
    with pytest.raises(ValidationError, match="both languages"):
        reviews.submit_withdrawal(page, by=author, explanation=words)
    values = {"explanation_en": words.en, "explanation_fr": words.fr}
    shown = send(as_person(client, author), "submit_withdrawal", page, **values)
    assert "Write the explanation in both languages or leave both empty." in shown
    assert page.editions.count() == 1


@pytest.mark.medium
@pytest.mark.parametrize("make", [a_page, a_home_page])
def test_what_is_not_public_or_is_the_home_page_is_not_submitted_for_withdrawal(client, author, make):
    page = make()
    if page.parent is None:
        publishing.publish(page, by=None)
    with pytest.raises(ValidationError):
        reviews.submit_withdrawal(page, by=author, explanation=WORDS)
    as_person(client, author).post(address("submit_withdrawal", page), EXPLANATION)
    assert not page.editions.filter(kind="withdrawn").exists()


@pytest.mark.medium
def test_without_the_rule_the_explanation_of_a_withdrawal_is_changed_at_once(client, settings, reviewer):
    settings.REVIEW_BY_SECOND_PERSON = False
    page = a_live_page(address_en="old")
    publishing.withdraw(page, by=reviewer, explanation=WORDS)
    as_person(client, reviewer)
    assert fields(client.get(address("withdraw", page)))["explanation_en"] == WORDS.en
    send(client, "withdraw", page, explanation_en=OTHER.en, explanation_fr=OTHER.fr)
    assert OTHER.en in client.get("/en/old").content.decode()
    assert live(page).number == 3


@pytest.mark.medium
def test_who_withdraws_a_page_that_a_colleague_has_just_withdrawn_replaces_no_explanation(
    client, settings, reviewer
):
    settings.REVIEW_BY_SECOND_PERSON = False
    page = a_live_page()
    form = fields(as_person(client, reviewer).get(address("withdraw", page)))
    publishing.withdraw(page, by=None, explanation=WORDS)
    values = {"explanation_en": OTHER.en, "explanation_fr": OTHER.fr}
    shown = client.post(address("withdraw", page), form | values).content.decode()
    assert "there is nothing to archive or withdraw" in shown
    assert live(page).explanation == WORDS


@pytest.mark.medium
def test_a_withdrawn_page_that_is_explained_can_be_published_again(author, reviewer):
    page = a_live_page()
    publishing.withdraw(page, by=reviewer)
    reviews.approve(reviews.submit_withdrawal(page, by=author, explanation=WORDS), by=reviewer)
    reviews.approve(reviews.submit(page, by=author), by=reviewer)
    assert live(page).kind == "current"


# What is added to an edition that is scheduled


@pytest.mark.medium
def test_what_is_added_to_a_scheduled_edition_was_approved_by_two_people(author, reviewer):
    page, at = a_live_page(title_en="Before"), timezone.now() + timedelta(days=1)
    scheduled = reviews.submit(save(page, title_en="Coming"), by=reviewer, correction=WORDS)
    reviews.approve(scheduled, by=an_account(), at=at)
    save(page, title_en="Before", description_en="New.")
    edition = reviews.approve(reviews.submit(page, by=author), by=reviewer)
    ((_before, after),) = rescheduling.settle(
        edition, {scheduled.number: Decision(Choice.CARRY)}, by=reviewer
    )
    assert (after.title_en, after.description_en) == ("Coming", "New.")
    assert (after.author, after.approver) == (author, reviewer)
    assert after.correction.words == WORDS
