"""Do the two languages have the same parts: texts, headings, lists, items, tables, links, quotations, paragraphs?

Figures and blocks are shared by both languages, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES, Bilingual, Objective, TextSection, texts
from .examples import Example, page_with, pair
from .numbers import NONE
from .reading import WORDS, Listing, Piece, Reading, Side, words
from .rules import BLOCKS, HINTS, WARNS, Check, Hit, Rule, each_side, in_field, in_piece, is_rich

# Words that only one of the languages has and that hardly a sentence does without.
_FUNCTION_WORDS = {
    "en": frozenset("the of and to in is for with by that are this from at which it be has have will its".split()),
    "fr": frozenset("le la les des et à du est pour dans un une que qui au aux par sur avec ce cette sont il".split()),
}  # fmt: skip
_TELLING = 6  # words from which a passage shows its language
_LONG = 40  # words from which lengths can be compared
_RATIO = 2.2  # French is about 1.2 times as long as English


def missing(reading: Reading) -> Iterator[Hit]:
    for text in texts(reading.document):
        lacking = text.value.missing()
        if not text.optional and len(lacking) == 1:
            there = text.value.en or text.value.fr
            yield in_field(text.path, lacking[0], "" if is_rich(text.path) else there)


def in_other_language(side: Side) -> Iterator[Hit]:
    return (in_piece(piece) for piece in side.of(WORDS) if _is_foreign(piece))


def _is_foreign(piece: Piece) -> bool:
    text = piece.prose
    for mark in piece.marks:
        # The title of a page in the other language is not translated.
        if mark.tag == "a" and mark.attributes.get("hreflang"):
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    said = words(text.lower())
    foreign = sum(map(_FUNCTION_WORDS[_other(piece.language)].__contains__, said))
    if len(said) < _TELLING or foreign < 3:
        return False
    return sum(map(_FUNCTION_WORDS[piece.language].__contains__, said)) * 3 <= foreign


def untranslated(reading: Reading) -> Iterator[Hit]:
    """The same words in both languages, but for names and what `in_other_language` finds."""
    english, french = reading.sides
    for path, pieces in french.fields.items():
        there = {piece.text for piece in english.fields.get(path, ())}
        for piece in pieces:
            if piece.kind in WORDS and piece.text in there and _is_common(piece.prose):
                foreign = _is_foreign(piece) or any(
                    _is_foreign(other) for other in english.fields[path] if other.text == piece.text
                )
                if not foreign:
                    yield in_field(path, "", piece.text, text=piece.text)


def _is_common(text: str) -> bool:
    """Four words or more, most of them long and without the capitals of a name."""
    said = words(text)
    long = sum(len(word) >= 4 and (index == 0 or word.islower()) for index, word in enumerate(said))
    return len(said) >= 4 and long >= 3


def _other(language: str) -> str:
    return LANGUAGES[language == "en"]


def unequal(count: Callable[[Side, tuple[str, ...]], Any]) -> Check:
    """A check that compares what is counted in each rich text; what it counts is shown in the message."""

    def checked(reading: Reading) -> Iterator[Hit]:
        english, french = reading.sides
        for path in english.fields.keys() & french.fields.keys():
            here, there = count(english, path), count(french, path)
            if here != there:
                yield in_field(path, english=_shown(here), french=_shown(there))

    return checked


def _shown(count: Any) -> Any:
    return ", ".join(count) or NONE if isinstance(count, list) else count


def _headings(side: Side, path: tuple[str, ...]) -> list[str]:
    return [f"h{piece.level}" for piece in side.fields[path] if piece.kind == "heading"]


def _lists(side: Side, path: tuple[str, ...]) -> list[str]:
    return ["1)" if listing.ordered else "•" for listing in _lists_of(side, path)]


def _quotations(side: Side, path: tuple[str, ...]) -> int:
    return sum(piece.kind == "quotation" for piece in side.fields[path])


def _paragraphs(side: Side, path: tuple[str, ...]) -> int:
    return sum(piece.kind == "paragraph" for piece in side.fields[path])


def _links(side: Side, path: tuple[str, ...]) -> int:
    return sum(link.piece.path == path for link in side.links)


def _tables(side: Side, path: tuple[str, ...]) -> list[str]:
    return [
        f"{len(table.rows)} × {max(map(len, table.rows), default=0)}"
        for table in side.tables
        if table.path == path
    ]


def items_differ(reading: Reading) -> Iterator[Hit]:
    english, french = reading.sides
    for path in english.fields.keys() & french.fields.keys():
        here, there = _lists_of(english, path), _lists_of(french, path)
        if len(here) != len(there):
            continue
        for one, other in zip(here, there, strict=True):
            if len(one.items) != len(other.items):
                first = next((item.piece.text for item in one.items if item.piece), "")
                yield in_field(
                    path, excerpt=first, text=first, english=len(one.items), french=len(other.items)
                )


def _lists_of(side: Side, path: tuple[str, ...]) -> list[Listing]:
    return [listing for listing in side.lists if listing.path == path]


def much_shorter(reading: Reading) -> Iterator[Hit]:
    english, french = reading.sides
    for path in english.fields.keys() & french.fields.keys():
        here, there = (sum(len(side.words(piece)) for piece in side.fields[path]) for side in reading.sides)
        if max(here, there) >= _LONG and max(here, there) > _RATIO * min(here, there):
            language = "en" if here < there else "fr"
            yield in_field(path, language, english=here, french=there)


def repeated_heading(side: Side) -> Iterator[Hit]:
    seen: set[str] = set()
    for piece in side.pieces:
        if piece.kind != "heading" or piece.level != 2:
            continue
        if piece.text.casefold() in seen:
            yield in_piece(piece)
        seen.add(piece.text.casefold())


def _two_sections(language: str, first: str, second: str) -> Any:
    page = page_with("heading", Bilingual(**{language: first}))
    block: TextSection | Objective = TextSection("second", heading=Bilingual(**{language: second}))
    return type(page)(page.key, page.parent, blocks=(*page.blocks, block))


_LIST = "<ul>\n<li>food</li>\n<li>shelter</li>\n</ul>"
_LISTE = "<ul>\n<li>la nourriture;</li>\n<li>des abris.</li>\n</ul>"
_SHORT = "<ul>\n<li>food</li>\n</ul>"
_COURTE = "<ul>\n<li>la nourriture.</li>\n</ul>"
_TABLE = "<table>\n<tbody>\n<tr>\n<th>Year</th>\n<td>{}</td>\n</tr>\n</tbody>\n</table>"
_LINK = '<a href="https://example.org/{}">{}</a>'
_LONG_EN = "Canada helps people who fled the war to return, to find work and to live in peace. " * 4
_LONG_FR = (
    "Le Canada aide les personnes qui ont fui la guerre à revenir, à trouver un emploi et à vivre en paix. "
    * 4
)

RULES = (
    Rule(
        "missing-translation",
        BLOCKS,
        _("This text is there in one language only: write it in the other one too, or remove it."),
        missing,
        (
            pair("en", ("", "Échanges"), ("Trade", "Échanges"), field="heading"),
            pair("fr", ("Trade", ""), ("Trade", "Échanges"), field="heading"),
        ),
    ),
    Rule(
        "other-language",
        WARNS,
        _(
            "This passage is in the other language: translate it, or mark it as a passage in another language."
        ),
        each_side(in_other_language),
        (
            pair(
                "en",
                (
                    "Le Canada appuie la stabilité de la région et des pays voisins.",
                    "Le Canada aide la région.",
                ),
                (
                    "Canada supports the stability of the region.",
                    "Le Canada appuie la stabilité de la région.",
                ),
            ),
            pair(
                "fr",
                (
                    "Canada helps the region.",
                    "Canada supports the stability of the region and of its people.",
                ),
                (
                    "Canada supports the stability of the region.",
                    "Le Canada appuie la stabilité de la région.",
                ),
            ),
        ),
    ),
    Rule(
        "untranslated",
        WARNS,
        _("“%(text)s” is the same in English and in French: translate it."),
        untranslated,
        (
            pair(
                "en",
                ("Documents sur cette page importante", "Documents sur cette page importante"),
                ("Documents about this page", "Documents sur cette page importante"),
                field="heading",
            ),
            pair(
                "fr",
                ("Reports about safe water", "Reports about safe water"),
                ("Reports about safe water", "Rapports sur l’eau potable"),
                field="heading",
            ),
        ),
    ),
    Rule(
        "headings-differ",
        WARNS,
        _(
            "Headings in English: %(english)s; in French: %(french)s. Give both languages the same headings, "
            "at the same levels and in the same order."
        ),
        unequal(_headings),
        (
            pair(
                "en",
                ("<p>Canada helps.</p>", "<h3>Aide</h3>\n<p>Le Canada aide.</p>"),
                ("<h3>Help</h3>\n<p>Canada helps.</p>", "<h3>Aide</h3>\n<p>Le Canada aide.</p>"),
            ),
            pair(
                "fr",
                ("<h3>Help</h3>\n<p>Canada helps.</p>", "<p>Le Canada aide.</p>"),
                ("<h3>Help</h3>\n<p>Canada helps.</p>", "<h3>Aide</h3>\n<p>Le Canada aide.</p>"),
            ),
        ),
    ),
    Rule(
        "lists-differ",
        WARNS,
        _("Lists in English: %(english)s; in French: %(french)s. Give both languages the same lists."),
        unequal(_lists),
        (
            pair("en", ("<p>food, shelter</p>", _LISTE), (_LIST, _LISTE)),
            pair("fr", (_LIST, "<p>la nourriture, des abris</p>"), (_LIST, _LISTE)),
        ),
    ),
    Rule(
        "items-differ",
        WARNS,
        _(
            "The list that begins with “%(text)s” has %(english)s items in English and %(french)s in French: "
            "give both the same items."
        ),
        items_differ,
        (
            pair("en", (_SHORT, _LISTE), (_LIST, _LISTE)),
            pair("fr", (_LIST, _COURTE), (_LIST, _LISTE)),
        ),
    ),
    Rule(
        "tables-differ",
        WARNS,
        _(
            "Tables in English: %(english)s; in French: %(french)s (rows × columns). Give both languages the "
            "same rows and columns."
        ),
        unequal(_tables),
        (
            pair("en", ("<p>Text.</p>", _TABLE.format("no")), (_TABLE.format("yes"), _TABLE.format("oui"))),
            pair("fr", (_TABLE.format("yes"), "<p>Texte.</p>"), (_TABLE.format("yes"), _TABLE.format("oui"))),
        ),
    ),
    Rule(
        "links-differ",
        WARNS,
        _("Links in English: %(english)s; in French: %(french)s. Give both languages the same links."),
        unequal(_links),
        (
            pair(
                "en",
                ("See the list.", f"Voir la {_LINK.format('fr', 'liste')}."),
                (f"See the {_LINK.format('en', 'list')}.", f"Voir la {_LINK.format('fr', 'liste')}."),
            ),
            pair(
                "fr",
                (f"See the {_LINK.format('en', 'list')}.", "Voir la liste."),
                (f"See the {_LINK.format('en', 'list')}.", f"Voir la {_LINK.format('fr', 'liste')}."),
            ),
        ),
    ),
    Rule(
        "quotations-differ",
        WARNS,
        _(
            "Paragraphs quoted in English: %(english)s; in French: %(french)s. Give both languages the same "
            "quotations."
        ),
        unequal(_quotations),
        (
            pair(
                "en",
                ("<p>Peace.</p>", "<blockquote>\n<p>La paix.</p>\n</blockquote>"),
                (
                    "<blockquote>\n<p>Peace.</p>\n</blockquote>",
                    "<blockquote>\n<p>La paix.</p>\n</blockquote>",
                ),
            ),
            pair(
                "fr",
                ("<blockquote>\n<p>Peace.</p>\n</blockquote>", "<p>La paix.</p>"),
                (
                    "<blockquote>\n<p>Peace.</p>\n</blockquote>",
                    "<blockquote>\n<p>La paix.</p>\n</blockquote>",
                ),
            ),
        ),
    ),
    Rule(
        "paragraphs-differ",
        HINTS,
        _(
            "Paragraphs in English: %(english)s; in French: %(french)s. Check that nothing is missing; the same "
            "division helps to keep the two languages together."
        ),
        unequal(_paragraphs),
        (
            pair("en", ("<p>One.</p>", "<p>Un.</p>\n<p>Deux.</p>"), ("<p>One.</p>", "<p>Un.</p>")),
            pair("fr", ("<p>One.</p>\n<p>Two.</p>", "<p>Un.</p>"), ("<p>One.</p>", "<p>Un.</p>")),
        ),
    ),
    Rule(
        "much-shorter",
        WARNS,
        _(
            "This text has %(english)s words in English and %(french)s in French: check that the shorter one "
            "says everything."
        ),
        much_shorter,
        (
            pair("en", ("Canada helps people.", _LONG_FR), (_LONG_EN, _LONG_FR)),
            pair("fr", (_LONG_EN, "Le Canada aide les gens."), (_LONG_EN, _LONG_FR)),
        ),
    ),
    Rule(
        "heading-repeated",
        WARNS,
        _("Two sections of this page are called “%(text)s”: give each a heading of its own."),
        each_side(repeated_heading),
        (
            Example(
                "en",
                _two_sections("en", "Results", "Results"),
                _two_sections("en", "Results", "Costs"),
                text="Results … Results",
                better="Results … Costs",
            ),
            Example(
                "fr",
                _two_sections("fr", "Résultats", "Résultats"),
                _two_sections("fr", "Résultats", "Coûts"),
                text="Résultats … Résultats",
                better="Résultats … Coûts",
            ),
        ),
    ),
)
