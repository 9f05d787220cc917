"""Are headings in order, short labels without an end mark, each above a text of its own?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from ..document import Bilingual, Document, TextSection
from .examples import Example, en, fr
from .reading import HEADINGS, Piece, Side, words
from .rules import SPACE, WARNS, Hit, Rule, each_side, in_piece, spots

_FAR = 250  # words after which readers want a heading; the guide says about 200

# Not the period of “Inc.”, of initials or of an ellipsis.
_END_MARK = r"(?:[:;!,?]|(?<!\bInc)(?<!\b[A-Z])(?<!\.)\.)"

# Capitals that no sentence of the page needs to show: names that headings use.
_NAMES = frozenset(
    "I Canada Iraq Canadian Canadians Iraqi Iraqis Daesh English French Arabic Kurdish Yazidi Yazidis Middle East "
    "United Nations Government Parliament Minister Ministers Embassy Security Council Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday January February March April May June July August September October "
    "November December Irak Daech Nations Unies Conseil Moyen-Orient Web Internet".split()
)


def level_skipped(side: Side) -> Iterator[Hit]:
    """Below the heading of a block (h2) come h3, then h4."""
    for pieces in side.fields.values():
        level = 2
        for piece in pieces:
            if piece.kind == "heading" and piece.level > 2:
                if piece.level > level + 1:
                    yield in_piece(piece)
                level = piece.level


def without_end_mark(text: str, language: str) -> str:
    """The heading, or a rich text with its headings, without their end marks."""
    end = r"(?=</h[34]>)" if "<" in text else r"\Z"
    return re.sub(rf"(?:{SPACE}?{_END_MARK})+{end}", "", text)


def too_many_capitals(side: Side) -> Iterator[Hit]:
    """Two words or more with a capital that no sentence of the page has with a capital."""
    for piece in side.of(HEADINGS):
        unknown = _unknown(side.words(piece)[1:], _NAMES)
        if len(unknown) >= 2:
            unknown = _unknown(unknown, side.vocabulary | _named(side))
        if len(unknown) >= 2:
            yield in_piece(piece, words=", ".join(unknown))


def _unknown(said: list[str], known: frozenset[str]) -> list[str]:
    capitals = [word for word in said if word[0].isupper() and not word.isupper() and len(word) > 1]
    return [word for word in capitals if _root(word) not in known and word not in known]


def _root(word: str) -> str:
    """“Canada’s” is the name “Canada”, « l’Irak » is « Irak »."""
    word = word.replace("'", "’")
    return word.removesuffix("’s") if word.endswith("’s") else word.rpartition("’")[2]


def _named(side: Side) -> frozenset[str]:
    """The words of names, and those that sentences use without their apostrophes."""
    named = (piece.text for piece in side.pieces if piece.kind == "name")
    return frozenset(word for name in named for word in words(name)) | {_root(w) for w in side.vocabulary}


def without_text(side: Side) -> Iterator[Hit]:
    """A heading right before another of the same or a higher level, or at the end."""
    for block in side.document.blocks:
        if not isinstance(block, TextSection):
            continue
        pieces = side.blocks.get(block.key, [])
        for piece, following in pairwise([*pieces, None]):
            if piece is None or piece.kind != "heading":
                continue
            if following is None or following.kind == "heading":
                yield in_piece(piece)


def far_between(side: Side) -> Iterator[Hit]:
    """The heading, or the first paragraph, of a long passage without another heading."""
    start: Piece | None = None
    count, path = 0, None
    for piece in [*side.pieces, None]:
        if piece is None or piece.kind in HEADINGS or piece.path[:2] != path:
            if start and count > _FAR:
                yield in_piece(start, count=count)
            start, count, path = piece, 0, piece.path[:2] if piece else None
        elif piece.kind not in ("name", "acronym", "description", "alternative_text", "cell", "header"):
            count += len(side.words(piece))


def _section(language: str, heading: str, body: str) -> Document:
    made = TextSection("part", heading=Bilingual(**{language: heading}), body=Bilingual(**{language: body}))
    return Document("example", parent="home", blocks=(made,))


_EN = "<p>Canada helps people in need.</p>"
_FR = "<p>Le Canada aide les gens dans le besoin.</p>"

RULES = (
    Rule(
        "heading-level-skipped",
        WARNS,
        _("“%(text)s” is two levels below the heading before it: make it a heading of the next level."),
        each_side(level_skipped),
        (
            en(f"{_EN}\n<h4>Aid</h4>\n{_EN}", f"{_EN}\n<h3>Aid</h3>\n{_EN}"),
            fr(f"{_FR}\n<h4>Aide</h4>\n{_FR}", f"{_FR}\n<h3>Aide</h3>\n{_FR}"),
        ),
        number=2,
    ),
    Rule(
        "heading-end-mark",
        WARNS,
        _("A heading has no mark at its end: remove the “%(mark)s” of “%(text)s”."),
        spots(rf"^.{{1,300}}?(?P<mark>{_END_MARK})$", within=HEADINGS, flags=re.MULTILINE),
        (
            en("What Canada does.", "What Canada does", field="heading"),
            fr("Ce que fait le Canada :", "Ce que fait le Canada", field="heading"),
        ),
        number=3,
        fix=without_end_mark,
    ),
    Rule(
        "heading-capitals",
        WARNS,
        _("In headings only the first word and names have a capital: check %(words)s in “%(text)s”."),
        each_side(too_many_capitals),
        (
            en("Humanitarian Assistance And Support", "Humanitarian assistance and support", field="heading"),
            fr("Aide Humanitaire et Appui", "Aide humanitaire et appui", field="heading"),
        ),
        number=4,
    ),
    Rule(
        "heading-without-text",
        WARNS,
        _("No text follows the heading “%(text)s”: write one, or remove the heading."),
        each_side(without_text),
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
        WARNS,
        _("%(count)s words follow without a heading: put one about every 200 words."),
        each_side(far_between),
        (
            en(f"{_EN}\n" * 60, f"{_EN}\n" * 30 + f"<h3>Aid</h3>\n{_EN}"),
            fr(f"{_FR}\n" * 40, f"{_FR}\n" * 20 + f"<h3>Aide</h3>\n{_FR}"),
        ),
        number=6,
    ),
)
