"""The screen on which a page is copied, alone or with the pages below it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import copying, indexes
from ..models.page import Page
from .page_views import ChangingView
from .parents import ParentField, ParentInput, refuse_unplaced


class CopyForm(forms.Form):
    """Below which page the copy comes, and whether the pages below the original are copied too."""

    parent = ParentField(
        label=gettext_lazy("Parent page"),
        queryset=Page.objects.all(),
        widget=ParentInput,
        help_text=gettext_lazy("The copy comes last under this page."),
    )
    below = forms.ChoiceField(
        label=gettext_lazy("What to copy"),
        initial="no",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, number_below, **kwargs):
        super().__init__(*args, **kwargs)
        if not number_below:
            del self.fields["below"]
            return
        text = ngettext(
            "This page and the %(number)s page under it",
            "This page and the %(number)s pages under it",
            number_below,
        )
        self.fields["below"].choices = [
            ("no", _("This page only")),
            ("yes", text % {"number": number_below}),
        ]

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        refuse_unplaced(parent)
        return parent

    @property
    def with_below(self):
        return self.cleaned_data.get("below") == "yes"


class CopyView(ChangingView):
    """For those who may change pages and add some."""

    route = name = "copy"

    def may_open(self, request):
        return super().may_open(request) and self.model_admin.has_add_permission(request)

    def respond(self, request, page):
        number_below = len(copying.pages_below(page))
        parent = page.parent_id or page.pk
        form = CopyForm(request.POST or None, initial={"parent": parent}, number_below=number_below)
        copy = self._copy(request, page, form) if request.method == "POST" and form.is_valid() else None
        if copy:
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[copy.pk]))
        return self.render(request, page, "copy", title=_("Copy page"), form=form)

    def _copy(self, request, page, form):
        """The copy of the page; None where the form says why there is none."""
        try:
            with transaction.atomic():
                copies = copying.copy_page(
                    page,
                    parent=form.cleaned_data["parent"],
                    owner=request.user,
                    with_below=form.with_below,
                )
                indexes.update_drafts(copies)
                for copy in copies:
                    self.model_admin.log_addition(request, copy, [{"copied": {"page": str(page)}}])
        except ValidationError as error:
            form.add_error(None, error)
            return None
        text = ngettext(
            "“%(page)s” was created. The public does not see it until you publish it.",
            "“%(page)s” and the pages under it were created: %(number)s pages in all. The public does not see "
            "them until you publish them.",
            len(copies),
        )
        messages.success(request, text % {"page": copies[0], "number": len(copies)})
        return copies[0]
