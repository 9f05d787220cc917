"""Choosing a picture or a file: what is there now, one to replace it, and no need to choose again after an error."""

from dataclasses import asdict

from django import forms
from django.core import signing
from django.template.loader import render_to_string
from django.utils.translation import get_language

from .. import images, rendering
from ..file_formats import FORMATS
from ..stored_files import StoredFile
from .media import MEDIA_URL

SIGNING_SALT = "a picture that is stored already"
FILE_SALT = "a file that is stored already"


class StoredInput(forms.FileInput):
    """A file input that remembers what is stored in the form itself, signed, whatever becomes of its row."""

    accept = ""
    template = ""
    value_type: type

    def __init__(self, attrs=None):
        super().__init__({"accept": self.accept, **(attrs or {})})

    def describe(self, value):
        """Returns what the template says of a stored value, by name."""
        raise NotImplementedError

    def load(self, text):
        """Returns the value that a form has carried, or None."""
        raise NotImplementedError

    def render(self, name, value, attrs=None, renderer=None):
        widget = self.get_context(name, None, attrs)["widget"]
        stored = value if isinstance(value, self.value_type) else None
        context = {"widget": widget, "is_required": self.is_required, "stored": stored}
        return render_to_string(self.template, context | (self.describe(stored) if stored else {}))

    def value_from_datadict(self, data, files, name):
        upload = super().value_from_datadict(data, files, name)
        if upload:
            return upload
        if data.get(f"{name}-clear"):
            return False
        return self.load(data.get(f"{name}-kept", ""))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and f"{name}-kept" not in data and f"{name}-clear" not in data


class PictureInput(StoredInput):
    accept = "image/png,image/jpeg,image/webp"
    template = "admin/pages/picture_input.html"
    value_type = images.Image

    def __init__(self, attrs=None):
        super().__init__({"data-picture": "", **(attrs or {})})

    def describe(self, value):
        picture = rendering.picture(value, media=MEDIA_URL)
        return {"image": value, "picture": picture, "kept": sign_image(value)}

    def load(self, text):
        return load_signed_image(text)


class DownloadInput(StoredInput):
    """For a file of a language: the form gives its title, and what says what readers may miss in it."""

    accept = ",".join(f".{extension}" for extension in FORMATS)
    template = "admin/pages/download_input.html"
    value_type = StoredFile
    title = ""
    find_hints = None

    def describe(self, value):
        return {
            "hints": self.find_hints(value) if self.find_hints else [],
            "file": rendering.file_view(value, self.title, get_language(), media=MEDIA_URL),
            "kept": signing.dumps(asdict(value), salt=FILE_SALT),
        }

    def load(self, text):
        try:
            return StoredFile(**signing.loads(text, salt=FILE_SALT))
        except signing.BadSignature:
            return None


def sign_image(image):
    """The description of a stored picture, to be carried by a form: signed, because it names files."""
    return signing.dumps(asdict(image), salt=SIGNING_SALT)


def load_signed_image(text):
    """The picture that a form has carried, or None."""
    try:
        plain = signing.loads(text, salt=SIGNING_SALT)
    except signing.BadSignature:
        return None
    return images.Image(**{**plain, "widths": tuple(plain["widths"])})
