"""Base of the admin of what is written once and shown on many pages: facts and shared blocks."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View

from .. import indexes, publishing, second_person
from ..document import LANGUAGES
from ..indexes.references import pages_using
from ..models.indexes import DraftReference
from ..models.page import Page
from ..readiness import field_label
from ..shared_content import seen
from ..typography import typeset
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .field_links import with_urls
from .page_views import may_publish
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .shared_parts import free_key
from .titles import TitledAdminMixin


class SharedContentForm(forms.ModelForm):
    """Makes the key of a new one from its English name, where none was written."""

    def clean(self):
        values = super().clean()
        if "key" in self.fields and not values.get("key") and values.get("name_en"):
            values["key"] = self.instance.key = free_key(type(self.instance), values["name_en"])
        return values


class SharedContentAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    """A subclass gives the content (`shared_content.SharedContent`), its screen of uses, what its key is for, and what
    is said when it was changed and when it cannot be deleted.
    """

    content = uses_view = None
    uses_title = _("Where it is used")
    key_help = saved_with_pages = used = ""
    form = SharedContentForm
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"
    actions = None

    def says(self, row):
        """Returns what a row says, to be compared before and after it was saved."""
        raise NotImplementedError

    def pages_of(self, row):
        """Finds the pages that use a row: live, scheduled or in their working copies."""
        return pages_using(self.content.reference_kind, row.key)

    def uses_url(self, row):
        """Returns where the screen about the uses of a row is."""
        return reverse(f"admin:pages_{self.opts.model_name}_uses", args=[row.pk])

    def get_urls(self):
        view = self.admin_site.admin_view(self.uses_view.as_view(model_admin=self))
        own = path("<int:object_id>/uses/", view, name=f"pages_{self.opts.model_name}_uses")
        return [own, *super().get_urls()]

    def get_queryset(self, request):
        named = DraftReference.objects.filter(
            kind=self.content.reference_kind, name=OuterRef("key")
        ).order_by()
        number = named.values("name").annotate(number=Count("page", distinct=True)).values("number")
        return super().get_queryset(request).annotate(pages_number=Coalesce(Subquery(number), 0))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "key":
            field.required = False
            field.help_text = self.key_help
        if field and db_field.name in ("name_en", "name_fr"):
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    # Columns

    @admin.display(description=_("Name"))
    def both_names(self, row):
        return one_above_the_other(row.name)

    @admin.display(description=_("Where it is used"))
    def uses(self, row):
        number = row.pages_number
        text = ngettext("%(number)s page", "%(number)s pages", number) % {"number": number}
        return format_html('<a href="{}">{}</a>', self.uses_url(row), text)

    # Saving and deleting

    def save_model(self, request, obj, form, change):
        before = self.model.objects.for_update_in_order().filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        self.follow(obj)
        request.row_before = before
        request.says_something_else = before is not None and self.says(before) != self.says(obj)
        if request.says_something_else:
            indexes.update_drafts(list(self.pages_of(obj).only("pk")))

    def follow(self, row):
        """Does what follows from a row that was saved, before any page is locked."""

    def response_change(self, request, obj):
        """Leads on to the pages that use it, where it says something else now."""
        if not request.says_something_else or not self.pages_of(obj).exists():
            return super().response_change(request, obj)
        self.message_user(request, self.saved_with_pages, messages.SUCCESS)
        return HttpResponseRedirect(self.uses_url(obj))

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row and self.has_delete_permission(request, row) and self.pages_of(row).exists():
            self.message_user(request, self.used, messages.ERROR)
            return HttpResponseRedirect(self.uses_url(row))
        return super().delete_view(request, object_id, extra_context)


def one_above_the_other(text):
    """Returns a text in both languages, as lists show it: English above French."""
    return format_html(
        '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
        *(typeset(text[language], language) for language in LANGUAGES),
    )


class UsesView(View):
    """Each page and place that uses it: what readers see, and what the working copy says.

    From here all of the pages are published together, or submitted for review. A subclass gives the template, what is
    said once that is done, and how a place is shown.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None
    template = ""

    def context(self, row):
        """Returns what the template needs besides the pages."""
        return {}

    def places_of(self, uses):
        """Returns the places of one page (`shared_content.PageUses`) as the template shows them."""
        raise NotImplementedError

    def published(self, number):
        """Returns what is said when so many pages were published."""
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        may_look = self.model_admin.has_view_or_change_permission(request)
        if not may_look or not request.user.has_perm("pages.view_page"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, object_id):
        return self._render(request, self._row(request, object_id))

    def post(self, request, object_id):
        row = self._row(request, object_id)
        acts = {"publish": self._publish, "submit": self._submit}
        act = acts.get(_act_of(request))
        if act is None:
            raise PermissionDenied
        try:
            text = act(row, request.POST.get("seen", ""), by=request.user)
        except publishing.NotReady as refusal:
            return self._render(request, row, reasons=_linked(refusal.reasons))
        except ValidationError as error:
            return self._render(request, row, reasons=[(message, None) for message in error.messages])
        messages.success(request, text)
        return HttpResponseRedirect(self.model_admin.uses_url(row))

    def _row(self, request, object_id):
        row = self.model_admin.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def _publish(self, row, was_seen, *, by):
        return self.published(len(self.model_admin.content.publish_everywhere(row, was_seen, by=by)))

    def _submit(self, row, was_seen, *, by):
        number = len(self.model_admin.content.submit_everywhere(row, was_seen, by=by))
        text = ngettext(
            "%(number)s page was submitted for review.", "%(number)s pages were submitted for review.", number
        )
        return text % {"number": number}

    def _render(self, request, row, reasons=()):
        found = self.model_admin.content.find_uses(row)
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": self.model_admin.uses_title,
            "original": row,
            "subtitle": str(row),
            "reasons": reasons,
            "act": _act_of(request),
            "seen": seen(found),
            **self.group(found),
            **self.context(row),
        }
        return TemplateResponse(request, self.template, context)

    def group(self, found):
        """Returns the pages that wait, those that are up to date, and all others, each with its places."""
        views = [(uses, self.places_of(uses)) for uses in found]
        return {
            "waiting": [view for view in views if view[0].is_waiting],
            "current": [view for view in views if not view[0].is_waiting and view[0].is_up_to_date],
            "others": [view for view in views if not view[0].is_waiting and not view[0].is_up_to_date],
        }


def _act_of(request):
    """What this person can do with all of the pages: publish them, submit them for review, or nothing."""
    if may_publish(request) and not second_person.is_required(request.user):
        return "publish"
    return "submit" if request.user.has_perm("pages.change_page") else ""


def place_label(document, path):
    """Returns how editors know a text of a working copy; what it is called where the working copy no longer has it."""
    try:
        return capfirst(field_label(document, path))
    except StopIteration:
        return capfirst(_("live edition"))


def _linked(reasons):
    """Each reason with the address at which it can be corrected: two queries for all pages."""
    keys = {reason.page for reason in reasons}
    pages = Page.objects.filter(key__in=keys).prefetch_related("pages_sharedplace_set")
    linked = []
    for page in pages:
        own = [reason for reason in reasons if reason.page == page.key]
        linked += [(f"{page}: {reason.message}", url) for reason, url in with_urls(page, own)]
    return linked
