"""What may be published, and what publishing, scheduling, archiving and withdrawing do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone, translation

from pages import publishing, readiness, reviews, working_copy
from pages.document import Bilingual, digest, dumps
from pages.models.edition import Edition
from tests.factories import (
    KINDS,
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_text,
    an_account,
)

pytestmark = pytest.mark.django_db


def reasons(page):
    return [reason.message for reason in readiness.reasons_not_to_publish(working_copy.read(page))]


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def change_title(page, title):
    page.title_en = title
    page.save()
    return page


def test_a_complete_page_may_be_published():
    page = a_page()
    a_text(page)
    assert reasons(page) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("field", ["title", "description", "introduction"])
def test_a_field_in_one_language_only_is_refused(field, language):
    page = a_page(**{f"{field}_{language}": ""})
    (reason,) = readiness.reasons_not_to_publish(working_copy.read(page))
    assert (reason.path, reason.language) == ((field,), language)


def test_a_block_in_one_language_only_is_refused_and_named():
    page = a_page()
    a_text(page, heading_en="Trade", heading_fr="", body_fr="<p>Oui.</p>")
    assert reasons(page) == ["Text “Trade”: heading is missing in French."]


def test_a_text_of_empty_paragraphs_counts_as_missing():
    page = a_page(introduction_fr="<p> </p>")
    assert reasons(page) == ["Introduction is missing in French."]


def test_a_partner_described_in_one_language_only_is_refused():
    page = a_page()
    a_partner_list(page, partners=[a_partner(key="world-bank", description_en="A bank.")])
    assert reasons(page) == ["Partner organization “world-bank”: description is missing in French."]


def test_a_website_may_exist_in_one_language_only():
    page = a_page()
    a_partner_list(page, partners=[a_partner(website_en="https://example.org")])
    assert reasons(page) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_missing_address_is_refused(language):
    page = a_page(**{f"address_{language}": ""})
    spoken = {"en": "English", "fr": "French"}[language]
    assert reasons(page) == [f"The address is missing in {spoken}."]


@pytest.mark.parametrize("address", ["Trade", "a--b", "../etc", "a b", "été", "a/", "/a"])
def test_an_address_that_is_not_plain_is_refused(address):
    assert len(reasons(a_page(address_en=address))) == 1


@pytest.mark.medium
def test_an_address_that_another_page_has_ever_had_is_refused():
    other = a_live_page(title_en="Other", address_en="taken")
    other.address_en = "moved"
    other.save()
    publishing.publish(other, by=None)
    assert reasons(a_page(address_en="taken")) == [
        "The page “Other” already uses the address “taken”. Choose another English address."
    ]


def test_an_address_of_the_site_itself_is_refused():
    (reason,) = reasons(a_page(address_fr="signaler-un-probleme/recu/merci"))
    assert "The site itself uses the address" in reason


def test_a_picture_without_alternative_text_is_refused():
    page = a_page()
    a_figure(page, alternative_text_en="", alternative_text_fr="")
    assert len(reasons(page)) == 1


def test_a_decorative_picture_needs_no_alternative_text():
    page = a_page()
    a_figure(page, decorative=True, alternative_text_en="", alternative_text_fr="")
    assert reasons(page) == []


def test_reasons_are_told_in_the_language_of_the_editor():
    page = a_page(address_en="")
    with translation.override("fr"):
        assert reasons(page) == ["L’adresse en anglais est manquante."]


def test_a_page_that_is_not_ready_stays_as_it_is():
    page = a_page(title_fr="")
    with pytest.raises(publishing.NotReady) as refusal:
        publishing.publish(page, by=None)
    assert len(refusal.value.reasons) == 1
    assert not Edition.objects.exists()


def test_publishing_freezes_both_languages_in_one_edition():
    page, person = a_page(title_en="Trade", title_fr="Commerce"), an_account()
    edition = publishing.publish(page, by=person, note="New page")
    assert edition.read() == working_copy.read(page)
    assert (edition.title_en, edition.title_fr) == ("Trade", "Commerce")
    assert (edition.number, edition.author, edition.approver, edition.note) == (1, person, person, "New page")
    assert edition.digest == digest(edition.document)


def test_the_edition_is_the_same_whatever_language_is_active():
    page = a_page()
    a_text(page)
    digests = set()
    for language in ("en", "fr"):
        with translation.override(language):
            digests.add(digest(dumps(working_copy.read(page))))
    assert len(digests) == 1


def test_a_change_of_the_working_copy_changes_nothing_public():
    page = a_live_page(title_en="Before")
    page.title_en = "After"
    page.save()
    assert Edition.objects.live().get(page=page).title_en == "Before"


@pytest.mark.medium
def test_a_scheduled_edition_is_live_from_its_moment_on():
    page = a_live_page(title_en="Before")
    page.title_en = "After"
    page.save()
    at = in_an_hour()
    publishing.publish(page, by=None, at=at)
    live_at = lambda moment: Edition.objects.live(moment).get(page=page).title_en  # noqa: E731
    assert live_at(None) == "Before"
    assert live_at(at - timedelta(seconds=1)) == "Before"
    assert live_at(at) == "After"


@pytest.mark.medium
def test_of_two_editions_at_one_moment_the_one_with_the_higher_number_is_live():
    page, at = a_live_page(), in_an_hour()
    lower = reviews.submit(change_title(page, "Lower number"), by=None)
    higher = publishing.publish(change_title(page, "Higher number"), by=None, at=at)
    reviews.approve(lower, by=None, at=at)
    assert (lower.number, higher.number) == (2, 3)
    assert Edition.objects.live(at).get(page=page) == higher
    publishing.cancel(higher, by=None)
    assert Edition.objects.live(at).get(page=page) == lower


def test_a_moment_in_the_past_is_refused():
    with pytest.raises(ValidationError, match="future date and time"):
        publishing.publish(a_page(), by=None, at=timezone.now() - timedelta(minutes=1))


@pytest.mark.medium
def test_a_scheduled_edition_can_be_cancelled():
    page = a_live_page()
    scheduled = publishing.publish(page, by=None, at=in_an_hour())
    publishing.cancel(scheduled, by=None)
    assert not Edition.objects.scheduled().exists()


def test_a_live_edition_cannot_be_cancelled():
    page = a_live_page()
    with pytest.raises(ValidationError):
        publishing.cancel(page.editions.get(), by=None)


@pytest.mark.medium
def test_archiving_keeps_what_is_public_and_not_the_working_copy():
    page = a_live_page(title_en="Public")
    page.title_en = "Draft"
    page.save()
    edition = publishing.archive(page, by=None)
    assert (edition.kind, edition.title_en) == (Edition.Kind.ARCHIVED, "Public")


def test_a_page_that_was_never_public_cannot_be_withdrawn():
    with pytest.raises(ValidationError, match="not be public"):
        publishing.withdraw(a_page(), by=None)


def test_an_explanation_in_one_language_only_is_refused():
    page = a_live_page()
    with pytest.raises(ValidationError, match="both languages"):
        publishing.withdraw(page, by=None, explanation=Bilingual("Replaced.", ""))


@pytest.mark.medium
def test_the_date_of_modification_is_that_of_the_last_significant_edition():
    page = a_live_page()
    first = page.editions.get()
    minor = publishing.publish(page, by=None, significant=False)
    live = Edition.objects.live().with_dates().get(page=page)
    assert live == minor
    assert live.modified_at == first.publish_at


def test_the_first_edition_is_significant_even_when_called_minor():
    assert publishing.publish(a_page(), by=None, significant=False).significant


def test_an_edition_never_changes():
    edition = a_live_page().editions.get()
    edition.title_en = "Forged"
    with pytest.raises(TypeError):
        edition.save()
    with pytest.raises(TypeError):
        edition.save(update_fields=["title_en"])


def test_an_edition_is_never_deleted():
    edition = a_live_page().editions.get()
    with pytest.raises(TypeError):
        edition.delete()
    with pytest.raises(TypeError):
        Edition.objects.all().delete()


@pytest.mark.medium
def test_publishing_all_publishes_only_what_differs():
    same, changed = a_live_page(), a_live_page()
    changed.title_en = "New title"
    changed.save()
    assert [edition.page for edition in publishing.publish_all([same, changed], by=None)] == [changed]


def test_publishing_all_publishes_nothing_when_one_page_is_not_ready():
    with pytest.raises(publishing.NotReady):
        publishing.publish_all([a_page(), a_page(title_fr="")], by=None)
    assert not Edition.objects.exists()


def test_pages_that_are_published_together_go_live_in_the_same_instant():
    editions = publishing.publish_all([a_page(), a_page(), a_page()], by=None)
    assert len({edition.publish_at for edition in editions}) == 1


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 12])
def test_publishing_many_pages_takes_as_many_queries_as_publishing_one(django_assert_num_queries, count):
    pages = [a_page() for _each in range(count)]
    for page in pages:
        a_text(page)
    # One more tidies the index of search, which SQLite keeps tidy itself.
    with django_assert_num_queries(KINDS + (42 if connection.vendor == "postgresql" else 41)):
        publishing.publish_all(pages, by=None)


@pytest.mark.medium
def test_an_edition_of_many_has_the_number_after_the_last_and_its_place_in_the_site():
    page = a_live_page(title_en="Before")
    page.title_en = "After"
    page.save()
    (edition,) = publishing.publish_all([page], by=None)
    assert (edition.number, edition.parent, edition.author) == (2, page.parent, None)
    assert Edition.objects.live().get(page=page).title_en == "After"


@pytest.mark.medium
def test_a_withdrawal_is_explained_anew_only_in_other_words():
    page, over = a_live_page(), Bilingual("Over.", "Terminé.")
    with pytest.raises(ValidationError, match="The page is not withdrawn"):
        publishing.explain_withdrawal(page, by=None, explanation=over)
    publishing.withdraw(page, by=None, explanation=over)
    with pytest.raises(ValidationError, match="Write an explanation that says something new"):
        publishing.explain_withdrawal(page, by=None, explanation=over)
    since = Bilingual("Over since May.", "Terminé depuis mai.")
    edition = publishing.explain_withdrawal(page, by=None, explanation=since)
    assert (edition.kind, edition.explanation, edition.significant) == ("withdrawn", since, False)


def test_the_first_editions_of_pages_that_are_published_together_have_the_number_one():
    editions = publishing.publish_all([a_page(), a_page()], by=None)
    assert [edition.number for edition in editions] == [1, 1]


@pytest.mark.medium
def test_a_correction_in_one_language_only_is_refused_with_what_to_do():
    with pytest.raises(ValidationError, match="Write the correction in both languages or leave both empty"):
        publishing.publish(a_page(), by=None, correction=Bilingual("The year was wrong.", ""))


@pytest.mark.parametrize("act", ["archive", "withdraw"])
def test_the_home_page_is_neither_archived_nor_withdrawn(act):
    page = a_home_page()
    publishing.publish(page, by=None)
    with pytest.raises(ValidationError, match="A site always keeps its home page"):
        getattr(publishing, act)(page, by=None)


def test_there_is_only_one_home_page():
    a_home_page()
    with pytest.raises(IntegrityError):
        a_page(parent=None, address_en="", address_fr="")


def test_two_working_copies_cannot_have_one_address():
    a_page(address_fr="pareil")
    with pytest.raises(IntegrityError):
        a_page(address_fr="pareil")
