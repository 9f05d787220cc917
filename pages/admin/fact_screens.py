"""Facts: their list and form, where each is used, and publishing all of these pages together."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from .. import fact_uses, indexes, letters, people, publishing, second_person
from ..document import LANGUAGES
from ..indexes.references import pages_using
from ..models.edition import ReferenceKind
from ..models.fact import Fact
from ..models.indexes import DraftReference
from ..models.page import Page
from ..readiness import field_label
from ..typography import date_text, typeset
from .auditing import AuditedAdminMixin
from .bilingual import NOBODY_LABEL, BilingualFieldsMixin, UserChoiceField, both_languages
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .field_links import field_urls, with_urls
from .page_links import MAX_RESULTS, MAX_TYPED
from .page_views import may_publish
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .shared_parts import free_key
from .titles import TitledAdminMixin


class FactForm(forms.ModelForm):
    class Meta:
        field_classes = {"owner": UserChoiceField}

    def clean(self):
        values = super().clean()
        if "key" in self.fields and not values.get("key") and values.get("name_en"):
            values["key"] = self.instance.key = free_key(Fact, values["name_en"])
        return values


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue"))]

    def queryset(self, request, queryset):
        return queryset.overdue() if self.value() == "overdue" else queryset


@admin.register(Fact)
class FactAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    titles = {"add": _("Add fact"), "change": _("Edit fact"), "view": _("View fact")}
    form = FactForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    both_languages("name"),
                    ("value", "unit"),
                    ("currency", "figures"),
                    "source",
                    ("as_of", "review_by"),
                    ("owner", "key"),
                ]
            },
        )
    ]
    list_display = ("both_names", "figures", "as_of", "next_review", "owned_by", "uses")
    list_filter = (ReviewFilter, "unit")
    search_fields = ("name_en", "name_fr", "key", "source", "value")
    search_help_text = _("Search names, sources and values.")
    sortable_by = ()
    list_select_related = ("owner",)
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"
    actions = None

    def get_urls(self):
        uses = FactUsesView.as_view(model_admin=self)
        own = path("<int:object_id>/uses/", self.admin_site.admin_view(uses), name="pages_fact_uses")
        return [own, *super().get_urls()]

    def get_queryset(self, request):
        named = DraftReference.objects.filter(kind=ReferenceKind.FACT, name=OuterRef("key")).order_by()
        number = named.values("name").annotate(number=Count("page", distinct=True)).values("number")
        return super().get_queryset(request).annotate(pages_number=Coalesce(Subquery(number), 0))

    def get_readonly_fields(self, request, obj=None):
        return ("key", "figures") if obj else ("figures",)

    def get_changeform_initial_data(self, request):
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "key":
            field.required = False
            field.help_text = _(
                "Identifies the fact in content files. If left empty, it is created from the name."
            )
        if field and db_field.name.startswith("name_"):
            field.widget.attrs["lang"] = db_field.name[-2:]
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            people_of_staff = get_user_model().objects.filter(is_staff=True)
            kwargs |= {
                "queryset": people_of_staff.order_by("last_name", "username"),
                "empty_label": NOBODY_LABEL,
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Columns

    @admin.display(description=_("Name"))
    def both_names(self, fact):
        return _one_above_the_other(fact.name)

    @admin.display(description=_("How it reads"))
    def figures(self, fact):
        try:
            return _one_above_the_other(fact.words)
        except (ValueError, ArithmeticError):  # in a form that was refused
            return "–"

    @admin.display(description=_("Next review"))
    def next_review(self, fact):
        if fact.review_by is None:
            return "–"
        day = date_format(fact.review_by, "SHORT_DATE_FORMAT")
        return format_html("<strong>{} ({})</strong>", day, _("Overdue")) if fact.is_overdue else day

    @admin.display(description=_("Owner"))
    def owned_by(self, fact):
        return people.name_of(fact.owner) or NOBODY_LABEL

    @admin.display(description=_("Where it is used"))
    def uses(self, fact):
        address = reverse("admin:pages_fact_uses", args=[fact.pk])
        number = fact.pages_number
        text = ngettext("%(number)s page", "%(number)s pages", number) % {"number": number}
        return format_html('<a href="{}">{}</a>', address, text)

    # Saving

    def save_model(self, request, obj, form, change):
        before = Fact.objects.for_update_in_order().filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        request.is_other_figure = before is not None and before.words != obj.words
        if request.is_other_figure:
            indexes.update_drafts(list(pages_using(ReferenceKind.FACT, obj.key).only("pk")))

    def response_change(self, request, obj):
        """Leads on to the pages that use the fact, where its figure is another one now."""
        if not request.is_other_figure or not pages_using(ReferenceKind.FACT, obj.key).exists():
            return super().response_change(request, obj)
        text = _(
            "The fact was saved, and the working copies that use it say the new figure. Readers do not see it yet."
        )
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[obj.pk]))

    def delete_view(self, request, object_id, extra_context=None):
        fact = self.get_object(request, unquote(object_id))
        is_used = fact and pages_using(ReferenceKind.FACT, fact.key).exists()
        if is_used and self.has_delete_permission(request, fact):
            text = _("Some pages use this fact. Remove it from those pages first.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[fact.pk]))
        return super().delete_view(request, object_id, extra_context)


def _one_above_the_other(text):
    """A text in both languages, as lists show it: English above French."""
    return format_html(
        '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
        *(typeset(text[language], language) for language in LANGUAGES),
    )


class FactSearchView(View):
    """What the dialog for facts shows, in JSON: facts whose names, figures or key have all of the words of `q`; with
    `fact`, a key, that one. For who may write pages, so it is one of the screens of pages.
    """

    http_method_names = ("get", "head", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("facts/", view, name="pages_page_facts")

    def get(self, request):
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        if "fact" in request.GET:
            fact = Fact.objects.filter(key=request.GET["fact"].replace("\0", "")).first()
            if fact is None:
                raise Http404
            return JsonResponse({"fact": _described(fact)})
        typed = request.GET.get("q", "").replace("\0", "")[:MAX_TYPED]
        return JsonResponse({"facts": _find(letters.fold(typed).split())})


def _find(wanted):
    found = []
    for fact in Fact.objects.order_by("key"):
        described = _described(fact)
        names, words = described["names"], described["words"]
        text = letters.fold("\n".join([fact.key, fact.value, *names.values(), *words.values()]))
        if all(word in text for word in wanted):
            found.append(described)
        if len(found) == MAX_RESULTS:
            break
    return found


def _described(fact):
    return {
        "key": fact.key,
        "names": {language: fact.name[language] for language in LANGUAGES},
        "words": {language: fact.words[language] for language in LANGUAGES},
        "asOf": date_text(fact.as_of, get_language()) if fact.as_of else "",
        "isOverdue": fact.is_overdue,
    }


class FactUsesView(View):
    """Each page and place that uses a fact: what readers see, and what the working copy says.

    From here all of the pages are published together, or submitted for review.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None

    def dispatch(self, request, *args, **kwargs):
        may_look = self.model_admin.has_view_or_change_permission(request)
        if not may_look or not request.user.has_perm("pages.view_page"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, object_id):
        return self._render(request, self._fact(request, object_id))

    def post(self, request, object_id):
        fact = self._fact(request, object_id)
        acts = {"publish": self._publish, "submit": self._submit}
        act = acts.get(_act_of(request))
        if act is None:
            raise PermissionDenied
        try:
            text = act(fact, request.POST.get("seen", ""), request.user)
        except publishing.NotReady as refusal:
            return self._render(request, fact, reasons=_linked(refusal.reasons))
        except ValidationError as error:
            return self._render(request, fact, reasons=[(message, None) for message in error.messages])
        messages.success(request, text)
        return HttpResponseRedirect(reverse("admin:pages_fact_uses", args=[fact.pk]))

    def _fact(self, request, object_id):
        fact = self.model_admin.get_object(request, str(object_id))
        if fact is None:
            raise Http404
        return fact

    def _publish(self, fact, was_seen, person):
        number = len(fact_uses.publish_everywhere(fact, was_seen, by=person))
        text = ngettext(
            "%(number)s page was published with the figure, in both languages.",
            "%(number)s pages were published with the figure, in both languages.",
            number,
        )
        return text % {"number": number}

    def _submit(self, fact, was_seen, person):
        number = len(fact_uses.submit_everywhere(fact, was_seen, by=person))
        text = ngettext(
            "%(number)s page was submitted for review.", "%(number)s pages were submitted for review.", number
        )
        return text % {"number": number}

    def _render(self, request, fact, reasons=()):
        found = fact_uses.find_uses(fact)
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": _("Where it is used"),
            "original": fact,
            "subtitle": str(fact),
            "words": {language: typeset(fact.words[language], language) for language in LANGUAGES},
            "reasons": reasons,
            "act": _act_of(request),
            "seen": fact_uses.seen(found),
            **_groups(found),
        }
        return TemplateResponse(request, "admin/pages/fact/uses.html", context)


def _act_of(request):
    """What this person can do with all of the pages: publish them, submit them for review, or nothing."""
    if may_publish(request) and not second_person.is_required(request.user):
        return "publish"
    return "submit" if request.user.has_perm("pages.change_page") else ""


def _groups(found):
    """The pages that wait, those that show the figure already, and all others, each with its places."""
    views = [(uses, _places_of(uses)) for uses in found]
    return {
        "waiting": [view for view in views if view[0].is_waiting],
        "current": [view for view in views if not view[0].is_waiting and view[0].is_up_to_date],
        "others": [view for view in views if not view[0].is_waiting and not view[0].is_up_to_date],
    }


def _places_of(uses):
    """Each place of a page with the address and the name of its field."""
    urls = field_urls(uses.page, [(use.path, use.language) for use in uses.uses])
    return [(use, url, _label(uses.document, use.path)) for use, url in zip(uses.uses, urls, strict=True)]


def _label(document, path):
    try:
        return capfirst(field_label(document, path))
    except StopIteration:  # a block that the working copy no longer has
        return capfirst(_("live edition"))


def _linked(reasons):
    """Each reason with the address at which it can be corrected: one query for all pages."""
    pages = {page.key: page for page in Page.objects.filter(key__in={reason.page for reason in reasons})}
    linked = []
    for key, page in pages.items():
        own = [reason for reason in reasons if reason.page == key]
        linked += [(f"{page}: {reason.message}", url) for reason, url in with_urls(page, own)]
    return linked
