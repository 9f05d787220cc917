"""Delegated administration of accounts: which accounts, groups and rights each member of staff may manage.

Django's permissions over accounts are all or nothing: a person with `auth.change_user` may make themselves a superuser
(https://docs.djangoproject.com/en/5.2/topics/auth/default/#permissions). Here nobody gives a right that they lack, and
nobody changes an account that has one; see docs/decisions/0015-nobody-gives-rights-that-they-lack.md. What a superuser
may do is not limited.

Rights count whether or not the account that has them is active: to activate an account is to give it all of them.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet


def grantable_permissions(actor) -> QuerySet[Permission]:
    """Return the permissions that this account has, which are those that it may give to accounts and groups."""
    permissions = Permission.objects.all()
    if actor.is_superuser:
        return permissions
    held = actor.get_all_permissions()
    named = permissions.values_list("pk", "content_type__app_label", "codename")
    return permissions.filter(pk__in=[pk for pk, app, name in named if f"{app}.{name}" in held])


def grantable_groups(actor) -> QuerySet[Group]:
    """Return the groups that this account may put others into: those without a right that it lacks."""
    groups = Group.objects.all()
    return groups if actor.is_superuser else groups.exclude(permissions__in=_beyond(actor))


def manageable_accounts(actor) -> QuerySet:
    """Return the accounts that this account may change: no superuser, and none with a right that it lacks."""
    accounts = get_user_model().objects.all()
    if actor.is_superuser:
        return accounts
    beyond = _beyond(actor)
    without = accounts.exclude(user_permissions__in=beyond).exclude(groups__permissions__in=beyond)
    return without.filter(is_superuser=False)


def manageable_groups(actor) -> QuerySet[Group]:
    """Return the groups that this account may change or delete.

    That changes the rights of all members, so each of them has to be an account that it may change.
    """
    if actor.is_superuser:
        return Group.objects.all()
    others = get_user_model().objects.exclude(pk__in=manageable_accounts(actor).values("pk"))
    return grantable_groups(actor).exclude(user__in=others)


def _beyond(actor):
    return Permission.objects.exclude(pk__in=grantable_permissions(actor).values("pk"))
