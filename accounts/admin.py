"""Accounts and groups in the admin: Django's, with choices that every keyboard and screen reader can make.

What each person may do there is limited by `delegation`. `canada_iraq.admin` registers them, with the audit trail and
the titles of the site.
"""

import logging

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import delegation, second_factor

logger = logging.getLogger(__name__)

# Applications whose rights no screen asks for.
HIDDEN_PERMISSION_APPS = ("otp_totp", "otp_static")


class CheckboxManyToManyMixin:
    """Groups and rights as boxes to tick: the two lists of Django's have names that screen readers do not say.

    Only what the person may give is offered, and only that is accepted.
    """

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.related_model is Permission:
            permissions = delegation.grantable_permissions(request.user).select_related("content_type")
            kwargs["queryset"] = permissions.exclude(content_type__app_label__in=HIDDEN_PERMISSION_APPS)
        else:
            kwargs["queryset"] = delegation.grantable_groups(request.user)
        kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if not request.user.is_superuser:
            field.error_messages["invalid_choice"] = _(
                "You can grant only permissions that you have yourself."
            )
            field.help_text = _(
                "You can grant only permissions that you have yourself. Only these are listed."
            )
        return field


class DelegatedAdminMixin:
    """Changing and deleting, for those rows only that `manageable` returns for the person."""

    def manageable(self, actor):
        raise NotImplementedError

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_manageable(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_manageable(request, obj)

    def _is_manageable(self, request, obj):
        if obj is None or request.user.is_superuser:
            return True
        return self.manageable(request.user).filter(pk=obj.pk).exists()


class UserAdmin(DelegatedAdminMixin, CheckboxManyToManyMixin, auth_admin.UserAdmin):
    titles = {"add": _("Add user"), "change": _("Edit user"), "view": _("View user")}
    readonly_fields = ("last_login", "date_joined")  # what happened is not for writing
    list_display = (*auth_admin.UserAdmin.list_display, "has_second_factor")
    actions = ("remove_second_factor",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        # Dozens of boxes, which nearly nobody needs: groups have the permissions of each role.
        (_("User permissions"), {"fields": ("user_permissions",), "classes": ("collapse",)}),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    # All that an account needs, so that nobody has to edit it once more to put it into a group.
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "groups", "is_staff")}),
        (_("Password"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def manageable(self, actor):
        return delegation.manageable_accounts(actor)

    def get_changeform_initial_data(self, request):
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def response_add(self, request, obj, post_url_continue=None):
        """Leads to the list, as for anything else: Django's own form of a new account asks for less."""
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)

    def get_queryset(self, request):
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_device=Exists(devices))

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def get_fieldsets(self, request, obj=None):
        """Django's, without the button that resets the password where the person may not do that."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field != "password"]})
            for name, options in fieldsets
        ]

    def user_change_password(self, request, id, form_url=""):
        """Django's, for the accounts of others: one's own password is changed by giving the old one."""
        if self.get_object(request, unquote(id)) == request.user:
            return HttpResponseRedirect(reverse("admin:password_change"))
        return super().user_change_password(request, id, form_url)

    @admin.display(boolean=True, ordering="has_device", description=_("Two-factor authentication"))
    def has_second_factor(self, account):
        return account.has_device

    @admin.action(permissions=["change"], description=_("Remove two-factor authentication (lost phone)"))
    def remove_second_factor(self, request, queryset):
        manageable = set(self.manageable(request.user).values_list("pk", flat=True)) - {request.user.pk}
        chosen = [account for account in queryset if account.pk in manageable]
        self._report_refused(request, [account for account in queryset if account.pk not in manageable])
        removed = [account for account in chosen if second_factor.disable(account)]
        for account in removed:
            details = {"name": gettext_noop("two-factor authentication"), "object": str(account)}
            self.log_change(request, account, [{"deleted": details}])
            logger.info(
                "Two-factor authentication removed: account %s, by account %s", account.pk, request.user.pk
            )
        if chosen:
            message = ngettext(
                "Two-factor authentication was removed from %(count)d account.",
                "Two-factor authentication was removed from %(count)d accounts.",
                len(removed),
            )
            self.message_user(request, message % {"count": len(removed)}, messages.SUCCESS)

    def _report_refused(self, request, accounts):
        if request.user in accounts:
            text = gettext(
                "To turn off your own two-factor authentication, use the page “Two-factor authentication”. You "
                "need a code."
            )
            self.message_user(request, text, messages.ERROR)
        if others := ", ".join(str(account) for account in accounts if account != request.user):
            text = gettext("You cannot change accounts with permissions that you do not have: %(accounts)s.")
            self.message_user(request, text % {"accounts": others}, messages.ERROR)


class GroupAdmin(DelegatedAdminMixin, CheckboxManyToManyMixin, auth_admin.GroupAdmin):
    titles = {"add": _("Add group"), "change": _("Edit group"), "view": _("View group")}

    def manageable(self, actor):
        return delegation.manageable_groups(actor)
