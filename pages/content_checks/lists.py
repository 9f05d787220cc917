"""Are lists led to by a sentence, short, and punctuated as each language wants?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .parsed_document import Item, LanguageView, Listing, TextRun, sentences, words
from .rules import INFO, NO_BREAK, SPACE, WARNING, Match, Rule, match_at_end, match_in_run, per_language

_MAX_ITEMS = 7  # items of a list
_END = re.compile(rf"{SPACE}*(?P<mark>[.;,:!?])[”’»)]*\Z")
# Not the period of “Inc.”, of initials or of an ellipsis.
_ENGLISH_END = re.compile(
    rf"(?:{SPACE}*(?<!\bInc)(?<!\betc)(?<!\bCo)(?<!\bLtd)(?<!\b[ap]\.m)(?<!\b[A-Z])(?<!\.)[.;,])+\Z"
)
_LAST_WORD = {"en": re.compile(r"[;,]? (?:and|or)\Z"), "fr": re.compile(r"[;,] (?:et|ou)\Z")}
_TAG = re.compile(r"<[^>]*>")
# A question, a sentence in quotation marks and what ends with an invisible character need no mark, or one elsewhere.
_ENDS_ITSELF = re.compile(rf"[!?…](?:{SPACE}?[»”)\]])*\Z|[.;,]{SPACE}?[»”]\Z|[\u200b-\u200d\ufeff]\Z")
# A word with marks within it: the name of a file, an address or a call of a function.
_ENDS_WITH_CODE = re.compile(r"(?:[_{}/=]|\.\w)\S*\Z|\w\([^()]*\);?\Z")
_IS_LINK = re.compile(r"<a [^>]*>[^<]*</a>")
_LIST = re.compile(r"<(?P<start>(?P<tag>[uo]l)[^<>]*)>\n(?P<items>(?:<li>[^\n]*</li>\n)+)</(?P=tag)>")


def _ending(text: str) -> str:
    found = _END.search(text.rstrip())
    return found["mark"] if found else ""


def _leads(listing: Listing) -> bool:
    """Whether a sentence leads to the list and its items complete it."""
    return listing.lead_in is not None and _ending(listing.lead_in.prose) == ":"


def _plain_items(listing: Listing) -> Iterator[tuple[Item, TextRun]]:
    """Items of one sentence that hold no list of their own."""
    for item in listing.items:
        if item.run and not item.leads_on and len(list(sentences(item.run))) == 1:
            yield item, item.run


def _is_of_sentences(listing: Listing) -> bool:
    """Whether every item is a sentence of its own: six words or more from a capital to a mark, or a question."""
    runs = [item.run for item in listing.items if item.run]
    return bool(runs) and all(_is_sentence(run.prose) for run in runs)


def _is_of_links(listing: Listing) -> bool:
    """Whether every item is a link and nothing else: a menu, which needs no marks."""
    runs = [item.run for item in listing.items if item.run]
    return bool(runs) and all(run.within(0, len(run.text), "a") for run in runs)


def _is_sentence(text: str) -> bool:
    return (
        text[:1].isupper()
        and _ending(text) in (".", "!", "?")
        and (len(words(text)) >= 6 or _ending(text) == "?")
    )


def english_marks(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        if _is_of_sentences(listing):
            continue
        for _item, run in _plain_items(listing):
            mark = _ending(run.text)
            if mark in (".", ";", ",") and _ENGLISH_END.search(run.text):
                yield match_in_run(run, len(run.text) - 1, mark=mark)


def french_marks(view: LanguageView) -> Iterator[Match]:
    """A semicolon after each item and a period after the last; only in lists that a sentence leads to."""
    for listing in view.lists:
        if listing.depth > 1 or not _leads(listing) or _is_of_sentences(listing) or _is_of_links(listing):
            continue
        for item, run in _plain_items(listing):
            expected = "." if item is listing.items[-1] else ";"
            text = _LAST_WORD["fr"].sub(";", run.text) if expected == ";" else run.text
            if _ending(text) not in (expected, "!", "?"):
                yield match_at_end(run, mark=expected)


def french_exclamations(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        for item in listing.items:
            if item.run and _ending(item.run.text) == "!":
                yield match_in_run(item.run, len(item.run.text) - 1, mark=_ending(item.run.text))


def marked(text: str, language: str) -> str:
    """A rich text with the marks that end items as the language wants; a list around another stays as it is."""
    if language == "en":
        return _LIST.sub(_english_list, text)
    return re.sub(rf"(?<=:</p>\n){_LIST.pattern}", _french_list, text)


def _english_list(found: re.Match[str]) -> str:
    items = _items(found)
    return found[0] if _are_sentences(items) else _written(found, map(_unended, items))


def _french_list(found: re.Match[str]) -> str:
    """A list with a semicolon after each item and a period after the last.

    Sentences and menus stay as they are, and so does a list with marks within its tags.
    """
    items = _items(found)
    has_marks_in_tags = any(re.search(r"[.;,]</\w+>\Z", item) for item in items)
    if _are_sentences(items) or has_marks_in_tags or all(_IS_LINK.fullmatch(item) for item in items):
        return found[0]
    ends = [";"] * (len(items) - 1) + ["."]
    return _written(found, map(_ended, items, ends))


def _items(found: re.Match[str]) -> list[str]:
    return re.findall(r"<li>([^\n]*)</li>", found["items"])


def _are_sentences(items: list[str]) -> bool:
    return all(_is_sentence(_TAG.sub("", item)) for item in items)


def _written(found: re.Match[str], items: Iterable[str]) -> str:
    """The list that was found with other items."""
    lines = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<{found['start']}>\n{lines}</{found['tag']}>"


def _unended(item: str) -> str:
    """An item without the mark at its end; several sentences, calls of functions and “; and,” stay as they are."""
    if re.search(r"[.!?] \S|\w\([^()]*\);\Z|[;,] (?:and|or)[;,]?\Z", item):
        return item
    return _ENGLISH_END.sub("", item)


def _ended(item: str, end: str) -> str:
    """An item with this mark at its end, but for those of which only people can say how they end."""
    said = _TAG.sub("", item).rstrip()
    if (
        _ENDS_ITSELF.search(said)
        or re.search(r"[.!?] \S", said)
        or (end == ";" and _LAST_WORD["fr"].search(said))
    ):
        return item
    if item.endswith("</code>") or _ENDS_WITH_CODE.search(said):
        return item
    return re.sub(rf"{SPACE}*[.;,:!?]?{SPACE}*\Z", "", item) + end


def capitals(view: LanguageView) -> Iterator[Match]:
    """A capital after a lead-in with a colon, of a word that the page also has with a small letter."""
    for listing in filter(_leads, view.lists):
        for item in () if _is_of_sentences(listing) else listing.items:
            word = _capitalized(item.run) if item.run else ""
            if item.run and word and word.lower() in view.vocabulary:
                yield match_in_run(item.run, 0, len(word))


def _capitalized(run: TextRun) -> str:
    """The first word of an item if it has a capital and is neither an abbreviation nor a link."""
    first = words(run.prose[:40])[:1]
    linked = any(mark.tag == "a" and mark.start == 0 for mark in run.marks)
    if not first or linked or not run.prose.startswith(first[0]) or first[0].isupper():
        return ""
    return first[0] if first[0][0].isupper() else ""


def too_many(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        if len(listing.items) > _MAX_ITEMS and listing.items[0].run:
            yield match_in_run(listing.items[0].run, count=len(listing.items), limit=_MAX_ITEMS)


def many_sentences(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        for item in listing.items:
            if item.run and len(list(sentences(item.run))) > 1:
                yield match_in_run(item.run)


def one_item(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        if len(listing.items) == 1 and listing.items[0].run:
            yield match_in_run(listing.items[0].run)


def no_colon(view: LanguageView) -> Iterator[Match]:
    for listing in view.lists:
        lead = listing.lead_in
        if lead and listing.depth == 1 and _ending(lead.prose) != ":":
            yield match_at_end(lead)


def typed_list(view: LanguageView) -> Iterator[Match]:
    """Lists written with hyphens or numbers at the beginning of lines."""
    for run in view.runs_of(frozenset({"paragraph"})):
        lines = run.text.split("\n")
        signs = [re.match(rf"(?:[-–—•*·o▪]|\d{{1,2}}[.)]|[a-z]\)){SPACE}", line) for line in lines]
        if sum(map(bool, signs)) >= 2:
            yield match_in_run(run)


def _list(lead: str, *items: str) -> str:
    return f"<p>{lead}</p>\n<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>"


_EN, _FR = "Canada provides:", f"Le Canada fournit{NO_BREAK}:"

RULES = (
    Rule(
        "list-marks",
        INFO,
        _("In English, list items do not end with punctuation. Remove the “%(mark)s”."),
        per_language(english_marks, "en"),
        (en(_list(_EN, "food;", "shelter."), _list(_EN, "food", "shelter")),),
        number=42,
        languages=("en",),
        fix=marked,
    ),
    Rule(
        "list-marks-french",
        INFO,
        _(
            "In French, each list item ends with a semicolon and the last one with a period. End this item "
            "with “%(mark)s”."
        ),
        per_language(french_marks, "fr"),
        (
            fr(
                _list(_FR, "de la nourriture", "des abris"),
                _list(_FR, "de la nourriture;", "des abris."),
            ),
        ),
        number=42,
        languages=("fr",),
        fix=marked,
    ),
    Rule(
        "list-exclamation",
        INFO,
        _("List items do not end with “%(mark)s”. Rewrite this item."),
        per_language(french_exclamations),
        (
            en(_list(_EN, "food", "shelter!"), _list(_EN, "food", "shelter")),
            fr(_list(_FR, "de la nourriture!", "des abris."), _list(_FR, "de la nourriture;", "des abris.")),
        ),
        number=42,
    ),
    Rule(
        "list-capital",
        INFO,
        _("When a sentence introduces the list, start each item with a lowercase letter: “%(text)s”."),
        per_language(capitals),
        (
            en(
                _list("People need food. Canada provides:", "Food", "shelter"),
                _list("People need food. Canada provides:", "food", "shelter"),
            ),
            fr(
                _list(f"Il faut des abris. Le Canada fournit{NO_BREAK}:", "Des abris;", "du pain."),
                _list(f"Il faut des abris. Le Canada fournit{NO_BREAK}:", "des abris;", "du pain."),
            ),
        ),
        number=43,
    ),
    Rule(
        "list-long",
        WARNING,
        _("The list has %(count)s items. Split it so that each list has %(limit)s items or fewer."),
        per_language(too_many),
        (
            en(_list(_EN, *"abcdefgh"), _list(_EN, *"abc")),
            fr(_list(_FR, *"abcdefgh"), _list(_FR, *"abc")),
        ),
        number=44,
    ),
    Rule(
        "list-sentences",
        INFO,
        _("This list item has several sentences. Keep one, or use paragraphs instead of a list."),
        per_language(many_sentences),
        (
            en(_list(_EN, "food. It is dry.", "shelter"), _list(_EN, "dry food", "shelter")),
            fr(_list(_FR, "du pain. Il est sec.", "des abris."), _list(_FR, "du pain sec;", "des abris.")),
        ),
        number=44,
    ),
    Rule(
        "list-of-one",
        INFO,
        _("The list has only one item. Write it as a sentence."),
        per_language(one_item),
        (
            en(_list(_EN, "food"), "Canada provides food."),
            fr(_list(_FR, "du pain."), "Le Canada fournit du pain."),
        ),
        number=44,
    ),
    Rule(
        "list-lead",
        INFO,
        _("A sentence that introduces a list ends with a colon: “%(text)s”."),
        per_language(no_colon),
        (
            en(_list("Canada provides food and shelter.", "food", "shelter"), _list(_EN, "food", "shelter")),
            fr(_list("Le Canada aide.", "du pain;", "des abris."), _list(_FR, "du pain;", "des abris.")),
        ),
        number=45,
    ),
    Rule(
        "list-typed",
        WARNING,
        _("Screen readers do not recognize lines that begin with a symbol as a list. Use the list button."),
        per_language(typed_list),
        (
            en("Canada provides:<br>- food<br>- shelter", _list(_EN, "food", "shelter")),
            fr("Le Canada fournit :<br>- du pain<br>- des abris", _list(_FR, "du pain;", "des abris.")),
        ),
    ),
)
