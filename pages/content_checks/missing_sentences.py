"""Does a passage lack a sentence that the other language has in the same place (`passages`)?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .examples import pair
from .parsed_document import PROSE, ParsedDocument, TextRun, sentences
from .passages import Pair, pairs
from .rules import INFO, Match, Rule, match_in_run
from .sentence_beads import Bead, aligned, length, length_ratio

# Standard deviations by which one sentence is too short beside two. French puts into two what English says in one.
_TOO_SHORT = {"en": 2.5, "fr": 1.9}
_MIN_LENGTH = 25  # characters of a sentence that is missed
# The same where as many sentences stand on each side, one of which is short.
_MUCH_TOO_SHORT = {"en": 3.0, "fr": 2.4}
_MIN_LENGTH_OF_TWO = 80
_MIN_RATIO = 1.9


def sentence_missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Passages in which one sentence stands where the other language has more to say."""
    ratio = parsed.memoised(length_ratio)
    for both in pairs(parsed):
        if both.english.kind not in PROSE:
            continue
        english, french = (list(sentences(run)) for run in both)
        lacking = next(
            (run for bead in aligned(english, french, ratio) if (run := _missing(bead, both))), None
        )
        if lacking is not None:
            yield match_in_run(lacking, english=len(english), french=len(french))


def _missing(bead: Bead, both: Pair) -> TextRun | None:
    """The passage that lacks what the sentences of a bead say; None where neither does."""
    fewer = len(bead.french) - len(bead.english)
    if not fewer:
        return _much_shorter(bead, both)
    run, more = (both.french, bead.english) if fewer < 0 else (both.english, bead.french)
    missed = min(map(length, more))
    return run if missed >= _MIN_LENGTH and bead.excess * fewer > _TOO_SHORT[run.language] else None


def _much_shorter(bead: Bead, both: Pair) -> TextRun | None:
    """The passage with a sentence for which the other language takes nearly twice as many characters."""
    run = both.french if bead.excess < 0 else both.english
    if run.kind == "item" or abs(bead.excess) < _MUCH_TOO_SHORT[run.language]:
        return None  # items may have another order
    shorter, longer = sorted(sum(map(length, found)) for found in (bead.english, bead.french))
    if longer < _MIN_LENGTH_OF_TWO or longer < _MIN_RATIO * shorter:
        return None
    return run


_ENGLISH = "Canada trains the police in Iraq. It also provides equipment, vehicles, radios and shelters in all areas."
_FRENCH = (
    "Le Canada forme la police en Irak. Il lui fournit aussi du matériel, des véhicules, des radios et des abris dans "
    "toutes les provinces."
)

RULES = (
    Rule(
        "sentence-missing",
        INFO,
        _(
            "This passage is short in one language (sentences in English: %(english)s; in French: %(french)s). Check "
            "that nothing is missing."
        ),
        sentence_missing,
        (
            pair(
                "en",
                (
                    "Canada trains the police in Iraq.",
                    _FRENCH,
                ),
                (
                    _ENGLISH,
                    _FRENCH,
                ),
            ),
            pair(
                "fr",
                (
                    _ENGLISH,
                    "Le Canada forme la police en Irak.",
                ),
                (
                    _ENGLISH,
                    _FRENCH,
                ),
            ),
        ),
        topic="languages",
    ),
)
