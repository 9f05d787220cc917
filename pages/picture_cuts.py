"""The part of a picture that networks and messages show where somebody shares a page, cut around its focal point.

They ask for pictures of one shape and cut others in their middle, where the subject may not be. Only a picture whose
focal point an editor has chosen is cut here; of any other they get the whole.
"""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from .card_images import HEIGHT, WIDTH

Focus = tuple[int, int]  # how far across and how far down the point is that must stay, in percent
QUALITY = 85
GROUND = "#ffffff"  # below what is transparent
# To be raised with every change of how pictures are cut.
DESIGN = 1


def version(digest: str, focus: Focus) -> str:
    """Names what is cut from the image with a digest, in twelve hexadecimal digits."""
    return hashlib.sha256(repr((DESIGN, digest, focus)).encode()).hexdigest()[:12]


def box(width: int, height: int, focus: Focus) -> tuple[int, int, int, int]:
    """Returns the largest part of the shape of a card, as left, top, right and bottom.

    The point is as far from the edges of the part, in percent, as from those of the whole, as with `object-position` in
    CSS: so it is never cut off.
    """
    across, down = focus
    own_width = min(width, max(1, round(height * WIDTH / HEIGHT)))
    own_height = min(height, max(1, round(width * HEIGHT / WIDTH)))
    left, top = round((width - own_width) * across / 100), round((height - own_height) * down / 100)
    return left, top, left + own_width, top + own_height


def cut(data: bytes, focus: Focus) -> bytes:
    """Returns the part of a picture as JPEG, as large as a card or smaller. Takes about a tenth of a second."""
    with Image.open(io.BytesIO(data)) as file:
        whole = file.convert("RGBA")
    part = whole.crop(box(*whole.size, focus))
    if part.width > WIDTH:
        part = part.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", part.size, GROUND)
    out = io.BytesIO()
    Image.alpha_composite(ground, part).convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
