"""The blocks of a page in its form: one kind of inline for each kind of block, in one order among them all."""

from content_editor.admin import ContentEditorInline
from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..document import LANGUAGES
from ..field_kinds import TEXTS, Kind, declarations, names_of
from ..fields import PlainCharField
from ..integers import parse_integer
from ..models.active_language import other_language_shown
from ..models.blocks import BLOCK_MODELS
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from .bilingual import MAX_ALTERNATIVE_TEXT_LENGTH, BilingualFieldsMixin, both_languages
from .chosen_rows import ChosenRowsField
from .pictures import LibraryImageField

# The parts that blocks list, by the names of the fields that do.
LISTED = frozenset(name for model in BLOCK_MODELS for name in model.shared_fields())

# Kept in the form but not shown: what the block is called in every edition, and where it stands.
POSITION_FIELDS = ("known_as", "region", "ordering")

# A form with more blocks of one kind than this was not made by an editor.
MAX_BLOCKS_OF_A_KIND = 150

# From so many characters on, a text of one line is written in a field of two.
LONG_LINE = 300

ICON = '<svg class="ci-icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>'


def icon(path):
    shape = '<path d="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'
    return format_html(ICON, format_html(mark_safe(shape), path))


class SharedChoices(forms.CheckboxSelectMultiple):
    """Those that are chosen; a script adds the others, which the form holds once for all of its blocks.

    A page of thirty objectives would otherwise have thousands of boxes, most of them empty.
    """

    holds_all = False  # the others too, for a field that there is once in the form

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, attrs)
        chosen = {str(key) for key in value or ()}
        element_id = attrs["id"]
        boxes = (
            (f"{element_id}_{key}", name, key, mark_safe(" checked" if str(key) in chosen else ""), label)
            for key, label in self.choices
            if self.holds_all or str(key) in chosen
        )
        rows = format_html_join(
            "",
            '<div><label for="{0}"><input type="checkbox" id="{0}" name="{1}" value="{2}"{3}> {4}</label></div>',
            boxes,
        )
        return format_html(
            '<div id="{}" role="group" aria-label="{}" data-choices="{}"{}>{}</div>',
            element_id,
            attrs["aria-label"],
            attrs["data-choices"],
            format_html(' data-new="{}"', attrs["data-new"]) if "data-new" in attrs else "",
            rows,
        )


class SharedBlockInput(forms.Select):
    """Chooses a shared block; beside it stands where the chosen one is edited."""

    def render(self, name, value, attrs=None, renderer=None):
        choice = super().render(name, value, attrs, renderer)
        if not str(value or "").isdecimal():
            return choice
        address = reverse("admin:pages_sharedblock_change", args=[value])
        return format_html('{} <a href="{}">{}</a>', choice, address, _("Open the shared block"))


class BlockForm(forms.ModelForm):
    """The key travels with the form, so that a block is known again even where its row has been replaced."""

    known_as = forms.SlugField(required=False, widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["known_as"].initial = self.instance.key if self.instance.pk else ""
        for name in self.instance.image_fields():
            self.fields[name].widget.chosen = getattr(self.instance, name)

    def clean(self):
        values = super().clean()
        if values.get("known_as") and self.instance.pk is None:
            self.instance.key = values["known_as"]
        return values

    def has_changed(self):
        # A block that was added is kept even when nothing has been written in it yet.
        return self.instance.pk is None or super().has_changed()


class RowField(forms.ModelChoiceField):
    """The hidden field that names the row of a block: one of those that the formset has, without a query for each."""

    def to_python(self, value):
        """Returns the row; None for a new block. Raises ValidationError for one of another page."""
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.rows[str(value)]


class BlockFormSet(forms.BaseInlineFormSet):
    """The blocks of one kind; `rows` are those that the page was read with, so that they are not asked for again."""

    def __init__(self, *args, rows=None, **kwargs):
        self.rows = rows
        super().__init__(*args, **kwargs)

    @cached_property
    def empty_form(self):
        """Returns the form that new blocks are made from. Django makes another one each time it is asked."""
        return super().empty_form

    def get_queryset(self):
        """Returns the rows, in order."""
        return super().get_queryset() if self.rows is None else self.rows

    def add_fields(self, form, index):
        super().add_fields(form, index)
        name = self.model._meta.pk.name
        given = form.fields[name]
        field = RowField(given.queryset, initial=given.initial, required=False, widget=given.widget)
        field.rows = {str(row.pk): row for row in self.get_queryset()}
        form.fields[name] = field


class BlockInline(BilingualFieldsMixin, ContentEditorInline):
    form = BlockForm
    formset = BlockFormSet
    template = "admin/pages/page/blocks.html"
    extra = 0
    max_num = MAX_BLOCKS_OF_A_KIND
    regions = {"main"}
    color = "inherit"

    def _localise_field(self, field, name, language, verbose_name):
        super()._localise_field(field, name, language, verbose_name)
        if declarations(self.model.declaration)[name].captioned_by:
            field.widget.attrs["data-captioned"] = ""  # the editor asks for no caption

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(*self.model.shared_fields())

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in names_of(self.model.declaration, Kind.SHARED_BLOCK):
            field = super().formfield_for_foreignkey(db_field, request, widget=SharedBlockInput, **kwargs)
            field.choices = shared_block_choices(request)
            return field
        if db_field.name in self.model.image_fields():
            may_add = request.user.has_perm("pages.add_libraryimage")
            # A working copy may wait for its image; publishing does not.
            return LibraryImageField(may_add=may_add, required=False, label=capfirst(db_field.verbose_name))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": SharedChoices, "form_class": ChosenRowsField}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.choices = shared_choices(request)[db_field.name]
        field.widget.attrs["data-choices"] = db_field.name
        field.widget.attrs["aria-label"] = capfirst(db_field.verbose_name)
        if request.user.has_perm(f"pages.add_{db_field.related_model._meta.model_name}"):
            field.widget.attrs["data-new"] = reverse(
                f"admin:pages_{db_field.related_model._meta.model_name}_new"
            )
        field.help_text = ""
        field.required = False
        return field


def shared_choices(request):
    """All that pages share, by the name of the fields that choose it: read once for a form of any number of blocks."""
    if not hasattr(request, "shared_rows"):
        request.shared_rows = {
            name: sorted(model.objects.all(), key=lambda row: str(row).casefold())
            for name, model in SHARED_MODELS.items()
            if name in LISTED
        }
    return {
        name: [(row.pk, _in_its_language(row)) for row in rows] for name, rows in request.shared_rows.items()
    }


def _in_its_language(row):
    """The name of a part, marked with its language where it has none in the active one."""
    language = _other_language(row)
    return format_html('<span lang="{}">{}</span>', language, str(row)) if language else str(row)


def _other_language(row):
    return other_language_shown(row, "name" if hasattr(row, "name_en") else "title")


def shared_block_choices(request):
    """All shared blocks, by their names: read once for a form of any number of places."""
    if not hasattr(request, "shared_blocks"):
        rows = SharedBlock.objects.defer(*SharedBlock.text_columns())
        request.shared_blocks = sorted(
            ((row.pk, f"{row} ({row.get_kind_display()})") for row in rows),
            key=lambda choice: choice[1].casefold(),
        )
    return [("", "---------"), *request.shared_blocks]


def shared_names(request):
    """The same for the script that finds them: with their other names and acronyms, of both languages."""
    shared_choices(request)
    return {name: [described(row) for row in rows] for name, rows in request.shared_rows.items()}


def described(row):
    """Returns what the script is told of a part: its id, its name, in which other words it is found, and the language
    of its name where it has none in the active one.
    """
    return row.pk, str(row), _other_names(row), _other_language(row)


def _other_names(row):
    fields = [name for name in ("name", "title", "acronym") if hasattr(row, f"{name}_en")]
    names = [getattr(row, f"{name}_{language}") for name in fields for language in LANGUAGES]
    return " ".join(name for name in names if name and name != str(row))


def inline_of(model):
    """Returns the inline of a kind of block: the fields that its declaration has, in their order."""
    declared = {
        name: field for name, field in declarations(model.declaration).items() if field.kind is not Kind.VALUE
    }
    fields = [both_languages(name) if field.kind in TEXTS else name for name, field in declared.items()]
    attributes = {
        "model": model,
        "button": icon(model.icon),
        "max_lengths": {
            name: MAX_ALTERNATIVE_TEXT_LENGTH for name, field in declared.items() if field.describes
        },
        "short_text_fields": [name for name in declared if _is_long(model, name)],
        "fieldsets": [(None, {"fields": [*fields, POSITION_FIELDS]})],
    }
    return type(f"{model.__name__}Inline", (BlockInline,), attributes)


def _is_long(model, name):
    """Whether a text of one line is too long for a field of one line."""
    field = model._meta.get_field(name)
    return isinstance(field, PlainCharField) and field.max_length >= LONG_LINE


def has_too_many(data):
    """Whether a form claims more blocks than there can be: asked before any of them is looked at."""
    counts = (data.get(f"pages_{inline.model._meta.model_name}_set-TOTAL_FORMS", "") for inline in INLINES)
    return any(
        count.isdecimal() and parse_integer(count, maximum=MAX_BLOCKS_OF_A_KIND) is None for count in counts
    )


INLINES = [inline_of(model) for model in BLOCK_MODELS]
