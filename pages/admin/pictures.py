"""Choosing a picture: what is there now, a file to replace it, and no need to choose it again after an error."""

from dataclasses import asdict

from django import forms
from django.core import signing
from django.template.loader import render_to_string

from .. import images, rendering
from .media import MEDIA_URL

SIGNING_SALT = "a picture that is stored already"


class PictureInput(forms.FileInput):
    """A file input that remembers the stored picture in the form itself, signed, whatever becomes of its row."""

    def __init__(self, attrs=None):
        super().__init__({"accept": "image/png,image/jpeg,image/webp", "data-picture": "", **(attrs or {})})

    def render(self, name, value, attrs=None, renderer=None):
        widget = self.get_context(name, None, attrs)["widget"]
        image = value if isinstance(value, images.Image) else None
        context = {"widget": widget, "image": image, "is_required": self.is_required}
        if image:
            context["picture"] = rendering.picture(image, media=MEDIA_URL)
            context["kept"] = sign_image(image)
        return render_to_string("admin/pages/picture_input.html", context)

    def value_from_datadict(self, data, files, name):
        upload = super().value_from_datadict(data, files, name)
        if upload:
            return upload
        if data.get(f"{name}-clear"):
            return False
        return load_signed_image(data.get(f"{name}-kept", ""))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and f"{name}-kept" not in data and f"{name}-clear" not in data


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
