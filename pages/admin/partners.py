"""Partner organizations: written once, in both languages, and shown on every page that names them."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .. import rendering, tallying
from ..rows import PartnerOrganization, new_key
from ..slugs import slug
from .bilingual import BilingualFields, pair
from .scripts import Scripted


class PartnerForm(forms.ModelForm):
    def clean(self):
        values = super().clean()
        name = values.get("name_en") or values.get("name_fr")
        if not name:
            self.add_error("name_en", _("Write the name in at least one of the two languages."))
        elif "key" in self.fields and not values.get("key"):
            values["key"] = self.instance.key = _free_key(name)
        return values


def _free_key(name):
    key = slug(name)[:90] or new_key()
    return f"{key}-{new_key()}" if PartnerOrganization.objects.filter(key=key).exists() else key


@admin.register(PartnerOrganization)
class PartnerOrganizationAdmin(Scripted, BilingualFields, admin.ModelAdmin):
    form = PartnerForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "kind",
                    pair("name"),
                    pair("acronym"),
                    pair("website"),
                    pair("description"),
                    "logo",
                    "key",
                    "pages",
                ]
            },
        )
    ]
    list_display = ("both_names", "acronyms", "kind", "picture", "pages")
    list_filter = ("kind",)
    search_fields = ("name_en", "name_fr", "acronym_en", "acronym_fr", "key")
    search_help_text = _("Search in names and acronyms of both languages.")
    sortable_by = ("kind",)
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("objectives__parent", "partner_lists__parent")

    def get_readonly_fields(self, request, obj=None):
        return ("key", "pages") if obj else ("pages",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "key" and field:
            field.required = False
            field.help_text = _("Names the organization in files. Left empty, it is made from the name.")
        return field

    @admin.display(description=_("Name"))
    def both_names(self, partner):
        return format_html(
            '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
            partner.name_en or "—",
            partner.name_fr or "—",
        )

    @admin.display(description=_("Acronym"))
    def acronyms(self, partner):
        return " / ".join(filter(None, dict.fromkeys([partner.acronym_en, partner.acronym_fr]))) or "–"

    @admin.display(description=_("Logo"))
    def picture(self, partner):
        if not partner.logo:
            return "–"
        address = rendering.picture(partner.logo).fallback
        return format_html('<img class="ci-logo" src="{}" alt="{}">', address, _("Yes"))

    @admin.display(description=_("Used on"))
    def pages(self, partner):
        used_on = _pages_that_name(partner) if partner.pk else []
        links = ((reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in used_on)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    def save_model(self, request, obj, form, change):
        with tallying.counting([obj] if change else []):
            super().save_model(request, obj, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        partner = self.get_object(request, unquote(object_id))
        if partner and _pages_that_name(partner) and self.has_delete_permission(request, partner):
            text = _(
                "Pages name this organization: take it out of them first. They are listed under “Used on”."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_partnerorganization_change", args=[partner.pk]))
        return super().delete_view(request, object_id, extra_context)


def _pages_that_name(partner):
    blocks = [*partner.objectives.all(), *partner.partner_lists.all()]
    return sorted({block.parent for block in blocks}, key=lambda page: str(page).casefold())
