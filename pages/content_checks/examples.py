"""The examples that every rule carries: a text that breaks it and one that obeys it, as whole documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ..document import (
    LANGUAGES,
    NOTHING,
    Bilingual,
    Document,
    Figure,
    FigureImage,
    Partner,
    PartnerList,
    TextSection,
)
from .parsed_document import Site

PICTURE = FigureImage(digest="0" * 64, format="png", width=320, height=240, widths=(320,))


@dataclass(frozen=True, slots=True)
class Example:
    """Two documents: the rule finds something in one, for readers of `language`, and nothing in the other.

    `others` are the other pages of the site, or the site with its glossary, where that matters. `text` and `better`
    show it to people.
    """

    language: str
    bad: Document
    good: Document
    others: Site | tuple[Document, ...] = ()
    text: str = ""
    better: str = ""


def page_with(field: str, text: Bilingual, key: str = "example") -> Document:
    """A document that has this text in this field, and nothing else."""
    page = Document(key, parent="home")
    if field in ("title", "description", "introduction", "address"):
        return replace(page, **{field: text})
    return replace(page, blocks=(_block_with(field, text),))


def _block_with(field: str, text: Bilingual):
    if field in ("heading", "body"):
        return TextSection("part", **{field: text})
    if field in ("alternative_text", "caption"):
        return Figure("part", image=PICTURE, **{field: text})
    partner = Partner("partner", "multilateral", **{field.removeprefix("partner_"): text})
    return PartnerList("part", partners=(partner,))


def example(
    language: str, bad: str, good: str, *, field: str = "body", elsewhere: str | None = None
) -> Example:
    """An example in one language; what it says in the other is nothing. `elsewhere` stands on another page."""
    others = () if elsewhere is None else (page_with(field, _one(language, elsewhere), "elsewhere"),)
    return Example(
        language,
        page_with(field, _one(language, bad)),
        page_with(field, _one(language, good)),
        others,
        bad,
        good,
    )


def pair(
    language: str,
    bad: tuple[str, str],
    good: tuple[str, str],
    *,
    field: str = "body",
    others: tuple[Document, ...] = (),
) -> Example:
    """An example in both languages, English first; `language` is the one that is wrong or lacks something."""
    return Example(
        language,
        page_with(field, Bilingual(*bad)),
        page_with(field, Bilingual(*good)),
        others,
        " / ".join(bad),
        " / ".join(good),
    )


def _one(language: str, text: str) -> Bilingual:
    return Bilingual(**{language: text}) if language in LANGUAGES else NOTHING


en = partial(example, "en")
fr = partial(example, "fr")
