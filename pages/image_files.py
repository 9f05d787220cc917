"""What the bytes of a PNG, JPEG or WebP file hold: is the image whole, what is metadata, how is it turned?

Nothing is decoded here but the compression of PNG, of which no more than a piece is ever in memory. Other readers get
a file only as it leaves this module: whole, and with nothing in it but pixels, how to decode them, and colours.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import TypeVar

Part = TypeVar("Part")

# Far more than programs divide an image into: parts of a file; scans of a JPEG file, which all take as long as one.
MAX_PARTS, MAX_SCANS = 50_000, 100


class FileError(Exception):
    """Why no image can be taken out of a file."""


class NotAnImage(FileError):
    """It is none of the three kinds of file."""


class Damaged(FileError):
    """Something is missing or wrong, so that a browser cannot show the whole image."""


class Animated(FileError):
    """It holds a film, or several images that are shown one after the other."""


class Unusual(FileError):
    """It is whole, but of a kind that browsers do not show."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file without metadata. `orientation` is what those said, as in EXIF: 1 (upright) to 8."""

    data: bytes
    format: str
    orientation: int = 1


def clean(data: bytes) -> ImageFile:
    """Returns the file without metadata and without whatever follows the image; the same bytes if there is neither.

    Raises NotAnImage, Damaged, Animated or Unusual.
    """
    if data.startswith(PNG_SIGNATURE):
        cleaned = _clean_png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        cleaned = _clean_jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        cleaned = _clean_webp(data)
    else:
        raise NotAnImage
    return replace(cleaned, data=data) if cleaned.data == data else cleaned  # one of them in memory is enough


def orientation(exif: bytes) -> int:
    """Reads how EXIF says that an image is turned; 1 where it does not say so as browsers understand it."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, directory)
        for entry in range(directory + 2, directory + 2 + 12 * count, 12):
            tag, kind, number, value = struct.unpack_from(f"{order}HHIH", exif, entry)
            if (tag, kind, number) == (0x0112, 3, 1):
                return value if value in range(1, 9) else 1
    except struct.error:  # it is cut off
        pass
    return 1


def _bounded(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts of a file, each of which costs memory. Raises Damaged if they are more than any program writes."""
    for number, part in enumerate(parts):
        if number == MAX_PARTS:
            raise Damaged("The file has too many parts.")
        yield part


# PNG (https://www.w3.org/TR/png-3/)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Those that say what pixels and colours are.
PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"cHRM", b"gAMA", b"iCCP", b"pHYs", b"sBIT", b"sRGB"}
)
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
# Types of colour, and the samples of a pixel in each.
GREY, COLOUR, PALETTE, GREY_AND_ALPHA, COLOUR_AND_ALPHA = 0, 2, 3, 4, 6
PNG_SAMPLES = {GREY: 1, COLOUR: 3, PALETTE: 1, GREY_AND_ALPHA: 2, COLOUR_AND_ALPHA: 4}
# Where each pass of an interlaced image starts, and its steps: x, y, x, y.
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
CHUNK_SIZE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    kind: bytes
    body: bytes
    whole: bytes
    is_intact: bool


def _chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks up to IEND. One that the end of the file cuts off is not intact."""
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind, body, sum = data[at + 4 : at + 8], data[at + 8 : min(end - 4, len(data))], data[end - 4 : end]
        if kind == b"IEND":
            return
        yield Chunk(kind, body, data[at:end], sum == zlib.crc32(kind + body).to_bytes(4, "big"))
        at = end


def _clean_png(data: bytes) -> ImageFile:
    chunks = _effective_chunks(_chunks(data))
    if not chunks or chunks[0].kind != b"IHDR" or len(chunks[0].body) != 13:
        raise Damaged("The PNG file has no header.")
    by_kind = {chunk.kind: chunk for chunk in chunks}
    if chunks[0].body[9] == PALETTE and b"PLTE" not in by_kind:
        raise Damaged("The PNG file has no palette.")
    if b"cICP" in by_kind:  # it overrules what else is said of colours
        _refuse_colours_of_video(by_kind[b"cICP"])
    ignored = {kind for kind in (b"gAMA", b"cHRM", b"iCCP") if b"cICP" in by_kind}
    if not _is_readable(by_kind.get(b"iCCP")):
        ignored.add(b"iCCP")
    if not _is_understood(by_kind.get(b"tRNS"), depth=chunks[0].body[8], colour=chunks[0].body[9]):
        ignored.add(b"tRNS")
    parts = [chunk.whole for chunk in chunks if chunk.kind in PNG_CHUNKS - ignored]
    exif = by_kind[b"eXIf"].body if b"eXIf" in by_kind else b""
    return ImageFile(PNG_SIGNATURE + b"".join(parts) + PNG_END, "png", orientation(exif))


def _effective_chunks(chunks: Iterable[Chunk]) -> list[Chunk]:
    """What decoders look at: all pixels, and of every other kind the first one that is intact and before the pixels."""
    first: dict[bytes, Chunk] = {}
    pixels: list[Chunk] = []
    is_over, frames = False, 0
    for chunk in _bounded(chunks):
        if chunk.kind[:1].isupper():
            _refuse_damage(chunk)
        if chunk.kind == b"IDAT":
            if is_over:
                raise Damaged("The pixels of the PNG file are not in one piece.")
            pixels.append(chunk)
            continue
        is_over = bool(pixels)
        frames += chunk.kind == b"acTL"
        if not is_over and chunk.is_intact:
            first.setdefault(chunk.kind, chunk)
    _refuse_animation(first, frames)
    return [*first.values(), *pixels]


def _refuse_damage(chunk: Chunk) -> None:
    if not chunk.is_intact or chunk.kind not in PNG_CHUNKS:
        raise Damaged("A chunk of the PNG file is damaged.")


def _refuse_animation(first: dict[bytes, Chunk], controls: int) -> None:
    """A single frame that programs without animations show too is a still image."""
    is_still = controls == 1 and b"fcTL" in first and first[b"acTL"].body[:4] == b"\0\0\0\1"
    if controls and not is_still:
        raise Animated


def _refuse_colours_of_video(chunk: Chunk) -> None:
    """All but those of sRGB: some are more than a screen can show, and then each browser shows something else."""
    if chunk.body[:4] != b"\1\x0d\0\1":
        raise Unusual


def _is_readable(profile: Chunk | None) -> bool:
    return profile is not None and profile.body.partition(b"\0")[2][:1] == b"\0"


def _is_understood(transparency: Chunk | None, *, depth: int, colour: int) -> bool:
    """Whether the chunk is long enough and, for grey, names a value that pixels can have."""
    minimum = {GREY: 2, COLOUR: 6, PALETTE: 1}.get(colour)
    if transparency is None or minimum is None or len(transparency.body) < minimum:
        return False
    return colour != GREY or depth >= 8 or transparency.body[1] < 2**depth


def check_png(data: bytes) -> None:
    """Raises Damaged if the compressed pixels are fewer than the header says, or not what was once compressed.

    `data` is a clean file whose size in pixels is known to be acceptable.
    """
    chunks = list(_chunks(data))
    missing = _png_size(chunks[0].body)
    decompress = zlib.decompressobj()
    try:
        for chunk in chunks:
            if chunk.kind == b"IDAT":
                waiting = chunk.body
                while waiting and not decompress.eof:
                    missing -= len(decompress.decompress(waiting, CHUNK_SIZE))
                    waiting = decompress.unconsumed_tail
        while missing > 0 and (rest := decompress.decompress(b"", CHUNK_SIZE)):
            missing -= len(rest)
    except zlib.error as error:
        raise Damaged("The pixels of the PNG file are damaged.") from error
    if missing > 0:
        raise Damaged("Pixels of the PNG file are missing.")


def _png_size(header: bytes) -> int:
    """How many bytes the pixels take before they are compressed, with the byte in front of each line."""
    width, height, depth, colour, _compression, _filter, interlace = struct.unpack(">IIBBBBB", header)
    bits = depth * PNG_SAMPLES.get(colour, 0)
    passes = ADAM7 if interlace else ((0, 0, 1, 1),)
    size = 0
    for x, y, x_step, y_step in passes:
        columns, lines = ceil((width - x) / x_step), ceil((height - y) / y_step)
        if columns > 0 and lines > 0:
            size += lines * (1 + (columns * bits + 7) // 8)
    return size


# JPEG (https://www.w3.org/Graphics/JPEG/itu-t81.pdf)

EOI, SOS, DRI = 0xD9, 0xDA, 0xDD
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
SUPPORTED_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive, with Huffman coding
_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])")  # but for those that have no segment
_MARKER_AFTER_PIXELS = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_END_OF_INTERVAL = re.compile(rb"(?=\xff[\xd0-\xd7])")
# Bytes that no complete image would ever look at, but an incomplete one takes for pixels of all kinds. None is 0xFF,
# and the first is 0, with which one in front of it is no marker.
FILLING = bytes((73 * place + 29 * (place >> 5)) % 255 for place in range(32 * 1024))
MIN_FILLING, MAX_FILLING = 16, 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a JPEG file: from its marker to the next; `pixels` follow the segment itself in a scan."""

    marker: int
    body: bytes
    pixels: bytes = b""

    @property
    def whole(self) -> bytes:
        if self.marker == EOI:
            return b"\xff\xd9"
        length = (len(self.body) + 2).to_bytes(2, "big")
        return bytes([0xFF, self.marker]) + length + self.body + self.pixels


def _segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the end of the first image, as decoders find them: they skip what is no marker."""
    at = 2
    while found := _MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == EOI:
            yield Segment(EOI, b"")
            return
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or end < at + 2:
            raise Damaged("A segment of the JPEG file is cut off.")
        body, at, pixels = data[at + 2 : end], end, b""
        if marker == SOS:
            following = _MARKER_AFTER_PIXELS.search(data, end)
            at = following.start() if following else len(data)
            pixels = data[end:at]
        yield Segment(marker, body, pixels)


def _clean_jpeg(data: bytes) -> ImageFile:
    segments = list(_bounded(_segments(data)))
    if not segments or segments.pop().marker != EOI:
        raise Damaged("The JPEG file has no end, so that browsers leave out the last lines.")
    _check_frame(segments)
    clean = (
        b"\xff\xd8"
        + b"".join(segment.whole for segment in segments if _is_image_segment(segment))
        + b"\xff\xd9"
    )
    return ImageFile(clean, "jpeg", _jpeg_orientation(segments))


def _check_frame(segments: list[Segment]) -> None:
    frames = [segment for segment in segments if segment.marker in FRAMES]
    scans = sum(segment.marker == SOS for segment in segments)
    if len(frames) != 1 or not 0 < scans <= MAX_SCANS:
        raise Damaged("The JPEG file has no image, or more of it than can be read in reasonable time.")
    (frame,) = frames
    if len(frame.body) < 6 or len(frame.body) < 6 + 3 * frame.body[5]:
        raise Damaged("The header of the JPEG file is cut off.")
    if frame.marker not in SUPPORTED_FRAMES or frame.body[0] != 8 or frame.body[5] not in (1, 3, 4):
        raise Unusual
    _check_intervals(segments, frame)


def _check_intervals(segments: list[Segment], frame: Segment) -> None:
    """Raises Damaged if a scan has other intervals than its image takes; some encoders write one mark too many."""
    interval = 0
    for segment in segments:
        if segment.marker == DRI and len(segment.body) >= 2:
            interval = int.from_bytes(segment.body[:2], "big")
        if segment.marker == SOS:
            expected = ceil(_units(frame, segment) / interval) - 1 if interval else 0
            if len(_END_OF_INTERVAL.findall(segment.pixels)) not in (expected, expected + 1):
                raise Damaged("Parts of the JPEG file are missing.")


def _units(frame: Segment, scan: Segment) -> int:
    """The number of smallest coded units in a scan (T.81, A.2)."""
    height, width = struct.unpack_from(">HH", frame.body, 1)
    sampling = {frame.body[at]: divmod(frame.body[at + 1], 16) for at in range(6, 6 + 3 * frame.body[5], 3)}
    most_x, most_y = (max(factor[axis] for factor in sampling.values()) or 1 for axis in (0, 1))
    components = scan.body[1 : 1 + 2 * scan.body[0] : 2] if scan.body else b""
    x, y = (most_x, most_y)
    if len(components) == 1:
        own_x, own_y = sampling.get(components[0], (1, 1))
        return ceil(ceil(width * own_x / x) / 8) * ceil(ceil(height * own_y / y) / 8)
    return ceil(width / (8 * x)) * ceil(height / (8 * y))


def with_filling(data: bytes) -> bytes:
    """Returns a clean JPEG file with further bytes behind the pixels of each interval.

    It looks the same where none of the pixels are missing: elsewhere these bytes are taken for them.
    """
    *segments, end = _segments(data)
    scans = [segment for segment in segments if segment.marker == SOS]
    intervals = sum(1 + len(_END_OF_INTERVAL.findall(scan.pixels)) for scan in scans)
    filling = FILLING[: max(MIN_FILLING, MAX_FILLING // max(1, intervals))]
    filled = (
        replace(segment, pixels=_END_OF_INTERVAL.sub(lambda _end: filling, segment.pixels) + filling)
        if segment.marker == SOS
        else segment
        for segment in segments
    )
    return b"".join([b"\xff\xd8", *(segment.whole for segment in filled), end.whole])


def _is_image_segment(segment: Segment) -> bool:
    """Whether a JPEG segment has pixels, how to decode them or what their colours mean."""
    marker, body = segment.marker, segment.body
    if marker == 0xE0:
        return body.startswith(b"JFIF\0") and len(body) == 14  # a longer one has a preview too
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return 0xC0 <= marker <= 0xCF or 0xDA <= marker <= 0xDD


def _jpeg_orientation(segments: list[Segment]) -> int:
    for segment in segments:
        if segment.marker == 0xE1 and segment.body.startswith(b"Exif\0"):
            return orientation(segment.body[6:])
    return 1


# WebP (https://developers.google.com/speed/webp/docs/riff_container)

WEBP_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
IS_ANIMATED, HAS_METADATA = 0b10, 0b1100


def _clean_webp(data: bytes) -> ImageFile:
    """Browsers do not turn these files, whatever their metadata say."""
    parts, at, end = [], 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Damaged("The WebP file is cut off.")
    while at < end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        if chunk[:4] == b"VP8X":
            flags = int.from_bytes(chunk[8:9], "big")
            if flags & IS_ANIMATED:
                raise Animated
            chunk = chunk[:8] + bytes([flags & ~HAS_METADATA]) + chunk[9:]
        if chunk[:4] in WEBP_CHUNKS - {known[:4] for known in parts}:
            parts.append(chunk)
        at += len(chunk)
    image = b"WEBP" + b"".join(parts)
    return ImageFile(b"RIFF" + len(image).to_bytes(4, "little") + image, "webp")
