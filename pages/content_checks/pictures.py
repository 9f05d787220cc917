"""Is every image, of a figure or within a text, described to those who do not see it, in each language?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from .. import image_marks
from ..document import (
    LANGUAGES,
    RICH_TEXT,
    Bilingual,
    Document,
    Figure,
    FigureImage,
    LibraryImage,
    TextSection,
    texts,
)
from .examples import PICTURE, Example
from .parsed_document import LanguageView, ParsedDocument
from .rules import ERROR, WARNING, Match, Rule, match_in_field, per_language

MAX_LENGTH = {"en": 140, "fr": 170}  # characters of an alternative text


def _figures(document: Document) -> Iterator[Figure]:
    return (block for block in document.blocks if isinstance(block, Figure))


def undescribed(parsed: ParsedDocument) -> Iterator[Match]:
    for figure in _figures(parsed.document):
        if figure.image and not figure.decorative and not figure.alternative_text:
            yield match_in_field(("blocks", figure.key, "alternative_text"))


def too_long(view: LanguageView) -> Iterator[Match]:
    for figure in _figures(view.document):
        text = figure.alternative_text[view.language]
        if len(text) > MAX_LENGTH[view.language]:
            path = ("blocks", figure.key, "alternative_text")
            yield match_in_field(path, view.language, text, count=len(text), limit=MAX_LENGTH[view.language])


def decorative_with_caption(parsed: ParsedDocument) -> Iterator[Match]:
    for figure in _figures(parsed.document):
        if figure.decorative and figure.caption:
            yield match_in_field(
                ("blocks", figure.key, "decorative"), "", figure.caption.en or figure.caption.fr
            )


def repeats_caption(view: LanguageView) -> Iterator[Match]:
    for figure in _figures(view.document):
        text, caption = figure.alternative_text[view.language], figure.caption[view.language]
        if text and text.strip(" .").casefold() == caption.strip(" .").casefold():
            yield match_in_field(("blocks", figure.key, "alternative_text"), view.language, text)


def lacks_french(parsed: ParsedDocument) -> Iterator[Match]:
    for figure in _figures(parsed.document):
        # In content files that are checked before they are stored, it may be a file that no library knows yet.
        if isinstance(figure.image, FigureImage | LibraryImage) and figure.image.lacks_french:
            yield match_in_field(("blocks", figure.key, "image"))


def inline_undescribed(view: LanguageView) -> Iterator[Match]:
    for text in texts(view.document):
        for image in image_marks.images_in(text.value[view.language]) if text.path[-1] in RICH_TEXT else ():
            if image.is_undescribed:
                yield match_in_field(text.path, view.language, image.key)


def inline_in_one_language(parsed: ParsedDocument) -> Iterator[Match]:
    for text in texts(parsed.document):
        if text.path[-1] not in RICH_TEXT or text.value.missing():
            continue
        keys = {
            language: [image.key for image in image_marks.images_in(text.value[language])]
            for language in LANGUAGES
        }
        for language, other in (LANGUAGES, LANGUAGES[::-1]):
            for key in dict.fromkeys(keys[other]):
                if key not in keys[language]:
                    yield match_in_field(text.path, language, key, text=key)


def _inline(key: str, *, alt: str | None = None) -> str:
    """An item with an image of the library, which has no alternative text for it."""
    description = image_marks.Description("", replace(PICTURE.neutral, digest="0" * 32))
    image = image_marks.InlineImage(key, alt, description)
    return f"<ul>\n<li>{image_marks.tag(image.attributes)} Iraq</li>\n</ul>"


def _inline_example(language: str, bad: Bilingual, good: Bilingual, *shown: str) -> Example:
    pages = (
        Document("example", parent="home", blocks=(TextSection("part", body=body),)) for body in (bad, good)
    )
    return Example(language, *pages, (), *shown)


def _figure(language: str, **texts: str) -> Document:
    figure = Figure("part", image=PICTURE)
    for name, text in texts.items():
        value = text if isinstance(text, bool) else Bilingual(**{language: text})
        figure = replace(figure, **{name: value})
    return Document("example", parent="home", blocks=(figure,))


def _example(language: str, bad: dict, good: dict) -> Example:
    texts_shown = [
        " / ".join(text for text in texts.values() if isinstance(text, str)) for texts in (bad, good)
    ]
    return Example(language, _figure(language, **bad), _figure(language, **good), (), *texts_shown)


def _poster(image: FigureImage) -> Document:
    figure = Figure("part", image=image, alternative_text=Bilingual(_EN, _FR))
    return Document("example", parent="home", blocks=(figure,))


_EN, _FR = "A map of Iraq", "Une carte de l’Irak"

RULES = (
    Rule(
        "picture-undescribed",
        ERROR,
        _("The figure has no alternative text. Add it in both languages, or mark the figure as decorative."),
        undescribed,
        (
            _example("en", {"caption": _EN}, {"alternative_text": _EN}),
            _example("fr", {"caption": _FR}, {"alternative_text": _FR}),
        ),
        number=57,
    ),
    Rule(
        "inline-image-undescribed",
        ERROR,
        _(
            "An image in the text has no alternative text. Select it and add one, or mark it as decorative; or add a "
            "text in both languages to the library."
        ),
        per_language(inline_undescribed),
        tuple(
            _inline_example(
                language,
                Bilingual(**{language: _inline("flag")}),
                Bilingual(**{language: _inline("flag", alt=text)}),
                "",
                text,
            )
            for language, text in (("en", "Flag of Iraq"), ("fr", "Drapeau de l’Irak"))
        ),
        number=57,
    ),
    Rule(
        "inline-image-in-one-language",
        WARNING,
        _(
            "The text in the other language shows the image “%(text)s” and this one does not. Insert it here too."
        ),
        inline_in_one_language,
        tuple(
            _inline_example(
                language,
                Bilingual(**{other: _inline("flag", alt=""), language: "<p>Iraq</p>"}),
                Bilingual(_inline("flag", alt=""), _inline("flag", alt="")),
                "Iraq",
                "flag",
            )
            for language, other in (("en", "fr"), ("fr", "en"))
        ),
        number=57,
    ),
    Rule(
        "picture-text-long",
        WARNING,
        _(
            "The alternative text has %(count)s characters. Keep it to %(limit)s and describe the rest in "
            "the text."
        ),
        per_language(too_long),
        (
            _example("en", {"alternative_text": _EN * 12}, {"alternative_text": _EN}),
            _example("fr", {"alternative_text": _FR * 12}, {"alternative_text": _FR}),
        ),
        number=57,
    ),
    Rule(
        "picture-repeats-caption",
        WARNING,
        _(
            "The alternative text repeats the caption. Describe what the image shows, or mark the figure as "
            "decorative."
        ),
        per_language(repeats_caption),
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
        WARNING,
        _("The figure is marked as decorative but has a caption. Describe the image or remove the caption."),
        decorative_with_caption,
        (
            _example("en", {"decorative": True, "caption": _EN}, {"decorative": True}),
            _example("fr", {"decorative": True, "caption": _FR}, {"decorative": True}),
        ),
        number=58,
    ),
    Rule(
        "picture-lacks-french",
        WARNING,
        _(
            "There are words in the image, and readers of French see the English ones. Add an image in French "
            "to the library."
        ),
        lacks_french,
        tuple(
            Example(language, _poster(replace(PICTURE, lacks_french=True)), _poster(PICTURE), (), *shown)
            for language, shown in (
                ("en", ("A poster in English only", "A poster in both languages")),
                ("fr", ("Une affiche en anglais seulement", "Une affiche dans les deux langues")),
            )
        ),
        number=57,
    ),
)
