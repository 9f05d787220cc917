"""The screen of one report: what was said and seen, what the page says today, and what is done about it."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.admin.bilingual import UserChoiceField
from pages.admin.datetimes import NearDateField
from pages.fields import PlainTextFormField
from pages.integers import parse_integer, parse_integers

from .. import duplicates, spam, triage
from ..forms import KIND_LABELS
from ..models import Dismissal, ProblemReport, Severity
from ..redaction import Kind
from ..report_context import report_context
from .access_log import log_access
from .timeline import describe_timeline
from .views import ReportsView

SIGNS = {sign.code: sign.label for sign in spam.SIGNALS}

# With how many open reports of its page one is compared: the newest.
MAX_COMPARED = 300


class DetailsForm(forms.Form):
    owner = UserChoiceField(
        label=gettext_lazy("Assigned to"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=gettext_lazy("No one"),
    )
    severity = forms.TypedChoiceField(label=gettext_lazy("Severity"), choices=Severity.choices, coerce=int)
    due_on = NearDateField(
        label=gettext_lazy("Due date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.filter(is_staff=True, is_active=True)
        self.fields["owner"].queryset = people.order_by("last_name", "username")


class NoteForm(forms.Form):
    text = PlainTextFormField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Your note stays on the timeline as written. Do not name visitors."),
        max_length=2000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DismissForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[choice for choice in Dismissal.choices if choice[0] != Dismissal.DUPLICATE],
        widget=forms.RadioSelect,
    )
    text = PlainTextFormField(label=gettext_lazy("Note (optional)"), required=False, max_length=2000)


class DuplicateForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("Number of the other report"), min_value=1, max_value=2**62
    )


FORMS = {"organize": DetailsForm, "note": NoteForm, "dismiss": DismissForm, "duplicate": DuplicateForm}


class ReportView(ReportsView):
    """One report: what the visitor saw and wrote, what was done with it, and what can be."""

    def get(self, request, object_id):
        report = _report(object_id)
        log_access(request, "Report", report=report)
        return self._screen(report, {})

    def post(self, request, object_id):
        report = _report(object_id)
        act = request.POST.get("act", "")
        form = FORMS[act](request.POST, auto_id=f"{act}_%s") if act in FORMS else None
        if (form is None or form.is_valid()) and self._act(report, act, form):
            return HttpResponseRedirect(request.get_full_path())
        return self._screen(report, {act: form} if form else {})

    def _act(self, report, act, form):
        """Whether it was done; if not, the form says why."""
        by = self.request.user
        changes = {
            "take": lambda: triage.assign_to([report], by=by),
            "reopen": lambda: triage.reopen([report], by=by),
            "welcome": lambda: triage.mark_not_spam([report], by=by),
            "organize": lambda: triage.update_details(report, by=by, **form.cleaned_data),
            "note": lambda: triage.note(report, by=by, **form.cleaned_data),
            "dismiss": lambda: triage.dismiss([report], by=by, **form.cleaned_data),
            "duplicate": lambda: triage.merge(
                [report], by=by, into=_other(report, form.cleaned_data["number"])
            ),
            "gather": lambda: triage.merge(_chosen_reports(self.request), by=by, into=report),
        }
        if act not in changes:
            return False
        try:
            done = changes[act]()
        except ValidationError as error:
            if form is None:
                self.message(error.messages[0], messages.ERROR)
            else:
                form.add_error(None, error)
            return False
        text = _("Done. The action was added to the timeline.") if done else _("There was nothing to change.")
        self.message(text, messages.SUCCESS if done else messages.WARNING)
        return True

    def _screen(self, report, bound):
        return self.render(
            "report",
            status=422 if any(form.errors for form in bound.values()) else 200,
            original=report,
            title=str(report),
            report=report,
            state=report.state(),
            evidence=report_context(report),
            sign=SIGNS.get(report.spam_sign, ""),
            masked=[KIND_LABELS[Kind(kind)] for kind in report.masked_kinds],
            timeline=describe_timeline(report.timeline.select_related("by")),
            duplicates=report.duplicates.order_by("received_at", "pk"),
            alike=_duplicates_of(report) if report.is_open else [],
            following=_next_report(report),
            may_change=self.may_change,
            forms=_forms(report, bound) if self.may_change else {},
        )


class ReportHistoryView(ReportsView):
    """Leads to the report itself, whose screen has the timeline."""

    def get(self, request, object_id):
        report = _report(object_id)
        return HttpResponseRedirect(reverse("admin:reports_problemreport_change", args=[report.pk]))


def _report(object_id):
    key = parse_integer(unquote(object_id))
    reports = ProblemReport.objects.select_related("edition", "page", "fixed_by", "owner", "duplicate_of")
    found = None if key is None else reports.defer("fixed_by__document").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _forms(report, bound):
    """A form for each act by its name; `bound` are those that were sent and have errors."""
    known = {"owner": report.owner, "severity": report.severity, "due_on": report.due_on}
    fresh = {"organize": known}
    return {
        act: bound.get(act) or form(initial=fresh.get(act), auto_id=f"{act}_%s")
        for act, form in FORMS.items()
    }


def report_text(report):
    """What `duplicates` compares of a report."""
    return duplicates.ReportText(
        number=report.pk,
        language=report.language,
        section=report.section,
        reasons=frozenset(reason.value for reason in report.reasons),
        details=report.details,
    )


def newest_open(page):
    """The open reports of a page that are compared with one another."""
    return list(ProblemReport.objects.not_spam().open().filter(page=page)[:MAX_COMPARED])


def _duplicates_of(report):
    others = {other.pk: other for other in newest_open(report.page_id)}
    found = duplicates.find_duplicates(report_text(report), [report_text(other) for other in others.values()])
    return [others[text.number] for text in found]


def _next_report(report):
    """The next older report of the queue."""
    older = ProblemReport.objects.not_spam().open().filter(received_at__lt=report.received_at)
    return older.first()


def _other(report, number):
    other = ProblemReport.objects.filter(pk=number).exclude(pk=report.pk).first()
    if other is None:
        raise ValidationError(_("No other report has that number."))
    return other


def _chosen_reports(request):
    return list(ProblemReport.objects.filter(pk__in=parse_integers(request.POST.getlist("number"))))
