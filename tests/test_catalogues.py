"""Translations: what counts as a fault, and when a catalogue is compiled."""

import gettext
import os

import polib
import pytest

from canada_iraq import catalogues

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
    return [line.split("”: ", 1)[1] for line in catalogues.faults(locale)]


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
    assert list(catalogues.faults(tmp_path)) == []


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
