"""The screens that ask before something is deleted list what people know, in the language of the person."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from tests.factories import (
    a_page,
    a_partner,
    a_partner_list,
    a_second_factor,
    a_text,
    an_account,
    an_objective,
)

pytestmark = pytest.mark.django_db


def an_account_with_everything():
    account = an_account(username="leaver")
    account.groups.add(Group.objects.create(name="Readers"))
    account.user_permissions.add(Permission.objects.first())
    a_second_factor(account)
    return f"/admin/auth/user/{account.pk}/delete/", "/admin/auth/user/", account.pk


def a_group_with_everything():
    group = Group.objects.create(name="Leavers")
    group.permissions.add(Permission.objects.first())
    group.user_set.add(an_account())
    return f"/admin/auth/group/{group.pk}/delete/", "/admin/auth/group/", group.pk


def a_page_with_everything():
    page, partner = a_page(), a_partner()
    a_text(page)
    an_objective(page, partners=[partner])
    a_partner_list(page, partners=[partner])
    return f"/admin/pages/page/{page.pk}/delete/", "", page.pk


MADE = [an_account_with_everything, a_group_with_everything, a_page_with_everything]


def text_of(response):
    assert response.status_code == 200
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html[html.index('id="content"') :]))


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("make", MADE)
def test_no_row_without_a_name_is_listed_or_counted(make, language, staff_client):
    path, changelist, key = make()
    staff_client.cookies["django_language"] = language
    screens = [text_of(staff_client.get(path))]
    if changelist:
        sent = {"action": "delete_selected", "_selected_action": [key]}
        screens.append(text_of(staff_client.post(changelist, sent)))
    for shown in screens:
        assert not re.search(r"\bobject \(|relationship|TOTP|[Ss]tatic (device|token)", shown), shown


@pytest.mark.medium
def test_what_has_a_name_is_still_listed_and_counted(staff_client):
    path, _changelist, _key = a_page_with_everything()
    shown = text_of(staff_client.get(path))
    for line in (
        "Texts: 1",
        "Text: Trade",
        "Objectives: 1",
        "Objective: Objective",
        "List of partners: Partners",
    ):
        assert line in shown
