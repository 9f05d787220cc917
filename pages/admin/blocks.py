"""The blocks of a page in its form: one kind of inline for each kind of block, in one order among them all."""

from content_editor.admin import ContentEditorInline
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from ..rows import Figure, Objective, PageList, PartnerList, PartnerOrganization, TextSection
from .bilingual import ALTERNATIVE_TEXT, BilingualFields, pair

# Kept in the form but not shown: what the block is called in every edition, and where it stands.
PLACE = ("known_as", "region", "ordering")

# A form with more blocks of one kind than this was not made by an editor.
MOST_OF_A_KIND = 150

ICON = '<svg class="ci-icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>'


def icon(path):
    shape = '<path d="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'
    return format_html(ICON, format_html(mark_safe(shape), path))


class PartnerChoices(forms.CheckboxSelectMultiple):
    """Those that are chosen; a script adds the others, which the form holds once for all of its blocks.

    A page of thirty objectives would otherwise have thousands of boxes, most of them empty.
    """

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, attrs)
        chosen = {str(each) for each in value or ()}
        here = attrs["id"]
        boxes = ((f"{here}_{key}", name, key, label) for key, label in self.choices if str(key) in chosen)
        rows = format_html_join(
            "",
            '<div><label for="{0}"><input type="checkbox" id="{0}" name="{1}" value="{2}" checked> {3}</label></div>',
            boxes,
        )
        return format_html(
            '<div id="{}" role="group" aria-label="{}" data-partners>{}</div>',
            here,
            attrs["aria-label"],
            rows,
        )


class BlockForm(forms.ModelForm):
    """The key travels with the form, so that a block is known again even where its row has been replaced."""

    known_as = forms.SlugField(required=False, widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["known_as"].initial = self.instance.key if self.instance.pk else ""

    def clean(self):
        values = super().clean()
        if values.get("known_as") and self.instance.pk is None:
            self.instance.key = values["known_as"]
        return values

    def has_changed(self):
        # A block that was added is kept even when nothing has been written in it yet.
        return self.instance.pk is None or super().has_changed()


class BlockInline(BilingualFields, ContentEditorInline):
    form = BlockForm
    template = "admin/pages/page/blocks.html"
    extra = 0
    max_num = MOST_OF_A_KIND
    regions = {"main"}
    color = "inherit"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "image":
            field.required = False  # a working copy may wait for its picture; publishing does not
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, widget=PartnerChoices, **kwargs)
        field.choices = partner_choices(request)
        field.widget.attrs["aria-label"] = capfirst(db_field.verbose_name)
        field.help_text = ""
        field.required = False
        return field


def partner_choices(request):
    """All partner organizations by name: read once for a form, however many blocks it has."""
    if not hasattr(request, "partner_choices"):
        partners = sorted(PartnerOrganization.objects.all(), key=lambda partner: str(partner).casefold())
        request.partner_choices = [(partner.pk, str(partner)) for partner in partners]
    return request.partner_choices


class TextSectionInline(BlockInline):
    model = TextSection
    button = icon("M4 6h16M4 10h16M4 14h16M4 18h10")
    fieldsets = [(None, {"fields": [pair("heading"), pair("body"), PLACE]})]


class ObjectiveInline(BlockInline):
    model = Objective
    button = icon("M6 21V4h11l-2 4 2 4H6")
    fieldsets = [(None, {"fields": [pair("title"), pair("body"), "partners", PLACE]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("partners")


class PartnerListInline(BlockInline):
    model = PartnerList
    button = icon(
        "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 20c0-4 3-6 6-6s6 2 6 6M16 11a3 3 0 1 0 0-6M17 14c3 0 5 2 5 6"
    )
    fieldsets = [(None, {"fields": [pair("heading"), pair("introduction"), "partners", PLACE]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("partners")


class FigureInline(BlockInline):
    model = Figure
    button = icon("M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4")
    measures = {"alternative_text": ALTERNATIVE_TEXT}
    long_names = ("alternative_text", "caption")
    fieldsets = [
        (None, {"fields": ["image", "decorative", pair("alternative_text"), pair("caption"), PLACE]})
    ]


class PageListInline(BlockInline):
    model = PageList
    button = icon("M4 6h1M9 6h11M4 12h1M9 12h11M4 18h1M9 18h11")
    fieldsets = [(None, {"fields": [pair("heading"), PLACE]})]


def has_too_many(data):
    """Whether a form claims more blocks than there can be: asked before any of them is looked at."""
    counts = (data.get(f"pages_{inline.model._meta.model_name}_set-TOTAL_FORMS", "") for inline in INLINES)
    return any(count.isdecimal() and int(count[:9]) > MOST_OF_A_KIND for count in counts)


INLINES = [TextSectionInline, ObjectiveInline, PartnerListInline, FigureInline, PageListInline]
