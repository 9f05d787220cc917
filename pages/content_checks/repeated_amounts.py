"""Amounts that stand on several pages: each could be a fact, which is written once and changed once.

Only sums of money from a thousand on: years, shares and small numbers are the same on many pages by chance. What stands
in a shared block is written once already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ..document import Document, is_shared
from .amounts import Amount
from .consistency import as_text
from .examples import en, fr
from .parsed_document import PROSE, Claim, LanguageView, ParsedDocument, TextRun
from .rules import INFO, Match, Rule, match_in_run

_CHECKED_KINDS = PROSE | {"cell"}
_LEAST = 1_000


class Stated(NamedTuple):
    """An amount with the place at which it stands."""

    about: str
    run: TextRun
    amount: Amount


def claims(parsed: ParsedDocument) -> Iterator[Claim]:
    """The amounts of a page that would be worth a fact, each once for both languages."""
    return (Claim(about) for about in dict.fromkeys(stated.about for stated in parsed.memoised(_stated)))


def _stated(parsed: ParsedDocument) -> list[Stated]:
    return [stated for view in parsed.views for stated in _of_language(parsed.document, view)]


def _of_language(document: Document, view: LanguageView) -> Iterator[Stated]:
    for run in view.runs_of(_CHECKED_KINDS):
        for amount in () if is_shared(document, run.path) else view.amounts.get(run.order, []):
            if amount.kind == "money" and amount.value[1] >= _LEAST:  # type: ignore[index]
                yield Stated(f"amount {amount.currency} {as_text(amount.value)}", run, amount)


def repeated(parsed: ParsedDocument) -> Iterator[Match]:
    """The first place of each amount that other pages state too, unless it is a fact already."""
    told: set[str] = set()
    for about, run, amount in parsed.memoised(_stated):
        end = amount.start + len(amount.text)
        if about in told or run.within(amount.start, end, "data"):
            continue
        others = [each for each in parsed.site.claims_about(claims, about) if each.key != parsed.document.key]
        if others:
            told.add(about)
            page = others[0].title[run.language] or others[0].key
            yield match_in_run(run, amount.start, end, page=page)


RULES = (
    Rule(
        "repeated-amount",
        INFO,
        _(
            "“%(text)s” is also on another page (%(page)s). Make it a fact: then it is written once, and changed "
            "on all pages at once."
        ),
        repeated,
        (
            en(
                "Canada committed $483 million.",
                'Canada committed <data value="fact:assistance">$483 million</data>.',
                elsewhere="Of these, $483 million were for Iraq.",
            ),
            fr(
                "Le Canada a engagé 483 millions de dollars.",
                'Le Canada a engagé <data value="fact:assistance">483 millions de dollars</data>.',
                elsewhere="De ce montant, 483 millions de dollars étaient pour l’Irak.",
            ),
        ),
    ),
)
