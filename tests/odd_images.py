"""Odd image files, made by hand: every way to write pixels and colours that browsers read, and what damages them.

`TAKEN` look like what a browser shows of them, `REFUSED` are those of which it shows something else, a part or nothing.
Both have files by names; the values of `REFUSED` are pairs of a file and the beginning of the reason.
"""

import struct
import zlib
from io import BytesIO

import PIL.Image
from PIL import ImageCms

from pages import image_colours

SIZE = WIDTH, HEIGHT = 64, 48
P3 = (0.3127, 0.3290, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
DAMAGED, ANIMATED, UNUSUAL = "The image is damaged", "Animated images", "Not every browser shows"

# PNG


def chunk(kind, body, *, sum=0):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) ^ sum)


def shade(x, y, channel=0):
    """A share from 0 to 1, the same in squares of eight pixels: red to the right, green downwards, blue both ways."""
    column, line = x // 8 / (WIDTH // 8 - 1), y // 8 / (HEIGHT // 8 - 1)
    return (column, line, (column + line) / 2, 0.2 + 0.8 * column)[channel]


def packed(values, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", value) for value in values)
    bits = "".join(f"{value:0{depth}b}" for value in values)
    return int(bits.ljust(-len(bits) % 8 + len(bits), "0"), 2).to_bytes((len(bits) + 7) // 8, "big")


def lines(depth, samples, value, columns=range(WIDTH), rows=range(HEIGHT)):
    most = 2**depth - 1
    for y in rows:
        yield b"\0" + packed([round(value(x, y, c) * most) for x in columns for c in range(samples)], depth)


def interlaced(depth, samples, value):
    for x, y, x_step, y_step in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        yield from lines(depth, samples, value, range(x, WIDTH, x_step), range(y, HEIGHT, y_step))


def pixels(depth, colour, *, interlace=0, value=shade):
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    by_sample = (lambda x, y, number: value(x, y, 3 * number)) if colour == 4 else value
    return b"".join((interlaced if interlace else lines)(depth, samples, by_sample))


def a_png(depth=8, colour=2, *before, interlace=0, after=b"", end=True, idat=None, raw=None, value=shade):
    header = struct.pack(">IIBBBBB", *SIZE, depth, colour, 0, 0, interlace)
    raw = pixels(depth, colour, interlace=interlace, value=value) if raw is None else raw
    idat = chunk(b"IDAT", zlib.compress(raw)) if idat is None else idat
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *before, idat, after]
    return b"".join([*parts, chunk(b"IEND", b"") if end else b""])


def number(kind, *values, **options):
    return chunk(kind, struct.pack(f">{len(values)}I", *values), **options)


def gamma(value, **options):
    return number(b"gAMA", value, **options)


def chromaticities(values):
    return number(b"cHRM", *(round(value * 100_000) for value in values))


def key(*values):
    return chunk(b"tRNS", struct.pack(f">{len(values)}H", *values))


def icc(profile, method=0):
    return chunk(b"iCCP", b"x\0" + bytes([method]) + zlib.compress(profile))


def exif(orientation):
    return b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" + bytes([0, orientation, 0, 0]) + bytes(4)


def palette(depth):
    colours = [
        bytes([255 * i // (2**depth - 1), 90, 255 - 255 * i // (2**depth - 1)]) for i in range(2**depth)
    ]
    return chunk(b"PLTE", b"".join(colours))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED_FOR_BLUE = SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
WIDE = image_colours._profile(1.8, P3)
GREY_PROFILE = (
    struct.pack(">I", 128 + 4 + 24 + 20 + 16) + bytes(4) + b"\x04\0\0\0mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28)
    + bytes.fromhex("0000f6d6000100000000d32d") + bytes(48) + struct.pack(">I", 2)
    + b"wtpt" + struct.pack(">II", 156, 20) + b"kTRC" + struct.pack(">II", 176, 16)
    + b"XYZ " + bytes(4) + bytes.fromhex("0000f6d6000100000000d32d") + b"para" + bytes(8) + struct.pack(">i", 65536)
)  # fmt: skip
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)
COMPRESSED = zlib.compress(pixels(8, 2))
MIDDLE = len(COMPRESSED) // 2
LOSSY = COMPRESSED[:MIDDLE] + COMPRESSED[MIDDLE + 5 :]


def near_key(x, y, channel):
    """Sixteen bits: half of the squares are of the key, the others differ from it in the lowest bit of one channel."""
    return (30_000 + (channel == 2 and x // 8 % 2)) / 65_535


PNG = {
    **{f"{depth} bit grey": a_png(depth, 0) for depth in (1, 2, 4, 8, 16)},
    **{f"{depth} bit grey, interlaced": a_png(depth, 0, interlace=1) for depth in (1, 2, 4, 8, 16)},
    **{f"{depth} bit grey with a key": a_png(depth, 0, key(2**depth - 1)) for depth in (1, 2, 4, 8, 16)},
    "8 bit grey with a key of more bits": a_png(8, 0, key(256 + 255)),
    "1 bit grey with a key that no pixel has": a_png(1, 0, key(255)),
    "16 bit grey with a key near others": a_png(16, 0, key(30_000), value=lambda x, y, c: (30_000 + x // 8) / 65_535),
    **{f"{depth} bit palette": a_png(depth, 3, palette(depth)) for depth in (1, 2, 4, 8)},
    **{
        f"{depth} bit palette with transparency": a_png(depth, 3, palette(depth), chunk(b"tRNS", b"\0\x80"))
        for depth in (1, 2, 4, 8)
    },
    **{
        f"{depth} bit {name}{', interlaced' if interlace else ''}": a_png(depth, colour, interlace=interlace)
        for depth in (8, 16)
        for name, colour in (("colour", 2), ("grey and alpha", 4), ("colour and alpha", 6))
        for interlace in (0, 1)
    },
    "8 bit colour with a key": a_png(8, 2, key(0, 0, 0)),
    "8 bit colour with a key that is too short": a_png(8, 2, chunk(b"tRNS", b"\0\0")),
    "16 bit colour with a key": a_png(16, 2, key(30_000, 30_000, 30_000), value=near_key),
    "alpha with a key": a_png(8, 6, key(0, 0, 0)),
    "a key after the pixels": a_png(after=key(0, 0, 0)),
    "a suggested palette": a_png(8, 2, palette(8)),
    "gamma 1": a_png(8, 2, gamma(100_000)),
    "gamma 1, grey": a_png(8, 0, gamma(100_000)),
    "gamma 1, 16 bit grey": a_png(16, 0, gamma(100_000)),
    "gamma 1, 16 bit colour": a_png(16, 2, gamma(100_000)),
    "gamma 1, palette": a_png(4, 3, gamma(100_000), palette(4)),
    "gamma 1, alpha": a_png(8, 6, gamma(100_000)),
    "gamma 2.2 alone": a_png(8, 2, gamma(45_455)),
    "gamma 2.2 and the colours of sRGB": a_png(8, 2, gamma(45_455), chromaticities(image_colours.SRGB_CHROMATICITIES)),
    "gamma 2.2 and wide colours": a_png(8, 2, gamma(45_455), chromaticities(P3)),
    "wide colours without gamma": a_png(8, 2, chromaticities(P3)),
    "gamma 0": a_png(8, 2, gamma(0)),
    "gamma that is damaged": a_png(8, 2, gamma(100_000, sum=1)),
    "gamma after the pixels": a_png(after=gamma(100_000)),
    "two gammas": a_png(8, 2, gamma(45_455), gamma(100_000)),
    "sRGB and gamma": a_png(8, 2, chunk(b"sRGB", b"\0"), gamma(100_000)),
    "sRGB and a profile": a_png(8, 2, chunk(b"sRGB", b"\0"), icc(RED_FOR_BLUE)),
    "a profile": a_png(8, 2, icc(RED_FOR_BLUE)),
    "a wide profile": a_png(8, 2, icc(WIDE)),
    "a wide profile, alpha": a_png(8, 6, icc(WIDE)),
    "a wide profile, palette": a_png(8, 3, icc(WIDE), palette(8)),
    "a profile, grey": a_png(8, 0, icc(WIDE)),
    "a profile for grey, grey": a_png(8, 0, icc(GREY_PROFILE)),
    "a profile for grey, grey and alpha": a_png(8, 4, icc(GREY_PROFILE)),
    "a profile for grey, colour": a_png(8, 2, icc(GREY_PROFILE)),
    "a profile that is none, and gamma": a_png(8, 2, icc(bytes(200)), gamma(100_000)),
    "a profile compressed in another way": a_png(8, 2, icc(RED_FOR_BLUE, method=1)),
    "the terms of video for sRGB, and a profile": a_png(8, 2, chunk(b"cICP", b"\1\x0d\0\1"), icc(RED_FOR_BLUE)),
    **{f"EXIF orientation {n}": a_png(8, 2, chunk(b"eXIf", exif(n))) for n in range(10)},
    "EXIF after the pixels": a_png(after=chunk(b"eXIf", exif(6))),
    "EXIF twice": a_png(8, 2, chunk(b"eXIf", exif(1)), chunk(b"eXIf", exif(6))),
    "orientation in XMP only": a_png(8, 2, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "one frame": a_png(8, 2, number(b"acTL", 1, 0), chunk(b"fcTL", struct.pack(">5I3H", 0, *SIZE, 0, 0, 0, 0, 0))),
    "bytes behind the end": a_png() + b"PK\x03\x04" * 9,
    "no end": a_png(end=False),
    "an end that is damaged": a_png(end=False) + chunk(b"IEND", b"", sum=1),
    "the pixels in many pieces": a_png(
        idat=b"".join(chunk(b"IDAT", COMPRESSED[at : at + 7]) for at in range(0, len(COMPRESSED), 7))
    ),
    "more pixels than lines": a_png(raw=pixels(8, 2) + bytes(500)),
    "no checksum behind the pixels": a_png(idat=chunk(b"IDAT", COMPRESSED[:-4])),
}  # fmt: skip

REFUSED_PNG = {
    "five bytes lost": (a_png()[:MIDDLE] + a_png()[MIDDLE + 5 :], DAMAGED),
    "five bytes lost and the sums right": (a_png(idat=chunk(b"IDAT", LOSSY)), DAMAGED),
    "the second half lost": (a_png()[: len(a_png()) // 2], DAMAGED),
    "the last lines lost": (a_png(raw=pixels(8, 2)[: -3 * WIDTH]), DAMAGED),
    "the last lines lost, interlaced": (a_png(8, 2, interlace=1, raw=pixels(8, 2, interlace=1)[: -3 * WIDTH]), DAMAGED),
    "a sum of pixels that is wrong": (a_png(idat=chunk(b"IDAT", COMPRESSED, sum=1)), DAMAGED),
    "a header that is damaged": (a_png().replace(b"IHDR\0\0\0\x40", b"IHDR\0\0\0\x41"), DAMAGED),
    "a palette that is missing": (a_png(8, 3), DAMAGED),
    "a chunk that nobody knows": (a_png(8, 2, chunk(b"ABCD", b"x")), DAMAGED),
    "the pixels in two places": (
        a_png(idat=chunk(b"IDAT", COMPRESSED[:9]) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", COMPRESSED[9:])),
        DAMAGED,
    ),
    "the terms of video": (a_png(8, 2, chunk(b"cICP", b"\x0c\x0d\0\1")), UNUSUAL),
    "two frames": (a_png(8, 2, chunk(b"acTL", struct.pack(">II", 2, 0))), ANIMATED),
}  # fmt: skip

# JPEG


def a_picture(mode="RGB"):
    colours = PIL.Image.new("RGB", SIZE)
    colours.putdata(
        [tuple(round(255 * shade(x, y, c)) for c in range(3)) for y in range(HEIGHT) for x in range(WIDTH)]
    )
    return colours.convert(mode)


def encoded(format, mode="RGB", **options):
    file = BytesIO()
    a_picture(mode).save(file, format, **options)
    return file.getvalue()


def a_jpeg(mode="RGB", **options):
    return encoded("JPEG", mode, **{"quality": 95, "subsampling": 0, **options})


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(data, *segments):
    return data[:2] + b"".join(segments) + data[2:]


def exif_segment(orientation):
    return segment(0xE1, EXIF + exif(orientation))


def without_adobe(data):
    start = data.index(b"\xff\xee")
    return data[:start] + data[start + 16 :]


def as_ycck(data):
    place = data.index(b"Adobe") + 11
    return data[:place] + b"\2" + data[place + 1 :]


def a_noisy_jpeg(**options):
    """One whose pixels take many bytes, so that parts can be lost."""
    file = BytesIO()
    noise = [PIL.Image.linear_gradient("L").rotate(90 * turn).resize((160, 120)) for turn in range(3)]
    PIL.Image.merge("RGB", noise).save(file, "JPEG", quality=97, **options)
    return file.getvalue()


def cut(data, share=0.6, end=b"\xff\xd9"):
    return data[: round(len(data) * share)] + end


def without_interval(data, number):
    """Without what stands between a restart marker and the next one of the same kind."""
    first = data.index(bytes([0xFF, 0xD0 + number]))
    return data[:first] + data[data.index(bytes([0xFF, 0xD0 + number]), first + 2) :]


def with_half_an_interval(data, number):
    first = data.index(bytes([0xFF, 0xD0 + number]))
    end = data.index(bytes([0xFF, 0xD0 + number + 1]), first)
    return data[: (first + end) // 2] + data[end:]


EXIF = b"Exif\0\0"
XMP_SEGMENT = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
THUMB = b"JFIF\0\1\1\0\0\1\0\1\2\2" + bytes(12)


def an_mpo():
    file = BytesIO()
    a_picture().save(file, "MPO", save_all=True, append_images=[PIL.Image.new("RGB", SIZE)])
    return file.getvalue()


JPEG = {
    "JPEG": a_jpeg(),
    "grey JPEG": a_jpeg("L"),
    "JPEG, 4:2:0": a_jpeg(subsampling=2),
    "JPEG, 4:2:2": a_jpeg(subsampling=1),
    "progressive JPEG": a_jpeg(progressive=True),
    "progressive grey JPEG": a_jpeg("L", progressive=True),
    "JPEG with restarts": a_jpeg(restart_marker_blocks=3),
    "JPEG with a restart after each block": a_jpeg(restart_marker_blocks=1),
    "progressive JPEG with restarts": a_jpeg(progressive=True, restart_marker_blocks=5),
    "JPEG of red, green and blue": a_jpeg(keep_rgb=True),
    "CMYK": a_jpeg("CMYK"),
    "CMYK without Adobe's marker": without_adobe(a_jpeg("CMYK")),
    "YCCK": as_ycck(a_jpeg("CMYK")),
    "JPEG with a profile": a_jpeg(icc_profile=RED_FOR_BLUE),
    "JPEG with a wide profile": a_jpeg(icc_profile=WIDE),
    "JPEG with a long profile": a_jpeg(icc_profile=WIDE + bytes(150_000)),
    "JPEG with a profile that is none": a_jpeg(icc_profile=bytes(200)),
    "grey JPEG with a profile for colours": a_jpeg("L", icc_profile=WIDE),
    "grey JPEG with a profile for grey": a_jpeg("L", icc_profile=GREY_PROFILE),
    "JPEG with a profile for grey": a_jpeg(icc_profile=GREY_PROFILE),
    "CMYK with a profile for colours": a_jpeg("CMYK", icc_profile=WIDE),
    **{f"JPEG, EXIF orientation {n}": with_segments(a_jpeg(), exif_segment(n)) for n in range(10)},
    "JPEG, orientation in XMP only": with_segments(a_jpeg(), XMP_SEGMENT),
    "JPEG, upright in EXIF and turned in XMP": with_segments(a_jpeg(), exif_segment(1), XMP_SEGMENT),
    "JPEG, turned otherwise in EXIF than in XMP": with_segments(a_jpeg(), XMP_SEGMENT, exif_segment(8)),
    "JPEG, EXIF twice": with_segments(a_jpeg(), exif_segment(3), exif_segment(6)),
    "JPEG, EXIF cut off": with_segments(a_jpeg(), segment(0xE1, EXIF + exif(6)[:15])),
    "JPEG with a preview": with_segments(a_jpeg(), segment(0xE0, THUMB)),
    "MPO": an_mpo(),
    "JPEG with junk between segments": with_segments(a_jpeg(), segment(0xFE, b"junk"), b"\0\1\2"),
    "JPEG with bytes behind the end": a_jpeg() + b"PK\x03\x04" * 9,
    "JPEG whose last bytes are lost": a_noisy_jpeg()[:-3] + b"\xff\xd9",
}  # fmt: skip

IN_ROWS = a_noisy_jpeg(restart_marker_rows=1, subsampling=0)
TWELVE_BITS = (lambda data: data.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"))(a_jpeg())
REFUSED_JPEG = {
    "JPEG without an end": (a_jpeg()[:-2], DAMAGED),
    "JPEG cut off": (cut(a_noisy_jpeg(), end=b""), DAMAGED),
    "JPEG cut off and ended": (cut(a_noisy_jpeg()), DAMAGED),
    "JPEG nearly whole, and ended": (cut(a_noisy_jpeg(), 0.95), DAMAGED),
    "JPEG of which nothing but the header is left": (a_jpeg()[: a_jpeg().index(b"\xff\xda") + 14], DAMAGED),
    "progressive JPEG cut off": (cut(a_noisy_jpeg(progressive=True), end=b""), DAMAGED),
    "progressive JPEG cut off and ended": (cut(a_noisy_jpeg(progressive=True), 0.3), DAMAGED),
    "JPEG without an interval": (without_interval(IN_ROWS, 2), DAMAGED),
    "JPEG with half an interval": (with_half_an_interval(IN_ROWS, 2), DAMAGED),
    "JPEG without pixels": (a_jpeg()[: a_jpeg().index(b"\xff\xda")] + b"\xff\xd9", DAMAGED),
    "12 bit JPEG": (TWELVE_BITS, UNUSUAL),
    "JPEG with arithmetic coding": (a_jpeg().replace(b"\xff\xc0\0\x11", b"\xff\xc9\0\x11"), UNUSUAL),
    "JPEG without loss": (a_jpeg().replace(b"\xff\xc0\0\x11", b"\xff\xc3\0\x11"), UNUSUAL),
}  # fmt: skip

# WebP, and other kinds


def an_animation(format):
    return encoded(format, save_all=True, append_images=[PIL.Image.new("RGB", SIZE)], duration=100)


def transparent(format, **options):
    picture = a_picture("RGBA")
    picture.putalpha(PIL.Image.linear_gradient("L").resize(SIZE))
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


WEBP = {
    "WebP": encoded("WEBP", quality=95),
    "WebP without loss": encoded("WEBP", lossless=True),
    "WebP with alpha": transparent("WEBP", quality=95),
    "WebP with alpha, without loss": transparent("WEBP", lossless=True),
    "WebP with a profile": encoded("WEBP", lossless=True, icc_profile=RED_FOR_BLUE),
    "WebP with a wide profile": encoded("WEBP", lossless=True, icc_profile=WIDE),
    "WebP with a profile for grey": encoded("WEBP", lossless=True, icc_profile=GREY_PROFILE),
    **{f"WebP, EXIF orientation {n}": encoded("WEBP", lossless=True, exif=EXIF + exif(n)) for n in (1, 3, 6)},
    "WebP with bytes behind the end": encoded("WEBP", lossless=True) + b"PK\x03\x04" * 9,
}
REFUSED_WEBP = {
    "WebP cut off": (encoded("WEBP", lossless=True)[:-40], DAMAGED),
    "WebP cut off, with its length": (
        (lambda data: data[:4] + struct.pack("<I", len(data) - 8) + data[8:])(
            encoded("WEBP", quality=95)[:-60]
        ),
        DAMAGED,
    ),
    "animated WebP": (an_animation("WEBP"), ANIMATED),
}
REFUSED_OTHERS = {
    "GIF": (encoded("GIF"), "GIF files are not accepted"),
    "AVIF": (encoded("AVIF"), "AVIF files are not accepted"),
    "BMP": (encoded("BMP"), "BMP files are not accepted"),
    "TIFF": (encoded("TIFF"), "TIFF files are not accepted"),
    "animated PNG": (an_animation("PNG"), ANIMATED),
}

TAKEN = {**PNG, **JPEG, **WEBP}
REFUSED = {**REFUSED_PNG, **REFUSED_JPEG, **REFUSED_WEBP, **REFUSED_OTHERS}
