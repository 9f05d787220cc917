"""Putting an edition of a page back into its working copy."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pages import indexes, publishing, working_copy
from pages.document import digest, dumps
from pages.models.audit_entry import AuditEntry
from pages.models.edition import Edition
from pages.models.page import Page
from tests.admin_forms import fields, save_image
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_png,
    a_stored_image,
    a_text,
    an_image,
    an_objective,
)

pytestmark = pytest.mark.django_db


def address(page, number=1):
    return f"/admin/pages/page/{page.pk}/restore/{number}/"


def restore(client, page, number=1):
    return client.post(address(page, number), fields(client.get(address(page, number))), follow=True)


def again(page):
    return working_copy.read(Page.objects.get(pk=page.pk))


def a_changed_page():
    page = a_page(title_en="Trade", title_fr="Commerce")
    a_text(page, heading_en="Exports", heading_fr="Exportations")
    a_figure(page)
    an_objective(page, partners=[a_partner()])
    publishing.publish(page, by=None)
    page.title_en, page.title_fr = "Changed", "Modifié"
    page.save()
    page.pages_textsection_set.all().delete()
    return page


@pytest.mark.medium
def test_an_edition_comes_back_in_both_languages(staff_client):
    page = a_changed_page()
    response = restore(staff_client, page)
    assert "The working copy now matches edition 1" in response.content.decode()
    assert again(page) == Edition.objects.get(page=page).read()


@pytest.mark.medium
def test_restoring_changes_nothing_public(staff_client):
    page = a_changed_page()
    restore(staff_client, page)
    assert Edition.objects.filter(page=page).count() == 1


@pytest.mark.medium
def test_looking_at_the_screen_restores_nothing(staff_client):
    page = a_changed_page()
    html = staff_client.get(address(page)).content.decode()
    assert "[deleted: </span>Changed" in html
    assert "[added: </span>Trade" in html
    assert again(page).title.en == "Changed"


@pytest.mark.medium
@pytest.mark.parametrize(("is_published", "warned"), [(False, True), (True, False)])
def test_losing_what_was_never_published_is_warned_of(staff_client, is_published, warned):
    page = a_changed_page()
    if is_published:
        publishing.publish(page, by=None)
    assert ("They will be lost" in staff_client.get(address(page)).content.decode()) is warned


@pytest.mark.medium
def test_what_was_saved_meanwhile_is_not_replaced_unseen(staff_client):
    page = a_changed_page()
    data = fields(staff_client.get(address(page)))
    Page.objects.filter(pk=page.pk).update(title_en="Saved by somebody else")
    response = staff_client.post(address(page), data)
    assert "The page was saved after you opened this screen." in response.content.decode()
    assert again(page).title.en == "Saved by somebody else"
    staff_client.post(address(page), fields(response))
    assert again(page).title.en == "Trade"


@pytest.mark.medium
def test_a_forged_form_replaces_nothing(staff_client):
    page = a_changed_page()
    assert staff_client.post(address(page), {"seen": "x"}).status_code == 200
    assert again(page).title.en == "Changed"


@pytest.mark.medium
def test_restoring_is_recorded_and_told_in_each_language(staff_client, editor):
    page = a_changed_page()
    restore(staff_client, page)
    assert AuditEntry.objects.get(object_id=str(page.pk)).user == editor
    history = f"/admin/pages/page/{page.pk}/history/"
    assert "<td>Edition 1 was restored.</td>" in staff_client.get(history).content.decode()
    staff_client.cookies["django_language"] = "fr"
    assert "<td>L’édition 1 a été restaurée.</td>" in staff_client.get(history).content.decode()


@pytest.mark.medium
def test_partner_organizations_stay_as_they_are_and_the_comparison_says_so(staff_client):
    partner = a_partner(name_en="Old name", name_fr="Ancien nom")
    page = a_page()
    an_objective(page, partners=[partner])
    publishing.publish(page, by=None)
    partner.name_en, partner.name_fr = "New name", "Nouveau nom"
    partner.save()
    page.title_en = "Changed"
    page.save()
    assert "Old name" not in staff_client.get(address(page)).content.decode()
    restore(staff_client, page)
    assert again(page).blocks[0].partners[0].name.en == "New name"


@pytest.mark.medium
def test_images_and_facts_in_texts_stay_as_they_are_now_and_the_screen_says_so(staff_client):
    image = an_image(key="flag", alternative_text_en="Flag", alternative_text_fr="Drapeau")
    text = '<ul>\n<li><img src="image:flag"> Iraq</li>\n</ul>'
    page = a_page(title_en="Trade")
    a_text(page, body_en=text, body_fr=text)
    indexes.update_drafts([page])
    publishing.publish(page, by=None)
    assert "now matches edition 1" in restore_changed(staff_client, page)
    save_image(staff_client, image, image=SimpleUploadedFile("red.png", a_png(colour="red"), "image/png"))
    assert "nothing to restore" in staff_client.get(address(page)).content.decode()
    assert "identical" not in staff_client.get(address(page)).content.decode()
    message = restore_changed(staff_client, page)
    assert "now matches" not in message
    assert "facts, images and content that pages share as they are now" in message
    assert a_stored_image("red").digest in again(page).blocks[0].body.en


def restore_changed(client, page):
    """The form of the page after its title was changed and edition 1 restored."""
    Page.objects.filter(pk=page.pk).update(title_en="Changed")
    assert "replaced</span>" not in client.get(address(page)).content.decode()
    return restore(client, page).content.decode()


@pytest.mark.medium
def test_an_address_that_another_page_has_now_is_told_and_nothing_is_restored(staff_client):
    page = a_live_page(address_en="first")
    Page.objects.filter(pk=page.pk).update(address_en="second")
    a_page(address_en="first")
    response = restore(staff_client, page)
    assert "Another page already uses this English address." in response.content.decode()
    assert again(page).address.en == "second"


@pytest.mark.medium
def test_a_page_never_comes_back_below_itself(staff_client):
    above = a_live_page()
    page = a_live_page(parent=above)
    Page.objects.filter(pk=page.pk).update(parent=a_home_page())
    Page.objects.filter(pk=above.pk).update(parent=page)
    response = restore(staff_client, page)
    assert "A page cannot be under itself" in response.content.decode()
    assert again(page).parent == "home"


@pytest.mark.medium
@pytest.mark.parametrize("number", [0, 7, "9" * 30])
def test_unknown_editions_are_not_found(staff_client, number):
    assert staff_client.get(address(a_live_page(), number)).status_code == 404


@pytest.mark.medium
def test_the_same_text_is_not_restored_again(staff_client):
    assert "nothing to restore" in staff_client.get(address(a_live_page())).content.decode()


@pytest.mark.medium
def test_a_restored_edition_has_the_digest_of_the_one_it_came_from(staff_client):
    page = a_changed_page()
    restore(staff_client, page)
    assert digest(dumps(again(page))) == Edition.objects.get(page=page).digest
