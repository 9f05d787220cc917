"""The list of pages and the form of a working copy, posted as a browser posts it."""

import errno
import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pages import indexes, publishing, working_copy
from pages.models.blocks import Objective, TextSection
from pages.models.edition import Edition
from pages.models.page import Page
from tests.admin_forms import add_block, change_address, fields, page_form
from tests.factories import (
    KINDS,
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_png,
    a_text,
    an_account,
    an_objective,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/page/"


def in_french(client):
    client.cookies["django_language"] = "fr"
    return client


# The list


@pytest.mark.medium
def test_the_list_is_in_tree_order_with_both_titles_and_states(staff_client):
    second = a_page(title_en="Sequel", title_fr="Deuxième", position=2)
    first = a_live_page(title_en="First", title_fr="Première", position=1)
    a_page(title_en="Below", title_fr="Dessous", parent=first)
    shown = staff_client.get(LIST).content.decode()
    places = [
        shown.index(text)
        for text in ("Accueil", "First", "Première", "Below", "Dessous", "Sequel", "Deuxième")
    ]
    assert places == sorted(places)
    assert "ci-tree-2" in shown
    assert "ci-state-live" in shown
    assert second.title_fr in shown


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "first", "second"), [("en", "Trade", "Commerce"), ("fr", "Commerce", "Trade")]
)
def test_lists_name_things_in_the_language_of_the_screen_first(staff_client, language, first, second):
    a_page(title_en="Trade", title_fr="Commerce")
    a_partner(name_en="Trade", name_fr="Commerce")
    staff_client.cookies["django_language"] = language
    for address in (LIST, "/admin/pages/partnerorganization/"):
        shown = staff_client.get(address).content.decode()
        both = re.search(r'<span lang="\w\w">(Trade|Commerce)</span><span lang="\w\w">(\w+)</span>', shown)
        assert both.groups() == (first, second), address


@pytest.mark.medium
def test_the_list_says_when_a_page_is_scheduled_and_late(staff_client):
    page = a_page(review_by="2020-01-31")
    publishing.publish(page, by=None, at=datetime(2090, 5, 1, 12, tzinfo=UTC))
    shown = staff_client.get(LIST).content.decode()
    assert "to be published on 2090-05-01 08:00" in shown
    assert "2020-01-31</strong> (overdue)" in shown


@pytest.mark.medium
@pytest.mark.parametrize(
    "query",
    [
        "?state=live",
        "?state=changed",
        "?state=never_published",
        "?state=nonsense",
        "?review=overdue",
        "?review=waiting",
        "?lacks=ready",
        "?lacks=translation",
        "?lacks=nonsense",
    ],
)
def test_the_list_can_be_narrowed(staff_client, query):
    a_live_page(title_en="Read by all")
    response = staff_client.get(LIST + query)
    assert response.status_code == 200
    assert ("Read by all" in response.content.decode()) == (
        query in ("?state=live", "?state=nonsense", "?lacks=nonsense")
    )


def test_the_list_is_searched_in_both_languages(staff_client):
    a_page(title_en="Trade", title_fr="Le commerce")
    a_page(title_en="Aid", title_fr="L’aide")
    shown = staff_client.get(LIST, {"q": "commerce"}).content.decode()
    assert "Trade" in shown
    assert ">Aid<" not in shown


@pytest.mark.medium
def test_the_list_shows_what_changed_and_what_is_lacking(staff_client):
    page = a_live_page(title_en="Read by all")
    Page.objects.filter(pk=page.pk).update(title_en="Otherwise", introduction_en="")
    indexes.update_drafts([page])
    for query in ("?state=changed", "?lacks=ready", "?lacks=translation"):
        assert "Otherwise" in staff_client.get(LIST + query).content.decode()


def fill(number):
    partner = a_partner()
    for _each in range(number):
        page = a_live_page()
        a_text(page)
        an_objective(page, partners=[partner])
        a_partner_list(page, partners=[partner])


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_many_pages_as_for_few(staff_client, django_assert_num_queries):
    fill(3)
    indexes.backfill()
    with django_assert_num_queries(14) as few:
        staff_client.get(LIST)
    fill(15)
    indexes.backfill()
    with django_assert_num_queries(len(few)):
        staff_client.get(LIST)


@pytest.mark.medium
def test_the_list_holds_a_thousand_pages(staff_client, django_assert_num_queries):
    home = a_home_page()
    titles = {"title_en": "One of many", "title_fr": "Une parmi d’autres"}
    Page.objects.bulk_create(Page(key=f"many-{number}", parent=home, **titles) for number in range(1000))
    indexes.backfill()
    with django_assert_num_queries(13):
        assert staff_client.get(LIST).status_code == 200


# The form


@pytest.mark.medium
def test_a_page_is_written_in_both_languages_and_nothing_becomes_public(staff_client):
    page = a_live_page(title_en="Before", address_en="before")
    data = page_form(staff_client, page)
    data |= {
        "title_en": "After",
        "title_fr": "Après",
        "introduction_fr": "<p>Bref.</p><script>alert(1)</script>",
    }
    response = staff_client.post(change_address(page), data, follow=True)
    page.refresh_from_db()
    assert (page.title_en, page.title_fr, page.introduction_fr) == ("After", "Après", "<p>Bref.</p>")
    assert "The public sees no change until you publish." in response.content.decode()
    assert Edition.objects.live().get(page=page).title_en == "Before"


@pytest.mark.medium
def test_a_page_may_be_saved_while_one_language_is_missing(staff_client):
    page = a_page()
    data = page_form(staff_client, page) | {"title_en": "", "address_en": "", "introduction_en": ""}
    assert staff_client.post(change_address(page), data).status_code == 302
    page.refresh_from_db()
    assert page.title_en == ""


@pytest.mark.medium
def test_a_page_needs_a_title_in_some_language(staff_client):
    page = a_page()
    data = page_form(staff_client, page) | {"title_en": "", "title_fr": " "}
    response = staff_client.post(change_address(page), data)
    assert "Enter a title in at least one language." in response.content.decode()


@pytest.mark.medium
def test_the_bar_tells_how_many_texts_each_language_lacks(staff_client):
    page = a_page(introduction_fr="")
    a_text(page, body_en="")
    shown = staff_client.get(change_address(page)).content.decode()
    assert "1 English text missing" in shown
    assert "1 French text missing" in shown
    assert "both languages complete" not in shown
    assert "both languages complete" in staff_client.get(change_address(a_page())).content.decode()


@pytest.mark.medium
def test_a_faulty_address_is_refused_and_what_was_typed_is_kept(staff_client):
    page = a_page()
    data = page_form(staff_client, page) | {"address_fr": "Été 2026", "title_fr": "Un titre tapé"}
    shown = staff_client.post(change_address(page), data).content.decode()
    assert "lowercase letters without accents" in shown
    assert "Été 2026" in shown
    assert "Un titre tapé" in shown


@pytest.mark.medium
def test_a_new_page_is_added_with_a_block(staff_client):
    home = a_home_page()
    address = reverse("admin:pages_page_add")
    data = fields(staff_client.get(address), "page_form")
    assert data["parent"] == f"Home / Accueil ({home.key})"
    data |= {"title_en": "New", "title_fr": "Nouvelle"}
    add_block(
        data,
        "textsection",
        heading_en="Part",
        heading_fr="Partie",
        body_en="<p>Yes.</p>",
        body_fr="<p>Oui.</p>",
    )
    assert staff_client.post(address, data).status_code == 302
    page = Page.objects.get(title_en="New")
    assert page.key == "new"
    assert page.pages_textsection_set.get().heading_fr == "Partie"


@pytest.mark.medium
def test_blocks_are_added_changed_moved_and_deleted_in_one_save(staff_client):
    page = a_page()
    first, second = a_text(page, heading_en="First"), a_text(page, heading_en="Second")
    partner = a_partner()
    data = page_form(staff_client, page)
    data |= {
        "pages_textsection_set-0-DELETE": "on",
        "pages_textsection_set-1-heading_en": "Changed",
        "pages_textsection_set-1-ordering": "50",
    }
    add_block(data, "objective", title_en="Aim", title_fr="But", partners=[str(partner.pk)])
    data["pages_objective_set-0-ordering"] = "20"
    assert staff_client.post(change_address(page), data).status_code == 302
    document = working_copy.read(Page.objects.get(pk=page.pk))
    assert [block.kind for block in document.blocks] == ["objective", "text"]
    assert document.blocks[1].key == second.key
    assert document.blocks[1].heading.en == "Changed"
    assert document.blocks[0].partners[0].key == partner.key
    assert not TextSection.objects.filter(pk=first.pk).exists()


@pytest.mark.medium
def test_an_empty_block_is_kept(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "pagelist")
    staff_client.post(change_address(page), data)
    assert page.pages_pagelist_set.count() == 1


@pytest.mark.medium
def test_a_form_posted_back_as_it_stands_changes_nothing(staff_client):
    page = a_page()
    partner = a_partner()
    a_text(page)
    an_objective(page, partners=[partner])
    a_partner_list(page, partners=[partner])
    a_figure(page)
    a_page_list(page)
    before = working_copy.read(Page.objects.get(pk=page.pk))
    assert staff_client.post(change_address(page), page_form(staff_client, page)).status_code == 302
    assert working_copy.read(Page.objects.get(pk=page.pk)) == before


@pytest.mark.slow
def test_a_form_with_sixty_blocks_works(staff_client):
    page = a_page()
    for _each in range(30):
        a_text(page)
        an_objective(page, partners=[a_partner()])
    data = page_form(staff_client, page) | {"pages_textsection_set-29-heading_fr": "La dernière"}
    assert staff_client.post(change_address(page), data).status_code == 302
    assert page.pages_textsection_set.last().heading_fr == "La dernière"


@pytest.mark.medium
def test_the_form_takes_as_many_queries_for_many_blocks_as_for_few(staff_client, django_assert_num_queries):
    page = a_page()

    def add(number):
        for _each in range(number):
            a_text(page)
            an_objective(page, partners=[a_partner()])
            a_partner_list(page, partners=[a_partner()])

    add(1)
    staff_client.get(change_address(page))  # the first one also asks for what is kept from then on
    with django_assert_num_queries(2 * KINDS + 25, exact=False) as few:
        staff_client.get(change_address(page))
    add(6)
    with django_assert_num_queries(len(few)):
        staff_client.get(change_address(page))


@pytest.mark.medium
def test_the_bar_says_how_many_texts_each_language_lacks(staff_client):
    page = a_page(title_fr="", introduction_fr="")
    a_text(page, heading_en="")
    shown = staff_client.get(change_address(page)).content.decode()
    assert "2 French texts missing" in shown
    assert "1 English text missing" in shown


@pytest.mark.medium
def test_buttons_save_and_lead_on(staff_client):
    page = a_page()
    for button, name, arguments in [
        ("preview-en", "pages_page_preview", [page.pk, "en"]),
        ("preview-fr", "pages_page_preview", [page.pk, "fr"]),
        ("publish", "pages_page_publish", [page.pk]),
        ("nonsense", "pages_page_change", [page.pk]),
    ]:
        response = staff_client.post(change_address(page), page_form(staff_client, page) | {"_next": button})
        assert response["Location"] == reverse(f"admin:{name}", args=arguments)


@pytest.mark.medium
def test_french_fields_say_so_to_people_and_to_their_spell_checker(staff_client):
    page = a_page()
    shown = in_french(staff_client).get(change_address(page)).content.decode()
    assert "Titre (français)" in shown
    assert "Titre (anglais)" in shown
    assert "[fr]" not in shown
    assert shown.count('lang="fr"') >= 4


@pytest.mark.medium
def test_every_script_and_style_of_the_form_carries_the_nonce(staff_client):
    response = staff_client.get(change_address(a_page()))
    policy = response["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert "unsafe" not in policy
    scripts = [tag for tag in re.findall("<script[^>]*>", response.content.decode()) if "json" not in tag]
    inline = [tag for tag in scripts if "src=" not in tag]
    assert len(inline) == 1
    assert all(f'nonce="{nonce}"' in tag for tag in inline)


# Figures


@pytest.mark.medium
def test_a_figure_is_uploaded_and_kept_when_its_page_is_saved_again(staff_client):
    page = a_page()
    data = add_block(
        page_form(staff_client, page), "figure", alternative_text_en="A map", alternative_text_fr="Carte"
    )
    data["pages_figure_set-0-image"] = SimpleUploadedFile("map.png", a_png(), "image/png")
    assert staff_client.post(change_address(page), data).status_code == 302
    image = page.pages_figure_set.get().image
    assert image.image.width == 40
    assert staff_client.post(change_address(page), page_form(staff_client, page)).status_code == 302
    assert page.pages_figure_set.get().image == image


@pytest.mark.medium
def test_an_upload_survives_an_error_elsewhere_in_the_form(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "figure") | {"address_en": "NOT AN ADDRESS"}
    data["pages_figure_set-0-image"] = SimpleUploadedFile("map.png", a_png(), "image/png")
    again = fields(staff_client.post(change_address(page), data), "page_form") | {"address_en": "an-address"}
    assert staff_client.post(change_address(page), again).status_code == 302
    assert page.pages_figure_set.get().image.image.width == 40


@pytest.mark.medium
@pytest.mark.parametrize("content", [b"<svg/>", b"", b"\x89PNG\r\n\x1a\n broken", b"GIF89a"])
def test_what_is_not_a_picture_is_refused_beside_its_field(staff_client, content):
    page = a_page()
    data = add_block(page_form(staff_client, page), "figure")
    data["pages_figure_set-0-image"] = SimpleUploadedFile("map.png", content, "image/png")
    response = staff_client.post(change_address(page), data)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert page.pages_figure_set.count() == 0


@pytest.mark.medium
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), RuntimeError("no answer")])
def test_an_image_that_cannot_be_stored_is_an_error_of_its_field_and_nothing_is_saved(
    staff_client, monkeypatch, error
):
    page = a_page(title_en="Trade")
    data = add_block(page_form(staff_client, page), "figure") | {"title_en": "Commerce"}

    def fail(*arguments, **values):
        raise error

    monkeypatch.setattr(default_storage, "save", fail)
    data["pages_figure_set-0-image"] = SimpleUploadedFile("map.png", a_png(colour="lime"), "image/png")
    response = staff_client.post(change_address(page), data)
    assert response.status_code == 200
    assert "The server could not store the image, and nothing was saved." in response.text
    page.refresh_from_db()
    assert (page.title_en, page.pages_figure_set.count()) == ("Trade", 0)


@pytest.mark.medium
def test_a_forged_picture_is_not_believed(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "figure")
    data["pages_figure_set-0-image-kept"] = '{"digest": "../../secret"}:forged'
    response = staff_client.post(change_address(page), data)
    assert "This image is no longer in the library. Choose another one." in response.text
    assert page.pages_figure_set.count() == 0


# Deleting


@pytest.mark.medium
def test_a_published_page_is_withdrawn_not_deleted(staff_client):
    page = a_live_page()
    shown = staff_client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "Withdraw it instead of deleting it" in shown
    assert Page.objects.filter(pk=page.pk).exists()


@pytest.mark.medium
def test_a_page_with_pages_below_is_not_deleted(staff_client):
    parent = a_page()
    a_page(parent=parent)
    shown = staff_client.post(f"{LIST}{parent.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "Some pages are under this one" in shown


@pytest.mark.medium
def test_a_page_that_was_never_published_can_be_deleted(staff_client):
    page = a_page()
    an_objective(page, partners=[a_partner()])
    staff_client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"})
    assert not Page.objects.filter(pk=page.pk).exists()
    assert Objective.objects.count() == 0


@pytest.mark.medium
def test_what_is_deleted_is_named_without_what_was_counted_of_it(staff_client):
    page = a_page()
    an_objective(page, title_en="Aid", title_fr="Aide")
    indexes.update_drafts([page])
    shown = staff_client.get(f"{LIST}{page.pk}/delete/").content.decode()
    assert "Objective: Aid" in shown
    assert "working copy count" not in shown.lower()


@pytest.mark.medium
def test_the_form_holds_all_partners_once_however_many_blocks_name_some(staff_client):
    page = a_page()
    for _each in range(5):
        an_objective(page, partners=[a_partner()])
    a_partner(name_en="Named by no page")
    assert staff_client.get(change_address(page)).content.decode().count("Named by no page") == 1


# Hostile input


HOSTILE = [
    {"pages_textsection_set-TOTAL_FORMS": "9999999"},
    {"pages_textsection_set-TOTAL_FORMS": "x"},
    {"pages_textsection_set-INITIAL_FORMS": "7"},
    {"pages_textsection_set-0-id": "99999999999999999999999"},
    {"pages_textsection_set-0-ordering": "1e400"},
    {"pages_textsection_set-0-known_as": "../../x"},
    {"pages_textsection_set-0-region": "elsewhere" * 100},
    {"parent": "99999999999999999999"},
    {"position": "-1"},
    {"review_by": "2026-99-99"},
    {"title_en": "x" * 5000},
    {"opened": "not json"},
]


@pytest.mark.medium
def test_hostile_forms_are_refused_or_ignored_but_never_an_error_of_the_server(staff_client):
    page = a_page()
    a_text(page)
    form = page_form(staff_client, page)
    for changes in HOSTILE:
        response = staff_client.post(change_address(page), form | changes)
        assert response.status_code in (200, 302, 400, 409), changes


@pytest.mark.medium
@pytest.mark.parametrize("date", ["0001-01-01", "0207-01-31", "3000-01-01", "9999-12-31"])
def test_a_date_of_review_in_a_year_far_away_is_refused_at_the_field(staff_client, date):
    page = a_page()
    answer = staff_client.post(change_address(page), page_form(staff_client, page) | {"review_by": date})
    errors = answer.context["adminform"].form.errors
    assert errors == {"review_by": ["Choose a date between the years 1900 and 2999."]}


@pytest.mark.medium
@pytest.mark.parametrize("may_publish", [True, False])
def test_a_new_page_is_saved_and_published_with_one_button_by_who_may(client, may_publish):
    rights = ["add_page", "change_page", "view_page", *(["publish_page"] if may_publish else [])]
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    a_home_page()
    shown = client.get("/admin/pages/page/add/?start=empty&parent=home").content.decode()
    assert ('value="publish"' in shown) == may_publish


@pytest.mark.medium
def test_a_new_page_comes_last_among_its_siblings(staff_client):
    home = a_home_page()
    a_page(position=4, title_en="Fourth")
    address = reverse("admin:pages_page_add")
    data = fields(staff_client.get(address), "page_form") | {"title_en": "New", "title_fr": "Nouvelle"}
    assert data["position"] == ""
    assert staff_client.post(address, data).status_code == 302
    assert Page.objects.get(title_en="New").position == 5
    assert [page.title_en for page in Page.objects.filter(parent=home).in_tree_order()] == ["Fourth", "New"]
    assert staff_client.post(address, data | {"title_en": "First", "position": "0"}).status_code == 302
    assert Page.objects.filter(parent=home).in_tree_order()[0].title_en == "First"


@pytest.mark.medium
@pytest.mark.parametrize("position", ["100000", "2147483647", "99999999999", "9" * 400, "-1", "1.5", "٣"])
def test_a_position_beyond_its_limits_is_refused_at_the_field(staff_client, position):
    page = a_page(position=3)
    answer = staff_client.post(change_address(page), page_form(staff_client, page) | {"position": position})
    if answer.status_code == 200:
        assert "position" in answer.context["adminform"].form.errors
        assert Page.objects.get(pk=page.pk).position == 3
    else:  # a digit of another script is a number too
        assert Page.objects.get(pk=page.pk).position == int(position) <= 99_999


@pytest.mark.medium
def test_a_position_that_an_older_release_took_stops_no_list(staff_client):
    page = a_page(title_en="Far", position=2**31 - 1)
    publishing.publish(page, by=None)
    below = a_page(title_en="Below", parent=page)
    shown = staff_client.get(LIST).content.decode()
    assert shown.index("Far") < shown.index("Below")
    assert page.editions.get().position == 99_999
    assert below.parent == page


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("act", ["archive", "withdraw"])
def test_the_list_shows_archived_and_withdrawn_pages_that_have_changed(staff_client, language, act):
    page = a_live_page()
    getattr(publishing, act)(page, by=None)
    Page.objects.filter(pk=page.pk).update(title_en="Written since")
    staff_client.cookies["django_language"] = language
    answer = staff_client.get(LIST)
    assert answer.status_code == 200
    assert {"en": "Changed since published", "fr": "Modifiée depuis la publication"}[
        language
    ] in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "2", "9223372036854775808"])
@pytest.mark.parametrize("few", [0, 1000])
def test_a_list_of_one_page_shows_it_whatever_number_the_address_has(staff_client, monkeypatch, few, number):
    monkeypatch.setattr("pages.admin.page_list.FEW", few)
    a_page(title_en="The only one")
    shown = staff_client.get(reverse("admin:pages_page_changelist"), {"p": number})
    assert shown.status_code == 200
    assert "The only one" in shown.content.decode()
