"""What of a passage stands in its translation too: numbers, words alike in both languages, and words that are listed.

A passage in which nothing of another one is echoed does not say the same, however long it is. The words are in
`definitions/echoes.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set
from functools import cache, lru_cache
from itertools import chain
from math import log

import yaml

from ..document import LANGUAGES
from ..letters import fold
from .defined_rules import FOLDER

# What a word may be known by in the other language; any of them is enough.
Echo = frozenset[str]

_WORD = re.compile(r"[^\W\d_]+|\d+")
_LISTED_LETTERS = 5  # of a listed word that count: the rest is its ending
_LEAST_LETTERS = 4  # of a word that is compared by how it looks
_CONSONANTS = 4  # of which it is made up then
_SILENT = str.maketrans({**dict.fromkeys("aeiouyh"), "k": "c", "q": "c"})
_DOUBLED = re.compile(r"(.)\1")

# Of the words of passages that say the same 67% have an echo, of those that do not 6%, and more in long ones.
# Counted on 5,359 pairs of passages of public pages.
_ECHOED = 0.67
_ECHOED_BY_CHANCE, _BY_CHANCE_PER_WORD, _MOST_BY_CHANCE = 0.015, 0.0021, 0.3


def echoes(text: str, language: str) -> list[Echo]:
    """Returns by what each word and number of a text can be known in the other language, without those that cannot."""
    found = (_echo(word, language) for word in _WORD.findall(text.lower()))
    return [echo for echo in found if echo]


def keys(said: Iterable[Echo]) -> frozenset[str]:
    """Returns all by which words are known."""
    return frozenset(chain.from_iterable(said))


def unambiguous(said: list[list[Echo]], heard: list[list[Echo]]) -> list[set[Echo]]:
    """Returns what each of some passages says, without words of several that fewer in the other language say."""
    here, there = (Counter(chain.from_iterable(map(keys, found))) for found in (said, heard))
    return [
        {echo for echo in passage if all(here[key] == 1 or there[key] >= here[key] for key in echo)}
        for passage in said
    ]


def log_odds(said: Iterable[Echo], heard: Set[str]) -> float:
    """Returns how much likelier words are if a passage says the same than if not, as a logarithm.

    `heard` are all keys of the passage in the other language. Below zero, it says something else.
    """
    by_chance = min(_MOST_BY_CHANCE, _ECHOED_BY_CHANCE + _BY_CHANCE_PER_WORD * len(heard))
    echoed, missed = log(_ECHOED / by_chance), log((1 - _ECHOED) / (1 - by_chance))
    return sum(missed if echo.isdisjoint(heard) else echoed for echo in said)


@lru_cache(maxsize=20_000)
def _echo(word: str, language: str) -> Echo:
    if word.isdigit():
        return frozenset((word,))
    listed = _listed_echo(word, language)
    skeleton = _skeleton(word) if len(word) >= _LEAST_LETTERS else ""
    return listed | {skeleton} if len(skeleton) > 1 else listed


def _listed_echo(word: str, language: str) -> Echo:
    """By what a listed word is known; a short one also with the “s” of its plural."""
    listed, key = _listed()[language], word[:_LISTED_LETTERS]
    return listed.get(key) or listed.get(key.removesuffix("s"), frozenset())


def _skeleton(word: str) -> str:
    """The first consonants of a word, which languages share: of “development” and « développement » dvlp."""
    folded = fold(word)
    vowel = "a" if folded[0] in "aeiouy" else ""
    return (vowel + _DOUBLED.sub(r"\1", folded.translate(_SILENT)))[:_CONSONANTS]


@cache
def _listed() -> dict[str, dict[str, Echo]]:
    """The listed words of each language, by their first letters."""
    found: dict[str, dict[str, Echo]] = {language: {} for language in LANGUAGES}
    lines = yaml.safe_load((FOLDER / "echoes.yaml").read_text(encoding="utf-8"))
    for number, line in enumerate(lines):
        for language, listed in zip(LANGUAGES, line, strict=True):
            for word in listed.split():
                key = word[:_LISTED_LETTERS]
                found[language][key] = found[language].get(key, frozenset()) | {f"line {number}"}
    return found
