"""Partner organizations: written once, in both languages, and shown on every page that names them."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from .. import indexes, rendering, working_copy
from ..models.blocks import new_key
from ..models.partner import PartnerOrganization
from ..slugs import slug
from . import saves
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin, both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .media import MEDIA_URL
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .titles import TitledAdminMixin


class PartnerForm(forms.ModelForm):
    def clean(self):
        values = super().clean()
        name = values.get("name_en") or values.get("name_fr")
        if not name:
            self.add_error("name_en", _("Enter the name in at least one language."))
        elif "key" in self.fields and not values.get("key"):
            values["key"] = self.instance.key = _free_key(name)
        return values


def _free_key(name):
    key = slug(name)[:90] or new_key()
    return f"{key}-{new_key()}" if PartnerOrganization.objects.filter(key=key).exists() else key


@admin.register(PartnerOrganization)
class PartnerOrganizationAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    titles = {
        "add": _("Add partner organization"),
        "change": _("Edit partner organization"),
        "view": _("View partner organization"),
    }
    form = PartnerForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "kind",
                    both_languages("name"),
                    both_languages("acronym"),
                    both_languages("website"),
                    both_languages("description"),
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
    search_help_text = _("Search names and acronyms in both languages.")
    sortable_by = ("kind",)
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("objectives__parent", "partner_lists__parent")

    def get_readonly_fields(self, request, obj=None):
        return ("key", "pages") if obj else ("pages",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "key" and field:
            field.required = False
            field.help_text = _(
                "Identifies the organization in content files. If left empty, it is created from the name."
            )
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
        address = rendering.picture(partner.logo, media=MEDIA_URL).fallback
        return format_html('<img class="ci-logo" src="{}" alt="{}">', address, _("Yes"))

    @admin.display(description=_("Used on"))
    def pages(self, partner):
        used_on = _pages_that_name(partner) if partner.pk else []
        links = ((reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in used_on)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    def construct_change_message(self, request, form, formsets, add=False):
        """Returns the fields in which the organization now says something else; [] for none."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return saves.shared_changes(request.partner_before, form.instance)

    def save_model(self, request, obj, form, change):
        if change:
            request.partner_before = working_copy.read_shared(PartnerOrganization.objects.get(pk=obj.pk))
        with indexes.updating_for_shared([obj] if change else []):
            super().save_model(request, obj, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        partner = self.get_object(request, unquote(object_id))
        if partner and _pages_that_name(partner) and self.has_delete_permission(request, partner):
            text = _("Some pages list this organization. Remove it from those pages first (see “Used on”).")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_partnerorganization_change", args=[partner.pk]))
        return super().delete_view(request, object_id, extra_context)


def _pages_that_name(partner):
    blocks = [*partner.objectives.all(), *partner.partner_lists.all()]
    return sorted({block.parent for block in blocks}, key=lambda page: str(page).casefold())
