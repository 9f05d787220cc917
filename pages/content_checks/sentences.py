"""Are sentences and paragraphs short enough to be read at once, and complete?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from .amounts import MASK
from .examples import en, fr
from .parsed_document import SENTENCES, LanguageView, TextRun, sentences, words
from .rules import (
    INFO,
    OFF,
    WARNING,
    Match,
    Rule,
    match_at_end,
    match_in_run,
    match_in_sentence,
    per_language,
    widen,
)

# Words of a sentence. The guide wants fewer than 20; French says the same with about a fifth more words.
MAX_WORDS = {"en": 25, "fr": 30}
MAX_SENTENCES = 3
_SUBJECT = {
    "en": re.compile(r"(?i:this|these|it|he|she|we|you|they|canada)\b"),
    "fr": re.compile(r"(?i:ce|cet|cette|ces|il|elle|ils|elles|on|nous|vous|le canada)\b"),
}
# Verbs, of which a sentence nearly always has one.
_VERB = {
    "en": re.compile(
        r"\b(?i:is|are|was|were|has|have|had|will|must|may|should|please|helps?|provides?|includes?|supports?|gives?|see)\b"
    ),
    "fr": re.compile(
        r"\b(?i:est|sont|était|étaient|ont|avait|avaient|sera|seront|doit|doivent|devez|peut|peuvent|pouvez|veuillez|"
        r"avez|êtes|aide|aident|fournit|fournissent|comprend|comprennent|appuie|donne|voir)\b"
    ),
}
_COMPLETE = re.compile(r"[.!?:;…][”’»)\]\ufffc \u00a0]*\Z")


def long_sentences(view: LanguageView) -> Iterator[Match]:
    for sentence in view.sentences:
        count = len(sentence.words)
        if count > MAX_WORDS[view.language]:
            yield match_in_sentence(sentence, count=count)


def long_paragraphs(view: LanguageView) -> Iterator[Match]:
    for run in view.runs_of(SENTENCES):
        count = len(view.sentences_of(run))
        if count > MAX_SENTENCES:
            yield match_in_run(run, count=count, limit=MAX_SENTENCES)


def unfinished(view: LanguageView) -> Iterator[Match]:
    """Paragraphs of five words or more without a mark at the end, but for names, links and labels."""
    for run, following in pairwise([*view.runs, None]):
        if run is None or run.kind not in SENTENCES or _leads_on(run, following):
            continue
        if "\n" in run.text or _is_address_or_attribution(run):
            continue
        run_words = view.words(run)
        capitals = sum(word[0].isupper() for word in run_words)
        linked = sum(len(words(run.text[m.start : m.end])) for m in run.marks if m.tag in ("a", "strong"))
        if (
            len(run_words) >= 5
            and _is_sentence(run)
            and linked < len(run_words) > 2 * capitals
            and not _COMPLETE.search(run.prose)
        ):
            yield match_at_end(run)


def _leads_on(run: TextRun, following: TextRun | None) -> bool:
    """Whether a list ends what a paragraph begins."""
    return following is not None and following.kind == "item" and following.path == run.path


def _is_sentence(run: TextRun) -> bool:
    """Not a label such as “What to bring to the test”: there is a verb, or another sentence before its last one."""
    begins = _SUBJECT[run.language].match(run.prose) or _VERB[run.language].search(run.prose)
    return bool(begins) or len(list(sentences(run))) > 1


def _is_address_or_attribution(run: TextRun) -> bool:
    """A line with an address of e-mail or of the Web at its end, or one that says who said what is quoted above."""
    return run.prose.rstrip().endswith(MASK) or run.prose.startswith(("—", "– ", "- "))


# “npm, pip and others” and “apolitical – The Atlas” begin with a name.
_NAMED_FIRST = re.compile(r"\w+(?:,|:|[ \u00a0]?[:–—-][ \u00a0])")


def small_beginnings(view: LanguageView) -> Iterator[Match]:
    """Paragraphs that begin with a small letter, unless they go on after a list."""
    for before, run in pairwise([None, *view.runs]):
        if run is None or run.kind != "paragraph":
            continue
        begins_small = run.prose[:1].islower() and not _NAMED_FIRST.match(run.prose)
        if begins_small and len(view.words(run)) >= 5 and not _goes_on(before, run):
            yield match_in_run(run, *widen(run.text, 0, 0, 20))


def _goes_on(before: TextRun | None, run: TextRun) -> bool:
    """Whether a paragraph goes on after a list, or says what the term just before it means."""
    if before is None or before.path != run.path:
        return False
    is_term = len(words(before.prose)) <= 4 and not _COMPLETE.search(before.prose)
    return before.kind in ("item", "heading") or is_term


def repeated(view: LanguageView) -> Iterator[Match]:
    """A paragraph of eight words or more that the page has already.

    One that leads on to a list, or has a link, which may go elsewhere, belongs in each of its places.
    """
    seen: set[str] = set()
    for run in view.runs_of(SENTENCES):
        leads_on = run.prose.rstrip().endswith(":") or any(mark.tag == "a" for mark in run.marks)
        if len(view.words(run)) < 8 or "partners" in run.path or leads_on:
            continue
        if run.text in seen:
            yield match_in_run(run)
        seen.add(run.text)


def _of(run: str, count: int) -> str:
    return " ".join([run] * count)


_EN = "<p>Canada helps people in Iraq return to their homes.</p>"
_FR = "<p>Le Canada aide les gens en Irak à retourner chez eux.</p>"

RULES = (
    Rule(
        "sentence-long",
        WARNING,
        _("This sentence has %(count)s words. Shorten or split it (aim for fewer than 20)."),
        per_language(long_sentences),
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
        INFO,
        _("This paragraph has %(count)s sentences. Split it so that each paragraph has %(limit)s or fewer."),
        per_language(long_paragraphs),
        (
            en(_of("Canada helps.", 4), _of("Canada helps.", 3)),
            fr(_of("Le Canada aide.", 4), _of("Le Canada aide.", 3)),
        ),
        number=47,
    ),
    Rule(
        "end-mark-missing",
        INFO,
        _("The paragraph ends without a period: “%(text)s”."),
        per_language(unfinished),
        (
            en("Canada helps people in Iraq", "Canada helps people in Iraq."),
            fr("Le Canada aide les gens en Irak", "Le Canada aide les gens en Irak."),
        ),
    ),
    Rule(
        "beginning-small",
        INFO,
        _("The paragraph begins with a lowercase letter. Check whether words are missing before “%(text)s”."),
        per_language(small_beginnings),
        (
            en("and Canada helps people in Iraq.", "Canada helps people in Iraq."),
            fr("et le Canada aide les gens.", "Le Canada aide les gens en Irak."),
        ),
    ),
    Rule(
        "paragraph-repeated",
        OFF,
        _("This paragraph appears twice on the page. Remove one."),
        per_language(repeated),
        (en(f"{_EN}\n{_EN}", _EN), fr(f"{_FR}\n{_FR}", _FR)),
    ),
)
