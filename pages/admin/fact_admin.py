"""Facts: their list and form, and what saving another figure leads to."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import current_texts, people
from ..fact_uses import FACTS
from ..models.fact import Fact
from .bilingual import NOBODY_LABEL, UserChoiceField, both_languages
from .fact_views import FactUsesView
from .shared_content import SharedContentAdmin, SharedContentForm, one_above_the_other


class FactForm(SharedContentForm):
    class Meta:
        field_classes = {"owner": UserChoiceField}


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue"))]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "overdue" else queryset


@admin.register(Fact)
class FactAdmin(SharedContentAdmin):
    content, uses_view = FACTS, FactUsesView
    key_help = _("Identifies the fact in content files. If left empty, it is created from the name.")
    saved_with_pages = _(
        "The fact was saved, and the working copies that use it say the new figure. Readers do not see it yet."
    )
    used = _("Some pages use this fact. Remove it from those pages first.")
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
    list_select_related = ("owner",)

    def get_readonly_fields(self, request, obj=None):
        return ("key", "figures") if obj else ("figures",)

    def get_changeform_initial_data(self, request):
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            people_of_staff = get_user_model().objects.filter(is_staff=True)
            kwargs |= {
                "queryset": people_of_staff.order_by("last_name", "username"),
                "empty_label": NOBODY_LABEL,
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Columns

    @admin.display(description=_("How it reads"))
    def figures(self, fact):
        try:
            return one_above_the_other(fact.words)
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

    # Saving

    def says(self, row):
        return row.words

    def follow(self, row):
        current_texts.refresh_shared_blocks()
