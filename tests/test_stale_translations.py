"""A text that changed in one language only: said, shown, decided on, and never by time."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from pages import indexes, page_status, publishing, stale_translations, working_copy
from pages.models.edition import Edition
from pages.models.page import Page
from pages.models.review import TranslationDecision
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_live_page, a_page, a_partner, a_partner_list, a_text, an_account

pytestmark = pytest.mark.django_db

ENGLISH_MOVED = "The English changed but the French did not."
TITLE = ("title",)
NO_CHANGE = TranslationDecision.Kind.NO_CHANGE

# Pages


def a_stale_page(**changes):
    """Live, and then changed in English only."""
    page = a_live_page(**{"title_en": "Trade", "title_fr": "Commerce", **changes})
    page.title_en = "Trade relations"
    page.save()
    indexes.update_drafts([page])
    return page


def stale_paths(page):
    page = Page.objects.with_content().get(pk=page.pk)
    return [
        each.path
        for each in stale_translations.stale_texts_by_page([page], page_status.page_statuses([page]))[page.pk]
    ]


def address(page, screen="translations"):
    return reverse(f"admin:pages_page_{screen}", args=[page.pk])


def test_a_page_that_was_never_published_has_no_stale_texts():
    assert stale_paths(a_page()) == []


@pytest.mark.medium
def test_the_field_says_that_the_other_language_changed_and_shows_how(staff_client):
    page = a_stale_page()
    shown = staff_client.get(change_address(page)).content.decode()
    assert shown.count(ENGLISH_MOVED) == 1
    assert 'id="id_title_fr_stale"' in shown
    assert 'aria-describedby="id_title_fr_stale"' in shown
    assert "relations<span" in shown.replace("\n", "")
    assert f'href="{address(page)}#text-title"' in shown
    assert "1 translation to review" in shown


@pytest.mark.medium
def test_the_field_of_a_block_says_so_too(staff_client):
    page = a_page()
    text = a_text(page)
    publishing.publish(page, by=None)
    text.body_fr = "<p>D’autres mots.</p>"
    text.save()
    shown = staff_client.get(change_address(page)).content.decode()
    assert 'id="id_pages_textsection_set-0-body_en_stale"' in shown
    assert "The French changed but the English did not." in shown


def test_the_stale_texts_of_several_pages_are_counted_for_each():
    pages = [a_stale_page(), a_stale_page(), a_live_page()]
    documents = {page: working_copy.read(page) for page in pages}
    found = {row.page_id: row.texts for row in stale_translations.counts(documents)}
    assert found == {pages[0].pk: 1, pages[1].pk: 1}


def test_a_decision_on_a_text_of_a_block_settles_that_text():
    page = a_page()
    text = a_text(page)
    publishing.publish(page, by=None)
    text.body_fr = "<p>D’autres mots.</p>"
    text.save()
    indexes.update_drafts([page])
    document = working_copy.read(Page.objects.get(pk=page.pk))
    statuses = page_status.page_statuses([page])
    (stale,) = stale_translations.stale_texts_by_page([page], statuses)[page.pk]
    assert len(stale.path) > 1
    stale_translations.decide(page, document, [stale], by=None, kind=NO_CHANGE, reason="Only a style.")
    assert stale_paths(page) == []


def test_a_decision_that_nothing_needs_to_change_says_that_a_reason_is_missing():
    page = a_live_page()
    with pytest.raises(ValidationError, match="Explain why it needs no change"):
        stale_translations.decide(page, working_copy.read(page), [], by=None, kind=NO_CHANGE)


@pytest.mark.medium
def test_editing_the_other_language_clears_it(staff_client):
    page = a_stale_page()
    staff_client.post(
        change_address(page), page_form(staff_client, page) | {"title_fr": "Relations commerciales"}
    )
    assert ENGLISH_MOVED not in staff_client.get(change_address(page)).content.decode()
    assert stale_paths(page) == []


@pytest.mark.medium
def test_no_change_needed_is_kept_with_its_reason_and_clears_it(staff_client, editor):
    page = a_stale_page()
    data = fields(staff_client.get(address(page))) | {"reason": "Only the English was unclear."}
    shown = staff_client.post(address(page), data, follow=True).content.decode()
    decision = TranslationDecision.objects.get()
    assert (decision.by, decision.language, decision.path) == (editor, "fr", "title")
    assert "Only the English was unclear." in shown
    assert "No translation is out of date" in shown
    assert stale_paths(page) == []
    Page.objects.filter(pk=page.pk).update(title_en="Trade and aid")
    assert stale_paths(page) == [TITLE]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"reason": "Because.", "seen": "0" * 64}, "The page was saved after you opened this screen."),
    ],
)
def test_a_decision_that_cannot_be_kept_says_why(staff_client, changes, message):
    page = a_stale_page()
    data = fields(staff_client.get(address(page))) | changes
    assert message in staff_client.post(address(page), data).content.decode()
    assert not TranslationDecision.objects.exists()


@pytest.mark.medium
@pytest.mark.parametrize("path", ["description", "blocks/none/body", "\x00", "../..", "x" * 5000])
def test_a_forged_path_decides_nothing(staff_client, path):
    page = a_stale_page()
    data = fields(staff_client.get(address(page))) | {"reason": "Because.", "path": path}
    assert staff_client.post(address(page), data).status_code == 200
    assert not TranslationDecision.objects.exists()


@pytest.mark.medium
def test_a_stale_text_of_a_partner_leads_to_its_own_form(staff_client):
    partner = a_partner(description_en="Feeds people.", description_fr="Nourrit des gens.")
    page = a_page()
    a_partner_list(page, partners=[partner])
    publishing.publish(page, by=None)
    partner.description_en = "Feeds many people."
    partner.save()
    shown = staff_client.get(address(page)).content.decode()
    assert f"/admin/pages/partnerorganization/{partner.pk}/change/#id_description_fr" in shown


# Publishing


def publish(client, page, **values):
    data = fields(client.get(address(page, "publish"))) | {"when": "now", "significant": "no", **values}
    return client.post(address(page, "publish"), data, follow=True).content.decode()


@pytest.mark.medium
def test_publishing_asks_for_a_decision_and_what_is_left_for_later_stays_marked(staff_client):
    page = a_stale_page()
    assert (
        "1 text was changed in one language only"
        in staff_client.get(address(page, "publish")).content.decode()
    )
    publish(staff_client, page, translations="later")
    assert Edition.objects.live().get(page=page).title_en == "Trade relations"
    assert stale_paths(page) == [TITLE]
    shown = staff_client.get(change_address(page)).content.decode()
    assert ENGLISH_MOVED in shown
    assert "relations<span" in shown
    Page.objects.filter(pk=page.pk).update(title_fr="Relations commerciales")
    assert stale_paths(page) == []
    publish(staff_client, page)
    assert stale_paths(page) == []


@pytest.mark.medium
def test_publishing_with_a_reason_settles_every_stale_text(staff_client):
    page = a_stale_page()
    publish(staff_client, page, translations="no_change", translations_reason="A spelling mistake.")
    assert TranslationDecision.objects.get().reason == "A spelling mistake."
    assert stale_paths(page) == []


@pytest.mark.medium
def test_publishing_without_the_reason_is_refused_and_says_so(staff_client):
    page = a_stale_page()
    shown = publish(staff_client, page, translations="no_change", translations_reason=" ")
    assert "Explain why it needs no change. Your reason is kept on record." in shown
    assert page.editions.count() == 1


@pytest.mark.medium
def test_publishing_with_stale_texts_is_not_forbidden_to_who_does_not_decide(staff_client):
    page = a_stale_page()
    data = fields(staff_client.get(address(page, "publish"))) | {"when": "now", "significant": "no"}
    data.pop("translations")
    staff_client.post(address(page, "publish"), data)
    assert page.editions.count() == 2
    assert stale_paths(page) == [TITLE]


# The list


@pytest.mark.medium
def test_the_list_counts_stale_texts_with_as_many_queries_for_many_pages(
    staff_client, django_assert_num_queries
):
    a_stale_page()
    shown = staff_client.get("/admin/pages/page/").content.decode()
    assert "1 translation to review" in shown
    with django_assert_num_queries(14) as few:
        staff_client.get("/admin/pages/page/")
    for _each in range(5):
        a_stale_page(address_en=f"another-{_each}", address_fr=f"autre-{_each}")
    with django_assert_num_queries(len(few)):
        staff_client.get("/admin/pages/page/")


@pytest.mark.medium
def test_who_may_only_look_sees_what_is_stale_and_cannot_decide(client):
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    page = a_stale_page()
    shown = client.get(address(page)).content.decode()
    assert ENGLISH_MOVED in shown
    assert 'name="reason"' not in shown
    client.post(address(page), {"path": "title", "seen": "x", "reason": "Because."})
    assert not TranslationDecision.objects.exists()


@pytest.mark.medium
def test_every_stale_text_has_a_name_in_french(staff_client):
    page = a_stale_page()
    staff_client.cookies["django_language"] = "fr"
    assert (
        "L’anglais a été modifié, mais pas le français." in staff_client.get(address(page)).content.decode()
    )
