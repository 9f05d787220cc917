"""Shared blocks: their list and form, where they are used, and publishing these pages together."""

from dataclasses import replace
from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override, pgettext_lazy

from .. import current_texts, working_copy
from ..document import LANGUAGES, SHAREABLE, TextSection
from ..field_kinds import TEXTS, names_of
from ..models.blocks import MODELS
from ..models.shared_block import SharedBlock
from ..shared_block_uses import SHARED_BLOCKS
from . import changes
from .bilingual import both_languages, label
from .blocks import icon
from .optimistic_lock import OptimisticLockMixin
from .page_links import with_page_links
from .shared_content import SharedContentAdmin, UsesView


class SharedBlockUsesView(UsesView):
    """Each page that shows a shared block. What readers see and will see is compared once for all pages that show the
    same.
    """

    template = "admin/pages/sharedblock/uses.html"

    def context(self, row):
        return {"kind": capfirst(row.model._meta.verbose_name)}

    def places_of(self, uses):
        return uses.uses

    def published(self, number):
        text = ngettext(
            "%(number)s page was published with the shared block, in both languages.",
            "%(number)s pages were published with the shared block, in both languages.",
            number,
        )
        return text % {"number": number}

    def group(self, found):
        groups = super().group(found)
        versions = {}
        for uses, places in groups["waiting"]:
            for use in places:
                if use.live and use.draft and use.is_changed:
                    versions.setdefault(tuple(replace(side, key="") for side in (use.live, use.draft)), {})[
                        uses.page.pk
                    ] = uses
        compared = [(*changes.compare_blocks(*sides), pages.values()) for sides, pages in versions.items()]
        return {**groups, "versions": compared}


@admin.register(SharedBlock)
class SharedBlockAdmin(OptimisticLockMixin, SharedContentAdmin):
    content, uses_view = SHARED_BLOCKS, SharedBlockUsesView
    key_help = _("Identifies the shared block in content files. If left empty, it is created from the name.")
    saved_with_pages = _(
        "The shared block was saved, and the working copies that show it say the new text. Readers do not see it yet."
    )
    used = _("Some pages show this shared block. Remove it from those pages first.")
    titles = {
        "add": _("Add shared block"),
        "change": _("Edit shared block"),
        "view": _("View shared block"),
    }
    uses_title = pgettext_lazy("block", "Where it is used")
    short_text_fields = ("attribution", "description")
    list_display = ("both_names", "kind_name", "uses")
    list_filter = ("kind",)
    search_fields = ("name_en", "name_fr", "key", *SharedBlock.text_columns())
    search_help_text = _("Search names and texts.")

    # The form: its fields are those of the kind

    def add_view(self, request, form_url="", extra_context=None):
        """Asks first of what kind the block is."""
        if request.GET.get("kind") in SHAREABLE:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.titles["add"],
            "kinds": [
                (kind, capfirst(MODELS[declaration]._meta.verbose_name), icon(MODELS[declaration].icon))
                for kind, declaration in SHAREABLE.items()
            ],
        }
        return TemplateResponse(request, "admin/pages/sharedblock/choose.html", context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            request.POST = with_page_links(request.POST)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.block_model = _model_of(request, obj)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        declaration = _model_of(request, obj).declaration
        texts = names_of(declaration, *TEXTS)
        names = (obj or SharedBlock(kind=declaration.kind)).fields
        fields = [both_languages(name) if name in texts else name for name in names]
        return [(None, {"fields": [both_languages("name"), *fields, "key"]})]

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The fields of what it says are those of its kind, with their names and help."""
        names = [field.name for field in request.block_model._meta.fields]
        if db_field.name in names and db_field.name != "key":
            db_field = request.block_model._meta.get_field(db_field.name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request, context, **kwargs):
        context["kind"] = capfirst(request.block_model._meta.verbose_name)
        return super().render_change_form(request, context, **kwargs)

    # Columns

    @admin.display(description=_("Type of block"))
    def kind_name(self, row):
        return capfirst(row.model._meta.verbose_name)

    @admin.display(description=uses_title)
    def uses(self, row):
        return super().uses(row)

    # Saving

    def save_model(self, request, obj, form, change):
        if not change:
            obj.kind = request.block_model.declaration.kind
        super().save_model(request, obj, form, change)

    def says(self, row):
        return working_copy.read_shared_block(row)

    def follow(self, row):
        current_texts.refresh_shared_blocks()

    def construct_change_message(self, request, form, formsets, add=False):
        """Returns the fields that now say something else; [] for none."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return _change_message(
            request.row_before, form.instance, lambda name: form.fields[name].label, form.fields
        )

    def save_texts(self, request, row):
        """Saves and logs a shared block of which a text was replaced elsewhere than in its form."""
        self.save_model(request, row, None, change=True)
        columns = [
            f"{name}_{language}" for name in names_of(row.declaration, *TEXTS) for language in LANGUAGES
        ]
        self.log_change(
            request, row, _change_message(request.row_before, row, partial(_label, row.model), columns)
        )

    def pages_with(self, row):
        """Returns the pages that show a shared block."""
        return list(self.pages_of(row).only("pk", "key"))


def _change_message(before, after, label_of, names):
    """Returns the message for the fields of these names that say something else than before; [] for none."""
    with override(None):
        labels = [str(label_of(name)) for name in names if getattr(before, name) != getattr(after, name)]
    return [{"changed": {"fields": labels}}] if labels else []


def _label(model, column):
    return label(model._meta.get_field(column).translated_field.verbose_name, column[-2:])


def _model_of(request, row):
    """The model of the kind of a shared block: of the one that is edited, or that was chosen for a new one."""
    chosen = SHAREABLE.get(request.GET.get("kind"), TextSection)
    return row.model if row else MODELS[chosen]
