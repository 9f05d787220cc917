"""Nobody gives a right that they lack, or changes an account that has one: by any form, action or crafted request."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import delegation, second_factor
from tests.admin_forms import fields
from tests.factories import a_second_factor, an_account

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/auth/user/"
GROUPS = "/admin/auth/group/"
PASSWORD = "another long password"
OVER_ACCOUNTS = [
    f"{act}_{model}" for act in ("add", "change", "delete", "view") for model in ("user", "group")
]


@pytest.fixture(autouse=True)
def groups(db):
    """Made by migrations, and emptied with all other tables by tests that run in a browser."""
    if Group.objects.filter(name="Administrator").exists():
        return
    state = SimpleNamespace(connection=connection)
    importlib.import_module("pages.migrations.0002_groups").make_groups(apps, state)
    importlib.import_module("pages.migrations.0012_administrators").make_group(apps, state)
    importlib.import_module("reports.migrations.0003_groups").give_rights(apps, state)
    importlib.import_module("reports.migrations.0006_administrators").give_rights(apps, state)
    importlib.import_module("canada_iraq.migrations.0002_administrators_manage_accounts").give_rights(
        apps, state
    )


def a_person(*, group=None, rights=(), **changes):
    person = an_account(**{"password": "the password before", **changes})
    person.groups.set(Group.objects.filter(name=group))
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return person


def a_group(*rights, name="Others"):
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=rights))
    return group


ACTORS = {
    "superuser": {"is_superuser": True},
    "Administrator": {"group": "Administrator"},
    "accounts only": {"rights": OVER_ACCOUNTS},
    "Publisher": {"group": "Publisher"},
    "no group": {},
}
TARGETS = {
    "superuser": {"is_superuser": True},
    "inactive superuser": {"is_superuser": True, "is_active": False},
    "accounts and groups": {"rights": OVER_ACCOUNTS},
    "Administrator": {"group": "Administrator"},
    "Publisher": {"group": "Publisher"},
    "inactive Publisher": {"group": "Publisher", "is_active": False},
    "by a right of their own": {"rights": ["publish_page"]},
    "no group": {},
    "not of the staff": {"is_staff": False},
}
# Whom each of them may change.
EVERYBODY = set(TARGETS)
MANAGED = {
    "superuser": EVERYBODY,
    "Administrator": EVERYBODY - {"superuser", "inactive superuser", "accounts and groups"},
    "accounts only": {"accounts and groups", "no group", "not of the staff"},
    "Publisher": set(),
    "no group": set(),
}


@pytest.fixture
def signed_in(client):
    def sign_in(actor):
        person = a_person(**ACTORS[actor])
        client.force_login(person)
        return person

    return sign_in


def address_of(account, act="change"):
    return f"{ACCOUNTS}{account.pk}/{act}/"


def form_of(account, **changes):
    """What the form of an account would send, with every box that it has ticked as the account is."""
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(account, name)}
    return {
        "username": account.username,
        "groups": list(account.groups.values_list("pk", flat=True)),
        "user_permissions": list(account.user_permissions.values_list("pk", flat=True)),
        **flags,
        **changes,
    }


def rename(client, account):
    client.post(address_of(account), form_of(account, first_name="Changed"))
    return get_user_model().objects.get(pk=account.pk).first_name == "Changed"


def take_the_name(client, account):
    client.post(address_of(account), form_of(account, username="taken", is_active=""))
    return get_user_model().objects.get(pk=account.pk).username == "taken"


def reset_the_password(client, account):
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "set-password": "1"}
    client.post(address_of(account, "password"), data)
    return get_user_model().objects.get(pk=account.pk).check_password(PASSWORD)


def take_the_password_away(client, account):
    client.post(address_of(account, "password"), {"usable_password": "false", "unset-password": "1"})
    return not get_user_model().objects.get(pk=account.pk).has_usable_password()


def remove_the_second_factor(client, account):
    a_second_factor(account)
    client.post(ACCOUNTS, {"action": "remove_second_factor", "_selected_action": [account.pk]})
    return second_factor.confirmed_device(account) is None


@pytest.mark.medium
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize(
    "act", [rename, take_the_name, reset_the_password, take_the_password_away, remove_the_second_factor]
)
def test_an_account_is_changed_only_by_who_has_all_of_its_rights(client, signed_in, actor, act):
    signed_in(actor)
    changed = set()
    for target, values in TARGETS.items():
        account = a_person(**values)
        if act(client, account):
            changed.add(target)
            account.delete()
    assert changed == MANAGED[actor]


def delete(client, account):
    client.post(address_of(account, "delete"), {"post": "yes"})


def delete_by_the_action(client, account):
    client.post(ACCOUNTS, {"action": "delete_selected", "_selected_action": [account.pk], "post": "yes"})


@pytest.mark.medium
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("act", [delete, delete_by_the_action])
def test_an_account_is_deleted_only_by_who_has_all_of_its_rights(client, signed_in, actor, act):
    accounts = {target: a_person(**values) for target, values in TARGETS.items()}
    signed_in(actor)
    for account in accounts.values():
        act(client, account)
    left = set(get_user_model().objects.values_list("pk", flat=True))
    deleted = {target for target, account in accounts.items() if account.pk not in left}
    # Administrators make accounts inactive instead.
    assert deleted == (MANAGED[actor] if actor in ("superuser", "accounts only") else set())


def test_one_account_beyond_ones_rights_keeps_all_that_were_chosen_with_it(client, signed_in):
    accounts = [a_person(), a_person(is_superuser=True)]
    signed_in("accounts only")
    chosen = [account.pk for account in accounts]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert client.post(ACCOUNTS, data).status_code == 403
    assert get_user_model().objects.filter(pk__in=chosen).count() == 2


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("is_own", [True, False])
def test_only_a_superuser_makes_superusers(client, signed_in, actor, is_own):
    person = signed_in(actor)
    account = person if is_own else a_person()
    client.post(address_of(account), form_of(account, is_superuser="on"))
    account.refresh_from_db()
    assert account.is_superuser == (actor == "superuser")


@pytest.mark.parametrize("actor", ACTORS)
def test_a_new_account_is_never_a_superuser_or_more(client, signed_in, actor):
    person = signed_in(actor)
    data = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    rights = {"is_superuser": "on", "is_staff": "on", "groups": [1, 2], "user_permissions": [1, 2, 3]}
    client.post(f"{ACCOUNTS}add/", data | rights)
    made = get_user_model().objects.filter(username="newcomer").first()
    assert (made is not None) == (actor in ("superuser", "Administrator"))  # who may give these groups
    if made:
        assert not made.is_superuser
        assert not made.user_permissions.exists()
        given = delegation.grantable_permissions(made)
        assert not given.exclude(pk__in=delegation.grantable_permissions(person).values("pk")).exists()


GIVABLE = [
    # who, a right, whether they may give it
    ("superuser", "delete_user", True),
    ("Administrator", "publish_in_emergency", True),
    ("Administrator", "change_user", True),
    ("Administrator", "delete_user", False),
    ("Administrator", "change_group", False),
    ("accounts only", "change_group", True),
    ("accounts only", "view_page", False),
    ("accounts only", "view_problemreport", False),
]


def give_as_a_right(client, account, right):
    pk = Permission.objects.get(codename=right).pk
    return client.post(address_of(account), form_of(account, user_permissions=[pk]))


def give_by_a_group(client, account, right):
    return client.post(address_of(account), form_of(account, groups=[a_group(right).pk]))


@pytest.mark.medium
@pytest.mark.parametrize(("actor", "right", "may"), GIVABLE)
@pytest.mark.parametrize("give", [give_as_a_right, give_by_a_group])
@pytest.mark.parametrize("is_own", [True, False])
def test_only_rights_that_one_has_are_given(client, signed_in, actor, right, may, give, is_own):
    person = signed_in(actor)
    account = person if is_own else a_person()
    before = person.get_all_permissions()
    answer = give(client, account, right)
    fresh = get_user_model().objects.get(pk=account.pk)
    assert any(each.endswith(f".{right}") for each in fresh.get_all_permissions()) == may
    if not may:
        assert "You can grant only permissions that you have yourself." in answer.content.decode()
        assert is_own is False or fresh.get_all_permissions() == before


@pytest.mark.medium
def test_the_refusal_is_told_in_french(client, signed_in):
    signed_in("Administrator")
    client.cookies["django_language"] = "fr"
    answer = give_as_a_right(client, a_person(), "delete_user")
    assert "Vous ne pouvez accorder que les permissions que vous avez vous-même." in answer.content.decode()


@pytest.mark.medium
def test_a_form_offers_only_the_groups_and_rights_that_one_may_give(client, signed_in):
    group = a_group("delete_user", name="Beyond")
    signed_in("Administrator")
    shown = client.get(address_of(a_person(group="Editor"))).content.decode()
    assert [name in shown for name in ("Editor", "Publisher", "Triage", "Administrator")] == [True] * 4
    assert group.name not in shown
    assert "Can delete user" not in shown
    assert 'name="is_superuser"' not in shown


@pytest.mark.medium
def test_what_an_account_has_stays_when_somebody_saves_its_form_untouched(client, signed_in):
    account = a_person(group="Publisher", rights=["view_user"])
    before = account.get_all_permissions()
    signed_in("Administrator")
    client.post(address_of(account), fields(client.get(address_of(account)), "user_form"))
    assert get_user_model().objects.get(pk=account.pk).get_all_permissions() == before


@pytest.mark.medium
def test_an_account_beyond_ones_rights_is_shown_without_a_way_to_change_it(client, signed_in):
    account = a_person(is_superuser=True)
    signed_in("Administrator")
    answer = client.get(address_of(account))
    assert answer.status_code == 200
    assert account.username in answer.content.decode()
    assert 'name="_save"' not in answer.content.decode()
    assert "password" not in answer.content.decode().partition('id="user_form"')[2].lower()


# Groups


def grant_to_the_group(client, group, right):
    rights = [*group.permissions.values_list("pk", flat=True), Permission.objects.get(codename=right).pk]
    client.post(f"{GROUPS}{group.pk}/change/", {"name": group.name, "permissions": rights})
    return group.permissions.filter(codename=right).exists()


def delete_the_group(client, group):
    client.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"})
    return not Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize(
    ("rights", "member", "may"),
    [
        (["view_user"], None, True),
        (["view_user"], {}, True),
        (["view_page"], None, False),
        (["view_user"], {"is_superuser": True}, False),
        (["view_user"], {"rights": ["view_page"]}, False),
        (["view_user"], {"rights": ["view_page"], "is_active": False}, False),
    ],
)
@pytest.mark.parametrize("act", ["rename", "grant", "empty", "delete", "delete by the action"])
def test_a_group_is_changed_only_by_who_may_change_all_of_its_members(
    client, signed_in, rights, member, may, act
):
    group = a_group(*rights)
    if member is not None:
        a_person(**member).groups.add(group)
    signed_in("accounts only")
    address, names = f"{GROUPS}{group.pk}/change/", lambda: Group.objects.filter(pk=group.pk, name="Others")
    held = list(group.permissions.values_list("pk", flat=True))
    acts = {
        "rename": lambda: client.post(address, {"name": "Renamed", "permissions": held}) and not names(),
        "grant": lambda: grant_to_the_group(client, group, "change_user"),
        "empty": lambda: client.post(address, {"name": "Others"}) and not group.permissions.exists(),
        "delete": lambda: delete_the_group(client, group),
        "delete by the action": lambda: (
            client.post(GROUPS, {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"})
            and not names()
        ),
    }
    assert bool(acts[act]()) == may


@pytest.mark.medium
def test_a_group_is_given_only_rights_that_one_has(client, signed_in):
    signed_in("accounts only")
    assert not grant_to_the_group(client, a_group("view_user"), "publish_page")
    pk = Permission.objects.get(codename="publish_page").pk
    client.post(f"{GROUPS}add/", {"name": "New", "permissions": [pk]})
    assert not Group.objects.filter(name="New").exists()


# One's own account


def test_ones_own_password_is_changed_by_giving_the_old_one(client, signed_in):
    person = signed_in("superuser")
    for number in (str(person.pk), f"0{person.pk}"):
        data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "set-password": "1"}
        answer = client.post(f"{ACCOUNTS}{number}/password/", data)
        assert answer["Location"] == "/admin/password_change/"
    assert get_user_model().objects.get(pk=person.pk).check_password("the password before")


def test_ones_own_second_factor_is_turned_off_only_with_a_code(client, signed_in):
    person, colleague = signed_in("superuser"), a_person()
    device, _codes = a_second_factor(person)
    a_second_factor(colleague)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    data = {"action": "remove_second_factor", "_selected_action": [person.pk, colleague.pk]}
    shown = client.post(ACCOUNTS, data, follow=True).content.decode()
    assert "To turn off your own two-factor authentication" in shown
    assert "Two-factor authentication was removed from 1 account." in shown
    assert second_factor.confirmed_device(person) == device
    assert second_factor.confirmed_device(colleague) is None


def test_those_whose_second_factor_stays_are_named(client, signed_in):
    account = a_person(is_superuser=True, username="the-superuser")
    signed_in("Administrator")
    data = {"action": "remove_second_factor", "_selected_action": [account.pk]}
    shown = client.post(ACCOUNTS, data, follow=True).content.decode()
    assert "You cannot change accounts with permissions that you do not have: the-superuser." in shown


# The group of administrators


def test_administrators_can_manage_accounts_and_no_more_than_their_work_needs():
    rights = Group.objects.get(name="Administrator").permissions.values_list("codename", flat=True)
    publisher = Group.objects.get(name="Publisher").permissions.values_list("codename", flat=True)
    own = {"publish_in_emergency", "add_user", "change_user", "view_user"}
    assert set(rights) == set(publisher) | own


def test_a_site_that_renamed_the_group_keeps_its_own():
    Group.objects.filter(name="Administrator").update(name="Direction")
    Group.objects.get(name="Direction").permissions.remove(*Permission.objects.filter(codename="add_user"))
    migration = importlib.import_module("canada_iraq.migrations.0002_administrators_manage_accounts")
    migration.give_rights(apps, SimpleNamespace(connection=connection))
    assert not Group.objects.filter(name="Administrator").exists()
    assert not Group.objects.get(name="Direction").permissions.filter(codename="add_user").exists()


@pytest.mark.medium
def test_the_list_of_accounts_takes_as_many_queries_for_many_as_for_few(client, signed_in):
    signed_in("Administrator")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ACCOUNTS).status_code == 200
        counts.append(len(captured))
        for _number in range(12):
            a_person(group="Publisher")
    assert counts[0] == counts[1]


# A new account


def test_a_new_account_is_put_into_its_group_on_the_form_that_adds_it(client):
    client.force_login(a_person(is_superuser=True))
    form = client.get(f"{ACCOUNTS}add/")
    editors = Group.objects.get(name="Editor")
    values = {"username": "amal", "first_name": "Amal", "last_name": "Roy", "email": "amal@example.org"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    sent = fields(form, "user_form") | values | passwords | {"groups": [editors.pk]}
    response = client.post(f"{ACCOUNTS}add/", sent)
    assert response["Location"] == ACCOUNTS
    account = get_user_model().objects.get(username="amal")
    assert list(account.groups.all()) == [editors]
    assert (account.is_staff, account.is_superuser, account.email) == (True, False, "amal@example.org")
    assert account.check_password(PASSWORD)


@pytest.mark.parametrize("key", [str(2**70), "9" * 5000, "x"])
def test_a_group_that_there_cannot_be_is_refused(client, key):
    client.force_login(a_person(rights=OVER_ACCOUNTS))
    answer = client.post(f"{ACCOUNTS}add/", {"username": "amal", "usable_password": "false", "groups": [key]})
    assert list(answer.context["adminform"].form.errors) == ["groups"]


def test_a_new_account_is_put_into_no_group_with_a_right_that_the_person_lacks(client):
    client.force_login(a_person(rights=OVER_ACCOUNTS))
    editors = Group.objects.get(name="Editor")
    form = client.get(f"{ACCOUNTS}add/")
    assert f'name="groups" value="{editors.pk}"' not in form.content.decode()
    sent = {"username": "amal", "usable_password": "false", "groups": [editors.pk], "is_superuser": "on"}
    shown = client.post(f"{ACCOUNTS}add/", sent).content.decode()
    assert "You can grant only permissions that you have yourself." in shown
    assert not get_user_model().objects.filter(username="amal").exists()
