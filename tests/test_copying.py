"""Copies of pages and of blocks, “Add a page below”, and drafts that their owners may delete."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from pages import copying, indexes, publishing, working_copy
from pages.document import Bilingual
from pages.models import Edition, Page
from pages.models.audit_entry import AuditEntry
from pages.readiness import reasons_not_to_publish
from tests.admin_forms import add_block, change_address, page_form
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_account,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/page/"


def copy_address(page):
    return f"{LIST}{page.pk}/copy/"


def copied(page, *, parent=None, owner=None, **options):
    return copying.copy_page(page, parent=parent or a_home_page(), owner=owner, **options)


def an_editor(*codenames):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


@pytest.mark.medium
def test_a_copy_says_the_same_under_a_new_title_key_and_address():
    page = a_live_page(title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce")
    a_text(page, body_en='<p>See <a href="/en/visas">visas</a>.</p>')
    a_figure(page)
    a_partner_list(page, partners=[a_partner()])
    a_page_list(page)
    page = Page.objects.get(pk=page.pk)
    [copy] = copied(page, owner=an_account(username="maker"))
    before, after = working_copy.read(page), working_copy.read(copy)
    assert after.title == Bilingual("Trade (copy)", "Commerce (copie)")
    assert after.address == Bilingual("trade-copy", "commerce-copie")
    assert after.key != before.key
    assert (after.introduction, after.description) == (before.introduction, before.description)
    assert [type(block) for block in after.blocks] == [type(block) for block in before.blocks]
    assert after.blocks[0].body == before.blocks[0].body
    assert after.blocks[1].image == before.blocks[1].image
    assert after.blocks[2].partners == before.blocks[2].partners
    assert {block.key for block in after.blocks}.isdisjoint(block.key for block in before.blocks)
    assert copy.owner.username == "maker"


def test_links_among_the_copied_pages_lead_to_the_copies_and_all_others_stay():
    page, other = a_page(), a_page()
    text = a_text(page)
    below = a_page(parent=page)
    text.body_en = (
        f'<p><a href="page:{page.key}#{text.key}">this section</a>, <a href="page:{below.key}">below</a>,'
        f' <a href="page:{other.key}">other</a>, <a href="page:{page.key}#gone">a section that is gone</a></p>'
    )
    text.save()
    a_text(below, body_fr=f'<p><a href="page:{page.key}">plus haut</a></p>')
    copy, copy_below = copied(Page.objects.get(pk=page.pk), with_below=True)
    (section,) = working_copy.read(copy).blocks
    assert section.body.en == (
        f'<p><a href="page:{copy.key}#{section.key}">this section</a>, <a href="page:{copy_below.key}">below</a>,'
        f' <a href="page:{other.key}">other</a>, <a href="page:{page.key}#gone">a section that is gone</a></p>'
    )
    (section_below,) = working_copy.read(copy_below).blocks
    assert section_below.body.fr == f'<p><a href="page:{copy.key}">plus haut</a></p>'


def test_a_copy_is_not_public_and_has_no_editions():
    [copy] = copied(a_live_page())
    assert not Edition.objects.filter(page=copy).exists()
    assert copy.tree_path.path


@pytest.mark.medium
def test_a_copy_can_be_published_as_it_is():
    page = a_live_page()
    [copy] = copied(page)
    assert reasons_not_to_publish(working_copy.read(copy)) == []


def test_copies_of_one_page_have_addresses_of_their_own():
    page = a_page(address_en="trade", address_fr="commerce")
    addresses = [copied(page)[0].address_en for _each in range(3)]
    assert addresses == ["trade-copy", "trade-copy-2", "trade-copy-3"]


@pytest.mark.medium
def test_no_copy_takes_an_address_that_a_page_once_had():
    other = a_live_page(address_en="trade-copy", address_fr="autre")
    Page.objects.filter(pk=other.pk).update(address_en="elsewhere")
    [copy] = copied(a_page(address_en="trade", address_fr="commerce"))
    assert copy.address_en == "trade-copy-2"


def test_a_text_that_is_missing_stays_missing_in_the_copy():
    [copy] = copied(a_page(title_fr="", address_fr=""))
    assert (copy.title_fr, copy.address_fr) == ("", "")


def test_the_longest_title_key_and_address_have_a_copy():
    page = a_page(key="k" * 100, title_en="T" * 200, address_en="a" * 199 + "b", address_fr="c/" * 99 + "dd")
    [copy] = copied(page)
    copy.full_clean(exclude=["parent", "owner", "title", "address"])
    assert copy.title_en.endswith(" (copy)")
    assert copy.address_en.endswith("-copy")
    assert len(copy.title_en) <= 200


def test_the_note_about_sources_goes_with_the_copy():
    [copy] = copied(a_page(sources_needed="The number of visas."))
    copy.refresh_from_db()
    assert copy.sources_needed == "The number of visas."


@pytest.mark.medium
def test_the_pages_below_are_copied_below_the_copy_in_their_order():
    top = a_page(title_en="Top")
    first = a_page(title_en="First", parent=top, position=3)
    a_page(title_en="Second", parent=top, position=7)
    a_page(title_en="Deep", parent=first)
    indexes.rebuild()
    copies = copied(top, with_below=True)
    assert [copy.title_en for copy in copies] == [
        "Top (copy)",
        "First (copy)",
        "Second (copy)",
        "Deep (copy)",
    ]
    assert [copy.parent_id for copy in copies[1:]] == [copies[0].pk, copies[0].pk, copies[1].pk]
    assert [copy.position for copy in copies[1:3]] == [3, 7]
    indexes.update_drafts(copies)
    assert indexes.verify() == []


def test_only_the_page_itself_is_copied_unless_more_is_asked_for():
    top = a_page()
    a_page(parent=top)
    assert len(copied(top)) == 1


def test_a_page_may_be_copied_below_itself():
    top = a_page()
    below = a_page(parent=top)
    copies = copied(top, parent=below, with_below=True)
    assert copies[0].parent == below
    assert len(copies) == 2


def test_more_pages_than_a_request_can_copy_are_refused(monkeypatch):
    monkeypatch.setattr(copying, "MAX_PAGES", 2)
    top = a_page()
    a_page(parent=top)
    a_page(parent=top)
    with pytest.raises(ValidationError, match="at most 2"):
        copied(top, with_below=True)
    assert len(copied(top)) == 1


@pytest.mark.medium
def test_many_pages_are_copied_in_as_many_queries_as_few(django_assert_num_queries):
    def branch(number):
        top = a_page()
        for _each in range(number):
            a_text(a_page(parent=top))
        return top

    few, many = branch(2), branch(9)
    with django_assert_num_queries(200, exact=False) as captured:
        copied(few, with_below=True)
    with django_assert_num_queries(len(captured)):
        copied(many, with_below=True)


# The screen


@pytest.mark.medium
def test_a_page_is_copied_from_its_form_and_from_the_list(staff_client):
    page = a_live_page(title_en="Trade")
    for address in (change_address(page), LIST):
        assert f'href="{copy_address(page)}"' in staff_client.get(address).text
    response = staff_client.post(copy_address(page), {"parent": page.key}, follow=True)
    copy = Page.objects.get(title_en="Trade (copy)")
    assert response.redirect_chain[-1][0] == change_address(copy)
    assert "“Trade (copy)” was created." in response.text
    assert copy.parent == page
    assert "Copied from “Trade”." in staff_client.get(f"{LIST}{copy.pk}/history/").text


@pytest.mark.medium
def test_the_screen_offers_the_pages_below_only_where_there_are_some(staff_client):
    page = a_page()
    assert 'name="below"' not in staff_client.get(copy_address(page)).text
    a_page(parent=page)
    assert "This page and the 1 page under it" in staff_client.get(copy_address(page)).text
    staff_client.post(copy_address(page), {"parent": "home", "below": "yes"})
    assert Page.objects.count() == 5


@pytest.mark.medium
def test_the_home_page_is_copied_below_itself(staff_client):
    home = a_home_page()
    assert "(home)" in staff_client.get(copy_address(home)).text
    staff_client.post(copy_address(home), {"parent": "home"})
    assert Page.objects.get(title_en="Home (copy)").parent == home


@pytest.mark.medium
@pytest.mark.parametrize("parent", ["", "nowhere", "\0", "<b>", "ب" * 900])
def test_a_parent_that_there_is_not_is_refused_beside_the_field(staff_client, parent):
    page = a_page()
    response = staff_client.post(copy_address(page), {"parent": parent, "below": "perhaps"})
    assert response.status_code == 200
    assert "errorlist" in response.text
    assert Page.objects.count() == 2


@pytest.mark.medium
def test_who_may_not_add_pages_cannot_copy_one_and_sees_no_link(client):
    page = a_page()
    client.force_login(an_editor("view_page", "change_page"))
    assert client.get(copy_address(page)).status_code == 403
    assert client.post(copy_address(page), {"parent": "home"}).status_code == 403
    for address in (change_address(page), LIST):
        text = client.get(address).text
        assert "Copy…" not in text
        assert "Add a page below" not in text


# Add a page below


@pytest.mark.medium
def test_a_page_is_added_below_another_from_the_list_and_from_the_form(staff_client):
    page = a_page(title_en="Trade", title_fr="Commerce", key="trade")
    for address in (change_address(page), LIST):
        assert f'href="{LIST}add/?parent=trade"' in staff_client.get(address).text
    assert 'value="Trade / Commerce (trade)"' in staff_client.get(f"{LIST}add/?parent=trade").text


# Blocks


@pytest.mark.medium
def test_a_block_is_copied_behind_itself_once_the_form_is_saved(staff_client):
    page = a_page()
    first = a_partner_list(page, partners=[a_partner()])
    a_text(page, heading_en="Last")
    indexes.rebuild()
    data = page_form(staff_client, page) | {
        "title_en": "Written meanwhile",
        "_next": f"copy-block:{first.key}",
    }
    response = staff_client.post(change_address(page), data)
    page.refresh_from_db()
    blocks = working_copy.read(page).blocks
    assert page.title_en == "Written meanwhile"
    assert [block.kind for block in blocks] == ["partners", "partners", "text"]
    assert blocks[0].key == first.key != blocks[1].key
    assert blocks[0].partners == blocks[1].partners
    assert response["Location"] == f"{change_address(page)}#block-{blocks[1].key}-heading_en"
    assert indexes.verify() == []
    assert "list of partners" in str(AuditEntry.objects.saves(page).first().get_change_message())


@pytest.mark.medium
def test_a_block_that_is_new_in_the_form_is_copied_too(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "figure", known_as="fresh", decorative="on")
    staff_client.post(change_address(page), data | {"_next": "copy-block:fresh"})
    assert [block.kind for block in working_copy.read(page).blocks] == ["figure", "figure"]


@pytest.mark.medium
@pytest.mark.parametrize("key", ["", "nowhere", "<b>", "ب"])
def test_a_block_that_is_gone_is_not_copied(staff_client, key):
    page = a_page()
    a_text(page)
    data = page_form(staff_client, page) | {"_next": f"copy-block:{key}"}
    assert staff_client.post(change_address(page), data)["Location"] == change_address(page)
    assert len(working_copy.read(page).blocks) == 1


@pytest.mark.medium
def test_a_page_full_of_blocks_of_a_kind_takes_no_copy(staff_client, monkeypatch):
    monkeypatch.setattr("pages.admin.pages.MAX_BLOCKS_OF_A_KIND", 1)
    page = a_page()
    block = a_text(page)
    data = page_form(staff_client, page) | {"_next": f"copy-block:{block.key}"}
    assert "at most 1 blocks" in staff_client.post(change_address(page), data, follow=True).text
    assert len(working_copy.read(page).blocks) == 1


@pytest.mark.medium
def test_no_block_is_copied_where_the_form_is_refused(staff_client):
    page = a_page()
    block = a_text(page)
    data = page_form(staff_client, page) | {"address_en": "No!", "_next": f"copy-block:{block.key}"}
    assert staff_client.post(change_address(page), data).status_code == 200
    assert len(working_copy.read(page).blocks) == 1


# Deleting drafts


@pytest.mark.medium
def test_the_owner_of_a_draft_may_delete_it_and_sees_what_goes(client):
    owner = an_editor("view_page", "change_page")
    page = a_page(owner=owner)
    a_text(page, heading_en="Tariffs")
    client.force_login(owner)
    assert f"{LIST}{page.pk}/delete/" in client.get(change_address(page)).text
    shown = client.get(f"{LIST}{page.pk}/delete/").text
    assert "Tariffs" in shown
    client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"})
    assert not Page.objects.filter(pk=page.pk).exists()


def test_a_draft_of_somebody_else_stays(client):
    page = a_page(owner=an_account())
    client.force_login(an_editor("view_page", "change_page"))
    assert client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Page.objects.filter(pk=page.pk).exists()


@pytest.mark.medium
def test_the_owner_of_a_page_that_was_published_cannot_delete_it(client):
    owner = an_editor("view_page", "change_page")
    page = a_page(owner=owner)
    publishing.publish(page, by=None)
    client.force_login(owner)
    assert client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Page.objects.filter(pk=page.pk).exists()


def test_the_owner_who_may_no_longer_change_pages_deletes_none(client):
    owner = an_editor("view_page")
    page = a_page(owner=owner)
    client.force_login(owner)
    assert client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code == 403
