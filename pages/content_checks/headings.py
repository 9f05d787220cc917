"""Are headings in order, short labels without an end mark, each above a text of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual, Document, TextSection
from ..field_kinds import declarations
from .examples import Example, en, fr
from .parsed_document import HEADINGS, LanguageView, TextRun, words
from .rules import INFO, SPACE, WARNING, Match, Rule, match_in_run, per_language

_MAX_WORDS = 250  # words after which readers want a heading; the guide says about 200

# Not the period of “Inc.” or “etc.”, of initials or of an ellipsis, nor what ends the name of a character (“&raquo;”).
_END_MARK = (
    r"(?:[:!,]|(?<!&\w\w)(?<!&\w\w\w)(?<!&\w{4})(?<!&\w{5})(?<!&\w{6});"
    r"|(?<!\bInc)(?<!\betc)(?<!\bCo)(?<!\bLtd)(?<!\b[SJ]r)(?<!\b[ap]\.m)(?<!\b[A-Z])(?<!\.)\.)"
)

# Capitals that no sentence of the page needs to show: names that headings use.
_NAMES = frozenset(
    "I Canada Iraq Canadian Canadians Iraqi Iraqis Daesh English French Arabic Kurdish Yazidi Yazidis Middle East "
    "United Nations Government Parliament Minister Ministers Embassy Security Council Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday January February March April May June July August September October "
    "November December Irak Daech Nations Unies Conseil Moyen-Orient Web Internet".split()
)


def level_skipped(view: LanguageView) -> Iterator[Match]:
    """Below the heading of a block (h2) come h3, h4, then h5."""
    for runs in view.fields.values():
        level = 2
        for run in runs:
            if run.kind == "heading" and run.level > 2:
                if run.level > level + 1:
                    yield match_in_run(run)
                level = run.level


def end_marks(view: LanguageView) -> Iterator[Match]:
    """Marks at the end of headings; a question keeps its own."""
    for run in view.runs_of(HEADINGS):
        found = re.search(rf"{_END_MARK}\Z", run.text)
        if found and found.start():
            yield match_in_run(run, mark=found[0])


def without_end_mark(text: str, language: str) -> str:
    """The heading, or a rich text with its headings, without their end marks."""
    end = r"(?=</h[345]>)" if "<" in text else r"\Z"
    return re.sub(rf"(?:{SPACE}?{_END_MARK})+{end}", "", text)


def too_many_capitals(view: LanguageView) -> Iterator[Match]:
    """Two words or more with a capital that no sentence of the page has with a capital."""
    for run in view.runs_of(HEADINGS):
        unknown = _unknown(view.words(run)[1:], _NAMES)
        if len(unknown) >= 2:
            unknown = _unknown(unknown, view.vocabulary | _name_words(view))
        if len(unknown) >= 2:
            yield match_in_run(run, words=", ".join(unknown))


def _unknown(heading_words: list[str], known: frozenset[str]) -> list[str]:
    capitals = [word for word in heading_words if word[0].isupper() and not word.isupper() and len(word) > 1]
    return [word for word in capitals if _root(word) not in known and word not in known]


def _root(word: str) -> str:
    """“Canada’s” is the name “Canada”, « l’Irak » is « Irak »."""
    word = word.replace("'", "’")
    return word.removesuffix("’s") if word.endswith("’s") else word.rpartition("’")[2]


def _name_words(view: LanguageView) -> frozenset[str]:
    """The words of names, and those that sentences use without their apostrophes."""
    named = (run.text for run in view.runs if run.kind == "name")
    return frozenset(word for name in named for word in words(name)) | {_root(w) for w in view.vocabulary}


def without_text(view: LanguageView) -> Iterator[Match]:
    """A heading right before another of the same or a higher level, or at the end."""
    for block in view.document.blocks:
        if "body" not in declarations(type(block)) or block.is_numbered:
            continue  # what has a number or a list is more than its text
        runs = view.blocks.get(block.key, [])
        for run, following in pairwise([*runs, None]):
            if run is None or run.kind != "heading":
                continue
            if following is None or following.kind == "heading":
                yield match_in_run(run)


def far_between(view: LanguageView) -> Iterator[Match]:
    """The heading, or the first paragraph, of a long passage without another heading."""
    start: TextRun | None = None
    count, path = 0, None
    for run in [*view.runs, None]:
        if run is None or run.kind in HEADINGS or run.path[:2] != path:
            if start and count > _MAX_WORDS:
                yield match_in_run(start, count=count)
            start, count, path = run, 0, run.path[:2] if run else None
        elif run.kind not in ("name", "acronym", "description", "alternative_text", "cell", "header", "code"):
            count += len(view.words(run))


def _section(language: str, heading: str, body: str) -> Document:
    section = TextSection(
        "part", heading=Bilingual(**{language: heading}), body=Bilingual(**{language: body})
    )
    return Document("example", parent="home", blocks=(section,))


_EN = "<p>Canada helps people in need.</p>"
_FR = "<p>Le Canada aide les gens dans le besoin.</p>"

RULES = (
    Rule(
        "heading-level-skipped",
        WARNING,
        _("“%(text)s” skips a heading level. Make it one level below the heading before it."),
        per_language(level_skipped),
        (
            en(f"{_EN}\n<h4>Aid</h4>\n{_EN}", f"{_EN}\n<h3>Aid</h3>\n{_EN}"),
            fr(f"{_FR}\n<h4>Aide</h4>\n{_FR}", f"{_FR}\n<h3>Aide</h3>\n{_FR}"),
        ),
        number=2,
    ),
    Rule(
        "heading-end-mark",
        WARNING,
        _("Headings do not end with punctuation. Remove the “%(mark)s” from “%(text)s”."),
        per_language(end_marks),
        (
            en("What Canada does.", "What Canada does", field="heading"),
            fr("Ce que fait le Canada :", "Ce que fait le Canada", field="heading"),
        ),
        number=3,
        fix=without_end_mark,
    ),
    Rule(
        "heading-capitals",
        INFO,
        _("In headings, capitalize only the first word and proper nouns. Check %(words)s in “%(text)s”."),
        per_language(too_many_capitals),
        (
            en("Humanitarian Assistance And Support", "Humanitarian assistance and support", field="heading"),
            fr("Aide Humanitaire et Appui", "Aide humanitaire et appui", field="heading"),
        ),
        number=4,
    ),
    Rule(
        "heading-without-text",
        WARNING,
        _("There is no text after the heading “%(text)s”. Add some, or remove the heading."),
        per_language(without_text),
        (
            Example(
                "en",
                _section("en", "Aid", f"<h3>Food</h3>\n{_EN}"),
                _section("en", "Aid", f"{_EN}\n<h3>Food</h3>\n{_EN}"),
                text="Aid / Food",
                better="Aid / Canada helps people in need.",
            ),
            Example(
                "fr",
                _section("fr", "Aide", f"{_FR}\n<h3>Nourriture</h3>"),
                _section("fr", "Aide", f"{_FR}\n<h3>Nourriture</h3>\n{_FR}"),
                text="Aide / Nourriture",
                better="Aide / Le Canada aide les gens dans le besoin.",
            ),
        ),
        number=5,
    ),
    Rule(
        "heading-far",
        INFO,
        _("There are %(count)s words here without a heading. Add a heading about every 200 words."),
        per_language(far_between),
        (
            en(f"{_EN}\n" * 60, f"{_EN}\n" * 30 + f"<h3>Aid</h3>\n{_EN}"),
            fr(f"{_FR}\n" * 40, f"{_FR}\n" * 20 + f"<h3>Aide</h3>\n{_FR}"),
        ),
        number=6,
    ),
)
