"""Is every abbreviation explained before it is used, in the language of the page, and always in the same way?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES
from .examples import en, fr, pair
from .reading import CELLS, PROSE, WORDS, Claim, Piece, Reading, Side, words
from .rules import WARNS, Hit, Rule, each_side, in_piece, spots

# Two capitals or more, with a plural s in English; “R&D” and “G7” are something else.
_ABBREVIATION = re.compile(r"(?<![\w&/.-])(?:[A-ZÀ-Ý]{2,7}|[A-Z]\.(?:[A-Z]\.)+)(?=s?(?![\w&/]))")
# What nobody needs to be told, and what is no abbreviation.
_KNOWN_TO_ALL = (
    "PDF HTML CSV XML JSON KB MB GB TB KO MO GO OK TV ID USB SMS URL DVD CD AA AAA AM PM QR NW NE SW SE AD BC "
    "II III IV VI VII VIII IX XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI TTY ATS CAD USD CAN US EN FR "
    "AB BC MB NB NL NS NT NU ON PE QC SK YT DC EST EDT UTC GMT HNE HAE "
)
_KNOWN = {
    "en": frozenset((_KNOWN_TO_ALL + "USA UK THE AND OR NOT ALL NO IF MUST ONLY NEVER DO").split()),
    "fr": frozenset(
        (_KNOWN_TO_ALL + "ET OU LE LA LES DES DE DU MM MME UN UNE AU AUX NE PAS NON TOUT").split()
    ),
}
# The abbreviations of organizations that pages of this kind name, by language.
_TWINS = {
    "NATO": "OTAN", "UN": "ONU", "WHO": "OMS", "IMF": "FMI", "IAEA": "AIEA", "IOM": "OIM", "EU": "UE", "NGO": "ONG",
    "UNHCR": "HCR", "WFP": "PAM", "ICRC": "CICR", "UNDP": "PNUD", "ILO": "OIT", "WTO": "OMC", "OECD": "OCDE",
    "GDP": "PIB", "IDP": "PDI", "SIN": "NAS", "RCMP": "GRC", "CAF": "FAC", "GAC": "AMC", "ICC": "CPI",
}  # fmt: skip
# Another rule says that these are abbreviations of the other language.
_STRANGE = {
    "en": frozenset(_TWINS.values()) - _TWINS.keys(),
    "fr": _TWINS.keys() - frozenset(_TWINS.values()),
}
_CAPITALS = re.compile(r"[A-ZÀ-Ý]\.?[A-ZÀ-Ý]")
_OPERATION = re.compile(r"(?i:operation|opération)[ \u00a0]\Z")
_USED = PROSE | CELLS | {"caption", "quotation"}

_LATIN = {
    "en": r"(?<![\w.])(?:e\.g\.|i\.e\.|etc\.|viz\.|cf\.|eg\.|ie\.)",
    "fr": r"(?<![\w.])(?:p\.[ \u00a0]?ex\.|c\.-à-d\.|e\.g\.|i\.e\.|cf\.)",
}


def used(piece: Piece) -> Iterator[tuple[str, int, int]]:
    """The abbreviations of a piece and where they stand."""
    for found in _ABBREVIATION.finditer(piece.prose):
        name = found[0].replace(".", "")
        after = piece.prose[found.end() : found.end() + 2]
        if name in _KNOWN[piece.language] or re.match(r"[ \u00a0-]\d", after) or _in_capitals(piece, found):
            continue
        if not _OPERATION.search(piece.prose[max(0, found.start() - 12) : found.start()]):
            yield name, found.start(), found.end()


def _in_capitals(piece: Piece, found: re.Match[str]) -> bool:
    """Whether the word before or after it is in capitals too: then it is shouted, not abbreviated."""
    before, after = (
        piece.prose[max(0, found.start() - 5) : found.start()],
        piece.prose[found.end() : found.end() + 5],
    )
    between = ",?[ \u00a0]" if len(found[0]) > 5 else "[ \u00a0]"
    return bool(
        re.search(rf"[A-ZÀ-Ý]{{2}}{between}\Z", before) or re.match(rf"{between}[A-ZÀ-Ý]{{2}}", after)
    )


def explained(piece: Piece) -> Iterator[str]:
    """The abbreviations that a piece explains: “Long Name (LN)”, “LN (Long Name)”, or with an `abbr` title."""
    for found in re.finditer(r"\(([A-ZÀ-Ý]{2,7})s?(?:[),;]|[ \u00a0])", piece.prose):
        yield found[1]
    for found in re.finditer(
        r"(?<!\w)([A-ZÀ-Ý]{2,7})s?[ \u00a0]\([^\W\d_]+(?:[ \u00a0’'-][^\W\d_]+)+", piece.prose
    ):
        yield found[1]
    for mark in piece.marks:
        if mark.tag == "abbr" and mark.attributes.get("title"):
            yield piece.text[mark.start : mark.end].strip(".").rstrip("s")
    if piece.kind == "acronym":
        yield piece.text.rstrip("s")


def unexplained(side: Side) -> Iterator[Hit]:
    """The first use of each abbreviation that is not explained there or before."""
    known: set[str] = set()
    for piece in side.pieces:
        if not _CAPITALS.search(piece.text):
            continue
        known.update(explained(piece))
        if piece.kind not in _USED:
            continue
        for name, start, end in used(piece):
            if name not in known and name not in _STRANGE[side.language]:
                known.add(name)
                yield in_piece(piece, start, end, text=name)


def of_other_language(reading: Reading) -> Iterator[Hit]:
    """Abbreviations of the other language, of known organizations and of the partners of the page."""
    for side in reading.sides:
        twins = _twins(reading, side.language)
        own = set(twins.values())
        for piece in side.of(_USED | WORDS):
            if not _CAPITALS.search(piece.prose):
                continue
            for found in _ABBREVIATION.finditer(piece.prose):
                name = found[0]
                linked = any(mark.tag == "a" and mark.attributes.get("hreflang") for mark in piece.marks)
                if name in twins and name not in own and not linked and not _in_capitals(piece, found):
                    yield in_piece(piece, found.start(), found.end(), twin=twins[name])


def _twins(reading: Reading, language: str) -> dict[str, str]:
    """By abbreviation of the other language, that of this one."""
    pairs = dict(_TWINS)
    for block in reading.document.blocks:
        for partner in getattr(block, "partners", ()):
            english, french = (partner.acronym[name].rstrip("s") for name in LANGUAGES)
            if english and french and english != french:
                pairs[english] = french
    return pairs if language == "fr" else {french: english for english, french in pairs.items()}


def claims(reading: Reading) -> Iterator[Claim]:
    """The long forms of the abbreviations of a page."""
    for side in reading.sides:
        for name, long, *_place in long_forms(side):
            yield Claim(_about(side.language, name), said=long)


def _about(language: str, name: str) -> str:
    return f"{language} abbreviation {name}"


def two_meanings(reading: Reading) -> Iterator[Hit]:
    """An abbreviation that two pages, or two passages of a page, explain with different words."""
    for side in reading.sides:
        here: dict[str, str] = {}
        for name, long, piece, start, end in long_forms(side):
            others = [(here.setdefault(name, long), _("this page"))]
            others += [
                (told.claim.said, told.title[side.language] or told.key)
                for told in reading.site.told(claims, _about(side.language, name))
                if told.key != reading.document.key
            ]
            for other, page in others:
                if _bare(other) != _bare(long):
                    yield in_piece(piece, start, end, text=name, other=other, page=page)
                    break


def long_forms(side: Side) -> Iterator[tuple[str, str, Piece, int, int]]:
    """Abbreviations in brackets with the words before them whose initials they are."""
    for piece in side.of(PROSE | {"caption", "description"}):
        if "(" not in piece.prose:
            continue
        for found in re.finditer(r"[ \u00a0]\(([A-Z]{2,7})s?\)", piece.prose):
            left = max(0, found.start() - 120)
            start = _beginning(piece.prose[left : found.start()], found[1])
            if start is not None:
                long = piece.prose[left + start : found.start()]
                yield found[1], long, piece, left + start, found.end()


def _beginning(text: str, name: str) -> int | None:
    """Where the words begin whose initials, small words apart, make the abbreviation."""
    initials = [(found.start(), found[0].upper()) for found in re.finditer(r"(?<![^\W_])[^\W\d_]", text)]
    for count in range(len(name), min(len(initials), len(name) * 2 + 2) + 1):
        letters = "".join(letter for _start, letter in initials[-count:])
        if letters[0] == name[0] and _is_within(name, letters):
            return initials[-count][0]
    return None


def _is_within(name: str, letters: str) -> bool:
    rest = iter(letters)
    return all(letter in rest for letter in name)


def _bare(text: str) -> str:
    said = [word.casefold().replace("'", "’") for word in words(text)]
    return " ".join(word.removeprefix("l’").removeprefix("d’") for word in said).removeprefix("the ")


RULES = (
    Rule(
        "abbreviation-unexplained",
        WARNS,
        _("“%(text)s” is not explained: at its first use write its long form, then “(%(text)s)”."),
        each_side(unexplained),
        (
            en("Canada led the NATO mission.", "Canada is in the North Atlantic Treaty Organization (NATO)."),
            fr(
                "Le Canada a dirigé la mission de l’OTAN.",
                "Le Canada est membre de l’Organisation du Traité de l’Atlantique Nord (OTAN).",
            ),
        ),
        number=38,
    ),
    Rule(
        "abbreviation-of-other-language",
        WARNS,
        _("“%(text)s” is the abbreviation of the other language: here it is %(twin)s."),
        of_other_language,
        (
            pair(
                "en",
                ("The Organization (OTAN) has a mission.", "L’Organisation (OTAN) a une mission."),
                ("The Organization (NATO) has a mission.", "L’Organisation (OTAN) a une mission."),
            ),
            pair(
                "fr",
                ("The Organization (NATO) has a mission.", "L’Organisation (NATO) a une mission."),
                ("The Organization (NATO) has a mission.", "L’Organisation (OTAN) a une mission."),
            ),
        ),
    ),
    Rule(
        "abbreviation-two-meanings",
        WARNS,
        _(
            "“%(text)s” is explained as “%(other)s” elsewhere (%(page)s): explain it with the same words everywhere."
        ),
        two_meanings,
        (
            en(
                "The World Hydrology Office (WHO) reports.",
                "The World Health Organization (WHO) reports.",
                elsewhere="The World Health Organization (WHO) helps.",
            ),
            fr(
                "L’Office mondial des sports (OMS) écrit.",
                "L’Organisation mondiale de la santé (OMS) écrit.",
                elsewhere="L’Organisation mondiale de la Santé (OMS) aide.",
            ),
        ),
        number=38,
    ),
    Rule(
        "abbreviation-latin",
        WARNS,
        _(
            "Write “%(text)s” in words: “for example”, “that is” (in French « par exemple », « c’est-à-dire »)."
        ),
        spots(en=_LATIN["en"], fr=_LATIN["fr"], within=WORDS),
        (
            en("Canada gives help, e.g. food.", "Canada gives help, for example food."),
            fr(
                "Le Canada fournit de l’aide, p. ex. du pain.",
                "Le Canada fournit de l’aide, par exemple du pain.",
            ),
        ),
        number=37,
    ),
)
