"""Title, description and address: what search results, lists and links show of a page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES, Bilingual, Document
from .examples import Example, en, fr
from .reading import Claim, Reading, Side, words
from .rules import HINTS, WARNS, Check, Hit, Rule, each_side, in_field

TITLE, DESCRIPTION = 60, 130  # characters

_STOP_WORDS = {
    "en": frozenset("a an and by for from in of on or the to with".split()),
    "fr": frozenset("a au aux d de des du en et l la le les par pour sur un une".split()),
}
# « a-propos » is one word.
_WHOLE = frozenset({"a-propos"})


def longer(field: str, limit: int) -> Check:
    def checked(side: Side) -> Iterator[Hit]:
        text = getattr(side.document, field)[side.language]
        if len(text) > limit:
            yield in_field((field,), side.language, text, count=len(text), limit=limit)

    return each_side(checked)


def claims(reading: Reading) -> Iterator[Claim]:
    """The title and the description of a page, which are its own."""
    for field in ("title", "description"):
        for language in LANGUAGES:
            if text := getattr(reading.document, field)[language]:
                yield Claim(_about(language, field, text))


def _about(language: str, field: str, text: str) -> str:
    return f"{language} {field} {text.casefold()}"


def not_unique(field: str) -> Check:
    """The same text on another page of the site, in the same language."""

    def checked(reading: Reading) -> Iterator[Hit]:
        for language in LANGUAGES:
            text = getattr(reading.document, field)[language]
            same = reading.site.told(claims, _about(language, field, text)) if text else []
            others = [told for told in same if told.key != reading.document.key]
            if others:
                yield in_field((field,), language, text, page=others[0].title[language] or others[0].key)

    return checked


def says_the_title(side: Side) -> Iterator[Hit]:
    title, description = (getattr(side.document, name)[side.language] for name in ("title", "description"))
    if description and _bare(description) == _bare(title):
        yield in_field(("description",), side.language, description)


def _bare(text: str) -> str:
    return " ".join(words(text)).casefold()


def idle_words(side: Side) -> Iterator[Hit]:
    address = side.document.address[side.language]
    for part in address.split("/"):
        idle = [word for word in part.split("-") if word in _STOP_WORDS[side.language]]
        if idle and part not in _WHOLE:
            yield in_field(("address",), side.language, address, text=address, words=", ".join(idle))


def odd_letters(side: Side) -> Iterator[Hit]:
    address = side.document.address[side.language]
    if any(
        not (letter.isascii() and (letter.islower() or letter.isdigit() or letter in "-/"))
        for letter in address
    ):
        yield in_field(("address",), side.language, address, text=address)


def no_description(side: Side) -> Iterator[Hit]:
    if side.document.title and not side.document.description:
        yield in_field(("description",), side.language)


def _described(language: str, title: str, description: str) -> Document:
    return Document(
        "example",
        parent="home",
        title=Bilingual(**{language: title}),
        description=Bilingual(**{language: description}),
    )


_LONG_EN = "Canada’s support for humanitarian, development and stabilization assistance "
_LONG_FR = "L’appui du Canada à l’aide humanitaire, au développement et à la stabilisation "

RULES = (
    Rule(
        "title-long",
        WARNS,
        _("The title has %(count)s characters: search results show %(limit)s. Shorten it."),
        longer("title", TITLE),
        (
            en(_LONG_EN, "Canada’s support for Iraq", field="title"),
            fr(_LONG_FR, "L’appui du Canada à l’Irak", field="title"),
        ),
        number=7,
    ),
    Rule(
        "title-not-unique",
        WARNS,
        _("The page “%(page)s” has the same title: give each page a title of its own."),
        not_unique("title"),
        (
            en("Trade", "Trade in 2020", field="title", elsewhere="Trade"),
            fr("Commerce", "Commerce en 2020", field="title", elsewhere="Commerce"),
        ),
        number=7,
    ),
    Rule(
        "description-missing",
        HINTS,
        _("The page has no description: write one or two sentences for search results."),
        each_side(no_description),
        (
            Example(
                "en", _described("en", "Trade", ""), _described("en", "Trade", "What both countries sell.")
            ),
            Example(
                "fr",
                _described("fr", "Commerce", ""),
                _described("fr", "Commerce", "Ce que vendent les deux pays."),
            ),
        ),
        number=8,
    ),
    Rule(
        "description-long",
        WARNS,
        _("The description has %(count)s characters: search results show %(limit)s. Shorten it."),
        longer("description", DESCRIPTION),
        (
            en(_LONG_EN * 2, "How Canada supports Iraq.", field="description"),
            fr(_LONG_FR * 2, "Comment le Canada appuie l’Irak.", field="description"),
        ),
        number=8,
    ),
    Rule(
        "description-not-unique",
        WARNS,
        _("The page “%(page)s” has the same description: say what this page tells."),
        not_unique("description"),
        (
            en("About trade.", "Exports and imports in 2020.", field="description", elsewhere="About trade."),
            fr("Le commerce.", "Les échanges en 2020.", field="description", elsewhere="Le commerce."),
        ),
        number=8,
    ),
    Rule(
        "description-says-title",
        WARNS,
        _("The description only repeats the title: say what the page tells."),
        each_side(says_the_title),
        (
            Example(
                "en",
                _described("en", "Trade", "Trade."),
                _described("en", "Trade", "What both countries sell."),
                text="Trade.",
                better="What both countries sell.",
            ),
            Example(
                "fr",
                _described("fr", "Commerce", "Commerce."),
                _described("fr", "Commerce", "Ce que vendent les deux pays."),
                text="Commerce.",
                better="Ce que vendent les deux pays.",
            ),
        ),
        number=8,
    ),
    Rule(
        "address-idle-words",
        WARNS,
        _("The address “%(text)s” is shorter without %(words)s: leave such words out."),
        each_side(idle_words),
        (
            en("strategy-for-the-region", "strategy-region", field="address"),
            fr("strategie-pour-la-region", "strategie-region", field="address"),
        ),
        number=65,
    ),
    Rule(
        "address-letters",
        WARNS,
        _("The address “%(text)s” has letters that addresses do not have: use a to z, 0 to 9 and hyphens."),
        each_side(odd_letters),
        (
            en("Trade_2020", "trade-2020", field="address"),
            fr("météo", "meteo", field="address"),
        ),
        number=65,
    ),
)
