"""Do code, addresses and names of files, which no language translates, have the same digits in both?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .amounts import MASK
from .examples import pair
from .parsed_document import LanguageView, ParsedDocument, TextRun
from .rules import INFO, Match, Rule, match_in_run
from .text_pairs import Pair, likely_pairs

_SIGN = r"[^\s\u00a0\u202f()«»“”\"<>,;]"
_TOKEN = re.compile(rf"(?<!{_SIGN}){_SIGN}*\d(?:{_SIGN}*[^\s\u00a0\u202f()«»“”\"<>,;.:!?…’'])?")
_NUMBER = re.compile(r"\d+")
# What has to stand somewhere in a passage before it is read token by token.
_MIXED = re.compile(r"[^\W\d_][^\s\w]?\d|\d[^\s\w]?[^\W\d_]")
_LETTER = re.compile(r"[^\W\d_]")

# A stretch of a passage, by its start and its end.
Stretch = tuple[int, int]


def digits_differ(parsed: ParsedDocument) -> Iterator[Match]:
    """Code, addresses and names that differ by one number alone, in passages that have as many of them."""
    for both in likely_pairs(parsed):
        english, french = (_by_shape(view, run) for view, run in zip(parsed.views, both, strict=True))
        for shape in english.keys() & french.keys():
            yield from _one_differs(both, english[shape], french[shape])


def _one_differs(both: Pair, english: list[Stretch], french: list[Stretch]) -> Iterator[Match]:
    if len(english) != len(french):
        return
    only_english, only_french = (
        _surplus(one, stretches, other, others)
        for one, stretches, other, others in (
            (both.english, english, both.french, french),
            (both.french, french, both.english, english),
        )
    )
    if len(only_english) == len(only_french) == 1:
        (one,), (other,) = only_english, only_french
        said = {"english": both.english.text[slice(*one)], "french": both.french.text[slice(*other)]}
        yield match_in_run(both.french, *other, **said)._replace(language="")


def _surplus(run: TextRun, stretches: list[Stretch], other: TextRun, others: list[Stretch]) -> list[Stretch]:
    left = [other.text[slice(*stretch)].casefold() for stretch in others]
    surplus = []
    for stretch in stretches:
        text = run.text[slice(*stretch)].casefold()
        if text in left:
            left.remove(text)
        else:
            surplus.append(stretch)
    return surplus


def _by_shape(view: LanguageView, run: TextRun) -> dict[str, list[Stretch]]:
    """What of a passage has digits and is the same in both languages, by what it looks like without them."""
    found: dict[str, list[Stretch]] = {}
    if run.kind != "code" and MASK not in run.prose and not _MIXED.search(run.text):
        return found
    for token in _TOKEN.finditer(run.text):
        if run.kind == "code" or run.within(token.start(), token.end(), "code"):
            numbers = _NUMBER.finditer(token[0])
            found.setdefault("", []).extend(
                (token.start() + one.start(), token.start() + one.end()) for one in numbers
            )
        elif _LETTER.search(token[0]) and not _is_read(view, run, token.span()):
            found.setdefault(_NUMBER.sub("0", token[0].casefold()), []).append(token.span())
    return found


def _is_read(view: LanguageView, run: TextRun, stretch: Stretch) -> bool:
    """Whether a number that languages are compared by stands in a stretch, which is no address."""
    if MASK in run.prose[slice(*stretch)]:
        return False
    return any(
        amount.start < stretch[1] and amount.end > stretch[0] for amount in view.amounts.get(run.order, ())
    )


RULES = (
    Rule(
        "digits-differ",
        INFO,
        _(
            "The digits differ (English: %(english)s; French: %(french)s). Code, addresses and names of files are the "
            "same in both languages."
        ),
        digits_differ,
        (
            pair(
                "en",
                ("<p>Set <code>width: 90%</code>.</p>", "<p>Indiquez <code>width: 80%</code>.</p>"),
                ("<p>Set <code>width: 80%</code>.</p>", "<p>Indiquez <code>width: 80%</code>.</p>"),
            ),
            pair(
                "fr",
                ("<p>Open plan2026.zip now.</p>", "<p>Ouvrez plan2062.zip maintenant.</p>"),
                ("<p>Open plan2026.zip now.</p>", "<p>Ouvrez plan2026.zip maintenant.</p>"),
            ),
        ),
        topic="languages",
    ),
)
