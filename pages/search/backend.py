"""The one part of search that speaks to each database in its own words: which entries hold these terms and phrases?

`term_query` and `with_phrases` give SQL and the values for its placeholders.
"""

from django.db import connection

# Both read the index that the migrations made. MATCH takes operators, so terms stand in quotes, which none contains.
SQLITE = "SELECT rowid AS entry_id FROM pages_searchindex WHERE pages_searchindex MATCH %s"
POSTGRESQL = "SELECT found AS entry_id FROM pages_search(%s::text[]) AS found"

# The index of PostgreSQL does not tell in which order words stand, and to read them takes long. So entries are read in
# the order of their rank, which OFFSET keeps the planner from changing, and no more of them than are wanted.
PHRASES = """
    SELECT ranked.* FROM ({ranked} OFFSET 0) AS ranked
    WHERE (SELECT {has_all} FROM pages_searchtext AS it WHERE it.entry_id = ranked.entry_id)"""
HAS_PHRASE = "strpos(words, %s) > 0"


def term_query(terms, phrases=()):
    """The entries that hold, of each list of terms, at least one; and each phrase, if the index can tell."""
    if connection.vendor == "sqlite":
        alternatives = [f"({' OR '.join(map(_quoted, any_of))})" for any_of in terms]
        return SQLITE, [" AND ".join([*alternatives, *map(_quoted, phrases)])]
    return POSTGRESQL, [[" ".join(any_of) for any_of in terms]]


def with_phrases(ranked, values, phrases):
    """Of ranked entries, in their order, those that hold each phrase just as it stands."""
    if not phrases or connection.vendor == "sqlite":  # whose index has told
        return ranked, values
    whole = PHRASES.format(ranked=ranked, has_all=" AND ".join([HAS_PHRASE] * len(phrases)))
    return whole, [*values, *(f" {phrase} " for phrase in phrases)]


def _quoted(term):
    return f'"{term}"'


def flush_pending_index():
    """Brings what was just written into the index itself: every search would read PostgreSQL's list of it first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('pages_searchindex')")
