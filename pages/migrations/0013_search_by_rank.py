from importlib import import_module

from django.db import migrations

# Phrases are looked for in entries that are ranked already (`search.backend`), so the function knows terms only: `all_of`
# are terms of which an entry has at least one each, separated by spaces. It answers from the index even where the planner
# would rather read the whole table, because most rows have the word. What many entries add to the index is brought into
# it at once, by `search.index`, which takes a twentieth of the time that it takes bit by bit.
TERMS = "string_to_array(terms, ' ') COLLATE \"C\""
POSTGRESQL = (
    "DROP FUNCTION pages_search(text[], text[])",
    f"""
    CREATE FUNCTION pages_search(all_of text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    DECLARE
        conditions text;
    BEGIN
        SELECT string_agg(format($has${TERMS} && string_to_array(%L, ' ')$has$, any_of), ' AND ')
        INTO conditions FROM unnest(all_of) AS any_of;
        RETURN QUERY EXECUTE 'SELECT entry_id FROM pages_searchtext WHERE ' || conditions;
    END $$""",
    "ALTER INDEX pages_searchindex SET (gin_pending_list_limit = 1048576)",  # kilobytes
)

POSTGRESQL_BACK = (
    "DROP FUNCTION pages_search(text[])",
    "ALTER INDEX pages_searchindex RESET (gin_pending_list_limit)",
)


def look_for_terms_only(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement, params=None)


def look_for_phrases_too(apps, schema_editor):
    """Makes the function as it was before."""
    if schema_editor.connection.vendor == "postgresql":
        *_others, make_function = import_module("pages.migrations.0008_search_phrases").POSTGRESQL
        for statement in (*POSTGRESQL_BACK, make_function):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("pages", "0012_administrators")]

    operations = [migrations.RunPython(look_for_terms_only, look_for_phrases_too)]
