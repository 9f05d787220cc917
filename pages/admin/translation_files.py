"""Texts that are translated elsewhere: downloaded as a file, and brought back once it was shown what that changes.

One screen does both, for a page or for several. What a file says is read once; it then goes along signed, so what is
saved is what was shown. Only working copies are changed, under lock and only as they were shown.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from .. import (
    indexes,
    page_status,
    readiness,
    stale_translations,
    translation_files,
    working_copy,
    xliff,
)
from ..document import LANGUAGES, RICH_TEXT, Document, digest, dumps, text_at, texts
from ..integers import parse_integers
from ..models.edition import Edition
from ..models.glossary_term import current_glossary
from ..models.page import Page
from ..section_anchors import heading_anchors
from ..slugs import slug
from ..translation_files import TranslationError
from . import changes, saves
from .bulk import MAX_PAGES
from .bulk_texts import BulkPublishView, BulkSubmitView
from .field_links import field_urls
from .page_links import links_for, own_hrefs
from .page_views import ChangingView, lock_if_unchanged, may_publish

TITLE = gettext_lazy("Translation files")
SALT = "pages.translation_files"
MAX_AGE_SECONDS = 24 * 3600
# What was read goes through a form a second time, and has to stay below what Django takes there.
MAX_SENT_BYTES = 2_000_000
MAX_CHOICES = 3000
MAX_UNKNOWN = 20

DIRECTIONS = {
    "en": gettext_lazy("From English to French"),
    "fr": gettext_lazy("From French to English"),
}


class DownloadForm(forms.Form):
    """What goes into a file."""

    source = forms.ChoiceField(
        label=gettext_lazy("Languages"), choices=DIRECTIONS.items(), widget=forms.RadioSelect
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Texts"),
        choices=[
            ("needed", gettext_lazy("Only texts without a translation, or with one that is out of date")),
            ("all", gettext_lazy("All texts, with their current translations")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data, materials):
        """Proposes what most texts need, and says how many they are."""
        counts = {language: _counts(materials, language) for language in LANGUAGES}
        source = max(LANGUAGES, key=lambda language: counts[language][0])
        scope = "needed" if counts[source][0] else "all"
        super().__init__(data, initial={"source": source, "scope": scope})
        self.fields["source"].choices = [
            (language, _counted(DIRECTIONS[language], *counts[language])) for language in LANGUAGES
        ]


def _counts(materials, language):
    """How many texts need a translation from a language, and how many there are."""
    return [sum(len(each.fields(language, scope)) for each in materials) for scope in ("needed", "all")]


def _counted(direction, needed, number):
    text = ngettext(
        "%(direction)s (%(needed)s of %(number)s text to translate)",
        "%(direction)s (%(needed)s of %(number)s texts to translate)",
        number,
    )
    return text % {"direction": direction, "needed": needed, "number": number}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Translated file"),
        error_messages={"required": gettext_lazy("Choose a file. Nothing was saved.")},
        help_text=gettext_lazy("XLIFF (.xlf or .xliff), or several of them in a ZIP archive."),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.zip", "data-submit-when-chosen": True}),
    )


@dataclass(frozen=True, slots=True)
class Material:
    """A page with all that an export needs: its document, and its stale texts."""

    page: Page
    document: Document
    stale: tuple

    def fields(self, language, scope):
        """Returns the fields that go into a file from a language."""
        fields = translation_files.fields_of(self.document, language)
        return translation_files.needed(fields, self.before(language)) if scope == "needed" else fields

    def before(self, language):
        """Returns what the texts of a language said when they were translated, by path, of those that are stale."""
        return {stale.path: stale.before for stale in self.stale if stale.changed == language}


@dataclass(frozen=True, slots=True)
class RefusalView(translation_files.Refusal):
    """A refused segment as the screen shows it: with what it would change in the current translation."""

    passages: tuple = ()


@dataclass(slots=True)
class FieldView:
    """What a file does with one field, as the screen shows it: before and after, beside the text of origin."""

    plan: translation_files.FieldPlan
    name: str
    url: str
    value: str
    passages: tuple = ()
    source: tuple = ()
    source_language: str = ""
    refusals: tuple = ()


@dataclass(slots=True)
class PageReview:
    """What a file does with one page, as the screen shows it; `seen` names its working copy."""

    page: Page
    seen: str
    fields: list[FieldView]
    plan: translation_files.Plan

    @property
    def changed(self):
        return [each for each in self.fields if each.plan.is_changed]

    @property
    def can_be_saved(self):
        return bool(self.plan.changed) or any(refusal.can_be_chosen for refusal in self.plan.refusals)

    @property
    def unknown(self):
        return self.plan.unknown[:MAX_UNKNOWN]

    @property
    def more_unknown(self):
        return max(0, len(self.plan.unknown) - MAX_UNKNOWN)


@dataclass(slots=True)
class PageResult:
    """What became of one page: the number of texts saved, or why none was."""

    page: Page
    number: int = 0
    reason: Any = ""


class _Screen:
    """What both screens do. `page` is the one that a screen is about; None where it is about several."""

    page = None

    def handle(self, request):
        """Answers a request: the screen, a file, what a file changes, or what was saved."""
        if request.method == "POST":
            return self._save(request) if "sent" in request.POST else self._upload(request)
        materials = _materials(self.pages(request))
        form = DownloadForm(request.GET if "scope" in request.GET else None, materials)
        if materials and form.is_valid():
            if response := _download(materials, **form.cleaned_data):
                return response
            form.add_error(
                "scope", _("There is nothing to translate. Choose all texts, or the other direction.")
            )
        return self.show(request, materials, download=form)

    def show(self, request, materials=(), **context):
        """Returns the screen with the two forms, and with whatever else it has to show."""
        context = {"download": DownloadForm(None, materials), "upload": UploadForm(), **context}
        return self.render_screen(request, materials=materials, **context)

    def _upload(self, request):
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, _materials(self.pages(request)), upload=form)
        upload = form.cleaned_data["file"]
        data = upload.read(translation_files.MAX_UPLOAD_BYTES + 1)
        files, problems = translation_files.read_upload(upload.name, data)
        translations, refused = _translations(files)
        return self._review(request, translations, [*problems, *refused])

    def _review(self, request, translations, problems, notice=""):
        """Shows what translations change, given with the names of their files."""
        placed, unplaced = self._with_pages(request, translations)
        problems, reviews = [*problems, *unplaced], _reviews(placed)
        plain = [translation_files.to_plain(each) for _page, each in placed]
        sent = signing.dumps(plain, salt=SALT, compress=True)
        choices = sum(len(each.fields) + len(each.plan.refusals) for each in reviews)
        if len(sent) > MAX_SENT_BYTES or choices > MAX_CHOICES:
            problems, reviews = [("", _("This is too much at once. Import fewer pages at a time."))], []
        return self.show(
            request,
            _materials(self.pages(request)),
            reviews=reviews,
            problems=problems,
            sent=sent,
            notice=notice,
            can_save=any(each.can_be_saved for each in reviews),
        )

    def _with_pages(self, request, translations):
        """Each translation with its page, with all that it says; and why some have none."""
        pages = Page.objects.with_content().filter(key__in={each.page for _name, each in translations})
        rows = {page.key: page for page in pages}
        if self.page:
            rows[""] = self.page
        placed, problems = {}, []
        files = Counter(rows.get(each.page) for _name, each in translations)
        for name, each in translations:
            page = rows.get(each.page)
            if reason := self._reason_against(request, page, each, files[page]):
                problems.append((name, reason))
            else:
                placed[page] = each
        return list(placed.items()), problems

    def _reason_against(self, request, page, translation, files):
        """Why a translation is not taken here; "" for nothing. `files` is how many there are for its page."""
        if not translation.page and not page:
            return _(
                "This file does not say which page it was made for. Import it from the form of its page."
            )
        if page is None:
            return _("The page that this file was made for has been deleted.")
        if self.page and page != self.page:
            text = _("This is a translation of another page, “%(page)s”. Import it there.")
            return text % {"page": page}
        if files > 1:
            return _("There are several files for the page “%(page)s”. Keep one.") % {"page": page}
        if not self.model_admin.has_change_permission(request, page):
            return _("You do not have permission to change the page “%(page)s”.") % {"page": page}
        return ""

    def _save(self, request):
        try:
            plain = signing.loads(request.POST["sent"], salt=SALT, max_age=MAX_AGE_SECONDS)
        except signing.BadSignature:
            form = UploadForm(None)
            notice = _("This screen was open for too long. Nothing was saved. Choose the file again.")
            return self.show(request, _materials(self.pages(request)), upload=form, notice=notice)
        translations = [("", translation_files.from_plain(each)) for each in plain]
        placed, problems = self._with_pages(request, translations)
        results = [self._save_page(request, page, translation) for page, translation in placed]
        return self.saved(request, translations, results, problems)

    def _save_page(self, request, page, translation):
        """Writes what was chosen into the working copy of one page, under lock and only as it was shown."""
        try:
            with transaction.atomic():
                number = self._write(request, page, translation)
        except Page.DoesNotExist:
            return PageResult(page, reason=_("The page has been deleted."))
        except ValidationError as error:
            return PageResult(page, reason=" ".join(error.messages))
        return PageResult(page, number)

    def _write(self, request, page, translation):
        page, document = lock_if_unchanged(page, request.POST.get(f"seen-{page.pk}", ""))
        chosen, segments = (_chosen(request.POST, name, page) for name in ("field", "segment"))
        live = _live_headings({page: translation})[page]
        stale = _stale_sources({page: translation})[page]
        links = _links_to_pages({page: (document, translation.source_language)})[page]
        plan = translation_files.plan(
            document, translation, chosen=segments, live=live, stale=stale, links=links
        )
        plans = [each for each in plan.changed if each.id in chosen or each.segments & segments]
        after = translation_files.with_plans(document, plans)
        if after == document:
            return 0
        before = saves.snapshot(page)
        working_copy.write(after, page)
        page = Page.objects.with_content().get(pk=page.pk)
        indexes.update_drafts([page])
        self.model_admin.log_change(request, page, saves.changes(before, saves.snapshot(page)))
        return len(plans)


class TranslationFileView(_Screen, ChangingView):
    """The texts of one page."""

    route, name = "translation-file", "translation_file"

    def respond(self, request, page):
        self.page = page
        return self.handle(request)

    def pages(self, request):
        return [self.page]

    def render_screen(self, request, **context):
        return self.render(request, self.page, "translation_files", title=TITLE, **context)

    def saved(self, request, translations, results, problems):
        reasons = [
            *(reason for _name, reason in problems),
            *(result.reason for result in results if result.reason),
        ]
        if reasons:
            return self._review(request, translations, [], notice=" ".join(map(str, reasons)))
        number = sum(result.number for result in results)
        if not number:
            notice = _("No text was chosen. Nothing was saved.")
            if "segment" in request.POST:
                notice = _(
                    "Nothing was saved. A text is saved whole or not at all: use its other segments too, or ask the "
                    "translator for them."
                )
            return self._review(request, translations, [], notice=notice)
        text = ngettext(
            "%(number)s text was saved in the working copy. The public sees no change until you publish.",
            "%(number)s texts were saved in the working copy. The public sees no change until you publish.",
            number,
        )
        messages.success(request, text % {"number": number})
        return HttpResponseRedirect(reverse("admin:pages_page_change", args=[self.page.pk]))


class TranslationFilesView(_Screen, View):
    """The texts of several pages: those that `pages` in the address names, or those that files bring back."""

    http_method_names = ("get", "head", "post", "options")
    model_admin = None
    act, permission = "translation_files", ""

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("translation-files/", view, name="pages_page_translation_files")

    @classmethod
    def url(cls, ids):
        """Returns the address of the screen for some pages."""
        return f"{reverse('admin:pages_page_translation_files')}?pages={','.join(map(str, ids))}"

    def dispatch(self, request, *args, **kwargs):
        if not self.model_admin.has_change_permission(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.handle(request)

    post = get

    def pages(self, request):
        ids = parse_integers(request.GET.get("pages", "").split(",")[:MAX_PAGES])
        if not ids:
            return []
        indexes.backfill(["tree"])  # a process of an older version may have added some pages
        return list(Page.objects.with_content().filter(pk__in=ids).in_tree_order())

    def render_screen(self, request, **context):
        frame = {**self.model_admin.admin_site.each_context(request), "opts": self.model_admin.opts}
        return TemplateResponse(
            request,
            "admin/pages/page/translation_files.html",
            {
                **frame,
                "title": TITLE,
                "pages": ",".join(str(each.page.pk) for each in context["materials"]),
                **context,
            },
        )

    def saved(self, request, translations, results, problems):
        ids = [result.page.pk for result in results if result.number]
        view = BulkPublishView if may_publish(request) else BulkSubmitView
        return self.show(
            request,
            results=results,
            problems=problems,
            bulk_url=ids and view.url(ids),
            bulk_title=view.title,
        )


# Out


def _materials(pages):
    """Pages with what an export needs to know of them: as many queries for many as for one."""
    if not pages:
        return []
    statuses = page_status.page_statuses(pages)
    stale = stale_translations.stale_texts_by_page(pages, statuses)
    return [Material(page, working_copy.read(page), stale[page.pk]) for page in pages]


def _download(materials, *, source, scope):
    """The files of some pages: of one alone, or in an archive; None where there is nothing to translate."""
    glossary = current_glossary()
    files = [
        (each, file) for each in materials if (file := _exported(each, source, scope, glossary)) is not None
    ]
    if not files:
        return None
    if len(materials) == 1:
        [(material, file)] = files
        return _attachment(xliff.write([file]), f"{_file_name(material, source)}.xlf", xliff.CONTENT_TYPE)
    data = translation_files.pack(
        (f"{_file_name(material, source)}-{material.page.key}.xlf", xliff.write([file]))
        for material, file in files
    )
    return _attachment(data, f"{_dated_name('', source)}.zip", "application/zip")


def _exported(material, source, scope, glossary):
    document = material.document
    context = translation_files.Context(
        lambda path: capfirst(readiness.field_label(document, path)), glossary
    )
    return translation_files.export(
        document, material.fields(source, scope), material.before(source), context
    )


def _file_name(material, source):
    """What a file is called, after the title of the page in the language that is translated."""
    title = slug(material.document.title[source])[:60].strip("-") or material.page.key
    return _dated_name(title, source)


def _dated_name(title, source):
    """The name of a file without its ending: what it is, in the language of the person, languages and date."""
    languages = f"{source}-{translation_files.other_language(source)}"
    word = slug(_("translation"))
    return "-".join(filter(None, (word, title, languages, localdate().isoformat())))


def _attachment(data, name, content_type):
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# In


def _translations(files):
    """What files say, each with its name, that of one page together; and why some are not taken."""
    found, problems = {}, []
    for name, file in files:
        try:
            translation = translation_files.translation_of(file)
        except TranslationError as error:
            problems.append((name, str(error)))
            continue
        key = name, translation.source_language, translation.page
        found[key] = found[key].with_more(translation) if key in found else translation
    for name, language, _page in [key for key in found if not key[-1]]:
        # What a tool has put beside the texts of the only page that a file names is a part of them.
        named = [key for key in found if key[:2] == (name, language) and key[-1]]
        if len(named) == 1:
            found[named[0]] = found[named[0]].with_more(found.pop((name, language, "")))
    without = [key for key, translation in found.items() if not translation.has_words]
    for name, *_key in without:
        problems.append(
            (name, _("The file has no translations. Ask the translator for the translated file."))
        )
    for key in without:
        del found[key]
    return [(name, translation) for (name, *_key), translation in found.items()], problems


def _reviews(placed):
    """What translations change, each of one page: as many queries for many as for one."""
    live, stale = _live_headings(dict(placed)), _stale_sources(dict(placed))
    links = _links_to_pages(
        {page: (working_copy.read(page), translation.source_language) for page, translation in placed}
    )
    plans = []
    for page, translation in placed:
        document = working_copy.read(page)
        plan = translation_files.plan(
            document, translation, live=live[page], stale=stale[page], links=links[page]
        )
        plans.append((page, translation, document, plan))
    views = iter(
        changes.passages_of(
            [
                text
                for _page, translation, document, plan in plans
                for each in plan.fields
                for text in _compared(document, translation.source_language, each)
            ]
        )
    )
    return [
        PageReview(
            page, digest(dumps(document)), list(_field_views(page, translation, document, plan, views)), plan
        )
        for page, translation, document, plan in plans
    ]


def _compared(document, source_language, plan):
    """The text that was translated, and the translation before and after, as they are compared."""
    is_rich = plan.path[-1] in RICH_TEXT
    source = text_at(document, plan.path)[source_language]
    return [
        (source, source, source_language, is_rich),
        (plan.before, plan.after, plan.language, is_rich),
        *((each.current, each.target, plan.language, False) for each in plan.refusals if each.current),
    ]


def _field_views(page, translation, document, plan, views):
    urls = field_urls(page, [(each.path, each.language) for each in plan.fields])
    for each, url in zip(plan.fields, urls, strict=True):
        source, passages = next(views), next(views)
        name = capfirst(readiness.field_label(document, each.path))
        refusals = tuple(
            RefusalView(
                **{part.name: getattr(refusal, part.name) for part in fields(refusal)},
                passages=next(views) if refusal.current else (),
            )
            for refusal in each.refusals
        )
        yield FieldView(
            each, name, url, f"{page.pk}|{each.id}", passages, source, translation.source_language, refusals
        )


def _live_headings(translations):
    """By page, the headings that readers know in the language of its translation, by the keys of their blocks."""
    headings = {page: defaultdict(list) for page in translations}
    by_id = {page.pk: page for page in translations}
    for edition in Edition.objects.live().filter(page__in=list(by_id)):
        page = by_id[edition.page_id]
        language = translation_files.other_language(translations[page].source_language)
        for key, heading in heading_anchors(edition.read(), language):
            headings[page][key].append(heading)
    return headings


def _stale_sources(translations):
    """By page, what the texts that its translation is out of date for said when they were translated, by path."""
    if not translations:
        return {}
    materials = _materials(list(translations))
    return {each.page: each.before(translations[each.page].source_language) for each in materials}


def _links_to_pages(documents):
    """By page, the links that the addresses of pages in its texts stand for; each is given with its source language.

    Three queries at most, however many pages. An address of a part that is no section leads to the whole page.
    """
    hrefs = {
        page: {
            href
            for text in texts(document)
            if text.path[-1] in RICH_TEXT
            for href in own_hrefs(text.value[language], language)
        }
        for page, (document, language) in documents.items()
    }
    typed = {href for found in hrefs.values() for href in found}
    links = links_for(typed | {href.partition("#")[0] for href in typed}) if typed else {}
    return {
        page: {href: link for href in found if (link := links.get(href) or links.get(href.partition("#")[0]))}
        for page, found in hrefs.items()
    }


def _chosen(post, name, page):
    """The ids of the fields or segments of a page that were chosen."""
    prefix = f"{page.pk}|"
    return {value.removeprefix(prefix) for value in post.getlist(name) if value.startswith(prefix)}
