"""Plain words: what the style guide would say in another way, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .parsed_document import PROSE, LanguageView, words
from .rules import (
    INFO,
    Match,
    Rule,
    match_in_run,
    per_language,
)

# Emphasis

_BOLD_SHARE = 0.1  # of the words of a text
_FEW = 60  # words below which a share says nothing


def bold(view: LanguageView) -> Iterator[Match]:
    """Much of a text, or the whole of a paragraph."""
    for runs in view.fields.values():
        if not any(mark.tag == "strong" for run in runs for mark in run.marks):
            continue
        strong, total = 0, 0
        for run in runs:
            length = sum(
                len(words(run.text[mark.start : mark.end])) for mark in run.marks if mark.tag == "strong"
            )
            count = len(view.words(run))
            strong, total = strong + length, total + count
            if run.kind == "paragraph" and length == count > 0:
                yield match_in_run(run, share=100)
        if total >= _FEW and strong > _BOLD_SHARE * total:
            yield match_in_run(runs[0], share=round(100 * strong / total))


_LONG_ITALICS = 20  # words; longer than any title


def italics(view: LanguageView) -> Iterator[Match]:
    for run in view.runs_of(PROSE):
        for mark in run.marks:
            if mark.tag == "em" and len(words(run.text[mark.start : mark.end])) > _LONG_ITALICS:
                yield match_in_run(run, mark.start, mark.end)


RULES = (
    Rule(
        "bold",
        INFO,
        _(
            "%(share)s%% of the words here are in bold. Use bold for a few words only. If a whole line is "
            "bold, make it a heading."
        ),
        per_language(bold),
        (
            en(
                "<p><strong>Who can apply</strong></p>\n<p>All can.</p>",
                "<h3>Who can apply</h3>\n<p>All can.</p>",
            ),
            fr(
                "<p><strong>Qui est admissible</strong></p>\n<p>Tous.</p>",
                "<h3>Qui est admissible</h3>\n<p>Tous.</p>",
            ),
        ),
        number=41,
    ),
    Rule(
        "italics",
        INFO,
        _("Use italics for titles and words in other languages. This passage is too long for italics."),
        per_language(italics),
        (
            en(
                f"<em>{'Canada helps people in need. ' * 5}</em>",
                "The <em>Official Languages Act</em> says so.",
            ),
            fr(
                f"<em>{'Le Canada aide les gens. ' * 5}</em>",
                "La <em>Loi sur les langues officielles</em> le dit.",
            ),
        ),
        number=39,
    ),
)
