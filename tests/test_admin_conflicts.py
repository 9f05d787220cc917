"""Two people saving the same page: the second is told, sees both texts, and nothing of either is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pages import working_copy
from pages.models.page import Page
from tests.admin_forms import add_block, change_address, fields, page_form
from tests.factories import a_figure, a_page, a_partner, a_png, a_text, an_account, an_objective

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague():
    client = Client()
    client.force_login(an_account(username="marie", is_superuser=True))
    return client


def save(client, page, **changes):
    return client.post(change_address(page), page_form(client, page) | changes)


def written(page):
    return working_copy.read(Page.objects.get(pk=page.pk))


def send(client, page, data):
    """What comes back to the second person: the page shown, and its form as it now stands."""
    response = client.post(change_address(page), data)
    assert response.status_code == 200, "It was saved without a word."
    return response.content.decode(), fields(response, "page_form")


@pytest.mark.medium
def test_the_second_person_is_told_who_saved_and_sees_both_texts(staff_client, colleague):
    page = a_page(title_en="Before")
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    save(colleague, page, title_en="Theirs")
    shown, form = send(staff_client, page, mine)
    assert "Changes saved while you were writing" in shown
    assert "marie" in shown
    assert "Theirs" in shown
    assert form["title_en"] == "Mine"
    assert written(page).title.en == "Theirs"


@pytest.mark.medium
def test_saving_again_after_looking_keeps_what_the_second_person_chose(staff_client, colleague):
    page = a_page()
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    save(colleague, page, title_en="Theirs")
    _shown, form = send(staff_client, page, mine)
    assert staff_client.post(change_address(page), form).status_code == 302
    assert written(page).title.en == "Mine"


@pytest.mark.medium
def test_a_third_save_in_between_is_noticed_too(staff_client, colleague):
    page = a_page()
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    save(colleague, page, title_en="Theirs")
    _shown, form = send(staff_client, page, mine)
    save(colleague, page, title_en="Theirs again")
    shown, _form = send(staff_client, page, form)
    assert "Theirs again" in shown


@pytest.mark.medium
def test_what_only_the_other_changed_is_taken_over(staff_client, colleague):
    page = a_page(title_fr="Avant")
    text = a_text(page, heading_en="Heading", body_fr="<p>Avant.</p>")
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    theirs = {"title_fr": "De Marie", "pages_textsection_set-0-body_fr": "<p>Après.</p>", "takes_reports": []}
    save(colleague, page, **theirs)
    shown, form = send(staff_client, page, mine)
    assert "Title (French)" in shown
    assert "Text “Heading”: Text (French)" in shown
    staff_client.post(change_address(page), form)
    document = written(page)
    assert (document.title.en, document.title.fr) == ("Mine", "De Marie")
    assert document.blocks[0].body.fr == "<p>Après.</p>"
    assert document.blocks[0].key == text.key
    assert not document.takes_reports


@pytest.mark.medium
def test_equal_changes_are_no_clash(staff_client, colleague):
    page = a_page()
    mine = page_form(staff_client, page) | {"title_en": "Same", "introduction_en": "<p>Same.</p>\r\n"}
    save(colleague, page, title_en="Same", introduction_en="<p>Same.</p>")
    shown, _form = send(staff_client, page, mine)
    assert "Changed by both of you" not in shown


@pytest.mark.medium
def test_both_texts_of_a_block_are_shown_and_theirs_only_when_it_is_clean(staff_client, colleague):
    page = a_page()
    a_text(page, heading_en="Heading")
    name = "pages_textsection_set-0-body_en"
    mine = page_form(staff_client, page) | {name: "<p>Mine.</p>"}
    save(colleague, page, **{name: "<p>Theirs <strong>here</strong>.</p><script>alert(1)</script>"})
    shown, form = send(staff_client, page, mine)
    assert "<p>Theirs <strong>here</strong>.</p>" in shown
    assert "<script>alert" not in shown
    assert form[name].strip() == "<p>Mine.</p>"


@pytest.mark.medium
def test_a_block_that_the_other_added_is_in_the_form_at_its_place(staff_client, colleague):
    page = a_page()
    a_text(page, heading_en="First")
    a_text(page, heading_en="Last")
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    add_block(mine, "textsection", heading_en="Of mine")
    theirs = add_block(
        page_form(colleague, page), "objective", title_en="Of theirs", partners=[str(a_partner().pk)]
    )
    theirs["pages_objective_set-0-ordering"] = "15"
    colleague.post(change_address(page), theirs)
    shown, form = send(staff_client, page, mine)
    assert "Objective “Of theirs”" in shown
    staff_client.post(change_address(page), form)
    blocks = written(page).blocks
    headings = [getattr(block, "heading", None) or block.title for block in blocks]
    assert [heading.en for heading in headings] == ["First", "Of theirs", "Last", "Of mine"]
    assert len(blocks[1].partners) == 1


@pytest.mark.medium
def test_my_order_stays_when_i_moved_blocks_and_theirs_when_only_they_did(staff_client, colleague):
    page = a_page()
    for heading in ("One", "Two"):
        a_text(page, heading_en=heading)
    swap = {"pages_textsection_set-0-ordering": "30"}

    def headings(form):
        staff_client.post(change_address(page), form)
        return [block.heading.en for block in written(page).blocks]

    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    save(colleague, page, **swap)
    assert headings(send(staff_client, page, mine)[1]) == ["Two", "One"]
    mine = page_form(staff_client, page)
    first = next(name for name in ("0", "1") if mine[f"pages_textsection_set-{name}-heading_en"] == "Two")
    mine[f"pages_textsection_set-{first}-ordering"] = "30"
    save(colleague, page, title_en="Theirs")
    assert headings(send(staff_client, page, mine)[1]) == ["One", "Two"]


@pytest.mark.medium
def test_a_block_that_the_other_deleted_goes_unless_i_changed_it(staff_client, colleague):
    page = a_page()
    a_text(page, heading_en="Untouched")
    kept = a_text(page, heading_en="Changed by me")
    mine = page_form(staff_client, page) | {"pages_textsection_set-1-body_en": "<p>My work.</p>"}
    save(colleague, page, **{"pages_textsection_set-0-DELETE": "on", "pages_textsection_set-1-DELETE": "on"})
    shown, form = send(staff_client, page, mine)
    assert "Text “Untouched”" in shown
    assert "Text “Changed by me”" in shown
    assert staff_client.post(change_address(page), form).status_code == 302
    (block,) = written(page).blocks
    assert (block.key, block.body.en) == (kept.key, "<p>My work.</p>")


@pytest.mark.medium
def test_a_block_that_i_deleted_and_they_changed_stays(staff_client, colleague):
    page = a_page()
    a_text(page, heading_en="Heading")
    mine = page_form(staff_client, page) | {"pages_textsection_set-0-DELETE": "on"}
    save(colleague, page, **{"pages_textsection_set-0-body_en": "<p>Their work.</p>"})
    _shown, form = send(staff_client, page, mine)
    assert "<p>Their work.</p>" in form["pages_textsection_set-0-body_en"]
    staff_client.post(change_address(page), form)
    assert written(page).blocks[0].body.en == "<p>Their work.</p>"


@pytest.mark.medium
def test_pictures_and_partners_survive_a_conflict(staff_client, colleague):
    page = a_page()
    a_figure(page)
    an_objective(page)
    partner = a_partner(name_en="The bank")
    mine = page_form(staff_client, page) | {"pages_objective_set-0-title_en": "Mine"}
    mine["pages_figure_set-0-image"] = SimpleUploadedFile("new.png", a_png(width=55), "image/png")
    save(colleague, page, **{"pages_objective_set-0-partners": [str(partner.pk)], "title_en": "Theirs"})
    _shown, form = send(staff_client, page, mine)
    staff_client.post(change_address(page), form)
    figure, objective = written(page).blocks
    assert figure.image.width == 55
    assert objective.title.en == "Mine"
    assert objective.partners[0].name.en == "The bank"


@pytest.mark.medium
def test_their_new_picture_is_taken_over(staff_client, colleague):
    page = a_page()
    a_figure(page)
    mine = page_form(staff_client, page) | {"title_en": "Mine"}
    save(
        colleague,
        page,
        **{"pages_figure_set-0-image": SimpleUploadedFile("n.png", a_png(width=66), "image/png")},
    )
    _shown, form = send(staff_client, page, mine)
    staff_client.post(change_address(page), form)
    assert written(page).blocks[0].image.width == 66


@pytest.mark.medium
def test_rows_that_were_replaced_with_the_same_content_are_no_conflict(staff_client):
    page = a_page()
    a_text(page)
    a_figure(page)
    data = page_form(staff_client, page) | {"title_en": "Mine"}
    working_copy.write(written(page), page)
    assert staff_client.post(change_address(page), data).status_code == 302
    assert written(page).title.en == "Mine"
    assert len(written(page).blocks) == 2


@pytest.mark.medium
def test_a_partner_changed_meanwhile_is_no_conflict(staff_client):
    page = a_page()
    partner = a_partner()
    an_objective(page, partners=[partner])
    data = page_form(staff_client, page) | {"title_en": "Mine"}
    partner.name_en = "Renamed"
    partner.save()
    assert staff_client.post(change_address(page), data).status_code == 302


@pytest.mark.medium
def test_a_block_is_named_in_the_language_of_the_screen(staff_client, colleague):
    page = a_page()
    a_text(page, heading_en="Trade", heading_fr="Commerce")
    name = "pages_textsection_set-0-body_fr"
    mine = page_form(staff_client, page) | {name: "<p>Le mien.</p>"}
    save(colleague, page, **{name: "<p>Le leur.</p>"})
    staff_client.cookies["django_language"] = "fr"
    shown, _form = send(staff_client, page, mine)
    assert "Texte «\u00a0Commerce\u00a0»\u00a0: Texte (français)" in shown


NONSENSE = [
    "",
    "not json",
    "[]",
    "[1, 2]",
    '[{}, [["a", "nothing", {}]]]',
    '[{"title_en": 5}, []]',
    "[" * 100_000,
    "9" * 5000,
]


@pytest.mark.medium
def test_a_form_that_does_not_say_what_it_was_opened_with_overwrites_nothing(staff_client):
    page = a_page(title_en="Theirs")
    a_text(page)
    data = page_form(staff_client, page)
    for opened in NONSENSE:
        shown, form = send(staff_client, page, data | {"opened": opened, "title_en": "Mine"})
        assert "Theirs" in shown, opened
        assert form["title_en"] == "Mine", opened
        assert written(page).title.en == "Theirs", opened
