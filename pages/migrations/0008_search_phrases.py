from importlib import import_module

from django.db import migrations

# Phrases are looked up as they stand, no longer as pairs of words, and what a page is found by changed with that. So the
# index is made anew and left empty: `search.backfill` fills it when the site is prepared or restored.
EMPTY = ("DELETE FROM pages_searchtext", "DELETE FROM pages_searchentry")

# Words and terms are separated by spaces, nothing is left to stem. SQLite also finds phrases in its index. The triggers
# keep it in step with its table, whoever changes that. A later migration that alters the table makes SQLite build it
# anew, and must make them anew too.
FORGET = """INSERT INTO pages_searchindex (pages_searchindex, rowid, words, terms)
            VALUES ('delete', old.entry_id, old.words, old.terms);"""
LEARN = """INSERT INTO pages_searchindex (rowid, words, terms)
           VALUES (new.entry_id, new.words, new.terms);"""
SQLITE_DROP = (
    "DROP TRIGGER pages_searchindex_insert",
    "DROP TRIGGER pages_searchindex_delete",
    "DROP TRIGGER pages_searchindex_update",
    "DROP TABLE pages_searchindex",
)
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER pages_searchindex_insert AFTER INSERT ON pages_searchtext BEGIN {LEARN} END",
    f"CREATE TRIGGER pages_searchindex_delete AFTER DELETE ON pages_searchtext BEGIN {FORGET} END",
    f"CREATE TRIGGER pages_searchindex_update AFTER UPDATE ON pages_searchtext BEGIN {FORGET} {LEARN} END",
)
SQLITE = (
    *EMPTY,
    *SQLITE_DROP,
    """
    CREATE VIRTUAL TABLE pages_searchindex USING fts5(
        words, terms, content='pages_searchtext', content_rowid='entry_id',
        tokenize="ascii tokenchars '.|'", columnsize=0
    )""",
    *SQLITE_TRIGGERS,
)

# Texts are kept out of the rows, so that these are few pages to visit, and words as they are: to unpack them takes
# longer than to look for a phrase in them. The function answers from the index even where the planner would rather read
# the whole table, because most rows have the word. `all_of` are terms of which an entry has at least one each, separated
# by spaces; `phrases` are words in their order. Terms are compared byte by byte, because their order matters to nobody.
TERMS = "string_to_array(terms, ' ') COLLATE \"C\""
POSTGRESQL = (
    *EMPTY,
    # Rows just deleted leave events behind, which bar ALTER TABLE until they are done.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
    "DROP FUNCTION pages_search(text[], text[])",
    "DROP INDEX pages_searchindex",
    "ALTER TABLE pages_searchtext ALTER COLUMN words SET STORAGE EXTERNAL",
    f"CREATE INDEX pages_searchindex ON pages_searchtext USING gin (({TERMS}))",
    f"""
    CREATE FUNCTION pages_search(all_of text[], phrases text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    DECLARE
        conditions text;
    BEGIN
        SELECT string_agg(condition, ' AND ') INTO conditions FROM (
            SELECT format($has${TERMS} && string_to_array(%L, ' ')$has$, any_of) FROM unnest(all_of) AS any_of
            UNION ALL
            SELECT format($has$strpos(words, ' ' || %L || ' ') > 0$has$, phrase) FROM unnest(phrases) AS phrase
        ) AS every (condition);
        RETURN QUERY EXECUTE 'SELECT entry_id FROM pages_searchtext WHERE ' || conditions;
    END $$""",
)

POSTGRESQL_BACK = (
    *EMPTY,
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
    "DROP FUNCTION pages_search(text[], text[])",
    "DROP INDEX pages_searchindex",
    "ALTER TABLE pages_searchtext ALTER COLUMN words SET STORAGE EXTENDED",
)


def make_anew(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def take_back(apps, schema_editor):
    """Makes the index as it was before, as empty as `make_anew` leaves it."""
    before = import_module("pages.migrations.0003_search_entries")
    sqlite, postgresql = (*EMPTY, *SQLITE_DROP, *before.SQLITE), (*POSTGRESQL_BACK, *before.POSTGRESQL)
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("pages", "0007_review_steps")]

    operations = [migrations.RunPython(make_anew, take_back)]
