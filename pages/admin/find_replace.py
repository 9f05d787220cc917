"""Find a text in all pages, and replace it in working copies: the places are shown first, and some are chosen."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from .. import indexes, readiness, site_text, working_copy
from ..address_checks import language_in_sentence
from ..document import LANGUAGES, digest, dumps
from ..fields import PlainTextFormField
from ..integers import MAX_INTEGER, parse_integer
from ..models.fact import Fact
from ..models.page import Page
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from . import saves
from .bilingual import label
from .bulk import MAX_PAGES
from .bulk_texts import BulkPublishView, BulkSubmitView
from .field_links import field_urls
from .page_views import lock_if_unchanged, may_publish
from .shared_replacing import field_of_match, replace_shared, shared_groups

MAX_LENGTH = 200
MIN_LENGTH = 2


class FindForm(forms.Form):
    q = PlainTextFormField(label=gettext_lazy("Find"), min_length=MIN_LENGTH, max_length=MAX_LENGTH)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[
            ("", gettext_lazy("English and French")),
            ("en", gettext_lazy("English")),
            ("fr", gettext_lazy("French")),
        ],
        required=False,
    )
    case = forms.BooleanField(label=gettext_lazy("Match upper and lower case"), required=False)

    @property
    def query(self):
        """What is looked for, of a valid form."""
        values = self.cleaned_data
        languages = (values["language"],) if values["language"] else LANGUAGES
        return site_text.Query(values["q"], match_case=values["case"], languages=languages)


class ReplaceForm(FindForm):
    replacement = PlainTextFormField(
        label=gettext_lazy("Replace with"),
        required=False,
        max_length=MAX_LENGTH,
        help_text=gettext_lazy("Leave empty to delete the text."),
    )
    field_order = ["q", "replacement", "language", "case"]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place as it is shown: the name of its field, where it is edited or read, and its value in a form."""

    place: site_text.Place
    field: str
    url: str
    value: str = ""

    @property
    def language(self):
        return language_in_sentence(self.place.language)


@dataclass(frozen=True, slots=True)
class SharedView:
    """What pages share, and the places in it, as pairs of the name of the field and the place."""

    row: Any
    kind: str
    url: str
    places: list[tuple[str, site_text.SharedPlace]]


@dataclass(slots=True)
class PageResult:
    """What became of one page: the number of places changed, or why none was."""

    page: Page
    number: int = 0
    reason: Any = ""


class _SearchView(View):
    """A screen that looks for a text in all pages."""

    http_method_names = ("get", "head", "options")
    model_admin = None
    form_class = FindForm
    drafts_only = False
    name = title = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path(f"{cls.name}/", view, name=f"pages_page_{cls.name}")

    def dispatch(self, request, *args, **kwargs):
        if not self.may_open(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        form = self.form_class(request.GET if "q" in request.GET else None)
        found = None
        if self.is_ready(request) and form.is_valid():
            start = parse_integer(request.GET.get("start", "0"), maximum=MAX_INTEGER) or 0
            found = site_text.find(form.query, start=start, drafts_only=self.drafts_only)
        return self.render(request, form=form, found=found, **self.results(request, form, found))

    def is_ready(self, request):
        """Whether all that the screen asks for was sent."""
        return True

    def results(self, request, form, found):
        """The context that shows what was found."""
        if found is None:
            return {}
        groups = [(matches, list(_place_views(matches))) for matches in found.pages]
        return {
            "groups": groups,
            "number": sum(len(places) for _matches, places in groups),
            "next_url": found.next_start is not None and f"?{_query(request, start=found.next_start)}",
        }

    def render(self, request, **context):
        frame = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": self.title,
            "can_change": self.model_admin.has_change_permission(request),
        }
        return TemplateResponse(request, f"admin/pages/page/{self.name}.html", {**frame, **context})


def _query(request, **changes):
    return urlencode({**request.GET.dict(), **changes})


def _place_views(matches):
    """The places of a page, each with the field of the form that it is in; of a live edition only, with its page."""
    drafts = [(place.path, place.language) for place in matches.places if place.is_draft]
    urls = iter(field_urls(matches.page, drafts))
    for place in matches.places:
        document = matches.document if place.is_draft else matches.live_document
        arguments = [matches.page.pk, matches.live.number, place.language] if not place.is_draft else []
        url = next(urls) if place.is_draft else reverse("admin:pages_page_edition", args=arguments)
        field = capfirst(readiness.field_label(document, place.path))
        yield PlaceView(place, field_of_match(field, place.match), url, _value(matches.page, place))


def _value(page, place):
    """What names a place in a form, as `_chosen` reads it."""
    return f"{page.pk}|{place.language}|{'/'.join(place.path)}|{place.match.index}"


def _shared_views(person, query):
    """What of what pages share has the text, as far as a person may see it."""
    for model in (*SHARED_MODELS.values(), SharedBlock, Fact):
        name = f"{model._meta.app_label}.{{}}_{model._meta.model_name}"
        if person.has_perm(name.format("view")) or person.has_perm(name.format("change")):
            is_fact = model is Fact
            places = site_text.find_in_facts(query) if is_fact else site_text.find_shared(query, model)
            for row, group in groupby(places, key=lambda place: place.row):
                url = reverse(f"admin:pages_{model._meta.model_name}_change", args=[row.pk])
                named = [(field_of_match(_shared_field(place), place.match), place) for place in group]
                yield SharedView(row, capfirst(str(model._meta.verbose_name)), url, named)


def _shared_field(place):
    if isinstance(place.row, Fact):
        name = _("Name") if place.column == "name" else capfirst(Fact._meta.get_field("value").verbose_name)
        return label(name, place.language)
    model = getattr(place.row, "model", place.row)  # that of the kind, of a shared block
    if place.column in ("name_en", "name_fr"):
        return label(_("Name"), place.language)
    return label(model._meta.get_field(place.column).translated_field.verbose_name, place.language)


def is_last(found):
    """Whether what was found are the last pages, after which comes what pages share."""
    return found is not None and found.next_start is None


class FindView(_SearchView):
    """For everybody who may see pages."""

    name, title = "find", gettext_lazy("Find in all pages")

    def may_open(self, request):
        return self.model_admin.has_view_or_change_permission(request)

    def results(self, request, form, found):
        query = urlencode({name: value for name, value in request.GET.dict().items() if name != "start"})
        replace_url = f"{reverse('admin:pages_page_replace')}?{query}"
        shared = []
        if is_last(found):
            shared = list(_shared_views(request.user, form.query))
        return {**super().results(request, form, found), "replace_url": replace_url, "shared": shared}


class ReplaceView(_SearchView):
    """For those who may change pages: shows each place of a working copy before and after, and changes those chosen."""

    http_method_names = ("get", "head", "post", "options")
    name, title = "replace", gettext_lazy("Find and replace")
    form_class, drafts_only = ReplaceForm, True

    def may_open(self, request):
        return self.model_admin.has_change_permission(request)

    def is_ready(self, request):
        return "replacement" in request.GET

    def results(self, request, form, found):
        if found is None:
            return {}
        groups = [
            (matches, digest(dumps(matches.document)), places)
            for matches in found.pages
            if (places := [view for view in _place_views(matches) if _is_replaceable(view.place)])
        ]
        shared = shared_groups(self.model_admin.admin_site, request, form.query) if is_last(found) else []
        number = sum(len(places) for _matches, _seen, places in groups)
        number += sum(len(group.places) for group in shared)
        return {**super().results(request, form, found), "groups": groups, "shared": shared, "number": number}

    def post(self, request):
        form = ReplaceForm(request.POST)
        if not form.is_valid():
            return self.render(request, form=form, found=None)
        results = [
            self._replace(request, form, page, chosen) for page, chosen in _chosen(request.POST).items()
        ]
        shared = replace_shared(self.model_admin.admin_site, request, form)
        changed = [result.page for result in results if result.number]
        changed += chain.from_iterable(result.pages for result in shared)
        ids = list(dict.fromkeys(page.pk for page in changed))
        view = BulkPublishView if may_publish(request) else BulkSubmitView
        return self.render(
            request,
            form=form,
            results=results,
            shared_results=shared,
            bulk_url=ids and view.url(ids[:MAX_PAGES]),
            bulk_is_cut=len(ids) > MAX_PAGES,
            bulk_title=view.title,
        )

    def _replace(self, request, form, page_id, chosen):
        """Changes the working copy of one page, under lock and only as it was shown."""
        page = Page.objects.filter(pk=page_id).first()
        if page is None:
            return PageResult(Page(), reason=_("The page has been deleted."))
        try:
            with transaction.atomic():
                number = self._write(request, form, page, chosen)
        except Page.DoesNotExist:
            return PageResult(page, reason=_("The page has been deleted."))
        except ValidationError as error:
            return PageResult(page, reason=" ".join(error.messages))
        return PageResult(page, number, "" if number else _("Nothing was replaced in this page."))

    def _write(self, request, form, page, chosen):
        page, document = lock_if_unchanged(page, request.POST.get(f"seen-{page.pk}", ""))
        before = saves.snapshot(page)
        after, number = _replaced(document, form, chosen)
        if after == document:
            return 0
        working_copy.write(after, page)
        page = Page.objects.with_content().get(pk=page.pk)
        indexes.update_drafts([page])
        self.model_admin.log_change(request, page, saves.changes(before, saves.snapshot(page)))
        return number


def _replaced(document, form, chosen):
    """The document with its replacements, and their number. Raises ValidationError, which names the field."""
    try:
        return site_text.replace_in(document, form.query, form.cleaned_data["replacement"], chosen)
    except site_text.TextRefused as refusal:
        field = label(readiness.field_label(document, refusal.path), refusal.language)
        raise ValidationError([f"{field}: {message}" for message in refusal.messages]) from None


def _is_replaceable(place):
    is_kept = place.is_link or place.match.is_fact or place.path[-1] in site_text.KEPT
    return place.is_draft and not is_kept


def _chosen(post):
    """The places that were chosen: by page id, the indexes of matches by path and language. Others are left out."""
    pages = defaultdict(lambda: defaultdict(set))
    for value in post.getlist("place"):
        page, language, field, index = [*value.split("|"), "", "", "", ""][:4]
        page, index = parse_integer(page), parse_integer(index, maximum=MAX_INTEGER)
        if page and index is not None and language in LANGUAGES:
            pages[page][tuple(field.split("/")), language].add(index)
    return pages
