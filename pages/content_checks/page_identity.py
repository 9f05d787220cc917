"""Title, description and address: what search results, lists and links show of a page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES, Bilingual, Document
from .examples import Example, en, fr
from .parsed_document import Claim, LanguageView, ParsedDocument, words
from .rules import INFO, WARNING, Check, Match, Rule, match_in_field, per_language

TITLE, DESCRIPTION = 60, 130  # characters

_STOP_WORDS = {
    "en": frozenset("a an and by for from in of on or the to with".split()),
    "fr": frozenset("a au aux d de des du en et l la le les par pour sur un une".split()),
}
# « a-propos » is one word.
_WHOLE = frozenset({"a-propos"})


def longer(field: str, limit: int) -> Check:
    def checked(view: LanguageView) -> Iterator[Match]:
        text = getattr(view.document, field)[view.language]
        if len(text) > limit:
            yield match_in_field((field,), view.language, text, count=len(text), limit=limit)

    return per_language(checked)


def claims(parsed: ParsedDocument) -> Iterator[Claim]:
    """The title and the description of a page, which are its own."""
    for field in ("title", "description"):
        for language in LANGUAGES:
            if text := getattr(parsed.document, field)[language]:
                yield Claim(_about(language, field, text))


def _about(language: str, field: str, text: str) -> str:
    return f"{language} {field} {text.casefold()}"


def not_unique(field: str) -> Check:
    """The same text on another page of the site, in the same language."""

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        for language in LANGUAGES:
            text = getattr(parsed.document, field)[language]
            same = parsed.site.claims_about(claims, _about(language, field, text)) if text else []
            others = [by_page for by_page in same if by_page.key != parsed.document.key]
            if others:
                yield match_in_field(
                    (field,), language, text, page=others[0].title[language] or others[0].key
                )

    return checked


def repeats_title(view: LanguageView) -> Iterator[Match]:
    title, description = (getattr(view.document, name)[view.language] for name in ("title", "description"))
    if description and _bare(description) == _bare(title):
        yield match_in_field(("description",), view.language, description)


def _bare(text: str) -> str:
    return " ".join(words(text)).casefold()


def idle_words(view: LanguageView) -> Iterator[Match]:
    address = view.document.address[view.language]
    for part in address.split("/"):
        idle = [word for word in part.split("-") if word in _STOP_WORDS[view.language]]
        if idle and part not in _WHOLE:
            yield match_in_field(("address",), view.language, address, text=address, words=", ".join(idle))


def odd_letters(view: LanguageView) -> Iterator[Match]:
    address = view.document.address[view.language]
    if any(
        not (letter.isascii() and (letter.islower() or letter.isdigit() or letter in "-/"))
        for letter in address
    ):
        yield match_in_field(("address",), view.language, address, text=address)


def no_description(view: LanguageView) -> Iterator[Match]:
    if view.document.title and not view.document.description:
        yield match_in_field(("description",), view.language)


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
        WARNING,
        _("The title has %(count)s characters. Search results show only %(limit)s. Shorten it."),
        longer("title", TITLE),
        (
            en(_LONG_EN, "Canada’s support for Iraq", field="title"),
            fr(_LONG_FR, "L’appui du Canada à l’Irak", field="title"),
        ),
        number=7,
    ),
    Rule(
        "title-not-unique",
        WARNING,
        _("The page “%(page)s” has the same title. Give each page its own title."),
        not_unique("title"),
        (
            en("Trade", "Trade in 2020", field="title", elsewhere="Trade"),
            fr("Commerce", "Commerce en 2020", field="title", elsewhere="Commerce"),
        ),
        number=7,
    ),
    Rule(
        "description-missing",
        INFO,
        _("The page has no description. Write one or two sentences for search results."),
        per_language(no_description),
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
        WARNING,
        _("The description has %(count)s characters. Search results show only %(limit)s. Shorten it."),
        longer("description", DESCRIPTION),
        (
            en(_LONG_EN * 2, "How Canada supports Iraq.", field="description"),
            fr(_LONG_FR * 2, "Comment le Canada appuie l’Irak.", field="description"),
        ),
        number=8,
    ),
    Rule(
        "description-not-unique",
        WARNING,
        _("The page “%(page)s” has the same description. Describe what this page is about."),
        not_unique("description"),
        (
            en("About trade.", "Exports and imports in 2020.", field="description", elsewhere="About trade."),
            fr("Le commerce.", "Les échanges en 2020.", field="description", elsewhere="Le commerce."),
        ),
        number=8,
    ),
    Rule(
        "description-says-title",
        WARNING,
        _("The description only repeats the title. Say what the page is about."),
        per_language(repeats_title),
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
        WARNING,
        _("Shorten the address “%(text)s”. Leave out words such as %(words)s."),
        per_language(idle_words),
        (
            en("strategy-for-the-region", "strategy-region", field="address"),
            fr("strategie-pour-la-region", "strategie-region", field="address"),
        ),
        number=65,
    ),
    Rule(
        "address-letters",
        WARNING,
        _(
            "The address “%(text)s” contains characters that are not allowed. Use letters a to z, numbers 0 "
            "to 9 and hyphens."
        ),
        per_language(odd_letters),
        (
            en("Trade_2020", "trade-2020", field="address"),
            fr("météo", "meteo", field="address"),
        ),
        number=65,
    ),
)
