"""The glossary of the site: its list and form, and the same as CSV, out and in, after a preview of what changes."""

import hashlib

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from .. import glossary_files
from ..document import LANGUAGES
from ..models import audit_entry
from ..models.glossary_term import GlossaryTerm
from .auditing import AuditedAdminMixin
from .bilingual import LinesInput, both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .optimistic_lock import OptimisticLockMixin
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .titles import TitledAdminMixin


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, 500 kB or less, with commas or semicolons."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class ConfirmForm(forms.Form):
    """What was read of a file, and what of it the person has seen."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    OptimisticLockMixin,
    ScriptsMixin,
    admin.ModelAdmin,
):
    titles = {"add": _("Add term"), "change": _("Edit term"), "view": _("View term")}
    fieldsets = [
        (None, {"fields": [both_languages(name) for name in ("term", "abbreviation", "synonyms", "avoid")]})
    ]
    list_display = ("english", "french", "abbreviations")
    search_fields = [
        f"{name}_{language}" for name in ("term", "abbreviation", "synonyms") for language in LANGUAGES
    ]
    search_help_text = _("Search terms, abbreviations and synonyms in both languages.")
    sortable_by = ()
    list_per_page = 100
    list_max_show_all = 0
    actions = None

    def get_urls(self):
        views = {"export": self.export_view, "import": self.import_view}
        return [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"pages_glossaryterm_{name}")
            for name, view in views.items()
        ] + super().get_urls()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if getattr(db_field, "multiline", False):
            kwargs["widget"] = LinesInput
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    # Columns

    @admin.display(description=_("English term"))
    def english(self, row):
        return _names(row, "en")

    @admin.display(description=_("French term"))
    def french(self, row):
        return _names(row, "fr")

    @admin.display(description=_("Abbreviation"))
    def abbreviations(self, row):
        names = (name for name in (row.abbreviation_en, row.abbreviation_fr) if name)
        return " / ".join(dict.fromkeys(names)) or "–"

    # CSV

    def export_view(self, request):
        """The whole glossary as a file that a spreadsheet opens and that can be imported again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = glossary_files.write(GlossaryTerm.objects.all())
        # With the mark by which Excel knows UTF-8.
        response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="glossary-{localdate().isoformat()}.csv"'
        return response

    def import_view(self, request):
        """Asks for a file, shows what it changes, and changes that once it is confirmed."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if request.method == "POST" and "text" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            data = form.cleaned_data["file"].read(glossary_files.MAX_FILE_BYTES + 1)
            return self._preview(request, data)
        return self._render(request, form=form)

    def _preview(self, request, data, *, notice=""):
        """Shows what a file changes, or what is wrong in it."""
        try:
            changes = glossary_files.changes(data, GlossaryTerm.objects.all())
        except glossary_files.GlossaryErrors as error:
            return self._render(request, form=UploadForm(), problems=error.problems)
        confirm = ConfirmForm(initial={"text": data.decode("utf-8-sig"), "seen": _digest(changes)})
        added = [change for change in changes if change.is_new]
        changed = [change for change in changes if not change.is_new]
        return self._render(
            request,
            form=UploadForm(),
            confirm=confirm,
            added=added,
            changed=changed,
            is_read=True,
            notice=notice,
        )

    def _confirm(self, request):
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._render(request, form=UploadForm())
        data = form.cleaned_data["text"].encode()
        try:
            changes = self._store(request, data, form.cleaned_data["seen"])
        except (glossary_files.GlossaryErrors, IntegrityError, _Changed):
            notice = _(
                "The glossary changed after you opened this screen. Check again what the file changes."
            )
            return self._preview(request, data, notice=notice)
        text = ngettext(
            "%(number)s term was added or changed.", "%(number)s terms were added or changed.", len(changes)
        )
        messages.success(request, text % {"number": len(changes)})
        return HttpResponseRedirect(reverse("admin:pages_glossaryterm_changelist"))

    @transaction.atomic
    def _store(self, request, data, seen):
        """Writes what the person has seen. Raises `_Changed` where it is something else by now."""
        changes = glossary_files.changes(data, GlossaryTerm.objects.select_for_update().order_by("pk"))
        if _digest(changes) != seen:
            raise _Changed
        is_new = {change.row.term_en: change.is_new for change in changes}
        glossary_files.store(changes)
        for change in changes:
            with override(None):
                fields = [{"changed": {"fields": change.labels}}]
            added = is_new[change.row.term_en]
            audit_entry.record_objects(
                request.user,
                [change.row],
                ADDITION if added else CHANGE,
                [{"added": {}}] if added else fields,
            )
        return changes

    def _render(self, request, **context):
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import terms"),
            "columns": glossary_files.TEXTS,
        }
        return TemplateResponse(request, "admin/pages/glossaryterm/import.html", {**frame, **context})


class _Changed(Exception):
    """What a file changes is not what the person has seen."""


def _names(row, language):
    """The term, with its synonyms below it."""
    synonyms = row.wording(language).synonyms
    below = format_html(' <span class="ci-quiet">{}</span>', " · ".join(synonyms)) if synonyms else ""
    return format_html('<span lang="{}">{}{}</span>', language, getattr(row, f"term_{language}"), below)


def _digest(changes):
    """What stands for some changes: of which terms, and how these will be."""
    parts = ([str(change.row.pk), *change.fields, *_texts(change.row)] for change in changes)
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()


def _texts(row):
    return [getattr(row, name) for name in glossary_files.TEXTS]
