"""Stale translations: said beside each field of the form, listed on a screen of their own, decided when publishing."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import readiness, stale_translations, working_copy
from ..comparison import Stale
from ..document import RICH_TEXT, Bilingual, digest, dumps, texts
from ..fields import PlainTextFormField
from ..models.edition import Edition
from ..models.review import TranslationDecision
from . import changes
from .bilingual import ShortTextInput
from .field_links import field_urls
from .page_views import PageView, lock_if_unchanged

Kind = TranslationDecision.Kind


@dataclass(frozen=True)
class StaleText:
    """One stale text as screens show it: what changed in one language, and what the other one still says."""

    page: int
    stale: Stale
    name: str
    path: str
    field: str
    url: str
    passages: tuple
    untouched: str
    is_rich: bool

    @property
    def anchor(self):
        return "text-" + self.path.replace("/", "-")


def as_stale_texts(page, document, found):
    """`found` is what `stale_translations` found in the document."""
    values = {text.path: text.value for text in texts(document)}
    urls = field_urls(page, [(stale.path, stale.untouched) for stale in found])
    return [
        _as_stale_text(page, document, stale, values[stale.path], url)
        for stale, url in zip(found, urls, strict=True)
    ]


def _as_stale_text(page, document, stale, value: Bilingual, url):
    is_rich = stale.path[-1] in RICH_TEXT
    return StaleText(
        page=page.pk,
        stale=stale,
        name=capfirst(readiness.field_label(document, stale.path)),
        path="/".join(stale.path),
        field=f"{stale.path[-1]}_{stale.untouched}",
        url=url,
        passages=changes.passages(stale.before, value[stale.changed], stale.changed, rich=is_rich),
        untouched=value[stale.untouched],
        is_rich=is_rich,
    )


def stale_texts_of_page(page, document, live):
    """The stale texts of a working copy as screens show them; `live` is an edition, its document deferred or not."""
    return as_stale_texts(page, document, stale_translations.stale_texts(page, document, live))


# In the form


def annotate_stale_fields(form, stale_texts):
    """Adds to each stale field of one form what a person has to know; `stale_texts` are its stale texts."""
    for text in stale_texts:
        if text.field in form.fields:
            bound = form[text.field]
            note = render_to_string("admin/pages/page/stale.html", {"text": text, "id": bound.auto_id})
            bound.help_text = format_html("{}{}", bound.help_text, note)
            bound.field.widget.attrs["aria-describedby"] = f"{bound.auto_id}_stale"


def annotate_form(context, stale_texts):
    """The same for the whole form of a page, blocks included, before it is rendered."""
    annotate_stale_fields(
        context["adminform"].form, [text for text in stale_texts if len(text.stale.path) == 1]
    )
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.initial_forms:
            block_path = ("blocks", form.instance.key)
            annotate_stale_fields(form, [text for text in stale_texts if text.stale.path[:-1] == block_path])


def stale_count_label(number):
    """How many, in words, for a list; "" for none."""
    text = ngettext("%(number)s translation to review", "%(number)s translations to review", number)
    return text % {"number": number} if number else ""


# When publishing


class StaleChoice(forms.Form):
    translations = forms.ChoiceField(
        label=gettext_lazy("What about the other language?"),
        choices=[
            ("later", gettext_lazy("Publish anyway (the texts stay marked until they are translated)")),
            ("no_change", gettext_lazy("None of these texts needs to change, for the reason below")),
        ],
        initial="later",
        required=False,
        widget=forms.RadioSelect,
    )
    translations_reason = PlainTextFormField(
        label=gettext_lazy("Why no translation needs to change"),
        help_text=gettext_lazy("Saved with the text. For example: “Fix a spelling mistake in English.”"),
        required=False,
        max_length=500,
        widget=ShortTextInput,
    )

    def clean(self):
        values = super().clean()
        if values.get("translations") == "no_change" and not values.get("translations_reason"):
            self.add_error(
                "translations_reason", _("Explain why it needs no change. Your reason is kept on record.")
            )
        return values


class StalePanel:
    """On the publish screen (see `publishing.panels_of`): stale translations ask for a decision."""

    template = "admin/pages/page/stale_panel.html"

    def __init__(self, request, page, document):
        self.page, self.document, self.by = page, document, request.user
        self.lines = stale_texts_of_page(page, document, _live(page))
        self.form = StaleChoice(request.POST or None) if self.lines else None

    def is_valid(self):
        return self.form is None or self.form.is_valid()

    def after_publish(self, _edition):
        if self.form is None:
            return
        kind = Kind(self.form.cleaned_data["translations"] or Kind.LATER)
        reason = self.form.cleaned_data["translations_reason"] if kind == Kind.NO_CHANGE else ""
        stale = [line.stale for line in self.lines]
        stale_translations.decide(self.page, self.document, stale, by=self.by, kind=kind, reason=reason)


# The screen


class ReasonForm(forms.Form):
    path = forms.CharField(max_length=400, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = PlainTextFormField(
        label=gettext_lazy("Why it needs no change"), max_length=500, widget=forms.TextInput({"size": 60})
    )


class TranslationsView(PageView):
    route = name = "translations"

    def respond(self, request, page):
        can_change = self.may_change(request, page)
        sent = ReasonForm(request.POST) if request.method == "POST" and can_change else None
        if sent and sent.is_valid() and self._settle(request, page, sent):
            return HttpResponseRedirect(reverse("admin:pages_page_translations", args=[page.pk]))
        document = working_copy.read(page)
        seen = digest(dumps(document))
        return self.render(
            request,
            page,
            "translations",
            title=_("Translations to review"),
            lines=[
                (text, _reason_form(text, seen, sent) if can_change else None)
                for text in stale_texts_of_page(page, document, _live(page))
            ],
            decisions=_decisions(page, document),
        )

    def _settle(self, request, page, form):
        try:
            with transaction.atomic():
                name = _no_change_needed(page, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("reason", error)
            return False
        text = _("Saved: “%(field)s” needs no change.") % {"field": name}
        messages.success(request, text)
        return True


def _no_change_needed(page, *, by, path, seen, reason):
    """Under lock, so that the decision is about the texts that the person has seen; returns the name of the field."""
    page, document = lock_if_unchanged(page, seen)
    found = {
        "/".join(text.path): text for text in stale_translations.stale_texts(page, document, _live(page))
    }
    if path not in found:
        raise ValidationError(_("This translation is no longer marked. No decision is needed."))
    stale_translations.decide(page, document, [found[path]], by=by, kind=Kind.NO_CHANGE, reason=reason)
    return capfirst(readiness.field_label(document, found[path].path))


def _reason_form(text, seen, sent):
    """The form of one stale text: the one that was sent, if it was about this text and not accepted."""
    initial = {"path": text.path, "seen": seen}
    if sent and sent.data.get("path") == text.path:
        sent.data = {**sent.data.dict(), **initial}
        return sent
    return ReasonForm(initial=initial, auto_id=f"id_{text.anchor}_%s")


def _live(page):
    return Edition.objects.live().filter(page=page).select_related("emergency_record").first()


def _decisions(page, document):
    """All that was ever decided on the page, the newest first, each with the name of its field."""
    names = {"/".join(text.path): text.path for text in texts(document)}
    rows = TranslationDecision.objects.filter(page=page).select_related("by")
    return [
        (row, capfirst(readiness.field_label(document, names[row.path])) if row.path in names else row.path)
        for row in rows
    ]
