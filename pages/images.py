"""Pictures: which uploads are taken, what is kept of them, and the renditions that pages show.

An upload is distrusted: nothing is decoded before its size is known, nothing is kept but pixels and colours.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from io import BytesIO
from math import ceil

import PIL.Image
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import ImageChops

from . import image_files
from .image_colours import in_srgb, with_exact_alpha
from .image_files import ImageFile

MEGABYTE, MEGAPIXEL = 1024 * 1024, 1_000_000

MAX_BYTES = 10 * MEGABYTE
# What the memory of a process may grow by, 250 MB, allows in pixels: to decode; to copy as well; to turn and
# encode again. WebP takes sixteen bytes a pixel to decode, the others four. Above the last two, pictures are halved.
MAX_DECODED_PIXELS = {"jpeg": 40 * MEGAPIXEL, "png": 40 * MEGAPIXEL, "webp": 12.5 * MEGAPIXEL}
MAX_COPIED_PIXELS = {"jpeg": 28 * MEGAPIXEL, "png": 28 * MEGAPIXEL, "webp": 11.5 * MEGAPIXEL}
MAX_ENCODED_PIXELS = {"jpeg": 28 * MEGAPIXEL, "png": 28 * MEGAPIXEL, "webp": 4 * MEGAPIXEL}
MAX_DEEP_PIXELS = 12.5 * MEGAPIXEL  # colours of 16 bits of which one is transparent
MAX_SIDE = 16_383

WIDTHS = (320, 640, 960, 1280)
MAX_RENDITION_HEIGHT = 2 * WIDTHS[-1]
RENDITIONS = {"avif": {"quality": 55, "speed": 8}, "webp": {"quality": 80}}

FORMATS = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp"}
QUALITY: dict[str, dict[str, int]] = {"png": {}, "jpeg": {"quality": 92}, "webp": {"quality": 92}}

# For the whole process: no other part of it has a reason to decode more either.
PIL.Image.MAX_IMAGE_PIXELS = 40 * MEGAPIXEL
warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)


class ImageRefused(ValidationError):
    """An upload that is not taken; the message tells its sender what to do."""


class StorageFailed(Exception):
    """The image store cannot be read or written: a full disk, a missing right, a server that does not answer."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise StorageFailed for whatever fails inside but FileNotFoundError: each storage has exceptions of its own."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:
        raise StorageFailed(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the storage. `widths` are those of its renditions; `width` and `height` the original's."""

    digest: str
    format: str
    width: int
    height: int
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ValidatedUpload:
    """An upload that was taken: upright, without metadata. `format` is png, jpeg or webp."""

    data: bytes = field(repr=False)
    format: str
    width: int
    height: int

    @property
    def image(self) -> Image:
        """How it will be known once it is stored.

        The digest is half of a SHA-256: enough for nobody to find two pictures with the same one by chance
        or, in practice, on purpose.
        """
        digest = hashlib.sha256(self.data).hexdigest()[:32]
        return Image(digest, self.format, self.width, self.height, widths_of(self.width))


def widths_of(width: int) -> tuple[int, ...]:
    """Returns the widths of the renditions of a picture."""
    return tuple(sorted({each for each in WIDTHS if each < width} | {min(width, WIDTHS[-1])}))


def validate_upload(data: bytes) -> ValidatedUpload:
    """What is kept of an upload: the very same bytes where they hold a picture alone.

    Otherwise metadata (place, camera, author, comments) and whatever stands behind the picture are cut out
    of them; a picture that metadata turn upright is turned, as sRGB, and encoded again. What this returns, it
    also takes unchanged. Raises ImageRefused.
    """
    if len(data) > MAX_BYTES:
        too_big = _("The file is %(size)s MB. Reduce the image to %(limit)s MB or less and upload it again.")
        raise _refused(too_big, size=ceil(len(data) / MEGABYTE), limit=MAX_BYTES // MEGABYTE)
    try:
        file = image_files.clean(data)
        _open(file.data).close()  # refuses what is too large before anything is decoded
        _require_all_pixels(file)
        upright = _without_rotation(file)
        with _open(upright) as picture:
            return ValidatedUpload(upright, file.format, *picture.size)
    except ImageRefused:
        raise
    except image_files.NotAnImage:
        raise _not_an_image(data) from None
    except image_files.Animated:
        raise _refused(_("Animated images are not accepted. Upload a still image.")) from None
    except image_files.Unusual:
        unusual = _(
            "Not every browser shows this kind of file the same way. Save the image as a PNG or JPEG file "
            "with 8 bits per colour, in sRGB, and upload it again."
        )
        raise _refused(unusual) from None
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise _refused(_("The image has too many pixels. Make it smaller and upload it again.")) from None
    except Exception as error:  # a hostile file makes decoders fail in any way there is
        damaged = _("The image is damaged or incomplete. Save it again in an image editor and upload it.")
        raise _refused(damaged) from error


def store(original: ValidatedUpload, storage: Storage = default_storage) -> Image:
    """Writes the original and its renditions, those that are not there yet; each file appears whole or not at all."""
    store_as(original.image, original, storage)
    return original.image


def store_as(image: Image, original: ValidatedUpload, storage: Storage = default_storage) -> None:
    """Writes the files of a picture under a name that may be another one than its own."""
    missing = [
        (width, format) for width in image.widths for format in RENDITIONS
        if not storage.exists(rendition_name(image, width, format))
    ]  # fmt: skip
    for width, format, data in _renditions(original, missing):
        write_file(storage, rendition_name(image, width, format), data)
    if not storage.exists(original_name(image)):
        write_file(storage, original_name(image), original.data)


def is_stored(image: Image, storage: Storage = default_storage) -> bool:
    """Whether all files of a picture are there; its original is written last."""
    return storage.exists(original_name(image))


def cut(data: bytes, format: str, box: tuple[int, int, int, int]) -> bytes:
    """Returns a part of a stored original as a file of the same format, in sRGB.

    `box` is left, top, right and bottom, in pixels.
    """
    with _open(data) as picture:
        size = picture.size
        pixels = _pixels(picture, 2 if size[0] * size[1] > MAX_ENCODED_PIXELS[format] else 1)
        picture.close()  # lets go of its memory
    # Of a large picture there may be fewer pixels than it has.
    across, down = pixels.width / size[0], pixels.height / size[1]
    left, top, right, bottom = box
    scaled = (round(left * across), round(top * down), round(right * across), round(bottom * down))
    return _encode(pixels.crop(scaled), format, **QUALITY[format])


def original(image: Image, storage: Storage = default_storage) -> bytes:
    """The stored original, byte for byte. Raises FileNotFoundError when the storage has lost it."""
    with storage.open(original_name(image)) as file:
        return file.read()


def extension(image: Image | ValidatedUpload) -> str:
    return "jpg" if image.format == "jpeg" else image.format


def original_name(image: Image) -> str:
    return f"images/{image.digest}/original.{extension(image)}"


def rendition_name(image: Image, width: int, format: str) -> str:
    """Where a rendition is in the storage. `format` is avif or webp, `width` one of the image's."""
    return f"images/{image.digest}/{width}.{format}"


# Refusing.

OTHER_KINDS = {
    "SVG": rb".{0,4000}?<svg[\s>]",
    "GIF": rb"GIF8",
    "AVIF": rb".{4}ftypavi[fs]",
    "HEIC": rb".{4}ftyp(?:hei|hev|mif1|msf1)",
    "TIFF": rb"II\*\0|MM\0\*",
    "BMP": rb"BM",
    "PDF": rb"%PDF",
}


def _refused(message: Promise, **params: object) -> ImageRefused:
    return ImageRefused(message, code="invalid_image", params=params)


def _not_an_image(data: bytes) -> ImageRefused:
    for kind, signature in OTHER_KINDS.items():
        if re.match(signature, data, re.DOTALL):
            other_kind = _(
                "%(kind)s files are not accepted. Save the image as a PNG or JPEG file and upload it again."
            )
            return _refused(other_kind, kind=kind)
    return _refused(
        _("This file is not a PNG, JPEG or WebP image. Save it in one of these formats and upload it again.")
    )


def _open(data: bytes) -> PIL.Image.Image:
    """The picture with its size known and nothing decoded yet."""
    picture = PIL.Image.open(BytesIO(data), formats=["PNG", "JPEG", "WEBP"])
    if picture.format == "PNG":
        _normalise_transparency(picture, data)
    (width, height), limit = picture.size, MAX_DECODED_PIXELS[FORMATS[picture.format]]
    if "low_bytes" in picture.info:
        limit = MAX_DEEP_PIXELS
    if width * height > limit:
        too_large = _("The image is %(size)s megapixels. Reduce it to %(limit)s or less and upload it again.")
        raise _refused(too_large, size=ceil(width * height / MEGAPIXEL), limit=int(limit / MEGAPIXEL))
    if max(width, height) > MAX_SIDE or height * min(1, WIDTHS[-1] / width) > MAX_RENDITION_HEIGHT:
        raise _refused(_("The image is too long for its width. Crop it or split it into several images."))
    return picture


def _normalise_transparency(picture: PIL.Image.Image, data: bytes) -> None:
    """Lets the one value that a PNG file says is transparent be as pixels of that value are when they are decoded.

    Of sixteen bits of colour the decoder gives the upper eight. The lower ones are `low_bytes`, decoded when needed.
    """
    key, depth = picture.info.get("transparency"), data[24]
    if isinstance(key, int):
        maximum = 2**depth - 1
        key &= maximum  # decoders look at so many bits
        picture.info["transparency"] = key * 255 // maximum if picture.mode in ("1", "L") else key
    elif isinstance(key, tuple) and depth == 16:
        low = PIL.Image.open(BytesIO(data), formats=["PNG"])
        low.tile = [tile._replace(args="RGB;16L") for tile in low.tile]
        picture.info["low_bytes"] = low
    elif isinstance(key, tuple):
        picture.info["transparency"] = tuple(value & 255 for value in key)


# Keeping: the file without metadata, upright.

EXIF_TRANSPOSE = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}

# How much of a JPEG file may be missing: encoders leave out the last bits of a block here and there, which nobody sees.
MAX_MISSING_SHARE = 1 / 1000
BLOCK = 8
# Differences between two decodings that nobody sees, of 255.
VISIBLE_DIFFERENCE = 8
# Of larger pictures, the check that nothing is missing looks at a quarter of the pixels each way, of others at half.
MAX_CHECKED_PIXELS = 12 * MEGAPIXEL


def _require_all_pixels(file: ImageFile) -> None:
    """Raises whatever decoders raise, or Damaged where they would fill a gap without a word."""
    if file.format == "jpeg":
        return _require_same_rendering(file.data, image_files.with_filling(file.data))
    if file.format == "png":
        image_files.check_png(file.data)
    with _open(file.data) as picture:
        picture.load()
    return None


def _require_same_rendering(data: bytes, filled_up: bytes) -> None:
    with _open(data) as original_image, _open(filled_up) as filled_image:
        step = 4 if original_image.width * original_image.height > MAX_CHECKED_PIXELS else 2
        for picture in (original_image, filled_image):
            picture.draft(None, (ceil(picture.width / step), ceil(picture.height / step)))
        difference = reduce(ImageChops.lighter, ImageChops.difference(original_image, filled_image).split())
    missing = sum(difference.histogram()[VISIBLE_DIFFERENCE:])
    if missing > max(MAX_MISSING_SHARE * difference.width * difference.height, (BLOCK / step) ** 2):
        raise image_files.Damaged("Pixels of the JPEG file are missing.")


def _without_rotation(file: ImageFile) -> bytes:
    """The file itself, or, where metadata say that it is turned, its pixels turned and encoded again."""
    turn = EXIF_TRANSPOSE.get(file.orientation)
    if turn is None:
        return file.data
    with _open(file.data) as picture:
        pixels = _pixels(
            picture, 2 if picture.width * picture.height > MAX_ENCODED_PIXELS[file.format] else 1
        )
        picture.close()  # lets go of its memory
    pixels = pixels.transpose(turn)
    encoded = _encode(pixels, file.format, **QUALITY[file.format])
    while len(encoded) > MAX_BYTES:
        pixels = pixels.reduce(2)
        encoded = _encode(pixels, file.format, **QUALITY[file.format])
    return encoded


# Showing: pixels in sRGB, and the renditions made of them.


def _renditions(
    original: ValidatedUpload, missing: list[tuple[int, str]]
) -> Iterator[tuple[int, str, bytes]]:
    if not missing:
        return
    with _open(original.data) as picture:
        # A little more than the widest rendition needs, so that it is still made of several pixels to one.
        enough = WIDTHS[-1] * 9 // 8
        picture.draft(None, (enough, ceil(original.height * enough / original.width)))
        too_many = picture.width * picture.height > MAX_COPIED_PIXELS[original.format]
        pixels = _pixels(picture, max(picture.width // enough, 2 if too_many else 1))
        picture.close()  # lets go of its memory
    for width, format in missing:
        height = max(1, round(original.height * width / original.width))
        rendition = pixels.resize((width, height), PIL.Image.Resampling.LANCZOS)
        yield width, format, _encode(rendition, format, **RENDITIONS[format])


def _pixels(picture: PIL.Image.Image, factor: int) -> PIL.Image.Image:
    """A copy in sRGB, with transparency if there is any, of one pixel for each square of `factor` pixels.

    It is made in bands, since what is needed on the way would not fit in memory for a whole picture.
    """
    if "low_bytes" in picture.info:
        picture = with_exact_alpha(picture, picture.info["low_bytes"])
    has_alpha = picture.has_transparency_data
    size = ceil(picture.width / factor), ceil(picture.height / factor)
    pixels = PIL.Image.new("RGBa" if has_alpha else "RGB", size)
    convert = in_srgb(picture)
    band = factor * max(1, MEGAPIXEL // (picture.width * factor))
    for top in range(0, picture.height, band):
        rows = picture.crop((0, top, picture.width, min(top + band, picture.height)))
        pixels.paste(convert(rows).convert(pixels.mode).reduce(factor), (0, top // factor))
    return pixels


def _encode(pixels: PIL.Image.Image, format: str, **options: int) -> bytes:
    file = BytesIO()
    visible = pixels.convert("RGBA") if pixels.mode == "RGBa" else pixels
    visible.save(file, format, **options)
    return file.getvalue()


def write_file(storage: Storage, name: str, data: bytes) -> None:
    """Writes a file that appears whole or not at all."""
    if not isinstance(storage, FileSystemStorage):  # others show a file only when they have all of it
        storage.save(name, ContentFile(data))
        return
    part = storage.path(storage.save(f"{name}.part", ContentFile(data)))
    with open(part, "rb+") as file:
        os.fsync(file.fileno())  # before the database says that the picture is there
    os.replace(part, storage.path(name))
