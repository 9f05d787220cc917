"""The form in which a page's working copy is written in both languages; the list of pages is in `page_list`."""

from content_editor.admin import ContentEditor
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import copying, indexes, page_status, working_copy
from .. import document as documents
from ..address_checks import AddressOwners, problem_with_address
from ..document import VOCABULARIES, Bilingual, Document
from ..field_kinds import TEXTS, VALUES, names_of
from ..indexes.references import links_to
from ..integers import parse_integer
from ..models.draft_status import DraftStatus
from ..models.edition import Edition
from ..models.notification import Notification
from ..models.page import Page, PageTerm
from ..models.tree_path import TreePath
from ..public_urls import absolute_url, page_path
from . import autosaving, edit_conflicts, saves
from .auditing import AuditedAdminMixin
from .bilingual import (
    MAX_DESCRIPTION_LENGTH,
    MAX_TITLE_LENGTH,
    NOBODY_LABEL,
    BilingualFieldsMixin,
    UserChoiceField,
    both_languages,
)
from .blocks import INLINES, MAX_BLOCKS_OF_A_KIND, has_too_many, shared_names
from .bulk_acts import BULK_VIEWS
from .checking import DismissView, FindingsView, RepairView, ShowAgainView
from .checking import severity_counts as findings_of
from .comparing import CompareView
from .copying import CopyView
from .deletions import DeletionSummaryMixin
from .emergencies import EmergencyView
from .error_summary import ErrorSummaryMixin
from .exporting import ExportView
from .fact_views import FactSearchView
from .field_links import field_urls
from .find_replace import FindView, ReplaceView
from .history import HistoryView
from .new_pages import NewPageView, lead_to_choice
from .ordering import MoveView
from .page_links import LinkSearchView, with_page_links, with_stored_anchors
from .page_list import PageListMixin
from .page_templates import SaveAsTemplateView, annotate_blocks, may_save_as_template
from .page_views import may_publish
from .parents import ParentField, ParentInput, SuggestionsView, parse_key
from .previews import DraftView, EditionView, PreviewView
from .publishing import ArchiveView, CancelView, PublishView, WithdrawView
from .restoring import RestoreView
from .reviewing import ReviewView, SubmitView, SubmitWithdrawalView, in_review
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .sharing import RevokeView, ShareView
from .tasks import external_tasks
from .titles import TitledAdminMixin
from .translation_files import TranslationFilesView, TranslationFileView
from .translations import TranslationsView, annotate_form, stale_texts_of_page
from .uses import UsesView
from .vocabularies import TermsField, terms_on_offer

# In this order in the form; other texts that `document` declares follow.
FIRST_TEXTS = ("title", "address", "description", "introduction")

# The screens besides the list and the form, each in the module of its form.
VIEWS = (
    NewPageView,
    SuggestionsView,
    LinkSearchView,
    FactSearchView,
    PreviewView,
    DraftView,
    EditionView,
    ShareView,
    RevokeView,
    FindingsView,
    RepairView,
    DismissView,
    ShowAgainView,
    TranslationsView,
    TranslationFileView,
    TranslationFilesView,
    CompareView,
    HistoryView,
    UsesView,
    ExportView,
    RestoreView,
    CopyView,
    SaveAsTemplateView,
    MoveView,
    SubmitView,
    SubmitWithdrawalView,
    ReviewView,
    PublishView,
    EmergencyView,
    ArchiveView,
    WithdrawView,
    CancelView,
    *BULK_VIEWS,
    FindView,
    ReplaceView,
)


class PageForm(forms.ModelForm):
    """`opened` is what the form held when it was opened, to notice when somebody else has saved meanwhile."""

    conflict = None
    opened = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    class Meta:
        field_classes = {"parent": ParentField, "owner": UserChoiceField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if position := self.fields.get("position"):
            position.required = False
            if self.instance.pk is None:
                self.initial["position"] = None
        self.initial |= {name: [row.pk for row in rows] for name, rows in self.instance.terms().items()}

    def clean(self):
        values = super().clean()
        self._choose_terms(values)
        if values.get("position", 0) is None and "parent" in values:
            values["position"] = Page.objects.exclude(pk=self.instance.pk).last_position(values["parent"])
        self._check_addresses(values)
        if not values.get("title_en") and not values.get("title_fr"):
            self.add_error("title_en", _("Enter a title in at least one language."))
        if self.conflict:
            raise forms.ValidationError(
                _(
                    "Someone saved this page while you were writing. Your text is not lost, but it has not been "
                    "saved yet."
                )
            )
        return values

    def _choose_terms(self, values):
        """Takes the terms out of the values: a page has one of each vocabulary in a field, and the others beside it."""
        self.instance.choose_terms({name: values.pop(name, ()) for name in VOCABULARIES})

    def _check_addresses(self, values):
        """Refuses what could never be published, beside the field and with a link to the page that has it."""
        address = Bilingual(*(values.get(name) or "" for name in both_languages("address")))
        if not address:
            return
        holders = AddressOwners([address], drafts=True)
        for language, name in zip(documents.LANGUAGES, both_languages("address"), strict=True):
            problem = problem_with_address(
                self.instance.key if self.instance.pk else "",
                language,
                address[language],
                holders,
                is_home="parent" in values and values["parent"] is None,
                link_to=lambda page: reverse("admin:pages_page_change", args=[page]),
            )
            if problem:
                self.add_error(name, problem)


@admin.register(Page)
class PageAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    PageListMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    ContentEditor,
):
    titles = {"add": _("Add page"), "change": _("Edit page"), "view": _("View page")}
    form = PageForm
    inlines = INLINES
    form_scripts = (
        "choices.js",
        "images.js",
        "blocks.js",
        "parents.js",
        "addresses.js",
        "autosave.js",
        "preview.js",
    )
    max_lengths = {"title": MAX_TITLE_LENGTH, "description": MAX_DESCRIPTION_LENGTH}
    short_text_fields = ("description", "sources_needed")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    both_languages("title"),
                    "parent",
                    *(both_languages(name) for name in FIRST_TEXTS if name != "title"),
                    *(both_languages(name) for name in names_of(Document, *TEXTS) if name not in FIRST_TEXTS),
                    "opened",
                ]
            },
        ),
        (
            _("Location, owner and reports"),
            {
                "classes": ["collapse"],
                "fields": [
                    "position",
                    ("owner", "review_by"),
                    "sources_needed",
                    *names_of(Document, *VALUES),
                    "key",
                ],
            },
        ),
    ]

    def get_urls(self):
        """Those of `VIEWS`, which also take the place of Django's own of the same name."""
        own = [view.url_pattern(self) for view in VIEWS]
        names = {pattern.name for pattern in own}
        return own + [pattern for pattern in super().get_urls() if pattern.name not in names]

    # The form

    def add_view(self, request, form_url="", extra_context=None):
        """The form of a new page, once it is clear that it begins without a template."""
        choice = lead_to_choice(request) if self.has_add_permission(request) else None
        return choice or super().add_view(request, form_url, extra_context)

    def get_fieldsets(self, request, obj=None):
        """With the vocabularies that the site has, and with the template of a page that was made from one."""
        *others, (title, options) = super().get_fieldsets(request, obj)
        offered = terms_on_offer(request)
        fields = [name for name in options["fields"] if offered.get(name, True)]
        fields += ["template"] if obj and obj.template_id else []
        return [*others, (title, {**options, "fields": fields})]

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if field and language and db_field.translated_field.name == "address":
            field.widget.attrs["data-web-address"] = absolute_url(page_path(language, ""))
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in VOCABULARIES:
            return TermsField(db_field, request)
        if db_field.name == "parent":
            kwargs |= {"queryset": Page.objects.all(), "widget": ParentInput}
        if db_field.name == "owner":
            kwargs["queryset"] = (
                get_user_model().objects.filter(is_staff=True).order_by("last_name", "username")
            )
            kwargs["empty_label"] = NOBODY_LABEL
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

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
            form.base_fields["opened"].initial = edit_conflicts.form_state(obj).dumps()
        return form

    def render_change_form(self, request, context, **kwargs):
        page = context.get("original")
        if page and request.method == "POST":  # what was refused has been put into its rows
            page = context["original"] = Page.objects.with_content().get(pk=page.pk)
        context["conflict"] = getattr(request, "conflict", None)
        context["shared"] = shared_names(request)
        context["is_nav_sidebar_enabled"] = False  # the two languages need its room
        context["can_publish"] = may_publish(request)
        if page:
            context |= _bar_state(request, page)
            context["findings"] = findings_of(page, working_copy.read(page))
            annotate_form(context, context["stale"])
            annotate_blocks(context, page, get_language())
            context["can_save_as_template"] = may_save_as_template(request)
            context["can_add"] = self.has_add_permission(request)
            context["can_delete"] = self.has_delete_permission(
                request, page
            ) and not _reason_against_deletion(page)
            context["live"] = _live_addresses(context["status"].live)
        return super().render_change_form(request, context, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and has_too_many(request.POST):
            raise BadRequest("Too many blocks.")
        if request.method == "POST":
            request.POST = with_stored_anchors(with_page_links(request.POST), object_id)
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self._lay_over_what_others_saved(request, object_id)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if autosaving.is_autosave(request) and isinstance(response, TemplateResponse):
            return autosaving.refused(request, response.context_data["error_summary"])
        return response

    def _lay_over_what_others_saved(self, request, object_id):
        """Under a lock that lasts until this save is done, so that no third person comes between."""
        page = self._without_content(object_id)
        if page is None or not self.has_change_permission(request, page):
            return
        if _is_moved(page, request.POST):
            Page.objects.lock_for_move(page)
        else:
            Page.objects.only("pk").for_update_in_order().get(pk=page.pk)
        page = request.opened_page = self.get_object(request, str(page.pk))
        if page is None:
            return
        request.POST = request.POST.copy()
        request.snapshot = saves.snapshot(page)
        request.conflict = edit_conflicts.merge_submission(page, request.POST, request.FILES)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The form, for who may change the page; who may only look is led to its record and its previews."""
        page = self._without_content(object_id)
        may_only_look = self.has_view_permission(request, page) and not self.has_change_permission(
            request, page
        )
        if page is not None and may_only_look:
            return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))
        return super().change_view(request, object_id, form_url, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """Finds a page; the one whose form is saved was read before, under its lock."""
        page = getattr(request, "opened_page", None)
        if page is not None and from_field is None and str(page.pk) == str(object_id):
            return page
        return super().get_object(request, object_id, from_field)

    def _without_content(self, object_id):
        """Finds a page for questions that its blocks do not answer; None where there is none."""
        key = parse_integer(unquote(object_id))
        return key and Page.objects.select_related("parent").filter(pk=key).first()

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """As Django has it, but that blocks are those of the page, and that none copies what was sent."""
        values = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        if obj.pk and inline.has_view_or_change_permission(request, obj):
            values["rows"] = getattr(obj, edit_conflicts.PREFIXES[inline.model._meta.model_name]).all()
        return values | ({"data": request.POST, "files": request.FILES} if request.method == "POST" else {})

    def construct_change_message(self, request, form, formsets, add=False):
        """What was saved, in words that the history can say in the language of whoever reads it; [] for nothing."""
        saved = saves.snapshot(request.saved_page)
        if add:
            return saves.additions(saved)
        message = saves.changes(request.snapshot, saved)
        request.is_unchanged = not message
        return message

    def log_change(self, request, obj, message):
        if not (
            message
            and autosaving.is_autosave(request)
            and autosaving.continue_entry(request.user, obj, message)
        ):
            super().log_change(request, obj, message)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        [request.saved_page] = indexes.update_drafts([form.instance])

    def response_add(self, request, obj, post_url_continue=None):
        return self._saved(request, obj)

    def response_change(self, request, obj):
        return self._saved(request, obj)

    def _saved(self, request, page):
        if autosaving.is_autosave(request):
            return autosaving.saved(request, request.saved_page, _bar_state(request, request.saved_page))
        text = _("The working copy of “%(page)s” was saved. The public sees no change until you publish.")
        if getattr(request, "is_unchanged", False):
            text = _("Nothing has changed in “%(page)s”.")
        self.message_user(request, text % {"page": page}, messages.SUCCESS)
        return HttpResponseRedirect(self._copied_block(request, page) or self._next(request, page))

    def _copied_block(self, request, page):
        """Copies the block whose button was pressed, once the form is saved; returns where its copy is, or None."""
        act, _separator, key = request.POST.get("_next", "").partition(":")
        if act != "copy-block":
            return None
        key, _separator, language = key.partition(":")
        before = saves.snapshot(request.saved_page)
        try:
            block = copying.copy_block(request.saved_page, key, most=MAX_BLOCKS_OF_A_KIND)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
            return None
        if block is None:
            return None
        [saved] = indexes.update_drafts([page])
        self.log_change(request, saved, saves.changes(before, saves.snapshot(saved)))
        self.message_user(request, _("The block was copied. The copy comes after it."), messages.SUCCESS)
        name = "shared_block" if block.shared else next(iter(names_of(type(block), *TEXTS)), "shared_block")
        return field_urls(page, [(("blocks", block.key, name), "fr" if language == "fr" else "en")])[0]

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

    unlisted_models = (DraftStatus, Notification, PageTerm, TreePath)

    def has_delete_permission(self, request, obj=None):
        """A draft that was never published may also be deleted by the person to whom it belongs."""
        return super().has_delete_permission(request, obj) or (
            obj is not None
            and obj.owner_id == request.user.pk
            and self.has_change_permission(request, obj)
            and not _reason_against_deletion(obj)
        )

    def delete_view(self, request, object_id, extra_context=None):
        page = self.get_object(request, unquote(object_id))
        reason = page and _reason_against_deletion(page)
        if reason and self.has_delete_permission(request, page):
            self.message_user(request, reason, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
        uses = {"uses": links_to(page)} if page else {}
        return super().delete_view(request, object_id, {**uses, **(extra_context or {})})


def _is_moved(page, post):
    """Whether a form asks for another parent than the one it was opened with, or than the one there is now."""
    sent = parse_key(post.get("parent", ""))
    opened = edit_conflicts.FormState.loads(post.get("opened", "")).page.get("parent")
    return [sent] != opened or sent != (page.parent.key if page.parent_id else "")


def _reason_against_deletion(page):
    if page.parent_id is None:
        return _("A site always keeps its home page.")
    if Edition.objects.filter(page=page).exists():
        return _(
            "This page has been published, so it must stay on record. Withdraw it instead of deleting it."
        )
    if page.children.exists():
        return _("Some pages are under this one. Move or delete them first.")
    return None


def _bar_state(request, page):
    """What the bar of the form says about a page, as far as it is quickly known: see bar_state.html."""
    status, document = page_status.page_status(page), working_copy.read(page)
    return {
        "original": page,
        "status": status,
        "missing": _missing(document),
        "stale": stale_texts_of_page(page, document, status.live),
        "candidates": in_review(page),
        "others": [line for other in external_tasks() if (line := other.of_page(request.user, page))],
    }


def _missing(document):
    """How many texts of the working copy each language lacks that the other one has, by code."""
    texts = [text.value for text in documents.texts(document) if not text.optional]
    lacks = [text.missing()[0] for text in texts if len(text.missing()) == 1]
    return {language: lacks.count(language) for language in documents.LANGUAGES}


def _live_addresses(edition):
    if edition is None:
        return {}
    return {
        language: page_path(language, edition.text("address", language)) for language in documents.LANGUAGES
    }
