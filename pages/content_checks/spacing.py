"""Spaces, quotation marks and apostrophes. Spaces that may not break are set when a page is shown, so any will do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ..html import IMAGE_TAG
from .examples import en, fr
from .parsed_document import ALL, OWN, LanguageView, TextRun
from .rules import (
    INFO,
    NO_BREAK,
    SPACE,
    WARNING,
    Match,
    Rule,
    match_in_run,
    on_text_nodes,
    per_language,
    widen,
)

_LETTER = r"[^\W\d_]"
_POSTAL_CODE = r"[A-Z]\d[A-Z] ?\d[A-Z]\d"


def doubled_spaces(view: LanguageView) -> Iterator[Match]:
    for run in view.runs_of(OWN):
        for found in re.finditer(rf"(?<=\S){SPACE}{{2,}}(?=\S)", run.text):
            if not re.match(_POSTAL_CODE, run.text[found.end() :]) and not _parted_by_image(run, found):
                yield match_in_run(run, *widen(run.text, *found.span(), 8))


def _parted_by_image(run: TextRun, spaces: re.Match[str]) -> bool:
    """Whether an image stands between two spaces."""
    return any(mark.tag == IMAGE_TAG and spaces.start() < mark.start < spaces.end() for mark in run.marks)


def _single(found: re.Match[str]) -> str:
    """One space, which does not break only between digits, inside guillemets and before a colon, « % » or « $ »."""
    before, after = found.string[found.start() - 1], found.string[found.end()]
    is_tied = before == "«" or after in "»:%$" or (before + after).isdigit()
    return NO_BREAK if is_tied and found[0].strip(" ") else " "


def without_doubled_spaces(text: str, language: str) -> str:
    return re.sub(rf"(?<=\S){SPACE}{{2,}}(?=\S)(?!{_POSTAL_CODE})", _single, text)


# Quotation marks


def foreign_quotes(view: LanguageView) -> Iterator[Match]:
    """Marks of the other language or straight ones; in French “ ” may stand within « »."""
    wrong = re.compile('["«»]' if view.language == "en" else '["“”]')
    for run in view.runs_of(OWN):
        if not wrong.search(run.prose):
            continue
        text = _CODE.sub(_blank, run.prose)
        text = re.sub("«[^«»]*»", _blank, text) if view.language == "fr" else text
        found = next((found for found in wrong.finditer(text) if not _is_inches(text, found.start())), None)
        if found:
            yield match_in_run(run, *widen(run.text, found.start(), found.start(), 25))


# What a mark-up language writes, such as alt="Flag", where nobody marked it as code.
_CODE = re.compile(r"""(?<=\w)="[^"\n]*\"""")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_inches(text: str, position: int) -> bool:
    return text[position] == '"' and text[:position][-1:].isdigit() and text.count('"') == 1


# A pair of straight marks around words. A mark after a word, or before a comma, closes a quotation that began before a
# tag, so it opens none.
_STRAIGHT_PAIR = r'''(?<![\w=])"(?![\s,;:!?)]|\.(?:\s|$))([^"\n{}]*)(?<=\S)"'''


def quoted(text: str, language: str) -> str:
    """Pairs of quotation marks as the language wants them; a mark without its pair stays."""
    if language == "en":
        return re.sub(_STRAIGHT_PAIR.format(""), r"“\1”", _without_guillemets(text))
    if re.search("“[^”]*“|”[^“]*”", text):
        return text  # one quotation within another: only people can say which marks it needs
    parts = re.split("(«[^«»]*»)", text)
    # Around a guillemet that stands alone, a new pair would make another one of it.
    pairs = re.compile("“([^“”«»]*)”|" + _STRAIGHT_PAIR.format("«»"))
    return "".join(part if part.startswith("«") else pairs.sub(_in_guillemets, part) for part in parts)


def _in_guillemets(found: re.Match[str]) -> str:
    return f"«{NO_BREAK}{(found[1] or found[2] or '').strip()}{NO_BREAK}»"


def _without_guillemets(text: str) -> str:
    """Write pairs of guillemets, also within others, as “ ” without the spaces inside; one without its pair stays."""
    opened: list[int] = []
    paired: set[int] = set()
    for found in re.finditer("[«»]", text):
        if found[0] == "«":
            opened.append(found.start())
        elif opened:
            paired |= {opened.pop(), found.start()}

    def instead(found: re.Match[str]) -> str:
        position = found.start() if found[0][0] == "«" else found.end() - 1
        if position not in paired:
            return found[0]
        return "“" if found[0][0] == "«" else "”"

    return re.sub(rf"«{SPACE}?|{SPACE}?»", instead, text)


# Pairs


_PAIRS = {")": "(", "]": "[", "»": "«", "”": "“"}
_BRACKET = re.compile("[][()«»“”]")


def unpaired(view: LanguageView) -> Iterator[Match]:
    for run in view.runs_of(ALL):
        opened: list[re.Match[str]] = []
        goes_on = _quotation_goes_on(view, run)
        for found in _BRACKET.finditer(run.prose):
            if found[0] not in _PAIRS:
                opened.append(found)
            elif opened and opened[-1][0] == _PAIRS[found[0]]:
                opened.pop()
            elif not _numbers(run.prose, found):
                yield match_in_run(run, found.start(), found.end(), mark=found[0])
        for found in opened:
            if not (goes_on and found.start() == 0):
                yield match_in_run(run, found.start(), found.end(), mark=found[0])


def _quotation_goes_on(view: LanguageView, run: TextRun) -> bool:
    """Whether the next paragraph of the field opens the same quotation again, which only the last one closes."""
    following = view.runs[run.order + 1] if run.order + 1 < len(view.runs) else None
    opening = run.prose[:1]
    return (
        opening in ("“", "«")
        and following is not None
        and following.path == run.path
        and (following.prose.startswith(opening))
    )


def _numbers(text: str, found: re.Match[str]) -> bool:
    """“1)” and “a)” number the parts of a sentence."""
    return re.search(r"(?<!\w)\w{1,3}\Z", text[max(0, found.start() - 5) : found.start()]) is not None


# Apostrophes


def straight_apostrophes(view: LanguageView) -> Iterator[Match]:
    """Straight apostrophes on a page that has round ones too: the first of each field."""
    if not any("’" in run.text for run in view.runs):
        return
    for runs in view.fields.values():
        found = next(_straight([run for run in runs if run.kind in OWN]), None)
        if found:
            yield found


def _straight(runs: list[TextRun]) -> Iterator[Match]:
    for run in runs:
        for found in re.finditer(rf"{_LETTER}+'{_LETTER}*", run.prose) if "'" in run.prose else ():
            if not _closes_quotation(run.prose, found.end() - 1):
                yield match_in_run(run, found.start(), found.end())


_OPENING = re.compile(rf"(?<!{_LETTER})'(?=\S)")
_ENDING = {"en": rf"{_LETTER}|{SPACE}|[.,;:!?)]|$", "fr": rf"{_LETTER}|[«“]"}


# « l'» before a word in bold or a link: what stands there is no quotation.
_ELIDED_AT_END = re.compile(rf"(?<!{_LETTER})((?i:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu))'\Z")


def _closes_quotation(text: str, position: int) -> bool:
    """Whether the mark there may be the second one of 'a quotation', which is no apostrophe."""
    opening = _OPENING.search(text)
    return opening is not None and opening.start() < position and text[position] == "'"


def with_round_apostrophes(text: str, language: str) -> str:
    """Round apostrophes; a straight mark stays where it may close a quotation."""
    opening = _OPENING.search(text)
    start = opening.start() if opening else len(text)
    text = re.sub(rf"(?<={_LETTER})'(?={_LETTER})", "’", text)
    if language == "fr":
        text = _ELIDED_AT_END.sub(r"\1’", text)
    ending = re.compile(rf"(?<={_LETTER})'(?={_ENDING[language]})")
    return ending.sub(lambda found: "’" if found.start() < start else "'", text)


RULES = (
    Rule(
        "space-doubled",
        WARNING,
        _("There are two spaces in “%(text)s”. Keep one."),
        per_language(doubled_spaces),
        (
            en("Trade  in 2020", "Trade in 2020", field="title"),
            fr("Commerce  en 2020", "Commerce en 2020", field="title"),
        ),
        number=64,
        fix=on_text_nodes(without_doubled_spaces),
    ),
    Rule(
        "quotation-marks",
        WARNING,
        _("Use “ ” as quotation marks in English and « » in French. Correct “%(text)s”."),
        per_language(foreign_quotes),
        (
            en('The "best" way', "The “best” way"),
            fr("La “meilleure” façon", f"La «{NO_BREAK}meilleure{NO_BREAK}» façon"),
        ),
        number=62,
        fix=on_text_nodes(quoted),
    ),
    Rule(
        "apostrophe-straight",
        INFO,
        _("The page uses two kinds of apostrophes. Use ’ in “%(text)s” too."),
        per_language(straight_apostrophes),
        (
            en("Canada’s and Iraq's aims", "Canada’s and Iraq’s aims"),
            fr("L’Irak et l'aide", "L’Irak et l’aide"),
        ),
        number=63,
        fix=on_text_nodes(with_round_apostrophes),
    ),
    Rule(
        "mark-unpaired",
        INFO,
        _("The “%(mark)s” here has no matching punctuation mark. Add it, or remove this one."),
        per_language(unpaired),
        (
            en("Canada (and its partners help.", "Canada (and its partners) help."),
            fr("Le Canada (et ses partenaires aide.", "Le Canada (et ses partenaires) aide."),
        ),
    ),
)
