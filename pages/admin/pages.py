"""The list of pages in tree order, and the form in which a page's working copy is written in both languages."""

from content_editor.admin import ContentEditor
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from .. import document as shape
from .. import staleness, states, tallying, working_copy
from ..addresses import path_of
from ..editions import Edition
from ..rows import Page
from ..tallies import WorkingCopyTally
from . import conflicts
from .bilingual import DESCRIPTION, NOBODY, TITLE, BilingualFields, Person, pair
from .blocks import INLINES, has_too_many, partner_choices
from .checking import Checking
from .checking import counted as findings_of
from .comparing import Comparing
from .exporting import Exporting
from .history import History
from .parents import ParentField, ParentInput, Parents
from .previews import Previews
from .publishing import Publishing
from .restoring import Restoring
from .reviewing import Reviewing, candidate_of
from .scripts import Scripted
from .sharing import Sharing
from .tasks import others
from .translations import Translations, counted, of_page, say_beside_fields

DEEPEST = 8


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return states.State.choices

    def queryset(self, request, queryset):
        known = self.value() in states.State.values
        return states.narrowed(queryset, states.State(self.value())) if known else queryset


class LackFilter(admin.SimpleListFilter):
    title = _("what is lacking")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        return states.Lack.choices

    def queryset(self, request, queryset):
        known = self.value() in states.Lack.values
        return states.lacking(queryset, states.Lack(self.value())) if known else queryset


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [
            ("waiting", _("Waiting for review")),
            ("overdue", _("Date has passed")),
            ("none", _("No date")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            in_review = Edition.objects.filter(status=Edition.Status.IN_REVIEW)
            return queryset.filter(pk__in=in_review.order_by().values("page"))
        if self.value() == "overdue":
            return queryset.filter(review_by__lt=localdate())
        return queryset.filter(review_by=None) if self.value() == "none" else queryset


class PageChangeList(ChangeList):
    """Adds to each page of the list where it stands, read for all of them together."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        standings = states.standings(self.result_list)
        stale = staleness.of_pages(self.result_list, standings)
        for page in self.result_list:
            page.standing = standings[page.pk]
            page.stale = stale[page.pk]


class PageForm(forms.ModelForm):
    """`opened` is what the form held when it was opened, to notice when somebody else has saved meanwhile."""

    conflict = None
    opened = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    class Meta:
        field_classes = {"parent": ParentField, "owner": Person}

    def clean(self):
        values = super().clean()
        if not values.get("title_en") and not values.get("title_fr"):
            self.add_error("title_en", _("Write a title in at least one of the two languages."))
        if self.conflict:
            raise forms.ValidationError(
                _(
                    "This page was saved while you were writing. Nothing of yours is lost, and nothing is saved yet."
                )
            )
        return values


@admin.register(Page)
class PageAdmin(
    Scripted,
    Previews,
    Sharing,
    Translations,
    Publishing,
    Reviewing,
    Checking,
    Comparing,
    Restoring,
    Exporting,
    History,
    Parents,
    BilingualFields,
    ContentEditor,
):
    form = PageForm
    inlines = INLINES
    form_scripts = ("partners.js", "blocks.js", "parents.js")
    measures = {"title": TITLE, "description": DESCRIPTION}
    long_names = ("description",)
    fieldsets = [
        (
            None,
            {"fields": [pair("title"), pair("address"), pair("description"), pair("introduction"), "opened"]},
        ),
        (
            _("Place, responsibility and reports"),
            {
                "classes": ["collapse"],
                "fields": [("parent", "position"), ("owner", "review_by"), "takes_reports", "key"],
            },
        ),
    ]

    list_display = ("tree_title", "state", "responsible", "review", "last_publication")
    list_filter = (StateFilter, LackFilter, ReviewFilter, ("owner", admin.RelatedOnlyFieldListFilter))
    list_per_page = 100
    list_select_related = ("parent", "owner")
    search_fields = ("title_en", "title_fr", "address_en", "address_fr", "key")
    search_help_text = _("Search in titles, addresses and keys of both languages.")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    actions = None

    # The list

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_changelist(self, request, **kwargs):
        return PageChangeList

    def get_queryset(self, request):
        return super().get_queryset(request).in_tree_order().with_content()

    @admin.display(description=_("Page"))
    def tree_title(self, page):
        depth = min(page.place.count("/"), DEEPEST)
        return format_html(
            '<span class="ci-tree ci-tree-{}"><span lang="en">{}</span><span lang="fr">{}</span></span>',
            depth,
            page.title_en or "—",
            page.title_fr or "—",
        )

    @admin.display(description=_("State"))
    def state(self, page):
        standing = page.standing
        more = [
            _("scheduled for %(moment)s") % {"moment": moment(edition.publish_at)}
            for edition in standing.scheduled
        ]
        if standing.is_changed and standing.state in (states.State.ARCHIVED, states.State.WITHDRAWN):
            more.append(states.State.CHANGED.label)
        return format_html(
            '<span class="ci-state ci-state-{}">{}</span>{}{}{}',
            standing.state.value,
            standing.state.label,
            format_html(' <span class="ci-quiet">{}</span>', "; ".join(more)) if more else "",
            _emergency_of(standing),
            _stale_link(page),
        )

    @admin.display(description=_("Owner"))
    def responsible(self, page):
        return (page.owner.get_full_name() or page.owner.get_username()) if page.owner else "–"

    @admin.display(description=_("Review by"))
    def review(self, page):
        if page.review_by is None:
            return "–"
        if page.review_by >= localdate():
            return date_format(page.review_by, "SHORT_DATE_FORMAT")
        return format_html(
            '<strong class="ci-late">{}</strong> ({})',
            date_format(page.review_by, "SHORT_DATE_FORMAT"),
            _("late"),
        )

    @admin.display(description=_("Public since"))
    def last_publication(self, page):
        return moment(page.standing.live.publish_at) if page.standing.live else "–"

    # The form

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs |= {"queryset": Page.objects.all(), "widget": ParentInput}
        if db_field.name == "owner":
            kwargs["queryset"] = (
                get_user_model().objects.filter(is_staff=True).order_by("last_name", "username")
            )
            kwargs["empty_label"] = NOBODY
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request):
        home = Page.objects.filter(parent=None).first()
        return {
            "parent": home and home.pk,
            "owner": request.user.pk,
            **super().get_changeform_initial_data(request),
        }

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.conflict = getattr(request, "conflict", None)
        if obj and "opened" in form.base_fields:
            form.base_fields["opened"].initial = conflicts.state_of(obj).dumps()
        return form

    def render_change_form(self, request, context, **kwargs):
        page = context.get("original")
        context["conflict"] = getattr(request, "conflict", None)
        context["partners"] = partner_choices(request)
        context["is_nav_sidebar_enabled"] = False  # the two languages need its room
        if page:
            context["standing"] = states.standing(page)
            context["missing"] = _missing(page)
            document = working_copy.read(page)
            context["stale"] = of_page(page, document, context["standing"].live)
            say_beside_fields(context, context["stale"])
            context["findings"] = findings_of(page, document)
            context["candidate"] = candidate_of(page)
            context["others"] = [line for other in others() if (line := other.of_page(request.user, page))]
            context["can_publish"] = self.has_publish_permission(request)
            context["can_delete"] = self.has_delete_permission(request, page) and not _reason_to_keep(page)
            context["live"] = _live_addresses(context["standing"].live)
        return super().render_change_form(request, context, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and has_too_many(request.POST):
            raise BadRequest("Too many blocks.")
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self._lay_over_what_others_saved(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _lay_over_what_others_saved(self, request, object_id):
        """Under a lock that lasts until this save is done, so that no third person comes between."""
        page = self.get_object(request, unquote(object_id))
        if page is None or not self.has_change_permission(request, page):
            return
        Page.objects.locked().get(pk=page.pk)
        page = self.get_object(request, unquote(object_id))
        request.POST = request.POST.copy()
        request.conflict = conflicts.overlay(page, request.POST, request.FILES)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The form, for who may change the page; who may only look is led to its record and its previews."""
        page = self.get_object(request, unquote(object_id))
        may_only_look = self.has_view_permission(request, page) and not self.has_change_permission(
            request, page
        )
        if page is not None and may_only_look:
            return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))
        return super().change_view(request, object_id, form_url, extra_context)

    def construct_change_message(self, request, form, formsets, add=False):
        """What was saved, in words that the history can say in the language of whoever reads it."""
        with translation.override(None):
            message = [{"added": {}}] if add else []
            if form.changed_data and not add:
                message.append({"changed": {"fields": _names_of(form.instance, form.changed_data)}})
            for formset in formsets:
                name = str(formset.model._meta.verbose_name)
                message += [{"added": {"name": name, "object": str(row)}} for row in formset.new_objects]
                message += [
                    {"changed": {"name": name, "object": str(row), "fields": _names_of(row, changed)}}
                    for row, changed in formset.changed_objects
                ]
                message += [
                    {"deleted": {"name": name, "object": str(row)}} for row in formset.deleted_objects
                ]
        return message

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        tallying.renew([form.instance])

    def response_add(self, request, obj, post_url_continue=None):
        return self._saved(request, obj)

    def response_change(self, request, obj):
        return self._saved(request, obj)

    def _saved(self, request, page):
        text = _("Saved as the working copy of “%(page)s”. The public sees no change until it is published.")
        self.message_user(request, text % {"page": page}, messages.SUCCESS)
        return HttpResponseRedirect(self._next(request, page))

    def _next(self, request, page):
        """Where the button that was pressed leads to; anything else stays in the form."""
        following = {
            "preview-en": ("admin:pages_page_preview", [page.pk, "en"]),
            "preview-fr": ("admin:pages_page_preview", [page.pk, "fr"]),
            "publish": ("admin:pages_page_publish", [page.pk]),
            "submit": ("admin:pages_page_submit", [page.pk]),
        }
        name, arguments = following.get(request.POST.get("_next"), ("admin:pages_page_change", [page.pk]))
        return reverse(name, args=arguments)

    # Deleting

    def get_deleted_objects(self, objs, request):
        """Without the tally of the page, which nobody wrote."""
        lines, numbers, *others = super().get_deleted_objects(objs, request)
        tally = WorkingCopyTally._meta
        numbers.pop(tally.verbose_name_plural, None)
        return _without(f"{capfirst(tally.verbose_name)}: ", lines), numbers, *others

    def delete_view(self, request, object_id, extra_context=None):
        page = self.get_object(request, unquote(object_id))
        reason = page and _reason_to_keep(page)
        if reason and self.has_delete_permission(request, page):
            self.message_user(request, reason, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
        return super().delete_view(request, object_id, extra_context)


def _names_of(row, changed):
    """The names of fields as the model has them, without language, each once: these have translations."""
    known = {field.name: getattr(field, "translated_field", field) for field in row._meta.get_fields()}
    return list(dict.fromkeys(str(known[name].verbose_name) for name in changed if name in known))


def _without(start, lines):
    """A list of lines and of such lists, without the lines that start so."""
    kept = [_without(start, line) if isinstance(line, list) else line for line in lines]
    return [line for line in kept if line and not str(line).startswith(start)]


def _reason_to_keep(page):
    if Edition.objects.filter(page=page).exists():
        return _(
            "This page has been published, so what it said stays on record: withdraw it instead of deleting it."
        )
    if page.children.exists():
        return _("There are pages below this one: move or delete them first.")
    return None


def _emergency_of(standing):
    if not standing.emergency:
        return ""
    due = _("Emergency: %(due)s") % {"due": standing.emergency}
    return format_html(' <span class="ci-behind">{}</span>', due)


def _stale_link(page):
    if not page.stale:
        return ""
    address = reverse("admin:pages_page_translations", args=[page.pk])
    return format_html(' <a class="ci-lacks" href="{}">{}</a>', address, counted(len(page.stale)))


def _missing(page):
    """How many texts of the working copy each language lacks that the other one has, by code."""
    texts = [text.value for text in shape.texts(working_copy.read(page)) if not text.optional]
    lacks = [text.missing()[0] for text in texts if len(text.missing()) == 1]
    return {language: lacks.count(language) for language in shape.LANGUAGES}


def _live_addresses(edition):
    if edition is None:
        return {}
    return {language: path_of(language, edition.text("address", language)) for language in shape.LANGUAGES}


def moment(at):
    """A date and time as the list shows it, in the site's time zone."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
