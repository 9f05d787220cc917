"""Accounts and groups in the admin of this site: those of `accounts`, with its audit trail and its ways to delete."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import admin as accounts_admin
from pages.admin.auditing import AuditedAdminMixin
from pages.admin.chosen_rows import ChosenRowsField
from pages.admin.deletions import DeletionSummaryMixin
from pages.admin.searching import BoundedLookupsMixin
from pages.admin.titles import TitledAdminMixin
from pages.fields import PlainTextFormField
from pages.models.notification import Notification, NotificationPreferences

# The last two would show what codes are made from; people have a page of their own for their two-factor authentication.
admin.site.unregister([get_user_model(), Group, TOTPDevice, StaticDevice])


class SiteAdminMixin(AuditedAdminMixin, DeletionSummaryMixin, BoundedLookupsMixin, TitledAdminMixin):
    # The models are Django's own, so what is sent for them is cleaned by the forms.
    formfield_overrides = {
        models.CharField: {"form_class": PlainTextFormField},
        models.EmailField: {},
        models.ManyToManyField: {"form_class": ChosenRowsField},
    }


@admin.register(get_user_model())
class UserAdmin(SiteAdminMixin, accounts_admin.UserAdmin):
    # The notice above the list names the first three; the others are told of nobody else.
    unlisted_models = (TOTPDevice, StaticDevice, StaticToken, Notification, NotificationPreferences)


@admin.register(Group)
class GroupAdmin(SiteAdminMixin, accounts_admin.GroupAdmin):
    pass
