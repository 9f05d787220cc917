import django.db.models.deletion
from django.db import migrations, models

# Two columns of words that are terms as they stand: separated by spaces, nothing to stem, no order to remember.
# The triggers keep the index in step with its table, whoever changes that. A later migration that alters the table
# makes SQLite build it anew, and must make them anew too.
FORGET = """INSERT INTO pages_searchindex (pages_searchindex, rowid, words, terms)
            VALUES ('delete', old.entry_id, old.words, old.terms);"""
LEARN = """INSERT INTO pages_searchindex (rowid, words, terms)
           VALUES (new.entry_id, new.words, new.terms);"""
SQLITE = (
    """
    CREATE VIRTUAL TABLE pages_searchindex USING fts5(
        words, terms, content='pages_searchtext', content_rowid='entry_id',
        tokenize="ascii tokenchars '._'", detail=none, columnsize=0
    )""",
    f"CREATE TRIGGER pages_searchindex_insert AFTER INSERT ON pages_searchtext BEGIN {LEARN} END",
    f"CREATE TRIGGER pages_searchindex_delete AFTER DELETE ON pages_searchtext BEGIN {FORGET} END",
    f"CREATE TRIGGER pages_searchindex_update AFTER UPDATE ON pages_searchtext BEGIN {FORGET} {LEARN} END",
)
SQLITE_BACK = (
    "DROP TRIGGER pages_searchindex_insert",
    "DROP TRIGGER pages_searchindex_delete",
    "DROP TRIGGER pages_searchindex_update",
    "DROP TABLE pages_searchindex",
)

# Texts are kept out of the rows, so that these are few pages to visit. The function answers from the index even where
# the planner would rather read the whole table, because most rows have the word: unpacking texts takes far longer.
# `all_of` are terms of which an entry has at least one each, separated by spaces; `phrases` are words in their order.
TERMS = "string_to_array(words || '' '' || terms, '' '')"
POSTGRESQL = (
    "ALTER TABLE pages_searchtext SET (toast_tuple_target = 128)",
    f"CREATE INDEX pages_searchindex ON pages_searchtext USING gin (({TERMS.replace(2 * chr(39), chr(39))}))",
    f"""
    CREATE FUNCTION pages_search(all_of text[], phrases text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    DECLARE
        conditions text;
    BEGIN
        SELECT string_agg(condition, ' AND ') INTO conditions FROM (
            SELECT format('{TERMS} && string_to_array(%L, '' '')', any_of) FROM unnest(all_of) AS any_of
            UNION ALL
            SELECT format('strpos(words, %L) > 0', phrase) FROM unnest(phrases) AS phrase
        ) AS every (condition);
        RETURN QUERY EXECUTE 'SELECT entry_id FROM pages_searchtext WHERE ' || conditions;
    END $$""",
)
POSTGRESQL_BACK = (
    "DROP FUNCTION pages_search(text[], text[])",
    "DROP INDEX pages_searchindex",
)


def make_index(apps, schema_editor):
    _execute(schema_editor, SQLITE, POSTGRESQL)


def drop_index(apps, schema_editor):
    _execute(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


def _execute(schema_editor, sqlite, postgresql):
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("pages", "0002_groups")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="pages.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="pages.page",
                        verbose_name="page",
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("public_from", models.DateTimeField(verbose_name="public from")),
                ("public_until", models.DateTimeField(null=True, verbose_name="public until")),
                ("modified_at", models.DateTimeField(verbose_name="date modified")),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "language"), name="one_search_entry_per_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found_in",
                        serialize=False,
                        to="pages.searchentry",
                        verbose_name="search entry",
                    ),
                ),
                ("words", models.TextField(verbose_name="words")),
                ("text", models.TextField(verbose_name="text")),
                ("terms", models.TextField(verbose_name="terms")),
            ],
            options={
                "verbose_name": "text of a search entry",
                "verbose_name_plural": "texts of search entries",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
