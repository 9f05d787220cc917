"""Pictures: which uploads are taken, what is kept of them, and the renditions that pages show.

An upload is distrusted: nothing is decoded before its size is known, nothing is kept but pixels and colours.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil

import PIL.Image
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import ImageCms

MEGABYTE, MEGAPIXEL = 1024 * 1024, 1_000_000

BYTES = 10 * MEGABYTE
# What the memory of a process may grow by, 250 MB, allows in pixels: to decode; to copy as well; to turn and
# encode again. WebP takes sixteen bytes a pixel to decode, the others four. Above the last two, pictures are halved.
DECODED = {"jpeg": 40 * MEGAPIXEL, "png": 40 * MEGAPIXEL, "webp": 12.5 * MEGAPIXEL}
COPIED = {"jpeg": 28 * MEGAPIXEL, "png": 28 * MEGAPIXEL, "webp": 11.5 * MEGAPIXEL}
ENCODED = {"jpeg": 28 * MEGAPIXEL, "png": 28 * MEGAPIXEL, "webp": 4 * MEGAPIXEL}
LONGEST_SIDE = 16_383

WIDTHS = (320, 640, 960, 1280)
TALLEST_RENDITION = 2 * WIDTHS[-1]
RENDITIONS = {"avif": {"quality": 55, "speed": 8}, "webp": {"quality": 80}}

# MPO is what phones write: a JPEG file with further pictures behind the first.
FORMATS = {"PNG": "png", "JPEG": "jpeg", "MPO": "jpeg", "WEBP": "webp"}
QUALITY: dict[str, dict[str, int]] = {"png": {}, "jpeg": {"quality": 92}, "webp": {"quality": 92}}

# For the whole process: no other part of it has a reason to decode more either.
PIL.Image.MAX_IMAGE_PIXELS = 40 * MEGAPIXEL
warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)


class ImageRefused(ValidationError):
    """An upload that is not taken; the message tells its sender what to do."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the storage. `widths` are those of its renditions; `width` and `height` the original's."""

    digest: str
    format: str
    width: int
    height: int
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Original:
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
        widths = sorted({width for width in WIDTHS if width < self.width} | {min(self.width, WIDTHS[-1])})
        return Image(digest, self.format, self.width, self.height, tuple(widths))


def read(data: bytes) -> Original:
    """What is kept of an upload: the very same bytes where they hold a picture alone.

    Otherwise metadata (place, camera, author, comments) and whatever stands behind the picture are cut out
    of them; a picture that metadata turn upright is turned, as sRGB, and encoded again. What this returns, it
    also takes unchanged. Raises ImageRefused.
    """
    if len(data) > BYTES:
        too_big = _("The file has %(size)s MB. Save the picture in at most %(limit)s MB and upload it again.")
        raise _refused(too_big, size=ceil(len(data) / MEGABYTE), limit=BYTES // MEGABYTE)
    try:
        with _opened(data) as picture:
            kept = _kept(data, picture)
        with _opened(kept) as picture:
            width, height = picture.size
            picture.draft(None, (1, 1))  # JPEG: goes through every byte, but makes an eighth of the pixels
            picture.load()
            return Original(kept, FORMATS[picture.format], width, height)
    except ImageRefused:
        raise
    except PIL.UnidentifiedImageError:
        raise _not_an_image(data) from None
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise _refused(_("The picture has too many pixels. Make it smaller and upload it again.")) from None
    except Exception as error:  # a hostile file makes decoders fail in any way there is
        damaged = _(
            "The picture is damaged or incomplete. Save it again in an image editor and upload that file."
        )
        raise _refused(damaged) from error


def store(original: Original, storage: Storage = default_storage) -> Image:
    """Writes the original and its renditions, those that are not there yet; each file appears whole or not at all."""
    image = original.image
    wanted = [
        (width, format) for width in image.widths for format in RENDITIONS
        if not storage.exists(rendition_name(image, width, format))
    ]  # fmt: skip
    for width, format, data in _renditions(original, wanted):
        _write(storage, rendition_name(image, width, format), data)
    if not storage.exists(original_name(image)):
        _write(storage, original_name(image), original.data)
    return image


def original(image: Image, storage: Storage = default_storage) -> bytes:
    """The stored original, byte for byte. Raises FileNotFoundError when the storage has lost it."""
    with storage.open(original_name(image)) as file:
        return file.read()


def extension(image: Image | Original) -> str:
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
    for kind, beginning in OTHER_KINDS.items():
        if re.match(beginning, data, re.DOTALL):
            other_kind = _(
                "%(kind)s files are not accepted. Save the picture as PNG or JPEG and upload that file."
            )
            return _refused(other_kind, kind=kind)
    return _refused(
        _("This is not a picture in PNG, JPEG or WebP. Save it in one of these formats and upload that.")
    )


def _opened(data: bytes) -> PIL.Image.Image:
    """The picture with its size known and nothing decoded yet."""
    picture = PIL.Image.open(BytesIO(data), formats=["PNG", "JPEG", "WEBP"])
    (width, height), limit = picture.size, DECODED[FORMATS[picture.format]]
    if width * height > limit:
        too_large = _(
            "The picture has %(size)s megapixels. Make it smaller, at most %(limit)s, and upload it again."
        )
        raise _refused(too_large, size=ceil(width * height / MEGAPIXEL), limit=int(limit / MEGAPIXEL))
    if max(width, height) > LONGEST_SIDE or height * min(1, WIDTHS[-1] / width) > TALLEST_RENDITION:
        raise _refused(_("The picture is too long for its width. Crop it or cut it into several pictures."))
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise _refused(_("Animated pictures are not accepted. Upload one still picture."))
    return picture


# Keeping: the parts of a file that make its picture, as they are where that is possible.

TURNS = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}


def _kept(data: bytes, picture: PIL.Image.Image) -> bytes:
    format, turn = FORMATS[picture.format], TURNS.get(_orientation(picture))
    if turn is None:
        with suppress(ValueError):
            return BARE[format](data)
    pixels = _pixels(picture, 2 if picture.width * picture.height > ENCODED[format] else 1)
    picture.close()  # lets go of its memory
    pixels = pixels if turn is None else pixels.transpose(turn)
    kept = _encoded(pixels, format, **QUALITY[format])
    while len(kept) > BYTES:
        pixels = pixels.reduce(2)
        kept = _encoded(pixels, format, **QUALITY[format])
    return kept


def _orientation(picture: PIL.Image.Image) -> int:
    """How metadata say that the picture is turned; upright where they cannot be read, as browsers have it."""
    with suppress(Exception):
        return picture.getexif().get(0x0112, 1)
    return 1


PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"cHRM", b"gAMA", b"iCCP", b"pHYs", b"sBIT", b"sRGB"}
)
WEBP_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
_FILLING = re.compile(rb"\xff+")
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _bare_png(data: bytes) -> bytes:
    kept, at, kind = [data[:8]], 8, b""
    while kind != b"IEND":
        end, kind = at + 12 + int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if end > len(data):
            raise ValueError("A chunk of the PNG file is cut off.")
        if kind in PNG_CHUNKS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _bare_jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while data[at : at + 2] != b"\xff\xd9":
        if data[at : at + 2] == b"\xff\xff":  # a marker may be preceded by any number of these
            at = _FILLING.match(data, at).end() - 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 2] == b"\xff\xda":  # the pixels follow, up to a marker other than those within them
            following = _NEXT_MARKER.search(data, end)
            end = following.start() if following else len(data)
        if data[at : at + 1] != b"\xff" or end >= len(data):
            raise ValueError("A segment of the JPEG file is cut off.")
        if _makes_the_picture(data[at:end]):
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, b"\xff\xd9"])


def _makes_the_picture(segment: bytes) -> bool:
    """Whether a JPEG segment has pixels, how to decode them or what their colours mean."""
    marker, beginning = segment[1], segment[4:]
    if marker == 0xE0:
        return beginning.startswith(b"JFIF\0") and len(segment) == 18  # a longer one has a preview too
    if marker == 0xE2:
        return beginning.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return beginning.startswith(b"Adobe")
    return 0xC0 <= marker <= 0xCF or 0xDA <= marker <= 0xDD


def _bare_webp(data: bytes) -> bytes:
    kept, at, end = [], 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError("The WebP file is cut off.")
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        if chunk[:4] == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0b1100]) + chunk[9:]  # says no more that metadata follow
        if chunk[:4] in WEBP_CHUNKS:
            kept.append(chunk)
        at += len(chunk)
    picture = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(picture).to_bytes(4, "little") + picture


BARE: dict[str, Callable[[bytes], bytes]] = {"png": _bare_png, "jpeg": _bare_jpeg, "webp": _bare_webp}


# Showing: pixels in sRGB, and the renditions made of them.


def _renditions(original: Original, wanted: list[tuple[int, str]]) -> Iterator[tuple[int, str, bytes]]:
    if not wanted:
        return
    with _opened(original.data) as picture:
        # A little more than the widest rendition needs, so that it is still made of several pixels to one.
        enough = WIDTHS[-1] * 9 // 8
        picture.draft(None, (enough, ceil(original.height * enough / original.width)))
        too_many = picture.width * picture.height > COPIED[original.format]
        pixels = _pixels(picture, max(picture.width // enough, 2 if too_many else 1))
        picture.close()  # lets go of its memory
    for width, format in wanted:
        height = max(1, round(original.height * width / original.width))
        rendition = pixels.resize((width, height), PIL.Image.Resampling.LANCZOS)
        yield width, format, _encoded(rendition, format, **RENDITIONS[format])


def _pixels(picture: PIL.Image.Image, factor: int) -> PIL.Image.Image:
    """A copy in sRGB, with transparency if there is any, of one pixel for each square of `factor` pixels.

    It is made in bands, since what is needed on the way would not fit in memory for a whole picture.
    """
    has_alpha = picture.has_transparency_data
    size = ceil(picture.width / factor), ceil(picture.height / factor)
    pixels = PIL.Image.new("RGBa" if has_alpha else "RGB", size)
    in_srgb = _to_srgb(picture, "RGBA" if has_alpha else "RGB")
    band = factor * max(1, MEGAPIXEL // (picture.width * factor))
    for top in range(0, picture.height, band):
        rows = picture.crop((0, top, picture.width, min(top + band, picture.height)))
        pixels.paste(in_srgb(rows).convert(pixels.mode).reduce(factor), (0, top // factor))
    return pixels


def _to_srgb(picture: PIL.Image.Image, mode: str) -> Callable[[PIL.Image.Image], PIL.Image.Image]:
    """What turns a part of the picture into sRGB, by its colour profile if it has one that can be used."""
    if picture.mode.startswith("I"):  # 16 bits of grey; converting alone would make all but black white
        return lambda rows: rows.point(lambda value: value * (1 / 257)).convert("L").convert(mode)
    with suppress(KeyError, OSError, ImageCms.PyCMSError):
        profile = ImageCms.ImageCmsProfile(BytesIO(picture.info["icc_profile"]))
        source = {"RGB ": mode, "GRAY": "L", "CMYK": "CMYK"}[profile.profile.xcolor_space]
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), source, mode)
        if picture.mode == source if source != mode else picture.mode not in ("1", "L", "LA", "CMYK"):
            return lambda rows: ImageCms.applyTransform(rows.convert(source), transform)
    return lambda rows: rows.convert(mode)


def _encoded(pixels: PIL.Image.Image, format: str, **options: int) -> bytes:
    file = BytesIO()
    visible = pixels.convert("RGBA") if pixels.mode == "RGBa" else pixels
    visible.save(file, format, **options)
    return file.getvalue()


def _write(storage: Storage, name: str, data: bytes) -> None:
    if not isinstance(storage, FileSystemStorage):  # others show a file only when they have all of it
        storage.save(name, ContentFile(data))
        return
    part = storage.path(storage.save(f"{name}.part", ContentFile(data)))
    with open(part, "rb+") as file:
        os.fsync(file.fileno())  # before the database says that the picture is there
    os.replace(part, storage.path(name))
