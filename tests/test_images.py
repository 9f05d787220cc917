import re
import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from io import BytesIO

import PIL.Image
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms, PngImagePlugin

from pages import images
from pages.images import Image, ImageRefused, ValidatedUpload, rendition_name, store, validate_upload

FORMATS = ["png", "jpeg", "webp"]
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Baghdad</x:xmpmeta>'


def a_picture(width=24, height=16, mode="RGB"):
    """Red above and left, then green, with blue below: no turned or mirrored copy looks the same."""
    picture = PIL.Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    return picture.convert("L").convert(mode) if mode == "LA" else picture.convert(mode)


def encoded(picture, format, **options):
    lossless = {"png": {}, "jpeg": {"quality": 95, "subsampling": 0}, "webp": {"lossless": True}}[format]
    file = BytesIO()
    picture.save(file, format, **{**lossless, **options})
    return file.getvalue()


def decoded(data):
    return PIL.Image.open(BytesIO(data))


def a_camera_s_metadata(*, orientation=1):
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = (33.0, 18.0, 55.0)  # latitude
    return exif


def a_photograph(format, *, orientation=1):
    options = {"exif": a_camera_s_metadata(orientation=orientation), "xmp": XMP}
    if format == "png":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add_text("Author", "CAMERA-MAKER")
        options = {"exif": options["exif"], "pnginfo": text}
    if format == "jpeg":
        options["comment"] = b"CAMERA-MAKER"
    return encoded(a_picture(), format, **options)


def reason(data):
    with pytest.raises(ImageRefused) as refused:
        validate_upload(data)
    return refused.value.messages[0]


# What is taken.


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        *(("png", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1")),
        *(("jpeg", mode) for mode in ("RGB", "CMYK", "L")),
        *(("webp", mode) for mode in ("RGB", "RGBA")),
    ],
)
def test_a_picture_alone_is_kept_byte_for_byte(format, mode):
    data = encoded(a_picture(mode=mode), format)
    assert validate_upload(data) == ValidatedUpload(data, format, 24, 16)


def test_a_progressive_jpeg_of_many_scans_is_kept_byte_for_byte():
    data = encoded(PIL.Image.effect_noise((64, 64), 90), "jpeg", progressive=True, restart_marker_blocks=3)
    assert data.count(b"\xff\xda") > 3
    assert validate_upload(data).data == data


def test_a_colour_profile_is_kept():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for format in FORMATS:
        data = encoded(a_picture(), format, icc_profile=profile)
        assert validate_upload(data).data == data
        assert decoded(data).info["icc_profile"] == profile


@pytest.mark.parametrize("format", FORMATS)
def test_metadata_are_cut_out_and_not_a_pixel_changes(format):
    data = a_photograph(format)
    kept = validate_upload(data).data
    assert b"CAMERA" in data
    for trace in (b"CAMERA", b"Baghdad", b"Exif", b"EXIF", b"eXIf", b"XMP", b"xmp"):
        assert trace not in kept
    assert not decoded(kept).getexif()
    assert decoded(kept).tobytes() == decoded(data).tobytes()
    assert validate_upload(kept).data == kept


@pytest.mark.parametrize("format", ["png", "jpeg"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_is_turned_as_its_metadata_say(format, orientation):
    data = a_photograph(format, orientation=orientation)
    upright = PIL.ImageOps.exif_transpose(decoded(data)).convert("RGB")
    taken = validate_upload(data)
    kept = decoded(taken.data).convert("RGB")
    assert (taken.format, taken.width, taken.height) == (format, *upright.size)
    for x in (3, kept.width - 4):
        for y in (3, kept.height - 4):
            assert near(kept.getpixel((x, y)), upright.getpixel((x, y)))
    assert not kept.getexif()
    assert validate_upload(taken.data).data == taken.data


def test_a_webp_file_is_not_turned_because_no_browser_does():
    assert decoded(validate_upload(a_photograph("webp", orientation=6)).data).size == (24, 16)


def test_a_turned_picture_that_would_outgrow_the_limit_is_halved(monkeypatch):
    noise = PIL.Image.effect_noise((400, 200), 90)
    data = encoded(noise, "jpeg", quality=40, exif=a_camera_s_metadata(orientation=6))
    monkeypatch.setattr(images, "MAX_BYTES", len(data))
    taken = validate_upload(data)
    assert (taken.width, taken.height) == (100, 200)
    assert validate_upload(taken.data).data == taken.data


def near(one, other):
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("format", FORMATS)
def test_what_stands_behind_a_picture_is_dropped(format):
    data = encoded(a_picture(), format)
    assert validate_upload(data + b"PK\x03\x04<script>").data == data


def test_a_preview_within_a_jpeg_is_dropped():
    data = encoded(a_picture(), "jpeg")
    preview = b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01ABC"
    header = b"\xff\xe0" + struct.pack(">H", 2 + len(preview)) + preview
    assert b"ABC" not in validate_upload(data[:2] + header + data[20:]).data


def test_a_phone_s_file_of_several_pictures_gives_the_first():
    file = BytesIO()
    a_picture().save(file, "MPO", save_all=True, append_images=[PIL.Image.new("RGB", (24, 16))])
    assert decoded(file.getvalue()).format == "MPO"
    taken = validate_upload(file.getvalue())
    assert taken.format == "jpeg"
    assert decoded(taken.data).format == "JPEG"
    assert near(decoded(taken.data).getpixel((3, 3)), RED)


# What is refused.


def a_png_that_claims(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def a_webp_that_claims(width, height):
    data = bytearray(encoded(PIL.Image.new("RGB", (8, 8)), "webp"))
    size = struct.unpack_from("<I", data, 21)[0] & ~0xFFFFFFF | (width - 1) | (height - 1) << 14
    struct.pack_into("<I", data, 21, size)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        a_png_that_claims(7000, 6000),
        a_png_that_claims(12_000, 12_000),
        a_png_that_claims(2_000_000_000, 2_000_000_000),
        a_webp_that_claims(16_000, 16_000),
        a_webp_that_claims(4000, 4000),
    ],
    ids=range(5),
)
def test_too_many_pixels_are_refused_before_they_are_decoded(data, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    assert re.search("(megapixels. Reduce it|too many pixels. Make it smaller)", reason(data))


@pytest.mark.slow
@pytest.mark.parametrize(
    "filling", [b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\xfe\x00\x02", b"\xff\xfe\x00\x00"]
)
@pytest.mark.parametrize("place", [2, -2])
def test_no_jpeg_takes_long_to_look_through(filling, place):
    data = encoded(a_picture(), "jpeg")
    start = time.process_time()
    with suppress(ImageRefused):
        validate_upload(data[:place] + filling * (9_000_000 // len(filling)) + data[place:])
    assert time.process_time() - start < 5


@pytest.mark.medium
@pytest.mark.parametrize("chunk", [b"\0\0\0\0IDAT" + b"5\xaf\x06\x1e", b"\0\0\0\0teXt" + bytes(4)])
def test_a_png_of_more_chunks_than_any_program_writes_is_refused(chunk):
    data = encoded(a_picture(), "png")
    place = data.index(b"IDAT") - 4
    assert validate_upload(data[:place] + chunk * 1000 + data[place:])
    assert "damaged" in reason(data[:place] + chunk * 60_000 + data[place:])


@pytest.mark.medium
def test_forty_megapixels_are_the_limit():
    taken = validate_upload(encoded(PIL.Image.new("1", (8000, 5000)), "png"))
    assert taken.width * taken.height == 40_000_000


def test_a_file_of_more_than_ten_megabytes_is_refused():
    data = encoded(a_picture(), "png")
    assert validate_upload(data + bytes(10 * 1024 * 1024 - len(data))).data == data
    assert reason(data + bytes(10 * 1024 * 1024 - len(data) + 1)) == (
        "The file is 11 MB. Reduce the image to 10 MB or less and upload it again."
    )


@pytest.mark.parametrize(("width", "height"), [(16_384, 1), (320, 2561), (1280, 2561), (2000, 4001)])
def test_a_picture_that_no_page_can_show_is_refused(width, height):
    assert "too long" in reason(encoded(PIL.Image.new("1", (width, height)), "png"))


@pytest.mark.parametrize(("width", "height"), [(16_383, 1), (320, 2560), (1280, 2560), (2000, 4000)])
def test_a_long_picture_that_a_page_can_show_is_taken(width, height):
    assert validate_upload(encoded(PIL.Image.new("1", (width, height)), "png")).height == height


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg onload="alert(1)">', "SVG"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(20), "AVIF"),
        (b"II*\0" + bytes(20), "TIFF"),
        (b"BM" + bytes(60), "BMP"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name(data, kind):
    assert reason(data) == (
        f"{kind} files are not accepted. Save the image as a PNG or JPEG file and upload it again."
    )


@pytest.mark.parametrize(
    "data", [b"", b"x", b"<html></html>", b"\x89PNG", b"\xff\xd8\xff", b"RIFF....WEBP", bytes(99)]
)
def test_what_is_no_picture_is_refused(data):
    assert "Save it" in reason(data)


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_cut_off_is_refused(format):
    data = encoded(PIL.Image.effect_noise((64, 64), 90).convert("RGB"), format)
    for length in (len(data) // 2, len(data) * 3 // 4):
        assert "Save it" in reason(data[:length])


@pytest.mark.parametrize("format", ["png", "webp"])
def test_an_animation_is_refused(format):
    frames = {"save_all": True, "append_images": [PIL.Image.new("RGB", (24, 16))]}
    assert reason(encoded(a_picture(), format, **frames)).startswith("Animated images are not accepted.")


def test_a_refusal_is_an_error_of_validation_in_the_language_of_the_reader():
    with pytest.raises(ValidationError) as refused:
        validate_upload(b"<svg></svg>")
    with override("fr"):
        assert refused.value.messages == [
            "Les fichiers SVG ne sont pas acceptés. "
            "Enregistrez l’image au format PNG ou JPEG et téléversez ce fichier."
        ]


SAMPLES = [a_photograph(format, orientation=o) for format in FORMATS for o in (1, 6)]


@pytest.mark.medium
@given(st.data())
def test_a_broken_file_is_taken_or_refused_and_nothing_else(data):
    broken = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(broken) - 1))
        broken[position] = data.draw(st.integers(0, 255))
    with suppress(ImageRefused):
        taken = validate_upload(bytes(broken))
        assert validate_upload(taken.data) == taken
        assert store(taken, InMemoryStorage()) == taken.image


# What is stored.


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, (1,)),
        (319, (319,)),
        (320, (320,)),
        (500, (320, 500)),
        (960, (320, 640, 960)),
        (1279, (320, 640, 960, 1279)),
        (1280, (320, 640, 960, 1280)),
        (7000, (320, 640, 960, 1280)),
    ],
)
def test_renditions_are_as_wide_as_pages_need_and_never_enlarged(width, widths):
    assert ValidatedUpload(b"", "png", width, 1).image.widths == widths


@pytest.mark.medium
def test_the_original_and_its_renditions_are_stored_under_the_digest_of_its_bytes():
    storage = InMemoryStorage()
    data = encoded(a_picture(700, 350), "jpeg")
    image = store(validate_upload(data), storage)
    assert image == Image(image.digest, "jpeg", 700, 350, (320, 640, 700))
    assert re.fullmatch("[0-9a-f]{32}", image.digest)
    assert images.original(image, storage) == data
    names = {f"{width}.{format}" for width in image.widths for format in ("avif", "webp")}
    assert set(storage.listdir(f"images/{image.digest}")[1]) == {"original.jpg", *names}
    for width in image.widths:
        for format in ("avif", "webp"):
            rendition = decoded(storage.open(rendition_name(image, width, format)).read())
            assert (rendition.format.lower(), rendition.size) == (format, (width, width // 2))


def shown(picture, format="png", **options):
    """What visitors see of an upload: its widest AVIF rendition."""
    storage = InMemoryStorage()
    image = store(validate_upload(encoded(picture, format, **options)), storage)
    return decoded(storage.open(rendition_name(image, image.widths[-1], "avif")).read())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_shown(mode):
    picture = PIL.Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (0, 0, 32, 64))
    visible = shown(picture.convert(mode)).convert("RGBA")
    assert visible.getpixel((8, 32))[3] > 245
    assert visible.getpixel((56, 32))[3] < 10


def test_sixteen_bits_of_grey_keep_their_shades():
    picture = PIL.Image.new("I;16", (64, 64), 32768)
    assert near(shown(picture).convert("RGB").getpixel((32, 32)), (128, 128, 128))


def test_colours_for_print_are_shown():
    assert near(shown(PIL.Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "jpeg").getpixel((32, 32)), RED)


def a_profile_that_takes_red_for_blue():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_shown_as_their_profile_means_them(mode):
    red = PIL.Image.new(mode, (64, 64), RED)
    visible = shown(red, icc_profile=a_profile_that_takes_red_for_blue())
    assert near(visible.convert("RGB").getpixel((32, 32)), BLUE)
    assert "icc_profile" not in visible.info


@pytest.mark.parametrize("profile", [b"nonsense", bytes(200)])
def test_a_profile_that_cannot_be_used_is_passed_over(profile):
    visible = shown(PIL.Image.new("RGB", (64, 64), RED), icc_profile=profile)
    assert near(visible.getpixel((32, 32)), RED)


@pytest.mark.slow
def test_a_picture_much_larger_than_its_renditions_looks_the_same():
    visible = shown(a_picture(5001, 2999))
    assert visible.size == (1280, 768)
    for x, y, colour in [
        (300, 200, RED),
        (1000, 200, GREEN),
        (300, 600, BLUE),
        (1270, 760, BLUE),
        (2, 2, RED),
    ]:
        assert near(visible.getpixel((x, y)), colour)


MEASURE = """
import sys
from pathlib import Path
import django
django.setup()
from pages.images import validate_upload

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

data = Path(sys.argv[1]).read_bytes()
before = peak()
validate_upload(data)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_the_largest_photograph_that_is_turned_takes_no_more_than_250_megabytes(tmp_path):
    shades = PIL.Image.linear_gradient("L").resize((7000, 4000))
    photograph = PIL.Image.merge("RGB", [shades, shades, shades])
    path = tmp_path / "photograph.jpg"
    path.write_bytes(encoded(photograph, "jpeg", exif=a_camera_s_metadata(orientation=6)))
    command = [sys.executable, "-c", MEASURE, path]
    measured = subprocess.run(command, capture_output=True, check=True, text=True)
    assert int(measured.stdout) < 250_000


class CountingStorage(InMemoryStorage):
    def __init__(self):
        super().__init__()
        self.saved = []

    def _save(self, name, content):
        self.saved.append(name)
        return super()._save(name, content)


def test_what_is_stored_already_is_not_written_again():
    storage = CountingStorage()
    taken = validate_upload(encoded(a_picture(), "png"))
    image = store(taken, storage)
    assert len(storage.saved) == 3
    storage.delete(rendition_name(image, 24, "webp"))
    storage.saved.clear()
    assert store(taken, storage) == image
    assert storage.saved == [rendition_name(image, 24, "webp")]
    storage.saved.clear()
    store(taken, storage)
    assert storage.saved == []


def test_files_on_a_disk_appear_whole_or_not_at_all(tmp_path, monkeypatch):
    storage = FileSystemStorage(tmp_path)
    taken = validate_upload(encoded(a_picture(), "png"))
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", None)  # the power fails while the first file is written
        with pytest.raises(TypeError):
            store(taken, storage)
    assert not storage.exists(rendition_name(taken.image, 24, "avif"))
    image = store(taken, storage)
    files = {path.name for path in (tmp_path / "images" / image.digest).iterdir()}
    assert {"original.png", "24.avif", "24.webp"} <= files
    assert images.original(image, storage) == taken.data


def test_an_original_that_is_lost_is_told():
    with pytest.raises(FileNotFoundError):
        images.original(Image("0" * 32, "png", 1, 1, (1,)), InMemoryStorage())
