"""The page above a page is chosen by typing, from a field that does not grow with the site."""

import pytest
from django.contrib.auth.models import Permission

from pages.admin import parents
from pages.models.page import Page
from tests.admin_forms import change_address, page_form
from tests.factories import KINDS, a_home_page, a_page, an_account

pytestmark = pytest.mark.django_db

SUGGESTIONS = "/admin/pages/page/parents/"


def suggested(client, text):
    return client.get(SUGGESTIONS, {"q": text}).json()["pages"]


@pytest.mark.medium
@pytest.mark.parametrize("typed", ["Trade / Commerce (trade)", "Old title (trade)", " Commerce "])
def test_the_parent_is_what_was_chosen_or_a_whole_title_or_key(staff_client, typed):
    trade = a_page(key="trade", title_en="Trade", title_fr="Commerce")
    page = a_page()
    data = page_form(staff_client, page)
    assert data["parent"] == "Home / Accueil (home)"
    staff_client.post(change_address(page), data | {"parent": typed})
    page.refresh_from_db()
    assert page.parent == trade


@pytest.mark.medium
def test_on_a_french_screen_pages_are_named_and_sorted_in_french_first(staff_client):
    a_page(key="one", title_en="A page", title_fr="Une page")
    a_page(key="two", title_en="Some page", title_fr="Cette page")
    page = a_page(title_en="Own", title_fr="Zone", key="own")
    staff_client.cookies["django_language"] = "fr"
    assert suggested(staff_client, "page") == ["Cette page / Some page (two)", "Une page / A page (one)"]
    data = page_form(staff_client, page)
    staff_client.post(change_address(page), data | {"parent": "Cette page / Some page (two)"})
    page.refresh_from_db()
    assert page.parent.key == "two"


@pytest.mark.medium
def test_the_longest_titles_and_key_still_name_their_page(staff_client):
    longest = a_page(key="k" * 100, title_en="e" * 200, title_fr="f" * 200)
    page = a_page(parent=longest)
    data = page_form(staff_client, page)
    staff_client.post(change_address(page), data | {"title_en": "Saved"})
    page.refresh_from_db()
    assert (page.title_en, page.parent) == ("Saved", longest)
    assert len(data["parent"]) == parents.MAX_LENGTH


@pytest.mark.medium
def test_what_names_no_page_or_two_is_refused_and_stays_as_it_was_typed(staff_client):
    page, *_others = a_page(), a_page(title_en="Twice"), a_page(title_en="Twice")
    data = page_form(staff_client, page)
    for typed in ["Nowhere", "Twice", "(nowhere)", "\x00", "9" * 500]:
        answer = staff_client.post(change_address(page), data | {"parent": typed})
        assert answer.status_code == 200, typed
        assert "parent" in answer.context["adminform"].form.errors, typed
    page.refresh_from_db()
    assert page.parent == a_home_page()


def test_pages_are_suggested_by_their_titles_in_both_languages_and_by_their_keys(staff_client):
    a_page(key="trade", title_en="Trade relations", title_fr="Relations commerciales")
    found = ["Trade relations / Relations commerciales (trade)"]
    assert suggested(staff_client, "relations") == suggested(staff_client, "COMMERC") == found
    assert suggested(staff_client, "(trade)") == found


def test_only_some_pages_are_suggested_and_only_to_who_may_see_them(client, staff_client):
    Page.objects.bulk_create(
        Page(key=f"many-{number}", parent=a_home_page(), title_en="One of many") for number in range(40)
    )
    assert len(suggested(staff_client, "many")) == parents.MAX_SUGGESTIONS
    person = an_account()
    client.force_login(person)
    assert client.get(SUGGESTIONS).status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    assert client.get(SUGGESTIONS).status_code == 200


@pytest.mark.medium
def test_the_form_is_as_light_with_many_pages_as_with_one(staff_client, django_assert_num_queries):
    page = a_page(title_fr="Une page")
    staff_client.get(change_address(page))
    with django_assert_num_queries(3 * KINDS + 23, exact=False) as few:
        before = staff_client.get(change_address(page))
    Page.objects.bulk_create(
        Page(key=f"many-{number}", parent=page.parent, title_en="One of many") for number in range(100)
    )
    with django_assert_num_queries(len(few)):
        after = staff_client.get(change_address(page))
    assert abs(len(after.content) - len(before.content)) < 20
