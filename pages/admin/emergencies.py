"""Publishing in one language only, when it cannot wait: a form of its own on the publish screen, for administrators."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import document as shape
from .. import publishing, states, working_copy
from .bilingual import ShortTextInput
from .places import placed
from .screens import Screens, locked_as_seen

LANGUAGES = {
    "en": gettext_lazy("English only: the French page stays as it is, under a notice"),
    "fr": gettext_lazy("French only: the English page stays as it is, under a notice"),
}


class EmergencyForm(forms.Form):
    """`open_emergency` is the one whose translation is still due: it says in which language to go on."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language that cannot wait"), choices=LANGUAGES.items(), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait for the translation"),
        help_text=gettext_lazy("Kept in the history of the page. Only staff can see it."),
        max_length=500,
        widget=ShortTextInput,
    )
    due_on = forms.DateField(
        label=gettext_lazy("Translation due by"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I know that the other language is then behind, and that its readers are told so"),
        label_suffix="",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, open_emergency=None, **kwargs):
        super().__init__(*args, auto_id="emergency_%s", **kwargs)
        if open_emergency:
            self.fields["language"].choices = [(open_emergency.language, LANGUAGES[open_emergency.language])]
            self.initial["language"] = open_emergency.language
        today = timezone.localdate()
        latest = today + publishing.LONGEST_EMERGENCY
        self.fields["due_on"].widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}
        self.fields["due_on"].help_text = _(
            "Year-month-day, at most %(days)s days from now. Readers of the other language are told this date."
        ) % {"days": publishing.LONGEST_EMERGENCY.days}


class Emergencies(Screens):
    def get_urls(self):
        return [self.screen_path("emergency", self.emergency_view, "emergency"), *super().get_urls()]

    def emergency_view(self, request, page_id):
        """The form alone, and what came of it."""
        page = self.page_to_publish(request, page_id)
        if not request.user.has_perm("pages.publish_in_emergency"):
            raise PermissionDenied
        seen = shape.digest(shape.dumps(working_copy.read(page)))
        standing = states.standing(page)
        form, reasons = _form(seen, standing, request.POST or None), []
        if request.method == "POST" and form.is_valid():
            reasons = self._publish_in_emergency(request, page, form)
            if reasons is None:
                return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}  # what is shown again is what is there now
        return self.screen(
            request,
            page,
            "emergency",
            title=_("Publish in one language only"),
            standing=standing,
            reasons=placed(page, reasons),
            **self.emergency(request, page, seen, standing, form),
        )

    def _publish_in_emergency(self, request, page, form):
        """None once it is done; else the reasons why it is not ready, where the form does not say why."""
        values = {name: form.cleaned_data[name] for name in ("language", "reason", "due_on")}
        try:
            with transaction.atomic():
                locked_as_seen(page, form.cleaned_data["seen"])
                edition = publishing.publish_in_emergency(page, by=request.user, **values)
        except publishing.NotReady as refusal:
            return refusal.reasons
        except ValidationError as error:
            form.add_error(None, error)
            return []
        self.log_change(request, page, [{"added": {"name": "edition", "object": str(edition.number)}}])
        text = _("Edition %(number)s is live, in one language only. %(due)s.")
        told = text % {"number": edition.number, "due": edition.emergency}
        self.message_user(request, told, messages.SUCCESS)
        return None

    def emergency(self, request, page, seen, standing, form=None):
        """What `emergency_form.html` shows, as a part of the context of a screen; empty for who may not use it."""
        if not request.user.has_perm("pages.publish_in_emergency"):
            return {}
        return {
            "emergency_form": form or _form(seen, standing),
            "emergency_obstacle": publishing.obstacle_to_emergency(standing.live, standing.scheduled),
        }


def _form(seen, standing, data=None):
    return EmergencyForm(data, initial={"seen": seen}, open_emergency=standing.emergency)
