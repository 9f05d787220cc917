"""Choosing a picture or a file: what is there now, one to replace it, and no need to choose again after an error."""

from dataclasses import asdict

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import image_library, images, part_views, working_copy
from ..document import LANGUAGES
from ..fields import PictureFormField
from ..file_formats import FORMATS
from ..integers import parse_integer
from ..models.library_image import LibraryImage
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
        picture = part_views.picture(value, media=MEDIA_URL)
        return {"image": value, "picture": picture, "kept": sign_image(value)}

    def load(self, text):
        return load_signed_image(text)


class LibraryImageInput(forms.FileInput):
    """Chooses an image of the library, or takes a file for it; the form carries the id of what is chosen."""

    chosen = None
    choices = ()  # Django's wrapper of related fields asks for them

    def __init__(self, attrs=None):
        super().__init__({"accept": PictureInput.accept, "data-picture": "", **(attrs or {})})

    def render(self, name, value, attrs=None, renderer=None):
        image = self._row(value)
        context = {"widget": self.get_context(name, None, attrs)["widget"], "image": image}
        if image:
            languages = LANGUAGES if image.image_fr else LANGUAGES[:1]
            files = [working_copy.read_shared(image).shown.file(language) for language in languages]
            context["pictures"] = [part_views.picture(file, media=MEDIA_URL) for file in files]
        return render_to_string("admin/pages/library_image_input.html", context)

    def _row(self, value):
        """The image with this id: most often the one that the figure has, which is known."""
        if self.chosen and str(self.chosen.pk) == str(value):
            return self.chosen
        number = parse_integer(str(value or ""))
        return LibraryImage.objects.filter(pk=number).first() if number else None

    def value_from_datadict(self, data, files, name):
        upload = super().value_from_datadict(data, files, name)
        return upload or ("" if data.get(f"{name}-clear") else data.get(f"{name}-kept", ""))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and f"{name}-kept" not in data and f"{name}-clear" not in data


class LibraryImageField(forms.Field):
    """Gives a `LibraryImage`: the one that was chosen, or that of a file that was sent, which is added to the library.

    A file is added before anything else is saved, so that it need not be sent again where another field is refused.
    """

    widget = LibraryImageInput

    def __init__(self, *, may_add, **kwargs):
        super().__init__(**kwargs)
        self.may_add = may_add
        self.files = PictureFormField()

    def prepare_value(self, value):
        return value.pk if isinstance(value, LibraryImage) else value

    def to_python(self, data):
        if isinstance(data, UploadedFile):
            return self._added(data)
        if self.widget.chosen and str(self.widget.chosen.pk) == str(data):
            return self.widget.chosen
        number = parse_integer(str(data or ""))
        image = LibraryImage.objects.filter(pk=number).first() if number else None
        if data and image is None:
            raise ValidationError(_("This image is no longer in the library. Choose another one."))
        return image

    def _added(self, upload):
        if not self.may_add:
            raise ValidationError(_("You are not allowed to add images. Choose one from the library."))
        return image_library.add_file(self.files.clean(upload), upload.name or "")

    def has_changed(self, initial, data):
        return isinstance(data, UploadedFile) or str(initial or "") != str(data or "")

    def bound_data(self, data, initial):
        """What a form with errors shows again: a file that was taken is in the library, and chosen."""
        if not isinstance(data, UploadedFile):
            return data
        try:
            data.seek(0)
            return self.to_python(data)
        except ValidationError:
            return initial


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
            "file": part_views.file_view(value, self.title, get_language(), media=MEDIA_URL),
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
