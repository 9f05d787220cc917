"""Partner organizations: written once, in both languages, and shown on every page that names them."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import part_views
from ..models.partner import PartnerOrganization
from .bilingual import both_languages
from .media import MEDIA_URL
from .new_parts import NewPartMixin
from .shared_parts import SharedPartAdmin, free_key


class PartnerForm(forms.ModelForm):
    def clean(self):
        values = super().clean()
        name = values.get("name_en") or values.get("name_fr")
        if not name:
            self.add_error("name_en", _("Enter the name in at least one language."))
        elif "key" in self.fields and not values.get("key"):
            values["key"] = self.instance.key = free_key(PartnerOrganization, name)
        return values


@admin.register(PartnerOrganization)
class PartnerOrganizationAdmin(NewPartMixin, SharedPartAdmin):
    titles = {
        "add": _("Add partner organization"),
        "change": _("Edit partner organization"),
        "view": _("View partner organization"),
    }
    key_help = _("Identifies the organization in content files. If left empty, it is created from the name.")
    listed = _("Some pages list this organization. Remove it from those pages first (see “Used on”).")
    form = PartnerForm
    first_fields = (
        "kind",
        *both_languages("name"),
        *both_languages("acronym"),
        *both_languages("website"),
        "logo",
    )
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

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("objectives__parent", "partner_lists__parent")

    def blocks_with(self, part):
        return [*part.objectives.all(), *part.partner_lists.all()]

    @admin.display(description=_("Name"))
    def both_names(self, partner):
        return self.in_both_languages(partner, "name")

    @admin.display(description=_("Acronym"))
    def acronyms(self, partner):
        return " / ".join(filter(None, dict.fromkeys([partner.acronym_en, partner.acronym_fr]))) or "–"

    @admin.display(description=_("Logo"))
    def picture(self, partner):
        if not partner.logo:
            return "–"
        address = part_views.picture(partner.logo, media=MEDIA_URL).fallback
        return format_html('<img class="ci-logo" src="{}" alt="{}">', address, _("Yes"))

    @admin.display(description=_("Used on"))
    def pages(self, partner):
        return self.links_to_pages(partner)
