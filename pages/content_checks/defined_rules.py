"""Rules that are data: a pattern, a list of phrases or both, each described in a YAML file in `definitions/`.

A file holds `fragments`, which patterns name in braces (`{month}`), and `rules`. Each rule has an `id`, a `severity`, a
`topic`, a `message` in both languages and `examples`, and one of

- `pattern`: what is wrong, as a regular expression, for both languages or for each;
- `phrases`: words to avoid, with or without what to write instead (capitals count only with `exact_case`);
- `suggestions`: pairs of a pattern and what to write instead, which may name its groups.

Besides: `guide`, the number of the style guide's rule; `where`, the kinds of text that are read (`words` unless it says
otherwise); `having`, a short pattern without which a text need not be read; `margin`, the characters around a match
that the message shows; `unless`, exceptions, each with a pattern for what stands `before`, `after` or is `found`, with
`where`, a `language` or `quoted`; and `replace`, the correction: triples of pattern, replacement and `lower` or
`upper`, or the word `phrases` or `suggestions`. A correction must be right in every context: what it does not match is
left to people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from ..document import LANGUAGES
from ..typography import MONTHS
from .amounts import NUMBER, SCALE
from .examples import Example, example
from .parsed_document import ALL, BESIDE, CELLS, HEADINGS, OWN, PROSE, WORDS, LanguageView, TextRun
from .rules import (
    NO_BREAK,
    SPACE,
    Check,
    Match,
    Rule,
    any_of,
    match_in_run,
    on_text_nodes,
    per_language,
    widen,
)

FOLDER = Path(__file__).parent / "definitions"
_KINDS = {
    "words": WORDS, "own": OWN, "all": ALL, "headings": HEADINGS, "prose": PROSE, "cells": CELLS, "beside": BESIDE,
}  # fmt: skip
_KEYS = frozenset(
    "id guide severity topic message pattern phrases exact_case suggestions where having margin unless replace "
    "examples".split()
)
_FRAGMENTS: dict[str, Any] = {
    "space": SPACE,
    "nbsp": NO_BREAK,
    "year": r"(?:19|20)\d\d",
    "number": NUMBER,
    "scale": SCALE,
    "month": {language: "|".join(names) for language, names in MONTHS.items()},
    # “may” and “march” are words too.
    "small_month": "|".join(name.lower() for name in MONTHS["en"] if name not in ("May", "March")),
    "large_month": "|".join(name.capitalize() for name in MONTHS["fr"]),
}
_NAMED = re.compile(r"\{([a-z_]+)\}")
_BEFORE = 40  # characters before a match that an exception may read

Fragments = Mapping[str, Any]


_FRENCH_SPACE = re.compile("(?<=«) | (?=[:»])")


class BothLanguages:
    """A text that is there in both languages; as a string it is the one of the active language."""

    def __init__(self, texts: Mapping[str, str]):
        self.texts = {language: _FRENCH_SPACE.sub(NO_BREAK, text) for language, text in texts.items()}

    def __str__(self) -> str:
        return self.texts["fr" if (get_language() or "").startswith("fr") else "en"]


@cache
def load(name: str) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Raises ValueError where a rule says what nobody understands."""
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    fragments = {**_FRAGMENTS, **data.get("fragments", {})}
    return tuple(_rule(definition, fragments) for definition in data["rules"])


def _rule(definition: dict[str, Any], fragments: Fragments) -> Rule:
    unknown = definition.keys() - _KEYS
    if unknown:
        raise ValueError(f"{definition['id']}: {', '.join(sorted(unknown))}")
    languages = tuple(language for language in LANGUAGES if language in definition["examples"])
    return Rule(
        definition["id"],
        definition["severity"],
        BothLanguages(definition["message"]),
        _check(definition, fragments, languages),
        tuple(_example(language, definition["examples"][language]) for language in languages),
        number=definition.get("guide"),
        languages=languages,
        fix=_fix(definition, fragments),
        topic=definition["topic"],
    )


def _example(language: str, texts: Mapping[str, str]) -> Example:
    bad, good = (texts[name].replace("{nbsp}", NO_BREAK) for name in ("bad", "good"))
    return example(language, bad, good, field=texts.get("field", "body"))


def expand(pattern: str, fragments: Fragments, language: str) -> str:
    """A pattern with the fragments that it names in its place, in a language."""

    def fragment(found: re.Match[str]) -> str:
        value = fragments[found[1]]
        return value if isinstance(value, str) else value[language]

    before = ""
    while before != pattern:
        before, pattern = pattern, _NAMED.sub(fragment, pattern)
    return pattern


# Checks

Suggestions = list[tuple[str, str]]


def _check(definition: Mapping[str, Any], fragments: Fragments, languages: tuple[str, ...]) -> Check:
    searches = {language: _search(definition, fragments, language) for language in languages}
    kinds = _kinds(definition.get("where", "words"))
    having = expand(definition.get("having", ""), fragments, "en")
    margin = definition.get("margin", 0)
    exceptions = [_exception(one, fragments) for one in _as_list(definition.get("unless", []))]
    lowered = "phrases" in definition and not definition.get("exact_case")

    def checked(view: LanguageView) -> Iterator[Match]:
        pattern, better = searches[view.language]
        text = view.joined(kinds, having)
        for found in pattern.finditer(text.lowered if lowered else text.text):
            run, offset = text.locate(found.start())
            start, end = found.start() - offset, min(found.end() - offset, len(run.text))
            if any(excepts(run, found, start) for excepts in exceptions):
                continue
            bounds = widen(run.text, start, end, margin) if margin else (start, end)
            yield match_in_run(run, *bounds, **_named_groups(found), **better(found))

    return per_language(checked, *languages)


def _named_groups(found: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in found.groupdict().items() if name == "mark"}


def _search(
    definition: Mapping[str, Any], fragments: Fragments, language: str
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, str]]]:
    """What to look for in a language, and what a match is better replaced with."""
    if "pattern" in definition:
        return re.compile(expand(_in(definition["pattern"], language), fragments, language)), _nothing
    if "phrases" in definition:
        phrases = definition["phrases"][language]
        better = partial(_better_phrase, phrases) if isinstance(phrases, dict) else _nothing
        return re.compile(any_of(phrases)), better
    suggestions = [
        (expand(pattern, fragments, language), better)
        for pattern, better in definition["suggestions"][language]
    ]
    joined = "|".join(f"(?P<suggestion_{index}>{pattern})" for index, (pattern, _) in enumerate(suggestions))
    return re.compile(joined), partial(_better_suggestion, suggestions)


def _nothing(found: re.Match[str]) -> dict[str, str]:
    return {}


def _better_phrase(phrases: Mapping[str, str], found: re.Match[str]) -> dict[str, str]:
    phrase = re.sub(SPACE, " ", found[0]).replace("'", "’")
    return {"better": phrases[phrase]}


def _better_suggestion(suggestions: Suggestions, found: re.Match[str]) -> dict[str, str]:
    index = next(index for index in range(len(suggestions)) if found[f"suggestion_{index}"] is not None)
    return {"better": found.expand(suggestions[index][1])}


def _kinds(where: str | list[str]) -> frozenset[str]:
    return frozenset().union(*(_KINDS.get(name, {name}) for name in _as_list(where)))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in(value: str | Mapping[str, str], language: str) -> str:
    return value if isinstance(value, str) else value[language]


def _exception(
    conditions: Mapping[str, Any], fragments: Fragments
) -> Callable[[TextRun, re.Match[str], int], bool]:
    """Whether a match is no fault: all that an exception asks for is there."""
    language = conditions.get("language", LANGUAGES[0])
    patterns = {
        name: re.compile(expand(conditions[name], fragments, language) + (r"\Z" if name == "before" else ""))
        for name in ("before", "after", "found")
        if name in conditions
    }
    kinds = _kinds(conditions["where"]) if "where" in conditions else None

    def excepts(run: TextRun, found: re.Match[str], start: int) -> bool:
        if kinds is not None and run.kind not in kinds:
            return False
        if conditions.get("language", run.language) != run.language:
            return False
        if conditions.get("quoted") and not is_quoted(run, start):
            return False
        return all(_meets(name, pattern, run, found, start) for name, pattern in patterns.items())

    return excepts


def _meets(name: str, pattern: re.Pattern[str], run: TextRun, found: re.Match[str], start: int) -> bool:
    if name == "before":
        return pattern.search(run.prose[max(0, start - _BEFORE) : start]) is not None
    if name == "after":
        return pattern.match(run.prose, start + len(found[0])) is not None
    return pattern.fullmatch(found[0]) is not None


def is_quoted(run: TextRun, start: int) -> bool:
    """Whether a place stands between quotation marks."""
    before = run.prose[:start]
    return any(before.count(opening) > before.count(closing) for opening, closing in ("“”", "«»"))


# Corrections

_CASES: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper}
Replacement = tuple[re.Pattern[str], str, str]


def _fix(definition: Mapping[str, Any], fragments: Fragments) -> Callable[[str, str], str] | None:
    if "replace" not in definition:
        return None
    pairs = {language: list(_replacements(definition, fragments, language)) for language in LANGUAGES}

    def fix(text: str, language: str) -> str:
        for pattern, replacement, case in pairs[language]:
            text = pattern.sub(partial(_replace, replacement, case), text)
        return text

    return on_text_nodes(fix)


def _replace(replacement: str, case: str, found: re.Match[str]) -> str:
    return _CASES.get(case, str)(found.expand(replacement))


def _replacements(
    definition: Mapping[str, Any], fragments: Fragments, language: str
) -> Iterator[Replacement]:
    source = definition["replace"]
    if isinstance(source, dict):
        source = source.get(language, [])
    if source == "phrases":
        source = [[any_of([phrase]), better] for phrase, better in definition["phrases"][language].items()]
    elif source == "suggestions":
        source = definition["suggestions"].get(language, [])
    for pattern, replacement, *case in source:
        yield (
            re.compile(expand(pattern, fragments, language)),
            expand(replacement, fragments, language),
            "".join(case),
        )
