"""The card of a page: the picture with its title that social networks and messages show where somebody shares it.

A PNG of the size that they ask for, in the colours of the site. What a card shows is in its version, and so in its
address: a title that changes has another picture at another place.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

# The size that https://ogp.me readers agree on, in pixels, and what stays free around the words.
WIDTH, HEIGHT, MARGIN = 1200, 630, 80
# The title, from its top down to the line above the name of the site, and that name below it.
TITLE_TOP, TITLE_HEIGHT, LINE_TOP, NAME_TOP, NAME_HEIGHT = 80, 350, 470, 500, 76
# Sizes of type in pixels, the largest first. A word that is wider than the card is parted from this size down.
TITLE_SIZES, NAME_SIZES, PARTED_SIZE = range(80, 14, -4), range(40, 10, -2), 44
LINE_SPACING = 1.25
COLOURS = 64
INK = "#ffffff"
# Where the site has no colours of its own (css/tokens.css).
DEFAULT_GROUND, DEFAULT_ACCENT = "#0b4147", "#c9773f"
SOFT_HYPHEN = "\u00ad"
RIVERS = ("#ffffff", "#f0ad7f")
# To be raised with every change of how cards look.
DESIGN = 1

FONTS = Path(__file__).parent / "fonts"
_ARABIC = "\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652\u0660-\u0669\u0670-\u06d3\u06f0-\u06f9\u200c\u200d"
_ARABIC_RUN = re.compile(f"([{_ARABIC}]+(?:[ \u00a0]+[{_ARABIC}]+)*)")
# What the fonts beside this module have letters for; they were cut down to it.
_DRAWABLE = re.compile(
    "[ -~\u00a0-\u017f\u0192\u01cd-\u01dc\u0218-\u021b\u02b0-\u02ff\u0300-\u0304\u0306-\u030c\u0323\u0331"
    f"\u1e00-\u1eff\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u202f\u2030\u2039\u203a\u20ac\u2122\u2212{_ARABIC}]+"
)


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture shows: the title, the name of the site, the colours of ground and line, and whether the mark."""

    title: str
    site_name: str
    ground: str
    accent: str
    has_mark: bool

    @property
    def version(self) -> str:
        """Names what is shown, in twelve hexadecimal digits."""
        shown = (DESIGN, self.title, self.site_name, self.ground, self.accent, self.has_mark)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]

    @property
    def can_be_drawn(self) -> bool:
        """Whether there are letters for all that it says: a card with holes in its title is worse than none."""
        return bool(_DRAWABLE.fullmatch(self.title) and _DRAWABLE.fullmatch(self.site_name))


def card(title: str, language: str) -> Card:
    """Returns the card of a page with a title (plain text), in the colours of `SITE_IDENTITY`."""
    site = settings.SITE_IDENTITY
    ground, accent = site["header"] or {}, site["accent"] or {}
    return Card(
        title=title.replace(SOFT_HYPHEN, ""),
        site_name=site["name"][language],
        ground=ground.get("light", DEFAULT_GROUND),
        accent=accent.get("light", DEFAULT_ACCENT),
        has_mark=not site["logo"],
    )


def draw(card: Card) -> bytes:
    """Returns the picture as PNG, a few kilobytes. Takes about a tenth of a second."""
    image = Image.new("RGB", (WIDTH, HEIGHT), card.ground)
    canvas = ImageDraw.Draw(image)
    _write(canvas, card.title, TITLE_SIZES, top=TITLE_TOP, width=WIDTH - 2 * MARGIN, height=TITLE_HEIGHT)
    canvas.rectangle((MARGIN, LINE_TOP, MARGIN + 160, LINE_TOP + 7), fill=card.accent)
    room = WIDTH - 2 * MARGIN - (140 if card.has_mark else 0)
    _write(canvas, card.site_name, NAME_SIZES, top=NAME_TOP, width=room, height=NAME_HEIGHT)
    if card.has_mark:
        image.paste(*_mark(card.ground))
    file = io.BytesIO()
    image.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


# Words.


@lru_cache(maxsize=100)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{name}.ttf", size)


def _runs(text: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """The parts of a text, each with the font that has its letters; words in Arabic stay together."""
    parts = _ARABIC_RUN.split(text)
    fonts = (_font("NotoSans-Bold", size), _font("NotoSansArabic-Bold", size))
    return [(part, fonts[index % 2]) for index, part in enumerate(parts) if part]


def _measure(text: str, size: int) -> float:
    return sum(font.getlength(part) for part, font in _runs(text, size))


def _write(
    canvas: ImageDraw.ImageDraw, text: str, sizes: range, *, top: int, width: int, height: int
) -> None:
    """Writes a text into a rectangle at the left margin, as large as it fits in; every letter of it is there."""
    size, lines = fit(text, sizes, width, height)
    for number, line in enumerate(lines):
        place, baseline = float(MARGIN), top + size + number * size * LINE_SPACING
        for part, font in _runs(line, size):
            canvas.text((place, baseline), part, font=font, fill=INK, anchor="ls")
            place += font.getlength(part)


def fit(text: str, sizes: range, width: int, height: int) -> tuple[int, list[str]]:
    """Returns the largest of some sizes at which a text fits into a rectangle, and its lines; else the smallest."""
    for size in sizes:
        lines = _wrap(text, size, width)
        if (
            len(lines) * size * LINE_SPACING <= height
            and max(_measure(line, size) for line in lines) <= width
        ):
            break
    return size, lines


def _wrap(text: str, size: int, width: int) -> list[str]:
    """The lines of a text, parted at spaces. Wide words are parted anywhere if nothing else helps."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if _measure(longer, size) <= width:
            lines[-1] = longer
        else:
            pieces = _part(word, size, width) if size <= PARTED_SIZE else [word]
            lines += pieces
    return [line for line in lines if line]


def _part(word: str, size: int, width: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if _measure(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


# The mark.


def _mark(ground: str, side: int = 120) -> tuple[Image.Image, tuple[int, int]]:
    """The two rivers of favicon.svg and where they stand; drawn four times as large, for smooth edges."""
    scale = 4 * side / 40
    large = Image.new("RGB", (4 * side, 4 * side), ground)
    canvas = ImageDraw.Draw(large)
    for colour, middle in zip(RIVERS, (15, 26), strict=True):
        wave = [(x / 10, middle - 4.9 * math.sin((x - 60) / 140 * math.pi)) for x in range(60, 341, 2)]
        points = [(x * scale, y * scale) for x, y in wave]
        for start, end in pairwise(points):
            canvas.line((start, end), fill=colour, width=round(5 * scale))
        for x, y in points:
            canvas.circle((x, y), 2.5 * scale, fill=colour)
    place = (WIDTH - MARGIN - side, LINE_TOP - 20)
    return large.resize((side, side), Image.Resampling.LANCZOS), place
