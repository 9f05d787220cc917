"""Accounts and groups in the admin: Django's, with choices that every keyboard and screen reader can make."""

import logging

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import second_factor

logger = logging.getLogger(__name__)

# The last two would show what codes are made from; people have a page of their own for their second factor.
admin.site.unregister([get_user_model(), Group, TOTPDevice, StaticDevice])

# Applications whose rights no screen asks for.
WITHOUT_SCREENS = ("otp_totp", "otp_static")


class Boxes:
    """Groups and rights as boxes to tick: the two lists of Django's have names that screen readers do not say."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.related_model is Permission:
            kwargs["queryset"] = Permission.objects.exclude(content_type__app_label__in=WITHOUT_SCREENS)
        return super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": forms.CheckboxSelectMultiple}
        )


@admin.register(get_user_model())
class Accounts(Boxes, UserAdmin):
    readonly_fields = ("last_login", "date_joined")  # what happened is not for writing
    list_display = (*UserAdmin.list_display, "has_second_factor")
    actions = ("remove_second_factor",)

    def get_queryset(self, request):
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_device=Exists(devices))

    @admin.display(boolean=True, ordering="has_device", description=_("Second factor"))
    def has_second_factor(self, account):
        return account.has_device

    @admin.action(permissions=["change"], description=_("Remove the second factor (phone lost)"))
    def remove_second_factor(self, request, queryset):
        removed = [account for account in queryset if second_factor.turn_off(account)]
        for account in removed:
            told = {"name": gettext_noop("second factor"), "object": str(account)}
            self.log_change(request, account, [{"deleted": told}])
            logger.info("Second factor removed: account %s, by account %s", account.pk, request.user.pk)
        said = ngettext(
            "%(count)d account has no second factor any more.",
            "%(count)d accounts have no second factor any more.",
            len(removed),
        )
        self.message_user(request, said % {"count": len(removed)}, messages.SUCCESS)


@admin.register(Group)
class Groups(Boxes, GroupAdmin):
    pass
