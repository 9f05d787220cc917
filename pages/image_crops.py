"""The part of a picture that pages show: a rectangle in pixels of the upright original, which stays as it is.

It is written as four numbers, “left top width height”. What is cut out is stored beside the original like a picture of
its own, under a name that follows from both: so it is known without being cut, and editions keep what they showed.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import images
from .images import Image, ValidatedUpload

# The least width and height of a part, in pixels; a picture that is smaller can only be shown whole.
MIN_SIDE = 16
# To be raised with every change of how parts are cut.
DESIGN = 1

_CROP = re.compile(r"([0-9]{1,5}) ([0-9]{1,5}) ([0-9]{1,5}) ([0-9]{1,5})")

NOT_NUMBERS = gettext_lazy(
    "Write four whole numbers: how far from the left and from the top, the width and the height."
)


class Crop(NamedTuple):
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int

    def __str__(self) -> str:
        return " ".join(map(str, self))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.left + self.width, self.top + self.height


def parse(text: str) -> Crop | None:
    """Returns the rectangle that a text says; None for what says none."""
    found = _CROP.fullmatch(text)
    return Crop(*map(int, found.groups())) if found else None


def problem(crop: Crop, width: int, height: int) -> str | None:
    """Says in the active language what is wrong with a rectangle of a picture of this size; None where nothing is."""
    if crop.width < MIN_SIDE or crop.height < MIN_SIDE:
        text = _("The part is too small. Its width and its height must be %(least)s pixels or more.")
        return text % {"least": MIN_SIDE}
    if crop.left + crop.width > width or crop.top + crop.height > height:
        text = ngettext(
            "The part reaches beyond the image (%(width)s × %(height)s pixel).",
            "The part reaches beyond the image (%(width)s × %(height)s pixels).",
            max(width, height),
        )
        return text % {"width": width, "height": height}
    if crop.height * min(1, images.WIDTHS[-1] / crop.width) > images.MAX_RENDITION_HEIGHT:
        return _("The part is too long for its width. Make it wider or shorter.")
    return None


def message(written: str, image: Image | ValidatedUpload | None) -> str:
    """Says what is wrong with a text for a picture, in the active language; "" where nothing is."""
    if not written:
        return ""
    if image is None:
        return _("There is no image of which a part could be shown.")
    crop = parse(written)
    return str((problem(crop, image.width, image.height) if crop else NOT_NUMBERS) or "")


def part(image: Image | None, written: str) -> Image | None:
    """Returns the part of a stored picture that a text says: the whole for "", and for what does not fit it."""
    crop = parse(written) if image else None
    if image is None or crop is None or problem(crop, image.width, image.height):
        return image
    name = hashlib.sha256(repr((DESIGN, image.digest, tuple(crop))).encode()).hexdigest()[:32]
    return Image(name, image.format, crop.width, crop.height, images.widths_of(crop.width))


def store(image: Image | None, written: str, storage: Storage = default_storage) -> Image | None:
    """Returns `part`, and writes its files where they are not there yet. Raises whatever the storage raises."""
    shown = part(image, written)
    if image and shown and shown != image and not images.is_stored(shown, storage):
        _cut(image, shown, parse(written), storage)
    return shown


def _cut(image: Image, shown: Image, crop: Crop, storage: Storage) -> None:
    data = images.cut(images.original(image, storage), image.format, crop.box)
    images.store_as(shown, ValidatedUpload(data, image.format, crop.width, crop.height), storage)
