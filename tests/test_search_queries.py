"""What a line of text asks for, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.search.queries import MAX_QUERY_LENGTH, Phrase, parse_query


def asked(typed, language="fr"):
    """The words to be found in any form, and the phrases to be found as they stand."""
    query = parse_query(typed, language)
    return sorted(query.words), [phrase.words for phrase in query.phrases]


@pytest.mark.parametrize(
    "typed",
    [
        '"secteur privé"',
        "“secteur privé”",
        "« secteur privé »",
        "«\u00a0secteur privé\u00a0»",
        "„Secteur Prive“",
        '"secteur-privé"',
    ],
)
def test_any_quotation_marks_hold_a_phrase(typed):
    assert parse_query(typed, "fr").phrases == (Phrase(("secteur", "prive")),)
    assert not parse_query(typed, "fr").stems


def test_a_quotation_mark_alone_means_nothing():
    assert asked('le "secteur privé') == (["privé", "secteur"], [])
    assert asked('"secteur privé" "irakien') == (["irakien", "privé", "secteur"], [("secteur", "prive")])


def test_words_and_phrases_are_asked_for_together():
    query = parse_query("irak “secteur privé” emploi", "fr")
    assert len(query.stems) == 2
    assert len(query.phrases) == 1
    assert query.words == ("irak", "emploi", "secteur", "privé")


def test_a_phrase_may_consist_of_words_that_say_little():
    assert asked('"to be or not to be"', "en")[1] == [("to", "be", "or", "not", "to", "be")]
    assert parse_query('"the"', "en")


@pytest.mark.parametrize(
    "typed",
    [
        "NOT Iraq",
        "Iraq AND Canada OR",
        "title:Iraq*",
        "(Iraq",
        "Iraq NEAR/2",
        "^Iraq - + ~",
        "Iraq:*",
        "a'b\\Iraq;--",
    ],
)
def test_operators_are_words_like_others(typed):
    query = parse_query(typed, "en")
    assert query
    assert "Iraq" in query.words


@pytest.mark.parametrize(
    "typed", ["", "   ", "?!", "***", '"', '""', "« »", "🎉🇮🇶", "--", "_", "\x01\x02", "\u202e"]
)
def test_without_a_word_there_is_no_search(typed):
    query = parse_query(typed, "fr")
    assert not query
    assert not query.has_only_stop_words


@pytest.mark.parametrize(("typed", "language"), [("the of and", "en"), ("le de l’", "fr"), ("À LA", "fr")])
def test_words_that_are_everywhere_are_no_search_by_themselves(typed, language):
    query = parse_query(typed, language)
    assert not query
    assert query.has_only_stop_words


def test_words_that_are_everywhere_are_not_asked_for():
    assert asked("What is the role of Iraq?", "en") == (["Iraq", "role"], [])
    assert asked("L’égalité des genres", "fr") == (["genres", "égalité"], [])


def test_the_same_word_twice_is_asked_for_once():
    assert len(parse_query("réfugié Réfugiées REFUGIE", "fr").stems) < 3
    assert len(parse_query("Irak irak IRAK", "fr").stems) == 1


def test_a_long_search_is_shortened_and_says_so():
    query = parse_query("mot " * 100, "fr")
    assert query.is_shortened
    assert len(query.typed) <= MAX_QUERY_LENGTH
    assert not parse_query("x" * MAX_QUERY_LENGTH, "fr").is_shortened


def test_no_more_than_twenty_words_are_asked_for():
    query = parse_query(" ".join(f"a{number}" for number in range(40)), "fr")
    assert len(query.stems) == 20
    assert query.is_shortened


def test_what_was_typed_is_shown_again_without_what_cannot_be_seen():
    assert parse_query("  Irak \x00\x07\u202e\n &  <b> ", "fr").typed == "Irak & <b>"


@given(
    st.text(alphabet=st.characters(codec=None) | st.sampled_from("\"“”«»'’*()-: ")),
    st.sampled_from(["en", "fr"]),
)
def test_whatever_is_typed_is_a_query(typed, language):
    query = parse_query(typed, language)
    query.typed.encode()
    for stem in query.stems:
        assert all(
            term.isprintable() and '"' not in term and " " not in term for term in stem.terms(language, "a")
        )
    for phrase in query.phrases:
        assert phrase.stems(language)
        assert not set("".join(phrase.words)) & set(" |\"'")
