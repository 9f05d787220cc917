"""Model and form fields for what people enter: text that is always clean, and pictures that are safe to show."""

import json
import logging
import secrets
from dataclasses import asdict

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import html, images
from .text_cleaning import clean_line, clean_lines

logger = logging.getLogger(__name__)

NOT_STORED = _(
    "The server could not store the image, and nothing was saved. Save again in a few minutes. If it "
    "still fails, tell the person who runs this site."
)


def new_key():
    """Returns a key for a page or a block: eight hexadecimal digits, the same in every edition and language."""
    return secrets.token_hex(4)


class PlainTextFormField(forms.CharField):
    """Text that is clean before its length is counted: of one line, or of several with `multiline`.

    NUL alone is refused, as by every field of Django's: no keyboard and no clipboard has it.
    """

    def __init__(self, *args, multiline=False, **kwargs):
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values or "\0" in text:
            return text
        return (clean_lines if self.multiline else clean_line)(text) or self.empty_value


class PlainTextMixin:
    """For a model field: its text is clean in the database and whenever it is read.

    It is cleaned on every way in, as by `save`, `bulk_create`, `update` and in what is looked for, and on the way out,
    because a database may hold what was written before there was this rule. The column is that of Django's own field.
    """

    def __init__(self, *args, multiline=False, **kwargs):
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        """Gives the field of Django's: how a text is cleaned is no matter of the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs

    def _clean(self, value):
        if not isinstance(value, str):
            return value
        return clean_lines(value) if self.multiline else clean_line(value)

    def to_python(self, value):
        return self._clean(super().to_python(value))

    def from_db_value(self, value, expression, connection):
        return self._clean(value)

    def pre_save(self, instance, add):
        cleaned = self._clean(super().pre_save(instance, add))
        setattr(instance, self.attname, cleaned)
        return cleaned

    def formfield(self, **kwargs):
        if self.choices is None:
            kwargs = {"form_class": PlainTextFormField, "multiline": self.multiline, **kwargs}
        return super().formfield(**kwargs)


class PlainCharField(PlainTextMixin, models.CharField):
    pass


class PlainTextField(PlainTextMixin, models.TextField):
    pass


class RichTextField(models.TextField):
    """HTML limited to what the site renders.

    It is cleaned on every way into the database, not in forms alone, so that an import or a restored
    edition cannot carry anything that the editor would have refused.
    """

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        cleaned = html.clean(value) if value else value
        setattr(instance, self.attname, cleaned)
        return cleaned


class PictureFormField(forms.FileField):
    """Stores an upload and gives its `images.Image`, or says in the editor's words why not.

    It also takes an `images.Image`, a picture that is stored already and that the form has kept. An upload is stored
    before anything else is saved, so that a store that fails is an error of this field and no half of a page is left.
    """

    widget = forms.FileInput

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and _stored(upload)

    def clean(self, data, initial=None):
        if isinstance(data, images.Image | images.ValidatedUpload):
            return data
        return super().clean(data, initial)

    def has_changed(self, initial, data):
        return data is not None and data != initial

    def bound_data(self, data, initial):
        """What a form with errors shows again: an upload is stored, so that it need not be chosen once more."""
        if not isinstance(data, UploadedFile):
            return data or initial
        try:
            data.seek(0)
            return _stored(data)
        except ValidationError:
            return initial


def _stored(upload):
    """Returns the `images.Image` of an upload. Raises ValidationError where it is refused or cannot be stored."""
    original = images.validate_upload(upload.read())
    try:
        with images.storage_errors():
            return images.store(original, default_storage)
    except (images.StorageFailed, FileNotFoundError) as error:
        logger.error("An image could not be stored: %s", error)
        raise ValidationError(NOT_STORED, code="not_stored") from error


class PictureField(models.TextField):
    """The description of a stored picture (`images.Image`); its files are written when the row is saved."""

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if not value:
            return None
        if isinstance(value, images.Image | images.ValidatedUpload):
            return value
        try:
            plain = json.loads(value)
            return images.Image(**{**plain, "widths": tuple(plain["widths"])})
        except (TypeError, ValueError, KeyError) as error:
            raise ValidationError("Not the description of a picture.") from error

    def get_prep_value(self, value):
        return "" if not value else json.dumps(asdict(value), sort_keys=True)

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        if isinstance(value, images.ValidatedUpload):
            value = images.store(value, default_storage)
            setattr(instance, self.attname, value)
        return value

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": PictureFormField, "max_length": None, **kwargs})

    def save_form_data(self, instance, data):
        if data is not None:
            setattr(instance, self.name, data or None)
