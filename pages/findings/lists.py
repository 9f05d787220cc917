"""Are lists led to by a sentence, short, and punctuated as each language wants?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .reading import Item, Listing, Piece, Side, sentences, words
from .rules import HINTS, NO_BREAK, SPACE, WARNS, Hit, Rule, at_the_end, each_side, in_piece

_MOST = 7  # items of a list
_END = re.compile(rf"{SPACE}*(?P<mark>[.;,:!?])[”’»)]*\Z")
# Not the period of “Inc.”, of initials or of an ellipsis.
_ENGLISH_END = re.compile(rf"(?:{SPACE}*(?<!\bInc)(?<!\betc)(?<!\b[A-Z])(?<!\.)[.;,])+\Z")
_LAST_WORD = {"en": re.compile(r"[;,]? (?:and|or)\Z"), "fr": re.compile(r"[;,] (?:et|ou)\Z")}
_ITEM = re.compile(r"(?<=<li>)(.*?)(?=</li>|\n?<[uo]l>)")


def _ending(text: str) -> str:
    found = _END.search(text)
    return found["mark"] if found else ""


def _leads(listing: Listing) -> bool:
    """Whether a sentence leads to the list and its items complete it."""
    return listing.lead is not None and _ending(listing.lead.prose) == ":"


def _plain_items(listing: Listing) -> Iterator[tuple[Item, Piece]]:
    """Items of one sentence that hold no list of their own."""
    for item in listing.items:
        if item.piece and not item.leads_on and len(list(sentences(item.piece))) == 1:
            yield item, item.piece


def english_marks(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        for _item, piece in _plain_items(listing):
            mark = _ending(piece.text)
            if mark in (".", ";", ",") and _ENGLISH_END.search(piece.text):
                yield in_piece(piece, len(piece.text) - 1, mark=mark)


def french_marks(side: Side) -> Iterator[Hit]:
    """A semicolon after each item and a period after the last; only in lists that a sentence leads to."""
    for listing in side.lists:
        if listing.depth > 1 or not _leads(listing):
            continue
        for item, piece in _plain_items(listing):
            wanted = "." if item is listing.items[-1] else ";"
            text = _LAST_WORD["fr"].sub(";", piece.text) if wanted == ";" else piece.text
            if _ending(text) not in (wanted, "!", "?"):
                yield at_the_end(piece, mark=wanted)


def french_exclamations(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        for item in listing.items:
            if item.piece and _ending(item.piece.text) in ("!", "?"):
                yield in_piece(item.piece, len(item.piece.text) - 1, mark=_ending(item.piece.text))


def marked(text: str, language: str) -> str:
    """A rich text with the marks that end items as the language wants; nested lists stay as they are."""
    if language == "en":
        return _ITEM.sub(_unended, text)
    return re.sub(r":</p>\n<([uo]l)>\n((?:<li>[^\n]*</li>\n)+)</\1>", _french_list, text)


def _unended(found: re.Match[str]) -> str:
    if re.search(r"[.!?] \S", found[0]):
        return found[0]
    return _ENGLISH_END.sub("", found[0])


def _french_list(found: re.Match[str]) -> str:
    items = re.findall(r"<li>([^\n]*)</li>", found[2])
    ends = [";"] * (len(items) - 1) + ["."]
    lines = "".join(f"<li>{_ended(item, end)}</li>\n" for item, end in zip(items, ends, strict=True))
    return f":</p>\n<{found[1]}>\n{lines}</{found[1]}>"


def _ended(item: str, end: str) -> str:
    """An item with this mark at its end; those of several sentences stay as they are."""
    if re.search(r"[.!?] \S", item) or (end == ";" and _LAST_WORD["fr"].search(item)):
        return item
    return re.sub(rf"{SPACE}*[.;,:!?]?\Z", "", item) + end


def capitals(side: Side) -> Iterator[Hit]:
    """A capital after a lead-in with a colon, of a word that the page also has with a small letter."""
    for listing in filter(_leads, side.lists):
        for item in listing.items:
            word = _capitalized(item.piece) if item.piece else ""
            if item.piece and word and word.lower() in side.vocabulary:
                yield in_piece(item.piece, 0, len(word))


def _capitalized(piece: Piece) -> str:
    """The first word of an item if it has a capital and is neither an abbreviation nor a link."""
    first = words(piece.prose[:40])[:1]
    linked = any(mark.tag == "a" and mark.start == 0 for mark in piece.marks)
    if not first or linked or not piece.prose.startswith(first[0]) or first[0].isupper():
        return ""
    return first[0] if first[0][0].isupper() else ""


def too_many(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        if len(listing.items) > _MOST and listing.items[0].piece:
            yield in_piece(listing.items[0].piece, count=len(listing.items), limit=_MOST)


def many_sentences(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        for item in listing.items:
            if item.piece and len(list(sentences(item.piece))) > 1:
                yield in_piece(item.piece)


def one_item(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        if len(listing.items) == 1 and listing.items[0].piece:
            yield in_piece(listing.items[0].piece)


def no_colon(side: Side) -> Iterator[Hit]:
    for listing in side.lists:
        lead = listing.lead
        if lead and listing.depth == 1 and _ending(lead.prose) != ":":
            yield at_the_end(lead)


def typed_list(side: Side) -> Iterator[Hit]:
    """Lists written with hyphens or numbers at the beginning of lines."""
    for piece in side.of(frozenset({"paragraph"})):
        lines = piece.text.split("\n")
        signs = [re.match(rf"(?:[-–—•*·o▪]|\d{{1,2}}[.)]|[a-z]\)){SPACE}", line) for line in lines]
        if sum(map(bool, signs)) >= 2:
            yield in_piece(piece)


def _list(lead: str, *items: str) -> str:
    return f"<p>{lead}</p>\n<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>"


_EN, _FR = "Canada provides:", f"Le Canada fournit{NO_BREAK}:"

RULES = (
    Rule(
        "list-marks",
        WARNS,
        _("In English an item of a list has no mark at its end: remove the “%(mark)s”."),
        each_side(english_marks, "en"),
        (en(_list(_EN, "food;", "shelter."), _list(_EN, "food", "shelter")),),
        number=42,
        languages=("en",),
        fix=marked,
    ),
    Rule(
        "list-marks-french",
        WARNS,
        _(
            "In French a semicolon ends each item of a list and a period the last one: "
            "end this item with “%(mark)s”."
        ),
        each_side(french_marks, "fr"),
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
        WARNS,
        _("An item of a list does not end with “%(mark)s”: rewrite it."),
        each_side(french_exclamations),
        (
            en(_list(_EN, "food", "shelter!"), _list(_EN, "food", "shelter")),
            fr(_list(_FR, "de la nourriture!", "des abris."), _list(_FR, "de la nourriture;", "des abris.")),
        ),
        number=42,
    ),
    Rule(
        "list-capital",
        WARNS,
        _("After a sentence that leads to the list, an item begins with a small letter: “%(text)s”."),
        each_side(capitals),
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
        WARNS,
        _("The list has %(count)s items: divide it, so that none has more than %(limit)s."),
        each_side(too_many),
        (
            en(_list(_EN, *"abcdefgh"), _list(_EN, *"abc")),
            fr(_list(_FR, *"abcdefgh"), _list(_FR, *"abc")),
        ),
        number=44,
    ),
    Rule(
        "list-sentences",
        WARNS,
        _("The item has several sentences: keep one, or write paragraphs instead of a list."),
        each_side(many_sentences),
        (
            en(_list(_EN, "food. It is dry.", "shelter"), _list(_EN, "dry food", "shelter")),
            fr(_list(_FR, "du pain. Il est sec.", "des abris."), _list(_FR, "du pain sec;", "des abris.")),
        ),
        number=44,
    ),
    Rule(
        "list-of-one",
        HINTS,
        _("The list has one item: write it as a sentence."),
        each_side(one_item),
        (
            en(_list(_EN, "food"), "Canada provides food."),
            fr(_list(_FR, "du pain."), "Le Canada fournit du pain."),
        ),
        number=44,
    ),
    Rule(
        "list-lead",
        WARNS,
        _("A sentence that leads to a list ends with a colon: “%(text)s”."),
        each_side(no_colon),
        (
            en(_list("Canada provides food and shelter.", "food", "shelter"), _list(_EN, "food", "shelter")),
            fr(_list("Le Canada aide.", "du pain;", "des abris."), _list(_FR, "du pain;", "des abris.")),
        ),
        number=45,
    ),
    Rule(
        "list-typed",
        WARNS,
        _("A screen reader sees no list in lines that begin with a sign: make them a list."),
        each_side(typed_list),
        (
            en("Canada provides:<br>- food<br>- shelter", _list(_EN, "food", "shelter")),
            fr("Le Canada fournit :<br>- du pain<br>- des abris", _list(_FR, "du pain;", "des abris.")),
        ),
    ),
)
