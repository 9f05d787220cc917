"""The terms of controlled vocabularies in the admin, and how the form of a page offers them."""

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import indexes
from ..document import VOCABULARIES
from ..models.page import Page
from ..models.vocabulary_term import VocabularyTerm
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin, both_languages
from .blocks import SharedChoices
from .chosen_rows import ChosenRowsField
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .optimistic_lock import OptimisticLockMixin
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .titles import TitledAdminMixin


def terms_on_offer(request):
    """Returns the terms of each vocabulary as choices of a form, by label: read once for a form."""
    if not hasattr(request, "vocabulary_terms"):
        found = {name: [] for name in VOCABULARIES}
        name = "label_fr" if get_language() == "fr" else "label_en"
        for term in VocabularyTerm.objects.order_by(name, "pk"):
            found[term.vocabulary].append((term.pk, str(term)))
        request.vocabulary_terms = found
    return request.vocabulary_terms


class TermChoices(SharedChoices):
    """The terms of one vocabulary, all of them: they are chosen without script too."""

    holds_all = True


class TermsField(ChosenRowsField):
    """Chooses terms of a vocabulary for a page; the terms are read once for the form, and again when some are sent."""

    def __init__(self, about, request):
        """`about` is the field of the page that holds the first of them."""
        label = capfirst(about.verbose_name)
        widget = TermChoices(attrs={"data-choices": "terms", "aria-label": label})
        rows = VocabularyTerm.objects.filter(vocabulary=about.name)
        super().__init__(rows, required=False, label=label, help_text=about.help_text, widget=widget)
        self.choices = terms_on_offer(request)[about.name]


@admin.register(VocabularyTerm)
class VocabularyTermAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    OptimisticLockMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    titles = {"add": _("Add term"), "change": _("Edit term"), "view": _("View term")}
    fieldsets = [(None, {"fields": ["vocabulary", "code", both_languages("label")]})]
    list_display = ("code", "vocabulary", "english", "french")
    list_filter = ("vocabulary",)
    search_fields = ("code", "label_en", "label_fr")
    search_help_text = _("Search codes and labels in both languages.")
    sortable_by = ()
    list_per_page = 100
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_readonly_fields(self, request, obj=None):
        """What names a term in files and in editions stays."""
        return ("vocabulary", "code") if obj else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in both_languages("label"):
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            indexes.update_drafts(list(Page.objects.with_terms([obj]).only("pk")))

    @admin.display(description=_("English label"))
    def english(self, term):
        return capfirst(term.label_en)

    @admin.display(description=_("French label"))
    def french(self, term):
        return capfirst(term.label_fr)
