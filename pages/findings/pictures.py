"""Is every figure described to those who do not see it, in a few words of each language?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual, Document, Figure
from .examples import PICTURE, Example, en, fr
from .reading import Reading, Side
from .rules import BLOCKS, WARNS, Hit, Rule, each_side, in_field, spots

LONGEST = {"en": 140, "fr": 170}  # characters of an alternative text


def _figures(document: Document) -> Iterator[Figure]:
    return (block for block in document.blocks if isinstance(block, Figure))


def undescribed(reading: Reading) -> Iterator[Hit]:
    for figure in _figures(reading.document):
        if figure.image and not figure.decorative and not figure.alternative_text:
            yield in_field(("blocks", figure.key, "alternative_text"))


def too_long(side: Side) -> Iterator[Hit]:
    for figure in _figures(side.document):
        text = figure.alternative_text[side.language]
        if len(text) > LONGEST[side.language]:
            path = ("blocks", figure.key, "alternative_text")
            yield in_field(path, side.language, text, count=len(text), limit=LONGEST[side.language])


def decorative_with_caption(reading: Reading) -> Iterator[Hit]:
    for figure in _figures(reading.document):
        if figure.decorative and figure.caption:
            yield in_field(("blocks", figure.key, "decorative"), "", figure.caption.en or figure.caption.fr)


def repeats_caption(side: Side) -> Iterator[Hit]:
    for figure in _figures(side.document):
        text, caption = figure.alternative_text[side.language], figure.caption[side.language]
        if text and text.strip(" .").casefold() == caption.strip(" .").casefold():
            yield in_field(("blocks", figure.key, "alternative_text"), side.language, text)


def _figure(language: str, **texts: str) -> Document:
    figure = Figure("part", image=PICTURE)
    for name, text in texts.items():
        value = text if isinstance(text, bool) else Bilingual(**{language: text})
        figure = replace(figure, **{name: value})
    return Document("example", parent="home", blocks=(figure,))


def _example(language: str, fails: dict, passes: dict) -> Example:
    shown = [
        " / ".join(text for text in texts.values() if isinstance(text, str)) for texts in (fails, passes)
    ]
    return Example(language, _figure(language, **fails), _figure(language, **passes), (), *shown)


_EN, _FR = "A map of Iraq", "Une carte de l’Irak"

RULES = (
    Rule(
        "picture-undescribed",
        BLOCKS,
        _(
            "The figure has no alternative text: write it in both languages, or mark the figure as decorative."
        ),
        undescribed,
        (
            _example("en", {"caption": _EN}, {"alternative_text": _EN}),
            _example("fr", {"caption": _FR}, {"alternative_text": _FR}),
        ),
        number=57,
    ),
    Rule(
        "picture-text-long",
        WARNS,
        _(
            "The alternative text has %(count)s characters: keep to %(limit)s, and describe the rest in the text."
        ),
        each_side(too_long),
        (
            _example("en", {"alternative_text": _EN * 12}, {"alternative_text": _EN}),
            _example("fr", {"alternative_text": _FR * 12}, {"alternative_text": _FR}),
        ),
        number=57,
    ),
    Rule(
        "picture-of",
        WARNS,
        _("Begin with what the image shows: readers know that it is an image (“%(text)s”)."),
        spots(
            en=r"^(?:an? |the )?(?:image|picture|photo(?:graph)?|graphic|screenshot) (?:of|showing)\b",
            fr=r"^(?:une? |l[’'])?(?:image|photo(?:graphie)?|capture d[’']écran) (?:de|du|des|d[’']|montrant)\b",
            within=frozenset({"alternative_text"}),
            flags=re.MULTILINE | re.IGNORECASE,
        ),
        (
            en("Image of a map of Iraq", _EN, field="alternative_text"),
            fr("Image d’une carte de l’Irak", _FR, field="alternative_text"),
        ),
        number=57,
    ),
    Rule(
        "picture-repeats-caption",
        WARNS,
        _(
            "The alternative text repeats the caption: say what is to be seen, or mark the figure as decorative."
        ),
        each_side(repeats_caption),
        (
            _example(
                "en",
                {"alternative_text": _EN, "caption": _EN},
                {"alternative_text": _EN, "caption": "Where we work"},
            ),
            _example(
                "fr",
                {"alternative_text": _FR, "caption": _FR},
                {"alternative_text": _FR, "caption": "Où nous sommes"},
            ),
        ),
        number=57,
    ),
    Rule(
        "picture-decorative",
        WARNS,
        _("The figure is marked as decorative and has a caption: describe the image, or remove the caption."),
        decorative_with_caption,
        (
            _example("en", {"decorative": True, "caption": _EN}, {"decorative": True}),
            _example("fr", {"decorative": True, "caption": _FR}, {"decorative": True}),
        ),
        number=58,
    ),
)
