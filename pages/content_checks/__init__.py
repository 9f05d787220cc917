"""What an editor should look at again in a page: rules of style and form, and of the two languages agreeing.

`content_checks` is pure: it reads a document and, where a rule needs them, the other documents and the glossary of the
site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from django.conf import settings

from ..document import Document, texts
from . import (
    abbreviations,
    alignment,
    calendar_dates,
    consistency,
    formats,
    headings,
    language_parity,
    links,
    lists,
    metadata,
    missing_sentences,
    names,
    numbers,
    page_identity,
    pictures,
    placeholders,
    repeated_amounts,
    sentences,
    spacing,
    tables,
    terms,
    timelines,
    verbatim,
    videos,
    wording,
)
from .defined_rules import load
from .parsed_document import Claim, ClaimByPage, IndexedSite, ParsedDocument, Site
from .rules import DIFFERENCES, ERROR, INFO, OFF, SEVERITIES, TOPICS, WARNING, Finding, Rule


def _about(topic: str, *groups: tuple[Rule, ...]) -> Iterator[Rule]:
    return (replace(rule, topic=topic) for rule in chain.from_iterable(groups))


# In the order in which findings about the same words are shown.
RULES: tuple[Rule, ...] = (
    *_about("languages", language_parity.RULES, numbers.RULES),
    *missing_sentences.RULES,
    *alignment.RULES,
    *names.RULES,
    *verbatim.RULES,
    *_about("facts", consistency.RULES, calendar_dates.RULES, placeholders.RULES),
    *_about("links", links.RULES),
    *_about("access", pictures.RULES, videos.RULES, tables.RULES),
    *_about("structure", page_identity.RULES, headings.RULES, timelines.RULES),
    *_about("structure", metadata.RULES, repeated_amounts.RULES),
    *lists.RULES,
    *terms.RULES,
    *abbreviations.RULES,
    *formats.RULES,
    *load("numbers"),
    *load("dates"),
    *load("spacing"),
    *spacing.RULES,
    *sentences.RULES,
    *wording.RULES,
    *load("words"),
)

# Those whose rules read the glossary.
_USING_GLOSSARY = frozenset(rule.id for rule in (*terms.RULES, *abbreviations.RULES))

# Those whose rules compare pages with one another.
_CLAIMING = (consistency, page_identity, abbreviations, links, repeated_amounts)

MAX_FINDINGS_PER_RULE = 100  # findings of one rule in a document: more help nobody


def active_rules() -> tuple[Rule, ...]:
    """The rules that the site uses, with its own severities: `CONTENT_CHECK_SEVERITIES` changes those of `RULES`."""
    return _configured(tuple(sorted(settings.CONTENT_CHECK_SEVERITIES.items())))


@cache
def _configured(severities: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    own = dict(severities)
    rules = (replace(rule, severity=own[rule.id]) if rule.id in own else rule for rule in RULES)
    return tuple(rule for rule in rules if rule.severity != OFF)


def findings(
    document: Document | ParsedDocument,
    others: Site | Iterable[Document] = (),
    rules: Iterable[Rule] | None = None,
) -> list[Finding]:
    """What the rules find in a document, in reading order, English before French.

    `others` are the documents to compare it with. If the home page is among them they count as the whole site,
    and a link to a page that is not there leads nowhere. To check many pages, make one `Site` for all of them.
    """
    return _findings(document, others, active_rules() if rules is None else rules)


class Line(NamedTuple):
    """What a person reads of one rule: a single finding, or all that the rule finds on a page."""

    rule: Rule
    findings: list[Finding]


def lines(found: Iterable[Finding]) -> list[Line]:
    """Findings by consequence: the gravest first, then by topic.

    Each difference between the languages and each contradiction is a line; what another rule finds on a page is one.
    """
    listed: list[Line] = []
    first: dict[str, Line] = {}
    for finding in found:
        rule = finding.rule
        if rule.id in first and rule.topic not in DIFFERENCES and rule.severity != ERROR:
            first[rule.id].findings.append(finding)
        else:
            first[rule.id] = Line(rule, [finding])
            listed.append(first[rule.id])
    return sorted(
        listed, key=lambda line: (SEVERITIES.index(line.rule.severity), TOPICS.index(line.rule.topic))
    )


def parse(document: Document, others: Site | Iterable[Document] = ()) -> ParsedDocument:
    """A document to ask `blocking` and `claims` about: what is worked out for one is there for the other."""
    return ParsedDocument(document, others if isinstance(others, Site) else Site(others))


def _findings(document, others, rules):
    parsed = document if isinstance(document, ParsedDocument) else parse(document, others)
    order = {text.path: index for index, text in enumerate(texts(parsed.document))}
    found = [(rule, match) for rule in rules for match in islice(rule.check(parsed), MAX_FINDINGS_PER_RULE)]
    found.sort(
        key=lambda pair: (order.get(pair[1].path, len(order)), pair[1].language or "en", pair[1].order)
    )
    return [Finding(rule, match.path, match.language, match.excerpt, match.params) for rule, match in found]


def claims(document: Document | ParsedDocument) -> list[Claim]:
    """What a document says that other pages may contradict: what a `IndexedSite` is made from."""
    parsed = document if isinstance(document, ParsedDocument) else parse(document)
    return list(chain.from_iterable(module.claims(parsed) for module in _CLAIMING))


def compared_subjects(document: Document) -> set[str]:
    """What the rules would ask other pages about: the `about` of every claim that may matter to a document."""
    parsed = parse(document)
    own = {claim.about for module in _CLAIMING for claim in module.claims(parsed)}
    return own | set(links.linked_pages(parsed))


def blocking(document: Document | ParsedDocument, others: Site | Iterable[Document] = ()) -> list[Finding]:
    """The findings with which a document should not be published."""
    return _findings(document, others, [rule for rule in active_rules() if rule.severity == ERROR])


def needs_glossary_to_block() -> bool:
    """Whether this site lets a rule that reads the glossary keep a page from being published."""
    return any(rule.severity == ERROR and rule.id in _USING_GLOSSARY for rule in active_rules())


def at_least(severity: str) -> frozenset[str]:
    """The severities that are no milder: “warns” gives “blocks” and “warns”."""
    return frozenset(SEVERITIES[: SEVERITIES.index(severity) + 1])


__all__ = [
    "ERROR",
    "INFO",
    "OFF",
    "RULES",
    "SEVERITIES",
    "TOPICS",
    "WARNING",
    "Claim",
    "Finding",
    "Line",
    "IndexedSite",
    "ParsedDocument",
    "Rule",
    "Site",
    "ClaimByPage",
    "active_rules",
    "at_least",
    "blocking",
    "claims",
    "compared_subjects",
    "findings",
    "lines",
    "needs_glossary_to_block",
    "parse",
]
