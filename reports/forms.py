"""What a visitor may tell us, judged before anything of it is kept."""

import time

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables

from pages import placeholders
from pages.fields import PlainTextFormField
from pages.typography import typeset

from .models import DETAILS_LIMIT, ProblemReport, Reason
from .redaction import Kind, kinds_masked_in, redact

KIND_LABELS = {
    Kind.EMAIL: _("an email address"),
    Kind.PHONE: _("a telephone number"),
    Kind.SIN: _("a social insurance number (SIN)"),
    Kind.CARD: _("a payment card number"),
    Kind.POSTAL_CODE: _("a postal code"),
    Kind.PASSPORT: _("a passport number"),
    Kind.BUSINESS_NUMBER: _("a business number"),
    Kind.HEALTH_CARD: _("a health card number"),
    Kind.UCI: _("a unique client identifier (UCI)"),
    Kind.ADDRESS: _("a street or mailing address"),
    Kind.BIRTH_DATE: _("a date of birth"),
}

# What visitors write in words of their own; the second one is asked for only where REPORTS_ASK_LOOKING_FOR is on.
TEXTS = ("details", "looking_for")

# Characters of a text that is checked. A longer one comes back as it was typed: to look for personal information in
# all that a body can hold would take seconds.
MAX_CHECKED_LENGTH = 10 * DETAILS_LIMIT

# What the form sends beside its fields. The decoy has a name that browsers do not fill in by themselves.
EDITION, FORM_LANGUAGE, SHOWN, DECOY = "edition", "form_language", "shown", "subject"
SALT = "reports.shown"


class ReportForm(forms.Form):
    """The form about one page, in the language of the page: a `Subject`, or a `rendering.PageView` to show only.

    Where personal information is found, the form's own data holds the masked text from then on: whatever is
    shown again shows no more than would be kept.
    """

    reasons = forms.MultipleChoiceField(
        label=_("Please select all that apply:"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Select only reasons from the list.")},
    )
    section = forms.ChoiceField(
        label=_("Which part of the page? (optional)"),
        required=False,
        widget=forms.Select(attrs={"class": "ci-input"}),
        error_messages={"invalid_choice": _("Select a part of the page from the list.")},
    )
    details = PlainTextFormField(
        label=_("Please provide more details (optional)"),
        help_text=_(
            "Maximum of 300 characters. Do not include personal information"
            " (telephone, email, SIN, financial, medical or work details)."
        ),
        required=False,
        multiline=True,
        # No maxlength: browsers would cut a pasted text without a word.
        widget=forms.Textarea(attrs={"class": "ci-input", "rows": 5}),
    )

    looking_for = PlainTextFormField(
        label=_("What were you looking for? (optional)"),
        help_text=_("Maximum of 300 characters. Do not include personal information."),
        required=False,
        multiline=True,
        widget=forms.Textarea(attrs={"class": "ci-input", "rows": 2}),
    )

    def __init__(self, data=None, *, page, initial=None):
        super().__init__(data, initial=initial, auto_id="report_%s", label_suffix="")
        if not settings.REPORTS_ASK_LOOKING_FOR:
            del self.fields["looking_for"]
        self.page = page
        sections = [(section.anchor, section.heading) for section in page.sections]
        self.fields["section"].choices = [("", _("The whole page")), *sections]

    @classmethod
    @sensitive_variables()
    def unread(cls, data, *, page):
        """Return a form that shows what was sent, without a look at it."""
        initial = {name: data.get(name, "") for name in ("section", *TEXTS)}
        return cls(page=page, initial={**initial, "reasons": data.getlist("reasons")})

    @sensitive_variables()
    def clean_details(self):
        return self._clean_text("details")

    @sensitive_variables()
    def clean_looking_for(self):
        return self._clean_text("looking_for")

    @sensitive_variables()
    def _clean_text(self, name):
        text = self.cleaned_data[name]
        if len(text) > MAX_CHECKED_LENGTH:
            raise _too_long(len(text))
        found = redact(text)
        problems = []
        if found.found:
            self.data = self.data.copy()
            self.data[name] = found.text
            problems.append(_personal_information(found.found))
        if len(found.text) > DETAILS_LIMIT:
            problems.append(_too_long(len(found.text)))
        if problems:
            raise ValidationError(problems)
        return text

    def clean(self):
        cleaned = super().clean()
        says_something = cleaned.get("reasons") or any(cleaned.get(name) for name in TEXTS)
        if not says_something and not self.errors:
            self.add_error(
                "reasons",
                ValidationError(_("Select at least one reason or provide details."), code="empty"),
            )
        return cleaned

    @property
    def retention_period(self):
        """How long a report is kept at least, in words of the page's language that stay on one line."""
        days = placeholders.value("reports_kept_days", self.page.language)
        return typeset(days, self.page.language)

    @property
    def codes(self):
        """The kinds of error found, for the log."""
        return sorted({error.code or "" for errors in self.errors.as_data().values() for error in errors})

    def summary(self):
        """Every error with the id of the field to mend, in the order of the form."""
        places = {"reasons": "report_reasons_0"}
        return [
            (places.get(name, f"report_{name}") if name in self.fields else "", error)
            for name, errors in self.errors.items()
            for error in errors
        ]

    def report(self, edition, *, spam_sign):
        """What was said of an edition, not yet saved. The form must be valid."""
        texts = {name: redact(self.cleaned_data.get(name, "")).text for name in TEXTS}
        reasons = self.cleaned_data["reasons"]
        if not reasons and not texts["details"]:  # who says only what they were looking for has not found it
            reasons = [Reason.NOT_FOUND]
        return ProblemReport(
            page_id=edition.page_id,
            edition=edition,
            language=self.page.language,
            section=self.page.section_key(self.cleaned_data["section"]),
            masked_kinds=[str(kind) for kind in kinds_masked_in("\n".join(texts.values()))],
            spam_sign=spam_sign,
            **texts,
            **dict.fromkeys(reasons, True),
        )


def _personal_information(kinds):
    found = get_text_list([str(KIND_LABELS[kind]) for kind in kinds], _("and"))
    return ValidationError(
        _(
            "To protect your privacy, we masked what looks like personal information: %(found)s. Nothing was "
            "saved. Check your text, then submit it again."
        ),
        params={"found": found},
        code="personal_information",
    )


def _too_long(length):
    excess = length - DETAILS_LIMIT
    return ValidationError(
        ngettext(
            "Your text is %(excess)d character over the limit of 300.",
            "Your text is %(excess)d characters over the limit of 300.",
            excess,
        ),
        params={"excess": excess},
        code="too_long",
    )


def sign_time_shown():
    """When a form was shown, signed; only for forms made for one visitor."""
    return signing.dumps(round(time.time(), 1), salt=SALT)


def seconds_since_shown(stamp):
    """The age of a stamp; None for none, or one that is not ours."""
    try:
        return time.time() - signing.loads(stamp, salt=SALT)
    except signing.BadSignature:
        return None
