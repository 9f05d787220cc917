"""Is every abbreviation explained before it is used, in the language of the page, and always in the same way?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES
from .examples import en, fr, pair
from .parsed_document import CELLS, PROSE, WORDS, Claim, LanguageView, ParsedDocument, TextRun, words
from .rules import INFO, WARNING, Match, Rule, match_in_run

# Two capitals or more, with a plural s in English; “R&D” and “G7” are something else.
_ABBREVIATION = re.compile(r"(?<![\w&/.-])(?:[A-ZÀ-Ý]{2,7}|[A-Z]\.(?:[A-Z]\.)+)(?=s?(?![\w&/]))")
# What nobody needs to be told, and what is no abbreviation.
_KNOWN_TO_ALL = (
    "PC FAQ GPS DNA ADN COVID CA "
    "PDF HTML CSV XML JSON KB MB GB TB KO MO GO OK TV ID USB SMS URL DVD CD AA AAA AM PM QR NW NE SW SE AD BC "
    "II III IV VI VII VIII IX XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI TTY ATS CAD USD CAN US EN FR "
    "AB BC MB NB NL NS NT NU ON PE QC SK YT DC EST EDT UTC GMT HNE HAE HTTP HTTPS FTP UV NOTE ATTENTION TU HH "
)
_KNOWN = {
    "en": frozenset((_KNOWN_TO_ALL + "USA UK THE AND OR NOT ALL NO IF MUST ONLY NEVER DO").split()),
    "fr": frozenset(
        (_KNOWN_TO_ALL + "ET OU LE LA LES DES DE DU MM MME UN UNE AU AUX NE PAS NON TOUT").split()
    ),
}
# The abbreviations of organizations that pages of this kind name, by language.
_COUNTERPARTS = {
    "NATO": "OTAN", "UN": "ONU", "WHO": "OMS", "IMF": "FMI", "IAEA": "AIEA", "IOM": "OIM", "EU": "UE", "NGO": "ONG",
    "UNHCR": "HCR", "WFP": "PAM", "ICRC": "CICR", "UNDP": "PNUD", "ILO": "OIT", "WTO": "OMC", "OECD": "OCDE",
    "GDP": "PIB", "IDP": "PDI", "SIN": "NAS", "RCMP": "GRC", "CAF": "FAC", "GAC": "AMC", "ICC": "CPI",
}  # fmt: skip
# Another rule says that these are abbreviations of the other language.
_STRANGE = {
    "en": frozenset(_COUNTERPARTS.values()) - _COUNTERPARTS.keys(),
    "fr": _COUNTERPARTS.keys() - frozenset(_COUNTERPARTS.values()),
}
_CAPITALS = re.compile(r"[A-ZÀ-Ý]\.?[A-ZÀ-Ý]")
_OPERATION = re.compile(r"(?i:operation|opération)[ \u00a0]\Z")
_USED = PROSE | CELLS | {"caption", "quotation"}


# What follows a code: “CF-18”, “[MMHR,CMHR]”, “POLYGON((…))”.
_CODE = re.compile(r"[ \u00a0-]\d|,[A-ZÀ-Ý]|\(|\]|=")


def used(run: TextRun) -> Iterator[tuple[str, int, int]]:
    """The abbreviations of a piece and where they stand, but for those that everybody knows."""
    for found in _ABBREVIATION.finditer(run.prose):
        name = found[0].replace(".", "")
        after = run.prose[found.end() : found.end() + 2]
        if name in _KNOWN[run.language] or _CODE.match(after) or _in_capitals(run, found):
            continue
        if not _OPERATION.search(run.prose[max(0, found.start() - 12) : found.start()]):
            yield name, found.start(), found.end()


def _in_capitals(run: TextRun, found: re.Match[str]) -> bool:
    """Whether the word before or after it is in capitals too: then it is shouted, not abbreviated."""
    before, after = (
        run.prose[max(0, found.start() - 5) : found.start()],
        run.prose[found.end() : found.end() + 5],
    )
    between = ",?[ \u00a0]" if len(found[0]) > 5 else "[ \u00a0]"
    return bool(
        re.search(rf"[A-ZÀ-Ý]{{2}}{between}\Z", before) or re.match(rf"{between}[A-ZÀ-Ý]{{2}}", after)
    )


def explained(run: TextRun) -> Iterator[str]:
    """The abbreviations that a piece explains: “Long Name (LN)”, “LN (Long Name)”,
    “LN: long name” at the beginning, or with an `abbr` title.
    """
    for found in re.finditer(r"\(([A-ZÀ-Ý]{2,7})s?(?:[),;]|[ \u00a0])", run.prose):
        yield found[1]
    for found in re.finditer(
        r"(?<!\w)([A-ZÀ-Ý]{2,7})s?(?:-\w+)?[ \u00a0]\([^\W\d_]+(?:[ \u00a0’'-][^\W\d_]+)+", run.prose
    ):
        yield found[1]
    defined = re.match(r"([A-ZÀ-Ý]{2,7})[ \u00a0]?: ?\w", run.prose)
    if defined:
        yield defined[1]
    for mark in run.marks:
        if mark.tag == "abbr" and mark.attributes.get("title"):
            yield run.text[mark.start : mark.end].strip(".").rstrip("s")
    if run.kind == "acronym":
        yield run.text.rstrip("s")


def unexplained(parsed: ParsedDocument) -> Iterator[Match]:
    """The first use of each abbreviation that is not explained there, before or in the glossary."""
    for view in parsed.views:
        wordings = [term[view.language] for term in parsed.site.glossary]
        yield from _unexplained(view, {_bare_abbreviation(wording.abbreviation) for wording in wordings})


def _bare_abbreviation(name: str) -> str:
    """An abbreviation as `used` gives it: without full stops, and without the s of a plural."""
    return name.replace(".", "").removesuffix("s")


def _unexplained(view: LanguageView, known: set[str]) -> Iterator[Match]:
    for run in view.runs:
        if not _CAPITALS.search(run.text):
            continue
        known.update(explained(run))
        if run.kind not in _USED:
            continue
        for name, start, end in used(run):
            is_word = len(name) > 4 and name.lower() in view.vocabulary
            if name not in known and name not in _STRANGE[view.language] and not is_word:
                known.add(name)
                yield match_in_run(run, start, end, text=name)


_CAPITALIZED = re.compile(r"[ \u00a0][A-ZÀ-Ý][a-zà-ÿ]")


def of_other_language(parsed: ParsedDocument) -> Iterator[Match]:
    """Abbreviations of the other language, of known organizations and of the partners of the page."""
    for view in parsed.views:
        twins = _counterparts(parsed, view.language)
        own = set(twins.values())
        for run in view.runs_of(_USED | WORDS):
            if not _CAPITALS.search(run.prose):
                continue
            for found in _ABBREVIATION.finditer(run.prose):
                name = found[0]
                linked = any(mark.tag == "a" and mark.attributes.get("hreflang") for mark in run.marks)
                is_of_name = _CAPITALIZED.match(run.prose, found.end())  # “AMC Toronto” is a cinema
                if name not in twins or name in own or linked or is_of_name or _in_capitals(run, found):
                    continue
                if not _is_explained(name, view):
                    yield match_in_run(run, found.start(), found.end(), twin=twins[name])


def _is_explained(name: str, view: LanguageView) -> bool:
    """Whether the page has words of this language for an abbreviation: « expérience utilisateur (EU) »."""
    before = re.compile(rf"((?:[\w’'-]+[ \u00a0]){{2,8}})[(\[]{re.escape(name)}\b")
    said = (found[1] for run in view.runs if name in run.prose for found in before.finditer(run.prose))
    return any(_initials(one).endswith(name) for one in said)


def _initials(text: str) -> str:
    """The first letters of words of more than three letters: EU of « expérience de l’utilisateur »."""
    return "".join(word[0].upper() for word in re.findall(r"[^\W\d_]{4,}", text))


def _counterparts(parsed: ParsedDocument, language: str) -> dict[str, str]:
    """By abbreviation of the other language, that of this one."""
    pairs = dict(_COUNTERPARTS)
    for term in parsed.site.glossary:
        english, french = (_bare_abbreviation(term[name].abbreviation) for name in LANGUAGES)
        if english and french and english != french:
            pairs[english] = french
    for block in parsed.document.blocks:
        for partner in getattr(block, "partners", ()):
            english, french = (partner.acronym[name].rstrip("s") for name in LANGUAGES)
            if english and french and english != french:
                pairs[english] = french
    return pairs if language == "fr" else {french: english for english, french in pairs.items()}


def claims(parsed: ParsedDocument) -> Iterator[Claim]:
    """The long forms of the abbreviations of a page."""
    for view in parsed.views:
        for name, long, *_place in long_forms(view):
            yield Claim(_about(view.language, name), said=long)


def _about(language: str, name: str) -> str:
    return f"{language} abbreviation {name}"


def two_meanings(parsed: ParsedDocument) -> Iterator[Match]:
    """An abbreviation that two pages, or two passages of a page, explain with different words."""
    for view in parsed.views:
        on_page: dict[str, str] = {}
        for name, long, run, start, end in long_forms(view):
            others = [(on_page.setdefault(name, long), _("this page"))]
            others += [
                (by_page.claim.said, by_page.title[view.language] or by_page.key)
                for by_page in parsed.site.claims_about(claims, _about(view.language, name))
                if by_page.key != parsed.document.key
            ]
            for other, page in others:
                if _bare(other) != _bare(long):
                    yield match_in_run(run, start, end, text=name, other=other, page=page)
                    break


def long_forms(view: LanguageView) -> Iterator[tuple[str, str, TextRun, int, int]]:
    """Abbreviations in brackets with the words before them whose initials they are."""
    for run in view.runs_of(PROSE | {"caption", "description"}):
        if "(" not in run.prose:
            continue
        for found in re.finditer(r"[ \u00a0]\(([A-Z]{2,7})s?\)", run.prose):
            left = max(0, found.start() - 120)
            start = _beginning(run.prose[left : found.start()], found[1])
            if start is not None:
                long = run.prose[left + start : found.start()]
                yield found[1], long, run, left + start, found.end()


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
    """A long form without articles, possessives and plurals, which give an abbreviation no second meaning."""
    folded = [word.casefold().replace("'", "’").removesuffix("’s") for word in words(text)]
    bare = (word.removeprefix("l’").removeprefix("d’").rstrip("s") for word in folded)
    return " ".join(word for word in bare if word not in _ARTICLES)


_ARTICLES = frozenset("the a an le la les un une du de".split())


RULES = (
    Rule(
        "abbreviation-unexplained",
        INFO,
        _("“%(text)s” is not explained. At first use, write the full name followed by “(%(text)s)”."),
        unexplained,
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
        WARNING,
        _("“%(text)s” is the abbreviation in the other language. Use %(twin)s here."),
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
        WARNING,
        _(
            "“%(text)s” is explained as “%(other)s” elsewhere (%(page)s). Use the same explanation "
            "everywhere."
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
)
