"""What an editor should look at again in a page: rules of style and form, and of the two languages agreeing.

`findings` is pure: it reads a document and, where a rule compares pages, the other documents of the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from ..document import Document, texts
from . import (
    abbreviations,
    dates,
    facts,
    forms,
    headings,
    identity,
    links,
    lists,
    numbers,
    pictures,
    sentences,
    spacing,
    structure,
    tables,
    wording,
)
from .reading import Claim, KnownSite, Reading, Site, Told
from .rules import BLOCKS, HINTS, SEVERITIES, WARNS, Finding, Rule

# In the order in which findings about the same words are shown.
RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *numbers.RULES,
    *facts.RULES,
    *identity.RULES,
    *headings.RULES,
    *links.RULES,
    *lists.RULES,
    *tables.RULES,
    *pictures.RULES,
    *abbreviations.RULES,
    *forms.RULES,
    *dates.RULES,
    *spacing.RULES,
    *sentences.RULES,
    *wording.RULES,
)

_BLOCKING = tuple(rule for rule in RULES if rule.severity == BLOCKS)

# Those whose rules compare pages with one another.
_CLAIMING = (facts, identity, abbreviations, links)

MOST = 100  # findings of one rule in a document: more help nobody


def findings(document: Document, others: Site | Iterable[Document] = ()) -> list[Finding]:
    """What the rules find in a document, in reading order, English before French.

    `others` are the documents to compare it with. If the home page is among them they count as the whole site,
    and a link to a page that is not there leads nowhere. To check many pages, make one `Site` for all of them.
    """
    return _findings(document, others, RULES)


def read(document: Document, others: Site | Iterable[Document] = ()) -> Reading:
    """A document to ask `blocking` and `claims` about: what is worked out for one is there for the other."""
    return Reading(document, others if isinstance(others, Site) else Site(others))


def _findings(document, others, rules):
    reading = document if isinstance(document, Reading) else read(document, others)
    order = {text.path: index for index, text in enumerate(texts(reading.document))}
    found = [(rule, hit) for rule in rules for hit in islice(rule.check(reading), MOST)]
    found.sort(
        key=lambda pair: (order.get(pair[1].path, len(order)), pair[1].language or "en", pair[1].order)
    )
    return [Finding(rule, hit.path, hit.language, hit.excerpt, hit.params) for rule, hit in found]


def claims(document: Document | Reading) -> list[Claim]:
    """What a document says that other pages may contradict: what a `KnownSite` is made from."""
    reading = document if isinstance(document, Reading) else read(document)
    return list(chain.from_iterable(module.claims(reading) for module in _CLAIMING))


def compared(document: Document) -> set[str]:
    """What the rules would ask other pages about: the `about` of every claim that may matter to a document."""
    reading = read(document)
    own = {claim.about for module in _CLAIMING for claim in module.claims(reading)}
    return own | set(links.asked(reading))


def blocking(document: Document | Reading, others: Site | Iterable[Document] = ()) -> list[Finding]:
    """The findings with which a document should not be published."""
    return _findings(document, others, _BLOCKING)


def at_least(severity: str) -> frozenset[str]:
    """The severities that are no milder: “warns” gives “blocks” and “warns”."""
    return frozenset(SEVERITIES[: SEVERITIES.index(severity) + 1])


__all__ = [
    "BLOCKS",
    "HINTS",
    "RULES",
    "SEVERITIES",
    "WARNS",
    "Claim",
    "Finding",
    "KnownSite",
    "Reading",
    "Rule",
    "Site",
    "Told",
    "at_least",
    "blocking",
    "claims",
    "compared",
    "findings",
    "read",
]
