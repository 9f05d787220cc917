"""Files to download: kept once, with a file for each language, and offered by every page that lists them."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import images, part_views, stored_files
from ..document import LANGUAGES
from ..document import Download as Part
from ..field_kinds import Kind, names_of
from ..fields import DownloadField
from ..file_formats import CAPTIONS, FORMATS, accessibility_hints, misplaced
from ..models.download import Download
from .bilingual import both_languages
from .media import MEDIA_URL
from .new_parts import NewPartMixin
from .shared_parts import SharedPartAdmin, free_key


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
            values["key"] = self.instance.key = free_key(Download, title)
        for name, problem in misplaced(self._formats(values)).items():
            self.add_error(name if name in self.fields else None, problem)
        files = [f"file_{language}" for language in LANGUAGES]
        if not any(self._has_file(values, name) for name in files) and not self.errors.keys() & set(files):
            self.add_error("file_en", _("Upload the file in at least one language."))
        return values

    def _formats(self, values):
        """Those of the files that there will be, by the names of their fields."""
        fields = names_of(Part, Kind.FILE, Kind.IMAGE)
        files = {
            name: getattr(self.instance, name) if values.get(name) is None else values[name]
            for name in fields
        }
        return {name: file.format for name, file in files.items() if file}

    def _has_file(self, values, name):
        """Whether there will be a file: None means that the form says nothing of the one that is there."""
        value = values.get(name)
        return bool(getattr(self.instance, name) if value is None else value)


@admin.register(Download)
class DownloadAdmin(NewPartMixin, SharedPartAdmin):
    titles = {
        "add": _("Add file to download"),
        "change": _("Edit file to download"),
        "view": _("View file to download"),
    }
    key_help = _("Identifies the file in content files. If left empty, it is created from the title.")
    listed = _("Some pages list this file. Remove it from those pages first (see “Offered on”).")
    form = DownloadForm
    first_fields = (*both_languages("title"), *both_languages("file"), *both_languages("captions"))
    fieldsets = [
        (
            None,
            {
                "fields": [
                    both_languages("title"),
                    both_languages("file"),
                    both_languages("captions"),
                    "poster",
                    "key",
                    "pages",
                ]
            },
        )
    ]
    list_display = ("both_titles", "files", "pages")
    search_fields = ("title_en", "title_fr", "key")
    search_help_text = _("Search titles in both languages.")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("download_lists__parent", "videos__parent")

    def get_fieldsets(self, request, obj=None):
        """For people who may only look: links to the files in the place of their fields."""
        if not obj or self.has_change_permission(request, obj):
            return self.fieldsets
        return [(None, {"fields": [both_languages("title"), "files", "key", "pages"]})]

    def blocks_with(self, part):
        return [*part.download_lists.all(), *part.videos.all()]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, DownloadField) and not db_field.help_text:
            field.help_text = _limit_text()
        return field

    @admin.display(description=_("Title"))
    def both_titles(self, download):
        return self.in_both_languages(download, "title")

    @admin.display(description=_("Files"))
    def files(self, download):
        cells = [_file_link(download, language) for language in LANGUAGES]
        return format_html('<span class="ci-tree ci-tree-0"><span>{}</span><span>{}</span></span>', *cells)

    @admin.display(description=_("Offered on"))
    def pages(self, download):
        return self.links_to_pages(download)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for name in form.changed_data:
            if name.startswith("file_") and (hints := _hints(getattr(obj, name))):
                intro = _("This PDF file (%(field)s) may be hard to use for some readers.")
                field = Download._meta.get_field(name).verbose_name
                self.message_user(
                    request, " ".join(map(str, (intro % {"field": field}, *hints))), messages.WARNING
                )


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
    kinds = ", ".join(known.label for name, known in FORMATS.items() if name not in CAPTIONS)
    return _("%(kinds)s, up to %(limit)s MB, without macros.") % {
        "kinds": kinds,
        "limit": settings.MAX_FILE_MB,
    }


def _file_link(download, language):
    file = getattr(download, f"file_{language}")
    if not file:
        return "—"
    title = getattr(download, f"title_{language}") or ""
    view = part_views.file_view(file, title, get_language(), media=MEDIA_URL)
    return format_html('<a href="{}">{} ({}, {})</a>', view.path, language.upper(), view.format, view.size)
