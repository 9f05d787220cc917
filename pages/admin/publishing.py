"""The screens on which a page is published, archived or withdrawn, now or later, and a scheduled edition cancelled."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import approval, page_status, publishing, readiness, second_person, working_copy
from ..document import NOTHING, digest, dumps
from ..fields import PlainTextFormField
from ..indexes.references import links_to
from ..local_time import format_date_time
from ..models.edition import Edition
from . import changes
from .bilingual import ShortTextInput
from .checking import severity_counts
from .comparing import edition_label
from .datetimes import LocalDateTimeField
from .emergencies import emergency_context
from .field_links import with_urls
from .notices import CorrectionForm, ExplanationForm, explanation_initial
from .page_views import PublishingView, lock_if_unchanged
from .rescheduling import ScheduledPanel, settle_panels
from .translations import StalePanel


class TimingForm(forms.Form):
    """When something happens, now or later, and why; with `is_immediate`, now."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[("now", gettext_lazy("Now")), ("later", gettext_lazy("On the date and time below"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = LocalDateTimeField(required=False)
    note = PlainTextFormField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Describe what changed and why. Only staff can see this."),
        required=False,
        max_length=500,
        widget=ShortTextInput,
    )

    def __init__(self, *args, is_immediate=False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_immediate:
            del self.fields["when"], self.fields["at"]
            return
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = _("Format: YYYY-MM-DD and time (%(zone)s).") % {"zone": zone}

    def clean(self):
        values = super().clean()
        if values.get("when") == "now":  # the field is out of sight then
            self.errors.pop("at", None)
        if values.get("when") == "later" and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Choose the date and time, or choose “Now”."))
        return values

    @property
    def moment(self):
        return self.cleaned_data["at"] if self.cleaned_data.get("when") == "later" else None

    @property
    def arguments(self):
        """What `publishing.archive` or `publishing.withdraw` takes of a valid form."""
        when = {"at": self.moment} if "when" in self.fields else {}
        return {**when, "note": self.cleaned_data["note"]}


class PublishForm(CorrectionForm, TimingForm):
    """When an edition of a page is published and how it counts; `page` is that page."""

    archive_at = LocalDateTimeField(
        label=gettext_lazy("Archive the page on (optional)"),
        help_text=gettext_lazy("From then on, a banner says that the page is no longer updated."),
        required=False,
    )
    significant = forms.ChoiceField(
        label=gettext_lazy("Type of change"),
        choices=[
            ("yes", gettext_lazy("Significant: readers should know about it. The date modified changes.")),
            (
                "no",
                gettext_lazy(
                    "Minor: a correction that does not change the meaning. The date modified does not change."
                ),
            ),
        ],
        initial="yes",
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    field_order = [
        "when",
        "at",
        "archive_at",
        "significant",
        "note",
        "correction_en",
        "correction_fr",
        "thanks",
    ]

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        if page.parent_id is None:  # a site always keeps its home page
            del self.fields["archive_at"]

    def clean(self):
        values = super().clean()
        if values.get("archive_at") and "at" not in self.errors:
            try:
                approval.refuse_archive_before(self.moment or timezone.now(), values["archive_at"])
            except ValidationError as error:
                self.add_error("archive_at", error)
        return values

    @property
    def archive_moment(self):
        return self.cleaned_data.get("archive_at")


def panels_of(request, page, document):
    """What other parts of the site add to the publish screen: settings.PUBLISH_SCREEN_PANELS names their classes.

    A panel has `template`, shown in the form with the panel as `panel`, and `after_publish(edition)`, called in the
    transaction that made the edition. One that keeps something about editions has `carried(before, after)` too, called
    when a scheduled edition gives its place to another one.
    """
    panels = (import_string(name) for name in settings.PUBLISH_SCREEN_PANELS)
    return [panel(request, page, document) for panel in panels]


class WithdrawForm(ExplanationForm, TimingForm):
    field_order = ["when", "at", "explanation_en", "explanation_fr", "note"]

    @property
    def arguments(self):
        return {**super().arguments, "explanation": self.text or NOTHING}


class PublishView(PublishingView):
    route = name = "publish"

    def respond(self, request, page):
        document = working_copy.read(page)
        seen = digest(dumps(document))
        form = PublishForm(request.POST or None, page=page, initial={"seen": seen})
        stale, scheduled = StalePanel(request, page, document), ScheduledPanel(request, page, document)
        panels = [scheduled, stale, *panels_of(request, page, document)]
        is_sent = request.method == "POST" and are_valid(form, stale, scheduled=scheduled)
        if is_sent and self._publish(request, page, form, panels):
            return to_history(page)
        if form.is_bound:
            form.data = {**form.data.dict(), "seen": seen}  # what is shown again is what is there now
        status = page_status.page_status(page)
        return self.render(
            request,
            page,
            "publish",
            title=_("Publish"),
            form=form,
            panels=panels,
            status=status,
            reasons=with_urls(page, readiness.reasons_at_any_time(document)),
            is_same=is_live(status, seen),
            needs_review=second_person.is_required(request.user),
            findings=severity_counts(page, document),
            **emergency_context(request, page, seen, status),
        )

    def _publish(self, request, page, form, panels):
        """Whether it was published; if not, the form or the list of reasons says why."""
        try:
            with transaction.atomic():
                _refuse_what_was_not_seen(page, form.cleaned_data["seen"], form.moment)
                edition = publishing.publish(
                    page,
                    by=request.user,
                    at=form.moment,
                    archive_at=form.archive_moment,
                    significant=form.cleaned_data["significant"] == "yes",
                    note=form.cleaned_data["note"],
                    correction=form.text,
                    thanks=form.cleaned_data["thanks"],
                )
                settle_panels(panels, edition)
        except publishing.NotReady as error:
            form.add_error(None, [reason.message for reason in error.reasons])
            return False
        except ValidationError as error:
            form.add_error(_field_of(form, error), error)
            return False
        messages.success(request, success_message(edition, form.archive_moment))
        return True


class StateChangeView(PublishingView):
    """A screen on which a page is archived or withdrawn: a form, and a panel about what is due after it."""

    def show(self, request, page, change, form, scheduled, **context):
        """Shows the form, or does what it says with `change`, a function of `publishing`."""
        is_sent = request.method == "POST" and are_valid(form, scheduled=scheduled)
        if is_sent and self._change(request, page, change, form, scheduled):
            return to_history(page)
        return self.render(
            request,
            page,
            self.name,
            form=form,
            panels=[scheduled],
            status=page_status.page_status(page),
            uses=links_to(page),
            **context,
        )

    def _change(self, request, page, change, form, scheduled):
        try:
            with transaction.atomic():
                edition = change(page, by=request.user, **form.arguments)
                scheduled.after_publish(edition)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(request, success_message(edition))
        return True


class ArchiveView(StateChangeView):
    route = name = "archive"

    def respond(self, request, page):
        form, scheduled = TimingForm(request.POST or None), ScheduledPanel(request, page)
        return self.show(request, page, publishing.archive, form, scheduled, title=_("Archive"))


class WithdrawView(StateChangeView):
    """Withdraws a page, or changes the explanation of one that is withdrawn."""

    route = name = "withdraw"

    def respond(self, request, page):
        status = page_status.page_status(page)
        needs_review = second_person.is_required(request.user)
        is_withdrawn = status.state == page_status.State.WITHDRAWN
        form = WithdrawForm(
            request.POST or None,
            initial=explanation_initial(status.live) if is_withdrawn else {},
            takes_notice=not needs_review,
            is_immediate=is_withdrawn,
        )
        scheduled = ScheduledPanel(request, page, only_texts=True)
        # Who was asked when to withdraw has not seen that a colleague did, nor how it is explained.
        explains = is_withdrawn and "when" not in request.POST
        change = publishing.explain_withdrawal if explains else publishing.withdraw
        title = _("Explain the withdrawal") if is_withdrawn else _("Withdraw")
        context = {"title": title, "is_withdrawn": is_withdrawn, "needs_review": needs_review}
        return self.show(request, page, change, form, scheduled, **context)


class CancelView(PublishingView):
    """Shows what is cancelled, and cancels it once that is confirmed."""

    route, name = "cancel/<int:number>", "cancel"

    def respond(self, request, page, number):
        edition = get_object_or_404(Edition, page=page, number=number)
        is_scheduled = edition.status == Edition.Status.APPROVED and edition.publish_at > timezone.now()
        if request.method == "POST":
            self._cancel(request, page, edition)
        elif not is_scheduled:
            messages.error(request, publishing.NOT_SCHEDULED)
        if request.method == "POST" or not is_scheduled:
            return to_history(page)
        before = (
            Edition.objects.live(edition.publish_at - timedelta(microseconds=1)).filter(page=page).first()
        )
        is_text = not edition.changes_state and before
        return self.render(
            request,
            page,
            "cancel",
            title=_("Cancel edition %(number)s") % {"number": number},
            edition=edition,
            described=edition_label(edition),
            changes=changes.view(before.read(), edition.read()) if is_text else None,
            status=page_status.page_status(page),
        )

    def _cancel(self, request, page, edition):
        before = list(Edition.objects.scheduled().filter(page=page).values_list("pk", flat=True))
        try:
            publishing.cancel(edition, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return
        text = _("Edition %(number)s was cancelled. It will not be published.")
        messages.success(request, text % {"number": edition.number})
        text = _("Edition %(number)s was cancelled too: nothing is left to archive or withdraw by then.")
        cancelled = Edition.objects.filter(pk__in=before, status=Edition.Status.CANCELLED).order_by("number")
        for void in cancelled.exclude(pk=edition.pk):
            messages.success(request, text % {"number": void.number})


def to_history(page):
    """Leads to the history of the page, where what was done stands on top."""
    return HttpResponseRedirect(reverse("admin:pages_page_history", args=[page.pk]))


def are_valid(form, *panels, scheduled=None):
    """Tells whether a form about a moment and its panels are valid; `scheduled` is about what falls due after it."""
    return all([form.is_valid(), *(panel.is_valid() for panel in panels), _is_decided(form, scheduled)])


def _is_decided(form, scheduled):
    return scheduled is None or scheduled.is_valid(form.moment if form.is_valid() else None)


def _refuse_what_was_not_seen(page, seen, moment):
    """What is published is what the person had before them, and not again what is live or dated already."""
    page, _document = lock_if_unchanged(page, seen)
    if is_live(page_status.page_status(page), seen):
        raise ValidationError(_("The working copy is already live. There is nothing to publish."))
    same = Edition.objects.scheduled().filter(page=page, digest=seen, kind=Edition.Kind.CURRENT)
    if edition := moment and same.filter(publish_at=moment).first():
        text = _("This text is already scheduled for that date and time: edition %(number)s.")
        raise ValidationError(text % {"number": edition.number})


def is_live(status, written):
    """Returns whether a working copy of this digest is what readers see, in both languages and not as an archive."""
    live = status.live
    is_current = live is not None and live.kind == Edition.Kind.CURRENT and not live.emergency
    return is_current and live.digest == written


def _field_of(form, error):
    """The field of a `PublishForm` that a ValidationError is about; None for the form as a whole."""
    if isinstance(error, approval.ArchiveRefused):
        return "archive_at"
    return "at" if form.moment else None


def success_message(edition, archive_at=None):
    """What an edition that was just approved means for the public, in a sentence; and in another one its archive."""
    said = _success_message(edition)
    if archive_at is None:
        return said
    return f"{said} " + _("On %(moment)s, the page will be archived.") % {
        "moment": format_date_time(archive_at)
    }


def _success_message(edition):
    moment = format_date_time(edition.publish_at)
    values = {"number": edition.number, "moment": moment}
    if edition.publish_at > timezone.now():
        return _("Edition %(number)s is scheduled for %(moment)s, in both languages.") % values
    if edition.kind == Edition.Kind.ARCHIVED:
        return _("The page is archived. It can still be read, with a banner saying so.")
    if edition.kind == Edition.Kind.WITHDRAWN:
        return _("The page has been withdrawn. Its addresses now show a notice in both languages.")
    return _("Edition %(number)s is live, in both languages.") % values
