"""Does every name in braces stand for a setting, and in both languages for the same ones?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .. import html, placeholders
from ..document import LANGUAGES, texts
from .examples import en, fr, pair
from .parsed_document import ParsedDocument
from .rules import WARNING, Match, Rule, is_rich, match_in_field

IN_BRACES = re.compile(r"\{\s*(\w+)\s*\}")
# « {AAAAMMJJ}_{grille}.csv » is the form of a name, and no setting has capitals throughout.
_PATTERN_OF_NAME = re.compile(
    r"(?<=[\w}_/.-])\{\s*\w+\s*\}|\{\s*\w+\s*\}(?=[\w{_/-]|\.\w)|\{\s*(?:[A-Z\d_]+|\w*[A-Z]{2}\w*)\s*\}"
)

# Braces in a program are no setting, unless they name one.
_CODE = re.compile(r"<(code|pre)>.*?</\1>", re.DOTALL)


def _found(path: tuple[str, ...], text: str) -> list[re.Match[str]]:
    if "{" not in text:  # which rich text has as it is: looked for first, because hardly any text has one
        return []
    plain = html.plain_text(text) if is_rich(path) else text
    patterns = {name for found in _PATTERN_OF_NAME.finditer(plain) for name in IN_BRACES.findall(found[0])}
    patterns |= {name for code in _CODE.finditer(text) for name in IN_BRACES.findall(code[0])}
    return [
        found
        for found in IN_BRACES.finditer(plain)
        if found[1] not in patterns or found[1] in placeholders.names()
    ]


def unknown(parsed: ParsedDocument) -> Iterator[Match]:
    known = [f"{{{name}}}" for name in placeholders.names()]
    for text in texts(parsed.document):
        for language in LANGUAGES:
            for found in _found(text.path, text.value[language]):
                if found[0] not in known:
                    yield match_in_field(text.path, language, found[0], text=found[0], known=", ".join(known))


def in_plain_text(parsed: ParsedDocument) -> Iterator[Match]:
    for text in texts(parsed.document):
        for language in LANGUAGES:
            for found in _found(text.path, text.value[language]):
                if found[1] in placeholders.names() and not is_rich(text.path):
                    yield match_in_field(text.path, language, found[0], text=found[0])


def differ(parsed: ParsedDocument) -> Iterator[Match]:
    for text in texts(parsed.document):
        english, french = (
            {found[1] for found in _found(text.path, text.value[language])} for language in LANGUAGES
        )
        for name in sorted(english ^ french):
            if text.value.en and text.value.fr:
                language = "fr" if name in english else "en"
                yield match_in_field(text.path, language, f"{{{name}}}", text=f"{{{name}}}")


RULES = (
    Rule(
        "placeholder-unknown",
        WARNING,
        _("“%(text)s” is not a setting that a text can show. Use one of %(known)s, or remove the braces."),
        unknown,
        (
            en("<p>For {report_days}.</p>", "<p>For {reports_kept_days}.</p>"),
            fr("<p>Pendant {jours}.</p>", "<p>Pendant {spam_kept_days}.</p>"),
        ),
    ),
    Rule(
        "placeholder-in-plain-text",
        WARNING,
        _("“%(text)s” works only in introductions and texts. Write this text without it."),
        in_plain_text,
        (
            en("Kept for {reports_kept_days}", "How long we keep reports", field="heading"),
            fr("Supprimé après {spam_kept_days}", "Durée de conservation", field="title"),
        ),
    ),
    Rule(
        "placeholders-differ",
        WARNING,
        _("“%(text)s” is in the other language only. Show the same setting in both languages."),
        differ,
        (
            pair(
                "fr",
                ("<p>For {reports_kept_days}.</p>", "<p>Pendant 180 jours.</p>"),
                ("<p>For {reports_kept_days}.</p>", "<p>Pendant {reports_kept_days}.</p>"),
            ),
            pair(
                "en",
                ("<p>For some days.</p>", "<p>Pendant {spam_kept_days}.</p>"),
                ("<p>For {spam_kept_days}.</p>", "<p>Pendant {spam_kept_days}.</p>"),
            ),
        ),
    ),
)
