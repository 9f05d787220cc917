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

from .. import document as shape
from .. import readiness, staleness, working_copy
from ..comparison import Stale
from ..decisions import TranslationDecision
from ..document import RICH_TEXT, Bilingual, texts
from ..editions import Edition
from . import changes
from .bilingual import ShortTextInput
from .places import addresses
from .screens import Screens, locked_as_seen

Kind = TranslationDecision.Kind


@dataclass(frozen=True)
class StaleText:
    """One stale text as screens show it: what changed in one language, and what the other one still says."""

    page: int
    stale: Stale
    name: str
    path: str
    field: str
    address: str
    passages: tuple
    untouched: str
    is_rich: bool

    @property
    def anchor(self):
        return "text-" + self.path.replace("/", "-")


def stale_texts(page, document, found):
    """`found` is what `staleness` found in the document."""
    values = {text.path: text.value for text in texts(document)}
    places = addresses(page, [(stale.path, stale.untouched) for stale in found])
    return [
        _shown(page, document, stale, values[stale.path], address)
        for stale, address in zip(found, places, strict=True)
    ]


def _shown(page, document, stale, value: Bilingual, address):
    is_rich = stale.path[-1] in RICH_TEXT
    return StaleText(
        page=page.pk,
        stale=stale,
        name=capfirst(readiness.label(document, stale.path)),
        path="/".join(stale.path),
        field=f"{stale.path[-1]}_{stale.untouched}",
        address=address,
        passages=changes.passages(stale.before, value[stale.changed], stale.changed, rich=is_rich),
        untouched=value[stale.untouched],
        is_rich=is_rich,
    )


def of_page(page, document, live):
    """The stale texts of a working copy as screens show them; `live` is an edition, its document deferred or not."""
    return stale_texts(page, document, staleness.of_document(page, document, live))


# In the form


def say_beside(form, shown):
    """Adds to each stale field of one form what a person has to know; `shown` are its stale texts."""
    for each in shown:
        if each.field in form.fields:
            bound = form[each.field]
            note = render_to_string("admin/pages/page/stale.html", {"text": each, "id": bound.auto_id})
            bound.help_text = format_html("{}{}", bound.help_text, note)
            bound.field.widget.attrs["aria-describedby"] = f"{bound.auto_id}_stale"


def say_beside_fields(context, shown):
    """The same for the whole form of a page, blocks included, before it is rendered."""
    say_beside(context["adminform"].form, [each for each in shown if len(each.stale.path) == 1])
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.initial_forms:
            mine = ("blocks", form.instance.key)
            say_beside(form, [each for each in shown if each.stale.path[:-1] == mine])


def counted(number):
    """How many, in words, for a list; "" for none."""
    text = ngettext("%(number)s translation to look at", "%(number)s translations to look at", number)
    return text % {"number": number} if number else ""


# When publishing


class StaleChoice(forms.Form):
    translations = forms.ChoiceField(
        label=gettext_lazy("What about the other language?"),
        choices=[
            ("later", gettext_lazy("Publish all the same: they stay marked until they are translated")),
            ("no_change", gettext_lazy("None of them needs a change, for the reason below")),
        ],
        initial="later",
        required=False,
        widget=forms.RadioSelect,
    )
    translations_reason = forms.CharField(
        label=gettext_lazy("Why no translation needs a change"),
        help_text=gettext_lazy("Kept with the texts. For example: “A spelling mistake in English.”"),
        required=False,
        max_length=500,
        widget=ShortTextInput,
    )

    def clean(self):
        values = super().clean()
        if values.get("translations") == "no_change" and not values.get("translations_reason"):
            self.add_error("translations_reason", _("Say why it needs no change: the reason is kept."))
        return values


class StalePanel:
    """On the publish screen (see `publishing.panels_of`): stale translations ask for a decision."""

    template = "admin/pages/page/stale_panel.html"

    def __init__(self, request, page, document):
        self.page, self.document, self.by = page, document, request.user
        self.lines = of_page(page, document, _live(page))
        self.form = StaleChoice(request.POST or None) if self.lines else None

    def is_valid(self):
        return self.form is None or self.form.is_valid()

    def published(self, _edition):
        if self.form is None:
            return
        kind = Kind(self.form.cleaned_data["translations"] or Kind.LATER)
        reason = self.form.cleaned_data["translations_reason"] if kind == Kind.NO_CHANGE else ""
        stale = [line.stale for line in self.lines]
        staleness.decide(self.page, self.document, stale, by=self.by, kind=kind, reason=reason)


# The screen


class ReasonForm(forms.Form):
    path = forms.CharField(max_length=400, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it needs no change"), max_length=500, widget=forms.TextInput({"size": 60})
    )


class Translations(Screens):
    def get_urls(self):
        return [
            self.screen_path("translations", self.translations_view, "translations"),
            *super().get_urls(),
        ]

    def translations_view(self, request, page_id):
        page = self.page_to_view(request, page_id)
        can_change = self.has_change_permission(request, page)
        sent = ReasonForm(request.POST) if request.method == "POST" and can_change else None
        if sent and sent.is_valid() and self._settle(request, page, sent):
            return HttpResponseRedirect(reverse("admin:pages_page_translations", args=[page.pk]))
        document = working_copy.read(page)
        seen = shape.digest(shape.dumps(document))
        return self.screen(
            request,
            page,
            "translations",
            title=_("Translations to look at"),
            lines=[
                (each, _form_of(each, seen, sent) if can_change else None)
                for each in of_page(page, document, _live(page))
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
        self.log_change(request, page, [{"changed": {"name": _("no change needed"), "object": name}}])
        text = _("Kept: “%(field)s” needs no change.") % {"field": name}
        self.message_user(request, text, messages.SUCCESS)
        return True


def _no_change_needed(page, *, by, path, seen, reason):
    """Under lock, so that the decision is about the texts that the person has seen; returns the name of the field."""
    page, document = locked_as_seen(page, seen)
    found = {"/".join(each.path): each for each in staleness.of_document(page, document, _live(page))}
    if path not in found:
        raise ValidationError(_("This translation is no longer marked: there is nothing to decide."))
    staleness.decide(page, document, [found[path]], by=by, kind=Kind.NO_CHANGE, reason=reason)
    return capfirst(readiness.label(document, found[path].path))


def _form_of(shown, seen, sent):
    """The form of one stale text: the one that was sent, if it was about this text and not accepted."""
    here = {"path": shown.path, "seen": seen}
    if sent and sent.data.get("path") == shown.path:
        sent.data = {**sent.data.dict(), **here}
        return sent
    return ReasonForm(initial=here, auto_id=f"id_{shown.anchor}_%s")


def _live(page):
    return Edition.objects.live().filter(page=page).select_related("emergency_record").first()


def _decisions(page, document):
    """All that was ever decided on the page, the newest first, each with the name of its field."""
    names = {"/".join(text.path): text.path for text in texts(document)}
    rows = TranslationDecision.objects.filter(page=page).select_related("by")
    return [
        (row, capfirst(readiness.label(document, names[row.path])) if row.path in names else row.path)
        for row in rows
    ]
