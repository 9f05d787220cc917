"""Which words of a text are the same word? Pure functions from text to the terms that an index holds.

Accents, capitals, endings, elision and British or American spelling never keep a reader from a page. All of
it is worked out here, in Python, so that every database finds the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from .. import letters
from ..text_cleaning import COMBINING, ZERO_WIDTH, without_zero_width

# Longer ones are no words; what is cut here is cut in texts and queries alike.
MAX_WORD_LENGTH = 40

# Digits in groups of three are one number: "25,000" and, with any space, "25 000". Then runs of letters and
# digits, with combining marks and the characters of no width in them; apostrophes and hyphens part words.
_WORD = re.compile(
    r"(?<!\d)\d{1,3}(?:[,\u0020\u00a0\u2009\u202f]\d{3})+(?![\d\w])"
    rf"|(?:[^\W_]|[{COMBINING}])(?:[^\W_]|[{COMBINING}{ZERO_WIDTH}])*"
)
_GROUPING = re.compile(r"[,\s]")


def find_matches(text: str) -> Iterator[re.Match[str]]:
    """Where the words of a text (in Unicode's form NFC) stand, in their order."""
    return _WORD.finditer(text)


def find_words(text: str) -> list[str]:
    """What `find_matches` finds, without where it stands, which takes a third of the time."""
    return _WORD.findall(text)


def words(text: str) -> list[str]:
    """The words of a text in their order, tidied."""
    return [*map(tidy, find_words(text))]


@lru_cache(maxsize=50_000)
def tidy(word: str) -> str:
    """A word as it stands in a text, without what groups its digits and without characters of no width."""
    return without_zero_width(_GROUPING.sub("", word) if word[0].isdigit() else word)[:MAX_WORD_LENGTH]


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Without accents, ligatures and capitals: `Œuvré` is `oeuvre`. Of a letter or more something always remains."""
    # What becomes of a letter can be more than letters, such as the slash of a fraction.
    return "".join(filter(str.isalnum, letters.fold(word))) or word


@lru_cache(maxsize=50_000)
def stems(word: str, language: str) -> frozenset[str]:
    """What an index holds for a word as written: its stem without accents, and the stem of it without accents.

    Either alone misses words that are typed without their accents, such as `egalite` or `touche`. In English
    the second is that of the American spelling.
    """
    folded = fold(word)
    stem = snowballstemmer.stemmer(_STEMMERS[language]).stemWord  # a new one each time: they keep state
    alike = american(folded) if language == "en" else folded
    return frozenset({fold(stem(word.lower())) or folded, stem(alike)})


def query_stems(word: str, language: str) -> frozenset[str]:
    """What to look for to find a word: any of these.

    A French word typed without accents may end in an é that the stemmer takes for an e, as in `refugies`.
    """
    found = stems(word, language)
    if language == "fr" and word.isascii():
        bare = _FEMININE_PLURAL.sub("", fold(word))
        return found | {bare} if len(bare) > 2 else found
    return found


# Where a word occurs; each place is part of the next one.
TITLE, HEADING, ANYWHERE = "t", "h", "a"


def term(stem: str, language: str, place: str) -> str:
    """What an index holds for a stem that occurs in a place of a page in a language."""
    return f"{language}.{place}.{stem}"


def is_stop_word(folded: str, language: str) -> bool:
    """Whether a word is too common to say what is sought."""
    return folded in STOP_WORDS[language]


_STEMMERS = {"en": "english", "fr": "french"}
_FEMININE_PLURAL = re.compile(r"e{0,2}s?$")


def american(word: str) -> str:
    """A folded English word in its American spelling; some that have no other are bent as well, which is harmless."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    for rule, spelling in _RULES:
        changed = rule.sub(spelling, word)
        if changed != word:
            return changed
    return word


_RULES = [
    (re.compile(rule), spelling)
    for rule, spelling in (
        (r"^(\w{3,})is(e[ds]?|ers?|ings?|ations?|ational|able)$", r"\1iz\2"),
        (r"^(\w{2,})ys(e[ds]?|ers?|ing)$", r"\1yz\2"),
        (r"^(\w*[aeiouy]\w*[^aeiou\W])our(s|ed|ing|ers?|abl[ey]|ites?|ful|hoods?|ly|ism)?$", r"\1or\2"),
        (r"^(\w{2,}[bt])re([ds]?)$", r"\1er\2"),
        (r"^(\w{2,}og)ue([ds]?)$", r"\1\2"),
        (r"^(\w*gram)me([ds]?)$", r"\1\2"),
        (r"^(def|lic|off|pret)enc(e[ds]?|ing)$", r"\1ens\2"),
        (
            r"^(\w*(?:cancel|channel|counsel|fuel|label|level|marshal|model|signal|travel))l(ed|ing|ers?)$",
            r"\1\2",
        ),
    )
]
_SPELLINGS = {
    "acknowledgement": "acknowledgment",
    "ageing": "aging",
    "aluminium": "aluminum",
    "enrol": "enroll",
    "enrolment": "enrollment",
    "fulfil": "fulfill",
    "fulfilment": "fulfillment",
    "grey": "gray",
    "instalment": "installment",
    "judgement": "judgment",
    "manoeuvre": "maneuver",
    "paediatric": "pediatric",
    "practise": "practice",
    "practised": "practiced",
    "practising": "practicing",
    "skilful": "skillful",
}

# Folded, like what is compared with them. "who" and "us" are left out: they may be acronyms.
STOP_WORDS = {
    "en": frozenset(
        """a about all also an and any are as at be been but by can did do does for from had has have he her his
        how i if in into is it its me my no not of on or our she so such than that the their them then there these
        they this those to was we were what when where which will with you your d ll m re s t ve""".split()
    ),
    "fr": frozenset(
        """a ai ainsi au aussi aux avec c ce ces cet cette ceux comme d dans de des donc du elle elles en es est et
        etaient etait etre eu il ils j je jusqu l la le les leur leurs lorsqu lui m ma mais me meme mes mon n ne
        nos notre nous on ont ou par pas pour puisqu qu que qui quoi s sa se ses si son sont sur ta te tes toi ton
        tu un une vos votre vous y""".split()
    ),
}
