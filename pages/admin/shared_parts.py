"""Base of the admin of what pages share: partner organizations and files to download, kept once and listed by pages."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from .. import indexes, working_copy
from ..models.blocks import new_key
from ..slugs import slug
from . import saves
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin, in_both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .optimistic_lock import OptimisticLockMixin
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .titles import TitledAdminMixin


def free_key(model, text):
    """Returns a key for a new row of a model, made of its name or title, that no other row has."""
    key = slug(text)[:90].strip("-") or new_key()
    return f"{key}-{new_key()}" if model.objects.filter(key=key).exists() else key


class SharedPartAdmin(
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
    """A subclass gives the help text of its key, why a part that pages list stays, and the blocks that list it."""

    key_help = listed = ""
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def blocks_with(self, part):
        """Returns the blocks that list a part, whatever their pages."""
        raise NotImplementedError

    def pages_with(self, part):
        """Returns the pages that list a part, by their titles."""
        pages = {block.parent for block in self.blocks_with(part)} if part.pk else set()
        return sorted(pages, key=lambda page: str(page).casefold())

    def links_to_pages(self, part):
        """Returns links to the forms of the pages that list a part, or a dash."""
        links = (
            (reverse("admin:pages_page_change", args=[page.pk]), str(page)) for page in self.pages_with(part)
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    def in_both_languages(self, part, name):
        """Returns a name or title of a part, as lists show it."""
        return format_html('<span class="ci-tree ci-tree-0">{}</span>', in_both_languages(part, name))

    def get_readonly_fields(self, request, obj=None):
        return ("key", "pages") if obj else ("pages",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "key":
            field.required = False
            field.help_text = self.key_help
        return field

    def construct_change_message(self, request, form, formsets, add=False):
        """Returns the fields in which the part now says something else; [] for none."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return saves.shared_changes(request.part_before, form.instance)

    def save_model(self, request, obj, form, change):
        if change:
            request.part_before = working_copy.read_shared(self.model.objects.get(pk=obj.pk))
        with indexes.updating_for_shared([obj] if change else []):
            super().save_model(request, obj, form, change)

    def save_texts(self, request, part):
        """Saves and logs a part of which a text was replaced elsewhere than in its form."""
        before = working_copy.read_shared(self.model.objects.get(pk=part.pk))
        with indexes.updating_for_shared([part]):
            part.save()
        self.log_change(request, part, saves.shared_changes(before, part))

    def delete_view(self, request, object_id, extra_context=None):
        part = self.get_object(request, unquote(object_id))
        if part and self.pages_with(part) and self.has_delete_permission(request, part):
            self.message_user(request, self.listed, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:pages_{self.opts.model_name}_change", args=[part.pk]))
        return super().delete_view(request, object_id, extra_context)
