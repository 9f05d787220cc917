"""Every address of the admin asks who is there: nobody, staff without rights, an editor or a publisher."""

import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.urls import URLPattern, get_resolver

from pages import publishing
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    a_download,
    a_fact,
    a_page,
    a_partner,
    a_shared_block,
    a_template,
    a_term,
    a_text,
    a_vocabulary_term,
    an_account,
    an_alert,
    an_image,
)

pytestmark = pytest.mark.django_db

EVERYBODY_SIGNED_IN = {
    "index",
    "password_change",
    "password_change_done",
    "second_factor",
    "jsi18n",
    "logout",
    "login",
}


@pytest.fixture(autouse=True)
def groups(db):
    """Made by a migration, and emptied with all other tables by tests that run in a browser."""
    migration = importlib.import_module("pages.migrations.0002_groups")
    migration.make_groups(apps, SimpleNamespace(connection=connection))


def a_person(group=None):
    person = an_account()
    if group:
        person.groups.add(Group.objects.get(name=group))
    return person


def every_address(page, partner):
    """Each pattern of the admin with its parts filled in, and its name."""
    for pattern, name in _patterns(admin.site.urls[0]):
        path = pattern.replace("<int:page_id>", str(page.pk)).replace("<int:number>", "1")
        path = path.replace("<str:language>", "en").replace("<path:object_id>", str(partner.pk))
        path = re.sub(r"<[^>]+>", "1", path)
        yield f"/admin/{path}", name


def _patterns(patterns, before=""):
    for each in patterns:
        route = before + str(each.pattern).lstrip("^")
        if isinstance(each, URLPattern):
            yield route, each.name
        else:
            yield from _patterns(each.url_patterns, route)


def plain(path):
    """Without what is left of a regular expression."""
    return re.sub(r"\(\?P<[^>]+>[^)]*\)|\(\?P<url>.*\)\$|\$$", "x", path)


@pytest.mark.medium
def test_nobody_gets_past_the_door(client):
    page, partner = a_page(), a_partner()
    publishing.publish(page, by=None)
    checked = 0
    for path, name in every_address(page, partner):
        if name == "login":
            continue
        for method in (client.get, client.post):
            response = method(plain(path))
            assert response.status_code in (302, 405), (path, response.status_code)
            assert response.status_code == 405 or response["Location"].startswith(
                ("/admin/login/", "/admin/")
            ), path
            assert b"<h1" not in response.content, path
            checked += 1
    assert checked > 60


@pytest.mark.medium
def test_staff_without_rights_get_nothing_but_their_own_account(client):
    page, partner = a_page(), a_partner()
    publishing.publish(page, by=None)
    client.force_login(a_person())
    for path, name in every_address(page, partner):
        if (
            name in EVERYBODY_SIGNED_IN
            or "app_label" in path
            or "(?P" in path
            or path.startswith("/admin/r/")
        ):
            continue
        for method in (client.get, client.post):
            assert method(plain(path)).status_code in (302, 403, 404, 405), path
            assert method(plain(path)).status_code != 200, path


RIGHTS = [
    # path below /admin/pages/, what an editor gets, what a publisher gets
    ("page/", 200, 200),
    ("page/add/", 302, 302),  # to the choice of a template, as there is one
    ("page/parents/", 200, 200),
    ("page/links/", 200, 200),
    ("page/facts/", 200, 200),
    ("page/drafts/no-such-page/en/", 404, 404),
    ("page/{page}/change/", 200, 200),
    ("page/{page}/preview/en/", 200, 200),
    ("page/{page}/preview/fr/", 200, 200),
    ("page/{page}/history/", 200, 200),
    ("page/{page}/uses/", 200, 200),
    ("page/{page}/editions/1/en/", 200, 200),
    ("page/{page}/compare/", 200, 200),
    ("page/{page}/export/", 200, 200),
    ("page/{page}/share/", 200, 200),
    ("page/{page}/share/1/revoke/", 405, 405),
    ("page/{page}/restore/1/", 200, 200),
    ("page/{page}/copy/", 200, 200),
    ("page/find/", 200, 200),
    ("page/replace/", 200, 200),
    ("page/translation-files/", 200, 200),
    ("page/{page}/move/", 405, 405),
    ("page/bulk/submit/", 302, 302),
    ("page/bulk/approve/", 403, 302),
    ("page/bulk/publish/", 403, 302),
    ("page/bulk/archive/", 403, 302),
    ("page/bulk/withdraw/", 403, 302),
    ("page/bulk/owner/", 302, 302),
    ("page/bulk/move/", 302, 302),
    ("page/{page}/translations/", 200, 200),
    ("page/{page}/translation-file/", 200, 200),
    ("page/{page}/findings/", 200, 200),
    ("page/{page}/findings/repair/", 404, 404),
    ("page/{page}/findings/dismiss/", 404, 404),
    ("page/{page}/findings/1/show-again/", 405, 405),
    ("page/{page}/submit/", 200, 200),
    ("page/{page}/submit-withdrawal/", 200, 200),
    ("page/{page}/review/1/", 200, 200),
    ("page/{page}/publish/", 403, 200),
    ("page/{page}/emergency/", 403, 403),
    ("page/{page}/archive/", 403, 200),
    ("page/{page}/withdraw/", 403, 200),
    ("page/{page}/cancel/1/", 403, 302),
    ("page/{draft}/delete/", 403, 200),
    ("partnerorganization/", 200, 200),
    ("partnerorganization/add/", 200, 200),
    ("partnerorganization/new/", 200, 200),
    ("partnerorganization/{partner}/change/", 200, 200),
    ("partnerorganization/{partner}/delete/", 403, 200),
    ("partnerorganization/{partner}/history/", 200, 200),
    ("download/", 200, 200),
    ("download/add/", 200, 200),
    ("download/new/", 200, 200),
    ("download/{download}/change/", 200, 200),
    ("download/{download}/delete/", 403, 200),
    ("download/{download}/history/", 200, 200),
    ("libraryimage/", 200, 200),
    ("libraryimage/add/", 200, 200),
    ("libraryimage/search/", 200, 200),
    ("libraryimage/upload/", 200, 200),
    ("libraryimage/{image}/change/", 200, 200),
    ("libraryimage/{image}/delete/", 403, 200),
    ("libraryimage/{image}/history/", 200, 200),
    ("sitealert/", 200, 200),
    ("sitealert/add/", 200, 200),
    ("sitealert/{alert}/change/", 200, 200),
    ("sitealert/{alert}/delete/", 403, 200),
    ("sitealert/{alert}/history/", 200, 200),
    ("sitealert/{alert}/preview/en/", 200, 200),
    ("sitealert/{alert}/publish/", 403, 200),
    ("sitealert/{alert}/end/", 403, 302),
    ("fact/", 200, 200),
    ("fact/add/", 200, 200),
    ("fact/{fact}/change/", 200, 200),
    ("fact/{fact}/delete/", 403, 200),
    ("fact/{fact}/history/", 200, 200),
    ("fact/{fact}/uses/", 200, 200),
    ("page/new/", 200, 200),
    ("page/{page}/template/", 403, 200),
    ("vocabularyterm/", 200, 200),
    ("vocabularyterm/add/", 403, 200),
    ("vocabularyterm/{code}/change/", 200, 200),
    ("vocabularyterm/{code}/delete/", 403, 200),
    ("vocabularyterm/{code}/history/", 200, 200),
    ("pagetemplate/", 200, 200),
    ("pagetemplate/add/", 403, 403),
    ("pagetemplate/{template}/change/", 200, 200),
    ("pagetemplate/{template}/delete/", 403, 200),
    ("pagetemplate/{template}/history/", 200, 200),
    ("sharedblock/", 200, 200),
    ("sharedblock/add/", 200, 200),
    ("sharedblock/{shared}/change/", 200, 200),
    ("sharedblock/{shared}/delete/", 403, 200),
    ("sharedblock/{shared}/history/", 200, 200),
    ("sharedblock/{shared}/uses/", 200, 200),
    ("glossaryterm/", 200, 200),
    ("glossaryterm/add/", 200, 200),
    ("glossaryterm/export/", 200, 200),
    ("glossaryterm/import/", 200, 200),
    ("glossaryterm/{term}/change/", 200, 200),
    ("glossaryterm/{term}/delete/", 403, 200),
    ("glossaryterm/{term}/history/", 200, 200),
]


@pytest.mark.medium
@pytest.mark.parametrize(("group", "column"), [("Editor", 1), ("Publisher", 2)])
def test_editors_write_and_publishers_also_publish(client, group, column):
    page, draft, partner, download = a_page(), a_page(), a_partner(), a_download()
    publishing.publish(page, by=None)
    client.force_login(a_person(group))
    values = {
        "page": page.pk,
        "draft": draft.pk,
        "partner": partner.pk,
        "download": download.pk,
        "image": an_image().pk,
        "term": a_term().pk,
        "fact": a_fact().pk,
        "shared": a_shared_block().pk,
        "alert": an_alert().pk,
        "template": a_template().pk,
        "code": a_vocabulary_term("type", "plan").pk,
    }
    found = {row[0]: client.get("/admin/pages/" + row[0].format(**values)).status_code for row in RIGHTS}
    assert found == {row[0]: row[column] for row in RIGHTS}


@pytest.mark.parametrize("path", ["publish", "archive", "withdraw", "cancel/1"])
def test_an_editor_cannot_publish_by_sending_the_form(client, path):
    page = a_page()
    publishing.publish(page, by=None)
    client.force_login(a_person("Editor"))
    response = client.post(
        f"/admin/pages/page/{page.pk}/{path}/", {"when": "now", "significant": "yes", "seen": "x"}
    )
    assert response.status_code == 403
    assert page.editions.count() == 1


@pytest.mark.medium
def test_an_editor_of_the_group_can_write_but_sees_no_button_to_publish(client):
    client.force_login(a_person("Editor"))
    page = a_page()
    a_text(page)
    assert (
        client.post(change_address(page), page_form(client, page) | {"title_en": "Mine"}).status_code == 302
    )
    page.refresh_from_db()
    assert page.title_en == "Mine"
    assert 'value="publish"' not in client.get(change_address(page)).content.decode()


def test_every_screen_of_pages_stands_in_the_table_of_rights():
    own = {name for pattern, name in _patterns(admin.site.urls[0]) if (name or "").startswith("pages_")}
    tabled = 0
    for path, *_statuses in RIGHTS:
        match = get_resolver().resolve(
            "/admin/pages/"
            + path.format(
                page=1,
                draft=1,
                partner=1,
                download=1,
                image=1,
                term=1,
                fact=1,
                shared=1,
                alert=1,
                template=1,
                code=1,
            )
        )
        own.discard(match.url_name)
        tabled += 1
    assert own == set()
    assert tabled == len(RIGHTS)


@pytest.mark.medium
def test_who_may_only_look_is_led_to_the_record(client):
    person = a_person()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    page = a_page()
    response = client.get(f"/admin/pages/page/{page.pk}/change/", follow=True)
    assert response.redirect_chain[0][0].endswith("/history/")
    assert response.status_code == 200
    assert client.post(f"/admin/pages/page/{page.pk}/change/", {}).status_code in (302, 403)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_of_the_admin_is_switched_without_script(client, language):
    other = {"en": "fr", "fr": "en"}[language]
    client.cookies["django_language"] = language
    shown = client.get("/admin/login/").content.decode()
    assert f'<html lang="{language}"' in shown
    assert f'name="language" value="{other}"' in shown
    response = client.post("/admin/language/", {"language": other, "next": "/admin/login/"}, follow=True)
    assert f'<html lang="{other}"' in response.content.decode()


def test_the_switch_leads_nowhere_else(client):
    response = client.post("/admin/language/", {"language": "fr", "next": "https://example.org/"})
    assert not response["Location"].startswith("https://example.org")


@pytest.mark.medium
def test_groups_of_an_account_are_ticked(staff_client):
    person = a_person()
    address = f"/admin/auth/user/{person.pk}/change/"
    data = fields(staff_client.get(address), "user_form")
    staff_client.post(address, data | {"groups": [Group.objects.get(name="Editor").pk]})
    assert [group.name for group in person.groups.all()] == ["Editor"]
    assert "checked" in staff_client.get(address).content.decode()


@pytest.mark.parametrize(
    "refused", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_an_address_of_another_site_to_go_on_to_leads_to_the_front_page_of_the_admin(client, refused):
    account = an_account()
    account.set_password("a long password 1")
    account.save()
    typed = {"username": account.username, "password": "a long password 1", "next": refused}
    assert client.post("/admin/login/", typed).headers["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": refused}).headers["Location"] == "/admin/"
