"""The screens on which a page is published, archived or withdrawn, now or later, and a scheduled edition called off."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import document as shape
from .. import publishing, readiness, states, working_copy
from ..document import Bilingual
from ..editions import Edition
from .bilingual import ShortTextInput, label, pair
from .checking import counted
from .emergencies import Emergencies
from .places import placed
from .screens import Screens, locked_as_seen
from .translations import StalePanel


class MomentForm(forms.Form):
    """When something happens, now or later, and why."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[("now", gettext_lazy("Now")), ("later", gettext_lazy("At the date and time below"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the record"),
        help_text=gettext_lazy("What changes and why. Only staff can see it."),
        required=False,
        max_length=500,
        widget=ShortTextInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        here = timezone.get_current_timezone_name()
        self.fields["at"].help_text = _("Year-month-day and time of the zone %(zone)s.") % {"zone": here}

    def clean(self):
        values = super().clean()
        if values.get("when") == "later" and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Choose the date and time, or choose “Now”."))
        return values

    @property
    def moment(self):
        return self.cleaned_data["at"] if self.cleaned_data["when"] == "later" else None


class PublishForm(MomentForm):
    significant = forms.ChoiceField(
        label=gettext_lazy("Kind of change"),
        choices=[
            ("yes", gettext_lazy("Significant: readers should know, and the date of the page changes")),
            ("no", gettext_lazy("Minor: a correction that changes no meaning, and the date stays")),
        ],
        initial="yes",
        widget=forms.RadioSelect,
    )
    correction_en = forms.CharField(required=False, max_length=500)
    correction_fr = forms.CharField(required=False, max_length=500)
    thanks = forms.BooleanField(
        label=gettext_lazy("Add thanks to the visitor who reported it"), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    field_order = ["when", "at", "significant", "note", "correction_en", "correction_fr", "thanks"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in pair("correction"):
            field = self.fields[name]
            field.widget = ShortTextInput({"lang": name[-2:], "maxlength": 500})
            field.label = label(gettext_lazy("what was corrected (optional)"), name[-2:])
            field.help_text = _(
                "Shown to the public in the list of corrections. In both languages, or in neither."
            )

    @property
    def correction(self):
        return Bilingual(*(self.cleaned_data[name] for name in pair("correction")))

    def clean(self):
        values = super().clean()
        written = [name for name in pair("correction") if values.get(name)]
        if len(written) == 1 and not self.errors:
            missing = next(name for name in pair("correction") if name not in written)
            self.add_error(missing, _("Write the correction in both languages, or in neither."))
        return values


def panels_of(request, page, document):
    """What other parts of the site add to the publish screen: settings.PUBLISH_SCREEN_PANELS names their classes.

    A panel has `template`, shown in the form with the panel as `panel`, and `published(edition)`, called in the
    transaction that made the edition.
    """
    panels = (import_string(name) for name in settings.PUBLISH_SCREEN_PANELS)
    return [panel(request, page, document) for panel in panels]


class WithdrawForm(MomentForm):
    explanation_en = forms.CharField(required=False, max_length=500)
    explanation_fr = forms.CharField(required=False, max_length=500)

    field_order = ["when", "at", "explanation_en", "explanation_fr", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in pair("explanation"):
            field = self.fields[name]
            field.widget = ShortTextInput({"lang": name[-2:], "maxlength": 500})
            field.label = label(gettext_lazy("explanation"), name[-2:])
            field.help_text = _("Shown to whoever comes to the address. In both languages, or in neither.")

    @property
    def explanation(self):
        return Bilingual(*(self.cleaned_data[name] for name in pair("explanation")))


class Publishing(Emergencies, Screens):
    def get_urls(self):
        return [
            self.screen_path("publish", self.publish_view, "publish"),
            self.screen_path("archive", self.archive_view, "archive"),
            self.screen_path("withdraw", self.withdraw_view, "withdraw"),
            self.screen_path("cancel/<int:number>", self.cancel_view, "cancel"),
            *super().get_urls(),
        ]

    # Publishing

    def publish_view(self, request, page_id):
        page = self.page_to_publish(request, page_id)
        document = working_copy.read(page)
        seen = shape.digest(shape.dumps(document))
        form = PublishForm(request.POST or None, initial={"seen": seen})
        stale = StalePanel(request, page, document)
        panels = [stale, *panels_of(request, page, document)]
        is_sent = request.method == "POST" and all([form.is_valid(), stale.is_valid()])
        if is_sent and self._publish(request, page, form, panels):
            return self._done(request, page)
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}  # what is shown again is what is there now
        standing = states.standing(page)
        return self.screen(
            request,
            page,
            "publish",
            title=_("Publish"),
            form=form,
            panels=panels,
            standing=standing,
            reasons=placed(page, readiness.reasons_not_to_publish(document)),
            is_same=_is_live(standing, seen),
            needs_review=settings.REVIEW_BY_SECOND_PERSON,
            findings=counted(page, document),
            **self.emergency(request, page, seen, standing),
        )

    def _publish(self, request, page, form, panels):
        """Whether it was published; if not, the form or the list of reasons says why."""
        try:
            with transaction.atomic():
                _refuse_what_was_not_seen(page, form.cleaned_data["seen"])
                edition = publishing.publish(
                    page,
                    by=request.user,
                    at=form.moment,
                    significant=form.cleaned_data["significant"] == "yes",
                    note=form.cleaned_data["note"],
                    correction=form.correction,
                    thanks=form.cleaned_data["thanks"],
                )
                for panel in panels:
                    panel.published(edition)
        except publishing.NotReady:
            return False
        except ValidationError as error:
            form.add_error("at" if form.moment else None, error)
            return False
        self.log_change(request, page, [{"added": {"name": "edition", "object": str(edition.number)}}])
        self.message_user(request, told(edition), messages.SUCCESS)
        return True

    # Archiving and withdrawing

    def archive_view(self, request, page_id):
        page = self.page_to_publish(request, page_id)
        form = MomentForm(request.POST or None)
        if request.method == "POST" and form.is_valid():

            def archive():
                return publishing.archive(
                    page, by=request.user, at=form.moment, note=form.cleaned_data["note"]
                )

            if self._change(request, page, form, archive):
                return self._done(request, page)
        return self.screen(
            request, page, "archive", title=_("Archive"), form=form, standing=states.standing(page)
        )

    def withdraw_view(self, request, page_id):
        page = self.page_to_publish(request, page_id)
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():

            def withdraw():
                return publishing.withdraw(
                    page,
                    by=request.user,
                    at=form.moment,
                    note=form.cleaned_data["note"],
                    explanation=form.explanation,
                )

            if self._change(request, page, form, withdraw):
                return self._done(request, page)
        return self.screen(
            request, page, "withdraw", title=_("Withdraw"), form=form, standing=states.standing(page)
        )

    def _change(self, request, page, form, change):
        try:
            edition = change()
        except ValidationError as error:
            form.add_error(None, error)
            return False
        self.log_change(request, page, [{"added": {"name": "edition", "object": str(edition.number)}}])
        self.message_user(request, told(edition), messages.SUCCESS)
        return True

    # Calling off

    def cancel_view(self, request, page_id, number):
        page = self.page_to_publish(request, page_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = get_object_or_404(Edition, page=page, number=number)
        try:
            publishing.cancel(edition, by=request.user)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.log_change(
                request, page, [{"deleted": {"name": "scheduled edition", "object": str(number)}}]
            )
            text = _("Edition %(number)s has been cancelled: it will not become public.")
            self.message_user(request, text % {"number": number}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))

    def _done(self, request, page):
        return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))


def _refuse_what_was_not_seen(page, seen):
    """What is published is what the person had before them, and not again what is live already."""
    page, _document = locked_as_seen(page, seen)
    if _is_live(states.standing(page), seen):
        raise ValidationError(_("The working copy is live already: there is nothing to publish."))


def _is_live(standing, written):
    live = standing.live
    is_current = live is not None and live.kind == Edition.Kind.CURRENT and not live.emergency
    return is_current and live.digest == written


def told(edition):
    """What an edition that was just approved means for the public, in a sentence."""
    moment = date_format(timezone.localtime(edition.publish_at), "DATETIME_FORMAT")
    values = {"number": edition.number, "moment": moment}
    if edition.publish_at > timezone.now():
        return _("Edition %(number)s is scheduled for %(moment)s, in both languages.") % values
    if edition.kind == Edition.Kind.ARCHIVED:
        return _("The page is archived: it stays readable, under a banner that says so.")
    if edition.kind == Edition.Kind.WITHDRAWN:
        return _("The page is withdrawn: its addresses now say so, in both languages.")
    return _("Edition %(number)s is live, in both languages.") % values
