"""Files to download: kept once, with a file for each language, and offered by every page that lists them."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import images, indexes, rendering, stored_files, working_copy
from ..document import LANGUAGES
from ..fields import DownloadField
from ..file_formats import FORMATS, accessibility_hints
from ..models.blocks import new_key
from ..models.download import Download
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


class DownloadForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            if field := self.fields.get(f"file_{language}"):
                field.widget.title = getattr(self.instance, f"title_{language}") or ""
                field.widget.find_hints = _hints

    def clean(self):
        values = super().clean()
        title = values.get("title_en") or values.get("title_fr")
        if not title:
            self.add_error("title_en", _("Enter the title in at least one language."))
        elif "key" in self.fields and not values.get("key"):
            values["key"] = self.instance.key = _free_key(title)
        files = [f"file_{language}" for language in LANGUAGES]
        if not any(self._has_file(values, name) for name in files) and not self.errors.keys() & set(files):
            self.add_error("file_en", _("Upload the file in at least one language."))
        return values

    def _has_file(self, values, name):
        """Whether there will be a file: None means that the form says nothing of the one that is there."""
        value = values.get(name)
        return bool(getattr(self.instance, name) if value is None else value)


def _free_key(title):
    key = slug(title)[:90].strip("-") or new_key()
    return f"{key}-{new_key()}" if Download.objects.filter(key=key).exists() else key


@admin.register(Download)
class DownloadAdmin(
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
        "add": _("Add file to download"),
        "change": _("Edit file to download"),
        "view": _("View file to download"),
    }
    form = DownloadForm
    fieldsets = [(None, {"fields": [both_languages("title"), both_languages("file"), "key", "pages"]})]
    list_display = ("both_titles", "files", "pages")
    search_fields = ("title_en", "title_fr", "key")
    search_help_text = _("Search titles in both languages.")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("download_lists__parent")

    def get_fieldsets(self, request, obj=None):
        """For people who may only look: links to the files in the place of their fields."""
        if not obj or self.has_change_permission(request, obj):
            return self.fieldsets
        return [(None, {"fields": [both_languages("title"), "files", "key", "pages"]})]

    def get_readonly_fields(self, request, obj=None):
        return ("key", "pages") if obj else ("pages",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "key":
            field.required = False
            field.help_text = _(
                "Identifies the file in content files. If left empty, it is created from the title."
            )
        elif field and isinstance(db_field, DownloadField):
            field.help_text = _limit_text()
        return field

    @admin.display(description=_("Title"))
    def both_titles(self, download):
        return format_html(
            '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
            download.title_en or "—",
            download.title_fr or "—",
        )

    @admin.display(description=_("Files"))
    def files(self, download):
        cells = [_file_link(download, language) for language in LANGUAGES]
        return format_html('<span class="ci-tree ci-tree-0"><span>{}</span><span>{}</span></span>', *cells)

    @admin.display(description=_("Offered on"))
    def pages(self, download):
        used_on = _pages_that_offer(download) if download.pk else []
        links = ((reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in used_on)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    def construct_change_message(self, request, form, formsets, add=False):
        """Returns the fields in which the file now says something else; [] for none."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return saves.shared_changes(request.download_before, form.instance)

    def save_model(self, request, obj, form, change):
        if change:
            request.download_before = working_copy.read_shared(Download.objects.get(pk=obj.pk))
        with indexes.updating_for_shared([obj] if change else []):
            super().save_model(request, obj, form, change)
        for name in form.changed_data:
            if name.startswith("file_") and (hints := _hints(getattr(obj, name))):
                intro = _("This PDF file (%(field)s) may be hard to use for some readers.")
                field = Download._meta.get_field(name).verbose_name
                self.message_user(
                    request, " ".join(map(str, (intro % {"field": field}, *hints))), messages.WARNING
                )

    def delete_view(self, request, object_id, extra_context=None):
        download = self.get_object(request, unquote(object_id))
        if download and _pages_that_offer(download) and self.has_delete_permission(request, download):
            text = _("Some pages list this file. Remove it from those pages first (see “Offered on”).")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_download_change", args=[download.pk]))
        return super().delete_view(request, object_id, extra_context)


def _pages_that_offer(download):
    pages = {block.parent for block in download.download_lists.all()}
    return sorted(pages, key=lambda page: str(page).casefold())


def _hints(file):
    """What readers may miss in a stored file, a sentence each; nothing where it cannot be read now."""
    if not file or file.format != "pdf":
        return []
    try:
        with images.storage_errors():
            return accessibility_hints(stored_files.original(file), file.format)
    except (images.StorageFailed, FileNotFoundError):
        return []


def _limit_text():
    """Says which files are taken, with the limit of this site."""
    kinds = ", ".join(known.label for known in FORMATS.values())
    return _("%(kinds)s, up to %(limit)s MB, without macros.") % {
        "kinds": kinds,
        "limit": settings.MAX_FILE_MB,
    }


def _file_link(download, language):
    file = getattr(download, f"file_{language}")
    if not file:
        return "—"
    title = getattr(download, f"title_{language}") or ""
    view = rendering.file_view(file, title, get_language(), media=MEDIA_URL)
    return format_html('<a href="{}">{} ({}, {})</a>', view.path, language.upper(), view.format, view.size)
