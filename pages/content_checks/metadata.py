"""Does a page say in its metadata what the site has vocabularies for?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..document import VOCABULARIES, Bilingual, Document, Term
from .examples import Example
from .parsed_document import ParsedDocument, Site
from .rules import INFO, Match, Rule

NAMES = {
    "creator": _("creator"),
    "subject": pgettext_lazy("metadata", "subject"),
    "audience": _("audience"),
    "type": _("type of page"),
    "coverage": _("coverage"),
}


def missing(parsed: ParsedDocument) -> Iterator[Match]:
    """Each vocabulary of the site from which nothing was chosen for the page."""
    for name in VOCABULARIES:
        if name in parsed.site.vocabularies and not getattr(parsed.document, name):
            yield Match((name,), "", "", {"field": NAMES[name]})


def _example(language: str) -> Example:
    page = Document("example", parent="home")
    term = Term("trade", Bilingual("trade", "commerce"))
    return Example(
        language,
        page,
        replace(page, subject=(term,)),
        Site(vocabularies=("subject",)),
        "",
        term.label[language],
    )


RULES = (
    Rule(
        "metadata-missing",
        INFO,
        _("The metadata does not name the %(field)s. Choose a term, so that catalogues can list the page."),
        missing,
        (_example("en"), _example("fr")),
    ),
)
