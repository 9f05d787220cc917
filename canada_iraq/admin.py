"""Accounts and groups in the admin: Django's, with choices that every keyboard and screen reader can make."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group

admin.site.unregister([get_user_model(), Group])


class Boxes:
    """Groups and rights as boxes to tick: the two lists of Django's have names that screen readers do not say."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": forms.CheckboxSelectMultiple}
        )


@admin.register(get_user_model())
class Accounts(Boxes, UserAdmin):
    readonly_fields = ("last_login", "date_joined")  # what happened is not for writing


@admin.register(Group)
class Groups(Boxes, GroupAdmin):
    pass
