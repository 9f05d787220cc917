"""Fields side by side in the two languages: their labels, the language they are written in, and their measure."""

import re

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from .. import people
from ..fields import DownloadField, PictureField, RichTextField
from ..models.active_language import active_language_first
from .datetimes import NearDateField
from .pictures import DownloadInput, PictureInput
from .rich_text import RichTextInput

# The limits that the editors are shown as they write; a longer text can be saved, and is still counted.
MAX_TITLE_LENGTH = 60
MAX_DESCRIPTION_LENGTH = 130
MAX_ALTERNATIVE_TEXT_LENGTH = {"en": 140, "fr": 170}


def _labelled(name, language):
    if language == "en":
        return pgettext("field of one language", "%(field)s (English)") % {"field": capfirst(str(name))}
    return pgettext("field of one language", "%(field)s (French)") % {"field": capfirst(str(name))}


label = lazy(_labelled, str)


def both_languages(name):
    """The two fields of a bilingual text, to stand side by side in a fieldset."""
    return (f"{name}_en", f"{name}_fr")


def in_both_languages(row, name):
    """Returns a title or name of a row as lists show it: in the language of the screen above the other one."""
    texts = ((language, getattr(row, f"{name}_{language}") or "—") for language in active_language_first())
    return format_html_join("", '<span lang="{}">{}</span>', texts)


class ShortTextInput(forms.Textarea):
    """Room for a sentence or two that stay on one line: line ends become spaces."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 2, "class": "ci-short-text", **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value and re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", value)


class LinesInput(forms.Textarea):
    """Room for some lines that stay lines, as those of a postal address."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3, "class": "ci-short-text", **(attrs or {})})


class BilingualFieldsMixin:
    """For an admin or inline: each field of one language says which one, to people and to their spell-checker.

    No language is required of a working copy: what is missing is said before publishing.
    """

    formfield_overrides = {
        RichTextField: {"widget": RichTextInput},
        PictureField: {"widget": PictureInput},
        DownloadField: {"widget": DownloadInput},
        models.DateField: {"form_class": NearDateField},
        models.TextField: {"widget": ShortTextInput},
    }
    max_lengths = {}
    short_text_fields = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        language = getattr(db_field, "language", None)
        name = db_field.translated_field.name if language else db_field.name
        if getattr(db_field, "multiline", False):
            kwargs["widget"] = LinesInput
        elif name in self.short_text_fields:
            kwargs["widget"] = ShortTextInput
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # other objects are made in their own place, not in a window
        if language:
            self._localise_field(field, name, language, db_field.translated_field.verbose_name)
        return field

    def _localise_field(self, field, name, language, verbose_name):
        field.required = False
        field.empty_value = ""  # and not None, though the column allows it
        field.label = label(verbose_name, language)
        field.widget.attrs["lang"] = language
        limit = self.max_lengths.get(name)
        if limit:
            field.widget.attrs["data-measure"] = limit[language] if isinstance(limit, dict) else limit


class UserChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return people.name_of(person)


NOBODY_LABEL = _("No one")
