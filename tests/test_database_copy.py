"""Several databases at once: one that stands in for the site's own, and rows carried from one to another."""

import re
import shutil
import sqlite3
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections

from canada_iraq.operations import backends, database_copy
from canada_iraq.operations.progress import Progress
from pages.models import Page
from reports.models import ProblemReport
from tests.factories import a_download, a_figure, a_live_page, a_page, a_partner


@pytest.fixture
def old(file_site, migrated_file, tmp_path):
    """The file of an old database with a page; the site's own is empty."""
    file = tmp_path / "old.sqlite3"
    shutil.copy(migrated_file, file)
    with database_copy.replaced_default_database(backends.sqlite_config(file)):
        a_live_page(title_en="Trade", title_fr="Commerce")
    return str(file)


def move(old):
    out = StringIO()
    call_command("move_database", old=old, stdout=out)
    return out.getvalue()


def test_what_stands_in_is_what_everybody_gets_and_only_for_a_while(old):
    with database_copy.replaced_default_database(backends.sqlite_config(old)):
        assert Page.objects.count() == 2
        assert Page.objects.using("default").count() == 2
    assert Page.objects.count() == 0


def test_a_second_database_is_gone_afterwards(old):
    with database_copy.connection_alias("old", backends.sqlite_config(old)):
        assert Page.objects.using("old").count() == 2
    with pytest.raises(connections.exception_class):
        connections["old"]


@pytest.mark.parametrize("name_at_the_end", [":memory:", "database.sqlite3"])
@pytest.mark.parametrize("name", [":memory:", "database.sqlite3"])
def test_a_second_database_is_closed_even_if_it_is_or_becomes_one_in_memory(
    db, tmp_path, name, name_at_the_end
):
    names = {":memory:": ":memory:", "database.sqlite3": tmp_path / "database.sqlite3"}
    with database_copy.connection_alias("other", backends.sqlite_config(names[name])):
        second = connections["other"]
        second.ensure_connection()
        raw = second.connection
        second.settings_dict["NAME"] = names[name_at_the_end]  # as a command does where there is no site
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw.execute("SELECT 1")


def test_a_database_that_is_damaged_is_not_left_open(db, tmp_path, monkeypatch):
    made = []
    real = sqlite3.Connection
    monkeypatch.setattr(
        sqlite3, "Connection", lambda *given, **values: made.append(real(*given, **values)) or made[-1]
    )
    file = tmp_path / "damaged.sqlite3"
    file.write_bytes(b"no database" * 100)
    with database_copy.connection_alias("other", backends.sqlite_config(file)), pytest.raises(DatabaseError):
        connections["other"].ensure_connection()
    [raw] = made
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw.execute("SELECT 1")


@pytest.mark.medium
def test_a_site_moves_with_both_languages_and_its_numbers(old):
    said = move(old)
    assert re.search(r"pages: 2\n.*Tables compared: \d+\nMoved: \d+ rows of \d+ tables", said, re.S)
    page = Page.objects.get(title_en="Trade")
    assert page.title_fr == "Commerce"
    assert page.editions.get().read().title.fr == "Commerce"
    assert a_page().pk == page.pk + 1


@pytest.mark.medium
def test_rows_that_arrive_otherwise_are_noticed_and_none_is_kept(old, monkeypatch):
    whole = database_copy._prepare_values

    def without_accents(fields, row, connection):
        return [
            value.replace("m", "n") if value == "Commerce" else value
            for value in whole(fields, row, connection)
        ]

    monkeypatch.setattr(database_copy, "_prepare_values", without_accents)
    with pytest.raises(CommandError, match="Nothing was moved: what arrived differs in pages_page"):
        move(old)
    assert not Page.objects.exists()


@pytest.mark.django_db
def test_what_a_site_lacks_is_read_as_it_was_written():
    a_download(file_fr=None)
    a_partner(logo=None)
    a_figure(a_page(), image=None)
    database_copy.read_all_rows()


@pytest.mark.medium
def test_nul_in_a_text_does_not_keep_a_site_from_moving(old):
    with (
        database_copy.connection_alias("old", backends.sqlite_config(old)),
        connections["old"].cursor() as cursor,
    ):
        for table, column in TEXTS_WITH_NUL:
            cursor.execute(f"UPDATE {table} SET {column} = %s", ["Tra\0de"])
        cursor.execute("UPDATE pages_searchtext SET text = %s", ["Tra\0de"])
    move(old)
    assert Page.objects.get(title_fr="Commerce").title_en == "Trade"
    assert not [row for row in raw(*TEXTS_WITH_NUL[0]) if "\0" in row]
    assert raw("pages_searchtext", "text") == ["Trade"] * 2


TEXTS_WITH_NUL = [("pages_page", "title_en"), ("pages_edition", "title_en"), ("pages_edition", "note")]


def raw(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [value for (value,) in cursor]


@pytest.mark.medium
def test_rows_that_point_nowhere_are_not_carried(old):
    with (
        database_copy.connection_alias("old", backends.sqlite_config(old)),
        connections["old"].cursor() as cursor,
    ):
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("UPDATE pages_edition SET page_id = 999")
    with pytest.raises(CommandError, match="Nothing was moved: .*foreign key"):
        move(old)
    assert not Page.objects.exists()


@pytest.mark.medium
def test_a_site_that_is_there_is_never_moved_over(old):
    a_page(title_en="Own")
    with pytest.raises(CommandError, match="there is a site in this database already"):
        move(old)
    assert Page.objects.filter(title_en="Own").exists()


def test_a_database_is_not_moved_to_itself(file_site):
    with pytest.raises(CommandError, match="Both are the same database"):
        move(str(connection.settings_dict["NAME"]))


@pytest.mark.medium
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "DELETE FROM django_migrations WHERE app = 'reports'",
            "of an older version of this software: start",
        ),
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('pages', '9999_future', '2030-01-01')",
            "of a newer version of this software .pages.9999_future.: start that version",
        ),
    ],
)
def test_a_database_of_another_version_is_refused(old, change, message):
    with (
        database_copy.connection_alias("old", backends.sqlite_config(old)),
        connections["old"].cursor() as cursor,
    ):
        cursor.execute(change)
    with pytest.raises(CommandError, match=message):
        move(old)


@pytest.mark.parametrize(
    ("old", "message"),
    [("/nowhere/at/all", "There is no file /nowhere"), ("mysql://db/site", "must start with postgres")],
)
def test_what_is_no_database_is_refused_in_words(file_site, old, message):
    with pytest.raises(CommandError, match=message):
        move(old)


def test_a_file_that_is_no_database_is_refused_in_words(file_site, tmp_path):
    (tmp_path / "old").write_bytes(b"no database at all" * 500)
    with pytest.raises(CommandError, match="Nothing was moved: file is not a database"):
        move(str(tmp_path / "old"))


# What SQLite knows of its tables


def known_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor}


@pytest.mark.medium
def test_sqlite_plans_by_what_is_in_its_larger_tables(file_site, monkeypatch):
    monkeypatch.setattr(database_copy, "SMALL_TABLE_ROWS", 20)
    for _each in range(20):
        a_page()
    a_live_page()
    database_copy.analyze()
    assert "pages_page" in known_tables()
    assert not known_tables() & {"pages_edition", "reports_problemreport", "auth_user"}


@pytest.mark.medium
def test_the_reports_of_one_page_are_found_by_their_page_and_not_read_with_all_others(file_site):
    edition = a_live_page().editions.get()
    home = edition.page.parent
    pages = Page.objects.bulk_create(
        Page(key=f"below-{number}", address_en=f"below-{number}", address_fr=f"sous-{number}", parent=home)
        for number in range(200)
    )
    ProblemReport.objects.bulk_create(
        ProblemReport(page=pages[number % 200], edition=edition, language="en", missing=True)
        for number in range(2000)
    )
    reports = ProblemReport.objects.not_spam().open().filter(page=pages[0])
    database_copy.analyze()
    assert "USING INDEX report_page" in reports.explain()


# Progress


class Terminal(StringIO):
    def isatty(self):
        return True

    def write(self, text, ending="\n"):
        super().write(text + ending)


class Log(Terminal):
    def isatty(self):
        return False


def told(out, moments):
    progress = Progress(out, clock=iter(moments).__next__)
    for done in range(5):
        progress("Pages", done, 4)
    return out.getvalue()


def test_a_terminal_shows_one_line_that_moves_but_not_faster_than_one_reads():
    moments = [0, 0, 0.05, 0.2, 0.2, 0.21, 0.21]
    text = told(Terminal(), moments)
    assert text == "\rPages: 0 of 4, 0 %\rPages: 2 of 4, 50 %\rPages: 4           \n"


def test_a_log_gets_one_line_per_finished_part():
    assert told(Log(), [0] * 10) == "Pages: 4\n"
