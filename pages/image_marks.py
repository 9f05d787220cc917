"""Images in rich text: each names an image of the library, by its key, and says what readers get who do not see it.

Editors and content files write `<img src="image:flag-iraq">`. Without `alt`, readers get the alternative text that the
library has in the language of the text; an empty one says that the image is decoration. Working copies have beside it
what the library knows of the image now (`current_texts`), and an edition what it was frozen with: `default`, the text
of the library, `width` and `height` of the file in that language, and `file`, its digest, format and widths.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from typing import NamedTuple

from .images import Image

SCHEME = "image"
PREFIX = f"{SCHEME}:"

# The size in which a page shows an image within its text, at most, in pixels; the stylesheet knows it too.
MAX_SHOWN_WIDTH, MAX_SHOWN_HEIGHT = 240, 48
# How many pixels of a file a screen may show for each of those.
DENSITY = 2

Attributes = tuple[tuple[str, str], ...]

_KEY = r"[A-Za-z0-9_-]{1,100}"
_SRC = re.compile(rf"{PREFIX}({_KEY})")
_FILE = re.compile(r"([0-9a-f]{32})\.(png|jpeg|webp)((?: [1-9][0-9]{0,4}){1,10})")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_TAG = re.compile(rf'<img src="{PREFIX}{_KEY}"[^<>]*>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
# What is known of an image, and is not written by people.
_DESCRIBED = frozenset({"default", "width", "height", "file"})


class Description(NamedTuple):
    """What the library knows of an image in one language: its alternative text and its file."""

    text: str
    file: Image


class InlineImage(NamedTuple):
    """An image in a text. `own_text` is None where readers get that of the library, "" for decoration.

    `description` is None where the library does not have the image.
    """

    key: str
    own_text: str | None
    description: Description | None

    @property
    def text(self) -> str:
        """What is said in the place of the image; "" where nothing is."""
        if self.own_text is not None:
            return self.own_text
        return self.description.text if self.description else ""

    @property
    def is_undescribed(self) -> bool:
        """Whether somebody has to say what it shows, or that it is decoration."""
        return self.own_text is None and self.description is not None and not self.description.text

    @property
    def attributes(self) -> Attributes:
        """Returns them as clean HTML has them."""
        written = {"src": PREFIX + self.key}
        if self.own_text is not None:
            written["alt"] = self.own_text
        if self.description:
            text, file = self.description
            written |= {"default": text} if text else {}
            written |= {"width": str(file.width), "height": str(file.height), "file": _written_file(file)}
        return tuple(written.items())


def parse_src(value: str) -> str:
    """Returns the address of an image of the library as it is; "" for any other."""
    return value if _SRC.fullmatch(value) else ""


def parse_file(value: str) -> str:
    """Returns what names a stored file as it is; "" for anything else."""
    return value if _FILE.fullmatch(value) else ""


def parse_size(value: str) -> str:
    """Returns a number of pixels as it is; "" for anything else."""
    return value if _NUMBER.fullmatch(value) else ""


def read(attributes: Iterable[tuple[str, str]]) -> InlineImage:
    """Returns the image that the attributes of an element in clean HTML say."""
    written = dict(attributes)
    file = _file(written)
    description = Description(written.get("default", ""), file) if file else None
    return InlineImage(written.get("src", "").removeprefix(PREFIX), written.get("alt"), description)


def images_in(html: str) -> Iterator[InlineImage]:
    """Gives the images in clean HTML, in reading order."""
    return map(_of_tag, _TAG.findall(html)) if PREFIX in html else iter(())


def replaced(html: str, change: Callable[[InlineImage], str]) -> str:
    """Returns clean HTML in which each image is the HTML that `change` gives for it."""
    return _TAG.sub(lambda tag: change(_of_tag(tag[0])), html) if PREFIX in html else html


def described(html: str, description_of: Callable[[str], Description | None]) -> str:
    """Returns clean HTML in which each image has the description that there is of its key.

    For None an image keeps the description that it has; one that has none is left out.
    """

    def with_current(image: InlineImage) -> str:
        description = description_of(image.key) or image.description
        return tag(image._replace(description=description).attributes) if description else ""

    return replaced(html, with_current)


def as_written(html: str, earlier: str = "") -> str:
    """Returns clean HTML as people write it: of each image its key, and the alternative text that is its own.

    A description names a stored file, which becomes public with the text: so none is believed that was sent. Images
    that `earlier` has, a text that is stored already, get the one that they have there.
    """
    known = {image.key: image.description for image in images_in(earlier)}
    return replaced(html, lambda image: tag(image._replace(description=known.get(image.key)).attributes))


def as_heard(html: str) -> str:
    """Returns clean HTML with what images are and say, whatever their files and whoever wrote their texts."""
    return replaced(html, lambda image: tag((("src", PREFIX + image.key), ("alt", image.text))))


class ImageChange(NamedTuple):
    """What became of one image of a text: `name` is how people know it, as it was before."""

    name: str
    is_replaced: bool
    has_other_text: bool


def changes(before: str, after: str) -> list[ImageChange]:
    """Returns what became of the images that two versions of a text in clean HTML both have, in reading order.

    An image is the one in the same place where there are as many, and otherwise the one with the same key.
    """
    old, new = list(images_in(before)), list(images_in(after))
    if len(old) != len(new):
        known = {image.key: image for image in old}
        new = [image for image in new if image.key in known]
        old = [known[image.key] for image in new]
    found = (
        ImageChange(
            was.text or image.text or image.key,
            (was.key, was.description and was.description.file)
            != (image.key, image.description and image.description.file),
            was.text != image.text,
        )
        for was, image in zip(old, new, strict=True)
    )
    return [change for change in found if change.is_replaced or change.has_other_text]


def without_images(html: str) -> str:
    """Returns clean HTML in which nothing tells one image from another: to compare all else."""
    return replaced(html, lambda _image: tag(()))


def shown(image: InlineImage, media: str) -> Attributes:
    """Returns the attributes of an image as a page shows it: small, with its size, loaded when it comes into sight.

    `media` is where readers find images. () where its file is not known.
    """
    if image.description is None:
        return ()
    file = image.description.file
    scale = min(1, MAX_SHOWN_WIDTH / file.width, MAX_SHOWN_HEIGHT / file.height)
    width, height = (max(1, round(side * scale)) for side in (file.width, file.height))
    enough = next((each for each in file.widths if each >= width * DENSITY), file.widths[-1])
    return (
        ("class", "ci-inline-image"),
        ("src", f"{media}images/{file.digest}/{enough}.webp"),
        ("alt", image.text),
        ("width", str(width)),
        ("height", str(height)),
        ("loading", "lazy"),
    )


def with_shown(html: str, media: str) -> str:
    """Returns clean HTML in which images are as a page shows them."""

    def as_shown(image: InlineImage) -> str:
        attributes = shown(image, media)
        return tag(attributes) if attributes else escape(image.text, quote=False)

    return replaced(html, as_shown)


def _of_tag(tag: str) -> InlineImage:
    return read((name, unescape(value)) for name, value in _ATTRIBUTE.findall(tag))


def tag(attributes: Attributes) -> str:
    """Returns an image with these attributes as HTML."""
    written = "".join(
        f' {name}="{escape(value, quote=False).replace(chr(34), "&quot;")}"' for name, value in attributes
    )
    return f"<img{written}>"


def _file(written: dict[str, str]) -> Image | None:
    found = _FILE.fullmatch(written.get("file", ""))
    if not found or "width" not in written or "height" not in written:
        return None
    widths = tuple(map(int, found[3].split()))
    return Image(found[1], found[2], int(written["width"]), int(written["height"]), widths)


def _written_file(file: Image) -> str:
    return f"{file.digest}.{file.format} {' '.join(map(str, file.widths))}"
