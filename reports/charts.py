"""Draws figures as SVG: columns over time, and bars beside names. Pure: numbers and words in, markup out.

Colours and sizes are attributes of the elements, so that the strict policy on styles holds; texts take the colour of
the page around them. Whoever cannot see the picture has its title, its description and the table under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 24, 44
# One for each language; both stand out on light and on dark ground, and from one another without colour.
ENGLISH, FRENCH, WARNING = "#2b7a83", "#c96f1a", "#c4314b"


@dataclass(frozen=True, slots=True)
class Column:
    """One day or week. `label` stands under it where there is room; `told` is what pointing at it says."""

    label: str
    low: int
    high: int
    tooltip: str
    limit: float = 0
    is_unusual: bool = False
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    shown: str


def element(name: str, content: str = "", **attributes) -> str:
    """An element with safe content; attributes are escaped, `_` in their names stands for `-`."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>"


def _number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def scale(highest: float) -> tuple[int, int]:
    """A round number at or above the highest value, and the step between the lines that lead to it."""
    step = 1
    while step * 4 < highest:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step * max(1, -(-int(-(-highest // 1)) // step)), step


def columns(name: str, title: str, description: str, values: Sequence[Column]) -> SafeString:
    """Columns of two parts, one on the other; `name` makes the ids of the picture unique on its page."""
    top, step = scale(max((max(value.low + value.high, value.limit) for value in values), default=1) or 1)
    room = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    height = HEIGHT - TOP - BOTTOM
    drawn = [_grid(top, step, height)]
    for index, value in enumerate(values):
        drawn.append(_column(value, LEFT + index * room, room, height / top))
    drawn.append(_limit(values, room, height / top))
    drawn.append(_labels(values, room))
    return _svg(name, title, description, HEIGHT, "".join(drawn))


def _grid(top, step, height):
    lines = []
    for number in range(0, top + 1, step):
        y = TOP + height - number * height / top
        lines.append(
            element(
                "line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke="currentColor", stroke_opacity="0.2"
            )
        )
        lines.append(_text(str(number), LEFT - 6, y + 4, anchor="end"))
    return "".join(lines)


def _column(value, x, room, per_unit):
    floor = HEIGHT - BOTTOM
    gap = min(2.0, room / 5)
    parts = [element("title", escape(value.tooltip))]
    low, high = value.low * per_unit, value.high * per_unit
    shape = {"x": x + gap / 2, "width": room - gap}
    parts.append(element("rect", y=floor - low, height=low, fill=ENGLISH, **shape))
    parts.append(element("rect", y=floor - low - high, height=high, fill=FRENCH, **shape))
    middle = x + room / 2
    if value.is_unusual:
        parts.append(
            _text("!", middle, floor - low - high - 6, anchor="middle", fill=WARNING, font_weight="bold")
        )
    if value.is_marked:
        points = f"{middle:.1f},{floor + 3} {middle - 4:.1f},{floor + 10} {middle + 4:.1f},{floor + 10}"
        parts.append(element("polygon", points=points, fill="currentColor"))
    # So that pointing anywhere above a day tells its numbers.
    parts.append(
        element("rect", x=x, y=TOP, width=room, height=floor - TOP + 10, fill="none", pointer_events="all")
    )
    return element("g", "".join(parts))


def _limit(values, room, per_unit):
    points = [
        f"{LEFT + (index + 0.5) * room:.1f},{HEIGHT - BOTTOM - value.limit * per_unit:.1f}"
        for index, value in enumerate(values)
        if value.limit
    ]
    shape = {"fill": "none", "stroke": WARNING, "stroke_dasharray": "4 3", "stroke_width": "1.5"}
    return element("polyline", points=" ".join(points), **shape) if points else ""


def _labels(values, room):
    every = max(1, -(-len(values) // 8))
    return "".join(
        _text(value.label, LEFT + (index + 0.5) * room, HEIGHT - 14, anchor="middle")
        for index, value in enumerate(values)
        if index % every == 0
    )


def bars(name: str, title: str, description: str, values: Sequence[Bar]) -> SafeString:
    """Horizontal bars, each with its name above it."""
    highest = max((value.value for value in values), default=0) or 1
    row, drawn = 40, []
    for index, value in enumerate(values):
        y = index * row
        width = (WIDTH - 90) * value.value / highest
        drawn.append(_text(value.label, 2, y + 15))
        drawn.append(element("rect", x=2, y=y + 20, width=float(max(width, 1)), height=14, fill=ENGLISH))
        drawn.append(_text(value.shown, width + 10.0, y + 32))
    return _svg(name, title, description, max(len(values), 1) * row, "".join(drawn))


def _text(words, x, y, *, anchor="start", fill="currentColor", **attributes):
    return element(
        "text", escape(words), x=x, y=y, text_anchor=anchor, fill=fill, font_size="13", **attributes
    )


def _svg(name, title, description, height, drawn):
    titles = element("title", escape(title), id=f"{name}-title") + element(
        "desc", escape(description), id=f"{name}-desc"
    )
    return mark_safe(
        element(
            "svg",
            titles + drawn,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {height}",
            width=WIDTH,
            height=height,
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
        )
    )
