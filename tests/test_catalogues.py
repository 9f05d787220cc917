"""Translations: what counts as a fault, and when and where a catalogue is compiled."""

import ast
import errno
import gettext
import os
from pathlib import Path

import polib
import pytest

from canada_iraq.operations import catalogues

NBSP = "\u00a0"


@pytest.fixture
def locale(tmp_path):
    """An empty French catalogue; `write` puts entries into it."""
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    write(tmp_path)
    return tmp_path


def write(locale, *entries):
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "fr"}
    catalogue.extend(entries)
    catalogue.save(str(locale / "fr" / "LC_MESSAGES" / "django.po"))


def faults_of(locale, **entry):
    write(locale, polib.POEntry(**entry))
    return [line.split("”: ", 1)[1] for line in catalogues.problems(locale)]


def french(locale):
    with open(locale / "fr" / "LC_MESSAGES" / "django.mo", "rb") as file:
        return gettext.GNUTranslations(file)


def test_a_compiled_catalogue_answers_in_french(locale):
    write(locale, polib.POEntry(msgid="Search", msgstr="Recherche"))
    catalogues.compile_all(locale)
    assert french(locale).gettext("Search") == "Recherche"


def test_an_unchanged_catalogue_is_not_compiled_again(locale):
    assert len(catalogues.compile_all(locale)) == 1
    assert catalogues.compile_all(locale) == []


def test_a_changed_catalogue_is_compiled_again_even_if_its_time_is_earlier(locale):
    catalogues.compile_all(locale)
    write(locale, polib.POEntry(msgid="Search", msgstr="Recherche"))
    os.utime(locale / "fr" / "LC_MESSAGES" / "django.po", (1, 1))
    assert len(catalogues.compile_all(locale)) == 1
    assert french(locale).gettext("Search") == "Recherche"


def test_compiling_leaves_no_file_but_the_catalogue(locale):
    catalogues.compile_all(locale)
    assert {file.name for file in (locale / "fr" / "LC_MESSAGES").iterdir()} == {"django.po", "django.mo"}


@pytest.fixture
def read_only(locale, monkeypatch):
    """The catalogue where this account may not write beside it, which root always may."""
    compile_one = catalogues._compile

    def compile_elsewhere(source, binary):
        if locale / "fr" in binary.parents:
            raise OSError(errno.EROFS, "Read-only file system", str(binary))
        return compile_one(source, binary)

    monkeypatch.setattr(catalogues, "_compile", compile_elsewhere)
    return locale


def test_where_the_software_can_be_written_nothing_is_kept_elsewhere(locale, tmp_path):
    assert catalogues.compile_where_possible(tmp_path / "data", locale) == ""
    assert catalogues.compiled_folder(tmp_path / "data", locale) == locale
    assert not (tmp_path / "data").exists()


def test_where_it_cannot_be_written_the_data_folder_has_them_and_says_what_to_run(read_only, tmp_path):
    write(read_only, polib.POEntry(msgid="Search", msgstr="Recherche"))
    other = tmp_path / "data" / "locale"
    for _ in range(2):
        notice = catalogues.compile_where_possible(other, read_only)
        assert f"they are kept in {other}. Run in" in notice
        assert notice.endswith("as its owner: .venv/bin/python -m canada_iraq.operations.catalogues")
        assert catalogues.compiled_folder(other, read_only) == other
    assert french(other).gettext("Search") == "Recherche"


def test_those_of_an_older_version_are_not_used_from_the_data_folder(read_only, tmp_path):
    catalogues.compile_where_possible(tmp_path / "data", read_only)
    source = read_only / "fr" / "LC_MESSAGES" / "django.po"
    os.utime(source, (1, 1))
    assert catalogues.compiled_folder(tmp_path / "data", read_only) == read_only
    catalogues.compile_where_possible(tmp_path / "data", read_only)
    assert catalogues.compiled_folder(tmp_path / "data", read_only) == tmp_path / "data"


def test_compiling_where_it_cannot_be_written_is_one_line_and_leaves_nothing(locale, capsys, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EROFS, "Read-only file system", str(target))

    monkeypatch.setattr(catalogues.os, "replace", refuse)
    assert catalogues.main([], locale) == 1
    assert capsys.readouterr().err.endswith("django.mo: Read-only file system\n")
    assert [file.name for file in (locale / "fr" / "LC_MESSAGES").iterdir()] == ["django.po"]


@pytest.mark.parametrize(
    ("msgid", "is_fault"),
    [
        ("It ends on %(moment)s.", True),
        ("It ends on %(moment)s, at night.", False),
        ("At %(time)s. It is late", True),
        ("On %(date)s.", False),
    ],
)
def test_no_sentence_ends_with_a_time_of_day_which_brings_its_own_period(locale, msgid, is_fault):
    assert bool(faults_of(locale, msgid=msgid, msgstr=msgid)) == is_fault


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("Search", "Recherche"),
        ("Languages:", f"Langues{NBSP}:"),
        ("See https://localhost/a?b=c", "Voyez https://localhost/a?b=c"),
        ("%(share)s% done", f"%(share)s{NBSP}% terminé"),
        ("10 %(unit)s", "10 %(unit)s"),
        ("$100", f"100{NBSP}$"),
        ("“Hello”!", f"«{NBSP}Bonjour{NBSP}»!"),
        ("Write “kind: text”.", f"Écrivez «{NBSP}kind: text{NBSP}»."),
        ("the site’s page", "la page de l’organisme"),
    ],
)
def test_good_french_raises_no_fault(locale, msgid, msgstr):
    assert faults_of(locale, msgid=msgid, msgstr=msgstr) == []


@pytest.mark.parametrize(
    ("msgstr", "rule"),
    [
        ("Langues :", "before :"),
        ("Langues:", "before :"),
        ("Bonjour !", "; ! ?"),
        (f"Vraiment{NBSP}?", "; ! ?"),
        (f"« Bonjour{NBSP}»", "after «"),
        (f"«{NBSP}Bonjour»", "before »"),
        ("20 %", "before %"),
        ("20%", "before %"),
        ("100 $", "before $"),
        ("l'organisme", "apostrophe"),
        ("deux  espaces", "one space"),
    ],
)
def test_bad_french_spacing_is_named(locale, msgstr, rule):
    (fault,) = faults_of(locale, msgid="Some text", msgstr=msgstr)
    assert rule in fault


def test_english_spacing_is_not_judged_by_french_rules(tmp_path):
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Languages:", msgstr="Languages:"))
    catalogue.save(str(tmp_path / "en" / "LC_MESSAGES" / "django.po"))
    assert list(catalogues.problems(tmp_path)) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgstr": ""}, "not translated"),
        ({"msgid_plural": "Pages", "msgstr_plural": {0: "Page", 1: ""}}, "not translated"),
        ({"msgstr": "Page", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgstr": "Page", "obsolete": True}, "obsolete"),
    ],
)
def test_an_entry_that_is_not_a_finished_translation_is_named(locale, entry, fault):
    (line,) = faults_of(locale, msgid="Page", **entry)
    assert line.startswith(fault)


@pytest.mark.medium
@pytest.mark.parametrize(
    ("msgid", "msgstr", "expected"),
    [
        ("%(title)s saved", "Enregistré", ["lacks %(title)s"]),
        (
            "%(title)s saved",
            "%(titre)s enregistré",
            ["lacks %(title)s", "has %(titre)s, which the English has not"],
        ),
        ("%s saved", "Enregistré", ["lacks %s"]),
        ("{count} pages", "{nombre} pages", ["lacks {count}", "has {nombre}, which the English has not"]),
    ],
)
def test_placeholders_must_be_those_of_the_english(locale, msgid, msgstr, expected):
    assert faults_of(locale, msgid=msgid, msgstr=msgstr) == expected


@pytest.mark.parametrize("singular", ["Une page de %(site)s", "%(count)s page de %(site)s"])
def test_a_singular_may_say_the_number_or_leave_it_out(locale, singular):
    plural = {0: singular, 1: "%(count)s pages de %(site)s"}
    entry = {"msgid": "One page of %(site)s", "msgid_plural": "%(count)s pages of %(site)s"}
    assert faults_of(locale, **entry, msgstr_plural=plural) == []


def test_checking_lists_every_fault_and_fails(locale, capsys):
    write(locale, polib.POEntry(msgid="Search"), polib.POEntry(msgid="Languages:", msgstr="Langues:"))
    assert catalogues.main(["--check"], locale) == 1
    assert capsys.readouterr().out.count("\n") == 3


def test_a_tidy_catalogue_is_in_alphabetical_order_and_says_the_same(locale):
    write(
        locale, polib.POEntry(msgid="search", msgstr="recherche"), polib.POEntry(msgid="Page", msgstr="Page")
    )
    assert catalogues.main(["--tidy"], locale) == 0
    catalogue = polib.pofile(str(locale / "fr" / "LC_MESSAGES" / "django.po"))
    assert [(entry.msgid, entry.msgstr) for entry in catalogue] == [("Page", "Page"), ("search", "recherche")]


def test_an_unknown_argument_is_refused(capsys):
    assert catalogues.main(["--chek"]) == 2
    assert "Usage" in capsys.readouterr().err


ROOT = Path(__file__).resolve().parent.parent
TRANSLATES = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


def translated_inside(tree):
    """The lines of calls that translate something inside an f-string."""
    for text in ast.walk(tree):
        if isinstance(text, ast.JoinedStr):
            for call in ast.walk(text):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in TRANSLATES
                ):
                    yield call.lineno


@pytest.mark.medium
@pytest.mark.parametrize("package", ["accounts", "canada_iraq", "pages", "reports"])
def test_no_text_is_translated_inside_an_f_string_where_gettext_does_not_find_it(package):
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in sorted((ROOT / package).rglob("*.py"))
        for line in translated_inside(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_a_text_that_is_translated_inside_an_f_string_is_noticed():
    assert list(translated_inside(ast.parse("f'{_(\"line\")}: {more}'"))) == [1]
    assert list(translated_inside(ast.parse("f'{line}: {_more(1)}'"))) == []
