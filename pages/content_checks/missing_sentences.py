"""Does a passage lack a sentence that the other language has in the same place (`text_pairs`)?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from operator import itemgetter

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES
from .echoes import echoes, keys, log_odds, unambiguous
from .examples import pair
from .parsed_document import CELLS, ParsedDocument, Sentence, TextRun
from .rules import INFO, Match, Rule, match_in_run, shorten
from .sentence_beads import Bead, beads_of_passages, length, length_ratio, misfit
from .text_pairs import likely_pairs

_MIN_LENGTH = 20  # characters of a sentence that is missed
# How much likelier it is, as a logarithm, that a sentence is missing than that its neighbours say it too, and how much
# less well the lengths of the passages may fit without it: what the words tell alone is a free translation.
_LIKELY, _MAX_MISFIT = 1.0, 1.0
_WEIGHT_OF_LENGTH = 3.0  # beside that of the words, of which some stand in neighbours by chance
# Standard deviations by which a sentence is too short where as many stand on each side.
_MUCH_TOO_SHORT = {"en": 3.0, "fr": 2.4}
_MIN_LENGTH_OF_TWO = 80
_MIN_RATIO = 1.9
_STANDS_ELSEWHERE = 1.3  # log-odds for each of its words from which a sentence stands somewhere else


def sentence_missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Passages that lack a sentence of the other language, of each the first one."""
    ratio = parsed.memoised(length_ratio)
    alone = parsed.memoised(_alone)
    for both, beads in zip(likely_pairs(parsed), beads_of_passages(parsed), strict=True):
        missing = next(_missing(beads, ratio), None)
        if missing is not None:
            lacking = both.french if missing.run is both.english else both.english
            if not (_is_next_to(lacking, alone, missing) or _stands_elsewhere(parsed, lacking, missing)):
                yield match_in_run(lacking, text=shorten(missing.text.strip()))


def _alone(parsed: ParsedDocument) -> dict[tuple[str, int], TextRun]:
    """The passages that have nothing beside them in the other language, by their language and order."""
    paired = {(run.language, run.order) for both in likely_pairs(parsed) for run in both}
    runs = {(run.language, run.order): run for view in parsed.views for run in view.runs}
    return {place: runs[place] for place in runs.keys() - paired}


def _is_next_to(run: TextRun, alone: dict[tuple[str, int], TextRun], missing: Sentence) -> bool:
    """Whether a passage beside another one says what is missed there: paragraphs may be parted in another way."""
    said = echoes(missing.text, missing.run.language)
    beside = (alone.get((run.language, run.order + step)) for step in (-1, 1))
    return any(log_odds(said, keys(echoes(one.prose, one.language))) > 0 for one in beside if one)


def _stands_elsewhere(parsed: ParsedDocument, lacking: TextRun, missing: Sentence) -> bool:
    """Whether another cell says nearly all that is missed in one: rows of a table may have another order."""
    if lacking.kind not in CELLS:
        return False
    said = echoes(missing.text, missing.run.language)
    runs = parsed.views[LANGUAGES.index(lacking.language)].fields[lacking.path]
    others = (run for run in runs if run is not lacking and len(run.prose) > length(missing) / 2)
    return any(
        log_odds(said, keys(echoes(run.prose, run.language))) > _STANDS_ELSEWHERE * len(said)
        for run in others
    )


def _missing(beads: list[Bead], ratio: float) -> Iterator[Sentence]:
    """The sentences of either of two passages that the other one lacks."""
    for index, bead in enumerate(beads):
        if len(bead.english) == len(bead.french):
            yield from _much_longer(bead)
        else:
            yield from _unheard(beads[max(0, index - 1) : index + 2], bead, ratio)


def _unheard(around: list[Bead], bead: Bead, ratio: float) -> Iterator[Sentence]:
    """The sentence that has least of an echo in the other language, if its neighbours there do not say it too.

    `around` are the bead and its neighbours, because lengths alone may set a sentence one place too far.
    """
    both = [one for each in around for one in each.english], [one for each in around for one in each.french]
    in_english = len(bead.english) > len(bead.french)
    here, there = both if in_english else both[::-1]
    said, heard = [[echoes(one.text, one.run.language) for one in found] for found in (here, there)]
    told = unambiguous(said, heard)
    whole = [sum(map(length, found)) for found in both]
    likely: list[tuple[float, Sentence]] = []
    for sentence, words in zip(here, told, strict=True):
        shorter = (
            [whole[0] - length(sentence), whole[1]] if in_english else [whole[0], whole[1] - length(sentence)]
        )
        less_fitting = misfit(*shorter, ratio) - misfit(*whole, ratio)
        present = log_odds(words, keys(chain.from_iterable(heard))) + _WEIGHT_OF_LENGTH * less_fitting
        if length(sentence) >= _MIN_LENGTH and less_fitting < _MAX_MISFIT and present < -_LIKELY:
            likely.append((present, sentence))
    yield from (sentence for _present, sentence in sorted(likely, key=itemgetter(0))[:1])


def _much_longer(bead: Bead) -> Iterator[Sentence]:
    """The sentence that takes nearly twice as many characters as it should beside that of the other language."""
    longer, shorter = (bead.english, bead.french) if bead.excess < 0 else (bead.french, bead.english)
    lengths = [sum(map(length, found)) for found in (longer, shorter)]
    run = shorter[0].run
    if run.kind == "item" or abs(bead.excess) < _MUCH_TOO_SHORT[run.language]:
        return  # items may have another order
    if lengths[0] >= max(_MIN_LENGTH_OF_TWO, _MIN_RATIO * lengths[1]):
        yield longer[0]


_ENGLISH = "Canada trains the police in Iraq. It also provides equipment, vehicles, radios and shelters in all areas."
_FRENCH = (
    "Le Canada forme la police en Irak. Il lui fournit aussi du matériel, des véhicules, des radios et des abris dans "
    "toutes les provinces."
)

RULES = (
    Rule(
        "sentence-missing",
        INFO,
        _("The other language says more here: “%(text)s”. Check that nothing is missing."),
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
