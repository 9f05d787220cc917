"""Do the two languages have the same parts: texts, headings, lists, items, tables, links, quotations, paragraphs?

Figures and blocks are shared by both languages, so they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual, Objective, TextSection, texts
from .examples import Example, page_with, pair
from .numbers import NONE
from .parsed_document import WORDS, LanguageView, Listing, ParsedDocument, TextRun, function_words, words
from .rules import (
    ERROR,
    INFO,
    WARNING,
    Check,
    Match,
    Rule,
    is_rich,
    match_in_field,
    match_in_run,
    per_language,
)

_TELLING = 6  # words from which a passage shows its language
_LONG = 40  # words from which lengths can be compared
_RATIO = 2.2  # French is about 1.2 times as long as English


def missing(parsed: ParsedDocument) -> Iterator[Match]:
    for text in texts(parsed.document):
        lacking = text.value.missing()
        if not text.optional and len(lacking) == 1:
            present = text.value.en or text.value.fr
            yield match_in_field(text.path, lacking[0], "" if is_rich(text.path) else present)


def in_other_language(view: LanguageView) -> Iterator[Match]:
    return (match_in_run(run) for run in view.runs_of(WORDS) if _is_foreign(run))


# What says that a title stands there in the other language: “(in French only)”.
_NAMED_LANGUAGE = {
    "en": re.compile(r"[(\[][^()\[\]]*\bFrench\b[^()\[\]]*[)\]]"),
    "fr": re.compile(r"[(\[][^()\[\]]*\banglais\b[^()\[\]]*[)\]]"),
}


def _is_foreign(run: TextRun) -> bool:
    text = run.prose
    for mark in run.marks:
        # The title of a page in the other language is not translated.
        if mark.tag == "a" and mark.attributes.get("hreflang"):
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    if _NAMED_LANGUAGE[run.language].search(text):
        return False
    run_words = words(text.lower())
    own, foreign = function_words(run_words, run.language)
    return len(run_words) >= _TELLING and foreign >= 3 and own * 3 <= foreign


def untranslated(parsed: ParsedDocument) -> Iterator[Match]:
    """The same words in both languages, but for names and what `in_other_language` finds."""
    english, french = parsed.views
    for path, runs in french.fields.items():
        english_texts = {run.text for run in english.fields.get(path, ())}
        for run in runs:
            if run.kind in WORDS and run.text in english_texts and _is_common(run.prose):
                foreign = _is_foreign(run) or any(
                    _is_foreign(other) for other in english.fields[path] if other.text == run.text
                )
                if not foreign:
                    yield match_in_field(path, "", run.text, text=run.text)


# A path, the name of a file or of a variable: what no language translates.
_CODE = re.compile(r"[_{}=<>]|\w[/.]\w|[a-z][A-Z]")


def _is_common(text: str) -> bool:
    """Four words or more, most of them long and without the capitals of a name."""
    text_words = words(" ".join(part for part in text.split() if not _CODE.search(part)))
    long = sum(len(word) >= 4 and (index == 0 or word.islower()) for index, word in enumerate(text_words))
    return len(text_words) >= 4 and long >= 3


def unequal(count: Callable[[LanguageView, tuple[str, ...]], Any]) -> Check:
    """A check that compares what is counted in each rich text; what it counts is shown in the message."""

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        english, french = parsed.views
        for path in english.fields.keys() & french.fields.keys():
            in_english, in_french = count(english, path), count(french, path)
            if in_english != in_french:
                yield match_in_field(path, english=_count_label(in_english), french=_count_label(in_french))

    return checked


def _count_label(count: Any) -> Any:
    return ", ".join(count) or NONE if isinstance(count, list) else count


def _headings(view: LanguageView, path: tuple[str, ...]) -> list[str]:
    return [f"h{run.level}" for run in view.fields[path] if run.kind == "heading"]


def _lists(view: LanguageView, path: tuple[str, ...]) -> list[str]:
    return [f"{listing.numbering})" if listing.ordered else "•" for listing in _lists_of(view, path)]


def _quotations(view: LanguageView, path: tuple[str, ...]) -> int:
    return sum(run.kind == "quotation" for run in view.fields[path])


def _terms(view: LanguageView, path: tuple[str, ...]) -> int:
    return sum(run.kind == "term" for run in view.fields[path])


def _notes(view: LanguageView, path: tuple[str, ...]) -> int:
    return sum(run.kind == "note" for run in view.fields[path])


def _paragraphs(view: LanguageView, path: tuple[str, ...]) -> int:
    return sum(run.kind == "paragraph" for run in view.fields[path])


def _links(view: LanguageView, path: tuple[str, ...]) -> int:
    return sum(link.run.path == path for link in view.links)


def _tables(view: LanguageView, path: tuple[str, ...]) -> list[str]:
    return [
        f"{len(table.rows)} × {max(map(len, table.rows), default=0)}"
        for table in view.tables
        if table.path == path
    ]


def items_differ(parsed: ParsedDocument) -> Iterator[Match]:
    english, french = parsed.views
    for path in english.fields.keys() & french.fields.keys():
        english_lists, french_lists = _lists_of(english, path), _lists_of(french, path)
        if len(english_lists) != len(french_lists):
            continue
        for english_list, french_list in zip(english_lists, french_lists, strict=True):
            if len(english_list.items) != len(french_list.items):
                first = next((item.run.text for item in english_list.items if item.run), "")
                yield match_in_field(
                    path,
                    excerpt=first,
                    text=first,
                    english=len(english_list.items),
                    french=len(french_list.items),
                )


def _lists_of(view: LanguageView, path: tuple[str, ...]) -> list[Listing]:
    return [listing for listing in view.lists if listing.path == path]


def much_shorter(parsed: ParsedDocument) -> Iterator[Match]:
    english, french = parsed.views
    for path in english.fields.keys() & french.fields.keys():
        english_words, french_words = (
            sum(len(view.words(run)) for run in view.fields[path]) for view in parsed.views
        )
        if max(english_words, french_words) >= _LONG and max(english_words, french_words) > _RATIO * min(
            english_words, french_words
        ):
            language = "en" if english_words < french_words else "fr"
            yield match_in_field(path, language, english=english_words, french=french_words)


def repeated_heading(view: LanguageView) -> Iterator[Match]:
    seen: set[str] = set()
    for run in view.runs:
        if run.kind != "heading" or run.level != 2:
            continue
        if run.text.casefold() in seen:
            yield match_in_run(run)
        seen.add(run.text.casefold())


def _two_sections(language: str, first: str, second: str) -> Any:
    page = page_with("heading", Bilingual(**{language: first}))
    block: TextSection | Objective = TextSection("second", heading=Bilingual(**{language: second}))
    return type(page)(page.key, page.parent, blocks=(*page.blocks, block))


_LIST = "<ul>\n<li>food</li>\n<li>shelter</li>\n</ul>"
_LISTE = "<ul>\n<li>la nourriture;</li>\n<li>des abris.</li>\n</ul>"
_SHORT = "<ul>\n<li>food</li>\n</ul>"
_COURTE = "<ul>\n<li>la nourriture.</li>\n</ul>"
_TABLE = "<table>\n<tbody>\n<tr>\n<th>Year</th>\n<td>{}</td>\n</tr>\n</tbody>\n</table>"
_NOTE = '<p>{}<span role="doc-footnote">{}</span></p>'
_TERMS = "<dl>\n<dt>{}</dt>\n<dd>{}</dd>\n</dl>"
_LINK = '<a href="https://example.org/{}">{}</a>'
_LONG_EN = "Canada helps people who fled the war to return, to find work and to live in peace. " * 4
_LONG_FR = (
    "Le Canada aide les personnes qui ont fui la guerre à revenir, à trouver un emploi et à vivre en paix. "
    * 4
)

RULES = (
    Rule(
        "missing-translation",
        ERROR,
        _("This text exists in one language only. Add the other language or remove it."),
        missing,
        (
            pair("en", ("", "Échanges"), ("Trade", "Échanges"), field="heading"),
            pair("fr", ("Trade", ""), ("Trade", "Échanges"), field="heading"),
        ),
    ),
    Rule(
        "other-language",
        WARNING,
        _(
            "This passage is in the other language. Translate it, or mark it as a passage in another "
            "language."
        ),
        per_language(in_other_language),
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
        INFO,
        _("“%(text)s” is the same in both languages. Translate it."),
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
        WARNING,
        _(
            "The headings differ (English: %(english)s; French: %(french)s). Use the same headings, at the "
            "same levels and in the same order, in both languages."
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
        WARNING,
        _(
            "The lists differ (English: %(english)s; French: %(french)s). Use the same lists in both "
            "languages."
        ),
        unequal(_lists),
        (
            pair("en", ("<p>food, shelter</p>", _LISTE), (_LIST, _LISTE)),
            pair("fr", (_LIST, "<p>la nourriture, des abris</p>"), (_LIST, _LISTE)),
        ),
    ),
    Rule(
        "items-differ",
        WARNING,
        _(
            "The list that begins with “%(text)s” differs (items in English: %(english)s; in French: "
            "%(french)s). Use the same items in both languages."
        ),
        items_differ,
        (
            pair("en", (_SHORT, _LISTE), (_LIST, _LISTE)),
            pair("fr", (_LIST, _COURTE), (_LIST, _LISTE)),
        ),
    ),
    Rule(
        "tables-differ",
        WARNING,
        _(
            "The tables differ (rows × columns in English: %(english)s; in French: %(french)s). Use the same "
            "rows and columns in both languages."
        ),
        unequal(_tables),
        (
            pair("en", ("<p>Text.</p>", _TABLE.format("no")), (_TABLE.format("yes"), _TABLE.format("oui"))),
            pair("fr", (_TABLE.format("yes"), "<p>Texte.</p>"), (_TABLE.format("yes"), _TABLE.format("oui"))),
        ),
    ),
    Rule(
        "links-differ",
        WARNING,
        _(
            "The number of links differs (English: %(english)s; French: %(french)s). Use the same links in "
            "both languages."
        ),
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
        WARNING,
        _(
            "The number of quoted paragraphs differs (English: %(english)s; French: %(french)s). Use the "
            "same quotations in both languages."
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
        "terms-differ",
        WARNING,
        _(
            "The number of terms with a definition differs (English: %(english)s; French: %(french)s). Define "
            "the same terms in both languages."
        ),
        unequal(_terms),
        (
            pair(
                "en",
                ("<p>Visa: a permit.</p>", _TERMS.format("Visa", "Un permis.")),
                (_TERMS.format("Visa", "A permit."), _TERMS.format("Visa", "Un permis.")),
            ),
            pair(
                "fr",
                (_TERMS.format("Visa", "A permit."), "<p>Visa : un permis.</p>"),
                (_TERMS.format("Visa", "A permit."), _TERMS.format("Visa", "Un permis.")),
            ),
        ),
    ),
    Rule(
        "footnotes-differ",
        WARNING,
        _(
            "The number of footnotes differs (English: %(english)s; French: %(french)s). Use the same "
            "footnotes in both languages."
        ),
        unequal(_notes),
        (
            pair(
                "en",
                ("<p>Aid</p>", _NOTE.format("Aide", "Rapport annuel.")),
                (_NOTE.format("Aid", "Annual report."), _NOTE.format("Aide", "Rapport annuel.")),
            ),
            pair(
                "fr",
                (_NOTE.format("Aid", "Annual report."), "<p>Aide</p>"),
                (_NOTE.format("Aid", "Annual report."), _NOTE.format("Aide", "Rapport annuel.")),
            ),
        ),
    ),
    Rule(
        "paragraphs-differ",
        INFO,
        _(
            "The number of paragraphs differs (English: %(english)s; French: %(french)s). Check that nothing "
            "is missing. Matching paragraphs make the two languages easier to maintain."
        ),
        unequal(_paragraphs),
        (
            pair("en", ("<p>One.</p>", "<p>Un.</p>\n<p>Deux.</p>"), ("<p>One.</p>", "<p>Un.</p>")),
            pair("fr", ("<p>One.</p>\n<p>Two.</p>", "<p>Un.</p>"), ("<p>One.</p>", "<p>Un.</p>")),
        ),
    ),
    Rule(
        "much-shorter",
        WARNING,
        _(
            "One version is much shorter (words in English: %(english)s; in French: %(french)s). Check that "
            "nothing is missing from it."
        ),
        much_shorter,
        (
            pair("en", ("Canada helps people.", _LONG_FR), (_LONG_EN, _LONG_FR)),
            pair("fr", (_LONG_EN, "Le Canada aide les gens."), (_LONG_EN, _LONG_FR)),
        ),
    ),
    Rule(
        "heading-repeated",
        WARNING,
        _("Two sections of this page have the heading “%(text)s”. Give each its own heading."),
        per_language(repeated_heading),
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
