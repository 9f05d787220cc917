"""Images as a browser shows them: what is published of a file looks like the file itself, or the file is refused."""

import base64
import re

import PIL.Image
import pytest
from django.core.files.storage import InMemoryStorage
from PIL import ImageChops

from pages import images
from pages.images import ImageRefused
from tests import odd_images

pytestmark = pytest.mark.browser

TYPES = {b"\x89P": "image/png", b"\xff\xd8": "image/jpeg", b"RI": "image/webp"}
GROUNDS = ("#ffffff", "#204060")
# Of 255: how far off pixels may be on average, in an encoding that loses nothing, and in those that lose something.
EXACT, LOSSY = 1, 8

# Shows an image on two grounds, so that transparency counts, and returns all pixels of both.
SHOW = """async ([address, grounds]) => {
    const image = new Image()
    image.src = address
    await image.decode()
    return grounds.map((ground) => {
        const canvas = document.createElement("canvas")
        canvas.width = image.naturalWidth
        canvas.height = image.naturalHeight
        const context = canvas.getContext("2d")
        context.fillStyle = ground
        context.fillRect(0, 0, canvas.width, canvas.height)
        context.drawImage(image, 0, 0)
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data
        let text = ""
        for (let at = 0; at < pixels.length; at += 8192)
            text += String.fromCharCode.apply(null, pixels.subarray(at, at + 8192))
        return [canvas.width, canvas.height, btoa(text)]
    })
}"""
# What the browser makes of a file when it has to show all of it.
DECODE = """async ([address, type]) => {
    const data = await (await fetch(address)).arrayBuffer()
    const decoder = new ImageDecoder({ data, type })
    try {
        return (await decoder.decode()).complete
    } catch {
        return false
    }
}"""


@pytest.fixture(scope="module")
def browser_page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.route("http://127.0.0.1/**", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://127.0.0.1/")  # decoders are there for secure origins only
    yield page
    context.close()


def address(data, type=""):
    return f"data:{type or TYPES[data[:2]]};base64,{base64.b64encode(data).decode()}"


def shown(page, address):
    found = page.evaluate(SHOW, [address, GROUNDS])
    return [
        PIL.Image.frombytes("RGBA", (width, height), base64.b64decode(text)).convert("RGB")
        for width, height, text in found
    ]


def published(data):
    """The widest rendition in each format, and its type."""
    storage = InMemoryStorage()
    image = images.store(images.validate_upload(data), storage)
    for format in images.RENDITIONS:
        with storage.open(images.rendition_name(image, image.widths[-1], format)) as file:
            yield file.read(), f"image/{format}"


def off_by(one, other):
    """How far the pixels of two images are apart on average, of 255."""
    assert one.size == other.size
    counts = ImageChops.difference(one, other).histogram()
    return sum(place % 256 * count for place, count in enumerate(counts)) / sum(counts)


def assert_looks_the_same(page, data, loss):
    expected = shown(page, address(data))
    for rendition, type in published(data):
        for one, other in zip(expected, shown(page, address(rendition, type)), strict=True):
            assert off_by(one, other) <= loss


FEW = {
    "4 bit grey with a key", "16 bit grey with a key", "8 bit colour and alpha, interlaced", "gamma 1, 16 bit grey",
    "a wide profile", "EXIF orientation 6", "no end", "JPEG, EXIF orientation 5", "JPEG, orientation in XMP only",
    "YCCK", "WebP, EXIF orientation 6", "WebP with alpha",
}  # fmt: skip


def names(cases):
    return [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in cases]


def is_encoded_again(name):
    return (
        re.search("JPEG, .*(EXIF orientation [2-8]|turned|twice)", f"JPEG, {name}")
        and name in odd_images.JPEG
    )


@pytest.mark.medium
@pytest.mark.parametrize("name", names(odd_images.TAKEN))
def test_what_is_published_looks_like_what_the_browser_shows_of_the_file(browser_page, name, monkeypatch):
    monkeypatch.setattr(images, "RENDITIONS", {"webp": {"lossless": True, "exact": True}})
    loss = LOSSY if is_encoded_again(name) else EXACT
    assert_looks_the_same(browser_page, odd_images.TAKEN[name], loss)


@pytest.mark.parametrize(
    "name", ["8 bit colour", "4 bit grey with a key", "progressive JPEG", "WebP with alpha"]
)
def test_the_renditions_of_the_site_lose_little_of_it(browser_page, name):
    assert_looks_the_same(browser_page, odd_images.TAKEN[name], LOSSY)


@pytest.mark.parametrize("name", odd_images.TAKEN)
def test_what_is_kept_of_a_file_is_taken_again_unchanged(name):
    kept = images.validate_upload(odd_images.TAKEN[name])
    assert images.validate_upload(kept.data) == kept


@pytest.mark.parametrize("name", odd_images.REFUSED)
def test_what_a_browser_cannot_show_whole_is_refused(name):
    data, reason = odd_images.REFUSED[name]
    with pytest.raises(ImageRefused, match=reason):
        images.validate_upload(data)


LOST = [name for name in odd_images.REFUSED if "lost" in name or "cut off" in name]


@pytest.mark.slow
@pytest.mark.parametrize("name", LOST)
def test_the_browser_does_not_find_all_of_what_is_refused_as_cut_off(browser_page, name):
    data, _reason = odd_images.REFUSED[name]
    is_whole = browser_page.evaluate(DECODE, [address(data), TYPES[data[:2]]])
    assert not is_whole or name.endswith("and ended")  # it fills these up without a word
