"""Which entries have the words of a query, and in what order? The same in every database.

The order is our own, because those of the databases differ: first the pages with the most of the words in the
title, of these the ones whose title says the least besides, then those with the most words in headings, then those that
changed last.
"""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from .backend import term_query, with_phrases
from .words import ANYWHERE, HEADING, STOP_WORDS, TITLE, fold, words

# Live entries that have all that is sought, and one line more for every word that an entry has in its title or in a
# heading, counted together. A cross join, because SQLite keeps to the order of one: first the index, then the entries.
RANKED = """
    SELECT entry_id, SUM(in_title) AS in_title, SUM(in_headings) AS in_headings, MAX(modified_at) AS modified_at,
        MAX(edition_id) AS edition_id
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
WITH_TITLES = """
    SELECT found.entry_id, found.in_title, found.in_headings, found.modified_at, found.edition_id,
        edition.title_{language}
    FROM ({ranked} LIMIT %s) AS found
    JOIN pages_edition AS edition ON edition.id = found.edition_id"""
SCORE = "UNION ALL SELECT entry_id, NULL, NULL, {}, {} FROM ({}) AS has"


# Entries that have at least so many of the words, those with the most first, then in the order of RANKED.
MOST = """
    SELECT counted.entry_id
    FROM (
        SELECT entry_id, SUM(in_text) AS words, SUM(in_title) AS titles, SUM(in_headings) AS headings
        FROM ({lines}) AS line
        GROUP BY entry_id
        HAVING SUM(in_text) >= %s
    ) AS counted
    CROSS JOIN pages_searchentry AS entry
    WHERE entry.id = counted.entry_id
        AND entry.language = %s
        AND entry.public_from <= %s
        AND (entry.public_until IS NULL OR entry.public_until > %s)
    ORDER BY counted.words DESC, counted.titles DESC, counted.headings DESC, entry.modified_at DESC,
        entry.edition_id DESC
    LIMIT %s"""
LINE = "SELECT entry_id, {} AS in_text, {} AS in_title, {} AS in_headings FROM ({}) AS has"

LIVE = """
    SELECT COUNT(*)
    FROM ({found}) AS found
    CROSS JOIN pages_searchentry AS entry
    WHERE entry.id = found.entry_id
        AND entry.language = %s
        AND entry.public_from <= %s
        AND (entry.public_until IS NULL OR entry.public_until > %s)"""


def entries_with_most(query, at=None, *, limit):
    """The ids of entries of live editions that have at least half of the words, those with the most first.

    None for a single word, and for a query with a phrase: whoever writes one wants nothing else.
    """
    stems = query.decisive
    if len(stems) < 2 or query.phrases:
        return []
    at = connection.ops.adapt_datetimefield_value(at or timezone.now())
    lines, values = [], []
    for stem in stems:
        for place in (ANYWHERE, TITLE, HEADING):
            term_sql, parameters = term_query([stem.terms(query.language, place)])
            flags = (int(place == one) for one in (ANYWHERE, TITLE, HEADING))
            lines.append(LINE.format(*flags, term_sql))
            values += parameters
    sql = MOST.format(lines=" UNION ALL ".join(lines))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, -(-len(stems) // 2), query.language, at, at, limit])
        return [entry for (entry,) in cursor]


def count_live(stem, language, at=None):
    """How many live entries of a language have a word (`queries.Stem`) anywhere."""
    at = connection.ops.adapt_datetimefield_value(at or timezone.now())
    found, values = term_query([stem.terms(language, ANYWHERE)])
    with connection.cursor() as cursor:
        cursor.execute(LIVE.format(found=found), [*values, language, at, at])
        return cursor.fetchone()[0]


def ranked_entries(query, at=None, *, limit):
    """The ids of entries of live editions that have all of what is sought, best first; no more than `limit`.

    What their titles say besides is compared among those only, so that a site may have any number of pages.
    """
    at = connection.ops.adapt_datetimefield_value(at or timezone.now())
    phrases = [" ".join(phrase.words) for phrase in query.phrases]
    found, values = term_query(_all_of(query), phrases)
    scores, of_scores = _scores(query)
    ranked = RANKED.format(found=found, scores=scores)
    sql, values = with_phrases(ranked, [*values, query.language, at, at, *of_scores], phrases)
    with connection.cursor() as cursor:
        cursor.execute(WITH_TITLES.format(ranked=sql, language=query.language), [*values, limit])
        rows = [_Ranked(*row) for row in cursor]
    rows.sort(key=lambda row: (row.in_headings, row.modified_at, row.edition), reverse=True)
    rows.sort(key=lambda row: (-row.in_title, _other_words(row, query.language)))
    return [row.entry for row in rows]


class _Ranked(NamedTuple):
    entry: int
    in_title: int
    in_headings: int
    modified_at: datetime | str  # as the database writes it
    edition: int
    title: str


def _other_words(row, language):
    """How many words the title of an entry has besides those that are sought."""
    return _title_length(row.title, language) - row.in_title if row.in_title else 0


@lru_cache(maxsize=50_000)
def _title_length(title, language):
    return len({fold(word) for word in words(title)} - STOP_WORDS[language])


def _all_of(query):
    stems = [*query.stems, *(stem for phrase in query.phrases for stem in phrase.stems(query.language))]
    return [stem.terms(query.language, ANYWHERE) for stem in dict.fromkeys(stems)]


def _scores(query):
    """For each word, which entries have it in their title, and which in a heading."""
    scores, values = [], []
    for place in (TITLE, HEADING):
        for stem in query.decisive:
            term_sql, parameters = term_query([stem.terms(query.language, place)])
            scores.append(SCORE.format(int(place == TITLE), int(place == HEADING), term_sql))
            values += parameters
    return " ".join(scores), values
