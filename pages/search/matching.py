"""Which entries have the words of a query, and in what order? The same in every database.

The order is our own, because those of the databases differ: first the pages with the most of the words in the
title, then those with the most in headings, then those that changed last.
"""

from django.db.models import Case, Count, Q, Value, When, Window
from django.utils import timezone

from ..entries import SearchEntry
from .lookup import holds
from .words import ANYWHERE, HEADING, TITLE


def matching(query, at=None):
    """The entries of live editions that have all of what is sought, best first, each with their number as `count`."""
    at = at or timezone.now()
    still = Q(public_until=None) | Q(public_until__gt=at)
    entries = SearchEntry.objects.filter(still, language=query.language, public_from__lte=at)
    ranked = entries.filter(_has_all(query)).annotate(
        in_title=_score(query, TITLE), in_headings=_score(query, HEADING), count=Window(Count("*"))
    )
    return ranked.order_by("-in_title", "-in_headings", "-modified_at", "-edition_id")


def _has_all(query):
    stems = [*query.stems, *(stem for phrase in query.phrases for stem in phrase.stems(query.language))]
    terms = [stem.terms(query.language, ANYWHERE) for stem in dict.fromkeys(stems)]
    return holds(terms, [" ".join(phrase.words) for phrase in query.phrases])


def _score(query, place):
    """In a place, how many of the words there are."""
    each = [holds([stem.terms(query.language, place)]) for stem in query.decisive]
    return sum((Case(When(one, then=1), default=0) for one in each), Value(0))
