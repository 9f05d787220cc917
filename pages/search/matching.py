"""Which entries have the words of a query, and in what order? The same in every database.

The order is our own, because those of the databases differ: first the pages with the most of the words in the
title, then those with the most in headings, then those that changed last.
"""

from django.db import connection
from django.utils import timezone

from .lookup import holding, with_phrases
from .words import ANYWHERE, HEADING, TITLE

# Live entries that have all that is sought, and one line more for every word that an entry has in its title or in a
# heading, counted together. A cross join, because SQLite keeps to the order of one: first the index, then the entries.
RANKED = """
    SELECT entry_id
    FROM (
        SELECT entry.id AS entry_id, entry.modified_at, entry.edition_id, 0 AS in_title, 0 AS in_headings
        FROM ({found}) AS found
        CROSS JOIN pages_searchentry AS entry
        WHERE entry.id = found.entry_id
            AND entry.language = %s
            AND entry.public_from <= %s
            AND (entry.public_until IS NULL OR entry.public_until > %s)
        {scores}
    ) AS counted
    GROUP BY entry_id
    HAVING MAX(edition_id) IS NOT NULL
    ORDER BY SUM(in_title) DESC, SUM(in_headings) DESC, MAX(modified_at) DESC, MAX(edition_id) DESC"""
SCORE = "UNION ALL SELECT entry_id, NULL, NULL, {}, {} FROM ({}) AS has"


def matching(query, at=None, *, most):
    """The ids of entries of live editions that have all of what is sought, best first; no more than `most`."""
    at = connection.ops.adapt_datetimefield_value(at or timezone.now())
    phrases = [" ".join(phrase.words) for phrase in query.phrases]
    found, values = holding(_all_of(query), phrases)
    scores, of_scores = _scores(query)
    ranked = RANKED.format(found=found, scores=scores)
    sql, values = with_phrases(ranked, [*values, query.language, at, at, *of_scores], phrases)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, most])
        return [entry for (entry,) in cursor]


def _all_of(query):
    stems = [*query.stems, *(stem for phrase in query.phrases for stem in phrase.stems(query.language))]
    return [stem.terms(query.language, ANYWHERE) for stem in dict.fromkeys(stems)]


def _scores(query):
    """For each word, which entries have it in their title, and which in a heading."""
    each, values = [], []
    for place in (TITLE, HEADING):
        for stem in query.decisive:
            has, sought = holding([stem.terms(query.language, place)])
            each.append(SCORE.format(int(place == TITLE), int(place == HEADING), has))
            values += sought
    return " ".join(each), values
