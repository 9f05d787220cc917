"""The screen on which a new page begins: empty, or from a template."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from .. import indexes, page_templates
from ..document import Bilingual
from ..fields import PlainTextFormField
from ..models.page import Page
from ..models.page_template import PageTemplate
from .bilingual import both_languages, label
from .parents import ParentField, ParentInput, refuse_unplaced

# In an address of the form of a new page: that it is to be empty.
EMPTY = "empty"


def _title_field(language):
    return PlainTextFormField(
        label=label(gettext_lazy("title"), language),
        max_length=Page._meta.get_field("title_en").max_length,
        required=False,
        widget=forms.TextInput({"lang": language, "class": "vTextField"}),
    )


class NewPageForm(forms.Form):
    """What a page begins with, below which page it comes, and what it is called."""

    template = forms.ChoiceField(label=gettext_lazy("Start with"), widget=forms.RadioSelect, initial="")
    parent = ParentField(
        label=gettext_lazy("Parent page"),
        queryset=Page.objects.all(),
        widget=ParentInput,
        help_text=gettext_lazy("The page comes last under this page."),
    )
    title_en, title_fr = _title_field("en"), _title_field("fr")

    def __init__(self, *args, templates, **kwargs):
        super().__init__(*args, **kwargs)
        self.templates = {template.key: template for template in templates}
        self.fields["template"].required = False
        self.fields["template"].choices = [
            ("", _("Empty page")),
            *((template.key, _choice(template)) for template in templates),
        ]

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        refuse_unplaced(parent)
        return parent

    def clean(self):
        values = super().clean()
        if values.get("template") and not (values.get("title_en") or values.get("title_fr")):
            self.add_error("title_en", _("Enter a title in at least one language."))
        return values

    @property
    def title(self):
        return Bilingual(*(self.cleaned_data[name] for name in both_languages("title")))


def _choice(template):
    return format_html('<span>{} <span class="ci-quiet">{}</span></span>', template.name, template.purpose)


class NewPageView(View):
    """For those who may add pages."""

    http_method_names = ("get", "head", "post", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("new/", view, name="pages_page_new")

    def dispatch(self, request, *args, **kwargs):
        if not self.model_admin.has_add_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self._respond(request, NewPageForm(initial=self._initial(request), templates=_templates()))

    def post(self, request):
        form = NewPageForm(request.POST, templates=_templates())
        if form.is_valid():
            template = form.templates.get(form.cleaned_data["template"])
            if template is None:
                return HttpResponseRedirect(_address_of_empty_form(form))
            if page := self._create(request, template, form):
                return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
        return self._respond(request, form)

    def _initial(self, request):
        chosen = request.GET.get("parent")
        parent = Page.objects.filter(key=chosen).first() if chosen and "\0" not in chosen else None
        return {"parent": parent or Page.objects.filter(parent=None).first()}

    def _create(self, request, template, form):
        """The page; None where the form says why there is none."""
        try:
            with transaction.atomic():
                page = page_templates.create_page(
                    template, title=form.title, parent=form.cleaned_data["parent"], owner=request.user
                )
                indexes.update_drafts([page])
                self.model_admin.log_addition(request, page, [{"added": {}}])
        except ValidationError as error:
            form.add_error(None, error)
            return None
        text = _("“%(page)s” was created. The public does not see it until you publish it.")
        messages.success(request, text % {"page": page})
        return page

    def _respond(self, request, form):
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": _("Add page"),
            "form": form,
        }
        return TemplateResponse(request, "admin/pages/page/new.html", context)


def _templates():
    return list(PageTemplate.objects.all())


def _address_of_empty_form(form):
    """The form of a new page with what was said of it already."""
    values = {name: form.cleaned_data[name] for name in both_languages("title") if form.cleaned_data[name]}
    query = urlencode({"start": EMPTY, "parent": form.cleaned_data["parent"].key, **values})
    return f"{reverse('admin:pages_page_add')}?{query}"


def lead_to_choice(request):
    """Returns the way to the screen where a template is chosen; None where there is nothing to choose, or it was."""
    if request.method == "POST" or request.GET.get("start") == EMPTY or not PageTemplate.objects.exists():
        return None
    parent = request.GET.get("parent")
    query = f"?{urlencode({'parent': parent})}" if parent else ""
    return HttpResponseRedirect(reverse("admin:pages_page_new") + query)
