"""Spaces, quotation marks and apostrophes. Spaces that may not break are set when a page is shown, so any will do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .reading import ALL, OWN, WORDS, Piece, Side
from .rules import NO_BREAK, SPACE, WARNS, Hit, Rule, each_side, in_piece, on_words, replacing, spots, widened

_LETTER = r"[^\W\d_]"
_POSTAL_CODE = r"[A-Z]\d[A-Z] ?\d[A-Z]\d"

# Units and words that cannot be part of a number, unlike those of 2e, 3rd, 4x4 or 1990s.
_UNIT = r"(?:km|kg|cm|mm|ha|[KMG]B|[KMG]o)\b"
_ENDINGS = r"(?:i?[èe]mes?|[èe]res?)\b"
_GLUED = (
    r"(?<![\w.,/-])(?P<number>\d+(?:[.,]\d+)*)"
    rf"(?=(?!{_ENDINGS})(?:[a-zà-ÿ]{{4,}}|ans?\b|mois\b|{_UNIT}))"
)

_GLUED_MARK = rf"(?<={_LETTER}{{2}})(?:[.!?;](?=[A-ZÀ-Ý][a-zà-ÿ])|,(?={_LETTER}{{2}}))"
_GLUED_BRACKET = rf"(?<={_LETTER}{{4}})\((?={_LETTER}{{4}})"

_BEFORE_MARK = rf"(?<=[^\W_]){SPACE}+(?=[.,](?![\w.…])|\.[A-ZÀ-Ý][a-zà-ÿ]|\))"
_AFTER_BRACKET = rf"(?<=\(){SPACE}+(?=[^\W_])"
_BEFORE_COLON = r"(?<=[^\W_]|[”’)»%$]):(?=[ \u00a0\n]|\Z)"
_NO_SPACE = {
    "en": rf"(?<=[^\W_]|[”’)»]){SPACE}+(?P<mark>[:;!?])(?=[ \u00a0\n”’)»]|\Z)",
    "fr": rf"(?<=[^\W_]|[”’)»]){SPACE}+(?P<mark>[;!?])(?=[ \u00a0\n”’)]|\Z)",
}


def doubled_spaces(side: Side) -> Iterator[Hit]:
    for piece in side.of(OWN):
        for found in re.finditer(rf"(?<=\S){SPACE}{{2,}}(?=\S)", piece.text):
            if not re.match(_POSTAL_CODE, piece.text[found.end() :]):
                yield in_piece(piece, *widened(piece.text, *found.span(), 8))


def _single(found: re.Match[str]) -> str:
    return NO_BREAK if NO_BREAK in found[0] else " "


def without_doubled_spaces(text: str, language: str) -> str:
    return re.sub(rf"(?<=\S){SPACE}{{2,}}(?=\S)(?!{_POSTAL_CODE})", _single, text)


# Quotation marks


def foreign_quotes(side: Side) -> Iterator[Hit]:
    """Marks of the other language or straight ones; in French “ ” may stand within « »."""
    wrong = re.compile('["«»]' if side.language == "en" else '["“”]')
    for piece in side.of(OWN):
        if not wrong.search(piece.prose):
            continue
        text = _without_quotations(piece.prose) if side.language == "fr" else piece.prose
        found = next((found for found in wrong.finditer(text) if not _is_inches(text, found.start())), None)
        if found:
            yield in_piece(piece, *widened(piece.text, found.start(), found.start(), 25))


def _without_quotations(text: str) -> str:
    return re.sub("«[^«»]*»", lambda found: " " * len(found[0]), text)


def _is_inches(text: str, position: int) -> bool:
    return text[position] == '"' and text[:position][-1:].isdigit() and text.count('"') == 1


def quoted(text: str, language: str) -> str:
    """Pairs of quotation marks as the language wants them; a mark without its pair stays."""
    if language == "en":
        text = re.sub(rf"«{SPACE}?([^«»]*?){SPACE}?»", r"“\1”", text)
        return re.sub('"([^"\n]*)"', r"“\1”", text)
    parts = re.split("(«[^«»]*»)", text)
    pairs = re.compile('“([^“”]*)”|"([^"\n]*)"')
    return "".join(
        part if part.startswith("«") else pairs.sub(rf"«{NO_BREAK}\1\2{NO_BREAK}»", part) for part in parts
    )


# Pairs


_PAIRS = {")": "(", "]": "[", "»": "«", "”": "“"}
_BRACKET = re.compile("[][()«»“”]")


def unpaired(side: Side) -> Iterator[Hit]:
    for piece in side.of(ALL):
        opened: list[re.Match[str]] = []
        for found in _BRACKET.finditer(piece.prose):
            if found[0] not in _PAIRS:
                opened.append(found)
            elif opened and opened[-1][0] == _PAIRS[found[0]]:
                opened.pop()
            elif not _numbers(piece.prose, found):
                yield in_piece(piece, found.start(), found.end(), mark=found[0])
        for found in opened:
            yield in_piece(piece, found.start(), found.end(), mark=found[0])


def _numbers(text: str, found: re.Match[str]) -> bool:
    """“1)” and “a)” number the parts of a sentence."""
    return re.search(r"(?<!\w)\w{1,3}\Z", text[max(0, found.start() - 5) : found.start()]) is not None


# Apostrophes


def straight_apostrophes(side: Side) -> Iterator[Hit]:
    """Straight apostrophes on a page that has round ones too: the first of each field."""
    if not any("’" in piece.text for piece in side.pieces):
        return
    for pieces in side.fields.values():
        found = next(_straight([piece for piece in pieces if piece.kind in OWN]), None)
        if found:
            yield found


def _straight(pieces: list[Piece]) -> Iterator[Hit]:
    for piece in pieces:
        for found in re.finditer(rf"{_LETTER}+'{_LETTER}*", piece.prose) if "'" in piece.prose else ():
            yield in_piece(piece, found.start(), found.end())


RULES = (
    Rule(
        "space-doubled",
        WARNS,
        _("There are two spaces in “%(text)s”: keep one."),
        each_side(doubled_spaces),
        (
            en("Trade  in 2020", "Trade in 2020", field="title"),
            fr("Commerce  en 2020", "Commerce en 2020", field="title"),
        ),
        number=64,
        fix=on_words(without_doubled_spaces),
    ),
    Rule(
        "space-stray",
        WARNS,
        _("Remove the space beside the mark in “%(text)s”."),
        spots(
            rf"{_BEFORE_MARK}|{_AFTER_BRACKET}",
            having=rf"{SPACE}[.,)]|\({SPACE}",
            around=12,
        ),
        (
            en("The mission (2018–2020 ) is over.", "The mission (2018–2020) is over."),
            fr("La mission est terminée , dit-on.", "La mission est terminée, dit-on."),
        ),
        number=64,
        fix=replacing([(_BEFORE_MARK, ""), (_AFTER_BRACKET, "")]),
    ),
    Rule(
        "space-missing",
        WARNS,
        _("A space is missing in “%(text)s”."),
        spots(
            rf"{_GLUED_MARK}|{_GLUED_BRACKET}",
            within=OWN,
            having=r"[.!?;,(](?=[^\W\d_])",
            around=20,
        ),
        (
            en("It began in Iraq.Canada helped.", "It began in Iraq. Canada helped."),
            fr("La sécurité,la stabilité", "La sécurité, la stabilité"),
        ),
        number=64,
        fix=replacing([(_GLUED_MARK, r"\g<0> "), (_GLUED_BRACKET, " (")]),
    ),
    Rule(
        "space-after-number",
        WARNS,
        _("A space is missing after the number: “%(text)s”."),
        spots(
            rf"{_GLUED}[^\W\d_]+",
            within=OWN,
            having=r"\d",
        ),
        (
            en("There were 4.1million people.", f"There were 4.1{NO_BREAK}million people."),
            fr("Il y avait 4,1millions de gens.", f"Il y avait 4,1{NO_BREAK}millions de gens."),
        ),
        number=64,
        fix=replacing([(_GLUED, rf"\g<number>{NO_BREAK}")]),
    ),
    Rule(
        "space-before-mark",
        WARNS,
        _("Remove the space before “%(mark)s”: “%(text)s”."),
        spots(
            en=_NO_SPACE["en"],
            fr=_NO_SPACE["fr"],
            having=f"{SPACE}[:;!?]",
            around=12,
        ),
        (
            en("Canada helps : how?", "Canada helps: how?"),
            fr("Pourquoi ? Le Canada aide.", "Pourquoi? Le Canada aide."),
        ),
        number=61,
        fix=replacing(
            en=[(_NO_SPACE["en"], r"\g<mark>")],
            fr=[(_NO_SPACE["fr"], r"\g<mark>")],
        ),
    ),
    Rule(
        "space-before-colon",
        WARNS,
        _("In French a no-break space stands before a colon: “%(text)s”."),
        spots(fr=_BEFORE_COLON, within=WORDS, having=":", around=12),
        (fr("Il aide: voici comment.", f"Il aide{NO_BREAK}: voici comment."),),
        number=61,
        languages=("fr",),
        fix=replacing(fr=[(_BEFORE_COLON, f"{NO_BREAK}:")]),
    ),
    Rule(
        "space-in-quotation-marks",
        WARNS,
        _("In French a no-break space follows « and comes before »: “%(text)s”."),
        spots(fr=rf"«(?!{SPACE})[^«»\n]{{0,60}}»?|(?<!{SPACE})»", having="[«»]", around=20),
        (fr("Le mot «aide» revient.", f"Le mot «{NO_BREAK}aide{NO_BREAK}» revient."),),
        number=61,
        languages=("fr",),
        fix=replacing(fr=[(rf"«(?!{SPACE})", f"«{NO_BREAK}"), (rf"(?<!{SPACE})»", f"{NO_BREAK}»")]),
    ),
    Rule(
        "quotation-marks",
        WARNS,
        _("English has “ ” and French « » as quotation marks: correct “%(text)s”."),
        each_side(foreign_quotes),
        (
            en('The "best" way', "The “best” way"),
            fr("La “meilleure” façon", f"La «{NO_BREAK}meilleure{NO_BREAK}» façon"),
        ),
        number=62,
        fix=on_words(quoted),
    ),
    Rule(
        "apostrophe-straight",
        WARNS,
        _("The page has two kinds of apostrophes: write ’ in “%(text)s” too."),
        each_side(straight_apostrophes),
        (
            en("Canada’s and Iraq's aims", "Canada’s and Iraq’s aims"),
            fr("L’Irak et l'aide", "L’Irak et l’aide"),
        ),
        number=63,
        fix=replacing(
            en=[(rf"(?<={_LETTER})'(?={_LETTER}|{SPACE}|[.,;:!?)]|$)", "’")],
            fr=[(rf"(?<={_LETTER})'(?={_LETTER}|[«“])", "’")],
        ),
    ),
    Rule(
        "mark-unpaired",
        WARNS,
        _("The “%(mark)s” in this passage has no counterpart: add it, or remove the mark."),
        each_side(unpaired),
        (
            en("Canada (and its partners help.", "Canada (and its partners) help."),
            fr("Le Canada (et ses partenaires aide.", "Le Canada (et ses partenaires) aide."),
        ),
    ),
)
