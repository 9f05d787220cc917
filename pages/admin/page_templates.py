"""Page templates in the admin: made of pages, named, given tips and kinds of blocks; and what forms show of them."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import page_templates, working_copy
from ..document import BLOCKS, heading
from ..fields import PlainTextFormField
from ..models.blocks import MODELS
from ..models.page_template import PageTemplate, TemplateTip
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin, both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .optimistic_lock import OptimisticLockMixin
from .page_views import PageView
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .shared_parts import free_key
from .titles import TitledAdminMixin

# A kind that is offered in no part of a page.
NOWHERE = frozenset({"nowhere"})


def kind_label(kind):
    """Returns how people know a kind of block, by its name in documents."""
    return capfirst(MODELS[BLOCKS[kind]]._meta.verbose_name)


def block_label(block, language):
    """Returns how people know a block: its kind, and its heading where it has one."""
    named = heading(block).either(language)
    return f"{kind_label(block.kind)}: {named}" if named else str(kind_label(block.kind))


# In the form of a page


def annotate_blocks(context, page, language):
    """Puts the tips of its template into the form of a page, and offers the kinds of blocks that it has."""
    template = page.template
    if template is None:
        return
    tips = {tip.block: tip.text for tip in template.tips.all()}
    for formset in context["inline_admin_formsets"]:
        inline = formset.opts
        inline.tips = tips
        inline.is_of_other_kind = not template.allows(inline.model.declaration.kind)
        if inline.is_of_other_kind:
            inline.regions = NOWHERE
    document = working_copy.read(page)
    context["template"] = template
    context["page_tip"] = tips.get("", "")
    context["other_blocks"] = [
        block_label(block, language)
        for block in page_templates.blocks_of_other_kinds(template, document.blocks)
    ]


# Made from a page


class SaveAsTemplateForm(forms.Form):
    """A new template, named in both languages, or one whose content the page replaces."""

    replaced = forms.ModelChoiceField(
        label=gettext_lazy("Template"),
        queryset=PageTemplate.objects.all(),
        required=False,
        empty_label=gettext_lazy("New template"),
        help_text=gettext_lazy(
            "One that exists keeps its name and its tips, and takes its texts and blocks from this page."
        ),
    )
    name_en = PlainTextFormField(
        label=gettext_lazy("English name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"lang": "en", "class": "vTextField"}),
        help_text=gettext_lazy("For a new template: what sort of page it is, such as “Country page”."),
    )
    name_fr = PlainTextFormField(
        label=gettext_lazy("French name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"lang": "fr", "class": "vTextField"}),
    )

    def __init__(self, *args, may_add, may_change, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_change:
            del self.fields["replaced"]
        if not may_add:
            self.fields["replaced"].required = True
            self.fields["replaced"].empty_label = None
            for name in both_languages("name"):
                del self.fields[name]

    def clean(self):
        values = super().clean()
        for name in both_languages("name"):
            is_missing = name in self.fields and not values.get(name) and name not in self.errors
            if is_missing and not values.get("replaced"):
                self.add_error(name, _("Name the template in both languages."))
        return values

    def template(self):
        """Returns the template that the page is saved in; a new one is not saved yet."""
        values = self.cleaned_data
        if values.get("replaced"):
            return values["replaced"]
        key = free_key(PageTemplate, values["name_en"][:60])
        return PageTemplate(key=key, name_en=values["name_en"], name_fr=values["name_fr"])


class SaveAsTemplateView(PageView):
    """For those who may see the page, and add or change templates."""

    route = name = "template"

    def may_open(self, request):
        return super().may_open(request) and any(_rights(request).values())

    def respond(self, request, page):
        form = SaveAsTemplateForm(request.POST or None, **_rights(request))
        if request.method == "POST" and form.is_valid():
            template = self._save(request, page, form)
            return HttpResponseRedirect(reverse("admin:pages_pagetemplate_change", args=[template.pk]))
        return self.render(request, page, "save_as_template", title=_("Save as template"), form=form)

    def _save(self, request, page, form):
        template = form.template()
        is_new = template.pk is None
        page_templates.save_page(page, template)
        model_admin = self.model_admin.admin_site.get_model_admin(PageTemplate)
        if is_new:
            model_admin.log_addition(request, template, [{"added": {}}])
        else:
            model_admin.log_change(request, template, [{"changed": {"fields": ["document"]}}])
        messages.success(
            request,
            _("The template was saved. Now choose its types of blocks, and write the tips for editors."),
        )
        return template


def _rights(request):
    return {
        f"may_{action}": request.user.has_perm(f"pages.{action}_pagetemplate") for action in ("add", "change")
    }


def may_save_as_template(request):
    """Returns whether the person may make a template of a page, or change one by it."""
    return any(_rights(request).values())


# The admin of templates


class TemplateForm(forms.ModelForm):
    allowed_blocks = forms.MultipleChoiceField(
        label=gettext_lazy("Types of blocks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The form of a page that is made from this template offers only these. If none is selected, it offers all."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "allowed_blocks" in self.fields:
            self.fields["allowed_blocks"].choices = [(kind, kind_label(kind)) for kind in BLOCKS]


class TipInline(BilingualFieldsMixin, admin.StackedInline):
    """The tips of a template, one for the page and one for each block; who may change the template may write them."""

    model = TemplateTip
    fields = [both_languages("text")]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("pages.change_pagetemplate")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field


@admin.register(PageTemplate)
class PageTemplateAdmin(
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
    titles = {
        "add": gettext_lazy("Add template"),
        "change": gettext_lazy("Edit template"),
        "view": gettext_lazy("View template"),
    }
    form = TemplateForm
    inlines = [TipInline]
    fieldsets = [
        (None, {"fields": [both_languages("name"), both_languages("purpose"), "allowed_blocks", "key"]}),
    ]
    readonly_fields = ("key",)
    short_text_fields = both_languages("purpose")
    list_display = ("both_names", "when_to_use", "kinds", "number_of_blocks")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    unlisted_models = (TemplateTip,)
    actions = None

    def has_add_permission(self, request):
        """A template is made from a page, on the screen of that page."""
        return False

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj:
            _label_tips(context["inline_admin_formsets"], obj, get_language())
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name[-3:] in ("_en", "_fr"):
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    # Columns

    @admin.display(description=gettext_lazy("Name"))
    def both_names(self, template):
        return format_html(
            '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
            template.name_en,
            template.name_fr,
        )

    @admin.display(description=gettext_lazy("When to use it"))
    def when_to_use(self, template):
        return template.purpose or "–"

    @admin.display(description=gettext_lazy("Types of blocks"))
    def kinds(self, template):
        allowed = [kind_label(kind) for kind in BLOCKS if kind in template.allowed_blocks]
        return ", ".join(map(str, allowed)) or _("All")

    @admin.display(description=gettext_lazy("Blocks"))
    def number_of_blocks(self, template):
        return len(template.read().blocks)


def _label_tips(formsets, template, language):
    """Says of each tip which block of the template it is for."""
    labels = {block.key: block_label(block, language) for block in template.read().blocks}
    labels[""] = _("The whole page")
    for formset in formsets:
        for form in formset.formset.forms:
            form.instance.label = labels.get(form.instance.block, form.instance.block)
