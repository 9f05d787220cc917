"""The one part of search that speaks to each database in its own words: which entries hold these terms?"""

from django.db import connection
from django.db.models import Case, Q, Value, When
from django.db.models.expressions import RawSQL

# Both read the index that the migration made. MATCH takes operators, so terms stand in quotes, which none contains.
SQLITE = "SELECT rowid FROM pages_searchindex WHERE pages_searchindex MATCH %s"
POSTGRESQL = "SELECT found FROM pages_search(%s::text[], %s::text[]) AS found"


def holds(terms, phrases=()):
    """The condition that an entry holds, of each list of terms, at least one; and each phrase, as it stands."""
    if connection.vendor == "sqlite":
        alternatives = [" OR ".join(f'"{term}"' for term in any_of) for any_of in terms]
        match = " AND ".join(
            f"({terms})" for terms in [*alternatives, *(f'"{phrase}"' for phrase in phrases)]
        )
        return Q(pk__in=RawSQL(SQLITE, [match]))
    found = RawSQL(POSTGRESQL, [[" ".join(any_of) for any_of in terms], list(phrases)])
    # A condition inside CASE is no join, whose order the planner would choose by statistics that it may not have yet.
    return Q(Case(When(pk__in=found, then=Value(True)), default=Value(False)))


def settle():
    """Brings what was just written into the index itself: every search would read PostgreSQL's list of it first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('pages_searchindex')")
