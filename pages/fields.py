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

from . import html, image_marks, images, stored_files
from .stored_files import StoredFile, ValidatedFile
from .text_cleaning import clean_line, clean_lines

logger = logging.getLogger(__name__)

NOT_STORED = _(
    "The server could not store the image, and nothing was saved. Save again in a few minutes. If it "
    "still fails, tell the person who runs this site."
)
FILE_NOT_STORED = _(
    "The server could not store the file, and nothing was saved. Save again in a few minutes. If it still fails, "
    "tell the person who runs this site."
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
        if value and value.isascii() and value.isprintable():
            return value.strip()  # what `_clean` gives, without its calls: a page reads dozens of these
        return self._clean(value) if value else value

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

    def save_form_data(self, instance, data):
        """Takes what a form has sent, whatever that says of images but which they are (`image_marks.as_written`)."""
        earlier = getattr(instance, self.attname) or ""
        super().save_form_data(instance, image_marks.as_written(html.clean(data), earlier) if data else data)


class StoredFormField(forms.FileField):
    """Stores an upload and gives its description, or says in the editor's words why not.

    It also takes a description, of what is stored already and the form has kept. An upload is stored before anything
    else is saved, so that a store that fails is an error of this field and no half of a page is left.
    """

    widget = forms.FileInput
    values: tuple[type, ...]

    def store(self, upload):
        """Returns the description of an upload. Raises ValidationError where it is refused or cannot be stored."""
        raise NotImplementedError

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and self.store(upload)

    def clean(self, data, initial=None):
        if isinstance(data, self.values):
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
            return self.store(data)
        except ValidationError:
            return initial


class PictureFormField(StoredFormField):
    """Gives an `images.Image`."""

    values = (images.Image, images.ValidatedUpload)

    def store(self, upload):
        return _stored(images, images.validate_upload(upload.read()), NOT_STORED)


class DownloadFormField(StoredFormField):
    """Gives a `stored_files.StoredFile`."""

    values = (StoredFile, ValidatedFile)

    def store(self, upload):
        return _stored(
            stored_files, stored_files.validate_upload(upload.read(), upload.name or ""), FILE_NOT_STORED
        )


def _stored(module, upload, message):
    """Returns the description of what `module` has stored. Raises ValidationError where it cannot be stored."""
    try:
        with images.storage_errors():
            return module.store(upload, default_storage)
    except (images.StorageFailed, FileNotFoundError) as error:
        logger.error("A file could not be stored: %s", error)
        raise ValidationError(message, code="not_stored") from error


class StoredField(models.TextField):
    """The description of something that is stored, as JSON; its files are written when the row is saved."""

    form_class: type[StoredFormField]

    def read(self, plain):
        """Returns the description that JSON says."""
        raise NotImplementedError

    def store(self, upload):
        """Writes an upload that was taken, and returns its description."""
        raise NotImplementedError

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if not value:
            return None
        if isinstance(value, self.form_class.values):
            return value
        try:
            return self.read(json.loads(value))
        except (TypeError, ValueError, KeyError) as error:
            raise ValidationError("Not the description of a stored file.") from error

    def get_prep_value(self, value):
        return "" if not value else json.dumps(asdict(value), sort_keys=True)

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        _stored_type, upload_type = self.form_class.values
        if isinstance(value, upload_type):
            value = self.store(value)
            setattr(instance, self.attname, value)
        return value

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": self.form_class, "max_length": None, **kwargs})

    def save_form_data(self, instance, data):
        if data is not None:
            setattr(instance, self.name, data or None)


class PictureField(StoredField):
    """The description of a stored picture (`images.Image`)."""

    form_class = PictureFormField

    def read(self, plain):
        return images.Image(**{**plain, "widths": tuple(plain["widths"])})

    def store(self, upload):
        return images.store(upload, default_storage)


class DownloadField(StoredField):
    """The description of a stored file that readers download (`stored_files.StoredFile`)."""

    form_class = DownloadFormField

    def read(self, plain):
        return StoredFile(**plain)

    def store(self, upload):
        return stored_files.store(upload, default_storage)
