"""Which entries have the words of a query, and in what order? The same in every database.

The order is our own, because those of the databases differ: first the pages with the most of the words in the
title, then those with the most in headings, then those that changed last.
"""

from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import Case, Count, OuterRef, Q, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from ..editions import live_of
from ..entries import SearchEntry
from .words import ANYWHERE, HEADING, TITLE


def matching(query, at=None):
    """The entries of live editions that have all of what is sought, best first, each with their number as `count`."""
    entries = SearchEntry.objects.filter(language=query.language, edition=live_of(OuterRef("page"), at))
    entries = entries.filter(_having(_required(query)))
    for phrase in query.phrases:
        if len(phrase.words) > 2:
            # That all pairs occur says little of where: this compares the words in their order.
            place = StrIndex("found_in__words", Value(f" {' '.join(phrase.words)} "))
            entries = entries.filter(GreaterThan(place, 0))
    ranked = entries.annotate(in_title=_score(query, TITLE), in_headings=_score(query, HEADING))
    ranked = ranked.order_by("-in_title", "-in_headings", "-modified_at", "-edition_id")
    return ranked.annotate(count=Window(Count("*")))


def _required(query):
    """What an entry must have: one term of each of these lists."""
    stems = [stem.terms(query.language, ANYWHERE) for stem in query.stems]
    return stems + [[pair] for phrase in query.phrases for pair in phrase.pairs]


def _score(query, place):
    """In a place, how many of the words there are."""
    each = [_having([stem.terms(query.language, place)]) for stem in query.decisive]
    return sum((Case(When(one, then=1), default=0) for one in each), Value(0))


def _having(lists):
    """The condition that an entry has at least one term of each list, looked up in the index of the database."""
    if connection.vendor == "sqlite":
        alternatives = (" OR ".join(f'"{term}"' for term in terms) for terms in lists)
        words = " AND ".join(f"({terms})" for terms in alternatives)
        found = "SELECT rowid FROM pages_searchindex WHERE pages_searchindex MATCH %s"
        return Q(pk__in=RawSQL(found, [words]))
    return reduce(and_, (Q(pk__in=RawSQL("SELECT pages_search(%s::text[])", [terms])) for terms in lists))
