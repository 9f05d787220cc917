"""Facts: their list and form, and what saving another figure leads to."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import indexes, people
from ..document import LANGUAGES
from ..indexes.references import pages_using
from ..models.edition import ReferenceKind
from ..models.fact import Fact
from ..models.indexes import DraftReference
from ..typography import typeset
from .auditing import AuditedAdminMixin
from .bilingual import NOBODY_LABEL, BilingualFieldsMixin, UserChoiceField, both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .fact_views import FactUsesView
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .shared_parts import free_key
from .titles import TitledAdminMixin


class FactForm(forms.ModelForm):
    class Meta:
        field_classes = {"owner": UserChoiceField}

    def clean(self):
        values = super().clean()
        if "key" in self.fields and not values.get("key") and values.get("name_en"):
            values["key"] = self.instance.key = free_key(Fact, values["name_en"])
        return values


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue"))]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "overdue" else queryset


@admin.register(Fact)
class FactAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    titles = {"add": _("Add fact"), "change": _("Edit fact"), "view": _("View fact")}
    form = FactForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    both_languages("name"),
                    ("value", "unit"),
                    ("currency", "figures"),
                    "source",
                    ("as_of", "review_by"),
                    ("owner", "key"),
                ]
            },
        )
    ]
    list_display = ("both_names", "figures", "as_of", "next_review", "owned_by", "uses")
    list_filter = (ReviewFilter, "unit")
    search_fields = ("name_en", "name_fr", "key", "source", "value")
    search_help_text = _("Search names, sources and values.")
    sortable_by = ()
    list_select_related = ("owner",)
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"
    actions = None

    def get_urls(self):
        uses = FactUsesView.as_view(model_admin=self)
        own = path("<int:object_id>/uses/", self.admin_site.admin_view(uses), name="pages_fact_uses")
        return [own, *super().get_urls()]

    def get_queryset(self, request):
        named = DraftReference.objects.filter(kind=ReferenceKind.FACT, name=OuterRef("key")).order_by()
        number = named.values("name").annotate(number=Count("page", distinct=True)).values("number")
        return super().get_queryset(request).annotate(pages_number=Coalesce(Subquery(number), 0))

    def get_readonly_fields(self, request, obj=None):
        return ("key", "figures") if obj else ("figures",)

    def get_changeform_initial_data(self, request):
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "key":
            field.required = False
            field.help_text = _(
                "Identifies the fact in content files. If left empty, it is created from the name."
            )
        if field and db_field.name.startswith("name_"):
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            people_of_staff = get_user_model().objects.filter(is_staff=True)
            kwargs |= {
                "queryset": people_of_staff.order_by("last_name", "username"),
                "empty_label": NOBODY_LABEL,
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Columns

    @admin.display(description=_("Name"))
    def both_names(self, fact):
        return _one_above_the_other(fact.name)

    @admin.display(description=_("How it reads"))
    def figures(self, fact):
        try:
            return _one_above_the_other(fact.words)
        except (ValueError, ArithmeticError):  # in a form that was refused
            return "–"

    @admin.display(description=_("Next review"))
    def next_review(self, fact):
        if fact.review_by is None:
            return "–"
        day = date_format(fact.review_by, "SHORT_DATE_FORMAT")
        return format_html("<strong>{} ({})</strong>", day, _("Overdue")) if fact.is_overdue else day

    @admin.display(description=_("Owner"))
    def owned_by(self, fact):
        return people.name_of(fact.owner) or NOBODY_LABEL

    @admin.display(description=_("Where it is used"))
    def uses(self, fact):
        address = reverse("admin:pages_fact_uses", args=[fact.pk])
        number = fact.pages_number
        text = ngettext("%(number)s page", "%(number)s pages", number) % {"number": number}
        return format_html('<a href="{}">{}</a>', address, text)

    # Saving

    def save_model(self, request, obj, form, change):
        before = Fact.objects.for_update_in_order().filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        request.is_other_figure = before is not None and before.words != obj.words
        if request.is_other_figure:
            indexes.update_drafts(list(pages_using(ReferenceKind.FACT, obj.key).only("pk")))

    def response_change(self, request, obj):
        """Leads on to the pages that use the fact, where its figure is another one now."""
        if not request.is_other_figure or not pages_using(ReferenceKind.FACT, obj.key).exists():
            return super().response_change(request, obj)
        text = _(
            "The fact was saved, and the working copies that use it say the new figure. Readers do not see it yet."
        )
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[obj.pk]))

    def delete_view(self, request, object_id, extra_context=None):
        fact = self.get_object(request, unquote(object_id))
        is_used = fact and pages_using(ReferenceKind.FACT, fact.key).exists()
        if is_used and self.has_delete_permission(request, fact):
            text = _("Some pages use this fact. Remove it from those pages first.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[fact.pk]))
        return super().delete_view(request, object_id, extra_context)


def _one_above_the_other(text):
    """A text in both languages, as lists show it: English above French."""
    return format_html(
        '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
        *(typeset(text[language], language) for language in LANGUAGES),
    )
