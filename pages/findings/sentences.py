"""Are sentences and paragraphs short enough to be read at once, and complete?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .reading import SENTENCES, Side, sentences, words
from .rules import WARNS, Hit, Rule, at_the_end, each_side, in_piece, in_sentence, widened

# Words of a sentence. The guide wants fewer than 20; French says the same with about a fifth more words.
LONGEST = {"en": 25, "fr": 30}
MOST_SENTENCES = 3
_COMPLETE = re.compile(r"[.!?:;…][”’»)\]\ufffc \u00a0]*\Z")


def long_sentences(side: Side) -> Iterator[Hit]:
    for sentence in side.sentences:
        count = len(sentence.words)
        if count > LONGEST[side.language]:
            yield in_sentence(sentence, count=count)


def long_paragraphs(side: Side) -> Iterator[Hit]:
    for piece in side.of(SENTENCES):
        count = len(list(sentences(piece)))
        if count > MOST_SENTENCES:
            yield in_piece(piece, count=count, limit=MOST_SENTENCES)


def unfinished(side: Side) -> Iterator[Hit]:
    """Paragraphs of five words or more without a mark at the end, but for names and links."""
    for piece in side.of(SENTENCES):
        if "\n" in piece.text:
            continue
        said = side.words(piece)
        capitals = sum(word[0].isupper() for word in said)
        linked = sum(len(words(piece.text[m.start : m.end])) for m in piece.marks if m.tag in ("a", "strong"))
        if len(said) >= 5 and linked < len(said) > 2 * capitals and not _COMPLETE.search(piece.prose):
            yield at_the_end(piece)


def small_beginnings(side: Side) -> Iterator[Hit]:
    """Paragraphs that begin with a small letter, unless they go on after a list."""
    for before, piece in pairwise([None, *side.pieces]):
        if piece is None or piece.kind != "paragraph":
            continue
        goes_on = before is not None and before.kind == "item" and before.path == piece.path
        first = piece.prose[:1]
        if first.islower() and not goes_on and len(side.words(piece)) >= 5:
            yield in_piece(piece, *widened(piece.text, 0, 0, 20))


def repeated(side: Side) -> Iterator[Hit]:
    """A paragraph of eight words or more that the page has already."""
    seen: set[str] = set()
    for piece in side.of(SENTENCES):
        if len(side.words(piece)) < 8 or "partners" in piece.path:
            continue
        if piece.text in seen:
            yield in_piece(piece)
        seen.add(piece.text)


def _of(piece: str, count: int) -> str:
    return " ".join([piece] * count)


_EN = "<p>Canada helps people in Iraq return to their homes.</p>"
_FR = "<p>Le Canada aide les gens en Irak à retourner chez eux.</p>"

RULES = (
    Rule(
        "sentence-long",
        WARNS,
        _("This sentence has %(count)s words: divide it, fewer than 20 read best."),
        each_side(long_sentences),
        (
            en(
                f"Canada helps people {_of('and their partners in Iraq', 6)}.", "Canada helps people in Iraq."
            ),
            fr(
                f"Le Canada aide les gens {_of('et leurs partenaires en Irak', 6)}.",
                "Le Canada aide les gens.",
            ),
        ),
        number=46,
    ),
    Rule(
        "paragraph-long",
        WARNS,
        _("This paragraph has %(count)s sentences: divide it, so that none has more than %(limit)s."),
        each_side(long_paragraphs),
        (
            en(_of("Canada helps.", 4), _of("Canada helps.", 3)),
            fr(_of("Le Canada aide.", 4), _of("Le Canada aide.", 3)),
        ),
        number=47,
    ),
    Rule(
        "end-mark-missing",
        WARNS,
        _("The paragraph ends without a period: “%(text)s”."),
        each_side(unfinished),
        (
            en("Canada helps people in Iraq", "Canada helps people in Iraq."),
            fr("Le Canada aide les gens en Irak", "Le Canada aide les gens en Irak."),
        ),
    ),
    Rule(
        "beginning-small",
        WARNS,
        _("The paragraph begins with a small letter: check whether words are missing before “%(text)s”."),
        each_side(small_beginnings),
        (
            en("and Canada helps people in Iraq.", "Canada helps people in Iraq."),
            fr("et le Canada aide les gens.", "Le Canada aide les gens en Irak."),
        ),
    ),
    Rule(
        "paragraph-repeated",
        WARNS,
        _("The page has this paragraph twice: remove one."),
        each_side(repeated),
        (en(f"{_EN}\n{_EN}", _EN), fr(f"{_FR}\n{_FR}", _FR)),
    ),
)
