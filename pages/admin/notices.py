"""The fields for what the public reads beside a page: what was corrected, and why a page was withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy

from ..document import Bilingual
from ..fields import PlainTextFormField
from .bilingual import ShortTextInput, both_languages, label

MAX_LENGTH = 500


def _text_field(language, name, help_text):
    return PlainTextFormField(
        label=label(name, language),
        help_text=help_text,
        required=False,
        max_length=MAX_LENGTH,
        widget=ShortTextInput({"lang": language, "maxlength": MAX_LENGTH}),
    )


class NoticeForm(forms.Form):
    """Asks for a text in both languages, or in neither; `notice` names it, and `half` says so when one is missing.

    Without `takes_notice` the fields are left out, and the text is None.
    """

    notice, half = "", ""
    options = ()

    def __init__(self, *args, takes_notice=True, **kwargs):
        super().__init__(*args, **kwargs)
        for name in () if takes_notice else (*both_languages(self.notice), *self.options):
            del self.fields[name]

    @property
    def text(self):
        english, french = both_languages(self.notice)
        if english not in self.fields:
            return None
        return Bilingual(self.cleaned_data.get(english, ""), self.cleaned_data.get(french, ""))

    def clean(self):
        values = super().clean()
        missing = [name for name in both_languages(self.notice) if not values.get(name)]
        if len(missing) == 1 and missing[0] in self.fields and not self.errors:
            self.add_error(missing[0], self.half)
        return values


CORRECTION_LABEL = gettext_lazy("what was corrected (optional)")
CORRECTION_HELP = gettext_lazy(
    "Shown under its date on the public list of corrections. Say what the page said, what it says now and why. Write "
    "it in both languages or leave both empty."
)


class CorrectionForm(NoticeForm):
    notice, half = "correction", gettext_lazy("Write the correction in both languages or leave both empty.")
    options = ("thanks",)

    correction_en = _text_field("en", CORRECTION_LABEL, CORRECTION_HELP)
    correction_fr = _text_field("fr", CORRECTION_LABEL, CORRECTION_HELP)
    thanks = forms.BooleanField(
        label=gettext_lazy("Thank the visitor who reported it"), label_suffix="", required=False
    )


EXPLANATION_LABEL = gettext_lazy("explanation")
EXPLANATION_HELP = gettext_lazy(
    "Shown to anyone who visits the address. Write it in both languages or leave both empty."
)


class ExplanationForm(NoticeForm):
    notice, half = "explanation", gettext_lazy("Write the explanation in both languages or leave both empty.")

    explanation_en = _text_field("en", EXPLANATION_LABEL, EXPLANATION_HELP)
    explanation_fr = _text_field("fr", EXPLANATION_LABEL, EXPLANATION_HELP)


def correction_initial(edition):
    """Gives the initial values of the fields of a correction: what was submitted with an edition (or None)."""
    correction = getattr(edition, "correction", None)
    if correction is None:
        return {}
    names = both_languages("correction")
    return {names[0]: correction.text_en, names[1]: correction.text_fr, "thanks": correction.thanks}


def explanation_initial(edition):
    """Gives the initial values of the fields of an explanation: that of an edition (or None)."""
    return {name: getattr(edition, name) for name in both_languages("explanation")} if edition else {}
