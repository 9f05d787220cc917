"""Publishing in one language only, when it cannot wait: a form of its own on the publish screen, for administrators."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import emergencies, page_status, publishing, working_copy
from ..document import digest, dumps
from ..fields import PlainTextFormField
from .bilingual import ShortTextInput
from .datetimes import NearDateField
from .field_links import with_urls
from .page_views import PublishingView, lock_if_unchanged

LANGUAGES = {
    "en": gettext_lazy("English only (the French page does not change and shows a notice)"),
    "fr": gettext_lazy("French only (the English page does not change and shows a notice)"),
}


class EmergencyForm(forms.Form):
    """`open_emergency` is the one whose translation is still due: it says in which language to go on."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language to publish now"), choices=LANGUAGES.items(), widget=forms.RadioSelect
    )
    reason = PlainTextFormField(
        label=gettext_lazy("Why it cannot wait for the translation"),
        help_text=gettext_lazy("Saved in the page history. Only staff can see it."),
        max_length=500,
        widget=ShortTextInput,
    )
    due_on = NearDateField(
        label=gettext_lazy("Translation due by"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy(
            "I understand that the other language will be out of date and that readers will be told"
        ),
        label_suffix="",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, open_emergency=None, **kwargs):
        super().__init__(*args, auto_id="emergency_%s", **kwargs)
        if open_emergency:
            self.fields["language"].choices = [(open_emergency.language, LANGUAGES[open_emergency.language])]
            self.initial["language"] = open_emergency.language
        today, latest = timezone.localdate(), emergencies.latest_due_date(open_emergency)
        self.fields["due_on"].widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}
        self.fields["due_on"].help_text = _(
            "Format: YYYY-MM-DD, no later than %(latest)s. Readers of the other language will see this date."
        ) % {"latest": latest.isoformat()}


class EmergencyView(PublishingView):
    """The form alone, and what came of it."""

    route = name = "emergency"

    def may_open(self, request):
        return super().may_open(request) and _may_publish_in_emergency(request)

    def respond(self, request, page):
        seen = digest(dumps(working_copy.read(page)))
        status = page_status.page_status(page)
        form, reasons = _form(seen, status, request.POST or None), []
        if request.method == "POST" and form.is_valid():
            reasons = self._publish_in_emergency(request, page, form)
            if reasons is None:
                return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}  # what is shown again is what is there now
        return self.render(
            request,
            page,
            "emergency",
            title=_("Publish in one language only"),
            status=status,
            reasons=with_urls(page, reasons),
            **emergency_context(request, page, seen, status, form),
        )

    def _publish_in_emergency(self, request, page, form):
        """None once it is done; else the reasons why it is not ready, where the form does not say why."""
        values = {name: form.cleaned_data[name] for name in ("language", "reason", "due_on")}
        try:
            with transaction.atomic():
                lock_if_unchanged(page, form.cleaned_data["seen"])
                edition = emergencies.publish_in_emergency(page, by=request.user, **values)
        except publishing.NotReady as refusal:
            return refusal.reasons
        except ValidationError as error:
            form.add_error(None, error)
            return []
        text = _("Edition %(number)s is live, in one language only. %(due)s.")
        message = text % {"number": edition.number, "due": edition.emergency}
        messages.success(request, message)
        return None


def emergency_context(request, page, seen, status, form=None):
    """What `emergency_form.html` shows, as a part of the context of a screen; empty for who may not use it."""
    if not _may_publish_in_emergency(request):
        return {}
    return {
        "emergency_form": form or _form(seen, status),
        "emergency_obstacle": emergencies.reason_against_emergency(status.live, status.scheduled),
    }


def _may_publish_in_emergency(request):
    return request.user.has_perm("pages.publish_in_emergency")


def _form(seen, status, data=None):
    return EmergencyForm(data, initial={"seen": seen}, open_emergency=status.emergency)
