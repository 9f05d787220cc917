"""Words by which a passage is known in its translation."""

import pytest

from pages.content_checks.echoes import echoes, keys, log_odds, unambiguous

SAME = ("The region has 12 schools and a new hospital.", "La région compte 12 écoles et un nouvel hôpital.")
OTHER = "Les agriculteurs vendent leurs tomates au marché du village."


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("development", "développement"),
        ("Iraq", "Irak"),
        ("government", "gouvernement"),
        ("schools", "l’école"),
        ("using", "utilise"),
        ("2024", "2024"),
    ],
)
def test_a_word_has_an_echo_in_its_translation(english, french):
    assert keys(echoes(english, "en")) & keys(echoes(french, "fr"))


@pytest.mark.parametrize(("english", "french"), [("Canada", "région"), ("12", "13"), ("to", "tu")])
def test_other_words_have_none(english, french):
    assert not keys(echoes(english, "en")) & keys(echoes(french, "fr"))


def test_a_translation_is_likelier_to_say_the_same_than_another_sentence():
    said = echoes(SAME[0], "en")
    assert log_odds(said, keys(echoes(SAME[1], "fr"))) > 2
    assert log_odds(said, keys(echoes(OTHER, "fr"))) < -2


def test_nothing_said_tells_nothing():
    assert log_odds([], frozenset()) == 0


def test_a_word_of_several_passages_that_one_of_the_other_language_says_tells_none_of_them():
    said = [echoes("the village school", "en"), echoes("the village port", "en")]
    heard = [echoes("le village", "fr"), echoes("le port", "fr")]
    first, second = unambiguous(said, heard)
    assert first == set(echoes("school", "en"))
    assert second == set(echoes("port", "en"))
    assert unambiguous(said, [*heard, heard[0]])[0] == set(said[0])
