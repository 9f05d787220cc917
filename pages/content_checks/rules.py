"""What a rule is and what it finds: plain values, which every door of the site shows in its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import chain
from typing import Any, NamedTuple

from ..document import LANGUAGES, RICH_TEXT, Bilingual
from .examples import Example
from .parsed_document import (
    URL_OR_EMAIL,
    LanguageView,
    Link,
    ParsedDocument,
    Sentence,
    TextRun,
    function_words,
    words,
)

# Blocks: a reader of one language would be misled or shut out, beyond doubt. Warns: the style guide says
# otherwise, or the two languages seem to differ; an editor decides. Hints: worth a second look.
ERROR, WARNING, INFO = SEVERITIES = ("blocks", "warns", "hints")
# Off: right too seldom to be shown, unless a site wants it.
OFF = "off"

# What a finding is about, by consequence: what readers of the two languages are told comes first.
TOPICS = ("languages", "facts", "links", "access", "structure", "style")
# Those in which one thing contradicts another: each place is a line of its own, and is always in view.
DIFFERENCES = ("languages", "facts")

SPACE = "[ \u00a0\u202f\u2009]"
NO_BREAK = "\u00a0"
EXCERPT_CONTEXT = 30  # characters of an excerpt on each side of what was found


class Match(NamedTuple):
    """One place where a rule is broken; `language` is "" where both are meant, `order` sorts within a field."""

    path: tuple[str, ...]
    language: str
    excerpt: str
    params: Mapping[str, Any]
    order: tuple[int, int] = (0, 0)


Check = Callable[[ParsedDocument], Iterable[Match]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. `number` is that of the content style guide, None for rules of our own.

    `fix(text, language)` gives the whole field as it should be; it changes nothing that obeys the rule.
    """

    id: str
    severity: str
    message: Any  # lazy, with %(…)s for the params of a match
    check: Check
    examples: tuple[Example, ...]
    number: int | None = None
    languages: tuple[str, ...] = LANGUAGES
    fix: Callable[[str, str], str] | None = None
    topic: str = "style"  # one of TOPICS

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. `path` is that of `document.Text`; `language` is "" where both are meant."""

    rule: Rule
    path: tuple[str, ...]
    language: str
    excerpt: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """What to do, in the active language."""
        return str(self.rule.message) % self.params

    def fixed(self, text: Bilingual) -> Bilingual:
        """The text of the field with every fault of this kind repaired, in the language of the finding.

        The same text when the rule cannot repair it.
        """
        if self.rule.fix is None or not self.language:
            return text
        both = {language: text[language] for language in LANGUAGES}
        both[self.language] = self.rule.fix(both[self.language], self.language)
        return Bilingual(**both)


# Matches


def match_in_run(run: TextRun, start: int = 0, end: int | None = None, **params: Any) -> Match:
    """A stretch of a run, or the whole of it; `text` is what was found unless the params say otherwise."""
    end = len(run.text) if end is None else end
    found = run.text[start:end].strip(" \n")
    excerpt = cut_excerpt(run.text, start, end)
    return Match(run.path, run.language, excerpt, {"text": found, **params}, (run.order, start))


def match_at_end(run: TextRun, **params: Any) -> Match:
    """The last words of a run."""
    return match_in_run(run, *widen(run.text, len(run.text), len(run.text), 20), **params)


def match_in_sentence(sentence: Sentence, **params: Any) -> Match:
    return match_in_run(sentence.run, sentence.start, sentence.end, **params)


def match_in_link(link: Link, **params: Any) -> Match:
    return match_in_run(link.run, link.start, link.end, **{"text": link.text, **params})


def match_in_field(path: tuple[str, ...], language: str = "", excerpt: str = "", **params: Any) -> Match:
    return Match(path, language, shorten(excerpt), params)


def cut_excerpt(text: str, start: int, end: int) -> str:
    """What was found with a few words around it."""
    left, right = widen(text, start, end, EXCERPT_CONTEXT)
    cut = text[left:right].replace("\n", " ").strip(" ")
    return shorten(("… " if left > 0 else "") + cut + (" …" if right < len(text) else ""))


def widen(text: str, start: int, end: int, margin: int) -> tuple[int, int]:
    """A stretch with the whole words that stand within so many characters of it."""
    left, right = max(0, start - margin), min(len(text), end + margin)
    while 0 < left < start and not text[left - 1].isspace():
        left += 1
    while end < right < len(text) and not text[right].isspace():
        right -= 1
    return left, right


def shorten(text: str, length: int = 160) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# Checks


def per_language(check: Callable[[LanguageView], Iterable[Match]], *languages: str) -> Check:
    """A check of each language by itself."""
    languages_checked = languages or LANGUAGES

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        return chain.from_iterable(check(view) for view in parsed.views if view.language in languages_checked)

    return checked


def any_of(phrases: str | Iterable[str]) -> str:
    """A pattern for one of several phrases, as whole words; a space in them may be any space.

    In a string the phrases are parted by “|”.
    """
    listed = phrases.split("|") if isinstance(phrases, str) else phrases
    longest_first = sorted(listed, key=len, reverse=True)
    joined = "|".join(
        re.escape(phrase).replace(r"\ ", SPACE).replace("’", "[’']") for phrase in longest_first
    )
    return rf"(?<![\w’'-])(?:{joined})(?![\w-])"


# Fixes

_TAG = re.compile(r"(<[^<>]*>)")
_VOID = ("<br>", "<img ")
_NOT_OUR_WORDS = ("<blockquote", "<code", "<pre")


def on_text_nodes(fix: Callable[[str, str], str]) -> Callable[[str, str], str]:
    """A fix of plain words made one of rich text too, which leaves tags, quotations, code and other languages alone.

    What is not marked as another language is known by its words.
    """

    def fixed(text: str, language: str) -> str:
        if "<" not in text:
            return _outside_urls(fix, text, language)
        parts, ignored = [], []
        for part in _TAG.split(text):
            if part.startswith("</"):
                del ignored[-1:]
            elif part.startswith("<"):
                if not part.startswith(_VOID):
                    ignored.append(part.startswith(_NOT_OUR_WORDS) or ' lang="' in part)
            elif not any(ignored):
                part = escape(_outside_urls(fix, unescape(part), language), quote=False)
            parts.append(part)
        return "".join(parts)

    return fixed


def _outside_urls(fix: Callable[[str, str], str], text: str, language: str) -> str:
    """The fix of what is not an address on the Web or of e-mail, nor words of the other language."""
    own, foreign = function_words(words(text.lower()), language)
    if foreign > own:
        return text
    if not URL_OR_EMAIL.search(text):
        return fix(text, language)
    apart = zip(URL_OR_EMAIL.split(text), [*URL_OR_EMAIL.findall(text), ""], strict=True)
    return "".join(fix(part, language) + address for part, address in apart)


Pairs = Iterable[tuple[str, str | Callable[[re.Match[str]], str]]]


def regex_fix(both: Pairs = (), *, en: Pairs = (), fr: Pairs = ()) -> Callable[[str, str], str]:
    """A fix by patterns and what to write instead, of one language or of both."""
    compiled = {
        language: [(re.compile(pattern), replacement) for pattern, replacement in (*both, *pairs)]
        for language, pairs in (("en", en), ("fr", fr))
    }

    def fix(text: str, language: str) -> str:
        for pattern, replacement in compiled[language]:
            text = pattern.sub(replacement, text)
        return text

    return on_text_nodes(fix)


def is_rich(path: tuple[str, ...]) -> bool:
    return path[-1] in RICH_TEXT
