"""Pixels as browsers show them: in sRGB, by what the file says of its colours and of what is transparent.

Which of several statements about colours counts was found by looking at what Chromium shows (`test_images_browser`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import reduce
from io import BytesIO
from typing import Any

import PIL.Image
from PIL import ImageChops, ImageCms

Convert = Callable[[PIL.Image.Image], PIL.Image.Image]

GREY_MODES = frozenset({"1", "L", "LA"})
# The white of sRGB, and its red, green and blue, as x and y (IEC 61966-2-1).
SRGB_CHROMATICITIES = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
SRGB_GAMMA, NEAR = 0.45455, 0.05
# The white that colour profiles are written for (ICC.1:2022, 7.2.16), and how eyes adapt to another one (Bradford).
D50 = (0.9642, 1.0, 0.8249)
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))

Matrix = tuple[tuple[float, ...], ...]
Vector = tuple[float, ...]


def in_srgb(picture: PIL.Image.Image) -> Convert:
    """Returns what turns a part of the picture into sRGB: RGBA if something in the picture is transparent, else RGB."""
    colours = _colours(picture.mode, picture.info)
    if not picture.has_transparency_data:
        return colours

    def with_alpha(rows: PIL.Image.Image) -> PIL.Image.Image:
        converted = colours(rows)
        converted.putalpha(_alpha(rows, picture.info.get("transparency")))
        return converted

    return with_alpha


def with_exact_alpha(picture: PIL.Image.Image, low_bytes: PIL.Image.Image) -> PIL.Image.Image:
    """Returns RGBA of the upper eight bits of each value, transparent where all sixteen of all three fit the file."""
    key = picture.info["transparency"]
    upper, lower = tuple(value >> 8 for value in key), tuple(value & 255 for value in key)
    alpha = ImageChops.lighter(_differs(picture, upper), _differs(low_bytes, lower))
    colours = picture.copy()
    del colours.info["transparency"], colours.info["low_bytes"]
    colours.putalpha(alpha)
    return colours


def _colours(mode: str, info: dict[str, Any]) -> Convert:
    if mode.startswith(
        "I"
    ):  # 16 bits of grey, of which browsers show eight; converting would make most of it white
        convert = _colours("L", info)
        return lambda rows: convert(rows.convert("I").point([value >> 8 for value in range(65_536)], "L"))
    for profile in _profiles(info):
        with suppress(KeyError, OSError, ImageCms.PyCMSError):
            source = _source(mode, profile.profile.xcolor_space)
            transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), source, "RGB")
            return lambda rows: ImageCms.applyTransform(_opaque(rows).convert(source), transform)
    return lambda rows: _opaque(rows).convert("RGB")


def _opaque(rows: PIL.Image.Image) -> PIL.Image.Image:
    """Palettes in which some colours are transparent are turned into colours by way of RGBA only."""
    return rows.convert("RGBA") if rows.mode == "P" and "transparency" in rows.info else rows


def _source(mode: str, space: str) -> str:
    """The mode in which a profile of a colour space takes pixels of this mode; raises KeyError if it takes none."""
    if mode == "CMYK":
        return {"CMYK": "CMYK"}[space]
    return {"RGB ": "RGB", "GRAY": "L"}[space] if mode in GREY_MODES else {"RGB ": "RGB"}[space]


def _profiles(info: dict[str, Any]) -> Iterator[ImageCms.ImageCmsProfile]:
    """The profile of the file, or one of what else it says of its colours (PNG); none for sRGB."""
    if info.get("icc_profile"):
        with suppress(OSError, ImageCms.PyCMSError):
            yield ImageCms.ImageCmsProfile(BytesIO(info["icc_profile"]))
            return
    gamma = info.get("gamma")
    if gamma and "srgb" not in info and not _is_that_of_srgb(gamma, info):
        with suppress(ZeroDivisionError, struct.error, OSError, ImageCms.PyCMSError):
            profile = _profile(1 / gamma, info.get("chromaticity", SRGB_CHROMATICITIES))
            yield ImageCms.ImageCmsProfile(BytesIO(profile))


def _is_that_of_srgb(gamma: float, info: dict[str, Any]) -> bool:
    """Where only a gamma is given, browsers take one near that of sRGB to mean sRGB itself."""
    return "chromaticity" not in info and abs(gamma / SRGB_GAMMA - 1) <= NEAR


def _alpha(rows: PIL.Image.Image, key: int | bytes | tuple[int, ...] | None) -> PIL.Image.Image:
    """How opaque each pixel is. `key` is the one value, as decoded, whose pixels are not seen at all."""
    if rows.mode in ("RGBA", "LA"):
        return rows.getchannel("A")
    if isinstance(key, tuple):
        return _differs(rows, key)
    if rows.mode.startswith("I"):
        return rows.convert("I").point([255 * (value != key) for value in range(65_536)], "L")
    if rows.mode in GREY_MODES:
        return rows.convert("L").point(lambda value: 255 * (value != key))
    return rows.convert("RGBA").getchannel("A")


def _differs(picture: PIL.Image.Image, value: tuple[int, ...]) -> PIL.Image.Image:
    """255 for each pixel that is not of a value, else 0."""
    channels = [
        channel.point([255 * (shade != own) for shade in range(256)])
        for channel, own in zip(picture.split(), value, strict=True)
    ]
    return reduce(ImageChops.lighter, channels)


# A profile of what a PNG file says in numbers: of a gamma, and of the red, green, blue and white that it was made for.


def _profile(gamma: float, chromaticities: tuple[float, ...]) -> bytes:
    """A colour profile (ICC.1:2022) of a curve and three colours. Raises ZeroDivisionError if they are none."""
    colours = _colorants(chromaticities)
    curve = b"para" + bytes(8) + _fixed(gamma)
    tags = {
        **{
            name + b"XYZ": b"XYZ " + bytes(4) + b"".join(map(_fixed, xyz))
            for name, xyz in zip((b"r", b"g", b"b"), colours, strict=True)
        },
        b"wtpt": b"XYZ " + bytes(4) + b"".join(map(_fixed, D50)),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", at + len(body), len(value))
        body += value
    header = bytes(4) + bytes(4) + b"\x04\0\0\0" + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    header += b"".join(map(_fixed, D50)) + bytes(48)
    whole = header + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65_536))


def _colorants(chromaticities: tuple[float, ...]) -> Matrix:
    """Red, green and blue as XYZ under D50 (http://www.brucelindbloom.com/Eqn_RGB_XYZ_Matrix.html)."""
    white, *primaries = (_xyz(*chromaticities[at : at + 2]) for at in range(0, 8, 2))
    amounts = _times(_inverse(tuple(zip(*primaries, strict=True))), white)
    adapted = [own / seen for own, seen in zip(_times(BRADFORD, D50), _times(BRADFORD, white), strict=True)]
    back = _inverse(BRADFORD)

    def under_d50(xyz: Vector) -> Vector:
        cones = _times(BRADFORD, xyz)
        return _times(back, tuple(cone * factor for cone, factor in zip(cones, adapted, strict=True)))

    return tuple(
        under_d50(tuple(part * amount for part in primary))
        for primary, amount in zip(primaries, amounts, strict=True)
    )


def _xyz(x: float, y: float) -> Vector:
    return x / y, 1.0, (1 - x - y) / y


def _times(matrix: Matrix, vector: Vector) -> Vector:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    cofactors = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    determinant = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return tuple(tuple(value / determinant for value in row) for row in cofactors)
