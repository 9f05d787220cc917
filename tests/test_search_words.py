"""Which words of a text are the same word to somebody who searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.search import words
from pages.search.words import american, fold, query_stems, stems


def finds(typed, text, language):
    """Whether a word as typed finds a text."""
    held = {stem for word in words.words(text) for stem in stems(word, language)}
    return not query_stems(typed, language).isdisjoint(held)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("egalite", "L’égalité des genres"),
        ("ÉGALITÉ", "égalité"),
        ("réfugié", "les réfugiées"),
        ("refugie", "les réfugiées"),
        ("refugies", "un réfugié"),
        ("refugiees", "un réfugié"),
        ("touche", "il a touché"),
        ("irak", "l’Irak"),
        ("Irak", "l'Irak"),
        ("irakienne", "le peuple irakien"),
        ("oeuvre", "Œuvres humanitaires"),
        ("œuvres", "une oeuvre"),
        ("securite", "Sécurité"),
        ("economiques", "économique"),
        ("elections", "une élection"),
        ("aujourd", "aujourd’hui"),
        ("canada", "Canada-Irak"),
        ("2020", "en 2020"),
        ("25000", "25\u00a0000 personnes"),
        ("musee", "le musée"),
    ],
)
def test_a_word_finds_its_forms_in_french(typed, text):
    assert finds(typed, text, "fr")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("stabilise", "stabilizing"),
        ("stabilization", "to stabilise"),
        ("organisations", "organizing"),
        ("colour", "colors"),
        ("neighbouring", "neighbors"),
        ("labor", "labour"),
        ("centre", "centers"),
        ("defense", "Department of National Defence"),
        ("programme", "programs"),
        ("travelled", "traveling"),
        ("analyse", "analyzed"),
        ("dialogue", "dialogs"),
        ("licence", "licensed"),
        ("judgement", "judgment"),
        ("surprise", "surprisingly"),
        ("advertise", "an advertisement"),
        ("partner", "Partners’"),
        ("canada", "Canada’s"),
        ("Quebec", "Québec"),
        ("1200000", "1,200,000"),
        ("السلام", "السَّلام"),
    ],
)
def test_a_word_finds_its_forms_in_english(typed, text):
    assert finds(typed, text, "en")


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("trade", "tradition", "en"),
        ("iraq", "iran", "en"),
        ("four", "for", "en"),
        ("hour", "hor", "en"),
        ("irak", "iranien", "fr"),
        ("pays", "payer", "fr"),
        ("1200", "12", "fr"),
    ],
)
def test_a_word_does_not_find_another_one(typed, text, language):
    assert not finds(typed, text, language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’Irak et l'Iraq", ["l", "irak", "et", "l", "iraq"]),
        ("25,000 and 1,234,567", ["25000", "and", "1234567"]),
        ("25 000 $, 1\u00a0000\u00a0000 et 7\u202f000", ["25000", "1000000", "et", "7000"]),
        ("in 2020 483 people", ["in", "2020", "483", "people"]),
        ("3.5 %", ["3", "5"]),
        ("Canada-Iraq", ["canada", "iraq"]),
        ("snake_case, a\u0301", ["snake", "case", "a"]),
        ("🎉 ½ ?! \u200d", ["12"]),
        ("", []),
    ],
)
def test_words_are_parted_alike_in_texts_and_searches(text, expected):
    assert [fold(word) for word in words.words(text)] == expected


def test_a_word_knows_its_place():
    text = "À 25 000 km : l’Irak"
    assert [place[0] for place in words.find_matches(text)] == ["À", "25 000", "km", "l", "Irak"]


@pytest.mark.parametrize("word", ["four", "hour", "promise", "tour", "rise", "raise", "minister"])
def test_american_spelling_leaves_most_words_recognizable(word):
    assert stems(word, "en") & stems(word + "s", "en")


def test_american_spelling_is_of_folded_words():
    assert american("organisation") == "organization"
    assert american("neighbours") == "neighbors"


@given(st.text(), st.sampled_from(["en", "fr"]))
def test_every_word_finds_itself(text, language):
    for word in words.words(text):
        assert not query_stems(word, language).isdisjoint(stems(word, language))


@given(st.text())
def test_what_goes_into_an_index_holds_nothing_that_a_database_would_read_as_an_operator(text):
    for word in words.words(text):
        for stem in {fold(word), *query_stems(word, "en"), *query_stems(word, "fr")}:
            assert stem
            assert not set(stem) & set(" \"'_.|\x00\n")
            assert stem == stem.strip()
