"""Model fields for what editors enter: rich text that is always clean, and pictures that are safe to show."""

import json
from dataclasses import asdict

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from . import html, images


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
    """Takes an upload and gives an `images.Original`, or says in the editor's words why not.

    It also takes an `images.Image`, a picture that is stored already and that the form has kept.
    """

    widget = forms.FileInput

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and images.read(upload.read())

    def clean(self, data, initial=None):
        if isinstance(data, images.Image | images.Original):
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
            return images.store(images.read(data.read()), default_storage)
        except ValidationError:
            return initial


class PictureField(models.TextField):
    """The description of a stored picture (`images.Image`); its files are written when the row is saved."""

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if not value:
            return None
        if isinstance(value, images.Image | images.Original):
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
        if isinstance(value, images.Original):
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
